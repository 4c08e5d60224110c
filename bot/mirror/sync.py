"""Keeps the stored sessions true, in the background: one process at a time, within the spare
requests.

Every step is stored at once, so that a process that stops anywhere leaves nothing to be done again.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import ExecError, Limited
from bot.exec_api.budget import Budget
from bot.language.query import Kind
from bot.mirror.reader import PAGE_SIZE, SessionReader, SpanRead
from bot.mirror.rows import to_ms
from bot.mirror.sessions import Sessions
from bot.mirror.store import SessionStore, created_within
from bot.mirror.stretches import DAY, HOUR, MINUTE, Stretch, gaps
from bot.people.catalogue import Catalogue
from bot.people.groups import Rosters
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND, practice_session, stored_answer

log = logging.getLogger(__name__)

# One run is no longer than this, so that a process that does not lead any more stops soon.
RUN = timedelta(seconds=10)
# How old the newest look for new sessions may be: while somebody waits to be told of them, while
# people ask, for some hours after, and when nobody asks. For so long after a question, others are
# likely to follow.
WHILE_AWAITED = timedelta(minutes=15)
WHILE_ASKED = timedelta(minutes=20)
QUIET = timedelta(hours=2)
NIGHT = timedelta(hours=6)
ASKED_LATELY = timedelta(minutes=30)
# Who waits to be told of new sessions is looked up several times a minute.
AWAITED_LATELY = timedelta(minutes=5)
# With nothing to do, look again after this long.
REST = timedelta(minutes=1)
# After Exec failed: a little later, then later and later.
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
# Pages that are read before somebody else who wants to read gets a turn.
PAGES_AT_ONCE = 3
# Without a question for so long (at a weekend), lists are not kept fresh until the next one.
UNUSED = timedelta(hours=6)
LOOK_AGAIN = "look again"
# While a duty had nothing to do, or might spend nothing, it is looked up this often.
REST_OF = {
    "settle": timedelta(minutes=3),
    "people": timedelta(minutes=5),
    "fill": timedelta(minutes=10),
    LOOK_AGAIN: timedelta(minutes=5),
}
PACE = timedelta(minutes=1)  # after a page was read again

# The ages at which a session without a score is read again, and until when the last of these waits.
GRADE_AGES = (2 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY)
SETTLED = DAY + 4 * HOUR
# A reading counts as one at an age that it misses by up to a tenth.
NEARLY = 9

# What changes is mostly new: it is read again once a day, a day before it is over as some pages
# wait for others; the days before that where requests are left.
LAST_DAYS, RECENT_DAYS, DAILY = 7 * DAY, 14 * DAY, 23 * HOUR + HOUR // 2
# What was read so long ago comes before the days of RECENT_DAYS.
OVERDUE = 21 * DAY
# Nothing else is read again sooner than this.
SPARE_EVERY = 6 * HOUR
# Missing history takes no more than this part of the day's limit: people ask the most in the first
# weeks, when the least is stored.
HISTORY_SHARE = 0.15
# Reading again stays, with all other requests, under this part of the day's limit: in the last 24
# hours, and in the next ones if people ask what they asked a week ago.
ALL_SHARE = 0.55
# The words under which these are booked.
HISTORY, RECENT, OLDER = "history", "recent", "reread"
AGAIN = (RECENT, OLDER)
WEEK_AGO = timedelta(days=6)  # then, the next 24 hours ended so long before now

session = practice_session.c
# What to read, in milliseconds; no end is up to now.
ToRead = tuple[int, int | None]
Choose = Callable[[], Awaitable[ToRead | None]]


def grade_due(created_at: int, as_of: int, now: int) -> bool:
    """Whether a session without a score can wait no longer for the next reading.

    It is due at the first age since it was last read, and may wait until the following one: a
    request brings a hundred sessions or one, so a reading waits for others that can share it.
    """
    # A reading that serves a page comes a little early for the newest of them.
    read_at_age = as_of - created_at + (as_of - created_at) // NEARLY
    number = bisect_right(GRADE_AGES, read_at_age)
    latest = (*GRADE_AGES, SETTLED)[number + 1 :]
    return bool(latest) and now >= created_at + latest[0]


def next_again(
    stretches: Sequence[Stretch], now: int, *, spare: bool
) -> tuple[Stretch, str] | None:
    """What is to be read again next, and the word for it: of what is due that which was read the
    longest ago. Without `spare` nothing is that was read in the last day."""

    def longest_ago(age: int, newer_than: int) -> Stretch | None:
        due = [s for s in stretches if s.as_of <= now - age and s.end > newer_than]
        return min(due, key=lambda each: (each.as_of, -each.end), default=None)

    for age, newer_than, word in (
        (DAILY, now - LAST_DAYS, RECENT),
        (OVERDUE, 0, OLDER),
        (DAILY, now - RECENT_DAYS, RECENT),
        (SPARE_EVERY if spare else DAILY, 0, OLDER),
    ):
        if (found := longest_ago(age, newer_than)) is not None:
            return found, word
    return None


def may_read_again(used: Mapping[str, int], week_ago: Mapping[str, int], per_day: int) -> bool:
    """Whether a request may be spent on reading again, after those `used` in the last 24 hours by
    purpose, and with those that followed this moment a week ago."""
    own = sum(used.get(word, 0) for word in AGAIN)
    others = sum(used.values()) - own
    to_come = sum(count for word, count in week_ago.items() if word not in AGAIN)
    return own + max(others, to_come) < ALL_SHARE * per_day


@dataclass(slots=True)
class _State:
    """What a process remembers between its runs; nothing is lost with it."""

    not_before: datetime | None = None
    failures: int = 0
    # When a duty that had nothing to do, or no request left for it, is next looked up.
    duty_not_before: dict[str, datetime] = field(default_factory=dict)
    # The duty under way. One that is still noted when a run begins broke the run before.
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Sync:
    """`sessions` know when somebody last asked a question, or waited to be told of new ones."""

    database: Database
    store: SessionStore
    reader: SessionReader
    catalogue: Catalogue
    rosters: Rosters
    budget: Budget
    per_day: int
    history_days: int
    sessions: Sessions
    clock: Callable[[], datetime]
    state: _State = field(default_factory=_State)

    async def run(self) -> None:
        """Do what is due, for a while. Raises StorageError."""
        now, state = self.clock(), self.state
        if state.not_before is not None and now < state.not_before:
            return
        # For a run that ends in a way that nobody foresaw: the next one is likely to, as well.
        state.not_before, broken = now + REST, state.doing
        try:
            while self.clock() - now < RUN:
                if not await self._step(broken):
                    state.not_before = self.clock() + REST
                    break
            else:
                state.not_before = None
            state.failures = 0
        except ExecError as error:
            pause = BACK_OFF[min(state.failures, len(BACK_OFF) - 1)]
            state.not_before = self.clock() + pause
            state.failures += 1
            log.warning("sync: %s, again in %d s", type(error).__name__, pause.total_seconds())
        state.doing = ""

    async def _step(self, broken: str) -> bool:
        """Do the most urgent thing, if there is any, `broken` last. Raises ExecError.

        A duty for which no request is left waits by itself: others have a reserve.
        """
        duties = (
            ("poll", self._poll),
            ("settle", self._settle),
            ("people", self._people),
            ("fill", self._fill),
            (LOOK_AGAIN, self._look_again),
        )
        # A duty that is broken must not hold up the others.
        for name, duty in sorted(duties, key=lambda each: each[0] == broken):
            not_before = self.state.duty_not_before.get(name)
            if not_before is not None and self.clock() < not_before:
                continue
            self.state.doing = name
            try:
                if await duty():
                    return True
            except Limited as error:
                self.state.duty_not_before[name] = error.until
            else:
                self.state.duty_not_before[name] = self.clock() + REST_OF.get(name, timedelta())
        return False

    # New sessions

    async def _poll(self) -> bool:
        return await self._read(self._new_sessions, "poll") is not None

    async def _new_sessions(self) -> ToRead | None:
        """What is new, if it is time to look at it."""
        now = to_ms(self.clock())
        known_to = await self.store.known_to()
        if known_to is None:
            return (now - HOUR, None)
        age = (now - known_to) * MILLISECOND
        if age < WHILE_AWAITED or age < await self._poll_every():
            return None
        return (known_to, None)

    async def _poll_every(self) -> timedelta:
        """How old the newest look may be."""
        now = self.clock()
        if _is_within(AWAITED_LATELY, self.sessions.awaited_at, now):
            return WHILE_AWAITED
        if _is_within(ASKED_LATELY, self.sessions.asked_at, now):
            return WHILE_ASKED
        return QUIET if await self._asked_lately(now) else NIGHT

    # Late grades

    async def _settle(self) -> bool:
        return await self._read(self._late_grades, "settle", 1) is not None

    async def _late_grades(self) -> ToRead | None:
        """A page that begins with the oldest session that can wait no longer for its grade, and
        goes on to newer ones until it is full."""
        now = to_ms(self.clock())
        for created_at, as_of in await self.ungraded(now - 2 * DAY, now):
            if grade_due(created_at, as_of, now):
                # The oldest row of a full page makes nothing known, so that one row less counts.
                end = await self.store.nth(created_at, PAGE_SIZE - 1)
                # A page may be full of one instant, which is read whole.
                return (created_at, None if end is None else max(end, created_at + 1))
        return None

    async def ungraded(self, since: int, now: int) -> list[tuple[int, int]]:
        """When the sessions of [since, now) without a score were created, oldest first, and when
        each was last read (ms)."""
        query = sa.select(session.created_at).where(
            *created_within(since, now), session.score.is_(None)
        )
        waiting = await self.database.scalars(query.order_by(session.created_at))
        known = await self.store.stretches(since)
        return [(at, each.as_of) for at in waiting for each in known if each.start <= at < each.end]

    # Who there is

    async def _people(self) -> bool:
        """Read again the lists that are in use and old; and now and then who is in one more group
        of which that was never read, as they may ask about it."""
        now = self.clock()
        if not await self._asked_lately(now):
            return False
        if await self.catalogue.refresh_if_due("member", purpose="people"):
            return True
        for kind in Kind:
            if await self.catalogue.refresh_if_due(kind, purpose="people"):
                return True
        due = await self.rosters.due(now, unused=False)
        groups = await self.catalogue.items(Kind.GROUP, ask_exec=False)
        untried = () if due else await self.rosters.untried(each.id for each in groups)
        for group_id in (*due, *untried)[:1]:
            await self.rosters.refresh(group_id, purpose="roster")
        return bool(due)

    async def _asked_lately(self, now: datetime) -> bool:
        """Whether somebody asked in the last hours, this process or another one."""
        if _is_within(UNUSED, self.sessions.asked_at, now):
            return True
        answered = stored_answer.c.at
        query = sa.select(answered).where(answered > now - UNUSED).limit(1)
        return await self.database.scalar(query) is not None

    # The past

    async def _fill(self) -> bool:
        if (await self.budget.used()).get(HISTORY, 0) >= HISTORY_SHARE * self.per_day:
            return False
        since = to_ms(self.clock()) - self.history_days * DAY
        return await self.fill(since, HISTORY) is not None

    async def fill(
        self,
        since: int,
        purpose: str,
    ) -> SpanRead | None:
        """Read some pages of what is missing since then, newest first; None if nothing is.

        What came after the newest look is left out: that is for the polls. Raises ExecError.
        """

        async def choose() -> ToRead | None:
            now = to_ms(self.clock())
            known = await self.store.stretches(since)
            if not known:
                # The newest page tells how many there are.
                return (max(since, now - HOUR), None)
            spans = gaps(known, since, known[-1].end)
            return spans[-1] if spans else None

        return await self._read(choose, purpose, PAGES_AT_ONCE)

    async def _look_again(self) -> bool:
        """Read a page again, if one is due and one may be spent on it."""
        used = await self.budget.used()
        week_ago = await self.budget.used(ago=WEEK_AGO)
        if not may_read_again(used, week_ago, self.per_day):
            return False
        stretches = await self.store.stretches()
        # What was never read needs the spare requests more than what was read this morning.
        now = to_ms(self.clock())
        since = now - self.history_days * DAY
        is_whole = not stretches or not gaps(stretches, since, stretches[-1].end)
        found = next_again(stretches, now, spare=is_whole)
        if found is None:
            return False
        stretch, word = found

        async def choose() -> ToRead | None:
            # A page that is not full goes on to what is newer: it is due next.
            full = await self.store.nth(stretch.start, PAGE_SIZE - 1)
            return (stretch.start, None if full is None else max(full, stretch.end))

        await self._read(choose, word, 1)
        self.state.duty_not_before[LOOK_AGAIN] = self.clock() + PACE
        return True

    async def _read(
        self, choose: Choose, purpose: str, pages: int = PAGES_AT_ONCE
    ) -> SpanRead | None:
        """Read what `choose` says, if anything."""
        if await choose() is None:
            return None
        async with self.reader.turn():
            # Somebody who asked may have read it meanwhile.
            span = await choose()
            if span is None:
                return None
            return await self.reader.read(*span, purpose=purpose, pages=pages)


def _is_within(length: timedelta, at: datetime | None, now: datetime) -> bool:
    """Whether `at` is less than `length` ago."""
    return at is not None and now - at < length
