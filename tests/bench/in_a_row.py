"""Three hundred questions in a row to a bot that has been running for a while, and their requests.

    python -m tests.bench.in_a_row [--every 1] [--seed 7] [--small 250]

The company, its questions and its Exec are those of the simulated week; so is the clock. Questions
about skills are left out: Exec is asked each of these directly, whatever is stored.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from bot.answer import Request
from bot.reports.table import SESSIONS
from tests.bench.company import HOUR, SECOND, company, instant_of
from tests.bench.figures import Table, machine
from tests.bench.mix import draw_questions, monday_figures
from tests.bench.simulated import TEAM, Clock, InsideExec, core_of, hold, rolled, row_of
from tests.bench.week import MONDAY, quiet

QUESTIONS = 300
MOST = 20


async def asked(every: float, seed: int, per_thousand: int) -> Table:
    """Ask them, `every` so many seconds."""
    here = company(MONDAY, 1, seed, per_thousand=per_thousand)
    clock = Clock(instant_of(MONDAY) + 12 * HOUR)
    here.advance(clock.now)
    inside = InsideExec(here, clock)
    cost: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="execbot-row-") as folder:
        async with core_of(inside, f"sqlite:///{Path(folder) / 'row.db'}") as core:
            past = [life for life in here.lives if life.at(clock.now) is not None]
            stretches = rolled([life.created for life in past], clock.now)
            rows = (row_of(here.world, life, clock.now) for life in past)
            await hold(core.database, here.world, rows, stretches)

            async def ask(asker_id: str, words: str) -> int:
                before = len(inside.asked)
                asker = await core.people.asker(TEAM, asker_id)
                await core.answerer.answer(Request(asker, "", False, quiet), SESSIONS, words)
                return len(inside.asked) - before

            # Lists, and who is in the groups, are read once a day; a group a minute here.
            for said in monday_figures(here):
                await ask(said.asker, said.words)
                clock.until(clock.now + 60 * SECOND)
            drawn = draw_questions(here, random.Random(seed + 1), 2 * QUESTIONS)
            for said in [each for each in drawn if each.kind != "skill"][:QUESTIONS]:
                cost[said.kind] += await ask(said.asker, said.words)
                cost[f"n {said.kind}"] += 1
                clock.until(clock.now + round(every * SECOND))
    kinds = sorted(kind for kind in cost if not kind.startswith("n "))
    lines = tuple((kind, str(cost[f"n {kind}"]), str(cost[kind])) for kind in kinds)
    total = sum(cost[kind] for kind in kinds)
    took = timedelta(seconds=round(every * QUESTIONS))
    return Table(
        f"{QUESTIONS} questions in {took} (goal: ≤ {MOST} requests)",
        ("questions", "n", "requests"),
        (*lines, ("all", str(QUESTIONS), str(total))),
    )


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.in_a_row", description=__doc__)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two questions")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--small", type=int, default=250, help="sessions, in thousandths")
    options = parser.parse_args()
    asking = asked(options.every, options.seed, options.small)
    print(machine(), asyncio.run(asking), sep="\n\n")


if __name__ == "__main__":
    main()
