"""A group's digest: what its channel sees."""

from __future__ import annotations

from decimal import Decimal

from bot.reports._report import Change
from bot.reports.digest import REPORT, figures
from tests.reports.company import MONDAY, THIS_WEEK, WEEK, Company, in_channel


async def test_a_channel_sees_counts_averages_and_bests_without_an_address(
    company: Company,
) -> None:
    company.hire("kim", "kim2", name="Kim")
    company.hire("ann", "ben")
    company.hire("old", role="removed")
    for who, score in (("kim", 80.0), ("ann", 70.05), ("ben", 60.0)):
        company.sessions(who, {1: score, 8: score - 10, 9: score - 20})
    company.session("old", 2, 10)
    computed = await figures(company.prepared())
    assert (computed.people, computed.outside) == (4, 1)
    assert (computed.sums.people, computed.sums.sessions) == (3, 3)
    assert computed.sums.average == Decimal("70.0")  # 70.0167, without the person who left
    assert computed.sums.change(computed.before) == Change(Decimal("15.0"), 3, 6)
    assert {best.name for best in computed.bests} == {"Kim", "Ann", "Ben"}
    assert REPORT.named is not None
    assert REPORT.named(computed) == {"kim", "ann", "ben"}
    hidden = await figures(company.prepared(unnamed=frozenset(("kim",))))
    assert {best.who for best in hidden.bests} == {"Ann", "Ben"}


async def test_results_of_fewer_than_three_people_are_hidden(company: Company) -> None:
    company.hire("ann", "ben", "cat")
    for days_ago in (1, 2, 8, 9):
        for who in ("ann", "ben"):
            company.session(who, days_ago, 90.0, rank="gold")
    company.session("cat", 3)
    seen = in_channel(REPORT, await figures(company.prepared()))
    assert (seen.sums.people, seen.sums.average, seen.sums.has_scores) == (3, None, False)
    assert seen.sums.change(seen.before) is None


async def test_weeks_that_are_not_stored_are_missing_and_never_zero(company: Company) -> None:
    company.hire("ann")
    company.sessions("ann", {1: 80, 8: 80, 22: 80})
    computed = await figures(company.prepared())
    assert [week.tally.sessions for week in computed.weeks] == [0, 0, 0, 0, 1, 0, 1, 1]
    assert computed.before is not None
    with company.known(since=MONDAY - 2.9 * WEEK):
        computed = await figures(company.prepared())
    assert [week.tally.sessions for week in computed.weeks] == [1, 1]
    with company.known(since=MONDAY - WEEK):
        computed = await figures(company.prepared())
    assert (computed.weeks, computed.before) == ((), None)


async def test_a_chart_has_whole_weeks_and_a_session(company: Company) -> None:
    company.hire("ann")
    company.session("ann", 80, 80)
    assert (await figures(company.prepared())).weeks == ()
    company.session("ann", 1, 80)
    weeks = (await figures(company.prepared())).weeks
    assert [week.tally.sessions for week in weeks] == [0, 0, 0, 0, 0, 0, 0, 1]
    # Beside a part of a week, its whole would reveal the rest.
    assert (await figures(company.prepared(THIS_WEEK))).weeks == ()
