"""What a report about a question is made from: its sessions, and as of when they are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.errors import ExecError, Rejected
from bot.exec_api.models import Session
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery, Sort, is_system
from bot.mirror.answers import Reading
from bot.mirror.feedback import Attempts
from bot.mirror.mirror import OnPage, OnWait, ReadOptions
from bot.mirror.planning import USUAL
from bot.mirror.sessions import ALL_ROWS, Sessions, away
from bot.people.catalogue import Catalogue
from bot.reports.intervals import EVER, Interval, Window, first_whole_day, moved, preceding
from bot.reports.report import Detail, Facts, Needs, Told
from bot.reports.sessions import figures

# Of many people no more than this is looked through: a year of a large company's sessions takes
# more memory than one answer is worth.
MANY, BACK_DAYS_OF_MANY = 50, 90
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Gather:
    """Raises ExecError when Exec is needed and away, and StorageError."""

    sessions: Sessions
    attempts: Attempts
    catalogue: Catalogue

    async def facts(
        self,
        query: ResolvedQuery,
        needs: Needs,
        options: ReadOptions,
        *,
        zone: str,
        on_page: OnPage,
        on_wait: OnWait,
    ) -> tuple[Facts, Reading]:
        """What a question is answered from, as far as it costs few requests, and how that was
        read: the reading has the rows of a listing only."""
        if needs.detail:
            facts, reading = await self._detail(query, options, zone, on_page, on_wait)
            return await self._linked(facts, needs), reading
        if needs.listed:
            reading = await self.sessions.read(query, options, on_page=on_page, on_wait=on_wait)
        else:
            whole = replace(query, sort=Sort.NEWEST, limit=None, page=1)
            reading = await self.sessions.read(
                whole, options, keep=ALL_ROWS, on_page=on_page, on_wait=on_wait
            )
        facts = facts_of(query, reading, zone)
        if needs.history:
            facts = await self._with_history(facts, query, options.purpose)
        facts = await self._linked(facts, needs)
        return facts, reading if needs.listed else replace(reading, rows=())

    async def _linked(self, facts: Facts, needs: Needs) -> Facts:
        """The same with where its scenarios are practised, if that is told."""
        if not needs.links:
            return facts
        ids = {row.scenario.id for row in facts.all_rows}
        return replace(facts, links=await self.catalogue.addresses(ids))

    async def _detail(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        zone: str,
        on_page: OnPage,
        on_wait: OnWait,
    ) -> tuple[Facts, Reading]:
        """The first attempt in the order asked for, and what Exec says of it."""
        reading = await self._first(query, options, zone, on_page, on_wait)
        facts = facts_of(query, reading, zone)
        if not reading.rows:
            return facts, reading
        attempt = reading.rows[0]
        told: Told | None
        try:
            attempt, told = await self.attempts.feedback(
                attempt, fresh=options.fresh, purpose=options.purpose, on_wait=on_wait
            )
        except ExecError as error:
            # What is held of it says more than nothing.
            told = await self.attempts.held(attempt)
            if not isinstance(error, Rejected):
                reading = replace(reading, away=away(error))
        rows, since = await self._beside(attempt, reading.as_of, zone, options.purpose)
        facts = replace(facts, rows=(attempt,), detail=Detail(told, rows, since))
        # What was not read of other attempts matters no more.
        return facts, replace(reading, rows=(), cost=None, held_since=None, again=None)

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
                since = await self.sessions.held_since(one)
                late = await read(replace(one, period=Period("", zone, since)), options)
                if late.rows:
                    return late
            return await read(one, options)
        attempt = await self.attempts.find(query.attempt, purpose=options.purpose, on_wait=on_wait)
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
        back = await self.sessions.held_since(replace(its, period=Period("", zone, None, end)))
        if back >= end:
            return (), as_of
        since = first_whole_day(back, zone)
        held = await self.sessions.whole(
            replace(its, period=Period("", zone, since or back, end)),
            purpose=purpose,
            without_exec=True,
        )
        return held.rows, since

    async def _with_history(self, facts: Facts, query: ResolvedQuery, purpose: str) -> Facts:
        """The same with what is held of the time before, which costs no request."""
        start, zone = facts.interval.start, facts.window.zone
        query = replace(query, sort=Sort.NEWEST, limit=None, page=1)
        back = await self.sessions.held_since(replace(query, period=Period("", zone, None, start)))
        if query.people is None or len(query.people) > MANY:
            back = max(back, moved(facts.interval.end, -BACK_DAYS_OF_MANY, zone))
        since = first_whole_day(back, zone)
        first = back if since is None else since
        if first >= start:
            return replace(facts, since=since if since is None else max(since, start))
        earlier = await self.sessions.whole(
            replace(query, period=Period("", zone, first, start)),
            purpose=purpose,
            without_exec=True,
        )
        return replace(facts, earlier=earlier.rows, since=since)


def facts_of(query: ResolvedQuery, reading: Reading, zone: str) -> Facts:
    """What a reading tells of a question."""
    return Facts(
        query=query,
        window=window_of_question(query, zone, reading.as_of),
        rows=reading.rows,
        total=reading.total,
        sums=reading.figures,
        complete=reading.complete,
    )


def window_of_question(query: ResolvedQuery, zone: str, now: datetime) -> Window:
    """The period of a question, up to `now` at most, and the one that it is compared with."""
    period = query.period
    start = (period.start if period else None) or EVER
    end = min((period.end if period else None) or now, now)
    interval = Interval(start, max(end, start + MOMENT))
    return Window(interval, preceding(interval, zone), zone, now)
