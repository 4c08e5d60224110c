"""Answers a question from the stored sessions, and asks Exec only for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.errors import Broken, ExecError, Limited, WorkspaceInactive, WrongKey
from bot.language.query import ResolvedQuery
from bot.mirror.answers import Reading
from bot.mirror.asked import MAX_STALE_AGE, Asked, Questions
from bot.mirror.filling import Filling
from bot.mirror.known import USUAL, Known
from bot.mirror.reader import SETTLE, SessionReader
from bot.mirror.rows import from_ms, to_ms
from bot.mirror.select import Selecting
from bot.mirror.store import SessionStore
from bot.mirror.stretches import Stretch, clipped
from bot.people.groups import MAX_AGE
from bot.reports.freshness import Away, Freshness
from bot.storage.tables import MILLISECOND

# As many rows as an answer holds: more are read from the database when they are wanted. What Exec
# was asked directly is not there, and stays with its answer.
KEEP_ROWS, KEEP_TOLD = 500, 5_000
# A page that is asked for by its number is reached if it is no farther than this.
FARTHEST_PAGE = 50
PAGE_ROWS = 100
# After a failure, those who ask next are answered from what is stored without another try.
NO_TRY = timedelta(seconds=15)
# More than any report is about: a company's eight weeks. The selection computes no figures over
# them: a report that asks for all rows groups them and computes its own.
ALL_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a question is read.

    `everything`: Exec is asked whatever it costs. `fresh`: what was read before now does not count.
    `only_new`: Exec is asked for new sessions only; the rest must be stored. `needs_exec`: fail
    rather than serve stored data while Exec is away. `insists`: Exec is asked, although it failed
    a moment ago. `stored`: Exec is asked for no sessions. `purpose` is the word under which the
    requests are booked.
    """

    everything: bool = False
    fresh: bool = False
    only_new: bool = False
    stored: bool = False
    needs_exec: bool = False
    insists: bool = False
    purpose: str = "question"


AS_USUAL = ReadOptions()


@dataclass(frozen=True, slots=True)
class Found:
    """How far a question got: the stretches it is answered from, oldest first, and the requests
    that took.

    `cost` is what the rest would take, None where there is none. With `trouble` Exec gave no
    answer. `again` is what it would take to read once more all that is stored.
    """

    parts: Sequence[Stretch]
    spent: int
    cost: int | None = None
    trouble: ExecError | None = None
    again: int | None = None


class Sessions:
    """Practice sessions, read from the store and, where it lacks some, from Exec."""

    def __init__(
        self,
        *,
        questions: Questions,
        store: SessionStore,
        reader: SessionReader,
        selecting: Selecting,
        clock: Callable[[], datetime],
    ) -> None:
        self._questions = questions
        self._store = store
        self._reader = reader
        self._known = Known(store, clock)
        self._selecting = selecting
        self._clock = clock
        self._failed: tuple[datetime, ExecError] | None = None
        # When somebody last asked: others are likely to follow.
        self.asked_at: datetime | None = None
        # When somebody was last found who waits to be told of new sessions.
        self.awaited_at: datetime | None = None

    async def read(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        *,
        keep: int = KEEP_ROWS,
    ) -> Reading:
        """Read what matches `query` now, for at most FEW_REQUESTS requests.

        The reading has the first `keep` rows, or as many as the query asks for. Raises ExecError
        when Exec is needed and away, and StorageError.
        """
        self.asked_at = self._clock()
        keep = max(keep, query.limit or 0, min(query.page, FARTHEST_PAGE) * PAGE_ROWS)
        return await self._read(query, options, keep)

    async def whole(self, query: ResolvedQuery, *, purpose: str) -> Reading:
        """All sessions that match `query`, newest first, whatever it takes. Raises as `read`."""
        options = ReadOptions(everything=True, purpose=purpose)
        return await self._read(query, options, ALL_ROWS)

    async def ensure_stored(self, query: ResolvedQuery, *, purpose: str) -> None:
        """Read from Exec what is missing of all that matches `query`, up to now, and store it.
        Raises as `whole`."""
        options = ReadOptions(everything=True, purpose=purpose)
        asked = await self._questions.asked(query, now=self._now, purpose=purpose)
        found = await self._find(asked, options)
        if found.trouble is not None:
            raise found.trouble

    async def stored(self, query: ResolvedQuery) -> Reading:
        """Return all stored sessions that match `query`, from `stored_since` to the newest look.

        What is not stored is left out. This makes no request to Exec and does not count as a
        person's question. Raises StorageError.
        """
        asked = await self._unasked(query, MAX_STALE_AGE)
        parts = await self._known.up_to(asked, MAX_STALE_AGE)
        selected = await self._selecting.select(parts, asked, keep=ALL_ROWS, sums=False)
        known_to = from_ms(parts[-1].end if parts else asked.start)
        return Reading(
            rows=selected.rows,
            total=selected.total,
            figures=selected.figures,
            freshness=Freshness(min(known_to, self._clock())),
            stored_since=from_ms(parts[0].start) if parts else known_to,
        )

    async def stored_since(self, query: ResolvedQuery, end: datetime) -> datetime:
        """The moment from which on, up to `end`, all that matches is stored and costs no request.

        1970 where all of it is stored, `end` where nothing is. Raises StorageError.
        """
        asked = await self._unasked(query, MAX_AGE)
        asked = replace(asked, start=0, end=min(to_ms(end), asked.now))
        parts = await self._known.up_to(asked)
        return from_ms(parts[0].start) if parts else end

    async def looked_at(self) -> datetime:
        """The moment up to which sessions are known: the newest look at everybody's."""
        known_to = await self._store.known_to()
        oldest = self._clock() - MAX_STALE_AGE
        return oldest if known_to is None else max(oldest, from_ms(known_to))

    async def read_on(self, query: ResolvedQuery, before: Reading) -> Reading:
        """Return `before` with the stored rows that follow its own. Raises StorageError."""
        asked = await self._unasked(query, MAX_STALE_AGE, now=to_ms(before.as_of) + 1)
        if before.stored_since is not None:
            asked = replace(asked, start=max(asked.start, to_ms(before.stored_since)))
        parts = clipped(await self._known.of(asked), asked.start, asked.end)
        skip = len(before.rows)
        more = await self._selecting.select(parts, asked, skip=skip, keep=KEEP_ROWS)
        known = {row.id for row in before.rows}
        rows = tuple(row for row in more.rows if row.id not in known)
        # Where rows have gone meanwhile, the end comes sooner than was counted.
        total = before.total if rows else len(before.rows)
        return replace(before, rows=(*before.rows, *rows), total=total)

    @property
    def _now(self) -> int:
        return to_ms(self._clock())

    async def _read(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        keep: int,
    ) -> Reading:
        asked = await self._questions.asked(
            query,
            now=self._now,
            purpose=options.purpose,
            ask_exec=not options.only_new,
            fresh=options.fresh,
        )
        found = await self._find(asked, options)
        if found.trouble is not None and options.needs_exec:
            raise found.trouble
        parts = found.parts
        stored_since = None
        if found.cost is not None:
            stored_since = from_ms(parts[0].start) if parts else None
        if any(part.sessions is not None for part in parts):
            keep = max(keep, KEEP_TOLD)
        selected = await self._selecting.select(parts, asked, keep=keep, sums=keep < ALL_ROWS)
        as_of = from_ms(_true_up_to(parts, asked))
        is_whole = found.trouble is None and found.cost is None
        return Reading(
            rows=selected.rows,
            total=selected.total,
            figures=selected.figures,
            freshness=Freshness(
                as_of,
                checked_at=_checked_at(parts, as_of),
                roster_as_of=asked.roster_as_of,
                away=None if found.trouble is None else away(found.trouble),
                refreshed=_refreshed(parts, asked.now) if options.fresh and found.trouble else None,
            ),
            stored_since=stored_since,
            cost=found.cost,
            requests=found.spent,
            again=found.again if is_whole else None,
        )

    async def _unasked(
        self, query: ResolvedQuery, max_age: timedelta, now: int | None = None
    ) -> Asked:
        """The question in ids, made without a request to Exec."""
        now = self._now if now is None else now
        return await self._questions.asked(query, now=now, ask_exec=False, max_age=max_age)

    async def _find(self, asked: Asked, options: ReadOptions) -> Found:
        if asked.is_nothing:
            return Found((), asked.spent)
        not_before, age = (asked.now, 2 * SETTLE) if options.fresh else (0, USUAL)
        filling = Filling(
            self._known,
            self._store,
            self._reader,
            asked,
            options.everything,
            options.purpose,
            not_before,
            age,
            asked.spent,
        )
        known = await self._known.of(asked, not_before)
        missing = self._known.missing(asked, known, age)
        if not missing:
            return Found(clipped(known, asked.start, asked.end), asked.spent)
        if options.only_new and self._known.missing(asked, known, MAX_STALE_AGE):
            cost = max(1, await filling.expected(missing))
            return Found(await self._known.up_to(asked), asked.spent, cost)
        try:
            if not (options.insists or options.fresh):
                self._spare_exec()
            rest = again = await filling.run()
            if rest is not None and options.fresh:
                # To read all of it again is said first, with its cost: until then, what is new.
                filling.not_before = 0
                rest = await filling.run()
        except (Broken, Limited, WrongKey, WorkspaceInactive) as error:
            self._note_failure(error)
            return await self._without_exec(asked, error)
        self._failed = None
        if rest is not None:
            return Found(await self._known.up_to(asked), filling.spent, cost=max(1, rest))
        known = await self._known.of(asked, filling.not_before)
        return Found(clipped(known, asked.start, asked.end), filling.spent, again=again)

    def _spare_exec(self) -> None:
        if self._failed is not None:
            at, error = self._failed
            if self._clock() - at < NO_TRY:
                raise error

    def _note_failure(self, error: ExecError) -> None:
        """Note a failure of Exec, so that the next questions spare it another try.

        A refusal by our own limits is not noted: they may allow another purpose, and asking them
        costs nothing. Background requests give up at once where a question waits a moment.
        """
        if isinstance(error, Limited) and error.whose != "exec":
            return
        if self._failed is None or self._failed[1] is not error:
            self._failed = (self._clock(), error)

    async def _without_exec(self, asked: Asked, error: ExecError) -> Found:
        """Answer from stored sessions. Raises `error` where they do not cover the question."""
        known = await self._known.of(asked)
        newest = known[-1].end if known else 0
        if newest <= asked.start or self._known.missing(asked, known, MAX_STALE_AGE):
            raise error
        return Found(clipped(known, asked.start, asked.end), 0, trouble=error)


def _true_up_to(parts: Sequence[Stretch], asked: Asked) -> int:
    """The moment up to which `parts`, oldest first, have everything that was asked for.

    That is the newest look, unless it was at older sessions and so brought none that are newer.
    """
    if not parts:
        return asked.now
    newest, known_to = max(part.as_of for part in parts), parts[-1].end
    if known_to < asked.end or asked.end > asked.now - USUAL // MILLISECOND:
        return min(newest, known_to + SETTLE // MILLISECOND)
    return newest


def _checked_at(parts: Sequence[Stretch], as_of: datetime) -> datetime | None:
    """The oldest look at any of the parts, if that was noticeably before `as_of`."""
    oldest = min((from_ms(part.as_of) for part in parts), default=as_of)
    return oldest if as_of - oldest > USUAL else None


def _refreshed(parts: Sequence[Stretch], now: int) -> Literal["nothing", "a part"]:
    """How much of an answer was read again from `now` on, before that failed."""
    return "a part" if any(part.as_of >= now for part in parts) else "nothing"


def away(error: ExecError) -> Away:
    """Why Exec could not be asked."""
    match error:
        case Limited():
            return Away("questions" if error.whose == "questions" else "limited", error.until)
        case WrongKey() | WorkspaceInactive():
            return Away("key")
        case _:
            return Away("unreachable")
