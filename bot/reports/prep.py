"""One page before a 1:1: what changed, open assignments, praise, and a question to ask."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.reports._figures import (
    NOTHING,
    Best,
    Gold,
    Tally,
    compared,
    first_golds,
    last_sessions,
    personal_bests,
    scenario_names,
    tally_all,
    tally_scenarios,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ALL_BUT_RESULTS, Change, DefaultPeople, Figures, Need, Report
from bot.reports._tasks import Status, Task, due_soon, read_tasks, with_status
from bot.reports._themes import Theme, Themes, read_themes
from bot.reports.course import Course, courses

ENOUGH_TIMES = 2  # sessions in which a theme comes up
MOST_THEMES = 3
MOST_SCENARIOS = 3  # up, and down


@dataclass(frozen=True, slots=True)
class Moved:
    """The change of a person's average on a scenario."""

    scenario: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class Prep(Figures):
    """A person's period next to the one `before`, None if that isn't known.

    `last` is their last session up to the end of the period, None if none is on record. `course` is
    their change if it is more than chance. `up` and `down` are scenarios. `gold` and `best` are for
    praise.
    """

    sums: Tally = field(default=NOTHING)
    before: Tally | None = None
    last: datetime | None = None
    course: Course | None = None
    up: tuple[Moved, ...] = ()
    down: tuple[Moved, ...] = ()
    knows_tasks: bool = True
    not_passed: tuple[Task, ...] = ()
    overdue: tuple[Task, ...] = ()
    due_soon: tuple[Task, ...] = ()
    themes: Themes = field(default=Themes())
    gold: Gold | None = None
    best: Best | None = None


async def figures(q: PreparedQuestion) -> Prep:
    """The page about the one person in question."""
    (asked_about,) = q.query.people or ()
    people, history = q.subject.people, q.history()
    sums, before = await compared(q, tally_all)
    changes = await _changes(q)
    golds, tasks = await first_golds(q, people), await read_tasks(q)
    bests = await personal_bests(q, people) if q.is_of_all_scenarios else []
    themes = await read_themes(q, history)
    return Prep(
        sums=sums,
        before=before,
        last=(await last_sessions(q.db, history)).get(asked_about.id),
        course=next(iter(await courses(q, people) or ()), None),
        up=tuple(each for each in reversed(changes) if each.change.by > 0)[:MOST_SCENARIOS],
        down=tuple(each for each in changes if each.change.by < 0)[:MOST_SCENARIOS],
        knows_tasks=tasks is not None,
        not_passed=tuple(with_status(tasks, Status.NOT_PASSED)),
        overdue=tuple(with_status(tasks, Status.OVERDUE)),
        due_soon=tuple(due_soon(tasks, q)),
        themes=replace(themes, weak=_often(themes.weak), strong=_often(themes.strong)),
        gold=golds[-1] if golds else None,
        best=next(iter(bests), None),
    )


async def _changes(q: PreparedQuestion) -> list[Moved]:
    """The scenarios whose averages can be compared, the largest fall first."""
    now, before = await compared(q, tally_scenarios)
    names = await scenario_names(q.db, now.keys())
    changes = {id_: tally.change((before or {}).get(id_)) for id_, tally in now.items()}
    found = [Moved(names.get(id_, ""), each) for id_, each in changes.items() if each is not None]
    return sorted(found, key=lambda each: (each.change.by, each.scenario))


def _often(themes: tuple[Theme, ...]) -> tuple[Theme, ...]:
    return tuple(each for each in themes if each.times >= ENOUGH_TIMES)[:MOST_THEMES]


REPORT: Report[Prep] = Report(
    name="prep",
    covers="prep talk next doing recent session score coach before overview me help-me feedback",
    forms=("prep @jane",),
    help="One page before a 1:1: four weeks against the four before, what is overdue, "
    "what recurs in the feedback, one thing to praise and one question to ask.",
    example="prep @jane",
    default_people=DefaultPeople.COACHED,
    period="last 4 weeks",
    needs=frozenset((Need.TASKS,)),
    filters=ALL_BUT_RESULTS,
    figures=figures,
    is_nothing=lambda _: False,
    named=lambda _: (),  # only the person in the question
    coaches_only=True,
    of_one=True,
)
