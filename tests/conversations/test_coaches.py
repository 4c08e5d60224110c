"""Coaches: made by admins, told at once, and seeing their people through every door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.language.query import Period, ResolvedQuery
from bot.outbox.plans import COACH, Subscription
from bot.sandbox.slack_workspace import Message
from tests.workspace import NOW, MakeOffice, Workspace, footer, labels, table, whose

pytestmark = pytest.mark.acquainted

WEST = 'coach add @bob "West Coast"'
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def coaches(workspace: Workspace) -> list[list[str]]:
    """Each coach, and whom they coach, as an admin sees them listed."""
    return [row[:2] for row in table(await workspace.ask("ana", "coach list"))[1:]]


async def subscription_of(workspace: Workspace, who: str) -> Subscription | None:
    own = await workspace.bot.core.subscriptions.listed(
        workspace.slack.team.id, owner_id=workspace.user(who)
    )
    return next((one for one in own if one.plan.ask == COACH), None)


async def sent_on_monday(workspace: Workspace, who: str = "bob") -> Message:
    """The message that a coach gets when it is due."""
    before = len(workspace.seen(who, workspace.dm(who)))
    workspace.clock.now = MONDAY + timedelta(seconds=1)
    await workspace.bot.core.delivering.run_due()
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


async def one_of(workspace: Workspace, everyone: Message, name: str) -> Message:
    """One of Bob's people out of the menu of a message."""
    (select,) = [
        element
        for block in everyone.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    option = next(each for each in select["options"] if each["text"]["text"] == name)
    ack = await workspace.slack.click(
        workspace.user("bob"), everyone, "coach.choose", option["value"]
    )
    return await workspace.heard("bob", everyone.channel, after=ack)


@pytest.mark.parametrize(("locale", "verb"), [("en-GB", "practiced"), ("en-US", "practiced")])
async def test_what_is_offered_to_a_coach_is_in_their_english(
    workspace: Workspace, locale: str, verb: str
) -> None:
    workspace.slack.team.users[workspace.user("bob")].locale = locale
    workspace.clock.tick(24 * 3600 + 1)  # profiles are looked at once a day
    await workspace.ask("ana", WEST)
    asked = await workspace.ask("bob", "who should I talk to last month")
    assert f"Who hasn't {verb}" in labels(asked)
    assert f"Who hasn't {verb}" in labels(await workspace.ask("bob", "worst average last month"))


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


async def preview_of(workspace: Workspace, message: Message) -> Message:
    """The preview of the first nudge in Bob's message."""
    return await workspace.press("bob", message, nudge_of(message))


@pytest.mark.begins(after=bob_coaches)
async def test_added_again_they_keep_what_they_stopped(workspace: Workspace) -> None:
    (dm,) = workspace.seen("bob", workspace.dm("bob"))
    asked = await workspace.press("bob", dm, "Stop")
    assert asked.text.startswith("Stop your message about your people, every Monday at 8:30")
    assert await subscription_of(workspace, "bob") is not None
    stopped = await workspace.press("bob", asked, "Stop")
    assert stopped.text.startswith("Stopped.")
    gone = await workspace.press_still("bob", dm, "Preview")
    assert gone.text.startswith("This message is not there any more. /exec coach digest every")
    again = await workspace.ask("ana", "coach add @bob @jane")
    assert "stay off, as they wanted" in again.text
    assert await subscription_of(workspace, "bob") is None


@pytest.mark.parametrize(
    ("said", "heard", "offered"),
    [
        ("coach who", "Write it like this", "Show the coaches"),
        ("coach add @bob", "Whom does Bob Jones coach? Name a group or people as well", None),
        ('coach add @bob "West Cost"', "neither a person nor a group", "West Coast"),
        ('coach add @bob "Jane Smiht"', "neither a person nor a group", "Jane Smith"),
        ("coach add @bob gold", "Name the coach first", None),
        ("coach remove @jane", "Jane Smith coaches nobody.", "Show the coaches"),
        ("coach remove @jane @bob", "doesn't coach them", "Show the coaches"),
    ],
)
async def test_what_is_said_wrongly_is_mended_by_a_button(
    workspace: Workspace, said: str, heard: str, offered: str | None
) -> None:
    problem = await workspace.ask("ana", said)
    assert heard in problem.text
    if offered is None:
        return
    mended = await workspace.press("ana", problem, offered)
    assert "now coaches" in mended.text or "anyone" in mended.text


async def test_removing_asks_first(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    asked = await workspace.ask("ana", "coach remove @bob @amara.diallo")
    assert asked.text.startswith("Should Bob Jones no longer coach Amara Diallo?")
    assert await coaches(workspace) == [["Bob Jones", "West Coast; Amara Diallo"]]
    gone = await workspace.press("ana", asked, "Remove")
    assert gone.text.startswith("Done: Bob Jones no longer coaches Amara Diallo")
    assert await coaches(workspace) == [["Bob Jones", "West Coast"]]
    await workspace.confirm("ana", "coach remove @bob")
    assert await coaches(workspace) == []


@pytest.mark.begins(after=bob_coaches)
async def test_on_a_day_that_had_its_message_a_later_time_begins_the_next_day(
    workspace: Workspace,
) -> None:
    await workspace.ask("bob", "coach digest daily 10:15")
    workspace.clock.now += timedelta(minutes=16)
    await workspace.bot.core.delivering.run_due()
    before = workspace.seen("bob", workspace.dm("bob"))
    said = await workspace.ask("bob", "coach digest daily 10:30")
    assert "Next: Sat 21 March at 10:30, Sun 22 March at 10:30" in said.text
    workspace.clock.now += timedelta(minutes=15)
    await workspace.bot.core.delivering.run_due()
    assert workspace.seen("bob", workspace.dm("bob")) == before
    workspace.clock.now += timedelta(days=1)
    await workspace.bot.core.delivering.run_due()
    assert len(workspace.seen("bob", workspace.dm("bob"))) == len(before) + 1


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
    """Bob coaches West Coast. Two of them had a gold 70 days before Monday, and one of these has
    another one of the last week; their names."""
    away, back = workspace.world.roster("West Coast")[2:4]
    theirs = {away.id, back.id}
    for each in [each for each in workspace.world.sessions if each.user_id in theirs]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for person, days in ((away, 70), (back, 70), (back, 3)):
        at = MONDAY - timedelta(days=days)
        workspace.world.add_session(person, scenario, at, score=95, rank="gold")
    await workspace.ask("ana", WEST)
    return away.name, back.name


@pytest.mark.new_here
async def test_nobody_is_said_never_to_have_practised_or_to_have_a_first_gold_by_guess(
    workspace: Workspace,
) -> None:
    away, _ = await long_away(workspace)
    message = await sent_on_monday(workspace)
    for said in (message.text, str(message.blocks)):
        assert "no practice since at least 26 January" in said
        assert "no practice yet" not in said
        assert "irst gold since 26 January" in said
    everyone = await workspace.press("bob", message, "See everyone")
    assert f"{away}, 0, " in everyone.text
    assert "–: none since at least 26 January" in footer(everyone)
    one = await one_of(workspace, everyone, away)
    # Of one person Exec is asked what came before.
    assert "no sessions; the last one was on Mon 12 January." in one.text
    assert "first role-play" not in (await preview_of(workspace, one)).text


@pytest.mark.new_here
async def test_what_is_held_of_everybody_tells_more(workspace: Workspace) -> None:
    away, back = await long_away(workspace)
    long_ago = Period("", "UTC", MONDAY - timedelta(days=100), NOW)
    sessions = workspace.bot.core.sessions
    await sessions.whole(ResolvedQuery(None, period=long_ago), purpose="test")
    message = await sent_on_monday(workspace)
    assert f"{away}: no practice for 9 weeks" in message.text
    assert f"{back} (first gold" not in message.text
    assert f"{back}: first gold" not in message.text


async def test_of_many_people_a_message_looks_back_90_days(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.facts.MANY", 3)
    await long_away(workspace)
    long_ago = Period("", "UTC", MONDAY - timedelta(days=120), NOW)
    sessions = workspace.bot.core.sessions
    await sessions.whole(ResolvedQuery(None, period=long_ago), purpose="test")
    assert "irst gold since 23 December" in (await sent_on_monday(workspace)).text


@pytest.mark.begins(after=monday_came)
async def test_see_everyone_and_choose_one(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    everyone = await workspace.press("bob", message, "See everyone")
    west = {person.name for person in workspace.world.roster("West Coast")}
    assert {row[0] for row in table(everyone)[1:]} == west
    one = await one_of(workspace, everyone, "Jane Smith")
    assert one.text.startswith("Jane Smith")
    assert labels(one) == [
        "Nudge Jane",
        "See sessions",
        "Prepare a 1:1",
    ]
    sessions = await workspace.press("bob", one, "See sessions")
    assert whose(sessions) <= {"Jane Smith"}
    sam = await workspace.press("bob", await one_of(workspace, everyone, "Sam Lee"), "See sessions")
    assert "None in that time. The last ones before it:" in sam.text
    assert whose(sam) == {"Sam Lee"}
    liam = await workspace.press(
        "bob", await one_of(workspace, everyone, "Liam Murphy"), "See sessions"
    )
    assert liam.text.startswith("No sessions")


@pytest.mark.begins(after=monday_came)
async def test_everyone_is_of_the_week_that_the_message_was_about(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    before = await workspace.press("bob", message, "See everyone")
    await workspace.ask("bob", "coach digest monthly 1st 8:30 tokyo")
    after = await workspace.press("bob", message, "See everyone")
    assert "16 – 22 March" in after.text
    assert after.text == before.text


@pytest.mark.begins(after=bob_coaches)
async def test_of_a_coach_who_left_slack_the_admins_of_exec_hear_once(
    open_workspace: MakeOffice,
) -> None:
    async with open_workspace(EXECBOT_ADMINS="") as workspace:
        before = [*workspace.seen("bob", workspace.dm("bob"))]
        workspace.slack.team.users[workspace.user("bob")].deleted = True
        workspace.clock.now = MONDAY + timedelta(seconds=1)
        for _ in range(3):
            await workspace.bot.core.delivering.run_due()
            workspace.clock.now += timedelta(minutes=1)
        for admin in ("ana", "miguel.ruiz"):
            (notice,) = workspace.seen(admin, workspace.dm(admin))
            assert notice.text.startswith(
                "I paused the message to Bob Jones about their people: the Slack account of "
                "Bob Jones is switched off. /exec coach list shows whom they coach"
            )
        assert workspace.seen("bob", workspace.dm("bob")) == before


@pytest.mark.begins(after=bob_coaches)
async def test_a_coach_who_is_back_in_slack_and_added_again_gets_messages_again(
    workspace: Workspace,
) -> None:
    account = workspace.slack.team.users[workspace.user("bob")]
    account.deleted = True
    workspace.clock.now = MONDAY + timedelta(seconds=1)
    await workspace.bot.core.delivering.run_due()
    one = await subscription_of(workspace, "bob")
    assert one is not None
    assert one.paused == "owner_left"
    account.deleted = False
    workspace.clock.now += timedelta(days=2)
    await workspace.ask("ana", WEST)
    told = workspace.seen("bob", workspace.dm("bob"))[-1]
    assert "You get a message about them every Monday at 8:30" in told.text
    one = await subscription_of(workspace, "bob")
    assert one is not None
    assert one.is_on


@pytest.mark.begins(after=bob_coaches)
async def test_who_paused_them_and_is_added_again_keeps_them_paused(workspace: Workspace) -> None:
    await workspace.ask("bob", "coach digest pause")
    await workspace.ask("ana", WEST)
    one = await subscription_of(workspace, "bob")
    assert one is not None
    assert not one.is_on


@pytest.mark.begins(after=bob_coaches)
async def test_a_coach_of_an_empty_group_is_told_what_a_coach_can_do(workspace: Workspace) -> None:
    workspace.world.rosters[workspace.world.group("West Coast").id] = set()
    workspace.clock.now = MONDAY + timedelta(seconds=1)
    await workspace.bot.core.delivering.run_due()
    workspace.clock.now += timedelta(seconds=5)
    await workspace.bot.core.delivering.run_due()
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
