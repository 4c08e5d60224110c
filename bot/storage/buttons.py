"""The meanings of buttons and forms. A button itself has only a random id as its value, because
every app in the channel can read that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import button


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """A whole command without the slash word, such as "sessions gold"."""

    kind: ClassVar[str] = "command"
    words: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer, by its command in canonical words.

    Its period is relative to `asked_at`, and it has sessions up to `end_at` (both ms), so that its
    pages agree. `start` is the number of rows before the page that was shown last.
    """

    kind: ClassVar[str] = "answer"
    words: str
    zone: str
    asked_at: int
    end_at: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person by their Exec id; in a list, also its period [start_at, end_at), in ms."""

    kind: ClassVar[str] = "person"
    person_id: str
    start_at: int = 0
    end_at: int = 0
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Nudge:
    """A note to a person by their Exec id, with the link of a scenario."""

    kind: ClassVar[str] = "nudge"
    person_id: str
    link: str


@dataclass(frozen=True, slots=True)
class Share:
    """An answer that was posted in a channel."""

    kind: ClassVar[str] = "share"
    channel_id: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that is being edited or sent, by its id; "" for a new one."""

    kind: ClassVar[str] = "digest"
    id: str = ""


Meaning: TypeAlias = StoredCommand | StoredAnswer | StoredPerson | Nudge | Share | Digest
M = TypeVar("M", bound=Meaning)


@dataclass(frozen=True, slots=True)
class StoredButton(Generic[M]):
    """The meaning of one person's button and, of a form, the place where it was opened; see
    `Place.stored`."""

    id: str
    meaning: M
    place: Mapping[str, str | None]


class Buttons:
    """Stores and finds meanings. All methods raise StorageError."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def add(
        self, team_id: str, user_id: str, *meanings: Meaning, **place: str | None
    ) -> tuple[str, ...]:
        """Store the meanings of one person's buttons. Returns the ids in the same order."""
        if not meanings:
            return ()
        async with self._database.transaction() as connection:
            return await self.write(connection, team_id, user_id, meanings, **place)

    async def write(
        self,
        connection: AsyncConnection,
        team_id: str,
        user_id: str,
        meanings: Sequence[Meaning],
        **place: str | None,
    ) -> tuple[str, ...]:
        """As `add`, in the transaction of `connection`."""
        now = self._clock()
        rows = [
            {
                "id": self._new_id(),
                "team_id": team_id,
                "user_id": user_id,
                "kind": meaning.kind,
                "data": {"meaning": asdict(meaning), "place": place},
                "created_at": now,
            }
            for meaning in meanings
        ]
        await connection.execute(sa.insert(button), rows)
        return tuple(str(row["id"]) for row in rows)

    async def add_commands(
        self, team_id: str, user_id: str, commands: Sequence[str]
    ) -> tuple[str, ...]:
        """As `add`, for commands."""
        return await self.add(team_id, user_id, *map(StoredCommand, commands))

    async def change(
        self, connection: AsyncConnection, stored: StoredButton[M], meaning: M
    ) -> None:
        """Change the meaning of a button, in the transaction of `connection`."""
        data = {"meaning": asdict(meaning), "place": stored.place}
        await connection.execute(
            sa.update(button).where(button.c.id == stored.id).values(data=data)
        )

    async def find(
        self, id_: str, kind: type[M], *, team_id: str, user_id: str
    ) -> StoredButton[M] | None:
        """The meaning of a button of this kind that was made for this person, or None."""
        query = sa.select(button).where(
            button.c.id == id_,
            button.c.team_id == team_id,
            button.c.user_id == user_id,
            button.c.kind == kind.kind,
        )
        row = await self._database.row(query)
        if row is None:
            return None
        return StoredButton(id_, kind(**row.data["meaning"]), row.data["place"])
