"""How far people came: one person scenario by scenario, or several with a row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from bot.language.query import Member
from bot.reports.change import in_tenths
from bot.reports.gains import LEAST_GAIN, Progress, practised
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.report import WHO, Column, Facts, Needs, Report, Table, Whose
from bot.reports.rows import by_id, history, told_apart

MOST_PRAISED = 3


@dataclass(frozen=True, slots=True)
class OnScenario:
    """A person on a scenario: their graded `attempts` up to the end of the period, with the scores
    of the first, last and best of them. Without two of them there is no lift. `link` is where the
    scenario is practised, "" where that is not known."""

    name: str
    attempts: int
    first: float
    last: float
    best: float
    lift: float | None
    last_vs_best: float | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Somebody, by their Exec id, on the scenarios that they practised in the period, with their
    graded attempts.

    `lift` and `last_vs_best` (None where it is not told) are means over those of these scenarios
    with two attempts or more. `who` is their `name`, told apart from namesakes'. `unnamed`: they
    don't want to be named in a channel.
    """

    id: str
    who: str
    name: str
    scenarios: int
    attempts: int
    lift: float | None
    last_vs_best: float | None
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class ProgressFigures:
    """The furthest first, then by name; of one person (`alone`) by scenario, else by person.

    `lift` is the mean of the `lifted` rows that have one. `ahead` is the furthest row, where it is
    ahead of another one; `below` the scenario on which the last attempt is furthest below the best.
    `known` rows there are in all.
    """

    alone: bool
    scenarios: tuple[OnScenario, ...]
    people: tuple[OfPerson, ...]
    known: int
    lifted: int
    lift: float | None
    ahead: OnScenario | OfPerson | None = None
    below: OnScenario | None = None


def _figures(facts: Facts) -> ProgressFigures:
    asked = facts.query.people if facts.query else None
    alone = asked is not None and len(asked) == 1
    limit = facts.query.limit if facts.query else None
    people = by_id(each for each in facts.people if alone or not each.is_removed)
    found = [
        each
        for each in practised(history(facts.all_rows, facts.interval.end), facts.interval)
        if each.person in people
    ]
    rows: Sequence[OnScenario | OfPerson]
    if alone:
        on_each = (_on_scenario(each, facts.links.get(each.scenario_id, "")) for each in found)
        rows = scenarios = sorted(on_each, key=lambda row: row.name.casefold())
    else:
        called = told_apart(people.values())
        of_each: dict[str, list[Progress]] = {}
        for each in found:
            of_each.setdefault(each.person, []).append(each)
        rows = [
            _of_person(person, called[id_], of_each[id_], id_ in facts.opted_out)
            for id_, person in people.items()
            if id_ in of_each
        ]
        scenarios = []
    rows = sorted(rows, key=lambda row: (row.lift is None, -in_tenths(row.lift or 0)))
    lifts = [row.lift for row in rows if row.lift is not None]
    below = min(scenarios, key=lambda row: row.last_vs_best or 0, default=None)
    return ProgressFigures(
        alone=alone,
        scenarios=tuple(row for row in rows[:limit] if isinstance(row, OnScenario)),
        people=tuple(row for row in rows[:limit] if isinstance(row, OfPerson)),
        known=len(rows),
        lifted=len(lifts),
        lift=fmean(lifts) if lifts else None,
        ahead=rows[0] if _is_ahead(lifts) else None,
        below=below if below is not None and below.last_vs_best else None,
    )


def _is_ahead(lifts: Sequence[float]) -> bool:
    """Whether the first of these is the most of anything: of one alone, or of equals, none is."""
    return len(lifts) > 1 and lifts[0] >= LEAST_GAIN and in_tenths(lifts[0]) > in_tenths(lifts[1])


def _on_scenario(one: Progress, link: str) -> OnScenario:
    scores = (one.first, one.last, one.best)
    return OnScenario(one.scenario, one.graded, *scores, one.lift, one.last_vs_best, link)


def _of_person(person: Member, who: str, found: Sequence[Progress], unnamed: bool) -> OfPerson:
    return OfPerson(
        id=person.id,
        who=who,
        name=person.name,
        scenarios=len(found),
        attempts=sum(each.graded for each in found),
        lift=_mean(each.lift for each in found),
        last_vs_best=_mean(each.last_vs_best for each in found),
        unnamed=unnamed,
    )


def _mean(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return fmean(known) if known else None


def _table(found: ProgressFigures) -> Table:
    if found.alone:
        return Table(
            (
                Column("Scenario", "name"),
                Column("Attempts", "count"),
                Column("First", "score"),
                Column("Last", "score"),
                Column("Best", "score"),
                Column("Lift", "change"),
            ),
            tuple(
                (row.name, row.attempts, row.first, row.last, row.best, row.lift)
                for row in found.scenarios
            ),
        )
    return Table(
        (
            WHO,
            Column("Scenarios", "count"),
            Column("Attempts", "count"),
            Column("Lift", "change"),
            Column("Last vs best", "change"),
        ),
        tuple(
            (row.who, row.scenarios, row.attempts, row.lift, row.last_vs_best)
            for row in found.people
        ),
    )


def _public(found: ProgressFigures) -> ProgressFigures | None:
    """The names of the three who came furthest, if they may be named, and what all came to."""
    if found.alone:
        return None
    praised = tuple(
        replace(row, who=row.name, last_vs_best=None)
        for row in found.people
        if row.lift is not None and row.lift >= LEAST_GAIN and not row.unnamed
    )
    lift = found.lift if found.lifted >= ENOUGH_PEOPLE else None
    return replace(found, people=praised[:MOST_PRAISED], lift=lift, ahead=None)


REPORT: Report[ProgressFigures] = Report(
    name="progress",
    also=("lift", "improvement", "improved most"),
    forms=("progress [who] [where] [what] [when]",),
    help="Who came how far, and on which scenarios: best score less first score. The last 30 days "
    "unless you say otherwise.",
    example="progress @jane this quarter",
    needs=Needs(Whose.COACHED, people=True, history=True, links=True, opt_outs=True),
    kind=ProgressFigures,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: not found.known,
    public=_public,
    named=lambda found: {row.id for row in found.people},
)
