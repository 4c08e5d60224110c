"""How long each report takes: `python -m tests.bench.reports [--sessions 3000 40000]`.

The median time of figures and message, of a group and of everybody, over 30 days, without Slack.
Nothing is cached for it. A company is that of `tests.bench.questions`.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from statistics import median
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker
from bot.answer import Request
from bot.app import open_app
from bot.language.query import Member
from bot.messages.render import Messages
from bot.reports.table import BY_WORD
from bot.settings import ExecSettings, load
from tests.bench.questions import NOW, fill

WHO = {"a group": "group:t3", "everybody": ""}
REPORTS = (
    "sessions",
    "team",
    "leaderboard",
    "leaderboard by lift",
    "inactive",
    "trend",
    "progress",
    "scenarios",
    "assignments",
)
OF_ONE = ("session last m7@acme.com", "prep m7@acme.com", "progress m7@acme.com last 30d")
TIMES = 5


def questions() -> list[str]:
    """The questions, as people type them."""
    found = []
    for whose in WHO.values():
        for report in REPORTS:
            name, _, more = report.partition(" ")
            period = "" if name == "assignments" else "last 30d"
            found.append(" ".join(filter(None, (name, whose, period, more))))
    return [*found, "compare group:t1 vs group:t2 last 30d", *OF_ONE]


async def measure(url: str) -> dict[str, float]:
    """The median time of each question, in ms."""
    settings = load(
        ExecSettings, EXEC_API_KEY="exec_live_" + "a" * 40, DATABASE_URL=url, EXECBOT_ADMINS=""
    )
    messages = Messages()
    async with open_app(settings, clock=lambda: NOW) as core:
        admin = Member("m0", "m0@acme.com", "Person 0", "admin")
        zone = ZoneInfo("America/New_York")
        asker = Asker("T", "U", "Person 0", admin.email, AccountType.FULL, zone, admin)
        took = {}
        for words in questions():
            report, _, text = words.partition(" ")
            times = []
            for _ in range(TIMES):
                began = time.perf_counter()
                answered = await core.answerer.answer(Request(asker), BY_WORD[report], text)
                messages.message(answered)
                times.append((time.perf_counter() - began) * 1000)
            took[words] = median(times)
        return took


async def run(sessions: int) -> dict[str, float]:
    """The times with so many sessions stored."""
    with tempfile.TemporaryDirectory(prefix="execbot-bench-") as folder:
        url = f"sqlite:///{folder}/bot.db"
        await fill(url, sessions)
        return await measure(url)


def main() -> None:
    """Print a line for each question."""
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--sessions", type=int, nargs="+", default=[3_000, 40_000])
    sizes = reads.parse_args().sessions
    found = [asyncio.run(run(size)) for size in sizes]
    print("ms with", ", ".join(f"{size:,}" for size in sizes), "sessions")
    for words in found[0]:
        print(f"{words:50}", *(f"{each[words]:6.0f}" for each in found))


if __name__ == "__main__":
    main()
