"""A key that Exec refuses: the admins are told once, whichever process finds out.

All processes share one key. A refusal is an incident unless Exec accepted the key from any of
them up to a minute before: a single process with an old key in its environment is none while
others work. An incident ends, without a word, when Exec accepts the key again. Nobody is told of
two within an hour.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import Sentence, SlackError
from bot.outbox.incidents import Incident, Incidents, Telling, Told
from bot.rendering.messages import Messages
from bot.rendering.numbers import moment
from bot.rendering.views import NoticeView
from bot.slack.api import Slack
from bot.slack.send import Found, Outcome, Sender

log = logging.getLogger(__name__)

WELL_FOR = timedelta(minutes=1)
_MEANWHILE = (
    "Until then I answer from what I already hold, and say as of when it is true; whatever has to "
    "be asked of Exec waits. I write this once, and carry on as soon as Exec lets me in."
)
# By the outcome of a request, as ExecClient reports it.
TEXTS = {
    "wrong_key": (
        "Exec has not accepted my key since {since}. To mend it, make a new key in Exec under "
        f"*Settings › API*, set `EXEC_API_KEY` to it, and restart me. {_MEANWHILE}"
    ),
    "workspace_inactive": (
        "Your Exec workspace has been inactive since {since}. To mend it, have an Exec admin "
        "reactivate it; or make a key of another workspace in Exec under *Settings › API*, set "
        f"`EXEC_API_KEY` to it, and restart me. {_MEANWHILE}"
    ),
}


@dataclass(frozen=True, slots=True)
class _Refusal:
    kind: str
    since: datetime
    last: datetime


class Alarm:
    """`admins` gives the e-mail addresses or Slack user ids of those to tell."""

    def __init__(
        self,
        *,
        incidents: Incidents,
        slack: Slack,
        admins: Callable[[], Awaitable[tuple[str, ...]]],
        messages: Messages,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._incidents = incidents
        self._slack = slack
        self._sender = Sender(slack, sleep)
        self._admins = admins
        self._messages = messages
        self._clock = clock
        self._refusal: _Refusal | None = None
        self._well_at: datetime | None = None
        self._well_noted: datetime | None = None

    def note(self, outcome: str) -> None:
        """What Exec said to a request, in ExecClient's word. Cheap; `tell` does the rest."""
        now = self._clock()
        if outcome == "ok":
            self._well_at, self._refusal = now, None
        elif outcome in TEXTS:
            since = self._refusal.since if self._refusal else now
            self._refusal = _Refusal(outcome, since, now)

    async def tell(self) -> None:
        """Tell every admin who has not been told. Raises StorageError."""
        incident = await self._incidents.current()
        if self._well_at is not None and self._is_worth_noting(self._well_at, incident):
            await self._incidents.well(self._well_at)
            self._well_noted = self._well_at
            incident = await self._incidents.current()
        if incident is None:
            incident = await self._new_incident()
        if incident is None:
            return
        admins = dict.fromkeys(await self._admins())
        # Side by side, so that nobody waits for a message that Slack is slow to take.
        await asyncio.gather(*(self._tell(incident, admin) for admin in admins))

    def _is_worth_noting(self, well_at: datetime, incident: Incident | None) -> bool:
        """Does it end an incident, or would others otherwise not know that all is well?"""
        if incident is not None and incident.since < well_at:
            return True
        return self._well_noted is None or well_at - self._well_noted >= WELL_FOR / 2

    async def _new_incident(self) -> Incident | None:
        refusal = self._refusal
        if refusal is None:
            return None
        well_at = await self._incidents.last_well()
        if well_at is not None and refusal.last < well_at + WELL_FOR:
            return None
        log.error("Exec refuses the key: %s", refusal.kind)
        # Where others were let in after our first refusal, it began later.
        began_before = well_at is not None and refusal.since <= well_at
        since = refusal.last if began_before else refusal.since
        return await self._incidents.open(refusal.kind, since)

    async def _tell(self, incident: Incident, admin: str) -> None:
        telling = await self._incidents.tell(incident, admin)
        if telling is None:
            return
        try:
            user_id = await self._user_id(admin)
        except SlackError as error:
            await self._not_told(telling, error.code)
            return
        if user_id is None:
            await self._not_told(telling, "users_not_found")
        elif not telling.unsure or await self._may_send_again(telling, user_id):
            await self._send(telling, user_id)

    async def _user_id(self, admin: str) -> str | None:
        return await self._slack.user_by_email(admin) if "@" in admin else admin

    async def _may_send_again(self, telling: Telling, user_id: str) -> bool:
        incident = telling.incident
        found, code = await self._sender.look(user_id, incident.id, incident.since)
        if found is Found.UNREADABLE:
            # It may have arrived: better never than twice.
            log.warning("whether an admin was told is left unsettled: %s", code)
        if found in (Found.THERE, Found.UNREADABLE):
            await self._incidents.close(telling, Told.SENT)
        return found is Found.NOT_THERE

    async def _send(self, telling: Telling, user_id: str) -> None:
        held = telling

        async def hold() -> bool:
            nonlocal held
            again = await self._incidents.hold(held)
            held = again or held
            return again is not None

        incident = telling.incident
        zone = await self._zone(user_id)
        since = f"{moment(incident.since, zone, self._clock())} ({zone})"
        message = self._messages.draw(NoticeView(Sentence(TEXTS[incident.kind], {"since": since})))
        sent = await self._sender.send(user_id, message, incident.id, hold)
        if sent.outcome is Outcome.SENT:
            await self._incidents.close(held, Told.SENT)
        elif sent.outcome in (Outcome.LATER, Outcome.REFUSED):
            log.warning("an admin can't be told: %s", sent.code)
            await self._incidents.close(held, Told.REFUSED)

    async def _not_told(self, telling: Telling, code: str) -> None:
        """They can't be reached just now; one who may have been told already stays unsettled."""
        log.warning("an admin can't be told: %s", code)
        if not telling.unsure:
            await self._incidents.close(telling, Told.REFUSED)

    async def _zone(self, user_id: str) -> str:
        try:
            return (await self._slack.user(user_id)).tz
        except SlackError:
            return "UTC"
