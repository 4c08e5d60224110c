"""A key that Exec refuses: the admins are told once, whichever process finds out.

All processes share one key, and one row that says whether Exec accepts it: when it last did, or
what is wrong, and since when. A refusal counts unless Exec accepted the key from any of them up to
a minute before: a single process with an old key in its environment is nothing to tell while
others work. It is over, without a word, when Exec accepts the key again. Nobody is told of two
within an hour. The outbox delivers what is told.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.env import Env
from bot.errors import Sentence, SlackError
from bot.exec_api.status import ExecStatus, Failing, Trouble
from bot.features import Feature, ScheduledJob
from bot.language.dates import zone_name
from bot.language.locale import of_profile, written_for
from bot.outbox.deliveries import Deliveries
from bot.outbox.reasons import NotSentReason
from bot.rendering.times import moment
from bot.rendering.views import Message, NoticeView
from bot.slack.web import SlackWeb
from bot.storage.learned import Fact, Learned

log = logging.getLogger(__name__)

NAME, WELL = "exec_key", "well"  # the row, and its value while Exec accepts the key
# Between two refusals that the same person is told of: one that comes and goes is one.
QUIET = timedelta(hours=1)
WELL_FOR = timedelta(minutes=1)
# While the key is refused, it is looked so often whether there are more admins to tell.
LOOK_AGAIN_AFTER = timedelta(minutes=15)
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
    learned: Learned
    deliveries: Deliveries
    slack: SlackWeb
    admins: Callable[[], Awaitable[tuple[str, ...]]]
    _told: tuple[Fact, datetime] | None = field(default=None, init=False)

    @property
    def feature(self) -> Feature:
        return Feature(jobs={"alarm": ScheduledJob(self.tell, 15)})

    async def tell(self) -> None:
        """Let every admin know who was not told yet."""
        fact, now = await self._up_to_date(), self.env.clock()
        if fact is None or fact.value == WELL:
            return
        told = self._told
        if told is not None and told[0] == fact and now - told[1] < LOOK_AGAIN_AFTER:
            return
        try:
            accounts = await self.admins()
        except SlackError as error:
            log.warning("the admins can't be looked up: %s", error.code)
            return
        for account in accounts:
            message = await self._message(fact, account)
            await self.deliveries.alarm(_id(fact), account, message, QUIET)
        self._told = (fact, now)

    async def failing(self) -> Failing | None:
        """Why Exec does not answer, as found by this process or another one with the same key."""
        if self.exec_status.failing is not None:
            return self.exec_status.failing
        fact, well_at = await self.learned.read(NAME), self.exec_status.well_at
        if fact is None or fact.value == WELL or (well_at is not None and well_at > fact.at):
            return None
        return Failing(Trouble(fact.value), fact.at, fact.at)

    async def _up_to_date(self) -> Fact | None:
        """The row, after what this process has heard is written to it."""
        fact = await self.learned.read(NAME)
        for news in (self._acceptance, self._refusal):
            new = news(fact)
            if new is None:
                continue
            if fact is not None and fact.value != WELL:
                await self.deliveries.skip(_id(fact), NotSentReason.REMOVED)
            if await self.learned.change(NAME, fact, new):
                fact = new
            else:
                fact = await self.learned.read(NAME)  # another process was faster
        return fact

    def _acceptance(self, fact: Fact | None) -> Fact | None:
        """When Exec accepted the key, where that is news to others."""
        well_at = self.exec_status.well_at
        # While all is well, it is written down every half a minute.
        old = WELL_FOR / 2 if fact is not None and fact.value == WELL else timedelta(0)
        if well_at is None or (fact is not None and well_at <= fact.at + old):
            return None
        return Fact(WELL, well_at)

    def _refusal(self, fact: Fact | None) -> Fact | None:
        """What is wrong, where nobody has written it down yet."""
        failing = self.exec_status.failing
        if failing is None or failing.trouble not in TEXTS:
            return None
        since = failing.since
        if fact is not None:
            if fact.value != WELL or failing.last < fact.at + WELL_FOR:
                return None
            if since <= fact.at:  # others were let in after our first refusal: it began later
                since = failing.last
        log.error("Exec refuses the key: %s", failing.trouble)
        return Fact(failing.trouble, since)

    async def _message(self, fact: Fact, account: str) -> Message:
        zone, locale = "UTC", self.env.locale
        with suppress(SlackError):
            user = await self.slack.user(account)
            zone, locale = user.tz, of_profile(user.locale, locale)
        with written_for(locale):
            since = f"{moment(fact.at, zone, self.env.clock())} ({zone_name(zone)})"
            sentence = Sentence(TEXTS[Trouble(fact.value)], {"since": since})
            return self.env.messages.draw(NoticeView(sentence))


def _id(fact: Fact) -> str:
    """What its messages go by in the outbox."""
    return f"exec_key {int(fact.at.timestamp() * 1000)}"
