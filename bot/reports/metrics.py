"""The table of metrics: a row is a metric, and the figures of a message are drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.errors import Pattern
from bot.query.query import Rank
from bot.reports.sessions import Figures

Value = float | dict[Rank, int] | None


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: what it is, how it reads, and how many it runs over.

    `form` says how its value is written. `shown` stands under the label, `told` inside a
    sentence; in both `{value}` is the value, `{n}` a count of `counted` ("4 valid attempts")
    and `{place}` where it was reached.
    """

    key: str
    label: str
    form: Literal["average", "score", "ranks", "practice"]
    of: Callable[[Figures], Value]
    shown: Pattern
    told: Pattern
    n: Callable[[Figures], int]
    counted: str
    place: Callable[[Figures], str] = lambda figures: ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric with its value; `value` is None where there is nothing to measure."""

    metric: Metric
    value: Value
    n: int
    place: str


def _scored(figures: Figures) -> int:
    return figures.valid if figures.scored is None else figures.scored


METRICS: tuple[Metric, ...] = (
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


def measure(figures: Figures) -> tuple[Measure, ...]:
    """Every metric of the table, in its order, with its value for `figures`."""
    return tuple(
        Measure(metric, metric.of(figures), metric.n(figures), metric.place(figures))
        for metric in METRICS
    )
