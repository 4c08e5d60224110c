"""Digests for channels: set up in a line or a form, looked after, and delivered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.outbox.plans import Subscription
from bot.people.coaches import Coach
from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_workspace import Message, View
from bot.sandbox.world_things import Person
from bot.storage.tables import button
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
    await workspace.bot.delivering.run_due()
    await workspace.bot.delivering.run_due()


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
    ("exec", "Exec can't be reached", "Exec could not be reached in time."),
    ("slack", "Slack does not take it", "Slack did not take it in time."),
    ("bot", "something went wrong on my side", "Something went wrong on my side."),
]


@pytest.mark.begins(after=posted_on_monday)
@pytest.mark.parametrize(("who", "waits", "failed"), AWAY)
async def test_the_list_says_why_one_waits_and_why_it_did_not_come(
    workspace: Workspace, who: str, waits: str, failed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match who:
        case "exec":
            workspace.exec.faults.append(Fault("status", times=None, status=503))
        case "slack":
            workspace.slack.fault("chat.postMessage", "team_access_not_granted", times=30)
        case _:
            broken = property(lambda _delivery: 1 / 0)
            monkeypatch.setattr("bot.outbox.deliveries.Delivery.posted_of", broken)
    await deliver(workspace, NEXT_WEEK + timedelta(seconds=1))
    listed = await workspace.ask("ana", "digest list", "west-coast")
    assert (
        "Last: Mon 23 March at 9:00, sent, Mon 30 March at 9:00 is waiting: "
        f"{waits}, next: Mon 6 April at 9:00" in listed.text
    )
    await deliver(workspace, NEXT_WEEK + timedelta(hours=24, seconds=1))
    listed = await workspace.ask("ana", "digest list", "west-coast")
    assert "Last: Mon 30 March at 9:00, not sent, next: Mon 6 April at 9:00" in listed.text
    assert failed in listed.text
    assert "waiting" not in listed.text
    await deliver(workspace, workspace.clock.now + timedelta(seconds=2))
    if who != "slack":
        (notice,) = told(workspace, "ana")
        assert failed in notice.text
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
async def test_send_now_posts_it_once(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    asked = await workspace.press("ana", saved, "Send now")
    readers = len(workspace.slack.team.channel_called("west-coast").members)
    assert f"now in #west-coast? {readers} people will read it." in asked.text
    assert labels(asked) == ["Post now", "Cancel"]
    await deliver(workspace, workspace.clock.now + timedelta(seconds=2))
    assert posts(workspace) == []
    on_its_way = await workspace.press("ana", asked, "Post now")
    assert on_its_way.text.replace("*", "") == "It is on its way to #west-coast."
    await workspace.press_still("ana", asked, "Post now")
    await deliver(workspace, workspace.clock.now + timedelta(seconds=2))
    (post,) = posts(workspace)
    assert "Ana Costa" in post.text
    details = await workspace.press("ana", post, "See details")
    assert "Jane Smith" in str(details.blocks)


@pytest.mark.begins(after=digest_of_west)
async def test_remove_asks_first(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    asked = await workspace.press("ana", saved, "Remove")
    assert labels(asked) == ["Remove", "Cancel"]
    assert len(await kept(workspace)) == 1
    removed = await workspace.press("ana", asked, "Remove")
    assert removed.text.startswith("Removed: West Coast in #west-coast, every Monday at 9:00")
    assert await kept(workspace) == []
    again = await workspace.press_still("ana", asked, "Remove")
    assert again.text.startswith("This digest is gone.")
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []


async def test_of_an_owner_who_left_an_admin_removes_it(workspace: Workspace) -> None:
    await coach(workspace, "jane", "West Coast")
    await workspace.ask("jane", LINE, "west-coast")
    workspace.slack.team.users[workspace.user("jane")].deleted = True
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    (one,) = await kept(workspace)
    assert one.paused == "owner_left"
    await deliver(workspace, MONDAY_9 + timedelta(minutes=5))
    (notice,) = told(workspace, "mc.dubois")
    assert "Jane Smith, who set it up, has left." in notice.text
    assert labels(notice) == ["Remove"]
    assert told(workspace, "jane") == []
    asked = await workspace.press("mc.dubois", notice, "Remove")
    await workspace.press("mc.dubois", asked, "Remove")
    assert await kept(workspace) == []


@pytest.mark.begins(after=digest_of_west)
async def test_an_empty_group_is_told_to_the_owner_only(workspace: Workspace) -> None:
    group = next(id_ for id_, each in workspace.world.groups.items() if each.name == "West Coast")
    workspace.world.rosters[group] = set()
    workspace.clock.now = MONDAY_9 - timedelta(hours=1)
    preview = await workspace.press_still("ana", saved_here(workspace), "Preview")
    assert preview.text == "Nobody is in West Coast, so there is nothing to show."
    another = await workspace.ask("ana", 'digest "West Coast" every friday 9:00', "west-coast")
    assert another.text.startswith("Saved.")
    assert "Nobody is in" not in workspace.seen("ana", "west-coast")[-1].text
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    user = workspace.user("ana")
    await workspace.until(lambda: "Nobody is in" in str(workspace.slack.open_view(user)))
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    (notice,) = told(workspace, "ana")
    assert "Nobody is in West Coast" in notice.text
    assert all(one.is_on for one in await kept(workspace))


@pytest.mark.begins(after=posted_on_monday)
async def test_of_a_group_that_is_gone_from_exec_nothing_is_told(workspace: Workspace) -> None:
    (post,) = posts(workspace)
    group = workspace.world.group("West Coast").id
    del workspace.world.groups[group], workspace.world.rosters[group]
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()
    for who in ("ana", "jane"):
        told = await workspace.press(who, post, "See details")
        assert told.text == "There is nothing to show: Exec has no such group."
    preview = await workspace.press_still("ana", saved_here(workspace), "Preview")
    assert preview.text == "Exec has no such group any more. Choose another one with Edit."


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
    assert saved.text.startswith("Saved. The answer to sessions: group West Coast,")
    assert "comes to #west-coast every Monday at 9:00 (Central European time)." in saved.text
    (one,) = await kept(workspace)
    assert one.plan.ask == question_of(workspace, rest)
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
    assert "Something that it asks about is not in Exec any more." in notice.text
    (one,) = await kept(workspace)
    assert one.paused == "not_understood"
    await workspace.press_only("ana", notice, "Edit")
    views = workspace.slack.views
    await workspace.until(lambda: "will see this" in str(views.get(workspace.user("ana"))))
    form = views[workspace.user("ana")]
    question = {"question": 'sessions group:"East Coast" gold last month'}
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, question)
    changed = await workspace.heard("ana", notice.channel, after=ack)
    assert changed.text.startswith("Changed. The answer to sessions: group East Coast, gold")
    (one,) = await kept(workspace)
    assert one.is_on


async def test_a_list_has_the_buttons_that_work_for_who_reads_it(workspace: Workspace) -> None:
    """Bob set it up as a coach, which he is no more; Jane is a rep."""
    team = workspace.slack.team
    team.channel_called("west-coast").members.append(workspace.user("bob"))
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    await workspace.ask("bob", LINE, "west-coast")
    await workspace.confirm("ana", 'coach remove @bob "West Coast"')
    everything = ["Preview", "Send now", "Edit", "Pause", "Remove"]
    for who, shown in (("ana", everything), ("bob", ["Pause", "Remove"]), ("jane", [])):
        listed = await workspace.ask(who, "digest list", "west-coast")
        assert ("West Coast" in listed.text) == (who != "bob")
        assert offered(listed) == shown
        assert ("adds one to a channel" in listed.text) == (who == "ana")
    paused = await workspace.press(
        "bob", await workspace.ask("bob", "digest list", "west-coast"), "Pause"
    )
    assert offered(paused) == ["Remove"]
    (one,) = await kept(workspace)
    assert one.paused
    for action in ("digest.remove", "digest.remove_now"):
        ack = await workspace.act(workspace.press_of("bob", paused, action, one.id))
        done = await workspace.heard("bob", "west-coast", after=ack)
        assert "a group that is not yours" in done.text
        assert "West Coast" not in f"{done.text} {done.blocks}"
