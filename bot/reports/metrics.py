"""The table of metrics: a row is a metric, and the figures of a message are drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from bot.errors import Pattern
from bot.query.query import Rank
from bot.reports.change import FIRST, Change, as_it_is, change, in_minutes, in_tenths
from bot.reports.sessions import Figures

Value = float | dict[Rank, int] | None
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of a group: how many people are in its roster, and how many of them practised."""

    roster: int
    practised: int
    sessions: Figures


@dataclass(frozen=True, slots=True)
class Metric(Generic[F]):
    """One figure: what it is, how it reads, and how many it runs over.

    `form` says how its value is written. `shown` stands under the label, `told` inside a
    sentence; in both `{value}` is the value, `{n}` a count of `counted` ("4 valid attempts",
    or of `many` where an s is not enough: "12 people") and `{place}` where it was reached.
    `seen` makes a value the number that people read, for its change.
    """

    key: str
    label: str
    form: Literal["average", "score", "ranks", "practice", "people", "count"]
    of: Callable[[F], Value]
    shown: Pattern
    told: Pattern
    n: Callable[[F], int]
    counted: str
    place: Callable[[F], str] = lambda figures: ""
    many: str | None = None
    seen: Callable[[float], float] = as_it_is


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric with its value; `value` is None where there is nothing to measure."""

    metric: Metric[Any]
    value: Value
    n: int
    place: str


@dataclass(frozen=True, slots=True)
class Line:
    """A metric of a group with its value, and the same of the period before.

    `was` is None where no period before is known (then every change is "first" and `was_n` 0)
    or it has nothing to measure. `change` is None where one of the two has nothing to measure,
    and for the rank mix, whose changes are in `by_rank`, one for every rank.
    """

    metric: Metric[GroupFigures]
    value: Value
    n: int
    was: Value
    was_n: int
    change: Change | None
    by_rank: dict[Rank, Change]


def _scored(figures: Figures) -> int:
    return figures.valid if figures.scored is None else figures.scored


METRICS: tuple[Metric[Figures], ...] = (
    Metric(
        key="average",
        label="Average score",
        form="average",
        of=lambda figures: figures.average,
        shown=Pattern("{value}  ({n})"),
        told=Pattern("Average score {value} over {n}"),
        n=_scored,
        counted="valid attempt",
    ),
    Metric(
        key="practice",
        label="Practice time",
        form="practice",
        of=lambda figures: figures.practice_seconds,
        shown=Pattern("{value}"),
        told=Pattern("{value} of practice"),
        n=lambda figures: figures.sessions,
        counted="session",
    ),
    Metric(
        key="best",
        label="Best",
        form="score",
        of=lambda figures: figures.best[0] if figures.best else None,
        shown=Pattern("{value} in {place}"),
        told=Pattern("best {value} in {place}"),
        n=_scored,
        counted="valid attempt",
        place=lambda figures: figures.best[1] if figures.best else "",
    ),
    Metric(
        key="ranks",
        label="Ranks",
        form="ranks",
        of=lambda figures: figures.ranks or None,
        shown=Pattern("{value}"),
        told=Pattern("{value}"),
        n=lambda figures: figures.valid,
        counted="valid attempt",
    ),
)


def _over_group(metric: Metric[Figures], seen: Callable[[float], float]) -> Metric[GroupFigures]:
    return Metric(
        key=metric.key,
        label=metric.label,
        form=metric.form,
        of=lambda group: metric.of(group.sessions),
        shown=metric.shown,
        told=metric.told,
        n=lambda group: metric.n(group.sessions),
        counted=metric.counted,
        seen=seen,
    )


_OF_SESSIONS = {metric.key: metric for metric in METRICS}

DIGEST_METRICS: tuple[Metric[GroupFigures], ...] = (
    Metric(
        key="people",
        label="People who practised",
        form="people",
        of=lambda group: group.practised,
        shown=Pattern("{value} of {n}"),
        told=Pattern("{value} of {n} practised"),
        n=lambda group: group.roster,
        counted="person",
        many="people",
    ),
    Metric(
        key="sessions",
        label="Sessions",
        form="count",
        of=lambda group: group.sessions.sessions,
        shown=Pattern("{value}"),
        told=Pattern("{n}"),
        n=lambda group: group.sessions.sessions,
        counted="session",
    ),
    _over_group(_OF_SESSIONS["practice"], in_minutes),
    _over_group(_OF_SESSIONS["average"], in_tenths),
    _over_group(_OF_SESSIONS["ranks"], as_it_is),
)


def measure(figures: Figures) -> tuple[Measure, ...]:
    """Every metric of the table, in its order, with its value for `figures`."""
    return tuple(
        Measure(metric, metric.of(figures), metric.n(figures), metric.place(figures))
        for metric in METRICS
    )


def compare(now: GroupFigures, before: GroupFigures | None) -> tuple[Line, ...]:
    """Every line of a digest, in the order of its table; `before` is None where none is known."""
    return tuple(_line(metric, now, before) for metric in DIGEST_METRICS)


def _line(metric: Metric[GroupFigures], now: GroupFigures, before: GroupFigures | None) -> Line:
    value, was = metric.of(now), None if before is None else metric.of(before)
    one: Change | None = None
    by_rank: dict[Rank, Change] = {}
    if metric.form == "ranks":
        mix, old = _mix(value), _mix(was)
        by_rank = {
            rank: FIRST if before is None else change(mix[rank], old[rank], metric.seen)
            for rank in Rank
        }
    elif isinstance(value, int | float):
        if before is None:
            one = FIRST
        elif isinstance(was, int | float):
            one = change(value, was, metric.seen)
    was_n = 0 if before is None else metric.n(before)
    return Line(metric, value, metric.n(now), was, was_n, one, by_rank)


def _mix(value: Value) -> dict[Rank, int]:
    """How often each rank occurs; a mix of nothing has none of any."""
    held = value if isinstance(value, dict) else {}
    return {rank: held.get(rank, 0) for rank in Rank}
