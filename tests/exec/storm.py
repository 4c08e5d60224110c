"""Days in which Exec changes and fails, and processes that mirror it are stopped and killed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

import sqlalchemy as sa

from bot.demo.exec_server import ExecFault, ReceivedRequest
from bot.demo.world_things import between
from bot.errors import ExecError, StorageError
from bot.storage.database import Database
from bot.storage.sessions import read_window
from bot.storage.tables import session
from tests.conftest import FakeClock
from tests.doomed import Doomed, Killed, Point
from tests.exec.company import Company, Process, company

PROCESSES = 2
KILLED, STOPPED = 0.004, 0.02  # the chances at each transaction
OFTEN_FAILS = 5  # one of so many requests
ASKS = 0.3
A_MINUTE = 30  # pages
SCORES = (16.1, 32.2, 64.1, 66.66666666666667, 82.15, 100.0, 0.0)


def fault(chance: Random) -> ExecFault:
    """Any way in which a request can fail."""
    kinds = (
        ExecFault("slow", seconds=0),
        ExecFault("held"),
        ExecFault("hang"),
        ExecFault("reset"),
        ExecFault("status", status=chance.choice((404, 500, 502, 503))),
        ExecFault("html"),
        ExecFault("cut"),
        ExecFault("garbage"),
        ExecFault("limited", seconds=chance.choice((2, 20)), header=chance.random() < 0.5),
        ExecFault("limited", seconds=5, header=False, inside=True),
        ExecFault("wrong_key"),
        ExecFault("inactive"),
    )
    failure = chance.choice(kinds)
    failure.released.set()
    failure.skip = chance.randrange(10 * OFTEN_FAILS)
    return failure


@dataclass
class Storm:
    """A company and the processes that mirror it. `seen` counts what happened."""

    company: Company
    url: str
    chance: Random
    seen: Counter[str] = field(default_factory=Counter)
    late: list[tuple[datetime, str]] = field(default_factory=list)
    processes: dict[int, Process] = field(default_factory=dict)
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    async def rage(self, length: timedelta, step: timedelta) -> None:
        """Let this time pass. Exec changes at each step, and between the pages of a read."""
        clock, server = self.company.clock, self.company.exec
        until = clock() + length
        server.before_page = self._before_page
        while clock() < until:
            self._live_on(step)
            missing = 2 * 5 - len(server.faults)
            new = [fault(self.chance) for _ in range(missing)]
            self.seen.update(failure.kind for failure in new)
            server.faults += new
            await asyncio.gather(*map(self._run, range(PROCESSES)))
            await self.assert_complete()
        for number in self.tasks:
            self._doomed(number).die()
        await asyncio.wait(self.tasks.values())
        server.before_page = None
        self.seen.subtract(failure.kind for failure in server.faults)
        server.faults.clear()
        self.seen["requests"] = len(server.requests)

    def _doomed(self, number: int) -> Doomed:
        database = self.processes[number].database
        assert isinstance(database, Doomed)
        return database

    # Exec

    def _live_on(self, step: timedelta) -> None:
        """Add sessions that are graded at once, hours later or never; correct and delete others;
        add and remove people."""
        world, clock, chance = self.company.world, self.company.clock, self.chance
        began = clock()
        clock.now += step
        for _ in range(chance.randrange(5)):
            at = began + step * chance.random()
            self._add(at.replace(microsecond=at.microsecond // 1000 * 1000))
        for due, id_ in self.late:
            if due <= clock() and id_ in world.sessions:
                world.grade(id_, self._score())
        self.late = [grade for grade in self.late if grade[0] > clock()]
        self._change()
        if chance.random() < 0.1:
            self._change_people()

    def _score(self) -> float:
        return self.chance.choice((*SCORES, self.chance.randrange(1001) / 10))

    def _add(self, at: datetime) -> None:
        world, chance = self.company.world, self.chance
        for _ in range(chance.choice((1, 1, 1, 3))):  # in one millisecond
            person, scenario = chance.choice(list(world.people)), chance.choice([*world.scenarios])
            length = chance.choice((None, 4, 300, 301, 900))
            new = world.add_session(person, scenario, at, duration=length)
            if chance.random() < 0.5:
                world.grade(new.id, self._score())
            elif chance.random() < 0.8:
                self.late.append((at + timedelta(minutes=chance.randrange(500)), new.id))

    def _change(self) -> None:
        world, chance = self.company.world, self.chance
        if chance.random() < 0.7:
            world.grade(chance.choice(world.sessions.all).id, self._score())
        if chance.random() < 0.7:
            world.delete(chance.choice(world.sessions.all).id)

    def _change_people(self) -> None:
        world, chance = self.company.world, self.chance
        roster = chance.choice(list(world.rosters.values()))
        roster ^= {chance.choice(list(world.members))}
        match chance.randrange(4):
            case 0:
                world.remove_member(chance.choice(list(world.members)))
            case 1:
                number = len(world.people)
                groups = (chance.choice(list(world.groups)),)
                world.add_member("New", str(number), f"new{number}@acme.com", groups=groups)

    def _before_page(self, request: ReceivedRequest) -> None:
        if self.chance.random() < 0.2:
            self._add(self.company.clock())
            self._change()

    # Processes

    def _fate(self, point: Point) -> Literal["", "stop", "kill"]:
        if self.chance.random() < KILLED:
            return "kill"
        return "stop" if point == "before" and self.chance.random() < STOPPED else ""

    async def _run(self, number: int) -> None:
        """Run the due jobs of a process, or continue it after a stop."""
        if number not in self.processes or self._doomed(number).is_dead:
            doomed = Doomed(self.url, self._fate)
            await self.company.closing.enter_async_context(doomed)
            holder = f"{number} {self.seen['started']}"
            self.seen["started"] += 1
            self.processes[number] = await self.company.start(doomed, holder, deadline=0.1)
        doomed = self._doomed(number)
        if number not in self.tasks or self.tasks[number].done():
            self.tasks[number] = asyncio.create_task(self._work(self.processes[number]))
        elif self.chance.random() < 0.5:
            doomed.resumed.set()
            await asyncio.sleep(0)
        stopped = asyncio.create_task(doomed.stopped.wait())
        task = self.tasks[number]
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        self.seen["stopped"] += not task.done()

    async def _work(self, process: Process) -> None:
        work = [process.jobs.run()]
        if self.chance.random() < ASKS:
            work.append(self._ask(process))
        errors = await asyncio.gather(*work, return_exceptions=True)
        if (asked := process.sync._asked) is not None:
            await asyncio.wait({asked})
            asked.exception()
        for error in filter(None, errors):
            if not isinstance(error, Killed | StorageError):
                raise error
            self.seen["killed" if isinstance(error, Killed) else "storage"] += 1

    async def _ask(self, process: Process) -> None:
        """Read what people's questions read."""
        world, chance = self.company.world, self.chance
        with suppress(ExecError):
            await process.lists.use_teams(list(world.groups))
        await process.sync.freshen()
        with suppress(ExecError):
            row = await process.feedbacks.find(chance.choice(world.sessions.all).id)
            if row is not None:
                await process.feedbacks.of(row)

    # Afterwards

    async def assert_complete(self) -> None:
        """Assert that no session of Exec's is missing in the window."""
        async with Database(self.url) as database:
            window = await read_window(database)
            if window is None:
                return
            stored = set(await database.scalars(sa.select(session.c.id)))
        inside = between(self.company.world.sessions.all, window.start, window.end)
        missing = [row for row in inside if row.id not in stored]
        assert not missing, (window, missing[0], len(missing))

    async def calm(self, database: Database) -> None:
        """Run the jobs of a new process until nothing is left to do."""
        process = await self.company.start(database, "calm")
        # On one of these days, a change from eight days ago is read.
        for _ in range(3):
            self.company.clock.now += timedelta(hours=26)
            await process.lists.note_use(list(self.company.world.groups))
            await process.jobs.run()
            while await process.sync.rechecked() is not None:
                await process.sync.sync_again()
        for left in range(2 + len(self.company.world.sessions) // 50, 0, -A_MINUTE):
            self.company.clock.tick(100)
            await process.sync.sync_older(min(left, A_MINUTE))


@asynccontextmanager
async def after_a_storm(
    database: Database, clock: FakeClock, chance: Random
) -> AsyncIterator[tuple[Company, Storm]]:
    """A company whose mirror went through two days of storm, then rested."""
    url = database.url.render_as_string(hide_password=False)
    async with company(clock, people=30, sessions=250) as acme:
        storm = Storm(acme, url, chance)
        await storm.rage(timedelta(days=2), timedelta(hours=5))
        await storm.calm(database)
        yield acme, storm
