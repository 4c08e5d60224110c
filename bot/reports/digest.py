"""The figures of a group for its channel: those of a team, and its last weeks.

They don't have the names of people who haven't practiced, so no template can print them.
"""

from __future__ import annotations

from dataclasses import replace

from bot.language.query import By
from bot.reports._figures import PartTally, compared, tally_parts, tally_people
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import Need, Report
from bot.reports._tasks import read_tasks
from bot.reports.intervals import Interval, moved
from bot.reports.team import TeamFigures, totals

CHARTED_DAYS = 8 * 7


async def figures(q: PreparedQuestion) -> TeamFigures:
    """The figures of a period for the channel of a group."""
    now, before = await compared(q, tally_people)
    total = await totals(q, now, before, await read_tasks(q))
    return replace(
        total,
        sums=total.sums.public,
        before=total.before and total.before.public,
        weeks=await _weeks(q),
    )


async def _weeks(q: PreparedQuestion) -> tuple[PartTally, ...]:
    """The last weeks that are stored as a whole, because half of one would look like a quiet one;
    none with fewer than two, or without a session."""
    end = q.interval.end
    start = max(moved(end, -CHARTED_DAYS, q.zone), q.stored.start)
    parts = await tally_parts(q, By.WEEK, Interval(start, end)) if start < end else []
    weeks = tuple(replace(part, tally=part.tally.public) for part in parts if not part.part.cut)
    return weeks if len(weeks) > 1 and any(week.tally.sessions for week in weeks) else ()


REPORT: Report[TeamFigures] = Report(
    name="digest",
    has_command=False,
    help="A group's week as its channel sees it.",
    example='digest "West Coast" every monday 9:00',
    period="last week",
    needs=frozenset((Need.TASKS, Need.UNNAMED)),
    figures=figures,
    is_nothing=lambda computed: not computed.people,
    public=lambda computed: computed,
    named=lambda computed: {part.member_id for part in computed.bests},
)
