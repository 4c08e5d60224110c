"""Praise in a channel: the coach sees and edits it, and it is posted once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.sandbox.slack_payloads import submission
from bot.sandbox.slack_workspace import Message, View
from tests.conversations.test_coaches import MONDAY, WEST, last_to_bob, sent_on_monday
from tests.workspace import Workspace, labels

HERE = "west-coast"
PRAISE = "Praise Jane…"
BY_BOB = "Bob Jones asked me to post this."

pytestmark = pytest.mark.acquainted


def practice(workspace: Workspace) -> None:
    """A week for which nobody of West Coast is praised but Jane, for a gold."""
    west = {each.id for each in workspace.world.roster("West Coast")}
    for each in [each for each in workspace.world.sessions if each.user_id in west]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    person = workspace.world.person("jane@acme.com")
    tasks = workspace.world.assignments
    tasks[:] = [each for each in tasks if each.user_id != person.id]
    for days, score, rank in ((20, 41, "unranked"), (3, 93.5, "gold")):
        at = MONDAY - timedelta(days=days)
        workspace.world.add_session(person, scenario, at, score=score, rank=rank)


async def message_came(workspace: Workspace, *digests_in: str) -> None:
    practice(workspace)
    await workspace.ask("ana", WEST)
    for channel in digests_in:
        await workspace.ask("ana", 'digest "West Coast" every friday 9:00', channel)
    await sent_on_monday(workspace)


async def message_came_and_a_digest(workspace: Workspace) -> None:
    await message_came(workspace, HERE)


def gold(workspace: Workspace) -> Message:
    """Bob's message after such a week."""
    practice(workspace)
    return last_to_bob(workspace)


def posts(workspace: Workspace, channel: str = HERE) -> list[str]:
    return [each.text for each in workspace.seen("ana", channel) if each.visible_to is None]


def fields(form: View) -> dict[str, dict[str, object]]:
    return {each["block_id"]: each["element"] for each in form.view["blocks"] if "element" in each}


async def sent(
    workspace: Workspace, message: Message, form: View, text: str, channel: str = HERE
) -> str:
    """The form is sent with these words; what Bob hears."""
    chosen = {"text": text, "channel": workspace.channel(channel)}
    if "options" in fields(form)["channel"]:
        chosen["channel"] = f"#{channel}"
    ack = await workspace.slack.submit(workspace.user("bob"), form.id, chosen)
    return (await workspace.heard("bob", message.channel, after=ack)).text


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_the_coach_sees_the_words_and_they_are_posted_once(workspace: Workspace) -> None:
    message = gold(workspace)
    form = await workspace.open_form("bob", message, PRAISE)
    scenario = next(iter(workspace.world.scenarios.values())).name
    found = fields(form)
    usual = f"Jane Smith: first gold, in {scenario}. Well done!"
    assert found["text"]["initial_value"] == usual
    assert found["channel"]["initial_option"]["text"]["text"] == "#west-coast"
    assert posts(workspace) == []
    ack = await workspace.slack.submit(workspace.user("bob"), form.id, {})
    told = await workspace.heard("bob", message.channel, after=ack)
    assert told.text == "Posted in #west-coast."
    await workspace.slack.redeliver(ack)
    await workspace.bot.work.drain()
    await workspace.bot.core.delivering.run_due()
    assert posts(workspace) == [f"{usual} {BY_BOB}"]
    assert "41" not in posts(workspace)[0]
    assert workspace.seen("jane", workspace.dm("jane")) == []


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_the_words_are_the_coachs_and_stay_words(workspace: Workspace) -> None:
    message = gold(workspace)
    form = await workspace.open_form("bob", message, PRAISE)
    user = workspace.user("bob")
    for nothing in (" \n ", "\u200b\u3164\u2800"):
        refused = await workspace.slack.submit(user, form.id, {"text": nothing})
        assert "Write a few words." in refused.body
    state = {"text": "x" * 501, "channel": workspace.channel(HERE)}
    refused = await workspace.act(submission(workspace.slack, user, form, state))
    assert "Write at most 500 characters." in refused.body
    typed = "Jane did it, <!channel>!\n*gold* <https://evil.test|here>"
    assert await sent(workspace, message, form, typed) == "Posted in #west-coast."
    (post,) = posts(workspace)
    assert post.startswith("Jane did it, &lt;!channel&gt;! ")
    assert post.endswith(BY_BOB)
    assert workspace.slack.problems == []


async def test_who_is_not_to_be_named_is_not_offered(workspace: Workspace) -> None:
    await workspace.ask("jane", "me unnamed")
    await message_came_and_a_digest(workspace)
    message = last_to_bob(workspace)
    assert PRAISE not in labels(message)
    assert "(asked not to be named in channels)" in message.text


async def coach_no_more(workspace: Workspace) -> None:
    await workspace.ask("ana", "coach remove @bob")


async def bot_left(workspace: Workspace) -> None:
    workspace.slack.team.channel_called(HERE).has_bot = False


async def guest_came(workspace: Workspace) -> None:
    workspace.slack.team.channel_called(HERE).members.append(workspace.user("gina.guest"))


async def no_name_any_more(workspace: Workspace) -> None:
    await workspace.ask("jane", "me unnamed")


@pytest.mark.begins(after=message_came_and_a_digest)
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (coach_no_more, "I can't show you the person this was about any more."),
        (bot_left, "I am not in that channel."),
        (guest_came, "guest"),
        (no_name_any_more, "Jane Smith asked not to be named in channels"),
    ],
)
async def test_rights_are_judged_again_when_it_is_sent(
    workspace: Workspace, change: Callable[[Workspace], Awaitable[None]], why: str
) -> None:
    message = gold(workspace)
    form = await workspace.open_form("bob", message, PRAISE)
    await change(workspace)
    workspace.clock.tick(3601)
    assert why in await sent(workspace, message, form, "Well done, Jane!")
    await workspace.bot.core.delivering.run_due()
    assert posts(workspace) == []


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_rights_are_judged_again_before_each_attempt(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = gold(workspace)
    form = await workspace.open_form("bob", message, PRAISE)

    async def meanwhile(_seconds: float) -> None:
        await no_name_any_more(workspace)

    monkeypatch.setattr(workspace.bot.core.sender, "_sleep", meanwhile)
    workspace.slack.fault("chat.postMessage", "ratelimited", seconds=7)
    said = await sent(workspace, message, form, "Well done, Jane!")
    assert said.startswith("Jane Smith asked not to be named in channels")
    assert posts(workspace) == []


@pytest.mark.begins(after=message_came_and_a_digest)
@pytest.mark.parametrize(
    ("fault", "said", "times"),
    [
        ("is_archived", "Slack didn't take the post, so #west-coast got nothing.", 0),
        ("drop", "Slack broke off while I was posting", 1),
    ],
)
async def test_what_slack_does_not_take_is_not_tried_again_by_itself(
    workspace: Workspace, fault: str, said: str, times: int
) -> None:
    message = gold(workspace)
    form = await workspace.open_form("bob", message, PRAISE)
    workspace.slack.fault("chat.postMessage", fault)
    assert (await sent(workspace, message, form, "Well done, Jane!")).startswith(said)
    for _ in range(3):
        workspace.clock.tick(61)
        await workspace.bot.core.delivering.run_due()
    assert len(posts(workspace)) == times


@pytest.mark.begins(after=message_came)
async def test_without_a_digest_the_coach_chooses_a_channel(workspace: Workspace) -> None:
    message = gold(workspace)
    west = workspace.slack.team.channel_called(HERE)
    for channel, why in (("with-globex", "other companies"), (HERE, "You are not in that channel")):
        form = await workspace.open_form("bob", message, PRAISE)
        assert why in await sent(workspace, message, form, "Well done!", channel)
    assert posts(workspace) == []
    west.members.append(workspace.user("bob"))
    form = await workspace.open_form("bob", message, PRAISE)
    assert await sent(workspace, message, form, "Well done!") == "Posted in #west-coast."
