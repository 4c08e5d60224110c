"""One page before a one-to-one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.language.query import Kind, Named, Period
from bot.reports.prep import figures
from tests.reports.company import MONDAY, NOW, WEEK, ZONE, Company
from tests.reports.feedback import grade, reads

WEEKS = Period("last 4 weeks", ZONE, MONDAY - 4 * WEEK, MONDAY)


async def test_four_weeks_are_compared_with_the_four_before_by_scenario(company: Company) -> None:
    await company.hire("ann", "ben")
    scores = {"Cold Call": (80.05, 70.0), "Pricing": (50.0, 80.0), "Demo": (90.0, 90.0)}
    for scenario, (now, before) in scores.items():
        for n in range(3):
            await company.session("ann", 1 + n, now, scenario)
            await company.session("ann", 30 + n, before, scenario)
    await company.session("ann", 5, 99.0, "Renewal")
    await company.session("ben", 5, 99.0)
    await company.assign("ann", "Pricing", due=MONDAY - WEEK)
    await company.assign("ann", "Demo", due=NOW - timedelta(hours=1))  # today isn't over

    found = await figures(company.asked(WEEKS, people=["ann"]))

    assert found.before is not None
    assert (found.who, found.sums.sessions, found.before.sessions) == ("Ann", 10, 9)
    assert [(each.scenario, each.change.by) for each in found.up] == [
        ("Cold Call", Decimal("10.1"))
    ]
    assert [(each.scenario, each.change.by) for each in found.down] == [
        ("Pricing", Decimal("-30.0"))
    ]
    assert found.tasks is not None
    assert [task.scenario for task in found.tasks.overdue] == ["Pricing"]
    assert [task.scenario for task in found.tasks.due] == ["Demo"]


async def test_nothing_is_compared_with_what_is_not_all_stored(company: Company) -> None:
    await company.hire("ann")
    for days_ago in (1, 2, 3, 30, 31, 32):
        await company.session("ann", days_ago, 70.0 + days_ago)
    company.stored = type(company.stored)(MONDAY - timedelta(days=40), NOW)
    found = await figures(company.asked(WEEKS, people=["ann"], tasks_at=None))
    assert (found.before, found.up, found.down, found.tasks) == (None, (), (), None)


async def test_themes_come_up_more_than_once_in_the_last_five_graded_sessions(
    company: Company,
) -> None:
    await company.hire("ann")
    grades: tuple[dict[str, str], ...] = (
        {"Closing": "bad", "Opening": "good"},
        {"Closing": "bad", "Discovery": "bad"},
        {"Closing": "not_relevant", "Opening": "good"},
        {"Closing": "bad"},
        {},
        {"Discovery": "bad"},  # the sixth
    )
    for days_ago, each in enumerate(grades, 1):
        await grade(company, await company.session("ann", days_ago, 70.0), **each)
    found = await figures(company.asked(WEEKS, people=["ann"], reads=reads(company)))
    assert [(each.name, each.times, each.of) for each in found.themes.weak] == [("Closing", 3, 5)]
    assert [(each.name, each.times) for each in found.themes.strong] == [("Opening", 2)]


@pytest.mark.parametrize("is_narrowed", [False, True])
async def test_a_best_over_all_attempts_answers_no_question_about_some(
    company: Company, is_narrowed: bool
) -> None:
    await company.hire("ann")
    for days_ago, score in ((40, 60.0), (41, 60.0), (1, 80.0)):
        await company.session("ann", days_ago, score)
    names = (Named(Kind.SCENARIO, "cold call", "Cold Call"),) if is_narrowed else ()
    found = await figures(company.asked(WEEKS, people=["ann"], names=names))
    assert (found.best is None) == is_narrowed
