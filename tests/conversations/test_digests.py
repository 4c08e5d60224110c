"""Digests for channels: set up in a line or a form, looked after, and delivered."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.outbox.plans import Subscription
from bot.people.coaches import Coach
from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_workspace import Message, SlackUser, View
from bot.sandbox.world_things import Person
from bot.storage.tables import stored_answer
from tests.workspace import MakeOffice, Workspace, button, footer, labels, offered, table

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
    return [
        one for one in await workspace.bot.core.subscriptions.listed(team) if not one.is_personal
    ]


async def deliver(workspace: Workspace, now: datetime) -> None:
    workspace.clock.now = now
    await workspace.bot.core.delivering.run_due()
    await workspace.bot.core.delivering.run_due()


async def coach(workspace: Workspace, who: str, group: str) -> None:
    """Make somebody a coach of a group."""
    core = workspace.bot.core
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


def name_of(workspace: Workspace, channel_id: str) -> str:
    return workspace.slack.team.channels[channel_id].name


async def test_one_line_saves_at_once_and_says_when_it_comes(workspace: Workspace) -> None:
    saved = await workspace.ask("ana", LINE, "west-coast")
    assert saved.text.startswith(
        "Saved. The digest of West Coast comes to #west-coast every Monday at 9:00 (Central "
        "European time)."
    )
    assert "Mon 23 March at 9:00, Mon 30 March at 9:00 and Mon 6 April at 9:00" in saved.text
    assert labels(saved) == ["Preview", "Send now", "Edit", "Remove"]
    preview = await workspace.press("ana", saved, "Preview")
    kinds = [block["type"] for block in preview.blocks]
    assert [block["type"] for block in saved.blocks][-len(kinds) :] == kinds
    assert saved.text.endswith(f"\n{preview.text}")
    (one,) = await kept(workspace)
    assert (one.plan.place, one.plan.schedule) == (
        workspace.channel("west-coast"),
        "every monday 9:00",
    )
    assert posts(workspace) == []


async def test_the_same_line_twice_is_one_digest(workspace: Workspace) -> None:
    await workspace.ask("ana", LINE, "west-coast")
    again = await workspace.ask("ana", LINE, "west-coast")
    assert again.text == f"{TWIN}, so I changed nothing."
    assert len(await kept(workspace)) == 1


async def test_a_group_that_is_none_names_near_ones(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'digest "West Cost" every monday 9:00', "west-coast")
    assert "I don't know a group called West Cost" in answer.text.replace("*", "")
    saved = await workspace.press("ana", answer, "West Coast")
    assert saved.text.startswith("Saved.")


async def filled(workspace: Workspace, who: str) -> View:
    """The form once it shows who is in the channel and what would be posted."""

    def shown() -> bool:
        content = str(workspace.slack.open_view(workspace.user(who)))
        return "will see this" in content and "divider" in content

    await workspace.until(shown, seconds=10)
    return workspace.slack.views[workspace.user(who)]


async def test_without_a_time_a_form_opens_filled_in(workspace: Workspace) -> None:
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    form = await filled(workspace, "ana")
    said = str(form.view)
    members = workspace.slack.team.channel_called("west-coast").members
    assert f"{len(members)} people in #west-coast will see this" in said
    assert "Mon 23 March at 9:00, Mon 30 March at 9:00 and Mon 6 April at 9:00" in said
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, {"rhythm": "every friday"})
    assert not ack.view_errors
    saved = await workspace.heard("ana", "west-coast", after=ack)
    assert saved.text.startswith(
        "Saved. The digest of West Coast comes to #west-coast every Friday at 9:00"
    )
    (one,) = await kept(workspace)
    assert one.plan.place == workspace.channel("west-coast")


async def test_the_form_follows_what_is_chosen(workspace: Workspace) -> None:
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    form = await filled(workspace, "ana")
    user = workspace.user("ana")
    await workspace.slack.click(user, form.id, "rhythm", "daily", values={"rhythm": "daily"})
    await workspace.until(lambda: "Sat 21 March at 9:00" in str(workspace.slack.views[user].view))


READ_BY_OUTSIDERS = {
    "with-our-agency": "Guests are in this channel",
    "with-globex": "other companies",
}


async def test_the_form_refuses_what_cannot_be(workspace: Workspace) -> None:
    """A channel that outsiders read, and a zone that is none."""
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    form = await filled(workspace, "ana")
    for channel, reason in READ_BY_OUTSIDERS.items():
        ack = await workspace.slack.submit(
            workspace.user("ana"), form.id, {"channel": workspace.channel(channel)}
        )
        assert reason in ack.view_errors["channel"]
        assert await kept(workspace) == []
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, {"zone": "Atlantis"})
    assert "Atlantis" in ack.view_errors["zone"]
    assert await kept(workspace) == []


@pytest.mark.begins(after=digest_of_west)
async def test_what_changes_a_digest_leads_to_the_list(workspace: Workspace) -> None:
    for said in ("stop", 'remove "West Coast"', 'pause "West Coast"', "resume", "edit West Coast"):
        answer = await workspace.ask("ana", f"digest {said}", "west-coast")
        assert answer.text.startswith("Pause, edit or remove a digest in the list"), said
        listed = await workspace.press("ana", answer, "List")
        assert {"Pause", "Edit"} <= {*offered(listed)}, said


async def test_an_unknown_group_names_some_that_the_asker_may_have(workspace: Workspace) -> None:
    for said in ("daily 9:00", "help"):
        none = await workspace.ask("ana", f"digest {said}", "west-coast")
        assert none.text.startswith("Which group? Like this:"), said
    everyone = await workspace.ask("ana", "digest Zzyzx daily 9:00", "west-coast")
    assert everyone.text.startswith("I don't know a group called Zzyzx. Here are some that I")
    assert len(labels(everyone)) == 4
    await coach(workspace, "jane", "West Coast")
    own = await workspace.ask("jane", "digest Zzyzx daily 9:00", "west-coast")
    assert labels(own) == ["West Coast"]
    saved = await workspace.press("jane", own, "West Coast")
    assert "comes to #west-coast every day at 9:00" in saved.text


async def test_others_than_admins_and_coaches_are_refused(workspace: Workspace) -> None:
    for text in (LINE, 'digest "West Coast"', "digest Nothing like it daily", "digest daily"):
        answer = await workspace.ask("jane", text, "west-coast")
        assert "Only an admin or a coach of this group" in answer.text, text
    assert await kept(workspace) == []


@pytest.mark.new_here
async def test_a_coach_of_the_group_may_and_of_another_not(workspace: Workspace) -> None:
    await coach(workspace, "jane", "East Coast")
    unknown = await workspace.ask("jane", LINE, "west-coast")
    assert unknown.text.startswith("I don't know a group of yours called West Coast.")
    # She is in it, which is known once anybody asked about it.
    await workspace.ask("ana", 'sessions group:"West Coast" last 7d')
    refused = await workspace.ask("jane", LINE, "west-coast")
    assert "Only an admin or a coach of this group" in refused.text
    await coach(workspace, "jane", "West Coast")
    saved = await workspace.ask("jane", LINE, "west-coast")
    assert saved.text.startswith("Saved.")
    (one,) = await kept(workspace)
    assert one.owner_id == workspace.user("jane")


@pytest.mark.begins(after=digest_of_west)
async def test_it_arrives_on_monday_at_nine_once(workspace: Workspace) -> None:
    await deliver(workspace, MONDAY_9 - timedelta(seconds=1))
    assert posts(workspace) == []
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    assert "West Coast" in post.text
    assert labels(post) == ["See details", "Manage"]
    assert "This was due" not in post.text
    await deliver(workspace, MONDAY_9 + timedelta(minutes=5))
    await deliver(workspace, MONDAY_9 + timedelta(days=6))
    assert posts(workspace) == [post]
    await deliver(workspace, MONDAY_9 + timedelta(days=7, seconds=1) - timedelta(hours=1))
    assert len(posts(workspace)) == 2  # the clocks went forward on Sunday


@pytest.mark.begins(after=posted_on_monday)
async def test_what_it_says_is_true(workspace: Workspace) -> None:
    (post,) = posts(workspace)
    start = datetime(2026, 3, 15, 23, tzinfo=UTC)
    roster = {person.id for person in workspace.world.roster("West Coast")}
    week = [
        session
        for session in workspace.world.sessions
        if start <= session.created_at < start + timedelta(days=7) and session.user_id in roster
    ]
    people = {session.user_id for session in week}
    assert f"{len(people)} of {len(roster)}" in post.text
    assert f"Sessions: {len(week)}," in post.text
    absent = [p for p in workspace.world.roster("West Coast") if p.id not in people]
    assert not [person.name for person in absent if person.name in str(post.blocks)]


@pytest.mark.begins(after=digest_of_west)
async def test_one_that_comes_late_says_so(workspace: Workspace) -> None:
    await deliver(workspace, MONDAY_9 + timedelta(hours=5))
    (post,) = posts(workspace)
    assert "This was due Monday 9:00" in post.text


async def two_of_west(workspace: Workspace) -> None:
    await digest_of_west(workspace)
    await question_about_west(workspace)


@pytest.mark.begins(after=two_of_west)
async def test_stopped_with_all_of_them_due_their_owner_is_told_that_once(
    workspace: Workspace,
) -> None:
    workspace.clock.now = MONDAY_9 + timedelta(seconds=1)
    await workspace.bot.core.due_scanner.note_due()
    for hours in (25, 26):
        await deliver(workspace, MONDAY_9 + timedelta(hours=hours))
    (notice,) = told(workspace, "ana")
    assert notice.text.startswith("I was not running for a while")
    assert "press Send now in /exec digest list" in notice.text
    listed = await workspace.ask("ana", "digest list", "west-coast")
    assert listed.text.count("I was not running when it was due.") == 2


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


@pytest.mark.begins(after=digest_of_west)
async def test_the_list_says_that_the_last_one_was_due_while_it_was_paused(
    workspace: Workspace,
) -> None:
    workspace.slack.fault("chat.postMessage", "team_access_not_granted")
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    listed = await workspace.ask("ana", "digest list", "west-coast")
    paused = await workspace.press("ana", listed, "Pause")
    resumed = await workspace.press("ana", paused, "Resume")
    assert "Last: Mon 23 March at 9:00, not sent" in resumed.text
    assert "It was paused then." in resumed.text


def sessions_of(workspace: Workspace, who: str) -> int:
    """How many somebody had in the week before MONDAY_9, in Berlin."""
    end = MONDAY_9 - timedelta(hours=9)
    start, id_ = end - timedelta(days=7), workspace.world.person(f"{who}@acme.com").id
    mine = [each for each in workspace.world.sessions if each.user_id == id_]
    return sum(start <= each.created_at < end for each in mine)


@pytest.mark.begins(after=posted_on_monday)
async def test_details_show_each_reader_privately_what_they_may_see(workspace: Workspace) -> None:
    (post,) = posts(workspace)
    own = await workspace.press("jane", post, "See details")
    people, sessions = (
        post.text.split("\n")[1].split(" practiced")[0],
        sessions_of(workspace, "jane"),
    )
    assert f"*{people} practiced.* You had {sessions} session" in str(own.blocks)
    assert f"{people} practiced. You had {sessions} session" in own.text
    average = re.search(r"Average score: ([0-9.]+) \((\d+) graded", post.text)
    assert average is not None
    assert f"Group {average[1]} ({average[2]} graded attempts)" in own.text
    west = {person.name for person in workspace.world.roster("West Coast")}
    assert not [name for name in west if name in own.text + str(own.blocks)]
    assert own.visible_to == workspace.user("jane")
    other = await workspace.press("bob", post, "See details")
    assert "You were not in the group then, so only its own figures are here." in other.text
    assert f"Average score: Group {average[1]}" in other.text
    elsewhere = await workspace.ask("jane", "me", "sales-practice")
    forged = workspace.press_of(
        "jane", elsewhere, "digest.details", button(post, "See details")["value"]
    )
    refused = await workspace.heard("jane", after=await workspace.act(forged))
    assert "Only an admin or a coach of this group" in refused.text
    details = await workspace.press("ana", post, "See details")
    assert details.visible_to == workspace.user("ana")
    assert "Jane Smith" in str(details.blocks)
    await coach(workspace, "jane", "West Coast")
    details = await workspace.press("jane", post, "See details")
    assert "Jane Smith" in str(details.blocks)
    assert posts(workspace) == [post]


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
    assert "16 – 22 March" in details.text
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
    assert "Jane Smith" in (await workspace.press("jane", post, "See details")).text
    await coach(workspace, "bob", "East Coast")
    assert "Jane Smith" not in (await workspace.press("bob", post, "See details")).text


@pytest.mark.begins(after=digest_of_west)
async def test_changed_before_it_is_posted_it_tells_of_the_new_week(workspace: Workspace) -> None:
    """What an attempt that failed was about is forgotten."""
    saved = saved_here(workspace)
    workspace.slack.fault("chat.postMessage", "fatal_error")
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    workspace.clock.now += timedelta(minutes=2)
    workspace.slack.fault("chat.postMessage", "team_access_not_granted")
    await deliver(workspace, workspace.clock.now)
    await edited(workspace, saved, rhythm="monthly 1st")
    await deliver(workspace, workspace.clock.now + timedelta(minutes=2))
    (post,) = posts(workspace)
    assert "February" in post.text
    assert "February" in (await workspace.press("ana", post, "See details")).text


@pytest.mark.begins(after=posted_on_monday)
async def test_manage_of_one_that_moved_shows_nobody_another_channel(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    (post,) = posts(workspace)
    await edited(workspace, saved, channel=workspace.channel("sales-practice"))
    await workspace.ask("ana", 'digest "East Coast" daily 8:00', "sales-practice")
    shown = await workspace.press("jane", post, "Manage")
    assert shown.text.startswith("No digest comes to #west-coast yet")
    await coach(workspace, "jane", "West Coast")
    shown = await workspace.press("jane", post, "Manage")
    assert shown.text == (
        "This digest comes to #sales-practice now: /exec digest list shows it there."
    )
    assert (await workspace.press("ana", post, "Manage")).text.startswith("2 digests\n")


@pytest.mark.begins(after=digest_of_west)
async def test_the_list_is_of_the_channel_and_for_admins_of_all(workspace: Workspace) -> None:
    await workspace.ask("ana", 'digest "East Coast" daily 8:00', "sales-practice")
    everything = await workspace.ask("ana", "digest list", "west-coast")
    assert everything.text.startswith("2 digests\n")
    here = await workspace.ask("jane", "digest list", "west-coast")
    assert here.text.startswith("1 digest in #west-coast\n")
    assert "East Coast" not in here.text


@pytest.mark.begins(after=digest_of_west)
async def test_a_preview_is_for_the_one_who_asked(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    preview = await workspace.press("ana", saved, "Preview")
    assert preview.visible_to == workspace.user("ana")
    assert preview.text.startswith(
        "West Coast, practice 9 – 15 March\nPreview: only you see this\n"
    )
    assert labels(preview) == []
    assert posts(workspace) == []


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
async def test_what_was_removed_is_gone(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    await workspace.press("ana", await workspace.press("ana", saved, "Remove"), "Remove")
    workspace.clock.now += timedelta(days=3)
    for label in ("Send now", "Preview", "Edit", "Remove"):
        pressed = button(saved, label)
        sent = workspace.press_of("ana", saved, pressed["action_id"], pressed["value"])
        gone = await workspace.heard("ana", saved.channel, after=await workspace.act(sent))
        assert gone.text == "This digest is gone. /exec digest list shows those that there are."
    await deliver(workspace, workspace.clock.now + timedelta(seconds=2))
    assert posts(workspace) == []


@pytest.mark.begins(after=digest_of_west)
async def test_pause_and_resume_in_the_list(workspace: Workspace) -> None:
    listed = await workspace.ask("ana", "digest list", "west-coast")
    paused = await workspace.press("ana", listed, "Pause")
    assert offered(paused) == ["Preview", "Send now", "Edit", "Resume", "Remove"]
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    resumed = await workspace.press("ana", paused, "Resume")
    assert "next: Mon 30 March at 9:00" in resumed.text
    await deliver(workspace, MONDAY_9 + timedelta(minutes=1))
    assert posts(workspace) == []


@pytest.mark.begins(after=digest_of_west)
async def test_edit_changes_it(workspace: Workspace) -> None:
    saved = saved_here(workspace)
    await workspace.press_only("ana", saved, "Edit")
    form = await filled(workspace, "ana")
    assert form.view["title"]["text"] == "Edit the digest"
    ack = await workspace.slack.submit(
        workspace.user("ana"),
        form.id,
        {"clock": "17:30", "channel": workspace.channel("sales-practice")},
    )
    assert not ack.view_errors
    changed = await workspace.heard("ana", "west-coast", after=ack)
    assert changed.text.startswith(
        "Changed. The digest of West Coast comes to #sales-practice every Monday at 17:30"
    )
    (one,) = await kept(workspace)
    assert (one.plan.schedule, name_of(workspace, one.plan.place)) == (
        "every monday 17:30",
        "sales-practice",
    )


NOT_TODAY = "Next: Mon 30 March at 15:00, Mon 6 April at 15:00 and Mon 13 April at 15:00."


@pytest.mark.begins(after=posted_on_monday)
async def test_moved_to_later_on_a_day_that_was_sent_it_comes_once_and_says_so(
    workspace: Workspace,
) -> None:
    saved = saved_here(workspace)
    workspace.clock.now = MONDAY_9 + timedelta(hours=1)
    await workspace.press_only("ana", saved, "Edit")
    form = await filled(workspace, "ana")
    user = workspace.user("ana")
    await workspace.slack.click(user, form.id, "clock", "15:00", values={"clock": "15:00"})
    await workspace.until(lambda: NOT_TODAY[:-1] in str(workspace.slack.views[user].view))
    ack = await workspace.slack.submit(user, form.id, {"clock": "15:00"})
    changed = await workspace.heard("ana", "west-coast", after=ack)
    assert NOT_TODAY in changed.text
    assert "next: Mon 30 March at 15:00" in (await workspace.ask("ana", "digest list")).text
    await deliver(workspace, MONDAY_9 + timedelta(hours=6, minutes=1))
    assert len(posts(workspace)) == 1
    await deliver(workspace, MONDAY_9 + timedelta(days=7, hours=5, minutes=1))
    assert len(posts(workspace)) == 2


@pytest.mark.begins(after=digest_of_west)
async def test_moved_to_later_on_a_day_that_failed_it_comes_then(
    open_workspace: MakeOffice,
) -> None:
    async with open_workspace(refusals_expected=True) as workspace:
        saved = saved_here(workspace)
        channel = workspace.slack.team.channel_called("west-coast")
        channel.has_bot = False
        workspace.slack.scopes.discard("chat:write.public")
        await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
        assert len(told(workspace, "ana")) == 1
        channel.has_bot = True
        workspace.clock.now = MONDAY_9 + timedelta(hours=1)
        changed = await edited(workspace, saved, clock="15:00")
        assert "Next: Mon 23 March at 15:00, Mon 30 March at 15:00" in changed.text
        await deliver(workspace, MONDAY_9 + timedelta(hours=6, seconds=1))
        (post,) = posts(workspace)
        assert "This was due" not in post.text
        await deliver(workspace, MONDAY_9 + timedelta(hours=6, minutes=5))
        assert posts(workspace) == [post]


@pytest.mark.begins(after=digest_of_west)
async def test_edited_while_it_is_paused_it_has_resume_beneath(workspace: Workspace) -> None:
    listed = await workspace.ask("ana", "digest list", "west-coast")
    changed = await edited(workspace, await workspace.press("ana", listed, "Pause"), clock="15:00")
    assert "It is paused: it won't be sent until you resume." in changed.text
    assert labels(changed) == ["Preview", "Resume", "Edit", "Remove"]
    resumed = await workspace.press("ana", changed, "Resume")
    assert "Next: Mon 23 March at 15:00" in resumed.text
    assert labels(resumed) == ["Preview", "Send now", "Edit", "Remove"]


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


TWIN = (
    "#west-coast has this digest already: West Coast, every Monday at 9:00 (Central European time)"
)


@pytest.mark.begins(after=digest_of_west)
async def test_edited_into_one_that_is_there_it_stays_as_it_was(workspace: Workspace) -> None:
    first = saved_here(workspace)
    workspace.clock.now += timedelta(seconds=1)  # the list is in the order of making
    other = await workspace.ask("ana", 'digest "West Coast" every friday 9:00', "west-coast")
    refused = await edited(workspace, other, rhythm="every monday")
    assert refused.text == f"{TWIN}, so I changed nothing."
    assert {one.plan.schedule for one in await kept(workspace)} == {
        "every monday 9:00",
        "every friday 9:00",
    }
    listed = await workspace.ask("ana", "digest list", "west-coast")
    await workspace.press("ana", listed, "Pause")
    refused = await edited(workspace, other, rhythm="every monday")
    assert refused.text.endswith("It is paused: press Resume in /exec digest list there.")
    assert (await edited(workspace, first, clock="10:00")).text.startswith("Changed.")


@pytest.mark.begins(after=digest_of_west)
async def test_the_list_has_remove_in_its_menu(workspace: Workspace) -> None:
    listed = await workspace.ask("ana", "digest list", "west-coast")
    asked = await workspace.press("ana", listed, "Remove")
    await workspace.press_only("ana", asked, "Cancel")
    await workspace.until(
        lambda: asked.ts not in [m.ts for m in workspace.seen("ana", "west-coast")]
    )
    assert len(await kept(workspace)) == 1


@pytest.mark.begins(after=digest_of_west)
async def test_without_the_bot_in_the_channel_it_pauses_and_its_owner_hears_of_it_once(
    open_workspace: MakeOffice,
) -> None:
    async with open_workspace(refusals_expected=True) as workspace:
        workspace.slack.team.channel_called("west-coast").has_bot = False
        workspace.slack.scopes.discard("chat:write.public")
        await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
        await deliver(workspace, MONDAY_9 + timedelta(minutes=2))
        await deliver(workspace, MONDAY_9 + timedelta(days=7))
        assert posts(workspace) == []
        (notice,) = told(workspace, "ana")
        assert "I am not in #west-coast." in notice.text
        assert "/invite" in notice.text
        (one,) = await kept(workspace)
        assert one.paused == "not_in_channel"
        workspace.slack.team.channel_called("west-coast").has_bot = True
        await workspace.press("ana", notice, "Resume")
        (one,) = await kept(workspace)
        assert one.is_on


CAME_IN = {
    "a guest": ("Gina Guest", "guests or people of another company in #west-coast"),
    "a crowd": ("crowd", "So many people are in #west-coast"),
}


@pytest.mark.begins(after=digest_of_west)
@pytest.mark.parametrize(("who", "says"), CAME_IN.values(), ids=CAME_IN)
async def test_who_came_into_the_channel_since_then_pauses_it(
    workspace: Workspace, who: str, says: str
) -> None:
    team = workspace.slack.team
    members = team.channel_called("west-coast").members
    before = list(members)
    if who == "crowd":
        crowd = [SlackUser(f"U7{n:03}", f"u{n}", f"U {n}") for n in range(200)]
        members.extend(team.add_user(each).id for each in crowd)
    else:
        members.append(who if who == "U0HIDDEN" else workspace.user(who))
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    await deliver(workspace, MONDAY_9 + timedelta(days=7))
    assert posts(workspace) == []
    (notice,) = told(workspace, "ana")
    assert says in notice.text
    assert "press Resume when they are gone" in notice.text or "a smaller channel" in notice.text
    refused = await workspace.press("ana", notice, "Resume")
    assert "guests" in refused.text
    members[:] = before
    await workspace.press("ana", notice, "Resume")
    (one,) = await kept(workspace)
    assert one.is_on


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
    for who in ("ana", "jane"):
        told = await workspace.press(who, post, "See details")
        assert told.text == "There is nothing to show: Exec has no such group."
    preview = await workspace.press_still("ana", saved_here(workspace), "Preview")
    assert preview.text == "Exec has no such group any more. Choose another one with Edit."


@pytest.mark.new_here
async def test_a_new_personal_best_is_told_once(
    workspace: Workspace,
) -> None:
    person = workspace.world.roster("West Coast")[2]
    for each in [each for each in workspace.world.sessions if each.user_id == person.id]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for days, score in ((80, 75), (20, 10), (15, 20), (3, 90)):
        at = MONDAY_9 - timedelta(days=days)
        workspace.world.add_session(person, scenario, at, score=score)
    await workspace.ask("ana", LINE, "west-coast")
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    best = f"{person.name}: {scenario.name}, up 15.0"
    assert best in post.text
    details = await workspace.press("ana", post, "See details")
    assert "never yet" not in details.text
    # A week later they are far above where they began, and have gained nothing new.
    workspace.world.add_session(person, scenario, NEXT_WEEK - timedelta(days=3), score=85)
    await deliver(workspace, NEXT_WEEK + timedelta(seconds=1))
    assert f"{person.name}: " not in posts(workspace)[1].text


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


async def test_assignments_older_than_the_rest_say_so(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    saved = await workspace.ask("ana", LINE, "west-coast")
    workspace.clock.now = MONDAY_9 - timedelta(hours=2)
    preview = await workspace.press("ana", saved, "Preview")
    assert "assignments updated" not in preview.text
    await workspace.press("bob", told(workspace, "bob")[0], "Preview")
    workspace.clock.now = MONDAY_9 - timedelta(minutes=40)
    await workspace.ask("ana", "sessions top 1")  # everybody's newest sessions are looked at again
    await deliver(workspace, MONDAY_9 - timedelta(minutes=29))
    message = told(workspace, "bob")[-1]
    assert ", assignments updated at 07:00" in message.text
    assert "  ·  assignments updated at 07:00" in footer(message)
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    assert ", assignments updated at 07:00" in post.text
    assert "  ·  assignments updated at 07:00" in footer(post)


async def removed_since_the_roster_was_read(workspace: Workspace, *people: Person) -> None:
    """The list of people has been read anew, as it is every few hours; the roster has not."""
    workspace.clock.now = MONDAY_9 - timedelta(hours=13)
    await workspace.ask("ana", 'sessions group:"West Coast" top 1', "west-coast")
    for person in people:
        workspace.world.remove_member(person.email)
    workspace.clock.now = MONDAY_9 - timedelta(hours=1)
    await workspace.ask("ana", "sessions top 1", "west-coast")


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
async def test_the_answer_to_a_question_comes_on_monday_once(workspace: Workspace) -> None:
    """With its filters, and each time for the newest period of its kind."""
    await deliver(workspace, MONDAY_9 - timedelta(seconds=1))
    assert posts(workspace) == []
    for at, month in ((MONDAY_9, "Feb"), (MONDAY_9 + timedelta(days=14, hours=-1), "Mar")):
        await deliver(workspace, at + timedelta(seconds=1))
        post = posts(workspace)[-1]
        assert ": West Coast, gold, last month, Sun 1 – " in post.text
        assert month in post.text
        assert "silver" not in post.text
        await deliver(workspace, at + timedelta(minutes=5))
    assert len(posts(workspace)) == 2
    assert "Mon 6 April at 9:00, sent" in (await workspace.ask("ana", "digest list")).text


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
    assert "This was due Monday 9:00 and comes late." in late.text
    assert "sent by Ana Costa" in by_hand.text
    assert "sent by" not in late.text
    listed = await workspace.press("ana", late, "Manage")
    assert GOLD_WORDS in listed.text
    # None of it is kept as an answer of hers.
    owned = stored_answer.c.user_id == workspace.user("ana")
    assert await workspace.bot.core.database.count(stored_answer, owned) == 0


@pytest.mark.begins(after=question_about_west)
async def test_the_same_question_at_another_hour_is_another_digest(workspace: Workspace) -> None:
    again = await workspace.ask("ana", GOLD, "west-coast")
    assert again.text.startswith(f"#west-coast has this digest already: {GOLD_WORDS}, every Mond")
    assert len(await kept(workspace)) == 1
    other = 'digest last month gold group:"West Coast" every friday 16:00'
    for line in (other, GOLD.replace("gold", "silver"), LINE):
        assert (await workspace.ask("ana", line, "west-coast")).text.startswith("Saved.")
    assert len(await kept(workspace)) == 4


FEW = "Results of fewer than three people are nothing for a whole channel."


async def test_of_fewer_than_three_people_nothing_is_posted(workspace: Workspace) -> None:
    for who, said in (
        ("ana", "sessions @jane last 7d"),
        ("ana", "@jane last 7d"),
        ("ana", "sessions me"),
        ("ana", "sessions @jane @bob"),
        ("jane", "sessions last 7d"),
        ("jane", "sessions me gold"),
    ):
        answer = await workspace.ask(who, f"digest {said} every monday 9:00", "west-coast")
        assert answer.text.startswith(FEW), said
    assert await kept(workspace) == []


async def test_who_may_not_see_all_of_it_has_it_not_posted(workspace: Workspace) -> None:
    await coach(workspace, "bob", "West Coast")
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    saved = await workspace.ask("bob", GOLD, "west-coast")
    assert saved.text.startswith("Saved.")
    east = await workspace.ask("bob", GOLD.replace("West", '"East Coast"'), "west-coast")
    assert not east.text.startswith("Saved.")
    # Judged anew at each delivery.
    await workspace.confirm("ana", 'coach remove @bob "West Coast"')
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    notice = told(workspace, "bob")[-1]
    # What it asked is not theirs to hear of any more.
    assert notice.text.startswith("a question about others in #west-coast, every Monday at 9:00")
    assert "may not see all of this practice any more" in notice.text
    (one,) = await kept(workspace)
    assert one.paused == "not_all_theirs"


@pytest.mark.begins(after=question_about_west)
async def test_a_question_about_what_is_gone_pauses_and_says_so(workspace: Workspace) -> None:
    del workspace.world.groups[workspace.world.group("West Coast").id]
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


async def question_form(workspace: Workspace, answer: Message) -> View:
    await workspace.press_only("ana", answer, "Post this every week here")
    return await filled(workspace, "ana")


async def test_an_answer_is_posted_every_week_with_all_its_filters(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions group:West gold last 30d", "west-coast")
    form = await question_form(workspace, answer)
    said = str(form.view)
    assert 'sessions group:"West Coast" gold last 30d' in said
    assert "Choose a group" not in said
    assert "Besides the figures" not in said
    ack = await workspace.slack.submit(workspace.user("ana"), form.id)
    saved = await workspace.heard("ana", "west-coast", after=ack)
    assert saved.text.startswith(
        "Saved. The answer to sessions: group West Coast, gold, last 30d comes to #west-coast"
    )
    (one,) = await kept(workspace)
    assert one.plan.ask == question_of(workspace, "gold last 30d")
    changed = await edited(workspace, saved, question='sessions group:"East Coast" silver last 7d')
    assert changed.text.startswith(
        "Changed. The answer to sessions: group East Coast, silver, last 7d comes to #west-coast"
    )


async def test_answers_offer_a_digest_to_those_who_may_have_one(workspace: Workspace) -> None:
    await coach(workspace, "bob", "West Coast")
    for who, may in (("ana", True), ("bob", True), ("jane", False)):
        answer = await workspace.ask(who, 'trend group:"West Coast"', "west-coast")
        assert ("Post this every week here" in offered(answer)) is may, who


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
