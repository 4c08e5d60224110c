"""Who looked at whose practice: so that those who were looked at, and admins, can hear of it.

A look at thousands takes no more than some hundred bytes: everybody has a number, and a look holds
a bit for each of them. Somebody is forgotten by forgetting what number they had.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Asker
from bot.storage.database import Database
from bot.storage.tables import audit_look as looks
from bot.storage.tables import audit_person as people

# Databases take no more values than some ten thousands in one statement.
AT_ONCE = 5_000


class Door(StrEnum):
    """How an answer was asked for."""

    COMMAND = "command"
    MESSAGE = "message"
    MENTION = "mention"
    BUTTON = "button"
    FORM = "form"
    CLOCK = "clock"
    TERMINAL = "terminal"
    EXPORT = "export"
    SHARE = "share"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's look at the practice of others.

    `id` is that of the answer or message: under one id nothing is noted twice. `people` are the
    Exec ids of those whom it names, the asker perhaps among them.
    """

    id: str
    asker: Asker
    report: str
    door: Door
    people: frozenset[str]

    @property
    def others(self) -> frozenset[str]:
        """Those who are not the asker."""
        own = self.asker.member.id if self.asker.member else ""
        return self.people - {own, ""}


@dataclass(frozen=True, slots=True)
class Noted:
    """A look at one person: when (aware, UTC), by whom ("" once they are forgotten), at which
    report, and by which door."""

    at: datetime
    name: str
    email: str
    report: str
    door: Door


class Audit:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._noting = database.insert(looks).on_conflict_do_nothing().returning(looks.c.id)

    async def note(self, look: Look) -> None:
        """Note a look, once under its id; nothing where it is at nobody else."""
        if look.others:
            async with self._database.transaction() as connection:
                await self.write(connection, look)

    async def note_of_day(self, look: Look) -> None:
        """As `note`, for what has no answer of its own: once a day for each asker. The id says
        what it is."""
        asker = look.asker
        day = self._clock().astimezone(asker.zone).date()
        words = f"{look.id}\n{asker.team_id}\n{asker.user_id}\n{day}"
        await self.note(replace(look, id=hashlib.sha256(words.encode()).hexdigest()))

    async def write(self, connection: AsyncConnection, look: Look) -> None:
        """The same in the transaction of `connection`."""
        if not look.others:
            return
        numbers = await self._numbers(connection, sorted(look.others))
        asker = look.asker
        row = {
            "id": look.id,
            "at": self._clock(),
            "team_id": asker.team_id,
            "user_id": asker.user_id,
            "member_id": asker.member.id if asker.member else "",
            "name": asker.name,
            "email": asker.email,
            "report": look.report,
            "door": look.door.value,
            "people": _packed(numbers),
        }
        if (await connection.execute(self._noting, row)).first() is not None:
            return
        # What is built anew, or looked at again, may name others than before.
        same = looks.c.id == look.id
        noted = sa.select(looks.c.people).where(same).with_for_update()
        packed = _packed(numbers, (await connection.execute(noted)).scalar_one())
        await connection.execute(sa.update(looks).where(same).values(people=packed))

    async def at(self, person_id: str) -> tuple[Noted, ...]:
        """Every look at a person that is noted, newest first."""
        number = sa.select(people.c.number).where(people.c.person_id == person_id)
        told = (looks.c.at, looks.c.name, looks.c.email, looks.c.report, looks.c.door)
        columns = (*told, looks.c.people)
        query = sa.select(*columns).order_by(looks.c.at.desc(), looks.c.id)
        async with self._database.transaction(reads=True) as connection:
            theirs = (await connection.execute(number)).scalar_one_or_none()
            if theirs is None:
                return ()
            found: list[Noted] = []
            rows = await connection.stream(query)
            async for some in rows.partitions(AT_ONCE):
                found += await asyncio.to_thread(_of, theirs, some)
        return tuple(found)

    async def forget_old(self, kept: timedelta) -> None:
        """Forget the looks that are older than `kept`."""
        old = sa.delete(looks).where(looks.c.at < self._clock() - kept)
        async with self._database.transaction() as connection:
            await connection.execute(old)

    async def forget(
        self, ids: Collection[str], accounts: Collection[tuple[str, str]], email: str
    ) -> None:
        """Forget a person by their Exec ids, accounts and address: that they were looked at, and
        that it was they who looked. That somebody looked stays for those who were looked at."""
        of_accounts = [
            sa.and_(looks.c.team_id == team_id, looks.c.user_id == user_id)
            for team_id, user_id in accounts
        ]
        # Somebody at the command line goes by their address.
        own = (looks.c.user_id == email, looks.c.email == email)
        theirs = sa.or_(looks.c.member_id.in_(ids), *own, *of_accounts)
        nobody = {"team_id": "", "user_id": "", "member_id": "", "name": "", "email": ""}
        async with self._database.transaction() as connection:
            await connection.execute(sa.delete(people).where(people.c.person_id.in_(ids)))
            await connection.execute(sa.update(looks).where(theirs).values(nobody))

    async def _numbers(self, connection: AsyncConnection, ids: Sequence[str]) -> list[int]:
        """The number of each of these people, who have one from now on."""
        found = await _known(connection, ids)
        # In one order, so that no two of those who add people wait for each other.
        new = [id_ for id_ in ids if id_ not in found]
        if new:
            insert = self._database.insert(people).on_conflict_do_nothing()
            await connection.execute(insert, [{"person_id": id_} for id_ in new])
            found |= await _known(connection, new)
        return list(found.values())


_NUMBERS = sa.select(people.c.person_id, people.c.number).where(
    people.c.person_id.in_(sa.bindparam("ids", expanding=True))
)


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        rows = await connection.execute(_NUMBERS, {"ids": some})
        found |= {row.person_id: row.number for row in rows}
    return found


def _packed(numbers: Sequence[int], before: bytes | None = None) -> bytes:
    """A bit for each number, and those that were there before."""
    bits = bytearray(b"" if before is None else zlib.decompress(before))
    bits.extend(bytes(max(0, max(numbers) // 8 + 1 - len(bits))))
    for number in numbers:
        bits[number // 8] |= 1 << number % 8
    return zlib.compress(bytes(bits))


def _holds(packed: bytes, number: int) -> bool:
    bits = zlib.decompress(packed)
    return number // 8 < len(bits) and bool(bits[number // 8] >> number % 8 & 1)


def _of(number: int, rows: Sequence[Any]) -> list[Noted]:
    return [
        Noted(row.at, row.name, row.email, row.report, Door(row.door))
        for row in rows
        if _holds(row.people, number)
    ]
