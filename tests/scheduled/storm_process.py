"""A process that delivers until it is killed, and sometimes stops between a mark and its post."""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import StorageError
from bot.messages.blocks import Message
from bot.scheduled import outbox
from bot.scheduled.delivery import Deliveries, Delivery, DeliveryKind, Reason
from bot.scheduled.outbox import Drawn, Outbox
from bot.scheduled.subscriptions import Subscriptions
from bot.slack.web import SlackWeb, web_client
from bot.storage.database import Database
from bot.storage.server_clock import ServerClock

TOKEN = "xoxb-test"
EVERY = 0.3


def now() -> datetime:
    return datetime.now(UTC)


def message_of(row: Delivery) -> Message:
    return Message(row.id, [])


async def draw(row: Delivery) -> Drawn:
    await asyncio.sleep(random.uniform(0, 0.2))
    facts = [["alert", row.id, "somebody"]] if row.kind is DeliveryKind.ALERT else [row.id]
    return message_of(row), facts


async def tell(_row: Delivery, _reason: Reason) -> None:
    """Failures are counted by their rows."""


def stop_between(post: Outbox, seconds: list[float]) -> None:
    """Stop this process for this long after about one mark in a hundred."""
    mark = post._mark

    async def mark_and_stop(row: Delivery, facts: list[Any] | None) -> Delivery | None:
        marked = await mark(row, facts)
        if marked is not None and random.random() < 0.01:
            wait, pid = random.choice(seconds), os.getpid()
            waking = ["sh", "-c", f"sleep {wait}; kill -CONT {pid}"]
            subprocess.Popen(waking)  # noqa: ASYNC220 - this process stops anyway
            os.kill(pid, signal.SIGSTOP)
        return marked

    post._mark = mark_and_stop  # type: ignore[method-assign]


async def nudge(post: Outbox, clock: ServerClock, person: str) -> None:
    """Send a nudge."""
    at, id_ = clock(), secrets.token_hex(12)
    row = Delivery(
        id_, DeliveryKind.NUDGE, "T1", "U1", person, at, at, message=Message(id_, []).body
    )
    await post.send(row)


async def run(url: str, api_url: str, scale: float, ahead: float, people: list[str]) -> None:
    """Deliver until killed, with times shortened by `scale` and a clock `ahead` by some seconds."""
    client = web_client(TOKEN, api_url)
    outbox.LOOK_UP_AFTER *= scale
    outbox.POST_WITHIN *= scale
    outbox.POST_SECONDS *= scale
    client.timeout = outbox.POST_SECONDS  # type: ignore[assignment]  # aiohttp takes a float
    async with Database(url) as db:
        clock = ServerClock(db, lambda: now() + timedelta(seconds=ahead))
        while True:  # its first connection may be cut
            with suppress(StorageError):
                await clock.measure()
                break
        post = Outbox(db, SlackWeb(client), clock, draw, tell)
        subscriptions = Subscriptions(db, Deliveries(db), clock)
        stop_between(post, [20 * scale, 75 * scale])
        while True:
            with suppress(StorageError):
                await subscriptions.begin_due()
                if random.random() < 0.2:
                    await nudge(post, clock, random.choice(people))
                await post.run()
            await asyncio.sleep(EVERY)


if __name__ == "__main__":
    asyncio.run(run(**json.loads(sys.argv[1])))
