"""Explains errors to people, and logs them."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
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
from bot.messages.render import Draft, Offer, sentence_draft
from bot.messages.words import clock, whole_minute
from bot.observe.logs import log_unexpected
from bot.place import Place

if TYPE_CHECKING:
    from bot.app import App

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
                "Exec no longer accepts my key. Ask the person who runs this bot to set a "
                "new one (Exec: Settings › API)."
            )
        case WorkspaceInactive():
            return Sentence("Your Exec workspace is inactive. Ask an Exec admin to reactivate it.")
        case Rejected():
            return Sentence(
                "Exec didn't accept this question. Try other words. If it keeps happening, send "
                "the reference below to the person who runs this bot."
            )
        case Broken(kind="timeout"):
            return Sentence("Exec isn't answering right now. Try again in a minute.")
        case Broken():
            return Sentence("Exec is having trouble right now. Try again in a minute.")
        case NotRead(what=what):
            return Sentence("I'm still loading {what}. Try again in a minute.", {"what": what})
        case SlackError(code=code) if code in FOR_THE_OPERATOR:
            return Sentence(
                "Slack no longer lets me in ({code}). Tell the person who runs this bot.",
                {"code": code},
            )
        case SlackError(code="unsure"):
            return Sentence(
                "Slack's connection dropped while I was answering. If there is no answer above, "
                "ask again."
            )
        case SlackError():
            return Sentence("Slack didn't answer me properly. Try again in a minute.")
        case StorageError():
            return Sentence(
                "I can't reach my own database right now. Try again in a minute. If it keeps "
                "happening, tell the person who runs this bot."
            )
        case _:
            return UNKNOWN


UNKNOWN = Sentence(
    "Something went wrong on my side. If it keeps happening, send the reference below to the "
    "person who runs this bot."
)


def _limited(error: Limited, *, now: datetime, zone: ZoneInfo) -> Sentence:
    moment = clock(whole_minute(error.until), str(zone), now)
    if error.source == "day":
        return Sentence(
            "Today's requests to Exec are used up until {moment}. Ask again then.",
            {"moment": moment},
        )
    return Sentence(
        "Exec takes no more requests right now. Ask again at {moment}.", {"moment": moment}
    )


async def explain(app: App, error: Exception, place: Place, words: str | None) -> Draft:
    """The message about an error, with what to do next; an unexpected one has a reference to the
    log.

    `words` is the command that *Try again* repeats, None without one.
    """
    if isinstance(error, UserError):
        offers = await _offers(app, place, error.suggestions)
        return sentence_draft(error.sentence, offers)
    sentence, reference = UNKNOWN, ""
    if isinstance(error, BotError):
        sentence = sentence_for(error, now=app.clock(), zone=await _zone(app, place))
        log.warning("no answer: %s %s", type(error).__name__, error)
    if not isinstance(error, BotError) or isinstance(error, Rejected):
        reference = log_unexpected(log, error)
    again = () if words is None else (Suggestion("Try again", words),)
    offers = await _offers(app, place, again)
    return sentence_draft(sentence, offers, reference)


def explain_plainly(error: Exception) -> Draft:
    """The message if explaining an error failed too."""
    return sentence_draft(UNKNOWN, reference=log_unexpected(log, error))


async def _offers(app: App, place: Place, ways: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
    """Buttons that run these commands; none if the database is down."""
    commands = tuple(way.words for way in ways)
    with suppress(StorageError):
        ids = await app.buttons.add_commands(place.team_id, place.user_id, commands)
        return tuple(Offer(way.label, id_) for way, id_ in zip(ways, ids, strict=True))
    return ()


async def _zone(app: App, place: Place) -> ZoneInfo:
    with suppress(BotError):
        return await app.people.zone(place.team_id, place.user_id)
    return ZoneInfo("UTC")
