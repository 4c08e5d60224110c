"""The figures of a group for its channel: counts, averages and personal bests.

They don't have the names of people who haven't practiced, so no template can print them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.language.query import By
from bot.reports._figures import (
    NOTHING,
    Best,
    Tally,
    add,
    add_of,
    compared,
    named_bests,
    part_of,
    tally_by,
    tally_people,
    without_addresses,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import DefaultPeople, Figures, Need, Part, Report
from bot.reports._tasks import count_tasks, read_tasks
from bot.reports.intervals import Interval, moved, parts_of

CHARTED_DAYS = 8 * 7


@dataclass(frozen=True, slots=True)
class Bar:
    """The sessions of a week."""

    part: Part
    sessions: int


@dataclass(frozen=True, kw_only=True)
class Digest(Figures):
    """The figures of a group. `sums` and `before` have results only if three or more people are
    behind them; `before` is None if the period before isn't stored.

    `bars` are the last weeks that are stored, at most eight; none with fewer than two, or without a
    session. `outside` sessions are by people who left Exec.
    """

    people: int = 0
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    bests: tuple[Best, ...] = ()
    tasks: Mapping[str, int] | None = None
    bars: tuple[Bar, ...] = ()
    outside: int = 0


async def figures(q: PreparedQuestion) -> Digest:
    """The figures of a period for the channel of a group."""
    people = q.subject.present
    everybody, earlier = await compared(q, tally_people)
    sums = add_of(people, everybody)
    before = None if earlier is None else add_of(people, earlier).public
    return Digest(
        people=len(people),
        sums=sums.public,
        before=before,
        bests=without_addresses(await named_bests(q)),
        tasks=count_tasks(await read_tasks(q), q),
        bars=await _bars(q),
        outside=add(everybody.values()).sessions - sums.sessions,
    )


async def _bars(q: PreparedQuestion) -> tuple[Bar, ...]:
    """The last weeks that are stored as a whole: half of one would look like a quiet one."""
    charted = Interval(moved(q.interval.end, -CHARTED_DAYS, q.zone), q.interval.end)
    weeks = parts_of(charted, "week", q.zone)
    weeks = [part for part in weeks if part[1] == part[2] and q.covers(part[2])]
    if len(weeks) < 2:
        return ()
    inside = Interval(weeks[0][1].start, weeks[-1][1].end)
    tallies = await tally_by(q.db, q.filters(inside), part_of(weeks))
    counts = ((day, tallies.get(str(day), NOTHING).sessions) for day, *_ in weeks)
    return tuple(Bar(Part(day, By.WEEK), n) for day, n in counts) if tallies else ()


REPORT: Report[Digest] = Report(
    name="digest",
    has_command=False,
    help="A group's week as its channel sees it.",
    example='digest "West Coast" every monday 9:00',
    default_people=DefaultPeople.COACHED,
    period="last week",
    needs=frozenset((Need.TASKS,)),
    figures=figures,
    is_nothing=lambda found: not found.people,
    public=lambda found: found,
    named=lambda found: {each.member_id for each in found.bests},
)
