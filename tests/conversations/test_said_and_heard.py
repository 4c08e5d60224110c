"""The table "Said and heard" of the query language, to the letter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import NOW, Workspace, column

pytestmark = pytest.mark.acquainted

FILTERS = [
    pytest.param(
        "sessions @jane last 7d gold",
        {
            "user_emails": "jane@acme.com",
            "rank": "gold",
            "start_date": "2026-03-13T09:00:00Z",
            "end_date": "2026-03-20T09:00:00Z",
            **STAFF_OUT,
        },
        id="person, rolling period, rank",
    ),
    pytest.param(
        "sessions gold,silver @jane",
        {"user_emails": "jane@acme.com", "rank": "gold,silver", **STAFF_OUT},
        id="two ranks, no period",
    ),
    pytest.param(
        'sessions silver+ this week group:"West Coast"',
        {
            "group_ids": "{west}",
            "rank": "gold,silver",
            "start_date": "2026-03-15T23:00:00Z",
            "end_date": "2026-03-20T09:00:00Z",
            **STAFF_OUT,
        },
        id="rank or better, calendar week, group",
    ),
    pytest.param(
        "sessions on 2026-03-19 me",
        {
            "user_emails": "ana@acme.com",
            "start_date": "2026-03-18T23:00:00Z",
            "end_date": "2026-03-19T22:59:59.999Z",
            **STAFF_OUT,
        },
        id="a day, oneself",
    ),
    pytest.param(
        "sessions scenario:procurement-discovery best top 5",
        {"scenario_ids": "{scenario}", "sorting": "-score", **STAFF_OUT},
        id="scenario, best first, top 5",
    ),
    pytest.param(
        "sessions longest yesterday +system",
        {
            "sorting": "-duration",
            "start_date": "2026-03-18T23:00:00Z",
            "end_date": "2026-03-19T22:59:59.999Z",
        },
        id="longest first, with Exec's staff",
    ),
]


@pytest.mark.new_here
@pytest.mark.parametrize(("said", "asked"), FILTERS)
async def test_said_becomes_filters(workspace: Workspace, said: str, asked: dict[str, str]) -> None:
    """What is answered is what Exec has of it."""
    ids = {
        "{west}": workspace.world.group("West Coast").id,
        "{scenario}": workspace.world.scenario("Procurement Discovery").id,
    }
    filters = {name: ids.get(value, value) for name, value in asked.items()}
    ana = workspace.world.add_session("ana@acme.com", "Renewal Save", NOW - timedelta(days=1))
    workspace.world.grade(ana.id, 71.0)
    answer = await workspace.ask("ana", said)
    rows = truth(workspace, filters)
    assert rows
    assert_tells(workspace, answer, rows, top=5 if "top 5" in said else None)


async def test_a_day_of_23_hours(workspace: Workspace) -> None:
    edges = ("2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00Z")
    ends = ("2026-03-29T21:59:59.999Z", "2026-03-29T22:00:00Z")
    for at in (*edges, *ends):
        workspace.world.add_session(
            "jane@acme.com", "Renewal Save", datetime.fromisoformat(at), score=70.0
        )
    workspace.clock.tick(14 * 86400)
    answer = await workspace.ask("jane", "sessions on 2026-03-29 me")
    assert column(answer, "When") == ["Sun 29 Mar 23:59", "Sun 29 Mar 00:00"]
