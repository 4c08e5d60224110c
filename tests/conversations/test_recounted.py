"""Figures of several reports, counted again by other means: plainly, over Exec's sessions."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from tests.conversations.truth import fields
from tests.workspace import Workspace

pytestmark = [pytest.mark.acquainted, pytest.mark.asyncio(loop_scope="module")]
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def written(number: Fraction | None) -> str:
    return "–" if number is None else f"{float(number):.1f}"


async def test_what_a_rolling_time_is_compared_with_stays(shared_workspace: Workspace) -> None:
    """However late an answer is, and whatever a millisecond does."""
    workspace = shared_workspace
    workspace.clock.tick(61)
    answer = await workspace.ask("ana", 'team "West Coast" last 2d')
    said = fields(answer)["Sessions"]
    for seconds in (0.0005, 1.0007):
        workspace.clock.tick(seconds)
        answer = await workspace.press("ana", answer, "Refresh")
        assert fields(answer)["Sessions"] == said
