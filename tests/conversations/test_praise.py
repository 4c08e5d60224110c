"""Praise in a channel: the coach sees and edits it, and it is posted once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.sandbox.slack_payloads import view_event
from bot.sandbox.slack_records import Message, View
from tests.conversations.test_coaches import MONDAY, WEST, last_to_bob, sent_on_monday
from tests.office import Office, labels

HERE = "west-coast"
IN_WEST = "Praise in #west-coast…"
SOMEWHERE = "Praise in a channel…"
BY_BOB = "Bob Jones asked me to post this."

pytestmark = pytest.mark.acquainted


def practise(office: Office) -> None:
    """A week for which nobody of West Coast is praised but Jane, for a gold."""
    west = {each.id for each in office.world.roster("West Coast")}
    for each in [each for each in office.world.sessions if each.user_id in west]:
        office.world.delete(each.id)
    scenario = next(iter(office.world.scenarios.values()))
    person = office.world.person("jane@acme.com")
    for days, score, rank in ((20, 41, "unranked"), (3, 93.5, "gold")):
        at = MONDAY - timedelta(days=days)
        office.world.add_session(person, scenario, at, score=score, rank=rank)


async def message_came(office: Office, *digests_in: str) -> None:
    practise(office)
    await office.ask("ana", WEST)
    for channel in digests_in:
        await office.ask("ana", 'digest "West Coast" every friday 9:00', channel)
    await sent_on_monday(office)


async def message_came_and_a_digest(office: Office) -> None:
    await message_came(office, HERE)


def gold(office: Office) -> Message:
    """Bob's message after such a week."""
    practise(office)
    return last_to_bob(office)


def posts(office: Office, channel: str = HERE) -> list[str]:
    return [each.text for each in office.seen("ana", channel) if each.visible_to is None]


def fields(form: View) -> dict[str, dict[str, object]]:
    return {each["block_id"]: each["element"] for each in form.view["blocks"] if "element" in each}


async def sent(office: Office, message: Message, form: View, text: str, channel: str = HERE) -> str:
    """The form is sent with these words; what Bob hears."""
    chosen = {"text": text, "channel": office.channel(channel)}
    if "options" in fields(form)["channel"]:
        chosen["channel"] = f"#{channel}"
    ack = await office.slack.submit(office.user("bob"), form.id, chosen)
    return (await office.heard("bob", message.channel, after=ack)).text


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_the_coach_sees_the_words_and_they_are_posted_once(office: Office) -> None:
    message = gold(office)
    form = await office.open_form("bob", message, IN_WEST)
    scenario = next(iter(office.world.scenarios.values())).name
    found = fields(form)
    usual = f"Jane Smith: first gold, in {scenario}. Well done!"
    assert found["text"]["initial_value"] == usual
    assert found["channel"]["initial_option"]["text"]["text"] == "#west-coast"
    assert posts(office) == []
    ack = await office.slack.submit(office.user("bob"), form.id, {})
    told = await office.heard("bob", message.channel, after=ack)
    assert told.text == "Posted in #west-coast."
    await office.slack.redeliver(ack)
    await office.bot.work.drain()
    await office.bot.core.delivering.run_due()
    assert posts(office) == [f"{usual} {BY_BOB}"]
    assert "41" not in posts(office)[0]
    assert office.seen("jane", office.dm("jane")) == []


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_the_words_are_the_coachs_and_stay_words(office: Office) -> None:
    message = gold(office)
    form = await office.open_form("bob", message, IN_WEST)
    user = office.user("bob")
    for nothing in (" \n ", "\u200b\u3164\u2800"):
        refused = await office.slack.submit(user, form.id, {"text": nothing})
        assert "Write a few words." in refused.body
    state = {"text": "x" * 501, "channel": office.channel(HERE)}
    refused = await office.act(view_event(office.slack, user, form, state, "view_submission"))
    assert "Write at most 500 characters." in refused.body
    typed = "Jane did it, <!channel>!\n*gold* <https://evil.test|here>"
    assert await sent(office, message, form, typed) == "Posted in #west-coast."
    (post,) = posts(office)
    assert post.startswith("Jane did it, &lt;!channel&gt;! ")
    assert post.endswith(BY_BOB)
    assert office.slack.problems == []


async def test_who_is_not_to_be_named_is_not_offered(office: Office) -> None:
    await office.ask("jane", "me unnamed")
    await message_came_and_a_digest(office)
    message = last_to_bob(office)
    assert IN_WEST not in labels(message)
    assert "(asked not to be named in channels)" in message.text


async def coach_no_more(office: Office) -> None:
    await office.ask("ana", "coach remove @bob")


async def bot_left(office: Office) -> None:
    office.slack.team.channel_called(HERE).has_bot = False


async def guest_came(office: Office) -> None:
    office.slack.team.channel_called(HERE).members.append(office.user("gina.guest"))


async def no_name_any_more(office: Office) -> None:
    await office.ask("jane", "me unnamed")


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
    office: Office, change: Callable[[Office], Awaitable[None]], why: str
) -> None:
    message = gold(office)
    form = await office.open_form("bob", message, IN_WEST)
    await change(office)
    office.clock.tick(3601)
    assert why in await sent(office, message, form, "Well done, Jane!")
    await office.bot.core.delivering.run_due()
    assert posts(office) == []


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_rights_are_judged_again_before_each_attempt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = gold(office)
    form = await office.open_form("bob", message, IN_WEST)

    async def meanwhile(_seconds: float) -> None:
        await no_name_any_more(office)

    monkeypatch.setattr(office.bot.core.sender, "_sleep", meanwhile)
    office.slack.fault("chat.postMessage", "ratelimited", seconds=7)
    said = await sent(office, message, form, "Well done, Jane!")
    assert said.startswith("Jane Smith asked not to be named in channels")
    assert posts(office) == []


@pytest.mark.begins(after=message_came_and_a_digest)
@pytest.mark.parametrize(
    ("fault", "said", "times"),
    [
        ("is_archived", "Slack didn't take the post, so #west-coast got nothing.", 0),
        ("drop", "Slack broke off while I was posting", 1),
    ],
)
async def test_what_slack_does_not_take_is_not_tried_again_by_itself(
    office: Office, fault: str, said: str, times: int
) -> None:
    message = gold(office)
    form = await office.open_form("bob", message, IN_WEST)
    office.slack.fault("chat.postMessage", fault)
    assert (await sent(office, message, form, "Well done, Jane!")).startswith(said)
    for _ in range(3):
        office.clock.tick(61)
        await office.bot.core.delivering.run_due()
    assert len(posts(office)) == times


@pytest.mark.begins(after=message_came)
async def test_without_a_digest_the_coach_chooses_a_channel(office: Office) -> None:
    message = gold(office)
    assert IN_WEST not in labels(message)
    west = office.slack.team.channel_called(HERE)
    for channel, why in (("with-globex", "other companies"), (HERE, "You are not in that channel")):
        form = await office.open_form("bob", message, SOMEWHERE)
        assert why in await sent(office, message, form, "Well done!", channel)
    assert posts(office) == []
    west.members.append(office.user("bob"))
    form = await office.open_form("bob", message, SOMEWHERE)
    assert await sent(office, message, form, "Well done!") == "Posted in #west-coast."


async def test_of_several_channels_one_is_chosen(office: Office) -> None:
    await message_came(office, "sales-practice", HERE)
    message = last_to_bob(office)
    form = await office.open_form("bob", message, SOMEWHERE)
    select = fields(form)["channel"]
    names = {each["text"]["text"] for each in select["options"]}
    assert names == {"#sales-practice", "#west-coast"}
    assert await sent(office, message, form, "Well done!") == "Posted in #west-coast."
    assert posts(office, "sales-practice") == []
