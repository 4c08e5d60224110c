"""A question in ids: which sessions it is about, and how Exec itself is asked for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.errors import ExecError
from bot.exec_api.wire import Pairs
from bot.language.query import Kind, Period, Range, ResolvedQuery
from bot.language.words import conditions
from bot.mirror.rows import to_ms
from bot.people.groups import MAX_AGE, PAGES_UNASKED, Roster, Rosters, pages_of
from bot.storage.tables import practice_session

# While Exec is away, stored data of up to this age is still served.
MAX_STALE_AGE = timedelta(days=7)
# As many ids as fit into the 8,190 bytes of a request line that servers commonly take.
MOST_IDS = 400
# In the order in which Exec documents them. Rows do not say in which of the last ones Exec counts
# them: only Exec can apply those.
PARAMETERS = {
    Kind.SCENARIO: "scenario_ids",
    Kind.COLLECTION: "collection_ids",
    Kind.SKILL: "skill_ids",
    Kind.PROGRAM: "program_ids",
    Kind.GROUP: "group_ids",
}
REMOTE = frozenset((Kind.COLLECTION, Kind.SKILL, Kind.PROGRAM))

session = practice_session.c
Ids = frozenset[str] | None  # None is any


@dataclass(frozen=True, slots=True)
class Asked:
    """The sessions that match `query` and were created in [start, end), asked at `now` (all ms).

    `users` and `scenarios` are those whom it is about: none where nothing can match. `sent` are
    Exec's own filters; `is_remote`: only Exec can tell which sessions belong, `is_narrow`: it has
    filters that leave most of them out. `roster_as_of` is when Exec said who is in its groups, and
    `spent` about how many requests that took.
    """

    query: ResolvedQuery
    start: int
    end: int
    now: int
    users: Ids
    scenarios: Ids
    sent: Pairs
    is_remote: bool
    roster_as_of: datetime | None = None
    spent: int = 0

    @property
    def is_narrow(self) -> bool:
        return any(name != "exclude_system_users" for name, _ in self.sent)

    @property
    def is_nothing(self) -> bool:
        """Whether no session can match."""
        return self.start >= self.end or self.users == frozenset()

    @property
    def whose(self) -> Iterator[sa.ColumnElement[bool]]:
        """The people and scenarios as conditions on `practice_session`: what never changes."""
        if self.users is not None:
            yield session.user_id.in_(sorted(self.users))
        if self.scenarios is not None:
            yield session.scenario_id.in_(sorted(self.scenarios))
        if not self.query.include_system:
            yield session.is_system.is_(False)

    @property
    def where(self) -> Iterator[sa.ColumnElement[bool]]:
        """All conditions on `practice_session` but those on time."""
        yield from self.whose
        if self.query.absent:
            yield session.user_id.not_in(self.query.absent)
        if self.query.other_scenarios:
            yield session.scenario_id.not_in(sorted(self.query.other_scenarios))
        for name, value in conditions(self.query):
            column = session[name]
            if isinstance(value, Range):
                yield from _within(column, value)
            elif isinstance(value, bool):
                yield column.is_(value)
            elif isinstance(value, str):
                yield column == value
            else:
                yield column.in_(value)

    def keeps(self, row: dict[str, Any]) -> bool:
        """Whether a row that is not in the database meets the conditions of `where`."""
        return (
            (self.users is None or row["user_id"] in self.users)
            and (self.scenarios is None or row["scenario_id"] in self.scenarios)
            and (self.query.include_system or not row["is_system"])
            and row["user_id"] not in self.query.absent
            and row["scenario_id"] not in self.query.other_scenarios
            and all(_fits(row[name], value) for name, value in conditions(self.query))
        )


def _within(column: sa.Column[Any], bounds: Range) -> Iterator[sa.ColumnElement[bool]]:
    yield column.is_not(None)
    if bounds.low is not None:
        yield column > bounds.low if bounds.low_open else column >= bounds.low
    if bounds.high is not None:
        yield column < bounds.high if bounds.high_open else column <= bounds.high


def _fits(value: Any, wanted: Range | bool | str | tuple[str, ...]) -> bool:
    if not isinstance(wanted, Range):
        return value in wanted if isinstance(wanted, tuple) else bool(value == wanted)
    if value is None:
        return False
    low, high = wanted.low, wanted.high
    return (low is None or (value > low if wanted.low_open else value >= low)) and (
        high is None or (value < high if wanted.high_open else value <= high)
    )


@dataclass(frozen=True, slots=True)
class Questions:
    rosters: Rosters

    async def asked(
        self,
        query: ResolvedQuery,
        *,
        now: int,
        purpose: str = "question",
        ask_exec: bool = True,
        fresh: bool = False,
        max_age: timedelta = MAX_AGE,
    ) -> Asked:
        """The question in ids: groups as the people in them.

        Exec is asked for these, under `purpose`, where they are not stored and take few requests;
        with `fresh` it is asked again. While it is away, what it said within MAX_STALE_AGE will
        do: of a group whose people are not known any better, only who sees everybody asks. Of a
        group that nobody knows Exec tells the sessions. Raises StorageError.
        """
        named = {
            kind: ids
            for kind in PARAMETERS
            if (ids := frozenset(each.id for each in query.names if each.kind is kind))
        }
        users: Ids = None if query.people is None else frozenset(p.id for p in query.people)
        sent = [] if users is None or len(users) > MOST_IDS else [("user_ids", _listed(users))]
        sent += [(PARAMETERS[kind], _listed(ids)) for kind, ids in named.items()]
        if not query.include_system:
            sent.append(("exclude_system_users", "true"))
        is_remote, roster_as_of, spent = not REMOTE.isdisjoint(named), None, 0
        if groups := named.get(Kind.GROUP):
            found, spent = await self._rosters(groups, purpose, ask_exec, fresh, max_age)
            if groups <= found.keys():
                inside = frozenset().union(*(found[id_].users for id_ in groups))
                users = inside if users is None else users & inside
                roster_as_of = min(found[id_].as_of for id_ in groups)
            else:
                is_remote = True
        start, end = interval_ms(query.period, now)
        scenarios = named.get(Kind.SCENARIO)
        return Asked(
            query,
            start,
            min(end, now),
            now,
            users,
            scenarios,
            tuple(sent),
            is_remote,
            roster_as_of,
            spent,
        )

    async def _rosters(
        self,
        groups: frozenset[str],
        purpose: str,
        ask_exec: bool,
        fresh: bool,
        max_age: timedelta,
    ) -> tuple[dict[str, Roster], int]:
        """Who is in these groups, where that is known, and about how many requests it took."""
        stored = await self.rosters.of(groups, ask_exec=False, max_age=max_age)
        if not ask_exec or (len(stored) == len(groups) and not fresh):
            return stored, 0
        try:
            read = await self.rosters.of(groups, fresh=fresh, purpose=purpose, pages=PAGES_UNASKED)
        except ExecError:
            return await self.rosters.of(groups, ask_exec=False, max_age=MAX_STALE_AGE), 0
        return read, sum(pages_of(read[id_]) for id_ in read.keys() - stored.keys())


def interval_ms(period: Period | None, now: int) -> tuple[int, int]:
    """A period as [start, end) in milliseconds; a closed period includes its last moment."""
    if period is None:
        return 0, now
    start = 0 if period.start is None else max(0, to_ms(period.start))
    if period.end is None:
        return start, now
    return start, to_ms(period.end) + (1 if period.closed else 0)


def _listed(ids: frozenset[str]) -> str:
    return ",".join(sorted(ids))
