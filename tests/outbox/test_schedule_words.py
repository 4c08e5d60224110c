from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError, UserError
from bot.language.schedule import Daily, Monthly, Rhythm, Schedule, Weekly
from bot.language.schedule_words import (
    ParsedSchedule,
    read_schedule,
    spoken_schedule,
    written_schedule,
)
from bot.language.text import LIMIT
from bot.language.zones import zones_named
from tests.outbox.model import ZONES, checked
from tests.outbox.test_schedule import clocks, rhythms

NOW = datetime(2026, 3, 20, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # a Friday
LEAD = 'digest "West Coast"'
PLACES = [zone for zone in ZONES if zone not in ("Factory", "localtime", "EST", "MST", "HST")]
FRIDAYS = Weekly(4, 2, date(2026, 3, 20))

schedules = st.builds(Schedule, rhythms, clocks, st.sampled_from(PLACES))


def heard(text: str, zone: str = "Europe/London") -> ParsedSchedule:
    return read_schedule(text, now=NOW, zone=zone, lead=LEAD)


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        heard(text)
    return caught.value


FORMS: list[tuple[str, Rhythm, str, str]] = [
    # said, rhythm, time, zone ("" where none was said)
    ("every monday 9:00", Weekly(0), "09:00", ""),
    ("weekly on Tuesdays at 8:15", Weekly(1), "08:15", ""),
    ("monday 9am", Weekly(0), "09:00", ""),
    ("9:30 pm thurs", Weekly(3), "21:30", ""),
    ("monday 12am", Weekly(0), "00:00", ""),
    ("sunday noon", Weekly(6), "12:00", ""),
    ("monday 17.30", Weekly(0), "17:30", ""),
    ("monday", Weekly(0), "09:00", ""),
    ("daily 17:30", Daily(), "17:30", ""),
    ("every weekday 9:00", Daily(workdays=True), "09:00", ""),
    ("every 2 weeks friday 16:00", Weekly(4, 2, date(2026, 3, 20)), "16:00", ""),
    ("every other friday 16:00", Weekly(4, 2, date(2026, 3, 20)), "16:00", ""),
    ("fortnightly", Weekly(0, 2, date(2026, 3, 23)), "09:00", ""),
    ("every 3 wks tue 9:00 from 2026-04-01", Weekly(1, 3, date(2026, 4, 7)), "09:00", ""),
    ("monthly 1st 8:00", Monthly(1), "08:00", ""),
    ("monthly on the 15th 8:00", Monthly(15), "08:00", ""),
    ("the 3rd of every month at 8", Monthly(3), "08:00", ""),
    ("last day of the month 18:00", Monthly(31), "18:00", ""),
    ("every monday 9:00 Europe/Berlin", Weekly(0), "09:00", "Europe/Berlin"),
    ("every monday 9:00 berlin", Weekly(0), "09:00", "Europe/Berlin"),
    ("berlin time every monday 9:00", Weekly(0), "09:00", "Europe/Berlin"),
    ("daily new york 9:00", Daily(), "09:00", "America/New_York"),
    ("every monday, 9:00, (Europe/Berlin).", Weekly(0), "09:00", "Europe/Berlin"),
    ("every monday at 9:00 (Pacific time)", Weekly(0), "09:00", "America/Los_Angeles"),
    ("Ｅvery  Ｍonday ９：３０", Weekly(0), "09:30", ""),
    ("every\u200b monday 9:00\u00a0pm", Weekly(0), "21:00", ""),
]


@pytest.mark.parametrize(
    ("said", "rhythm", "clock", "zone"), [pytest.param(*row, id=row[0]) for row in FORMS]
)
def test_forms(said: str, rhythm: Rhythm, clock: str, zone: str) -> None:
    expected = Schedule(rhythm, time.fromisoformat(clock), zone or "Europe/London")
    assert heard(said) == ParsedSchedule(expected, zone_said=bool(zone))


@checked
@given(schedules, st.sampled_from(PLACES))
def test_canonical_words_give_the_schedule_again(schedule: Schedule, other: str) -> None:
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
@given(schedules)
def test_what_people_read_can_be_typed(schedule: Schedule) -> None:
    """All but the first date, which is not said."""
    found = heard(f"{spoken_schedule(schedule, zone=False)} {schedule.zone}").schedule
    if isinstance(schedule.rhythm, Weekly) and isinstance(found.rhythm, Weekly):
        rhythm = replace(found.rhythm, first=schedule.rhythm.first)
        found = replace(found, rhythm=rhythm) if rhythm.weekday == found.rhythm.weekday else found
    assert found == schedule


@pytest.mark.parametrize(
    ("rhythm", "canonical", "read_aloud"),
    [
        (Daily(), "daily 9:00", "every day at 9:00"),
        (Daily(workdays=True), "every weekday 9:00", "every weekday at 9:00"),
        (Weekly(0), "every monday 9:00", "every Monday at 9:00"),
        (
            FRIDAYS,
            "every 2 weeks friday 9:00 from 2026-03-20",
            "every second Friday at 9:00",
        ),
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
def test_writing(rhythm: Rhythm, canonical: str, read_aloud: str) -> None:
    schedule = Schedule(rhythm, time(9), "Europe/Berlin")
    assert written_schedule(schedule, zone=False) == canonical
    assert written_schedule(schedule) == f"{canonical} Europe/Berlin"
    assert spoken_schedule(schedule, zone=False) == read_aloud
    assert spoken_schedule(schedule) == f"{read_aloud} (Central European time)"
    assert spoken_schedule(replace(schedule, clock=time(17, 5)), zone=False).endswith("at 17:05")


REFUSALS: list[tuple[str, str, list[str]]] = [
    # said, part of the sentence, schedules behind the buttons
    ("every mondya 9:00", "Did you mean", ["every monday 9:00"]),
    ("monday berln", "Did you mean", ["monday Europe/Berlin"]),
    (
        "monday istanbul",
        "Several zones",
        ["monday Asia/Istanbul", "monday Europe/Istanbul"],
    ),
    ("monday gmt+5", "Name a place", []),
    ("daily 9:00 EST", "Did you mean", ["daily 9:00 America/New_York"]),
    ("monday CEST", "I don't know", ["monday Europe/Berlin"]),
    ("monday friday", "do not go together", ["monday", "friday"]),
    ("monday 9:00 17:00", "do not go together", ["monday 9:00", "monday 17:00"]),
    ("every 2 days 9:00", "not a rhythm", ["daily 9:00", "every 2 weeks 9:00", "monthly 9:00"]),
    ("every 0 weeks", "from 1 to 52", []),
    ("monday 9", "a time or a day", ["monday 9:00"]),
    ("monthly 1", "a time or a day", ["monthly 1:00", "monthly 1st"]),
    ("monday 25:00", "on the clock", []),
    ("monthly 32nd", "No month", []),
    ("daily from 2026-04-01", "every few weeks", ["daily"]),
    ("every 2 weeks from 2026-02-31", "first date like", []),
    ("every 2 weeks from 1990-01-01", "first date like", []),
    ("<@U12345> monday", "I don't know", []),
]


@pytest.mark.parametrize(
    ("said", "part", "ways_on"), [pytest.param(*row, id=row[0]) for row in REFUSALS]
)
def test_refusals(said: str, part: str, ways_on: list[str]) -> None:
    error = refused(said)
    assert isinstance(error, ParseError)
    assert part in error.sentence.pattern
    assert error.start < error.end <= len(said)
    assert error.sentence.plain()
    assert [way.words for way in error.suggestions] == [f"{LEAD} {way}" for way in ways_on]
    assert all(way.label for way in error.suggestions)


@pytest.mark.parametrize("said", ["", "  ", "9:00", "berlin", "every", "at 9:00 Europe/Berlin"])
def test_how_often_must_be_said(said: str) -> None:
    error = refused(said)
    assert "How often" in error.sentence.pattern
    for way in error.suggestions:
        assert heard(way.words.removeprefix(LEAD))


PIECES = (
    "every each monday mon fri daily weekly monthly weekday 2 15 1st 31st weeks week month from "
    "2026-04-01 9:00 9am pm at on the last day of noon berlin utc (Europe/Berlin) gmt+5 new york "
    'other second , . " <@U1> : + 99:99 0 ９'
)
pieces = st.sampled_from(PIECES.split())


@checked
@given(st.lists(pieces, max_size=12).map(" ".join) | st.text(max_size=LIMIT // 50))
def test_anything_is_understood_or_refused(text: str) -> None:
    try:
        schedule = heard(text).schedule
    except UserError as error:
        said = error.sentence.plain()
    else:
        said = written_schedule(schedule)
        assert heard(said).schedule == schedule
    assert said
