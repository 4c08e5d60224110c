"""The report on scenarios: counted again by other means."""

from __future__ import annotations

from statistics import fmean

import pytest

from tests.conversations.truth import STAFF_OUT, truth
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted


async def test_over_all_time_it_is_what_happened(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "scenarios since 2020-01-01")
    rows = {row[0]: row for row in table(answer)[1:]}
    assert len(rows) > 5
    for scenario in workspace.world.scenarios.values():
        scores: dict[str, list[float]] = {}
        for each in reversed(truth(workspace, STAFF_OUT | {"scenario_ids": scenario.id})):
            if each.is_valid_attempt and each.score is not None:
                scores.setdefault(each.user_id, []).append(each.score)
        if not scores:
            assert scenario.name not in rows
            continue
        _, people, graded, *_, lift = rows.pop(scenario.name)
        assert (int(people), int(graded)) == (len(scores), sum(map(len, scores.values())))
        lifts = [max(own) - own[0] for own in scores.values() if len(own) > 1]
        assert float(lift) == pytest.approx(fmean(lifts), abs=0.0501)
    assert rows == {}
