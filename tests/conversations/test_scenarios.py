"""The report on scenarios: counted again by other means, and through each door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import fmean

import pytest

from bot.reports.gains import Lifts
from bot.reports.scenarios import REPORT, ScenarioFigures, ScenarioRow
from tests.conversations.truth import STAFF_OUT, average_of, truth
from tests.workspace import NOW, Workspace, table

pytestmark = pytest.mark.acquainted


def counted(workspace: Workspace, days: int) -> dict[str, tuple[int, int, str]]:
    """People, graded attempts and average of each scenario, straight from Exec's sessions."""
    since = NOW - timedelta(days=days)
    found: dict[str, list[tuple[str, float]]] = {}
    for each in workspace.world.sessions:
        is_own_staff = workspace.world.people[each.user_id].email.endswith("@exec.com")
        if each.created_at < since or not each.is_valid_attempt or is_own_staff:
            continue
        if each.score is not None:
            name = workspace.world.scenarios[each.scenario_id].name
            found.setdefault(name, []).append((each.user_id, each.score))
    return {
        name: (len({who for who, _ in own}), len(own), str(average_of([score for _, score in own])))
        for name, own in found.items()
    }


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


def test_few_peoples_results_stay_out_of_channels() -> None:
    many = ScenarioRow("Cold Call Opener", 3, 40, 78.4, 62.5, Lifts(70, 74, 6.5, -2, people=3))
    few = ScenarioRow("Pricing Push-back", 2, 9, 61.0, 22.2, Lifts(50, 60, 10, 0, people=2))
    assert REPORT.public is not None
    told = REPORT.public(ScenarioFigures((many, few), None, None)).rows
    assert told == (many, replace(few, average=None, silver=None, lifts=Lifts()))
