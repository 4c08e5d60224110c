"""The filter of assignments by their date: `overdue` or `due`."""

from __future__ import annotations

from bot.language.cursor import QueryCursor
from bot.language.filters.row import Asked, Aspect, Filter
from bot.language.query import Due

_WORDS = {each.value: each for each in Due}


def _read(cursor: QueryCursor) -> bool:
    if cursor.word() not in _WORDS:
        return False
    cursor.once("due", _WORDS[cursor.word()], 1)
    return True


def _words(query: Asked) -> str:
    return query.due.value if query.due else ""


DUE = Filter(
    key="due",
    field="due",
    aspect=Aspect.WHAT,
    forms=("overdue", "due"),
    help="Assignments whose date has passed, or those that are still ahead.",
    example="overdue",
    words=tuple(_WORDS),
    read=_read,
    phrase=lambda query, now: _words(query),
    write=lambda query: tuple(filter(None, (_words(query),))),
    anything="Any due date",
    lead="assignments",
)
