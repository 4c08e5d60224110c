"""What is overdue, due and done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.language.query import Due, Kind, Period, ResolvedName
from bot.reports._tasks import Status, due_day, due_soon, read_tasks, status_of
from bot.reports.assignments import REPORT, figures
from tests.reports.company import DAY, NOW, THIS_WEEK, ZONE, Company, in_channel

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        pytest.param("past_due", TODAY, Status.DUE, id="the date decides, today is not over"),
        pytest.param("not_started", TODAY - DAY, Status.OVERDUE, id="the day is over"),
        pytest.param("past_due", None, Status.OVERDUE, id="Exec's word, without a date"),
        pytest.param("not_started", None, Status.OPEN, id="no date"),
        pytest.param("completed", TODAY - DAY, Status.DONE, id="completed"),
        pytest.param("did_not_pass", TODAY, Status.NOT_PASSED, id="attempts used up"),
        pytest.param("paused", TODAY - DAY, Status.OVERDUE, id="an unknown word"),
    ],
)
def test_the_status_of_an_assignment(status: str, due: date | None, expected: Status) -> None:
    assert status_of(status, due, TODAY) is expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"])
def test_midnight_utc_means_a_day_and_any_other_time_a_moment(zone: str) -> None:
    assert due_day(datetime(2026, 3, 18, tzinfo=UTC), zone) == date(2026, 3, 18)
    late = datetime(2026, 3, 18, 15, 1, tzinfo=UTC)
    assert due_day(late, zone).day == (19 if zone == "Asia/Tokyo" else 18)


async def test_overdue_comes_first_and_counts_are_of_all(company: Company) -> None:
    company.hire("ann", "ben", "dan")
    company.hire("old", role="removed")
    company.assign("ann", "Closing", status="completed", best_score=81.25)
    company.assign("ann", "Pricing", NOW + 3 * DAY)
    company.assign("ben", "Closing", NOW - 3 * DAY, status="past_due")
    company.assign("ben", "Demo", NOW, status="did_not_pass")
    company.assign("dan", "Demo", NOW - 9 * DAY)
    company.assign("old", "Demo", NOW - 9 * DAY)

    async def rows(due: Due) -> list[str]:
        computed = await figures(company.prepared(None, coaches=["dan"], due=due))
        return [f"{row.who} {row.scenario} {row.status}" for row in computed.rows]

    late, not_done = ["Ben Closing overdue", "Ben Demo did not pass"], ["Ann Pricing due"]
    assert await rows(Due.OVERDUE) == late
    assert await rows(Due.OPEN) == late + not_done
    assert await rows(Due.DONE) == ["Ann Closing done"]
    computed = await figures(company.prepared(None, coaches=["dan"]))
    assert [str(row.best) for row in computed.rows] == ["None", "None", "None", "81.3"]
    # Dan coaches the others: counted, and not listed.
    assert (computed.counts[Status.OVERDUE], computed.assigned) == (2, 5)
    assert (computed.people, computed.coaches) == (3, 1)
    assert computed.done_percent == Decimal(20)
    seen = in_channel(REPORT, computed)
    assert (seen.rows, seen.counts) == ((), computed.counts)
    two = await figures(company.prepared(None, people=["ann", "ben"]))
    assert REPORT.in_channel(two, own=False) is None


async def test_due_today_is_overdue_once_the_day_is_over_for_the_reader(company: Company) -> None:
    company.hire("ann")
    company.assign("ann", "Closing", NOW - timedelta(hours=4))
    company.assign("ann", "Demo", datetime(2026, 3, 16, tzinfo=UTC))  # means a day
    late = datetime(2026, 3, 16, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
    for now, zone, n in (
        (late, ZONE, 0),
        (late + timedelta(minutes=1), ZONE, 2),
        (late + timedelta(minutes=1), "America/New_York", 0),
    ):
        computed = await figures(company.prepared(None, now=now, zone=zone))
        assert computed.counts[Status.OVERDUE] == n


async def test_the_period_is_of_due_dates_and_names_narrow_it(company: Company) -> None:
    company.hire("ann")
    company.assign("ann", "Closing", NOW + 2 * DAY, program_id="ramp")
    company.assign("ann", "Demo", datetime(2026, 3, 23, tzinfo=UTC))
    company.assign("ann", "Pricing")

    async def scenarios(period: Period | None = None, *names: ResolvedName) -> list[str]:
        return [row.scenario for row in (await figures(company.prepared(period, names=names))).rows]

    assert await scenarios() == ["Closing", "Demo", "Pricing"]
    assert await scenarios(THIS_WEEK) == ["Closing"]
    assert await scenarios(None, ResolvedName(Kind.PROGRAM, "ramp", "Ramp")) == ["Closing"]
    assert await scenarios(None, ResolvedName(Kind.SCENARIO, "demo", "Demo")) == ["Demo"]


async def test_due_soon_is_within_seven_days(company: Company) -> None:
    company.hire("ann")
    for days in (-1, 7, 8):
        company.assign("ann", due=NOW + days * DAY)
    q = company.prepared(people=["ann"])
    tasks = await read_tasks(q)
    assert tasks is not None
    assert due_soon(tasks, q) == tuple(tasks[1:2])


async def test_assignments_that_were_not_read_are_not_none(company: Company) -> None:
    company.hire("ann")
    computed = await figures(company.prepared(None, tasks_at=None))
    assert not computed.is_known
    assert not REPORT.is_nothing(computed)
    assert REPORT.is_nothing(await figures(company.prepared(None)))
