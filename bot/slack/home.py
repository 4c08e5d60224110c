"""Publishes a person's Home tab."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.errors import Sentence, SlackError
from bot.messages.render import Messages, View, draft
from bot.observe.logs import new_reference
from bot.slack.web import SlackWeb

log = logging.getLogger(__name__)

# What Slack says of a view that it would refuse again.
REFUSED = frozenset({"invalid_arguments", "invalid_blocks", "view_too_large"})
UNDRAWN = Sentence(
    "I can't show this page just now. Ask me in Messages meanwhile; if it stays so, give the "
    "reference below to the person who runs me."
)


@dataclass(frozen=True, slots=True)
class HomeTabs:
    """Needs no database, so that its trouble can be told there, too."""

    slack: SlackWeb
    messages: Messages

    async def publish(self, user_id: str, view: View) -> None:
        """Show a view. What Slack does not take is logged, with a reference; where it would refuse
        it again, an apology stands there instead."""
        try:
            await self.slack.publish_home(user_id, self.messages.home(view))
        except SlackError as error:
            reference = new_reference()
            log.warning("a Home tab was not published: %s (reference %s)", error.code, reference)
            if error.code in REFUSED:
                await self._apologise(user_id, reference)

    async def _apologise(self, user_id: str, reference: str) -> None:
        apology = draft("problem", sentence=UNDRAWN, offers=(), reference=reference)
        try:
            await self.slack.publish_home(user_id, self.messages.home(apology))
        except SlackError as error:
            log.warning("nor was a plain one: %s (reference %s)", error.code, reference)
