"""The scenarios of skills and collections, so that questions about these are answered from what is
held.

They come from Exec's list of scenarios, which the background reads again while questions name them.
Exec's filter on sessions may mean something else. So its total is compared with the sessions held,
at first and then now and then; until they agree, and while they differ, Exec is asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.exec_api.client import ExecClient
from bot.language.query import Kind
from bot.mirror.coverage import DAY
from bot.mirror.fetching import filters
from bot.mirror.held import Held
from bot.mirror.planning import within
from bot.mirror.rows import instant
from bot.mirror.scope import Scope
from bot.mirror.walking import Ask
from bot.storage.database import Database
from bot.storage.tables import practice_session, scenario_set

PURPOSE = "scenarios"
# A set in use is read again after this long, and used for a day: nights may be quiet.
READ_EVERY = timedelta(hours=6)
MAX_AGE = timedelta(hours=26)
# A set is checked when it is new or has changed, and then this often, one set at a time.
CHECK_EVERY = timedelta(hours=12)
CHECKS_APART = timedelta(hours=3)
# What fails is tried again after this long.
RETRY = timedelta(hours=1)
# In use is what a question named within a week; noted once an hour, as most questions only read.
IN_USE = timedelta(days=7)
NOTE_EVERY = timedelta(hours=1)
# The totals of less time than this would agree with nearly any list (ms).
LEAST_CHECKED = 7 * DAY

one_set = scenario_set.c
Row = sa.Row[Any]


@dataclass(frozen=True, slots=True)
class Contents:
    """The scenarios of some skills and collections, by id; Exec agrees since `since` (ms)."""

    skills: Mapping[str, Set[str]]
    collections: Mapping[str, Set[str]]
    since: int


NO_CONTENTS = Contents({}, {}, 0)


class ScenarioSets:
    def __init__(
        self, database: Database, client: ExecClient, held: Held, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._client = client
        self._held = held
        self._clock = clock

    async def of(self, scope: Scope) -> Contents:
        """What the skills and collections of `scope` hold, where Exec's total agreed; also notes
        that they were asked for. Asks nothing of Exec. Raises StorageError."""
        now = self._clock()
        keys = [(Kind.SKILL.value, id_) for id_ in scope.skills or ()]
        keys += [(Kind.COLLECTION.value, id_) for id_ in scope.collections or ()]
        if not keys:
            return NO_CONTENTS
        rows = await self._rows(sa.tuple_(one_set.kind, one_set.id).in_(keys))
        noted = {(row.kind, row.id) for row in rows if within(NOTE_EVERY, row.asked_at, now)}
        new = [{"kind": kind, "id": id_} for kind, id_ in keys if (kind, id_) not in noted]
        await self._save(new, asked_at=now)
        agreed = [row for row in rows if row.agrees_since and within(MAX_AGE, row.read_at, now)]
        skills = {row.id: _scenarios(row) for row in agreed if row.kind == Kind.SKILL}
        collections = {row.id: _scenarios(row) for row in agreed if row.kind == Kind.COLLECTION}
        since = max((instant(row.agrees_since) for row in agreed), default=0)
        return Contents(skills, collections, since)

    async def refresh(self) -> bool:
        """Read or check the next set in use that is due; whether one was.

        Raises ExecError and StorageError.
        """
        now = self._clock()
        rows = await self._rows(one_set.asked_at > now - IN_USE)
        last = max((row.checked_at for row in rows if row.checked_at is not None), default=None)
        may_check = not within(CHECKS_APART, last, now)
        for row in rows:
            if within(RETRY, row.tried_at, now):
                continue
            unread = _is_unread(row, now)
            if unread or _is_unchecked(row, now, may_check):
                await self._save([_key(row)], tried_at=now)
                await (self._read(row) if unread else self._check(row))
                return True
        return False

    async def _read(self, asked: Row) -> None:
        """Read what a set holds: with a skill, what every skill does."""
        now, sets = self._clock(), {asked.id: set[str]()}
        if asked.kind == Kind.COLLECTION:
            listed = await self._client.scenarios(
                collection_ids=(asked.id,), with_archived=True, purpose=PURPOSE
            )
            sets[asked.id] |= {each.id for each in listed}
        else:
            listed = await self._client.scenarios(
                with_skills=True, with_archived=True, purpose=PURPOSE
            )
            for each in listed:
                for skill in each.skills or ():
                    sets.setdefault(skill.id, set()).add(each.id)
        before = {row.id: row for row in await self._rows(one_set.kind == asked.kind)}
        for id_, scenarios in sets.items():
            row = before.get(id_)
            new: dict[str, Any] = {"read_at": now, "tried_at": None}
            if row is None or row.read_at is None or _scenarios(row) != scenarios:
                new |= {"scenario_ids": json.dumps(sorted(scenarios))}
                new |= {"checked_at": None, "agrees_since": None}
            await self._save([{"kind": asked.kind, "id": id_}], **new)

    async def _check(self, row: Row) -> None:
        """Compare Exec's total with what is held, from the newest look back to the first gap."""
        start, end = (await self._held.everybody()).unbroken
        if end - start < LEAST_CHECKED:
            return
        ids = frozenset({row.id})
        scope = Scope(skills=ids) if row.kind == Kind.SKILL else Scope(collections=ids)
        total = await self._client.sessions_total(filters(scope, Ask(start, end)), purpose=PURPOSE)
        inside = practice_session.c.scenario_id.in_(sorted(_scenarios(row)))
        agrees = await self._held.count(start, end, inside) == total
        now = self._clock()
        since = (row.agrees_since or now) if agrees else None
        await self._save([_key(row)], agrees_since=since, checked_at=now)

    async def _rows(self, wanted: sa.ColumnElement[bool]) -> Sequence[Row]:
        """The sets, those that were checked the longest ago first."""
        query = sa.select(scenario_set).where(wanted)
        query = query.order_by(one_set.checked_at.nulls_first(), one_set.kind, one_set.id)
        return await self._database.rows(query)

    async def _save(self, keys: Sequence[Mapping[str, str]], **values: Any) -> None:
        if keys:
            async with self._database.transaction() as connection:
                rows = [{**key, **values} for key in keys]
                await self._database.put(connection, scenario_set, rows)


def _key(row: Row) -> dict[str, str]:
    return {"kind": row.kind, "id": row.id}


def _scenarios(row: Row) -> frozenset[str]:
    return frozenset(json.loads(row.scenario_ids))


def _is_unread(row: Row, now: datetime) -> bool:
    return row.read_at is None or (
        row.asked_at > row.read_at and not within(READ_EVERY, row.read_at, now)
    )


def _is_unchecked(row: Row, now: datetime, may_check: bool) -> bool:
    if row.checked_at is None:
        return True
    every = CHECK_EVERY if row.agrees_since else CHECKS_APART
    return may_check and row.asked_at > row.checked_at and not within(every, row.checked_at, now)
