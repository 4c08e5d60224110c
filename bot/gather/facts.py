"""What a report about a question is made from: its sessions, and as of when they are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.language.query import Period, ResolvedQuery, Sort
from bot.mirror.answers import Reading
from bot.mirror.mirror import OnPage, OnWait, ReadOptions
from bot.mirror.sessions import ALL_ROWS, KEEP_ROWS, Sessions
from bot.reports.intervals import EVER, Interval, Window, first_whole_day, moved, preceding
from bot.reports.report import Facts, Needs

# Of many people no more than this is looked through: a year of a large company's sessions takes
# more memory than one answer is worth.
MANY, BACK_DAYS_OF_MANY = 50, 90
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Gather:
    """Raises ExecError when Exec is needed and away, and StorageError."""

    sessions: Sessions

    async def facts(
        self,
        query: ResolvedQuery,
        needs: Needs,
        options: ReadOptions,
        *,
        zone: str,
        on_page: OnPage,
        on_wait: OnWait,
        keep: int = KEEP_ROWS,
    ) -> tuple[Facts, Reading]:
        """What a question is answered from, as far as it costs few requests, and how that was
        read: the reading has the rows of a listing only, the first `keep` of them."""
        if needs.listed:
            reading = await self.sessions.read(
                query, options, keep=keep, on_page=on_page, on_wait=on_wait
            )
        else:
            whole = replace(query, sort=Sort.NEWEST, limit=None, page=1)
            reading = await self.sessions.read(
                whole, options, keep=ALL_ROWS, on_page=on_page, on_wait=on_wait
            )
        facts = facts_of(query, reading, zone)
        if needs.history:
            facts = await self._with_history(facts, query, options.purpose)
        return facts, reading if needs.listed else replace(reading, rows=())

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
