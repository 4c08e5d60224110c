"""Reading the words of a schedule: a reader takes its own words, or leaves them alone."""

from __future__ import annotations

import re
from datetime import date, time

from bot.errors import ParseError
from bot.language.near import nearest
from bot.language.points import WEEKDAY_NAMES, WEEKDAYS
from bot.language.readers import UNKNOWN
from bot.language.schedule import MOST_WEEKS, Daily
from bot.language.schedule_cursor import ScheduleCursor
from bot.language.zones import SAID_IN, zones_named, zones_near

LAST_DAY = 31
BAD_FIRST = "Write the first date like `from 2026-03-27`."

_FLAGS = re.ASCII | re.IGNORECASE
_EVERY = r"(?:every|each)"
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})s?\b"
_NUMBERS = {"two": 2, "three": 3, "four": 4}
_WEEKS = re.compile(
    rf"{_EVERY} (\d{{1,9}}|{'|'.join(_NUMBERS)}) ?(?!(?:st|nd|rd|th|[ap]\.?m)\b)([a-z]+)", _FLAGS
)
_WEEK_WORDS = frozenset({"week", "weeks", "wk", "wks", "w"})
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)", _FLAGS)
_TIME = re.compile(
    r"(?P<at>at )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?: ?(?P<half>[ap])\.?m)?\b", _FLAGS
)
_FROM = re.compile(
    r"(?:from|starting|since)(?: (?:on|from))?(?: (\d{4})-(\d{1,2})-(\d{1,2})\b)?", _FLAGS
)
_OFFSET = re.compile(r"(?:utc|gmt)?[+-]\d{1,2}(?::?\d\d)?", _FLAGS)
# Words that join others and change nothing.
FILLERS = frozenset(("every", "each", "at", "on", "in", "of", "the", "and", "zone", "time"))
_KNOWN = (
    *("daily", "weekly", "fortnightly", "biweekly", "monthly", "every", "each", "from"),
    *("starting", "weekday", "weekdays", "noon", "midnight", *WEEKDAY_NAMES),
)


# What a form of words says: the slot it fills, and with what.
_FORMS = tuple(
    (re.compile(pattern, _FLAGS), slot, value)
    for pattern, slot, value in (
        (rf"daily|{_EVERY} day", "often", Daily()),
        (rf"(?:{_EVERY} )?(?:week|work|working )days?", "often", Daily(workdays=True)),
        (rf"weekly|{_EVERY} week", "often", 1),
        (
            rf"fortnightly|biweekly|{_EVERY} (?:fortnight|(?:other|second|2nd) week)"
            rf"|{_EVERY} (?:other|second|2nd)(?= {_WEEKDAY})",
            "often",
            2,
        ),
        (rf"monthly|(?:of )?(?:{_EVERY}|the|a|per) month", "often", "month"),
        (r"(?:the )?last(?: day)?\b", "day", LAST_DAY),
        ("(?:at )?noon", "clock", time(12)),
        ("(?:at )?midnight", "clock", time(0)),
    )
)


def _read_form(cursor: ScheduleCursor) -> bool:
    """`daily`, `weekly`, `every other friday`, `noon` and the like."""
    for pattern, slot, value in _FORMS:
        found = cursor.match(pattern)
        if found:
            cursor.hear(slot, value, found[1])
            return True
    return False


def _read_weekday(cursor: ScheduleCursor) -> bool:
    """`monday`, `mon`, `mondays`."""
    word = cursor.tokens[cursor.at].folded
    weekday = WEEKDAYS.get(word, WEEKDAYS.get(word.removesuffix("s")))
    if weekday is None:
        return False
    cursor.hear("weekday", weekday, 1)
    return True


def _read_weeks(cursor: ScheduleCursor) -> bool:
    """`every 2 weeks`, `every two weeks`."""
    found = cursor.match(_WEEKS)
    if not found:
        return False
    said, count = found
    number, place = said[1].casefold(), cursor.place(count)
    weeks = _NUMBERS.get(number) or int(number)
    if said[2].casefold() not in _WEEK_WORDS:
        raise cursor.problem(
            "`{word}` is not a rhythm I know. Choose every day, every few weeks or every month.",
            place,
            ("daily", "every 2 weeks", "monthly"),
        )
    if not 1 <= weeks <= MOST_WEEKS:
        raise cursor.problem("Choose from 1 to 52 weeks, such as `every 2 weeks`.", place)
    cursor.hear("often", weeks, count)
    return True


def _read_day(cursor: ScheduleCursor) -> bool:
    """`1st`, `15th`."""
    found = cursor.match(_DAY)
    if not found:
        return False
    day = int(found[0][1])
    if not 1 <= day <= LAST_DAY:
        raise cursor.problem(
            "No month has a `{word}`. Choose from `1st` to `31st`.", cursor.place(1)
        )
    cursor.hear("day", day, found[1])
    return True


def _read_time(cursor: ScheduleCursor) -> bool:
    """`9:00`, `17.30`, `9am`, `9:30 pm`, `at 9`."""
    found = cursor.match(_TIME)
    if not found:
        return False
    said, count = found
    hour, minute, place = int(said["hour"]), int(said["minute"] or 0), cursor.place(count)
    if not (said["at"] or said["minute"] or said["half"]):
        days = 1 <= hour <= LAST_DAY and "weekday" not in cursor.said
        raise cursor.problem(
            "Is `{word}` a time or a day of the month? Write it like `9:00` or `9th`.",
            place,
            (f"{hour}:00",) * (hour < 24) + (ordinal(hour),) * days,
        )
    if hour > (12 if said["half"] else 23) or minute > 59 or (said["half"] and hour == 0):
        raise cursor.problem("There is no `{word}` on the clock. Write it like `17:30`.", place)
    if said["half"]:
        hour = hour % 12 + (12 if said["half"].casefold() == "p" else 0)
    cursor.hear("clock", time(hour, minute), count)
    return True


def _read_first(cursor: ScheduleCursor) -> bool:
    """`from 2026-03-27`."""
    found = cursor.match(_FROM)
    if not found:
        return False
    said, count = found
    place = cursor.place(count)
    try:
        first = date(*(int(part or 0) for part in said.groups()))
    except ValueError:
        raise cursor.problem(BAD_FIRST, place) from None
    cursor.hear("first", first, count)
    return True


def _read_zone(cursor: ScheduleCursor) -> bool:
    """`Europe/Berlin`, `berlin`, `new york`."""
    for count, said in cursor.runs():
        zones = zones_named(said)
        if len(zones) > 1:
            raise cursor.problem(
                "Several zones are called `{word}`. Which one?", cursor.place(count), zones
            )
        if zones:
            cursor.hear("zone", zones[0], count)
            return True
    return False


def ordinal(day: int) -> str:
    """ "1st", "2nd", "3rd", "11th"."""
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def unknown(cursor: ScheduleCursor) -> ParseError:
    """An error about the word here, which no reader takes."""
    if cursor.match(_OFFSET):
        return cursor.problem(
            "Name a place instead of `{word}`, such as `Europe/Berlin`, so that I follow its "
            "summer time.",
            cursor.place(1),
        )
    word = cursor.tokens[cursor.at].folded
    if place := SAID_IN.get(word):
        return cursor.problem(UNKNOWN, cursor.place(1), (place,), near=place)
    near = nearest(word, _KNOWN)
    if near:
        return cursor.problem(UNKNOWN, cursor.place(1), near, near=near[0])
    for count, said in cursor.runs():
        zones = zones_near(said)
        if zones:
            return cursor.problem(UNKNOWN, cursor.place(count), zones, near=zones[0])
    return cursor.problem(
        "I don't know `{word}`. Write it like `every monday 9:00`, `daily 17:30`, `every 2 weeks "
        "friday 16:00` or `monthly 1st 8:00`, with a zone such as `Europe/Berlin` if you like.",
        cursor.place(1),
    )


READERS = (_read_form, _read_weekday, _read_weeks, _read_day, _read_time, _read_first, _read_zone)
