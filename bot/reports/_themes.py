"""Recurring criteria in Exec's feedback on a person's last graded sessions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.exec_api.models import Criterion, SessionDetail
from bot.mirror.query import is_graded, read_sessions
from bot.reports._figures import Filters
from bot.reports._prepared import PreparedQuestion

MOST_READ = 5  # sessions; each costs one request
BAD, GOOD, NO_GRADE = "bad", "good", "not_relevant"


@dataclass(frozen=True, slots=True)
class Theme:
    """A criterion that came up in `times` of the last `of` graded sessions, most recently at `at`
    in this scenario."""

    name: str
    times: int
    of: int
    scenario_id: str
    scenario: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Themes:
    """Criteria that need work and that are good, the most frequent first, in the feedback on `read`
    sessions. The feedback on `unread` more couldn't be read."""

    weak: tuple[Theme, ...] = ()
    strong: tuple[Theme, ...] = ()
    read: int = 0
    unread: int = 0


async def read_themes(q: PreparedQuestion, filters: Filters) -> Themes:
    """The themes of the last graded sessions that match these filters."""
    last, _ = await read_sessions(q.db, [*filters, is_graded], limit=MOST_READ)
    if q.reads is None:
        return Themes(unread=len(last))
    dated = await q.reads.feedbacks.of_several(last, q.reads.job)
    details = [detail for detail, _ in dated]
    unread = len(last) - len(details)
    return Themes(_themes(details, needs_work), _themes(details, _is_good), len(details), unread)


def needs_work(criterion: Criterion) -> bool:
    """Whether Exec grades any item of a criterion as bad."""
    return any(item.grade == BAD for item in criterion.items)


def _is_good(criterion: Criterion) -> bool:
    return {item.grade for item in criterion.items} - {NO_GRADE} == {GOOD}


def _themes(
    details: Collection[SessionDetail], matches: Callable[[Criterion], bool]
) -> tuple[Theme, ...]:
    """The criteria that match, the most frequent first, then the newest."""
    found: dict[str, list[SessionDetail]] = {}
    for one in details:
        names = {each.criterion_name: None for each in one.evaluations if matches(each)}
        for name in filter(None, names):
            found.setdefault(name, []).append(one)
    themes = []
    for name, inside in found.items():
        of = inside[0].scenario
        name_of_scenario = of.name.strip() or of.slug.strip()
        at = inside[0].created_at
        themes.append(Theme(name, len(inside), len(details), of.id, name_of_scenario, at))
    return tuple(sorted(themes, key=lambda each: -each.times))
