"""Who and what counts in the messages about a group, whatever Exec lists beside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.slack_workspace import Message
from bot.demo.world_things import Assignment, Person, progress
from bot.exec_api.budget import Job
from tests.conversations.test_digests import LINE, MONDAY_9, coach, deliver, posts, told
from tests.workspace import NOW, Workspace, table

pytestmark = pytest.mark.acquainted

THE_20TH = datetime(2026, 3, 20, tzinfo=UTC)  # as Exec writes a day, and it is today


def task(workspace: Workspace, person: Person, scenario: str, attempts: int | None = None) -> None:
    """Something to practice by the 20th: for a gold, in so many attempts."""
    workspace.world.assignments.append(
        Assignment(
            id=f"task {len(workspace.world.assignments)}",
            user_id=person.id,
            scenario_id=workspace.world.scenario(scenario).id,
            due_date=THE_20TH,
            attempt_min=1,
            attempt_max=attempts,
            rank_min="gold",
            program_id=None,
            created_at=NOW - timedelta(days=1),
        )
    )


async def read_tasks(workspace: Workspace) -> None:
    """Read what everybody has to practice, as it is in Exec now."""
    people = tuple(workspace.world.members)
    await workspace.bot.lists.use_assignments(people, timedelta(), Job.PEOPLE)


async def test_what_is_due_on_a_day_is_in_time_until_it_ends_and_what_was_not_passed_is_told(
    workspace: Workspace,
) -> None:
    jane, sam = (workspace.world.person(f"{who}@acme.com") for who in ("jane", "sam"))
    workspace.world.assignments.clear()
    task(workspace, jane, "Renewal Save")
    task(workspace, sam, "Cold Call Opener", attempts=1)
    workspace.world.add_session(sam, "Cold Call Opener", NOW - timedelta(hours=1), score=60)
    stored = [
        progress(each, workspace.world.sessions, NOW).status for each in workspace.world.assignments
    ]
    assert stored == ["past_due", "did_not_pass"]
    await read_tasks(workspace)

    assert "Due next: Renewal Save today" in (await workspace.ask("jane", "me")).text
    assert "\nDid not pass: Cold Call Opener" in (await workspace.ask("sam", "me")).text
    await workspace.ask("ana", 'coach add @priya "West Coast"')
    preview = await workspace.press("priya", told(workspace, "priya")[0], "Preview")
    assert "Sam Lee first: no practice for 4 weeks; Cold Call Opener not passed." in preview.text
    assert "Due within 7 days: Jane Smith, Renewal Save, today." in preview.text
    saved = await workspace.ask("ana", LINE, "west-coast")
    words = "0 overdue, 1 did not pass, 1 due within 7 days"
    assert f"Assignments: {words}\n" in saved.text
    assert f"*Assignments*   {words}" in str(saved.blocks)

    workspace.clock.now = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert "Overdue: Renewal Save Fri 20 March" in (await workspace.ask("jane", "me")).text
    preview = await workspace.press("priya", told(workspace, "priya")[0], "Preview")
    assert "Jane Smith: Renewal Save was due Fri 20 March" in preview.text


def figures(post: Message) -> tuple[int, int, int]:
    """How many of how many people practiced in a posted week, and their sessions."""
    found = re.search(r"(?m)^(\d+) of (\d+) practiced, (\d+) session", post.text)
    assert found is not None, post.text
    practiced, people, sessions = map(int, found.groups())
    return practiced, people, sessions


async def test_who_sees_the_whole_group_sees_the_same_behind_a_post(workspace: Workspace) -> None:
    await workspace.ask("ana", LINE, "west-coast")
    await coach(workspace, "priya", "West Coast")
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    rows = table(await workspace.press("ana", post, "See details"))
    assert "Priya Nair" not in {row[0] for row in rows}  # who coaches them
    assert table(await workspace.press("priya", post, "See details")) == rows


async def test_execs_own_staff_are_nobodys_people_wherever_exec_puts_them(
    workspace: Workspace,
) -> None:
    world, west = workspace.world, workspace.world.group("West Coast")
    people = len(world.roster("West Coast"))
    staff = world.person("support@exec.com")
    world.rosters[west.id].add(staff.id)
    world.assignments.clear()
    task(workspace, staff, "Renewal Save")
    await read_tasks(workspace)
    saved = await workspace.ask("ana", LINE, "west-coast")
    assert figures(saved)[1] == people
    assert "Assignments: 0 overdue, 0 due within 7 days\n" in saved.text
    await workspace.ask("ana", 'coach add @priya "West Coast"')
    told_priya = told(workspace, "priya")[0]
    assert f"You can now see the practice of {people - 1} people." in told_priya.text
    await workspace.ask("ana", "coach add @priya support@exec.com")
    preview = await workspace.press("priya", told_priya, "Preview")
    everyone = f" of {people} practiced, you included"
    assert everyone in preview.text
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    details = await workspace.press("ana", post, "See details")
    assert len(table(details)[1:]) == people - 1  # without their coach
    message = told(workspace, "priya")[-1]
    assert everyone in message.text
    shown = await workspace.press("priya", message, "See everyone")
    for each in (post, details, preview, message, shown):
        assert "Support" not in each.text + str(each.blocks)


async def test_where_a_coach_reads_another_number_than_the_channel_a_word_says_why(
    workspace: Workspace,
) -> None:
    world = workspace.world
    joined = NOW - timedelta(days=2)
    world.add_member("Nora", "New", "nora@acme.com", groups=("West Coast",), at=joined)
    await workspace.ask("ana", LINE, "west-coast")
    await workspace.ask("ana", 'coach add @priya "West Coast"')
    workspace.clock.tick(21 * 3600)
    await workspace.bot.lists.sync()
    await deliver(workspace, MONDAY_9 - timedelta(minutes=29))
    message = told(workspace, "priya")[-1]
    coached = re.search(r"(\d+) of (\d+) practiced, you included", message.text)
    assert coached is not None, message.text
    assert "new, so not counted: Nora New" in message.text
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    (post,) = posts(workspace)
    assert figures(post)[1] == int(coached[2]) + 1
