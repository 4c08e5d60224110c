"""One page before a one-to-one."""

from __future__ import annotations

from decimal import Decimal

from bot.language.query import Kind, Period, ResolvedName
from bot.reports.prep import REPORT, figures
from tests.reports.company import DAY, MONDAY, NOW, WEEK, ZONE, Company
from tests.reports.feedback import practice, with_feedback

WEEKS = Period("last 4 weeks", ZONE, MONDAY - 4 * WEEK, MONDAY)


async def test_four_weeks_are_compared_with_the_four_before_by_scenario(company: Company) -> None:
    company.hire("ann", "ben")
    scores = {"Cold Call": (80.05, 70.0), "Pricing": (50.0, 80.0), "Demo": (90.0, 90.0)}
    for scenario, (now, before) in scores.items():
        for n in range(3):
            company.sessions("ann", {1 + n: now, 30 + n: before}, on=scenario)
    company.session("ann", 5, 99, "Renewal")
    company.session("ben", 5, 99)
    company.assign("ann", "Pricing", due=MONDAY - WEEK)
    company.assign("ann", "Demo", due=NOW)  # today isn't over

    computed = await figures(company.prepared(WEEKS, people=["ann"]))

    assert computed.before is not None
    assert (computed.sums.sessions, computed.before.sessions) == (10, 9)
    moves = [(move.scenario, move.change.by) for move in (*computed.up, *computed.down)]
    assert moves == [("Cold Call", Decimal("10.1")), ("Pricing", Decimal("-30.0"))]
    assert [task.scenario for task in computed.row.overdue] == ["Pricing"]
    assert [task.scenario for task in computed.due_soon or ()] == ["Demo"]

    with company.known(since=MONDAY - 40 * DAY):
        computed = await figures(company.prepared(WEEKS, people=["ann"], tasks_at=None))
    assert (computed.before, computed.up, computed.down, computed.due_soon) == (None, (), (), None)


async def test_themes_come_up_more_than_once_in_the_last_five_graded_sessions(
    company: Company,
) -> None:
    company.hire("ann")
    grades: tuple[dict[str, str], ...] = (
        {"Closing": "bad", "Opening": "good"},
        {"Closing": "bad", "Discovery": "bad"},
        {"Closing": "not_relevant", "Opening": "good not_relevant"},
        {"Closing": "bad"},
        {},
        {"Discovery": "bad"},  # the sixth
    )
    for days_ago, criteria in enumerate(grades, 1):
        practice(company, days_ago, "Demo", **criteria)
    computed = await figures(await with_feedback(REPORT, company.prepared(WEEKS, people=["ann"])))
    assert [(theme.name, theme.times) for theme in computed.themes.weak] == [("Closing", 3)]
    assert computed.themes.read == 5
    assert [(theme.name, theme.times) for theme in computed.themes.strong] == [("Opening", 2)]


async def test_a_personal_best_is_no_answer_about_one_scenario(company: Company) -> None:
    """A best counts all attempts, whatever the question filters."""
    company.hire("ann")
    company.sessions("ann", {40: 60, 41: 60, 1: 80})
    assert (await figures(company.prepared(WEEKS, people=["ann"]))).row.best is not None
    names = (ResolvedName(Kind.SCENARIO, "cold call", "Cold Call"),)
    assert (await figures(company.prepared(WEEKS, people=["ann"], names=names))).row.best is None
