from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.days import Unit, day_start, floor, shift
from tests.language.world import BERLIN, LATER, checked, heard, parse_period, refused

ZONES = sorted(available_timezones())
MOMENTS = st.integers(10**9, 22 * 10**8)  # seconds, from September 2001 to 2039
ALL_FORMS = [
    # said, canonical words, start, end (local; None is no bound)
    ("last 24h", "last 24h", "2026-03-19T10:00", "2026-03-20T10:00"),
    ("last 7d", "last 7d", "2026-03-13T10:00", "2026-03-20T10:00"),
    ("7d", "last 7d", "2026-03-13T10:00", "2026-03-20T10:00"),
    ("in the last 7 days", "last 7d", "2026-03-13T10:00", "2026-03-20T10:00"),
    ("past 2 weeks", "last 2w", "2026-03-06T10:00", "2026-03-20T10:00"),
    ("past week", "last 1w", "2026-03-13T10:00", "2026-03-20T10:00"),
    ("last 30 minutes", "last 30 minutes", "2026-03-20T09:30", "2026-03-20T10:00"),
    ("last 3 months", "last 3 months", "2025-12-20T10:00", "2026-03-20T10:00"),
    ("past month", "last 1 month", "2026-02-20T10:00", "2026-03-20T10:00"),
    ("last 2 quarters", "last 6 months", "2025-09-20T10:00", "2026-03-20T10:00"),
    ("today", "today", "2026-03-20", "2026-03-21"),
    ("yesterday", "yesterday", "2026-03-19", "2026-03-20"),
    ("this week", "this week", "2026-03-16", "2026-03-23"),
    ("last week", "last week", "2026-03-09", "2026-03-16"),
    ("this quarter", "this quarter", "2026-01-01", "2026-04-01"),
    ("march", "march", "2026-03-01", "2026-04-01"),
    ("apr", "in april", "2025-04-01", "2025-05-01"),
    ("march 2025", "march 2025", "2025-03-01", "2025-04-01"),
    ("2025-03", "march 2025", "2025-03-01", "2025-04-01"),
    ("q1 2026", "q1 2026", "2026-01-01", "2026-04-01"),
    ("q4", "q4", "2025-10-01", "2026-01-01"),
    ("2025", "2025", "2025-01-01", "2026-01-01"),
    ("monday", "monday", "2026-03-16", "2026-03-17"),
    ("last friday", "last friday", "2026-03-13", "2026-03-14"),
    ("2026-03-01", "2026-03-01", "2026-03-01", "2026-03-02"),
    ("1 Mar", "1 march", "2026-03-01", "2026-03-02"),
    ("1st of march", "1 march", "2026-03-01", "2026-03-02"),
    ("21 mar", "21 march", "2025-03-21", "2025-03-22"),
    ("29 feb", "29 february", "2024-02-29", "2024-03-01"),
    ("Mar 1, 2026", "2026-03-01", "2026-03-01", "2026-03-02"),
    ("since 2026-03-01", "since 2026-03-01", "2026-03-01", None),
    ("since monday", "since monday", "2026-03-16", None),
    ("since last week", "since last week", "2026-03-09", None),
    ("after 2026-03-01", "after 2026-03-01", "2026-03-02", None),
    ("until 2026-03-15", "until 2026-03-15", None, "2026-03-16"),
    ("until february", "until february", None, "2026-03-01"),
    ("before 2026-03-15", "before 2026-03-15", None, "2026-03-15"),
    ("from 2026-03-01 to 2026-03-15", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    ("between 2026-03-01 and 2026-03-15", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    ("2026-03-01..2026-03-15", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    ("2026-03-01–2026-03-15", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    ("2026-03-01..15", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    ("1 Mar - 15 Mar", "from 1 march to 15 march", "2026-03-01", "2026-03-16"),
    ("Mar 1-15 2026", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    ("since 2026-03-01 until 2026-03-15", "2026-03-01..2026-03-15", "2026-03-01", "2026-03-16"),
    (
        "since 2026-03-01 before 2026-03-15",
        "since 2026-03-01 before 2026-03-15",
        "2026-03-01",
        "2026-03-15",
    ),
    ("from nov to feb", "from november to february", "2025-11-01", "2026-03-01"),
    ("1 dec to 2026-01-15", "from 1 december to 2026-01-15", "2025-12-01", "2026-01-16"),
    ("13.11.2025", "2025-11-13", "2025-11-13", "2025-11-14"),
    ("since 13.11.", "since 13 november", "2025-11-13", None),
    ("13/3 to 15/3", "from 13 march to 15 march", "2026-03-13", "2026-03-16"),
    ("monday to friday", "from monday to friday", "2026-03-16", "2026-03-21"),
    ("the week before last", "week before last", "2026-03-02", "2026-03-09"),
    ("3 days ago", "3 days ago", "2026-03-17", "2026-03-18"),
    ("a week ago", "1 week ago", "2026-03-09", "2026-03-16"),
    ("since 2 months ago", "since 2 months ago", "2026-01-01", None),
    ("on the 3rd", "the 3rd", "2026-03-03", "2026-03-04"),
    ("since the 31st", "since the 31st", "2026-01-31", None),
    ("from the 1st to the 15th", "from the 1st to the 15th", "2026-03-01", "2026-03-16"),
    ("all time", "all time", None, None),
]
# Of what is due, on a Friday.
AHEAD = [
    ("by the 25th", "until the 25th", None, "2026-03-26"),
    ("the 3rd", "the 3rd", "2026-04-03", "2026-04-04"),
    ("friday", "friday", "2026-03-20", "2026-03-21"),
    ("by monday", "until monday", None, "2026-03-24"),
    ("until march", "until march", None, "2026-04-01"),
    ("before 1 mar", "before 1 march", None, "2027-03-01"),
    ("after 1 april", "after 1 april", "2026-04-02", None),
    ("next friday", "next friday", "2026-03-27", "2026-03-28"),
    ("this friday", "this friday", "2026-03-20", "2026-03-21"),
    ("next week", "next week", "2026-03-23", "2026-03-30"),
    ("in 2 weeks", "next 2w", "2026-03-20", "2026-04-04"),
    ("within a month", "next 1 month", "2026-03-20", "2026-04-21"),
    ("the next 10 days", "next 10d", "2026-03-20", "2026-03-31"),
    ("tomorrow", "tomorrow", "2026-03-21", "2026-03-22"),
    ("until this week", "until this week", None, "2026-03-23"),
    ("last week", "last week", "2026-03-09", "2026-03-16"),
    ("since monday", "since monday", "2026-03-16", None),
    ("overdue before 1 mar", "before 1 march", None, "2026-03-01"),
]
# Of somebody whom one meets then: no filter.
MEETINGS = (
    "in 10 minutes",
    "in an hour",
    "at 3pm",
    "at 15:30",
    "on monday",
    "tomorrow morning",
    "next week",
    "on 3 dec",
    "this afternoon",
)


def local(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("said", "words", "start", "end"), [pytest.param(*row, id=row[0]) for row in ALL_FORMS]
)
def test_forms(said: str, words: str, start: str | None, end: str | None) -> None:
    period = heard(said).period
    assert period is not None
    assert (period.words, period.start, period.end) == (words, local(start), local(end))
    assert period.zone == "Europe/Berlin"
    assert period.closed is ("T" in (start or ""))
    assert heard(words).period == period


@pytest.mark.parametrize(
    ("said", "words", "start", "end"), [pytest.param(*row, id=row[0]) for row in AHEAD]
)
def test_what_is_due_lies_ahead(said: str, words: str, start: str | None, end: str | None) -> None:
    query = heard(said, report="assignments")
    period = query.period
    assert period is not None
    assert (period.words, period.start, period.end) == (words, local(start), local(end))
    again = f"{words} {query.due or ''}"
    assert heard(again, report="assignments") == query


def test_the_time_of_a_meeting_is_no_filter() -> None:
    for said in MEETINGS:
        assert heard(said, report="prep").period is None, said
    kept = heard("tomorrow last month", report="prep").period
    assert kept is not None
    assert kept.words == "last month"


@pytest.mark.parametrize(
    ("said", "part"),
    [
        pytest.param("next week", "not begun", id="next-week"),
        pytest.param("2026-03-15..2026-03-01", "starts after its end", id="backwards"),
        pytest.param("until 2026-03-01 since 2026-03-10", "starts after its end", id="two-halves"),
        pytest.param("tomorrow", "not begun", id="tomorrow"),
        pytest.param("last 0d", "no time at all", id="zero"),
        pytest.param("last 99999999999999999999d", "before 2000", id="overflow"),
        pytest.param("last 40 years", "before 2000", id="long-ago"),
        pytest.param("1999-12-31", "before 2000", id="the-last-day-before"),
        pytest.param("1.1.1999", "before 2000", id="in-numbers"),
        pytest.param("after friday until friday", "no time between", id="a-day-without-itself"),
        pytest.param("9999-12-31", "too far ahead", id="9999"),
        pytest.param("2026-02-30", "in the calendar", id="no-such-day"),
        pytest.param("2026-13-01", "in the calendar", id="no-such-month"),
        pytest.param("2026-03-01..32", "in the calendar", id="short-end"),
        pytest.param("31.11.2025", "in the calendar", id="no-such-day-in-numbers"),
        pytest.param("03/04/2026", "the day from the month", id="slashes"),
        pytest.param("3/4", "the day from the month", id="no-year"),
        pytest.param("last 5m", "minutes or months", id="minutes-or-months"),
        pytest.param("last wek", "I don't know last wek", id="slip"),
        pytest.param("since", "can't answer since", id="since-nothing"),
        pytest.param("between 1 mar", "two dates after between", id="half-between"),
    ],
)
def test_refusals(said: str, part: str) -> None:
    assert part in refused(said).sentence.plain()


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ("03/02/2026", "2026-02-03"),
        ("since 3/4", "3 april"),
        ("2026-02-30", "2026-02-28"),
        ("31 feb", "28 february"),
        ("since mrach", "march"),
        ("last 5m", "last 5 minutes"),
        ("last wek gold", "last week"),
    ],
)
def test_the_nearest_valid_form_is_named(said: str, nearest: str) -> None:
    assert nearest in refused(said).sentence.plain()


@pytest.mark.parametrize(
    ("said", "swapped"),
    [
        pytest.param(said, swapped, id=said)
        for said, swapped in (
            ("10 nov - 3 nov", "from 3 november to 10 november"),
            ("from 10 nov to 3 nov", "from 3 november to 10 november"),
            ("10-3 nov", "from 3 november to 10 november"),
            ("from 10 to 3 november", "from 3 november to 10 november"),
            ("nov 10-3", "from 3 november to 10 november"),
            ("since 10 nov until 3 nov", "from 3 november to 10 november"),
            ("15-1 mar 2026", "2026-03-01..2026-03-15"),
            ("2026-03-15..01", "2026-03-01..2026-03-15"),
            ("2026-03-15-2026-03-01", "2026-03-01..2026-03-15"),
            ("between march 15 and march 1", "from 1 march to 15 march"),
            ("friday to monday", "from monday to friday"),
            ("dec to nov", "from november to december"),
            ("march 2026 to january 2026", "from january 2026 to march 2026"),
            ("q4 to q2", "from q2 to q4"),
            ("2026 to 2025", "from 2025 to 2026"),
            ("today to yesterday", "from yesterday to today"),
            ("this week to last week", "from last week to this week"),
        )
    ],
)
def test_what_ends_before_it_starts_is_offered_the_other_way_round(said: str, swapped: str) -> None:
    told = refused(f"gold {said}").sentence.plain()
    assert "starts after its end" in told
    assert told.endswith(f"Try {swapped}.")


def test_rolling_counts_hours_over_a_change_of_the_clocks() -> None:
    period = heard("last 7d", LATER).period
    assert period is not None
    assert period.start is not None
    assert period.start.astimezone(UTC) == LATER - timedelta(hours=7 * 24)
    assert (period.start.hour, LATER.astimezone(BERLIN).hour) == (9, 10)


def test_rolling_months_clip_the_day_and_step_over_a_jump() -> None:
    period = heard("last 1 month", datetime(2026, 3, 31, 12, tzinfo=BERLIN)).period
    assert period is not None
    assert period.start == datetime(2026, 2, 28, 12, tzinfo=BERLIN)
    period = heard("last 1 month", datetime(2026, 4, 29, 2, 30, tzinfo=BERLIN)).period
    assert period is not None
    assert period.start == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        pytest.param("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23, id="23-hours"),
        pytest.param(
            "America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00", 23, id="sao-paulo"
        ),
        pytest.param("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00", 0, id="no-such-day"),
    ],
)
def test_days_start_at_their_first_instant(zone: str, day: date, start: str, hours: int) -> None:
    first = day_start(day, ZoneInfo(zone)).astimezone(UTC)
    following = day_start(day + timedelta(days=1), ZoneInfo(zone)).astimezone(UTC)
    assert first == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert following - first == timedelta(hours=hours)


def test_a_day_that_a_zone_skipped_is_refused() -> None:
    now = datetime(2012, 1, 5, tzinfo=UTC)
    with pytest.raises(ParseError, match="did not happen"):
        parse_period(["2011-12-30"], now, ZoneInfo("Pacific/Apia"))


SKIPPED = {date(2011, 12, 30)}  # Apia and Fakaofo


@checked
@given(
    st.sampled_from(ZONES),
    st.dates(date(2000, 1, 1), date(2040, 11, 30)),
    st.sampled_from(get_args(Unit)),
)
def test_calendar_intervals_tile(zone_name: str, day: date, unit: Unit) -> None:
    zone = ZoneInfo(zone_name)
    first = floor(day, unit)
    if first.year < 2000 or (unit == "day" and day in SKIPPED):
        return
    second = shift(first, unit, 1)
    if unit == "day" and second in SKIPPED:
        return
    third = shift(second, unit, 1)
    word = {"day": "{0:%Y-%m-%d}", "year": "{0:%Y}"}.get(unit, "")

    def said(start: date, end: date) -> list[str]:
        if word:
            return [word.format(start)]
        return [start.isoformat(), "..", (end - timedelta(days=1)).isoformat()]

    now = datetime(2045, 1, 1, tzinfo=UTC)
    one = parse_period(said(first, second), now, zone)
    other = parse_period(said(second, third), now, zone)
    assert one.start is not None
    assert one.end is not None
    assert one.end == other.start
    assert one.end.astimezone(UTC) == day_start(second, zone).astimezone(UTC)
    assert one.start.astimezone(UTC) < one.end.astimezone(UTC)


@checked
@given(
    st.sampled_from([row[0] for row in ALL_FORMS if "," not in row[0] and "–" not in row[0]]),
    st.sampled_from(ZONES),
    MOMENTS,
)
def test_canonical_words_give_the_period_again(said: str, zone_name: str, moment: int) -> None:
    zone, now = ZoneInfo(zone_name), datetime.fromtimestamp(moment, UTC)
    try:
        period = heard(said, now, zone).period
    except ParseError:
        return
    assert period is not None
    assert heard(period.words, now, zone).period == period
