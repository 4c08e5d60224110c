"""Which scenarios were practised, how they went, and how far people came on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.exec_api.models import Session
from bot.language.query import Rank
from bot.reports.gains import progress
from bot.reports.highlights import ENOUGH_PEOPLE, Practised, Scenarios, scenarios
from bot.reports.report import Column, Facts, Needs, Report, Table
from bot.reports.rows import (
    average,
    by_scenario,
    graded,
    history,
    people_in,
    scenario_names,
    within,
)

SILVER_OR_BETTER = frozenset((Rank.GOLD, Rank.SILVER))


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario: `people` have a part in its `graded` attempts of the period.

    `average` is their mean score, `silver` the percentage of them that were silver or gold. `lift`
    is the mean over the `lifted` people with two graded attempts or more up to the end of the
    period, of best less first score, as Exec has it. All three are None where there is nothing to
    reckon from, or it is not told.
    """

    name: str
    people: int
    graded: int
    average: float | None
    silver: float | None
    lift: float | None
    lifted: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioFigures:
    """Scenarios with a graded attempt in the period, most practised first, then by name.

    `most` practised and `hardest` are named only where that says something (see `highlights`).
    """

    rows: tuple[ScenarioRow, ...]
    most: Practised | None
    hardest: Practised | None


def _figures(facts: Facts) -> ScenarioFigures:
    ordered = history(facts.all_rows, facts.interval.end)
    inside = within(ordered, facts.interval)
    lifts: dict[str, list[float]] = {}
    for each in progress(ordered):
        if (lift := each.lift) is not None:
            lifts.setdefault(each.scenario_id, []).append(lift)
    names = scenario_names(inside)
    rows = [
        _row(names[id_], attempts, lifts.get(id_, []))
        for id_, own in by_scenario(inside).items()
        if (attempts := graded(own))
    ]
    rows.sort(key=lambda row: (-row.graded, row.name.casefold(), row.name))
    outstanding: Scenarios = scenarios(inside)
    return ScenarioFigures(tuple(rows), outstanding.most, outstanding.weakest)


def _row(
    name: str, attempts: Sequence[tuple[float, Session]], lifts: Sequence[float]
) -> ScenarioRow:
    good = sum(row.rank in SILVER_OR_BETTER for _, row in attempts)
    return ScenarioRow(
        name=name,
        people=len(people_in(row for _, row in attempts)),
        graded=len(attempts),
        average=average(attempts),
        silver=100 * good / len(attempts),
        lift=sum(lifts) / len(lifts) if lifts else None,
        lifted=len(lifts),
    )


def _table(found: ScenarioFigures) -> Table:
    return Table(
        (
            Column("Scenario", "name"),
            Column("People", "count"),
            Column("Graded attempts", "count"),
            Column("Average", "average"),
            Column("Silver or better", "percent"),
            Column("Lift", "change"),
        ),
        tuple(
            (row.name, row.people, row.graded, row.average, row.silver, row.lift)
            for row in found.rows
        ),
    )


def _public(found: ScenarioFigures) -> ScenarioFigures:
    """Without the results of so few people that each could reckon another one's."""
    return replace(found, rows=tuple(map(_public_row, found.rows)))


def _public_row(row: ScenarioRow) -> ScenarioRow:
    if row.lifted < ENOUGH_PEOPLE:
        row = replace(row, lift=None)
    return row if row.people >= ENOUGH_PEOPLE else replace(row, average=None, silver=None)


REPORT: Report[ScenarioFigures] = Report(
    name="scenarios",
    also=("hardest",),
    forms=("scenarios [who] [where] [what] [when]",),
    help="Which scenarios are practised most and which are hardest; the last 30 days unless you "
    "say otherwise.",
    example='scenarios group:"West Coast" this month',
    needs=Needs(history=True),
    kind=ScenarioFigures,
    figures=_figures,
    table=_table,
    public=_public,
    named=lambda _found: (),
)
