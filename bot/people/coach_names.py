"""Who is meant in `coach add @ana "West Coast" @jane`: first the coach, then whom they coach."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.access import Asker, Visibility
from bot.errors import NotFound, Suggestion, UserError
from bot.language.query import Kind, Member, Named, NameRef, PersonKind, PersonRef, Query
from bot.language.words import words
from bot.people.catalogue import Catalogue
from bot.people.choices import MAX_CHOICES
from bot.people.matching import nearest, part_matches, whole_matches
from bot.people.parsing import Parser
from bot.people.resolve import Resolver
from bot.storage.coaches import Coach

EVERYONE = Visibility(everyone=True)  # coaches are named by admins
UNKNOWN = "someone who has left"


@dataclass(frozen=True, slots=True)
class Given:
    """A coach, and the groups and people that were named with them."""

    coach: Member
    groups: tuple[Named, ...]
    people: tuple[Member, ...]

    @property
    def group_names(self) -> tuple[str, ...]:
        return tuple(group.name for group in self.groups)

    @property
    def people_names(self) -> tuple[str, ...]:
        return tuple(person.name for person in self.people)

    def as_coach(self) -> Coach:
        groups = frozenset(group.id for group in self.groups)
        return Coach(self.coach.id, groups, frozenset(person.id for person in self.people))


@dataclass(frozen=True, slots=True)
class CoachNames:
    parser: Parser
    resolver: Resolver
    catalogue: Catalogue

    async def read(self, asker: Asker, text: str, *, verb: str) -> Given:
        """Who is meant. Raises UserError that offers the command with the nearest names."""
        try:
            return await self._read(asker, text, verb)
        except UserError as error:
            error.suggestions = tuple(
                Suggestion(each.label, _as_command(each.words, verb)) for each in error.suggestions
            )
            raise

    async def of(self, coach: Coach) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of whom somebody coaches: groups, and people; as last known."""
        held = await self.catalogue.items(Kind.GROUP, ask_exec=False)
        names = {group.id: group.name for group in held}
        groups = sorted(names.get(id_, "a group that is gone") for id_ in coach.groups)
        people = [await self.person(id_) for id_ in coach.people]
        return tuple(groups), tuple(sorted(people))

    async def person(self, id_: str) -> str:
        """What somebody is called."""
        found = await self.catalogue.person_by_id(id_, ask_exec=False)
        return found.name if found else UNKNOWN

    async def _read(self, asker: Asker, text: str, verb: str) -> Given:
        query = await self.parser.read(text, asker.zone, EVERYONE)
        if not query.people or query != Query(people=query.people, names=query.names):
            raise _usage(verb)
        if any(name.kind is not Kind.GROUP for name in query.names):
            raise _usage(verb)
        first, *others = query.people
        coaches = await self.resolver.person(first, query, asker, EVERYONE)
        if len(coaches) != 1:
            raise UserError("Name one coach first, then whom they coach.")
        groups = [await self.resolver.named(ref, query, EVERYONE) for ref in query.names]
        people: dict[str, Member] = {}
        for ref in others:
            found = await self._subject(ref, query, asker)
            if isinstance(found, Named):
                groups.append(found)
            else:
                people |= {member.id: member for member in found}
        people.pop(coaches[0].id, None)
        distinct = {group.id: group for group in groups}
        return Given(coaches[0], tuple(distinct.values()), tuple(people.values()))

    async def _subject(
        self, ref: PersonRef, query: Query, asker: Asker
    ) -> Named | tuple[Member, ...]:
        """A group or people; words in quotes may be either."""
        if ref.kind is not PersonKind.NAME:
            return tuple(await self.resolver.person(ref, query, asker, EVERYONE))
        groups = await self.catalogue.items(Kind.GROUP)
        if whole_matches(ref.value, groups, lambda _group: ()):
            return await self._group(ref, query)
        try:
            return tuple(await self.resolver.person(ref, query, asker, EVERYONE))
        except NotFound as error:
            if part_matches(ref.value, groups):
                return await self._group(ref, query)
            near = nearest(ref.value, groups, MAX_CHOICES)
            offered = tuple(Suggestion(each.name, _with_group(query, ref, each)) for each in near)
            raise NotFound(
                "I know neither a person nor a group called *{name}*."
                + (" Did you mean one of these?" if offered or error.suggestions else ""),
                (*offered, *error.suggestions)[:MAX_CHOICES],
                name=ref.value,
            ) from None

    async def _group(self, ref: PersonRef, query: Query) -> Named:
        name = NameRef(Kind.GROUP, ref.value)
        left = tuple(each for each in query.people if each != ref)
        return await self.resolver.named(
            name, replace(query, people=left, names=(*query.names, name)), EVERYONE
        )


def _with_group(query: Query, ref: PersonRef, group: Named) -> str:
    left = tuple(each for each in query.people if each != ref)
    names = (*query.names, NameRef(Kind.GROUP, group.name))
    return f"sessions {words(replace(query, people=left, names=names))}"


def _as_command(said: str, verb: str) -> str:
    """What is offered to the question is offered to the command; help stays help."""
    if not said.startswith("sessions"):
        return said
    return f"coach {verb} {said.removeprefix('sessions').strip()}"


def _usage(verb: str) -> UserError:
    return UserError(
        f'Name the coach first, then groups and people: `coach {verb} @ana "West Coast" @jane`.'
    )
