"""The bot asked over HTTP, the bare app beside it, in turns so that both meet the same noise."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.sandbox.slack_records import Delivery
from tests.bench.figures import Series
from tests.bench.payloads import ADMIN, REP, Json, Payloads, action_of, is_last
from tests.bench.processes import BotProcess, Standins
from tests.bench.wire import Arrival, Inbox, Line, signed

# Who asks first in a large company may wait for the next of Exec's minutes.
ANSWER_SECONDS = 130.0
WARM = 3
# A bot that asked nothing of Exec for so long has nothing left to read.
QUIET = 20.0
# Ten questions of five pages stay below the 60 requests of a minute.
BATCH = 10
# Of a large company no more people ask.
MOST_MET = 64
Make = Callable[[], tuple[Delivery, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A payload to send again and again; its answer holds an action that begins so."""

    label: str
    make: Make
    expects: str
    count: int


@dataclass(frozen=True, slots=True)
class Told:
    """What one payload got: times since it was sent, and the last message."""

    ack: float
    answer: float
    message: Json


@dataclass(frozen=True, slots=True)
class Compared:
    """The bot's figures of a case, the bare app's acks, and Exec requests per answer."""

    label: str
    acks: Series
    answers: Series
    bare: Series
    requests: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many payloads at once: how they fared, and the bare app's acks of as many."""

    acks: Series
    answers: Series
    bare: Series
    good: int
    others: Counter[str]


class Talk:
    """Talks to the bot and to the bare app."""

    def __init__(
        self, payloads: Payloads, box: Inbox, bot: BotProcess, bare_port: int, where: Standins
    ) -> None:
        self._payloads = payloads
        self._inbox = box
        self._bot = bot
        self._where = where
        self._line = Line(bot.port)
        self._bare = Line(bare_port)

    async def close(self) -> None:
        await self._line.close()
        await self._bare.close()

    async def introduce(self) -> None:
        """Let the bot learn all names: who asks, and what Exec holds."""
        for who in (ADMIN, *self._payloads.reps()[:MOST_MET]):
            await self.told(*self._payloads.command(who, "help"))
        self._bot.new_minute()
        await self.told(*self._payloads.command(ADMIN, 'sessions group:"West Coast" this week'))

    async def filled(self) -> None:
        """Wait until the bot has read the past, and asks Exec no more by itself."""
        before = -1
        while before != (before := await self._where.exec_takes(0.0)):
            self._bot.new_minute()
            await asyncio.sleep(QUIET)

    async def told(self, delivery: Delivery, url: str) -> Told:
        """Send one payload to the bot and wait for what it says."""
        started, acked = await self._line.post(signed(delivery))
        arrival = await self._inbox.answer(url, is_last, ANSWER_SECONDS)
        return Told(acked - started, arrival.at - started, arrival.message)

    async def compare(self, case: Case, exec_takes: float = 0.0) -> Compared:
        """A case so many times, one by one, each followed by an ack of the bare app."""
        await self._where.exec_takes(exec_takes)
        for _ in range(WARM):
            await self._expected(case)
            await self._yardstick()
        before = await self._where.exec_takes(exec_takes)
        told, bare = [], []
        for number in range(case.count):
            if number % BATCH == 0:
                self._bot.new_minute()
            told.append(await self._expected(case))
            bare.append(await self._yardstick())
        asked = await self._where.exec_takes(0.0) - before
        return Compared(
            case.label,
            Series(tuple(each.ack for each in told)),
            Series(tuple(each.answer for each in told)),
            Series(tuple(bare)),
            asked / case.count,
        )

    async def crowd(
        self, text: str, size: int, *, rounds: int = 1, exec_takes: float = 0.0
    ) -> Crowd:
        """`/exec text` from so many reps, each another, at the same moment."""
        acks: list[float] = []
        answers: list[float] = []
        bare: list[float] = []
        said: Counter[str] = Counter()
        await self._line.open(size)
        await self._bare.open(size)
        for _ in range(rounds):
            self._bot.new_minute()
            await self._where.exec_takes(exec_takes)
            for told in await self._together(text, size):
                acks.append(told.ack)
                answers.append(told.answer)
                said[_kind(told.message)] += 1
            await self._where.exec_takes(0.0)
            bare += await self._bare_together(text, size)
        good = said.pop("", 0)
        of_acks, of_answers, of_bare = (Series(tuple(each)) for each in (acks, answers, bare))
        return Crowd(of_acks, of_answers, of_bare, good, said)

    async def next_case(self, label: str, days: int, count: int) -> Case:
        """Pressing Next below a long answer."""
        first = await self.told(*self._payloads.command(ADMIN, f"sessions last {days}d"))

        def press() -> tuple[Delivery, str]:
            return self._payloads.press(ADMIN, first.message, "sessions.next")

        return Case(label, press, "sessions.previous", count)

    async def refresh_case(self, label: str, who: str, text: str, count: int) -> Case:
        """Pressing Refresh below the answer to `text` about some `days`: then Exec is asked,
        whatever is held. Each time about one day more: a question is refreshed once a minute."""
        asked = [text.format(days=number) for number in range(3, 3 + WARM + count)]
        answers = iter([await self.told(*self._payloads.command(who, each)) for each in asked])

        def press() -> tuple[Delivery, str]:
            return self._payloads.press(who, next(answers).message, "sessions.refresh")

        return Case(label, press, "sessions.", count)

    def asking(
        self, label: str, who: str, text: str, count: int, expects: str = "sessions."
    ) -> Case:
        """A question whose answer has rows or none, but is no refusal."""
        return Case(label, lambda: self._payloads.command(who, text), expects, count)

    def help_case(self, count: int) -> Case:
        return Case("help", lambda: self._payloads.command(REP, "help"), "query.", count)

    async def _expected(self, case: Case) -> Told:
        told = await self.told(*case.make())
        if action_of(told.message, case.expects) is None:
            raise RuntimeError(f"{case.label}: the bot said {told.message.get('text')!r}")
        return told

    async def _yardstick(self) -> float:
        delivery, _ = self._payloads.command(REP, "sessions me last 7d")
        started, acked = await self._bare.post(signed(delivery))
        return acked - started

    async def _together(self, text: str, size: int) -> list[Told]:
        made = [self._payloads.command(who, text) for who in self._payloads.reps()[:size]]
        posts = await asyncio.gather(*(self._line.post(each) for each in _all_signed(made)))
        waits = (self._inbox.answer(url, is_last, ANSWER_SECONDS) for _, url in made)
        arrivals: list[Arrival] = await asyncio.gather(*waits)
        return [
            Told(acked - started, arrival.at - started, arrival.message)
            for (started, acked), arrival in zip(posts, arrivals, strict=True)
        ]

    async def _bare_together(self, text: str, size: int) -> list[float]:
        made = [self._payloads.command(who, text) for who in self._payloads.reps()[:size]]
        posts = await asyncio.gather(*(self._bare.post(each) for each in _all_signed(made)))
        return [acked - started for started, acked in posts]


def _all_signed(made: Sequence[tuple[Delivery, str]]) -> list[bytes]:
    return [signed(delivery) for delivery, _ in made]


def _kind(message: Json) -> str:
    """Nothing for an answer to a question; the words of a refusal."""
    return "" if action_of(message, "sessions.") else str(message.get("text"))
