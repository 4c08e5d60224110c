"""What a report is given, put in order: one row per id, the oldest first; people by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.exec_api.models import Assignment, Model, Session
from bot.language.days import zone_of
from bot.language.query import Member
from bot.reports.figures import known, scenario_name

M = TypeVar("M", bound=Model)
# More graded attempts than that on one day count as so many: who repeats one call all evening is
# no further ahead.
MOST_A_DAY = 5


def history(rows: Iterable[Session], until: datetime) -> list[Session]:
    """The sessions created before `until`, one per id, oldest first and then by id.

    Of two rows with one id the one that is further graded counts.
    """
    found = _unique((row for row in rows if row.created_at < until), _grading)
    return sorted(found, key=lambda row: (row.created_at, row.id))


def unique_assignments(rows: Iterable[Assignment]) -> list[Assignment]:
    """The assignments, one per id; of two rows with one id the one with more attempts."""
    return _unique(rows, lambda row: (row.attempt_count,))


def by_id(people: Iterable[Member]) -> dict[str, Member]:
    """People by their id, in the order of `by_name`. Whoever has no id is left out."""
    # Sorted downwards first: of two entries with one id the first by name stays.
    found = {person.id: person for person in sorted(people, key=by_name, reverse=True) if person.id}
    return dict(sorted(found.items(), key=lambda pair: by_name(pair[1])))


def by_name(person: Member) -> tuple[str, ...]:
    """The order that settles every tie between people: by name, then by id."""
    return (person.name.casefold(), person.name, person.id, person.email, person.role)


def told_apart(people: Iterable[Member]) -> dict[str, str]:
    """What to call each, by id: with the e-mail address where two have one name."""
    listed = list(people)
    names = Counter(person.name.casefold() for person in listed)
    return {
        person.id: person.name
        if names[person.name.casefold()] == 1
        else f"{person.name} ({person.email or person.id})"
        for person in listed
    }


def of_people(rows: Iterable[Session], people: Mapping[str, Member]) -> list[Session]:
    """The rows of these people."""
    return [row for row in rows if row.user.id in people]


def by_person(rows: Iterable[Session]) -> dict[str, list[Session]]:
    """The rows of each person, in the order given; those of nobody are left out."""
    found: dict[str, list[Session]] = {}
    for row in rows:
        if row.user.id:
            found.setdefault(row.user.id, []).append(row)
    return found


def graded(rows: Iterable[Session]) -> list[tuple[float, Session]]:
    """The valid attempts that have a score, with it."""
    return [
        (score, row)
        for row in rows
        if row.is_valid_attempt and (score := known(row.score)) is not None
    ]


def attempts_counted(rows: Iterable[Session], zone: str) -> int:
    """The graded attempts of one person as a ranking counts them: at most five a local day."""
    place = zone_of(zone)
    days = Counter(row.created_at.astimezone(place).date() for _, row in graded(rows))
    return sum(min(count, MOST_A_DAY) for count in days.values())


def scenario_names(ordered: Sequence[Session]) -> dict[str, str]:
    """What each scenario was called last, by id, in rows that are oldest first."""
    names: dict[str, str] = {}
    for row in ordered:
        if id_ := row.scenario.id:
            names[id_] = scenario_name(row) or names.get(id_, "")
    return names


def _grading(row: Session) -> tuple[bool, ...]:
    return row.is_valid_attempt, row.score is not None, row.rank is not None


def _unique(rows: Iterable[M], newer: Callable[[M], tuple[Any, ...]]) -> list[M]:
    rows = list(rows)
    found = {row.id: row for row in rows}
    if len(found) == len(rows):  # as is usual
        return rows
    found = {}
    for row in rows:
        other = found.setdefault(row.id, row)
        # repr settles the rest, so that the order in which the rows came never does.
        if other is not row and (*newer(row), repr(row)) > (*newer(other), repr(other)):
            found[row.id] = row
    return list(found.values())
