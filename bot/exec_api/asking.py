"""One question to Exec: the budget, a deadline, retries, waiting for limits, sharing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx

from bot.errors import Broken, ExecError, Limited, Rejected, WorkspaceInactive, WrongKey
from bot.exec_api import wire
from bot.exec_api.budget import Budget
from bot.exec_api.flights import Flights, OnWait, Tell
from bot.exec_api.purposes import urgency_of, waits
from bot.exec_api.wire import Pairs

# Called for each attempt: the path (ids left out), the outcome in a word, the seconds it took.
Observe = Callable[[str, str, float], None]

ATTEMPTS = 3
# A 429 although our own count allowed the request: somebody else uses the key, or Exec counts
# otherwise. Asking on and on would spend the day's requests on refusals.
REFUSALS = 3
BACKOFF_SECONDS = (0.2, 0.8)
# Those who wait for the same moment set out over this long, not all at once.
SPREAD_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """A GET. `path` names it in logs; `url` and `parameters` may hold ids and e-mails."""

    path: str
    url: str
    parameters: Pairs = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object that answers, the requests it cost (0 when it was shared), and when the
    one that was answered left (aware)."""

    parsed: dict[str, Any]
    requests: int
    sent_at: datetime


class Asker:
    """Sends questions; `ExecClient` says what the arguments mean."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        budget: Budget,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        deadline: float,
        patience: float,
        observe: Observe | None,
    ) -> None:
        self._http = http
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._deadline = deadline
        self._patience = timedelta(seconds=patience)
        self._observe = observe
        self._flights: Flights[Answer] = Flights()

    async def ask(self, question: Question, purpose: str, on_wait: OnWait | None = None) -> Answer:
        """The answer to `question`; those who ask the same at once, as urgently, share it."""

        async def start(tell: Tell) -> Answer:
            return await self._ask(question, purpose, tell)

        # Not with the less urgent: those may have to wait for their share of the limits.
        aboard = (question, urgency_of(purpose))
        answer, started = await self._flights.join(aboard, start, on_wait)
        return answer if started else replace(answer, requests=0)

    async def _ask(self, question: Question, purpose: str, tell: Tell) -> Answer:
        latest = self._clock() + (self._patience if waits(purpose) else timedelta())
        left = self._deadline
        attempts = refusals = 0
        while True:
            limit = await self._take(purpose)
            if limit is None:
                attempts += 1
                sent_at = self._clock()
                answer, seconds = await self._attempt(question, left)
                left -= seconds
                if isinstance(answer, dict):
                    return Answer(answer, attempts, sent_at)
                if not isinstance(answer, Limited):
                    left -= await self._back_off(answer, attempts - refusals, left)
                    continue
                limit = answer
                refusals += 1
                await self._budget.block(limit.until)
            # Those who share it need not wait for the one who started it.
            if limit.is_personal or limit.until > latest or refusals >= REFUSALS:
                raise limit
            if left <= 0:
                raise Broken("timeout")
            await self._wait(limit.until, tell)

    async def _take(self, purpose: str) -> Limited | None:
        try:
            await self._budget.take(purpose)
        except Limited as limit:
            return limit
        return None

    async def _wait(self, until: datetime, tell: Tell) -> None:
        seconds = max(0.0, (until - self._clock()).total_seconds())
        spread = SPREAD_SECONDS * self._random()
        # Side by side: a notice that Slack is slow to take must not make the wait longer.
        await asyncio.gather(tell(until), self._sleep(seconds + spread))
        await tell(None)

    async def _back_off(self, error: ExecError, attempts: int, left: float) -> float:
        """Sleep before the next attempt; the seconds slept. Raises `error` if none is worth it."""
        shortest, longest = BACKOFF_SECONDS
        pause = shortest + (longest - shortest) * self._random()
        fast = isinstance(error, Broken) and error.kind != "timeout"
        if not fast or attempts >= ATTEMPTS or pause >= left:
            raise error
        await self._sleep(pause)
        return pause

    async def _attempt(
        self, question: Question, seconds: float
    ) -> tuple[dict[str, Any] | ExecError, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = await self._exchange(question, seconds)
        took = loop.time() - began
        outcome = _outcome(answer)
        if self._observe is not None:
            self._observe(question.path, outcome, took)
        level = logging.DEBUG if outcome == "ok" else logging.WARNING
        log.log(level, "exec %s: %s", question.path, outcome)
        return answer, took

    async def _exchange(self, question: Question, seconds: float) -> dict[str, Any] | ExecError:
        """The answer or what went wrong: as a value, so that no error of httpx, which holds the
        request with the key and the e-mails in it, is attached to ours as its context."""
        try:
            # httpx's own read time-out starts again with every chunk.
            async with asyncio.timeout(seconds):
                received = await self._receive(question)
        except TimeoutError:
            return Broken("timeout")
        if isinstance(received, ExecError):
            return received
        response, body = received
        try:
            return wire.decipher(response.status_code, response.headers, body, self._clock())
        except ExecError as error:
            return error

    async def _receive(self, question: Question) -> tuple[httpx.Response, bytes] | Broken:
        kind: Literal["body", "reset", "timeout"]
        cut: Literal["body", "reset"] = "reset"
        try:
            async with self._http.stream(
                "GET", question.url, params=list(question.parameters)
            ) as response:
                cut = "body"
                return response, await response.aread()
        except httpx.TimeoutException:
            kind = "timeout"
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            kind = cut
        except httpx.HTTPError:
            kind = "reset"
        return Broken(kind)


def _outcome(answer: dict[str, Any] | ExecError) -> str:
    match answer:
        case WrongKey():
            return "wrong_key"
        case WorkspaceInactive():
            return "workspace_inactive"
        case Limited():
            return "limited"
        case Rejected():
            return f"rejected_{answer.status}"
        case Broken():
            return f"broken_{answer.kind}"
        case _:
            return "ok"
