"""Finds the events of alerts: first golds, inactivity, low averages, overdue assignments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import sqlalchemy as sa

from bot.language.alert_words import AlertKind, AlertRule
from bot.language.days import day_start, zone_of
from bot.reports._figures import first_golds, last_sessions, points
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import Figures, Need, Report
from bot.reports._tasks import Status, read_tasks, with_status
from bot.reports.intervals import Interval, moved
from bot.storage.sessions import is_graded
from bot.storage.tables import member, session, to_ms

NAME = "alert"
AVERAGE_DAYS = 30
IN_A_ROW = 3
MARGIN = 3  # points above the limit before an average can fall below it again
LATE = timedelta(days=1)  # sessions may be stored or graded a while after they happened


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a person that matches a rule. An alert reports each `key` once.

    `at` is when it happened, None for a lasting state (inactivity, a low average). `last` is the
    last session on record. `average` is over `n` graded sessions, and `recent` over the last few of
    them.
    """

    key: str
    member_id: str
    who: str
    rule: AlertRule
    at: datetime | None = None
    scenario: str = ""
    due: date | None = None
    last: datetime | None = None
    average: Decimal | None = None
    n: int = 0
    recent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class AlertFigures(Figures):
    """The events that match a rule now. `cleared` are the keys of states that have certainly ended,
    so that they are reported again if they come back. Unknown ones are in neither."""

    rows: Sequence[Event] = ()
    cleared: frozenset[str] = frozenset()


def report_on(rule: AlertRule) -> Report[AlertFigures]:
    """The report of a rule's events, which has no subcommand."""
    return Report(
        name=NAME,
        help="People with events that match a rule.",
        example="alert @jane gold",
        needs=frozenset((Need.TASKS,)) if rule.what is AlertKind.OVERDUE else frozenset(),
        period="",
        filters=frozenset(("who", "group", "rank", "score", "due", "period")),
        figures=partial(FIGURES[rule.what], rule),
        has_command=False,
        coaches_only=True,
    )


def news(computed: AlertFigures, known: Collection[str], set_at: datetime) -> tuple[Event, ...]:
    """The events whose keys aren't `known`, without those from long before the alert was set."""
    return tuple(
        row
        for row in computed.rows
        if row.key not in known and (row.at is None or row.at >= set_at - LATE)
    )


async def golds(rule: AlertRule, q: PreparedQuestion) -> AlertFigures:
    """Each person's first gold on record in each scenario, oldest first."""
    return AlertFigures(
        rows=[
            Event(
                key=f"gold {gold.member_id} {gold.scenario_id}",
                member_id=gold.member_id,
                who=gold.who,
                rule=rule,
                at=gold.at,
                scenario=gold.scenario,
            )
            for gold in await first_golds(q, q.subject.listed)
        ]
    )


async def silent(rule: AlertRule, q: PreparedQuestion) -> AlertFigures:
    """People whose last session is at least that many days old, oldest first; without people who
    joined since then."""
    cutoff = moved(q.as_of, -int(rule.number), q.zone)
    last = await last_sessions(q.db, q.all_attempts())
    joined = await q.db.scalars(sa.select(member.c.id).where(member.c.joined_at > cutoff))
    active = {id_ for id_, at in last.items() if at > cutoff}
    rows = [
        Event(f"inactive {id_}", id_, person.name, rule, last=last.get(id_))
        for id_, person in q.subject.listed.items()
        if id_ not in active and id_ not in joined
    ]
    rows.sort(key=lambda row: (row.last is not None, row.last or cutoff))
    return AlertFigures(
        rows=rows if q.covers(Interval(cutoff, q.as_of)) else (),
        cleared=frozenset(f"inactive {id_}" for id_ in active),
    )


async def low(rule: AlertRule, q: PreparedQuestion) -> AlertFigures:
    """People whose average is below the limit, both over the last few graded sessions and over 30
    days. It is cleared once both are clearly above."""
    start = moved(q.as_of, -AVERAGE_DAYS, q.zone)
    if not q.covers(Interval(start, q.as_of)):
        return AlertFigures()
    limit = Decimal(str(rule.number))
    rows, cleared = [], set()
    for row in await q.db.rows(_averages(q, start)):
        person, key = q.subject.listed.get(row.member_id), f"below {row.member_id}"
        average, recent = points(int(row.total), row.n), points(int(row.recent), IN_A_ROW)
        if person is not None and max(average, recent) < limit:
            event = Event(
                key, person.id, person.name, rule, average=average, n=row.n, recent=recent
            )
            rows.append(event)
        elif min(average, recent) >= limit + MARGIN:
            cleared.add(key)
    return AlertFigures(rows=rows, cleared=frozenset(cleared))


def _averages(q: PreparedQuestion, start: datetime) -> sa.Select[tuple[str, int, int, int]]:
    """The number and sum of each person's graded scores since `start`, and the sum of the last."""
    c = session.c
    back = sa.func.row_number().over(
        partition_by=c.member_id, order_by=(c.created_at.desc(), c.id.desc())
    )
    rows = (
        sa.select(c.member_id, c.score, back.label("back"))
        .where(*q.all_attempts(), is_graded, c.created_at >= to_ms(start))
        .subquery()
    )
    n, total = sa.func.count().label("n"), sa.func.sum(rows.c.score)
    recent = total.filter(rows.c.back <= IN_A_ROW).label("recent")
    query = sa.select(rows.c.member_id, n, total.label("total"), recent)
    return query.group_by(rows.c.member_id).having(n >= IN_A_ROW).order_by(rows.c.member_id)


async def late(rule: AlertRule, q: PreparedQuestion) -> AlertFigures:
    """Overdue assignments, by due date."""
    tasks = await read_tasks(q, q.subject.listed)
    return AlertFigures(
        rows=[
            Event(
                key=f"overdue {task.id} {task.due_at.isoformat()}",
                member_id=task.member_id,
                who=task.who,
                rule=rule,
                at=day_start(task.due + timedelta(days=1), zone_of(q.zone)),
                scenario=task.scenario,
                due=task.due,
            )
            for task in with_status(tasks, Status.OVERDUE)
            if task.due is not None and task.due_at is not None
        ]
    )


FIGURES = {
    AlertKind.GOLD: golds,
    AlertKind.INACTIVE: silent,
    AlertKind.BELOW: low,
    AlertKind.OVERDUE: late,
}
