"""The rows and figures of an answer, from what is stored and what Exec was asked directly."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Session
from bot.language.query import Sort
from bot.mirror.asked import Asked
from bot.mirror.names import names_of
from bot.mirror.rows import COLUMNS, column, row_of, sessions_of, to_ms
from bot.mirror.store import created_within
from bot.mirror.stretches import Span, Stretch
from bot.reports.figures import Attempt, Figures, Tally
from bot.storage.database import Database

# Rows are taken this many at a time, so that a long answer holds nobody up.
BATCH = 1000
# More are ordered and made beside what else is done; to begin that takes longer than fewer do.
MANY = 4 * BATCH

StoredRow = Sequence[Any]
SortKey = Callable[[StoredRow], Any]

# The columns of a row that is mapped by their names.
_by_columns: Callable[[Any], StoredRow] = itemgetter(*(each.name for each in COLUMNS))
_id, _at, _user, _scenario = map(column, ("id", "created_at", "user_id", "scenario_id"))
_attempt: Callable[[StoredRow], Attempt] = column(
    "user_id", "score", "rank", "duration_seconds", "is_valid_attempt"
)


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
        parts: Sequence[Stretch],
        asked: Asked,
        *,
        skip: int = 0,
        keep: int,
        sums: bool = True,
    ) -> Selected:
        """What of `parts` matches a question: rows `skip` to `skip + keep`, and `sums` of all.

        Raises StorageError.
        """
        order = ORDERS[asked.query.sort]
        total, tally, first = 0, Tally[StoredRow](), _First(order, skip + keep)
        told = _told(parts)
        async with self._database.transaction(reads=True) as connection:
            async for rows in self._rows(connection, parts, asked, told):
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
                connection, sorted(set(map(_user, kept))), sorted(set(map(_scenario, named)))
            )
        people |= {each.user.id: each.user for each in told if each.user.id}
        scenarios |= {each.scenario.id: each.scenario for each in told if each.scenario.id}
        many = len(named) > MANY
        made = functools.partial(sessions_of, named, people, scenarios)
        sessions = await asyncio.to_thread(made) if many else made()
        return Selected(
            rows=tuple(sessions[: len(kept)]),
            total=total,
            figures=tally.figures(sessions[-1] if best else None),
        )

    async def _rows(
        self,
        connection: AsyncConnection,
        parts: Sequence[Stretch],
        asked: Asked,
        told: Sequence[Session],
    ) -> AsyncIterator[Sequence[StoredRow]]:
        values = [row for row in map(row_of, told) if asked.keeps(row)]
        if values:
            yield list(map(_by_columns, values))
        for start, end in _stored(parts):
            query = sa.select(*COLUMNS).where(*created_within(start, end), *asked.where)
            found = await connection.stream(query)
            async for some in found.partitions(BATCH):
                yield some


def _stored(parts: Iterable[Stretch]) -> list[Span]:
    """The intervals of the parts that are in the database, with neighbours as one."""
    spans: list[Span] = []
    for part in parts:
        if part.sessions is not None:
            continue
        if spans and spans[-1][1] == part.start:
            spans[-1] = (spans[-1][0], part.end)
        else:
            spans.append((part.start, part.end))
    return spans


def _told(parts: Iterable[Stretch]) -> list[Session]:
    """The sessions of the parts that Exec was asked directly."""
    return [
        each
        for part in parts
        for each in part.sessions or ()
        if part.start <= to_ms(each.created_at) < part.end
    ]


class _First:
    """The first rows in an order, of however many pass by."""

    def __init__(self, key: SortKey, count: int) -> None:
        self._key = key
        self._count = count
        self._rows: list[StoredRow] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[StoredRow]) -> None:
        self._rows += rows
        if len(self._rows) > 4 * max(self._count, BATCH):
            self._rows = self.rows()

    def rows(self) -> list[StoredRow]:
        return sorted(self._rows, key=self._key)[: self._count]


def _by(name: str, sign: int) -> SortKey:
    """An order by the number in that column; sessions without one come last, as in Exec."""
    value = column(name)

    def key(row: StoredRow) -> tuple[bool, float, str]:
        number = value(row)
        return (number is None, sign * (number or 0.0), _id(row))

    return key


ORDERS: dict[Sort, SortKey] = {
    Sort.NEWEST: lambda row: (-_at(row), _id(row)),
    Sort.OLDEST: lambda row: (_at(row), _id(row)),
    Sort.BEST: _by("score", -1),
    Sort.WORST: _by("score", 1),
    Sort.LONGEST: _by("duration_seconds", -1),
    Sort.SHORTEST: _by("duration_seconds", 1),
}
