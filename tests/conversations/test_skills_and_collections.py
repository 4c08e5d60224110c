"""Questions about skills and collections: which sessions belong to them only Exec can tell."""

from __future__ import annotations

import pytest

from tests.conversations.truth import assert_tells, filters_of, truth
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted

SKILL = "sessions skill:negotiation last 7d"


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
