"""Whether random questions are answered exactly as by Exec, after three days of storm.

    python -m tests.bench.random_filters [--count 2000] [--seed 1] [--database URL]

The database must be empty; without one it is a SQLite file that is removed afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.mirror.questions import asking, random_query
from tests.mirror.storm import after_a_storm

PEOPLE, SESSIONS, STEP = 60, 3_000, timedelta(minutes=20)


async def main(count: int, seed: int, url: str) -> None:
    """Print how many are equal, and what happened before."""
    chance, clock, began = Random(seed), FakeClock(), time.perf_counter()
    async with Database(url) as database:
        await database.upgrade()
        storm = after_a_storm(database, clock, chance, people=PEOPLE, sessions=SESSIONS, step=STEP)
        async with storm as (acme, seen), asking(acme, database) as ask:
            print("seen:", ", ".join(f"{count} {name}" for name, count in seen.seen.items()))
            raged, equal, rows = time.perf_counter(), 0, 0
            for _ in range(count):
                try:
                    rows += await ask.assert_same(random_query(acme.world, chance, clock()))
                    equal += 1
                except AssertionError as error:
                    print("not equal:", str(error).splitlines()[0])
    ended = time.perf_counter()
    print(
        f"{equal:,} of {count:,} questions equal, {rows / max(1, equal):.0f} sessions each: "
        f"{ended - raged:.0f} s after a storm of {raged - began:.0f} s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    logging.disable()
    with TemporaryDirectory() as folder:
        file = f"sqlite:///{Path(folder) / 'mirror.db'}"
        asyncio.run(main(asked.count, asked.seed, asked.database or file))
