"""Digests for channels: set up in a line or a form, changed, and delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo.exec_server import Fault
from bot.demo.slack_workspace import Message
from bot.people.coaches import Coach
from tests.conversations.acts import MONDAY_9, WEST_DIGEST, deliver, digest_form, dms, posts
from tests.workspace import Workspace, column, labels, offered, table

GOLD = "digest sessions group:West gold last month every monday 9:00"


async def coach(workspace: Workspace, who: str, group: str) -> None:
    """Make somebody a coach of a group."""
    person = workspace.world.person(f"{who}@acme.com")
    groups = frozenset({workspace.world.group(group).id})
    await workspace.bot.coaches.add(Coach(person.id, groups), by="admin")


async def save_digest(workspace: Workspace) -> Message:
    return await workspace.ask("ana", WEST_DIGEST, "west-coast")


async def post_on_monday(workspace: Workspace) -> Message:
    await deliver(workspace, MONDAY_9)
    (post,) = posts(workspace)
    return post


# Setting one up


async def test_the_form_updates_as_fields_change(workspace: Workspace) -> None:
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    form = await digest_form(workspace, "ana")
    user = workspace.user("ana")
    await workspace.slack.click(user, form.id, "rhythm", "daily", values={"rhythm": "daily"})
    await workspace.until(lambda: "Sat 21 March at 9:00" in str(workspace.slack.views[user].view))


async def test_a_group_among_too_many_for_a_menu_is_typed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.schedule_form.MOST_CHOICES", 1)
    await workspace.say("ana", 'digest "West Coast"', "west-coast")
    form = await digest_form(workspace, "ana")
    assert 'team group:"West Coast"' in str(form.view)
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, {})
    assert ack.view_errors == {}
    saved = await workspace.answer_to("ana", "west-coast", after=ack)
    assert saved.text.startswith("Saved. The West Coast digest posts in #west-coast")


# Looking after it


@pytest.mark.parametrize(
    ("away", "why"),
    [("exec", "I couldn't reach Exec for a day."), ("slack", "Slack didn't accept it for a day.")],
)
async def test_the_list_says_that_one_waits_and_why_it_was_not_sent(
    workspace: Workspace, away: str, why: str
) -> None:
    await save_digest(workspace)
    if away == "exec":
        workspace.exec.faults.append(Fault("status", times=None, status=503))
    else:
        workspace.slack.fault("chat.postMessage", "team_access_not_granted", times=30)
    await deliver(workspace, MONDAY_9)
    waiting = await workspace.ask("ana", "digest list", "west-coast")
    assert "Mon 23 March at 9:00: I'm still trying, next: Mon 30 March at 9:00" in waiting.text
    assert why not in waiting.text
    await deliver(workspace, MONDAY_9 + timedelta(hours=24, seconds=1))
    listed = await workspace.ask("ana", "digest list", "west-coast")
    assert "Mon 23 March at 9:00: not sent, next: Mon 30 March at 9:00" in listed.text
    assert why in listed.text


async def test_an_old_post_keeps_its_week_and_group_after_an_edit(workspace: Workspace) -> None:
    saved = await save_digest(workspace)
    post = await post_on_monday(workspace)
    details = await workspace.press("jane", post, "See details")
    assert "Mon 16 Mar – Sun 22 Mar" in details.text
    await workspace.press_only("ana", saved, "Edit")
    form = await digest_form(workspace, "ana")
    values = {
        "rhythm": "monthly 1st",
        "zone": "Asia/Tokyo",
        "group": workspace.world.group("East Coast").id,
        "channel": workspace.channel("sales-practice"),
    }
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, values)
    assert ack.view_errors == {}
    await workspace.bot.drain()
    assert (await workspace.press("jane", post, "See details")).text == details.text
    # The rights that count are those in the group of the post.
    await coach(workspace, "jane", "West Coast")
    assert "Sam Lee" in column(await workspace.press("jane", post, "See details"), "Who")
    await coach(workspace, "bob", "East Coast")
    refused = (await workspace.press("bob", post, "See details")).text
    assert not any(each.name in refused for each in workspace.world.roster("West Coast"))


async def test_an_owner_who_lost_the_right_can_still_pause_it(workspace: Workspace) -> None:
    team = workspace.slack.team
    team.channel_called("west-coast").members.append(workspace.user("bob"))
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    await workspace.ask("bob", WEST_DIGEST, "west-coast")
    await workspace.confirm("ana", 'coach remove @bob "West Coast"')
    assert "West Coast" in (await workspace.ask("ana", "digest list", "west-coast")).text
    assert offered(await workspace.ask("jane", "digest list", "west-coast")) == []
    listed = await workspace.ask("bob", "digest list", "west-coast")
    for label in ("Preview", "Send now", "Edit", "Pause"):
        shown = await workspace.press("bob", listed, label)
        assert "West Coast" not in f"{shown.text} {shown.blocks}"
    assert "paused" in (await workspace.ask("ana", "digest list", "west-coast")).text


# Groups and people that are gone


async def test_a_digest_of_a_group_of_two_is_paused(workspace: Workspace) -> None:
    saved = await save_digest(workspace)
    group = workspace.world.group("West Coast").id
    workspace.world.rosters[group] = set(sorted(workspace.world.rosters[group])[:2])
    workspace.clock.now = MONDAY_9 - timedelta(hours=1)
    preview = await workspace.press_still("ana", saved, "Preview")
    assert "results of three or more people" in preview.text
    await deliver(workspace, MONDAY_9)
    assert posts(workspace) == []
    (notice,) = dms(workspace, "ana")
    assert "results of three or more people" in notice.text


async def test_details_of_a_deleted_group_are_ones_own_sessions(workspace: Workspace) -> None:
    await save_digest(workspace)
    post = await post_on_monday(workspace)
    group = workspace.world.group("West Coast").id
    del workspace.world.groups[group], workspace.world.rosters[group]
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()
    details = await workspace.press("jane", post, "See details")
    assert len(table(details)) > 1
    others = {each.name for each in workspace.world.members.values()} - {"Jane Smith"}
    assert [name for name in others if name in f"{details.text} {details.blocks}"] == []


async def test_a_question_about_a_deleted_group_is_paused_until_it_is_edited(
    workspace: Workspace,
) -> None:
    await workspace.ask("ana", GOLD, "west-coast")
    del workspace.world.groups[workspace.world.group("West Coast").id]
    workspace.clock.now = MONDAY_9
    await workspace.bot.lists.sync()
    await deliver(workspace, MONDAY_9 + timedelta(hours=1))
    assert posts(workspace) == []
    (notice,) = dms(workspace, "ana")
    assert "gone from Exec" in notice.text
    await workspace.press_only("ana", notice, "Edit")
    views, user = workspace.slack.views, workspace.user("ana")
    await workspace.until(lambda: "will see this" in str(views.get(user)))
    question = {"question": 'sessions group:"East Coast" gold last month'}
    ack = await workspace.slack.submit(user, views[user].id, question)
    changed = await workspace.answer_to("ana", notice.channel, after=ack)
    assert changed.text.startswith("Saved. sessions: group East Coast, gold")


async def test_people_removed_from_exec_are_not_counted_as_absent(workspace: Workspace) -> None:
    """The list of members is newer than that of the group."""
    await save_digest(workspace)
    *others, gone = workspace.world.roster("West Coast")
    workspace.clock.now = MONDAY_9 - timedelta(hours=13)
    await workspace.bot.lists.use_teams((workspace.world.group("West Coast").id,))
    workspace.world.remove_member(gone.email)
    workspace.clock.now = MONDAY_9 - timedelta(hours=1)
    await workspace.bot.lists.sync()
    post = await post_on_monday(workspace)
    assert f" of {len(others)} practiced, " in post.text
    details = await workspace.press("ana", post, "See details")
    assert set(column(details, "Who")) == {person.name for person in others}


# What it says


async def test_a_post_says_who_asked_for_it_and_who_sent_it(workspace: Workspace) -> None:
    saved = await workspace.ask("ana", GOLD, "west-coast")
    assert "Preview: only you see this" in (await workspace.press("ana", saved, "Preview")).text
    await deliver(workspace, MONDAY_9 + timedelta(hours=2))
    await workspace.press("ana", await workspace.press("ana", saved, "Send now"), "Post now")
    await deliver(workspace, workspace.clock.now + timedelta(seconds=2))
    late, by_hand = posts(workspace)
    for post in (late, by_hand):
        assert "Posted for Ana Costa" in post.text
        assert labels(post) == ["Manage"]
    assert "This was due Mon 23 March at 9:00 and is late." in late.text
    assert "sent by Ana Costa" in by_hand.text
    assert "sent by" not in late.text
    listed = await workspace.press("ana", late, "Manage")
    assert "sessions: group West Coast, gold, last month" in listed.text


async def test_work_done_after_a_preview_is_not_called_overdue(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    saved = await save_digest(workspace)
    sunday = MONDAY_9 - timedelta(hours=23)
    workspace.clock.now = sunday
    assert "Assignments: 0 overdue" not in (await workspace.press("ana", saved, "Preview")).text
    preview = await workspace.press("bob", dms(workspace, "bob")[0], "Preview")
    assert " overdue" in preview.text
    west = {person.id for person in workspace.world.roster("West Coast")}
    for task in workspace.world.assignments:
        if task.user_id in west and task.due_date is not None and task.due_date < sunday:
            for minute in range(60, 63):
                when = sunday + timedelta(minutes=minute)
                workspace.world.add_session(task.user_id, task.scenario_id, when, score=99)
    await deliver(workspace, MONDAY_9 - timedelta(minutes=29))
    assert "overdue" not in dms(workspace, "bob")[-1].text
    post = await post_on_monday(workspace)
    assert "Assignments: 0 overdue" in post.text
