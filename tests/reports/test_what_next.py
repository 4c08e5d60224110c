"""What a person practices next."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from bot.reports.what_next import REPORT, NextScenario, figures
from bot.storage.tables import scenario
from tests.reports.company import DAY, MONDAY, NOW, WEEK, Company
from tests.reports.feedback import practice, with_feedback


async def test_the_longest_overdue_comes_first_then_the_soonest_due(company: Company) -> None:
    company.hire("ann")
    company.sessions("ann", {300: 81.25, 2: 70}, on="Pricing")
    company.assign("ann", "Demo", due=NOW)  # today isn't over
    today = (await figures(company.prepared(people=["ann"]))).choice
    assert today is not None
    assert (today.scenario, today.is_overdue, today.best) == ("Demo", False, None)
    company.assign("ann", "Renewal", due=MONDAY - 2 * DAY)
    company.assign("ann", "Pricing", due=MONDAY - WEEK)
    late = (await figures(company.prepared(people=["ann"]))).choice
    assert late is not None
    assert (late.scenario, late.is_overdue, late.best) == ("Pricing", True, Decimal("81.3"))


async def test_otherwise_the_weakest_theme_is_practiced(company: Company) -> None:
    company.hire("ann")
    practice(company, 1, "Demo")
    practice(company, 2, "Pricing", Closing="bad")
    practice(company, 3, "Demo", Closing="bad", Tone="bad")
    choice = (await figures(await with_feedback(REPORT, company.prepared(people=["ann"])))).choice
    assert choice is not None
    assert choice.theme is not None
    assert (choice.scenario, choice.theme.name) == ("Pricing", "Closing")
    assert choice.theme.times == 2


async def test_a_person_without_graded_sessions_starts_with_an_easy_one(company: Company) -> None:
    company.hire("ann", "ben")
    company.session("ann", 1)
    company.session("ben", 1, 70)
    easy = {"difficulty": "easy", "visibility": "workspace", "url": "https://exec.test/1"}
    await company.db.write(sa.update(scenario).values(**easy))
    computed = await figures(company.prepared(people=["ann"], tasks_at=None))
    assert (computed.graded, computed.knows_tasks) == (0, False)
    assert computed.choice == NextScenario("Cold Call", "https://exec.test/1", is_easy=True)
    assert (await figures(company.prepared(people=["ben"]))).choice is None
