"""How a group is doing: who practiced, how much and how well, compared with the period before.

Admins who name no group get a row per group. A channel gets counts and new personal bests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.errors import NotAllowed
from bot.language.query import Kind, ResolvedName
from bot.language.text import quoted
from bot.reports._figures import (
    NOTHING,
    BestAttempt,
    PartTally,
    Tally,
    add,
    add_of,
    behind,
    compared,
    last_sessions,
    named_bests,
    tally_people,
)
from bot.reports._groups import GROUPS, TeamRow, group_rows
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import (
    ENOUGH_PEOPLE,
    NOBODY,
    FigureSubject,
    Hidden,
    Shown,
    in_channel,
    shown_beside,
)
from bot.reports._report import (
    WHO,
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


@dataclass(frozen=True, kw_only=True)
class TeamFigures(Figures):
    """A team: rows of its people, or of groups (`is_of_groups`).

    `sums` cover its `people`, including `coaches`, who have no row. `before` is None if the period
    before isn't known, `tasks` if assignments aren't. `outside` sessions are by people who left
    Exec. `weeks` are for the chart of a digest. `left_out` groups have no row in a channel.
    """

    behind_all = "people"

    rows: Shown[tuple[TeamRow, ...]] = ()
    is_of_groups: Shown[bool] = False
    people: Shown[int] = 0
    coaches: Hidden[int] = 0
    sums: Shown[Tally] = field(default=NOTHING)
    before: Shown[Tally | None] = None
    bests: Shown[tuple[BestAttempt, ...]] = ()
    tasks: Shown[Mapping[str, int] | None] = None
    weeks: Shown[tuple[PartTally, ...]] = ()
    outside: Hidden[int] = 0
    groups_unknown: Shown[int] = 0
    left_out: Shown[int] = 0
    behind: Hidden[FigureSubject] = NOBODY


async def figures(q: PreparedQuestion) -> TeamFigures:
    """The figures of a team: of its people, or of every group. Raises NotAllowed if a rep asks
    about a group of fewer than three."""
    now, before = await compared(q, tally_people)
    tasks = await read_tasks(q)
    total = await totals(q, now, before, tasks)
    if q.only is not None:
        return await _of_own_group(q, total)
    rows = group_rows(q, now, before) if q.groups else await _rows(q, now, before, tasks)
    return replace(total, rows=rows)


async def _of_own_group(q: PreparedQuestion, total: TeamFigures) -> TeamFigures:
    """What a rep sees of their group: what a channel does, without names. Raises NotAllowed for a
    small group, and for one that differs from another group of theirs by one or two people."""
    seen: TeamFigures | None = in_channel(total)
    if seen is None or q.only is None:
        raise NotAllowed("That group is too small: counts are shown for three people or more.")
    sets = []
    for group in q.groups:
        names = (ResolvedName(Kind.GROUP, group.id, group.name),)
        own = replace(q, query=replace(q.query, names=names))
        now, before = await compared(own, tally_people)
        sets.append(behind(group.people, now, before))
    own_groups = [group.id for group in q.groups]
    kept = {own_groups[at] for at in shown_beside(None, sets)}
    if not q.query.groups <= kept | (q.query.groups - {*own_groups}):
        raise NotAllowed(
            "That group is nearly the same as another one of yours, and the difference would show "
            "how one or two people did. Ask about the other group."
        )
    return replace(seen, bests=(), only=q.only)


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
        is_of_groups=bool(q.groups) and q.only is None,
        people=len(people),
        coaches=len(people) - len(q.subject.listed),
        sums=sums,
        before=None if before is None else add_of(people, before),
        bests=await named_bests(q),
        tasks=count_tasks(tasks, q),
        outside=add(now.values()).sessions - sums.sessions,
        groups_unknown=q.groups_unknown,
        behind=behind(people, now, before),
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


def opens(row: TeamRow) -> str:
    """The command that opens a person or a group."""
    if row.member_id:
        return f"sessions id:{quoted(row.member_id)} last 30d"
    return f"team group:{quoted(row.who)}"


def for_channel(computed: TeamFigures) -> TeamFigures:
    """Without groups whose figures would reveal one or two people, beside the total and the other
    groups."""
    if not computed.is_of_groups:
        return computed
    groups = [row for row in computed.rows if row.people >= ENOUGH_PEOPLE]
    kept = shown_beside(computed.behind, [row.behind for row in groups])
    rows = tuple(row for at, row in enumerate(groups) if at in kept)
    return replace(computed, rows=rows, left_out=len(computed.rows) - len(rows))


REPORT: Report[TeamFigures] = Report(
    name="team",
    covers="average practice doing time session score who-all group group-of-people most least "
    "often recent done overview start per-person share",
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
    is_posted=True,
    for_channel=for_channel,
    named=lambda computed: (
        {row.member_id for row in computed.rows if row.member_id}
        | {best.member_id for best in computed.bests}
    ),
    coaches_only=True,
)
