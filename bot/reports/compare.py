"""Two people, groups, scenarios or periods side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.language.query import Rank
from bot.language.sides import Sides
from bot.reports.change import as_it_is, difference, in_minutes, in_tenths
from bot.reports.facts import Facts, Practice
from bot.reports.figures import Figures, figures
from bot.reports.gains import Lifts, lifts, practiced
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.intervals import EVER, length_in_days
from bot.reports.metrics import ENOUGH_TO_COMPARE
from bot.reports.report import Amount, Cell, CellForm, Column, Report, Table
from bot.reports.rows import history, onwards, within


@dataclass(frozen=True, slots=True)
class Compared:
    """One side: what it is called, its figures, the lift of its people on the scenarios that they
    practiced, with what stands beside it, and how many days it is long.

    `hidden`: nobody is told the results.
    """

    name: str
    sums: Figures
    lifts: Lifts
    days: float
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class CompareFigures:
    """Two sides. `kind` is what is compared: "person", "period", "group", "scenario" …"""

    kind: str
    one: Compared
    two: Compared

    @property
    def shorter(self) -> Compared | None:
        """The shorter one of two periods."""
        if self.kind != "period" or in_tenths(self.one.days) == in_tenths(self.two.days):
            return None
        return min(self.one, self.two, key=lambda side: side.days)

    @property
    def longer(self) -> Compared:
        return max(self.one, self.two, key=lambda side: side.days)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A row. `seen` makes a value what is read, for the difference. A result of few people is told
    in no channel, and one of few attempts has no difference."""

    label: str
    form: CellForm
    of: Callable[[Compared], float | None]
    seen: Callable[[float], float] = as_it_is
    is_result: bool = True
    is_mean: bool = False


def _rank(rank: Rank) -> _Figure:
    return _Figure(rank.value.capitalize(), "count", lambda side: side.sums.ranks.get(rank, 0))


_FIGURES = (
    _Figure("People", "count", lambda side: side.sums.people, is_result=False),
    _Figure("Sessions", "count", lambda side: side.sums.sessions, is_result=False),
    _Figure("Time", "length", lambda side: side.sums.practice_seconds, in_minutes, is_result=False),
    _Figure("Graded attempts", "count", lambda side: side.sums.attempts, is_result=False),
    _Figure("Average", "average", lambda side: side.sums.average, in_tenths, is_mean=True),
    *map(_rank, Rank),
    _Figure("First", "average", lambda side: side.lifts.first, in_tenths, is_mean=True),
    _Figure("Last", "average", lambda side: side.lifts.last, in_tenths, is_mean=True),
    _Figure("Lift", "change", lambda side: side.lifts.lift, in_tenths, is_mean=True),
)


async def _figures(facts: Facts) -> CompareFigures:
    if facts.sides is None or facts.other is None:
        raise ValueError("a comparison has two sides")
    one = await facts.sessions(history=True)
    two = await facts.other.sessions(history=True)
    found = await facts.compute(_compared, one, two, facts.sides)
    if not facts.query.is_of_results:
        return found
    # By these alone nobody can tell where people began.
    sides = (replace(side, lifts=Lifts()) for side in (found.one, found.two))
    return CompareFigures(found.kind, *sides)


def _compared(one: Practice, two: Practice, named: Sides) -> CompareFigures:
    # Both look back equally far for first attempts.
    since = max(one.since or EVER, two.since or EVER)
    sides = (_side(named.first.name, one, since), _side(named.second.name, two, since))
    return CompareFigures(named.kind, *sides)


def _side(name: str, practice: Practice, since: datetime) -> Compared:
    interval = practice.interval
    ordered = history(practice.all_rows, interval.end)
    came = () if since > interval.start else practiced(onwards(ordered, since), interval)
    return Compared(
        name=name,
        sums=replace(figures(within(ordered, interval)), best=None),
        lifts=lifts(came),
        days=length_in_days(interval, practice.window.zone),
    )


def _table(found: CompareFigures) -> Table:
    return Table(
        (
            Column("Figure", "name"),
            Column(found.one.name, "text"),
            Column(found.two.name, "text"),
            Column("Difference", "text"),
        ),
        tuple(_row(each, found.one, found.two) for each in _FIGURES),
    )


def _row(figure: _Figure, one: Compared, two: Compared) -> tuple[Cell, ...]:
    first, second = (
        None if side.hidden and figure.is_result else figure.of(side) for side in (one, two)
    )
    few = min(one.sums.attempts, two.sums.attempts) < ENOUGH_TO_COMPARE
    apart: Amount | None = None
    if first is not None and second is not None and not (figure.is_mean and few):
        by = difference(figure.seen(first), figure.seen(second))
        form: CellForm = "score" if figure.form == "change" else figure.form
        apart = Amount(by, form, signed=True)
    return (figure.label, _amount(first, figure), _amount(second, figure), apart)


def _amount(value: float | None, figure: _Figure) -> Amount | None:
    return None if value is None else Amount(value, figure.form)


def _public(found: CompareFigures) -> CompareFigures | None:
    """Without the results of so few people that each could compute another one's; of two people
    nothing."""
    if found.kind == "person":
        return None
    return replace(found, one=_shown(found.one), two=_shown(found.two))


def _shown(side: Compared) -> Compared:
    if side.lifts.people < ENOUGH_PEOPLE:
        side = replace(side, lifts=Lifts())
    if side.sums.graded >= ENOUGH_PEOPLE:
        return side
    return replace(side, hidden=True, sums=replace(side.sums, average=None, ranks={}))


REPORT: Report[CompareFigures] = Report(
    name="compare",
    also=("versus", "vs"),
    forms=("compare [this] vs [that] [who] [where] [what] [when]",),
    help="Two people, groups, scenarios or periods side by side; the last 30 days unless you say "
    "otherwise.",
    example='compare group:"East Coast" vs group:"West Coast" this month',
    sides=True,
    kind=CompareFigures,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: not found.one.sums.sessions and not found.two.sums.sessions,
    public=_public,
    named=lambda _found: (),
)
