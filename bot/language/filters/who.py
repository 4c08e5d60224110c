"""The filters by people, and by what a question is not about: `@jane`, `my people`, `-@jane`."""

from __future__ import annotations

import re
from datetime import datetime

from bot.errors import ParseError
from bot.language.cursor import QueryCursor
from bot.language.filters.names import (
    EVERYONE_IN_SLACK,
    GROUP,
    ME,
    SCENARIO,
    keyed_name,
    read_values,
    refuse_no_name,
    written_name,
)
from bot.language.filters.row import AnyQuery, Aspect, Filter, Pairs, listed
from bot.language.filters.what import RANKS, VALID_WORDS, read_not
from bot.language.query import (
    Kind,
    Member,
    Named,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    ResolvedQuery,
)
from bot.language.text import TokenForm, quoted

MOST_PEOPLE = 3  # who are named in a sentence, not counted
_MOST_EMAILS = 20  # a longer list of addresses makes a longer URL than of ids

EMAIL = re.compile(r"[^\s@\"<>:]+@[^\s@\"<>:]+\.[^\s@\"<>:.]+")
_BARE_EMAIL = re.compile(r"\w+(?:[.+-]\w+)*@\w+(?:[.-]\w+)*\.\w+", re.ASCII)
_MINE = {"people", "team", "reps"}
_FORMS = {TokenForm.USER: PersonKind.SLACK, TokenForm.USERGROUP: PersonKind.USERGROUP}
PERSON_KEYS = {"id": PersonKind.PERSON, "email": PersonKind.EMAIL}
_LEAVING_OUT = (
    ("but", "not"),
    ("except", "for"),
    ("without",),
    ("except",),
    ("excluding",),
    ("not",),
)
_JOINTS = ("and", "or", "nor")
_NEVER_LEFT_OUT = tuple(kind.value for kind in Kind if kind not in (Kind.GROUP, Kind.SCENARIO))
_ALONE = {PersonKind.ME: "me", PersonKind.MINE: "my people"}
_SLACK = {PersonKind.SLACK: "@", PersonKind.USERGROUP: "!subteam^"}


def _read(cursor: QueryCursor) -> bool:
    token = cursor.token
    if token.form in _FORMS:
        return _add(cursor, PersonRef(_FORMS[token.form], token.text, token.label), 1)
    if token.form is TokenForm.QUOTED:
        refuse_no_name(cursor)
        return _add(cursor, PersonRef(PersonKind.NAME, token.text), 1)
    if token.folded == "my" and cursor.word(1) in _MINE:
        return _add(cursor, PersonRef(PersonKind.MINE), 2)
    if token.folded in ME:
        return _add(cursor, PersonRef(PersonKind.ME), 1)
    if token.form is TokenForm.WORD and token.text.startswith("@"):
        return _read_handle(cursor)
    if EMAIL.fullmatch(token.text):
        return _add(cursor, PersonRef(PersonKind.EMAIL, token.text), 1)
    keyed = keyed_name(token)
    if keyed and keyed[1].casefold() in PERSON_KEYS:
        kind = PERSON_KEYS[keyed[1].casefold()]
        for value in read_values(cursor, keyed, lambda words: 1, "Write it after `{word}`."):
            _add(cursor, PersonRef(kind, value), 0)
        return True
    return False


def _read_handle(cursor: QueryCursor) -> bool:
    token = cursor.token
    if token.text == "@":
        following = cursor.rest[1:2]
        if not (following and following[0].form is TokenForm.QUOTED and following[0].glued):
            return False
        return _add(cursor, PersonRef(PersonKind.HANDLE, following[0].text), 2)
    if token.folded[1:] in EVERYONE_IN_SLACK:
        return False
    words = [token.text[1:], *cursor.plain_words(skip=1)]
    count = max(cursor.names.longest(None, words), 1)
    start, end = cursor.span(count)
    cursor.loose = (start + 1, cursor.at + count)
    return _add(cursor, PersonRef(PersonKind.HANDLE, cursor.text[start + 1 : end]), count)


def _add(cursor: QueryCursor, person: PersonRef, count: int) -> bool:
    cursor.values["people"] = tuple(dict.fromkeys((*cursor.query.people, person)))
    cursor.at += count
    return True


def _phrase(query: AnyQuery, now: datetime | None) -> str:
    """ "Jane Smith", "Jane Smith and Bob Jones", "Jane Smith, Bob Jones and 5 more"."""
    if isinstance(query, Query):
        names = [spoken_person(person) for person in query.people]
    else:
        names = [person.name or person.email or person.id for person in query.people or ()]
    if len(names) > MOST_PEOPLE:
        names = [*names[:2], f"{len(names) - 2} more"]
    return listed(names, "and")


def spoken_person(person: PersonRef) -> str:
    """What a person is called who was named so."""
    match person.kind:
        case PersonKind.ME:
            return "me"
        case PersonKind.MINE:
            return "your people"
        case PersonKind.SLACK | PersonKind.USERGROUP:
            return f"@{person.label.removeprefix('@') or person.value}"
        case PersonKind.HANDLE:
            return f"@{person.value}"
        case _:
            return person.value


def _write(query: Query) -> tuple[str, ...]:
    """`me`, mentions, addresses, names in quotes."""
    return tuple(written_person(person) for person in query.people)


def written_person(person: PersonRef) -> str:
    """The canonical words for one person."""
    if person.kind in _SLACK:
        label = re.sub(r"[<>|]", "", person.label)
        return f"<{_SLACK[person.kind]}{person.value}{f'|{label}' if label else ''}>"
    if person.kind is PersonKind.EMAIL and _BARE_EMAIL.fullmatch(person.value):
        return person.value
    lead = {
        PersonKind.NAME: "",
        PersonKind.HANDLE: "@",
        PersonKind.EMAIL: "email:",
        PersonKind.PERSON: "id:",
    }
    alone = _ALONE.get(person.kind)
    return alone or lead[person.kind] + quoted(person.value)


def _send(query: ResolvedQuery, now: datetime) -> Pairs:
    """E-mail addresses of a few people who all have one; ids otherwise."""
    if query.people is None:
        return ()
    emails = [person.email for person in query.people]
    if len(emails) <= _MOST_EMAILS and all(emails):
        return (("user_emails", ",".join(emails)),)
    return (("user_ids", ",".join(person.id for person in query.people)),)


WHO = Filter(
    key="who",
    field="people",
    aspect=Aspect.WHO,
    forms=("@jane", "me", "my people", "jane@acme.com", '"Jane Smith"', "@closers"),
    help="One person, several, or everyone in a Slack user group.",
    example="@jane last 7d",
    words=("me", "myself", "my", "id:", "email:"),
    read=_read,
    phrase=_phrase,
    write=_write,
    send=_send,
    anything="Anyone",
    many=True,
)


def _read_left_out(cursor: QueryCursor) -> bool:
    count = _count_of_lead(cursor)
    if not count:
        return False
    word, following = cursor.word(count - 1), cursor.word(count)
    if following in RANKS or following in VALID_WORDS:
        cursor.at += count - 1
        return read_not(cursor)
    start, named = cursor.at, {slot: cursor.values.pop(slot, ()) for slot in ("people", "names")}
    cursor.at += count + (cursor.word(count) == "the")
    try:
        found, is_joined = _read_names(cursor, several=word != "-")
    finally:
        cursor.values |= named
    if word == "not" and len(found) > 1 and not is_joined:
        cursor.at = start
        raise cursor.problem(
            "Does `not` go for all of them? Write `-` before each that I should leave out."
        )
    if not found:
        cursor.at = start
        raise _nothing_to_leave_out(cursor, count)
    if any(isinstance(ref, PersonRef) and ref.kind is PersonKind.MINE for ref in found):
        cursor.at = start
        raise cursor.problem("I can leave out people by name, and groups, but not your people.")
    cursor.values["left_out"] = tuple(dict.fromkeys((*cursor.query.left_out, *found)))
    return True


def _count_of_lead(cursor: QueryCursor) -> int:
    """How many words here say that what follows is left out; 0 if none do."""
    if cursor.word() == "-" and cursor.rest[1:2] and cursor.rest[1].glued:
        return 1
    for lead in _LEAVING_OUT:
        if tuple(cursor.word(ahead) for ahead in range(len(lead))) == lead:
            return len(lead)
    return 0


def _read_names(
    cursor: QueryCursor, *, several: bool
) -> tuple[tuple[PersonRef | NameRef, ...], bool]:
    """The people, groups and scenarios named here, joined by commas or words where `several` may
    be; and whether a word joins them."""
    ahead, is_joined = 0, False
    while cursor.rest[ahead:]:
        cursor.at += ahead
        if not any(row.read(cursor) for row in (WHO, GROUP, SCENARIO)):
            cursor.at -= ahead
            break
        joined = cursor.word() in _JOINTS
        if not several or not cursor.rest or not (joined or cursor.token.comma):
            break
        ahead, is_joined = int(joined), is_joined or joined
    return (*cursor.query.people, *cursor.query.names), is_joined


def _nothing_to_leave_out(cursor: QueryCursor, count: int) -> ParseError:
    keyed = keyed_name(cursor.rest[count]) if cursor.rest[count:] else None
    if keyed and keyed[1].casefold() in _NEVER_LEFT_OUT:
        return cursor.problem(
            "I can leave out people, groups, scenarios and ranks, but not a {kind}.",
            count=count + 1,
            kind=keyed[1].casefold(),
        )
    return cursor.problem(
        "After `{word}` I need a person, a group, a scenario or a rank, as in `-@jane`, "
        "`-group:west` or `not gold`.",
        count=count,
    )


def _left_out_phrase(query: AnyQuery, now: datetime | None) -> str:
    """ "without Jane Smith and group West Coast"."""
    names = [_spoken_name(each) for each in query.left_out]
    if len(names) > MOST_PEOPLE:
        names = [*names[:2], f"{len(names) - 2} more"]
    return f"without {listed(names, 'and')}" if names else ""


def _spoken_name(each: PersonRef | NameRef | Member | Named) -> str:
    if isinstance(each, PersonRef):
        return spoken_person(each)
    if isinstance(each, Member):
        return each.name or each.email or each.id
    if isinstance(each, NameRef):
        return f"{each.kind.value} {each.value}"
    return f"{each.kind.value} {each.name or each.id}"


def _write_left_out(query: Query) -> tuple[str, ...]:
    return tuple(
        f"-{written_person(each) if isinstance(each, PersonRef) else written_name(each)}"
        for each in query.left_out
    )


WITHOUT = Filter(
    key="without",
    field="left_out",
    aspect=Aspect.WHO,
    forms=("-@jane", '-group:"West Coast"', "-scenario:cold-call", "without @jane"),
    help="Everything but these people, groups or scenarios.",
    example="last week -@jane",
    words=("without", "except", "excluding"),
    read=_read_left_out,
    phrase=_left_out_phrase,
    write=_write_left_out,
    anything="Leaving nobody out",
    many=True,
)
