"""A prepared question: everything that a report computes its figures from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.exec.models import Proficiency, Session, SessionDetail, SkillSummary
from bot.language.filters import is_of_results
from bot.language.query import Kind, Member, ResolvedQuery
from bot.language.sides import Sides
from bot.reports.intervals import EARLIEST, MOMENT, Interval, Periods
from bot.storage.database import Database
from bot.storage.sessions import Span, Window, filters_of
from bot.storage.tables import to_ms


@dataclass(frozen=True, slots=True)
class Subject:
    """The people of a question by Exec id, in the order of their names.

    Namesakes have their address after the name. `coaches` coach others among them: they are
    counted, but never listed.
    """

    people: Mapping[str, Member]
    coaches: frozenset[str] = frozenset()

    @property
    def present(self) -> dict[str, Member]:
        """The people who are in Exec now."""
        return {id_: person for id_, person in self.people.items() if not person.is_removed}

    @property
    def listed(self) -> dict[str, Member]:
        """The people who can be named: present, and not a coach of the others."""
        return {id_: person for id_, person in self.present.items() if id_ not in self.coaches}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of Exec and the people in it now, by Exec id."""

    id: str
    name: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnSubject:
    """The Exec id of an asker who can see only themselves in the figures.

    `off`: because rankings with names are turned off. `groups` are the names of the groups that
    they are ranked in.
    """

    id: str
    off: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """Why Exec couldn't be asked: it is unreachable, its limit is used up (until then), or it
    rejects the key."""

    kind: Literal["unreachable", "limited", "key"]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkillScores:
    """Exec's scores at a skill: a `summary` of the workspace, or else the scores of `people`."""

    name: str
    people: tuple[Proficiency, ...] = ()
    summary: SkillSummary | None = None


@dataclass(frozen=True, slots=True)
class LastNudge:
    """The coach's last nudge to a person, and when they first practiced after it, None if not
    yet."""

    at: datetime
    practiced: datetime | None


@dataclass(frozen=True, kw_only=True)
class PreparedQuestion:
    """A question in ids, reduced to what its asker can see, with its people and sessions.

    `stored` is the window of sessions. `ids` are the sessions read directly from Exec, if the
    window doesn't cover the period. `unnamed` people hide their names. `tasks_at` is when the
    assignments were read, None if some weren't. `only` is set for an asker who can see only
    themselves. `other` is the second side of a comparison. `rows` are those of a list of sessions
    to return, counted from 0. `feedback` is what could be read of the feedback on `attempts`.
    `nudges` are by a coach, by the id of the person who got them.
    """

    db: Database
    query: ResolvedQuery
    periods: Periods
    stored: Window
    subject: Subject = field(default_factory=lambda: Subject({}))
    groups: tuple[Group, ...] = ()
    groups_unknown: int = 0
    ids: tuple[str, ...] | None = None
    unnamed: frozenset[str] = frozenset()
    tasks_at: datetime | None = None
    away: Outage | None = None
    only: OwnSubject | None = None
    sides: Sides | None = None
    other: PreparedQuestion | None = None
    rows: range = range(25)
    attempts: tuple[Session, ...] = ()
    feedback: tuple[SessionDetail, ...] = ()
    skills: tuple[SkillScores, ...] = ()
    nudges: Mapping[str, LastNudge] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The reader's IANA zone."""
        return self.periods.zone

    @property
    def now(self) -> datetime:
        """The time of the question."""
        return self.periods.now

    @property
    def as_of(self) -> datetime:
        """Sessions created up to this moment are counted."""
        return self.stored.end if self.ids is None else self.now

    @property
    def interval(self) -> Interval:
        """The period of the question."""
        return self.periods.interval

    @property
    def is_of_one(self) -> bool:
        """Whether the question is about one person."""
        return self.query.people is not None and len(self.query.people) == 1

    @property
    def counted_since(self) -> datetime | None:
        """The start of the counted sessions, None if the whole period is counted."""
        if self.ids is not None or self.stored.start <= self.interval.start:
            return None
        return self.stored.start

    def covers(self, interval: Interval) -> bool:
        """Whether sessions are stored from the start of an interval on, even if the last read is
        hours old."""
        return self.ids is None and self.stored.start <= interval.start < self.stored.end

    # Conditions on the table of sessions.

    def filters(self, interval: Interval | None = None) -> list[sa.ColumnElement[bool]]:
        """The question's filters, in its period or in another interval."""
        inside = interval or self.interval
        start, end = inside.start, inside.end
        if self.ids is None:
            start, end = max(start, self.stored.start), min(end, self.stored.end + MOMENT)
        span = Span(to_ms(start), max(to_ms(start), to_ms(end)))
        return filters_of(self.query, span, self.ids)

    def history(self) -> list[sa.ColumnElement[bool]]:
        """The question's filters over all stored sessions up to the end of its period."""
        return self.filters(Interval(EARLIEST, self.interval.end))

    def all_attempts(self) -> list[sa.ColumnElement[bool]]:
        """All stored sessions of its people up to the end of the period, without other filters."""
        return replace(self, query=self.of_people, ids=None).history()

    @property
    def of_people(self) -> ResolvedQuery:
        """The question about its people alone, without other filters."""
        groups = tuple(thing for thing in self.query.names if thing.kind is Kind.GROUP)
        return ResolvedQuery(self.query.people, names=groups, absent=self.query.absent)

    @property
    def is_of_results(self) -> bool:
        """Whether it is about some attempts only, chosen by how they ended."""
        return is_of_results(self.query)

    @property
    def is_of_all_scenarios(self) -> bool:
        """Whether it is about no certain scenarios, skills, programs or collections."""
        is_of_groups = all(thing.kind is Kind.GROUP for thing in self.query.names)
        return is_of_groups and not self.query.excluded_scenarios


def people_by_id(people: Collection[Member]) -> dict[str, Member]:
    """People by id, sorted by name; namesakes have their address after the name."""
    ordered = sorted(people, key=lambda person: (person.name.casefold(), person.name, person.id))
    names = Counter(person.name.casefold() for person in ordered)
    return {
        person.id: person
        if names[person.name.casefold()] == 1
        else replace(person, name=f"{person.name} ({person.email or person.id})")
        for person in ordered
    }


def plain_name(person: Member) -> str:
    """The name of a person for a channel, without the address of a namesake."""
    return person.name.removesuffix(f" ({person.email or person.id})")
