"""Praise in a channel: the person is asked first, and it is posted once, after their yes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.slack_records import Message
from tests.conversations.test_coaches import MONDAY, WEST, last_to_bob, sent_on_monday
from tests.conversations.test_delivered_twice import second_bot
from tests.office import Office, button, labels

HERE = "west-coast"
IN_WEST = "Praise in #west-coast…"
SOMEWHERE = "Praise in a channel…"

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


async def asked(office: Office, message: Message, label: str = IN_WEST) -> Message:
    """The question that Jane gets."""
    told = await office.press("bob", message, label)
    assert told.text == "I've asked Jane Smith. #west-coast hears of it only after a yes."
    (question,) = office.seen("jane", office.dm("jane"))
    return question


def posts(office: Office, channel: str = HERE) -> list[str]:
    return [each.text for each in office.seen("ana", channel) if each.visible_to is None]


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_a_first_gold_is_told_after_a_yes_once(office: Office) -> None:
    message = gold(office)
    question = await asked(office, message)
    scenario = next(iter(office.world.scenarios.values())).name
    assert question.text.startswith(
        "Bob Jones would like to tell #west-coast about your first gold: fine with you? "
        f"Jane Smith: first gold, in {scenario}. Well done! Bob Jones asked me to pass this on; "
        "Jane Smith agreed. Buttons: Yes, post it; No, thanks."
    )
    # Neither a second press nor another message of the same asks again.
    assert (await office.press("bob", message, IN_WEST)).text == (
        "I've asked Jane Smith about this already."
    )
    assert len(office.seen("jane", office.dm("jane"))) == 1
    assert posts(office) == []
    said = await office.press("jane", question, "Yes, post it")
    assert (said.ts, said.text) == (question.ts, "Thank you! #west-coast hears of it in a moment.")
    await asyncio.gather(*(office.bot.delivering.run_due() for _ in range(2)))
    (post,) = posts(office)
    assert post == (
        f"Jane Smith: first gold, in {scenario}. Well done! "
        "Bob Jones asked me to pass this on; Jane Smith agreed."
    )
    assert "41" not in post
    for what, answer in (("yes", "You said yes"), ("no", "You said yes")):
        value = button(question, "Yes, post it")["value"]
        ack = await office.act(office.press_of("jane", question, f"praise.{what}", value))
        again = await office.heard("jane", question.channel, after=ack)
        assert again.text.startswith(answer)
    assert (await office.press("bob", message, IN_WEST)).text == (
        "Jane Smith agreed to this already."
    )
    await office.bot.delivering.run_due()
    assert len(posts(office)) == 1


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_two_processes_ask_once_and_post_once(office: Office) -> None:
    message = gold(office)
    offer = button(message, IN_WEST)
    async with second_bot(office) as addresses:

        async def everywhere(who: str, there: Message, action: str, value: str) -> None:
            for url in addresses:
                office.slack.request_url = url
                await office.act(office.press_of(who, there, action, value))

        before = len(office.seen("bob", message.channel))
        await everywhere("bob", message, offer["action_id"], offer["value"])
        await office.until(lambda: len(office.seen("bob", message.channel)) == before + 2)
        (question,) = office.seen("jane", office.dm("jane"))
        await everywhere("jane", question, "praise.yes", button(question, "Yes, post it")["value"])
        await office.bot.work.drain()
    await office.bot.delivering.run_due()
    assert len(office.seen("jane", office.dm("jane"))) == 1
    assert len(posts(office)) == 1


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_a_no_is_told_to_nobody(office: Office) -> None:
    message = gold(office)
    question = await asked(office, message)
    # Somebody else's button is nobody's.
    value = button(question, "No, thanks")["value"]
    carrier = await office.ask("bob", "help")
    for action in ("praise.yes", "praise.no"):
        ack = await office.act(office.press_of("bob", carrier, action, value))
        told = await office.heard("bob", carrier.channel, after=ack)
        assert told.text.startswith("This button is too old, or belongs to someone else.")
    before = len(office.seen("bob", office.dm("bob")))
    said = await office.press("jane", question, "No, thanks")
    assert said.text == "Fine: nothing is posted, and nobody is told."
    await office.bot.delivering.run_due()
    assert len(office.seen("bob", office.dm("bob"))) == before
    assert posts(office) == []
    # Asking again sounds as it did before the no.
    assert (await office.press("bob", message, IN_WEST)).text == (
        "I've asked Jane Smith about this already."
    )
    assert len(office.seen("jane", office.dm("jane"))) == 1


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_a_question_lapses(office: Office) -> None:
    question = await asked(office, gold(office))
    office.clock.now += timedelta(days=7)
    said = await office.press("jane", question, "Yes, post it")
    assert said.text == "This was asked more than 7 days ago, so nothing is posted."
    await office.bot.delivering.run_due()
    assert posts(office) == []


async def test_who_is_not_to_be_named_is_not_offered(office: Office) -> None:
    await office.ask("jane", "me unnamed")
    await message_came_and_a_digest(office)
    message = last_to_bob(office)
    assert IN_WEST not in labels(message)
    assert "(asked not to be named in channels)" in message.text


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_who_asked_not_to_be_named_since_is_told_so(office: Office) -> None:
    message = gold(office)
    question = await asked(office, message)
    await office.ask("jane", "me unnamed")
    said = await office.press("jane", question, "Yes, post it")
    assert said.text.startswith("You asked me not to name you in channels, so nothing was posted.")
    await office.ask("jane", "me named")
    said = await office.press("jane", said, "Yes, post it")
    assert said.text.startswith("Thank you!")
    await office.bot.delivering.run_due()
    assert len(posts(office)) == 1


async def coach_no_more(office: Office) -> None:
    await office.ask("ana", "coach remove @bob")


async def coach_left(office: Office) -> None:
    office.slack.team.users[office.user("bob")].deleted = True


async def bot_left(office: Office) -> None:
    office.slack.team.channel_called(HERE).has_bot = False


async def guest_came(office: Office) -> None:
    office.slack.team.channel_called(HERE).members.append(office.user("gina.guest"))


@pytest.mark.begins(after=message_came_and_a_digest)
@pytest.mark.parametrize("change", [coach_no_more, coach_left, bot_left, guest_came])
async def test_rights_are_judged_again_at_the_yes(
    office: Office, change: Callable[[Office], asyncio.Future[None]]
) -> None:
    question = await asked(office, gold(office))
    await change(office)
    office.clock.tick(3601)
    said = await office.press("jane", question, "Yes, post it")
    assert said.text == "This can't be posted there any more, so nothing is posted."
    await office.bot.delivering.run_due()
    assert posts(office) == []


async def no_name_any_more(office: Office) -> None:
    await office.ask("jane", "me unnamed")


@pytest.mark.begins(after=message_came_and_a_digest)
@pytest.mark.parametrize("change", [coach_no_more, bot_left, guest_came, no_name_any_more])
@pytest.mark.parametrize("tried", [False, True])
async def test_rights_are_judged_again_before_each_attempt(
    office: Office, change: Callable[[Office], Awaitable[None]], tried: bool
) -> None:
    question = await asked(office, gold(office))
    await office.press("jane", question, "Yes, post it")
    if tried:
        office.slack.fault("chat.postMessage", "team_access_not_granted")
        await office.bot.delivering.run_due()
    await change(office)
    before = len(office.seen("jane", office.dm("jane")))
    for _ in range(3):
        office.clock.tick(61)
        await office.bot.delivering.run_due()
    assert posts(office) == []
    told = office.seen("jane", office.dm("jane"))[before:]
    assert [message.text for message in told] == [
        "What you agreed to may not be posted in #west-coast any more, so nothing is posted there."
    ]


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_what_is_posted_are_the_words_that_were_shown(office: Office) -> None:
    question = await asked(office, gold(office))
    for who in ("bob", "jane"):
        person = office.world.person(f"{who}@acme.com")
        renamed = replace(person, last_name="Newname")
        office.world.people[person.id] = office.world.members[person.id] = renamed
    office.clock.tick(26 * 3600)
    told = await office.ask("ana", "sessions @jane last 30d")
    assert "Jane Newname" in told.text
    office.slack.fault("conversations.info", "internal_error")
    office.slack.fault("conversations.info", "internal_error")
    again = await office.press("jane", question, "Yes, post it")
    await office.press("jane", again, "Yes, post it")
    await office.bot.delivering.run_due()
    (post,) = posts(office)
    for message in (question, again):
        assert post in message.text


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_without_slack_a_yes_can_be_said_again(office: Office) -> None:
    question = await asked(office, gold(office))
    office.clock.tick(3601)
    office.slack.fault("conversations.info", "internal_error")
    office.slack.fault("conversations.info", "internal_error")
    said = await office.press("jane", question, "Yes, post it")
    assert said.text.startswith("I couldn't reach Slack or Exec just now, so nothing was posted.")
    said = await office.press("jane", said, "Yes, post it")
    assert said.text.startswith("Thank you!")
    office.slack.fault("chat.postMessage", "drop")
    for _ in range(3):
        await office.bot.delivering.run_due()
        office.clock.tick(61)
    assert len(posts(office)) == 1


UNPOSTED = (
    "I could not post the praise that you agreed to in #west-coast. {why} I won't try again; your "
    "coach can still post it themselves."
)
UNSURE = (
    "I don't know whether the praise that you agreed to is in #west-coast. Slack did not say "
    "whether it was posted, and I can't read the history there to look. So that it never comes "
    "twice, I won't try again."
)
ARCHIVED = UNPOSTED.format(why="#west-coast is archived.")
TOO_OLD = UNPOSTED.format(why="I was not running when it was due.")


async def refused(office: Office) -> None:
    office.slack.fault("chat.postMessage", "is_archived")
    await office.bot.delivering.run_due()


async def away_for_an_hour(office: Office) -> None:
    office.clock.tick(3601)


async def never_known(office: Office) -> None:
    office.slack.fault("chat.postMessage", "drop")
    office.slack.fault("conversations.history", "missing_scope")


@pytest.mark.parametrize(
    ("trouble", "said_then"),
    [
        pytest.param(refused, ARCHIVED, id="the channel is archived"),
        pytest.param(away_for_an_hour, TOO_OLD, id="the bot was away"),
        pytest.param(never_known, UNSURE, id="nobody knows"),
    ],
)
@pytest.mark.begins(after=message_came_and_a_digest)
async def test_who_agreed_hears_that_it_was_not_posted(
    office: Office, trouble: Callable[[Office], Awaitable[None]], said_then: str
) -> None:
    question = await asked(office, gold(office))
    said = await office.press("jane", question, "Yes, post it")
    assert said.text.startswith("Thank you!")
    before = len(office.seen("jane", office.dm("jane")))
    await trouble(office)
    for _ in range(3):
        await office.bot.delivering.run_due()
        office.clock.tick(61)
    told = office.seen("jane", office.dm("jane"))[before:]
    assert [message.text for message in told] == [said_then]
    assert len(posts(office)) == (trouble is never_known)


@pytest.mark.begins(after=message_came_and_a_digest)
async def test_a_question_that_slack_does_not_take_may_be_asked_again(office: Office) -> None:
    message = gold(office)
    office.slack.fault("chat.postMessage", "team_access_not_granted")
    told = await office.press("bob", message, IN_WEST)
    assert told.text.startswith("Slack did not take my message to Jane Smith")
    await asked(office, message)


@pytest.mark.begins(after=message_came)
async def test_without_a_digest_the_coach_chooses_a_channel(office: Office) -> None:
    message = gold(office)
    assert IN_WEST not in labels(message)
    user, west = office.user("bob"), office.slack.team.channel_called(HERE)
    refusals = (("with-globex", "other companies"), (HERE, "You are not in that channel."))
    for channel, why in refusals:
        form = await office.open_form("bob", message, SOMEWHERE)
        ack = await office.slack.submit(user, form.id, {"channel": office.channel(channel)})
        assert why in (await office.heard("bob", message.channel, after=ack)).text
    assert office.seen("jane", office.dm("jane")) == []
    west.members.append(user)
    form = await office.open_form("bob", message, SOMEWHERE)
    ack = await office.slack.submit(user, form.id, {"channel": west.id})
    told = await office.heard("bob", message.channel, after=ack)
    assert told.text.startswith("I've asked Jane Smith.")


async def test_of_several_channels_one_is_chosen(office: Office) -> None:
    await message_came(office, "sales-practice", HERE)
    message = last_to_bob(office)
    form = await office.open_form("bob", message, SOMEWHERE)
    (select,) = [each["element"] for each in form.view["blocks"] if each["type"] == "input"]
    names = {each["text"]["text"] for each in select["options"]}
    assert names == {"#sales-practice", "#west-coast"}
    ack = await office.slack.submit(office.user("bob"), form.id, {"channel": "#west-coast"})
    told = await office.heard("bob", message.channel, after=ack)
    assert told.text.startswith("I've asked Jane Smith.")
