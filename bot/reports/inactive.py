"""Who has not practiced in a period: for those who coach them, never for a channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.exec_api.models import Assignment, Session
from bot.reports.facts import Facts, InQuestion, Practice
from bot.reports.intervals import Interval
from bot.reports.report import ALL_BUT_RESULTS, WHO, Column, Report, Table, Whose
from bot.reports.rows import by_id, by_name, by_person, disambiguated_names, history, of_people
from bot.reports.tasks import tasks_of

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inactive:
    """A person, by their Exec id, without a session in the period.

    `last` is their last session before it, None where none is known. `before` counts those of the
    period before, `overdue` their overdue assignments; None where that is not known.
    """

    person_id: str
    name: str
    last: datetime | None
    before: int | None
    overdue: int | None


@dataclass(frozen=True, slots=True)
class InactiveFigures:
    """Of `people` in question those who have not practiced, the longest silent first, then by
    name. Sessions are known from `since` on, the start of a local day; None where all are."""

    people: int
    rows: tuple[Inactive, ...]
    since: datetime | None


async def _figures(facts: Facts) -> InactiveFigures:
    people = await facts.people()
    practice = await facts.sessions(of_people=True, before=True)
    return await facts.compute(_inactive, people, practice, await facts.tasks())


def _inactive(
    asked: InQuestion, practice: Practice, assignments: tuple[Assignment, ...] | None
) -> InactiveFigures:
    window = practice.window
    people = by_id(asked.everyone)
    rows_of = by_person(of_people(history(practice.all_rows, window.interval.end), people))
    absent = [
        person
        for id_, person in people.items()
        if not (person.is_removed or id_ in asked.coaches)
        and _is_absent(rows_of.get(id_, ()), window.interval)
    ]
    absent.sort(key=lambda who: (_last(rows_of, who.id) or _LONG_AGO, by_name(who)))
    before = None
    if practice.before is not None:
        before = Counter(row.user.id for row in practice.before)
    overdue = None
    if assignments is not None:
        tasks = tasks_of(assignments, people, window.now, window.zone)
        overdue = Counter(task.person.id for task in tasks.overdue)
    names = disambiguated_names(people.values())
    rows = tuple(
        Inactive(
            person_id=who.id,
            name=names[who.id],
            last=_last(rows_of, who.id),
            before=None if before is None else before[who.id],
            overdue=None if overdue is None else overdue[who.id],
        )
        for who in absent
    )
    return InactiveFigures(len(people), rows, practice.since)


def _is_absent(rows: Sequence[Session], interval: Interval) -> bool:
    # They end with the interval, so the last one tells whether there is any in it.
    return not rows or rows[-1].created_at not in interval


def _last(rows_of: Mapping[str, Sequence[Session]], id_: str) -> datetime | None:
    rows = rows_of.get(id_, ())
    return rows[-1].created_at if rows else None


def _table(found: InactiveFigures) -> Table:
    return Table(
        (
            WHO,
            Column("Last practiced", "moment"),
            Column("Before", "count"),
            Column("Overdue", "count"),
        ),
        tuple((each.name, each.last, each.before, each.overdue) for each in found.rows),
    )


REPORT: Report[InactiveFigures] = Report(
    name="inactive",
    also=("missing", "silent"),
    forms=("inactive [group] [when]",),
    help="Who of your people has not practiced, the longest silent first; the last 30 days unless "
    "you say otherwise.",
    example="inactive this week",
    whose=Whose.COACHED,
    kind=InactiveFigures,
    filters=ALL_BUT_RESULTS,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: not found.people,
    named=lambda found: {row.person_id for row in found.rows},
    coaches_only=True,
)
