"""Turns words into questions, and the names in them into ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.access import Asker, Visibility
from bot.errors import ParseError, TooLong
from bot.language.cursor import Vocabulary
from bot.language.matching import addresses, part_matches, slugs, whole_matches
from bot.language.parse import kinds_needed, parse
from bot.language.query import (
    Kind,
    Member,
    Named,
    NameRef,
    Narrowing,
    PersonKind,
    PersonRef,
    Query,
    ResolvedQuery,
)
from bot.language.words import query_words
from bot.mirror.lists import MEMBERS, Lists
from bot.people.accounts import People
from bot.people.directory import LIST_OF, Directory
from bot.people.lookup import (
    QUOTED,
    Lookup,
    Ref,
    Reword,
    match_people,
    visible_people,
    visible_things,
)


@dataclass(frozen=True, slots=True)
class Resolver:
    """Turns words into a `Query`, and a `Query` into ids."""

    directory: Directory
    lists: Lists
    people: People
    clock: Callable[[], datetime]

    async def read(
        self,
        text: str,
        zone: ZoneInfo,
        visibility: Visibility,
        *,
        lead: str = "sessions",
        now: datetime | None = None,
    ) -> Query:
        """The question that follows `lead` in a command, as it is meant at `now`.

        Raises ParseError, and ExecError if a list was never read.
        """
        kinds = kinds_needed(text)
        await self.lists.ensure(MEMBERS, *(LIST_OF[each] for each in kinds if each in LIST_OF))
        read = partial(parse, text, now=now or self.clock(), zone=zone, lead=lead)
        try:
            things = await visible_things(self.directory, visibility, *kinds)
            query = read(names=Vocabulary.of(things))
        except TooLong:
            raise
        except ParseError:
            # There may be a name without its quotes or its `group:`.
            things = await visible_things(self.directory, visibility, *Kind)
            members = visible_people(await self.directory.members(), visibility)
            query = read(names=Vocabulary.of(things, members))
        return await self._with_quoted_things(query, visibility)

    async def resolve(
        self, query: Query, asker: Asker, visibility: Visibility, *, lead: str = "sessions"
    ) -> ResolvedQuery:
        """The question in ids, cut to what the asker can see.

        Raises NotAllowed, NotFound, Ambiguous, ExecError and SlackError.
        """
        lookup = self.lookup(asker, visibility, rewording(query, lead))
        people = [person for ref in query.people for person in await lookup.find_people(ref)]
        names = dict.fromkeys([await lookup.find_thing(ref) for ref in query.names])
        same = {each.name: getattr(query, each.name) for each in fields(Narrowing)}
        resolved = ResolvedQuery(
            people=tuple(dict.fromkeys(people)) or lookup.implied_people(names),
            names=tuple(names),
            **same,
        )
        return await lookup.leave_out(resolved, query.left_out)

    def lookup(self, asker: Asker, visibility: Visibility, reword: Reword) -> Lookup:
        """Finds the names in one command of the asker's."""
        return Lookup(self.directory, self.lists, self.people, asker, visibility, reword)

    async def _with_quoted_things(self, query: Query, visibility: Visibility) -> Query:
        """The question with a quoted name as a thing's, if a thing fits it better than a person."""
        quoted = {
            ref
            for ref in (*query.people, *query.left_out)
            if isinstance(ref, PersonRef) and ref.kind is PersonKind.NAME
        }
        if not quoted:
            return query
        await self.lists.ensure(*(LIST_OF[kind] for kind in QUOTED))
        things = await visible_things(self.directory, visibility, *QUOTED)
        for ref in quoted:
            people = await match_people(self.directory, ref.value, visibility)
            if kind := _better_kind(ref.value, people, things):
                query = _replaced(query, ref, NameRef(kind, ref.value))
        return query


def rewording(query: Query, lead: str) -> Reword:
    """Rewords a question; `lead` comes before it in a command."""
    return lambda old, new: f"{lead} {query_words(_replaced(query, old, new))}"


def _better_kind(name: str, people: Sequence[Member], things: Sequence[Named]) -> Kind | None:
    """The kind of thing that a quoted name means; None for a person, or if nothing fits.

    Full names come before parts of names, then people before things.
    """
    if whole_matches(name, people, addresses):
        return None
    found = whole_matches(name, things, slugs)
    if not found and not people:
        found = part_matches(name, things)
    kinds = {each.kind for each in found}
    return next((kind for kind in QUOTED if kind in kinds), None)


def _replaced(query: Query, old: Ref, new: Ref) -> Query:
    """The question with another name in place of an old one."""

    def swapped(refs: Iterable[Ref]) -> list[Ref]:
        return [new if ref == old else ref for ref in refs]

    refs = swapped((*query.people, *query.names))
    return replace(
        query,
        people=tuple(ref for ref in refs if isinstance(ref, PersonRef)),
        names=tuple(ref for ref in refs if isinstance(ref, NameRef)),
        left_out=tuple(swapped(query.left_out)),
    )
