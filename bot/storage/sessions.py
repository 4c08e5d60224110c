"""Turns the filters of a question into SQL, and says what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.query import Kind, Period, Range, ResolvedQuery
from bot.storage.database import Database
from bot.storage.tables import scenario_of, session, team_member, to_ms, window

SESSIONS = "sessions"  # the name of the window's row
THOUSANDTHS = 1000
# Only Exec can tell which sessions belong to a program.
ONLY_EXEC = frozenset((Kind.PROGRAM,))

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
    conditions = [
        *_of_people(query),
        *of_scenarios(query, session.c.scenario_id),
        *_of_results(query),
    ]
    if span is not None:
        conditions += [session.c.created_at >= span.start, session.c.created_at < span.end]
    if query.attempt:
        conditions.append(session.c.id == query.attempt)
    if ids is not None:
        conditions.append(session.c.id.in_(ids))
    return conditions


def _of_people(query: ResolvedQuery) -> Iterator[sa.ColumnElement[bool]]:
    if query.people is not None:
        yield session.c.member_id.in_([person.id for person in query.people])
    if query.groups:
        members = sa.select(team_member.c.member_id)
        yield session.c.member_id.in_(members.where(team_member.c.team_id.in_(query.groups)))
    if query.absent:
        yield session.c.member_id.not_in(query.absent)
    if not query.include_system:
        yield ~session.c.is_staff


def of_scenarios(
    query: ResolvedQuery, scenario_id: sa.ColumnElement[str]
) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions of a question on scenarios, skills and collections."""
    if query.excluded_scenarios:
        yield scenario_id.not_in(query.excluded_scenarios)
    if scenarios := [thing.id for thing in query.names if thing.kind is Kind.SCENARIO]:
        yield scenario_id.in_(scenarios)
    for kind in (Kind.SKILL, Kind.COLLECTION):
        if bundles := [thing.id for thing in query.names if thing.kind is kind]:
            inside = sa.select(scenario_of.c.scenario_id).where(
                scenario_of.c.kind == kind.value, scenario_of.c.bundle_id.in_(bundles)
            )
            yield scenario_id.in_(inside)


def _of_results(query: ResolvedQuery) -> Iterator[sa.ColumnElement[bool]]:
    if query.ranks:
        yield session.c.rank.in_([rank.value for rank in query.ranks])
    if query.valid is not None:
        yield session.c.is_valid.is_(query.valid)
    if query.score is not None:
        yield from _within(session.c.score, query.score)
    if query.length is not None:
        yield from _within(session.c.duration_ms, query.length)


def _within(column: sa.Column[Any], bounds: Range) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions of a range of points or seconds, which are stored in thousandths."""
    yield column.is_not(None)
    if bounds.low is not None:
        low = thousandths(bounds.low)
        yield column > low if bounds.low_open else column >= low
    if bounds.high is not None:
        high = thousandths(bounds.high)
        yield column < high if bounds.high_open else column <= high


def thousandths(value: float) -> int:
    """A number in thousandths, cut off: figures are rounded once, when they are shown."""
    # Decimal, because 16.1 * 1000 isn't 16100 as a float.
    return int(Decimal(str(value)) * THOUSANDTHS)
