"""One page before a 1:1: what changed, open assignments, praise, and a question to ask."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.reports._figures import (
    NOTHING,
    Tally,
    compared,
    tally_all,
    tally_scenarios,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ALL_BUT_RESULTS, Change, Figures, Need, Report
from bot.reports._tasks import Task, due_soon, read_tasks
from bot.reports._themes import Theme, Themes, last_graded, themes_of
from bot.reports.coach import CoachRow, read_rows

ENOUGH_TIMES = 2  # sessions in which a theme comes up
MOST_THEMES = 3
MOST_SCENARIOS = 3  # up, and down


@dataclass(frozen=True, slots=True)
class ScenarioChange:
    """The change of a person's average on a scenario."""

    scenario: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class PrepFigures(Figures):
    """A person's period next to the one `before`, None if that isn't known.

    `row` has the reasons to talk to them. `up` and `down` are scenarios. `due_soon` is None if
    assignments aren't known.
    """

    row: CoachRow
    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    up: tuple[ScenarioChange, ...] = ()
    down: tuple[ScenarioChange, ...] = ()
    due_soon: tuple[Task, ...] | None = None
    themes: Themes = field(default=Themes())


async def figures(q: PreparedQuestion) -> PrepFigures:
    """The page about the one person in question."""
    sums, before = await compared(q, tally_all)
    changes, tasks = await _changes(q), await read_tasks(q)
    (row,) = await read_rows(q, q.subject.people, tasks)
    themes = themes_of(q)
    return PrepFigures(
        # A personal best may be on a scenario that the question isn't about.
        row=row if q.is_of_all_scenarios else replace(row, best=None),
        sums=sums,
        before=before,
        up=tuple(change for change in reversed(changes) if change.change.by > 0)[:MOST_SCENARIOS],
        down=tuple(change for change in changes if change.change.by < 0)[:MOST_SCENARIOS],
        due_soon=due_soon(tasks, q),
        themes=replace(themes, weak=_often(themes.weak), strong=_often(themes.strong)),
    )


async def _changes(q: PreparedQuestion) -> list[ScenarioChange]:
    """The scenarios whose averages can be compared, the largest fall first."""
    now, before = await compared(q, tally_scenarios)
    changes = {
        scenario: tally.change((before or {}).get(scenario)) for scenario, tally in now.items()
    }
    changes_found = [
        ScenarioChange(scenario.name, change)
        for scenario, change in changes.items()
        if change is not None
    ]
    return sorted(changes_found, key=lambda change: (change.change.by, change.scenario))


def _often(themes: tuple[Theme, ...]) -> tuple[Theme, ...]:
    return tuple(theme for theme in themes if theme.times >= ENOUGH_TIMES)[:MOST_THEMES]


REPORT: Report[PrepFigures] = Report(
    name="prep",
    covers="prep talk next doing recent session score coach before overview me help-me feedback",
    forms=("prep @jane",),
    help="One page before a 1:1: four weeks against the four before, what is overdue, "
    "what recurs in the feedback, one thing to praise and one question to ask.",
    example="prep @jane",
    period="last 4 weeks",
    needs=frozenset((Need.TASKS,)),
    feedback_on=lambda q: last_graded(q.db, q.history()),
    filters=ALL_BUT_RESULTS,
    figures=figures,
    is_nothing=lambda _: False,
    named=lambda _: (),  # only the person in the question
    coaches_only=True,
    of_one=True,
)
