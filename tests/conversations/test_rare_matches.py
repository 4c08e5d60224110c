"""A question whose matches are rare looks no further, unasked, than any other."""

from __future__ import annotations

import pytest

from bot.mirror.filling import FEW_REQUESTS
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
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
