"""Which modules of the bot one answer and one digest pass through, and in how many calls.

`python -m tests.bench.traced` prints it as JSON. `tests.bench.house` runs it once for each commit,
in a folder of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from bot.sandbox.demo import Demo, demo

# A Friday, and 9:00 on the Monday after it in the admin's time zone.
FRIDAY = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
ADMIN, ZONE, CHANNEL = "ana@acme.com", "Europe/Berlin", "west-coast"
QUESTION = "sessions @jane last 7d gold"
GROUP = 'sessions group:"West Coast" last 7d'
SUBSCRIBE = 'digest "West Coast" every monday 9:00'
TIMES = 3
SETTLE_SECONDS = 0.5  # for what the bot does after its answer


@dataclass(slots=True)
class Trace:
    """The calls of each module, in the order in which the modules were first entered.

    `moves` is how often a call led to another module than the one before it in the same thread.
    """

    calls: dict[str, int] = field(default_factory=dict)
    moves: int = 0


class Recorder:
    """Counts calls of functions that are written in `bot`, without the sandbox, in all threads."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._last: dict[int, str] = {}

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
        self._trace = trace = Trace()
        try:
            yield trace
        finally:
            self._trace = None

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        trace = self._trace
        if trace is None or event != "call":
            return
        module: str = frame.f_globals.get("__name__", "")
        if not module.startswith("bot.") or module.startswith("bot.sandbox"):
            return
        if frame.f_code.co_filename == "<string>" or frame.f_code.co_name == "<module>":
            return  # what dataclasses generate, and imports, which happen once
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
    """What is called for an answer that was given once before, and for a Monday's first digest.

    For the digest, the bot looks at Exec once more; it knows who is in the group.
    """
    recorder, clock = Recorder(), Clock()
    with recorder.watching():
        async with demo(page=False, clock=clock, by_clock=False) as here:
            return await _traced(here, recorder, clock)


async def _traced(here: Demo, recorder: Recorder, clock: Clock) -> dict[str, Trace]:
    for user in here.slack.team.users.values():
        user.tz = ZONE
    for text in (QUESTION, GROUP, SUBSCRIBE):
        await ask(here, text)
    answers = []
    for _ in range(TIMES):
        with recorder.recording() as answer:
            await ask(here, QUESTION)
        answers.append(answer)
    clock.now = MONDAY
    with recorder.recording() as digest:
        await deliver(here)
    # On a busy machine the bot says "Looking…" first, which takes more calls.
    return {"answer": min(answers, key=lambda each: sum(each.calls.values())), "digest": digest}


async def ask(here: Demo, text: str) -> None:
    """Type `/exec text` as an admin, and wait until it is answered. Raises TimeoutError."""
    user = here.slack.team.user_called(ADMIN).id
    channel = here.slack.team.channel_called(CHANNEL).id
    after: Any = await here.slack.command(user, channel, "/exec", text)
    while True:
        message = await here.slack.wait_for_message(user, channel, after=after, timeout=30)
        if not message.text.startswith("Looking…"):
            break
        after = message
    await asyncio.sleep(SETTLE_SECONDS)


async def deliver(here: Demo) -> None:
    """Let the bot send what is due. Raises RuntimeError where that is not one message."""
    before = len(here.slack.messages)
    await here.bot.delivering.run_due()
    sent = len(here.slack.messages) - before
    if sent != 1:
        raise RuntimeError(f"{sent} messages were sent, not the one digest")


def main() -> int:
    """Trace and print."""
    found = asyncio.run(traced())
    print(json.dumps({name: asdict(trace) for name, trace in found.items()}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
