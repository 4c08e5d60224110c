"""Who a coach should talk to."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from bot.mirror.query import Window
from bot.outbox import Delivery, Kind, State
from bot.reports.coach import COURSE, People, Row, figures
from bot.reports.coach import Kind as Reason
from bot.storage.tables import delivery, member
from tests.reports.company import MONDAY, NOW, WEEK, Company


async def joined(company: Company, who: str, at: datetime) -> None:
    await company.db.write(sa.update(member).where(member.c.id == who).values(joined_at=at))


async def moved(company: Company, who: str, now: float, before: float) -> None:
    """Four graded sessions in the last four weeks, and four in the four before."""
    for n in range(4):
        await company.session(who, 1 + n, now)
        await company.session(who, 36 + n, before)


async def found(company: Company, said: Any = (), **asked: Any) -> dict[str, Row]:
    of = await figures(company.asked(**asked), coach="cole", said=said)
    return {row.member_id: row for row in of.rows}


async def test_a_coach_in_a_group_of_theirs_is_counted_and_not_listed(company: Company) -> None:
    await company.hire("ann", "ben", "cat", "cole", "dan")
    await company.hire("old", role="removed")
    await joined(company, "cat", MONDAY - timedelta(days=2))
    await company.assign("old", due=MONDAY - WEEK)
    for who in ("ann", "cat", "cole"):
        await company.session(who, 1, 70.0)

    of: People = await figures(company.asked(coaches=["cole", "dan"]), coach="cole")

    assert (of.practiced, of.expected) == (2, 4)  # of Ann, Ben, Cole and Dan
    assert (of.includes_reader, of.coaches, of.joined) == (True, 1, ("Cat",))
    assert [row.who for row in of.rows] == ["Ben"]


async def test_the_most_urgent_come_first_and_people_of_one_kind_together(
    company: Company,
) -> None:
    names = ("away", "best", "failed", "gold", "late", "long", "silent", "slip", "up", "well")
    await company.hire(*names)
    for who in ("best", "failed", "late", "well"):
        await company.session(who, 1, 70.0)
    for days_ago in (20, 21):
        await company.session("best", days_ago, 60.0)
    await moved(company, "slip", 50.0, 80.0)
    await moved(company, "up", 80.0, 79.0)
    await moved(company, "up", 95.0, 60.0)
    for who, days_ago in (("away", 15), ("long", 30), ("silent", 9)):
        await company.session(who, days_ago, 70.0)
    await company.session("gold", 1, 90.0, rank="gold")
    await company.assign("late", due=MONDAY - WEEK)
    await company.assign("failed", status="did_not_pass")
    await company.assign("silent", status="did_not_pass")

    of = await figures(company.asked())

    assert [[row.member_id for row in line] for line in of.lines] == [
        ["silent"],
        ["long", "away"],
        ["failed", "late"],
        ["slip"],
        ["gold", "up", "best"],
    ]
    assert [line[0].kind for line in of.lines] == [Reason.SILENT, *Reason]
    assert [row.away for row in of.rows[:3]] == [1, 4, 2]
    assert of.rows[5].slipping is not None
    assert of.rows[5].slipping.by == Decimal("-30.0")


async def test_due_today_is_not_overdue(company: Company) -> None:
    await company.hire("ann", "ben")
    for who, due in (("ann", NOW - timedelta(hours=1)), ("ben", NOW - timedelta(days=1))):
        await company.session(who, 1)
        await company.assign(who, due=due)
    of = await figures(company.asked())
    assert [(row.member_id, len(row.overdue)) for row in of.rows] == [("ben", 1)]
    assert [task.member_id for task in of.due_soon or ()] == ["ann"]
    unknown = await figures(company.asked(tasks_at=None))
    assert (unknown.rows, unknown.due_soon, unknown.is_quiet) == ((), None, True)


@pytest.mark.parametrize(
    ("first", "gold", "is_first"),
    [
        pytest.param(50, 1, True, id="began within the window"),
        pytest.param(58, 1, False, id="may have practiced before it"),
        pytest.param(50, 9, None, id="not in this period"),
    ],
)
async def test_a_first_gold_is_only_called_so_if_nothing_is_missing(
    company: Company, first: float, gold: float, is_first: bool | None
) -> None:
    company.stored = Window(MONDAY - timedelta(days=60), NOW)
    await company.hire("ann")
    await company.session("ann", first, 60.0)
    await company.session("ann", gold, 92.25, rank="gold")
    await company.session("ann", 1 / 2, 99.0, rank="gold")
    (row,) = (await found(company)).values()
    assert (row.gold and row.gold.is_first) == is_first
    if row.gold is not None:
        assert (row.gold.scenario, row.gold.score) == ("Cold Call", Decimal("92.3"))


async def test_at_most_three_bests_are_praised(company: Company) -> None:
    people = ("ann", "ben", "cat", "dan")
    await company.hire(*people)
    for n, who in enumerate(people):
        for days_ago, score in ((20, 50.0), (21, 50.0), (1, 60.0 + n)):
            await company.session(who, days_ago, score)
    assert set(await found(company)) == {"ben", "cat", "dan"}


async def test_what_was_said_of_a_course_is_not_said_again(company: Company) -> None:
    await company.hire("ann", "ben")
    await moved(company, "ann", 50.0, 80.0)
    await moved(company, "ben", 90.0, 60.0)
    rows = await found(company)
    assert [COURSE in row.facts for row in rows.values()] == [True, True]
    again = await found(company, said=frozenset(rows))
    assert [row.member_id for row in again.values() if COURSE in row.facts] == []
    assert "ann" not in again


async def test_facts_that_are_not_new_read_as_before(company: Company) -> None:
    await company.hire("ann")
    await company.assign("ann", due=MONDAY - WEEK)
    first, later = [(await found(company, now=NOW + n * WEEK))["ann"] for n in (0, 1)]
    assert first.facts == later.facts == ("silent", f"overdue {first.overdue[0].id}")


async def nudge(company: Company, who: str, at: datetime, **more: Any) -> None:
    """A nudge of Cole's."""
    row = Delivery("", Kind.NUDGE, "T1", "U_cole", f"U_{who}", at, at, state=State.SENT, about=who)
    row = replace(row, id=f"{who} {at}", **more)
    await company.db.write(delivery.insert().values(asdict(row)))


async def test_what_came_of_nudges_since_the_period_began(company: Company) -> None:
    await company.hire("ann", "ben", "cat", "dan", "eve", "fay")
    for who, days_ago in (("ann", 5), ("ann", 3), ("ben", 3), ("dan", 8)):
        await nudge(company, who, MONDAY - timedelta(days=days_ago))
    await nudge(company, "cat", NOW - timedelta(minutes=5), state=State.POSTING)
    await nudge(company, "eve", NOW, owner_id="U_another")
    await nudge(company, "fay", NOW, state=State.FAILED)
    for who, days_ago in (("ann", 4), ("ann", 2), ("ann", 1), ("ben", 4), ("dan", 7.5)):
        await company.session(who, days_ago)

    of = await figures(company.asked(), coach="cole", by="U_cole")

    assert [(row.who, row.nudged and row.nudged.practiced) for row in of.answered] == [
        ("Ann", MONDAY - timedelta(days=2))
    ]
    assert {
        row.who: row.nudged and (row.nudged.practiced, row.nudged.is_today) for row in of.rows
    } == {"Cat": (None, True), "Dan": None, "Eve": None, "Fay": None}
