"""Refresh looks at every row of an answer again, or says what that costs, or that it could not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.mirror.filling import FEW_REQUESTS
from bot.sandbox.exec_server import Fault
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import NOW, Workspace, column, footer, labels

BUTTON = "Refresh all of it"


async def test_what_costs_more_than_a_few_requests_is_said_first(workspace: Workspace) -> None:
    """New sessions come at once, and what was corrected after the button under them."""
    answer = await workspace.ask("ana", "sessions last 60d best")
    whole = await workspace.press("ana", answer, "Read further back")
    since = NOW - timedelta(days=50)
    rows = sorted(workspace.world.sessions, key=lambda row: row.created_at)
    old = [row for row in rows if row.created_at > since and row.score is not None]
    workspace.world.grade(old[0].id, 100.0)
    workspace.world.delete(old[1].id)
    workspace.world.add_session("jane@acme.com", "Renewal Save", NOW, score=99.5)
    workspace.clock.tick(5)
    workspace.forget()

    fresh = await workspace.press("ana", whole, "Refresh")
    assert len(workspace.asked()) <= FEW_REQUESTS
    assert "99.5" in column(fresh, "Score")
    said = "Only new sessions were read."
    assert said in fresh.text
    assert said in str(fresh.blocks)
    assert "Exec limit" not in fresh.text  # it is less than a tenth of what is left

    workspace.forget()
    again = await workspace.press("ana", fresh, BUTTON)
    assert len(workspace.asked()) > FEW_REQUESTS
    shown = truth(
        workspace, {**STAFF_OUT, "start_date": "2026-01-19T09:00:05Z", "sorting": "-score"}
    )
    assert_tells(workspace, again, shown)
    assert BUTTON not in labels(again)
    assert "oldest look" not in footer(again)
    assert said not in again.text


async def ana_has_it_all(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 60d")
    await workspace.press("ana", answer, "Read further back")


@pytest.mark.begins(after=ana_has_it_all)
async def test_more_than_are_left_are_not_offered(workspace: Workspace) -> None:
    whole = workspace.seen("ana")[-1]
    await workspace.leave_for_questions(4)
    workspace.clock.tick(5)
    fresh = await workspace.press("ana", whole, "Refresh")
    assert "uses more than is left of today's Exec limit, so ask about a shorter" in fresh.text
    assert BUTTON not in labels(fresh)


@pytest.mark.begins(after=ana_has_it_all)
async def test_a_button_pressed_when_too_few_are_left_says_so(workspace: Workspace) -> None:
    whole = workspace.seen("ana")[-1]
    workspace.clock.tick(5)
    fresh = await workspace.press("ana", whole, "Refresh")
    await workspace.leave_for_questions(4)
    told = await workspace.press("ana", fresh, BUTTON)
    assert told.text.startswith("Refreshing all of it uses more than is left of today's ")


async def test_where_exec_is_away_nothing_is_refreshed_and_that_is_said(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask("jane", "sessions last 7d")
    workspace.exec.faults.append(Fault("reset", None))
    workspace.clock.tick(120)
    fresh = await workspace.press("jane", answer, "Refresh")
    said = "As of 10:00, Exec can't be reached. Nothing was refreshed."
    assert said in fresh.text
    assert said in str(fresh.blocks)
    assert "refreshed" not in (await workspace.ask("jane", "sessions last 7d")).text

    workspace.exec.faults.clear()
    again = await workspace.press_still("jane", fresh, "Refresh")
    assert "Exec can't be reached" not in again.text
    assert "less than a minute ago" not in again.text
