"""How practice went on: sessions, people and averages by day, week or month."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import datetime

from bot.language.days import Unit
from bot.language.query import By
from bot.reports.facts import Facts, Practice
from bot.reports.figures import NOTHING, Figures, figures
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.intervals import WEEK, Interval, length_in_days, parts_of
from bot.reports.report import Column, Part, Report, Table
from bot.reports.rows import history

UNITS: dict[By, Unit] = {By.DAY: "day", By.WEEK: "week", By.MONTH: "month"}
HEADINGS = {By.DAY: "Day", By.WEEK: "Week of", By.MONTH: "Month"}
# Up to how many days a period is split into days, and up to how many into weeks: a chart has room
# for twenty parts.
MOST_BY_DAY, MOST_BY_WEEK, MOST_CHARTED = 14, 140, 20
# Of a longer course nothing is told of the time before the first session.
MOST_PARTS = 400


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A part of the period: its sessions, by how many people, and the mean score of its `graded`
    attempts (None without, or where it is not told)."""

    part: Part
    sessions: int
    people: int
    graded: int
    graded_people: int
    average: float | None


@dataclass(frozen=True, slots=True)
class TrendFigures:
    """The parts of a period, the oldest first; none without a session. `sums` run over all."""

    per: By
    rows: tuple[TrendRow, ...]
    sums: Figures

    @property
    def charted(self) -> tuple[TrendRow, ...]:
        """The parts that a chart has room for: the last ones; none where one alone is no course."""
        return self.rows[-MOST_CHARTED:] if len(self.rows) > 1 else ()

    @property
    def averaged(self) -> tuple[TrendRow, ...]:
        """Those of them that have an average; none where one alone is no line."""
        found = tuple(row for row in self.charted if row.average is not None)
        return found if len(found) > 1 else ()


async def _figures(facts: Facts) -> TrendFigures:
    return await facts.compute(_trend, await facts.sessions(), facts.query.by)


def _trend(practice: Practice, by: By | None) -> TrendFigures:
    ordered = history(practice.rows, practice.interval.end)
    per = by or _usual(practice)
    if not ordered:
        return TrendFigures(per, (), NOTHING)
    zone = practice.window.zone
    moments = [row.created_at for row in ordered]
    rows = []
    for first, inside, whole in parts_of(_told(practice, per, moments[0]), UNITS[per], zone):
        own = ordered[bisect_left(moments, inside.start) : bisect_left(moments, inside.end)]
        running = whole.end > practice.window.now
        part = Part(first, per, cut=inside != whole, running=running)
        rows.append(_row(part, figures(own)))
    return TrendFigures(per, tuple(rows), figures(ordered))


def _usual(practice: Practice) -> By:
    """What suits the length of the period."""
    days = length_in_days(practice.interval, practice.window.zone)
    if days <= MOST_BY_DAY:
        return By.DAY
    return By.WEEK if days <= MOST_BY_WEEK else By.MONTH


def _told(practice: Practice, per: By, first: datetime) -> Interval:
    """The period, without what is not read of it; of a very long one without the time before the
    `first` session."""
    interval = practice.interval
    days = length_in_days(interval, practice.window.zone)
    if days > MOST_PARTS * (WEEK.days if per is By.WEEK else 1):
        return Interval(first, interval.end)
    if practice.complete:
        return interval
    # What is known of the day before the first whole one is known from its first session on.
    return Interval(min(first, practice.since or first), interval.end)


def _row(part: Part, sums: Figures) -> TrendRow:
    return TrendRow(
        part=part,
        sessions=sums.sessions,
        people=sums.people,
        graded=sums.valid if sums.scored is None else sums.scored,
        graded_people=sums.graded,
        average=sums.average,
    )


def _table(found: TrendFigures) -> Table:
    return Table(
        (
            Column(HEADINGS[found.per], "part"),
            Column("Sessions", "count"),
            Column("People", "count"),
            Column("Average", "average"),
        ),
        tuple((row.part, row.sessions, row.people, row.average) for row in found.rows),
    )


def _public(found: TrendFigures) -> TrendFigures:
    """Without an average of so few people that each could compute another one's score; nor is there
    one over all where that of a few people would be what is left of it without the other parts."""
    rows = tuple(
        row if row.graded_people >= ENOUGH_PEOPLE else replace(row, average=None)
        for row in found.rows
    )
    sums = replace(found.sums, best=None)
    if any(0 < row.graded_people < ENOUGH_PEOPLE for row in rows) or sums.graded < ENOUGH_PEOPLE:
        sums = replace(sums, average=None, ranks={})
    return replace(found, rows=rows, sums=sums)


REPORT: Report[TrendFigures] = Report(
    name="trend",
    also=("over time",),
    forms=("trend [who] [where] [what] [when] [by day, week or month]",),
    help="How practice goes on from day to day, week to week or month to month; the last 30 days "
    "unless you say otherwise.",
    example='trend group:"West Coast" this quarter by week',
    kind=TrendFigures,
    figures=_figures,
    table=_table,
    public=_public,
    named=lambda _found: (),
    by=(By.DAY, By.WEEK, By.MONTH),
)
