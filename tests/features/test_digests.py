"""Digests for channels: set up by command or form, changed, and delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo.exec_server import ExecFault
from bot.demo.slack_workspace import SlackMessage
from tests.office import Office, berlin
from tests.shown import column, labels, table

MONDAY_9 = berlin("2026-03-23 9:00")
WEST_DIGEST = 'digest "West Coast" every monday 9:00'

GOLD = "digest sessions group:West gold last month every monday 9:00"


async def save_digest(office: Office) -> SlackMessage:
    return await office.ask("ana", WEST_DIGEST, "west-coast")


async def post_on_monday(office: Office) -> SlackMessage:
    await office.at(MONDAY_9)
    (post,) = office.posts("west-coast")
    return post


# Setting one up


async def test_the_form_updates_as_fields_change(office: Office) -> None:
    await office.ask_only("ana", 'digest "West Coast"', "west-coast")
    form = office.form_of("ana")
    user = office.user("ana")
    await office.slack.click(user, form.id, "rhythm", "daily", values={"rhythm": "daily"})
    await office.drain()
    assert "Sat, March 21 at 9:00 AM" in str(office.form_of("ana").view)


async def test_in_a_direct_message_the_form_asks_for_the_channel(office: Office) -> None:
    await office.ask_only("ana", 'digest "West Coast" every friday 16:00', "")
    form = office.form_of("ana")
    assert "every friday" in str(form.view)
    assert list((await office.submit("ana", form)).view_errors) == ["channel"]
    ack = await office.submit("ana", form, {"channel": office.channel("west-coast")})
    assert ack.view_errors == {}


async def test_a_group_among_too_many_for_a_menu_is_typed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.schedule.form.MOST_CHOICES", 1)
    await office.ask_only("ana", 'digest "West Coast"', "west-coast")
    form = office.form_of("ana")
    assert 'team group:"West Coast"' in str(form.view)
    ack = await office.submit("ana", form)
    assert ack.view_errors == {}
    saved = await office.answer_to("ana", "west-coast", ack)
    assert saved.text.startswith("Saved. The West Coast digest posts in #west-coast")


async def test_a_group_that_is_misspelled_is_one_press_away(office: Office) -> None:
    asked = await office.ask("ana", 'digest "West Cost" every monday 9:00', "west-coast")
    saved = await office.press("ana", asked, "West Coast")
    assert saved.text.startswith("Saved. The West Coast digest posts in #west-coast every Monday")


# Managing it


@pytest.mark.parametrize(
    ("away", "why"),
    [("exec", "I couldn't reach Exec for a day."), ("slack", "Slack didn't accept it for a day.")],
)
async def test_the_list_says_that_one_waits_and_why_it_was_not_sent(
    office: Office, away: str, why: str
) -> None:
    await save_digest(office)
    if away == "exec":
        office.exec.faults.append(ExecFault("status", times=None, status=503))
    else:
        office.slack.fault("chat.postMessage", "team_access_not_granted", times=30)
    await office.at(MONDAY_9)
    waiting = await office.ask("ana", "digest list", "west-coast")
    assert (
        "Mon, March 23 at 9:00 AM: I'm still trying, next: Mon, March 30 at 9:00 AM" in waiting.text
    )
    assert why not in waiting.text
    await office.at(MONDAY_9 + timedelta(hours=24, seconds=1))
    listed = await office.ask("ana", "digest list", "west-coast")
    assert "Mon, March 23 at 9:00 AM: not sent, next: Mon, March 30 at 9:00 AM" in listed.text
    assert why in listed.text


async def test_an_old_post_keeps_its_week_and_group_after_an_edit(office: Office) -> None:
    saved = await save_digest(office)
    post = await post_on_monday(office)
    details = await office.press("jane", post, "See details")
    assert "Mon, Mar 16 – Sun, Mar 22" in details.text
    form = await office.form("ana", saved, "Edit")
    values = {
        "rhythm": "monthly 1st",
        "zone": "Asia/Tokyo",
        "group": office.world.group("East Coast").id,
        "channel": office.channel("sales-practice"),
    }
    ack = await office.submit("ana", form, values)
    assert ack.view_errors == {}
    assert (await office.press("jane", post, "See details")).text == details.text
    # The rights that count are those in the group of the post.
    await office.ask("ana", 'coach add @jane "West Coast"')
    assert "Sam Lee" in column(await office.press("jane", post, "See details"), "Who")
    await office.ask("ana", 'coach add @bob "East Coast"')
    refused = (await office.press("bob", post, "See details")).text
    assert not any(person.name in refused for person in office.world.roster("West Coast"))


async def test_an_owner_who_lost_the_right_can_still_pause_it(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("bob", WEST_DIGEST, "west-coast")
    await office.remove('coach remove @bob "West Coast"')
    assert "West Coast" in (await office.ask("ana", "digest list", "west-coast")).text
    assert labels(await office.ask("jane", "digest list", "west-coast")) == []
    listed = await office.ask("bob", "digest list", "west-coast")
    for label in ("Preview", "Send now", "Edit", "Pause"):
        shown = await office.press("bob", listed, label)
        assert "West Coast" not in f"{shown.text} {shown.blocks}"
    assert "paused" in (await office.ask("ana", "digest list", "west-coast")).text


# Groups and people that are gone


async def test_a_digest_of_a_group_of_two_is_paused(office: Office) -> None:
    saved = await save_digest(office)
    group = office.world.group("West Coast").id
    office.world.rosters[group] = set(sorted(office.world.rosters[group])[:2])
    office.clock.now = MONDAY_9 - timedelta(hours=1)
    preview = await office.press("ana", saved, "Preview")
    assert "results of three or more people" in preview.text
    await office.at(MONDAY_9)
    assert office.posts("west-coast") == []
    (notice,) = office.dms("ana")
    assert "results of three or more people" in notice.text


async def test_details_of_a_deleted_group_are_ones_own_sessions(office: Office) -> None:
    await save_digest(office)
    post = await post_on_monday(office)
    group = office.world.group("West Coast").id
    del office.world.groups[group], office.world.rosters[group]
    office.clock.tick(7 * 3600)
    await office.bot.exec.lists.sync()
    details = await office.press("jane", post, "See details")
    assert table(details)
    others = {member.name for member in office.world.members.values()} - {"Jane Smith"}
    assert [name for name in others if name in f"{details.text} {details.blocks}"] == []


async def test_a_question_about_a_deleted_group_is_paused_until_it_is_edited(
    office: Office,
) -> None:
    await office.ask("ana", GOLD, "west-coast")
    del office.world.groups[office.world.group("West Coast").id]
    office.clock.now = MONDAY_9
    await office.bot.exec.lists.sync()
    await office.at(MONDAY_9 + timedelta(hours=1))
    assert office.posts("west-coast") == []
    (notice,) = office.dms("ana")
    assert "gone from Exec" in notice.text
    form = await office.form("ana", notice, "Edit")
    question = {"question": 'sessions group:"East Coast" gold last month'}
    ack = await office.submit("ana", form, question)
    changed = await office.answer_to("ana", notice.channel, ack)
    assert changed.text.startswith("Saved. sessions: group East Coast, gold")


async def test_people_removed_from_exec_are_not_counted_as_absent(office: Office) -> None:
    """The list of members is newer than that of the group."""
    await save_digest(office)
    *others, gone = office.world.roster("West Coast")
    office.clock.now = MONDAY_9 - timedelta(hours=13)
    await office.bot.exec.lists.use_teams((office.world.group("West Coast").id,))
    office.world.remove_member(gone.email)
    office.clock.now = MONDAY_9 - timedelta(hours=1)
    await office.bot.exec.lists.sync()
    post = await post_on_monday(office)
    assert f" of {len(others)} practiced, " in post.text
    details = await office.press("ana", post, "See details")
    assert set(column(details, "Who")) == {person.name for person in others}


# What it says


async def test_a_post_says_who_asked_for_it_and_who_sent_it(office: Office) -> None:
    saved = await office.ask("ana", GOLD, "west-coast")
    assert "Preview: only you see this" in (await office.press("ana", saved, "Preview")).text
    await office.at(MONDAY_9 + timedelta(hours=2))
    await office.press("ana", await office.press("ana", saved, "Send now"), "Post now")
    await office.at(office.clock.now + timedelta(seconds=2))
    late, by_hand = office.posts("west-coast")
    for post in (late, by_hand):
        assert "Posted for Ana Costa" in post.text
        assert labels(post) == ["Manage"]
    assert "This was due Mon, March 23 at 9:00 AM and is late." in late.text
    assert "sent by Ana Costa" in by_hand.text
    assert "sent by" not in late.text
    listed = await office.press("ana", late, "Manage")
    assert "sessions: group West Coast, gold, last month" in listed.text


async def test_work_done_after_a_preview_is_not_called_overdue(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    saved = await save_digest(office)
    sunday = MONDAY_9 - timedelta(hours=23)
    office.clock.now = sunday
    assert "Assignments: 0 overdue" not in (await office.press("ana", saved, "Preview")).text
    preview = await office.press("bob", office.dms("bob")[0], "Preview")
    assert " overdue" in preview.text
    west = {person.id for person in office.world.roster("West Coast")}
    for task in office.world.assignments:
        if task.user_id in west and task.due_date is not None and task.due_date < sunday:
            for minute in range(60, 63):
                when = sunday + timedelta(minutes=minute)
                scenario = office.world.scenarios[task.scenario_id].name
                who = office.world.people[task.user_id].name
                office.practice(who, at=when, scenario=scenario, score=99)
    await office.at(MONDAY_9 - timedelta(minutes=29))
    assert "overdue" not in office.dms("bob")[-1].text
    post = await post_on_monday(office)
    assert "Assignments: 0 overdue" in post.text
