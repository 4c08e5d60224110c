"""What buttons and forms stand for. Each carries an opaque id, and the row of that id says what it
means: names are in there, and every app in a channel can read what a button carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

import sqlalchemy as sa
from pydantic import Field, TypeAdapter

from bot.storage.database import Database
from bot.storage.tables import stored_command as table


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """A whole command without the slash word, such as "sessions gold"."""

    words: str
    kind: Literal["command"] = "command"


@dataclass(frozen=True, slots=True)
class Person:
    """A person by their Exec id, and the period [start, end) that was reported on (aware)."""

    person_id: str
    start: datetime
    end: datetime
    zone: str
    kind: Literal["person"] = "person"


@dataclass(frozen=True, slots=True)
class Nudge:
    """A note to a person, by their Exec id, in these words, as its preview or its form shows it.

    `link` is where they can start, "" where that is not known.
    """

    person_id: str
    words: str
    link: str
    kind: Literal["nudge"] = "nudge"


@dataclass(frozen=True, slots=True)
class Share:
    """An answer that was posted in the channel."""

    kind: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class DigestEdit:
    """The form of a digest; `changes` is the subscription it changes, "" for a new one."""

    changes: str = ""
    kind: Literal["digest_edit"] = "digest_edit"


@dataclass(frozen=True, slots=True)
class DigestList:
    """The list of the digests of the channel."""

    kind: Literal["digest_list"] = "digest_list"


Handle: TypeAlias = StoredCommand | Person | Nudge | Share | DigestEdit | DigestList
_FORM: TypeAdapter[Handle] = TypeAdapter(Annotated[Handle, Field(discriminator="kind")])
H = TypeVar("H", bound=Handle)


@dataclass(frozen=True, slots=True)
class Stored(Generic[H]):
    """A handle of one person, and the place where it was made; see `Payload` for its parts."""

    id: str
    team_id: str
    user_id: str
    handle: H
    channel_id: str = ""
    response_url: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None


class Handles:
    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def keep(
        self,
        team_id: str,
        user_id: str,
        *handles: Handle,
        channel_id: str = "",
        response_url: str | None = None,
        thread_ts: str | None = None,
        message_ts: str | None = None,
    ) -> tuple[str, ...]:
        """Store handles of one person; their ids in the same order."""
        if not handles:
            return ()
        rows = [
            {
                "id": self._new_id(),
                "team_id": team_id,
                "user_id": user_id,
                "words": _FORM.dump_json(handle).decode(),
                "channel_id": channel_id,
                "response_url": response_url,
                "thread_ts": thread_ts,
                "message_ts": message_ts,
                "at": self._clock(),
            }
            for handle in handles
        ]
        async with self._database.transaction() as connection:
            await connection.execute(sa.insert(table), rows)
        return tuple(str(row["id"]) for row in rows)

    async def keep_commands(
        self, team_id: str, user_id: str, commands: Sequence[str]
    ) -> tuple[str, ...]:
        """Store command texts of one person; their ids in the same order."""
        return await self.keep(team_id, user_id, *map(StoredCommand, commands))

    async def find(
        self, id_: str, kind: type[H], *, team_id: str, user_id: str
    ) -> Stored[H] | None:
        """The handle behind `id_`, if it is this person's own and of this kind."""
        query = sa.select(table).where(
            table.c.id == id_, table.c.team_id == team_id, table.c.user_id == user_id
        )
        row = await self._database.row(query)
        if row is None or not isinstance(handle := _FORM.validate_json(row.words), kind):
            return None
        return Stored(
            id_,
            team_id,
            user_id,
            handle,
            row.channel_id,
            row.response_url,
            row.thread_ts,
            row.message_ts,
        )
