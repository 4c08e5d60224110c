"""Health checks, with cached results: checking Exec costs a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.errors import BotError, Limited, SlackError, StorageError, WorkspaceInactive, WrongKey

# Probes may come every few seconds, but checking Exec costs one of the day's requests: a good key
# is checked hourly, a bad one sooner, to notice when it is fixed. "answers" needs no request.
GOOD_FOR = {
    "database": timedelta(seconds=5),
    # Checking a file with a million sessions takes a second.
    "file": timedelta(minutes=1),
    "slack": timedelta(minutes=5),
    "exec": timedelta(hours=1),
    "answers": timedelta(),
}
BAD_FOR = {
    "database": timedelta(seconds=5),
    "file": timedelta(minutes=1),
    "slack": timedelta(seconds=30),
    "exec": timedelta(minutes=1),
    "answers": timedelta(),
}

# Probes give up after a few seconds.
CHECK_SECONDS = 4.0

Check = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class HealthState:
    """`checks` has "ok" or the kind of trouble by part, including warnings that don't affect
    `ready`."""

    ready: bool
    checks: dict[str, str]


class Health:
    """Runs the checks. `warnings` are parts in trouble that don't affect readiness."""

    def __init__(
        self,
        checks: dict[str, Check],
        clock: Callable[[], datetime],
        warnings: Callable[[], dict[str, str]],
    ) -> None:
        self._checks = checks
        self._warnings = warnings
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._checking = asyncio.Lock()
        self._running: set[asyncio.Task[str]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Cancel running checks while the database is still open."""
        for check in self._running:
            check.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def state(self) -> HealthState:
        async with self._checking:
            results = await asyncio.gather(*(self._check(name) for name in self._checks))
        checks = dict(zip(self._checks, results, strict=True))
        return HealthState(all(result == "ok" for result in results), checks | self._warnings())

    async def _check(self, name: str) -> str:
        known = self._known.get(name)
        if known is not None:
            result, at = known
            lasts = GOOD_FOR[name] if result == "ok" else BAD_FOR[name]
            if self._clock() - at < lasts:
                return result
        result = await self._in_time(asyncio.create_task(_result(self._checks[name])))
        self._known[name] = (result, self._clock())
        return result

    async def _in_time(self, check: asyncio.Task[str]) -> str:
        """The result of a check. A slow one goes on in the background, because cancelling an open
        connection may take as long."""
        self._running.add(check)
        check.add_done_callback(self._running.discard)
        done, _ = await asyncio.wait({check}, timeout=CHECK_SECONDS)
        return check.result() if done else "no answer"


async def _result(check: Check) -> str:
    try:
        await check()
    except Limited:
        return "ok"  # a limit says nothing about the key
    except BotError as error:
        return _trouble(error)
    return "ok"


def _trouble(error: BotError) -> str:
    """The kind of trouble in a few words."""
    match error:
        case WrongKey():
            return "wrong key"
        case WorkspaceInactive():
            return "workspace inactive"
        case SlackError():
            return error.code
        case StorageError():
            return f"can't be used: {error}"
        case _:
            return f"broken: {error}"
