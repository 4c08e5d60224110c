"""Compares two people, groups, scenarios or periods: a row for each side, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.language.filters import KEYS, PERIOD
from bot.language.query import Kind
from bot.reports._figures import ENOUGH_TO_COMPARE, add, rounded, tally_people
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ENOUGH_PEOPLE, Column, Figures, Report
from bot.reports.course import Scores, is_close, scores_by_person
from bot.reports.intervals import Interval, length_in_days

COLUMNS = (
    Column("People", "people", "count"),
    Column("Sessions", "sessions", "count"),
    Column("Time", "seconds", "length"),
    Column("Graded", "graded", "count"),
    Column("Average", "average", "score"),
    Column("Gold", "gold", "count"),
)
NO_SCORES = Scores()


@dataclass(frozen=True, slots=True)
class Row:
    """A side. Its period has so many `days`, and is `running` if it isn't over.

    Figures are None if they can't be shown; a `hidden` row has none. `active` people have a
    session, and `graded_people` a grade. `scores` are for the verdict.
    """

    who: str
    days: Decimal
    running: bool
    people: int | None = None
    sessions: int | None = None
    seconds: int | None = None
    graded: int | None = None
    average: Decimal | None = None
    gold: int | None = None
    active: frozenset[str] = frozenset()
    graded_people: int = 0
    scores: Scores = NO_SCORES

    @property
    def hidden(self) -> bool:
        """Whether too few people practiced to show anything."""
        return self.sessions is None


@dataclass(frozen=True, kw_only=True)
class Comparison(Figures):
    """Two sides. `kind` is what is compared: "person", "period", "group", "scenario" …

    `ahead` is the side whose average is higher by more than chance; `is_close` if neither is,
    although there are enough scores. `is_of_results`: the question filters sessions by results, so
    averages can't be compared. `is_disjoint`: no session is on both sides.
    """

    rows: tuple[Row, ...] = ()
    kind: str = ""
    ahead: int | None = None
    is_close: bool = False
    is_of_results: bool = False
    is_disjoint: bool = False
    is_public: bool = False

    @property
    def is_unlike(self) -> bool:
        """Whether the sides are periods of different length."""
        return self.kind == "period" and len({row.days for row in self.rows}) > 1


async def figures(q: PreparedQuestion) -> Comparison:
    """The figures of both sides."""
    if q.sides is None or q.other is None:
        raise ValueError("a comparison has two sides")
    kind = q.sides.kind
    rows = (
        await _row(q, q.sides.first.name),
        await _row(q.other, q.sides.second.name),
    )
    found = Comparison(
        rows=rows,
        kind=kind,
        is_of_results=q.query.is_of_results,
        is_disjoint=_is_disjoint(kind, q.interval, q.other.interval),
    )
    is_stored = q.counted_since == q.other.counted_since and (
        kind != "period" or q.counted_since is None
    )
    one, two = (row.scores for row in rows)
    if found.is_of_results or not is_stored or min(one.n, two.n) < ENOUGH_TO_COMPARE:
        return found
    if rows[0].average == rows[1].average or is_close(one, two):
        return replace(found, is_close=True)
    return replace(found, ahead=0 if one.mean > two.mean else 1)


async def _row(q: PreparedQuestion, name: str) -> Row:
    """A side, called by its name, or by its period in words."""
    people = await tally_people(q.db, q.filters())
    scores = (await scores_by_person(q.db, q.filters())).values()
    sums = add(people.values())
    is_period = q.query.period is not None and q.query.period.words == name
    return Row(
        who=PERIOD.phrase(q.query, q.as_of) if is_period else name,
        days=rounded(length_in_days(q.interval, q.zone)),
        running=q.periods.kind == "so far",
        people=sums.people,
        sessions=sums.sessions,
        seconds=sums.seconds,
        graded=sums.graded,
        average=sums.average,
        gold=sums.gold,
        active=frozenset(people),
        graded_people=sums.graded_people,
        scores=Scores(
            sum(each.n for each in scores),
            sum(each.total for each in scores),
            sum(each.squares for each in scores),
        ),
    )


def _is_disjoint(kind: str, one: Interval, two: Interval) -> bool:
    if kind == "period":
        return one.end <= two.start or two.end <= one.start
    return kind in (Kind.SCENARIO, "person")


def columns(found: Comparison) -> tuple[Column, ...]:
    """The columns that have any value; people are counted on sides of several."""
    is_of_one = found.kind != "group" and all((row.people or 0) < 2 for row in found.rows)
    wanted = COLUMNS[1:] if is_of_one else COLUMNS
    filled = (each for each in wanted if any(getattr(row, each.key) for row in found.rows))
    return (Column(found.kind.capitalize(), "who", "name"), *filled)


def public(found: Comparison) -> Comparison | None:
    """Sides with three people or more; None for two people, and if so few people are on one side
    only that the difference would reveal their figures."""
    one, two = found.rows
    differ = len(one.active ^ two.active)
    is_safe = found.is_disjoint or (found.kind == Kind.GROUP and not 0 < differ < ENOUGH_PEOPLE)
    if found.kind == "person" or not is_safe:
        return None
    rows = (_public_row(one), _public_row(two))
    if all(row.hidden for row in rows):
        return None
    seen = replace(found, rows=rows, is_public=True)
    if None in (rows[0].average, rows[1].average):
        return replace(seen, ahead=None, is_close=False)
    return seen


def _public_row(row: Row) -> Row:
    if len(row.active) < ENOUGH_PEOPLE:
        return Row(row.who, row.days, row.running)
    if row.graded_people < ENOUGH_PEOPLE:
        row = replace(row, average=None, gold=None)
    return replace(row, active=frozenset(), scores=NO_SCORES)


REPORT: Report[Comparison] = Report(
    name="compare",
    covers="compare average score session doing practice improve best most least group time rank "
    "overview",
    forms=("compare [this] vs [that] [who] [where] [what] [when]",),
    help="Two people, groups, scenarios or periods side by side; the last 30 days unless you say "
    "otherwise.",
    example='compare group:"East Coast" vs group:"West Coast" this month',
    sides=True,
    filters=KEYS - {"session", "limit"},
    figures=figures,
    columns=columns,
    is_nothing=lambda found: not any(row.sessions for row in found.rows),
    public=public,
    named=lambda _: (),
)
