"""Practice by day, week or month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.language.query import By, Period
from bot.reports._report import PeriodPart
from bot.reports.trend import MOST_CHARTED, REPORT, figures
from tests.reports.company import DAY, MONDAY, ZONE, Company, in_channel


def since(days: float) -> Period:
    return Period("", ZONE, MONDAY - days * DAY)


async def test_each_part_counts_its_sessions_people_and_average(company: Company) -> None:
    company.hire("ann", "bob")
    company.sessions("ann", {8: 70, 7.01: 80, 6.99: 90})
    company.session("bob", 9, 60.35)
    company.session("bob", 1)

    computed = await figures(company.prepared(since(11), by=By.WEEK))

    assert [
        (row.part, row.tally.sessions, row.tally.people, row.tally.average) for row in computed.rows
    ] == [
        (PeriodPart(date(2026, 3, 2), By.WEEK, cut=True), 3, 2, Decimal("70.1")),
        (PeriodPart(date(2026, 3, 9), By.WEEK), 2, 2, Decimal("90.0")),
        (PeriodPart(date(2026, 3, 16), By.WEEK, cut=True, running=True), 0, 0, None),
    ]
    assert (computed.sums.sessions, computed.sums.average) == (5, Decimal("75.1"))


@pytest.mark.parametrize(("days", "by"), [(2, By.DAY), (90, By.WEEK), (180, By.MONTH)])
async def test_the_parts_suit_the_length(company: Company, days: int, by: By) -> None:
    company.hire("ann")
    company.session("ann", 1)
    computed = await figures(company.prepared(since(days)))
    assert computed.per is by
    assert len(computed.charted) <= MOST_CHARTED


async def test_weeks_that_are_not_stored_are_missing_and_not_zero(company: Company) -> None:
    company.hire("ann")
    company.session("ann", 10)
    with company.known(MONDAY - 13 * DAY, MONDAY - 5 * DAY):
        computed = await figures(company.prepared(since(40), by=By.WEEK))
    assert [(row.part, row.tally.sessions) for row in computed.rows] == [
        (PeriodPart(date(2026, 3, 2), By.WEEK, cut=True), 1),
        (PeriodPart(date(2026, 3, 9), By.WEEK, cut=True), 0),
    ]


async def test_all_time_begins_with_the_first_session(company: Company) -> None:
    company.hire("ann")
    company.session("ann", 9)
    computed = await figures(company.prepared(None, by=By.DAY))
    assert computed.rows[0].part.first == date(2026, 3, 7)
    assert (await figures(company.prepared())).rows == ()


async def test_a_channel_sees_no_average_of_two(company: Company) -> None:
    company.hire("ann", "bob", "cat")
    for who in ("ann", "bob"):
        company.sessions(who, {8: 50, 1: 60})
    company.session("cat", 1, 90)
    seen = in_channel(REPORT, await figures(company.prepared(since(14), by=By.WEEK)))
    assert [row.tally.average for row in seen.rows] == [None, Decimal("70.0"), None]
    # An overall figure would reveal that of the first week.
    assert seen.sums.average is None
    assert seen.averaged == ()
    # A week of two people has no bar.
    assert [row.tally.sessions for row in seen.rows] == [None, 3, 0]
    assert seen.sums.sessions is None
    assert len(seen.charted) == 2
    whole = in_channel(REPORT, await figures(company.prepared(by=By.WEEK)))
    assert (whole.sums.average, whole.sums.best) == (Decimal("70.0"), None)
