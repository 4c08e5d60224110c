"""How long `python -m bot run` takes from its start until it answers.

python -m tests.bench.start
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.processes import bot_process
from tests.workspace import workspace_apart

TIMES = 5


async def main() -> None:
    """Print the median of several starts; the first one makes the schema, and is left out."""
    took = []
    with tempfile.TemporaryDirectory(prefix="execbot-start-") as name:
        folder = Path(name)
        async with workspace_apart(folder) as place:
            for _ in range(TIMES + 1):
                began = time.perf_counter()
                async with bot_process(place.variables, folder, forked=False) as bot:
                    took.append(time.perf_counter() - began)
                    await bot.stop()
    print(f"from the start until it answers, median of {TIMES}: {median(took[1:]):.1f} s")


if __name__ == "__main__":
    asyncio.run(main())
