"""Practice by day, week or month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.language.query import By, Period
from bot.messages import words
from bot.mirror.query import Window
from bot.reports._report import Part
from bot.reports.trend import MOST_CHARTED, REPORT, Trend, figures, public
from tests.reports.company import LAST_WEEK, MONDAY, ZONE, Company
from tests.reports.said import said


def since(days: float) -> Period:
    return Period("", ZONE, MONDAY - timedelta(days=days))


async def test_each_part_counts_its_sessions_people_and_average(company: Company) -> None:
    await company.hire("ann", "bob")
    for who, days_ago, score in (("ann", 8, 70), ("ann", 7.01, 80), ("bob", 9, 60.35)):
        await company.session(who, days_ago, score)
    await company.session("ann", 6.99, 90)
    await company.session("bob", 1)
    asked = company.asked(since(11), by=By.WEEK)

    found = await figures(asked)

    assert [(row.part, row.sessions, row.people, row.average) for row in found.rows] == [
        (Part(date(2026, 3, 2), By.WEEK, cut=True), 3, 2, Decimal("70.1")),
        (Part(date(2026, 3, 9), By.WEEK), 2, 2, Decimal("90.0")),
        (Part(date(2026, 3, 16), By.WEEK, cut=True, running=True), 0, 0, None),
    ]
    assert said(REPORT, found, asked) == "5 sessions by 2 people, average 75.1 (4 graded)"
    one = company.asked(since(11), people=["bob"])
    assert said(REPORT, await figures(one), one) == "2 sessions, average 60.4 (1 graded)"


@pytest.mark.parametrize(("days", "by"), [(2, By.DAY), (90, By.WEEK), (180, By.MONTH)])
async def test_the_parts_suit_the_length(company: Company, days: int, by: By) -> None:
    await company.hire("ann")
    await company.session("ann", 1)
    found = await figures(company.asked(since(days)))
    assert found.per is by
    assert len(found.charted) <= MOST_CHARTED


async def test_what_is_not_stored_is_missing_and_not_zero(company: Company) -> None:
    await company.hire("ann")
    await company.session("ann", 10)
    company.stored = Window(MONDAY - timedelta(days=13), MONDAY - timedelta(days=5))
    found = await figures(company.asked(since(40), by=By.WEEK))
    assert [(row.part, row.sessions) for row in found.rows] == [
        (Part(date(2026, 3, 2), By.WEEK, cut=True), 1),
        (Part(date(2026, 3, 9), By.WEEK, cut=True), 0),
    ]


async def test_all_time_begins_with_the_first_session(company: Company) -> None:
    await company.hire("ann")
    await company.session("ann", 9)
    found = await figures(company.asked(None, by=By.DAY))
    assert found.rows[0].part.first == date(2026, 3, 7)
    assert (await figures(company.asked(LAST_WEEK))).rows == ()


async def test_the_year_of_a_label_is_that_of_the_reader(company: Company) -> None:
    """It is 2026 in UTC, and 23:30 on December 31 in New York."""
    await company.hire("ann")
    now = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)
    await company.session("ann", 80)
    company.stored = replace(company.stored, end=now)
    period = Period("", "", now - timedelta(days=40))
    found = await figures(company.asked(period, zone="America/New_York", now=now, by=By.MONTH))
    labels = [words.part(row.part, "America/New_York", now) for row in found.rows]
    assert labels == ["Nov (part)", "Dec (so far)"]


async def test_a_channel_sees_no_average_of_two(company: Company) -> None:
    await company.hire("ann", "bob", "cat")
    for who, days_ago, score in (("ann", 8, 50), ("bob", 8, 50), ("ann", 1, 60), ("bob", 1, 60)):
        await company.session(who, days_ago, score)
    await company.session("cat", 1, 90)
    found = await figures(company.asked(since(14), by=By.WEEK))
    seen = public(found)
    assert [row.average for row in seen.rows] == [None, Decimal("70.0"), None]
    # From one over all, that of the first week could be computed.
    assert seen.sums.average is None
    assert seen.averaged == ()
    assert len(seen.charted) == 3
    whole: Trend = public(await figures(company.asked(LAST_WEEK, by=By.WEEK)))
    assert whole.sums.average == Decimal("70.0")
    assert whole.sums.best is None
