"""What people say after `digest`: what shall come, and when. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.days import MONTHS, WEEKDAY_NAMES, WEEKDAYS
from bot.language.schedule_words import slots
from bot.language.text import Token, TokenForm, clean, first_word, tokens, written

LIST = "list"
# What people say of a digest that there is already; the list has a button for each.
_CHANGES = frozenset(
    (
        *("pause", "resume", "stop", "start", "off", "on", "remove", "delete", "cancel"),
        *("edit", "change", "preview", "unsubscribe"),
    )
)
# A word that begins a schedule, where the group's name has no quotes.
_STARTS = frozenset(
    (
        *("every", "each", "daily", "weekly", "fortnightly", "biweekly", "monthly", "weekdays"),
        *("workdays", "at", *WEEKDAY_NAMES, *(f"{name}s" for name in WEEKDAY_NAMES)),
    )
)
_TIME = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:[ap]\.?m)?|noon|midnight", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d\d(?:[ap]\.?m)?|\d{1,2}(?:\.\d\d)?[ap]\.?m|noon|midnight", re.ASCII)
_DAY_OF_MONTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)|last", re.ASCII)
# A weekday or a day of the month after one of these belongs to a period of the question.
_PERIOD_WORDS = frozenset(
    (
        *("since", "until", "till", "from", "to", "through", "between", "and", "before", "after"),
        *("last", "previous", "this", "current", "-", "..", *MONTHS),
    )
)
_JOINING = frozenset({"on", "the"})  # belong to the schedule when they stand before it
_LONGEST = 16  # words: "every 2 weeks on friday at 16:00 from 2026-03-27 port au prince time"


@dataclass(frozen=True, slots=True)
class DigestWords:
    """What stands after `digest`: a group, and when; either may be empty."""

    group: str
    schedule: str


def is_list(rest: str) -> bool:
    """Whether the words after `digest` ask for the list of digests."""
    return rest.strip().casefold() in ("list", "lists", "ls")


def is_change(group: str) -> bool:
    """Whether what was taken for a group's name says to change a digest: "remove West Coast"."""
    return first_word(group)[0] in _CHANGES


def split_group(rest: str) -> DigestWords:
    """`"West Coast" every monday 9:00` ─► the group, and when; in either order. Raises TooLong."""
    text = clean(rest)
    found = tokens(text)
    if found and found[0].folded in ("group", "group:"):
        found = found[1:]
    if not found:
        return DigestWords("", "")
    if found[0].form is TokenForm.QUOTED:
        return DigestWords(found[0].text, text[found[0].end :].strip())
    if _begins_schedule(found, 0):
        for each in found:
            if each.form is TokenForm.QUOTED:
                return DigestWords(each.text, f"{text[: each.start]}{text[each.end :]}".strip())
    start = found[0].start + (len("group:") if found[0].folded.startswith("group:") else 0)
    begins = (each.start for at, each in enumerate(found) if _begins_schedule(found, at))
    end = next(begins, len(text))
    return DigestWords(text[start:end].strip(), text[end:].strip())


def split_schedule(rest: str) -> tuple[str, str]:
    """`last 7d gold every monday 9:00` ─► what shall come, and when; "" where that is not said.

    The schedule is a part at the end or at the beginning that reads as one. Words from "every" on
    are always one, as no question has that word: reading them tells what is wrong with them.
    Both parts are escaped (`text.written`), to be read again. Raises TooLong.
    """
    text = clean(rest)
    found = tokens(text)
    every = next((at for at, each in enumerate(found) if each.folded in ("every", "each")), None)
    # No schedule begins after "every": that word would be left to the question.
    for at in range(max(len(found) - _LONGEST, 0), len(found) if every is None else every + 1):
        if _is_schedule(text, found, at):
            return _parted(text, found, at)
    if count := _schedule_at_start(text, found):
        end = found[count - 1].end
        return written(text[end:].strip(" ,")), written(text[:end])
    return (written(text), "") if every is None else _parted(text, found, every)


def _parted(text: str, found: Sequence[Token], at: int) -> tuple[str, str]:
    """The text cut before a token, and before the words that join it to the schedule."""
    while at and found[at - 1].folded in _JOINING:
        at -= 1
    start = found[at].start
    return written(text[:start].rstrip(" ,")), written(text[start:])


def _is_schedule(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether a schedule begins at this token and goes on to the end of the text."""
    word, before = found[at].folded, found[at - 1].folded if at else ""
    is_weekday = word.removesuffix("s") in WEEKDAYS or word in WEEKDAYS
    is_day = bool(_DAY_OF_MONTH.fullmatch(word))
    if (is_weekday or is_day) and before in _PERIOD_WORDS:
        return False
    if not (is_day or _begins_schedule(found, at) or _CLOCK.fullmatch(word)):
        return False
    said = slots(text[found[at].start :])
    if said is None:
        return False
    if is_day:
        # "last day" without "of" is a period.
        after = [each.folded for each in found[at + 1 : at + 3]]
        return said.get("often") == "month" and (word != "last" or after == ["day", "of"])
    # "monday every monday": the question has its own.
    return not is_weekday or not any(each.folded in WEEKDAYS for each in found[at + 1 :])


def _schedule_at_start(text: str, found: Sequence[Token]) -> int:
    """How many tokens at the beginning are a schedule; 0 if none."""
    if not found or not (_begins_schedule(found, 0) or _CLOCK.fullmatch(found[0].folded)):
        return 0
    count, said = 0, None
    for size, last in enumerate(found[:_LONGEST], 1):
        more = slots(text[: last.end])
        # A word that adds nothing is the question's, as is "last" without "day".
        if more is not None and more != said and last.folded != "last":
            count, said = size, more
    return count


def _begins_schedule(found: Sequence[Token], at: int) -> bool:
    word = found[at].folded
    if word in _STARTS or (":" in word and _TIME.fullmatch(word)):
        return True
    # "Mon" and "Sun" may also be a part of a name.
    after = found[at + 1].folded if at + 1 < len(found) else ""
    return word in WEEKDAYS and (after == "at" or bool(_TIME.fullmatch(after)))
