"""Names that fit several things or none: the question back, and what to choose from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

from bot.errors import Ambiguous, Suggestion
from bot.language.query import Member, Query
from bot.language.text import shortened
from bot.language.words import words
from bot.people.matching import HasName

T = TypeVar("T", bound=HasName)

MAX_CHOICES = 4  # as many buttons as stand side by side on a phone


def way_on(near: Sequence[HasName], otherwise: str) -> str:
    if not near:
        return f" Check the name, or use {otherwise}."
    return " Did you mean one of these?" if len(near) > 1 else " Did you mean this?"


def ask_which(
    typed: str, what: str, found: Sequence[T], repaired: Callable[[T], Query]
) -> NoReturn:
    more = len(found) - MAX_CHOICES
    rest = f" There are {more} more; type more of the name to find them." if more > 0 else ""
    raise Ambiguous(
        f"Which {what} do you mean by *{{name}}*?{rest}",
        suggestions(found[:MAX_CHOICES], repaired),
        name=shortened(typed),
    )


def _told_apart(thing: HasName) -> str:
    """What tells namesakes apart: for people their address, which is easier to know."""
    return thing.email if isinstance(thing, Member) and thing.email else thing.id


def suggestions(things: Sequence[T], repaired: Callable[[T], Query]) -> tuple[Suggestion, ...]:
    twice = {thing.name for thing in things if sum(o.name == thing.name for o in things) > 1}
    return tuple(
        Suggestion(
            f"{thing.name} ({_told_apart(thing)})" if thing.name in twice else thing.name,
            f"sessions {words(repaired(thing))}".strip(),
        )
        for thing in things
    )
