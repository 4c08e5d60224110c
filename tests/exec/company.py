"""A company in the stand-in Exec, and processes that mirror it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.demo.exec_server import DEMO_KEY, ExecServer
from bot.demo.world import World
from bot.exec.budget import PER_DAY, PER_MINUTE, Budget
from bot.exec.client import ExecClient, exec_http
from bot.exec.feedback import Feedbacks
from bot.exec.jobs import SyncJobs
from bot.exec.lists import Lists
from bot.exec.sync import SessionSync
from bot.storage.database import Database
from bot.storage.leases import Leases
from tests.conftest import FakeClock
from tests.doomed import Fate

HISTORY = timedelta(days=30)


@dataclass
class Process:
    """Everything that one process does with Exec."""

    database: Database
    client: ExecClient
    sync: SessionSync
    lists: Lists
    jobs: SyncJobs
    feedbacks: Feedbacks


@dataclass
class Company:
    world: World
    exec: ExecServer
    clock: FakeClock
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def sleep(self, seconds: float) -> None:
        """Advance the clock instead of waiting."""
        await asyncio.sleep(0)
        self.clock.tick(seconds + 60)

    async def start(
        self,
        database: Database,
        holder: str = "one",
        *,
        deadline: float = 30,
        per_minute: int = PER_MINUTE,
        per_day: int = PER_DAY,
    ) -> Process:
        http = await self.closing.enter_async_context(exec_http(self.exec.url, DEMO_KEY))
        budget = Budget(database, clock=self.clock, per_minute=per_minute, per_day=per_day)
        client = ExecClient(
            http,
            budget,
            clock=self.clock,
            sleep=self.sleep,
            deadline=deadline,
        )
        leases = Leases(database, self.clock, holder)
        sync = SessionSync(database, client, leases, self.clock, history=HISTORY, sleep=self.sleep)
        lists = Lists(database, client, leases, self.clock)
        jobs = SyncJobs(sync, lists, budget, self.clock)
        return Process(database, client, sync, lists, jobs, Feedbacks(database, client, self.clock))


def once_it_read(company: Company) -> Fate:
    """The fate of a process that is stopped after its first read from Exec."""
    count = len(company.exec.requests)
    return lambda _: "stop" if len(company.exec.requests) > count else ""


@asynccontextmanager
async def company(
    clock: FakeClock,
    *,
    people: int = 40,
    sessions: int = 400,
    per_minute: int = PER_MINUTE,
    per_day: int = PER_DAY,
) -> AsyncIterator[Company]:
    """People who practiced up to this many sessions in twenty days."""
    world = World(clock(), people=people, days=20)
    for session in world.sessions.all[sessions:]:
        world.delete(session.id)
    server = ExecServer(world, clock=clock, per_minute=per_minute, per_day=per_day)
    async with server, AsyncExitStack() as closing:
        yield Company(world, server, clock, closing)
