"""What was understood: the first line of an answer, and exactly what is asked of Exec."""

from __future__ import annotations

from datetime import datetime

from bot.language.filters import FILTERS
from bot.language.phrases import EVERYONE, Asked
from bot.language.query import ResolvedQuery
from bot.language.row import Part

PARAMETERS = (
    "user_emails",
    "user_ids",
    "scenario_ids",
    "collection_ids",
    "skill_ids",
    "program_ids",
    "group_ids",
    "rank",
    "start_date",
    "end_date",
    "exclude_system_users",
    "sorting",
)


def understood(query: ResolvedQuery, *, now: datetime) -> tuple[str, ...]:
    """The parts of the first line, in plain text: who, filters, interval with its zone, order."""
    parts = tuple(phrase for row in FILTERS if (phrase := row.phrase(query, now)))
    return parts if query.people else (EVERYONE, *parts)


def parameters(query: ResolvedQuery, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """The filters of GET /sessions, without page and page size, in the documented order."""
    pairs = (pair for row in FILTERS for pair in row.send(query, now))
    return tuple(sorted(pairs, key=lambda pair: PARAMETERS.index(pair[0])))


def narrowed_here(query: Asked) -> tuple[str, ...]:
    """The filters that Exec does not know, as phrases: they are applied to the rows here."""
    return tuple(
        phrase
        for row in FILTERS
        if row.part is not Part.HOW and not row.parameters and (phrase := row.phrase(query, None))
    )
