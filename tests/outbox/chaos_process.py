"""A process that delivers until it is killed."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import StorageError
from bot.messages.blocks import Message
from bot.outbox.deliver import Builders, Delivering
from bot.outbox.deliveries import Deliveries, Delivery
from bot.outbox.due import DueScanner
from bot.outbox.plans import TEAM, Subscription
from bot.outbox.reasons import NotSentReason
from bot.outbox.subscriptions import Subscriptions
from bot.slack.send import Sender
from bot.slack.web import SlackWeb, web_client
from bot.storage.database import Database
from bot.storage.leases import TRIES, Leader, Leases
from bot.storage.server_clock import ServerClock
from tests.deliveries import TOKEN, british

EVERY = 0.3


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return secrets.token_urlsafe(15)


async def check_rights(_one: Subscription, _due: Delivery) -> NotSentReason | None:
    return None


async def build(one: Subscription, due: Delivery) -> Any:
    return Message(f"{one.id} {due.occurrence}", [])


async def notify(_one: Subscription, due: Delivery) -> Any:
    return Message(f"not sent: {due.why}", [])


def as_it_is(made: Any) -> Message:
    assert isinstance(made, Message)
    return made


async def nobody() -> tuple[str, ...]:
    return ()


async def zone_of(_team_id: str, _user_id: str) -> str | None:
    return None


async def keep_the_lead(leader: Leader, every: float) -> None:
    """As `bot/serve.py` does, whatever takes long meanwhile."""
    while True:
        with suppress(StorageError):
            await leader.leads()
        await asyncio.sleep(every)


async def run(url: str, api_url: str, lead: float, posting: float, ahead: float) -> None:
    client = web_client(TOKEN, api_url)
    client.timeout = posting / 4
    async with Database(url) as database:
        clock = ServerClock(database, lambda: now() + timedelta(seconds=ahead))
        while True:  # its first connection may be cut
            with suppress(StorageError):
                await clock.measure()
                break
        leader = Leader(Leases(database, clock, new_id()), clock, timedelta(seconds=lead))
        subscriptions = Subscriptions(database, clock, new_id)
        deliveries = Deliveries(database, clock, new_id, timedelta(seconds=posting))
        delivering = Delivering(
            leader=leader,
            scanner=DueScanner(subscriptions, deliveries, zone_of, clock),
            deliveries=deliveries,
            subscriptions=subscriptions,
            builders=Builders(
                check_rights, {TEAM: build}, build, notify, nobody, british, as_it_is
            ),
            sender=Sender(
                SlackWeb(client),
                asyncio.sleep,
                # As a quarter of a minute is to the minute after which a post is looked up.
                fresh_seconds=posting / 4,
                post_seconds=posting / 4,
            ),
            clock=clock,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_the_lead(leader, lead / TRIES))
            while True:
                with suppress(StorageError):
                    await delivering.run_due()
                await asyncio.sleep(EVERY)


def live(told: dict[str, Any]) -> None:
    """`told`: the database, Slack's address, for how many seconds it leads, after how many a post
    is looked up, and by how many the machine's clock is ahead."""
    asyncio.run(run(told["url"], told["api_url"], *told["seconds"], told["ahead"]))
