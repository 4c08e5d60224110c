"""Whether the bot can answer. Results are kept for a while: a check of Exec costs a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.errors import BotError, Limited, SlackError, StorageError, WorkspaceInactive, WrongKey

# A probe may come every few seconds. A look at Exec costs one of the day's requests, so a good
# key is believed for an hour; a bad one is looked at again sooner, to notice when it is fixed.
# Whether Exec's answers could be read is known without asking.
GOOD_FOR = {
    "database": timedelta(seconds=5),
    # To look through a file of a million sessions takes a second.
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

# Probes themselves give up after a few seconds.
LOOK_SECONDS = 4.0

Check = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class HealthState:
    """`checks` says "ok" or the kind of trouble, by part; not each keeps the bot from working."""

    ready: bool
    checks: dict[str, str]


class Health:
    """`remarks` are further parts in trouble, which keep it from nothing."""

    def __init__(
        self,
        checks: dict[str, Check],
        clock: Callable[[], datetime],
        remarks: Callable[[], dict[str, str]],
    ) -> None:
        self._checks = checks
        self._remarks = remarks
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._looking = asyncio.Lock()
        self._looks: set[asyncio.Task[str]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """End what still looks, while there is a database to end it in."""
        for look in self._looks:
            look.cancel()
        await asyncio.gather(*self._looks, return_exceptions=True)

    async def state(self) -> HealthState:
        async with self._looking:
            results = await asyncio.gather(*(self._look(name) for name in self._checks))
        checks = dict(zip(self._checks, results, strict=True))
        return HealthState(all(result == "ok" for result in results), checks | self._remarks())

    async def _look(self, name: str) -> str:
        known = self._known.get(name)
        if known is not None:
            result, at = known
            lasts = GOOD_FOR[name] if result == "ok" else BAD_FOR[name]
            if self._clock() - at < lasts:
                return result
        result = await self._in_time(asyncio.create_task(_result(self._checks[name])))
        self._known[name] = (result, self._clock())
        return result

    async def _in_time(self, look: asyncio.Task[str]) -> str:
        """The result of a check. A slow one goes on in the background: to cancel it may take as
        long, as a connection is opened to the end."""
        self._looks.add(look)
        look.add_done_callback(self._looks.discard)
        done, _ = await asyncio.wait({look}, timeout=LOOK_SECONDS)
        return look.result() if done else "no answer"


async def _result(check: Check) -> str:
    try:
        await check()
    except Limited:
        return "ok"  # Exec knows the key; it has only had enough of us for now
    except BotError as error:
        return _trouble(error)
    return "ok"


def _trouble(error: BotError) -> str:
    """The kind of trouble in a few words, for whoever reads the probe."""
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
