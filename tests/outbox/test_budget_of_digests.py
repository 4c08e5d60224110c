"""Monday morning for 20 groups: it costs Exec the sessions of the interval once, and rosters."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import Core, build_core
from bot.config import load
from bot.language.query import Kind as NameKind
from bot.language.query import Named, Period, ResolvedQuery
from bot.language.schedule import Occurrence, period_before
from bot.mirror.sessions import ReadOptions
from bot.outbox.deliver import Builders, Delivering
from bot.outbox.deliveries import Deliveries, Delivery
from bot.outbox.due import DueScanner, schedule_of
from bot.outbox.plans import TEAM, Plan, Subscription, team_ask
from bot.outbox.reasons import NotSentReason
from bot.outbox.subscriptions import Subscriptions
from bot.rendering.views import Message
from bot.sandbox.exec_server import ExecServer
from bot.sandbox.world import World
from bot.sandbox.world_things import Group
from bot.slack.send import Sender
from bot.storage.database import Database
from tests.conftest import START, FakeClock, MakeUrl
from tests.deliveries import a_slack, british, web
from tests.outbox.outbox import as_it_is

GROUPS = 20
# Nothing here waits for a minute to pass; what is counted is the day's.
PER_MINUTE = 500
SUNDAY = START - timedelta(days=1)
MONDAY_9 = START.replace(hour=9, minute=0)
FULL = ReadOptions(everything=True, purpose="digest")
numbers = itertools.count(1)


def new_id() -> str:
    return f"id{next(numbers):06}"


async def nobody_waits(*_: object) -> None:
    """Nobody is told how far it is."""


@dataclass
class Morning:
    """`counted` is what each group's digest counted."""

    world: World
    exec: ExecServer
    core: Core
    delivering: Delivering
    clock: FakeClock
    counted: dict[str, int]

    async def read(self, group_id: str, start: datetime, end: datetime) -> int:
        """How many sessions a group had."""
        query = ResolvedQuery(
            people=None,
            names=(Named(NameKind.GROUP, group_id, group_id),),
            period=Period("", "UTC", start, end),
        )
        reading = await self.core.sessions.read(
            query, FULL, on_page=nobody_waits, on_wait=nobody_waits
        )
        assert reading.complete
        return reading.total

    async def hold(self, start: datetime, end: datetime) -> None:
        """Let the mirror hold everybody's sessions of an interval."""
        query = ResolvedQuery(None, period=Period("", "UTC", start, end))
        await self.core.sessions.read(query, FULL, on_page=nobody_waits, on_wait=nobody_waits)

    async def deliver(self) -> Counter[str]:
        """What the digests of this moment ask of Exec, by path."""
        self.exec.requests.clear()
        self.counted.clear()
        await self.delivering.run_due()
        return Counter(request.path for request in self.exec.requests)

    def truth(self, start: datetime, end: datetime) -> dict[str, int]:
        """How many sessions each group had, as Exec knows it."""
        return {
            id_: sum(
                start <= s.created_at < end and s.user_id in people
                for s in self.world.sessions
                if s.user_id in self.world.members
            )
            for id_, people in self.world.rosters.items()
        }


def a_company() -> World:
    """400 people in 20 groups, who had 800 sessions in 60 days."""
    world = World.build(SUNDAY, people=400, days=60, sessions=800)
    world.groups.clear()
    world.rosters.clear()
    people = [person.id for person in world.members.values() if person.email.endswith("acme.com")]
    for number in range(GROUPS):
        id_ = f"group-{number}"
        world.groups[id_] = Group(id_, f"Team {number}", START - timedelta(days=400))
        world.rosters[id_] = set(people[number::GROUPS])
    return world


@asynccontextmanager
async def morning(database_url: str, clock: FakeClock) -> AsyncIterator[Morning]:
    world = a_company()
    async with (
        ExecServer(world, clock=clock, per_minute=PER_MINUTE) as server,
        a_slack(clock) as slack,
        build_core(
            load(
                {
                    "EXEC_API_KEY": server.key,
                    "EXEC_API_URL": server.url,
                    "DATABASE_URL": database_url,
                    "EXEC_REQUESTS_PER_MINUTE": str(PER_MINUTE),
                },
                exec_api=True,
            ),
            clock=clock,
        ) as core,
    ):
        subscriptions = Subscriptions(core.database, clock, new_id)
        counted: dict[str, int] = {}

        async def check_rights(_one: Subscription, _due: Delivery) -> NotSentReason | None:
            return None

        async def build(one: Subscription, due: Delivery) -> Any:
            occurrence = Occurrence(due.occurrence, due.at)
            start, end = period_before(schedule_of(one.plan), occurrence)
            # Everybody's sessions first: then no group has to ask for its own.
            await here.hold(end - timedelta(weeks=8), end)
            total = await here.read(one.plan.group_id, end - timedelta(weeks=8), end)
            counted[one.plan.group_id] = await here.read(one.plan.group_id, start, end)
            return Message(f"{counted[one.plan.group_id]} of {total}", [])

        async def notify(_one: Subscription, due: Delivery) -> Any:
            raise AssertionError(due.why)

        async def nobody() -> tuple[str, ...]:
            return ()

        async def zone_of(_team_id: str, _user_id: str) -> str | None:
            return None

        deliveries = Deliveries(core.database, clock, new_id)
        delivering = Delivering(
            leader=core.leader,
            scanner=DueScanner(subscriptions, deliveries, zone_of, clock),
            deliveries=deliveries,
            subscriptions=subscriptions,
            builders=Builders(
                check_rights, {TEAM: build}, build, notify, nobody, british, as_it_is
            ),
            sender=Sender(web(slack), asyncio.sleep),
            clock=clock,
        )
        here = Morning(world, server, core, delivering, clock, counted)
        for id_ in world.groups:
            place = slack.team.add_channel(id_, []).id
            plan = Plan(place, "every monday 9:00", "UTC", team_ask(id_))
            await subscriptions.keep("T1", "U1001", plan)
        yield here


@pytest.fixture
def database_url(sqlite_urls: MakeUrl) -> str:
    """What is asked of Exec does not hang on the database."""
    return sqlite_urls()


@pytest.fixture
async def here(database: Database, database_url: str) -> AsyncIterator[Morning]:
    clock = FakeClock(SUNDAY)
    async with morning(database_url, clock) as here:
        yield here


async def hold_the_past(here: Morning) -> None:
    """Let the mirror hold all sessions, as the background sync does within hours."""
    await here.hold(SUNDAY - timedelta(days=60), SUNDAY)


async def test_many_digests_cost_the_newest_page_and_the_rosters_once_a_day(
    here: Morning,
) -> None:
    await hold_the_past(here)
    here.clock.now = MONDAY_9 + timedelta(seconds=2)
    asked = await here.deliver()
    assert asked["/sessions"] <= 1
    assert asked["/workspace/members"] == GROUPS
    assert set(asked) <= {"/sessions", "/workspace/members"}
    monday = datetime(2026, 3, 9, tzinfo=ZoneInfo("UTC"))
    truth = here.truth(monday, monday + timedelta(weeks=1))
    assert here.counted == truth
    assert sum(truth.values()) > 50
    # The same day again: the rosters are known.
    here.clock.now += timedelta(hours=6)
    here.exec.requests.clear()
    for id_ in here.world.groups:
        await here.read(id_, here.clock.now - timedelta(days=1), here.clock.now)
    asked = Counter(request.path for request in here.exec.requests)
    assert asked == Counter({"/sessions": 1})


async def test_with_nothing_held_they_cost_the_interval_once(here: Morning) -> None:
    here.clock.now = MONDAY_9 + timedelta(seconds=2)
    asked = await here.deliver()
    monday = datetime(2026, 3, 9, tzinfo=ZoneInfo("UTC"))
    assert here.counted == here.truth(monday, monday + timedelta(weeks=1))
    eight = monday - timedelta(weeks=7)
    everybodys = sum(eight <= s.created_at < MONDAY_9 for s in here.world.sessions)
    assert asked["/workspace/members"] == GROUPS
    # The pages of eight weeks for everybody; not one per group.
    assert asked["/sessions"] <= everybodys // 100 + 8 < GROUPS
