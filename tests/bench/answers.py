"""How long a warm answer takes in Slack.

    python -m tests.bench.answers [--people 200]

Each report, from the moment its payload is sent until the whole answer is there; then fifty people
at once while Exec takes five seconds. The bot is a process of its own, the stand-ins are this one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import utc_now
from bot.reports.table import REPORTS
from bot.sandbox.demo import SEED
from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_workspace import Message
from bot.sandbox.world import World
from tests.bench.figures import Series, Table, machine, ms
from tests.processes import bot_process
from tests.workspace import Workspace, labels, offered, workspace_apart

ADMIN, REP = "ana@acme.com", "jane@acme.com"
GROUP = 'group:"West Coast"'
# Who asks what. Skills and a session's feedback are stored after the first time.
ASKED = {
    "sessions": (ADMIN, f"sessions {GROUP} last 30d"),
    "team": (ADMIN, f"team {GROUP}"),
    "leaderboard": (ADMIN, f"leaderboard {GROUP}"),
    "inactive": (ADMIN, f"inactive {GROUP}"),
    "streaks": (ADMIN, f"streaks {GROUP}"),
    "trend": (ADMIN, f"trend {GROUP} by week"),
    "progress": (ADMIN, f"progress {GROUP}"),
    "scenarios": (ADMIN, f"scenarios {GROUP}"),
    "skills": (ADMIN, "skills @jane skill:closing"),
    "session": (ADMIN, "session last @jane"),
    "assignments": (ADMIN, f"assignments {GROUP}"),
    "compare": (ADMIN, f'compare {GROUP} vs group:"East Coast"'),
    "prep": (ADMIN, "prep @jane"),
    "me": (REP, "me"),
}
WARM, TIMES = 3, 20
CROWD, STUCK = 50, 5.0
LOOKED = 61.0  # so many seconds after a look at new sessions a question asks Exec again
QUIET = 5.0  # a bot that asked nothing of Exec for so many seconds has nothing left to read
SESSIONS_OF_A_PERSON = 30
# Nothing here is about Exec's limits.
NO_LIMITS = {"EXEC_REQUESTS_PER_MINUTE": "10000", "EXEC_REQUESTS_PER_DAY": "1000000"}


async def ask(place: Workspace, who: str, text: str) -> tuple[float, float, Message]:
    """The seconds until the ack and until the answer, and the answer."""
    started = time.perf_counter()
    ack = await place.say(who, text)
    answer = await place.heard(who, after=ack, seconds=130)
    return ack.took, time.perf_counter() - started, answer


@asynccontextmanager
async def acquainted(people: int) -> AsyncIterator[Workspace]:
    """A bot that knows a company of so many people, and its past."""
    world = World.build(utc_now(), seed=SEED, people=people, sessions=people * SESSIONS_OF_A_PERSON)
    with tempfile.TemporaryDirectory(prefix="execbot-bench-") as name:
        folder = Path(name)
        async with workspace_apart(folder, world=world, per_minute=10_000, per_day=10**6) as place:
            variables = {**place.variables, **NO_LIMITS, "LOG_LEVEL": "INFO"}
            async with bot_process(variables, folder, forked=False) as bot:
                place.slack.request_url = f"{bot.url}/slack/events"
                for who in (ADMIN, *reps(place)[:CROWD]):
                    await ask(place, who, "help")
                before = -1
                while before != (before := len(place.exec.requests)):  # noqa: ASYNC110
                    await asyncio.sleep(QUIET)
                yield place


def reps(place: Workspace) -> list[str]:
    """The e-mail addresses of all who see their own practice only."""
    members = place.world.members.values()
    return [each.email for each in members if each.role == "member" and not each.is_system]


async def report(place: Workspace, name: str) -> tuple[str, ...]:
    """A row: its answers TIMES times, one by one."""
    who, text = ASKED[name]
    for _ in range(WARM):
        await ask(place, who, text)
    before = len(place.exec.requests)
    took = []
    for _ in range(TIMES):
        _, seconds, answer = await ask(place, who, text)
        if not labels(answer):
            raise RuntimeError(f"{text}: the bot said {answer.text!r}")
        took.append(seconds)
    answers = Series(took)
    requests = len(place.exec.requests) - before
    return (f"`{text}`", ms(answers.median), ms(answers.p95), str(requests))


async def crowd(place: Workspace) -> Table:
    """Everybody at once, about what is stored, while Exec is slow."""
    await asyncio.sleep(LOOKED)
    slow = Fault("slow", None, seconds=STUCK)
    place.exec.faults.append(slow)
    heard = await asyncio.gather(
        *(ask(place, who, "sessions last 30d") for who in reps(place)[:CROWD])
    )
    place.exec.faults.remove(slow)
    acks, answers = (Series([each[n] for each in heard]) for n in range(2))
    rows = (
        ("slowest ack", f"{ms(acks.most)} ms"),
        ("median answer", f"{answers.median:.2f} s"),
        ("slowest answer", f"{answers.most:.2f} s"),
        ("answered", f"{sum('Refresh' in offered(each[2]) for each in heard)} of {len(heard)}"),
    )
    title = f"{CROWD} reps ask `/exec sessions last 30d` at once while Exec takes {STUCK:.0f} s"
    return Table(title, ("", "seen"), rows)


async def measured(people: int) -> list[Table]:
    """Each report, and the crowd."""
    async with acquainted(people) as place:
        rows = []
        for name in ASKED:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            rows.append(await report(place, name))
        heads = ("", "median ms", "95 % ms", "Exec requests")
        title = f"Each report {TIMES} times, in a company of {people:,} people"
        return [Table(title, heads, tuple(rows)), await crowd(place)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.answers", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    options = parser.parse_args()
    missing = {each.name for each in REPORTS if each.asked} - ASKED.keys()
    if missing:
        parser.error(f"nothing is asked of {', '.join(sorted(missing))}")
    print(machine(), *asyncio.run(measured(options.people)), sep="\n\n")


if __name__ == "__main__":
    main()
