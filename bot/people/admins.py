"""Who looks after the bot: told of what nobody else can mend."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import RateLimited, SlackError, Unreached, Unsure
from bot.slack.web import SlackWeb

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Admins:
    """`named` are the e-mail addresses that the operator gave, `listed` gives those of Exec's
    admins as last known."""

    named: tuple[str, ...]
    listed: Callable[[], Awaitable[tuple[str, ...]]]
    slack: SlackWeb

    async def accounts(self) -> tuple[str, ...]:
        """Their Slack user ids, of those who have an account that is switched on.

        Raises SlackError where Slack may tell it another time, and StorageError.
        """
        found = []
        # As `Asker.is_admin` has it; only those of Exec can make a new key there.
        for email in dict.fromkeys((*self.named, *await self.listed())):
            try:
                found.append(await self.slack.user_by_email(email))
            except (RateLimited, Unreached, Unsure):
                raise
            except SlackError as error:
                log.warning("an admin's account can't be looked up: %s", error.code)
        return tuple(user_id for user_id in found if user_id is not None)
