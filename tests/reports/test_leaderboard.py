"""Places: who leads by what, who has no place, and what a channel sees."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.language.query import By, Period
from bot.reports._prepared import OwnSubject
from bot.reports.leaderboard import REPORT, LeaderboardFigures, figures
from tests.reports.company import DAY, MONDAY, Company, in_channel

SIX = ("ann", "bob", "cy", "dee", "eve", "fay")


def six(company: Company) -> None:
    """Six people, two with each best score: 60, 55 and 50."""
    company.hire(*SIX)
    for n, who in enumerate(SIX):
        company.session(who, 1 + n / 10, 50 + 5 * (n // 2))


def places(computed: LeaderboardFigures) -> list[tuple[int, str]]:
    return [(row.place, row.who) for row in computed.rows]


async def test_equals_share_a_place_and_a_limit_cuts_only_rows(company: Company) -> None:
    six(company)
    computed = await figures(company.prepared(by=By.BEST))
    tops = [(1, "Eve"), (1, "Fay")]
    assert places(computed) == [*tops, (3, "Cy"), (3, "Dee"), (5, "Ann"), (5, "Bob")]
    first = await figures(company.prepared(by=By.BEST, limit=1))
    assert (places(first), first.ranked) == (tops, 6)


async def test_five_graded_sessions_of_a_local_day_count(company: Company) -> None:
    """In New York, clocks change on March 8, which has 23 hours."""
    company.hire("ann", "bob")
    for at, n in (("2026-03-08T04:30", 3), ("2026-03-09T03:30", 5), ("2026-03-09T04:30", 3)):
        days_ago = (MONDAY - datetime.fromisoformat(at).replace(tzinfo=UTC)) / DAY
        for _ in range(n):
            company.session("ann", days_ago, 70)
    for _ in range(9):
        company.session("bob", 3, 60)
        company.session("bob", 4)
    march = Period("march", "", MONDAY - 14 * DAY)
    computed = await figures(company.prepared(march, zone="America/New_York"))
    assert [(row.who, row.value) for row in computed.rows] == [("Ann", 11), ("Bob", 5)]


async def test_an_average_and_a_lift_need_three_graded_sessions(company: Company) -> None:
    company.hire("ann", "bob", "cat")
    company.sessions("ann", {1: 80, 2: 70, 3: 60})
    company.sessions("bob", {1: 50.05, 2: 50.05, 3: 50.05})
    company.sessions("cat", {1: 90, 2: 90})
    for by, value in ((By.AVERAGE, "70.0"), (By.LIFT, "20.0")):
        computed = await figures(company.prepared(by=by))
        assert places(computed) == [(1, "Ann"), (2, "Bob")]
        assert (computed.rows[0].value, computed.fewer) == (Decimal(value), 1)
    assert computed.rows[0].lift is not None
    assert (computed.rows[0].lift.first, computed.rows[0].lift.last) == (Decimal(60), Decimal(80))


@pytest.mark.parametrize(("second", "is_close"), [(60, False), (78, True)])
async def test_two_averages_may_be_too_close_to_call(
    company: Company, second: float, is_close: bool
) -> None:
    company.hire("ann", "bob", "cat")
    for who, score in (("ann", 80), ("bob", second), ("cat", 30)):
        company.sessions(who, {0.5 + n / 2: score for n in range(9)})
    computed = await figures(company.prepared(by=By.AVERAGE, unnamed=frozenset({"ann"})))
    assert computed.close is is_close


async def test_times_that_read_the_same_share_a_place(company: Company) -> None:
    company.hire("ann", "bob")
    company.session("ann", 1, seconds=150)
    company.session("bob", 1, seconds=160)
    assert places(await figures(company.prepared(by=By.TIME))) == [(1, "Ann"), (1, "Bob")]
    assert (await figures(company.prepared(by=By.GOLD))).ranked == 0


async def test_a_rep_gets_their_own_place_among_more_than_five(company: Company) -> None:
    six(company)
    computed = await figures(company.prepared(by=By.BEST, only=OwnSubject("cy")))
    assert (places(computed), computed.ranked) == ([(3, "Cy")], 6)
    assert REPORT.in_channel(computed, own=False) is None
    five = company.prepared(by=By.BEST, people=SIX[:5], only=OwnSubject("cy"))
    assert (await figures(five)).rows == ()


async def test_people_who_coach_the_others_have_no_place(company: Company) -> None:
    six(company)
    computed = await figures(company.prepared(by=By.BEST, coaches=["eve"]))
    assert places(computed)[:2] == [(1, "Fay"), (2, "Cy")]
    assert computed.ranked == 5


async def test_a_channel_sees_five_people_who_may_be_named(company: Company) -> None:
    six(company)
    hidden = frozenset({"fay"})
    few = in_channel(REPORT, await figures(company.prepared(by=By.BEST, unnamed=hidden)))
    assert few.rows == ()
    company.hire("a1", "a2", name="Al")
    company.session("a1", 1, 99)
    company.session("a2", 1, 99)
    computed = await figures(company.prepared(by=By.BEST, unnamed=hidden))
    assert computed.rows[0].who == "Al (a1@acme.com)"
    assert places(in_channel(REPORT, computed)) == [
        *((1, "Al"), (1, "Al"), (3, "Eve"), (4, "Cy"), (4, "Dee"))
    ]
