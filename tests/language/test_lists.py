"""Phones put a space after a comma: it changes nothing."""

from __future__ import annotations

import pytest

from tests.language.world import heard


@pytest.mark.parametrize(
    ("spaced", "tight"),
    [
        ("not gold, silver last 7d", "not gold,silver last 7d"),
        ("gold, silver", "gold,silver"),
        ('group:"West Coast", "West" gold', 'group:"West Coast","West" gold'),
        ("group:West Coast, West gold", "group:West Coast,West gold"),
        ("group:West Coast, gold", "group:West Coast gold"),
        ("not gold, last 7d", "not gold last 7d"),
    ],
)
def test_a_space_after_a_comma(spaced: str, tight: str) -> None:
    assert heard(spaced) == heard(tight)
