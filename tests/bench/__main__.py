"""One run: everything measured, and printed as tables."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import filling, million, processes, start, week
from tests.bench.figures import BESIDE, Series, Table, alone, beside, machine, ms, us
from tests.bench.inside import parsing, rendering
from tests.bench.payloads import ADMIN, REP, Payloads
from tests.bench.talking import Case, Crowd, Talk
from tests.bench.wire import inbox

SELF = "sessions me last 7d"
CROWD = 50
SLOW = 0.15
STUCK = 5.0
NOTE = (
    "Bot, bare app, stand-ins and this client are processes of their own on 127.0.0.1; each "
    "measurement of the bot is followed by one of the bare app. The bot's account of Exec "
    "requests is emptied between batches, since otherwise its limit of 60 a minute would be "
    "what is measured. Bolt, left to itself, looks every 10 ms whether a listener has acked: most "
    "of the bare app's time."
)


@asynccontextmanager
async def talking(*size: int) -> AsyncIterator[tuple[Talk, Payloads]]:
    """All processes running, and the bot acquainted with everybody in a company of so many people
    and sessions."""
    moment = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory(prefix="execbot-bench-") as folder:
        async with (
            inbox() as box,
            processes.standins(moment, *size) as where,
            processes.bare() as bare_port,
            processes.bot(replace(where, slack_url=f"{box.base_url}/api/"), Path(folder)) as bot,
        ):
            box.slack_url = where.slack_url
            payloads = Payloads(moment, box.base_url, *size)
            talk = Talk(payloads, box, bot, bare_port, where)
            try:
                await talk.introduce()
                say("the bot reads the past")
                await talk.filled()
                yield talk, payloads
            finally:
                await talk.close()


async def acks(talk: Talk) -> tuple[Table, Series]:
    """Table 1, and the bare app's acks: the yardstick of what follows."""
    one = await talk.compare(talk.asking("one by one", REP, SELF, 200))
    many = await talk.crowd(SELF, CROWD, rounds=4)
    rows = (
        beside("one by one", one.acks, one.bare),
        beside(f"{CROWD} at once", many.acks, many.bare),
    )
    title = f"Time to ack a signed `/exec {SELF}`"
    return Table(title, ("", *BESIDE), rows), one.bare


async def cases(talk: Talk, payloads: Payloads) -> list[Case]:
    """What table 2 asks."""
    days = payloads.days_of_pages(5)
    return [
        talk.asking(f"self: {SELF}", REP, SELF, 40),
        talk.asking("a person: sessions @jane last 7d", ADMIN, "sessions @jane last 7d", 40),
        talk.asking(
            "a group: sessions group:… this week",
            ADMIN,
            'sessions group:"West Coast" this week',
            40,
        ),
        talk.asking(f"five pages: sessions last {days}d", ADMIN, f"sessions last {days}d", 10),
        talk.help_case(40),
        await talk.next_case("Next, below five pages", days, 40),
    ]


async def asked_anew(talk: Talk) -> list[Case]:
    """What table 3 asks: questions that Exec itself has to answer."""
    return [
        await talk.refresh_case(f"Refresh: {text}", who, text, 30)
        for who, text in ((REP, "sessions me last {days}d"), (ADMIN, "sessions @jane last {days}d"))
    ]


async def answers(talk: Talk, asked: list[Case], exec_takes: float) -> Table:
    """Tables 2 and 3: payload sent → whole answer received; the bare app only acks meanwhile."""
    rows = []
    for case in asked:
        found = await talk.compare(case, exec_takes)
        requests = f"{found.requests:.3g}"
        rows.append(beside(found.label, found.answers, found.bare, requests))
    how = f"by an Exec that takes {exec_takes * 1e3:.0f} ms" if exec_takes else "from what is held"
    title = f"Time to answer {how} (bare: its ack)"
    return Table(title, ("", *BESIDE, "Exec requests"), tuple(rows))


def parse_table(payloads: Payloads, bare: Series) -> Table:
    """Table 4."""
    rows = tuple(alone(f"`{q}`", took, bare, us, how) for q, how, took in parsing(payloads.world))
    heads = ("text after `sessions`", "", "median µs", "p95 µs", "÷ bare ack")
    return Table("Time to parse", heads, rows)


def render_table(bare: Series) -> Table:
    """Table 5."""
    rows = tuple(alone(label, took, bare, ms) for label, took in rendering())
    return Table("Time to render", ("", "median ms", "p95 ms", "÷ bare ack"), rows)


def load_table(load: Crowd) -> Table:
    """Table 6."""
    told = sum(load.others.values())
    rows = [
        ("slowest ack, bot", f"{ms(load.acks.most)} ms"),
        ("slowest ack, bare", f"{ms(load.bare.most)} ms"),
        ("median answer", f"{load.answers.median:.2f} s"),
        ("slowest answer", f"{load.answers.most:.2f} s"),
        ("answered", f"{load.good + told} of {CROWD}"),
        ("… with what was asked for", f"{load.good} of {CROWD}"),
        *((f"… with “{words[:60]}”", f"{count}") for words, count in load.others.most_common(5)),
    ]
    title = f"{CROWD} reps ask `/exec sessions` at once while Exec takes {STUCK:.0f} s"
    return Table(title, ("", ""), tuple(rows))


async def measured(*, short: bool) -> list[Table]:
    """All tables; `short` leaves out those that take minutes.

    SIGTERM ends it as Ctrl-C does: with all its processes.
    """
    if (task := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with talking() as (talk, payloads):
        say("acks")
        first, bare = await acks(talk)
        tables = [first]
        say("answers from what is held")
        tables.append(await answers(talk, await cases(talk, payloads), 0.0))
        say(f"answers that Exec gives, in {SLOW:g} s")
        tables.append(await answers(talk, await asked_anew(talk), SLOW))
        say("load")
        load = await talk.crowd("sessions", CROWD, exec_takes=STUCK)
    say("parsing and rendering")
    tables += [parse_table(payloads, bare), render_table(bare), load_table(load)]
    say("starts")
    tables.append(await start.measured())
    if short:
        return tables
    say("filling, in real time")
    tables.append(await filling.measured(filling.SECONDS))
    say("a million sessions")
    tables += (await asyncio.to_thread(million.measured))[0]
    say("the week")
    return tables + week.tables(await week.played())


def say(what: str) -> None:
    """What is going on, apart from the tables."""
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="tables for docs/measurements.md")
    parser.add_argument("--short", action="store_true", help="without what takes minutes")
    options = parser.parse_args()
    started, facts = time.monotonic(), machine()
    try:
        tables = asyncio.run(measured(short=options.short))
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("ended early, nothing to show")
        return 1
    if options.markdown:
        print("\n\n".join([f"{facts}.", *(table.markdown() for table in tables), NOTE]))
    else:
        print("\n\n".join([facts, *(table.plain() for table in tables), NOTE]))
    say(f"done in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
