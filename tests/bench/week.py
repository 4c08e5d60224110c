"""Seven simulated days of a company of 5,000, against an Exec that enforces both its limits.

    python -m tests.bench.week [--days 7] [--seed 7] [--warm-up 7] [--small 1000]
                                [--company small] [--empty]

The real core answers; Exec, Slack, time and sleep are simulated. The bot has been running for a
while: the mirror begins as rounds of re-reading leave it, and a week is played before the Monday on
which counting starts, as the bot reckons with what was asked a week ago.

With `--empty` the bot starts on that Monday with nothing stored, in a company that has practised
for months.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.answer import Request
from bot.app import Core
from bot.errors import BotError
from bot.mirror.asked import Asked
from bot.mirror.select import Selected, Selecting
from bot.mirror.stretches import Stretch, gaps
from bot.rendering.views import ProgressView
from bot.reports.table import SESSIONS
from bot.serve import SYNC_EVERY
from bot.storage.keeping import KEEP_ROWS
from bot.storage.tables import budget_request, stored_answer
from tests.bench.company import (
    DAY,
    HOUR,
    LARGE,
    SECOND,
    SMALL,
    ZONE,
    Company,
    Size,
    company,
    instant_of,
    moment_of,
    moments,
)
from tests.bench.corrections import Sightings, ages, corrections
from tests.bench.figures import Table, machine
from tests.bench.mix import Said, draw_questions, monday_figures
from tests.bench.simulated import TEAM, Clock, InsideExec, core_of, hold, rolled, row_of
from tests.bench.truth import judge

MONDAY = datetime(2026, 3, 16, tzinfo=ZONE).astimezone(UTC)  # no clock changes in these weeks
WARM_UP = 7
NINE = 9 * HOUR
HOUSEKEEPING = DAY
WEEK = 7 * DAY


@dataclass(slots=True)
class Tale:
    """What came of the questions."""

    asked: int = 0
    answered: int = 0
    right: int = 0
    at_one_moment: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Due:
    """A question, and when it is asked."""

    at: int
    said: Said


@dataclass(slots=True)
class Player:
    """Plays the calendar: what is due next happens next, and nothing waits in real time."""

    company: Company
    clock: Clock
    core: Core
    counted_from: int
    tale: Tale = field(default_factory=Tale)
    next_sync: int = 0
    next_cleaning: int = 0
    # What the last answer was made of.
    parts: tuple[Stretch, ...] = ()
    # When all of the history was stored, first seen after a run of the sync.
    stored_all_at: int | None = None

    def watch(self) -> None:
        """Note what each answer is made of."""
        select: Callable[..., Awaitable[Selected]] = Selecting.select

        async def select_and_note(
            selecting: Selecting, parts: Sequence[Stretch], asked: Asked, **how: Any
        ) -> Selected:
            self.parts = tuple(parts)
            return await select(selecting, parts, asked, **how)

        Selecting.select = select_and_note  # type: ignore[method-assign, assignment]

    async def play(self, calendar: list[Due], end: int) -> None:
        for due in calendar:
            await self._sync_until(due.at)
            self.clock.until(due.at)
            await self._ask(due.said)
        await self._sync_until(end)

    async def _sync_until(self, instant: int) -> None:
        """The job of the bot, at its interval; runs that would return at once are skipped."""
        sync = self.core.sync
        every = SYNC_EVERY * SECOND
        while self.next_sync < instant:
            self.clock.until(self.next_sync)
            await sync.run()
            rests = sync.state.not_before
            earliest = self.clock.now + 1 if rests is None else instant_of(rests)
            self.next_sync = -(-max(earliest, self.clock.now + 1) // every) * every
            await self._note_history()
            if self.clock.now >= self.next_cleaning:
                self.next_cleaning = self.clock.now + HOUSEKEEPING
                await self._clean()

    async def _note_history(self) -> None:
        if self.stored_all_at is None:
            known = await self.core.store.stretches()
            since = self.clock.now - self.core.sync.history_days * DAY
            if known and not gaps(known, since, self.counted_from):
                self.stored_all_at = self.clock.now

    async def _clean(self) -> None:
        old = stored_answer.c.at < self.core.clock() - KEEP_ROWS
        await self.core.database.write(sa.delete(stored_answer).where(old))

    async def _ask(self, said: Said) -> None:
        counted = self.clock.now >= self.counted_from
        trouble, right, at_one_moment = await self._hear(said)
        if not counted:
            return
        self.tale.asked += 1
        self.tale.answered += right is not None
        self.tale.right += bool(right)
        self.tale.at_one_moment += at_one_moment
        if trouble:
            self.tale.troubles[trouble] += 1

    async def _hear(self, said: Said) -> tuple[str, bool | None, bool]:
        """What was wrong, whether the answer is right (None without one), and at one moment."""
        try:
            asker = await self.core.people.asker(TEAM, said.asker)
            view = await self.core.answerer.answer(
                Request(asker, "", False, quiet), SESSIONS, said.words
            )
        except BotError as error:
            return f"{said.kind}: {type(error).__name__}", None, False
        if view.cost is not None or view.freshness.away is not None:
            return f"{said.kind}: no whole answer, {said.words}", None, False
        stored = await self.core.stored_answers.find(view.id, team_id=TEAM, user_id=said.asker)
        asked_at = self.core.sessions.asked_at
        assert stored is not None
        assert asked_at is not None
        verdict = judge(self.company, said, stored, self.parts, instant_of(asked_at))
        trouble = f"{said.kind}: {verdict.wrong}" if verdict.wrong else ""
        return trouble, not verdict.wrong, verdict.at_one_moment


async def quiet(_progress: ProgressView) -> None:
    """Nobody reads how far a question is."""


def calendar_of(
    here: Company, rng: random.Random, begin: datetime, days: int, questions_a_day: int
) -> list[Due]:
    """All questions, in their order."""
    calendar: list[Due] = []
    for number in range(days):
        day = begin + timedelta(days=number)
        weekday = day.astimezone(ZONE).weekday()
        if weekday < 5:
            times = moments(rng, day, questions_a_day)
            questions = draw_questions(here, rng, questions_a_day)
            calendar += [Due(at, said) for at, said in zip(times, questions, strict=True)]
        if weekday == 0:
            calendar += [Due(instant_of(day) + NINE, said) for said in monday_figures(here)]
    return sorted(calendar, key=lambda due: due.at)


async def played(
    days: int = 7,
    seed: int = 7,
    warm_up: int = WARM_UP,
    per_thousand: int = 1000,
    size: Size = LARGE,
    empty: bool = False,
) -> list[Table]:
    """What was seen. Raises RuntimeError if Exec and the budget disagree on what was asked."""
    begin = MONDAY - timedelta(days=warm_up)
    here = company(begin, warm_up + days, seed, size=size, per_thousand=per_thousand)
    calendar = calendar_of(here, random.Random(seed + 1), begin, warm_up + days, size.questions)
    monday, end = instant_of(MONDAY), instant_of(MONDAY + timedelta(days=days))
    clock = Clock(instant_of(begin))
    inside = InsideExec(here, clock)
    with tempfile.TemporaryDirectory(prefix="execbot-week-") as folder:
        async with core_of(inside, f"sqlite:///{Path(folder) / 'week.db'}") as core:
            if not empty:
                past = [life for life in here.lives if life.listed <= clock.now]
                stretches = rolled([life.created for life in past], clock.now)
                rows = (row_of(here.world, life, clock.now) for life in past)
                await hold(core.database, here.world, rows, stretches)
                await _a_week_before(core, calendar, clock.now)
            sightings = Sightings(lambda: clock.now)
            sightings.watch(core.store)
            player = Player(here, clock, core, monday, next_sync=clock.now)
            player.watch()
            await player.play(calendar, end)
            since = budget_request.c.at >= moment_of(instant_of(begin))
            booked = await core.database.count(budget_request, since)
    if booked != len(inside.asked):
        raise RuntimeError("Exec got other requests than the budget booked")
    asked = [each for each in inside.asked if each.at >= monday]
    by_day = Counter((each.at - monday) // DAY for each in asked)
    tale, stored_at = player.tale, player.stored_all_at
    seen = (
        ("sessions", str(sum(monday <= life.created < end for life in here.lives)), ""),
        ("questions asked", str(tale.asked), ""),
        ("answered", str(tale.answered), "all"),
        ("right as of when they were looked at", str(tale.right), "all"),
        ("… and, as a whole, what Exec held at that one moment", str(tale.at_one_moment), ""),
        *((f"not so: {trouble}", str(n), "") for trouble, n in tale.troubles.most_common()),
        ("429s", str(sum(not each.granted for each in asked)), "0"),
        ("requests", str(len(asked)), ""),
        ("… by skill", str(sum(each.remote for each in asked)), ""),
        ("most requests on a day", str(max(by_day.values(), default=0)), "≤ 600"),
        (
            "all of the history stored after",
            "not yet" if stored_at is None else f"{(stored_at - monday) / HOUR:.1f} h",
            "",
        ),
    )
    title = f"{days} days from Monday, {MONDAY:%d %B %Y}"
    return [
        Table(title, ("", "seen", "goal"), seen),
        ages(corrections(here, sightings, monday, end)),
    ]


async def _a_week_before(core: Core, calendar: list[Due], now: int) -> None:
    """The requests of the week before, as the bot remembers them: eight for nine of the questions
    that will be asked a week later."""
    times = (due.at - WEEK for number, due in enumerate(calendar) if number % 9)
    rows = [{"at": moment_of(at), "purpose": "question"} for at in times if at < now]
    async with core.database.transaction() as connection:
        await connection.execute(budget_request.insert(), rows)


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.week", description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--warm-up", type=int, default=WARM_UP, help="days before that Monday")
    parser.add_argument("--small", type=int, default=1000, help="sessions, in thousandths")
    parser.add_argument("--company", choices=("large", "small"), default="large")
    parser.add_argument("--empty", action="store_true", help="nothing is stored at the start")
    options = parser.parse_args()
    size = SMALL if options.company == "small" else LARGE
    warm_up = 0 if options.empty else options.warm_up
    playing = played(options.days, options.seed, warm_up, options.small, size, options.empty)
    print(machine(), *asyncio.run(playing), sep="\n\n")


if __name__ == "__main__":
    main()
