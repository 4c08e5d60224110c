"""A schedule as words: reading them, writing them back, and what people read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.errors import ParseError, Suggestion, UserError
from bot.language.cursor import UNKNOWN, Cursor
from bot.language.dates import spoken_hour, zone_name
from bot.language.days import FIRST_YEAR, LAST_YEAR, WEEKDAY_NAMES, WEEKDAYS, ordinal
from bot.language.schedule import MOST_WEEKS, Daily, Monthly, Rhythm, Schedule, Weekly, upcoming
from bot.language.text import MOST_OFFERED, clean, nearest_words, tokens
from bot.language.zones import SAID_IN, zones_named, zones_near

EXAMPLES = ("every monday 9:00", "daily 17:30", "every 2 weeks friday 16:00", "monthly 1st 8:00")
LAST_DAY = 31
_BAD_FIRST = "Write the first date like `from 2026-03-27`."

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
# Words that join others and mean nothing themselves.
_FILLERS = frozenset(("every", "each", "at", "on", "in", "of", "the", "and", "zone", "time"))
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


@dataclass(frozen=True, slots=True)
class ParsedSchedule:
    """A schedule as read; `zone_said` is whether its zone was among the words."""

    schedule: Schedule
    zone_said: bool


def read_schedule(
    text: str, *, now: datetime, zone: str, lead: str = "", usual: time = time(9)
) -> ParsedSchedule:
    """The schedule that the words mean, in this zone unless they name another.

    Words come in any order. Without a time it is the `usual` one, without a weekday Monday,
    without a day of the month the 1st; every few weeks begin with the next such weekday, or the
    first from a date on: `from 2026-03-27`. `lead` is what stands before them in a whole command,
    for suggestions.

    Raises ParseError about the first word that is not understood, and UserError where nothing
    says how often.
    """
    cleaned = clean(text)
    cursor = Cursor(cleaned, tokens(cleaned), lead)
    _understand(cursor)
    schedule = _schedule(cursor, now, cursor.values.get("zone", zone), usual)
    return ParsedSchedule(schedule, zone_said="zone" in cursor.values)


def slots(text: str) -> dict[str, Any] | None:
    """What cleaned words say of a schedule, by slot (see `_understand`); None if they make none."""
    cursor = Cursor(text, tokens(text), "")
    try:
        _understand(cursor)
        _schedule(cursor, datetime(2000, 1, 1, tzinfo=UTC), "UTC", time(9))
    except UserError:
        return None
    return cursor.values


def written_schedule(schedule: Schedule, *, zone: bool = True) -> str:
    """The canonical words: reading them, in the same zone, gives the same schedule again."""
    rhythm, place = schedule.rhythm, f" {schedule.zone}" if zone else ""
    start = f" from {rhythm.first}" if isinstance(rhythm, Weekly) and rhythm.first else ""
    return f"{_often(rhythm)[0]} {_time(schedule)}{start}{place}"


def spoken_schedule(schedule: Schedule, *, zone: bool = True) -> str:
    """What people read: "every Monday at 9:00 (Europe/Berlin)"."""
    place = f" ({zone_name(schedule.zone)})" if zone else ""
    return f"{_often(schedule.rhythm)[1]} at {spoken_hour(schedule.clock)}{place}"


def _often(rhythm: Rhythm) -> tuple[str, str]:
    """How often, in canonical words and as people read it."""
    match rhythm:
        case Daily(workdays=True):
            return "every weekday", "every weekday"
        case Daily():
            return "daily", "every day"
        case Monthly(day):
            said = "last day" if day == LAST_DAY else ordinal(day)
            return f"monthly {ordinal(day)}", f"on the {said} of each month"
        case Weekly(weekday, weeks):
            name = WEEKDAY_NAMES[weekday]
            if weeks == 1:
                return f"every {name}", f"every {name.title()}"
            said = f"every {weeks} weeks on" if weeks > 2 else "every second"
            return f"every {weeks} weeks {name}", f"{said} {name.title()}"


def _understand(cursor: Cursor) -> None:
    """Read all words into the cursor's slots. Raises ParseError.

    The slots: often (Daily, a number of weeks, or "month"), weekday (from Monday, 0), day (of the
    month), clock (a time), first (a date), zone.
    """
    while cursor.rest:
        if any(reader(cursor) for reader in _READERS):
            continue
        if cursor.word() not in _FILLERS:
            raise _unknown(cursor)
        cursor.at += 1


def _read_form(cursor: Cursor) -> bool:
    """`daily`, `weekly`, `every other friday`, `noon` and the like."""
    for pattern, slot, value in _FORMS:
        found = cursor.match(pattern)
        if found:
            cursor.once(slot, value, found[1])
            return True
    return False


def _read_weekday(cursor: Cursor) -> bool:
    """`monday`, `mon`, `mondays`."""
    word = cursor.word()
    weekday = WEEKDAYS.get(word, WEEKDAYS.get(word.removesuffix("s")))
    if weekday is None:
        return False
    cursor.once("weekday", weekday, 1)
    return True


def _read_weeks(cursor: Cursor) -> bool:
    """`every 2 weeks`, `every two weeks`."""
    found = cursor.match(_WEEKS)
    if not found:
        return False
    said, count = found
    number = said[1].casefold()
    weeks = _NUMBERS.get(number) or int(number)
    if said[2].casefold() not in _WEEK_WORDS:
        raise cursor.problem(
            "`{word}` is not a rhythm I know. Choose every day, every few weeks or every month.",
            count=count,
            instead=("daily", "every 2 weeks", "monthly"),
        )
    if not 1 <= weeks <= MOST_WEEKS:
        raise cursor.problem("Choose from 1 to 52 weeks, such as `every 2 weeks`.", count=count)
    cursor.once("often", weeks, count)
    return True


def _read_day(cursor: Cursor) -> bool:
    """`1st`, `15th`."""
    found = cursor.match(_DAY)
    if not found:
        return False
    day = int(found[0][1])
    if not 1 <= day <= LAST_DAY:
        raise cursor.problem("No month has a `{word}`. Choose from `1st` to `31st`.")
    cursor.once("day", day, found[1])
    return True


def _read_time(cursor: Cursor) -> bool:
    """`9:00`, `17.30`, `9am`, `9:30 pm`, `at 9`."""
    found = cursor.match(_TIME)
    if not found:
        return False
    said, count = found
    hour, minute = int(said["hour"]), int(said["minute"] or 0)
    if not (said["at"] or said["minute"] or said["half"]):
        days = 1 <= hour <= LAST_DAY and "weekday" not in cursor.values
        raise cursor.problem(
            "Is `{word}` a time or a day of the month? Write it like `9:00` or `9th`.",
            count=count,
            instead=(f"{hour}:00",) * (hour < 24) + (ordinal(hour),) * days,
        )
    if hour > (12 if said["half"] else 23) or minute > 59 or (said["half"] and hour == 0):
        raise cursor.problem(
            "There is no `{word}` on the clock. Write it like `17:30`.", count=count
        )
    if said["half"]:
        hour = hour % 12 + (12 if said["half"].casefold() == "p" else 0)
    cursor.once("clock", time(hour, minute), count)
    return True


def _read_first(cursor: Cursor) -> bool:
    """`from 2026-03-27`."""
    found = cursor.match(_FROM)
    if not found:
        return False
    said, count = found
    try:
        first = date(*(int(part or 0) for part in said.groups()))
    except ValueError:
        raise cursor.problem(_BAD_FIRST, count=count) from None
    cursor.once("first", first, count)
    return True


def _read_zone(cursor: Cursor) -> bool:
    """`Europe/Berlin`, `berlin`, `new york`."""
    for count, said in _names(cursor):
        zones = zones_named(said)
        if len(zones) > 1:
            raise cursor.problem(
                "Several zones are called `{word}`. Which one?",
                count=count,
                instead=zones[:MOST_OFFERED],
            )
        if zones:
            cursor.once("zone", zones[0], count)
            return True
    return False


def _names(cursor: Cursor) -> list[tuple[int, str]]:
    """The next words as they could be one name, the longest first: how many, and the name."""
    words = cursor.plain_words()
    return [(count, " ".join(words[:count])) for count in range(len(words), 0, -1)]


def _unknown(cursor: Cursor) -> ParseError:
    """An error about the word here, which no reader takes."""
    if cursor.match(_OFFSET):
        return cursor.problem(
            "Name a place instead of `{word}`, such as `Europe/Berlin`, so that I follow its "
            "summer time.",
        )
    word = cursor.word()
    if place := SAID_IN.get(word):
        return cursor.problem(UNKNOWN, instead=(place,), near=place)
    near = nearest_words(word, _KNOWN)
    if near:
        return cursor.problem(UNKNOWN, instead=near, near=near[0])
    for count, said in _names(cursor):
        zones = zones_near(said)
        if zones:
            return cursor.problem(UNKNOWN, count=count, instead=zones, near=zones[0])
    return cursor.problem(
        "I don't know `{word}`. Write it like `every monday 9:00`, `daily 17:30`, `every 2 weeks "
        "friday 16:00` or `monthly 1st 8:00`, with a zone such as `Europe/Berlin` if you like.",
    )


_READERS = (_read_form, _read_weekday, _read_weeks, _read_day, _read_time, _read_first, _read_zone)


def _schedule(cursor: Cursor, now: datetime, zone: str, usual: time) -> Schedule:
    clock = cursor.values.get("clock", usual)
    rhythm = _rhythm(cursor)
    if isinstance(rhythm, int) and rhythm > 1:
        return _every_few_weeks(cursor, rhythm, Schedule(Weekly(0), clock, zone), now)
    if "first" in cursor.values:
        raise cursor.problem_at(
            cursor.spans["first"],
            "`{word}` only goes with every few weeks, such as `every 2 weeks`. Leave it out.",
            instead=("",),
        )
    if isinstance(rhythm, int):
        rhythm = Weekly(cursor.values.get("weekday", 0))
    return Schedule(rhythm, clock, zone)


def _every_few_weeks(cursor: Cursor, weeks: int, weekly: Schedule, now: datetime) -> Schedule:
    """A schedule like the weekly one, from the date that was said or else from the next one."""
    begin: date | None = cursor.values.get("first")
    weekday = cursor.values.get("weekday", begin.weekday() if begin else 0)
    if begin is None:
        first = upcoming(replace(weekly, rhythm=Weekly(weekday)), now, 1)[0].day
    else:
        first = begin + timedelta(days=(weekday - begin.weekday()) % 7)
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise cursor.problem_at(cursor.spans["first"], _BAD_FIRST)
    return replace(weekly, rhythm=Weekly(weekday, weeks, first))


def _rhythm(cursor: Cursor) -> Rhythm | int:
    """How often, as said; a number of weeks is left to be given its weekday."""
    slot = _said_how_often(cursor)
    often: Any = {"weekday": 1, "day": "month"}.get(slot) or cursor.values[slot]
    fitting = "day" if often == "month" else "weekday" if isinstance(often, int) else ""
    for other in ("weekday", "day"):
        if other in cursor.values and other != fitting:
            first, second = sorted((cursor.spans[slot], cursor.spans[other]))
            raise cursor.conflict(first, second)
    rhythm: Rhythm | int = Monthly(cursor.values.get("day", 1)) if often == "month" else often
    return rhythm


def _said_how_often(cursor: Cursor) -> str:
    """The slot that says how often; a weekday or a day of the month is enough."""
    for slot in ("often", "weekday", "day"):
        if slot in cursor.values:
            return slot
    raise UserError(
        "How often should it come? Try `every monday 9:00` or `daily 17:30`.",
        tuple(Suggestion(way, f"{cursor.lead} {way}".strip()) for way in EXAMPLES),
    )


def _time(schedule: Schedule) -> str:
    return f"{schedule.clock.hour}:{schedule.clock.minute:02}"
