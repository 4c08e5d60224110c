"""How far people came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.mirror.query import Window
from bot.reports._figures import Progress
from bot.reports.progress import REPORT, Row, figures, public
from tests.reports.company import MONDAY, NOW, Company
from tests.reports.said import said


async def attempts(company: Company) -> None:
    await company.hire("ann", "bob", "cat", "dan")
    for who, days_ago, score in (
        *(("ann", 20, 50.0), ("ann", 2, 80.0), ("ann", 1, 70.0)),
        *(("bob", 2, 60.0), ("bob", 1, 65.0)),
        *(("cat", 1, 90.0), ("dan", 2, 10.0), ("dan", 1, 99.0)),
    ):
        await company.session(who, days_ago, score)
    await company.session("cat", 20, 99.0, "Renewal")


async def test_the_furthest_come_first_and_one_attempt_is_no_lift(company: Company) -> None:
    await attempts(company)
    found = await figures(company.asked(coaches=["dan"]))
    cells = [
        (row.who, row.scenarios, row.attempts, row.first, row.last, row.lift, row.last_vs_best)
        for row in found.rows
        if isinstance(row, Row)
    ]
    assert cells == [
        ("Ann", 1, 3, Decimal(50), Decimal(70), Decimal(30), Decimal(-10)),
        ("Bob", 1, 2, Decimal(60), Decimal(65), Decimal(5), Decimal(0)),
        ("Cat", 1, 1, None, None, None, None),
    ]
    assert (found.count, found.lifts.lift, found.lifts.people) == (3, Decimal("17.5"), 2)


async def test_one_person_gets_a_row_per_scenario(company: Company) -> None:
    await attempts(company)
    await company.session("ann", 1, 75.0, "Demo")
    asked = company.asked(people=["ann"])
    found = await figures(asked)
    cells = [
        (row.scenario, row.attempts, row.first, row.last, row.best, row.lift)
        for row in found.rows
        if isinstance(row, Progress)
    ]
    assert cells == [
        ("Cold Call", 3, Decimal(50), Decimal(70), Decimal(80), Decimal(30)),
        ("Demo", 1, Decimal(75), Decimal(75), Decimal(75), None),
    ]
    assert found.below is not None
    assert found.below.scenario == "Cold Call"
    assert public(found) is None
    assert said(REPORT, found, asked) == "No clear change in four weeks"


async def test_means_are_rounded_half_up(company: Company) -> None:
    await company.hire("ann")
    for on, lift in (("A", 39.8), ("B", 39.9)):
        await company.session("ann", 2, 50.0, on)
        await company.session("ann", 1, 50.0 + lift, on)
    assert (await figures(company.asked(people=["ann"]))).lifts.lift == Decimal("39.9")


async def test_in_a_program_every_figure_is_from_its_sessions(company: Company) -> None:
    await company.hire("ann")
    await company.session("ann", 40, 100.0)
    ids = tuple([await company.session("ann", n, score) for n, score in ((2, 60.0), (1, 70.0))])
    asked = company.asked(people=["ann"], ids=ids)
    found = await figures(asked)
    (row,) = found.rows
    assert isinstance(row, Progress)
    assert (row.attempts, row.first, row.lift) == (2, Decimal(60), Decimal(10))
    # What came before isn't known, so nothing is said of a change.
    assert said(REPORT, found, asked) == "Lift +10.0 on average (first 60.0, last 70.0)"


async def test_improving_and_slipping_are_the_first_line(company: Company) -> None:
    await company.hire("ann", "bob", "cat")
    for n in range(5):
        for who, before, now in (("ann", 60.0, 70.1), ("bob", 80.0, 70.0), ("cat", 70.0, 71.0)):
            await company.session(who, 30 + n, before)
            await company.session(who, 1 + n, now)
    lines = {
        who: said(REPORT, await figures(asked), asked)
        for who in ("ann", "bob", "cat")
        if (asked := company.asked(people=[who]))
    }
    assert lines == {
        "ann": "Improving: 10.1 points higher on the same scenarios",
        "bob": "Slipping: 10.0 points lower on the same scenarios",
        "cat": "No clear change in four weeks",
    }
    all_of_them = company.asked()
    found = await figures(all_of_them)
    line = said(REPORT, found, all_of_them)
    assert line == "Ann is improving: 10.1 points higher on the same scenarios"
    company.stored = Window(MONDAY - timedelta(days=40), NOW)
    assert (await figures(company.asked())).courses is None


async def test_a_channel_sees_praise_and_a_mean_lift_of_three(company: Company) -> None:
    await company.hire("a1", "a2", name="Al")
    await company.hire("bob")
    for who, last in (("a1", 90.0), ("a2", 80.0), ("bob", 70.0)):
        for days_ago, score in ((20, 50.0), (19, 51.0), (1, last)):
            await company.session(who, days_ago, score)
    found = public(await figures(company.asked(unnamed=frozenset({"a2"}))))
    assert found is not None
    assert [(each.who, each.gain) for each in found.bests] == [
        ("Al", Decimal(39)),
        ("Bob", Decimal(19)),
    ]
    assert (found.rows, found.courses, found.count) == ((), None, 3)
    assert found.lifts.lift == Decimal("30.0")
    two = public(await figures(company.asked(people=["a1", "bob"])))
    assert two is not None
    assert two.lifts.lift is None
    assert said(REPORT, two, company.asked()) == "2 new personal bests"


async def test_people_who_left_are_shown_only_if_asked_about(company: Company) -> None:
    await company.hire("bob")
    await company.hire("old", role="removed")
    for who in ("bob", "old"):
        await company.session(who, 1, 70.0)
    found = await figures(company.asked())
    assert [row.member_id for row in found.rows] == ["bob"]
    assert (await figures(company.asked(people=["old"]))).count == 1
