"""Subscriptions, a ledger, a stand-in Slack, and processes that deliver while they live."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.messages.blocks import Message
from bot.outbox.deliver import Builders, Delivering
from bot.outbox.deliveries import LOOK_AFTER, PACE, Deliveries, Delivery, DeliveryKind, State
from bot.outbox.due import DueScanner
from bot.outbox.plans import TEAM, Plan, Subscription, team_ask
from bot.outbox.reasons import NotSentReason
from bot.outbox.subscriptions import Subscriptions
from bot.sandbox.slack_server import SlackServer
from bot.slack.send import POST_SECONDS, Sender
from bot.storage.database import Database
from bot.storage.leases import LEAD, Leader, Leases
from bot.storage.tables import delivery
from tests.conftest import FakeClock
from tests.deliveries import Life, Mortal, Sleep, a_slack, british, web

POST, HISTORY = "chat.postMessage", "conversations.history"
# From then on another process leads; and what it left behind half posted is looked up.
LEADER_DEAD, SENDER_DEAD = LEAD, LOOK_AFTER
numbers = itertools.count(1)


def as_it_is(made: Any) -> Message:
    """What is built here is a message already."""
    assert isinstance(made, Message)
    return made


def new_id() -> str:
    return f"id{next(numbers):06}"


@dataclass
class Outbox:
    """`made` is what building gives next, an error or a reason; `judged` the same for rights,
    `unknown` what looking up the admins (ada and bob) raises next."""

    slack: SlackServer
    database: Database
    clock: FakeClock
    made: list[Message | Exception | NotSentReason] = field(default_factory=list)
    judged: list[NotSentReason | Exception] = field(default_factory=list)
    unknown: list[Exception] = field(default_factory=list)
    built: list[tuple[str, DeliveryKind, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sleep = Sleep(self.clock)
        self.building = asyncio.Event()
        self.subscriptions = Subscriptions(self.database, self.clock, new_id)
        self.deliveries = Deliveries(self.database, self.clock, new_id)

    def channel(self, name: str = "sales") -> str:
        return self.slack.team.channel_called(name).id

    def add_channel(self, name: str) -> str:
        """A channel with everybody in it."""
        return self.slack.team.add_channel(name, list(self.slack.team.users)).id

    def user(self, who: str = "jane") -> str:
        return self.slack.team.user_called(who).id

    async def subscribe(
        self,
        schedule: str = "every monday 10:00",
        *,
        place: str | None = None,
        group_id: str = "west",
        who: str = "jane",
        zone: str = "UTC",
        ask: str = "",
    ) -> Subscription:
        plan = Plan(place or self.channel(), schedule, zone, ask or team_ask(group_id))
        return await self.subscriptions.keep("T1", self.user(who), plan)

    def process(
        self,
        life: Life | None = None,
        *,
        timeout: float = 5,
        post_seconds: float = POST_SECONDS,
        clock: Callable[[], datetime] | None = None,
        name: str = "",
    ) -> Delivering:
        """A process that delivers, while it lives.

        One without a name leads as the others without one do: so it needs not wait for the lead
        of one that died, and nothing but the rows keeps the two apart.
        """
        life = life or Life()
        clock = clock or self.clock
        leader = Leader(Leases(self.database, clock, name), clock)
        subscriptions = Subscriptions(self.database, clock, new_id)

        async def zone_of(_team_id: str, _user_id: str) -> str | None:
            return None

        async def check_rights(_one: Subscription, _delivery: Delivery) -> NotSentReason | None:
            life.step()
            found = self.judged.pop(0) if self.judged else None
            if isinstance(found, Exception):
                raise found
            return found

        async def build(one: Subscription, due: Delivery) -> Any:
            self.building.set()
            self.built.append((due.occurrence, due.kind, due.is_late(clock())))
            text = f"{one.plan.group_id or one.plan.ask} {due.occurrence}"
            made = self.made.pop(0) if self.made else Message(text, [])
            if isinstance(made, Exception):
                raise made
            return made

        async def admins() -> tuple[str, ...]:
            life.step()
            if self.unknown:
                raise self.unknown.pop(0)
            return self.user("ada"), self.user("bob")

        async def notify(one: Subscription, due: Delivery) -> Any:
            life.step()
            return Message(f"{'paused' if one.paused else 'not sent'}: {due.why}", [])

        return Delivering(
            leader=Mortal(leader, life),  # type: ignore[arg-type]
            scanner=DueScanner(
                subscriptions,
                Mortal(self.deliveries, life),
                zone_of,
                clock,  # type: ignore[arg-type]
            ),
            subscriptions=Mortal(subscriptions, life),  # type: ignore[arg-type]
            deliveries=Mortal(self.deliveries, life),  # type: ignore[arg-type]
            builders=Builders(
                check_rights, {TEAM: build}, build, notify, admins, british, as_it_is
            ),
            sender=Sender(
                Mortal(web(self.slack, timeout), life),  # type: ignore[arg-type]
                self.sleep,
                lambda: self.clock.now.timestamp(),
                post_seconds=post_seconds,
            ),
            clock=clock,
        )

    async def run(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass, and a healthy process deliver until there is nothing to do for now."""
        self.clock.now += after
        for turn in range(3):
            # A notice waits a second for what was sent to the same place; twice, to send nothing
            # anew.
            if turn < 2 or await self.waits():
                await self.process().run_due()
            self.clock.now += PACE

    async def posting(self) -> None:
        """Wait until a post has reached Slack, which may hold it."""
        while not any(each.method == POST for each in self.slack.calls):  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def waits(self) -> bool:
        return await self.database.count(delivery, delivery.c.state == State.DUE) > 0

    def said(self, name: str = "sales") -> list[str]:
        """The texts in a channel."""
        id_ = self.channel(name)
        return [message.text for message in self.slack.messages if message.channel == id_]

    async def states(self, kind: DeliveryKind = DeliveryKind.SCHEDULED) -> list[tuple[str, str]]:
        """The state of each delivery, and why."""
        query = (
            sa.select(delivery.c.state, delivery.c.why)
            .where(delivery.c.kind == kind)
            .order_by(delivery.c.at, delivery.c.created_at)
        )
        async with self.database.transaction(reads=True) as connection:
            return [(row.state, row.why) for row in await connection.execute(query)]


@asynccontextmanager
async def an_outbox(database: Database, clock: FakeClock) -> AsyncIterator[Outbox]:
    async with a_slack(clock) as slack:
        yield Outbox(slack, database, clock)


async def side_by_side(*processes: Delivering) -> None:
    """Let processes deliver at the same time."""
    await asyncio.gather(*(process.run_due() for process in processes))
