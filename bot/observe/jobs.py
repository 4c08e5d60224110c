"""The edge of what nobody waits for: whatever goes wrong there, the process goes on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.errors import BotError, StorageError
from bot.observe.logs import unforeseen

log = logging.getLogger(__name__)

Action = Callable[[], Awaitable[None]]


async def guarded(what: str, job: Action) -> str | None:
    """Do a job and log what goes wrong in it, called `what`; the log's reference to that if nobody
    foresaw it."""
    try:
        await job()
    except StorageError as error:
        # While the database is away, every job finds that out every few seconds.
        log.warning("%s: %s", what, type(error).__name__, extra={"seldom": "no database"})
    except BotError as error:
        log.warning("%s: %s", what, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the edge
        return unforeseen(log, error, what)
    return None
