"""What a coach is told about their people: whom to talk to, and why.

Named figures, for the coach's eyes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.exec_api.models import Assignment, Session
from bot.language.days import zone_of
from bot.language.query import Member, Rank
from bot.reports.conversations import Conversation, suggest
from bot.reports.course import courses
from bot.reports.facts import Facts
from bot.reports.figures import figures, known
from bot.reports.findings import NOBODY_EXCUSED, Absence, Best, Course, Excused, Gold
from bot.reports.gains import bests
from bot.reports.intervals import Interval, Window, length_in_days
from bot.reports.report import Report, Whose
from bot.reports.rows import apart, by_person, graded, history, of_people, scenario_names
from bot.reports.tasks import Task, tasks_of

F = TypeVar("F", Absence, Course, Gold | Best, Task)


@dataclass(frozen=True, slots=True)
class CoachReport:
    """The people of a coach in a period.

    `practised` of `expected` people have practised; `not_practised` are the others of them, by
    name. The greatest move, the greatest gain and the earliest date come first; golds by name.
    `overdue` and `due_soon` are None where assignments are not known, and `not_passed` is empty.
    `joined` and `snoozed` are people left out of these counts. `conversations` are at most five.
    Sessions are known from `since` on, the start of a local day; None where all are.
    """

    window: Window
    expected: int
    practised: int
    not_practised: tuple[Absence, ...]
    slipping: tuple[Course, ...]
    improving: tuple[Course, ...]
    first_golds: tuple[Gold, ...]
    bests: tuple[Best, ...]
    overdue: tuple[Task, ...] | None
    due_soon: tuple[Task, ...] | None
    not_passed: tuple[Task, ...]
    conversations: tuple[Conversation, ...]
    joined: tuple[Member, ...]
    snoozed: tuple[Member, ...]
    since: datetime | None

    @property
    def praised(self) -> tuple[Gold | Best, ...]:
        """What is worth a word of praise."""
        return (*self.first_golds, *self.bests)

    def others(self, found: Iterable[F]) -> tuple[F, ...]:
        """Those of them that are about nobody in the conversations."""
        said = {talk.person.id for talk in self.conversations}
        return tuple(each for each in found if each.person.id not in said)

    @property
    def is_empty(self) -> bool:
        """There is nothing to say about anyone."""
        return not (
            self.not_practised
            or self.slipping
            or self.improving
            or self.first_golds
            or self.bests
            or self.overdue
            or self.not_passed
            or self.due_soon
        )


@dataclass(frozen=True, slots=True)
class _People:
    """Who is spoken of: `present` for praise, `asked` for what is to be done, `expected` there."""

    present: Mapping[str, Member]
    asked: Mapping[str, Member]
    expected: Mapping[str, Member]


def coach_report(
    people: Iterable[Member],
    rows: Iterable[Session],
    assignments: Iterable[Assignment] | None,
    window: Window,
    *,
    since: datetime | None,
    excused: Excused = NOBODY_EXCUSED,
    bests: tuple[Best, ...] = (),
    coaches: frozenset[str] = frozenset(),
) -> CoachReport:
    """The report on `people`; rows of others may be among those given. `bests` are new ones.
    Who of them is among the `coaches` of the others is counted, and not told of.

    Their sessions are known from `since` on, the start of a local day; None where all are.

    Removed people are in no part of it. Snoozed ones are praised, but not in what asks for
    something; who joined in this period is only not expected to have practised.
    """
    members = apart(people)
    groups = _groups(members, excused, coaches)
    own = of_people(history(rows, window.interval.end), groups.present)
    rows_of = by_person(own)
    absent = _absences(rows_of, groups.expected, window, since)
    moved = courses(rows_of, groups.present, window.interval.end, window.zone, since)
    slipping = tuple(each for each in moved if each.by < 0 and each.person.id in groups.asked)
    improving = tuple(each for each in moved if each.by > 0)
    golds = _first_golds(rows_of, groups.present, window.interval, since)
    tasks = (
        None
        if assignments is None
        else tasks_of(assignments, groups.asked, window.now, window.zone)
    )
    overdue = tasks.overdue if tasks else ()
    return CoachReport(
        window=window,
        expected=len(groups.expected),
        practised=len(groups.expected) - len(absent),
        not_practised=tuple(each for each in absent if each.person.id not in coaches),
        slipping=slipping,
        improving=improving,
        first_golds=golds,
        bests=tuple(
            replace(best, person=groups.present[best.person.id])
            for best in bests
            if best.person.id in groups.present
        ),
        overdue=tasks.overdue if tasks else None,
        due_soon=tasks.due_soon(window.now, window.zone) if tasks else None,
        not_passed=tasks.not_passed if tasks else (),
        conversations=suggest(groups.asked, overdue, absent, moved, golds, bests),
        joined=_only(members, excused.joined - excused.snoozed - excused.removed),
        snoozed=_only(members, excused.snoozed - excused.removed),
        since=since,
    )


def _groups(members: Mapping[str, Member], excused: Excused, coaches: frozenset[str]) -> _People:
    away = excused.removed | excused.snoozed | excused.joined
    present = {id_: who for id_, who in members.items() if id_ not in excused.removed | coaches}
    asked = {id_: who for id_, who in present.items() if id_ not in excused.snoozed}
    expected = {id_: who for id_, who in members.items() if id_ not in away}
    return _People(present, asked, expected)


def _only(members: Mapping[str, Member], ids: frozenset[str]) -> tuple[Member, ...]:
    return tuple(member for id_, member in members.items() if id_ in ids)


def _absences(
    rows_of: Mapping[str, Sequence[Session]],
    people: Mapping[str, Member],
    window: Window,
    since: datetime | None,
) -> tuple[Absence, ...]:
    found = []
    for id_, person in people.items():
        rows = rows_of.get(id_, [])
        # Rows end with the interval, so the last one tells whether there is any in it.
        if rows and rows[-1].created_at in window.interval:
            continue
        before = [row for row in rows if row.created_at in window.before]
        last = rows[-1].created_at if rows else None
        average = figures(before).average
        running = 0 if last is None else _running(last, window)
        found.append(
            Absence(person, last, since, len(before), average, len(graded(before)), running)
        )
    return tuple(found)


def _running(last: datetime, window: Window) -> int:
    """How many periods in a row have passed without a session since the `last`, by local days."""
    zone = zone_of(window.zone)
    first = window.interval.start.astimezone(zone).date()
    days = max(round(length_in_days(window.interval, window.zone)), 1)
    return 1 + ((first - last.astimezone(zone).date()).days - 1) // days


def _first_golds(
    rows_of: Mapping[str, Sequence[Session]],
    people: Mapping[str, Member],
    interval: Interval,
    since: datetime | None,
) -> tuple[Gold, ...]:
    found = []
    for id_, person in people.items():
        gold = next((row for row in rows_of.get(id_, []) if _is_gold(row)), None)
        if gold is not None and gold.created_at in interval:
            name = scenario_names([gold]).get(gold.scenario.id, "")
            found.append(Gold(person, name, known(gold.score), gold.created_at, since))
    return tuple(found)


def _is_gold(row: Session) -> bool:
    return row.is_valid_attempt and row.rank == Rank.GOLD.value


async def coach_figures(
    facts: Facts, window: Window | None = None, excused: Excused = NOBODY_EXCUSED
) -> CoachReport:
    """The report on the people in question, in another `window` than their period if one is given:
    sessions may be known up to now, and told of the days that are over."""
    people = await facts.people()
    practice = await facts.sessions(of_people=True, before=True)
    tasks = await facts.tasks()
    practice = await facts.proven(practice, people.coached)
    practice = replace(practice, window=window or practice.window)
    return await facts.compute(
        lambda: coach_report(
            people.everyone,
            practice.all_rows,
            tasks,
            practice.window,
            since=practice.since,
            excused=excused,
            bests=bests(practice, people.coached),
            coaches=people.coaches,
        )
    )


REPORT: Report[CoachReport] = Report(
    name="coach",
    also=(),
    forms=(),
    help="Whom to talk to, and why: who slips, who has not practised, what is overdue.",
    example="coach",
    whose=Whose.COACHED,
    period="last week",
    compares=True,
    kind=CoachReport,
    figures=coach_figures,
    asked=False,
)
