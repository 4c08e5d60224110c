"""A Query written back as words, and which of its filters could be dropped."""

from __future__ import annotations

from bot.language.filters import FILTERS
from bot.language.query import Query
from bot.language.row import Part
from bot.language.text import written


def words(query: Query) -> str:
    """The canonical words: reading them gives the same question again."""
    return written(" ".join(word for row in FILTERS for word in row.write(query)))


def removable(query: Query) -> tuple[tuple[str, str], ...]:
    """Each filter that narrows the question: its key, and how it reads in plain text."""
    return tuple(
        (row.key, phrase)
        for row in FILTERS
        if row.part is not Part.HOW and (phrase := row.phrase(query, None))
    )


def without(query: Query, key: str) -> Query:
    """The question without one of its filters."""
    return next(row.clear(query) for row in FILTERS if row.key == key)
