"""What alerts wait for: a first gold, silence, a low average, an overdue assignment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Literal

import sqlalchemy as sa

from bot.language.alert_words import AlertKind, Rule
from bot.language.days import day_start, zone_of
from bot.language.query import Rank
from bot.mirror.query import is_graded
from bot.reports._asked import Asked
from bot.reports._figures import first_sessions, last_sessions, points, scenario_names
from bot.reports._report import Figures, Need, Report, Whose
from bot.reports._tasks import Status, read_tasks, with_status
from bot.reports.intervals import Interval, moved
from bot.storage.tables import from_ms, member, session, to_ms

NAME = "alert"
AVERAGE_DAYS = 30
IN_A_ROW = 3
BACK = 3  # points above the limit, from which an average can fall below it again
LATE = timedelta(days=1)  # a session can be stored or graded after an alert was set


@dataclass(frozen=True, slots=True)
class Event:
    """Something that an alert waits for and that happened to a person. An alert tells each `key`
    once.

    `at` is when it happened, None for what lasts (silence, an average). `is_first`: nothing older
    can be missing. `last` is the last session on record. `average` is that of `n` graded sessions,
    and `recent` that of the last few `scores`.
    """

    key: str
    member_id: str
    who: str
    rule: Rule
    at: datetime | None = None
    scenario: str = ""
    is_first: bool = False
    due: date | None = None
    last: datetime | None = None
    average: Decimal | None = None
    n: int = 0
    recent: Decimal | None = None
    scores: tuple[Decimal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evaluation(Figures):
    """What a rule matches now. `cleared` are the keys of what certainly ended, so that it counts
    again if it comes back; what isn't known is in neither."""

    rows: Sequence[Event] = ()
    cleared: frozenset[str] = frozenset()


def report_on(rule: Rule) -> Report[Evaluation]:
    """What a rule matches among the people in question: a report that has no subcommand."""
    return Report(
        name=NAME,
        forms=("alert [who] gold", "alert [who] inactive 14d", "alert [who] below 70"),
        help="What a coach wants to know as it happens.",
        example="alert @jane gold",
        whose=Whose.COACHED,
        needs=frozenset((Need.TASKS,)) if rule.what is AlertKind.OVERDUE else frozenset(),
        period="",
        filters=frozenset(("who", "group")),
        figures=partial(FIGURES[rule.what], rule),
        named=lambda found: {each.member_id for each in found.rows},
        asked=False,
        coaches_only=True,
    )


def news(found: Evaluation, told: Collection[str], set_at: datetime) -> tuple[Event, ...]:
    """What the owner of an alert doesn't know yet; nothing that happened long before it was set."""
    return tuple(
        each
        for each in found.rows
        if each.key not in told and (each.at is None or each.at >= set_at - LATE)
    )


async def golds(rule: Rule, q: Asked) -> Evaluation:
    """Each person's first gold on record in each scenario, the oldest first."""
    people, c = q.subject.listed, session.c
    first = sa.func.min(c.created_at).label("at")
    query = (
        sa.select(c.member_id, c.scenario_id, first)
        .where(*q.all_attempts(), is_graded, c.rank == Rank.GOLD.value, c.scenario_id != "")
        .group_by(c.member_id, c.scenario_id)
        .order_by(first, c.member_id, c.scenario_id)
    )
    rows = [row for row in await q.db.rows(query) if row.member_id in people]
    names = await scenario_names(q.db, {row.scenario_id for row in rows})
    began = await first_sessions(q.db, q.all_attempts()) if rows else {}
    return Evaluation(
        rows=[
            Event(
                key=f"gold {row.member_id} {row.scenario_id}",
                member_id=row.member_id,
                who=people[row.member_id].name,
                rule=rule,
                at=from_ms(row.at),
                scenario=names.get(row.scenario_id, ""),
                is_first=q.began_within(began[row.member_id]),
            )
            for row in rows
        ]
    )


async def silent(rule: Rule, q: Asked) -> Evaluation:
    """People whose last session is so many days old, the longest silent first.

    Nothing is expected yet of people who joined since.
    """
    cutoff = moved(q.as_of, -int(rule.number), q.zone)
    last = await last_sessions(q.db, q.all_attempts())
    joined = await q.db.scalars(sa.select(member.c.id).where(member.c.joined_at > cutoff))
    active = {id_ for id_, at in last.items() if at > cutoff}
    rows = [
        Event(f"inactive {id_}", id_, person.name, rule, last=last.get(id_))
        for id_, person in q.subject.listed.items()
        if id_ not in active and id_ not in joined
    ]
    rows.sort(key=lambda each: (each.last is not None, each.last or cutoff))
    return Evaluation(
        rows=rows if q.covers(Interval(cutoff, q.as_of)) else (),
        cleared=frozenset(f"inactive {id_}" for id_ in active),
    )


async def low(rule: Rule, q: Asked) -> Evaluation:
    """People whose average is low: over the last sessions in a row, and over all of 30 days."""
    start = moved(q.as_of, -AVERAGE_DAYS, q.zone)
    if not q.covers(Interval(start, q.as_of)):
        return Evaluation()
    rows, cleared = [], set()
    for row in await q.db.rows(_averages(q, start)):
        person, key = q.subject.listed.get(row.member_id), f"below {row.member_id}"
        scores = [row.third, row.second, row.first]
        average, recent = points(int(row.total), row.n), points(sum(scores), IN_A_ROW)
        match side_of(rule.number, average, recent):
            case "below" if person is not None:
                event = Event(
                    key=key,
                    member_id=row.member_id,
                    who=person.name,
                    rule=rule,
                    average=average,
                    n=row.n,
                    recent=recent,
                    scores=tuple(map(points, scores)),
                )
                rows.append(event)
            case "above":
                cleared.add(key)
    return Evaluation(rows=rows, cleared=frozenset(cleared))


def side_of(limit: float, average: Decimal, recent: Decimal) -> Literal["below", "above", ""]:
    """Below if both averages, as shown, are; above if both are clear of the limit again."""
    border = Decimal(str(limit))
    if max(average, recent) < border:
        return "below"
    return "above" if min(average, recent) >= border + BACK else ""


def _averages(q: Asked, start: datetime) -> sa.Select[tuple[str, int, int, int, int, int]]:
    """Of each person with enough graded sessions since then: how many, their sum, the last few."""
    c = session.c
    back = sa.func.row_number().over(
        partition_by=c.member_id, order_by=(c.created_at.desc(), c.id.desc())
    )
    rows = (
        sa.select(c.member_id, c.score, back.label("back"))
        .where(*q.all_attempts(), is_graded, c.created_at >= to_ms(start))
        .subquery()
    )
    score = sa.func.max(rows.c.score)
    count = sa.func.count()
    return (
        sa.select(
            rows.c.member_id,
            count.label("n"),
            sa.func.sum(rows.c.score).label("total"),
            *(
                score.filter(rows.c.back == at).label(name)
                for at, name in enumerate(("first", "second", "third"), start=1)
            ),
        )
        .group_by(rows.c.member_id)
        .having(count >= IN_A_ROW)
        .order_by(rows.c.member_id)
    )


async def late(rule: Rule, q: Asked) -> Evaluation:
    """Assignments that are overdue, the earliest due date first."""
    tasks = await read_tasks(q, q.subject.listed)
    return Evaluation(
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
