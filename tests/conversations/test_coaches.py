"""Coaches: made by admins, told at once, and seeing their people through every door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from bot.demo.slack_workspace import Message, View
from bot.messages import blocks
from tests.workspace import Workspace, labels, table

pytestmark = pytest.mark.acquainted

WEST = 'coach add @bob "West Coast"'
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def coaches(workspace: Workspace) -> list[list[str]]:
    """Each coach, and whom they coach, as an admin sees them listed."""
    return [row[:2] for row in table(await workspace.ask("ana", "coach list"))[1:]]


async def sent_on_monday(workspace: Workspace, who: str = "bob") -> Message:
    """The message that a coach gets when it is due."""
    before = len(workspace.seen(who, workspace.dm(who)))
    workspace.clock.now = MONDAY + timedelta(seconds=1)
    await workspace.deliver()
    return workspace.seen(who, workspace.dm(who))[before]


async def bob_coaches(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)


async def two_coach(workspace: Workspace) -> None:
    """Bob West Coast, and Amara another group."""
    await bob_coaches(workspace)
    await workspace.ask("ana", 'coach add @amara.diallo "East Coast"')


async def monday_came(workspace: Workspace) -> None:
    await bob_coaches(workspace)
    await sent_on_monday(workspace)


def last_to_bob(workspace: Workspace) -> Message:
    return workspace.seen("bob", workspace.dm("bob"))[-1]


async def one_of(workspace: Workspace, message: Message, name: str) -> Message:
    """One of Bob's people out of the menu of a message."""
    (select,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    option = next(each for each in select["options"] if each["text"]["text"] == name)
    ack = await workspace.slack.click(
        workspace.user("bob"), message, "coach.choose", option["value"]
    )
    return await workspace.heard("bob", message.channel, after=ack)


def lines(message: Message) -> list[str]:
    """What is said of people to talk to: the lines with something to press beside them."""
    return [block["text"]["text"] for block in message.blocks if "accessory" in block]


def first_person(message: Message) -> str:
    """Who comes first."""
    return lines(message)[0].split("*")[1].removesuffix(" first")


def nudge_of(message: Message) -> str:
    """The label of the first nudge in a message."""
    return next(label for label in labels(message) if label.startswith("Nudge "))


async def nudge_form(workspace: Workspace, message: Message, label: str = "") -> View:
    """The form that a nudge in a message of Bob's opens; the first one by default."""
    await workspace.press_only("bob", message, label or nudge_of(message))
    await workspace.bot.drain(30)
    return workspace.slack.views[workspace.user("bob")]


def text_of(form: View) -> str:
    """What a modal says, without its fields."""
    return unescape(blocks.fallback(form.blocks))


def words_in(form: View) -> str:
    """The words that a nudge starts with."""
    (field,) = [each["element"] for each in form.blocks if each["type"] == "input"]
    words: str = field["initial_value"]
    return words


async def send(workspace: Workspace, form: View, words: str | None = None) -> Message:
    """Send Bob's nudge, with the words in the form by default; what he reads then."""
    typed = {"text": words_in(form) if words is None else words}
    ack = await workspace.slack.submit(workspace.user("bob"), form.id, typed)
    assert ack.ok, ack
    return await workspace.heard("bob", workspace.dm("bob"), after=ack)


async def test_removing_asks_first(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    asked = await workspace.ask("ana", "coach remove @bob @amara.diallo")
    assert "Amara Diallo" in asked.text
    assert "West Coast" not in asked.text
    assert await coaches(workspace) == [["Bob Jones", "West Coast and Amara Diallo"]]
    await workspace.press("ana", asked, "Remove")
    assert await coaches(workspace) == [["Bob Jones", "West Coast"]]
    await workspace.confirm("ana", "coach remove @bob")
    assert await coaches(workspace) == []


async def long_away(workspace: Workspace) -> tuple[str, str]:
    """Bob coaches West Coast. Two of them had a gold 100 days before Monday, and one of these has
    another one of the last week; their names."""
    away, back = workspace.world.roster("West Coast")[2:4]
    theirs = {away.id, back.id}
    for each in [each for each in workspace.world.sessions if each.user_id in theirs]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for person, days in ((away, 100), (back, 100), (back, 3)):
        at = MONDAY - timedelta(days=days)
        workspace.world.add_session(person, scenario, at, score=95, rank="gold")
    await workspace.ask("ana", WEST)
    return away.name, back.name


async def test_nobody_is_said_never_to_have_practised_or_to_have_a_first_gold_by_guess(
    workspace: Workspace,
) -> None:
    away, _ = await long_away(workspace)
    message = await sent_on_monday(workspace)
    for said in (message.text, str(message.blocks)):
        assert "no practice on record" in said
        assert "no practice yet" not in said
        assert "irst gold on record" in said
    one = await one_of(workspace, message, away)
    assert "no sessions, and none on record." in one.text
    assert "first role-play" not in words_in(await nudge_form(workspace, one))


@pytest.mark.begins(after=monday_came)
async def test_see_everyone_and_choose_one(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    everyone = await workspace.press("bob", message, "See everyone")
    west = {person.name for person in workspace.world.roster("West Coast")}
    assert {row[0] for row in table(everyone)[1:]} == west
    one = await one_of(workspace, message, "Jane Smith")
    assert one.text.startswith("Jane Smith")
    assert labels(one) == [
        "Nudge Jane",
        "See sessions",
        "Prepare a 1:1",
    ]
    sessions = await workspace.press("bob", one, "See sessions")
    assert "Jane Smith, Mon 16 Mar" in sessions.text
    sam = await workspace.press("bob", await one_of(workspace, message, "Sam Lee"), "See sessions")
    assert "None in that time. The last ones before it:" in sam.text
    assert "Sam Lee" in sam.text
    liam = await workspace.press(
        "bob", await one_of(workspace, message, "Liam Murphy"), "See sessions"
    )
    assert liam.text.startswith("No sessions")


@pytest.mark.begins(after=bob_coaches)
async def test_of_an_empty_group_a_coach_hears_once_until_they_resume(workspace: Workspace) -> None:
    west, place = workspace.world.group("West Coast").id, workspace.dm("bob")
    people, workspace.world.rosters[west] = workspace.world.rosters[west], set()
    notice = await sent_on_monday(workspace)
    assert "coach digest resume" in notice.text
    told = await workspace.ask("bob", "who should i talk to")
    assert not labels(told)
    assert "Nobody" in told.text
    assert "Nobody" in str((await workspace.open_home("bob")).blocks)
    workspace.clock.now = MONDAY + timedelta(days=7, seconds=1)
    await workspace.deliver()
    assert workspace.seen("bob", place)[-1] == notice
    workspace.world.rosters[west] = people
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()
    await workspace.ask("bob", "coach digest resume")
    workspace.clock.now = MONDAY + timedelta(days=14, seconds=1)
    await workspace.deliver()
    assert "of 11 practiced" in workspace.seen("bob", place)[-1].text


@pytest.mark.begins(after=two_coach)
async def test_a_guest_who_was_a_coach_sees_nothing(workspace: Workspace) -> None:
    workspace.slack.team.users[workspace.user("bob")].is_restricted = True
    workspace.clock.now += timedelta(hours=2)
    refused = await workspace.act(workspace.command_of("bob", "sessions @jane last 7d"))
    assert (await workspace.heard("bob", after=refused)).text.startswith("Guests can't see")
