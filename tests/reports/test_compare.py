"""Two sides, the verdict, and what a channel sees of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import pytest

from bot.language.query import Kind, ResolvedQuery
from bot.language.sides import Side, Sides
from bot.reports._figures import NOTHING
from bot.reports._prepared import PreparedQuestion
from bot.reports.compare import REPORT, CompareFigures, figures
from tests.reports.company import DAY, LAST_WEEK, MONDAY, THIS_WEEK, WEEK, Company, in_channel

NOBODY = ResolvedQuery(None)
WEEK_BEFORE = replace(LAST_WEEK, start=MONDAY - 2 * WEEK, end=MONDAY - WEEK)


async def compared(
    first: PreparedQuestion,
    second: PreparedQuestion,
    kind: Kind | Literal["person", "period"] = Kind.GROUP,
) -> CompareFigures:
    sides = Sides(kind, Side("One", NOBODY), Side("Two", NOBODY))
    return await figures(replace(first, sides=sides, other=second))


def practice(company: Company, who: str, *scores: float, days_ago: float = 1) -> None:
    for n, score in enumerate(scores):
        company.session(who, days_ago + n / 100, score, rank="gold" if score > 90 else None)


async def test_each_side_has_a_row_of_figures(company: Company) -> None:
    company.hire("ann", "ben")
    practice(company, "ann", 82.1, 82.2, 95.0)
    company.session("ann", 1)
    practice(company, "ben", 70.0, 60.0)
    comparison = await compared(
        company.prepared(people=["ann"]), company.prepared(people=["ben"]), "person"
    )
    ann, ben = (row.tally or NOTHING for row in comparison.rows)
    assert (ann.sessions, ann.graded, ann.average, ann.gold) == (4, 3, Decimal("86.4"), 1)
    assert (ben.sessions, ben.average) == (2, Decimal("65.0"))
    # Two graded sessions are too few for a verdict, and a channel sees nothing of two people.
    assert (comparison.ahead, comparison.is_close) == (None, False)
    assert REPORT.in_channel(comparison, own=False) is None


@pytest.mark.parametrize(
    ("scores", "ahead", "is_close"),
    [
        pytest.param((70.0, 72.0, 74.0) * 3, 1, False, id="clear"),
        pytest.param((84.0, 86.0, 88.0) * 3, None, True, id="close"),
        pytest.param((70.0, 72.0), None, False, id="few"),
    ],
)
async def test_the_verdict_needs_more_than_chance_explains(
    company: Company, scores: tuple[float, ...], ahead: int | None, is_close: bool
) -> None:
    company.hire("ann", "ben")
    practice(company, "ann", *(88.0, 90.0, 92.0) * 3)
    practice(company, "ben", *scores)
    comparison = await compared(company.prepared(people=["ben"]), company.prepared(people=["ann"]))
    assert (comparison.ahead, comparison.is_close) == (ahead, is_close)


async def test_periods_of_different_length_are_not_like_for_like(company: Company) -> None:
    company.hire("ann")
    now = MONDAY + timedelta(days=2, hours=12)
    asked = company.prepared(THIS_WEEK, now=now)
    comparison = await compared(asked, company.prepared(LAST_WEEK, now=now), "period")
    assert comparison.is_unlike
    assert not (await compared(asked, asked, "period")).is_unlike


async def test_no_verdict_with_a_period_that_is_not_all_stored(company: Company) -> None:
    company.hire("ann")
    practice(company, "ann", *(90.0,) * 6)
    practice(company, "ann", *(50.0,) * 6, days_ago=8)
    for start, ahead in ((MONDAY - 3 * WEEK, 0), (MONDAY - 10 * DAY, None)):
        with company.known(since=start):
            comparison = await compared(company.prepared(), company.prepared(WEEK_BEFORE), "period")
        assert comparison.ahead == ahead


async def test_a_channel_sees_sides_of_three_people(company: Company) -> None:
    people = ["ann", "ben", "cat", "dan", "eve", "fay"]
    company.hire(*people)
    company.group("West", *people[:3])
    company.group("East", *people[3:])
    company.group("All", *people[:4])
    for who in people[:5]:
        practice(company, who, 70.0, 80.0, 92.0)
    west, east = company.prepared(group="West"), company.prepared(group="East")
    seen = in_channel(REPORT, await compared(west, east))
    shown, hidden = seen.rows
    assert shown.tally is not None
    assert (shown.tally.people, shown.tally.average) == (3, Decimal("80.7"))
    assert hidden.tally is None
    assert (seen.ahead, seen.is_close) == (None, False)
    # Subtracting West from All would reveal Dan's figures.
    both = await compared(company.prepared(group="All"), west)
    assert REPORT.in_channel(both, own=False) is None


async def test_a_channel_sees_no_periods_that_overlap(company: Company) -> None:
    company.hire("ann", "ben", "cat")
    for who in ("ann", "ben", "cat"):
        practice(company, who, 70.0)
    practice(company, "ann", 70.0, days_ago=8)
    for period, is_seen in ((replace(WEEK_BEFORE, end=MONDAY), False), (WEEK_BEFORE, True)):
        comparison = await compared(company.prepared(), company.prepared(period), "period")
        assert (REPORT.in_channel(comparison, own=False) is not None) is is_seen
