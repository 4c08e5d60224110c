"""The words of a question into a Query, or a ParseError that says which word and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import ParseError, Suggestion
from bot.language.cursor import (
    SHOW_HELP,
    UNKNOWN,
    QueryCursor,
    TextSpan,
    Vocabulary,
)
from bot.language.filters import FILTERS
from bot.language.filters.names import KEYED, refuse_slack_forms
from bot.language.filters.row import Filter
from bot.language.query import Kind, Member, Query
from bot.language.text import (
    LIMIT,
    MOST_OFFERED,
    TokenForm,
    clean,
    nearest_words,
    quoted,
    refuse_long,
    refuse_many,
    shortened,
    tokens,
)
from bot.language.words import query_words

# Words that join others and narrow nothing. "or" is not among them: it only joins what is alike.
FILLERS = frozenset(
    (
        *("and", "&", "+", "-", "..", "by", "in", "for", "from", "of", "on", "with"),
        *("the", "a", "an", "sessions", "session", "attempts", "attempt", "only"),
    )
)

# What people write for everyone, which is what a question without people is about.
EVERYBODY = frozenset(("everyone", "everybody", "anyone", "anybody", "all"))

# However much longer a question of so many characters is when it is written again, it is not too
# long.
SHORT = LIMIT // 20

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
    lead: str = "sessions",
) -> Query:
    """The question that the words ask, at this moment, for someone in this time zone.

    `lead` stands before the words in a whole command, for suggestions.
    Raises ParseError about the first word that cannot be understood, and TooLong.
    """
    cleaned = clean(text)
    refuse_many(cleaned)
    names = names or Vocabulary()
    cursor = QueryCursor(cleaned, tokens(cleaned), lead, now=now, zone=zone, names=names)
    try:
        return _understand(cursor)
    except _UnknownWord:
        problem = _unknown(cursor)
    except ParseError as error:
        problem = error
        problem.suggestions = _ways_on(cursor, error)
    raise problem


class _UnknownWord(Exception):
    """No filter takes the words at the cursor."""


def _understand(cursor: QueryCursor) -> Query:
    """The question in the cursor's words. Raises _UnknownWord, and ParseError from a reader."""
    last: Filter | None = None
    either: TextSpan | None = None
    while cursor.rest:
        if cursor.word() == "or" and last:
            either = cursor.take(1)
            continue
        row = _read(cursor)
        if row is None and cursor.word() in FILLERS:
            cursor.at += 1
            continue
        if row is None:
            raise _UnknownWord
        if either and not (row is last and row.many):
            raise _refuse_or(either)
        last, either = row, None
    if either:
        raise _refuse_or(either)
    query = cursor.query
    if len(cursor.text) > SHORT:
        # Every question must be one that can be stored as words and read again.
        again = query_words(query)
        refuse_long(again)
        refuse_many(again)
    return query


def kinds_needed(text: str) -> frozenset[Kind]:
    """The kinds of things whose names the text mentions, so that only those are loaded."""
    try:
        said = [token.folded for token in tokens(clean(text))]
    except ParseError:
        return frozenset()
    leads = (re.split("[:=]", word)[0] for word in said if re.search("[:=]", word))
    return frozenset(_LEADS[lead] for lead in leads if lead in _LEADS)


def _read(cursor: QueryCursor) -> Filter | None:
    """Read the words here; returns the filter that they belong to."""
    refuse_slack_forms(cursor)
    return next((row for row in FILTERS if row.read(cursor)), None)


def _refuse_or(span: TextSpan) -> ParseError:
    return ParseError(
        "I can only use `or` between things of one kind, such as `gold or silver`.",
        start=span[0],
        end=span[1],
    )


def _reads(cursor: QueryCursor, way: Suggestion) -> bool:
    """Whether what is offered is understood, at the same moment with the same names."""
    if not way.words.startswith(cursor.lead):
        return True  # another command
    try:
        text = clean(way.words.removeprefix(cursor.lead))
        again = replace(cursor, text=text, tokens=tokens(text), at=0, loose=None)
        again.values, again.spans, again.notes = {}, {}, {}
        _understand(again)
    except (ParseError, _UnknownWord):
        return False
    return True


def _leading_on(
    cursor: QueryCursor, span: TextSpan, ways: Iterable[Suggestion]
) -> tuple[Suggestion, ...]:
    """The ways on that are understood; all of them if the rest is wrong as well."""
    if not _reads(cursor, cursor.suggestion("", span, "")):
        return tuple(ways)
    return tuple(way for way in ways if _reads(cursor, way))


def _ways_on(cursor: QueryCursor, error: ParseError) -> tuple[Suggestion, ...]:
    span = (error.start, error.end)
    if (
        cursor.rest
        and cursor.token.form is TokenForm.UNCLOSED
        and cursor.token.start == error.start
    ):
        # Of the places where the name may end, the first with which the rest makes sense.
        closed = [way for way in error.suggestions if _reads(cursor, way)]
        return (*closed, *error.suggestions[-1:])[:1]
    return _leading_on(cursor, span, error.suggestions)


def _unknown(cursor: QueryCursor) -> ParseError:
    word = cursor.token.folded
    known, count = _known_names(cursor)
    people, length = cursor.names.called(cursor.plain_words())
    whole = _whole_name(cursor)
    if known and count >= length:
        problem = cursor.problem(UNKNOWN, count=count, instead=known, near=known[0])
    elif word in EVERYBODY:
        problem = cursor.problem(
            "There is no need for `{word}`. Leave it out to ask about everyone you may see.",
            instead=("",),
        )
    elif people:
        problem = cursor.problem(
            "I don't know `{word}`. Do you mean a person? Write `@{first}`, or choose:",
            count=length,
            first=shortened(word.removesuffix("'s")),
        )
        problem.suggestions = _by_name(cursor, people, length)
    elif near := _near_that_read(cursor):
        problem = cursor.problem(UNKNOWN, instead=near, near=near[0])
    elif whole:
        problem = cursor.problem(
            "I don't know `{word}`. If it is part of a name, put quotes around it: `{name}`.",
            name=shortened(whole[0].label),
        )
    else:
        problem = cursor.problem(
            "I don't know `{word}`. `{command} help` shows what you can ask.",
        )
        problem.suggestions = (SHOW_HELP,)
    problem.suggestions = (*problem.suggestions, *whole)[:MOST_OFFERED]
    return problem


def _by_name(cursor: QueryCursor, people: Sequence[Member], count: int) -> tuple[Suggestion, ...]:
    """The question about each of these people; the next `count` words are parts of their names."""
    span, names = cursor.span(count), [member.name for member in cursor.names.members]

    def one(member: Member) -> Suggestion:
        if names.count(member.name) == 1:
            return cursor.suggestion(member.name, span, quoted(member.name))
        mark = member.email or f"id:{member.id}"
        return cursor.suggestion(f"{member.name} ({mark})", span, mark)

    return tuple(map(one, people[:MOST_OFFERED]))


def _near_that_read(cursor: QueryCursor) -> tuple[str, ...]:
    """The nearest words with which the question is understood."""
    span = cursor.span()
    ways = {cursor.suggestion(near, span, near): near for near in _near(cursor.token.folded)}
    return tuple(ways[way] for way in _leading_on(cursor, span, ways))


def _whole_name(cursor: QueryCursor) -> tuple[Suggestion, ...]:
    """The word here as the end of the name without quotes before it."""
    if cursor.loose is None or cursor.loose[1] != cursor.at:
        return ()
    span = (cursor.loose[0], cursor.token.end)
    name = quoted(cursor.typed(span))
    return (cursor.suggestion(name, span, name),)


def _known_names(cursor: QueryCursor) -> tuple[tuple[str, ...], int]:
    """The names that the next words make, as they must be written; and how many words they take."""
    bearers = Counter(member.name for member in cursor.names.members)
    found = [
        (kind, name, count)
        for kind, name, count in cursor.names.known_as(cursor.plain_words())
        # The name of several people would only be asked about again.
        if kind or bearers[name] == 1
    ]
    longest = max((count for _, _, count in found), default=1)
    return tuple(
        f"{kind.value}:{quoted(name)}" if kind else quoted(name)
        for kind, name, count in found
        if count == longest
    )[:MOST_OFFERED], longest


def _near(word: str) -> tuple[str, ...]:
    """The nearest words of the table; what follows a mistyped beginning is kept."""
    keyed = KEYED.fullmatch(word)
    if keyed:
        return tuple(f"{lead}{keyed[2]}" for lead in nearest_words(f"{keyed[1]}:", _KEYS))
    signed = _BEFORE_SIGN.fullmatch(word)
    if signed:
        return tuple(
            f"{lead}{signed[2]}" for lead in nearest_words(signed[1], ("score", "top", "page"))
        )
    return nearest_words(word, _BARE)
