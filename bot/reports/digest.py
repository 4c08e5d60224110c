"""The figures of a group for its channel: counts, averages and personal bests.

They don't have the names of people who haven't practiced, so no template can print them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.language.query import By
from bot.reports._figures import (
    NOTHING,
    Best,
    PartTally,
    Tally,
    add,
    add_of,
    compared,
    named_bests,
    tally_parts,
    tally_people,
    without_addresses,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import DefaultPeople, Figures, Need, Report
from bot.reports._tasks import count_tasks, read_tasks
from bot.reports.intervals import Interval, moved

CHARTED_DAYS = 8 * 7


@dataclass(frozen=True, kw_only=True)
class Digest(Figures):
    """The figures of a group. `sums` and `before` have results only if three or more people are
    behind them; `before` is None if the period before isn't stored.

    `weeks` are the last weeks that are stored, at most eight; none with fewer than two, or without
    a session. `outside` sessions are by people who left Exec.
    """

    people: int = 0
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    bests: tuple[Best, ...] = ()
    tasks: Mapping[str, int] | None = None
    weeks: tuple[PartTally, ...] = ()
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
        weeks=await _weeks(q),
        outside=add(everybody.values()).sessions - sums.sessions,
    )


async def _weeks(q: PreparedQuestion) -> tuple[PartTally, ...]:
    """The last weeks that are stored as a whole: half of one would look like a quiet one."""
    end = q.interval.end
    start = max(moved(end, -CHARTED_DAYS, q.zone), q.stored.start)
    found = await tally_parts(q, By.WEEK, Interval(start, end)) if start < end else []
    weeks = tuple(replace(each, tally=each.tally.public) for each in found if not each.part.cut)
    return weeks if len(weeks) > 1 and any(each.tally.sessions for each in weeks) else ()


REPORT: Report[Digest] = Report(
    name="digest",
    has_command=False,
    help="A group's week as its channel sees it.",
    example='digest "West Coast" every monday 9:00',
    default_people=DefaultPeople.COACHED,
    period="last week",
    needs=frozenset((Need.TASKS, Need.UNNAMED)),
    figures=figures,
    is_nothing=lambda found: not found.people,
    public=lambda found: found,
    named=lambda found: {each.member_id for each in found.bests},
)
