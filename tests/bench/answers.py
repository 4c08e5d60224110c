"""How long a warm answer takes in Slack, beside a bare Bolt app that does nothing but ack.

    python -m tests.bench.answers [--people 200] [--markdown]

Each report, from the moment its payload is sent until the whole answer is there; then fifty people
at once while Exec takes five seconds. Bot, bare app, stand-ins and this client are processes of
their own; each answer of the bot is followed by an ack of the bare app, so that both meet the same
noise. Bolt, left to itself, looks every 10 ms whether a listener has acked: most of the bare app's
time.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.reports.table import REPORTS
from tests.bench import processes
from tests.bench.figures import Series, Table, machine, ms
from tests.bench.payloads import ADMIN, REP, Json, Payloads, has_action, is_last
from tests.bench.wire import Inbox, Line, inbox, signed

GROUP = 'group:"West Coast"'
# Who asks what. Skills and a session's feedback are stored after the first time.
ASKED = {
    "sessions": (ADMIN, f"sessions {GROUP} last 30d"),
    "team": (ADMIN, f"team {GROUP}"),
    "leaderboard": (ADMIN, f"leaderboard {GROUP}"),
    "inactive": (ADMIN, f"inactive {GROUP}"),
    "streaks": (ADMIN, f"streaks {GROUP}"),
    "trend": (ADMIN, f"trend {GROUP} by week"),
    "progress": (ADMIN, f"progress {GROUP}"),
    "scenarios": (ADMIN, f"scenarios {GROUP}"),
    "skills": (ADMIN, "skills @jane skill:closing"),
    "session": (ADMIN, "session last @jane"),
    "assignments": (ADMIN, f"assignments {GROUP}"),
    "compare": (ADMIN, f'compare {GROUP} vs group:"East Coast"'),
    "prep": (ADMIN, "prep @jane"),
    "me": (REP, "me"),
}
WARM, TIMES = 3, 20
CROWD, STUCK = 50, 5.0
# Who asks first in a large company may wait for the next of Exec's minutes.
ANSWER_SECONDS = 130.0
# A bot that asked nothing of Exec for so long has nothing left to read.
QUIET = 20.0
SESSIONS_OF_A_PERSON = 30


@dataclass(frozen=True, slots=True)
class Heard:
    """What one payload got: seconds since it was sent, and the last message."""

    ack: float
    answer: float
    message: Json


@dataclass(frozen=True, slots=True)
class Talk:
    """Talks to the bot and to the bare app."""

    payloads: Payloads
    box: Inbox
    bot: processes.BotProcess
    line: Line
    bare: Line
    where: processes.Standins

    async def introduce(self) -> None:
        """Let the bot learn all names, and read the past."""
        for who in (ADMIN, *self.payloads.reps()[:CROWD]):
            await self.ask(who, "help")
        before = -1
        while before != (before := await self.where.exec_takes(0.0)):
            self.bot.new_minute()
            await asyncio.sleep(QUIET)

    async def ask(self, who: str, text: str) -> Heard:
        """`/exec text` to the bot, and what it says."""
        delivery, url = self.payloads.command(who, text)
        started, acked = await self.line.post(signed(delivery))
        arrival = await self.box.answer(url, is_last, ANSWER_SECONDS)
        return Heard(acked - started, arrival.at - started, arrival.message)

    async def ack(self, who: str) -> float:
        """The bare app's ack of the same command."""
        started, acked = await self.bare.post(signed(self.payloads.command(who, "me")[0]))
        return acked - started

    async def report(self, name: str) -> tuple[str, ...]:
        """A row: its answers TIMES times, one by one."""
        who, text = ASKED[name]
        heard, bare = [], []
        self.bot.new_minute()
        for _ in range(WARM):
            await self.ask(who, text)
        before = await self.where.exec_takes(0.0)
        for _ in range(TIMES):
            told = await self.ask(who, text)
            if not has_action(told.message, "me." if name == "me" else "sessions."):
                raise RuntimeError(f"{text}: the bot said {told.message.get('text')!r}")
            heard.append(told)
            bare.append(await self.ack(REP))
        requests = await self.where.exec_takes(0.0) - before
        answers, acks = Series.of(each.answer for each in heard), Series.of(bare)
        times = answers.median / acks.median
        shown = (ms(answers.median), ms(answers.p95), ms(acks.median), f"{times:.1f} ×")
        return (f"`{text}`", *shown, str(requests))

    async def crowd(self) -> Table:
        """Everybody at once, about what is stored, while Exec is slow."""
        people = self.payloads.reps()[:CROWD]
        await self.line.open(CROWD)
        await self.bare.open(CROWD)
        self.bot.new_minute()
        await self.where.exec_takes(STUCK)
        heard = await asyncio.gather(*(self.ask(who, "sessions") for who in people))
        await self.where.exec_takes(0.0)
        bare = Series.of(await asyncio.gather(*map(self.ack, people)))
        acks, answers = (Series.of(times) for times in zip(*map(_times, heard), strict=True))
        others = Counter(
            str(each.message.get("text"))[:60]
            for each in heard
            if not has_action(each.message, "sessions.")
        )
        rows = [
            ("slowest ack (of the bare app)", f"{ms(acks.most)} ms ({ms(bare.most)})"),
            ("median answer", f"{answers.median:.2f} s"),
            ("slowest answer", f"{answers.most:.2f} s"),
            ("answered with what was asked for", f"{CROWD - others.total()} of {CROWD}"),
            *((f"… with “{words}”", str(count)) for words, count in others.most_common(5)),
        ]
        title = f"{CROWD} reps ask `/exec sessions` at once while Exec takes {STUCK:.0f} s"
        return Table(title, ("", "seen"), tuple(rows))


def _times(heard: Heard) -> tuple[float, float]:
    return heard.ack, heard.answer


@asynccontextmanager
async def talking(people: int) -> AsyncIterator[Talk]:
    """All processes running, and the bot acquainted with a company of so many people."""
    moment = datetime.now(UTC).replace(microsecond=0)
    size = (people, people * SESSIONS_OF_A_PERSON)
    with tempfile.TemporaryDirectory(prefix="execbot-bench-") as folder:
        async with (
            inbox() as box,
            processes.standins(moment, *size) as where,
            processes.bare() as bare_port,
            processes.bot(replace(where, slack_url=f"{box.base_url}/api/"), Path(folder)) as bot,
        ):
            box.slack_url = where.slack_url
            payloads = Payloads(moment, box.base_url, *size)
            talk = Talk(payloads, box, bot, Line(bot.port), Line(bare_port), where)
            try:
                await talk.introduce()
                yield talk
            finally:
                await talk.line.close()
                await talk.bare.close()


async def measured(people: int) -> list[Table]:
    """Each report, and the crowd."""
    async with talking(people) as talk:
        rows = []
        for name in ASKED:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            rows.append(await talk.report(name))
        heads = ("", "median ms", "95 % ms", "bare ack ms", "÷ bare ack", "Exec requests")
        title = f"Each report {TIMES} times, in a company of {people:,} people"
        return [Table(title, heads, tuple(rows)), await talk.crowd()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.answers", description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="tables for docs/measurements.md")
    parser.add_argument("--people", type=int, default=200)
    options = parser.parse_args()
    missing = {report.name for report in REPORTS if report.asked} - ASKED.keys()
    if missing:
        parser.error(f"nothing is asked of {', '.join(sorted(missing))}")
    print(machine())
    for table in asyncio.run(measured(options.people)):
        print("\n" + (table.markdown() if options.markdown else table.plain()))


if __name__ == "__main__":
    main()
