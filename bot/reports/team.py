"""How a group is doing: who practiced, how much and how well, compared with the period before.

Admins who name no group get a row per group. A channel gets counts and new personal bests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.language.query import Kind
from bot.language.text import quoted
from bot.reports._figures import (
    AVERAGE,
    NOTHING,
    RANKS,
    SESSIONS,
    TIME,
    Best,
    Line,
    Tally,
    add,
    change,
    last_sessions,
    lines,
    named_bests,
    public_tally,
    tally_people,
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
from bot.reports._tasks import Status, Task, TaskCounts, count_tasks, read_tasks, with_status
from bot.reports.course import courses
from bot.reports.intervals import length_in_days
from bot.storage.tables import session

METRICS = (SESSIONS, TIME, AVERAGE, RANKS)
SILENT_AFTER = 7  # days: nobody is noted as silent in a shorter period
PEOPLE = (
    WHO,
    Column("Sessions", "sessions", "count"),
    Column("Average", "average", "score"),
    Column("Change", "change", "change"),
    Column("Best", "best", "score"),
    Column("Last practiced", "last", "moment"),
    Column("Note", "note"),
)
GROUPS = (
    Column("Group", "who", "name"),
    Column("People", "people", "count"),
    Column("Practiced", "practiced", "count"),
    Column("Sessions", "sessions", "count"),
    Column("Average", "average", "score"),
    Column("Change", "change", "change"),
)


class Note(StrEnum):
    """A note on a person, in the order of the table."""

    OVERDUE = "overdue"
    SILENT = "silent"
    SLIPPING = "slipping"
    IMPROVING = "improving"


@dataclass(frozen=True, slots=True)
class Row:
    """A person. `last` is their last session up to the end of the period, None if none is on
    record. `change` is "new" if they had no session in the period before."""

    member_id: str
    who: str
    sessions: int
    average: Decimal | None
    change: Change | str | None
    best: Decimal | None
    last: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group: the numbers of its people, and of those behind its figures."""

    who: str
    people: int
    practiced: int
    sessions: int
    average: Decimal | None
    change: Change | str | None
    graded_people: int
    graded_people_before: int


@dataclass(frozen=True, kw_only=True)
class Team(Figures):
    """A team. `sums` cover its `people`, including `coaches`, who have no row.

    `before` is None if the period before isn't known, `tasks` if assignments aren't. `outside`
    sessions are by people who left Exec. `of_results`: the question filters sessions by results.
    `only` is set for a rep, who gets counts and their `own` row. `missing` are the names of people
    without a session.
    """

    rows: tuple[Row | GroupRow, ...] = ()
    is_of_groups: bool = False
    people: int = 0
    coaches: int = 0
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    bests: tuple[Best, ...] = ()
    tasks: TaskCounts | None = None
    missing: tuple[str, ...] = ()
    outside: int = 0
    groups_unknown: int = 0
    of_results: bool = False
    lines: tuple[Line, ...] = ()
    only: SelfOnly | None = None
    own: Row | None = None
    is_public: bool = False

    @property
    def practiced(self) -> int:
        """The number of people with a session."""
        return self.sums.people

    @property
    def is_enough(self) -> bool:
        """Whether there are enough people to show counts to others."""
        return self.people >= ENOUGH_PEOPLE

    @property
    def change(self) -> Change | None:
        """The change of the average, if both periods have enough graded sessions."""
        return change(self.sums, self.before)


async def figures(q: PreparedQuestion) -> Team:
    """The figures of a team: of its people, or of every group."""
    people = q.subject.present
    everybody = await tally_people(q.db, q.filters())
    now = {id_: each for id_, each in everybody.items() if id_ in people}
    before = None
    if q.covers(q.periods.before):
        before = await tally_people(q.db, q.filters(q.periods.before))
    tasks = await read_tasks(q)
    sums, sums_before = add(now.values()), None
    if before is not None:
        sums_before = add(each for id_, each in before.items() if id_ in people)
    found = Team(
        people=len(people),
        coaches=len(people) - len(q.subject.listed),
        sums=sums,
        before=sums_before,
        lines=lines(METRICS, sums, sums_before),
        bests=tuple(await named_bests(q)),
        tasks=count_tasks(tasks, q),
        outside=add(everybody.values()).sessions - sums.sessions,
        groups_unknown=q.groups_unknown,
        of_results=q.query.is_of_results,
    )
    if q.only is not None:
        rows = await _rows(q, {q.only.id}, now, before, tasks)
        return _for_a_rep(replace(found, only=q.only, own=next(iter(rows), None)))
    if q.groups:
        return replace(found, is_of_groups=True, rows=_group_rows(q, now, before))
    rows = await _rows(q, q.subject.listed.keys(), now, before, tasks)
    missing = () if q.query.is_of_results else tuple(x.who for x in rows if not x.sessions)
    return replace(found, rows=rows, missing=missing)


async def _rows(
    q: PreparedQuestion,
    ids: Collection[str],
    now: Mapping[str, Tally],
    before: Mapping[str, Tally] | None,
    tasks: Collection[Task] | None,
) -> tuple[Row, ...]:
    """A row per person, by number of sessions, then by name."""
    people = {id_: each for id_, each in q.subject.present.items() if id_ in ids}
    last = await last_sessions(q.db, [*q.history(), session.c.member_id.in_(people)])
    notes = await _notes(q, ids, now, tasks)
    rows = []
    for id_, person in people.items():
        tally = now.get(id_, NOTHING)
        rows.append(
            Row(
                member_id=id_,
                who=person.name,
                sessions=tally.sessions,
                average=tally.average,
                change=_changed(tally, None if before is None else before.get(id_, NOTHING)),
                best=tally.best_score,
                last=last.get(id_),
                note=", ".join(note for note in Note if id_ in notes[note]),
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.sessions))


async def _notes(
    q: PreparedQuestion,
    ids: Collection[str],
    now: Mapping[str, Tally],
    tasks: Collection[Task] | None,
) -> dict[Note, set[str]]:
    """The people of each note. For a question about certain sessions, only overdue assignments."""
    found: dict[Note, set[str]] = {note: set() for note in Note}
    found[Note.OVERDUE] = {each.member_id for each in with_status(tasks, Status.OVERDUE)}
    is_narrowed = q.query.is_of_results or bool(q.query.excluded_scenarios)
    if is_narrowed or any(each.kind is not Kind.GROUP for each in q.query.names):
        return found
    if length_in_days(q.interval, q.zone) >= SILENT_AFTER and q.covers(q.interval):
        found[Note.SILENT] = set(ids) - now.keys()
    people = {id_: each for id_, each in q.subject.present.items() if id_ in ids}
    for each in await courses(q, people, q.all_attempts()):
        found[Note.IMPROVING if each.by > 0 else Note.SLIPPING].add(each.member_id)
    return found


def _for_a_rep(found: Team) -> Team:
    """The figures for a member of the group: those of a channel, and their own row."""
    if not found.is_enough:
        return replace(found, bests=(), sums=NOTHING, before=None, lines=(), tasks=None)
    return _in_public(replace(found, bests=()))


def _in_public(found: Team) -> Team:
    """Without figures that have too few people behind them."""
    return replace(
        found,
        lines=lines(METRICS, found.sums, found.before, is_public=True),
        sums=public_tally(found.sums),
        before=None if found.before is None else public_tally(found.before),
    )


def _group_rows(
    q: PreparedQuestion, now: Mapping[str, Tally], before: Mapping[str, Tally] | None
) -> tuple[GroupRow, ...]:
    """A row per group, by name."""
    rows = []
    for group in q.groups:
        people = group.people & q.subject.present.keys()
        tally = add(now[id_] for id_ in people & now.keys())
        earlier = None if before is None else add(before[id_] for id_ in people & before.keys())
        rows.append(
            GroupRow(
                who=group.name,
                people=len(people),
                practiced=tally.people,
                sessions=tally.sessions,
                average=tally.average,
                change=_changed(tally, earlier),
                graded_people=tally.graded_people,
                graded_people_before=0 if earlier is None else earlier.graded_people,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.who.casefold(), row.who)))


def _changed(now: Tally, before: Tally | None) -> Change | str | None:
    """A change of the average; "new" if there was nothing before."""
    if before is not None and now.sessions and not before.sessions:
        return "new"
    return change(now, before)


def columns(found: Team) -> tuple[Column, ...]:
    return GROUPS if found.is_of_groups else PEOPLE


def opens(row: Row | GroupRow) -> str:
    """The command that opens a person or a group."""
    if isinstance(row, Row):
        return f"sessions id:{quoted(row.member_id)} last 30d"
    return f"team group:{quoted(row.who)}"


def public(found: Team) -> Team | None:
    """Counts and praise, without results of fewer than three people."""
    if found.only is not None or not found.is_enough:
        return None
    rows = tuple(_public_row(row) for row in found.rows if isinstance(row, GroupRow))
    bests = tuple(replace(each, who=each.name) for each in found.bests)
    return replace(_in_public(found), rows=rows, bests=bests, missing=(), is_public=True)


def shared(found: Team) -> Team | None:
    """None for a rep, whose answer is about their group."""
    return found if found.only is None else None


def _public_row(row: GroupRow) -> GroupRow:
    if min(row.graded_people, row.graded_people_before) < ENOUGH_PEOPLE:
        row = replace(row, change=None)
    return row if row.graded_people >= ENOUGH_PEOPLE else replace(row, average=None)


def _named(found: Team) -> set[str]:
    rows = (row for row in found.rows if isinstance(row, Row))
    return {each.member_id for each in found.bests} | {row.member_id for row in rows}


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
    needs=frozenset((Need.TASKS, Need.GROUPS)),
    counts_of_own_group=True,
    figures=figures,
    columns=columns,
    opens=opens,
    is_nothing=lambda found: not found.people,
    public=public,
    shared=shared,
    named=_named,
    coaches_only=True,
)
