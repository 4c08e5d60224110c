"""The nearest words to one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

MOST = 4


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words fewest slips of the fingers away, at most four, if that is few enough."""
    allowed = _slips(word)
    distances = {other: OSA.distance(word, other, score_cutoff=allowed) for other in known}
    fewest = min(distances.values(), default=allowed + 1)
    if fewest > allowed:
        return ()
    return tuple(other for other, distance in distances.items() if distance == fewest)[:MOST]


def _slips(word: str) -> int:
    """How many slips a word of this length may have: short words are all near each other."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2
