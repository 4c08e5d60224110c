"""What stands after `digest`: a group or a question, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import schedule_words
from bot.language.digest_words import DigestWords, split_group, split_schedule
from bot.language.query import Query
from bot.language.schedule import Schedule
from bot.language.text import clean, tokens
from bot.language.filters import query_words
from tests.language.test_words import queries
from tests.language.world import checked
from tests.outbox.test_schedule_words import PIECES, schedules

WEST = "West Coast"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param(typed, said, id=typed)
        for typed, said in (
            ("", DigestWords("", "")),
            ('"West Coast"', DigestWords(WEST, "")),
            ('"West Coast" every monday 9:00', DigestWords(WEST, "every monday 9:00")),
            ("West Coast every monday 9:00", DigestWords(WEST, "every monday 9:00")),
            ('group:"West Coast" daily', DigestWords(WEST, "daily")),
            ("West Coast Mon 9:00", DigestWords(WEST, "Mon 9:00")),
            ("West Coast 9:00", DigestWords(WEST, "9:00")),
            ('every monday 9:00 "West Coast"', DigestWords(WEST, "every monday 9:00")),
            # Names that have a bit of a schedule in them.
            ("Class of 26 weekly", DigestWords("Class of 26", "weekly")),
            ('"Every Monday"', DigestWords("Every Monday", "")),
        )
    ],
)
def test_group_and_schedule(typed: str, said: DigestWords) -> None:
    assert split_group(typed) == said


PARTS = [
    # typed, what shall come, when
    (
        "sessions group:West last 7d gold every monday 9:00",
        "sessions group:West last 7d gold",
        "every monday 9:00",
    ),
    ("West Coast Mon 9:00", "West Coast", "Mon 9:00"),
    ("West Coast at 9 every monday", "West Coast", "at 9 every monday"),
    ('"West Coast" every monday 9:00', '"West Coast"', "every monday 9:00"),
    ("every monday 9:00 sessions last week", "sessions last week", "every monday 9:00"),
    ("gold, daily 17:30 new york", "gold", "daily 17:30 new york"),
    ("gold the last day of the month 18:00", "gold", "the last day of the month 18:00"),
    # A schedule alone, and none.
    ("daily", "", "daily"),
    ("", "", ""),
    ("West Coast", "West Coast", ""),
    ("West Coast 9:00", "West Coast 9:00", ""),  # how often?
    ('"Every Monday"', '"Every Monday"', ""),
    # Weekdays that may be a period of the question.
    ("since monday", "since monday", ""),
    ("gold monday", "gold", "monday"),
    ("since monday every friday 9:00", "since monday", "every friday 9:00"),
    ("monday every monday 9:00", "monday", "every monday 9:00"),
    ("last week monday 9:00", "last week", "monday 9:00"),
    # Other words that both have.
    ("today every day 9:00", "today", "every day 9:00"),
    ("last day daily", "last day", "daily"),
    ("last 2 weeks every 2 weeks friday 16:00", "last 2 weeks", "every 2 weeks friday 16:00"),
    ("monthly last 7d", "last 7d", "monthly"),
    ("since march 1st monthly", "since march 1st", "monthly"),
    ("every 2 weeks since 2026-01-02", "", "every 2 weeks since 2026-01-02"),
    # Names that have a bit of a schedule in them.
    ("Berlin every monday 9:00", "Berlin", "every monday 9:00"),
    ("Sun City daily", "Sun City", "daily"),
    # "every" is meant as a schedule, whatever comes after it.
    ("last month every first monday 9:00", "last month", "every first monday 9:00"),
]


@pytest.mark.parametrize(
    ("typed", "what", "when"), [pytest.param(*row, id=row[0]) for row in PARTS]
)
def test_a_text_and_its_schedule(typed: str, what: str, when: str) -> None:
    what_found, when_found = split_schedule(typed)
    assert (clean(what_found), clean(when_found)) == (what, when)


@checked
@given(queries, schedules, st.booleans())
def test_any_question_with_any_schedule(query: Query, schedule: Schedule, first: bool) -> None:
    question, when = query_words(query), schedule_words.written_schedule(schedule)
    typed = f"{when} {question}" if first else f"{question} {when}"
    if len(typed) < 2000:
        assert split_schedule(typed) == (question, when)


@checked
@given(
    st.lists(st.sampled_from([*PIECES.split(), "gold", "last", "7d", '"West Coast"', "since"])).map(
        " ".join
    )
    | st.text(max_size=60)
)
def test_nothing_is_lost(typed: str) -> None:
    what, when = split_schedule(typed)
    found = [token.text for token in tokens(clean(typed))]
    parts = [[token.text for token in tokens(clean(part))] for part in (what, when)]
    assert found in (parts[0] + parts[1], parts[1] + parts[0])
    if when and "every" not in when.casefold() and "each" not in when.casefold():
        assert schedule_words.slots(clean(when))
