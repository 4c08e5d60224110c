"""How long the bot takes to start: until its help is shown, and until it listens."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import Series, Table, machine, ms
from tests.processes import bot_process
from tests.workspace import workspace_apart


async def measured(times: int) -> Table:
    """Start everything so many times; the medians and the worst."""
    found: dict[str, list[float]] = {
        "`--help`": [],
        "`run` until it listens, the schema being made": [],
        "`run` until it listens, as always afterwards": [],
    }
    for _ in range(times):
        began = time.perf_counter()
        help_ = (sys.executable, "-m", "bot", "--help")
        await asyncio.to_thread(subprocess.run, help_, stdout=subprocess.DEVNULL, check=True)
        found["`--help`"].append(time.perf_counter() - began)
        with tempfile.TemporaryDirectory(prefix="execbot-start-") as name:
            folder = Path(name)
            async with workspace_apart(folder) as place:
                for label in list(found)[1:]:
                    began = time.perf_counter()
                    async with bot_process(place.variables, folder, forked=False) as bot:
                        found[label].append(time.perf_counter() - began)
                        await bot.stop()
    rows = tuple((label, ms(Series(took).median), ms(max(took))) for label, took in found.items())
    return Table("Time to start `python -m bot`", ("", "median ms", "worst ms"), rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    print(machine(), asyncio.run(measured(parser.parse_args().times)), sep="\n\n")


if __name__ == "__main__":
    main()
