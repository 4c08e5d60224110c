"""What Exec lists: members, groups, scenarios, skills, collections, and the programs that
assignments name. Held in the database with an age, so that names cost no requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.errors import ExecError
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Assignment, Item, Scenario
from bot.query.query import Kind, Member, Named
from bot.storage.database import Database
from bot.storage.tables import catalogue_age, catalogue_item
from bot.storage.tables import member as member_table

What = Kind | Literal["member"]

MAX_AGE = timedelta(hours=6)
# After a name that we do not hold, the list is read again: at most once a minute, and a long
# list so much less often that misspelt names use up no more than a seventh of a day's requests.
RETRY = timedelta(minutes=1)
RETRY_PER_PAGE = timedelta(minutes=10)
PAGE_SIZE = 100
# Programs are named nowhere but in assignments, of which there may be tens of thousands; the
# first thousand name most. The others are still found by their id.
PROGRAM_PAGES = 10
PURPOSE = "names"


@dataclass(frozen=True, slots=True)
class Age:
    """When a list was last read, when a reading was last tried, how many pages it has."""

    fetched_at: datetime | None
    tried_at: datetime | None
    pages: int


class Catalogue:
    def __init__(
        self, database: Database, client: ExecClient, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._flights: dict[What, asyncio.Task[None]] = {}

    async def items(self, kind: Kind, *, ask_exec: bool = True) -> tuple[Named, ...]:
        """Everything of a kind, by name; without `ask_exec` what is held, however old.

        Raises ExecError only if we never held it.
        """
        if ask_exec:
            await self._keep_fresh(kind)
        query = (
            sa.select(catalogue_item.c.id, catalogue_item.c.name, catalogue_item.c.slug)
            .where(catalogue_item.c.kind == kind.value)
            .order_by(catalogue_item.c.name, catalogue_item.c.id)
        )
        async with self._database.transaction(reads=True) as connection:
            rows = (await connection.execute(query)).all()
        return tuple(Named(kind, row.id, row.name, row.slug) for row in rows)

    async def is_held(self, kind: Kind) -> bool:
        """Was this list ever read?"""
        return (await self._age(kind)).fetched_at is not None

    async def members(self) -> tuple[Member, ...]:
        """Everyone in the workspace. Raises ExecError only if we never held the list."""
        await self._keep_fresh("member")
        return await self._select_members(sa.true())

    async def member_by_email(self, email: str, *, ask_exec: bool = True) -> Member | None:
        """The member with this e-mail; `ask_exec` reads the list again before saying None."""
        return await self._one_member(member_table.c.email == email.lower(), ask_exec=ask_exec)

    async def member_by_id(self, id_: str, *, ask_exec: bool = True) -> Member | None:
        return await self._one_member(member_table.c.id == id_, ask_exec=ask_exec)

    async def refresh_after_miss(self, what: What) -> bool:
        """Read a list again because a name was not in it; False if that was done just now."""
        age = await self._age(what)
        wait = RETRY if age.pages == 1 else min(RETRY_PER_PAGE * age.pages, MAX_AGE)
        if age.tried_at is not None and self._clock() - age.tried_at < wait:
            return False
        await self._refresh(what)
        return True

    async def _one_member(
        self, condition: sa.ColumnElement[bool], *, ask_exec: bool
    ) -> Member | None:
        await self._keep_fresh("member")
        found = await self._select_members(condition)
        if not found and ask_exec and await self.refresh_after_miss("member"):
            found = await self._select_members(condition)
        return found[0] if found else None

    async def _select_members(self, condition: sa.ColumnElement[bool]) -> tuple[Member, ...]:
        query = sa.select(member_table).where(condition)
        async with self._database.transaction(reads=True) as connection:
            rows = (await connection.execute(query)).all()
        return tuple(Member(row.id, row.email, row.name, row.role) for row in rows)

    async def _keep_fresh(self, what: What) -> None:
        age = await self._age(what)
        if age.fetched_at is not None and self._clock() - age.fetched_at < MAX_AGE:
            return
        if age.fetched_at is None:
            await self._refresh(what)
            return
        if age.tried_at is not None and self._clock() - age.tried_at < RETRY:
            return
        try:
            await self._refresh(what)
        except ExecError:
            # An old list of names beats no answer; the age makes the next question try again.
            return

    async def _refresh(self, what: What) -> None:
        """Read a list from Exec; everyone who asks meanwhile shares the reading and its fate."""
        flight = self._flights.get(what)
        if flight is None:
            flight = asyncio.create_task(self._read(what))
            self._flights[what] = flight
            flight.add_done_callback(lambda done: self._land(what, done))
        await asyncio.shield(flight)

    def _land(self, what: What, done: asyncio.Task[None]) -> None:
        del self._flights[what]
        if not done.cancelled():
            # Looked at, so that a failure nobody waited for is not reported as forgotten.
            done.exception()

    async def _read(self, what: What) -> None:
        await self._mark(what, tried_at=self._clock())
        if what == "member":
            people = await self._client.members(purpose=PURPOSE)
            rows = [
                {"id": p.id, "email": p.email.lower(), "name": p.name, "role": p.role}
                for p in people
            ]
            await self._store(what, sa.delete(member_table), member_table, rows, len(rows))
            return
        items, listed = await self._fetch(what)
        rows = [{"kind": what.value, "id": i.id, "name": i.name, "slug": i.slug} for i in items]
        old = sa.delete(catalogue_item).where(catalogue_item.c.kind == what.value)
        await self._store(what, old, catalogue_item, rows, listed)

    async def _fetch(self, kind: Kind) -> tuple[list[Named], int]:
        """The things of a kind, and how many entries Exec listed to tell them."""
        if kind is Kind.PROGRAM:
            assignments = await self._client.assignments(max_pages=PROGRAM_PAGES, purpose=PURPOSE)
            return _programs(assignments), len(assignments)
        items = await self._listed(kind)
        return [Named(kind, i.id, i.name or i.id, i.slug) for i in items], len(items)

    async def _listed(self, kind: Kind) -> tuple[Item, ...] | tuple[Scenario, ...]:
        match kind:
            case Kind.GROUP:
                return await self._client.groups(purpose=PURPOSE)
            case Kind.SCENARIO:
                return await self._client.scenarios(purpose=PURPOSE)
            case Kind.SKILL:
                return await self._client.skills(purpose=PURPOSE)
            case _:
                return await self._client.collections(purpose=PURPOSE)

    async def _store(
        self, what: What, old: sa.Delete, table: sa.Table, rows: list[dict[str, str]], listed: int
    ) -> None:
        stamp = sa.update(catalogue_age).where(catalogue_age.c.what == str(what))
        async with self._database.transaction() as connection:
            # The stamp comes first: it locks the list against another process storing it too.
            await connection.execute(
                stamp.values(fetched_at=self._clock(), pages=max(1, -(-listed // PAGE_SIZE)))
            )
            await connection.execute(old)
            if rows:
                await connection.execute(sa.insert(table), rows)

    async def _age(self, what: What) -> Age:
        columns = (catalogue_age.c.fetched_at, catalogue_age.c.tried_at, catalogue_age.c.pages)
        query = sa.select(*columns).where(catalogue_age.c.what == str(what))
        async with self._database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).one_or_none()
        return Age(*row) if row else Age(None, None, 1)

    async def _mark(self, what: What, **values: object) -> None:
        insert = self._database.insert(catalogue_age).values(what=str(what), **values)
        async with self._database.transaction() as connection:
            await connection.execute(
                insert.on_conflict_do_update(index_elements=[catalogue_age.c.what], set_=values)
            )


def _programs(assignments: Iterable[Assignment]) -> list[Named]:
    programs = {a.program.id: a.program.name for a in assignments if a.program is not None}
    return [Named(Kind.PROGRAM, id_, name or id_) for id_, name in programs.items()]
