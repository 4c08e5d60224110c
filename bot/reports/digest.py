"""The figures of a group for its channel: counts, averages and personal bests.

They don't have the names of people who haven't practiced, so no template can print them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.language.query import By
from bot.mirror.query import filters_of
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
    lines,
    named_bests,
    public_tally,
    tally_parts,
    tally_people,
)
from bot.reports._highlights import Highlights, highlights
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import Change, DefaultPeople, Figures, Need, Part, Report
from bot.reports._tasks import TaskCounts, count_tasks, read_tasks
from bot.reports.intervals import WEEKS, Interval, length_in_days, parts_of, weeks_up_to

METRICS = (SESSIONS, TIME, AVERAGE, RANKS)
LEAST_BARS = 2
MOST_DAYS = 8  # more bars would be too thin on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """The sessions of a day or week."""

    part: Part
    sessions: int


@dataclass(frozen=True, kw_only=True)
class Digest(Figures):
    """The figures of a group. `sums` and `before` have results only if three or more people are
    behind them; `before` is None if the period before isn't stored.

    `bars` are up to eight weeks, or the days of the period if only one week is stored; none without
    at least two. `charted_since` is the start of the stored sessions if earlier bars are missing.
    `outside` sessions are by people who left Exec.
    """

    people: int = 0
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    lines: tuple[Line, ...] = ()
    bests: tuple[Best, ...] = ()
    highlights: Highlights = field(default_factory=Highlights)
    tasks: TaskCounts | None = None
    bars: tuple[Bar, ...] = ()
    charted_since: datetime | None = None
    outside: int = 0

    @property
    def change(self) -> Change | None:
        """The change of the average, if both periods have enough graded sessions and people."""
        return change(self.sums, self.before)


async def figures(q: PreparedQuestion) -> Digest:
    """The figures of a period for the channel of a group."""
    people = q.subject.present
    everybody = await tally_people(q.db, q.filters())
    sums = add(each for id_, each in everybody.items() if id_ in people)
    before = None
    if q.covers(q.periods.before):
        earlier = await tally_people(q.db, q.filters(q.periods.before))
        before = add(each for id_, each in earlier.items() if id_ in people)
    bars = await _bars(q)
    return Digest(
        people=len(people),
        sums=public_tally(sums),
        before=None if before is None else public_tally(before),
        lines=lines(METRICS, sums, before, is_public=True),
        # Without the addresses of namesakes.
        bests=tuple(replace(each, who=each.name) for each in await named_bests(q)),
        highlights=await highlights(q),
        tasks=count_tasks(await read_tasks(q), q),
        bars=bars,
        charted_since=_charted_since(q, bars),
        outside=sum(each.sessions for id_, each in everybody.items() if id_ not in people),
    )


async def _bars(q: PreparedQuestion) -> tuple[Bar, ...]:
    """The last eight weeks; the days of the period if only one week is stored."""
    end, now = q.interval.end, q.now
    weeks = [
        (Part(monday, By.WEEK, running=week.end > now), week)
        for monday, week in weeks_up_to(end, WEEKS, q.zone)
        # Without partial weeks, which would look like quiet ones.
        if q.covers(week) and (week.end <= end or week.end > now)
    ]
    bars = await _counted(q, weeks)
    if len(bars) >= LEAST_BARS or length_in_days(q.interval, q.zone) > MOST_DAYS:
        return bars if len(bars) >= LEAST_BARS and any(bar.sessions for bar in bars) else ()
    days = [
        (Part(day, By.DAY, running=whole.end > now), inside)
        for day, inside, whole in parts_of(q.interval, "day", q.zone)
        if q.covers(inside)
    ]
    bars = await _counted(q, days)
    return bars if len(bars) >= LEAST_BARS and any(bar.sessions for bar in bars) else ()


async def _counted(q: PreparedQuestion, parts: list[tuple[Part, Interval]]) -> tuple[Bar, ...]:
    intervals = [interval for _, interval in parts]
    tallies = await tally_parts(q.db, filters_of(q.query, ids=q.ids), intervals)
    return tuple(Bar(part, each.sessions) for (part, _), each in zip(parts, tallies, strict=True))


def _charted_since(q: PreparedQuestion, bars: tuple[Bar, ...]) -> datetime | None:
    """The start of the stored sessions, if it cuts off the chart."""
    if not bars:
        return None
    is_weekly = bars[0].part.per is By.WEEK
    begins = weeks_up_to(q.interval.end, WEEKS, q.zone)[0][1].start if is_weekly else None
    begins = begins or q.interval.start
    return None if q.stored.start <= begins else q.stored.start


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
