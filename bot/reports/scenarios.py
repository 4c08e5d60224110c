"""The practiced scenarios with their results and people's progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.reports._figures import (
    Lifts,
    Tally,
    grouped,
    lifts,
    percent,
    progress,
    tally_scenarios,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import ENOUGH_PEOPLE, Shown
from bot.reports._report import Column, Figures, Report

# With fewer attempts, a single odd one changes the average noticeably.
ENOUGH_ATTEMPTS = 5
COLUMNS = (
    Column("Scenario", "scenario", "name"),
    Column("People", "tally.graded_people", "count"),
    Column("Graded attempts", "tally.graded", "count"),
    Column("Average", "tally.average", "score"),
    Column("Silver or better", "silver", "percent"),
    Column("First", "lift.first", "score"),
    Column("Last", "lift.last", "score"),
    Column("Lift", "lift.lift", "signed"),
)


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario; `lift` has means over people's graded attempts up to the end of the period."""

    scenario: Shown[str]
    tally: Shown[Tally]
    lift: Shown[Lifts]

    @property
    def silver(self) -> Decimal | None:
        """The percentage of graded sessions that were silver or gold."""
        tally = self.tally
        return percent(tally.gold + tally.silver, tally.graded) if tally.has_scores else None


@dataclass(frozen=True, kw_only=True)
class ScenarioFigures(Figures):
    """`count` scenarios with a graded session in the period, the most practiced first.

    `hardest` is None unless two have enough attempts by enough people, and different averages.
    """

    rows: Shown[tuple[ScenarioRow, ...]] = ()
    count: Shown[int] = 0
    hardest: Shown[ScenarioRow | None] = None


async def figures(q: PreparedQuestion) -> ScenarioFigures:
    """A row per scenario, and the hardest."""
    tallies = await tally_scenarios(q.db, q.filters())
    # Sessions filtered by results don't show people's first scores.
    is_lifted = not q.is_of_results
    progresses = await progress(q.db, q.history(), q.interval) if is_lifted else []
    progress_by_id = grouped(progresses, "scenario_id")
    rows = [
        ScenarioRow(scenario.name, tally, lifts(progress_by_id.get(scenario.id, ())))
        for scenario, tally in tallies.items()
        if tally.graded
    ]
    rows.sort(key=lambda row: (-row.tally.graded, row.scenario.casefold(), row.scenario))
    return ScenarioFigures(rows=tuple(rows), count=len(rows), hardest=_hardest(rows))


def _hardest(rows: Sequence[ScenarioRow]) -> ScenarioRow | None:
    """The lowest average of enough attempts by enough people."""
    averages = {
        row: row.tally.average or Decimal()
        for row in rows
        if row.tally.graded >= ENOUGH_ATTEMPTS and row.tally.graded_people >= ENOUGH_PEOPLE
    }
    if len({*averages.values()}) < 2:
        return None
    return min(averages, key=lambda row: averages[row])


REPORT: Report[ScenarioFigures] = Report(
    name="scenarios",
    covers="scenario hard easy most least best worst average struggle practice who-all doing "
    "score group-of-scenario session overview done group rank",
    forms=("scenarios [who] [where] [what] [when]",),
    help="Which scenarios are practiced most and which are hardest; the last 30 days unless you "
    "say otherwise.",
    example='scenarios group:"West Coast" this month',
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda computed: not computed.count,
    is_posted=True,
    named=lambda _: (),
)
