"""Explains errors to people, and logs them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import BotError, Limited, Rejected, Sentence, StorageError, Suggestion, UserError
from bot.messages.render import Draft, Offer, notice
from bot.messages.words import until
from bot.observe.logs import log_unexpected
from bot.people.accounts import Accounts
from bot.slack.place import Place
from bot.storage.buttons import Buttons

log = logging.getLogger(__name__)


def sentence_for(error: BotError, *, now: datetime, zone: ZoneInfo) -> Sentence:
    """An error in one or two plain sentences: what happened, and what to do."""
    if not isinstance(error, Limited):
        return error.sentence
    moment = until(error.until, str(zone), now)
    if error.source == "day":
        return Sentence(
            "Today's requests to Exec are used up until {moment}. Ask again then.",
            {"moment": moment},
        )
    return Sentence(
        "Exec takes no more requests right now. Ask again at {moment}.", {"moment": moment}
    )


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains errors at a place in Slack."""

    buttons: Buttons
    accounts: Accounts
    clock: Callable[[], datetime]

    async def explain(self, error: Exception, place: Place, words: str | None) -> Draft:
        """The message about an error, with what to do next; an unexpected one has a reference to
        the log.

        `words` is the command that *Try again* repeats, None without one.
        """
        if isinstance(error, UserError):
            return notice(error.sentence, await self._offers(place, error.suggestions))
        sentence, reference = BotError.sentence, ""
        if isinstance(error, BotError):
            sentence = sentence_for(error, now=self.clock(), zone=await self._zone(place))
            log.warning("no answer: %s %s", type(error).__name__, error)
        if not isinstance(error, BotError) or isinstance(error, Rejected):
            reference = log_unexpected(log, error)
        again = () if words is None else (Suggestion("Try again", words),)
        return notice(sentence, await self._offers(place, again), reference=reference)

    async def _offers(self, place: Place, ways: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
        """Buttons that run these commands; none if the database is down."""
        commands = tuple(way.words for way in ways)
        with suppress(StorageError):
            ids = await self.buttons.add_commands(place.team_id, place.user_id, commands)
            return tuple(Offer(way.label, id_) for way, id_ in zip(ways, ids, strict=True))
        return ()

    async def _zone(self, place: Place) -> ZoneInfo:
        with suppress(BotError):
            return await self.accounts.zone(place.team_id, place.user_id)
        return ZoneInfo("UTC")
