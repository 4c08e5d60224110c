"""Who is meant in `coach add @ana "West Coast" @jane`: first the coach, then whom they coach."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access import Asker, Visibility
from bot.errors import UserError
from bot.language.query import Kind, Member, Named, Query
from bot.people.coaches import Coach
from bot.people.names import Resolver, rewording

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
        query = await self.resolver.read(text, asker, EVERYONE, lead="coaches")
        if not query.people or query != Query(people=query.people, names=query.names):
            raise _usage(verb)
        if any(name.kind is not Kind.GROUP for name in query.names):
            raise _usage(verb)
        lookup = self.resolver.lookup(asker, EVERYONE, rewording(query, lead))
        first, *others = query.people
        coaches = await lookup.find_people(first)
        if len(coaches) != 1:
            raise UserError("Name one coach first, then who they coach.")
        groups = dict.fromkeys([await lookup.find_thing(ref) for ref in query.names])
        people = dict.fromkeys([each for ref in others for each in await lookup.find_people(ref)])
        people.pop(coaches[0], None)
        coach, *told = await self._apart(coaches[0], *people)
        return Given(coach, tuple(groups), tuple(told))

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


def _usage(verb: str) -> UserError:
    return UserError(
        f'Name the coach first, then groups and people: `coach {verb} @ana "West Coast" @jane`.'
    )
