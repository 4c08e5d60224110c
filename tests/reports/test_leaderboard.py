"""Places: who is ahead by what, who has none, and what a channel sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.language.query import By, Period
from bot.reports._asked import Asked, SelfOnly
from bot.reports._report import Column
from bot.reports.leaderboard import REPORT, Leaderboard, columns, figures, public
from tests.reports.company import MONDAY, Company
from tests.reports.said import said

SIX = ("ann", "bob", "cy", "dee", "eve", "fay")


async def six(company: Company) -> Company:
    """Six people, two with each best score: 60, 55 and 50."""
    await company.hire(*SIX)
    for n, who in enumerate(SIX):
        await company.session(who, 1 + n / 10, 50 + 5 * (n // 2))
    return company


async def first(asked: Asked) -> str:
    return said(REPORT, await figures(asked), asked)


def places(found: Leaderboard) -> list[tuple[int, str]]:
    return [(row.place, row.who) for row in found.rows]


async def test_equals_share_a_place_and_a_limit_cuts_rows_only(company: Company) -> None:
    await six(company)
    found = await figures(company.asked(by=By.BEST))
    assert places(found) == [
        *((1, "Eve"), (1, "Fay"), (3, "Cy"), (3, "Dee"), (5, "Ann"), (5, "Bob"))
    ]
    top = await figures(company.asked(by=By.BEST, limit=1))
    assert places(top) == [(1, "Eve"), (1, "Fay")]
    assert top.ranked == 6
    asked = company.asked(by=By.BEST, limit=1)
    assert await first(asked) == "Eve and Fay are tied for first with a best score of 60.0"
    assert said(REPORT, top, asked, "below") == "6 people are ranked."


async def test_five_graded_sessions_of_a_local_day_count(company: Company) -> None:
    """In New York clocks change on March 8, which has 23 hours."""
    await company.hire("ann", "bob")
    for at, n in (("2026-03-08T04:30", 3), ("2026-03-09T03:30", 5), ("2026-03-09T04:30", 3)):
        days_ago = (MONDAY - datetime.fromisoformat(at).replace(tzinfo=UTC)) / timedelta(days=1)
        for _ in range(n):
            await company.session("ann", days_ago, 70)
    for _ in range(9):
        await company.session("bob", 3, 60)
        await company.session("bob", 4)
    asked = company.asked(Period("march", "", MONDAY - timedelta(14)), zone="America/New_York")

    found = await figures(asked)

    assert [(row.who, row.value) for row in found.rows] == [("Ann", 11), ("Bob", 5)]
    assert [each.title for each in columns(found)] == ["Place", "Who", "Graded attempts"]
    assert await first(asked) == "Ann leads with 11 graded sessions"


async def test_an_average_and_a_lift_need_three_graded_sessions(company: Company) -> None:
    await company.hire("ann", "bob", "cat")
    for n in range(3):
        await company.session("ann", 1 + n, 80 - 10 * n)
        await company.session("bob", 1 + n, 50.05)
    for n in range(2):
        await company.session("cat", 1 + n, 90)
    for by, value in ((By.AVERAGE, "70.0"), (By.LIFT, "20.0")):
        found = await figures(company.asked(by=by))
        assert places(found) == [(1, "Ann"), (2, "Bob")]
        assert (found.rows[0].value, found.fewer) == (Decimal(value), 1)
    assert (found.rows[0].first, found.rows[0].last) == (Decimal("60.0"), Decimal("80.0"))
    assert {Column("First", "first", "score"), Column("Last", "last", "score")} < {*columns(found)}
    asked = company.asked(by=By.LIFT)
    assert await first(asked) == "Ann leads with a lift of +20.0 (first 60.0, last 80.0)"
    below = said(REPORT, found, asked, "below")
    assert below == "1 person has fewer than 3 graded sessions and isn't ranked."


@pytest.mark.parametrize(
    ("second", "line"),
    [
        (60, "Ann leads with an average of 80.0 (9 graded)"),
        (78, "Too close to call: Ann (80.0) and Bob (78.0)"),
    ],
)
async def test_two_averages_may_be_too_close_to_call(
    company: Company, second: float, line: str
) -> None:
    await company.hire("ann", "bob", "cat")
    for who, score in (("ann", 80), ("bob", second), ("cat", 30)):
        for n in range(9):
            await company.session(who, 0.5 + n / 2, score)
    assert await first(company.asked(by=By.AVERAGE)) == line
    found = await figures(company.asked(by=By.AVERAGE, unnamed=frozenset({"ann"})))
    assert (found.close, found.close_named) == (second == 78, False)


async def test_times_that_read_the_same_share_a_place(company: Company) -> None:
    await company.hire("ann", "bob")
    await company.session("ann", 1, seconds=150)
    await company.session("bob", 1, seconds=160)
    asked = company.asked(by=By.TIME)
    assert await first(asked) == "Ann and Bob are tied for first with 3 min of practice"
    assert await first(company.asked(by=By.GOLD)) == "Nobody is ranked"


async def test_one_alone_leads_nobody(company: Company) -> None:
    await company.hire("ann", "bob")
    await company.session("ann", 1, 90, rank="gold")
    assert await first(company.asked(by=By.GOLD)) == "Only Ann is ranked, with 1 gold"


async def test_a_rep_gets_their_own_place_among_more_than_five(company: Company) -> None:
    await six(company)
    asked = company.asked(by=By.BEST, only=SelfOnly("cy", groups=("West", "East")))
    found = await figures(asked)
    assert places(found) == [(3, "Cy")]
    assert await first(asked) == "You're number 3 of 6 by best in West and East"
    assert public(found) is None
    five = company.asked(by=By.BEST, people=SIX[:5], only=SelfOnly("cy", off=True))
    assert (await figures(five)).rows == ()
    assert await first(five) == "You aren't ranked"
    assert "more than five people" in said(REPORT, await figures(five), five, "below")


async def test_people_who_coach_the_others_have_no_place(company: Company) -> None:
    await six(company)
    found = await figures(company.asked(by=By.BEST, coaches=["eve"]))
    assert places(found)[:2] == [(1, "Fay"), (2, "Cy")]
    assert found.ranked == 5
    asked = company.asked(by=By.BEST, coaches=["eve"], only=SelfOnly("eve"))
    assert await first(asked) == "You aren't ranked among the people you coach"


async def test_a_channel_sees_five_of_those_who_may_be_named(company: Company) -> None:
    await six(company)
    hidden = frozenset({"fay"})
    few = public(await figures(company.asked(by=By.BEST, unnamed=hidden)))
    assert few is not None
    assert few.rows == ()
    await company.hire("a1", "a2", name="Al")
    for who in ("a1", "a2"):
        await company.session(who, 1, 99)
    for limit, shown in ((None, 5), (2, 2)):
        asked = company.asked(by=By.BEST, unnamed=hidden, limit=limit)
        found = await figures(asked)
        assert found.rows[0].who == "Al (a1@acme.com)"
        told = public(found)
        assert told is not None
        everybody = [(1, "Al"), (1, "Al"), (3, "Eve"), (4, "Cy"), (4, "Dee")]
        assert places(told) == everybody[:shown]
        assert not told.places
