"""What buttons and forms stand for. Each carries a random id: names are in what it means, and every
app in a channel can read what a button carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import button, from_ms, to_ms


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """A whole command without the slash word, such as "sessions gold"."""

    kind: ClassVar[str] = "command"
    words: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer: the command that was asked, in canonical words.

    Its period is measured against `asked_at`, and it tells of sessions up to `end_at` (both ms), so
    that its pages agree. `start` is the number of rows before the page that was shown last, and
    `cursors` are the keys of the rows before the pages shown so far, by their own number.
    """

    kind: ClassVar[str] = "answer"
    words: str
    zone: str
    asked_at: int
    end_at: int
    start: int = 0
    cursors: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A person by their Exec id, and the period [start_at, end_at) in ms that was reported on."""

    kind: ClassVar[str] = "person"
    person_id: str
    start_at: int
    end_at: int
    zone: str

    @classmethod
    def over(cls, person_id: str, start: datetime, end: datetime, zone: str) -> Person:
        """The same from moments."""
        return cls(person_id, to_ms(start), to_ms(end), zone)

    @property
    def start(self) -> datetime:
        return from_ms(self.start_at)

    @property
    def end(self) -> datetime:
        return from_ms(self.end_at)


@dataclass(frozen=True, slots=True)
class Nudge:
    """A note to a person, by their Exec id, in these words; `link` is where they can start."""

    kind: ClassVar[str] = "nudge"
    person_id: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Share:
    """An answer that was posted in the channel."""

    kind: ClassVar[str] = "share"


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that is set up ("" for a new one), or about to be sent."""

    kind: ClassVar[str] = "digest"
    id: str = ""


@dataclass(frozen=True, slots=True)
class DigestList:
    """The list of the digests of the channel."""

    kind: ClassVar[str] = "digest_list"


Meaning: TypeAlias = StoredCommand | StoredAnswer | Person | Nudge | Share | Digest | DigestList
M = TypeVar("M", bound=Meaning)


@dataclass(frozen=True, slots=True)
class Stored(Generic[M]):
    """What a button of one person means, and the place where it was made; see `Payload`."""

    id: str
    team_id: str
    user_id: str
    meaning: M
    created_at: datetime
    channel_id: str = ""
    response_url: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None

    @property
    def place(self) -> dict[str, str | None]:
        """The place as it is stored."""
        return {
            "channel_id": self.channel_id,
            "response_url": self.response_url,
            "thread_ts": self.thread_ts,
            "message_ts": self.message_ts,
        }


class Buttons:
    """All methods raise StorageError."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def add(
        self, team_id: str, user_id: str, *meanings: Meaning, **place: str | None
    ) -> tuple[str, ...]:
        """Store what buttons of one person mean; their ids in the same order."""
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
        """The same in the transaction of `connection`."""
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
        """The same for command texts."""
        return await self.add(team_id, user_id, *map(StoredCommand, commands))

    async def change(self, connection: AsyncConnection, stored: Stored[M], meaning: M) -> None:
        """Change what a button means, in the transaction of `connection`."""
        data = {"meaning": asdict(meaning), "place": stored.place}
        await connection.execute(
            sa.update(button).where(button.c.id == stored.id).values(data=data)
        )

    async def find(
        self, id_: str, kind: type[M], *, team_id: str, user_id: str
    ) -> Stored[M] | None:
        """What a button means, if it is this person's own and of this kind."""
        query = sa.select(button).where(
            button.c.id == id_,
            button.c.team_id == team_id,
            button.c.user_id == user_id,
            button.c.kind == kind.kind,
        )
        row = await self._database.row(query)
        if row is None:
            return None
        meaning = kind(**row.data["meaning"])
        return Stored(id_, team_id, user_id, meaning, row.created_at, **row.data["place"])
