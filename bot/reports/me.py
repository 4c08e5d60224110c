"""A person's own week. Only they see it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa

from bot.language.query import ResolvedQuery
from bot.mirror.query import is_graded, read_sessions
from bot.reports._figures import (
    AVERAGE,
    BEST,
    NOTHING,
    RANKS,
    TIME,
    Line,
    Tally,
    lines,
    points,
    progress,
    scenario_names,
    tally_all,
    tally_by,
    tally_people,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import Column, DefaultPeople, Figures, Need, Report
from bot.reports._tasks import Task, read_tasks
from bot.reports.intervals import EARLIEST, Interval, today
from bot.storage.tables import session, team, team_member

METRICS = (TIME, AVERAGE, BEST, RANKS)
ENOUGH_PEERS = 10  # people: in a smaller group, a band would reveal how the others did
LAST = 5  # sessions
COLUMNS = (
    Column("Scenario", "scenario", "name"),
    Column("Sessions", "sessions", "count"),
    Column("First", "first", "score"),
    Column("Last", "last", "score"),
    Column("Best", "best", "score"),
    Column("Lift", "lift", "signed"),
    Column("Graded attempts", "attempts", "count"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario: the sessions of the period, and all graded attempts on record up to now."""

    scenario: str
    sessions: int
    attempts: int
    first: Decimal | None
    last: Decimal | None
    best: Decimal | None
    lift: Decimal | None


@dataclass(frozen=True, slots=True)
class LastSession:
    """One of the latest sessions."""

    id: str
    at: datetime
    scenario: str
    score: Decimal | None
    rank: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Somebody's position in a group of `people`, by graded attempts."""

    part: Literal["upper quarter", "upper half"]
    people: int
    group: str


@dataclass(frozen=True, kw_only=True)
class OwnWeek(Figures):
    """Somebody's week: the totals of the period, of the one `before` (None if it isn't stored), and
    the number of sessions `today` so far.

    `has_begun`: they have a session on record. `tasks` is None if assignments aren't known.
    `named`: digests can name them.
    """

    rows: tuple[Row, ...] = ()
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    lines: tuple[Line, ...] = ()
    best_scenario: str = ""
    today: int = 0
    has_begun: bool = False
    tasks: tuple[Task, ...] | None = None
    last: tuple[LastSession, ...] = ()
    band: Band | None = None
    named: bool = True


async def figures(q: PreparedQuestion) -> OwnWeek:
    """The week of the one person in question."""
    (person,) = q.subject.people.values()
    now = Interval(q.interval.start, max(today(q.zone, q.now).end, q.interval.end))
    inside = q.filters()
    sums = await tally_all(q.db, inside)
    before = None
    if q.covers(q.periods.before):
        before = await tally_all(q.db, q.filters(q.periods.before))
    tasks = await read_tasks(q)
    rows = await _rows(q, now)
    return OwnWeek(
        rows=rows,
        sums=sums,
        before=before,
        lines=lines(METRICS, sums, before) if sums.sessions else (),
        best_scenario=await _best_scenario(q),
        today=(await tally_all(q.db, q.filters(today(q.zone, q.now)))).sessions,
        has_begun=bool(rows),
        tasks=None if tasks is None else tuple(tasks),
        last=await _last(q),
        band=await _band(q, person.id),
        named=person.id not in q.unnamed,
    )


def _up_to_now(q: PreparedQuestion) -> list[sa.ColumnElement[bool]]:
    """Everything on record up to now, including sessions after the period."""
    return q.filters(Interval(EARLIEST, max(today(q.zone, q.now).end, q.interval.end)))


async def _rows(q: PreparedQuestion, inside: Interval) -> tuple[Row, ...]:
    """A row per scenario on record, by sessions in the period."""
    graded = {x.scenario_id: x for x in await progress(q.db, _up_to_now(q), inside)}
    all_time = await tally_by(q.db, _up_to_now(q), session.c.scenario_id)
    now = await tally_by(q.db, q.filters(), session.c.scenario_id)
    names = await scenario_names(q.db, all_time.keys())
    rows = []
    for id_ in all_time:
        own = graded.get(id_)
        rows.append(
            Row(
                scenario=names.get(id_, ""),
                sessions=now.get(id_, NOTHING).sessions,
                attempts=own.attempts if own else 0,
                first=own.first if own else None,
                last=own.last if own else None,
                best=own.best if own else None,
                lift=own.lift if own else None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.sessions, row.scenario.casefold())))


async def _best_scenario(q: PreparedQuestion) -> str:
    """The scenario of the best graded session of the period; of several, the newest."""
    order = (session.c.score.desc(), session.c.created_at.desc())
    query = sa.select(session.c.scenario_id).where(*q.filters(), is_graded)
    id_ = await q.db.scalar(query.order_by(*order).limit(1))
    return (await scenario_names(q.db, {id_})).get(id_, "") if id_ else ""


async def _last(q: PreparedQuestion) -> tuple[LastSession, ...]:
    found, _ = await read_sessions(q.db, _up_to_now(q), limit=LAST)
    return tuple(
        LastSession(
            id=each.id,
            at=each.created_at,
            scenario=each.scenario.name.strip() or each.scenario.slug.strip(),
            score=None if each.score is None else points(round(each.score * 1000)),
            rank=(each.rank or "").strip(),
            is_valid=each.is_valid_attempt,
        )
        for each in found
    )


async def _band(q: PreparedQuestion, member_id: str) -> Band | None:
    """Their band in the largest of their groups, by graded sessions. None in a small group, and in
    the lower half, where it would help nobody."""
    if not q.covers(q.interval):
        return None
    own = sa.select(team_member.c.team_id).where(team_member.c.member_id == member_id)
    groups = await q.db.rows(sa.select(team.c.id, team.c.name).where(team.c.id.in_(own)))
    found: list[Band] = []
    for group in groups:
        inside = sa.select(team_member.c.member_id).where(team_member.c.team_id == group.id)
        ids = await q.db.scalars(inside)
        everybody = replace(q, query=ResolvedQuery(None))
        filters = [*everybody.filters(q.interval), session.c.member_id.in_(ids)]
        tallies = await tally_people(q.db, filters)
        counts = {id_: each.graded for id_, each in tallies.items()}
        band = _band_of(counts, member_id, len(ids), group.name)
        if band is not None:
            found.append(band)
    return max(found, key=lambda each: each.people, default=None)


def _band_of(counts: dict[str, int], member_id: str, people: int, group: str) -> Band | None:
    own = counts.get(member_id, 0)
    place = 1 + sum(count > own for count in counts.values())
    if people < ENOUGH_PEERS or not own or 2 * place > people:
        return None
    return Band("upper quarter" if 4 * place <= people else "upper half", people, group)


REPORT: Report[OwnWeek] = Report(
    name="me",
    covers="doing score practice overview",
    forms=("me",),
    help="Your own week: figures, scenarios, what is due.",
    example="me",
    has_command=False,
    filters=frozenset(("who",)),
    default_people=DefaultPeople.ASKER,
    period="",
    needs=frozenset((Need.TASKS,)),
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda found: not found.has_begun,
)
