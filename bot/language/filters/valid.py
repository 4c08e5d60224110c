"""The filter by whether an attempt was finished and graded: `valid` or `invalid`."""

from __future__ import annotations

from datetime import datetime

from bot.language.cursor import QueryCursor
from bot.language.filters.row import Asked, Aspect, Filter
from bot.language.query import Query

WORDS = {"valid": True, "invalid": False}


def _read(cursor: QueryCursor) -> bool:
    if cursor.word() not in WORDS:
        return False
    cursor.once("valid", WORDS[cursor.word()], 1)
    return True


def _phrase(query: Asked, now: datetime | None) -> str:
    return {True: "valid attempts", False: "invalid attempts", None: ""}[query.valid]


def _write(query: Query) -> tuple[str, ...]:
    return tuple(word for word, value in WORDS.items() if value is query.valid)


VALID = Filter(
    key="valid",
    field="valid",
    aspect=Aspect.WHAT,
    forms=("valid", "invalid"),
    help="Attempts that were finished and graded, or those that were not.",
    example="valid last week",
    words=tuple(WORDS),
    read=_read,
    phrase=_phrase,
    write=_write,
    column="is_valid_attempt",
    anything="Graded or not",
)
