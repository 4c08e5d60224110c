"""What to practice next: one scenario, why, and the result to beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.demo.exec_server import Fault
from bot.demo.exec_shapes import session_detail
from bot.demo.slack_workspace import SlackUser
from bot.demo.world_things import Session, progress
from tests.conversations.test_private_scenarios import PRIVATE
from tests.workspace import NOW, Workspace, button, labels

pytestmark = pytest.mark.acquainted


def graded(workspace: Workspace, who: str) -> list[Session]:
    """The graded sessions of somebody up to now, newest first."""
    id_ = workspace.world.person(f"{who}@acme.com").id
    rows = [row for row in workspace.world.sessions if row.user_id == id_ and row.is_valid_attempt]
    rows = [row for row in rows if row.score is not None and row.created_at <= NOW]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def open_tasks(workspace: Workspace, who: str) -> list[tuple[datetime, str]]:
    """When what somebody may still do is due, and the scenario's id; the first first."""
    world, id_ = workspace.world, workspace.world.person(f"{who}@acme.com").id
    found = [task for task in world.assignments if task.user_id == id_ and task.due_date]
    done = ("completed", "did_not_pass")
    found = [task for task in found if progress(task, world.sessions, NOW).status not in done]
    return sorted((task.due_date, task.scenario_id) for task in found if task.due_date)


def without_tasks(workspace: Workspace) -> None:
    workspace.world.assignments[:] = []


def criteria(workspace: Workspace, rows: list[Session]) -> Iterator[tuple[str, Session]]:
    """What needs work in each of these sessions, the newest first."""
    for row in rows:
        for each in session_detail(workspace.world, row, ("evaluations",))["evaluations"]:
            if any(item["grade"] == "bad" for item in each["items"]):
                yield each["criterion_name"], row


async def test_otherwise_what_is_due_soonest(workspace: Workspace) -> None:
    (soonest, scenario_id), *_ = open_tasks(workspace, "bob")
    assert soonest > NOW
    told = await workspace.ask("bob", "what next")
    name = workspace.world.scenarios[scenario_id].name
    assert told.text.startswith(f"{name}, due {soonest:%a} {soonest.day} April\n")


async def test_otherwise_what_came_up_in_the_feedback_of_the_last_five(
    workspace: Workspace,
) -> None:
    without_tasks(workspace)
    last = graded(workspace, "sam")[:5]
    came = list(criteria(workspace, last))
    times = Counter(name for name, _ in came)
    ((name, count),) = times.most_common(1)
    row = next(row for each, row in came if each == name)
    scenario = workspace.world.scenarios[row.scenario_id]
    workspace.forget()
    told = await workspace.ask("sam", "what next")
    assert told.text.startswith(
        f"{scenario.name}, because {name} needed work in {count} of the last {len(last)} graded "
        "sessions"
    )
    assert button(told, "Practice")["url"] == scenario.url
    details = [path for path in workspace.paths() if path.startswith("/sessions/")]
    assert len(details) == len(set(details)) == len(last)
    workspace.forget()
    again = await workspace.ask("sam", "what next")
    assert again.text == told.text
    assert workspace.paths() == []


async def test_what_cannot_be_known_is_said(workspace: Workspace) -> None:
    without_tasks(workspace)
    workspace.exec.faults.append(Fault("status", None, path="/sessions/", status=500))
    told = await workspace.ask("sam", "what next")
    assert told.text.startswith("Nothing is due")
    assert "The feedback on the last sessions couldn't be read from Exec" in told.text


async def test_who_has_nothing_yet_hears_where_to_begin(workspace: Workspace) -> None:
    world = workspace.world
    world.add_member("Nora", "New", "nora.new@acme.com")
    nora = SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com", tz="Europe/Berlin")
    workspace.slack.team.add_user(nora)
    workspace.clock.tick(timedelta(days=1).total_seconds())
    told = await workspace.ask("nora.new", "what next")
    easy = sorted(
        each.name
        for each in world.scenarios.values()
        if (each.difficulty, each.visibility) == ("easy", "workspace")
    )
    assert told.text.startswith(f"Start with {easy[0]}\n")
    assert "No graded session on record." in told.text
    assert button(told, "Practice")["url"] == world.scenario(easy[0]).url


async def test_it_is_about_one_person_the_asker_may_see(workspace: Workspace) -> None:
    other = await workspace.ask("ana", "what should jane practice next")
    assert other.text.startswith("Jane Smith: ")
    assert "Practice" not in labels(other)
    one = await workspace.ask("ana", "what-next @jane @bob")
    assert one.text.startswith("I suggest what to practice for one person at a time.")
    refused = await workspace.ask("jane", "what should bob practice next")
    assert button(refused, "What next")
    # A scenario that others practiced, and that Exec does not show to all.
    scenario = workspace.world.scenario(PRIVATE)
    without_tasks(workspace)
    for who in ("jane", "priya", "sam"):
        told = await workspace.ask(who, "what next")
        ids = {row.scenario_id for row in graded(workspace, who)}
        assert PRIVATE not in told.text or scenario.id in ids
    guest = await workspace.ask("gina.guest", "what next")
    assert guest.text.startswith("Guests can't see practice results.")
