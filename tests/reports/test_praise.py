"""What somebody is praised for, without any low score."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.language.query import Member
from bot.reports.findings import Gain, Gold
from bot.reports.praise import Feat, What, feat

JANE = Member("u1", "", "Jane", "member")
AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
GOLD = Gold(JANE, "Renewal", 91.0, AT, None)


def gain(was: float, best: float) -> Gain:
    return Gain(JANE, "Opener", was, best, best - was, 4, is_new=False)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param((), None, id="nothing"),
        pytest.param(
            (gain(60, 88), GOLD),
            Feat(What.FIRST_GOLD, "Renewal", None, "gold 2026-03-10T09:00:00+00:00"),
            id="a first gold before all",
        ),
        pytest.param(
            (gain(50, 80),), Feat(What.BEST, "Opener", 80, "gain Opener 80"), id="a good score"
        ),
        pytest.param(
            (gain(50, 79.9),),
            Feat(What.POINTS, "Opener", 79.9 - 50, "gain Opener 79.9"),
            id="a low score is not told",
        ),
    ],
)
def test_a_feat(found: tuple[Gold | Gain, ...], told: Feat | None) -> None:
    assert feat(found) == told
