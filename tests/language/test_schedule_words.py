"""Schedules in words, on Friday, March 20, 2026, in Berlin.

`schedules.tsv` has words and their canonical form; `refused_schedules.tsv` words, a part of the
reply, and the schedules behind its buttons; `questions_and_schedules.tsv`
what people type after `digest`, and its two parts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError, Suggestion, UserError
from bot.language.locale import Locale, written_for
from bot.language.schedule import DailyRhythm, MonthlyRhythm, Rhythm, Schedule, WeeklyRhythm
from bot.language.schedule_words import (
    read_schedule,
    schedule_phrase,
    split_schedule,
    written_schedule,
)
from bot.language.text import LIMIT, clean
from bot.language.tokens import tokenize
from bot.language.zones import zones_named
from tests.language.tables import rows
from tests.language.world import checked

NOW = datetime(2026, 3, 20, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
LEAD = 'digest "West Coast"'
ZONES = sorted(available_timezones() - {"Factory", "localtime", "EST", "MST", "HST"})
FRIDAYS = WeeklyRhythm(4, 2, date(2026, 3, 20))
QUESTIONS = (
    "sessions group:West last 7d gold",
    'trend "West Coast" since monday',
    "sessions since march 1st",
    "progress <@U12345> this quarter",
    "scores between monday and friday",
    "sessions score>=80 today",
    "team R&amp;D",
)
# Words of schedules and what stands around them, for random texts.
PIECES = (
    *("every", "each", "monday", "mon", "fri", "daily", "weekly", "monthly", "weekday", "2", "15"),
    *("1st", "31st", "weeks", "week", "month", "from", "since", "2026-04-01", "9:00", "9am", "pm"),
    *("at", "on", "the", "last", "day", "of", "noon", "berlin", "utc", "(Europe/Berlin)", "gmt+5"),
    *("new", "york", "other", "second", ",", ".", '"', "<@U1>", ":", "+", "99:99", "0", "９"),
    *("gold", "7d", '"West Coast"', "and", "group:", "17.30"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=60)
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
rhythms = st.one_of(
    st.builds(DailyRhythm, st.booleans()),
    st.builds(WeeklyRhythm, st.integers(0, 6)),
    st.builds(
        lambda first, weeks: WeeklyRhythm(first.weekday(), weeks, first),
        st.dates(date(2012, 1, 15), date(2039, 12, 1)),
        st.integers(2, 52),
    ),
    st.builds(MonthlyRhythm, st.integers(1, 31)),
)
schedules = st.builds(Schedule, rhythms, clocks, st.sampled_from(ZONES))


def parsed(text: str, zone: str = "Europe/London") -> Schedule:
    return read_schedule(text, now=NOW, zone=zone, lead=LEAD)


def refused(text: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        parsed(text)
    return caught.value


@pytest.mark.parametrize(("typed", "words"), rows("schedules.tsv"))
def test_schedules(typed: str, words: str) -> None:
    schedule = parsed(typed)
    zone = f" {schedule.zone}" if schedule.zone != "Europe/London" else ""
    assert written_schedule(schedule) + zone == words


@checked
@given(schedules, st.sampled_from(Locale))
def test_written_and_spoken_words_can_be_typed(schedule: Schedule, locale: Locale) -> None:
    """The first date is written, and not spoken."""
    words = written_schedule(schedule)
    assert parsed(f"{words} {schedule.zone}") == parsed(words, schedule.zone) == schedule
    with written_for(locale):
        spoken = schedule_phrase(schedule)
    heard = parsed(f"{spoken} {schedule.zone}")
    if isinstance(schedule.rhythm, WeeklyRhythm) and isinstance(heard.rhythm, WeeklyRhythm):
        rhythm = replace(heard.rhythm, first=schedule.rhythm.first)
        heard = replace(heard, rhythm=rhythm) if rhythm.weekday == heard.rhythm.weekday else heard
    assert heard == schedule


def test_every_zone_is_known_by_its_name() -> None:
    assert [zone for zone in ZONES if zones_named(zone.lower()) != (zone,)] == []


@pytest.mark.parametrize(
    ("rhythm", "canonical", "spoken"),
    [
        (DailyRhythm(), "daily 9:00", "every day at 9:00"),
        (DailyRhythm(workdays=True), "every weekday 9:00", "every weekday at 9:00"),
        (WeeklyRhythm(0), "every monday 9:00", "every Monday at 9:00"),
        (FRIDAYS, "every 2 weeks friday 9:00 from 2026-03-20", "every second Friday at 9:00"),
        (
            replace(FRIDAYS, weeks=3),
            "every 3 weeks friday 9:00 from 2026-03-20",
            "every 3 weeks on Friday at 9:00",
        ),
        (MonthlyRhythm(1), "monthly 1st 9:00", "on the 1st of each month at 9:00"),
        (MonthlyRhythm(22), "monthly 22nd 9:00", "on the 22nd of each month at 9:00"),
        (MonthlyRhythm(31), "monthly 31st 9:00", "on the last day of each month at 9:00"),
    ],
    ids=str,
)
def test_a_schedule_is_written_and_spoken(rhythm: Rhythm, canonical: str, spoken: str) -> None:
    schedule = Schedule(rhythm, time(9), "Europe/Berlin")
    assert written_schedule(schedule) == canonical
    with written_for(Locale.UK):
        assert schedule_phrase(schedule) == spoken
    with written_for(Locale.US):
        assert schedule_phrase(schedule) == f"{spoken} AM"


@pytest.mark.parametrize(("typed", "part", "ways"), rows("refused_schedules.tsv"))
def test_other_schedules_are_refused_with_a_way_on(typed: str, part: str, ways: str) -> None:
    error = refused(typed)
    assert part in error.sentence.plain()
    expected = [f"{LEAD} {way}" for way in ways.split(" / ") if way]
    assert [way.words for way in error.suggestions] == expected
    assert all(way.label for way in error.suggestions)


@pytest.mark.parametrize("typed", ["", "  ", "9:00", "berlin", "every", "at 9:00 Europe/Berlin"])
def test_how_often_is_required(typed: str) -> None:
    assert "Say how often" in refused(typed).sentence.pattern


@pytest.mark.parametrize(("typed", "question", "schedule"), rows("questions_and_schedules.tsv"))
def test_a_question_and_a_schedule(typed: str, question: str, schedule: str) -> None:
    what, when = split_schedule(typed)
    assert (clean(what), clean(when)) == (question, schedule)


@checked
@given(st.sampled_from(QUESTIONS), schedules)
def test_any_question_with_any_schedule(question: str, schedule: Schedule) -> None:
    when = f"{written_schedule(schedule)} {schedule.zone}"
    what, timing = split_schedule(f"{question} {when}")
    assert (clean(what), timing) == (clean(question), when)


@checked
@given(texts)
def test_any_words_are_read_or_refused(text: str) -> None:
    ways: tuple[Suggestion, ...] = ()
    try:
        reply = written_schedule(parsed(text))
    except UserError as error:
        reply, ways = error.sentence.plain(), error.suggestions
    else:
        assert written_schedule(parsed(reply)) == reply
    assert reply
    assert all(way.words.startswith(LEAD) for way in ways)


@checked
@given(texts)
def test_splitting_loses_nothing(typed: str) -> None:
    what, when = split_schedule(typed)
    # "group:" with nothing after it is a word.
    whole, *parts = (
        [token.typed.rstrip(":") for token in tokenize(text)] for text in (typed, what, when)
    )
    assert whole == parts[0] + parts[1]
    if when and not {"every", "each"} & set(when.casefold().split()):
        assert parsed(when)


@pytest.mark.parametrize("split", [split_schedule, parsed])
def test_long_texts_are_read_or_refused(split: Callable[[str], object]) -> None:
    for text in ("monday ", "every ", "last ", "1st ", "9:00 ", "9.", "new york ", '"', "ﬃ", "a"):
        with suppress(UserError):
            split((text * LIMIT)[: LIMIT - 1])
    with pytest.raises(ParseError):
        split("monday " * 101)
