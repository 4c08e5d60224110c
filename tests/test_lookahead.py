"""Many channels due at once: who is in them is looked at ahead of time, and nobody unseen reads."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.access import AccountType
from bot.errors import SlackError
from bot.outbox.lookahead import AHEAD, Lookahead
from bot.outbox.plans import Plan, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.people.account_types import AccountTypes
from bot.people.audience import Audiences
from bot.people.people import MAX_AGE, People
from bot.rendering.subscription_views import Audience
from bot.slack.api import Channel, SlackUser
from bot.slack.call import RateLimited
from bot.storage.database import Database
from bot.storage.leases import Leases
from tests.conftest import FakeClock, MakeUrl
from tests.mirror.company import company
from tests.mirror.test_directory import catalogue_of

TEAM = "T1"
DUE = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
CHANNELS, IN_EACH, EVERYBODY = 50, 60, 150
# What Slack takes in a minute, and how often the job runs here, less often than the bot does it.
TIER_4, STEP = 100, timedelta(seconds=30)
BEGIN = DUE - AHEAD + timedelta(seconds=1)


@dataclass
class Slack:
    """Channels that overlap, of accounts of which Slack tells a hundred a minute."""

    clock: FakeClock
    account_type: dict[str, AccountType] = field(default_factory=dict)
    looks: list[tuple[datetime, str]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def lately(self, now: datetime) -> int:
        return sum(now - timedelta(minutes=1) < at <= now for at, _ in self.looks)

    def busiest_minute(self) -> int:
        return max((self.lately(at) for at, _ in self.looks), default=0)

    async def user(self, user_id: str) -> SlackUser:
        await asyncio.sleep(0)
        now = self.clock()
        if self.lately(now) >= TIER_4:
            raise RateLimited(30)
        self.looks.append((now, user_id))
        account_type = self.account_type.get(user_id, AccountType.FULL)
        return SlackUser(TEAM, user_id, "", user_id, user_id, "UTC", account_type)

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        raise SlackError("not_asked")

    async def usergroup_by_handle(self, handle: str) -> str | None:
        raise SlackError("not_asked")

    async def channel(self, channel_id: str) -> Channel:
        if channel_id in self.broken:
            raise SlackError("channel_not_found")
        return Channel(channel_id, channel_id.lower(), False, IN_EACH)

    async def channel_members(self, channel_id: str) -> AsyncIterator[str]:
        self.lists.append(channel_id)
        first = int(channel_id[1:]) * (EVERYBODY // CHANNELS)
        for number in range(first, first + IN_EACH):
            yield f"U{number % EVERYBODY}"


@dataclass
class Process:
    """One of the bot's processes."""

    lookahead: Lookahead
    audiences: Audiences


@dataclass
class Here:
    slack: Slack
    clock: FakeClock
    start: Callable[[], Awaitable[Process]]
    subscriptions: Subscriptions

    async def subscribe(self, channels: int = CHANNELS) -> None:
        for number in range(channels):
            plan = Plan(f"C{number}", "every monday 9:00", "UTC", team_ask("west"))
            await self.subscriptions.keep(TEAM, "U1", plan)

    async def look_ahead(self, process: Process, *, until: datetime = DUE) -> None:
        """Let the job run until then."""
        while self.clock.now < until:
            await process.lookahead.run()
            self.clock.now += STEP

    async def post(self, process: Process, channels: int = CHANNELS) -> list[datetime]:
        """Look at each channel, again after a while where that is refused; when each was done."""
        waiting, done = [f"C{number}" for number in range(channels)], []
        while waiting:
            places = await asyncio.gather(
                *(process.audiences.place(TEAM, each) for each in waiting), return_exceptions=True
            )
            assert all(isinstance(each, Audience | RateLimited) for each in places), places
            done += [self.clock.now] * sum(isinstance(each, Audience) for each in places)
            waiting = [c for c, p in zip(waiting, places, strict=True) if isinstance(p, Exception)]
            if waiting:
                self.clock.now += STEP
        return done


@pytest.fixture
async def here(sqlite_urls: MakeUrl, clock: FakeClock) -> AsyncIterator[Here]:
    async with Database(sqlite_urls()) as database, an_office(database, clock) as here:
        yield here


@asynccontextmanager
async def an_office(database: Database, clock: FakeClock) -> AsyncIterator[Here]:
    clock.now = DUE - timedelta(hours=2)
    slack, numbers = Slack(clock), itertools.count()
    async with company(database, clock) as acme:

        async def start() -> Process:
            people = People(database, catalogue_of(acme), slack, clock, ())
            leases = Leases(database, clock, f"process {next(numbers)}")
            account_types = AccountTypes(database, people, leases, clock)
            lookahead = Lookahead(subscriptions, slack, account_types, clock)
            return Process(lookahead, Audiences(slack, people, account_types, clock))

        subscriptions = Subscriptions(database, clock, lambda: f"s{next(numbers):04}")
        yield Here(slack, clock, start, subscriptions)


async def test_fifty_channels_are_posted_in_time_and_slack_is_asked_slowly(here: Here) -> None:
    await here.subscribe()
    process = await here.start()
    here.clock.now = DUE - AHEAD - timedelta(minutes=5)
    await here.look_ahead(process, until=DUE - AHEAD)
    assert here.slack.looks == []
    await here.look_ahead(process)
    assert len(here.slack.looks) == EVERYBODY  # one look serves all their channels
    assert sorted(here.slack.lists) == sorted(f"C{number}" for number in range(CHANNELS))
    assert here.slack.busiest_minute() <= 40
    here.clock.now = DUE + timedelta(minutes=10)
    assert set(await here.post(process)) == {here.clock.now}
    assert len(here.slack.looks) == EVERYBODY


async def test_without_that_they_are_posted_late_and_not_unseen(here: Here) -> None:
    """The bot was away until they were due."""
    await here.subscribe()
    here.clock.now = DUE
    done = await here.post(await here.start())
    assert len(done) == CHANNELS
    assert {user_id for _, user_id in here.slack.looks} == {f"U{n}" for n in range(EVERYBODY)}
    assert here.slack.busiest_minute() <= 80
    assert max(done) <= DUE + timedelta(minutes=6)


async def test_who_became_a_guest_after_that_look_is_known_an_hour_after_it(
    database: Database, clock: FakeClock
) -> None:
    async with an_office(database, clock) as here:
        await here.subscribe(1)
        process = await here.start()
        here.clock.now = BEGIN
        await here.look_ahead(process, until=BEGIN + timedelta(minutes=2))
        here.slack.account_type["U5"] = AccountType.GUEST
        here.clock.now = BEGIN + MAX_AGE - timedelta(seconds=1)
        assert (await process.audiences.place(TEAM, "C0")).guests == 0
        here.clock.now += timedelta(minutes=2)
        assert (await process.audiences.place(TEAM, "C0")).guests == 1


async def test_a_channel_that_cannot_be_seen_holds_up_no_other(here: Here) -> None:
    await here.subscribe(2)
    here.slack.broken.add("C0")
    here.clock.now = BEGIN
    await here.look_ahead(await here.start(), until=BEGIN + timedelta(minutes=5))
    assert here.slack.lists == ["C1"]
    assert len(here.slack.looks) == IN_EACH


async def test_a_dead_process_is_followed_by_another(here: Here) -> None:
    await here.subscribe(3)
    here.clock.now = BEGIN
    await (await here.start()).lookahead.run()
    begun = len(here.slack.looks)
    assert 0 < begun < IN_EACH
    await here.look_ahead(await here.start(), until=BEGIN + timedelta(minutes=10))
    assert len(here.slack.looks) == len({user_id for _, user_id in here.slack.looks}) > begun


async def test_what_is_not_posted_soon_is_not_looked_at(here: Here) -> None:
    await here.subscribe(3)
    first, second, third = await here.subscriptions.on()
    await here.subscriptions.pause(first.id)
    await here.subscriptions.snooze(second.id, DUE + timedelta(days=1))
    await here.subscriptions.remove(third.id)
    here.clock.now = DUE - timedelta(minutes=1)
    await (await here.start()).lookahead.run()
    assert (here.slack.lists, here.slack.looks) == ([], [])
