"""Coaches: made by admins, told at once, and seeing their people through every door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from bot.messages import blocks
from bot.sandbox.slack_workspace import Message, View
from tests.workspace import MakeOffice, Workspace, labels, table

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
    await workspace.bot.delivering.run_due()
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


PAUSED = (
    "Paused. Your message about your people (every Monday at 8:30) won't be sent until you resume."
)


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
    assert asked.text.startswith("Should Bob Jones stop coaching Amara Diallo?")
    assert await coaches(workspace) == [["Bob Jones", "West Coast; Amara Diallo"]]
    gone = await workspace.press("ana", asked, "Remove")
    assert gone.text.startswith("Done: Bob Jones no longer coaches Amara Diallo")
    assert await coaches(workspace) == [["Bob Jones", "West Coast"]]
    await workspace.confirm("ana", "coach remove @bob")
    assert await coaches(workspace) == []


async def test_who_coaches_nobody_reads_what_an_admin_types(workspace: Workspace) -> None:
    added = '/exec coach add @you "West Coast"'
    refused = await workspace.ask("bob", "coach digest")
    assert refused.text == f"You coach nobody yet. {added}, typed by an admin, adds you."
    refused = await workspace.ask("ana", "coach digest")
    assert refused.text == f"You coach nobody yet. {added} adds you."


async def test_a_reply_begins_with_what_was_done(workspace: Workspace) -> None:
    usual = "You get a message about your people every Monday at 8:30 (Central European time"
    await workspace.ask("ana", WEST)
    for said, begins in (
        ("coach digest", usual),
        ("coach digest resume", f"It was not paused. {usual}"),
        ("coach digest pause", PAUSED),
        ("coach digest pause", PAUSED.replace("Paused.", "Paused already.")),
        ("coach digest", usual),
        ("coach digest resume", f"Resumed. {usual}"),
        ("coach digest every monday", f"Changed. {usual}"),
    ):
        assert (await workspace.ask("bob", said)).text.startswith(begins)
    shown = await workspace.ask("bob", "coach digest")
    paused = await workspace.press("bob", shown, "Pause")
    assert paused.text.startswith(PAUSED)
    assert (await workspace.press("bob", paused, "Resume")).text.startswith(f"Resumed. {usual}")


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
async def test_of_a_coach_who_left_slack_the_admins_of_exec_hear_once(
    open_workspace: MakeOffice,
) -> None:
    async with open_workspace(EXECBOT_ADMINS="") as workspace:
        before = [*workspace.seen("bob", workspace.dm("bob"))]
        workspace.slack.team.users[workspace.user("bob")].deleted = True
        workspace.clock.now = MONDAY + timedelta(seconds=1)
        for _ in range(3):
            await workspace.bot.delivering.run_due()
            workspace.clock.now += timedelta(minutes=1)
        for admin in ("ana", "miguel.ruiz"):
            (notice,) = workspace.seen(admin, workspace.dm(admin))
            assert notice.text.startswith(
                "I paused the message to Bob Jones about their people: the Slack account of "
                "Bob Jones is switched off. /exec coach list shows whom they coach"
            )
        assert workspace.seen("bob", workspace.dm("bob")) == before


@pytest.mark.begins(after=bob_coaches)
async def test_a_coach_of_an_empty_group_is_told_what_a_coach_can_do(workspace: Workspace) -> None:
    workspace.world.rosters[workspace.world.group("West Coast").id] = set()
    workspace.clock.now = MONDAY + timedelta(seconds=1)
    await workspace.bot.delivering.run_due()
    workspace.clock.now += timedelta(seconds=5)
    await workspace.bot.delivering.run_due()
    notice = workspace.seen("bob", workspace.dm("bob"))[-1]
    assert notice.text == (
        "I did not send the message about your people of Mon 23 March at 8:30: nobody is in the "
        "groups you coach. Add people to them in Exec, or stop these messages with "
        "/exec coach digest stop."
    )
    none = await workspace.ask("bob", "who should i talk to")
    assert none.text == "None of the people you coach is in Exec any more."
    assert "Nobody is in the groups you coach." in str((await workspace.open_home("bob")).blocks)


@pytest.mark.begins(after=two_coach)
async def test_a_guest_who_was_a_coach_sees_nothing(workspace: Workspace) -> None:
    workspace.slack.team.users[workspace.user("bob")].is_restricted = True
    workspace.clock.now += timedelta(hours=2)
    refused = await workspace.act(workspace.command_of("bob", "sessions @jane last 7d"))
    assert (await workspace.heard("bob", after=refused)).text.startswith("Guests can't see")
