"""A company in the stand-in Exec, and an Exec client that reads it, for what holds its lists."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.sandbox.exec_server import DEMO_KEY, ExecServer, Fault
from bot.sandbox.world import World
from bot.storage.database import Database
from bot.storage.tables import budget_request, practice_person
from tests.conftest import START, FakeClock

MEMBERS = "/workspace/members"


@dataclass
class Company:
    world: World
    exec: ExecServer
    client: ExecClient
    database: Database
    clock: FakeClock

    def reads(self) -> int:
        """How many requests Exec got for lists of people, since the last `forget`."""
        return sum(request.path == MEMBERS for request in self.exec.requests)

    def forget(self) -> None:
        self.exec.requests.clear()

    def tick(self, **times: float) -> None:
        self.clock.now += timedelta(**times)

    def breaks(self) -> None:
        """From now on Exec refuses every request."""
        self.exec.faults.append(Fault("inactive", times=None))

    def mends(self) -> None:
        self.exec.faults.clear()

    async def purposes(self) -> Counter[str]:
        """The requests by what they were booked under."""
        async with self.database.transaction(reads=True) as connection:
            return Counter((await connection.execute(budget_request.select())).scalars("purpose"))

    async def practiced(self, id_: str, email: str, first_name: str, last_name: str) -> None:
        """Let a session that is held name this person."""
        async with self.database.transaction() as connection:
            await connection.execute(
                practice_person.insert().values(
                    id=id_, email=email, first_name=first_name, last_name=last_name
                )
            )


@asynccontextmanager
async def company(
    database: Database, clock: FakeClock, *, people: int = 40
) -> AsyncIterator[Company]:
    """Has `people` members; their groups are those of the demo, "West Coast" among them."""

    async def sleep(seconds: float) -> None:
        clock.tick(seconds)
        await asyncio.sleep(0)

    world = World.build(START, people=people + 1, sessions=0)  # one of them was removed
    async with (
        ExecServer(world, clock=clock) as server,
        exec_http(server.url, DEMO_KEY) as http,
    ):
        client = ExecClient(
            http, Budget(database, clock=clock), clock=clock, sleep=sleep, random=lambda: 0.0
        )
        yield Company(world, server, client, database, clock)
