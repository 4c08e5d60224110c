"""Two figures of simulated days: the requests to Exec on the busiest one, and how old a correction
is when the bot has it.

    python -m tests.bench.days [--people 5000]

Saturday to Wednesday are played, in time that goes from one thing to the next, and Exec enforces
both its limits. A correction is a session of the last 7 days that Exec grades anew, to another
rank, or removes; there is one every hour.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.answer import Request
from bot.app import Core, build_core
from bot.errors import BotError
from bot.reports.table import SESSIONS
from bot.sandbox.exec_server import ExecServer
from bot.sandbox.world import World
from bot.sandbox.world_things import between
from bot.serve import SYNC_EVERY
from bot.settings import ExecSettings
from bot.storage.tables import budget_request, practice_session
from tests.bench.company import SEED, Calendar, Question, company, questions
from tests.bench.past import store_past

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 3, 16, tzinfo=ZONE).astimezone(UTC)  # no clock changes in these weeks
DAY = timedelta(days=1)
BEGIN, WORKDAYS = MONDAY - 2 * DAY, 3
END = MONDAY + WORKDAYS * DAY
RECENT = 7 * DAY
# What would be corrected on the last two days would not be seen before the end.
CORRECTED_HOURS = 3 * 24


@dataclass(slots=True)
class Corrections:
    """By the ids of sessions: when each was made, and its age when the bot had it."""

    world: World
    calendar: Calendar
    rng: random.Random
    made: dict[str, datetime] = field(default_factory=dict)
    ages: dict[str, timedelta] = field(default_factory=dict)

    def make(self) -> None:
        """Grade a session anew, or remove it, unless it has no rank or was corrected before."""
        now = self.calendar()
        row = self.rng.choice(between(self.world.sessions.all, now - RECENT, now - DAY))
        if row.rank is None or row.id in self.made:
            return
        self.made[row.id] = now
        if self.rng.random() < 0.5:
            self.world.delete(row.id)
        else:
            self.world.grade(row.id, 20 if row.rank == "gold" else 99)

    async def look(self, core: Core) -> None:
        """Note those that the bot has by now."""
        waiting = self.made.keys() - self.ages.keys()
        if not waiting:
            return
        table = practice_session.c
        query = sa.select(table.id, table.rank).where(table.id.in_(waiting))
        async with core.database.transaction(reads=True) as connection:
            stored = dict((await connection.execute(query)).all())
        for id_ in waiting:
            held = self.world.sessions[id_].rank if id_ in self.world.sessions else None
            if stored.get(id_) == held:
                self.ages[id_] = self.calendar() - self.made[id_]


@dataclass(slots=True)
class Player:
    """Plays what happens, in its order; `answered` counts the whole answers."""

    core: Core
    calendar: Calendar
    corrections: Corrections
    next_sync: datetime
    answered: int = 0

    async def play(self, asked: list[Question]) -> None:
        for question in asked:
            await self._sync_until(question.at)
            self.calendar.move_to(question.at)
            self.answered += await self._is_answered(question)
        await self._sync_until(END)

    async def _sync_until(self, moment: datetime) -> None:
        """The bot's own work, as often as it has something to do."""
        while self.next_sync < moment:
            self.calendar.move_to(self.next_sync)
            await self.core.sync.run()
            await self.corrections.look(self.core)
            soon = self.calendar() + timedelta(seconds=SYNC_EVERY)
            self.next_sync = max(soon, self.core.sync.state.not_before or soon)

    async def _is_answered(self, question: Question) -> bool:
        asker = await self.core.people.asker_by_email(question.asker, ZONE)
        try:
            view = await self.core.answerer.answer(Request(asker), SESSIONS, question.words)
        except BotError:
            return False
        return view.cost is None and view.freshness.away is None


async def played(people: int) -> None:
    """Play, and print what was seen."""
    calendar, rng = Calendar(BEGIN), random.Random(SEED)
    world = company(people, calendar, END)
    asked = questions(world, MONDAY, WORKDAYS, rng)
    corrections = Corrections(world, calendar, rng)
    hours = (BEGIN + timedelta(hours=number) for number in range(CORRECTED_HOURS))
    calendar.put([(hour, corrections.make) for hour in hours])
    with tempfile.TemporaryDirectory(prefix="execbot-days-") as folder:
        async with ExecServer(world, clock=calendar) as exec_server:
            variables = {
                "EXEC_API_KEY": exec_server.key,
                "EXEC_API_URL": exec_server.url,
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'days.db'}",
            }
            settings = ExecSettings(**variables)
            async with build_core(settings, clock=calendar, sleep=calendar.sleep) as core:
                await store_past(core.database, world, calendar())
                await _book_week_ago(core, asked)
                player = Player(core, calendar, corrections, calendar())
                await player.play(asked)
    by_day = Counter((each.time - BEGIN) // DAY for each in exec_server.requests)
    ages = sorted(age / timedelta(hours=1) for age in corrections.ages.values())
    median, p95 = (ages[len(ages) * percent // 100] for percent in (50, 95))
    print(f"requests to Exec on the busiest day: {max(by_day.values())}")
    print(f"age of a correction: {median:.1f} h, 95% within {p95:.1f} h")
    print(f"({len(ages)} of {len(corrections.made)} corrections seen,", end=" ")
    print(f"{player.answered} of {len(asked)} questions answered)")


async def _book_week_ago(core: Core, asked: list[Question]) -> None:
    """A request for each question of a week ago: the bot reckons that they are made again."""
    rows = [{"at": each.at - timedelta(days=7), "purpose": "question"} for each in asked]
    async with core.database.transaction() as connection:
        await connection.execute(budget_request.insert(), rows)


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.days", description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    asyncio.run(played(parser.parse_args().people))


if __name__ == "__main__":
    main()
