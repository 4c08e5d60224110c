"""When Slack is in trouble: answers are retried, drawn plainer, or brought another way."""

from __future__ import annotations

import logging

import pytest

from tests.workspace import MakeOffice, Workspace, table

pytestmark = pytest.mark.acquainted


async def test_a_long_rate_limit_is_gone_round(workspace: Workspace) -> None:
    workspace.slack.fault("response_url", "ratelimited", seconds=60)
    answer = await workspace.ask("jane", "sessions last 7d")
    assert answer.via == "chat.postEphemeral"
    assert table(answer)[1:]


@pytest.mark.parametrize("is_im", [False, True], ids=["channel", "of two people"])
async def test_a_dead_address_where_the_bot_is_not(workspace: Workspace, is_im: bool) -> None:
    """Then the answer comes by direct message."""
    members = [workspace.user("jane"), workspace.user("bob")]
    there = workspace.slack.team.add_channel("secret", members, private=True, has_bot=False)
    if is_im:
        del workspace.slack.team.channels[there.id]
        there.id, there.is_im = "D1", True
        workspace.slack.team.channels[there.id] = there
    workspace.slack.fault("response_url", "dead_url")
    ack = await workspace.say("jane", "sessions last 7d", "secret")
    answer = await workspace.heard("jane", workspace.dm("jane"), after=ack)
    assert answer.via == "chat.postMessage"
    assert table(answer)[1:]
    assert workspace.seen("jane", "secret") == []


async def test_no_way_at_all_is_logged_with_a_reference(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
        workspace.slack.fault(method, "dead_url" if method == "response_url" else "fatal", times=9)
    await workspace.say("jane", "sessions last 7d")
    await workspace.bot.drain()
    assert workspace.seen("jane") == []
    (line,) = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert line.startswith("no way to answer: fatal (reference ")
    assert "jane@acme.com" not in caplog.text


async def test_blocks_that_slack_learns_are_used_the_next_day(open_workspace: MakeOffice) -> None:
    async with open_workspace(refusals_expected=True) as workspace:
        workspace.slack.unsupported_blocks.add("data_table")
        await workspace.ask("jane", "sessions last 20d")
        await workspace.bot.drain()
        workspace.slack.unsupported_blocks.clear()
        workspace.clock.tick(25 * 3600)
        answer = await workspace.ask("jane", "sessions last 20d")
        assert "data_table" in {block["type"] for block in answer.blocks}


@pytest.mark.new_here
@pytest.mark.parametrize("kind", ["internal_error", "fatal_error", "reset", "drop"])
async def test_slack_does_not_say_who_is_asking(workspace: Workspace, kind: str) -> None:
    workspace.slack.fault("users.info", kind, times=2)
    told = await workspace.ask("jane", "sessions last 7d")
    assert told.text.startswith("Slack didn't answer me properly. Try again in a minute.")
    assert workspace.paths() == []
    workspace.slack._faults.clear()
    assert table(await workspace.press("jane", told, "Try again"))[1:]


async def test_a_form_that_slack_does_not_open(workspace: Workspace) -> None:
    workspace.slack.fault("views.open", "expired_trigger_id")
    told = await workspace.ask("ana", "digest")
    assert told.text.startswith("The form took too long to open. Try again.")
