"""How people and things are read: mentions, e-mail addresses and names, quoted or not."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.errors import ParseError, Suggestion
from bot.language.cursor import Cursor
from bot.language.near import MOST
from bot.language.query import Kind, NameRef, PersonKind, PersonRef
from bot.language.text import Form, Token, quoted, shortened
from bot.language.vocabulary import LONGEST

KEYED = re.compile(r"([a-z]+)[:=](.*)", re.ASCII | re.IGNORECASE)
SHOW_HELP = Suggestion("Show the help", "help")
ME = ("me", "my", "myself", "mine")

_EMAIL = re.compile(r"[^\s@\"<>:]+@[^\s@\"<>:]+\.[^\s@\"<>:.]+")
_EVERYONE = frozenset({"channel", "here", "everyone"})
_PEOPLE = {Form.USER: PersonKind.SLACK, Form.USERGROUP: PersonKind.USERGROUP}
_PEOPLE_KEYS = {"id": PersonKind.PERSON, "email": PersonKind.EMAIL}


def read_people(cursor: Cursor) -> bool:
    """Mentions, `me`, e-mail addresses, names in quotes and @handles."""
    token = cursor.token
    if token.form in _PEOPLE:
        return _add_person(cursor, PersonRef(_PEOPLE[token.form], token.text, token.label), 1)
    if token.form is Form.QUOTED:
        _refuse_no_name(cursor)
        return _add_person(cursor, PersonRef(PersonKind.NAME, token.text), 1)
    if token.folded in ME:
        return _add_person(cursor, PersonRef(PersonKind.ME), 1)
    if token.form is Form.WORD and token.text.startswith("@"):
        return _read_handle(cursor)
    if _EMAIL.fullmatch(token.text):
        return _add_person(cursor, PersonRef(PersonKind.EMAIL, token.text), 1)
    keyed = _keyed(token)
    if keyed and keyed[1].casefold() in _PEOPLE_KEYS:
        kind = _PEOPLE_KEYS[keyed[1].casefold()]
        for value in _values(cursor, keyed, lambda words: 1, "Write it after `{word}`."):
            _add_person(cursor, PersonRef(kind, value), 0)
        return True
    return False


def refuse_slack_forms(cursor: Cursor) -> None:
    """Raise for what no filter takes: channels, @here, a quotation mark left open."""
    token = cursor.token
    if token.form is Form.UNCLOSED:
        raise cursor.problem(
            "A quotation mark is open. Close it after the name, as in `{example}`.",
            instead=_closed(cursor),
            example='"Jane Smith"',
        )
    if token.form is Form.CHANNEL:
        raise _left_out(cursor, "I can't look up a channel. Name people or a group instead.")
    word = token.folded.removeprefix("@")
    if token.form is Form.SPECIAL or (token.folded.startswith("@") and word in _EVERYONE):
        raise _left_out(
            cursor, "I can't look up `{word}`. Leave it out to ask about everyone you may see."
        )


def reader_of_names(kind: Kind, leads: tuple[str, ...]) -> Callable[[Cursor], bool]:
    """The reader of `group:` and its like."""

    def read(cursor: Cursor) -> bool:
        if cursor.word() in leads:
            raise _without_colon(cursor, kind)
        keyed = _keyed(cursor.token)
        if not keyed or keyed[1].casefold() not in leads:
            return False
        missing = f"Write the name of the {kind.value} after `{{word}}`."
        for value in _values(cursor, keyed, lambda w: cursor.names.longest(kind, w), missing):
            names = dict.fromkeys((*cursor.query.names, NameRef(kind, value)))
            ordered = sorted(names, key=lambda name: tuple(Kind).index(name.kind))
            cursor.fill("names", tuple(ordered))
        return True

    return read


def _without_colon(cursor: Cursor, kind: Kind) -> ParseError:
    """What to say of "team" or "group West Coast": with the name, or with names to choose from."""
    words = _following(cursor.rest[1:])
    count = cursor.names.longest(kind, words)
    mine = bool(cursor.at) and cursor.tokens[cursor.at - 1].folded in ME
    start, end = cursor.place(count + 1)
    if count:
        named = [" ".join(words[:count])]
    else:
        named = list(cursor.names.offered.get(kind, ()))[:MOST]
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


def _read_handle(cursor: Cursor) -> bool:
    token = cursor.token
    if token.text == "@":
        following = cursor.rest[1:2]
        if not (following and following[0].form is Form.QUOTED and following[0].glued):
            return False
        return _add_person(cursor, PersonRef(PersonKind.HANDLE, following[0].text), 2)
    if token.folded[1:] in _EVERYONE:
        return False
    words = [token.text[1:], *_following(cursor.rest[1:])]
    count = max(cursor.names.longest_person(words), 1)
    start, end = cursor.place(count)
    cursor.loose = (start + 1, cursor.at + count)
    return _add_person(cursor, PersonRef(PersonKind.HANDLE, cursor.text[start + 1 : end]), count)


def _add_person(cursor: Cursor, person: PersonRef, count: int) -> bool:
    cursor.fill("people", tuple(dict.fromkeys((*cursor.query.people, person))))
    cursor.at += count
    return True


def _keyed(token: Token) -> re.Match[str] | None:
    return KEYED.fullmatch(token.text) if token.form is Form.WORD else None


def _values(
    cursor: Cursor, keyed: re.Match[str], longest: Callable[[list[str]], int], missing: str
) -> list[str]:
    """The name after `group:`, and those that follow it after commas."""
    offset = keyed.start(2)
    if not keyed[2]:
        if len(cursor.rest) > 1 and cursor.rest[1].form is Form.UNCLOSED:
            cursor.at += 1
            refuse_slack_forms(cursor)
        if len(cursor.rest) < 2 or cursor.rest[1].form not in (Form.WORD, Form.QUOTED):
            raise cursor.problem(missing)
        offset = 0
        cursor.at += 1
    values = [_value(cursor, offset, longest)]
    while cursor.rest and _goes_on(cursor, longest) and not _keyed(cursor.token):
        if cursor.token.form not in (Form.WORD, Form.QUOTED):
            break
        values.append(_value(cursor, 0, longest))
    return values


def _goes_on(cursor: Cursor, longest: Callable[[list[str]], int]) -> bool:
    """Does the list of names go on here? After a comma and a space only with a known name."""
    token = cursor.token
    if token.listed or not token.comma:
        return token.listed
    words = [token.text]
    if token.form is Form.WORD:
        words += _following(cursor.rest[1:])
    return longest(words) > 0


def _value(cursor: Cursor, offset: int, longest: Callable[[list[str]], int]) -> str:
    token = cursor.token
    if token.form is Form.QUOTED:
        _refuse_no_name(cursor)
        cursor.at += 1
        return token.text
    words = [token.text[offset:], *_following(cursor.rest[1:])]
    start, end = cursor.take(max(longest(words), 1))
    cursor.loose = (start + offset, cursor.at)
    return cursor.text[start + offset : end]


def _following(tokens: tuple[Token, ...]) -> list[str]:
    """The plain words that may belong to a name without quotes."""
    words: list[str] = []
    for token in tokens[:LONGEST]:
        if token.form is not Form.WORD or token.listed:
            break
        words.append(token.text)
    return words


def _refuse_no_name(cursor: Cursor) -> None:
    if not cursor.token.text:
        raise cursor.problem("There is no name between the quotation marks. Write one.")


def _closed(cursor: Cursor) -> list[str]:
    """The words after an open quotation mark, closed where a known name ends or after each."""
    said = cursor.token.text.strip('" ').split()
    names = cursor.names
    known = max((count for _, _, count in names.known_as(said)), default=0)
    ends = dict.fromkeys((known, *range(1, min(len(said), LONGEST) + 1), len(said)))
    return [
        " ".join((f'"{" ".join(said[:end])}"', *said[end:])) for end in ends if 0 < end <= len(said)
    ]


def _left_out(cursor: Cursor, pattern: str) -> ParseError:
    token, place = cursor.token, cursor.place()
    word = {Form.CHANNEL: "#", Form.SPECIAL: "@"}.get(token.form, "") + (token.label or token.text)
    return ParseError(
        pattern,
        start=place[0],
        end=place[1],
        suggestions=(cursor.suggestion("Leave it out", place, ""),),
        word=shortened(word),
    )
