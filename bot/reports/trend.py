"""Sessions, people and averages by day, week or month."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.language.query import By
from bot.reports._figures import (
    NOTHING,
    PartTally,
    Tally,
    known_interval,
    tally_all,
    tally_parts,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import ENOUGH_PEOPLE, Shown, without
from bot.reports._report import Column, Figures, Report
from bot.reports.intervals import length_in_days

TITLES = {By.DAY: "Day", By.WEEK: "Week of", By.MONTH: "Month"}
# Periods up to so many days are split into days, or into weeks; a chart has room for twenty parts.
MOST_BY_DAY, MOST_BY_WEEK, MOST_CHARTED = 14, 140, 20


@dataclass(frozen=True, kw_only=True)
class TrendFigures(Figures):
    """The parts of a period, oldest first; none without sessions. `sums` are the totals."""

    per: Shown[By]
    rows: Shown[tuple[PartTally, ...]] = ()
    sums: Shown[Tally] = field(default=NOTHING)

    @property
    def is_cut(self) -> bool:
        """Whether there are more parts than fit on a chart."""
        return len(self.rows) > MOST_CHARTED

    @property
    def charted(self) -> tuple[PartTally, ...]:
        """The last parts that fit on a chart and aren't hidden; none if there is only one."""
        charted = tuple(row for row in self.rows[-MOST_CHARTED:] if row.tally.has_sessions)
        return charted if len(charted) > 1 else ()

    @property
    def averaged(self) -> tuple[PartTally, ...]:
        """The charted parts that have an average; none if there is only one."""
        charted = self.rows[-MOST_CHARTED:]
        averaged = tuple(row for row in charted if row.tally.average is not None)
        return averaged if len(averaged) > 1 else ()


async def figures(q: PreparedQuestion) -> TrendFigures:
    """A row for each part of the period whose sessions are stored."""
    per, sums = q.query.by or _default_unit(q), await tally_all(q.db, q.filters())
    # Parts without stored sessions are unknown, not zero.
    inside = await known_interval(q) if sums.sessions else None
    if inside is None:
        return TrendFigures(per=per)
    rows = tuple(await tally_parts(q, per, inside))
    return TrendFigures(per=per, rows=rows, sums=sums)


def _default_unit(q: PreparedQuestion) -> By:
    """The unit that fits the length of the period."""
    days = length_in_days(q.interval, q.zone)
    if days <= MOST_BY_DAY:
        return By.DAY
    return By.WEEK if days <= MOST_BY_WEEK else By.MONTH


def for_channel(computed: TrendFigures) -> TrendFigures:
    """Without the total of what is hidden in a part, because subtraction would reveal it."""
    sums = computed.sums
    for count in ("people", "graded_people"):
        if any(0 < getattr(row.tally, count) < ENOUGH_PEOPLE for row in computed.rows):
            sums = without(sums, count)
    return replace(computed, sums=sums)


REPORT: Report[TrendFigures] = Report(
    name="trend",
    covers="trend practice session average score doing who-all improve slip time group recent "
    "overview rank",
    also=("chart",),
    forms=("trend [who] [where] [what] [when] [by day, week or month]",),
    help="Practice by day, week or month; the last 30 days unless you say otherwise.",
    example='trend group:"West Coast" this quarter by week',
    figures=figures,
    columns=lambda computed: (
        Column(TITLES[computed.per], "part"),
        Column("Sessions", "tally.sessions", "count"),
        Column("People", "tally.people", "count"),
        Column("Average", "tally.average", "score"),
    ),
    is_nothing=lambda computed: not (computed.sums.people or computed.sums.sessions),
    is_posted=True,
    for_channel=for_channel,
    named=lambda _: (),
    by=(By.DAY, By.WEEK, By.MONTH),
)
