"""People who haven't practiced in a period. Only their coaches and admins see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.reports._figures import NOTHING, compared, last_sessions, tally_people
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ALL_BUT_RESULTS, WHO, Column, Figures, Need, Report
from bot.reports._tasks import Status, read_tasks, with_status

COLUMNS = (
    WHO,
    Column("Last practiced", "last"),
    Column("Sessions before", "before", "count"),
    Column("Overdue", "overdue", "count"),
)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InactiveRow:
    """A person without a session in the period.

    `last` is their last session before it, None if none is on record. `before` counts sessions in
    the period before, `overdue` assignments; None if that isn't known.
    """

    member_id: str
    who: str
    last: datetime | None
    before: int | None
    overdue: int | None


@dataclass(frozen=True, kw_only=True)
class InactiveFigures(Figures):
    """`missing` of `people` have no session in the period; rows by last session, oldest first.

    `people` include `coaches` of the others, who have no row.
    """

    rows: tuple[InactiveRow, ...] = ()
    people: int = 0
    missing: int = 0
    coaches: int = 0


async def figures(q: PreparedQuestion) -> InactiveFigures:
    """The people without a session in the period."""
    present, listed = q.subject.present, q.subject.listed
    active, before = await compared(q, tally_people)
    last = await last_sessions(q.db, q.history())
    tasks = await read_tasks(q)
    overdue = Counter(task.member_id for task in with_status(tasks, Status.OVERDUE))
    rows = [
        InactiveRow(
            member_id=id_,
            who=person.name,
            last=last.get(id_),
            before=None if before is None else before.get(id_, NOTHING).sessions,
            overdue=None if tasks is None else overdue[id_],
        )
        for id_, person in listed.items()
        if id_ not in active
    ]
    rows.sort(key=lambda row: row.last or LONG_AGO)
    return InactiveFigures(
        rows=tuple(rows),
        people=len(present),
        missing=len(present.keys() - active.keys()),
        coaches=len(present) - len(listed),
    )


REPORT: Report[InactiveFigures] = Report(
    name="inactive",
    covers="not practice not-practice session who-all doing start recent group done per-person",
    also=("missing", "silent"),
    forms=("inactive [group] [when]",),
    help="Which of your people haven't practiced, longest gap first; the last 30 days unless you "
    "say otherwise.",
    example="inactive this week",
    needs=frozenset((Need.TASKS,)),
    filters=ALL_BUT_RESULTS,
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda computed: not computed.people,
    named=lambda computed: {row.member_id for row in computed.rows},
    coaches_only=True,
    lets_week_begin=True,
)
