"""Compares two people, groups, scenarios or periods: a row for each side, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from bot.language.filters import KEYS, PERIOD
from bot.language.query import Kind
from bot.reports._figures import (
    ENOUGH_TO_COMPARE,
    Lifts,
    add,
    lifts,
    progress,
    rounded,
    tally_people,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ENOUGH_PEOPLE, Column, Figures, Report
from bot.reports.course import Scores, is_luck, scores_by
from bot.reports.intervals import Interval, length_in_days
from bot.storage.tables import session

COLUMNS = (
    Column("People", "people", "count"),
    Column("Sessions", "sessions", "count"),
    Column("Time", "seconds", "length"),
    Column("Graded", "graded", "count"),
    Column("Average", "average", "score"),
    Column("Gold", "gold", "count"),
    Column("First", "first", "score"),
    Column("Last", "last", "score"),
    Column("Lift", "lift", "signed"),
)
NO_SCORES = Scores(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A side. Its period has so many `days`, and is `running` if it isn't over.

    Figures are None if they aren't known or can't be shown; a `hidden` row has none. `active`
    people have a session, `graded_people` a grade, and `lifted_people` a lift. `scores` are for the
    verdict.
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
    first: Decimal | None = None
    last: Decimal | None = None
    lift: Decimal | None = None
    active: frozenset[str] = frozenset()
    graded_people: int = 0
    lifted_people: int = 0
    scores: Scores = NO_SCORES
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison(Figures):
    """Two sides. `kind` is what is compared: "person", "period", "group", "scenario" …

    `ahead` and `behind` are set if the averages differ by more than chance; `is_close` if they
    don't although there are enough scores. `is_of_results`: the question filters sessions by
    results, so averages can't be compared. `is_disjoint`: no session is on both sides.
    """

    rows: tuple[Row, ...] = ()
    kind: str = ""
    ahead: Row | None = None
    behind: Row | None = None
    is_close: bool = False
    is_of_results: bool = False
    is_disjoint: bool = False
    is_public: bool = False

    @property
    def shorter(self) -> Row | None:
        """The shorter of two periods, None if they are equally long."""
        by_length = sorted(self.rows, key=lambda row: row.days)
        is_unlike = self.kind == "period" and by_length[0].days < by_length[-1].days
        return by_length[0] if is_unlike else None

    @property
    def longer(self) -> Row | None:
        return max(self.rows, key=lambda row: row.days) if self.shorter else None


async def figures(q: PreparedQuestion) -> Comparison:
    """The figures of both sides."""
    if q.sides is None or q.other is None:
        raise ValueError("a comparison has two sides")
    rows = (
        await _row(q, q.other, _label(q, q.sides.first.name)),
        await _row(q.other, q, _label(q.other, q.sides.second.name)),
    )
    found = Comparison(
        rows=rows,
        kind=q.sides.kind,
        is_of_results=q.query.is_of_results,
        is_disjoint=_is_disjoint(q.sides.kind, q.interval, q.other.interval),
    )
    return _with_verdict(found) if _can_compare(q, q.other, found) else found


def _label(q: PreparedQuestion, name: str) -> str:
    """The label of a side: its name, or its period in words."""
    is_period = q.query.period is not None and q.query.period.words == name
    return PERIOD.phrase(q.query, q.as_of) if is_period else name


def _is_disjoint(kind: str, one: Interval, two: Interval) -> bool:
    if kind == "period":
        return one.end <= two.start or two.end <= one.start
    return kind in (Kind.SCENARIO, "person")


async def _row(q: PreparedQuestion, other: PreparedQuestion, name: str) -> Row:
    filters = q.filters()
    people = await tally_people(q.db, filters)
    sums, lift = add(people.values()), Lifts()
    # First attempts are comparable only if both sides look back equally far.
    if not q.query.is_of_results and (q.ids is None) == (other.ids is None):
        lift = lifts(x for x in await progress(q.db, q.history(), q.interval) if x.inside)
    return Row(
        who=name,
        days=rounded(length_in_days(q.interval, q.zone)),
        running=q.periods.kind == "so far",
        people=sums.people,
        sessions=sums.sessions,
        seconds=sums.seconds,
        graded=sums.graded,
        average=sums.average,
        gold=sums.gold,
        first=lift.first,
        last=lift.last,
        lift=lift.lift,
        active=frozenset(people),
        graded_people=sums.graded_people,
        lifted_people=lift.people,
        scores=_together(await scores_by(q.db, filters, session.c.member_id)),
    )


def _together(found: Mapping[str, Scores]) -> Scores:
    """The scores of all people together, without sessions that have no person."""
    own = [each for id_, each in found.items() if id_]
    return Scores(sum(x.n for x in own), sum(x.total for x in own), sum(x.squares for x in own))


def _can_compare(q: PreparedQuestion, other: PreparedQuestion, found: Comparison) -> bool:
    """Whether the averages of both sides can be compared."""
    if found.is_of_results or q.counted_since != other.counted_since:
        return False
    if found.kind == "period" and q.counted_since is not None:
        return False
    return all(each.scores.n >= ENOUGH_TO_COMPARE for each in found.rows)


def _with_verdict(found: Comparison) -> Comparison:
    """Set the side that is ahead, if the averages differ by more than chance."""
    one, two = found.rows
    difference = one.scores.mean - two.scores.mean
    variance = Fraction(1, one.scores.n) + Fraction(1, two.scores.n)
    is_same = one.average == two.average
    if is_same or is_luck(difference, variance, (one.scores, two.scores)):
        return replace(found, is_close=True)
    ahead, behind = found.rows if difference > 0 else found.rows[::-1]
    return replace(found, ahead=ahead, behind=behind)


def columns(found: Comparison) -> tuple[Column, ...]:
    """The columns that have any value."""
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
        return replace(seen, ahead=None, behind=None, is_close=False)
    return seen


def _public_row(row: Row) -> Row:
    if len(row.active) < ENOUGH_PEOPLE:
        return Row(row.who, row.days, row.running, hidden=True)
    if row.graded_people < ENOUGH_PEOPLE:
        row = replace(row, average=None, gold=None)
    if row.lifted_people < ENOUGH_PEOPLE:
        row = replace(row, first=None, last=None, lift=None)
    return replace(row, active=frozenset(), scores=NO_SCORES)


REPORT: Report[Comparison] = Report(
    name="compare",
    covers="compare average score session doing practice improve best most least group time rank "
    "overview",
    also=(),
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
