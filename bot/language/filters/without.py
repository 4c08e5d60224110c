"""The filter of what a question is not about: `-@jane`, `-group:west`, `without @jane`."""

from __future__ import annotations

from datetime import datetime

from bot.errors import ParseError
from bot.language.cursor import QueryCursor
from bot.language.filters.names import GROUP, SCENARIO, keyed_name, written_name
from bot.language.filters.rank import RANKS, read_not
from bot.language.filters.row import Asked, Aspect, Filter, listed
from bot.language.filters.valid import WORDS as VALID_WORDS
from bot.language.filters.who import MOST_PEOPLE, WHO, spoken_person, written_person
from bot.language.query import Kind, Member, Named, NameRef, PersonKind, PersonRef, Query

_LEADS = (("but", "not"), ("except", "for"), ("without",), ("except",), ("excluding",), ("not",))
_JOINTS = ("and", "or", "nor")
_NO_NAMES = tuple(kind.value for kind in Kind if kind not in (Kind.GROUP, Kind.SCENARIO))


def _read(cursor: QueryCursor) -> bool:
    count = _lead(cursor)
    if not count:
        return False
    word, following = cursor.word(count - 1), cursor.word(count)
    if following in RANKS or following in VALID_WORDS:
        cursor.at += count - 1
        return read_not(cursor)
    start, named = cursor.at, {slot: cursor.values.pop(slot, ()) for slot in ("people", "names")}
    cursor.at += count + (cursor.word(count) == "the")
    try:
        found, is_joined = _names(cursor, several=word != "-")
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


def _lead(cursor: QueryCursor) -> int:
    """How many words here say that what follows is left out; 0 if none do."""
    if cursor.word() == "-" and cursor.rest[1:2] and cursor.rest[1].glued:
        return 1
    for lead in _LEADS:
        if tuple(cursor.word(ahead) for ahead in range(len(lead))) == lead:
            return len(lead)
    return 0


def _names(cursor: QueryCursor, *, several: bool) -> tuple[tuple[PersonRef | NameRef, ...], bool]:
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
    if keyed and keyed[1].casefold() in _NO_NAMES:
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


def _phrase(query: Asked, now: datetime | None) -> str:
    """ "without Jane Smith and group West Coast"."""
    names = [_spoken(each) for each in query.left_out]
    if len(names) > MOST_PEOPLE:
        names = [*names[:2], f"{len(names) - 2} more"]
    return f"without {listed(names, 'and')}" if names else ""


def _spoken(each: PersonRef | NameRef | Member | Named) -> str:
    if isinstance(each, PersonRef):
        return spoken_person(each)
    if isinstance(each, Member):
        return each.name or each.email or each.id
    if isinstance(each, NameRef):
        return f"{each.kind.value} {each.value}"
    return f"{each.kind.value} {each.name or each.id}"


def _write(query: Query) -> tuple[str, ...]:
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
    read=_read,
    phrase=_phrase,
    write=_write,
    anything="Leaving nobody out",
    many=True,
)
