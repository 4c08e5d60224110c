"""How far people came: one person scenario by scenario, or several with a row each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.query import Member, ResolvedQuery
from bot.reports.change import in_tenths
from bot.reports.course import courses
from bot.reports.facts import Facts, InQuestion, Practice
from bot.reports.figures import mean
from bot.reports.findings import Best, Course
from bot.reports.gains import MOST_BESTS, Progress, bests, lifts, practiced
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.report import ALL_BUT_RESULTS, WHO, Column, Report, Table, Whose
from bot.reports.rows import apart, by_person, history


@dataclass(frozen=True, slots=True)
class OnScenario:
    """A person on a scenario: their graded `attempts` up to the end of the period, with the scores
    of the first, last and best of them. Without two of them there is no lift. `link` is where the
    scenario is practiced, "" where that is not known."""

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
    """Somebody, by their Exec id, on the scenarios that they practiced in the period, with their
    graded attempts.

    `first`, `last`, `lift` and `last_vs_best` are means over those of these scenarios with two
    attempts or more, None without one. `who` is their name, told apart from namesakes'.
    """

    id: str
    who: str
    scenarios: int
    attempts: int
    first: float | None
    last: float | None
    lift: float | None
    last_vs_best: float | None


@dataclass(frozen=True, slots=True)
class ProgressFigures:
    """The furthest first, then by name; of one person (`alone`) by scenario, else by person.

    `lift` is the mean of the `lifted` rows that have one. `below` is the scenario on which the last
    attempt is furthest below the best. `known` rows there are in all. `courses` are of those who
    improve or slip, `bests` new ones of several people who may be named.
    """

    alone: bool
    scenarios: tuple[OnScenario, ...]
    people: tuple[OfPerson, ...]
    known: int
    lifted: int
    lift: float | None
    courses: tuple[Course, ...]
    bests: tuple[Best, ...]
    below: OnScenario | None = None

    @property
    def improving(self) -> tuple[Course, ...]:
        return tuple(each for each in self.courses if each.by > 0)


async def _figures(facts: Facts) -> ProgressFigures:
    people = await facts.people()
    practice = await facts.sessions(of_people=True, before=True)
    unnamed = await facts.opted_out()
    links = await facts.links(practice.all_rows)
    return await facts.compute(_progress, people, practice, facts.query, unnamed, links)


def _progress(
    asked: InQuestion,
    practice: Practice,
    query: ResolvedQuery,
    unnamed: Collection[str],
    links: Mapping[str, str],
) -> ProgressFigures:
    alone = query.people is not None and len(query.people) == 1
    shown = asked.everyone if alone else (each for each in asked.coached if not each.is_removed)
    people = apart(shown)
    interval = practice.interval
    ordered = history(practice.all_rows, interval.end)
    found = [each for each in practiced(ordered, interval) if each.person in people]
    rows: Sequence[OnScenario | OfPerson]
    if alone:
        on_each = (_on_scenario(each, links.get(each.scenario_id, "")) for each in found)
        rows = scenarios = sorted(on_each, key=lambda row: row.name.casefold())
    else:
        of_each: dict[str, list[Progress]] = {}
        for each in found:
            of_each.setdefault(each.person, []).append(each)
        rows = [
            _of_person(person, of_each[id_]) for id_, person in people.items() if id_ in of_each
        ]
        scenarios = []
    rows = sorted(rows, key=lambda row: (row.lift is None, -in_tenths(row.lift or 0)))
    lifted = [row.lift for row in rows if row.lift is not None]
    below = min(scenarios, key=lambda row: row.last_vs_best or 0, default=None)
    return ProgressFigures(
        alone=alone,
        scenarios=tuple(row for row in rows[: query.limit] if isinstance(row, OnScenario)),
        people=tuple(row for row in rows[: query.limit] if isinstance(row, OfPerson)),
        known=len(rows),
        lifted=len(lifted),
        lift=mean(lifted),
        courses=courses(
            by_person(ordered), people, interval.end, practice.window.zone, practice.since
        ),
        bests=() if alone else bests(practice, asked.coached, unnamed)[:MOST_BESTS],
        below=below if below is not None and below.last_vs_best else None,
    )


def _on_scenario(one: Progress, link: str) -> OnScenario:
    scores = (one.first, one.last, one.best)
    return OnScenario(one.scenario, one.graded, *scores, one.lift, one.last_vs_best, link)


def _of_person(person: Member, found: Sequence[Progress]) -> OfPerson:
    own = lifts(found)
    return OfPerson(
        id=person.id,
        who=person.name,
        scenarios=len(found),
        attempts=sum(each.graded for each in found),
        first=own.first,
        last=own.last,
        lift=own.lift,
        last_vs_best=own.last_vs_best,
    )


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
            Column("First", "average"),
            Column("Last", "average"),
            Column("Lift", "change"),
            Column("Last vs best", "change"),
        ),
        tuple(
            (
                row.who,
                row.scenarios,
                row.attempts,
                row.first,
                row.last,
                row.lift,
                row.last_vs_best,
            )
            for row in found.people
        ),
    )


def _public(found: ProgressFigures) -> ProgressFigures | None:
    """New personal bests, and what all came to."""
    if found.alone:
        return None
    lift = found.lift if found.lifted >= ENOUGH_PEOPLE else None
    return replace(found, people=(), lift=lift, courses=())


REPORT: Report[ProgressFigures] = Report(
    name="progress",
    also=("lift", "improvement", "improved most"),
    forms=("progress [who] [where] [what] [when]",),
    help="Who came how far, and on which scenarios: best score less first score. The last 30 days "
    "unless you say otherwise.",
    example="progress @jane this quarter",
    whose=Whose.COACHED,
    kind=ProgressFigures,
    filters=ALL_BUT_RESULTS,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: not found.known,
    public=_public,
    named=lambda found: {row.id for row in found.people} | {each.person.id for each in found.bests},
)
