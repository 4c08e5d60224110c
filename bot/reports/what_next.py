"""What somebody practices next: one scenario, why this one, and the result to beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.exec_api.models import Session
from bot.reports.facts import Facts, Told
from bot.reports.figures import scenario_name
from bot.reports.prep import MOST_READ, Theme, needs_work
from bot.reports.rows import graded
from bot.reports.tasks import tasks_of


@dataclass(frozen=True, slots=True)
class Next:
    """The scenario to practice, by its name: it is overdue, or due, or came up in feedback.

    `due` is the last moment in time for it (UTC), None where Exec gives no date. A `theme` came up
    in the feedback on the last graded sessions, and `last` in one of this scenario. `best` is their
    highest score in it among the sessions that are known, None where there is none. `link` is where
    it is practiced, "" where that is not known.
    """

    scenario: str
    link: str
    best: float | None
    is_overdue: bool = False
    due: datetime | None = None
    theme: Theme | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class WhatNext:
    """What a person practices next; None where nothing is due and no feedback asks for anything.

    They have so many `graded` sessions since `since`, the start of a local day; None where all are
    known. Of these the feedback on the last `read` was read, and that on `unread` more could not
    be. `knows_tasks`: Exec told what is due.
    """

    next: Next | None
    graded: int
    since: datetime | None
    read: int
    unread: int
    knows_tasks: bool


async def what_next(facts: Facts) -> WhatNext:
    """What the one person in question practices next. Their feedback is asked for only where
    nothing is due."""
    (person,) = (await facts.people()).everyone
    practice = await facts.sessions(of_people=True, before=True)
    own = [row for row in practice.all_rows if row.user.id == person.id]
    assigned = await facts.tasks()
    links = await facts.links((*own, *(assigned or ())))
    window, count = practice.window, len(graded(own))
    tasks = tasks_of(assigned or (), {person.id: person}, window.now, window.zone, links)
    if ahead := (*tasks.overdue, *tasks.due):
        task = ahead[0]
        ids = {row.id: row.scenario.id for row in assigned or ()}
        best, is_overdue = _best(own, ids[task.id]), bool(tasks.overdue)
        found = Next(task.scenario, task.link, best, is_overdue, task.due)
        return WhatNext(found, count, practice.since, 0, 0, True)
    told, unread = await facts.feedback(MOST_READ)
    by_feedback = _from_feedback(told, own, links)
    return WhatNext(by_feedback, count, practice.since, len(told), unread, assigned is not None)


def _best(own: Sequence[Session], scenario_id: str) -> float | None:
    scores = [score for score, row in graded(own) if row.scenario.id == scenario_id]
    return max(scores, default=None)


def _from_feedback(
    told: Sequence[Told], own: Sequence[Session], links: Mapping[str, str]
) -> Next | None:
    """The scenario in which the criterion came up last that needs work most often, of several the
    one that came up last."""
    times: Counter[str] = Counter()
    last: dict[str, Session] = {}
    rows = {row.id: row for row in own}
    for each in told:
        row = rows.get(each.feedback.id)
        bad = (one.criterion_name for one in each.feedback.evaluations if needs_work(one))
        for name in dict.fromkeys(bad):
            if name and row is not None:
                times[name] += 1
                last.setdefault(name, row)
    if not times:
        return None
    # Of those that came as often, `most_common` has the first that was counted.
    ((name, count),) = times.most_common(1)
    row = last[name]
    return Next(
        scenario=scenario_name(row),
        link=links.get(row.scenario.id, ""),
        best=_best(own, row.scenario.id),
        theme=Theme(name, count, len(told)),
        last=row.created_at,
    )
