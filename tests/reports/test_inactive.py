"""People who haven't practiced."""

from __future__ import annotations

from bot.reports.inactive import figures
from tests.reports.company import DAY, MONDAY, NOW, Company


async def test_the_longest_silent_come_first_and_coaches_only_count(company: Company) -> None:
    company.hire("ann", "ben", "cat", "dan")
    for who, days_ago in (("ann", 1), ("ben", 10), ("ben", 20), ("dan", 9)):
        company.session(who, days_ago)
    company.assign("ben", due=MONDAY - 2 * DAY)
    company.assign("cat", due=NOW)  # today isn't over yet

    computed = await figures(company.prepared(coaches=["dan"]))

    assert (computed.missing, computed.people, computed.coaches) == (3, 4, 1)
    assert [(row.who, row.last, row.before, row.overdue) for row in computed.rows] == [
        ("Cat", None, 0, 0),
        ("Ben", MONDAY - 10 * DAY, 1, 1),
    ]
