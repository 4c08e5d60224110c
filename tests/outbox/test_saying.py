"""What stands after `digest`: a group, and when."""

from __future__ import annotations

import pytest

from bot.language.saying import Said, split

WEST = "West Coast"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param(typed, said, id=typed)
        for typed, said in (
            ("", Said("", "")),
            ('"West Coast"', Said(WEST, "")),
            ("West Coast", Said(WEST, "")),
            ('"West Coast" every monday 9:00', Said(WEST, "every monday 9:00")),
            ("West Coast every monday 9:00", Said(WEST, "every monday 9:00")),
            ('group:"West Coast" daily', Said(WEST, "daily")),
            ("group:West monthly 1st", Said("West", "monthly 1st")),
            ("West Coast mondays at 9", Said(WEST, "mondays at 9")),
            ("West Coast Mon 9:00", Said(WEST, "Mon 9:00")),
            ("West Coast fri 4pm", Said(WEST, "fri 4pm")),
            ("West Coast tue at 9", Said(WEST, "tue at 9")),
            ("West Coast 9:00", Said(WEST, "9:00")),
            ('every monday 9:00 "West Coast"', Said(WEST, "every monday 9:00")),
            ('Mon 9:00 "West Coast" berlin', Said(WEST, "Mon 9:00  berlin")),
            # Names that have a bit of a schedule in them.
            ("Sun City daily", Said("Sun City", "daily")),
            ("Class of 26 weekly", Said("Class of 26", "weekly")),
            ('"Every Monday"', Said("Every Monday", "")),
        )
    ],
)
def test_group_and_schedule(typed: str, said: Said) -> None:
    assert split(typed) == said
