"""Two processes on one PostgreSQL database under load, both of which sync: within the limits, and
no request for what the other one reads."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace

from bot.clock import utc_now
from bot.sandbox.exec_server import ExecServer, Fault, Request
from bot.sandbox.world import World
from bot.storage.database import Database
from tests.conftest import MakeUrl
from tests.fork_server import ForkServer, fork_server
from tests.mirror import killed
from tests.mirror.killed import Orders
from tests.mirror.room import Past, assert_stored

DAYS = 60
SESSIONS = 1500
LONGEST = 120.0


@dataclass
class Load:
    """Two processes that sync and ask at once, and the Exec they ask."""

    url: str
    world: World
    past: Past
    server: ExecServer
    place: ForkServer

    async def run(self, *, per_minute: int, fresh: bool, until: Callable[[], bool]) -> None:
        """Let them work until enough was seen; how long that takes is the machine's affair."""
        orders = Orders(
            database=self.url,
            exec_url=self.server.url,
            people=tuple(sorted(self.world.people)[:8]),
            skills=tuple(sorted(self.world.skills)[:2]),
            holder="",
            days=DAYS,
            per_minute=per_minute,
            askers=4,
            fresh=fresh,
            lasts=LONGEST,
        )
        pids = [
            await self.place.start(asdict(replace(orders, holder=holder))) for holder in ("1", "2")
        ]
        async with asyncio.timeout(LONGEST):
            while not until():  # noqa: ASYNC110 - requests come in from elsewhere
                await asyncio.sleep(0.1)
        for pid in pids:
            await self.place.kill(pid)


@asynccontextmanager
async def load(url: str, per_minute: int) -> AsyncIterator[Load]:
    world = World.build(utc_now(), people=60, days=DAYS, sessions=SESSIONS)
    async with (
        fork_server(killed.__name__) as place,
        ExecServer(world, clock=utc_now, per_minute=per_minute, per_day=1000) as server,
    ):
        server.faults.append(Fault("slow", times=None, seconds=0.05))
        yield Load(url, world, Past(world, utc_now), server, place)


async def test_no_gap_is_read_twice(postgres_urls: MakeUrl) -> None:
    url = postgres_urls()
    async with load(url, 500) as two:
        requests = two.server.requests

        def read() -> Counter[tuple[tuple[str, str], ...]]:
            return Counter(gap(each) for each in requests if each.params.keys() <= OF_ALL)

        await two.run(per_minute=500, fresh=False, until=lambda: len(read()) >= 12)
    gaps = read()
    # An answer that comes in late is taken in all the same, as nothing changed meanwhile.
    assert {one: times for one, times in gaps.items() if times > 1} == {}
    async with Database(url) as database:
        await assert_stored(database, two.past)


# What was asked directly, of some people or a skill, each process keeps for itself.
OF_ALL = {"start_date", "end_date", "page", "page_size"}


def gap(request: Request) -> tuple[tuple[str, str], ...]:
    """Where what a request reads ends: the newest is read once, too."""
    return tuple(sorted(pair for pair in request.params.items() if pair[0] != "start_date"))
