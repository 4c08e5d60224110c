"""How each filter is written back as words, so that reading them gives the filter again."""

from __future__ import annotations

import re

from bot.language.numbers import write_length, write_score
from bot.language.query import Kind, PersonKind, PersonRef, Query
from bot.language.text import quoted

_BARE_EMAIL = re.compile(r"\w+(?:[.+-]\w+)*@\w+(?:[.-]\w+)*\.\w+", re.ASCII)
_SLACK = {PersonKind.SLACK: "@", PersonKind.USERGROUP: "!subteam^"}


def write_people(query: Query) -> tuple[str, ...]:
    """`me`, mentions, addresses, names in quotes."""
    return tuple(_person(person) for person in query.people)


def write_names(query: Query, kind: Kind) -> tuple[str, ...]:
    """`group:"West Coast"`: always in quotes, so that no word after it can be taken for more."""
    return tuple(f"{kind.value}:{quoted(name.value)}" for name in query.names if name.kind is kind)


def write_ranks(query: Query) -> tuple[str, ...]:
    """`gold silver`."""
    return tuple(rank.value for rank in query.ranks)


def write_valid(query: Query) -> tuple[str, ...]:
    """`valid` or `invalid`."""
    return {True: ("valid",), False: ("invalid",), None: ()}[query.valid]


def write_scores(query: Query) -> tuple[str, ...]:
    """`score>=80`."""
    return write_score(query.score) if query.score else ()


def write_lengths(query: Query) -> tuple[str, ...]:
    """`longer 5m`."""
    return write_length(query.length) if query.length else ()


def write_period(query: Query) -> tuple[str, ...]:
    """`last 7d`."""
    return (query.period.words,) if query.period else ()


def write_sort(query: Query) -> tuple[str, ...]:
    """`best`; the usual order is not written."""
    return (query.sort.value,) if query.sort is not Query().sort else ()


def write_limit(query: Query) -> tuple[str, ...]:
    """`top 5`."""
    return (f"top {query.limit}",) if query.limit is not None else ()


def write_page(query: Query) -> tuple[str, ...]:
    """`page 2`; the first one is not written."""
    return (f"page {query.page}",) if query.page != 1 else ()


def write_system(query: Query) -> tuple[str, ...]:
    """`+system`."""
    return ("+system",) if query.include_system else ()


def _person(person: PersonRef) -> str:
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
    return "me" if person.kind is PersonKind.ME else lead[person.kind] + quoted(person.value)
