"""A question and a group's week, with 10,000 and with 1,000,000 sessions in SQLite.

    python -m tests.bench.million

The tables are filled directly, with the sessions of one company at one pace: the 10,000 are the
last stretch of the million. Each case is asked in a process of its own, so that its memory is its
own; database, pipeline and rendering are the bot's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.answer import Request
from bot.app import Core
from bot.mirror.stretches import Stretch
from bot.reports.table import SESSIONS
from bot.storage.database import Database
from tests.bench.company import DAY, HOUR, MINUTE, Company, admins_of, instant_of, quiet_company
from tests.bench.figures import Series, Table, machine, ms
from tests.bench.simulated import TEAM, Clock, InsideExec, core_of, hold, slack_id
from tests.bench.week import quiet

NOW = datetime(2026, 3, 20, 15, tzinfo=UTC)
SEED = 7
A_WEEK = 10_000
FEW, MANY = 10_000, 1_000_000
GROUP_SIZE = 200
RUNS = 60
PAGE = 99
# Goals: milliseconds, times, megabytes.
LONGEST, RATIO, MEMORY = 50, 3, 300


@dataclass(frozen=True, slots=True)
class Case:
    """How many sessions are held, and whether they were read in the stretches of daily use."""

    sessions: int
    in_stretches: bool

    @property
    def label(self) -> str:
        return f"{self.sessions:,}" + (", in stretches" if self.in_stretches else "")


def company_of() -> Company:
    """5,000 people; the first group has GROUP_SIZE of them."""
    company = quiet_company(NOW, SEED)
    first, *_ = company.world.groups
    people = [each.id for each in company.world.members.values() if not each.is_system]
    company.world.rosters[first] = set(people[:GROUP_SIZE])
    return company


def sessions_of(company: Company, count: int) -> Iterator[dict[str, Any]]:
    """The last `count` sessions of a company that has A_WEEK of them each week, newest first."""
    rng = random.Random(SEED)
    people, scenarios = list(company.world.members), list(company.world.scenarios)
    latest, step = instant_of(NOW) - HOUR, 7 * DAY // A_WEEK
    for number in range(count):
        score = round(rng.uniform(40, 100), 1)
        yield {
            "id": f"{number:012x}",
            "created_at": latest - number * step,
            "user_id": rng.choice(people),
            "scenario_id": rng.choice(scenarios),
            "is_system": False,
            "score": score,
            "rank": "gold" if score > 90 else "silver",
            "duration_seconds": rng.randrange(60, 900),
            "is_valid_attempt": True,
        }


def stretches_of(case: Case) -> list[Stretch]:
    """Everything, up to now. In stretches: as looks every two minutes leave the last two days, and
    pages of settling and re-reading what is older."""
    now, step = instant_of(NOW), 7 * DAY // A_WEEK
    if not case.in_stretches:
        return [Stretch(0, now - 1, now)]
    recent = range(now - 2 * DAY, now - 1, 2 * MINUTE)
    pages = range(now - case.sessions * step, recent[0], PAGE * step)
    edges = [0, *pages, *recent, now - 1]
    # No neighbours were looked at at the same moment.
    return [Stretch(a, b, now - n % 2) for n, (a, b) in enumerate(pairwise(edges))]


async def filled(case: Case, url: str) -> None:
    company = company_of()
    async with Database(url) as database:
        await database.upgrade()
        rows = sessions_of(company, case.sessions)
        await hold(database, company.world, rows, stretches_of(case))


async def asked(url: str) -> dict[str, Any]:
    """Seconds of each question, and of drawing its answer; peak memory in MB."""
    company, clock = company_of(), Clock(instant_of(NOW))
    inside = InsideExec(company, clock)
    found: dict[str, Any] = {"took": {}}
    async with core_of(inside, url, in_place=False) as core:
        admin = slack_id(admins_of(company.world)[0].number)
        newest = next(sessions_of(company, 1))
        rep = slack_id(company.world.people[newest["user_id"]].number)
        for label, words in (
            ("/exec sessions @user last 7d", f"<@{rep}> last 7d"),
            (f"the week of {GROUP_SIZE} people", 'group:"Team 01" last 7d'),
        ):
            await _once(core, admin, words)
            # Names and rosters are held now, and no time passes.
            before = len(inside.asked)
            runs = [await _once(core, admin, words) for _ in range(RUNS)]
            if len(inside.asked) != before:
                raise RuntimeError("a covered question asked Exec")
            found["took"][label] = runs
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


async def _once(core: Core, user: str, words: str) -> tuple[float, float, int]:
    """Seconds to the view, and to the message; how many sessions were counted."""
    started = time.perf_counter()
    asker = await core.people.asker(TEAM, user)
    view = await core.answerer.answer(Request(asker, "", False, quiet), SESSIONS, words)
    seen = time.perf_counter()
    if view.cost is not None:
        raise RuntimeError("not everything was held")
    core.messages.draw(view)
    return seen - started, time.perf_counter() - started, view.found.total


def _child(*arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.million", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout


def measured(many: int) -> Table:
    """The cases beside each other."""
    cases = (Case(FEW, False), Case(many, False), Case(many, True))
    found: dict[Case, dict[str, Any]] = {}
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="execbot-million-") as folder:
            url = f"sqlite:///{Path(folder) / 'million.db'}"
            form = json.dumps([case.sessions, case.in_stretches])
            _child("--fill", form, url)
            found[case] = json.loads(_child("--ask", url))
    rows = []
    few = found[cases[0]]
    for case, seen in found.items():
        for label, runs in seen["took"].items():
            views, messages = (Series([run[n] for run in runs]) for n in range(2))
            base = Series([run[0] for run in few["took"][label]])
            shown = (ms(views.median), ms(views.p95), ms(messages.median))
            times = f"{views.median / base.median:.2f} ×"
            memory = f"{seen['memory']:.0f}"
            rows.append((f"{label}, {case.label}", str(runs[0][2]), *shown, times, memory))
    heads = ("held in SQLite", "sessions", "median ms", "p95 ms", "drawn too", "÷ 10,000", "MB")
    title = f"Covered questions (goals: < {LONGEST} ms, ≤ {RATIO} ×, < {MEMORY} MB)"
    return Table(title, heads, tuple(rows))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million", description=__doc__)
    parser.add_argument("--sessions", type=int, default=MANY)
    parser.add_argument("--fill", nargs=2, metavar=("CASE", "URL"), help=argparse.SUPPRESS)
    parser.add_argument("--ask", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        asyncio.run(filled(Case(*json.loads(options.fill[0])), options.fill[1]))
    elif options.ask:
        print(json.dumps(asyncio.run(asked(options.ask))))
    else:
        print(machine(), measured(options.sessions), sep="\n\n")


if __name__ == "__main__":
    main()
