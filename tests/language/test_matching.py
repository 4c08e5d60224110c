"""Which names a misspelt one is taken for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.language.matching import NEAR_ENOUGH, nearest_things
from bot.language.query import Kind, Named
from bot.language.text import fold

WORDS = st.sampled_from(["west", "wst", "coast", "cost", "Éast", "zoo", "a", "!!", ""])
NAMES = st.lists(WORDS, max_size=3).map(" ".join)


def named(names: Sequence[str]) -> list[Named]:
    return [Named(Kind.GROUP, f"g{place}", name) for place, name in enumerate(names)]


def likeness(typed: str, name: str) -> float:
    """As wholes, or word by word on average."""
    words = [max((fuzz.ratio(t, n) for n in name.split()), default=0) for t in typed.split()]
    return max(fuzz.ratio(typed, name), sum(words) / len(words) if words else 0)


@settings(deadline=None)
@given(NAMES, st.lists(NAMES, max_size=6))
@example("wst", ["West Coast", "!!", ""])
@example("coast west", ["West Coast", "East Coast"])
def test_the_most_alike_come_first(typed: str, names: list[str]) -> None:
    alike = [(-likeness(fold(typed), fold(name)), place) for place, name in enumerate(names)]
    best = [f"g{place}" for score, place in sorted(alike) if -score >= NEAR_ENOUGH]
    assert [thing.id for thing in nearest_things(typed, named(names))] == (
        best[:4] if fold(typed) else []
    )


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("West Coast" + " West" * 11, id="13 words"),
        pytest.param("west" * 50 + "s", id="201 characters"),
    ],
)
def test_what_is_no_name_is_taken_for_none(typed: str) -> None:
    assert nearest_things(typed[: -5 if " " in typed else -1], named(["West Coast", "west" * 50]))
    assert nearest_things(typed, named(["West Coast", "west" * 50])) == []
