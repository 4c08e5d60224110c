"""How a team is doing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.errors import NotAllowed
from bot.language.query import Period, Rank
from bot.reports._figures import Tally
from bot.reports._prepared import OwnSubject
from bot.reports._report import Change
from bot.reports.team import REPORT, figures
from tests.reports.company import DAY, MONDAY, NOW, ZONE, Company, in_channel


async def test_a_team_counts_its_coaches_and_lists_the_others(company: Company) -> None:
    company.hire("ann", "ben", "cat", "dan")
    company.group("West", "ann", "ben", "cat", "dan")
    for who, days_ago, score in (("ann", 1, 80.0), ("ann", 2, 90.0), ("ben", 3, 71.0)):
        company.session(who, days_ago, score, rank="gold" if score >= 90 else None)
    company.session("dan", 4, 62.05)
    company.session("dan", 5, valid=False)

    computed = await figures(company.prepared(group="West", coaches=["dan"]))

    assert (computed.sums.people, computed.people, computed.coaches) == (3, 4, 1)
    assert computed.sums.average == Decimal("75.8")  # 75.7625
    assert (computed.sums.graded, computed.sums.incomplete, computed.sums.waiting) == (4, 1, 0)
    assert (computed.sums.gold, computed.sums.without_rank) == (1, 3)
    rows = [(row.who, row.now.sessions, row.note) for row in computed.rows]
    assert rows == [("Ann", 2, ""), ("Ben", 1, ""), ("Cat", 0, "silent")]


async def change(company: Company) -> Change | None:
    computed = await figures(company.prepared())
    return computed.sums.change(computed.before)


async def test_a_change_needs_three_graded_sessions_on_both_sides(company: Company) -> None:
    company.hire("ann")
    company.sessions("ann", {1: 80, 2: 81, 3: 82, 8: 70, 9: 71})
    assert (await change(company)) is None
    company.session("ann", 10, 72)
    assert (await change(company)) == Change(Decimal("10.0"), 3, 3)
    with company.known(since=MONDAY - 9 * DAY):
        assert (await figures(company.prepared())).before is None


async def test_personal_bests_count_all_attempts_and_contradict_no_filter(
    company: Company,
) -> None:
    company.hire("jo", "ann")
    for days_ago, score, rank in ((40, 95.0, "gold"), (41, 90.0, "gold"), (2, 65.0, "bronze")):
        company.session("jo", days_ago, score, rank=rank)
    for days_ago, score in ((20, 60.0), (21, 58.0), (3, 66.5)):
        company.session("ann", days_ago, score, rank="bronze")
    assert (await figures(company.prepared(ranks=(Rank.BRONZE,)))).bests == ()
    computed = await figures(company.prepared())
    assert [(best.who, best.score, best.before) for best in computed.bests] == [
        ("Ann", Decimal("66.5"), Decimal("60.0"))
    ]


async def test_a_channel_sees_results_of_three_people_or_more(company: Company) -> None:
    company.hire("ann", "ben", "cat", "dan")
    company.session("ann", 1, 80)
    company.session("ben", 1, 80)
    company.session("cat", 1)
    two = in_channel(REPORT, await figures(company.prepared()))
    assert (two.sums.sessions, two.sums.average, two.sums.has_scores) == (3, None, False)
    assert two.rows == ()
    company.session("dan", 1, 70)
    three = in_channel(REPORT, await figures(company.prepared()))
    assert (three.sums.average, three.sums.best) == (Decimal("76.7"), None)


async def test_a_rep_sees_no_counts_of_two(company: Company) -> None:
    company.hire("ann", "ben")
    with pytest.raises(NotAllowed):
        await figures(company.prepared(only=OwnSubject("ann")))
    company.hire("cat")
    computed = await figures(company.prepared(only=OwnSubject("ann")))
    assert (computed.people, computed.rows) == (3, ())
    assert REPORT.in_channel(computed, own=True) is None


async def test_nobody_is_silent_in_a_period_of_less_than_seven_days(company: Company) -> None:
    company.hire("ann")
    for days, note in ((6, ""), (7, "silent")):
        period = Period(f"last {days}d", ZONE, NOW - days * DAY, NOW, closed=True)
        (row,) = (await figures(company.prepared(period))).rows
        assert row.note == note


async def test_people_who_see_everybody_get_a_row_per_group(company: Company) -> None:
    company.hire("ann", "ben", "cat")
    company.hire("old", role="removed")
    company.group("West", "ann", "ben")
    company.group("East", "ben", "cat")
    company.sessions("ben", {1: 80, 2: 80, 3: 80})
    company.session("old", 1, 10)
    computed = await figures(company.prepared(groups=tuple(company.groups.values())))
    assert [
        (row.who, row.people, row.now.people, row.now.sessions, row.change) for row in computed.rows
    ] == [("East", 2, 1, 3, "new"), ("West", 2, 1, 3, "new")]
    # People who left are only counted.
    assert (computed.people, computed.sums.sessions, computed.outside) == (3, 3, 1)
    assert computed.sums.average == Decimal("80.0")


def test_time_is_rounded_once() -> None:
    assert Tally(milliseconds=55_889_800).seconds == (15 * 60 + 31) * 60
    assert [Tally(milliseconds=ms).seconds for ms in (59_499, 59_500, 90_000)] == [59, 60, 120]
