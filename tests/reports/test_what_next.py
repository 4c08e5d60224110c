"""What a person practices next."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from bot.reports.what_next import Choice, figures
from bot.storage.tables import scenario
from tests.reports.company import MONDAY, NOW, WEEK, Company
from tests.reports.feedback import grade, reads


async def test_what_is_overdue_the_longest_then_what_is_due_soonest(company: Company) -> None:
    await company.hire("ann", "ben")
    for days_ago, score in ((300, 81.25), (2, 70.0)):
        await company.session("ann", days_ago, score, "Pricing")
    await company.assign("ann", "Demo", due=NOW - timedelta(hours=1))  # today isn't over
    today = (await figures(company.asked(people=["ann"]))).choice
    assert today is not None
    assert (today.scenario, today.is_overdue, today.best) == ("Demo", False, None)
    await company.assign("ann", "Renewal", due=MONDAY - timedelta(days=2))
    await company.assign("ann", "Pricing", due=MONDAY - WEEK)
    late = (await figures(company.asked(people=["ann"]))).choice
    assert late is not None
    assert (late.scenario, late.is_overdue, late.best) == ("Pricing", True, Decimal("81.3"))


async def test_otherwise_what_needs_work_most_often_and_last(company: Company) -> None:
    await company.hire("ann")
    rows: tuple[tuple[str, dict[str, str]], ...] = (
        ("Demo", {}),
        ("Pricing", {"Closing": "bad"}),
        ("Demo", {"Closing": "bad", "Tone": "bad"}),
    )
    for days_ago, (on, grades) in enumerate(rows, 1):
        await grade(company, await company.session("ann", days_ago, 70.0, on), **grades)
    found = await figures(company.asked(people=["ann"], reads=reads(company)))
    assert found.choice is not None
    assert found.choice.theme is not None
    assert (found.choice.scenario, found.choice.theme.name) == ("Pricing", "Closing")
    assert (found.choice.theme.times, found.choice.theme.of) == (2, 3)


async def test_a_person_without_graded_sessions_starts_with_an_easy_one(company: Company) -> None:
    await company.hire("ann", "ben")
    await company.session("ann", 1)
    await company.session("ben", 1, 70.0)
    easy = {"difficulty": "easy", "visibility": "workspace", "url": "https://exec.test/1"}
    await company.db.write(sa.update(scenario).values(**easy))
    found = await figures(company.asked(people=["ann"], tasks_at=None))
    assert (found.choice, found.graded, found.knows_tasks) == (None, 0, False)
    assert found.easy == Choice("Cold Call", "https://exec.test/1")
    assert (await figures(company.asked(people=["ben"]))).easy is None
