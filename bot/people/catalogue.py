"""What Exec lists: members, groups, scenarios, skills, collections, and the programs that
assignments name. Held in the database with an age, so that names cost no requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ExecError, Limited
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Assignment, Item, ListedScenario, User, WorkspaceMember
from bot.exec_api.refresh_lock import RETRY, RefreshLock
from bot.language.query import REMOVED, Kind, Member, Named
from bot.language.text import identifying, kept_address
from bot.storage.database import Database
from bot.storage.tables import (
    catalogue_age,
    catalogue_item,
    member,
    practice_person,
    practice_scenario,
    practice_session,
)

CatalogueKind = Kind | Literal["member"]
Values = dict[str, Any]

_as_stored: ContextVar[bool] = ContextVar("as_stored", default=False)


@contextmanager
def as_stored() -> Iterator[None]:
    """Inside, a list that was ever read does as it is, however old: no name costs a request."""
    token = _as_stored.set(True)
    try:
        yield
    finally:
        _as_stored.reset(token)


PAGE_SIZE = 100
# A longer list is read once a day, in the background: no question waits for it or causes it.
LONG = 5  # pages
MAX_AGE = timedelta(hours=6)
MAX_AGE_LONG = timedelta(hours=24)
# After a name that is not stored, a short list is read again: at most once a minute, and so
# much less often the longer it is that misspelt names use up no more than a seventh of a day's
# requests. A reading in the background that failed is tried again as rarely.
RETRY_PER_PAGE = timedelta(minutes=10)
RETRY_IN_BACKGROUND = timedelta(hours=1)
# Programs are named nowhere but in assignments, of which there may be tens of thousands; the
# first thousand name most. The others are still found by their id.
PROGRAM_PAGES = 10
PURPOSE = "names"

_IS_LISTED = member.c.gone_at.is_(None)
# What every question begins with. An empty address is nobody's.
_WITH_ID = sa.select(member).where(_IS_LISTED, member.c.id == sa.bindparam("value"))
_WITH_EMAIL = sa.select(member).where(
    _IS_LISTED, member.c.email == sa.bindparam("value"), member.c.email != ""
)


@dataclass(frozen=True, slots=True)
class Age:
    """When a list was last read, None for never; how many pages it has; and when a question last
    needed it."""

    fetched_at: datetime | None = None
    pages: int = 1
    asked_at: datetime | None = None

    @property
    def is_long(self) -> bool:
        return self.pages > LONG

    def is_due(self, now: datetime) -> bool:
        longest = MAX_AGE_LONG if self.is_long else MAX_AGE
        return self.fetched_at is None or now - self.fetched_at >= longest

    def is_used(self, now: datetime) -> bool:
        """Whether it was needed since it was read; of late, if it never was."""
        read_at = self.fetched_at or now - MAX_AGE_LONG
        return self.asked_at is not None and self.asked_at > read_at


class Catalogue:
    """Answers questions from what is stored; raises ExecError only for what never was.

    A question reads a list itself if it was never stored, or if it is short and either old or
    without the name asked for. Everything else is for `refresh_if_due`.
    """

    def __init__(
        self, database: Database, client: ExecClient, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._lock = RefreshLock(database, catalogue_age, clock)
        self._young: dict[CatalogueKind, Age] = {}
        # By when they were read from Exec: thousands, whom a question may need for each name in it.
        self._items: dict[Kind, tuple[datetime, list[Named]]] = {}
        self._members: tuple[datetime, tuple[Member, ...]] | None = None

    async def items(self, *kinds: Kind, ask_exec: bool = True) -> tuple[Named, ...]:
        """Everything of these kinds, by kind and name; without `ask_exec` what is stored, however
        old."""
        if ask_exec:
            for kind in kinds:
                await self._keep_fresh(kind)
        columns = catalogue_age.c
        wanted = sorted(set(kinds))
        query = sa.select(columns.what, columns.fetched_at).where(
            columns.what.in_([kind.value for kind in wanted]), columns.fetched_at.is_not(None)
        )
        for what, read_at in await self._database.rows(query):
            kind = Kind(what)
            if kind not in self._items or self._items[kind][0] != read_at:
                self._items[kind] = (read_at, await self._read_items(kind))
        return tuple(
            item for kind in wanted if kind in self._items for item in self._items[kind][1]
        )

    async def _read_items(self, kind: Kind) -> list[Named]:
        query = (
            sa.select(catalogue_item)
            .where(catalogue_item.c.kind == kind.value)
            .order_by(catalogue_item.c.name, catalogue_item.c.id)
        )
        rows = await self._database.rows(query)
        return [Named(kind, row.id, row.name, row.slug, row.url) for row in rows]

    async def addresses(self, scenario_ids: Collection[str]) -> dict[str, str]:
        """Where these scenarios are practiced, by id, as far as that is known; asks nothing of
        Exec, but has the list kept fresh in the background."""
        await self._lock.note_use((Kind.SCENARIO.value,))
        query = sa.select(catalogue_item.c.id, catalogue_item.c.url).where(
            catalogue_item.c.kind == Kind.SCENARIO.value,
            catalogue_item.c.id.in_(sorted(scenario_ids)),
            catalogue_item.c.url != "",
        )
        return {row.id: row.url for row in await self._database.rows(query)}

    async def easy(self) -> Named | None:
        """The first by name of the scenarios that Exec calls easy and shows the whole workspace,
        with its address; None where none is stored."""
        query = (
            sa.select(catalogue_item)
            .where(
                catalogue_item.c.kind == Kind.SCENARIO.value,
                catalogue_item.c.difficulty == "easy",
                catalogue_item.c.visibility == "workspace",
                catalogue_item.c.url != "",
            )
            .order_by(catalogue_item.c.name, catalogue_item.c.id)
            .limit(1)
        )
        row = await self._database.row(query)
        return None if row is None else Named(Kind.SCENARIO, row.id, row.name, row.slug, row.url)

    async def hidden_from(self, people: Collection[str]) -> frozenset[str]:
        """The ids of the scenarios that Exec does not show the whole workspace and that none of
        these people practiced, as far as that is stored."""
        practiced = sa.exists().where(
            practice_session.c.scenario_id == catalogue_item.c.id,
            practice_session.c.user_id.in_(sorted(people)),
        )
        query = sa.select(catalogue_item.c.id).where(
            catalogue_item.c.kind == Kind.SCENARIO.value,
            catalogue_item.c.visibility != "workspace",
            ~practiced,
        )
        return frozenset(await self._database.scalars(query))

    async def is_stored(self, kind: Kind) -> bool:
        """Was this list ever read?"""
        return (await self.age(kind)).fetched_at is not None

    async def members(self, *, ask_exec: bool = True) -> tuple[Member, ...]:
        """Everyone in the workspace; without `ask_exec` as last known."""
        if ask_exec:
            await self._keep_fresh("member")
        read_at = (await self.age("member")).fetched_at
        if read_at is None:
            return ()
        if self._members is None or self._members[0] != read_at:
            rows = await self._database.rows(sa.select(member).where(_IS_LISTED))
            self._members = (read_at, tuple(map(_member, rows)))
        return self._members[1]

    async def apart(
        self, people: Collection[Member], sees: Callable[[Member], bool]
    ) -> tuple[Member, ...]:
        """The people, with the address in the name of whoever has a namesake in the workspace whom
        the reader `sees`, too."""
        names = {person.name for person in people}
        listed = await self.members(ask_exec=False) if names else ()
        seen = [each for each in listed if each.name in names and sees(each)]

        def named(person: Member) -> Member:
            if all(other.name != person.name or other.id == person.id for other in seen):
                return person
            return replace(person, name=f"{person.name} ({person.email or person.id})")

        return tuple(map(named, people))

    async def admins(self) -> tuple[str, ...]:
        """The e-mail addresses of Exec's admins, as last known."""
        members = await self.members(ask_exec=False)
        return tuple(each.email for each in members if each.role == "admin" and each.email)

    async def people(self, ids: Collection[str]) -> tuple[Member, ...]:
        """Those with these ids who are in the workspace, or are known to have left."""
        await self._keep_fresh("member")
        query = sa.select(member).where(member.c.id.in_(ids))
        return tuple(map(_member, await self._database.rows(query)))

    async def removed(self) -> tuple[Member, ...]:
        """All who are known to have left, the last one to leave first, and all whom sessions name
        who are no members; as last known."""
        return (*await self._left(sa.true()), *await self._practiced(sa.true()))

    async def refresh_after_miss(self, what: CatalogueKind) -> bool:
        """Read a short list again because a name was not in it; False if not, or not yet.

        Nor where no question may ask Exec: what is stored tells enough.
        """
        age = await self.age(what)
        wait = RETRY if age.pages == 1 else RETRY_PER_PAGE * age.pages
        if age.is_long or _as_stored.get():
            return False
        try:
            return await self._lock.refresh(
                str(what), lambda: self._read(what, PURPOSE), after=wait
            )
        except Limited as limit:
            if limit.whose != "questions":
                raise
            return False

    async def refresh_if_due(self, what: CatalogueKind, *, purpose: str) -> bool:
        """Read a list again that is too old and was used since it was read, by any process.

        For the background. Says whether the list was read. Raises ExecError.
        """
        age, now = await self.age(what), self._clock()
        wait = min(max(RETRY_PER_PAGE * age.pages, RETRY_IN_BACKGROUND), MAX_AGE_LONG)
        if not age.is_due(now) or not age.is_used(now):
            return False
        return await self._lock.refresh(str(what), lambda: self._read(what, purpose), after=wait)

    async def member(
        self, *, id_: str | None = None, email: str = "", ask_exec: bool = True
    ) -> Member | None:
        """The member with this id, or else this e-mail; `ask_exec` reads the list again before
        saying None."""
        await self._keep_fresh("member")
        found = await self._listed_by(id_, email)
        if found is None and ask_exec and await self.refresh_after_miss("member"):
            found = await self._listed_by(id_, email)
        return found

    async def person(
        self, *, id_: str | None = None, email: str = "", ask_exec: bool = True
    ) -> Member | None:
        """The same, or else who had this id or e-mail and was removed (role "removed")."""
        if found := await self.member(id_=id_, email=email, ask_exec=False):
            return found
        # Whom the list itself told to have left need not be looked for in it again; whom only
        # sessions name may have joined since it was read.
        if left := await self._left(_is(member, id_, email)):
            return left[0]
        if ask_exec and (found := await self.member(id_=id_, email=email)):
            return found
        practiced = await self._practiced(_is(practice_person, id_, email))
        return practiced[0] if practiced else None

    async def _listed_by(self, id_: str | None, email: str) -> Member | None:
        query, value = (_WITH_ID, id_) if id_ is not None else (_WITH_EMAIL, identifying(email))
        return next(map(_member, await self._database.rows(query, {"value": value})), None)

    async def _left(self, condition: sa.ColumnElement[bool]) -> tuple[Member, ...]:
        query = sa.select(member).where(condition, member.c.gone_at.is_not(None))
        query = query.order_by(member.c.gone_at.desc(), member.c.id)
        return tuple(map(_member, await self._database.rows(query)))

    async def _practiced(self, condition: sa.ColumnElement[bool]) -> tuple[Member, ...]:
        """Those whom sessions name, and no list."""
        listed = sa.select(member.c.id).where(member.c.id == practice_person.c.id)
        query = sa.select(practice_person).where(condition, ~listed.exists())
        rows = await self._database.rows(query.order_by(practice_person.c.id))
        people = [
            User(id=row.id, email=row.email, first_name=row.first_name, last_name=row.last_name)
            for row in rows
        ]
        return tuple(Member(each.id, each.email, each.name, REMOVED) for each in people)

    async def _keep_fresh(self, what: CatalogueKind) -> None:
        now = self._clock()
        await self._lock.note_use((str(what),))
        # Another process may have read it again meanwhile: then it is only younger.
        if what in self._young and not self._young[what].is_due(now):
            return
        age = await self.age(what)
        if not age.is_due(now):
            self._young[what] = age
            return
        if _as_stored.get() and age.fetched_at is not None:
            return
        await self._read_due(what, age, now)

    async def _read_due(self, what: CatalogueKind, age: Age, now: datetime) -> None:
        if age.fetched_at is None:
            await self._lock.refresh_awaited(
                str(what), lambda: self._read(what, PURPOSE), since=now - MAX_AGE
            )
            return
        if not age.is_long:
            # An old list of names beats no answer; the age makes a later question try again.
            with suppress(ExecError):
                await self._lock.refresh(str(what), lambda: self._read(what, PURPOSE), after=RETRY)

    async def _read(self, what: CatalogueKind, purpose: str) -> None:
        if what == "member":
            people = await self._client.members(purpose=purpose)
            async with self._database.transaction() as connection:
                await self._stamp(connection, what, len(people))
                await self._store_members(connection, people)
            return
        rows, listed = await self._fetch(what, purpose)
        async with self._database.transaction() as connection:
            await self._stamp(connection, what, listed)
            await connection.execute(
                sa.delete(catalogue_item).where(catalogue_item.c.kind == what.value)
            )
            if rows:
                await connection.execute(sa.insert(catalogue_item), rows)
            if what is Kind.SCENARIO:
                await _rename_scenarios(connection)

    async def _store_members(
        self, connection: AsyncConnection, people: Iterable[WorkspaceMember]
    ) -> None:
        now = self._clock()
        stored = {row.id: row._asdict() for row in await connection.execute(sa.select(member))}
        listed = [
            {"id": p.id, "email": kept_address(p.email), "name": p.name, "role": p.role}
            for p in people
        ]
        changed, gone = changes(stored, listed, now)
        await self._database.put(connection, member, changed)
        if gone:
            leaving = sa.update(member).where(member.c.id == sa.bindparam("gone_id"))
            await connection.execute(
                leaving.values(gone_at=now), [{"gone_id": id_} for id_ in gone]
            )

    async def _fetch(self, kind: Kind, purpose: str) -> tuple[list[Values], int]:
        """The rows of a kind, and how many entries Exec listed to tell them."""
        if kind is Kind.PROGRAM:
            assignments = await self._client.assignments(max_pages=PROGRAM_PAGES, purpose=purpose)
            return [asdict(each) for each in _programs(assignments)], len(assignments)
        items = await self._listed(kind, purpose)
        return [_row(kind, each) for each in items], len(items)

    async def _listed(
        self, kind: Kind, purpose: str
    ) -> tuple[Item, ...] | tuple[ListedScenario, ...]:
        match kind:
            case Kind.GROUP:
                return await self._client.groups(purpose=purpose)
            case Kind.SCENARIO:
                return await self._client.scenarios(purpose=purpose)
            case Kind.SKILL:
                return await self._client.skills(purpose=purpose)
            case _:
                return await self._client.collections(purpose=purpose)

    async def _stamp(self, connection: AsyncConnection, what: CatalogueKind, listed: int) -> None:
        """Note the reading first: that locks the list against another process storing it too."""
        row = {"what": str(what), "fetched_at": self._clock()}
        row |= {"pages": max(1, -(-listed // PAGE_SIZE))}
        await self._database.put(connection, catalogue_age, [row])

    async def age(self, what: CatalogueKind) -> Age:
        """How old a list is, how long, and whether it is used."""
        query = sa.select(catalogue_age).where(catalogue_age.c.what == str(what))
        row = await self._database.row(query)
        return Age(row.fetched_at, row.pages, row.asked_at) if row else Age()


def _member(row: sa.Row[Any]) -> Member:
    return Member(row.id, row.email, row.name, row.role if row.gone_at is None else REMOVED)


def _is(table: sa.Table, id_: str | None, email: str) -> sa.ColumnElement[bool]:
    if id_ is not None:
        return table.c.id == id_
    # An empty address is nobody's.
    return sa.and_(table.c.email == identifying(email), table.c.email != "")


def changes(
    stored: dict[str, Values], listed: list[Values], now: datetime
) -> tuple[list[Values], list[str]]:
    """The rows to write after a reading, and the ids of those who left. Pure.

    `stored` are the rows by id, `listed` the people as Exec lists them now, without `since` and
    `gone_at`. Who is new or comes back is in the workspace since `now`; of the first reading
    nobody can tell since when.
    """
    changed = []
    for person in listed:
        old = stored.get(person["id"])
        is_back = old is not None and old["gone_at"] is not None
        is_new = old is None and bool(stored)
        since = now if is_back or is_new else old and old["since"]
        row = {**person, "since": since, "gone_at": None}
        if row != old:
            changed.append(row)
    still_here = {person["id"] for person in listed}
    gone = [id_ for id_, row in stored.items() if row["gone_at"] is None and id_ not in still_here]
    return changed, gone


async def _rename_scenarios(connection: AsyncConnection) -> None:
    """Rename the stored scenarios as in Exec's current list.

    An older one may never come in a session again, which would rename it.
    """
    listed = sa.and_(
        catalogue_item.c.kind == Kind.SCENARIO.value, catalogue_item.c.id == practice_scenario.c.id
    )
    new = sa.select(catalogue_item.c.name).where(listed).scalar_subquery()
    # A scenario without a name is listed with its id as the name.
    is_named = catalogue_item.c.name != catalogue_item.c.id
    differs = sa.exists().where(listed, is_named, catalogue_item.c.name != practice_scenario.c.name)
    await connection.execute(sa.update(practice_scenario).where(differs).values(name=new))


def _row(kind: Kind, item: Item | ListedScenario) -> dict[str, Any]:
    row: dict[str, Any] = asdict(Named(kind, item.id, item.name or item.id, item.slug))
    row |= {"difficulty": "", "visibility": ""}
    if isinstance(item, ListedScenario):
        row |= {"url": item.url, "difficulty": item.difficulty, "visibility": item.visibility}
    return row


def _programs(assignments: Iterable[Assignment]) -> list[Named]:
    programs = {a.program.id: a.program.name for a in assignments if a.program is not None}
    return [Named(Kind.PROGRAM, id_, name or id_) for id_, name in programs.items()]
