"""Who a coach should talk to."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.ask.prepare import with_nudges
from bot.reports.coach import CoachRow, figures
from bot.reports.coach import ReasonKind as Reason
from bot.scheduled.delivery import Delivery, DeliveryKind, State
from bot.storage.tables import delivery
from tests.reports.company import DAY, MONDAY, NOW, WEEK, Company


def move(company: Company, who: str, now: float, before: float) -> None:
    """Add four graded sessions in the last four weeks, and four in the four weeks before."""
    for n in range(4):
        company.sessions(who, {1 + n: now, 36 + n: before})


async def rows_of(company: Company, **asked: Any) -> dict[str, CoachRow]:
    computed = await figures(company.prepared(**asked), coach="cole")
    return {row.member_id: row for row in computed.rows}


async def test_a_coach_in_a_group_of_theirs_is_counted_and_not_listed(company: Company) -> None:
    company.hire("ann", "ben", "cole", "dan")
    company.hire("cat", joined_at=MONDAY - 2 * DAY)
    company.hire("old", role="removed")
    company.assign("old", due=MONDAY - WEEK)
    for who in ("ann", "cat", "cole"):
        company.session(who, 1, 70)

    computed = await figures(company.prepared(coaches=["cole", "dan"]), coach="cole")

    assert (computed.practiced, computed.expected) == (2, 4)  # of Ann, Ben, Cole and Dan
    assert (computed.includes_reader, computed.coaches, computed.joined) == (True, 1, ("Cat",))
    assert [row.who for row in computed.rows] == ["Ben"]


async def test_the_most_urgent_come_first_and_people_of_one_kind_together(
    company: Company,
) -> None:
    names = ("away", "best", "failed", "gold", "late", "long", "silent", "slip", "up", "well")
    company.hire(*names)
    for who in ("best", "failed", "late", "well"):
        company.session(who, 1, 70)
    company.sessions("best", {20: 60, 21: 60})
    move(company, "slip", 50, 80)
    move(company, "up", 80, 79)
    move(company, "up", 95, 60)
    for who, days_ago in (("away", 15), ("long", 30), ("silent", 9)):
        company.session(who, days_ago, 70)
    company.session("gold", 1, 90, rank="gold")
    company.assign("late", due=MONDAY - WEEK)
    company.assign("failed", status="did_not_pass")
    company.assign("silent", status="did_not_pass")

    computed = await figures(company.prepared())

    assert [[row.member_id for row in line] for line in computed.lines] == [
        ["silent"],
        ["long", "away"],
        ["failed", "late"],
        ["slip"],
        ["gold", "up", "best"],
    ]
    assert [line[0].kind for line in computed.lines] == [Reason.SILENT, *Reason]
    assert computed.rows[5].course is not None
    assert computed.rows[5].course.by == Decimal("-30.0")


async def test_due_today_is_not_overdue(company: Company) -> None:
    company.hire("ann", "ben")
    for who, due in (("ann", NOW - timedelta(hours=1)), ("ben", NOW - DAY)):
        company.session(who, 1)
        company.assign(who, due=due)
    computed = await figures(company.prepared())
    assert [(row.member_id, len(row.overdue)) for row in computed.rows] == [("ben", 1)]
    assert [task.member_id for task in computed.due_soon or ()] == ["ann"]
    unread = await figures(company.prepared(tasks_at=None))
    assert (unread.rows, unread.due_soon, unread.is_quiet) == ((), None, True)


@pytest.mark.parametrize(
    ("days_ago", "scenario"),
    [pytest.param(1, "Cold Call", id="in the period"), pytest.param(9, None, id="before it")],
)
async def test_only_the_first_gold_in_a_scenario_is_praised(
    company: Company, days_ago: float, scenario: str | None
) -> None:
    company.hire("ann")
    company.session("ann", 50, 60)
    company.session("ann", days_ago, 92.25, rank="gold")
    company.session("ann", 0.5, 99, rank="gold")
    (row,) = (await rows_of(company)).values()
    assert (row.gold and row.gold.scenario) == scenario


async def test_at_most_three_bests_are_praised(company: Company) -> None:
    people = ("ann", "ben", "cat", "dan")
    company.hire(*people)
    for n, who in enumerate(people):
        company.sessions(who, {20: 50, 21: 50, 1: 60 + n})
    assert (await rows_of(company)).keys() == {"ben", "cat", "dan"}


async def test_facts_that_are_not_new_read_as_before(company: Company) -> None:
    company.hire("ann")
    company.assign("ann", due=MONDAY - WEEK)
    first, later = [(await rows_of(company, now=NOW + n * WEEK))["ann"] for n in (0, 1)]
    assert first.facts == later.facts == ("silent", f"overdue {first.overdue[0].id}")


def nudge(company: Company, who: str, at: datetime, **more: Any) -> None:
    """A nudge by Cole."""
    row = Delivery(
        "", DeliveryKind.NUDGE, "T1", "U_cole", f"U_{who}", at, at, state=State.SENT, about=who
    )
    company.put(delivery, **asdict(replace(row, id=f"{who} {at}", **more)))


async def test_people_who_were_nudged_since_the_period_began(company: Company) -> None:
    company.hire("ann", "ben", "cat", "dan", "eve", "fay")
    for who, days_ago in (("ann", 5), ("ann", 3), ("ben", 3), ("dan", 8)):
        nudge(company, who, MONDAY - days_ago * DAY)
    nudge(company, "cat", NOW - timedelta(minutes=5), state=State.POSTING)
    nudge(company, "eve", NOW, owner_id="U_another")
    nudge(company, "fay", NOW, state=State.FAILED)
    for who, ago in (("ann", 4), ("ann", 2), ("ann", 1), ("ben", 4), ("dan", 7.5)):
        company.session(who, ago)

    computed = await figures(await with_nudges(company.prepared(), "U_cole"), coach="cole")

    answered = [(row.who, row.nudged and row.nudged.practiced) for row in computed.after_nudges]
    assert answered == [("Ann", MONDAY - 2 * DAY)]
    waiting = {row.who: row.nudged for row in computed.rows}
    assert waiting.keys() == {"Cat", "Dan", "Eve", "Fay"}
    cat = waiting.pop("Cat")
    assert cat is not None
    assert cat.practiced is None
    assert set(waiting.values()) == {None}
