"""Questions about skills and collections: which sessions belong to them only Exec can tell."""

from __future__ import annotations

import pytest

from tests.conversations.truth import assert_tells, filters_of, truth
from tests.workspace import Workspace, footer

pytestmark = pytest.mark.acquainted

SKILL = "sessions skill:negotiation last 7d"
QUESTIONS = [
    SKILL,
    "sessions collection:onboarding-basics last 30d",
    'sessions @jane skill:"discovery questions" last 90d',
    "sessions skill:negotiation,closing last 7d gold",
    "sessions group:west skill:negotiation collection:customer-conversations last 30d",
    'sessions skill:negotiation scenario:"Renewal Save" last 30d',
]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_exec_is_asked_directly_and_not_again_for_ten_minutes(
    workspace: Workspace, question: str
) -> None:
    filters = await filters_of(workspace, "ana", question)
    workspace.forget()
    answer = await workspace.ask("ana", question)
    assert 1 <= len(workspace.asked()) <= 5
    assert all(("skill_ids" in each or "collection_ids" in each) for each in workspace.asked())
    rows = truth(workspace, filters)
    assert rows
    assert_tells(workspace, answer, rows)
    workspace.forget()
    workspace.clock.tick(590)
    workspace.world.add_session("jane@acme.com", "Renewal Save", workspace.clock(), score=91.0)
    again = await workspace.ask("ana", question)
    assert workspace.paths() == []
    assert "As of Fri 20 Mar 10:00" in footer(again)
    workspace.clock.tick(20)
    await workspace.ask("ana", question)
    assert 1 <= len(workspace.asked()) <= 5


async def test_refresh_asks_exec_again(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", SKILL)
    workspace.forget()
    workspace.clock.tick(60)
    workspace.world.add_session("jane@acme.com", "Renewal Save", workspace.clock(), score=91.0)
    workspace.clock.tick(5)
    fresh = await workspace.press("ana", answer, "Refresh")
    assert [each["skill_ids"] for each in workspace.asked()] == [
        workspace.world.skill("Negotiation").id
    ]
    filters = await filters_of(workspace, "ana", SKILL)
    assert_tells(workspace, fresh, truth(workspace, filters))


async def test_beyond_five_requests_it_tells_since_when(workspace: Workspace) -> None:
    for number in range(700):
        workspace.world.add_session(
            "jane@acme.com", "Renewal Save", workspace.clock(), score=number % 100
        )
        workspace.clock.tick(61)
    filters = await filters_of(workspace, "ana", SKILL)
    workspace.forget()
    answer = await workspace.ask("ana", SKILL)
    assert len(workspace.asked()) == 5
    assert "older sessions are not read yet" in answer.text
    newest = truth(workspace, filters)[: 5 * 99]  # the oldest row of a page comes with the next
    assert_tells(workspace, answer, newest, more=True)
    workspace.forget()
    whole = await workspace.press("ana", answer, "Read further back")
    assert 2 <= len(workspace.asked()) <= 4
    assert_tells(workspace, whole, truth(workspace, filters))
