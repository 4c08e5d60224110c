"""What people say after `digest`: whose digest, and when it comes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.query.points import WEEKDAY_NAMES
from bot.query.text import Form, clean, tokens

LIST = "list"
# A word that begins a schedule, where the group's name has no quotes.
_STARTS = frozenset(
    ("every", "each", "daily", "weekly", "fortnightly", "biweekly", "monthly", "weekdays", "at")
) | frozenset(WEEKDAY_NAMES)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands after `digest`: a group, and when; either may be empty."""

    group: str
    schedule: str


def is_list(rest: str) -> bool:
    return rest.strip().casefold() in ("list", "lists", "ls")


def split(rest: str) -> Said:
    """`"West Coast" every monday 9:00` ─► the group, and when. Raises ParseError."""
    text = clean(rest)
    found = tokens(text)
    if found and found[0].folded in ("group", "group:"):
        found = found[1:]
    if not found:
        return Said("", "")
    if found[0].form is Form.QUOTED:
        return Said(found[0].text, text[found[0].end :].strip())
    start = found[0].start + (len("group:") if found[0].folded.startswith("group:") else 0)
    end = next((each.start for each in found if each.folded in _STARTS), len(text))
    return Said(text[start:end].strip(), text[end:].strip())
