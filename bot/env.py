"""What parts of the program need of the world around them: time, ids, the database, messages."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import utc_now
from bot.language.locale import DEFAULT, Locale
from bot.messages.render import Messages
from bot.storage.database import Database


def new_id() -> str:
    """An opaque id, too long to guess, that fits wherever Slack carries one."""
    return secrets.token_urlsafe(15)


@dataclass(frozen=True, slots=True)
class Env:
    """`command` is the slash command, such as "/exec"; `clock` gives aware moments in UTC; `locale`
    is the English of channels, and of readers whose own one is not known."""

    database: Database
    messages: Messages
    command: str
    clock: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = new_id
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    locale: Locale = DEFAULT
