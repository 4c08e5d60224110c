"""The table of metrics: a row is a metric, and the figures of a message are drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import PlainSerializer, PlainValidator

from bot.errors import Pattern
from bot.language.query import Rank
from bot.reports.change import FIRST, Change, as_it_is, change, in_minutes, in_tenths
from bot.reports.figures import Figures

MetricValue = int | float | dict[Rank, int] | None
F = TypeVar("F")

# An average of two moves by more than any change in skill.
ENOUGH_TO_COMPARE = 3


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of a group: how many people are in its roster, how many of them practiced, and
    how many have a graded attempt."""

    roster: int
    practiced: int
    graded: int
    sessions: Figures


@dataclass(frozen=True, slots=True)
class Metric(Generic[F]):
    """One figure: what it is, how it reads, and how many it runs over.

    `form` says how its value is written. `shown` stands under the label; in it `{value}` is the
    value, `{n}` a count of `counted` ("4 graded attempts", or of `many` where an s is not enough:
    "12 people") and `{place}` where it was reached.
    `seen` makes a value the number that people read, for its change.

    `of_results`: it tells how well people did, not how much. A channel is not told it of one or
    two people, and it is compared only over three or more on either side. That is so unless a row
    says otherwise, so that nobody has to remember it.
    """

    key: str
    label: str
    form: Literal["average", "score", "ranks", "practice", "people", "count"]
    of: Callable[[F], MetricValue]
    shown: Pattern
    n: Callable[[F], int]
    counted: str
    place: Callable[[F], str] = lambda figures: ""
    many: str | None = None
    seen: Callable[[float], float] = as_it_is
    of_results: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric with its value; `value` is None where there is nothing to measure."""

    metric: Metric[Any]
    value: MetricValue
    n: int
    place: str


def _by_key(metric: Any) -> Metric[Any]:
    return metric if isinstance(metric, Metric) else _OF_DIGEST[metric]


@dataclass(frozen=True, slots=True)
class Line:
    """A metric with its value, and the same of the period before.

    `was` is None where no period before is known (then every change is "first" and `was_n` 0)
    or it has nothing to measure. `change` is None where one of the two has nothing or too little
    to measure, and for the rank mix, whose changes are in `by_rank`, one for every rank.
    """

    # Kept by its key.
    metric: Annotated[
        Metric[Any], PlainValidator(_by_key), PlainSerializer(lambda metric: metric.key)
    ]
    value: MetricValue
    n: int
    was: MetricValue
    was_n: int
    change: Change | None
    by_rank: dict[Rank, Change]


METRICS: tuple[Metric[Figures], ...] = (
    Metric(
        key="average",
        label="Average score",
        form="average",
        of=lambda figures: figures.average,
        shown=Pattern("{value} ({n})"),
        n=lambda figures: figures.attempts,
        counted="graded attempt",
        seen=in_tenths,
    ),
    Metric(
        key="practice",
        label="Practice time",
        form="practice",
        of=lambda figures: figures.practice_seconds,
        shown=Pattern("{value}"),
        n=lambda figures: figures.sessions,
        counted="session",
        seen=in_minutes,
        of_results=False,
    ),
    Metric(
        key="best",
        label="Best",
        form="score",
        of=lambda figures: figures.best[0] if figures.best else None,
        shown=Pattern("{value} in {place}"),
        n=lambda figures: figures.attempts,
        counted="graded attempt",
        place=lambda figures: figures.best[1] if figures.best else "",
    ),
    Metric(
        key="ranks",
        label="Ranks",
        form="ranks",
        of=lambda figures: figures.ranks or None,
        shown=Pattern("{value}"),
        n=lambda figures: figures.valid,
        counted="graded attempt",
    ),
)


def over_group(metric: Metric[Figures]) -> Metric[GroupFigures]:
    """The same of all sessions of a group."""
    return Metric(
        key=metric.key,
        label=metric.label,
        form=metric.form,
        of=lambda group: metric.of(group.sessions),
        shown=metric.shown,
        n=lambda group: metric.n(group.sessions),
        counted=metric.counted,
        seen=metric.seen,
        of_results=metric.of_results,
    )


OF_SESSIONS = {metric.key: metric for metric in METRICS}

DIGEST_METRICS: tuple[Metric[GroupFigures], ...] = (
    Metric(
        key="people",
        label="People who practiced",
        form="people",
        of=lambda group: group.practiced,
        shown=Pattern("{value} of {n}"),
        n=lambda group: group.roster,
        counted="person",
        many="people",
        of_results=False,
    ),
    Metric(
        key="sessions",
        label="Sessions",
        form="count",
        of=lambda group: group.sessions.sessions,
        shown=Pattern("{value}"),
        n=lambda group: group.sessions.sessions,
        counted="session",
        of_results=False,
    ),
    over_group(OF_SESSIONS["practice"]),
    over_group(OF_SESSIONS["average"]),
    over_group(OF_SESSIONS["ranks"]),
)


_OF_DIGEST = {metric.key: metric for metric in DIGEST_METRICS}


def measure(figures: Figures) -> tuple[Measure, ...]:
    """Every metric of the table, in its order, with its value for `figures`."""
    return tuple(
        Measure(metric, metric.of(figures), metric.n(figures), metric.place(figures))
        for metric in METRICS
    )


def compare(now: GroupFigures, before: GroupFigures | None) -> tuple[Line, ...]:
    """Every line of a digest, in the order of its table; `before` is None where none is known."""
    return tuple(line(metric, now, before) for metric in DIGEST_METRICS)


def line(metric: Metric[F], now: F, before: F | None) -> Line:
    """One metric against the period before; `before` is None where none is known."""
    value, n = metric.of(now), metric.n(now)
    if before is None:
        first = FIRST if isinstance(value, int | float) else None
        return Line(metric, value, n, None, 0, first, _by_rank(metric, lambda rank: FIRST))
    was, was_n = metric.of(before), metric.n(before)
    mix, old = _mix(value), _mix(was)
    by_rank = _by_rank(metric, lambda rank: change(mix[rank], old[rank], metric.seen))
    return Line(metric, value, n, was, was_n, _changed(metric, value, n, was, was_n), by_rank)


def _changed(
    metric: Metric[F], value: MetricValue, n: int, was: MetricValue, was_n: int
) -> Change | None:
    if not isinstance(value, int | float) or not isinstance(was, int | float):
        return None
    if metric.of_results and min(n, was_n) < ENOUGH_TO_COMPARE:
        return None
    return change(value, was, metric.seen)


def _by_rank(metric: Metric[F], of: Callable[[Rank], Change]) -> dict[Rank, Change]:
    return {rank: of(rank) for rank in Rank} if metric.form == "ranks" else {}


def _mix(value: MetricValue) -> dict[Rank, int]:
    """How often each rank occurs; a mix of nothing has none of any."""
    counts = value if isinstance(value, dict) else {}
    return {rank: counts.get(rank, 0) for rank in Rank}
