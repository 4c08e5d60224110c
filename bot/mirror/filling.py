"""Reads what is missing for one question, as far as it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.mirror.asked import Asked
from bot.mirror.known import Known
from bot.mirror.reader import SessionReader, requests_for
from bot.mirror.store import SessionStore
from bot.mirror.stretches import Span, gaps

# Up to here a question is worth its requests unasked.
FEW_REQUESTS = 5
# Pages that are read before somebody else who wants to read gets a turn.
PAGES_AT_ONCE = 5


@dataclass(slots=True)
class Filling:
    """What was read before `not_before` (ms) is missing, too, and so is what is newer than the
    newest look, if that is older than `age`. With `everything` no number of requests is too many;
    `spent` are those it took so far. `purpose` is the word under which they are booked."""

    known: Known
    store: SessionStore
    reader: SessionReader
    asked: Asked
    everything: bool
    purpose: str
    not_before: int
    age: timedelta
    spent: int = 0

    async def run(self) -> int | None:
        """Read until nothing is missing; what the rest takes where that is too much. Raises
        ExecError and StorageError."""
        asked = self.asked
        if not asked.is_remote:
            await self._read_newest()
        while missing := await self._missing():
            room = None if self.everything else FEW_REQUESTS - self.spent
            cost = await self._cost(missing)
            if room is not None and (room <= 0 or (cost or 0) > room):
                return await self.expected(missing) if cost is None else cost
            wide = await self.expected(missing)
            # What is stored serves every question: with no limit, everybody's sessions are read
            # where that takes no more requests.
            reads_all = not asked.is_narrow or (self.everything and wide <= (cost or 0))
            if asked.is_remote or not reads_all:
                left = await self._ask((missing[0][0], missing[-1][1]), room, wide)
            else:
                left = await self._read(missing[-1], room)
            if left and room is not None:
                rest = requests_for(left)
                return min(rest, wide) if asked.is_narrow and not asked.is_remote else rest
        return None

    async def expected(self, missing: Sequence[Span]) -> int:
        """About how many requests it takes to read these spans of everybody's sessions."""
        (start, end), *more = missing
        total = self.reader.total
        if start == 0 and not more and total is not None:
            # Exec said how many there are in all.
            return requests_for(max(0, total - await self.store.count(end, self.asked.now + 1)))
        return requests_for(await self.store.expected(missing))

    async def _missing(self) -> list[Span]:
        known = await self.known.of(self.asked, self.not_before)
        return self.known.missing(self.asked, known, self.age)

    async def _cost(self, missing: Sequence[Span]) -> int | None:
        """How many requests it takes to read what is missing, where Exec said so or it is read
        again; None where only the first page tells."""
        asked, start, end = self.asked, missing[0][0], missing[-1][1]
        cached = self.known.cached(asked)
        if cached.left and cached.unread[0] <= start and end <= cached.unread[1]:
            return requests_for(cached.left)
        if asked.is_remote:
            return None
        if not gaps(await self.store.stretches(start, end), start, end):
            among = asked.whose if asked.is_narrow else ()
            return max(1, requests_for(await self.store.count(start, end, *among)))
        if start == 0 and not asked.is_narrow and self.reader.total is not None:
            return await self.expected(missing)
        return None

    async def _read_newest(self) -> None:
        """Read the newest page, if the newest sessions are missing."""
        if await self._newest() is None:
            return
        async with self.reader.turn():
            # Another question may have read it meanwhile.
            if (end := await self._newest()) is None:
                return
            read = await self.reader.read(end, None, purpose=self.purpose, pages=1)
        self.spent += read.requests

    async def _newest(self) -> int | None:
        """Up to when everybody's sessions are known, if the newest of them are missing."""
        asked, missing = self.asked, await self._missing()
        if not missing or missing[-1][1] < asked.end:
            return None
        end = await self.store.known_to() or 0
        is_open = asked.end == asked.now
        return end if end < asked.end or (self.not_before and is_open) else None

    async def _read(self, span: Span, room: int | None) -> int:
        """Read a span of everybody's sessions; how many rows are left of it."""
        async with self.reader.turn():
            missing = await self._missing()
            if not missing or missing[-1] != span:
                return 0
            read = await self.reader.read(
                *span,
                purpose=self.purpose,
                pages=PAGES_AT_ONCE if room is None else room,
                exact=True,
                at_most=room,
            )
        self.spent += read.requests
        return read.left

    async def _ask(self, span: Span, room: int | None, wide: int) -> int:
        """Ask Exec directly for a span; how many rows are left of it."""
        asked, (start, end) = self.asked, span
        at_most = room
        if room is None and not asked.is_remote:
            # Everybody's sessions are worth more, where they take no more requests.
            at_most = max(1, wide)
        read = await self.reader.ask(
            asked.sent,
            start,
            None if end >= asked.now else end,
            purpose=self.purpose,
            at_most=at_most,
            goes_on=asked.is_remote,
        )
        self.spent += read.requests
        self.known.cache(asked, start, read)
        if not asked.is_remote:
            for each in read.stretches:
                await self.store.correct(each, each.sessions or (), *asked.whose)
        return read.left
