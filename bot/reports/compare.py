"""Compares two people, groups, scenarios or periods: a row for each side, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from bot.language.filters import period_phrase
from bot.language.query import Kind
from bot.reports._figures import (
    ENOUGH_TO_COMPARE,
    Tally,
    add,
    behind,
    rounded,
    tally_people,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import ENOUGH_PEOPLE, FigureSubject, Hidden, Mark, Shown, shown_beside
from bot.reports._report import USUAL, Column, Figures, Report
from bot.reports.course import is_close
from bot.reports.intervals import Interval, length_in_days

COLUMNS = (
    Column("People", "tally.people", "count"),
    Column("Sessions", "tally.sessions", "count"),
    Column("Time", "tally.seconds", "length"),
    Column("Graded", "tally.graded", "count"),
    Column("Average", "tally.average", "score"),
    Column("Gold", "tally.gold", "count"),
)


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A side. In a channel, `tally` is None if too few people practiced to show it."""

    who: Shown[str]
    tally: Annotated[Tally | None, Mark(behind="tally.people")] = None
    behind: Hidden[FigureSubject | None] = None


@dataclass(frozen=True, kw_only=True)
class CompareFigures(Figures):
    """Two sides. `kind` is what is compared: "person", "period", "group", "scenario" …

    `ahead` is the side whose average is higher by more than chance; `is_close` if neither is,
    although there are enough scores to tell. `is_disjoint`: no session is on both sides.
    `is_unlike`: they are periods of different length.
    """

    rows: Shown[tuple[CompareRow, ...]] = ()
    kind: Shown[str] = ""
    ahead: Shown[int | None] = None
    is_close: Shown[bool] = False
    is_disjoint: Hidden[bool] = False
    is_unlike: Shown[bool] = False


async def figures(q: PreparedQuestion) -> CompareFigures:
    """The figures of both sides."""
    if q.sides is None or q.other is None:
        raise ValueError("a comparison has two sides")
    kind = q.sides.kind
    rows = (
        await _row(q, q.sides.first.name),
        await _row(q.other, q.sides.second.name),
    )
    days = {rounded(length_in_days(side.interval, q.zone)) for side in (q, q.other)}
    computed = CompareFigures(
        rows=rows,
        kind=kind,
        is_disjoint=_is_disjoint(kind, q.interval, q.other.interval),
        is_unlike=kind == "period" and len(days) > 1,
    )
    is_stored = q.counted_since == q.other.counted_since and (
        kind != "period" or q.counted_since is None
    )
    first, second = (row.tally for row in rows if row.tally is not None)
    # Averages of sessions filtered by their results can't be compared.
    if q.is_of_results or not is_stored or min(first.graded, second.graded) < ENOUGH_TO_COMPARE:
        return computed
    if first.average == second.average or is_close(first, second):
        return replace(computed, is_close=True)
    return replace(computed, ahead=0 if first.exact_average > second.exact_average else 1)


async def _row(q: PreparedQuestion, name: str) -> CompareRow:
    """A side, called by its name, or by its period in words."""
    people = await tally_people(q.db, q.filters())
    is_period = q.query.period is not None and q.query.period.words == name
    return CompareRow(
        who=period_phrase(q.query, q.as_of) if is_period else name,
        tally=add(people.values()),
        behind=behind(q.subject.people.keys() | people.keys(), people),
    )


def _is_disjoint(kind: str, first: Interval, second: Interval) -> bool:
    if kind == "period":
        return first.end <= second.start or second.end <= first.start
    return kind in (Kind.SCENARIO, "person")


def columns(computed: CompareFigures) -> tuple[Column, ...]:
    """The columns; people are counted on sides of several."""
    people = [0 if row.tally is None else row.tally.people for row in computed.rows]
    wanted = COLUMNS if computed.kind == "group" or max(people) > 1 else COLUMNS[1:]
    return (Column(computed.kind.capitalize(), "who", "name"), *wanted)


def for_channel(computed: CompareFigures) -> CompareFigures | None:
    """None for people, and if so few are on one side only that the difference would reveal their
    figures. No verdict about a side whose average is hidden."""
    behind = [row.behind for row in computed.rows if row.behind is not None]
    is_safe = computed.is_disjoint or (
        computed.kind == Kind.GROUP and len(shown_beside(None, behind)) == 2
    )
    tallies = [row.tally for row in computed.rows if row.tally is not None]
    if (
        computed.kind == "person"
        or not is_safe
        or not any(tally.people >= ENOUGH_PEOPLE for tally in tallies)
    ):
        return None
    if all(tally.graded_people >= ENOUGH_PEOPLE for tally in tallies):
        return computed
    return replace(computed, ahead=None, is_close=False)


REPORT: Report[CompareFigures] = Report(
    name="compare",
    covers="compare average score session doing practice improve best most least group time rank "
    "overview",
    forms=("compare [this] vs [that] [who] [where] [what] [when]",),
    help="Two people, groups, scenarios or periods side by side; the last 30 days unless you say "
    "otherwise.",
    example='compare group:"East Coast" vs group:"West Coast" this month',
    filters=USUAL | {"versus"},
    figures=figures,
    columns=columns,
    is_nothing=lambda computed: not any(row.tally and row.tally.sessions for row in computed.rows),
    is_posted=True,
    for_channel=for_channel,
    named=lambda _: (),
)
