"""Periods in words, on Friday, March 20, 2026, at 10:00 in Berlin.

`periods.tsv` has words, their canonical form, and the local start and end ("" if it is open);
`due.tsv` the same for assignments, whose dates lie ahead; `refused_periods.tsv` words and a part of
the reply.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.days import day_start
from bot.language.locale import Locale, written_for
from tests.language.tables import rows
from tests.language.world import BERLIN, LATER, checked, query_of, refused

ZONES = sorted(available_timezones())
MOMENTS = st.integers(10**9, 22 * 10**8)  # seconds, from September 2001 to 2039
PERIODS, DUE = rows("periods.tsv"), rows("due.tsv")
FORMS = st.sampled_from([said for said, *_ in PERIODS])
# When a coach meets somebody, which filters nothing.
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


def local(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN) if text else None


@pytest.mark.parametrize(("said", "words", "start", "end"), PERIODS)
def test_periods(said: str, words: str, start: str, end: str) -> None:
    period = query_of(said).period
    assert period is not None
    assert (period.words, period.start, period.end) == (words, local(start), local(end))
    assert period.zone == "Europe/Berlin"
    assert period.closed is ("T" in start)
    assert query_of(words).period == period


@pytest.mark.parametrize(("said", "words", "start", "end"), DUE)
def test_due_dates_lie_ahead(said: str, words: str, start: str, end: str) -> None:
    query = query_of(said, report="assignments")
    period = query.period
    assert period is not None
    assert (period.words, period.start, period.end) == (words, local(start), local(end))
    assert query_of(f"{words} {query.due or ''}", report="assignments") == query


def test_the_time_of_a_meeting_is_no_filter() -> None:
    assert [said for said in MEETINGS if query_of(said, report="prep").period is not None] == []
    kept = query_of("tomorrow last month", report="prep").period
    assert kept is not None
    assert kept.words == "last month"


def test_a_date_in_digits_is_in_the_order_of_its_reader() -> None:
    words = {Locale.US: "since 4 march", Locale.UK: "since 3 april"}
    for locale, meant in words.items():
        with written_for(locale):
            period = query_of("since 3/4").period
        assert period is not None
        assert period.words == meant


@pytest.mark.parametrize(("said", "part"), rows("refused_periods.tsv"))
def test_other_periods_are_refused_with_a_way_on(said: str, part: str) -> None:
    assert part in refused(said).sentence.plain()


def test_rolling_periods_count_hours_and_months_over_a_change_of_the_clocks() -> None:
    def start(said: str, now: datetime) -> datetime:
        period = query_of(said, now).period
        assert period is not None
        assert period.start is not None
        return period.start

    assert start("last 7d", LATER).astimezone(UTC) == LATER - timedelta(hours=7 * 24)
    end_of_march = datetime(2026, 3, 31, 12, tzinfo=BERLIN)
    assert start("last 1 month", end_of_march) == datetime(2026, 2, 28, 12, tzinfo=BERLIN)
    night = datetime(2026, 4, 29, 2, 30, tzinfo=BERLIN)
    assert start("last 1 month", night) == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00", 23),  # without a midnight
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00", 0),  # left out
    ],
)
def test_days_start_at_their_first_instant(zone: str, day: date, start: str, hours: int) -> None:
    first = day_start(day, ZoneInfo(zone)).astimezone(UTC)
    following = day_start(day + timedelta(days=1), ZoneInfo(zone)).astimezone(UTC)
    assert first == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert following - first == timedelta(hours=hours)


@checked
@given(FORMS, st.sampled_from(ZONES), MOMENTS)
def test_canonical_words_mean_the_same_period_in_every_zone(
    said: str, zone_name: str, moment: int
) -> None:
    zone, now = ZoneInfo(zone_name), datetime.fromtimestamp(moment, UTC)
    try:
        period = query_of(said, now, zone).period
    except ParseError:
        return
    assert period is not None
    assert query_of(period.words, now, zone).period == period
