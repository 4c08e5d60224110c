"""How long the bot takes to start: until its help is shown, and until `/healthz` says it is up."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import processes
from tests.bench.figures import Series, Table, machine, ms

TIMES = 5
PEOPLE, SESSIONS = 64, 2_000


async def measured(times: int = TIMES) -> Table:
    """Start everything `times` times; the medians and the worst."""
    helped = Series(tuple([await _seconds(processes.shown("--help")) for _ in range(times)]))
    first, later = [], []
    async with processes.standins(
        datetime.now(UTC).replace(microsecond=0), PEOPLE, SESSIONS
    ) as where:
        for _ in range(times):
            with tempfile.TemporaryDirectory(prefix="execbot-start-") as folder:
                first.append(await _seconds(processes.bot(where, Path(folder))))
                later.append(await _seconds(processes.bot(where, Path(folder))))
    found = {
        "`--help`": helped,
        "`run` until `/healthz`, the schema being made": Series(tuple(first)),
        "`run` until `/healthz`, as always afterwards": Series(tuple(later)),
    }
    rows = tuple((label, ms(each.median), ms(each.most)) for label, each in found.items())
    return Table("Time to start `python -m bot`", ("", "median ms", "worst ms"), rows)


async def _seconds(starting: AbstractAsyncContextManager[object]) -> float:
    began = time.perf_counter()
    async with starting:
        return time.perf_counter() - began


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--markdown", action="store_true", help="a table for docs/measurements.md")
    options = parser.parse_args()
    facts, table = machine(), asyncio.run(measured(options.times))
    print(facts, table.markdown() if options.markdown else table.plain(), sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
