"""When Slack is in trouble: answers are retried, drawn plainer, or brought another way."""

from __future__ import annotations

import logging

import pytest

from tests.office import MakeOffice, Office, labels, table

pytestmark = pytest.mark.acquainted


def posts(office: Office) -> list[str]:
    """The ways in which the bot tried to bring messages, in order."""
    ways = ("response_url", "chat.postEphemeral", "chat.postMessage")
    return [call.method for call in office.slack.calls if call.method in ways]


async def test_a_rate_limit_is_waited_out(office: Office) -> None:
    office.slack.fault("response_url", "ratelimited", seconds=1)
    answer = await office.ask("jane", "sessions last 7d")
    assert table(answer)[1:]
    assert posts(office) == ["response_url", "response_url"]


async def test_a_long_rate_limit_is_gone_round(office: Office) -> None:
    office.slack.fault("response_url", "ratelimited", seconds=60)
    answer = await office.ask("jane", "sessions last 7d")
    assert answer.via == "chat.postEphemeral"
    assert table(answer)[1:]


async def test_a_drop_brings_one_answer(office: Office) -> None:
    office.slack.fault("response_url", "drop")
    ack = await office.say("jane", "sessions last 7d")
    await office.heard("jane", after=ack)
    await office.bot.work.drain()
    assert len(office.seen("jane")) == 1
    assert table(office.seen("jane")[0])[1:]


async def test_a_reset_is_tried_again(office: Office) -> None:
    office.slack.fault("response_url", "reset")
    assert table(await office.ask("jane", "sessions last 7d"))[1:]


async def test_a_dead_address_is_gone_round(office: Office) -> None:
    office.slack.fault("response_url", "dead_url")
    answer = await office.ask("jane", "sessions last 7d")
    assert answer.via == "chat.postEphemeral"
    assert answer.visible_to == office.user("jane")
    assert table(answer)[1:]


@pytest.mark.parametrize("is_im", [False, True], ids=["channel", "of two people"])
async def test_a_dead_address_where_the_bot_is_not(office: Office, is_im: bool) -> None:
    """Then the answer comes by direct message."""
    members = [office.user("jane"), office.user("bob")]
    there = office.slack.team.add_channel("secret", members, private=True, has_bot=False)
    if is_im:
        del office.slack.team.channels[there.id]
        there.id, there.is_im = "D1", True
        office.slack.team.channels[there.id] = there
    office.slack.fault("response_url", "dead_url")
    ack = await office.say("jane", "sessions last 7d", "secret")
    answer = await office.heard("jane", office.dm("jane"), after=ack)
    assert answer.via == "chat.postMessage"
    assert table(answer)[1:]
    assert office.seen("jane", "secret") == []


async def test_no_way_at_all_is_logged_with_a_reference(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
        office.slack.fault(method, "dead_url" if method == "response_url" else "fatal", times=9)
    await office.say("jane", "sessions last 7d")
    await office.bot.work.drain()
    assert office.seen("jane") == []
    (line,) = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert line.startswith("no way to answer: fatal (reference ")
    assert "jane@acme.com" not in caplog.text


@pytest.mark.parametrize("unknown", ["action_cell", "data_table"])
async def test_blocks_that_slack_does_not_know(open_office: MakeOffice, unknown: str) -> None:
    async with open_office(refusals_expected=True) as office:
        office.slack.unsupported_blocks.add(unknown)
        answer = await office.ask("jane", "sessions last 20d")
        assert len(posts(office)) == 2
        assert {block["type"] for block in answer.blocks} == {"section", "context", "actions"}
        assert "Procurement Discovery" in str(answer.blocks)
        assert {"Share in channel", "Edit filters", "Refresh"} <= set(labels(answer))
        await office.bot.work.drain()
        office.slack.calls.clear()
        second = await office.ask("jane", "sessions last 20d")
        assert posts(office) == ["response_url"]  # remembered
        assert second.text == answer.text
        shared = await office.press("jane", second, "Share in channel")
        office.slack.calls.clear()
        await office.press("jane", shared, "Post it")
        await office.bot.work.drain()
        assert posts(office) == ["response_url", "response_url"]


async def test_blocks_that_slack_learns_are_used_the_next_day(open_office: MakeOffice) -> None:
    async with open_office(refusals_expected=True) as office:
        office.slack.unsupported_blocks.add("data_table")
        await office.ask("jane", "sessions last 20d")
        await office.bot.work.drain()
        office.slack.unsupported_blocks.clear()
        office.clock.tick(25 * 3600)
        answer = await office.ask("jane", "sessions last 20d")
        assert "data_table" in {block["type"] for block in answer.blocks}


async def test_blocks_that_slack_does_not_know_by_the_other_way(open_office: MakeOffice) -> None:
    async with open_office(refusals_expected=True) as office:
        office.slack.unsupported_blocks.add("data_table")
        office.slack.fault("response_url", "dead_url")
        answer = await office.ask("jane", "sessions last 20d")
        assert answer.via == "chat.postEphemeral"
        assert "data_table" not in {block["type"] for block in answer.blocks}


@pytest.mark.new_here
@pytest.mark.parametrize("kind", ["internal_error", "fatal_error", "reset", "drop"])
async def test_slack_does_not_say_who_is_asking(office: Office, kind: str) -> None:
    office.slack.fault("users.info", kind, times=2)
    told = await office.ask("jane", "sessions last 7d")
    assert told.text.startswith("Slack didn't answer me properly. Try again in a minute.")
    assert office.paths() == []
    office.slack._faults.clear()
    assert table(await office.press("jane", told, "Try again"))[1:]


async def test_slack_limits_who_is_asking(office: Office) -> None:
    office.slack.fault("users.info", "ratelimited", seconds=1)
    assert table(await office.ask("jane", "sessions last 7d"))[1:]


async def test_a_form_that_slack_does_not_open(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 7d")
    office.slack.fault("views.open", "expired_trigger_id")
    told = await office.press("jane", answer, "Edit filters")
    assert told.text.startswith("The form took too long to open. Try again.")
    assert answer in office.seen("jane")


async def test_a_form_for_a_digest_that_slack_does_not_open(office: Office) -> None:
    office.slack.fault("views.open", "expired_trigger_id")
    told = await office.ask("ana", 'digest "West Coast"')
    assert told.text.startswith("The form took too long to open. Try again.")
