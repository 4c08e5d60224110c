"""Which modules and functions of the bot five journeys pass through, and in how many calls: a warm
answer, a team's, *Next*, a direct message in plain words, and a digest.

    python -m tests.bench.house
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import CodeType, FrameType
from typing import Any

from bot.sandbox.demo import Demo, demo
from bot.sandbox.slack_workspace import Message
from tests.bench.figures import Table

# A Friday, and 9:00 on the Monday after it in the admin's time zone.
FRIDAY = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
ADMIN, ZONE, CHANNEL = "ana@acme.com", "Europe/Berlin", "west-coast"
QUESTION = "sessions @jane last 7d gold"
LISTING = "sessions everyone last 60d"
TEAM = 'team group:"West Coast"'
PLAIN = "how is west coast doing this month?"
SUBSCRIBE = 'digest "West Coast" every monday 9:00'
TIMES = 3
SETTLE_SECONDS = 0.5  # for what the bot does after its answer


@dataclass(slots=True)
class Trace:
    """The calls of each module, in the order in which the modules were first entered.

    `functions` is how many different ones were called. `moves` is how often a call led to another
    module than the one before it in the same thread.
    """

    calls: dict[str, int] = field(default_factory=dict)
    functions: int = 0
    moves: int = 0


class Recorder:
    """Counts calls of functions that are written in `bot`, without the sandbox, in all threads."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._last: dict[int, str] = {}
        self._codes: set[CodeType] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch this thread, and every thread that starts while this lasts."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    @contextmanager
    def recording(self) -> Iterator[Trace]:
        """Record while this lasts."""
        self._last.clear()
        self._codes.clear()
        self._trace = trace = Trace()
        try:
            yield trace
        finally:
            self._trace = None
            trace.functions = len(self._codes)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        trace = self._trace
        if trace is None or event != "call":
            return
        module: str = frame.f_globals.get("__name__", "")
        if not module.startswith("bot.") or module.startswith("bot.sandbox"):
            return
        if frame.f_code.co_filename == "<string>" or frame.f_code.co_name == "<module>":
            return  # what dataclasses generate, and imports, which happen once
        self._codes.add(frame.f_code)
        thread = threading.get_ident()
        trace.moves += self._last.get(thread, module) != module
        trace.calls[module] = trace.calls.get(module, 0) + 1
        self._last[thread] = module


class Clock:
    """The time of the bot and of Exec; it moves only when told."""

    def __init__(self) -> None:
        self.now = FRIDAY

    def __call__(self) -> datetime:
        return self.now


async def traced() -> dict[str, Trace]:
    """What is called for each journey; for answers and *Next* when asked before, with the least
    calls of several times, as a busy machine says "Looking…" first.

    For the digest, the bot looks at Exec once more; it knows who is in the group.
    """
    recorder, clock = Recorder(), Clock()
    with recorder.watching():
        async with demo(page=False, clock=clock, by_clock=False) as here:
            return await _traced(here, recorder, clock)


async def _traced(here: Demo, recorder: Recorder, clock: Clock) -> dict[str, Trace]:
    for user in here.slack.team.users.values():
        user.tz = ZONE
    for text in (QUESTION, TEAM, SUBSCRIBE):
        await ask(here, text)
    listing = await ask(here, LISTING)
    journeys: dict[str, Callable[[], Awaitable[object]]] = {
        "answer": lambda: ask(here, QUESTION),
        "team": lambda: ask(here, TEAM),
        "next": lambda: turn(here, listing),
        "message": lambda: write(here, PLAIN),
    }
    found: dict[str, Trace] = {}
    for name, journey in journeys.items():
        await journey()
        times = []
        for _ in range(TIMES):
            with recorder.recording() as trace:
                await journey()
            times.append(trace)
        found[name] = min(times, key=lambda each: sum(each.calls.values()))
    clock.now = MONDAY
    with recorder.recording() as found["digest"]:
        await deliver(here)
    return found


async def ask(here: Demo, text: str) -> Message:
    """Type `/exec text` as an admin; the answer. Raises TimeoutError."""
    user, channel = admin(here), here.slack.team.channel_called(CHANNEL).id
    ack = await here.slack.command(user, channel, "/exec", text)
    return await answered(here, user, channel, ack)


async def turn(here: Demo, listing: Message) -> None:
    """Press *Next* under an answer, and again from its second page on."""
    user, channel = admin(here), here.slack.team.channel_called(CHANNEL).id
    message = here.slack.message(listing.ts) or listing
    ack = await here.slack.click(user, message, "sessions.next")
    await answered(here, user, channel, ack)


async def write(here: Demo, text: str) -> None:
    """Write the bot a direct message as an admin, and wait until it is answered."""
    user = admin(here)
    channel = here.slack.team.dm_of(user).id
    ack = await here.slack.write(user, channel, text)
    await answered(here, user, channel, ack)


def admin(here: Demo) -> str:
    """The Slack id of who asks."""
    return here.slack.team.user_called(ADMIN).id


async def answered(here: Demo, user: str, channel: str, after: Any) -> Message:
    """The message that answers, once all is done that the bot does after it."""
    while True:
        message = await here.slack.wait_for_message(user, channel, after=after, timeout=30)
        if not message.text.startswith("Looking…"):
            break
        after = message
    await asyncio.sleep(SETTLE_SECONDS)
    return message


async def deliver(here: Demo) -> None:
    """Let the bot send what is due. Raises RuntimeError where that is not one message."""
    before = len(here.slack.messages)
    await here.bot.core.delivering.run_due()
    sent = len(here.slack.messages) - before
    if sent != 1:
        raise RuntimeError(f"{sent} messages were sent, not the one digest")


def main() -> None:
    """Trace and print."""
    rows = tuple(
        (name, *map(str, (len(each.calls), each.functions, sum(each.calls.values()), each.moves)))
        for name, each in asyncio.run(traced()).items()
    )
    heads = ("journey", "modules", "functions", "calls", "moves between modules")
    print(Table("What five journeys pass through, without the sandbox", heads, rows))


if __name__ == "__main__":
    main()
