"""Whom a coach should talk to next: at most five people, each once, with every reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.language.query import Member
from bot.reports.findings import Absence, Best, Course, Gold
from bot.reports.tasks import Task

MOST = 5


class Reason(StrEnum):
    """Why to talk to someone, the most pressing first.

    Overdue work has a date that passed, and who does not practise does not learn: both are so.
    Who slips does so only likely. Praise waits for none of these.
    """

    OVERDUE = "overdue"
    NOT_PRACTISED = "not_practised"
    SLIPPING = "slipping"
    FIRST_GOLD = "first_gold"
    IMPROVING = "improving"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Someone to talk to. `reason` is the most pressing one; the others that hold are there too."""

    person: Member
    reason: Reason
    overdue: tuple[Task, ...]
    absence: Absence | None
    slipping: Course | None
    gold: Gold | None
    improving: Course | None
    best: Best | None


_EARLIEST = datetime.min.replace(tzinfo=UTC)


def suggest(
    people: Mapping[str, Member],
    overdue: Iterable[Task],
    absent: Iterable[Absence],
    courses: Iterable[Course],
    golds: Iterable[Gold],
    bests: Iterable[Best],
) -> tuple[Conversation, ...]:
    """The next conversations, among `people` (in the order of names, which settles ties).

    Within a reason: the longest overdue first, the longest away, the greatest drop, rise or
    gain.
    """
    tasks: dict[str, list[Task]] = {}
    for task in overdue:
        tasks.setdefault(task.person.id, []).append(task)
    moved = {course.person.id: course for course in courses}
    absences = {absence.person.id: absence for absence in absent}
    first_golds = {gold.person.id: gold for gold in golds}
    personal_bests = {best.person.id: best for best in bests}
    found = []
    for id_, person in people.items():
        course = moved.get(id_)
        own = (
            tuple(tasks.get(id_, ())),
            absences.get(id_),
            course if course is not None and course.by < 0 else None,
            first_golds.get(id_),
            course if course is not None and course.by > 0 else None,
            personal_bests.get(id_),
        )
        # The fields of a conversation stand in the order of the reasons.
        reason = next((reason for reason, fact in zip(Reason, own, strict=True) if fact), None)
        if reason is not None:
            found.append(Conversation(person, reason, *own))
    found.sort(key=_pressing)
    return tuple(found[:MOST])


def _pressing(talk: Conversation) -> tuple[int, float]:
    order = list(Reason).index(talk.reason)
    return order, _weight(talk)


def _weight(talk: Conversation) -> float:
    """The smaller, the more pressing among those with the same reason."""
    if talk.overdue:
        return min(_seconds(task.due) for task in talk.overdue)
    if talk.absence:
        return _seconds(talk.absence.last)
    if talk.slipping:
        return talk.slipping.by
    if talk.gold:
        return 0
    return -talk.improving.by if talk.improving else -talk.best.gain if talk.best else 0


def _seconds(moment: datetime | None) -> float:
    return ((moment or _EARLIEST) - _EARLIEST).total_seconds()
