"""Who is meant in `coach add @ana "West Coast" @jane`: first the coach, then whom they coach."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access import Asker, Visibility
from bot.errors import NotFound, UserError
from bot.language.matching import (
    MAX_CHOICES,
    nearest_things,
    part_matches,
    slugs,
    suggestions,
    whole_matches,
)
from bot.language.query import Kind, Member, Named, NameRef, PersonKind, PersonRef, Query
from bot.people.coaches import Coach
from bot.people.names import Instead, Resolver, in_question

EVERYONE = Visibility(everyone=True)  # coaches are named by admins
UNKNOWN = "someone who has left"


@dataclass(frozen=True, slots=True)
class Given:
    """A coach, and the groups and people named with them."""

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
    resolver: Resolver

    async def read(self, asker: Asker, text: str, *, verb: str) -> Given:
        """Who is meant. Raises UserError that offers the command with the nearest names."""
        lead = f"coach {verb}"
        query = await self.resolver.read(text, asker.zone, EVERYONE, lead=lead)
        if not query.people or query != Query(people=query.people, names=query.names):
            raise _usage(verb)
        if any(name.kind is not Kind.GROUP for name in query.names):
            raise _usage(verb)
        first, *others = query.people
        coaches = await self._people(first, asker, in_question(query, first, lead))
        if len(coaches) != 1:
            raise UserError("Name one coach first, then whom they coach.")
        groups = [
            await self.resolver.named(ref, EVERYONE, in_question(query, ref, lead))
            for ref in query.names
        ]
        people: dict[str, Member] = {}
        for ref in others:
            found = await self._subject(ref, asker, in_question(query, ref, lead))
            if isinstance(found, Named):
                groups.append(found)
            else:
                people |= {member.id: member for member in found}
        people.pop(coaches[0].id, None)
        distinct = {group.id: group for group in groups}
        coach, *told = await self._apart(coaches[0], *people.values())
        return Given(coach, tuple(distinct.values()), tuple(told))

    async def of(self, coach: Coach) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of a coach's groups and people, as last known."""
        stored = await self.resolver.directory.items(Kind.GROUP)
        names = {group.id: group.name for group in stored}
        groups = sorted(names.get(id_, "a group that is gone") for id_ in coach.groups)
        people = [await self.person(id_) for id_ in coach.people]
        return tuple(groups), tuple(sorted(people))

    async def person(self, id_: str) -> str:
        """A person's name, by their Exec id."""
        found = await self.resolver.directory.person(id_=id_)
        return (await self._apart(found))[0].name if found else UNKNOWN

    async def _apart(self, *people: Member) -> tuple[Member, ...]:
        return await self.resolver.directory.apart(people, lambda _: True)

    async def _people(self, ref: PersonRef, asker: Asker, instead: Instead) -> tuple[Member, ...]:
        return tuple(await self.resolver.person(ref, asker, EVERYONE, instead))

    async def _subject(
        self, ref: PersonRef, asker: Asker, instead: Instead
    ) -> Named | tuple[Member, ...]:
        """A group or people; words in quotes may be either."""
        if ref.kind is not PersonKind.NAME:
            return await self._people(ref, asker, instead)
        groups = await self.resolver.directory.items(Kind.GROUP)
        as_group = NameRef(Kind.GROUP, ref.value)
        if whole_matches(ref.value, groups, slugs):
            return await self.resolver.named(as_group, EVERYONE, instead)
        try:
            return await self._people(ref, asker, instead)
        except NotFound as error:
            if part_matches(ref.value, groups):
                return await self.resolver.named(as_group, EVERYONE, instead)
            near = nearest_things(ref.value, groups)
            offered = suggestions(near, lambda each: instead(NameRef(Kind.GROUP, each.name)))
            ways = (*offered, *error.suggestions)[:MAX_CHOICES]
            raise NotFound(
                "I know neither a person nor a group called *{name}*."
                + (" Did you mean one of these?" if ways else ""),
                ways,
                name=ref.value,
            ) from None


def _usage(verb: str) -> UserError:
    return UserError(
        f'Name the coach first, then groups and people: `coach {verb} @ana "West Coast" @jane`.'
    )
