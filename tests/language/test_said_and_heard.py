"""The table "Said and heard" of the query language, row by row."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.language.world import LATER, NOW, refused, sent

SAID_AND_HEARD = [
    pytest.param(
        "@jane last 7d gold",
        NOW,
        "user_emails=jane@acme.com rank=gold start_date=2026-03-13T09:00:00Z"
        " end_date=2026-03-20T09:00:00Z exclude_system_users=true",
        id="person-rolling-rank",
    ),
    pytest.param(
        "<@U123|jane> last 7d gold",
        NOW,
        "user_emails=jane@acme.com rank=gold start_date=2026-03-13T09:00:00Z"
        " end_date=2026-03-20T09:00:00Z exclude_system_users=true",
        id="mention-rolling-rank",
    ),
    pytest.param(
        "gold,silver @jane",
        NOW,
        "user_emails=jane@acme.com rank=gold,silver exclude_system_users=true",
        id="two-ranks",
    ),
    pytest.param(
        'silver+ this week group:"West Coast"',
        NOW,
        "group_ids=g1 rank=gold,silver start_date=2026-03-15T23:00:00Z"
        " end_date=2026-03-20T09:00:00Z exclude_system_users=true",
        id="or-better-calendar-group",
    ),
    pytest.param(
        # Asked after that day: at the table's moment it would still be to come.
        "on 2026-03-29 me",
        LATER,
        "user_emails=jane@acme.com start_date=2026-03-28T23:00:00Z"
        " end_date=2026-03-29T21:59:59.999Z exclude_system_users=true",
        id="a-23-hour-day",
    ),
    pytest.param(
        "scenario:procurement-discovery best top 5",
        NOW,
        "scenario_ids=s1 sorting=-score exclude_system_users=true",
        id="best-top",
    ),
    pytest.param(
        "longest yesterday +system",
        NOW,
        "start_date=2026-03-18T23:00:00Z end_date=2026-03-19T22:59:59.999Z sorting=-duration",
        id="longest-with-system",
    ),
]


@pytest.mark.parametrize(("said", "now", "expected"), SAID_AND_HEARD)
def test_said_and_heard(said: str, now: datetime, expected: str) -> None:
    assert sent(said, now) == expected


@pytest.mark.parametrize(
    ("said", "sentence", "ways_on"),
    [
        pytest.param(
            "glod", "I don't know `glod`. Did you mean *gold*?", ["sessions gold"], id="slip"
        ),
        pytest.param(
            "last week last 7d",
            "two periods: `last week` and `last 7d`",
            ["sessions last week", "sessions last 7d"],
            id="two-periods",
        ),
    ],
)
def test_refused(said: str, sentence: str, ways_on: list[str]) -> None:
    error = refused(said)
    assert error.sentence.pattern.format_map(dict(error.sentence.fields)) == sentence
    assert [way.words for way in error.suggestions] == ways_on
