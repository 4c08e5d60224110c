"""The filter by time: `last 7d`, `last week`, `march 2026`, `since 2026-03-01`."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import ParseError
from bot.language import dates
from bot.language.cursor import UNKNOWN, QueryCursor
from bot.language.days import CALENDAR, MONTH_NAMES, WEEKDAY_NAMES, WhenProblem
from bot.language.filters.names import ME
from bot.language.filters.row import AnyQuery, Aspect, Filter, Pairs
from bot.language.period import (
    ALL_TIME,
    LAST,
    LEADS,
    LONGEST,
    DateRange,
    Rolling,
    When,
    combined,
    find,
    interval,
)
from bot.language.query import Due, Period, Query, Rank, ResolvedQuery
from bot.language.text import TokenForm, nearest_words

VERSUS_WORDS = ("vs", "vs.", "v", "versus", "against")
_COMPARING = "compare"  # the report all of whose questions compare
_JOINTS = frozenset(("and", "&", "to", "with"))
# What these ask about lies ahead: "by friday" is the coming one.
_AHEAD = "assignments"
# Where the report is for a meeting, its time narrows nothing.
_OF_A_MEETING = "prep"
_MEETING = re.compile(
    r"(?:(?:in|at|on|by|for|around|about|from|until|till|before|after) (?:the )?)?"
    r"(?:(?:(?<=in )|(?<=from ))(?:the )?(?:next )?(?:\d{1,3} ?|an? |half an )(?:m|mins?|minutes?|"
    r"h|hrs?|hours?|d|days?|w|wks?|weeks?)(?: from now)?|\d{1,2}(?::\d\d)? ?[ap]m|\d{1,2}:\d\d|"
    r"(?<=at )\d{1,2}|noon|midday|lunch(?:time)?|now|soon|later|today|tonight|tomorrow|"
    r"(?:(?:this|next|coming) )(?:morning|afternoon|evening|week|month|\w+day)|"
    r"(?:tomorrow )?(?:morning|afternoon|evening))(?![^\s,.?!])",
    re.ASCII | re.IGNORECASE,
)
_ROLLING = re.compile(r"last (\d+) ?([a-z]+)")
_SPELLED = {"h": "hour", "d": "day", "w": "week"}
_PERIODS = tuple(f"{lead} {unit}" for unit in CALENDAR for lead in ("last", "this"))


def _read(cursor: QueryCursor) -> bool:
    """One period; "since …" and "until …" are one together."""
    ahead = _lies_ahead(cursor)
    if cursor.lead == _OF_A_MEETING and (met := cursor.match(_MEETING)):
        cursor.take(met[1])
        return True
    try:
        found = find([token.folded for token in cursor.rest[:LONGEST]], ahead=ahead)
    except WhenProblem as problem:
        raise _about_time(cursor, problem, problem.skip, problem.count) from None
    if found is None:
        return _refuse_half_period(cursor)
    when, count = found
    if cursor.lead == _OF_A_MEETING and _is_a_day(when):
        cursor.take(count)
        return True
    try:
        period = interval(when, cursor.now, cursor.zone, ahead=ahead)
    except WhenProblem as problem:
        raise _about_time(cursor, problem, 0, count) from None
    before: When | None = cursor.notes.get("period")
    if before and before != when:
        if cursor.lead == _COMPARING and not combined(before, when):
            return False  # the other side
        when, period = _both(cursor, before, when, count)
    cursor.spans["period"] = cursor.take(count)
    cursor.notes["period"] = when
    cursor.values["period"] = period
    return True


def _read_versus(cursor: QueryCursor) -> bool:
    """The other one of two periods that are compared: "last month vs this month".

    Where everything asked is a comparison, no word has to stand between the two.
    """
    if cursor.word() in VERSUS_WORDS:
        skip = 1
    elif cursor.lead == _COMPARING and "period" in cursor.values:
        skip = 1 if cursor.word() in _JOINTS else 0
    else:
        return False
    skip += bool(skip) and cursor.word(skip) == "the"
    try:
        found = find([token.folded for token in cursor.rest[skip : skip + LONGEST]])
        if found is None:
            return _stands_between(cursor)
        when, count = found
        period = interval(when, cursor.now, cursor.zone)
    except WhenProblem as problem:
        raise _about_time(cursor, problem, problem.skip + skip, problem.count) from None
    before = cursor.notes.get("period")
    if before == when and isinstance(when, Rolling) and skip:
        # "last 7d vs last 7d": the one before.
        period = interval(replace(when, before_last=True), cursor.now, cursor.zone)
    elif before == when or (before and not skip and combined(before, when)):
        return False  # the same again, or its other end
    cursor.once("versus", period, count + skip)
    return True


def _stands_between(cursor: QueryCursor) -> bool:
    """The "vs" between two people, groups or scenarios."""
    between = cursor.lead == _COMPARING and cursor.word() in VERSUS_WORDS
    if between:
        cursor.take(1)
    return between


def _both(cursor: QueryCursor, first: When, second: When, count: int) -> tuple[When, Period]:
    """The period of "since …" and "until …", which may stand apart."""
    spans = (cursor.spans["period"], cursor.span(count))
    joined = combined(first, second)
    if joined is None:
        raise cursor.conflict(*spans, "two periods: `{first}` and `{second}`")
    try:
        return joined, interval(joined, cursor.now, cursor.zone, ahead=_lies_ahead(cursor))
    except WhenProblem:
        raise cursor.conflict(
            *spans, "`{first}` and `{second}` leave no time between them. Keep one of them."
        ) from None


def _about_time(cursor: QueryCursor, problem: WhenProblem, skip: int, count: int) -> ParseError:
    instead = problem.instead
    if problem.of_february:
        instead = (f"{monthrange(cursor.now.astimezone(cursor.zone).year, 2)[1]} february",)
    return cursor.problem(problem.pattern, skip=skip, count=count, instead=instead)


def _lies_ahead(cursor: QueryCursor) -> bool:
    """Whether the time is one to come: of what is due, and not of what is overdue."""
    return cursor.lead == _AHEAD and Due.OVERDUE.value not in cursor.text.casefold()


def _is_a_day(when: When) -> bool:
    if not isinstance(when, DateRange) or when.first is None:
        return False
    return when.first == when.last and when.first.unit == "day"


def _refuse_half_period(cursor: QueryCursor) -> bool:
    """Raises for words like "last wek", which are about a time although it is not understood."""
    if cursor.word() not in LEADS:
        return False
    count = 2 if cursor.word(1) else 1
    said = f"{cursor.word()} {cursor.word(1)}".strip()
    near = nearest_words(said, _PERIODS)
    if not near and cursor.word() == LAST and _is_whose(cursor):
        return False  # Jane's last one
    if near:
        raise cursor.problem(UNKNOWN, count=count, instead=near, near=near[0])
    raise cursor.problem(
        "I don't know the time `{word}`. Try `last week`, `last 7d` or `since 2026-03-01`.",
        count=count,
    )


def _is_whose(cursor: QueryCursor) -> bool:
    """Whether what follows the word here is no time, but says whose or what sessions."""
    following = cursor.rest[1:2]
    return (
        not following
        or following[0].form is not TokenForm.WORD
        or not following[0].text.isalpha()
        or following[0].folded in (*ME, *Rank)
    )


def _phrase(query: AnyQuery, now: datetime | None) -> str:
    """As people say it: "last 30 days", "last week", "since Mon 2 Mar"."""
    periods = [each for each in (query.period, query.versus) if each]
    return " against ".join(each.words if now is None else _said(each, now) for each in periods)


def _said(period: Period, now: datetime) -> str:
    amount = _ROLLING.fullmatch(period.words)
    if amount is not None:
        count, unit = int(amount[1]), _SPELLED.get(amount[2], amount[2].removesuffix("s"))
        return f"last {unit}" if count == 1 else f"last {count:,} {unit}s"
    if period.start is None and period.end is None:
        return ALL_TIME
    if period.words.split(" ")[0] in (*LEADS, "next", "today", "yesterday", "tomorrow"):
        return period.words
    return _interval(period, now.astimezone(ZoneInfo(period.zone)).year)


def exact_period(query: AnyQuery, now: datetime) -> str:
    """The period by its local days, or by its local times if it is a rolling one; "" of all."""
    periods = [each for each in (query.period, query.versus) if each and (each.start or each.end)]
    return " against ".join(
        _interval(each, now.astimezone(ZoneInfo(each.zone)).year) for each in periods
    )


def _interval(period: Period, year: int) -> str:
    """The interval in local days, or in local times for a rolling period."""
    zone = ZoneInfo(period.zone)
    start = period.start and period.start.astimezone(UTC).astimezone(zone)
    end = period.end and period.end.astimezone(UTC)
    if end and not period.closed:
        end -= timedelta(microseconds=1)  # the last day that the period holds
    end = end and end.astimezone(zone)
    if start and end:
        return _from_to(start, end, year, with_hours=period.closed)
    if start:
        return f"since {_moment(start, year, with_hour=period.closed)}"
    return f"until {_moment(end, year, with_hour=period.closed)}" if end else "any time"


def _from_to(start: datetime, end: datetime, year: int, *, with_hours: bool) -> str:
    if not with_hours:
        is_this_year = start.year == end.year == year
        return dates.write_days(
            start.date(), end.date(), dates.DateForm(weekday=True, year=not is_this_year)
        )
    if start.date() == end.date():
        return f"{_moment(start, year, with_hour=True)} – {dates.write_hour(end)}"
    if start.year != end.year:
        year = 0  # then both show theirs
    return " – ".join(_moment(each, year, with_hour=True) for each in (start, end))


def _moment(moment: datetime, year: int, *, with_hour: bool) -> str:
    """ "Fri 13 Mar", "Fri 13 Mar 14:02"; with the year unless it is `year`."""
    form = dates.DateForm(weekday=True, year=moment.year != year)
    return dates.write_moment(moment, form) if with_hour else dates.write_day(moment, form)


def _write_versus(query: Query) -> tuple[str, ...]:
    return (f"vs {query.versus.words}",) if query.versus else ()


def _write(query: Query) -> tuple[str, ...]:
    return (query.period.words,) if query.period else ()


def _send(query: ResolvedQuery, now: datetime) -> Pairs:
    """The interval, of which Exec includes both ends: [a, b) is sent as a … b − 1 ms.

    The end is at most `now`, so that the same question reads the same rows twice.
    """
    period = query.period
    if period is None:
        return ()
    pairs = []
    if period.start is not None:
        pairs.append(("start_date", _instant(period.start)))
    if period.end is not None:
        end = period.end.astimezone(UTC)
        if not period.closed:
            end = now.astimezone(UTC) if end > now else end - timedelta(milliseconds=1)
        pairs.append(("end_date", _instant(end)))
    return tuple(pairs)


def _instant(moment: datetime) -> str:
    """In UTC with Z; milliseconds, cut and not rounded, only where there are any."""
    utc = moment.astimezone(UTC)
    thousandths = utc.microsecond // 1000
    return f"{utc:%Y-%m-%dT%H:%M:%S}{f'.{thousandths:03}' if thousandths else ''}Z"


PERIOD = Filter(
    key="period",
    field="period",
    aspect=Aspect.WHEN,
    forms=(
        "last 7d",
        "past 2 weeks",
        "today",
        "last week",
        "this month",
        "march 2026",
        "q1 2026",
        "since 2026-03-01",
        "2026-03-01..2026-03-15",
    ),
    help="A time, in your time zone. `last 7d` ends now; `last week` is Monday to Sunday.",
    example="last 7d",
    words=(
        *("today", "yesterday", "since", "until", "between", "before", "after"),
        *MONTH_NAMES,
        *WEEKDAY_NAMES,
        *("last", "past", "this"),
    ),
    read=_read,
    phrase=_phrase,
    write=_write,
    send=_send,
    anything="Any date",
)
VERSUS = Filter(
    key="versus",
    field="versus",
    aspect=Aspect.WHEN,
    forms=("last month vs this month",),
    help="Another time, to compare the first one with.",
    example="last month vs this month",
    words=VERSUS_WORDS,
    read=_read_versus,
    # Both stand in the phrase of the first one.
    phrase=lambda query, now: "",
    write=_write_versus,
    lead=_COMPARING,
)
