"""Until when something is put off: what people type, and what they hear if it is no day."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.until import until_day

TODAY = date(2026, 3, 20)  # a Friday
LEAD = "/exec coach digest snooze"


def heard(said: str, today: date = TODAY) -> date:
    return until_day(said, today=today, lead=LEAD)


FORMS = {
    "2026-04-01": "2026-04-01",
    "2026/4/1": "2026-04-01",
    "april 1st.": "2026-04-01",
    "20 march": "2027-03-20",
    "29 february": "2028-02-29",
    "april": "2026-04-01",
    "q2": "2026-04-01",
    "tomorrow": "2026-03-21",
    "monday": "2026-03-23",
    "next monday": "2026-03-23",
    "next week": "2026-03-23",
    "next month": "2026-04-01",
    "next year": "2027-01-01",
    "2 weeks": "2026-04-03",
    "10 days": "2026-03-30",
    "a week": "2026-03-27",
    "a month": "2026-04-20",
    "３ weeks": "2026-04-10",
}


@pytest.mark.parametrize(("said", "day"), FORMS.items(), ids=FORMS)
def test_forms(said: str, day: str) -> None:
    assert heard(said) == date.fromisoformat(day)


WRONG = {
    "": ("Until when? Write it like", "next monday"),
    "2026-03-20": ("is too soon. Choose a day from tomorrow on.", "next monday"),
    "today": ("is too soon", "next monday"),
    "last week": ("has passed", "next monday"),
    "2026-04-31": ("There is no 2026-04-31 in the calendar", "2026-04-30"),
    "4/5/2026": ("can't tell the day from the month in 4/5/2026", "2026-05-04"),
    "2500-01-01": ("too far ahead", "next monday"),
    "9999 years": ("I don't know the day 9999 years", "next monday"),
    "someday": ("I don't know the day someday. Write it like", "next monday"),
    "monday 9:00": ("I don't know the day monday 9:00", "next monday"),
}


@pytest.mark.parametrize(("said", "heard_back"), WRONG.items(), ids=WRONG)
def test_what_is_no_day_says_what_to_type(said: str, heard_back: tuple[str, str]) -> None:
    with pytest.raises(UserError) as caught:
        heard(said)
    sentence, offered = heard_back
    assert sentence in caught.value.sentence.plain()
    words = [each.words for each in caught.value.suggestions]
    assert f"coach digest snooze {offered}" in words
    for each in words:  # what is offered is understood
        until_day(each.removeprefix("coach digest snooze "), today=TODAY, lead=LEAD)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused(said: str) -> None:
    with suppress(UserError):
        assert heard(said) > TODAY
