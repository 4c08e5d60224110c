"""Scenarios: how they went, and how much people improved."""

from __future__ import annotations

from decimal import Decimal

from bot.language.query import Rank
from bot.reports._figures import Lifts
from bot.reports.scenarios import REPORT, figures
from tests.reports.company import Company, in_channel


async def test_a_row_counts_the_period_and_lift_counts_what_came_before(company: Company) -> None:
    company.hire("ann", "bob", "cat")
    company.session("ann", 20, 50, "Renewal")
    company.session("ann", 2, 80.05, "Renewal", rank="silver")
    company.session("ann", 1, 70, "Renewal", rank="bronze")
    company.session("bob", 3, 60, "Renewal", rank="gold")
    company.session("cat", 3, None, "Renewal")
    company.session("cat", 3, 90, "Demo")
    company.session("cat", 3, None, "Ungraded")

    renewal, demo = (await figures(company.prepared())).rows

    assert (renewal.scenario, renewal.tally.graded_people, renewal.tally.graded) == (
        "Renewal",
        2,
        3,
    )
    assert renewal.tally.average == Decimal("70.0")
    assert round(renewal.silver or 0) == 67
    assert renewal.lift == Lifts(
        Decimal("50.0"), Decimal("70.0"), Decimal("30.1"), Decimal("-10.1"), people=1
    )
    assert (demo.scenario, demo.lift.lift) == ("Demo", None)


async def test_the_hardest_is_named_if_enough_people_tried_it(company: Company) -> None:
    company.hire("ann", "bob", "cat")
    for who in ("ann", "bob", "cat"):
        company.sessions(who, {1: 71.7, 2: 71.7}, on="Security Review")
        company.sessions(who, {1: 80, 2: 80}, on="Demo")
    company.session("ann", 1, 60, on="Tried once")
    hardest = (await figures(company.prepared(limit=1))).hardest
    assert hardest is not None
    assert (hardest.scenario, hardest.tally.graded) == ("Security Review", 6)


async def test_sessions_chosen_by_result_have_no_lift(company: Company) -> None:
    company.hire("ann")
    for days_ago, score in ((1, 90.0), (2, 80.0)):
        company.session("ann", days_ago, score, rank="gold")
    (row,) = (await figures(company.prepared(ranks=(Rank.GOLD,)))).rows
    assert (row.tally.graded, row.lift) == (2, Lifts())


async def test_a_channel_sees_results_of_three_people(company: Company) -> None:
    company.hire("ann", "bob", "cat")
    for who in ("ann", "bob"):
        company.sessions(who, {1: 71, 2: 72}, on="Renewal")
        company.session(who, 1, 70, "Demo")
    company.session("cat", 1, 71, "Renewal")
    renewal, demo = in_channel(REPORT, await figures(company.prepared())).rows
    assert (renewal.tally.average, renewal.lift) == (Decimal("71.4"), Lifts(people=2))
    assert not demo.tally.has_scores
    assert (demo.tally.average, demo.silver) == (None, None)
