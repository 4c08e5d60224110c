"""Processes that fill a mirror and ask questions, made to be killed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import ExecError
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery
from bot.mirror.sessions import ReadOptions
from bot.mirror.sync import Sync
from bot.sandbox.exec_server import DEMO_KEY
from bot.storage.database import Database
from tests.mirror.room import Room


@dataclass(frozen=True)
class Orders:
    """What a worker is to do. `ahead` is how far its clock is ahead of this machine's, in seconds.

    With `fills` it only syncs, until the past of `days` is held. Otherwise it syncs and asks
    `askers` questions at once, again and again, for `lasts` seconds. `fresh`: nothing that is
    held will do for them.
    """

    database: str
    exec_url: str
    people: tuple[str, ...]
    skills: tuple[str, ...]
    holder: str
    ahead: float = 0.0
    days: int = 60
    per_minute: int = 60
    fills: bool = False
    askers: int = 2
    fresh: bool = False
    lasts: float = 30.0

    @classmethod
    def read(cls, given: dict[str, Any]) -> Orders:
        return cls(**given | {"people": tuple(given["people"]), "skills": tuple(given["skills"])})


@dataclass(frozen=True, slots=True)
class WatchedSync(Sync):
    """Tells when there was nothing left to do."""

    async def _step(self, broken: str) -> bool:
        worked = await Sync._step(self, broken)
        if not worked:
            IDLE.set()
        return worked


IDLE = asyncio.Event()


@asynccontextmanager
async def room(orders: Orders) -> AsyncIterator[Room]:
    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=orders.ahead)

    async with (
        Database(orders.database) as database,
        exec_http(orders.exec_url, DEMO_KEY) as http,
    ):
        budget = Budget(database, clock=clock, per_minute=orders.per_minute, per_day=100_000)
        client = ExecClient(http, budget, clock=clock, sleep=asyncio.sleep, random=random.random)
        yield Room(
            database=database,
            client=client,
            budget=budget,
            clock=clock,
            holder=orders.holder,
            history_days=orders.days,
        )


async def sync(room: Room, orders: Orders) -> None:
    """Run the sync as the scheduler would, more often; with `fills` until the past is held."""
    parts = {name: getattr(room.sync, name) for name in Sync.__dataclass_fields__}
    syncing = WatchedSync(**parts)
    while True:
        syncing.state.not_before = None
        await syncing.run()
        if orders.fills and IDLE.is_set():
            return
        await asyncio.sleep(0.02)


async def ask(room: Room, orders: Orders, chance: random.Random) -> None:
    while True:
        who = chance.choice([None, *orders.people])
        skill = chance.choice([None, None, *orders.skills])
        end = room.clock() - timedelta(days=chance.choice([0, 0, 10, 30]))
        query = ResolvedQuery(
            people=None if who is None else (Member(who, "", ""),),
            names=() if skill is None else (Named(Kind.SKILL, skill, skill),),
            period=Period("", "UTC", end - timedelta(days=chance.choice([1, 7])), end),
            include_system=chance.random() < 0.5,
        )
        with suppress(ExecError):
            await room.ask(query, ReadOptions(everything=orders.fresh, fresh=orders.fresh))
        await asyncio.sleep(0.05)


async def work(orders: Orders) -> None:
    chance = random.Random(orders.holder)
    async with room(orders) as here:
        jobs = [sync(here, orders)]
        if not orders.fills:
            jobs += [ask(here, orders, chance) for _ in range(orders.askers)]
        with suppress(TimeoutError):
            async with asyncio.timeout(orders.lasts):
                await asyncio.gather(*jobs)


def live(told: dict[str, Any]) -> None:
    asyncio.run(work(Orders.read(told)))
