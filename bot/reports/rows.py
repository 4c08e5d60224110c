"""What a report is given, put in order: one row per id, the oldest first; people by id."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from bot.exec_api.models import Assignment, Scenario, Session, Thing
from bot.language.days import zone_of
from bot.language.query import Member
from bot.reports.figures import ABSURD, mean, name_of
from bot.reports.intervals import Interval

M = TypeVar("M", bound=Thing)
# More graded attempts than that on one day count as so many: who repeats one call all evening is
# no further ahead.
MOST_A_DAY = 5

_CREATED = attrgetter("created_at")
_IN_ORDER = attrgetter("created_at", "id")


def history(rows: Iterable[Session], until: datetime) -> list[Session]:
    """The sessions created before `until`, one per id, oldest first and then by id.

    Of two rows with one id the one that is further graded counts.
    """
    found = _unique([row for row in rows if row.created_at < until], _grading)
    return sorted(found, key=_IN_ORDER)


def within(ordered: Sequence[Session], interval: Interval) -> Sequence[Session]:
    """The rows of an interval, of rows that are oldest first."""
    start = bisect_left(ordered, interval.start, key=_CREATED)
    return ordered[start : bisect_left(ordered, interval.end, key=_CREATED)]


def onwards(ordered: Sequence[Session], moment: datetime) -> Sequence[Session]:
    """The rows from a moment on, of rows that are oldest first."""
    return ordered[bisect_left(ordered, moment, key=_CREATED) :]


def unique_assignments(rows: Iterable[Assignment]) -> list[Assignment]:
    """The assignments, one per id; of two rows with one id the one with more attempts."""
    return _unique(list(rows), lambda row: (row.attempt_count,))


def by_id(people: Iterable[Member]) -> dict[str, Member]:
    """People by their id, in the order of `by_name`. Whoever has no id is left out."""
    # Sorted downwards first: of two entries with one id the first by name stays.
    found = {person.id: person for person in sorted(people, key=by_name, reverse=True) if person.id}
    return dict(sorted(found.items(), key=lambda pair: by_name(pair[1])))


def by_name(person: Member) -> tuple[str, ...]:
    """The order that settles every tie between people: by name, then by id."""
    return (person.name.casefold(), person.name, person.id, person.email, person.role)


def apart(people: Iterable[Member]) -> dict[str, Member]:
    """People as `by_id` gives them, those of one name told apart in their names."""
    found = by_id(people)
    names = disambiguated_names(found.values())
    return {id_: replace(person, name=names[id_]) for id_, person in found.items()}


def disambiguated_names(people: Iterable[Member]) -> dict[str, str]:
    """What to call each, by id: with the e-mail address where two have one name."""
    listed = list(people)
    names = Counter(person.name.casefold() for person in listed)
    return {
        person.id: person.name
        if names[person.name.casefold()] == 1
        else f"{person.name} ({person.email or person.id})"
        for person in listed
    }


def of_people(rows: Iterable[Session], people: Container[str]) -> list[Session]:
    """The rows of these people, by their ids."""
    return [row for row in rows if row.user.id in people]


def by_person(rows: Iterable[Session]) -> dict[str, list[Session]]:
    """The rows of each person, in the order given; those of nobody are left out."""
    found: dict[str, list[Session]] = {}
    for row in rows:
        found.setdefault(row.user.id, []).append(row)
    found.pop("", None)
    return found


def by_scenario(rows: Iterable[Session]) -> dict[str, list[Session]]:
    """The rows of each scenario, in the order given; those of none are left out."""
    found: dict[str, list[Session]] = {}
    for row in rows:
        found.setdefault(row.scenario.id, []).append(row)
    found.pop("", None)
    return found


def graded(rows: Iterable[Session]) -> list[tuple[float, Session]]:
    """The valid attempts that have a score, with it."""
    return [
        (score, row)
        for row in rows
        if row.is_valid_attempt and (score := row.score) is not None and -ABSURD < score < ABSURD
    ]


def people_in(rows: Iterable[Session]) -> set[str]:
    """The ids of those whose rows these are; "" for nobody."""
    return {row.user.id for row in rows}


def average(attempts: Sequence[tuple[float, Session]]) -> float | None:
    """The mean score of graded attempts, not rounded; None without any."""
    return mean([score for score, _ in attempts])


def attempts_counted(rows: Iterable[Session], zone: str) -> int:
    """The graded attempts of one person as a ranking counts them: at most five a local day."""
    place = zone_of(zone)
    days = Counter(row.created_at.astimezone(place).date() for _, row in graded(rows))
    return sum(min(count, MOST_A_DAY) for count in days.values())


def scenario_names(ordered: Sequence[Session]) -> dict[str, str]:
    """What each scenario was called last, by id, in rows that are oldest first."""
    called: dict[str, Scenario] = {}
    for row in ordered:
        scenario = row.scenario
        other = called.setdefault(scenario.id, scenario)
        # Rows of one scenario mostly share what it is called.
        if other is not scenario and name_of(scenario):
            called[scenario.id] = scenario
    called.pop("", None)
    return {id_: name_of(scenario) for id_, scenario in called.items()}


def _grading(row: Session) -> tuple[bool, ...]:
    return row.is_valid_attempt, row.score is not None, row.rank is not None


def _unique(rows: list[M], newer: Callable[[M], tuple[Any, ...]]) -> list[M]:
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
