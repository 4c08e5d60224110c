"""Whom a coach should talk to next, each once, with every reason; and who is told of together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from bot.exec_api.models import Session
from bot.language.query import Member
from bot.reports.findings import Absence, Best, Course, Gold, Nudged
from bot.reports.tasks import Task

MOST_NAMED = 8  # people of a line
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Reason(StrEnum):
    """Why to talk to someone, the most urgent first.

    Who does not practice does not learn; work that is late, or was not passed, is a fact. Who slips
    does so only likely. Praise waits for none of these.
    """

    NOT_PRACTICED = "not_practiced"
    TASKS = "tasks"
    SLIPPING = "slipping"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Someone to talk to, with everything that is a reason for it."""

    person: Member
    absence: Absence | None = None
    not_passed: tuple[Task, ...] = ()
    overdue: tuple[Task, ...] = ()
    slipping: Course | None = None
    gold: Gold | None = None
    improving: Course | None = None
    best: Best | None = None
    nudged: Nudged | None = None

    @property
    def reason(self) -> Reason | None:
        """The most urgent one; None where there is none."""
        if self.absence:
            return Reason.NOT_PRACTICED
        if self.not_passed or self.overdue:
            return Reason.TASKS
        if self.slipping:
            return Reason.SLIPPING
        return Reason.PRAISE if self.gold or self.improving or self.best else None

    @property
    def in_short(self) -> tuple[object, ...]:
        """What is said of them where several people stand together."""
        absence, slipping, improving = self.absence, self.slipping, self.improving
        return (
            absence and (absence.running, absence.last is None, absence.since),
            len(self.not_passed),
            len(self.overdue),
            slipping and slipping.by,
            self.gold is not None,
            improving and improving.by,
            self.best is not None,
            self.nudged,
        )

    @property
    def standing(self) -> str:
        """What is the same next time where nothing new came about."""
        tasks = sorted(task.id for task in (*self.not_passed, *self.overdue))
        praise = (self.gold, self.improving, self.best)
        return repr((self.person.id, bool(self.absence), tasks, bool(self.slipping), praise))


@dataclass(frozen=True, slots=True)
class Line:
    """People with one reason, who are told of together."""

    talks: tuple[Conversation, ...]

    @property
    def reason(self) -> Reason | None:
        return self.talks[0].reason

    @property
    def named(self) -> tuple[Conversation, ...]:
        """Those who are named."""
        return self.talks[:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many are not named."""
        return len(self.talks) - len(self.named)

    @property
    def is_same(self) -> bool:
        """Whether the same is said of each."""
        return len({talk.in_short for talk in self.talks}) == 1


def suggest(
    people: Mapping[str, Member],
    absent: Iterable[Absence],
    not_passed: Iterable[Task],
    overdue: Iterable[Task],
    courses: Iterable[Course],
    golds: Iterable[Gold],
    bests: Iterable[Best],
    nudged: Mapping[str, Nudged] = MappingProxyType({}),
) -> tuple[Conversation, ...]:
    """The conversations among `people`, the most urgent first; the order of `people` settles ties.

    Within a reason: who did not pass something, who is overdue, the longest away, the longest
    overdue, the greatest drop, a gold, the greatest gain.
    """
    failed, late = _of_each(not_passed), _of_each(overdue)
    absences = {each.person.id: each for each in absent}
    moved = {each.person.id: each for each in courses}
    first_golds = {each.person.id: each for each in golds}
    personal_bests = {each.person.id: each for each in bests}
    found = []
    for id_, person in people.items():
        course = moved.get(id_)
        talk = Conversation(
            person,
            absences.get(id_),
            tuple(failed.get(id_, ())),
            tuple(late.get(id_, ())),
            course if course is not None and course.by < 0 else None,
            first_golds.get(id_),
            course if course is not None and course.by > 0 else None,
            personal_bests.get(id_),
            nudged.get(id_),
        )
        if talk.reason is not None:
            found.append(talk)
    return tuple(sorted(found, key=_urgency))


def outcomes(
    nudges: Mapping[str, datetime],
    rows: Iterable[Session],
    since: datetime | None,
    known_to: datetime | None,
) -> dict[str, Nudged]:
    """What came of nudges at these moments, by the Exec ids of people, of whom `rows` are all
    sessions from `since` on, None for all, and up to `known_to`, None where that is long ago."""
    found = {
        id_: Nudged(
            at, None, known_to is not None and at < known_to and (since is None or since <= at)
        )
        for id_, at in nudges.items()
    }
    for row in sorted(rows, key=lambda row: row.created_at):
        nudged = found.get(row.user.id)
        if nudged is not None and nudged.practised_at is None and row.created_at > nudged.at:
            found[row.user.id] = replace(nudged, practised_at=row.created_at)
    return found


def lines_of(talks: tuple[Conversation, ...]) -> tuple[Line, ...]:
    """Who is told of together: people with one reason; but the first one alone, who comes before
    everybody, unless all there is to say is praise."""
    first = 1 if talks and talks[0].reason is not Reason.PRAISE else 0
    rest = [tuple(each for each in talks[first:] if each.reason is reason) for reason in Reason]
    return tuple(Line(line) for line in (talks[:first], *rest) if line)


def _of_each(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.person.id, []).append(task)
    return found


def _urgency(talk: Conversation) -> tuple[int, bool, bool, float]:
    order = list(Reason).index(talk.reason or Reason.PRAISE)
    return order, not talk.not_passed, not talk.overdue, _weight(talk)


def _weight(talk: Conversation) -> float:
    """The smaller, the more urgent among those with the same reason and tasks."""
    if talk.absence:
        return _seconds(talk.absence.last)
    if talk.overdue:
        return min(_seconds(task.due) for task in talk.overdue)
    if talk.slipping:
        return talk.slipping.by
    if talk.gold or talk.not_passed:
        return float("-inf")
    return -max(talk.improving.by if talk.improving else 0, talk.best.gain if talk.best else 0)


def _seconds(moment: datetime | None) -> float:
    return ((moment or _EARLIEST) - _EARLIEST).total_seconds()
