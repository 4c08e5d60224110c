"""Turns the filters of a question into SQL, and says what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.filters import FILTERS
from bot.language.query import Kind, Period, Range, ResolvedQuery
from bot.storage.database import Database
from bot.storage.tables import scenario_of, session, team_member, to_ms, window

Conditions = list[sa.ColumnElement[bool]]

SESSIONS = "sessions"  # the name of the window's row
THOUSANDTHS = 1000
is_graded = session.c.is_valid & session.c.score.is_not(None)
has_duration = session.c.duration_ms > 0


@dataclass(frozen=True, slots=True)
class Window:
    """What is stored: every session from `start` to `end`, including both; a list of `rows` as of
    `end`; or what a job has read."""

    start: datetime
    end: datetime
    rows: int = 0


async def read_window(database: Database, name: str = SESSIONS) -> Window | None:
    """What is stored of the sessions, a list or a job; None before the first page. Raises
    StorageError."""
    row = await database.row(sa.select(window).where(window.c.name == name))
    return None if row is None else Window(row.start_at, row.end_at, row.rows)


async def store_window(
    connection: AsyncConnection, database: Database, name: str, stored: Window
) -> None:
    """Note what is stored of a list or a job."""
    row = {"name": name, "start_at": stored.start, "end_at": stored.end, "rows": stored.rows}
    await database.put(connection, window, [row])


@dataclass(frozen=True, slots=True)
class Span:
    """The milliseconds from `start` to `end`, without `end`."""

    start: int
    end: int


def span_of(period: Period | None, now: int) -> Span:
    """The span of a period, up to `now` (ms); a closed period includes its last moment."""
    start = 0 if period is None or period.start is None else max(0, to_ms(period.start))
    if period is None or period.end is None:
        return Span(start, now)
    return Span(start, min(to_ms(period.end) + (1 if period.closed else 0), now))


def filters_of(
    query: ResolvedQuery, span: Span | None = None, ids: Sequence[str] | None = None
) -> list[sa.ColumnElement[bool]]:
    """The conditions of a question on the table of sessions, within a span.

    `ids` are the sessions that Exec returned for a question that only Exec can answer.
    """
    conditions = [condition for of in _OF_SESSIONS.values() for condition in of(query)]
    conditions += of_scenarios(query, session.c.scenario_id)
    if span is not None:
        conditions += [session.c.created_at >= span.start, session.c.created_at < span.end]
    if ids is not None:
        conditions.append(session.c.id.in_(ids))
    return conditions


def of_scenarios(
    query: ResolvedQuery, scenario_id: sa.ColumnElement[str]
) -> list[sa.ColumnElement[bool]]:
    """The conditions of a question on scenarios, skills and collections."""
    return [condition for of in _OF_SCENARIOS.values() for condition in of(query, scenario_id)]


def _of_members(query: ResolvedQuery) -> Conditions:
    members = sa.select(team_member.c.member_id).where(team_member.c.team_id.in_(query.groups))
    return [session.c.member_id.in_(members)] if query.groups else []


def _of_things(kind: Kind) -> Callable[[ResolvedQuery, sa.ColumnElement[str]], Conditions]:
    """The condition of the scenarios, skills or collections that a question names."""

    def conditions(query: ResolvedQuery, scenario_id: sa.ColumnElement[str]) -> Conditions:
        ids = [thing.id for thing in query.names if thing.kind is kind]
        c = scenario_of.c
        inside = sa.select(c.scenario_id).where(c.kind == kind.value, c.bundle_id.in_(ids))
        return [scenario_id.in_(ids if kind is Kind.SCENARIO else inside)] if ids else []

    return conditions


def _within(column: sa.Column[Any], bounds: Range | None) -> Conditions:
    """The conditions of a range of points or seconds, which are stored in thousandths."""
    if bounds is None:
        return []
    conditions: Conditions = [column.is_not(None)]
    if bounds.low is not None:
        low = thousandths(bounds.low)
        conditions.append(column > low if bounds.low_open else column >= low)
    if bounds.high is not None:
        high = thousandths(bounds.high)
        conditions.append(column < high if bounds.high_open else column <= high)
    return conditions


def thousandths(value: float) -> int:
    """A number in thousandths, cut off: figures are rounded once, when they are shown."""
    # Decimal, because 16.1 * 1000 isn't 16100 as a float.
    return int(Decimal(str(value)) * THOUSANDTHS)


# The conditions of each filter, by its key.
_OF_SESSIONS: dict[str, Callable[[ResolvedQuery], Conditions]] = {
    "who": lambda query: (
        []
        if query.people is None
        else [session.c.member_id.in_([person.id for person in query.people])]
    ),
    "group": _of_members,
    "without": lambda query: [session.c.member_id.not_in(query.absent)] if query.absent else [],
    "session": lambda query: [session.c.id == query.attempt] if query.attempt else [],
    "rank": lambda query: [session.c.rank.in_(map(str, query.ranks))] if query.ranks else [],
    "valid": lambda query: [] if query.valid is None else [session.c.is_valid.is_(query.valid)],
    "score": lambda query: _within(session.c.score, query.score),
    "length": lambda query: _within(session.c.duration_ms, query.length),
    "system": lambda query: [] if query.include_system else [~session.c.is_staff],
}
_OF_SCENARIOS: dict[str, Callable[[ResolvedQuery, sa.ColumnElement[str]], Conditions]] = {
    "without": lambda query, scenario_id: (
        [scenario_id.not_in(query.excluded_scenarios)] if query.excluded_scenarios else []
    ),
    "scenario": _of_things(Kind.SCENARIO),
    "skill": _of_things(Kind.SKILL),
    "collection": _of_things(Kind.COLLECTION),
}
# The span has the period. Reports see to the others, which don't choose sessions.
_ELSEWHERE = frozenset(("period", "versus", "due", "by", "sort", "limit", "page"))
for _row in FILTERS:
    if _row.key not in {*_OF_SESSIONS, *_OF_SCENARIOS, *_ELSEWHERE} and not _row.only_exec:
        raise LookupError(f"the filter {_row.key} has no condition on sessions")
