"""What a report about one attempt is made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.errors import ExecError, Rejected
from bot.exec_api.models import Session
from bot.exec_api.single_flight import OnWait
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery, Sort, is_system
from bot.mirror.answers import Reading
from bot.mirror.feedback import Attempts
from bot.mirror.filling import OnPage
from bot.mirror.known import USUAL
from bot.mirror.sessions import ReadOptions, Sessions, away
from bot.reports.figures import figures
from bot.reports.intervals import first_whole_day
from bot.reports.report import Detail, Told


@dataclass(frozen=True, slots=True)
class Details:
    """Raises ExecError when Exec is needed and away, and StorageError."""

    sessions: Sessions
    attempts: Attempts

    async def of(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        *,
        zone: str,
        on_page: OnPage,
        on_wait: OnWait,
    ) -> tuple[Reading, Detail | None]:
        """The first attempt in the order asked for, and what Exec says of it; None without one."""
        reading = await self._first(query, options, zone, on_page, on_wait)
        if not reading.rows:
            return reading, None
        attempt = reading.rows[0]
        told: Told | None
        try:
            attempt, told = await self.attempts.feedback(
                attempt, fresh=options.fresh, purpose=options.purpose
            )
        except ExecError as error:
            # What is held of it says more than nothing.
            told = await self.attempts.held(attempt)
            if not isinstance(error, Rejected):
                reading = replace(reading, away=away(error))
        rows, since = await self._beside(attempt, reading.as_of, zone, options.purpose)
        # What was not read of other attempts matters no more.
        reading = replace(reading, rows=(attempt,), cost=None, held_since=None, again=None)
        return reading, Detail(told, rows, since)

    async def _first(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        zone: str,
        on_page: OnPage,
        on_wait: OnWait,
    ) -> Reading:
        if not query.attempt:
            read = partial(self.sessions.read, keep=1, on_page=on_page, on_wait=on_wait)
            one = replace(query, limit=1, page=1)
            if query.period is None and query.sort is Sort.NEWEST:
                # The newest one is found without reading all there ever were, if it is held.
                since = await self.sessions.held_since(one, self.attempts.clock() - USUAL)
                late = await read(replace(one, period=Period("", zone, since)), options)
                if late.rows:
                    return late
            return await read(one, options)
        attempt = await self.attempts.find(query.attempt, purpose=options.purpose)
        rows = () if attempt is None else (attempt,)
        return Reading(rows, len(rows), figures(rows), self.attempts.clock())

    async def _beside(
        self, attempt: Session, as_of: datetime, zone: str, purpose: str
    ) -> tuple[tuple[Session, ...], datetime | None]:
        """What is held of the attempts of the same person at the same scenario, newest first, and
        from when on that is all; no request is made for it."""
        user, scenario = attempt.user, attempt.scenario
        if not user.id or not scenario.id:
            return (), None
        its = ResolvedQuery(
            (Member(user.id, user.email, user.name),),
            names=(Named(Kind.SCENARIO, scenario.id, scenario.name),),
            include_system=is_system(user.email),
        )
        # What came later may not be held yet.
        end = as_of - USUAL
        back = await self.sessions.held_since(its, end)
        if back >= end:
            return (), as_of
        since = first_whole_day(back, zone)
        held = await self.sessions.whole(
            replace(its, period=Period("", zone, since or back, end)),
            purpose=purpose,
        )
        return held.rows, since
