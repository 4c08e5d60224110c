"""How fast an empty mirror fills, in real time, from an Exec that enforces 60 requests a minute.

python -m tests.bench.filling [--seconds 125]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import processes
from tests.bench.figures import Table, machine

SECONDS = 125.0  # two windows of a minute as the bot counts them, and a little


async def measured(seconds: float) -> Table:
    """Let the bot run beside an Exec it knows nothing of, and look what it does."""
    moment = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory(prefix="execbot-filling-") as folder:
        async with processes.standins(moment, limited=True) as where:
            began = time.monotonic()
            async with processes.bot(where, Path(folder)) as bot:
                before, started = bot.cpu_seconds(), time.monotonic()
                await asyncio.sleep(seconds - (started - began))
                used, lasted = bot.cpu_seconds() - before, time.monotonic() - started
                asked = await where.exec_takes(0.0)
                now, most = bot.memory()
    minutes = (time.monotonic() - began) / 60
    rows = (
        ("requests that Exec got", str(asked), ""),
        ("… a minute, with the first of each minute counted", f"{asked / minutes:.0f}", "55"),
        ("processor time of the bot's process", f"{100 * used / lasted:.1f} % of a core", "< 20 %"),
        ("memory of the bot's process (at most)", f"{now:.0f} MB ({most:.0f})", "< 300 MB"),
    )
    return Table("Filling an empty mirror", ("", "seen", "goal"), rows)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.filling", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--markdown", action="store_true", help="tables for docs/measurements.md")
    options = parser.parse_args()
    table = asyncio.run(measured(options.seconds))
    print(machine(), table.markdown() if options.markdown else table.plain(), sep="\n\n")
    print("The background leaves 5 requests of each minute to people who ask.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
