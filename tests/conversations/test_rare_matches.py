"""A question whose matches are rare looks no further, unasked, than any other."""

from __future__ import annotations

import pytest

from bot.mirror.filling import FEW_REQUESTS
from tests.conversations.truth import STAFF_OUT, assert_tells, explained, truth
from tests.workspace import Workspace, labels

pytestmark = pytest.mark.acquainted


@pytest.mark.parametrize(
    "said",
    [
        "sessions score=0",
        "sessions best score<1",
        "sessions longest longer 9h top 5",
        "sessions valid invalid",
    ],
)
async def test_it_costs_a_few_requests(workspace: Workspace, said: str) -> None:
    assert len(workspace.world.sessions) > 1000
    await workspace.ask("ana", said)
    assert len(workspace.asked()) <= FEW_REQUESTS


@pytest.mark.new_here
async def test_it_says_how_far_it_looked_and_offers_the_rest(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions score=0")
    since = "counted since 16 Mar 17:45: older sessions are not read yet"
    assert answer.text.startswith(f"No sessions, {since}: Everyone, score 0")
    assert "Read further back" in labels(answer)
    whole = await workspace.press("ana", answer, "Read further back")
    assert_tells(workspace, whole, truth(workspace, STAFF_OUT, lambda row: row.score == 0))
    assert "Read further back" not in labels(whole)


async def test_explain_alone_explains_the_last_question(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions @jane gold last 7d")
    assert await explained(workspace, "ana", "") == {
        "user_emails": "jane@acme.com",
        "rank": "gold",
        "start_date": "2026-03-13T09:00:00Z",
        "end_date": "2026-03-20T09:00:00Z",
        "exclude_system_users": "true",
    }


async def test_how_an_answer_was_counted_is_said_in_words(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'sessions group:"West Coast" last 30d')
    group = workspace.world.group("West Coast").id
    rows = truth(workspace, {"group_ids": group, "start_date": "2026-02-18T09:00:00Z", **STAFF_OUT})
    valid = [row for row in rows if row.is_valid_attempt]
    scored = [row for row in valid if row.score is not None]
    assert 0 < len(scored) <= len(valid) < len(rows)
    workspace.forget()
    workspace.clock.tick(300)
    told = await workspace.press("ana", answer, "How was this counted?")
    assert workspace.paths() == []
    assert "GET" not in told.text
    dates = "Wed 18 Feb 10:00 – Fri 20 Mar 10:00, Central European time"
    invalid = len(rows) - len(valid)
    asked = f"{len(rows)} sessions: West Coast, last 30 days ({dates}). "
    assert told.text.startswith(f"How this was counted: {asked}")
    graded = f"Average and best use {len(scored)} graded attempts;"
    assert f"{graded} {invalid} incomplete one" in told.text
    assert told.text.endswith("Exec's own staff aren't counted. Checked 10:00.")


async def test_explain_of_what_was_not_asked_says_what_would_count(workspace: Workspace) -> None:
    told = await workspace.ask("ana", "explain sessions last 7d +system")
    assert told.text.endswith(
        "What counts: Average and best use graded attempts only. Exec's own staff count too."
    )
