"""A person's own week. Only they see it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import sqlalchemy as sa

from bot.language.query import ResolvedQuery
from bot.reports._figures import (
    NOTHING,
    Attempt,
    Filters,
    Progress,
    Tally,
    best_attempt,
    compared,
    progress,
    tally_all,
    tally_people,
    tally_scenarios,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import Column, Figures, Need, Report
from bot.reports._tasks import Task, read_tasks
from bot.reports.intervals import EARLIEST, Interval, today
from bot.storage.tables import session, team, team_member

COLUMNS = (
    Column("Scenario", "scenario", "name"),
    Column("Sessions", "sessions", "count"),
    Column("First", "progress.first", "score"),
    Column("Last", "progress.last", "score"),
    Column("Best", "progress.best", "score"),
    Column("Lift", "progress.lift", "signed"),
    Column("Graded attempts", "progress.attempts", "count"),
)
ENOUGH_PEERS = 10  # people: in a smaller group, a band would reveal how the others did


@dataclass(frozen=True, slots=True)
class MeRow:
    """A scenario: the sessions of the period, and the progress on record up to now, None without a
    graded attempt."""

    scenario: str
    sessions: int
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """Somebody's position in a group of `people`, by graded attempts."""

    part: str  # "upper quarter" or "upper half"
    people: int
    group: str


@dataclass(frozen=True, kw_only=True)
class MeFigures(Figures):
    """Somebody's week: the totals of the period, of the one `before` (None if it isn't stored), and
    the number of sessions `today` so far.

    `best` has the highest score. `has_begun`: they have a session on record. `tasks` is None if
    assignments aren't known. `named`: digests can name them.
    """

    columns: ClassVar = COLUMNS

    rows: tuple[MeRow, ...] = ()
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    best: Attempt | None = None
    today: int = 0
    has_begun: bool = False
    tasks: tuple[Task, ...] | None = None
    band: ScoreRange | None = None
    named: bool = True


async def figures(q: PreparedQuestion) -> MeFigures:
    """The week of the one person in question."""
    (person,) = q.subject.people.values()
    this_day = today(q.zone, q.now)
    # With the sessions after the period.
    record = q.filters(Interval(EARLIEST, max(this_day.end, q.interval.end)))
    sums, before = await compared(q, tally_all)
    tasks, rows = await read_tasks(q), await _rows(q, record)
    return MeFigures(
        rows=rows,
        sums=sums,
        before=before,
        best=await best_attempt(q.db, q.filters()),
        today=(await tally_all(q.db, q.filters(this_day))).sessions,
        has_begun=bool(rows),
        tasks=None if tasks is None else tuple(tasks),
        band=await _band(q, person.id),
        named=person.id not in q.unnamed,
    )


async def _rows(q: PreparedQuestion, record: Filters) -> tuple[MeRow, ...]:
    """A row per scenario on record, by sessions in the period."""
    graded = {own.scenario_id: own for own in await progress(q.db, record, q.interval)}
    all_time = await tally_scenarios(q.db, record)
    now = await tally_scenarios(q.db, q.filters())
    rows = [
        MeRow(
            scenario.name,
            now.get(scenario, NOTHING).sessions,
            graded.get(scenario.id),
        )
        for scenario in all_time
    ]
    return tuple(sorted(rows, key=lambda row: (-row.sessions, row.scenario.casefold())))


async def _band(q: PreparedQuestion, member_id: str) -> ScoreRange | None:
    """Their band in the largest of their groups, by graded sessions. None in a small group, and in
    the lower half, where it would help nobody."""
    own = sa.select(team_member.c.team_id).where(team_member.c.member_id == member_id)
    is_member = team_member.c.team_id == team.c.id
    query = sa.select(team.c.id, team.c.name, team_member.c.member_id).where(is_member)
    groups: dict[tuple[str, str], list[str]] = {}
    for id_, name, peer in await q.db.rows(query.where(team.c.id.in_(own))):
        groups.setdefault((id_, name), []).append(peer)
    (_, name), peers = max(groups.items(), key=lambda group: len(group[1]), default=(("", ""), []))
    if len(peers) < ENOUGH_PEERS or not q.covers(q.interval):
        return None
    everybody = replace(q, query=ResolvedQuery(None))
    inside = session.c.member_id.in_(peers)
    tallies = await tally_people(q.db, [*everybody.filters(), inside])
    graded = {id_: tally.graded for id_, tally in tallies.items()}
    mine = graded.get(member_id, 0)
    place = 1 + sum(n > mine for n in graded.values())
    if not mine or 2 * place > len(peers):
        return None
    part = "upper quarter" if 4 * place <= len(peers) else "upper half"
    return ScoreRange(part, len(peers), name)


REPORT: Report[MeFigures] = Report(
    name="me",
    covers="doing score practice overview",
    forms=("me",),
    help="Your own week: figures, scenarios, what is due.",
    example="me",
    has_command=False,
    filters=frozenset(("who",)),
    of_one=True,
    period="",
    needs=frozenset((Need.TASKS, Need.UNNAMED)),
    figures=figures,
    is_nothing=lambda computed: not computed.has_begun,
)
