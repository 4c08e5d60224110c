"""How a team is doing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.language.query import Period, Rank
from bot.reports._report import Change
from bot.reports.team import REPORT, figures
from tests.reports.company import LAST_WEEK, MONDAY, NOW, ZONE, Company


async def test_a_team_counts_its_coaches_and_lists_the_others(company: Company) -> None:
    await company.hire("ann", "ben", "cat", "dan")
    await company.group("West", "ann", "ben", "cat", "dan")
    for who, days_ago, score in (("ann", 1, 80.0), ("ann", 2, 90.0), ("ben", 3, 71.0)):
        await company.session(who, days_ago, score, rank="gold" if score >= 90 else None)
    await company.session("dan", 4, 62.05)
    await company.session("dan", 5, valid=False)

    found = await figures(company.asked(group="West", coaches=["dan"]))

    assert (found.practiced, found.people, found.coaches) == (3, 4, 1)
    assert found.sums.average == Decimal("75.8")  # 75.7625
    assert (found.sums.graded, found.sums.incomplete, found.sums.waiting) == (4, 1, 0)
    assert (found.sums.gold, found.sums.without_rank) == (1, 3)
    assert [(row.who, row.sessions) for row in found.rows] == [("Ann", 2), ("Ben", 1), ("Cat", 0)]
    assert found.missing == ("Cat",)
    assert [row.note for row in found.rows] == ["", "", "silent"]


async def test_a_change_needs_three_graded_sessions_on_both_sides(company: Company) -> None:
    await company.hire("ann")
    for days_ago, score in ((1, 80.0), (2, 81.0), (3, 82.0), (8, 70.0), (9, 71.0)):
        await company.session("ann", days_ago, score)
    assert (await figures(company.asked())).change is None
    await company.session("ann", 10, 72.0)
    assert (await figures(company.asked())).change == Change(Decimal("10.0"), 3, 3)


async def test_nothing_is_compared_with_a_period_that_is_not_all_stored(company: Company) -> None:
    await company.hire("ann")
    for days_ago in (1, 2, 3, 8, 9, 10):
        await company.session("ann", days_ago, 70.0)
    company.stored = type(company.stored)(MONDAY - timedelta(days=9), NOW)
    assert (await figures(company.asked())).before is None


async def test_bests_run_over_all_attempts_whatever_is_asked(company: Company) -> None:
    await company.hire("jo", "ann")
    for days_ago, score, rank in ((40, 95.0, "gold"), (41, 90.0, "gold"), (2, 65.0, "bronze")):
        await company.session("jo", days_ago, score, rank=rank)
    for days_ago, score in ((20, 60.0), (21, 58.0), (3, 66.5)):
        await company.session("ann", days_ago, score, rank="bronze")
    asked = company.asked(ranks=(Rank.BRONZE,))
    found = await figures(asked)
    assert [(each.who, each.score, each.before) for each in found.bests] == [
        ("Ann", Decimal("66.5"), Decimal("60.0"))
    ]


async def test_a_channel_sees_results_of_three_people_or_more(company: Company) -> None:
    await company.hire("ann", "ben", "cat", "dan")
    for who in ("ann", "ben"):
        await company.session(who, 1, 80.0)
    await company.session("cat", 1)
    two = REPORT.public(await figures(company.asked()))  # type: ignore[misc]
    assert two is not None
    assert (two.sums.sessions, two.sums.average, two.sums.results) == (3, None, False)
    assert two.rows == ()
    assert two.missing == ()
    await company.session("dan", 1, 70.0)
    three = REPORT.public(await figures(company.asked()))  # type: ignore[misc]
    assert three is not None
    assert three.sums.average == Decimal("76.7")
    assert three.sums.best is None


async def test_nobody_is_silent_in_a_period_of_less_than_seven_days(company: Company) -> None:
    await company.hire("ann")
    for days, note in ((6, ""), (7, "silent")):
        period = Period(f"last {days}d", ZONE, NOW - timedelta(days=days), NOW, closed=True)
        found = await figures(company.asked(period))
        assert [row.note for row in found.rows] == [note]


async def test_somebody_who_sees_everybody_gets_a_row_per_group(company: Company) -> None:
    await company.hire("ann", "ben", "cat")
    await company.group("West", "ann", "ben")
    await company.group("East", "ben", "cat")
    for days_ago in (1, 2, 3):
        await company.session("ben", days_ago, 80.0)
    asked = company.asked(groups=tuple(company.groups.values()))
    found = await figures(asked)
    assert [(row.who, row.people, row.practiced, row.sessions) for row in found.rows] == [
        ("East", 2, 1, 3),
        ("West", 2, 1, 3),
    ]
    assert [row.change for row in found.rows] == ["new", "new"]
    assert found.sums.sessions == 3


async def test_sessions_of_people_who_left_are_counted_in_a_clause(company: Company) -> None:
    await company.hire("ann")
    await company.hire("old", role="removed")
    await company.session("ann", 1, 80.0)
    await company.session("old", 1, 10.0)
    found = await figures(company.asked(LAST_WEEK))
    assert (found.people, found.sums.sessions, found.outside) == (1, 1, 1)
    assert found.sums.average == Decimal("80.0")
