"""Each scenario, counted again attempt by attempt."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.scenarios import REPORT
from tests.reports.given import WEEK, days, facts, figures, row_lists
from tests.reports.test_of_people import distinct, scores


def lifts(rows):
    """Best less first of each person with two graded attempts, the oldest first."""
    found = {}
    for row in sorted(rows, key=lambda row: (row.created_at, row.id)):
        if row.is_valid_attempt and row.score is not None and row.user.id:
            found.setdefault(row.user.id, []).append(row.score)
    return [max(own) - own[0] for own in found.values() if len(own) > 1]


@given(row_lists, st.sampled_from([None, days(-20)]))
def test_each_row_is_that_scenario_alone(rows, since):
    rows = [row for row in distinct(rows) if since is None or row.created_at >= since]
    found = figures(REPORT, facts(rows, since=since))
    inside = [row for row in rows if row.created_at in WEEK]
    up_to_now = [row for row in rows if row.created_at < WEEK.end]
    ids = {row.scenario.id for row in inside if scores([row]) and row.scenario.id}
    assert len(found.rows) == len(ids)
    assert [row.graded for row in found.rows] == sorted(
        (len(scores([r for r in inside if r.scenario.id == id_])) for id_ in ids), reverse=True
    )
    by_graded = {}
    for id_ in ids:
        own = [row for row in inside if row.scenario.id == id_ and scores([row])]
        good = sum(row.rank in ("gold", "silver") for row in own)
        rises = lifts([row for row in up_to_now if row.scenario.id == id_])
        by_graded.setdefault(len(own), []).append(
            (
                len({row.user.id for row in own}),
                pytest.approx(fmean(scores(own))),
                pytest.approx(100 * good / len(own)),
                pytest.approx(fmean(rises), abs=1e-6) if rises else None,
            )
        )
    for row in found.rows:
        cells = (row.people, row.average, row.silver, row.lifts.lift)
        assert any(cells == expected for expected in by_graded[row.graded])
