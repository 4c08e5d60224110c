"""What a coach is told about their people: whom to talk to, and why.

Named figures, for the coach's eyes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot.exec_api.models import Assignment, Session
from bot.language.days import zone_of
from bot.language.query import Member, Rank
from bot.reports.conversations import Conversation, Line, lines_of, suggest
from bot.reports.course import courses
from bot.reports.facts import Facts
from bot.reports.figures import known
from bot.reports.findings import Absence, Best, Gold, Nudged
from bot.reports.gains import bests
from bot.reports.intervals import Interval, Window, length_in_days
from bot.reports.report import Report, Whose
from bot.reports.rows import apart, by_person, history, of_people, scenario_names
from bot.reports.tasks import Task, tasks_of


@dataclass(frozen=True, slots=True)
class CoachReport:
    """The people of a coach in a period.

    `practiced` of `expected` people have practiced. `conversations` are all worth having, the most
    urgent first. `due_soon` begins with the earliest date; it is None where assignments are not
    known, and then nobody is overdue. `joined` are people who are not expected; `answered`
    practiced after a nudge in this period, and there is nothing else to say of them. Sessions are
    known from `since` on, the start of a local day; None where all are.
    """

    window: Window
    expected: int
    practiced: int
    conversations: tuple[Conversation, ...]
    due_soon: tuple[Task, ...] | None
    joined: tuple[Member, ...]
    answered: tuple[Conversation, ...]
    since: datetime | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The conversations, those with one reason together."""
        return lines_of(self.conversations)

    @property
    def is_empty(self) -> bool:
        """There is nothing to say about anyone."""
        return not (self.conversations or self.due_soon or self.answered)


def coach_report(
    people: Iterable[Member],
    rows: Iterable[Session],
    assignments: Iterable[Assignment] | None,
    window: Window,
    *,
    since: datetime | None,
    joined: frozenset[str] = frozenset(),
    removed: frozenset[str] = frozenset(),
    bests: tuple[Best, ...] = (),
    coaches: frozenset[str] = frozenset(),
    nudged: Mapping[str, Nudged] = MappingProxyType({}),
) -> CoachReport:
    """The report on `people`; rows of others may be among those given. `bests` are new ones.
    Who of them is among the `coaches` of the others is counted, and not told of.

    Their sessions are known from `since` on, the start of a local day; None where all are.

    The `removed` are in no part of it. The `joined`, new in this period, are only not expected to
    have practiced.
    """
    members = apart(people)
    present = {id_: who for id_, who in members.items() if id_ not in removed}
    expected = {id_: who for id_, who in present.items() if id_ not in joined}
    told = {id_: who for id_, who in present.items() if id_ not in coaches}
    rows_of = by_person(of_people(history(rows, window.interval.end), present))
    absent = _absences(rows_of, expected, window, since)
    tasks = None if assignments is None else tasks_of(assignments, told, window.now, window.zone)
    talks = suggest(
        told,
        absent,
        tasks.not_passed if tasks else (),
        tasks.overdue if tasks else (),
        courses(rows_of, told, window.interval.end, window.zone, since),
        _first_golds(rows_of, told, window.interval, since),
        [replace(best, person=told[best.person.id]) for best in bests if best.person.id in told],
        nudged,
    )
    return CoachReport(
        window=window,
        expected=len(expected),
        practiced=len(expected) - len(absent),
        conversations=talks,
        due_soon=tasks.due_soon(window.now, window.zone) if tasks else None,
        joined=tuple(who for id_, who in present.items() if id_ in joined),
        answered=_answered(told, talks, nudged, window),
        since=since,
    )


def _answered(
    people: Mapping[str, Member],
    talks: Iterable[Conversation],
    nudged: Mapping[str, Nudged],
    window: Window,
) -> tuple[Conversation, ...]:
    others = people.keys() - {talk.person.id for talk in talks}
    return tuple(
        Conversation(who, nudged=theirs)
        for id_, who in people.items()
        if id_ in others
        and (theirs := nudged.get(id_)) is not None
        and theirs.practised_at is not None
        and theirs.at >= window.interval.start
    )


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
        last = rows[-1].created_at if rows else None
        running = 0 if last is None else _running(last, window)
        found.append(Absence(person, last, since, running))
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
    facts: Facts,
    window: Window | None = None,
    joined: frozenset[str] = frozenset(),
    removed: frozenset[str] = frozenset(),
    nudged: Mapping[str, Nudged] = MappingProxyType({}),
) -> CoachReport:
    """The report on the people in question, in another `window` than their period if one is given:
    sessions may be known up to now, and told of the days that are over."""
    people = await facts.people()
    practice = await facts.sessions(of_people=True, before=True)
    tasks = await facts.tasks()
    practice = replace(practice, window=window or practice.window)
    return await facts.compute(
        lambda: coach_report(
            people.everyone,
            practice.all_rows,
            tasks,
            practice.window,
            since=practice.since,
            joined=joined,
            removed=removed,
            bests=bests(practice, people.coached),
            coaches=people.coaches,
            nudged=nudged,
        )
    )


REPORT: Report[CoachReport] = Report(
    name="coach",
    also=(),
    forms=(),
    help="Who to talk to, and why: who is slipping, who hasn't practiced, what is overdue.",
    example="coach",
    whose=Whose.COACHED,
    period="last week",
    kind=CoachReport,
    figures=coach_figures,
    asked=False,
)
