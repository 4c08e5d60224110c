from __future__ import annotations

import pytest

from tests.reports.no_change import measure


@pytest.mark.parametrize("sd", [8, 12, 20])
def test_of_people_who_do_not_change_hardly_any_is_said_to_have_slipped(sd):
    rates = measure(seed=1, weeks=20, sd=sd)
    assert rates.slipped <= 0.05 * rates.eligible
    assert rates.eligible > 300
    assert (rates.both, rates.all_slips) == (0, 0)


def test_no_gain_is_told_twice():
    rates = measure(seed=2, weeks=16)
    assert rates.gains > 100
    assert rates.retold == 0
