"""What people say after `digest`: whose digest, and when it comes. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.points import WEEKDAY_NAMES, WEEKDAYS
from bot.language.text import Form, Token, clean, tokens, written

LIST = "list"
# What people say of a digest that there is already; the list has a button for each.
_CHANGES = frozenset(
    (
        *("pause", "resume", "stop", "start", "off", "on", "remove", "delete", "cancel"),
        *("edit", "change", "preview", "undo", "unsubscribe"),
    )
)
# A word that begins a schedule, where the group's name has no quotes.
_STARTS = frozenset(
    (
        *("every", "each", "daily", "weekly", "fortnightly", "biweekly", "monthly", "weekdays"),
        *("at", *WEEKDAY_NAMES, *(f"{name}s" for name in WEEKDAY_NAMES)),
    )
)
_TIME = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:[ap]\.?m)?|noon|midnight", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands after `digest`: a group, and when; either may be empty."""

    group: str
    schedule: str


def is_list(rest: str) -> bool:
    return rest.strip().casefold() in ("list", "lists", "ls")


def is_change(group: str) -> bool:
    """Whether what was taken for a group's name says to change a digest: "remove West Coast"."""
    return bool(group) and group.split()[0].casefold() in _CHANGES


def split(rest: str) -> Said:
    """`"West Coast" every monday 9:00` ─► the group, and when, or the other way round.

    Raises ParseError.
    """
    text = clean(rest)
    found = tokens(text)
    if found and found[0].folded in ("group", "group:"):
        found = found[1:]
    if not found:
        return Said("", "")
    if found[0].form is Form.QUOTED:
        return Said(found[0].text, text[found[0].end :].strip())
    if _begins_schedule(found, 0):
        for each in found:
            if each.form is Form.QUOTED:
                return Said(each.text, f"{text[: each.start]}{text[each.end :]}".strip())
    start = found[0].start + (len("group:") if found[0].folded.startswith("group:") else 0)
    begins = (each.start for at, each in enumerate(found) if _begins_schedule(found, at))
    end = next(begins, len(text))
    return Said(text[start:end].strip(), text[end:].strip())


def split_schedule(rest: str) -> tuple[str, str]:
    """`sessions gold last 7d every monday 9:00` ─► what shall come, and when; "" where that is
    not said. Raises ParseError."""
    text = clean(rest)
    found = tokens(text)
    begins = (each.start for at, each in enumerate(found) if _begins_schedule(found, at))
    end = next(begins, len(text))
    return written(text[:end].strip()), written(text[end:].strip())


def _begins_schedule(found: Sequence[Token], at: int) -> bool:
    word = found[at].folded
    if word in _STARTS or (":" in word and _TIME.fullmatch(word)):
        return True
    # "Mon" and "Sun" may also be a part of a name.
    after = found[at + 1].folded if at + 1 < len(found) else ""
    return word in WEEKDAYS and (after == "at" or bool(_TIME.fullmatch(after)))
