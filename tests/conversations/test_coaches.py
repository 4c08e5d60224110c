"""Coaches: assigned by admins, with a message about their people every Monday."""

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


async def bob_coaches(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)


async def sent_on_monday(workspace: Workspace, who: str = "bob") -> Message:
    """The message that a coach gets when it is due."""
    before = len(workspace.seen(who, workspace.dm(who)))
    workspace.clock.now = MONDAY + timedelta(seconds=1)
    await workspace.deliver()
    return workspace.seen(who, workspace.dm(who))[before]


async def monday_came(workspace: Workspace) -> None:
    await bob_coaches(workspace)
    await sent_on_monday(workspace)


def last_to_bob(workspace: Workspace) -> Message:
    return workspace.seen("bob", workspace.dm("bob"))[-1]


async def one_of(workspace: Workspace, message: Message, name: str) -> Message:
    """The answer when Bob chooses one of his people in the menu of a message."""
    (select,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    option = next(each for each in select["options"] if each["text"]["text"] == name)
    user = workspace.user("bob")
    ack = await workspace.slack.click(user, message, "coach.choose", option["value"])
    return await workspace.heard("bob", message.channel, after=ack)


def first_person(message: Message) -> str:
    """Who comes first."""
    lines = [block["text"]["text"] for block in message.blocks if "accessory" in block]
    name: str = lines[0].split("*")[1]
    return name.removesuffix(" first")


async def nudge_form(workspace: Workspace, message: Message, label: str = "") -> View:
    """The form that a nudge in a message of Bob's opens; the first one by default."""
    first = next(each for each in labels(message) if each.startswith("Nudge "))
    await workspace.press_only("bob", message, label or first)
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
    async def listed() -> list[list[str]]:
        return [row[:2] for row in table(await workspace.ask("ana", "coach list"))[1:]]

    await workspace.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    asked = await workspace.ask("ana", "coach remove @bob @amara.diallo")
    assert "Amara Diallo" in asked.text
    assert "West Coast" not in asked.text
    assert await listed() == [["Bob Jones", "West Coast and Amara Diallo"]]
    await workspace.press("ana", asked, "Remove")
    assert await listed() == [["Bob Jones", "West Coast"]]


async def test_old_practice_that_was_not_read_is_not_denied(workspace: Workspace) -> None:
    """Two people had a gold 100 days ago, before what is stored; one has another one since."""
    await bob_coaches(workspace)
    away, back = workspace.world.roster("West Coast")[2:4]
    theirs = {away.id, back.id}
    for each in [each for each in workspace.world.sessions if each.user_id in theirs]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for person, days in ((away, 100), (back, 100), (back, 3)):
        at = MONDAY - timedelta(days=days)
        workspace.world.add_session(person, scenario, at, score=95, rank="gold")
    await workspace.ask("bob", "help")  # by then it is stored that the sessions are gone
    message = await sent_on_monday(workspace)
    assert "no practice on record" in message.text
    assert "no practice yet" not in message.text
    assert "irst gold on record" in message.text
    chosen = await one_of(workspace, message, away.name)
    assert "no sessions, and none on record." in chosen.text
    assert "first role-play" not in words_in(await nudge_form(workspace, chosen))


async def test_a_coach_chooses_a_person_and_sees_their_sessions(workspace: Workspace) -> None:
    await monday_came(workspace)
    message = last_to_bob(workspace)
    jane = await one_of(workspace, message, "Jane Smith")
    assert jane.text.startswith("Jane Smith")
    assert labels(jane) == ["Nudge Jane", "See sessions", "Prepare a 1:1"]
    sessions = {
        name: await workspace.press("bob", await one_of(workspace, message, name), "See sessions")
        for name in ("Jane Smith", "Sam Lee", "Liam Murphy")
    }
    assert "Jane Smith, Mon 16 Mar" in sessions["Jane Smith"].text
    assert "None in that time. The last ones before it:" in sessions["Sam Lee"].text
    assert sessions["Liam Murphy"].text.startswith("No sessions")


async def test_the_message_about_an_empty_group_stops_until_it_is_resumed(
    workspace: Workspace,
) -> None:
    await bob_coaches(workspace)
    west = workspace.world.group("West Coast").id
    people, workspace.world.rosters[west] = workspace.world.rosters[west], set()
    notice = await sent_on_monday(workspace)
    assert "coach digest resume" in notice.text
    answer = await workspace.ask("bob", "who should i talk to")
    assert "Nobody" in answer.text
    assert labels(answer) == []
    workspace.clock.tick(7 * 86_400)
    await workspace.deliver()
    assert last_to_bob(workspace) == notice
    workspace.world.rosters[west] = people
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()
    await workspace.ask("bob", "coach digest resume")
    workspace.clock.now = MONDAY + timedelta(days=14, seconds=1)
    await workspace.deliver()
    assert "of 11 practiced" in last_to_bob(workspace).text
