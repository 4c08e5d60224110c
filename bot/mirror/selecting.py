"""The rows and figures of an answer, from what is held."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Session
from bot.language.query import Range, ResolvedQuery, Sort
from bot.language.words import conditions
from bot.mirror.planning import Part
from bot.mirror.rows import COLUMNS, local_filters, sessions_of
from bot.mirror.scope import Scope
from bot.people.naming import names_of
from bot.reports.figures import Attempt, Figures, Tally
from bot.storage.database import Database, Row
from bot.storage.tables import practice_membership, practice_scope, practice_session

# Rows are taken this many at a time, so that a long answer holds nobody up.
BATCH = 1000
# More are ordered and made beside what else is done; to begin that takes longer than fewer do.
MANY = 4 * BATCH

session = practice_session.c
member = practice_membership.c
Key = Callable[[Row], Any]

_ID, _AT, _USER, _SCENARIO, _, _SCORE, _RANK, _SECONDS, _VALID = range(len(COLUMNS))
_attempt: Callable[[Row], Attempt] = itemgetter(_USER, _SCORE, _RANK, _SECONDS, _VALID)


@dataclass(frozen=True, slots=True)
class Selected:
    """The first rows in the order asked for, how many match in all, and what they add up to, if
    that was asked for."""

    rows: tuple[Session, ...]
    total: int
    figures: Figures


class Selecting:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def select(
        self,
        parts: Sequence[Part],
        query: ResolvedQuery,
        *,
        skip: int = 0,
        keep: int,
        sums: bool = True,
    ) -> Selected:
        """What of `parts` matches `query`: rows `skip` to `skip + keep`, and `sums` of all.

        Raises StorageError.
        """
        total, tally, first = 0, Tally[Row](), _First(ORDERS[query.sort], skip + keep)
        async with self._database.transaction(reads=True) as connection:
            async for rows in self._rows(connection, parts, query):
                total += len(rows)
                if sums:
                    tally.add(rows, _attempt)
                first.add(rows)
                await asyncio.sleep(0)
            # Tens of thousands take a while to order and to make: others are answered meanwhile.
            many = len(first) > MANY
            kept = (await asyncio.to_thread(first.rows) if many else first.rows())[skip:]
            # The same one in whatever order the rows are asked for.
            best = tally.best(ORDERS[Sort.NEWEST])
            named = [*kept, best] if best else kept
            people, scenarios = await names_of(
                connection,
                sorted({row[_USER] for row in kept}),
                sorted({row[_SCENARIO] for row in named}),
            )
        many = len(named) > MANY
        made = functools.partial(sessions_of, named, people, scenarios)
        sessions = await asyncio.to_thread(made) if many else made()
        return Selected(
            rows=tuple(sessions[: len(kept)]),
            total=total,
            figures=tally.figures(sessions[-1] if best else None),
        )

    async def _rows(
        self, connection: AsyncConnection, parts: Sequence[Part], query: ResolvedQuery
    ) -> AsyncIterator[Sequence[Row]]:
        for part in joined(parts):
            found = await connection.stream(_statement(part, query))
            async for some in found.partitions(BATCH):
                yield some


def joined(parts: Iterable[Part]) -> Iterator[Part]:
    """The same rows with neighbours put together, whenever they were looked at."""
    current: Part | None = None
    for part in parts:
        if current is None:
            current = part
        elif (_rows_of(part), part.start) == (_rows_of(current), current.end):
            current = replace(current, end=part.end)
        else:
            yield current
            current = part
    if current is not None:
        yield current


def _rows_of(part: Part) -> tuple[Scope, Scope | None]:
    """What tells which rows a part has, whatever its time: held of whom it was read for matters
    only where Exec alone can say who belongs."""
    return part.narrow, part.scope if part.scope.is_remote else None


def _statement(part: Part, query: ResolvedQuery) -> sa.Select[Any]:
    rows = sa.select(*COLUMNS)
    if part.scope.is_remote:
        belongs = sa.and_(member.session_id == session.id, member.created_at == session.created_at)
        rows = (
            rows.join_from(practice_session, practice_membership, belongs)
            .join(practice_scope, practice_scope.c.id == member.scope_id)
            .where(practice_scope.c.key == part.scope.key)
            .where(member.created_at >= part.start, member.created_at < part.end)
        )
    return rows.where(
        session.created_at >= part.start,
        session.created_at < part.end,
        *local_filters(part.narrow),
        *asked_for(query),
    )


def asked_for(query: ResolvedQuery) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions of a question on what may change in a session, and those that Exec has no
    filter for, on `practice_session`."""
    if query.absent:
        yield session.user_id.not_in(query.absent)
    if query.other_scenarios:
        yield session.scenario_id.not_in(sorted(query.other_scenarios))
    for name, value in conditions(query):
        column = session[name]
        if isinstance(value, Range):
            yield from _within(column, value)
        elif isinstance(value, bool):
            yield column.is_(value)
        elif isinstance(value, str):
            yield column == value
        else:
            yield column.in_(value)


def _within(column: sa.Column[Any], bounds: Range) -> Iterator[sa.ColumnElement[bool]]:
    yield column.is_not(None)
    if bounds.low is not None:
        yield column > bounds.low if bounds.low_open else column >= bounds.low
    if bounds.high is not None:
        yield column < bounds.high if bounds.high_open else column <= bounds.high


class _First:
    """The first rows in an order, of however many pass by."""

    def __init__(self, key: Key, count: int) -> None:
        self._key = key
        self._count = count
        self._rows: list[Row] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[Row]) -> None:
        self._rows += rows
        if len(self._rows) > 4 * max(self._count, BATCH):
            self._rows = self.rows()

    def rows(self) -> list[Row]:
        return sorted(self._rows, key=self._key)[: self._count]


def _by(place: int, sign: int) -> Key:
    """By a number in that column; sessions without one come last, as they do in Exec."""

    def key(row: Row) -> tuple[bool, float, str]:
        number: Any = row[place]
        return (number is None, sign * (number or 0.0), row[_ID])

    return key


ORDERS: dict[Sort, Key] = {
    Sort.NEWEST: lambda row: (-row[_AT], row[_ID]),
    Sort.OLDEST: lambda row: (row[_AT], row[_ID]),
    Sort.BEST: _by(_SCORE, -1),
    Sort.WORST: _by(_SCORE, 1),
    Sort.LONGEST: _by(_SECONDS, -1),
    Sort.SHORTEST: _by(_SECONDS, 1),
}
