"""Digests for channels: set up in a line or a form, looked after, and delivered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.exec_server import Fault
from bot.demo.slack_workspace import Message, View
from bot.demo.world_things import Person
from bot.people.coaches import Coach
from bot.storage.tables import button
from bot.subscriptions import Subscription
from tests.workspace import Workspace, column, labels, offered, table

pytestmark = pytest.mark.acquainted

MONDAY_9 = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)  # 9:00 in Berlin
LINE = 'digest "West Coast" every monday 9:00'
GOLD = "digest sessions group:West gold last month every monday 9:00"
GOLD_WORDS = "sessions: group West Coast, gold, last month"


def posts(workspace: Workspace, channel: str = "west-coast") -> list[Message]:
    """The digests that everybody in a channel sees."""
    bot, place = workspace.slack.team.bot_user_id, workspace.channel(channel)
    return [
        message
        for message in workspace.slack.messages
        if message.visible_to is None and message.user == bot and message.channel == place
    ]


def told(workspace: Workspace, who: str) -> list[Message]:
    """What the bot wrote to someone by direct message."""
    place, bot = workspace.dm(who), workspace.slack.team.bot_user_id
    return [m for m in workspace.slack.messages if m.channel == place and m.user == bot]


async def kept(workspace: Workspace) -> list[Subscription]:
    team = workspace.slack.team.id
    return [one for one in await workspace.bot.subscriptions.listed(team) if not one.is_personal]


async def deliver(workspace: Workspace, now: datetime) -> None:
    workspace.clock.now = now
    await workspace.deliver()
    await workspace.deliver()


async def coach(workspace: Workspace, who: str, group: str) -> None:
    """Make somebody a coach of a group."""
    core = workspace.bot
    asker = await core.people.asker(workspace.slack.team.id, workspace.user(who))
    assert asker.member is not None
    id_ = next(id_ for id_, each in workspace.world.groups.items() if each.name == group)
    await core.coaches.add(Coach(asker.member.id, frozenset({id_})), by="admin")


async def digest_of_west(workspace: Workspace) -> None:
    await workspace.ask("ana", LINE, "west-coast")


async def question_about_west(workspace: Workspace) -> None:
    await workspace.ask("ana", GOLD, "west-coast")


async def posted_on_monday(workspace: Workspace) -> None:
    await digest_of_west(workspace)
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))


def saved_here(workspace: Workspace) -> Message:
    """What Ana was told when she set it up."""
    return workspace.seen("ana", "west-coast")[0]


async def test_a_group_that_is_none_names_near_ones(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'digest "West Cost" every monday 9:00', "west-coast")
    assert "I can't find a group called West Cost" in answer.text.replace("*", "")
    saved = await workspace.press("ana", answer, "West Coast")
    assert saved.text.startswith("Saved.")


async def filled(workspace: Workspace, who: str) -> View:
    """The form once it shows who is in the channel and what would be posted."""

    def shown() -> bool:
        content = str(workspace.slack.open_view(workspace.user(who)))
        return "will see this" in content and "divider" in content

    await workspace.until(shown, seconds=10)
    return workspace.slack.views[workspace.user(who)]


async def test_the_form_follows_what_is_chosen(workspace: Workspace) -> None:
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    form = await filled(workspace, "ana")
    user = workspace.user("ana")
    await workspace.slack.click(user, form.id, "rhythm", "daily", values={"rhythm": "daily"})
    await workspace.until(lambda: "Sat 21 March at 9:00" in str(workspace.slack.views[user].view))


NEXT_WEEK = MONDAY_9 + timedelta(days=7) - timedelta(hours=1)  # the clocks go forward
AWAY = [
    ("exec", "I couldn't reach Exec for a day."),
    ("slack", "Slack didn't take it for a day."),
    ("bot", "Something went wrong on my side."),
]


@pytest.mark.begins(after=posted_on_monday)
@pytest.mark.parametrize(("who", "why"), AWAY)
async def test_the_list_says_that_one_waits_and_why_it_did_not_come(
    workspace: Workspace, who: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match who:
        case "exec":
            workspace.exec.faults.append(Fault("status", times=None, status=503))
        case "slack":
            workspace.slack.fault("chat.postMessage", "team_access_not_granted", times=30)
        case _:
            monkeypatch.setattr("bot.scheduled.owner_of", lambda *_: 1 / 0)
    await deliver(workspace, NEXT_WEEK + timedelta(seconds=1))
    listed = await workspace.ask("ana", "digest list", "west-coast")
    assert "Mon 30 March at 9:00: I'm still trying, next: Mon 6 April at 9:00" in listed.text
    assert why not in listed.text
    await deliver(workspace, NEXT_WEEK + timedelta(hours=24, seconds=1))
    listed = await workspace.ask("ana", "digest list", "west-coast")
    assert "Mon 30 March at 9:00: not sent, next: Mon 6 April at 9:00" in listed.text
    assert why in listed.text
    if who != "slack":
        (notice,) = told(workspace, "ana")
        assert why in notice.text
        assert "Send now" in offered(notice)


async def edited(workspace: Workspace, message: Message, **values: str) -> Message:
    """Press Edit, change these fields, and save."""
    await workspace.press_only("ana", message, "Edit")
    form = await filled(workspace, "ana")
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, values)
    assert not ack.view_errors
    return await workspace.heard("ana", message.channel, after=ack)


@pytest.mark.begins(after=posted_on_monday)
async def test_an_old_digest_still_tells_of_its_own_week_and_group(workspace: Workspace) -> None:
    """However its subscription was changed since."""
    saved = saved_here(workspace)
    (post,) = posts(workspace)
    details = await workspace.press("ana", post, "See details")
    assert "Mon 16 Mar – Sun 22 Mar" in details.text
    east = next(id_ for id_, each in workspace.world.groups.items() if each.name == "East Coast")
    await edited(
        workspace,
        saved,
        rhythm="monthly 1st",
        zone="Asia/Tokyo",
        group=east,
        channel=workspace.channel("sales-practice"),
    )
    assert (await workspace.press("ana", post, "See details")).text == details.text
    # Rights are those in the group that it shows.
    await coach(workspace, "jane", "West Coast")
    assert "Sam Lee" in column(await workspace.press("jane", post, "See details"), "Who")
    await coach(workspace, "bob", "East Coast")
    told = (await workspace.press("bob", post, "See details")).text
    assert not any(each.name in told for each in workspace.world.roster("West Coast"))


@pytest.mark.begins(after=digest_of_west)
async def test_an_empty_group_pauses_it_and_is_told_to_the_owner_only(workspace: Workspace) -> None:
    group = workspace.world.group("West Coast").id
    workspace.world.rosters[group] = set()
    workspace.clock.now = MONDAY_9 - timedelta(hours=1)
    preview = await workspace.press_still("ana", saved_here(workspace), "Preview")
    assert "fewer than three people" in preview.text
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    (notice,) = told(workspace, "ana")
    assert "fewer than three people" in notice.text
    assert [one.reason for one in await kept(workspace)] == ["few"]


@pytest.mark.begins(after=posted_on_monday)
async def test_of_a_group_that_is_gone_each_reader_sees_their_own(workspace: Workspace) -> None:
    (post,) = posts(workspace)
    group = workspace.world.group("West Coast").id
    del workspace.world.groups[group], workspace.world.rosters[group]
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()
    details = await workspace.press("jane", post, "See details")
    west = [each.name for each in workspace.world.members.values() if each.name != "Jane Smith"]
    assert len(table(details)) > 1
    assert not [name for name in west if name in f"{details.text} {details.blocks}"]
    preview = await workspace.press_still("ana", saved_here(workspace), "Preview")
    assert "gone from Exec" in preview.text


def work_off(workspace: Workspace, at: datetime) -> None:
    """The people of West Coast do at once whatever is overdue."""
    west = {person.id for person in workspace.world.roster("West Coast")}
    for task in workspace.world.assignments:
        if task.user_id in west and task.due_date is not None and task.due_date < at:
            for minute in range(3):
                when = at + timedelta(minutes=minute)
                workspace.world.add_session(task.user_id, task.scenario_id, when, score=99)


def overdue(message: Message) -> int:
    """How many assignments a digest calls overdue."""
    return int(message.text.split("Assignments: ")[1].split(" overdue")[0])


async def test_work_done_since_a_preview_the_day_before_is_not_called_overdue(
    workspace: Workspace,
) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    saved = await workspace.ask("ana", LINE, "west-coast")
    sunday = MONDAY_9 - timedelta(hours=23)
    workspace.clock.now = sunday
    assert overdue(await workspace.press("ana", saved, "Preview")) > 0
    preview = await workspace.press("bob", told(workspace, "bob")[0], "Preview")
    assert " overdue" in preview.text
    work_off(workspace, sunday + timedelta(hours=1))
    await deliver(workspace, MONDAY_9 - timedelta(minutes=29))
    assert "overdue" not in told(workspace, "bob")[-1].text
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    assert overdue(post) == 0


async def removed_since_the_roster_was_read(workspace: Workspace, *people: Person) -> None:
    """The list of people has been read anew, as it is every few hours; the roster has not."""
    workspace.clock.now = MONDAY_9 - timedelta(hours=13)
    await workspace.bot.lists.use_teams((workspace.world.group("West Coast").id,))
    for person in people:
        workspace.world.remove_member(person.email)
    workspace.clock.now = MONDAY_9 - timedelta(hours=1)
    await workspace.bot.lists.sync()


@pytest.mark.begins(after=digest_of_west)
async def test_who_was_removed_from_exec_is_not_said_to_have_stayed_away(
    workspace: Workspace,
) -> None:
    *others, gone = workspace.world.roster("West Coast")
    await removed_since_the_roster_was_read(workspace, gone)
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    assert f" of {len(others)} practiced, " in post.text
    details = await workspace.press("ana", post, "See details")
    assert {row[0] for row in table(details)[1:]} == {person.name for person in others}


def question_of(workspace: Workspace, rest: str = "gold last month") -> str:
    """The stored words of a question about West Coast."""
    return f'sessions group:"{workspace.world.group("West Coast").id}" {rest}'


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        (GOLD, "gold last month"),
        ('digest gold group:"west coast" last month mondays 9:00', "gold last month"),
        ("digest sessions last 7d group:West silver page 2 every monday 9:00", "silver last 7d"),
    ],
)
async def test_a_question_is_kept_as_it_was_asked_with_ids(
    workspace: Workspace, line: str, rest: str
) -> None:
    saved = await workspace.ask("ana", line, "west-coast")
    assert saved.text.startswith("Saved. sessions: group West Coast,")
    assert "comes to #west-coast every Monday at 9:00 (Central European time)." in saved.text
    (one,) = await kept(workspace)
    assert one.words == question_of(workspace, rest)
    assert labels(saved)[:4] == ["Preview", "Send now", "Edit", "Remove"]


@pytest.mark.begins(after=question_about_west)
async def test_a_posted_answer_says_for_whom_it_is_and_is_nobodys_own(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    assert "Preview: only you see this" in (await workspace.press("ana", saved, "Preview")).text
    await deliver(workspace, MONDAY_9 + timedelta(hours=2))
    await workspace.press("ana", await workspace.press("ana", saved, "Send now"), "Post now")
    await deliver(workspace, workspace.clock.now + timedelta(seconds=2))
    late, by_hand = posts(workspace)
    for post in (late, by_hand):
        assert "Posted for Ana Costa" in post.text
        assert labels(post) == ["Manage"]
    assert "This was due Mon 23 March at 9:00 and comes late." in late.text
    assert "sent by Ana Costa" in by_hand.text
    assert "sent by" not in late.text
    listed = await workspace.press("ana", late, "Manage")
    assert GOLD_WORDS in listed.text
    # None of it is kept as an answer of hers.
    assert await workspace.bot.db.count(button, button.c.kind == "answer") == 0


@pytest.mark.begins(after=question_about_west)
async def test_a_question_about_what_is_gone_pauses_and_says_so(workspace: Workspace) -> None:
    del workspace.world.groups[workspace.world.group("West Coast").id]
    workspace.clock.now = MONDAY_9
    await workspace.bot.lists.sync()
    await deliver(workspace, MONDAY_9 + timedelta(days=1, seconds=1) - timedelta(hours=1))
    assert posts(workspace) == []
    (notice,) = told(workspace, "ana")
    assert "gone from Exec" in notice.text
    (one,) = await kept(workspace)
    assert one.reason == "gone"
    await workspace.press_only("ana", notice, "Edit")
    views = workspace.slack.views
    await workspace.until(lambda: "will see this" in str(views.get(workspace.user("ana"))))
    form = views[workspace.user("ana")]
    question = {"question": 'sessions group:"East Coast" gold last month'}
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, question)
    changed = await workspace.heard("ana", notice.channel, after=ack)
    assert changed.text.startswith("Resumed. sessions: group East Coast, gold")
    (one,) = await kept(workspace)
    assert not one.is_paused


async def test_an_owner_who_lost_the_right_may_still_stop_it(workspace: Workspace) -> None:
    """Bob set it up as a coach, and coaches nobody now; Jane is a rep."""
    team = workspace.slack.team
    team.channel_called("west-coast").members.append(workspace.user("bob"))
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    await workspace.ask("bob", LINE, "west-coast")
    await workspace.confirm("ana", 'coach remove @bob "West Coast"')
    assert "West Coast" in (await workspace.ask("ana", "digest list", "west-coast")).text
    assert offered(await workspace.ask("jane", "digest list", "west-coast")) == []
    listed = await workspace.ask("bob", "digest list", "west-coast")
    for label in ("Preview", "Send now", "Edit"):
        said = await workspace.press("bob", listed, label)
        assert "West Coast" not in f"{said.text} {said.blocks}"
    paused = await workspace.press("bob", listed, "Pause")
    assert "West Coast" not in f"{paused.text} {paused.blocks}"
    (one,) = await kept(workspace)
    assert one.is_paused
