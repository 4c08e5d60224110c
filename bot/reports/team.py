"""How a group is doing: who practiced, how much and how well, compared with the period before.

Admins who name no group get a row per group. A channel gets counts and new personal bests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from bot.language.query import Member
from bot.language.text import quoted
from bot.reports._figures import (
    NOTHING,
    Best,
    Tally,
    add,
    add_of,
    compared,
    last_sessions,
    named_bests,
    tally_people,
    without_addresses,
)
from bot.reports._prepared import PreparedQuestion, SelfOnly
from bot.reports._report import (
    ENOUGH_PEOPLE,
    WHO,
    Change,
    Column,
    DefaultPeople,
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
    Column("Change", "change", "change"),
    Column("Best", "now.best_score", "score"),
    Column("Last practiced", "last", "moment"),
    Column("Note", "note"),
)
GROUPS = (
    Column("Group", "who", "name"),
    Column("People", "people", "count"),
    Column("Practiced", "now.people", "count"),
    Column("Sessions", "now.sessions", "count"),
    Column("Average", "now.average", "score"),
    Column("Change", "change", "change"),
)


@dataclass(frozen=True, slots=True)
class _Compared:
    """The figures of the period, and of the one before, None if that isn't known."""

    who: str
    now: Tally
    before: Tally | None

    @property
    def change(self) -> Change | str | None:
        """A change of the average; "new" if there was no session before."""
        if self.before is not None and self.now.sessions and not self.before.sessions:
            return "new"
        return self.now.change(self.before)


@dataclass(frozen=True, slots=True)
class Row(_Compared):
    """A person. `last` is their last session up to the end of the period, None if none is on
    record."""

    member_id: str
    last: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class GroupRow(_Compared):
    """A group of so many people."""

    people: int


@dataclass(frozen=True, kw_only=True)
class Team(Figures):
    """A team: rows of its people, or of groups (`is_of_groups`).

    `sums` cover its `people`, including `coaches`, who have no row. `before` is None if the period
    before isn't known, `tasks` if assignments aren't. `outside` sessions are by people who left
    Exec. `only` is set for a rep, who gets counts.
    """

    rows: tuple[Row | GroupRow, ...] = ()
    is_of_groups: bool = False
    people: int = 0
    coaches: int = 0
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    bests: tuple[Best, ...] = ()
    tasks: Mapping[str, int] | None = None
    outside: int = 0
    groups_unknown: int = 0
    only: SelfOnly | None = None
    is_public: bool = False

    @property
    def is_enough(self) -> bool:
        """Whether there are enough people to show counts to others."""
        return self.people >= ENOUGH_PEOPLE


async def figures(q: PreparedQuestion) -> Team:
    """The figures of a team: of its people, or of every group."""
    people = q.subject.present
    now, before = await compared(q, tally_people)
    sums, tasks = add_of(people, now), await read_tasks(q)
    found = Team(
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
    if q.only is not None:
        seen = public(found) or Team(people=found.people)
        return replace(seen, bests=(), only=q.only)
    rows = _group_rows(q, now, before) if q.groups else await _rows(q, now, before, tasks)
    return replace(found, rows=rows)


async def _rows(
    q: PreparedQuestion,
    now: Mapping[str, Tally],
    before: Mapping[str, Tally] | None,
    tasks: Collection[Task] | None,
) -> tuple[Row, ...]:
    """A row per person, by number of sessions, then by name."""
    people = q.subject.listed
    last = await last_sessions(q.db, q.history())
    notes = await _notes(q, people, now, tasks)
    rows = [
        Row(
            who=person.name,
            now=now.get(id_, NOTHING),
            before=None if before is None else before.get(id_, NOTHING),
            member_id=id_,
            last=last.get(id_),
            note=notes[id_],
        )
        for id_, person in people.items()
    ]
    return tuple(sorted(rows, key=lambda row: -row.now.sessions))


async def _notes(
    q: PreparedQuestion,
    people: Mapping[str, Member],
    now: Mapping[str, Tally],
    tasks: Collection[Task] | None,
) -> dict[str, str]:
    """A note on each person. For a question about certain sessions, only overdue assignments."""
    late = {each.member_id for each in with_status(tasks, Status.OVERDUE)}
    moves: dict[str, Decimal] = {}
    silent: set[str] = set()
    if q.is_of_all_scenarios and not q.query.is_of_results:
        moves = {each.member_id: each.by for each in await courses(q, people) or ()}
        if length_in_days(q.interval, q.zone) >= SILENT_AFTER and q.covers(q.interval):
            silent = people.keys() - now.keys()
    notes = {
        "overdue": late,
        "silent": silent,
        "slipping": {id_ for id_, by in moves.items() if by < 0},
        "improving": {id_ for id_, by in moves.items() if by > 0},
    }
    return {id_: ", ".join(note for note, ids in notes.items() if id_ in ids) for id_ in people}


def _group_rows(
    q: PreparedQuestion, now: Mapping[str, Tally], before: Mapping[str, Tally] | None
) -> tuple[GroupRow, ...]:
    """A row per group, by name."""
    rows = []
    for group in q.groups:
        people = group.people & q.subject.present.keys()
        earlier = None if before is None else add_of(people, before)
        rows.append(GroupRow(group.name, add_of(people, now), earlier, len(people)))
    return tuple(sorted(rows, key=lambda row: (row.who.casefold(), row.who)))


def opens(row: Row | GroupRow) -> str:
    """The command that opens a person or a group."""
    if isinstance(row, Row):
        return f"sessions id:{quoted(row.member_id)} last 30d"
    return f"team group:{quoted(row.who)}"


def public(found: Team) -> Team | None:
    """Counts and praise, without results of fewer than three people."""
    if found.only is not None or not found.is_enough:
        return None
    groups = (row for row in found.rows if isinstance(row, GroupRow))
    return replace(
        found,
        rows=tuple(
            replace(row, now=row.now.public, before=row.before and row.before.public)
            for row in groups
        ),
        sums=found.sums.public,
        before=found.before and found.before.public,
        bests=without_addresses(found.bests),
        is_public=True,
    )


def _named(found: Team) -> set[str]:
    praised = {each.member_id for each in found.bests}
    return praised | {row.member_id for row in found.rows if isinstance(row, Row)}


REPORT: Report[Team] = Report(
    name="team",
    covers="average practice doing time session score who-all group group-of-people most least "
    "often recent done overview start per-person share",
    also=("teams", "groups"),
    forms=("team [group] [when]",),
    help="How a group, your people or every group is doing: who practiced, sessions, averages and "
    "what changed.",
    example='team "West Coast" last week',
    default_people=DefaultPeople.COACHED,
    needs=frozenset(Need),
    counts_of_own_group=True,
    figures=figures,
    columns=lambda found: GROUPS if found.is_of_groups else PEOPLE,
    opens=opens,
    is_nothing=lambda found: not found.people,
    public=public,
    shared=lambda found: found if found.only is None else None,
    named=_named,
    coaches_only=True,
)
