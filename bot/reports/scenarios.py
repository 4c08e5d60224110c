"""Which scenarios were practiced, how they went, and how far people came on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.exec_api.models import Session
from bot.language.query import Rank
from bot.reports.facts import Facts, Practice
from bot.reports.gains import Lifts, Progress, lifts, progress
from bot.reports.highlights import ENOUGH_PEOPLE, Practiced, Scenarios, scenarios
from bot.reports.report import Column, Report, Table
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

    `average` is their mean score, `silver` the percentage of them that were silver or gold; None
    where there is nothing to compute it from, or it is not told. `lifts` are over people with two
    graded attempts or more up to the end of the period, as Exec has it.
    """

    name: str
    people: int
    graded: int
    average: float | None
    silver: float | None
    lifts: Lifts


@dataclass(frozen=True, slots=True)
class ScenarioFigures:
    """Scenarios with a graded attempt in the period, most practiced first, then by name.

    `most` practiced and `hardest` are named only where that says something (see `highlights`).
    """

    rows: tuple[ScenarioRow, ...]
    most: Practiced | None
    hardest: Practiced | None


async def _figures(facts: Facts) -> ScenarioFigures:
    found = await facts.compute(_scenarios, await facts.sessions(history=True))
    if not facts.query.is_of_results:
        return found
    # By these alone nobody can tell where people began.
    return replace(found, rows=tuple(replace(row, lifts=Lifts()) for row in found.rows))


def _scenarios(practice: Practice) -> ScenarioFigures:
    ordered = history(practice.all_rows, practice.interval.end)
    inside = within(ordered, practice.interval)
    lifted: dict[str, list[Progress]] = {}
    for each in progress(ordered):
        lifted.setdefault(each.scenario_id, []).append(each)
    names = scenario_names(inside)
    rows = [
        _row(names[id_], attempts, lifts(lifted.get(id_, ())))
        for id_, own in by_scenario(inside).items()
        if (attempts := graded(own))
    ]
    rows.sort(key=lambda row: (-row.graded, row.name.casefold(), row.name))
    outstanding: Scenarios = scenarios(inside)
    return ScenarioFigures(tuple(rows), outstanding.most, outstanding.weakest)


def _row(name: str, attempts: Sequence[tuple[float, Session]], lifted: Lifts) -> ScenarioRow:
    good = sum(row.rank in SILVER_OR_BETTER for _, row in attempts)
    return ScenarioRow(
        name=name,
        people=len(people_in(row for _, row in attempts)),
        graded=len(attempts),
        average=average(attempts),
        silver=100 * good / len(attempts),
        lifts=lifted,
    )


def _table(found: ScenarioFigures) -> Table:
    return Table(
        (
            Column("Scenario", "name"),
            Column("People", "count"),
            Column("Graded attempts", "count"),
            Column("Average", "average"),
            Column("Silver or better", "percent"),
            Column("First", "average"),
            Column("Last", "average"),
            Column("Lift", "change"),
        ),
        tuple(
            (
                row.name,
                row.people,
                row.graded,
                row.average,
                row.silver,
                row.lifts.first,
                row.lifts.last,
                row.lifts.lift,
            )
            for row in found.rows
        ),
    )


def _public(found: ScenarioFigures) -> ScenarioFigures:
    """Without the results of so few people that each could compute another one's."""
    return replace(found, rows=tuple(map(_public_row, found.rows)))


def _public_row(row: ScenarioRow) -> ScenarioRow:
    if row.lifts.people < ENOUGH_PEOPLE:
        row = replace(row, lifts=Lifts())
    return row if row.people >= ENOUGH_PEOPLE else replace(row, average=None, silver=None)


REPORT: Report[ScenarioFigures] = Report(
    name="scenarios",
    also=("hardest",),
    forms=("scenarios [who] [where] [what] [when]",),
    help="Which scenarios are practiced most and which are hardest; the last 30 days unless you "
    "say otherwise.",
    example='scenarios group:"West Coast" this month',
    kind=ScenarioFigures,
    figures=_figures,
    table=_table,
    public=_public,
    named=lambda _found: (),
)
