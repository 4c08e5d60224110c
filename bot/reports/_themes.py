"""Recurring criteria in Exec's feedback on a person's last graded sessions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.exec.models import Criterion, Session, SessionDetail
from bot.exec.sessions import read_sessions
from bot.reports._figures import Filters
from bot.reports._prepared import PreparedQuestion
from bot.storage.database import Database
from bot.storage.sessions import is_graded

MOST_READ = 5  # sessions; each costs one request
BAD, GOOD, NO_GRADE = "bad", "good", "not_relevant"


@dataclass(frozen=True, slots=True)
class Theme:
    """A criterion that came up in the feedback on so many sessions, most recently in a scenario."""

    name: str
    times: int
    scenario_id: str
    scenario: str


@dataclass(frozen=True, slots=True)
class Themes:
    """Criteria that need work and that are good, the most frequent first, in the feedback on `read`
    sessions. The feedback on `unread` more couldn't be read."""

    weak: tuple[Theme, ...] = ()
    strong: tuple[Theme, ...] = ()
    read: int = 0
    unread: int = 0


async def last_graded(db: Database, filters: Filters) -> list[Session]:
    """The sessions whose feedback has the themes: the last graded ones that match these filters."""
    return await read_sessions(db, [*filters, is_graded], limit=MOST_READ)


def themes_of(q: PreparedQuestion) -> Themes:
    """The themes of the prepared feedback."""
    read = len(q.feedback)
    weak, strong = _themes(q.feedback, _is_weak), _themes(q.feedback, _is_strong)
    return Themes(weak, strong, read, unread=len(q.attempts) - read)


def _is_weak(criterion: Criterion) -> bool:
    """Whether Exec grades any item of a criterion as bad."""
    return any(item.grade == BAD for item in criterion.items)


def _is_strong(criterion: Criterion) -> bool:
    """Whether Exec grades all items of a criterion as good."""
    return {item.grade for item in criterion.items} - {NO_GRADE} == {GOOD}


def _themes(
    details: Collection[SessionDetail], matches: Callable[[Criterion], bool]
) -> tuple[Theme, ...]:
    """The criteria that match, the most frequent first, then the newest."""
    by_criterion: dict[str, list[SessionDetail]] = {}
    for detail in details:
        for name in dict.fromkeys(
            evaluation.criterion_name for evaluation in detail.evaluations if matches(evaluation)
        ):
            by_criterion.setdefault(name, []).append(detail)
    themes = []
    for name, inside in by_criterion.items():
        scenario = inside[0].scenario
        label = scenario.name.strip() or scenario.slug.strip()
        themes.append(Theme(name, len(inside), scenario.id, label))
    return tuple(sorted((x for x in themes if x.name), key=lambda theme: -theme.times))
