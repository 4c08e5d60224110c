"""A group's digest: what its channel sees."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.mirror.query import Window
from bot.reports._report import Change
from bot.reports.digest import REPORT, figures
from tests.reports.company import MONDAY, NOW, THIS_WEEK, WEEK, Company


async def test_a_channel_sees_counts_averages_and_bests_without_an_address(
    company: Company,
) -> None:
    await company.hire("kim", "kim2", name="Kim")
    await company.hire("ann", "ben")
    await company.hire("old", role="removed")
    for who, score in (("kim", 80.0), ("ann", 70.05), ("ben", 60.0)):
        await company.session(who, 1, score)
        await company.session(who, 8, score - 10)
        await company.session(who, 9, score - 20)
    await company.session("old", 2, 10.0)
    found = await figures(company.asked())
    assert (found.people, found.sums.people, found.sums.sessions, found.outside) == (4, 3, 3, 1)
    assert found.sums.average == Decimal("70.0")  # 70.0167, without who left
    assert found.change == Change(Decimal("15.0"), 3, 6)
    assert {each.who for each in found.bests} == {"Kim", "Ann", "Ben"}
    assert REPORT.named is not None
    assert REPORT.named(found) == {"kim", "ann", "ben"}
    hidden = await figures(company.asked(unnamed=frozenset(("kim",))))
    assert {each.who for each in hidden.bests} == {"Ann", "Ben"}


async def test_results_of_fewer_than_three_people_are_hidden(company: Company) -> None:
    await company.hire("ann", "ben", "cat")
    for days_ago in (1, 2, 8, 9):
        for who in ("ann", "ben"):
            await company.session(who, days_ago, 90.0, rank="gold")
    await company.session("cat", 3)
    found = await figures(company.asked())
    assert (found.sums.people, found.sums.average, found.sums.results) == (3, None, False)
    assert found.change is None
    assert [each.metric.label for each in found.lines] == ["Sessions", "Practice time"]


async def test_weeks_that_are_not_stored_are_missing_and_never_zero(company: Company) -> None:
    await company.hire("ann")
    for days_ago in (1, 8, 22):
        await company.session("ann", days_ago, 80.0)
    found = await figures(company.asked())
    assert [bar.sessions for bar in found.bars] == [0, 0, 0, 0, 1, 0, 1, 1]
    assert (found.charted_since, found.before is None) == (None, False)

    company.stored = Window(MONDAY - 3 * WEEK - timedelta(hours=1), NOW)
    found = await figures(company.asked())
    assert [bar.sessions for bar in found.bars] == [0, 1, 1]
    assert found.charted_since == company.stored.start

    company.stored = Window(MONDAY - WEEK, NOW)
    found = await figures(company.asked())
    assert [(bar.part.first.day, bar.sessions) for bar in found.bars][-2:] == [(14, 0), (15, 1)]
    assert found.before is None
    assert all(line.was is None for line in found.lines)


async def test_a_week_that_is_not_over_is_marked(company: Company) -> None:
    await company.hire("ann")
    await company.session("ann", 1, 80.0)
    bars = (await figures(company.asked(THIS_WEEK))).bars
    assert [bar.part.running for bar in bars] == [False] * 7 + [True]


@pytest.mark.parametrize("days_ago", [1, 80])
async def test_there_is_no_chart_of_weeks_without_a_session(
    company: Company, days_ago: int
) -> None:
    await company.hire("ann")
    await company.session("ann", days_ago, 80.0)
    assert bool((await figures(company.asked())).bars) is (days_ago == 1)
