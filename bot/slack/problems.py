"""Explains errors to people, and logs them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import (
    BotError,
    Broken,
    Limited,
    NotRead,
    Rejected,
    Sentence,
    SlackError,
    StorageError,
    Suggestion,
    UserError,
    WorkspaceInactive,
    WrongKey,
)
from bot.messages.render import Draft, Offer, draft
from bot.messages.words import clock, whole_minute
from bot.observe.logs import unforeseen
from bot.slack.payloads import Payload
from bot.storage.buttons import Buttons

log = logging.getLogger(__name__)


# Slack's codes that no retry fixes.
FOR_THE_OPERATOR = frozenset(
    {"account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_revoked"}
)


def sentence_for(error: BotError, *, now: datetime, zone: ZoneInfo) -> Sentence:
    """An error in one or two plain sentences: what happened, and what to do."""
    match error:
        case UserError():
            return error.sentence
        case Limited():
            return _limited(error, now=now, zone=zone)
        case WrongKey():
            return Sentence(
                "Exec doesn't accept my key any more. Ask the person who runs me to put in a "
                "new one (Exec: Settings › API)."
            )
        case WorkspaceInactive():
            return Sentence("Your Exec workspace is inactive. Ask an Exec admin to reactivate it.")
        case Rejected():
            return Sentence(
                "Exec didn't accept this question. Try it in other words; if it stays so, give "
                "the reference below to the person who runs me."
            )
        case Broken(kind="timeout"):
            return Sentence(
                "Exec is not answering right now. Nothing is lost: try again in a minute."
            )
        case Broken():
            return Sentence(
                "Exec is having trouble right now. Nothing is lost: try again in a minute."
            )
        case NotRead(what=what):
            return Sentence("I'm still reading {what}. Try again in a minute.", {"what": what})
        case SlackError(code=code) if code in FOR_THE_OPERATOR:
            return Sentence(
                "Slack doesn't let me in any more ({code}). Tell the person who runs me.",
                {"code": code},
            )
        case SlackError(code="unsure"):
            return Sentence(
                "Slack broke off while I was answering. If there is no answer above, ask again."
            )
        case SlackError():
            return Sentence("Slack didn't answer me properly. Try again in a minute.")
        case StorageError():
            return Sentence(
                "I can't reach my own database right now. Try again in a minute; if it stays so, "
                "tell the person who runs me."
            )
        case _:
            return UNKNOWN


UNKNOWN = Sentence(
    "Something went wrong on my side. Try again; if it stays so, give the reference below to the "
    "person who runs me."
)


def _limited(error: Limited, *, now: datetime, zone: ZoneInfo) -> Sentence:
    moment = clock(whole_minute(error.until), str(zone), now)
    if error.whose in ("day", "questions"):
        return Sentence(
            "Today's requests to Exec are used up; the next one is free at {moment}. Ask again "
            "then.",
            {"moment": moment},
        )
    return Sentence(
        "Exec takes no more requests just now. Ask again at {moment}.", {"moment": moment}
    )


class Explainer:
    """Makes the message about an error, with ways on, and logs what the log needs."""

    def __init__(
        self,
        buttons: Buttons,
        zone_of: Callable[[str, str], Awaitable[ZoneInfo]],
        clock: Callable[[], datetime],
    ) -> None:
        self._buttons = buttons
        self._zone_of = zone_of
        self._clock = clock

    async def explain(self, error: Exception, payload: Payload) -> Draft:
        """The message about `error`; one that nobody foresaw gets a reference id."""
        if isinstance(error, UserError):
            offers = await self._offers(error.suggestions, payload)
            return draft("problem", sentence=error.sentence, offers=offers, reference=None)
        reference = None
        if isinstance(error, BotError):
            sentence = sentence_for(error, now=self._clock(), zone=await self._zone(payload))
            log.warning("no answer: %s %s", type(error).__name__, error)
        else:
            sentence = UNKNOWN
        if not isinstance(error, BotError) or isinstance(error, Rejected):
            reference = unforeseen(log, error)
        offers = await self._again(payload)
        return draft("problem", sentence=sentence, offers=offers, reference=reference)

    def sentence(self, error: BotError) -> Sentence:
        """An error in a sentence, where there is no room for ways on."""
        return sentence_for(error, now=self._clock(), zone=ZoneInfo("UTC"))

    def plainly(self, error: Exception) -> Draft:
        """The message about an error that kept even its explanation from being drawn."""
        return draft("problem", sentence=UNKNOWN, offers=(), reference=unforeseen(log, error))

    async def _again(self, payload: Payload) -> tuple[Offer, ...]:
        if payload.words is None:
            return ()
        return await self._offers((Suggestion("Try again", payload.words),), payload)

    async def _offers(
        self, suggestions: tuple[Suggestion, ...], payload: Payload
    ) -> tuple[Offer, ...]:
        words = tuple(suggestion.words for suggestion in suggestions)
        try:
            ids = await self._buttons.add_commands(payload.team_id, payload.user_id, words)
        except StorageError:
            return ()  # no buttons without a place to keep what they do; the sentence stands
        return tuple(Offer(s.label, id_) for s, id_ in zip(suggestions, ids, strict=True))

    async def _zone(self, payload: Payload) -> ZoneInfo:
        try:
            return await self._zone_of(payload.team_id, payload.user_id)
        except BotError:
            return ZoneInfo("UTC")
