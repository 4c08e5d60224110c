"""The nearest words to one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

MOST = 4


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most four known words within a slip or two of the fingers, nearest first."""
    allowed = _slips(word)
    if not allowed:
        return ()
    scored = [
        (distance, place, candidate)
        for place, candidate in enumerate(dict.fromkeys(known))
        if (distance := OSA.distance(word, candidate, score_cutoff=allowed)) <= allowed
    ]
    return tuple(candidate for _, _, candidate in sorted(scored)[:MOST])


def _slips(word: str) -> int:
    """How many slips a word of this length may have: short words are all near each other."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2
