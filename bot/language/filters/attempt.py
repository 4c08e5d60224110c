"""The filter by one attempt: `session:` and its id, or the bare id in one of Exec's forms."""

from __future__ import annotations

import re
from datetime import datetime

from bot.language.cursor import QueryCursor
from bot.language.filters.names import keyed_name, read_values
from bot.language.filters.row import Asked, Aspect, Filter
from bot.language.query import Query
from bot.language.text import Form, quoted, shortened

_KEY = "session"
_HEX = "[0-9a-f]"
# Twelve hexadecimal digits, not all of them letters: "acceded faced" are words. Or a UUID.
_BARE = re.compile(
    rf"(?=[a-f]*\d){_HEX}{{12}}|{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}", re.IGNORECASE
)


def _read(cursor: QueryCursor) -> bool:
    token = cursor.token
    if token.form is Form.WORD and _BARE.fullmatch(token.text):
        cursor.once("attempt", token.text, 1)
        return True
    keyed = keyed_name(token)
    if not keyed or keyed[1].casefold() != _KEY:
        return False
    start = cursor.at
    values = read_values(cursor, keyed, lambda words: 1, "Write its id after `{word}`.")
    count, cursor.at = cursor.at - start, start
    if len(values) > 1:
        raise cursor.problem("I can show one session at a time.", count=count)
    cursor.once("attempt", values[0], count)
    return True


def _phrase(query: Asked, now: datetime | None) -> str:
    """In the first line of an answer an id would tell nobody anything."""
    if not query.attempt:
        return ""
    return "one session" if now else f"session {shortened(query.attempt)}"


def _write(query: Query) -> tuple[str, ...]:
    return (f"{_KEY}:{quoted(query.attempt)}",) if query.attempt else ()


ATTEMPT = Filter(
    key=_KEY,
    field="attempt",
    aspect=Aspect.WHAT,
    forms=("session:abc123def456",),
    help="One session, by its id in Exec.",
    example="session:abc123def456",
    words=(f"{_KEY}:",),
    read=_read,
    phrase=_phrase,
    write=_write,
    column="id",
    anything="Any session",
)
