"""Until which day something is put off, in words: "1 april", "next monday", "2 weeks". Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

from bot.errors import Suggestion, UserError
from bot.language import dates
from bot.language.dates import DateForm
from bot.language.days import (
    LAST_YEAR,
    TOO_EARLY,
    Point,
    Unit,
    WhenProblem,
    floor,
    following,
    latest,
    read_point,
    shift,
)
from bot.language.text import clean, shortened

EXAMPLES = ("next monday", "2 weeks")
_USAGE = "Write it like `{lead} 2026-04-01`, `{lead} next monday` or `{lead} 2 weeks`."
_FROM_TOMORROW = "Choose a day from tomorrow on. " + _USAGE
_PAST = "`{word}` has passed. " + _FROM_TOMORROW
_TODAY = "`{word}` is too soon. " + _FROM_TOMORROW
_LEADS = frozenset({"until", "till", "for", "to", "on"})
_AMOUNT = re.compile(r"(?:(\d{1,4})|an?|one) ?(d|day|w|wk|week|month|year)s?", re.ASCII)
_UNITS: dict[str, Unit] = {each: each for each in get_args(Unit)}
_UNITS |= {"d": "day", "w": "week", "wk": "week"}
# The longest way to name a day, and the word after it.
_PADDING = [""] * 5


def until_day(text: str, *, today: date, lead: str) -> date:
    """The first day on which what is put off comes again; after `today`.

    `lead` is the whole command up to here, for the usage and for suggestions. Raises UserError
    that says what to type.
    """
    said = clean(text).casefold().replace(",", " ").rstrip(".!?").split()
    while said and said[0] in _LEADS:
        said = said[1:]
    if not said:
        raise _problem("Until when? " + _USAGE, lead)
    try:
        day = _day_after(" ".join(said), today) or _start_of_next(said, today)
        day = day or _day_named(said, today)
    except WhenProblem as problem:
        word = " ".join(said[problem.skip : problem.skip + problem.count])
        pattern = _PAST if problem.pattern == TOO_EARLY else problem.pattern
        instead = tuple(each for each in problem.instead if _is_to_come(each, today))
        raise _problem(pattern, lead, instead or EXAMPLES, word=word) from None
    if day is None or day.year > LAST_YEAR:
        raise _problem("I don't know the day `{word}`. " + _USAGE, lead, word=" ".join(said))
    if day <= today:
        raise _problem(_PAST if day < today else _TODAY, lead, word=" ".join(said))
    return day


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """The day that a moment lies in, in full: "Mon 30 March 2026"."""
    return dates.write_day(moment.astimezone(zone), DateForm(full=True, weekday=True, year=True))


def _day_after(said: str, today: date) -> date | None:
    """ "2 weeks", "10d", "a month"."""
    found = _AMOUNT.fullmatch(said)
    if not found:
        return None
    count, unit = int(found[1] or 1), _UNITS[found[2]]
    return shift(today, unit, count) if count < 1000 else date.max


def _start_of_next(said: list[str], today: date) -> date | None:
    """ "next week", "next month": its first day; "next monday" is read as a point."""
    unit = _UNITS.get(said[-1])
    if unit is None or said != ["next", unit]:
        return None
    return shift(floor(today, unit), unit, 1)


def _is_to_come(words: str, today: date) -> bool:
    day = _day_named(words.split(), today)
    return day is not None and day > today


def _day_named(said: list[str], today: date) -> date | None:
    words = said[1:] if said[0] == "next" else said
    found = read_point([*words, *_PADDING], 0)
    if found is None or found[1] != len(words):
        return None
    return _next_beginning(found[0], today)


def _next_beginning(point: Point, today: date) -> date:
    """The first day of the point; of a recurring one, the next that begins after today."""
    if not point.recurs:
        return latest(point, today)
    day = following(point, shift(today, "day", 1))
    return day if day > today else following(point, shift(day, point.unit, 1))


def _problem(
    pattern: str, lead: str, instead: tuple[str, ...] = EXAMPLES, *, word: str = ""
) -> UserError:
    # A suggestion is a whole command without the slash word.
    command = lead.partition(" ")[2]
    offers = tuple(Suggestion(words, f"{command} {words}") for words in instead)
    return UserError(pattern, offers, lead=lead, word=shortened(word))
