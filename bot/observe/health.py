"""Health checks, with cached results: checking Exec costs a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.errors import BotError, Limited

# Probes may come every few seconds, but checking Exec costs one of the day's requests, and checking
# a file with a million sessions takes a second. Bad results last a minute, too.
GOOD_FOR = {"exec": timedelta(hours=1), "slack": timedelta(minutes=5)}
MINUTE = timedelta(minutes=1)
CHECK_SECONDS = 4.0  # probes give up after a few seconds

Check = Callable[[], Awaitable[object]]


class Health:
    """Runs the checks, each of which raises an error if its part is in trouble."""

    def __init__(self, checks: Mapping[str, Check], clock: Callable[[], datetime]) -> None:
        self._checks = checks
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._checking = asyncio.Lock()

    async def state(self) -> dict[str, str]:
        """ "ok" or the trouble of each part."""
        async with self._checking:
            return {name: await self._check(name) for name in self._checks}

    async def _check(self, name: str) -> str:
        known, until = self._known.get(name, ("", self._clock()))
        if self._clock() < until:
            return known
        result = "ok"
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._checks[name]()
        except TimeoutError:
            result = "no answer"
        except Limited:
            pass  # a limit says nothing about the key
        except BotError as error:
            result = f"{type(error).__name__} {error}".strip()
        lasts = GOOD_FOR.get(name, MINUTE) if result == "ok" else MINUTE
        self._known[name] = result, self._clock() + lasts
        return result
