"""A schedule as words: reading them, writing them back, and what people read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.errors import Suggestion, UserError
from bot.language.points import FIRST_YEAR, LAST_YEAR, WEEKDAY_NAMES
from bot.language.schedule import Daily, Monthly, Rhythm, Schedule, Weekly, upcoming
from bot.language.schedule_cursor import ScheduleCursor
from bot.language.schedule_reading import BAD_FIRST, FILLERS, LAST_DAY, READERS, ordinal, unknown
from bot.language.text import clean, tokens

EXAMPLES = ("every monday 9:00", "daily 17:30", "every 2 weeks friday 16:00", "monthly 1st 8:00")


@dataclass(frozen=True, slots=True)
class Reading:
    """A schedule as read; `zone_said` is whether its zone was among the words."""

    schedule: Schedule
    zone_said: bool


def read(text: str, *, now: datetime, zone: str, lead: str = "", usual: time = time(9)) -> Reading:
    """The schedule that the words mean, in this zone unless they name another.

    Words come in any order. Without a time it is the `usual` one, without a weekday Monday,
    without a day of the month the 1st; every few weeks begin with the next such weekday, or the
    first from a date on: `from 2026-03-27`. `lead` is what stands before them in a whole command,
    for suggestions. Raises ParseError about the first word that is not understood, and UserError
    where nothing says how often.
    """
    cleaned = clean(text)
    cursor = ScheduleCursor(cleaned, tokens(cleaned), lead)
    while cursor.at < len(cursor.tokens):
        if any(reader(cursor) for reader in READERS):
            continue
        if cursor.tokens[cursor.at].folded not in FILLERS:
            raise unknown(cursor)
        cursor.at += 1
    zone_said = "zone" in cursor.said
    return Reading(_schedule(cursor, now, cursor.said.get("zone", zone), usual), zone_said)


def words(schedule: Schedule, *, zone: bool = True) -> str:
    """The canonical words: reading them gives the same schedule again.

    Without the zone they do so for a reader in that zone.
    """
    match schedule.rhythm:
        case Daily(workdays=workdays):
            often, start = "every weekday" if workdays else "daily", ""
        case Weekly(weekday, 1):
            often, start = f"every {WEEKDAY_NAMES[weekday]}", ""
        case Weekly(weekday, weeks, first):
            often, start = f"every {weeks} weeks {WEEKDAY_NAMES[weekday]}", f" from {first}"
        case Monthly(day):
            often, start = f"monthly {ordinal(day)}", ""
    return f"{often} {_time(schedule)}{start}{f' {schedule.zone}' if zone else ''}"


def spoken(schedule: Schedule, *, zone: bool = True) -> str:
    """What people read: "every Monday at 9:00 (Europe/Berlin)"."""
    match schedule.rhythm:
        case Daily(workdays=workdays):
            often = "every weekday" if workdays else "every day"
        case Weekly(weekday, 1):
            often = f"every {WEEKDAY_NAMES[weekday].title()}"
        case Weekly(weekday, 2):
            often = f"every second {WEEKDAY_NAMES[weekday].title()}"
        case Weekly(weekday, weeks):
            often = f"every {weeks} weeks on {WEEKDAY_NAMES[weekday].title()}"
        case Monthly(day):
            often = f"on the {'last day' if day == LAST_DAY else ordinal(day)} of each month"
    return f"{often} at {_time(schedule)}{f' ({schedule.zone})' if zone else ''}"


def _schedule(cursor: ScheduleCursor, now: datetime, zone: str, usual: time) -> Schedule:
    clock = cursor.said.get("clock", usual)
    rhythm = _rhythm(cursor)
    if isinstance(rhythm, int) and rhythm > 1:
        return _every_few_weeks(cursor, rhythm, Schedule(Weekly(0), clock, zone), now)
    if "first" in cursor.said:
        raise cursor.problem(
            "`{word}` only goes with every few weeks, such as `every 2 weeks`. Leave it out.",
            cursor.places["first"],
            ("",),
        )
    if isinstance(rhythm, int):
        rhythm = Weekly(cursor.said.get("weekday", 0))
    return Schedule(rhythm, clock, zone)


def _every_few_weeks(
    cursor: ScheduleCursor, weeks: int, weekly: Schedule, now: datetime
) -> Schedule:
    """A schedule like the weekly one, from the date that was said or else from the next one."""
    begin: date | None = cursor.said.get("first")
    weekday = cursor.said.get("weekday", begin.weekday() if begin else 0)
    if begin is None:
        first = upcoming(replace(weekly, rhythm=Weekly(weekday)), now, 1)[0].day
    else:
        first = begin + timedelta(days=(weekday - begin.weekday()) % 7)
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise cursor.problem(BAD_FIRST, cursor.places["first"])
    return replace(weekly, rhythm=Weekly(weekday, weeks, first))


def _rhythm(cursor: ScheduleCursor) -> Rhythm | int:
    """How often, as said; a number of weeks is left to be given its weekday."""
    slot = _said_how_often(cursor)
    often: Any = {"weekday": 1, "day": "month"}.get(slot) or cursor.said[slot]
    fitting = "day" if often == "month" else "weekday" if isinstance(often, int) else ""
    for other in ("weekday", "day"):
        if other in cursor.said and other != fitting:
            raise cursor.conflict(slot, cursor.places[other])
    rhythm: Rhythm | int = Monthly(cursor.said.get("day", 1)) if often == "month" else often
    return rhythm


def _said_how_often(cursor: ScheduleCursor) -> str:
    """The slot that says how often; a weekday or a day of the month is enough."""
    for slot in ("often", "weekday", "day"):
        if slot in cursor.said:
            return slot
    raise UserError(
        "How often should it come? Try `every monday 9:00` or `daily 17:30`.",
        tuple(Suggestion(way, f"{cursor.lead} {way}".strip()) for way in EXAMPLES),
    )


def _time(schedule: Schedule) -> str:
    return f"{schedule.clock.hour}:{schedule.clock.minute:02}"
