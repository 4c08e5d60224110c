"""Runs work that nobody waits for, so that no error ends the process."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.errors import BotError, StorageError
from bot.observe.logs import log_unexpected

log = logging.getLogger(__name__)

Action = Callable[[], Awaitable[None]]


async def guarded(what: str, job: Action) -> str | None:
    """Run a job and log its error under the name `what`. Returns the reference of an unexpected
    error."""
    try:
        await job()
    except StorageError as error:
        # While the database is down, every job fails every few seconds.
        log.warning("%s: %s", what, type(error).__name__, extra={"once_a_minute": "no database"})
    except BotError as error:
        log.warning("%s: %s", what, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the edge
        return log_unexpected(log, error, what)
    return None
