"""What interval a period means, for someone in a time zone at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language.days import Point, day_start, following, latest, shift
from bot.language.points import FIRST_YEAR, TOO_EARLY, WhenProblem
from bot.language.query import Period
from bot.language.when import Rolling, Span, When

_UNITS = {
    "minutes": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(hours=24),
    "w": timedelta(hours=168),
}


def interval(when: When, now: datetime, zone: ZoneInfo) -> Period:
    """The period at this moment. Raises WhenProblem for one that cannot be asked about."""
    if isinstance(when, Rolling):
        begin, moment = _rolling(when, now, zone), now.astimezone(zone)
        return Period(when.words, str(zone), begin, moment, closed=True)
    first, last = _dates(when, now.astimezone(zone).date())
    earliest = first or last
    if earliest and earliest < date(FIRST_YEAR, 1, 1):
        raise _problem(TOO_EARLY, "last 7d")
    start = day_start(first, zone) if first else None
    end = day_start(last, zone) if last else None
    if first and last and start and end and start >= end.astimezone(UTC):
        _refuse_empty(when, first < last)
    if start and start > now.astimezone(UTC):
        raise _problem("`{word}` has not begun yet. Ask about a time that has passed.")
    return Period(when.words, str(zone), start, end)


def _rolling(when: Rolling, now: datetime, zone: ZoneInfo) -> datetime:
    # Amounts are cut before they can overflow; what they reach is refused anyway.
    if when.unit == "months":
        local = now.astimezone(zone)
        day = shift(local.date(), "month", -min(when.amount, 12 * (local.year - FIRST_YEAR + 1)))
        # A wall time that a jump of the clocks left out is moved behind the jump by way of UTC.
        start = datetime.combine(day, local.timetz()).astimezone(UTC)
    else:
        length = _UNITS[when.unit]
        longest = (now.year - FIRST_YEAR + 2) * timedelta(days=366) // length
        start = now.astimezone(UTC) - min(when.amount, longest) * length
    if start < datetime(FIRST_YEAR, 1, 1, tzinfo=UTC):
        raise _problem(TOO_EARLY, "last 7d")
    return start.astimezone(zone)


def _dates(span: Span, today: date) -> tuple[date | None, date | None]:
    """The first day of the span and the day after its last one."""
    first = last = None
    if span.first and span.last and span.last.recurs:
        first = latest(span.first, today)
        last = following(span.last, first)
    elif span.first and span.last:
        last = latest(span.last, today)
        # "1 Dec to 15 Jan 2026": the latest 1 Dec before the end.
        first = latest(span.first, last if span.first.recurs else today)
    elif span.first:
        first = latest(span.first, today)
    elif span.last:
        last = latest(span.last, today)
    if first and span.first and span.after:
        first = _end(span.first, first)
    if last and span.last and not span.before:
        last = _end(span.last, last)
    return first, last


def _end(point: Point, first: date) -> date:
    return shift(first, point.unit, 1)


def _refuse_empty(span: Span, skipped: bool) -> None:
    if skipped:
        raise _problem("`{word}` did not happen in your time zone. Ask about another day.")
    if span.after or span.before:
        raise _problem("`{word}` leaves no time between the two. Choose dates further apart.")
    swapped = Span(span.last, span.first) if span.first and span.last else span
    raise _problem("`{word}` starts after its end. Swap the two dates.", swapped.words)


def _problem(pattern: str, *instead: str) -> WhenProblem:
    return WhenProblem(pattern, 0, 1, instead)
