"""Two people, groups, scenarios or periods side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from bot.language.query import Rank
from bot.language.sides import Sides
from bot.reports.change import as_it_is, difference, in_minutes, in_tenths
from bot.reports.figures import Figures, figures
from bot.reports.gains import practised
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.intervals import length_in_days
from bot.reports.metrics import ENOUGH_TO_COMPARE
from bot.reports.report import Amount, Cell, Column, Facts, Form, Needs, Report, Table
from bot.reports.rows import history, within


@dataclass(frozen=True, slots=True)
class Compared:
    """One side: what it is called, its figures, the mean lift of its `lifted` people on the
    scenarios that they practised (None without any), and how many days it is long."""

    name: str
    sums: Figures
    lift: float | None
    days: float
    lifted: int = 0
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
    form: Form
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
    _Figure("Lift", "change", lambda side: side.lift, in_tenths, is_mean=True),
)
# How differences of these are written.
_SIGNED: Mapping[Form, Form] = {"average": "score", "change": "score"}


def _figures(facts: Facts) -> CompareFigures:
    if facts.sides is None or facts.other is None:
        raise ValueError("a comparison has two sides")
    return _compared(facts, facts.other, facts.sides)


def _compared(one: Facts, two: Facts, named: Sides) -> CompareFigures:
    return CompareFigures(named.kind, _side(named.first.name, one), _side(named.second.name, two))


def _side(name: str, facts: Facts) -> Compared:
    ordered = history(facts.all_rows, facts.interval.end)
    came = practised(ordered, facts.interval)
    lifts = [(each.person, lift) for each in came if (lift := each.lift) is not None]
    return Compared(
        name=name,
        sums=replace(figures(within(ordered, facts.interval)), best=None),
        lift=fmean(lift for _, lift in lifts) if lifts else None,
        days=length_in_days(facts.interval, facts.window.zone),
        lifted=len({person for person, _ in lifts}),
    )


def _table(found: CompareFigures) -> Table:
    return Table(
        (
            Column("Figure", "name"),
            Column(found.one.name, "text", is_name=True),
            Column(found.two.name, "text", is_name=True),
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
        apart = Amount(by, _SIGNED.get(figure.form, figure.form), signed=True)
    return (figure.label, _amount(first, figure), _amount(second, figure), apart)


def _amount(value: float | None, figure: _Figure) -> Amount | None:
    return None if value is None else Amount(value, figure.form)


def _public(found: CompareFigures) -> CompareFigures | None:
    """Without the results of so few people that each could reckon another one's; of two people
    nothing."""
    if found.kind == "person":
        return None
    return replace(found, one=_shown(found.one), two=_shown(found.two))


def _shown(side: Compared) -> Compared:
    if side.lifted < ENOUGH_PEOPLE:
        side = replace(side, lift=None)
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
    needs=Needs(history=True, sides=True),
    kind=CompareFigures,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: not found.one.sums.sessions and not found.two.sums.sessions,
    public=_public,
    named=lambda _found: (),
)
