"""Messages that are sent once, at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from bot.clock import Now
from bot.errors import SlackError
from bot.language.locale import written_for
from bot.messages.render import Messages, View
from bot.people.accounts import Accounts
from bot.scheduled.delivery import State, one_time
from bot.scheduled.outbox import Outbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notices:
    """Sends messages at once."""

    outbox: Outbox
    accounts: Accounts
    messages: Messages
    clock: Now

    async def send_once(self, team_id: str, place: str, view: View, **values: Any) -> State:
        """Send a message to an account or a channel now, once per id. Returns the state of its
        delivery.

        POSTING: Slack may have accepted it, which is looked up in a minute. FAILED: Slack hasn't.
        Raises StorageError.
        """
        try:
            with written_for(await self.accounts.locale(team_id, place)):
                message = self.messages.message(view)
            row = one_time(team_id, place, message, self.clock(), **values)
            return await self.outbox.send(row)
        except SlackError as error:
            log.warning("a message wasn't sent: %s", error.code)
            return State.FAILED
