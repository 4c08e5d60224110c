"""Reads `coach add @ana "West Coast" @jane`: the coach, then the groups and people they coach."""

from __future__ import annotations

from bot.errors import UserError
from bot.language.query import Kind, Member, Query
from bot.people.access import Asker, Visibility
from bot.people.coaches import Coach
from bot.people.directory import Directory, label_namesakes
from bot.people.names import Resolver, rewording

EVERYONE = Visibility(everyone=True)  # only admins assign coaches


async def read_assignment(
    resolver: Resolver, asker: Asker, text: str, *, verb: str
) -> tuple[Member, Coach]:
    """The coach in a text, and the groups and people named after them. Raises UserError with
    similar names as suggestions."""
    query = await resolver.query_of(text, asker, EVERYONE, lead=f"coach {verb}")
    is_of_groups = all(name.kind is Kind.GROUP for name in query.names)
    is_plain = query == Query(people=query.people, names=query.names)
    if not (query.people and is_plain and is_of_groups):
        raise UserError(
            f'Name the coach first, then groups and people: `coach {verb} @ana "West Coast" @jane`.'
        )
    lookup = resolver.lookup(asker, EVERYONE, rewording(query, f"coach {verb}"))
    first, *others = query.people
    coaches = await lookup.find_people(first)
    if len(coaches) != 1:
        raise UserError("Name one coach first, then who they coach.")
    (coach,) = label_namesakes(coaches, resolver.directory.listed, EVERYONE.knows)
    groups = {(await lookup.find_thing(ref)).id for ref in query.names}
    people = {person.id for ref in others for person in await lookup.find_people(ref)}
    return coach, Coach(coach.id, frozenset(groups), frozenset(people - {coach.id}))


async def names_of(directory: Directory, coach: Coach) -> tuple[str, ...]:
    """The names of the groups and people that somebody coaches."""
    groups = {group.id: group.name for group in await directory.items(Kind.GROUP)}
    known = await directory.people(coach.people)
    people = {
        person.id: person.name
        for person in label_namesakes(known, directory.listed, EVERYONE.knows)
    }
    return (
        *sorted(groups.get(id_, "a group that is gone") for id_ in coach.groups),
        *sorted(people.get(id_, "someone who has left") for id_ in coach.people),
    )


async def name_of(directory: Directory, id_: str) -> str:
    """A person's name, by their Exec id."""
    (name,) = await names_of(directory, Coach("", people=frozenset((id_,))))
    return name
