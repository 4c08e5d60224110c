"""The figures of every person of a roster, one by one: for the eyes of those who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.exec_api.models import Session
from bot.language.query import Member
from bot.reports.figures import Figures, figures
from bot.reports.intervals import Interval
from bot.reports.rows import apart, by_person, history, within


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """A person's figures in an interval; `last` is their last session up to its end (UTC).

    `last` is None where no session of theirs is known: there was none from `since` on, or none
    at all where that is None.
    """

    person: Member
    figures: Figures
    last: datetime | None
    since: datetime | None


def each_person(
    roster: Iterable[Member],
    rows: Iterable[Session],
    interval: Interval,
    *,
    since: datetime | None,
) -> tuple[PersonFigures, ...]:
    """Everyone of `roster`, those of one name told apart: who practiced most first, then by name.

    Rows of others may be among those given, and earlier ones, which only tell when somebody
    practiced last. Everything is known from `since` on, the start of a local day; None where
    all is.
    """
    return of_each(apart(roster), by_person(history(rows, interval.end)), interval, since)


def of_each(
    people: Mapping[str, Member],
    rows_of: Mapping[str, Sequence[Session]],
    interval: Interval,
    since: datetime | None,
) -> tuple[PersonFigures, ...]:
    """The same of `people` by id, in the order of their names. `rows_of` are the rows of each,
    oldest first, up to the end of the interval."""
    found = []
    for id_, person in people.items():
        own = rows_of.get(id_, [])
        last = own[-1].created_at if own else None
        found.append(PersonFigures(person, figures(within(own, interval)), last, since))
    return tuple(sorted(found, key=lambda each: -each.figures.sessions))
