"""The figures of a group that were posted, and what of them reads otherwise by now."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from bot.reports.change import in_tenths
from bot.reports.digest import GroupDigest
from bot.reports.highlights import ENOUGH_PEOPLE

FigureName = Literal["sessions", "people", "average"]
KEYS: tuple[FigureName, ...] = ("sessions", "people", "average")


@dataclass(frozen=True, slots=True)
class PostedFigures:
    """What people read of a group's period: how many practiced, in how many sessions, and their
    average with one decimal; None where there was none, or of too few people to show it."""

    sessions: float
    people: float
    average: float | None


@dataclass(frozen=True, slots=True)
class Recounted:
    """A figure as it is now, and as it was posted."""

    key: FigureName
    now: float
    then: float


@dataclass(frozen=True, slots=True)
class Recount:
    """What changed in the figures of a period since they were posted at `since` (UTC)."""

    since: datetime
    figures: tuple[Recounted, ...]


def posted_figures(report: GroupDigest) -> PostedFigures:
    """The figures of the report's period."""
    return _posted(*(_number(report.line(key).value) for key in KEYS), graded=report.graded)


def posted_before(report: GroupDigest) -> PostedFigures | None:
    """Those of the period before, as they are now; None where nothing is known of it."""
    sessions, people, average = (_number(report.line(key).was) for key in KEYS)
    if people is None:
        return None
    return _posted(sessions, people, average, graded=report.graded_before)


def recount(
    now: PostedFigures | None, then: PostedFigures | None, since: datetime
) -> Recount | None:
    """What changed since it was posted, among what can be compared; None if nothing did."""
    if now is None or then is None:
        return None
    pairs = ((key, getattr(now, key), getattr(then, key)) for key in KEYS)
    changed = tuple(
        Recounted(key, new, old)
        for key, new, old in pairs
        if new is not None and old is not None and new != old
    )
    return Recount(since, changed) if changed else None


def write_figures(figures: PostedFigures) -> str:
    """As JSON, to be kept."""
    return json.dumps(asdict(figures))


def read_figures(text: str | None) -> PostedFigures | None:
    """What was written; None where nothing was, or nothing that can be read."""
    try:
        values = json.loads(text or "{}")
        sessions, people, average = (_number(values.get(key)) for key in KEYS)
        return PostedFigures(sessions or 0, people or 0, average) if values else None
    except (ValueError, AttributeError):
        return None


def _posted(
    sessions: float | None, people: float | None, average: float | None, *, graded: int
) -> PostedFigures:
    if average is not None:
        average = in_tenths(average) if graded >= ENOUGH_PEOPLE else None
    return PostedFigures(sessions or 0, people or 0, average)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None
