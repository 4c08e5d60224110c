"""A key that Exec refuses: the admins are told once, whichever process finds out.

The claim of an incident and its messages, which the outbox delivers, are stored together. It ends
when Exec accepts the key again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from bot.env import Env
from bot.errors import SlackError
from bot.exec_api.status import ExecStatus, Failing, Trouble
from bot.features import Feature, ScheduledJob
from bot.language.dates import zone_name
from bot.language.locale import of_profile, written_for
from bot.messages.blocks import Message
from bot.messages.render import notice
from bot.messages.words import moment
from bot.outbox.deliveries import Deliveries
from bot.outbox.reasons import NotSentReason
from bot.slack.web import SlackWeb
from bot.storage.claims import FOREVER, Claims

log = logging.getLogger(__name__)

NAME = "exec_key"  # of the claim, and of the source of its messages
# If Exec refuses and accepts the key by turns, admins get at most one message an hour.
QUIET = timedelta(hours=1)
_MEANWHILE = (
    "Until then I answer from what I already hold, and say as of when it is true; whatever has to "
    "be asked of Exec waits. I write this once, and carry on as soon as Exec lets me in."
)
TEXTS = {
    Trouble.WRONG_KEY: (
        "Exec has not accepted my key since {since}. To mend it, make a new key in Exec under "
        f"*Settings › API*, set `EXEC_API_KEY` to it, and restart me. {_MEANWHILE}"
    ),
    Trouble.INACTIVE: (
        "Your Exec workspace has been inactive since {since}. To mend it, have an Exec admin "
        "reactivate it; or make a key of another workspace in Exec under *Settings › API*, set "
        f"`EXEC_API_KEY` to it, and restart me. {_MEANWHILE}"
    ),
}


@dataclass(slots=True)
class KeyAlarm:
    """`exec_status` is what this process heard of Exec; `admins` gives the Slack accounts of those
    to tell, and raises SlackError. All raise StorageError."""

    env: Env
    exec_status: ExecStatus
    claims: Claims
    deliveries: Deliveries
    slack: SlackWeb
    admins: Callable[[], Awaitable[tuple[str, ...]]]
    _is_over: bool = field(default=False, init=False)

    @property
    def feature(self) -> Feature:
        return Feature(jobs={"alarm": ScheduledJob(self.tell, 15)})

    async def tell(self) -> None:
        """Tell the admins, unless any process has."""
        failing = self.exec_status.failing
        if self.exec_status.is_well and not self._is_over:
            await self.deliveries.skip(NAME, NotSentReason.REMOVED)
            await self.claims.end(NAME, QUIET)
            self._is_over = True
        if failing is None or failing.trouble not in TEXTS:
            return
        self._is_over = False
        if await self.claims.is_claimed(NAME):
            return
        try:
            accounts = await self.admins()
        except SlackError as error:
            log.warning("the admins can't be looked up: %s", error.code)
            return
        messages = {account: await self._message(failing, account) for account in accounts}
        async with self.env.database.transaction() as connection:
            length = FOREVER if messages else QUIET
            if await self.claims.claim(NAME, length, connection):
                log.error("Exec refuses the key: %s", failing.trouble)
                await self.deliveries.alarm(connection, NAME, messages)

    async def _message(self, failing: Failing, account: str) -> Message:
        zone, locale = "UTC", self.env.locale
        with suppress(SlackError):
            user = await self.slack.user(account)
            zone, locale = user.tz, of_profile(user.locale, locale)
        with written_for(locale):
            since = f"{moment(failing.since, zone, self.env.clock())} ({zone_name(zone)})"
            return self.env.messages.message(notice(TEXTS[failing.trouble], since=since))
