"""The filters by the name of a thing in Exec: `group:`, `scenario:`, `skill:` and their like.

How names are read, quoted or not, serves the names of people too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.errors import ParseError
from bot.language.cursor import LONGEST_NAME, SHOW_HELP, QueryCursor
from bot.language.filters.row import AnyQuery, Aspect, Filter, Pairs, listed
from bot.language.query import Kind, NameRef, Query, ResolvedQuery
from bot.language.text import MOST_OFFERED, Token, TokenForm, quoted, shortened

KEYED = re.compile(r"([a-z]+)[:=](.*)", re.ASCII | re.IGNORECASE)
ME = ("me", "my", "myself", "mine")
EMPTY = "Left empty it narrows nothing, so you can leave it out."
EVERYONE_IN_SLACK = frozenset({"channel", "here", "everyone"})


def refuse_slack_forms(cursor: QueryCursor) -> None:
    """Raise for what no filter takes: channels, @here, a quotation mark left open."""
    token = cursor.token
    if token.form is TokenForm.UNCLOSED:
        raise cursor.problem(
            "A quotation mark is open. Close it after the name, as in `{example}`.",
            instead=_closed(cursor),
            example='"Jane Smith"',
        )
    if token.form is TokenForm.CHANNEL:
        raise _left_out(cursor, "I can't look up a channel. Name people or a group instead.")
    word = token.folded.removeprefix("@")
    if token.form is TokenForm.SPECIAL or (
        token.folded.startswith("@") and word in EVERYONE_IN_SLACK
    ):
        raise _left_out(
            cursor, "I can't look up `{word}`. Leave it out to ask about everyone you may see."
        )


def _reader(kind: Kind, leads: tuple[str, ...]) -> Callable[[QueryCursor], bool]:
    """The reader of `group:` and its like."""

    def read(cursor: QueryCursor) -> bool:
        if cursor.word() in leads:
            count = cursor.names.longest(kind, cursor.plain_words(skip=1))
            if not count:
                raise _without_colon(cursor, kind)
            name = cursor.typed(cursor.span(count, skip=1))
            cursor.take(count + 1)
            _add(cursor, NameRef(kind, name))
            return True
        keyed = keyed_name(cursor.token)
        if not keyed or keyed[1].casefold() not in leads:
            return False
        missing = f"Write the name of the {kind.value} after `{{word}}`."
        for value in read_values(cursor, keyed, lambda w: cursor.names.longest(kind, w), missing):
            _add(cursor, NameRef(kind, value))
        return True

    return read


def _add(cursor: QueryCursor, name: NameRef) -> None:
    names = dict.fromkeys((*cursor.query.names, name))
    cursor.values["names"] = tuple(sorted(names, key=lambda each: tuple(Kind).index(each.kind)))


def _without_colon(cursor: QueryCursor, kind: Kind) -> ParseError:
    """What to say of "team" where no known name follows: names to choose from."""
    mine = bool(cursor.at) and cursor.tokens[cursor.at - 1].folded in ME
    start, end = cursor.span()
    named = cursor.names.of_kind(kind)[:MOST_OFFERED]
    # "my team" is not about me.
    start = cursor.tokens[cursor.at - 1].start if mine else start
    ways = [f"{kind.value}:{quoted(name)}" for name in named]
    problem = cursor.problem(
        "Write a colon after `{word}` and then the name, such as `{word}:{example}`.",
        example=quoted(named[0] if named else "West Coast"),
    )
    problem.suggestions = tuple(cursor.suggestion(way, (start, end), way) for way in ways) or (
        SHOW_HELP,
    )
    return problem


def keyed_name(token: Token) -> re.Match[str] | None:
    """A word such as "group:west" as key and value; None for any other token."""
    return KEYED.fullmatch(token.text) if token.form is TokenForm.WORD else None


def read_values(
    cursor: QueryCursor, keyed: re.Match[str], longest: Callable[[list[str]], int], missing: str
) -> list[str]:
    """The name after `group:`, and those that follow it after commas."""
    offset = keyed.start(2)
    if not keyed[2]:
        if len(cursor.rest) > 1 and cursor.rest[1].form is TokenForm.UNCLOSED:
            cursor.at += 1
            refuse_slack_forms(cursor)
        if len(cursor.rest) < 2 or cursor.rest[1].form not in (TokenForm.WORD, TokenForm.QUOTED):
            if len(cursor.rest) > 1:
                raise cursor.problem(missing)
            raise cursor.problem(f"{missing} {EMPTY}", instead=("",))
        offset = 0
        cursor.at += 1
    values = [_value(cursor, offset, longest)]
    while cursor.rest and _goes_on(cursor, longest) and not keyed_name(cursor.token):
        if cursor.token.form not in (TokenForm.WORD, TokenForm.QUOTED):
            break
        values.append(_value(cursor, 0, longest))
    return values


def _goes_on(cursor: QueryCursor, longest: Callable[[list[str]], int]) -> bool:
    """Does the list of names go on here? After a comma and a space only with a known name."""
    token = cursor.token
    if token.listed or not token.comma:
        return token.listed
    words = [token.text]
    if token.form is TokenForm.WORD:
        words += cursor.plain_words(skip=1)
    return longest(words) > 0


def _value(cursor: QueryCursor, offset: int, longest: Callable[[list[str]], int]) -> str:
    token = cursor.token
    if token.form is TokenForm.QUOTED:
        refuse_no_name(cursor)
        cursor.at += 1
        return token.text
    words = [token.text[offset:], *cursor.plain_words(skip=1)]
    start, end = cursor.take(max(longest(words), 1))
    cursor.loose = (start + offset, cursor.at)
    return cursor.text[start + offset : end]


def refuse_no_name(cursor: QueryCursor) -> None:
    """Raise ParseError for a pair of quotation marks with nothing between them."""
    if not cursor.token.text:
        raise cursor.problem("There is no name between the quotation marks. Write one.")


def _closed(cursor: QueryCursor) -> list[str]:
    """The words after an open quotation mark, closed where a known name ends or after each."""
    said = cursor.token.text.strip('" ').split()
    names = cursor.names
    known = max((count for _, _, count in names.known_as(said)), default=0)
    ends = dict.fromkeys((known, *range(1, min(len(said), LONGEST_NAME) + 1), len(said)))
    return [
        " ".join((f'"{" ".join(said[:end])}"', *said[end:])) for end in ends if 0 < end <= len(said)
    ]


def _left_out(cursor: QueryCursor, pattern: str) -> ParseError:
    token = cursor.token
    word = {TokenForm.CHANNEL: "#", TokenForm.SPECIAL: "@"}.get(token.form, "") + (
        token.label or token.text
    )
    return cursor.problem(pattern, instead=("",), word=shortened(word))


def _phrase(query: AnyQuery, kind: Kind) -> str:
    """ "group West Coast", "scenario Cold Call or Renewal"."""
    names = [
        thing.value if isinstance(thing, NameRef) else thing.name or thing.id
        for thing in query.names
        if thing.kind is kind
    ]
    return f"{kind.value} {listed(names, 'or')}" if names else ""


def _write(query: Query, kind: Kind) -> tuple[str, ...]:
    """`group:"West Coast"`: always in quotes, so that no word after it can be taken for more."""
    return tuple(written_name(name) for name in query.names if name.kind is kind)


def written_name(name: NameRef) -> str:
    """The canonical words for a thing."""
    return f"{name.kind.value}:{quoted(name.value)}"


def _send(query: ResolvedQuery, kind: Kind) -> Pairs:
    ids = [thing.id for thing in query.names if thing.kind is kind]
    return ((f"{kind.value}_ids", ",".join(ids)),) if ids else ()


def _row(kind: Kind, aspect: Aspect, others: tuple[str, ...], help: str, *forms: str) -> Filter:
    """The filter of one kind of things; `others` are further words for it, as in "team:"."""
    leads = (kind.value, *others)

    return Filter(
        key=kind.value,
        field="names",
        aspect=aspect,
        forms=forms,
        help=help,
        example=forms[-1],
        words=tuple(f"{lead}:" for lead in leads),
        read=_reader(kind, leads),
        phrase=lambda query, now: _phrase(query, kind),
        write=lambda query: _write(query, kind),
        send=lambda query, now: _send(query, kind),
        anything=f"Any {kind.value}",
        many=True,
    )


GROUP = _row(
    Kind.GROUP,
    Aspect.WHERE,
    ("team", "groups", "teams"),
    "People of a group in Exec, by its name or id.",
    "team:west",
    "group:west-coast",
    'group:"West Coast"',
)
SCENARIO = _row(
    Kind.SCENARIO,
    Aspect.WHAT,
    ("scenarios", "roleplay", "roleplays"),
    "Attempts at a scenario, by its name, short name or id.",
    'scenario:"Cold Call"',
    "scenario:procurement-discovery",
)
SKILL = _row(
    Kind.SKILL,
    Aspect.WHAT,
    ("skills",),
    "Scenarios that practice a skill.",
    'skill:"Active Listening"',
    "skill:discovery",
)
PROGRAM = _row(
    Kind.PROGRAM,
    Aspect.WHAT,
    ("programs", "programme", "programmes"),
    "Scenarios of a program.",
    "program:onboarding",
    'program:"Sales Basics"',
)
COLLECTION = _row(
    Kind.COLLECTION,
    Aspect.WHAT,
    ("collections",),
    "Scenarios of a collection.",
    'collection:"First Calls"',
    "collection:first-calls",
)
