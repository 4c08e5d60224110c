"""The most memory that the bot took for some answers, with few and with a million sessions stored.

    python -m tests.bench.memory

The company has 5,000 people, and the bot is a process of its own. Linux tells what it took.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.bench.answers import ADMIN, seconds
from tests.bench.past import acquainted

PEOPLE = 5_000
# Sessions, and the days in which they were.
COMPANIES = ((10_000, 7), (1_000_000, 700))
QUESTIONS = ("sessions @jane last 7d", 'sessions group:"New Hires" last 7d', "help")


def most_memory(pid: int) -> float:
    """The most that a process ever took, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


async def main() -> None:
    """Print a line for each company."""
    for sessions, days in COMPANIES:
        async with acquainted(PEOPLE, sessions, days) as (place, bot):
            took = [await seconds(place, ADMIN, question) for question in QUESTIONS]
            memory = most_memory(bot.process.pid)
        times = ", ".join(f"{each * 1000:.0f} ms" for each in took)
        print(f"memory with {sessions:,} sessions: {memory:.0f} MB (answers: {times})")


if __name__ == "__main__":
    asyncio.run(main())
