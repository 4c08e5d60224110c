"""Who is in a group, as Exec lists it. Held in the database with an age, so that a question
about a group costs no request for its people.

Groups change seldom. While Exec counts as many people in one as are stored, and its first hundred
are among these, it is taken to be the same; now and then it is read whole all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.exec_api.client import ExecClient
from bot.exec_api.models import WorkspaceMember
from bot.exec_api.refresh_lock import RETRY, RefreshLock
from bot.exec_api.wire import MAX_PAGE_SIZE, Page
from bot.language.query import is_system
from bot.storage.database import Database, Row
from bot.storage.tables import member, roster, roster_member

# Rosters in use are read again in the background before they are too old for an answer, so that
# nobody waits for one. An hour or so is left for a reading that fails.
DUE = timedelta(hours=20)
MAX_AGE = timedelta(hours=26)
RETRY_IN_BACKGROUND = timedelta(hours=1)
# Whoever presses Refresh waits for so many: groups are small, or change seldom.
FEW_PAGES = 3
# A question reads so many for all its groups. Exec can be asked about a larger one as a group,
# until the background has read who is in it.
PAGES_UNASKED = 4
# Somebody may have come for somebody who left, both beyond the first hundred.
WHOLE_EVERY = timedelta(days=5)
# In use is what a question named within a week.
IN_USE = timedelta(days=7)


_IS_IN_IT = roster_member.c.last_seen.is_(None)
# Who is and was in these `groups`, of those read after `since`; a group without people has one row,
# which names nobody.
_STORED = (
    sa.select(
        roster.c.group_id,
        roster.c.fetched_at,
        roster_member.c.user_id,
        roster_member.c.first_seen,
        roster_member.c.last_seen,
        roster_member.c.is_system,
    )
    .outerjoin(roster_member, roster_member.c.group_id == roster.c.group_id)
    .where(
        roster.c.group_id.in_(sa.bindparam("groups", expanding=True)),
        roster.c.fetched_at > sa.bindparam("since"),
    )
)


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody in a group, by their Exec id.

    `first_seen` is when they were first listed in it, or came into the workspace if that was
    later; None: they were in it when we first looked. `last_seen` is the last look at which they
    were in it; None: they still are.
    """

    user_id: str
    first_seen: datetime | None
    last_seen: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Whether they were in the group then. Before they were seen there, and after they were,
        nobody can tell, and they are not expected to have practiced."""
        began = self.first_seen is None or self.first_seen <= moment
        return began and (self.last_seen is None or moment <= self.last_seen)


@dataclass(frozen=True, slots=True)
class Roster:
    """The Exec ids of those in a group; `as_of` (aware, UTC) is when that was true.

    `system` are Exec's own staff among `users`: their sessions can be asked for, but they are
    none of its `people`. `stays` are those of everyone else who is or was in it.
    """

    group_id: str
    users: frozenset[str]
    as_of: datetime
    stays: tuple[Stay, ...] = ()
    system: frozenset[str] = frozenset()

    @property
    def people(self) -> frozenset[str]:
        return self.users - self.system

    @property
    def ever(self) -> frozenset[str]:
        """Those who are its people or once were."""
        return frozenset(stay.user_id for stay in self.stays)

    def at(self, moment: datetime) -> frozenset[str]:
        """Those who were its people then, so that two reports on one week are about the same."""
        return frozenset(stay.user_id for stay in self.stays if stay.covers(moment))


class Rosters:
    def __init__(
        self, database: Database, client: ExecClient, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._lock = RefreshLock(database, roster, clock)
        # When it was seen that a group has more pages than a question reads.
        self._large_at: dict[str, datetime] = {}

    async def of(
        self,
        group_ids: Collection[str],
        *,
        ask_exec: bool = True,
        fresh: bool = False,
        purpose: str = "question",
        pages: int | None = None,
        max_age: timedelta = MAX_AGE,
    ) -> dict[str, Roster]:
        """The rosters by group, none older than `max_age`; also notes that they were asked for.

        What is not stored is read from Exec, under `purpose`. Without `ask_exec` it is left out,
        and so it is where it takes more than `pages` of all that are missing.
        With `fresh` what is stored is read again, too, unless that takes more than FEW_PAGES.
        Raises ExecError if a roster could not be read.
        """
        await self._lock.note_use(group_ids)
        stored = await self._stored(group_ids, max_age)
        if fresh and ask_exec and sum(map(pages_of, stored.values())) <= FEW_PAGES:
            await asyncio.gather(*(self.refresh(each, purpose=purpose) for each in stored))
            stored = await self._stored(group_ids, max_age)
        missing = set(group_ids) - stored.keys()
        most = None if pages is None or not missing else pages // len(missing)
        if missing and ask_exec and not (most is not None and self._too_long(missing, most)):
            await asyncio.gather(*(self._fetch(each, purpose, max_age, most) for each in missing))
            stored |= await self._stored(missing, max_age)
        return stored

    async def groups_of(self, user_id: str) -> frozenset[str]:
        """The groups in whose rosters somebody was when these were last read; nothing is asked of
        Exec."""
        query = sa.select(roster_member.c.group_id).where(
            roster_member.c.user_id == user_id, _IS_IN_IT
        )
        return frozenset(await self._database.scalars(query))

    async def joined_since(
        self, moment: datetime, *, groups: Collection[str], named: Collection[str]
    ) -> frozenset[str]:
        """The Exec ids of those who came into the workspace, or into the first of these groups
        that they are in, at that moment or later, as far as that was seen.

        Those who are `named` belong here whatever their groups. Who was there when we first
        looked came before. Raises StorageError.
        """
        new = sa.select(member.c.id).where(member.c.since >= moment)
        first_seen = roster_member.c.first_seen
        theirs = sa.select(roster_member.c.user_id).where(
            roster_member.c.group_id.in_(groups), _IS_IN_IT
        )
        settled = theirs.where(sa.or_(first_seen.is_(None), first_seen < moment))
        late = theirs.where(first_seen >= moment, roster_member.c.user_id.not_in(settled))
        came = frozenset(await self._database.scalars(new))
        came_in = frozenset(await self._database.scalars(late))
        return came | (came_in - frozenset(named))

    def _too_long(self, group_ids: Collection[str], most: int) -> bool:
        """Whether it is known already that some of them take more pages than that."""
        since = self._clock() - RETRY_IN_BACKGROUND
        large = (at > since for id_, at in self._large_at.items() if id_ in group_ids)
        return most == 0 or any(large)

    async def due(self, now: datetime, *, unused: bool = True) -> tuple[str, ...]:
        """The groups in use whose rosters should be read again, the oldest first.

        One whose reading was begun within the last hour is left out; without `unused`, also
        those that no question named since they were read.
        """
        columns = roster.c
        unknown = columns.fetched_at.is_(None)
        used = sa.or_(unknown, columns.asked_at > columns.fetched_at)
        query = (
            sa.select(columns.group_id)
            .where(
                columns.asked_at > now - IN_USE,
                sa.true() if unused else used,
                sa.or_(unknown, columns.fetched_at <= now - DUE),
                sa.or_(
                    columns.tried_at.is_(None),
                    columns.tried_at <= now - RETRY_IN_BACKGROUND,
                ),
            )
            .order_by(columns.fetched_at.nulls_first(), columns.group_id)
        )
        return tuple(await self._database.scalars(query))

    async def untried(self, group_ids: Iterable[str]) -> tuple[str, ...]:
        """Those of these groups whose rosters nobody needed or tried to read so far."""
        tried = frozenset(await self._database.scalars(sa.select(roster.c.group_id)))
        return tuple(id_ for id_ in group_ids if id_ not in tried)

    async def refresh(self, group_id: str, *, purpose: str) -> Roster:
        """Read a roster again, unless that was done within the last minute. Raises ExecError."""
        read = partial(self._read, group_id, purpose)
        if not await self._lock.refresh(group_id, read, after=RETRY):
            await self._fetch(group_id, purpose, max_age=RETRY)
        return (await self._stored((group_id,)))[group_id]

    async def _fetch(
        self,
        group_id: str,
        purpose: str,
        max_age: timedelta = MAX_AGE,
        most: int | None = None,
    ) -> None:
        await self._lock.refresh_awaited(
            group_id,
            lambda: self._read(group_id, purpose, most),
            since=self._clock() - max_age,
            # Who needs all of it is not served by somebody who may stop after a page.
            flight="" if most is None else f" {most}",
        )

    async def _read(self, group_id: str, purpose: str, most: int | None = None) -> None:
        # What is true before the reading may no longer be so after it, but not the other way.
        as_of = self._clock()
        first = await self._client.members_page((group_id,), purpose=purpose)
        if await self._is_same(group_id, first, as_of):
            is_group = roster.c.group_id == group_id
            await self._database.write(sa.update(roster).where(is_group).values(fetched_at=as_of))
            return
        if most is not None and first.total_pages > most:
            self._large_at[group_id] = as_of
            await self._lock.release(group_id)
            return
        people = await self._client.members((group_id,), first=first, purpose=purpose)
        await self._store(group_id, people, as_of)

    async def _is_same(self, group_id: str, first: Page[WorkspaceMember], now: datetime) -> bool:
        """Whether the first page tells that the group is as it is stored."""
        if first.total_pages == 1:
            return False
        whole = sa.select(roster.c.group_id).where(
            roster.c.group_id == group_id,
            roster.c.whole_at > now - WHOLE_EVERY,
        )
        members = sa.select(roster_member.c.user_id).where(
            roster_member.c.group_id == group_id, _IS_IN_IT
        )
        if await self._database.row(whole) is None:
            return False
        stored = set(await self._database.scalars(members))
        return first.total_count == len(stored) and {each.id for each in first.items} <= stored

    async def _store(
        self, group_id: str, people: Sequence[WorkspaceMember], as_of: datetime
    ) -> None:
        is_group = roster.c.group_id == group_id
        in_group = roster_member.c.group_id == group_id
        async with self._database.transaction() as connection:
            # Locked first: two processes may be storing the same roster.
            looked_at = await connection.scalar(
                sa.select(roster.c.fetched_at).where(is_group).with_for_update()
            )
            before = None if looked_at is None else min(looked_at, as_of)
            read = {"fetched_at": as_of, "whole_at": as_of}
            await connection.execute(sa.update(roster).where(is_group).values(read))
            found = await connection.execute(sa.select(roster_member).where(in_group))
            stored = {row.user_id: row._asdict() for row in found}
            changed = [
                {"group_id": group_id, **row}
                for row in roster_changes(stored, people, as_of, before)
            ]
            await self._database.put(connection, roster_member, changed)

    async def _stored(
        self, group_ids: Collection[str], max_age: timedelta = MAX_AGE
    ) -> dict[str, Roster]:
        values = {"groups": list(group_ids), "since": self._clock() - max_age}
        found: dict[tuple[str, datetime], list[Row]] = {}
        for row in await self._database.rows(_STORED, values):
            people = found.setdefault((row.group_id, row.fetched_at), [])
            if row.user_id is not None:
                people.append(row)
        return {
            group_id: Roster(
                group_id,
                frozenset(row.user_id for row in rows if row.last_seen is None),
                as_of,
                tuple(
                    Stay(row.user_id, row.first_seen, row.last_seen)
                    for row in rows
                    if not row.is_system
                ),
                frozenset(row.user_id for row in rows if row.is_system and row.last_seen is None),
            )
            for (group_id, as_of), rows in found.items()
        }


def roster_changes(
    stored: Mapping[str, Mapping[str, Any]],
    listed: Iterable[WorkspaceMember],
    at: datetime,
    before: datetime | None,
) -> list[dict[str, Any]]:
    """The rows of a group to write after a look `at` which these were listed. Pure.

    `stored` are its rows by user id, as of the look `before`; None if this is the first.
    """
    rows: dict[str, dict[str, Any]] = {}
    people = {person.id: person for person in listed}
    for id_, person in people.items():
        old = stored.get(id_)
        if old is not None and old["last_seen"] is None:
            first_seen = old["first_seen"]
        else:
            first_seen = None if before is None else at
            came = person.created_at
            # Who came into the workspace since the look before was not in the group until then.
            if came is not None and came <= at and (before is None or came > before):
                first_seen = came
        rows[id_] = {
            "first_seen": first_seen,
            "last_seen": None,
            "is_system": is_system(person.email),
        }
    for id_, old in stored.items():
        if id_ not in people and old["last_seen"] is None:
            rows[id_] = {**old, "last_seen": before or at}
    return [
        {"user_id": id_, **row}
        for id_, row in sorted(rows.items())
        if id_ not in stored or any(stored[id_][name] != value for name, value in row.items())
    ]


def pages_of(stored: Roster) -> int:
    """How many requests it takes to read this again, about."""
    return 1 + len(stored.users) // MAX_PAGE_SIZE
