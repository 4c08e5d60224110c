"""First, last and best scores, by person and scenario."""

from __future__ import annotations

from decimal import Decimal

from bot.reports._figures import Progress
from bot.reports.progress import OF_PEOPLE, REPORT, figures
from tests.reports.company import DAY, MONDAY, Company, in_channel


def practice(company: Company) -> None:
    company.hire("ann", "bob", "cat", "dan")
    company.sessions("ann", {20: 50, 2: 80, 1: 70})
    company.sessions("bob", {2: 60, 1: 65})
    company.sessions("cat", {1: 90})
    company.sessions("dan", {2: 10, 1: 99})
    company.session("cat", 20, 99, "Renewal")


async def test_the_furthest_come_first_and_one_attempt_has_no_lift(company: Company) -> None:
    practice(company)
    computed = await figures(company.prepared(coaches=["dan"]))
    cells = [tuple(column.of(row) for column in OF_PEOPLE) for row in computed.rows]
    assert cells == [
        ("Ann", 1, 3, Decimal(50), Decimal(70), Decimal(30), Decimal(-10)),
        ("Bob", 1, 2, Decimal(60), Decimal(65), Decimal(5), Decimal(0)),
        ("Cat", 1, 1, None, None, None, None),
    ]
    assert (computed.count, computed.lifts.lift, computed.lifts.people) == (3, Decimal("17.5"), 2)


async def test_one_person_gets_a_row_per_scenario(company: Company) -> None:
    practice(company)
    company.session("ann", 1, 75, "Demo")
    computed = await figures(company.prepared(people=["ann"]))
    cells = [
        (row.scenario, row.attempts, row.first, row.last, row.best, row.lift)
        for row in computed.rows
        if isinstance(row, Progress)
    ]
    assert cells == [
        ("Cold Call", 3, Decimal(50), Decimal(70), Decimal(80), Decimal(30)),
        ("Demo", 1, Decimal(75), Decimal(75), Decimal(75), None),
    ]
    assert computed.below is not None
    assert computed.below.scenario == "Cold Call"
    assert REPORT.in_channel(computed, own=False) is None


async def test_means_are_rounded_half_up(company: Company) -> None:
    company.hire("ann")
    company.sessions("ann", {2: 50, 1: 89.8}, on="A")
    company.sessions("ann", {2: 50, 1: 89.9}, on="B")
    computed = await figures(company.prepared(people=["ann"]))
    assert computed.lifts.lift == Decimal("39.9")  # 39.85


async def test_in_a_program_every_figure_is_from_its_sessions(company: Company) -> None:
    company.hire("ann")
    company.session("ann", 40, 100)
    ids = (company.session("ann", 2, 60), company.session("ann", 1, 70))
    (row,) = (await figures(company.prepared(people=["ann"], ids=ids))).rows
    assert isinstance(row, Progress)
    assert (row.attempts, row.first, row.lift) == (2, Decimal(60), Decimal(10))


async def test_eight_weeks_that_are_not_all_stored_say_nothing_of_a_course(
    company: Company,
) -> None:
    company.hire("ann")
    for n in range(5):
        company.sessions("ann", {30 + n: 60, 1 + n: 70.1})
    (course,) = (await figures(company.prepared())).courses or ()
    assert (course.who, course.by) == ("Ann", Decimal("10.1"))
    with company.known(since=MONDAY - 40 * DAY):
        assert (await figures(company.prepared())).courses is None


async def test_a_channel_sees_praise_and_a_mean_lift_of_three(company: Company) -> None:
    company.hire("a1", "a2", name="Al")
    company.hire("bob")
    for who, last in (("a1", 90), ("a2", 80), ("bob", 70)):
        company.sessions(who, {20: 50, 19: 51, 1: last})
    computed = in_channel(REPORT, await figures(company.prepared(unnamed=frozenset({"a2"}))))
    assert [(best.name, best.gain) for best in computed.bests] == [
        ("Al", Decimal(39)),
        ("Bob", Decimal(19)),
    ]
    assert (computed.rows, computed.courses, computed.count) == ((), None, 3)
    assert computed.lifts.lift == Decimal("30.0")
    two = in_channel(REPORT, await figures(company.prepared(people=["a1", "bob"])))
    assert two.lifts.lift is None


async def test_people_who_left_are_shown_only_if_asked_about(company: Company) -> None:
    company.hire("bob")
    company.hire("old", role="removed")
    for who in ("bob", "old"):
        company.session(who, 1, 70)
    computed = await figures(company.prepared())
    assert [row.member_id for row in computed.rows] == ["bob"]
    assert (await figures(company.prepared(people=["old"]))).count == 1
