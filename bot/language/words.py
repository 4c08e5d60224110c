"""A question in words: canonical words, what was understood, and parameters for Exec."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.language.filters import FILTERS
from bot.language.filters.row import Aspect, listed
from bot.language.query import Kind, Query, ResolvedQuery
from bot.language.text import written

EVERYONE = "Everyone"


def query_words(query: Query) -> str:
    """The canonical words: reading them gives the same question again."""
    return written(" ".join(word for row in FILTERS for word in row.write(query)))


def removable(query: Query) -> tuple[str, ...]:
    """The keys of the filters that narrow the question."""
    return tuple(
        row.key for row in FILTERS if row.aspect is not Aspect.HOW and row.phrase(query, None)
    )


def without(query: Query, key: str) -> Query:
    """The question without one of its filters."""
    field = next(row.field for row in FILTERS if row.key == key)
    left: Any = getattr(Query(), field)
    if field == "names":
        left = tuple(name for name in query.names if name.kind != key)
    return replace(query, **{field: left})


def understood(query: ResolvedQuery, *, now: datetime) -> tuple[str, ...]:
    """The parts of the first line, in plain text: whose practice, filters, period, order."""
    parts = {row.key: phrase for row in FILTERS if (phrase := row.phrase(query, now))}
    if query.people:
        return tuple(parts.values())
    groups = [each.name or each.id for each in query.names if each.kind is Kind.GROUP]
    parts.pop(Kind.GROUP.value, None)
    return (listed(groups, "and") if groups else EVERYONE, *parts.values())


def parameters(query: ResolvedQuery, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """The filters of GET /sessions, without page and page size."""
    return tuple(pair for row in FILTERS if row.send for pair in row.send(query, now))
