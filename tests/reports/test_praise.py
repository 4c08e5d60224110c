"""What somebody is praised for, without any low score."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.language.query import Member
from bot.reports.findings import Best, Gold
from bot.reports.praise import Achievement, AchievementKind, achievement

JANE = Member("u1", "", "Jane", "member")
AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
GOLD = Gold(JANE, "Renewal", 91.0, AT, None)


def best(before: float, score: float) -> Best:
    return Best(JANE, "Opener", score, before)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(
            (best(60, 88), GOLD),
            Achievement(AchievementKind.FIRST_GOLD, "Renewal", None),
            id="a first gold before all",
        ),
        pytest.param(
            (replace(GOLD, since=AT),),
            Achievement(AchievementKind.GOLD, "Renewal", None),
            id="perhaps not the first",
        ),
        pytest.param(
            (best(50, 80),), Achievement(AchievementKind.BEST, "Opener", 80), id="a good score"
        ),
        pytest.param(
            (best(50, 79.9),),
            Achievement(AchievementKind.POINTS, "Opener", 29.9),
            id="a low score is not told",
        ),
    ],
)
def test_an_achievement(found: tuple[Gold | Best, ...], told: Achievement | None) -> None:
    assert achievement(found) == told
