"""A key that Exec refuses: the admins are told once, whichever process finds out.

All processes share one key. A refusal is an incident unless Exec accepted the key from any of
them up to a minute before: a single process with an old key in its environment is none while
others work. An incident ends, without a word, when Exec accepts the key again. Nobody is told of
two within an hour. The outbox delivers what is told.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.env import Env
from bot.errors import Sentence, SlackError
from bot.exec_api.contact import Contact, Trouble
from bot.language.dates import zone_name
from bot.language.locale import of_profile, written_for
from bot.outbox.deliveries import Deliveries
from bot.outbox.incidents import Incident, Incidents
from bot.rendering.numbers import moment
from bot.rendering.views import Message, NoticeView
from bot.slack.api import Slack

log = logging.getLogger(__name__)

# Between two incidents that the same person is told of: one that comes and goes is one.
QUIET = timedelta(hours=1)
WELL_FOR = timedelta(minutes=1)
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


class Alarm:
    """`contact` is what this process heard of Exec; `admins` gives the Slack accounts of those to
    tell, and raises SlackError."""

    def __init__(
        self,
        env: Env,
        *,
        contact: Contact,
        incidents: Incidents,
        deliveries: Deliveries,
        slack: Slack,
        admins: Callable[[], Awaitable[tuple[str, ...]]],
    ) -> None:
        self._contact = contact
        self._incidents = incidents
        self._deliveries = deliveries
        self._slack = slack
        self._admins = admins
        self._messages = env.messages
        self._locale = env.locale
        self._clock = env.clock
        self._well_noted: datetime | None = None

    async def tell(self) -> None:
        """Let every admin know who was not told yet. Raises StorageError."""
        incident = await self._incidents.current()
        well_at = self._contact.well_at
        if well_at is not None and self._is_worth_noting(well_at, incident):
            await self._incidents.well(well_at)
            self._well_noted = well_at
            incident = await self._incidents.current()
        if incident is None:
            incident = await self._new_incident()
        if incident is None or not await self._incidents.is_to_tell(incident):
            return
        try:
            accounts = await self._admins()
        except SlackError as error:
            log.warning("the admins can't be looked up: %s", error.code)
            return
        for account in accounts:
            message = await self._message(incident, account)
            await self._deliveries.alarm(incident.id, account, message, QUIET)
        await self._incidents.told(incident)

    def _is_worth_noting(self, well_at: datetime, incident: Incident | None) -> bool:
        """Does it end an incident, or would others otherwise not know that all is well?"""
        if incident is not None and incident.since < well_at:
            return True
        return self._well_noted is None or well_at - self._well_noted >= WELL_FOR / 2

    async def _new_incident(self) -> Incident | None:
        refusal = self._contact.failing
        if refusal is None or refusal.trouble not in TEXTS:
            return None
        well_at = await self._incidents.last_well()
        if well_at is not None and refusal.last < well_at + WELL_FOR:
            return None
        log.error("Exec refuses the key: %s", refusal.trouble)
        # Where others were let in after our first refusal, it began later.
        began_before = well_at is not None and refusal.since <= well_at
        since = refusal.last if began_before else refusal.since
        return await self._incidents.open(refusal.trouble, since)

    async def _message(self, incident: Incident, account: str) -> Message:
        zone, locale = "UTC", self._locale
        with suppress(SlackError):
            user = await self._slack.user(account)
            zone, locale = user.tz, of_profile(user.locale, locale)
        with written_for(locale):
            since = f"{moment(incident.since, zone, self._clock())} ({zone_name(zone)})"
            sentence = Sentence(TEXTS[Trouble(incident.kind)], {"since": since})
            return self._messages.draw(NoticeView(sentence))
