"""Scenarios: how they went, and how far people came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.language.query import Period, Rank
from bot.reports.scenarios import REPORT, figures, public
from tests.reports.company import LAST_WEEK, MONDAY, ZONE, Company
from tests.reports.said import said


async def test_a_row_counts_the_period_and_lift_what_came_before(company: Company) -> None:
    await company.hire("ann", "bob", "cat")
    await company.session("ann", 20, 50.0, "Renewal")
    await company.session("ann", 2, 80.05, "Renewal", rank="silver")
    await company.session("ann", 1, 70.0, "Renewal", rank="bronze")
    await company.session("bob", 3, 60.0, "Renewal", rank="gold")
    await company.session("cat", 3, None, "Renewal")
    await company.session("cat", 3, 90.0, "Demo")
    await company.session("cat", 3, None, "Ungraded")
    asked = company.asked()

    found = await figures(asked)

    renewal, demo = found.rows
    assert (renewal.scenario, renewal.people, renewal.graded) == ("Renewal", 2, 3)
    assert renewal.average == Decimal("70.0")
    assert round(renewal.silver or 0) == 67
    assert (renewal.first, renewal.last) == (Decimal("50.0"), Decimal("70.0"))
    assert (renewal.lift, renewal.lifted) == (Decimal("30.1"), 1)
    assert (demo.scenario, demo.lift) == ("Demo", None)
    assert said(REPORT, found, asked) == "2 scenarios practiced"


async def test_the_hardest_is_named_if_enough_people_tried_it(company: Company) -> None:
    await company.hire("ann", "bob", "cat")
    for who in ("ann", "bob", "cat"):
        for n in (1, 2):
            await company.session(who, n, 71.7, "Security Review")
            await company.session(who, n, 80.0, "Demo")
    asked = company.asked(limit=1)
    assert said(REPORT, await figures(asked), asked) == "Hardest: Security Review, 71.7 (6 graded)"
    period = Period("last 1d", ZONE, MONDAY - timedelta(hours=1), MONDAY)
    empty = company.asked(period)
    assert said(REPORT, await figures(empty), empty) == "No graded sessions"


async def test_sessions_chosen_by_result_have_no_lift(company: Company) -> None:
    await company.hire("ann")
    for n, score in enumerate((90.0, 80.0)):
        await company.session("ann", 1 + n, score, rank="gold")
    (row,) = (await figures(company.asked(ranks=(Rank.GOLD,)))).rows
    assert (row.graded, row.lift) == (2, None)


async def test_a_channel_sees_results_of_three_people(company: Company) -> None:
    await company.hire("ann", "bob", "cat")
    for who in ("ann", "bob", "cat"):
        for n in (1, 2) if who != "cat" else (1,):
            await company.session(who, n, 70.0 + n, "Renewal")
    for who in ("ann", "bob"):
        await company.session(who, 1, 70.0, "Demo")
    renewal, demo = public(await figures(company.asked(LAST_WEEK))).rows
    assert (renewal.average, renewal.first, renewal.lift) == (Decimal("71.4"), None, None)
    assert (demo.graded, demo.average, demo.silver) == (2, None, None)
