"""What a person should practice next: one scenario, the reason, and the score to beat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from bot.exec.models import Session
from bot.reports._figures import read_link, tally_all
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import Figures, Need, Report
from bot.reports._tasks import Status, Task, read_tasks
from bot.reports._themes import Theme, last_graded, themes_of
from bot.storage.database import Database
from bot.storage.tables import scenario, session


@dataclass(frozen=True, slots=True)
class NextScenario:
    """A scenario to practice: it is due, a `theme` in it needs work, or it is easy to start with.
    `link` is its page, "" if it isn't known; `best` is the person's highest score in it on record.
    """

    scenario: str
    link: str
    best: Decimal | None = None
    is_overdue: bool = False
    due: date | None = None
    theme: Theme | None = None
    is_easy: bool = False


@dataclass(frozen=True, kw_only=True)
class WhatNextFigures(Figures):
    """The suggestion, if there is one. `graded` is the number of graded sessions on record. The
    feedback on `read` sessions was read."""

    choice: NextScenario | None = None
    graded: int = 0
    read: int = 0
    knows_tasks: bool = True


async def figures(q: PreparedQuestion) -> WhatNextFigures:
    """The suggestion for the one person in question."""
    tasks, themes = await read_tasks(q), themes_of(q)
    graded = (await tally_all(q.db, q.all_attempts())).graded
    choice = None
    if (task := _first_due(tasks)) is not None:
        best = await _best(q, task.scenario_id)
        is_overdue = task.status is Status.OVERDUE
        choice = NextScenario(task.scenario, task.link, best, is_overdue, task.due)
    elif themes.weak:
        theme = themes.weak[0]
        link = await read_link(q.db, theme.scenario_id)
        best = await _best(q, theme.scenario_id)
        choice = NextScenario(theme.scenario, link, best, theme=theme)
    elif not graded:
        choice = await easy_scenario(q.db)
    knows_tasks = tasks is not None
    return WhatNextFigures(choice=choice, graded=graded, read=themes.read, knows_tasks=knows_tasks)


async def needing_feedback(q: PreparedQuestion) -> list[Session]:
    """The sessions with the themes; none if an assignment is due, because that comes first."""
    if _first_due(await read_tasks(q)) is not None:
        return []
    return await last_graded(q.db, q.all_attempts())


def _first_due(tasks: Iterable[Task] | None) -> Task | None:
    """The first assignment that is overdue or has a date."""
    urgent = (Status.OVERDUE, Status.DUE)
    return next((task for task in tasks or () if task.status in urgent), None)


async def _best(q: PreparedQuestion, scenario_id: str) -> Decimal | None:
    inside = session.c.scenario_id == scenario_id
    return (await tally_all(q.db, [*q.all_attempts(), inside])).best_score


async def easy_scenario(db: Database) -> NextScenario | None:
    """The first by name that Exec rates easy and shows the whole workspace."""
    query = sa.select(scenario.c.name, scenario.c.url).where(
        scenario.c.is_listed,
        scenario.c.difficulty == "easy",
        scenario.c.visibility == "workspace",
        scenario.c.url != "",
    )
    row = await db.row(query.order_by(scenario.c.name, scenario.c.id).limit(1))
    return None if row is None else NextScenario(row.name, row.url, is_easy=True)


REPORT: Report[WhatNextFigures] = Report(
    name="what-next",
    covers="next practice scenario best",
    forms=("what next",),
    help="What to practice next, why, and the score to beat.",
    example="what next",
    has_command=False,  # in plain words
    period="",
    needs=frozenset((Need.TASKS,)),
    of_one=True,
    of_sessions=False,
    filters=frozenset(("who",)),
    feedback_on=needing_feedback,
    figures=figures,
    is_nothing=lambda _: False,
    named=lambda _: (),  # only the person in the question
)
