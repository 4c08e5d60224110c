"""The two sides of a comparison: two people, groups, scenarios or periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.errors import Suggestion, UserError
from bot.language.query import Kind, Member, ResolvedQuery
from bot.language.reader import NO_PAIR


@dataclass(frozen=True, slots=True)
class Side:
    """A side: its name, and the question about it alone."""

    name: str
    query: ResolvedQuery


@dataclass(frozen=True, slots=True)
class Sides:
    """Two sides of one kind, in the order of the question."""

    kind: Kind | Literal["person", "period"]
    first: Side
    second: Side


def sides(query: ResolvedQuery) -> Sides:
    """The sides of a question that names two things of one kind; its other filters apply to both.
    Raises UserError unless it names exactly one pair."""
    pair = tuple(_pairs(query))
    if len(pair) == 1:
        return pair[0]
    if pair:
        raise UserError("I can compare only one pair at a time. Remove the other one.")
    raise UserError(
        NO_PAIR,
        (
            Suggestion("This month and last month", "compare this month vs last month"),
            Suggestion("This week and last week", "compare this week vs last week"),
            Suggestion("Who is ahead", "leaderboard"),
        ),
    )


def _pairs(query: ResolvedQuery) -> Iterator[Sides]:
    if query.versus is not None and query.period is not None:
        alone = replace(query, versus=None)
        other = replace(alone, period=query.versus)
        yield Sides("period", Side(query.period.words, alone), Side(query.versus.words, other))
    if query.people is not None and len(query.people) == 2:
        are_namesakes = query.people[0].name == query.people[1].name
        yield Sides(
            "person", *(_person_side(query, thing, are_namesakes) for thing in query.people)
        )
    for kind in Kind:
        named = [thing for thing in query.names if thing.kind is kind]
        if len(named) == 2:
            first, two = named
            left, right = (
                replace(query, names=tuple(thing for thing in query.names if thing != other))
                for other in (two, first)
            )
            yield Sides(kind, Side(first.shown, left), Side(two.shown, right))


def _person_side(query: ResolvedQuery, person: Member, has_namesake: bool) -> Side:
    name = f"{person.name} ({person.email or person.id})" if has_namesake else person.name
    return Side(name or person.shown, replace(query, people=(person,)))
