"""The requests to Exec on a working day, and how soon late grades and corrections are stored.

    python -m tests.bench.working_day [people …] [--empty]

Simulates a week of jobs and questions, by default in companies of 60, 500 and 5,000 people.
`--empty` starts on Monday at nine with an empty database.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

import httpx
import sqlalchemy as sa

from bot.errors import ExecError
from bot.exec.budget import Budget, Purpose
from bot.exec.client import ExecClient, exec_http, read_row
from bot.exec.direct import read_direct
from bot.exec.feedback import Feedbacks
from bot.exec.jobs import EVERY_SECONDS, OTHERWISE, WHILE_ASKED, SyncJobs
from bot.exec.lists import ASSIGNMENTS_AGE_OF_ONE, GROUPS, MEMBERS, Lists
from bot.exec.models import Session
from bot.exec.sessions import read_sessions
from bot.exec.sync import ENOUGH, GRADE_AGES, GRADES_EVERY, SessionPage, SessionSync
from bot.language.query import Kind, Period, ResolvedName, ResolvedQuery
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.sessions import SESSIONS, Window, is_graded, read_window
from bot.storage.tables import coaching, request, session, to_ms, window
from tests.bench.company import CORRECTED_WITHIN, LATE_FROM, USED, Attempt, Clock, Company

SIZES = (60, 500, 5_000)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 3, 16, tzinfo=UTC)
TICK = timedelta(seconds=EVERY_SECONDS)
HISTORY, FILLED = 400 * DAY, 91 * DAY
ASKED_FROM, ASKED_UNTIL, ASKED_EVERY, ABOUT = 9, 18, 2 * MINUTE, 30 * DAY
# One question of so many reads these as well.
FEEDBACK, ASSIGNMENTS, DIRECT = 10, 20, 50
SEEN_WITHIN, STORED_WITHIN = 30 * HOUR, 15 * MINUTE
PATIENCE = 10 * DAY  # what takes longer is reckoned


@dataclass(slots=True)
class Simulation:
    """The jobs of one process, and the people who ask questions."""

    company: Company
    clock: Clock
    database: Database
    client: ExecClient
    sync: SessionSync
    lists: Lists
    jobs: SyncJobs
    feedbacks: Feedbacks
    asks_at: datetime = MONDAY + ASKED_FROM * HOUR
    questions: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    to_see: list[tuple[datetime, Attempt]] = field(default_factory=list)
    seen: dict[str, datetime] = field(default_factory=dict)
    rng: random.Random = field(default_factory=lambda: random.Random(7))

    async def fill(self) -> None:
        """Store 91 days of sessions, as jobs would have read them by now."""
        now = self.clock()
        for number in range(FILLED // DAY):
            start, end = now - (number + 1) * DAY, now - number * DAY
            rows = [attempt.row(now) for attempt in self.company.attempts(start, end)]
            parsed = [read_row(row, Session) for row in rows if row]
            sessions = [row for row in parsed if isinstance(row, Session)]
            async with self.database.transaction() as connection:
                page = SessionPage(sessions, len(sessions), to_ms(start), to_ms(end))
                await page.store(connection, self.database)
        stored = {"name": SESSIONS, "start_at": now - FILLED, "end_at": now}
        await self.database.write(sa.insert(window).values(stored))

    async def live(self, until: datetime) -> None:
        """Simulate questions and jobs until a time."""
        jobs_at = self.clock()
        while self.clock() < until:
            began = self.clock.now = max(self.clock(), min(jobs_at, self.asks_at))
            if self.asks_at <= jobs_at:
                await self.ask()
            else:
                await self.jobs.run()
                is_busy = self.clock() > began  # requests take their time
                jobs_at = tick_at(self.clock()) if is_busy else await self.next_due()
            await self.look()

    async def next_due(self) -> datetime:
        """The next tick at which a job may be due, if none is due now."""
        now = self.clock()
        newest = await read_window(self.database) or Window(now, now)
        grades = await read_window(self.database, Purpose.GRADES) or Window(now, now)
        due = (newest.end + WHILE_ASKED, newest.end + OTHERWISE, grades.end + GRADES_EVERY)
        return tick_at(min(moment for moment in (*due, now + WHILE_ASKED) if moment > now))

    # People

    async def ask(self) -> None:
        """Ask as many questions as people would by now."""
        self.asks_at += ASKED_EVERY
        if self.asks_at.hour >= ASKED_UNTIL:
            days = 1 if self.asks_at.weekday() < 4 else 7 - self.asks_at.weekday()
            self.asks_at = self.asks_at.replace(hour=ASKED_FROM, minute=0) + days * DAY
        self.questions += 1
        try:
            _, error = await self.sync.freshen()
            self.answers["not fresh" if error else await self.read_more()] += 1
        except ExecError as error:
            self.answers[type(error).__name__] += 1

    async def read_more(self) -> str:
        """Read what a question about a group needs. Returns where its sessions come from."""
        await self.lists.ensure(MEMBERS, GROUPS)
        group, now, number = self.any_group(), self.clock(), self.questions
        await self.lists.use_teams([group])
        if number % FEEDBACK == 0:
            rows = await read_sessions(self.database, [is_graded], limit=200)
            await self.feedbacks.of(self.rng.choice(rows))
        if number % ASSIGNMENTS == 0:
            whose = [f"p{self.rng.randrange(self.company.people)}"]
            await self.lists.use_assignments(whose, ASSIGNMENTS_AGE_OF_ONE, Purpose.PEOPLE)
        stored = await read_window(self.database)
        if number % DIRECT and stored is not None and stored.start <= now - ABOUT:
            return "from the window"
        period = Period("last 30d", "UTC", now - ABOUT, now, closed=True)
        query = ResolvedQuery(None, names=(ResolvedName(Kind.GROUP, group, group),), period=period)
        ids = await read_direct(self.database, self.client, query, now, Purpose.DIRECT)
        return "from Exec itself" if ids is not None else "only in part"

    def any_group(self) -> str:
        return f"g{self.rng.randrange(0, self.company.groups, USED)}"

    async def stored(self) -> timedelta:
        """How far back sessions are stored."""
        stored = await read_window(self.database)
        return self.clock() - stored.start if stored else timedelta()

    # What is stored in time

    def watch(self, start: datetime, until: datetime) -> None:
        """Watch for the late grades and corrections of a period."""
        for attempt in self.company.attempts(start - CORRECTED_WITHIN, until):
            if (
                attempt.corrected_at is not None
                and start <= attempt.corrected_at < until - SEEN_WITHIN
            ):
                self.to_see.append((attempt.corrected_at, attempt))
            elif attempt.graded_at is None or attempt.graded_at - attempt.created_at < LATE_FROM:
                continue
            elif start <= attempt.created_at < until - 5 * HOUR:
                self.to_see.append((attempt.graded_at, attempt))

    async def look(self) -> None:
        """Note which of them are stored by now."""
        now = self.clock()
        due = {
            attempt.id: attempt
            for at, attempt in self.to_see
            if at <= now and attempt.id not in self.seen
        }
        query = sa.select(session.c.id, session.c.rank).where(session.c.id.in_(due))
        ranks = {row.id: row.rank for row in await self.database.rows(query)}
        for id_, attempt in due.items():
            if ranks.get(id_, "") == attempt.rank(now):
                self.seen[id_] = now

    def corrections(self) -> str:
        """How soon corrections were stored."""
        made = [(at, attempt.id) for at, attempt in self.to_see if attempt.corrected_at is not None]
        hours = [(self.seen[id_] - at) / HOUR for at, id_ in made if id_ in self.seen]
        share = sum(hour <= SEEN_WITHIN / HOUR for hour in hours) / len(made)
        return f"{share:.1%} of {len(made)} within 30 h, median {median(hours):.1f} h"

    def late_grades(self) -> str:
        """How soon late grades were stored."""
        late = [attempt for _, attempt in self.to_see if attempt.corrected_at is None]
        share = sum(self.is_in_time(attempt) for attempt in late) / len(late)
        return f"{share:.1%} of {len(late)} within 15 min of the session's age of 1 h or 4 h"

    def is_in_time(self, late: Attempt) -> bool:
        assert late.graded_at is not None
        age = next(age for age in GRADE_AGES if late.graded_at - late.created_at <= age)
        return self.seen.get(late.id, self.clock()) <= late.created_at + age + STORED_WITHIN

    async def requests(self, start: datetime) -> Counter[str]:
        """The requests of a day, by job."""
        query = (
            sa.select(request.c.job, sa.func.count())
            .where(request.c.sent_at >= start, request.c.sent_at < start + DAY)
            .group_by(request.c.job)
        )
        return Counter({row[0]: row[1] for row in await self.database.rows(query)})


def tick_at(moment: datetime) -> datetime:
    """The first tick at or after a time."""
    return moment + -(moment - MONDAY) % TICK


def listed(counts: Counter[str]) -> str:
    return f"{counts.total()} ({', '.join(f'{n} {what}' for what, n in counts.most_common())})"


@asynccontextmanager
async def simulation(people: int, now: datetime) -> AsyncIterator[Simulation]:
    """A company, and a bot with an empty database."""
    clock = Clock(now)
    company = Company(people, clock, founded=now - HISTORY - 30 * DAY)
    transport = httpx.MockTransport(company.answer)
    with tempfile.TemporaryDirectory(prefix="execbot-day-") as folder:
        async with (
            Database(f"sqlite:///{folder}/day.db") as database,
            exec_http("https://exec.test", "key", transport=transport) as http,
        ):
            await database.upgrade()
            groups = [f"g{number}" for number in range(0, company.groups, USED)]
            rows = [{"coach_id": "p0", "kind": "group", "subject_id": group} for group in groups]
            await database.write(sa.insert(coaching).values(rows))
            budget = Budget(database, clock=clock)
            client = ExecClient(http, budget, clock=clock, sleep=clock.sleep)
            leases = Leases(database, clock, "bench")
            sync = SessionSync(database, client, leases, clock, history=HISTORY, sleep=clock.sleep)
            lists = Lists(database, client, leases, clock)
            jobs = SyncJobs(sync, lists, budget, clock)
            feedbacks = Feedbacks(database, client, clock)
            yield Simulation(company, clock, database, client, sync, lists, jobs, feedbacks)


async def working_days(people: int) -> None:
    """Simulate Sunday to Friday after the first fill, and print the requests."""
    async with simulation(people, MONDAY - DAY) as run:
        await run.fill()
        run.watch(MONDAY, MONDAY + 5 * DAY)
        await run.live(MONDAY + 5 * DAY)
        days = [await run.requests(MONDAY + number * DAY) for number in range(5)]
        print(f"{people:,} people, the busiest of five working days", flush=True)
        print(f"  requests: {listed(max(days, key=Counter.total))}")
        print(
            f"  each day: {', '.join(str(day.total()) for day in days)}; 429: {run.company.refused}"
        )
        print(f"  questions: {listed(run.answers)}")
        print(f"  corrections stored: {run.corrections()}")
        print(f"  late grades stored: {run.late_grades()}", flush=True)


async def first_days(people: int) -> None:
    """Simulate from Monday at nine until 400 days are stored, and print the milestones."""
    start = MONDAY + ASKED_FROM * HOUR
    async with simulation(people, start) as run:
        run.watch(start, start + 5 * DAY)
        await run.live(start + HOUR)
        first = next(iter(run.answers))
        print(f"{people:,} people, the first question answered {first}", flush=True)
        for history in (ENOUGH, HISTORY):
            began, before = run.clock(), await run.stored()
            while (stored := await run.stored()) < history and run.clock() < began + PATIENCE:
                await run.live(run.clock() + HOUR)
            pace = (run.clock() - began) / max(stored - before, HOUR)
            took = run.clock() - start + pace * max(history - stored, timedelta())
            told_took = f"{took / DAY:.1f} days" if took > 2 * DAY else f"{took / HOUR:.0f} hours"
            print(f"  {history.days} days stored after {told_took}", flush=True)
        days = [await run.requests(MONDAY + number * DAY) for number in range(5)]
        print(f"  requests of the first days: {', '.join(str(day.total()) for day in days)}")
        print(f"  refused by Exec: {run.company.refused}; questions: {listed(run.answers)}")
        print(f"  late grades stored: {run.late_grades()}", flush=True)


def main() -> None:
    """Run the simulations and print the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.working_day", description=__doc__)
    parser.add_argument("people", nargs="*", type=int, default=SIZES)
    parser.add_argument("--empty", action="store_true")
    options = parser.parse_args()
    for people in options.people:
        asyncio.run((first_days if options.empty else working_days)(people))


if __name__ == "__main__":
    main()
