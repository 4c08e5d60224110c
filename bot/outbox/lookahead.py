"""Before digests fall due: who is in their channels is looked at ahead of time, slowly, so that all
can be posted at once and none to a guest."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import SlackError
from bot.outbox.due import next_times
from bot.outbox.subscriptions import Subscriptions
from bot.people.account_types import AccountTypes
from bot.people.audience import MAX_PEOPLE
from bot.slack.api import Slack
from bot.slack.call import RateLimited

log = logging.getLogger(__name__)

# What is looked at then is still young enough a quarter of an hour after the digest is due.
AHEAD = timedelta(minutes=45)
# Less than half of what Slack allows: people and what is late already need the rest.
A_MINUTE = 40
CHANNELS_A_RUN = 5  # each takes two requests to Slack or more


@dataclass(frozen=True, slots=True, order=True)
class Coming:
    """A channel where something is posted at that moment (UTC)."""

    due: datetime
    team_id: str
    channel_id: str


@dataclass(slots=True)
class Lookahead:
    subscriptions: Subscriptions
    slack: Slack
    account_types: AccountTypes
    clock: Callable[[], datetime]
    # Who of a channel is still to be looked at.
    _left: dict[Coming, tuple[str, ...]] = field(default_factory=dict)

    async def run(self) -> None:
        """Go on with it, for a moment. Raises StorageError."""
        coming = await self._coming()
        self._left = {each: left for each, left in self._left.items() if each in coming}
        if not coming:
            return
        try:
            await self._go_on(coming)
        except SlackError as error:
            log.info("looking ahead waits: %s", error.code)

    async def _go_on(self, coming: list[Coming]) -> None:
        new = CHANNELS_A_RUN
        for each in coming:
            if each not in self._left:
                if not new:
                    return
                new -= 1
                self._left[each] = await self._people_in(each.channel_id)
            left = self._left[each]
            if left:
                since = each.due - AHEAD
                left = await self.account_types.look(each.team_id, left, since, A_MINUTE)
                self._left[each] = left
            if left:
                return

    async def _coming(self) -> list[Coming]:
        """Where something falls due soon, in that order."""
        now = self.clock()
        found = set()
        for one in await self.subscriptions.on():
            if one.is_personal:
                continue
            for due in next_times(one, now, 1):
                if due - now < AHEAD:
                    found.add(Coming(due, one.team_id, one.plan.place))
        return sorted(found)

    async def _people_in(self, channel_id: str) -> tuple[str, ...]:
        """Nobody where nothing is posted anyway: its owner hears why when it is due."""
        try:
            channel = await self.slack.channel(channel_id)
            if channel.shared or channel.people > MAX_PEOPLE:
                return ()
            return tuple([user_id async for user_id in self.slack.channel_members(channel_id)])
        except RateLimited:
            raise
        except SlackError:
            return ()
