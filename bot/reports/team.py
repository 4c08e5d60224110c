"""How a group is doing: who practiced, how much and how well, compared with the period before.

Admins who name no group get a row per group. A channel gets counts and new personal bests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import NotAllowed
from bot.language.text import quoted
from bot.reports._figures import (
    NOTHING,
    BestAttempt,
    PartTally,
    Tally,
    add,
    add_of,
    compared,
    last_sessions,
    named_bests,
    tally_people,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import (
    ENOUGH_PEOPLE,
    WHO,
    Change,
    Column,
    Figures,
    Need,
    Report,
)
from bot.reports._tasks import Status, Task, count_tasks, read_tasks, with_status
from bot.reports.course import courses
from bot.reports.intervals import length_in_days

SILENT_AFTER = 7  # days: nobody is noted as silent in a shorter period
PEOPLE = (
    WHO,
    Column("Sessions", "now.sessions", "count"),
    Column("Average", "now.average", "score"),
    Column("Change", "change"),
    Column("Best", "now.best_score", "score"),
    Column("Last practiced", "last"),
    Column("Note", "note"),
)
GROUPS = (
    Column("Group", "who", "name"),
    Column("People", "people", "count"),
    Column("Practiced", "now.people", "count"),
    Column("Sessions", "now.sessions", "count"),
    Column("Average", "now.average", "score"),
    Column("Change", "change"),
)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A person, or a group of so many `people`, with the figures of the period and of the one
    before, None if that isn't known. `last` is a person's last session up to the end of the period,
    None if none is on record."""

    who: str
    now: Tally
    before: Tally | None
    member_id: str = ""
    last: datetime | None = None
    note: str = ""
    people: int = 1

    @property
    def change(self) -> Change | str | None:
        """A change of the average; "new" if there was no session before."""
        if self.before is not None and self.now.sessions and not self.before.sessions:
            return "new"
        return self.now.change(self.before)

    @property
    def public(self) -> TeamRow:
        """A group as a channel sees it."""
        return replace(self, now=self.now.public, before=self.before and self.before.public)


@dataclass(frozen=True, kw_only=True)
class TeamFigures(Figures):
    """A team: rows of its people, or of groups (`is_of_groups`).

    `sums` cover its `people`, including `coaches`, who have no row. `before` is None if the period
    before isn't known, `tasks` if assignments aren't. `outside` sessions are by people who left
    Exec. `weeks` are for the chart of a digest.
    """

    rows: tuple[TeamRow, ...] = ()
    is_of_groups: bool = False
    people: int = 0
    coaches: int = 0
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    bests: tuple[BestAttempt, ...] = ()
    tasks: Mapping[str, int] | None = None
    weeks: tuple[PartTally, ...] = ()
    outside: int = 0
    groups_unknown: int = 0
    is_public: bool = False


async def figures(q: PreparedQuestion) -> TeamFigures:
    """The figures of a team: of its people, or of every group. Raises NotAllowed if a rep asks
    about a group of fewer than three."""
    now, before = await compared(q, tally_people)
    tasks = await read_tasks(q)
    total = await totals(q, now, before, tasks)
    if q.only is not None:
        seen = public(total)
        if seen is None:
            raise NotAllowed("That group is too small: counts are shown for three people or more.")
        return replace(seen, bests=(), only=q.only)
    rows = _group_rows(q, now, before) if q.groups else await _rows(q, now, before, tasks)
    return replace(total, rows=rows)


async def totals(
    q: PreparedQuestion,
    now: Mapping[str, Tally],
    before: Mapping[str, Tally] | None,
    tasks: Collection[Task] | None,
) -> TeamFigures:
    """The figures of a team as a whole, from people's tallies."""
    people = q.subject.present
    sums = add_of(people, now)
    return TeamFigures(
        is_of_groups=bool(q.groups),
        people=len(people),
        coaches=len(people) - len(q.subject.listed),
        sums=sums,
        before=None if before is None else add_of(people, before),
        bests=await named_bests(q),
        tasks=count_tasks(tasks, q),
        outside=add(now.values()).sessions - sums.sessions,
        groups_unknown=q.groups_unknown,
    )


async def _rows(
    q: PreparedQuestion,
    now: Mapping[str, Tally],
    before: Mapping[str, Tally] | None,
    tasks: Collection[Task] | None,
) -> tuple[TeamRow, ...]:
    """A row per person, by number of sessions, then by name."""
    last, notes = await last_sessions(q.db, q.history()), await _notes(q, now, tasks)
    rows = [
        TeamRow(
            who=person.name,
            now=now.get(id_, NOTHING),
            before=None if before is None else before.get(id_, NOTHING),
            member_id=id_,
            last=last.get(id_),
            note=", ".join(note for note, ids in notes.items() if id_ in ids),
        )
        for id_, person in q.subject.listed.items()
    ]
    return tuple(sorted(rows, key=lambda row: -row.now.sessions))


async def _notes(
    q: PreparedQuestion, now: Mapping[str, Tally], tasks: Collection[Task] | None
) -> dict[str, set[str]]:
    """The people with each note. For a question about certain sessions, only overdue
    assignments."""
    people = q.subject.listed
    notes = {"overdue": {task.member_id for task in with_status(tasks, Status.OVERDUE)}}
    if not q.is_of_all_scenarios or q.is_of_results:
        return notes
    if length_in_days(q.interval, q.zone) >= SILENT_AFTER and q.covers(q.interval):
        notes["silent"] = people.keys() - now.keys()
    moves = await courses(q, people) or ()
    notes["slipping"] = {course.member_id for course in moves if course.by < 0}
    notes["improving"] = {course.member_id for course in moves if course.by > 0}
    return notes


def _group_rows(
    q: PreparedQuestion, now: Mapping[str, Tally], before: Mapping[str, Tally] | None
) -> tuple[TeamRow, ...]:
    """A row per group, by name."""
    rows = []
    for group in q.groups:
        people = group.people & q.subject.present.keys()
        earlier = None if before is None else add_of(people, before)
        rows.append(TeamRow(group.name, add_of(people, now), earlier, people=len(people)))
    return tuple(sorted(rows, key=lambda row: (row.who.casefold(), row.who)))


def opens(row: TeamRow) -> str:
    """The command that opens a person or a group."""
    if row.member_id:
        return f"sessions id:{quoted(row.member_id)} last 30d"
    return f"team group:{quoted(row.who)}"


def public(computed: TeamFigures) -> TeamFigures | None:
    """Counts and praise, without results of fewer than three people."""
    if computed.people < ENOUGH_PEOPLE:
        return None
    return replace(
        computed,
        rows=tuple(row.public for row in computed.rows) if computed.is_of_groups else (),
        sums=computed.sums.public,
        before=computed.before and computed.before.public,
        is_public=True,
    )


REPORT: Report[TeamFigures] = Report(
    name="team",
    covers="average practice doing time session score who-all group group-of-people most least "
    "often recent done overview start per-person share",
    also=("teams", "groups"),
    forms=("team [group] [when]",),
    help="How a group, your people or every group is doing: who practiced, sessions, averages and "
    "what changed.",
    example='team "West Coast" last week',
    needs=frozenset((Need.TASKS, Need.GROUPS, Need.UNNAMED)),
    counts_of_own_group=True,
    figures=figures,
    columns=lambda computed: GROUPS if computed.is_of_groups else PEOPLE,
    opens=opens,
    is_nothing=lambda computed: not computed.people,
    public=public,
    named=lambda computed: (
        {row.member_id for row in computed.rows if row.member_id}
        | {best.member_id for best in computed.bests}
    ),
    coaches_only=True,
)
