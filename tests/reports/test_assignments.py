"""What is overdue, due and done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.language.query import Due, Kind, Named
from bot.reports._tasks import Status
from bot.reports.assignments import REPORT, Assignments, figures
from tests.reports.company import NOW, THIS_WEEK, ZONE, Company


def told(found: Assignments) -> list[tuple[str, str, str]]:
    return [(row.who, row.scenario, row.status.value) for row in found.rows]


async def test_overdue_first_and_counts_are_of_all(company: Company) -> None:
    await company.hire("ann", "ben", "dan")
    await company.hire("old", role="removed")
    await company.assign("ann", "Closing", status="completed", best_score=81.25)
    await company.assign("ann", "Pricing", due=NOW + timedelta(days=3))
    await company.assign("ben", "Closing", due=NOW - timedelta(days=3), status="past_due")
    await company.assign("ben", "Demo", due=NOW, status="did_not_pass")
    await company.assign("dan", "Demo", due=NOW - timedelta(days=9))
    await company.assign("old", "Demo", due=NOW - timedelta(days=9))

    found = await figures(company.asked(None, coaches=["dan"]))
    assert told(found) == [
        ("Ben", "Closing", "overdue"),
        ("Ben", "Demo", "did not pass"),
        ("Ann", "Pricing", "due"),
        ("Ann", "Closing", "done"),
    ]
    assert found.rows[3].best == Decimal("81.3")
    # Dan coaches the others: counted, and not listed.
    assert (found.counts[Status.OVERDUE], found.all, found.people, found.coaches) == (2, 5, 3, 1)
    assert found.done_percent == 20

    overdue = await figures(company.asked(None, coaches=["dan"], due=Due.OVERDUE))
    assert told(overdue) == told(found)[:2]
    assert overdue.counts == found.counts
    assert (
        told(await figures(company.asked(None, coaches=["dan"], due=Due.OPEN))) == told(found)[:3]
    )
    assert (
        told(await figures(company.asked(None, coaches=["dan"], due=Due.DONE))) == told(found)[3:]
    )
    public = REPORT.public(found)  # type: ignore[misc]
    assert public is not None
    assert (public.rows, public.counts) == ((), found.counts)
    assert REPORT.public(await figures(company.asked(None, people=["ann", "ben"]))) is None  # type: ignore[misc]


async def test_due_today_is_overdue_once_the_day_is_over_for_the_reader(company: Company) -> None:
    await company.hire("ann")
    await company.assign("ann", "Closing", due=NOW - timedelta(hours=4))
    await company.assign("ann", "Demo", due=datetime(2026, 3, 16, tzinfo=UTC))  # names a day
    late = datetime(2026, 3, 16, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
    for now, zone, n in (
        (NOW, ZONE, 0),
        (late, ZONE, 0),
        (late + timedelta(minutes=1), ZONE, 2),
        (late + timedelta(minutes=1), "America/New_York", 0),
    ):
        found = await figures(company.asked(None, now=now, zone=zone))
        assert found.counts[Status.OVERDUE] == n


async def test_the_period_is_of_due_dates_and_things_narrow_it(company: Company) -> None:
    await company.hire("ann")
    await company.assign("ann", "Closing", due=NOW + timedelta(days=2), program_id="ramp")
    await company.assign("ann", "Demo", due=datetime(2026, 3, 23, tzinfo=UTC))
    await company.assign("ann", "Pricing")

    async def scenarios(period: Any = None, *names: Named) -> list[str]:
        return [row.scenario for row in (await figures(company.asked(period, names=names))).rows]

    assert await scenarios() == ["Closing", "Demo", "Pricing"]
    assert await scenarios(THIS_WEEK) == ["Closing"]
    assert await scenarios(None, Named(Kind.PROGRAM, "ramp", "Ramp")) == ["Closing"]
    assert await scenarios(None, Named(Kind.SCENARIO, "demo", "Demo")) == ["Demo"]


async def test_not_read_is_not_none(company: Company) -> None:
    await company.hire("ann")
    found = await figures(company.asked(None, tasks_at=None))
    assert not found.is_known
    assert not REPORT.is_nothing(found)
    assert REPORT.is_nothing(await figures(company.asked(None)))
