"""Reads `coach add @ana "West Coast" @jane`: the coach, then the groups and people they coach."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access import Asker, Visibility
from bot.errors import UserError
from bot.language.query import Kind, Member, Named, Query
from bot.people.coaches import Coach
from bot.people.directory import Directory, label_namesakes
from bot.people.names import Resolver, rewording

EVERYONE = Visibility(everyone=True)  # only admins assign coaches


@dataclass(frozen=True, slots=True)
class Assigned:
    """A coach, and the groups and people named with them."""

    coach: Member
    groups: tuple[Named, ...]
    people: tuple[Member, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the groups and people."""
        return (*(each.name for each in self.groups), *(each.name for each in self.people))

    def as_coach(self) -> Coach:
        """The same by id."""
        groups = frozenset(group.id for group in self.groups)
        return Coach(self.coach.id, groups, frozenset(person.id for person in self.people))


async def read_assignment(resolver: Resolver, asker: Asker, text: str, *, verb: str) -> Assigned:
    """The coach, groups and people in a text. Raises UserError with similar names as
    suggestions."""
    query = await resolver.read(text, asker, EVERYONE, lead="coaches")
    is_of_groups = all(name.kind is Kind.GROUP for name in query.names)
    if (
        not query.people
        or query != Query(people=query.people, names=query.names)
        or not is_of_groups
    ):
        raise UserError(
            f'Name the coach first, then groups and people: `coach {verb} @ana "West Coast" @jane`.'
        )
    lookup = resolver.lookup(asker, EVERYONE, rewording(query, f"coach {verb}"))
    first, *others = query.people
    coaches = await lookup.find_people(first)
    if len(coaches) != 1:
        raise UserError("Name one coach first, then who they coach.")
    groups = dict.fromkeys([await lookup.find_thing(ref) for ref in query.names])
    people = dict.fromkeys([each for ref in others for each in await lookup.find_people(ref)])
    people.pop(coaches[0], None)
    listed = resolver.directory.listed
    coach, *labeled = label_namesakes((coaches[0], *people), listed, EVERYONE.knows)
    return Assigned(coach, tuple(groups), tuple(labeled))


async def names_of(directory: Directory, coach: Coach) -> tuple[str, ...]:
    """The names of the groups and people that somebody coaches."""
    groups = {each.id: each.name for each in await directory.items(Kind.GROUP)}
    found = await directory.people(coach.people)
    people = {
        each.id: each.name for each in label_namesakes(found, directory.listed, EVERYONE.knows)
    }
    return (
        *sorted(groups.get(id_, "a group that is gone") for id_ in coach.groups),
        *sorted(people.get(id_, "someone who has left") for id_ in coach.people),
    )


async def name_of(directory: Directory, id_: str) -> str:
    """A person's name, by their Exec id."""
    (name,) = await names_of(directory, Coach("", people=frozenset((id_,))))
    return name
