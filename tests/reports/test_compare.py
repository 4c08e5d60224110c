"""Two sides, the verdict, and what a channel sees of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.language.query import Kind, ResolvedQuery
from bot.language.sides import Side, Sides
from bot.mirror.query import Window
from bot.reports._asked import Asked
from bot.reports.compare import REPORT, Comparison, figures
from tests.reports.company import LAST_WEEK, MONDAY, NOW, THIS_WEEK, WEEK, Company

NOBODY = ResolvedQuery(None)


async def compared(one: Asked, two: Asked, kind: Any = Kind.GROUP) -> Comparison:
    sides = Sides(kind, Side("One", NOBODY), Side("Two", NOBODY))
    return await figures(replace(one, sides=sides, other=two))


async def practice(company: Company, who: str, *scores: float, days_ago: float = 1) -> None:
    for n, score in enumerate(scores):
        await company.session(who, days_ago + n / 100, score, rank="gold" if score > 90 else None)


async def test_a_row_per_side_with_its_figures(company: Company) -> None:
    await company.hire("ann", "ben")
    await practice(company, "ann", 82.1, 82.2, 95.0)
    await company.session("ann", 1)
    await practice(company, "ben", 70.0, 60.0)
    found = await compared(company.asked(people=["ann"]), company.asked(people=["ben"]), "person")
    one, two = found.rows
    assert (one.who, one.sessions, one.graded, one.average, one.gold) == (
        "One", 4, 3, Decimal("86.4"), 1
    )  # fmt: skip
    assert (one.first, one.last, one.lift) == (Decimal("95.0"), Decimal("82.1"), Decimal(0))
    assert (two.sessions, two.average, two.lift) == (2, Decimal("65.0"), Decimal("10.0"))
    titles = [each.title for each in REPORT.columns(found)]
    assert titles == [
        "Person", "Sessions", "Time", "Graded", "Average", "Gold", "First", "Last", "Lift"
    ]  # fmt: skip
    # Two graded sessions are too few for a verdict, and of two people a channel sees nothing.
    assert (found.ahead, found.is_close) == (None, False)
    assert REPORT.public(found) is None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("scores", "ahead", "is_close"),
    [
        pytest.param((70.0, 72.0, 74.0) * 3, "Two", False, id="clear"),
        pytest.param((84.0, 86.0, 88.0) * 3, None, True, id="close"),
        pytest.param((70.0, 72.0), None, False, id="few"),
    ],
)
async def test_the_verdict_needs_more_than_chance_explains(
    company: Company, scores: tuple[float, ...], ahead: str | None, is_close: bool
) -> None:
    await company.hire("ann", "ben")
    await practice(company, "ann", *(88.0, 90.0, 92.0) * 3)
    await practice(company, "ben", *scores)
    found = await compared(company.asked(people=["ben"]), company.asked(people=["ann"]))
    assert (found.ahead and found.ahead.who) == ahead
    assert found.is_close is is_close


async def test_periods_of_different_length_are_not_like_for_like(company: Company) -> None:
    await company.hire("ann")
    await practice(company, "ann", 80.0, 81.0, 82.0)
    now = MONDAY + timedelta(days=2, hours=12)
    asked = company.asked(THIS_WEEK, now=now)
    found = await compared(asked, company.asked(LAST_WEEK, now=now), "period")
    assert found.shorter is not None
    assert found.longer is not None
    assert (found.shorter.who, found.shorter.days, found.shorter.running) == (
        "One", Decimal("2.5"), True
    )  # fmt: skip
    assert (found.longer.days, found.longer.running) == (Decimal("7.0"), False)
    assert (await compared(asked, asked, "period")).shorter is None


async def test_no_verdict_with_a_period_that_is_not_all_stored(company: Company) -> None:
    await company.hire("ann")
    await practice(company, "ann", *(90.0,) * 6)
    await practice(company, "ann", *(50.0,) * 6, days_ago=8)
    before = replace(LAST_WEEK, start=MONDAY - 2 * WEEK, end=MONDAY - WEEK)
    for start, ahead in ((MONDAY - 3 * WEEK, "One"), (MONDAY - timedelta(days=10), None)):
        company.stored = Window(start, NOW)
        found = await compared(company.asked(), company.asked(before), "period")
        assert (found.ahead and found.ahead.who) == ahead


async def test_a_channel_sees_sides_of_three_people(company: Company) -> None:
    people = ["ann", "ben", "cat", "dan", "eve", "fay"]
    await company.hire(*people)
    await company.group("West", *people[:3])
    await company.group("East", *people[3:])
    await company.group("All", *people[:4])
    for who in people[:5]:
        await practice(company, who, 70.0, 80.0, 92.0)
    west, east = company.asked(group="West"), company.asked(group="East")
    told = REPORT.public(await compared(west, east))  # type: ignore[misc]
    assert told is not None
    assert (told.rows[0].people, told.rows[0].average, told.rows[0].gold) == (
        3, Decimal("80.7"), 3
    )  # fmt: skip
    assert told.rows[1].hidden
    assert told.rows[1].sessions is told.rows[1].average is None
    assert (told.ahead, told.is_close) == (None, False)
    # West taken from All would leave Dan's figures.
    both = await compared(company.asked(group="All"), west)
    assert REPORT.public(both) is None  # type: ignore[misc]


async def test_a_channel_sees_no_periods_that_overlap(company: Company) -> None:
    await company.hire("ann", "ben", "cat")
    for who in ("ann", "ben", "cat"):
        await practice(company, who, 70.0)
    await practice(company, "ann", 70.0, days_ago=8)
    longer = replace(LAST_WEEK, start=MONDAY - 2 * WEEK)
    found = await compared(company.asked(), company.asked(longer), "period")
    assert REPORT.public(found) is None  # type: ignore[misc]
    before = replace(longer, end=MONDAY - WEEK)
    found = await compared(company.asked(), company.asked(before), "period")
    assert REPORT.public(found) is not None  # type: ignore[misc]
