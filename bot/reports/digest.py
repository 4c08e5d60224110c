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
from bot.reports.intervals import Interval, length_in_days, moved
from bot.reports.team import TeamFigures, totals

CHARTED_DAYS = 8 * 7


async def figures(q: PreparedQuestion) -> TeamFigures:
    """The figures of a period for the channel of a group."""
    now, before = await compared(q, tally_people)
    total = await totals(q, now, before, await read_tasks(q))
    return replace(total, weeks=await _weeks(q))


async def _weeks(q: PreparedQuestion) -> tuple[PartTally, ...]:
    """The weeks up to that of the digest that are stored as a whole, because half of one would look
    like a quiet one; none with fewer than two, or without a session.

    Beside the figures of another period, weeks would reveal the rest of it.
    """
    if length_in_days(q.interval, q.zone) != 7:
        return ()
    end = q.interval.end
    start = max(moved(end, -CHARTED_DAYS, q.zone), q.stored.start)
    parts = await tally_parts(q, By.WEEK, Interval(start, end)) if start < end else []
    weeks = tuple(part for part in parts if not part.part.cut)
    is_last = bool(weeks) and weeks[-1] is parts[-1]
    return (
        weeks if is_last and len(weeks) > 1 and any(part.tally.sessions for part in weeks) else ()
    )


REPORT: Report[TeamFigures] = Report(
    name="digest",
    has_command=False,
    help="A group's week as its channel sees it.",
    example='digest "West Coast" every monday 9:00',
    period="last week",
    needs=frozenset((Need.TASKS, Need.UNNAMED)),
    figures=figures,
    is_nothing=lambda computed: not computed.people,
    is_posted=True,
    named=lambda computed: {part.member_id for part in computed.bests},
)
