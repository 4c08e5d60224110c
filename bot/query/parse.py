"""Text after `sessions` into a Query, or a ParseError that says which word and what to do."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import ParseError, Suggestion
from bot.query.cursor import Cursor, Place
from bot.query.filters import FILTERS
from bot.query.name_readers import KEYED, refuse_slack_forms
from bot.query.near import MOST, nearest
from bot.query.query import Kind, Query
from bot.query.readers import UNKNOWN
from bot.query.row import Filter
from bot.query.text import Form, clean, quoted, refuse_long, shortened, tokens
from bot.query.vocabulary import LONGEST, Vocabulary
from bot.query.words import words

# Words that join others and narrow nothing. "or" is not among them: it only joins what is alike.
FILLERS = frozenset(
    (
        *("and", "&", "+", "-", "..", "by", "in", "for", "from", "of", "on", "with"),
        *("the", "a", "an", "sessions", "session", "attempts", "attempt", "only"),
    )
)

_LEADS = {
    word.removesuffix(":"): kind
    for kind in Kind
    for row in FILTERS
    if row.key == kind.value
    for word in row.words
}
_BARE = tuple(word for row in FILTERS for word in row.words if not word.endswith(":"))
_KEYS = tuple(word for row in FILTERS for word in row.words if word.endswith(":"))
_BEFORE_SIGN = re.compile(r"([a-z]+)([<>=\d].*)", re.ASCII)


def parse(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    names: Vocabulary | None = None,
    command: str = "/exec",
) -> Query:
    """The question that the words ask, at this moment, for someone in this time zone.

    Raises ParseError about the first word that cannot be understood.
    """
    cleaned = clean(text)
    cursor = Cursor(cleaned, tokens(cleaned), now, zone, names or Vocabulary())
    last: Filter | None = None
    either: Place | None = None
    while cursor.rest:
        if cursor.word() == "or" and last:
            either = cursor.take(1)
            continue
        row = _read(cursor)
        if row is None and cursor.word() in FILLERS:
            cursor.at += 1
            continue
        if row is None:
            raise _unknown(cursor, command)
        if either and not (row is last and row.many):
            raise _refuse_or(either)
        last, either = row, None
    if either:
        raise _refuse_or(either)
    # Every question must be one that can be stored as words and read again.
    refuse_long(words(cursor.query))
    return cursor.query


def kinds_needed(text: str) -> frozenset[Kind]:
    """The kinds of things whose names the text mentions, so that only those are loaded."""
    try:
        said = [token.folded for token in tokens(clean(text))]
    except ParseError:
        return frozenset()
    leads = (re.split("[:=]", word)[0] for word in said if re.search("[:=]", word))
    return frozenset(_LEADS[lead] for lead in leads if lead in _LEADS)


def _read(cursor: Cursor) -> Filter | None:
    """The row whose words stand here; they are read."""
    refuse_slack_forms(cursor)
    return next((row for row in FILTERS if row.read(cursor)), None)


def _refuse_or(place: Place) -> ParseError:
    return ParseError(
        "I can only use `or` between things of one kind, such as `gold or silver`.",
        start=place[0],
        end=place[1],
    )


def _unknown(cursor: Cursor, command: str) -> ParseError:
    known, count = _known_names(cursor)
    near = known or _near(cursor.token.folded)
    whole = _whole_name(cursor)
    if near:
        problem = cursor.problem(UNKNOWN, count=count, instead=near, near=near[0])
    elif whole:
        problem = cursor.problem(
            "I don't know `{word}`. If it is part of a name, put quotes around it: `{name}`.",
            name=shortened(whole[0].label),
        )
    else:
        problem = cursor.problem(
            "I don't know `{word}`. `{command} help` shows what you can ask.", command=command
        )
    problem.suggestions = (*problem.suggestions, *whole)[:MOST]
    return problem


def _whole_name(cursor: Cursor) -> tuple[Suggestion, ...]:
    """The word here as the rest of the name without quotes that ends before it."""
    if cursor.loose is None or cursor.loose[1] != cursor.at:
        return ()
    place = (cursor.loose[0], cursor.token.end)
    name = quoted(cursor.at_place(place))
    return (cursor.suggestion(name, place, name),)


def _known_names(cursor: Cursor) -> tuple[tuple[str, ...], int]:
    """Names that the words here are, with what is missing before them; and how many words."""
    said = []
    for token in cursor.rest[:LONGEST]:
        if token.form is not Form.WORD:
            break
        said.append(token.text)
    found = cursor.names.known_as(said)
    longest = max((count for _, _, count in found), default=1)
    return tuple(
        f"{kind.value}:{quoted(name)}" if kind else quoted(name)
        for kind, name, count in found
        if count == longest
    )[:MOST], longest


def _near(word: str) -> tuple[str, ...]:
    """The nearest words of the table; what stands behind a mistyped beginning is kept."""
    keyed = KEYED.fullmatch(word)
    if keyed:
        return tuple(f"{lead}{keyed[2]}" for lead in nearest(f"{keyed[1]}:", _KEYS))
    signed = _BEFORE_SIGN.fullmatch(word)
    if signed:
        return tuple(f"{lead}{signed[2]}" for lead in nearest(signed[1], ("score", "top", "page")))
    return nearest(word, _BARE)
