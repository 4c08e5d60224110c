"""Payloads from Slack: each is worked on once, by one process, and none is forgotten.

Slack may deliver a payload twice, and a process may die with one in hand. A row per payload
answers both: whoever inserts it works on it, under a lease that it renews; a lease that ran
out on unfinished work marks someone who was left without an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import payload as table

LEASE = timedelta(seconds=30)
# As long as Slack's response_url is good. Later nobody waits any more.
TELL_WITHIN = timedelta(minutes=30)

_FINISHING = (
    sa.update(table)
    .where(table.c.key == sa.bindparam("of"))
    .values(done=True, words=None, response_url=None)
    .returning(table.c.key)
)


@dataclass(frozen=True, slots=True)
class Payload:
    """What came from Slack. `words` is the command to offer again if we fail; None if none.

    `thread_ts` is the thread in which it was said or pressed. `message_ts` is the message of the
    bot that an answer may take the place of: the one whose button was pressed, or the news of
    progress; only in a direct conversation with the bot, where messages stay.

    `public`: it came from a message that others see as well. `home`: it came from the person's Home
    tab, where what is said of it is shown. That is not stored: whoever takes over a press leaves
    every message as it is.
    """

    key: str
    team_id: str
    user_id: str
    channel_id: str
    response_url: str | None
    words: str | None
    public: bool = False
    home: bool = False
    thread_ts: str | None = None
    message_ts: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether somebody waits for an answer, and can be reached with one."""
        return any(x is not None for x in (self.response_url, self.words, self.message_ts))


class Payloads:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        # Not every driver counts the rows of an INSERT.
        insert = database.insert(table).on_conflict_do_nothing()
        self._claiming = insert.returning(table.c.key)

    async def claim(self, payload: Payload) -> bool:
        """True for the one caller, among all processes, who shall work on it."""
        now = self._clock()
        row = {
            "key": payload.key,
            "received_at": now,
            "team_id": payload.team_id,
            "user_id": payload.user_id,
            "channel_id": payload.channel_id,
            "response_url": payload.response_url,
            "words": payload.words,
            "thread_ts": payload.thread_ts,
            "message_ts": payload.message_ts,
            "lease_until": now + LEASE,
            "done": False,
        }
        return await self._database.returned(self._claiming, row) is not None

    async def renew(self, keys: Collection[str]) -> None:
        """Still working on them, or about to."""
        await self._update(keys, lease_until=self._clock() + LEASE)

    async def note_message(self, key: str, ts: str) -> None:
        """News of progress was posted, for the answer to take its place."""
        await self._update((key,), message_ts=ts)

    async def finish(self, key: str) -> None:
        """Answered; the words and the address to answer at are not needed any more."""
        await self._database.returned(_FINISHING, {"of": key})

    async def orphans(self, ours: Collection[str] = ()) -> list[Payload]:
        """Take over the payloads whose worker died; each goes to one caller, who finishes it.

        `ours` are the keys that the caller itself works on, however late its lease is renewed.
        """
        now = self._clock()
        take = (
            sa.update(table)
            .where(
                table.c.done.is_(False),
                table.c.received_at > now - TELL_WITHIN,
                table.c.lease_until <= now,
                table.c.key.not_in(ours),
            )
            .values(lease_until=now + LEASE)
            .returning(table)
        )
        async with self._database.transaction() as connection:
            rows = (await connection.execute(take)).all()
        stored = [name for name in Payload.__dataclass_fields__ if name in table.c]
        return [Payload(**{name: getattr(row, name) for name in stored}) for row in rows]

    async def _update(self, keys: Collection[str], **values: object) -> None:
        update = sa.update(table).where(table.c.key.in_(keys)).values(**values)
        await self._database.write(update)
