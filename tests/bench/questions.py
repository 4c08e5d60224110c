"""How long questions take with few and with a million stored sessions, and how much memory the bot
needs.

    python -m tests.bench.questions [--sessions 3000 40000 1000000] [--postgres URL]

Prints a line for each size. The sessions are written to the database directly. A question is timed
without Slack, from its words to the figures and the view.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import open_app
from bot.ask.answer import Request
from bot.language.query import Member
from bot.people.access import AccountType, Asker
from bot.reports.table import BY_WORD
from bot.settings import ExecSettings, load
from bot.storage.database import Database
from bot.storage.tables import metadata, to_ms

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
HISTORY = timedelta(days=400)
QUESTIONS = {
    "sessions of a person": "sessions m7@acme.com last 30d",
    "sessions of a group": "sessions group:t3 last 30d",
    "team of a group": "team group:t3 last 30d",
    "team of everybody": "team last 30d",
}
RANKS = ("gold", "silver", "bronze", "unranked")
TIMES, BATCH = 7, 20_000


def company(sessions: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of a company with this many sessions in 400 days: 200 for each person, in up to 300
    groups; 8% of the sessions are never graded."""
    rng = random.Random(7)
    people, teams = max(15, sessions // 200), max(5, min(300, sessions // 3000))
    rows: dict[str, list[dict[str, Any]]] = {
        "member": [
            {"id": f"m{n}", "email": f"m{n}@acme.com", "name": f"Person {n}", "role": "member"}
            | {"is_listed": True, "joined_at": NOW - HISTORY * 2, "assignments_at": NOW}
            for n in range(people)
        ],
        "team": [
            {"id": f"t{n}", "name": f"Team {n}", "members_at": NOW, "used_at": NOW}
            for n in range(teams)
        ],
        "team_member": [{"team_id": f"t{n % teams}", "member_id": f"m{n}"} for n in range(people)],
        "scenario": [
            {"id": f"s{n}", "name": f"Scenario {n}", "slug": f"s{n}", "is_listed": True}
            for n in range(25)
        ],
        "window": [
            {"name": name, "start_at": NOW - HISTORY, "end_at": NOW, "rows": 1}
            for name in ("sessions", "members", "groups", "scenarios", "bundles")
        ],
    }
    first, span = to_ms(NOW - HISTORY), HISTORY // timedelta(milliseconds=1)
    rows["session"] = [
        {
            "id": f"{n:x}",
            "created_at": first + rng.randrange(span),
            "member_id": f"m{rng.randrange(people)}",
            "scenario_id": f"s{rng.randrange(25)}",
            "is_staff": False,
            "is_valid": (graded := rng.random() > 0.08),
            "score": rng.randrange(30_000, 100_001) if graded else None,
            "rank": rng.choice(RANKS) if graded else None,
            "duration_ms": rng.randrange(60_000, 900_000),
        }
        for n in range(sessions)
    ]
    return rows


async def fill(url: str, sessions: int) -> None:
    """Write the company to an empty database."""
    async with Database(url) as database:
        await database.upgrade()
        for name, rows in company(sessions).items():
            for start in range(0, len(rows), BATCH):
                async with database.transaction() as connection:
                    some = rows[start : start + BATCH]
                    await connection.execute(sa.insert(metadata.tables[name]), some)
        if not database.is_sqlite:
            async with database.engine.connect() as connection:
                await connection.execute(sa.text("ANALYZE"))
                await connection.commit()


async def ask(url: str) -> dict[str, float]:
    """The time that startup and each question take, in ms."""
    settings = load(
        ExecSettings, EXEC_API_KEY="exec_live_" + "a" * 40, DATABASE_URL=url, EXECBOT_ADMINS=""
    )
    began = time.perf_counter()
    async with open_app(settings, clock=lambda: NOW) as core:
        took = {"start": (time.perf_counter() - began) * 1000}
        admin = Member("m0", "m0@acme.com", "Person 0", "admin")
        zone = ZoneInfo("America/New_York")
        asker = Asker("T", "U", "Person 0", admin.email, AccountType.FULL, zone, admin)
        for name, words in QUESTIONS.items():
            report, _, text = words.partition(" ")
            times = []
            for _ in range(TIMES):
                began = time.perf_counter()
                view = await core.ask.answerer.answer(Request(asker), BY_WORD[report], text)
                times.append((time.perf_counter() - began) * 1000)
                assert view.counted_since is None
            took[name] = median(times)
    return took


def most_memory() -> float:
    """The peak memory of this process, in MB."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(match[1]) / 1024 if match else 0.0


def main() -> None:
    """Measure each size in a process of its own, and print a line for each."""
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--sessions", type=int, nargs="+", default=[3_000, 40_000, 1_000_000])
    reads.add_argument("--postgres", metavar="URL", help="an empty database for each size: {n}")
    reads.add_argument("--ask", metavar="URL", help=argparse.SUPPRESS)
    options = reads.parse_args()
    if options.ask:
        took = asyncio.run(ask(options.ask))
        print(json.dumps(took | {"memory": most_memory()}))
        return
    for sessions in options.sessions:
        with tempfile.TemporaryDirectory(prefix="execbot-bench-") as folder:
            url = (options.postgres or f"sqlite:///{folder}/bot.db").format(n=sessions)
            asyncio.run(fill(url, sessions))
            asked = [sys.executable, "-m", "tests.bench.questions", "--ask", url]
            said = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
        took = json.loads(said)
        memory = took.pop("memory")
        times = ", ".join(f"{name} {value:.0f} ms" for name, value in took.items())
        print(f"{sessions:>9,} sessions: {times}; {memory:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
