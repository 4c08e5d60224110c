"""The practiced scenarios with their results and people's progress."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.reports._figures import (
    Lifts,
    Progress,
    Tally,
    lifts,
    percent,
    progress,
    scenario_names,
    tally_by,
)
from bot.reports._highlights import Practiced, highlights_of
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ENOUGH_PEOPLE, Column, Figures, Report
from bot.storage.tables import session

COLUMNS = (
    Column("Scenario", "scenario", "name"),
    Column("People", "people", "count"),
    Column("Graded attempts", "graded", "count"),
    Column("Average", "average", "score"),
    Column("Silver or better", "silver", "percent"),
    Column("First", "first", "score"),
    Column("Last", "last", "score"),
    Column("Lift", "lift", "signed"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario with its `graded` sessions in the period, by so many `people`.

    `silver` is the percentage that were silver or gold. `first`, `last` and `lift` are means over
    the `lifted` people who have at least two graded sessions up to the end of the period.
    """

    scenario: str
    people: int
    graded: int
    average: Decimal | None
    silver: Decimal | None
    first: Decimal | None
    last: Decimal | None
    lift: Decimal | None
    lifted: int


@dataclass(frozen=True, kw_only=True)
class Scenarios(Figures):
    """`count` scenarios with a graded session in the period, the most practiced first.

    `most` practiced and `hardest` are None with too little data.
    """

    rows: tuple[Row, ...] = ()
    count: int = 0
    most: Practiced | None = None
    hardest: Practiced | None = None


async def figures(q: PreparedQuestion) -> Scenarios:
    """A row per scenario, and the highlights."""
    tallies = await tally_by(q.db, q.filters(), session.c.scenario_id)
    names = await scenario_names(q.db, tallies)
    progress_by_id: dict[str, list[Progress]] = {}
    # Sessions filtered by results don't show people's first scores.
    if not q.query.is_of_results:
        for each in await progress(q.db, q.history(), q.interval):
            progress_by_id.setdefault(each.scenario_id, []).append(each)
    rows = [
        _row(names.get(id_, ""), tally, lifts(progress_by_id.get(id_, ())))
        for id_, tally in tallies.items()
        if tally.graded
    ]
    rows.sort(key=lambda row: (-row.graded, row.scenario.casefold(), row.scenario))
    stand_out = highlights_of(tallies, names)
    return Scenarios(
        rows=tuple(rows), count=len(rows), most=stand_out.most, hardest=stand_out.weakest
    )


def _row(name: str, tally: Tally, lift: Lifts) -> Row:
    return Row(
        scenario=name,
        people=tally.graded_people,
        graded=tally.graded,
        average=tally.average,
        silver=percent(tally.gold + tally.silver, tally.graded),
        first=lift.first,
        last=lift.last,
        lift=lift.lift,
        lifted=lift.people,
    )


def public(found: Scenarios) -> Scenarios:
    """Without results of fewer than three people."""
    return replace(found, rows=tuple(map(_public_row, found.rows)))


def _public_row(row: Row) -> Row:
    if row.lifted < ENOUGH_PEOPLE:
        row = replace(row, first=None, last=None, lift=None)
    return row if row.people >= ENOUGH_PEOPLE else replace(row, average=None, silver=None)


REPORT: Report[Scenarios] = Report(
    name="scenarios",
    covers="scenario hard easy most least best worst average struggle practice who-all doing "
    "score group-of-scenario session overview done group rank",
    also=(),
    forms=("scenarios [who] [where] [what] [when]",),
    help="Which scenarios are practiced most and which are hardest; the last 30 days unless you "
    "say otherwise.",
    example='scenarios group:"West Coast" this month',
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda found: not found.count,
    public=public,
    named=lambda _: (),
)
