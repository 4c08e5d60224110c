"""Who hasn't practiced."""

from __future__ import annotations

from datetime import timedelta

from bot.reports.inactive import figures
from tests.reports.company import MONDAY, NOW, Company


async def test_the_longest_silent_come_first_and_coaches_only_count(company: Company) -> None:
    await company.hire("ann", "ben", "cat", "dan")
    await company.session("ann", 1)
    await company.session("ben", 10)
    await company.session("ben", 20)
    await company.session("dan", 9)
    await company.assign("ben", due=MONDAY - timedelta(days=2))
    await company.assign("cat", due=NOW)  # today isn't over yet

    found = await figures(company.asked(coaches=["dan"]))

    assert (found.missing, found.people, found.coaches) == (3, 4, 1)
    assert [(row.who, row.before, row.overdue) for row in found.rows] == [
        ("Cat", 0, 0),
        ("Ben", 1, 1),
    ]
    assert found.rows[0].last is None
    assert found.rows[1].last == MONDAY - timedelta(days=10)
