"""How people type a schedule, and a digest command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError, TooLong, UserError
from bot.language.locale import Locale, written_for
from bot.language.schedule import Daily, Monthly, Rhythm, Schedule, Weekly
from bot.language.schedule_words import (
    EXAMPLES,
    LIST,
    DigestWords,
    ParsedSchedule,
    is_change,
    is_list,
    read_schedule,
    split_group,
    split_schedule,
    spoken_schedule,
    written_schedule,
)
from bot.language.text import LIMIT, clean
from bot.language.tokens import tokenize
from bot.language.zones import zones_named
from tests.outbox.model import ZONES, checked
from tests.outbox.test_schedule import clocks, rhythms

NOW = datetime(2026, 3, 20, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # a Friday
LEAD = 'digest "West Coast"'
WEST = "West Coast"
PLACES = [zone for zone in ZONES if zone not in ("Factory", "localtime", "EST", "MST", "HST")]
FRIDAYS = Weekly(4, 2, date(2026, 3, 20))

schedules = st.builds(Schedule, rhythms, clocks, st.sampled_from(PLACES))


def heard(text: str, zone: str = "Europe/London") -> ParsedSchedule:
    return read_schedule(text, now=NOW, zone=zone, lead=LEAD)


def refused(text: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        heard(text)
    return caught.value


FORMS: list[tuple[str, Rhythm, str, str]] = [
    # typed, rhythm, time, zone ("" if none was typed)
    ("every monday 9:00", Weekly(0), "09:00", ""),
    ("9:00 every monday", Weekly(0), "09:00", ""),
    ("each monday 9:00", Weekly(0), "09:00", ""),
    ("weekly on Tuesdays at 8:15", Weekly(1), "08:15", ""),
    ("weekly", Weekly(0), "09:00", ""),
    ("every week on wed", Weekly(2), "09:00", ""),
    ("every 1 week tue", Weekly(1), "09:00", ""),
    ("monday 9am", Weekly(0), "09:00", ""),
    ("monday 9 a.m.", Weekly(0), "09:00", ""),
    ("9:30 pm thurs", Weekly(3), "21:30", ""),
    ("monday 12am", Weekly(0), "00:00", ""),
    ("monday 12 pm", Weekly(0), "12:00", ""),
    ("monday at 9", Weekly(0), "09:00", ""),
    ("sunday noon", Weekly(6), "12:00", ""),
    ("sun at midnight", Weekly(6), "00:00", ""),
    ("monday 17.30", Weekly(0), "17:30", ""),
    ("monday", Weekly(0), "09:00", ""),
    ("monday and monday", Weekly(0), "09:00", ""),
    ("daily 17:30", Daily(), "17:30", ""),
    ("every day at 8", Daily(), "08:00", ""),
    ("every weekday 9:00", Daily(workdays=True), "09:00", ""),
    ("working days 9:00", Daily(workdays=True), "09:00", ""),
    ("every 2 weeks friday 16:00", FRIDAYS, "16:00", ""),
    ("every two weeks on friday 16:00", FRIDAYS, "16:00", ""),
    ("every 2weeks friday 16:00", FRIDAYS, "16:00", ""),
    ("every other friday 16:00", FRIDAYS, "16:00", ""),
    ("every 2nd friday 16:00", FRIDAYS, "16:00", ""),
    ("every second week, friday, 16:00", FRIDAYS, "16:00", ""),
    ("biweekly friday 16:00", FRIDAYS, "16:00", ""),
    ("every 2 weeks friday 9:00", replace(FRIDAYS, first=date(2026, 3, 27)), "09:00", ""),
    ("fortnightly", Weekly(0, 2, date(2026, 3, 23)), "09:00", ""),
    ("every 2 weeks friday 16:00 from 2026-03-27", Weekly(4, 2, date(2026, 3, 27)), "16:00", ""),
    ("every 3 wks tue 9:00 from 2026-04-01", Weekly(1, 3, date(2026, 4, 7)), "09:00", ""),
    ("every 4 weeks starting on 2026-4-1", Weekly(2, 4, date(2026, 4, 1)), "09:00", ""),
    ("monthly", Monthly(1), "09:00", ""),
    ("monthly 1st 8:00", Monthly(1), "08:00", ""),
    ("monthly on the 15th 8:00", Monthly(15), "08:00", ""),
    ("the 3rd of every month at 8", Monthly(3), "08:00", ""),
    ("every 15th 9am", Monthly(15), "09:00", ""),
    ("last day of the month 18:00", Monthly(31), "18:00", ""),
    ("last day", Monthly(31), "09:00", ""),
    ("every monday 9:00 Europe/Berlin", Weekly(0), "09:00", "Europe/Berlin"),
    ("every monday 9:00 berlin", Weekly(0), "09:00", "Europe/Berlin"),
    ("berlin time every monday 9:00", Weekly(0), "09:00", "Europe/Berlin"),
    ("daily new york 9:00", Daily(), "09:00", "America/New_York"),
    ("daily 9:00 port of spain", Daily(), "09:00", "America/Port_of_Spain"),
    ("every monday, 9:00, (Europe/Berlin).", Weekly(0), "09:00", "Europe/Berlin"),
    ("every monday at 9:00 (Pacific time)", Weekly(0), "09:00", "America/Los_Angeles"),
    ("Ｅvery  Ｍonday ９：３０", Weekly(0), "09:30", ""),
    ("every\u200b monday 9:00\u00a0pm", Weekly(0), "21:00", ""),
]


@pytest.mark.parametrize(
    ("typed", "rhythm", "clock", "zone"), [pytest.param(*row, id=row[0]) for row in FORMS]
)
def test_forms(typed: str, rhythm: Rhythm, clock: str, zone: str) -> None:
    expected = Schedule(rhythm, time.fromisoformat(clock), zone or "Europe/London")
    assert heard(typed) == ParsedSchedule(expected, zone_said=bool(zone))


def test_the_usual_time() -> None:
    read = read_schedule("every monday", now=NOW, zone="UTC", usual=time(8, 30))
    assert read.schedule.clock == time(8, 30)


def test_the_examples() -> None:
    assert len({heard(example).schedule for example in EXAMPLES}) == len(EXAMPLES)


@checked
@given(schedules, st.sampled_from(PLACES))
def test_canonical_words_return_the_schedule(schedule: Schedule, other: str) -> None:
    assert heard(written_schedule(schedule), other) == ParsedSchedule(schedule, zone_said=True)
    without = heard(written_schedule(schedule, zone=False), schedule.zone)
    assert without == ParsedSchedule(schedule, zone_said=False)


def test_the_words_of_every_zone() -> None:
    for zone in PLACES:
        schedule = Schedule(Weekly(0), time(9), zone)
        assert heard(written_schedule(schedule)).schedule == schedule
        assert heard(written_schedule(schedule).upper()).schedule == schedule
        assert zones_named(zone.lower()) == (zone,)


@checked
@given(schedules, st.sampled_from(Locale))
def test_spoken_words_can_be_typed(schedule: Schedule, locale: Locale) -> None:
    """All but the first date, which isn't spoken."""
    with written_for(locale):
        spoken = spoken_schedule(schedule, zone=False)
    found = heard(f"{spoken} {schedule.zone}").schedule
    if isinstance(schedule.rhythm, Weekly) and isinstance(found.rhythm, Weekly):
        rhythm = replace(found.rhythm, first=schedule.rhythm.first)
        found = replace(found, rhythm=rhythm) if rhythm.weekday == found.rhythm.weekday else found
    assert found == schedule


@pytest.mark.parametrize(
    ("rhythm", "canonical", "spoken"),
    [
        (Daily(), "daily 9:00", "every day at 9:00"),
        (Daily(workdays=True), "every weekday 9:00", "every weekday at 9:00"),
        (Weekly(0), "every monday 9:00", "every Monday at 9:00"),
        (FRIDAYS, "every 2 weeks friday 9:00 from 2026-03-20", "every second Friday at 9:00"),
        (
            replace(FRIDAYS, weeks=3),
            "every 3 weeks friday 9:00 from 2026-03-20",
            "every 3 weeks on Friday at 9:00",
        ),
        (Monthly(1), "monthly 1st 9:00", "on the 1st of each month at 9:00"),
        (Monthly(22), "monthly 22nd 9:00", "on the 22nd of each month at 9:00"),
        (Monthly(13), "monthly 13th 9:00", "on the 13th of each month at 9:00"),
        (Monthly(31), "monthly 31st 9:00", "on the last day of each month at 9:00"),
    ],
    ids=str,
)
def test_writing(rhythm: Rhythm, canonical: str, spoken: str) -> None:
    schedule = Schedule(rhythm, time(9), "Europe/Berlin")
    assert written_schedule(schedule, zone=False) == canonical
    assert written_schedule(schedule) == f"{canonical} Europe/Berlin"
    with written_for(Locale.UK):
        assert spoken_schedule(schedule, zone=False) == spoken
        assert spoken_schedule(replace(schedule, clock=time(17, 5))).endswith(
            "at 17:05 (Central European time)"
        )
    with written_for(Locale.US):
        assert spoken_schedule(schedule) == f"{spoken} AM (Central European time)"


REFUSALS: list[tuple[str, str, list[str]]] = [
    # typed, part of the sentence, schedules behind the buttons
    ("every mondya 9:00", "mondya. Did you mean monday?", ["every monday 9:00"]),
    ("bi-weekly", "Did you mean biweekly?", ["biweekly"]),
    ("monday berln", "berln. Did you mean Europe/Berlin?", ["monday Europe/Berlin"]),
    ("monday istanbul", "called istanbul", ["monday Asia/Istanbul", "monday Europe/Istanbul"]),
    ("monday gmt+5", "know gmt+5. Write it like", []),
    ("monday utc +5", "know +5. Write it like", []),
    ("daily 9:00 EST", "Did you mean", ["daily 9:00 America/New_York"]),
    ("monday CEST", "I don't know CEST", ["monday Europe/Berlin"]),
    ("monday friday", "monday and friday don't go together", []),
    ("monday and friday 9:00", "monday and friday don't go together", []),
    ("monday 9:00 17:00", "9:00 and 17:00 don't go together", []),
    ("monday berlin utc", "berlin and utc don't go together", []),
    ("daily monday", "daily and monday don't go together", []),
    ("weekly 1st", "weekly and 1st don't go together", []),
    ("monday 1st", "monday and 1st don't go together", []),
    ("daily from 2026-04-01", "daily and from 2026-04-01 don't go together", []),
    ("every 2 days 9:00", "can't do every 2 days", []),
    ("every two days", "can't do every two days", []),
    ("every 15 minutes", "can't do every 15 minutes", []),
    ("every 0 weeks", "can't do every 0 weeks. Choose every day, every 1 to 52 weeks", []),
    ("every 53 weeks", "can't do every 53 weeks", []),
    ("monday 9", "Is 9 a time or a day of the month?", []),
    ("monthly 1", "Is 1 a time or a day of the month?", []),
    ("monday 25:00", "25:00 isn't a time of day", []),
    ("monday 9:75 pm", "9:75 pm isn't a time of day", []),
    ("monday 13pm", "I don't know 13pm", []),
    ("monthly 32nd", "No month has a 32nd", []),
    ("monthly 0th", "No month has a 0th", []),
    ("every 2 weeks from 2026-02-31", "from 2026-02-31 doesn't give a valid first date", []),
    ("every 2 weeks from 1990-01-01", "from 1990-01-01 doesn't give a valid first date", []),
    ("every 2 weeks from march", "from doesn't give a valid first date", []),
    ("<@U12345> monday", "I don't know @someone", []),
    ('monday "tuesday"', 'I don\'t know "tuesday"', []),
    ("monday -berlin", "I don't know -", []),
    ("monday gold", "I don't know gold", []),
]


@pytest.mark.parametrize(
    ("typed", "part", "ways"), [pytest.param(*row, id=row[0]) for row in REFUSALS]
)
def test_refusals(typed: str, part: str, ways: list[str]) -> None:
    error = refused(typed)
    assert part in error.sentence.plain()
    assert [way.words for way in error.suggestions] == [f"{LEAD} {way}" for way in ways]
    assert all(way.label for way in error.suggestions)


@pytest.mark.parametrize("typed", ["", "  ", "9:00", "berlin", "every", "at 9:00 Europe/Berlin"])
def test_how_often_is_required(typed: str) -> None:
    assert "Say how often" in refused(typed).sentence.pattern


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        pytest.param(typed, parts, id=typed)
        for typed, parts in (
            ("", DigestWords("", "")),
            ("group", DigestWords("", "")),
            ('"West Coast"', DigestWords(WEST, "")),
            ('"West Coast" every monday 9:00', DigestWords(WEST, "every monday 9:00")),
            ('"West Coast", daily', DigestWords(WEST, "daily")),
            ('"West Coast" mondya', DigestWords(WEST, "mondya")),
            ("West Coast every monday 9:00", DigestWords(WEST, "every monday 9:00")),
            ('group:"West Coast" daily', DigestWords(WEST, "daily")),
            ("group:West Coast daily", DigestWords(WEST, "daily")),
            ("group West Coast daily", DigestWords(WEST, "daily")),
            ("West Coast Mon 9:00", DigestWords(WEST, "Mon 9:00")),
            ("West Coast Mon 9", DigestWords(WEST, "Mon 9")),
            ("West Coast 9:00", DigestWords(WEST, "9:00")),
            ("West Coast 9am every monday", DigestWords(WEST, "9am every monday")),
            ('every monday 9:00 "West Coast"', DigestWords(WEST, "every monday 9:00")),
            ('every monday 9:00 group:"West Coast"', DigestWords(WEST, "every monday 9:00")),
            # Names that contain a bit of a schedule.
            ("Class of 26 weekly", DigestWords("Class of 26", "weekly")),
            ("Sun City weekly", DigestWords("Sun City", "weekly")),
            ("Berlin daily", DigestWords("Berlin", "daily")),
            (".NET (West) weekly", DigestWords(".NET (West)", "weekly")),
            ("(West) C++, weekly", DigestWords("(West) C++", "weekly")),
            ("group: West weekly", DigestWords("West", "weekly")),
            ('"Every Monday"', DigestWords("Every Monday", "")),
        )
    ],
)
def test_group_and_schedule(typed: str, parts: DigestWords) -> None:
    assert split_group(typed) == parts


PARTS = [
    # typed, question, schedule
    (
        "sessions group:West last 7d gold every monday 9:00",
        "sessions group:West last 7d gold",
        "every monday 9:00",
    ),
    ("West Coast Mon 9:00", "West Coast", "Mon 9:00"),
    ("West Coast at 9 every monday", "West Coast", "at 9 every monday"),
    ('"West Coast" every monday 9:00', '"West Coast"', "every monday 9:00"),
    ("every monday 9:00 sessions last week", "sessions last week", "every monday 9:00"),
    ("daily new york (berlin) gold", "(berlin) gold", "daily new york"),
    ("gold, daily 17:30 new york", "gold", "daily 17:30 new york"),
    ("gold (daily 17:30)", "gold", "daily 17:30)"),
    ("gold the last day of the month 18:00", "gold", "the last day of the month 18:00"),
    ("gold on the 15th of every month", "gold", "on the 15th of every month"),
    # A schedule alone, and none.
    ("daily", "", "daily"),
    ("", "", ""),
    ("West Coast", "West Coast", ""),
    ("West Coast 9:00", "West Coast 9:00", ""),  # how often?
    ('"Every Monday"', '"Every Monday"', ""),
    # Weekdays that may be a period of the question.
    ("since monday", "since monday", ""),
    ("last monday", "last monday", ""),
    ("gold monday", "gold", "monday"),
    ("gold last monday every friday", "gold last monday", "every friday"),
    ("since monday every friday 9:00", "since monday", "every friday 9:00"),
    ("monday every monday 9:00", "monday", "every monday 9:00"),
    ("last week monday 9:00", "last week", "monday 9:00"),
    ("between monday and friday", "between monday and friday", ""),
    # Other words that both have.
    ("today every day 9:00", "today", "every day 9:00"),
    ("last day daily", "last day", "daily"),
    ("last day monthly", "last day", "monthly"),
    ("last 2 weeks every 2 weeks friday 16:00", "last 2 weeks", "every 2 weeks friday 16:00"),
    ("monthly last 7d", "last 7d", "monthly"),
    ("monthly 1st 8:00 1st attempt", "1st attempt", "monthly 1st 8:00"),
    ("since march 1st monthly", "since march 1st", "monthly"),
    ("every 2 weeks since 2026-01-02", "", "every 2 weeks since 2026-01-02"),
    ("weekly since 2026-01-02", "since 2026-01-02", "weekly"),
    ("trend by weekday", "trend by weekday", ""),
    ("sessions a month", "sessions a month", ""),
    ("average 17.30 daily", "average 17.30", "daily"),
    # Names that contain a bit of a schedule.
    ("Berlin every monday 9:00", "Berlin", "every monday 9:00"),
    ("Sun City daily", "Sun City", "daily"),
    ("R&amp;D daily", "R&D", "daily"),
    # Words from "every" on are a schedule, whatever they are.
    ("last month every first monday 9:00", "last month", "every first monday 9:00"),
    ("gold every monday and friday", "gold", "every monday and friday"),
    ("gold every mondya", "gold", "every mondya"),
]


@pytest.mark.parametrize(
    ("typed", "question", "schedule"), [pytest.param(*row, id=row[0]) for row in PARTS]
)
def test_question_and_schedule(typed: str, question: str, schedule: str) -> None:
    found = split_schedule(typed)
    assert (clean(found[0]), clean(found[1])) == (question, schedule)


QUESTIONS = (
    "sessions group:West last 7d gold",
    'trend "West Coast" since monday',
    "leaderboard top 5 last month",
    "sessions since march 1st",
    "progress <@U12345> this quarter",
    "scores between monday and friday",
    "sessions score>=80 today",
    "team R&amp;D",
)


@checked
@given(st.sampled_from(QUESTIONS), schedules, st.booleans())
def test_any_question_with_any_schedule(question: str, schedule: Schedule, first: bool) -> None:
    when = written_schedule(schedule)
    typed = f"{when} {question}" if first else f"{question} {when}"
    what, found = split_schedule(typed)
    assert (clean(what), found) == (clean(question), when)


PIECES = (
    *("every", "each", "monday", "mon", "fri", "daily", "weekly", "monthly", "weekday", "2", "15"),
    *("1st", "31st", "weeks", "week", "month", "from", "since", "2026-04-01", "9:00", "9am", "pm"),
    *("at", "on", "the", "last", "day", "of", "noon", "berlin", "utc", "(Europe/Berlin)", "gmt+5"),
    *("new", "york", "other", "second", ",", ".", '"', "<@U1>", ":", "+", "99:99", "0", "９"),
    *("gold", "7d", '"West Coast"', "and", "group:", "17.30"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=60)


@checked
@given(texts)
def test_anything_is_understood_or_refused(text: str) -> None:
    try:
        schedule = heard(text).schedule
    except UserError as error:
        said = error.sentence.plain()
        for way in error.suggestions:
            assert way.words.startswith(LEAD)
    else:
        said = written_schedule(schedule)
        assert heard(said).schedule == schedule
    assert said


@checked
@given(texts)
def test_splitting_loses_nothing(typed: str) -> None:
    what, when = split_schedule(typed)
    # "group:" with nothing after it is a word.
    whole, *parts = (
        [token.typed.rstrip(":") for token in tokenize(text)] for text in (typed, what, when)
    )
    assert whole in (parts[0] + parts[1], parts[1] + parts[0])
    if when and not {"every", "each"} & set(when.casefold().split()):
        assert heard(when)


def test_the_list_and_changes() -> None:
    assert is_list(LIST)
    assert is_list(" LS ")
    assert not is_list("list West Coast")
    assert is_change("Remove West Coast")
    assert not is_change("West Coast remove")


@pytest.mark.parametrize("split", [split_schedule, split_group, heard])
@pytest.mark.parametrize(
    "text",
    [
        *("monday " * 100, "every " * 100, "last " * 100, "1st " * 100, "9:00 " * 100, "9." * 999),
        *("new york " * 50, "daily monday " * 50, "monday 9:00 " * 50, "from 2026-01-01 " * 50),
        *("every 2 weeks friday 9:00 " * 20, f"{'a' * 18} " * 100, "a" * LIMIT, "1" * LIMIT),
        *('"' * LIMIT, "ﬃ" * 600, "monday " * 200),
    ],
    ids=lambda text: text[:20] if isinstance(text, str) else text.__name__,
)
def test_long_texts_are_read_or_refused(text: str, split: Callable[[str], object]) -> None:
    with suppress(UserError):
        split(text)


@pytest.mark.parametrize("split", [split_schedule, split_group, heard])
def test_too_many_words(split: Callable[[str], object]) -> None:
    with pytest.raises(TooLong):
        split("monday " * 101)
