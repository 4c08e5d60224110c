"""Arithmetic shared by reports. Sums are integers, and every figure is rounded once, here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from bot.exec.models import Session
from bot.exec.sessions import read_sessions
from bot.language.days import Unit
from bot.language.query import By, Member, Rank, Sort
from bot.reports._prepared import PreparedQuestion, plain_name
from bot.reports._public import FigureSubject, Hidden, Mark, Shown
from bot.reports._report import Change, PeriodPart
from bot.reports.intervals import MOMENT, Interval, length_in_days, parts_of
from bot.storage.database import Database
from bot.storage.sessions import filters_of, has_duration, is_graded, thousandths
from bot.storage.tables import from_ms, scenario, session, to_ms

ENOUGH_TO_COMPARE = 3  # graded sessions: an average of two changes too much by chance
LEAST_ATTEMPTS = 2  # for a lift
ENOUGH_BEFORE = 2  # attempts that a personal best has to beat
MOST_BESTS = 3
MOST_DAYS = 400  # a longer period begins with the first session
UNITS: dict[By, Unit] = {By.DAY: "day", By.WEEK: "week", By.MONTH: "month"}
TENTH = Decimal("0.1")
RANK_NAMES = ("gold", "silver", "bronze", "unranked")
SQUARE = sa.cast(session.c.score, sa.BigInteger) * session.c.score
Filters = Sequence[sa.ColumnElement[bool]]
T = TypeVar("T")


# Rounding.


def points(thousandths: int, n: int = 1) -> Decimal:
    """A score, or the mean of n scores, in points with one decimal, rounded half up."""
    return rounded(Decimal(thousandths) / (1000 * n))


def rounded(value: Decimal | float) -> Decimal:
    """A number with one decimal, rounded half up; a zero has no sign."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(TENTH, ROUND_HALF_UP) + 0


def mean(values: Collection[Decimal]) -> Decimal | None:
    """The mean of rounded figures, None without any."""
    return rounded(sum(values, Decimal()) / len(values)) if values else None


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, not rounded; None if `whole` is 0."""
    return Decimal(100 * part) / whole if whole else None


# Tallies.


OfActive = Annotated[T, Mark(behind="people")]
OfGraded = Annotated[T, Mark(behind="graded_people")]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums over sessions.

    `total`, `squares` (of scores) and `best` are thousandths of a point over graded sessions.
    `milliseconds` is the time of all sessions with a duration. Ranks count graded sessions.
    `people` have a session, and `graded_people` a graded one.
    """

    sessions: OfActive[int] = 0
    valid: OfActive[int] = 0
    graded: OfGraded[int] = 0
    total: OfGraded[int] = 0
    squares: OfGraded[int] = 0
    milliseconds: OfActive[int] = 0
    gold: OfGraded[int] = 0
    silver: OfGraded[int] = 0
    bronze: OfGraded[int] = 0
    unranked: OfGraded[int] = 0
    people: Shown[int] = 0
    graded_people: Shown[int] = 0
    best: Hidden[int | None] = None

    @property
    def has_sessions(self) -> bool:
        """Whether sessions and time aren't hidden."""
        return self.sessions is not None

    @property
    def has_scores(self) -> bool:
        """Whether scores and ranks aren't hidden."""
        return self.total is not None

    @property
    def incomplete(self) -> int:
        """Sessions that won't get a grade; 0 if they are hidden."""
        return self.sessions - self.valid if self.has_sessions else 0

    @property
    def waiting(self) -> int:
        """Sessions that wait for a grade; 0 if they are hidden."""
        return self.valid - self.graded if self.has_sessions and self.has_scores else 0

    @property
    def without_rank(self) -> int:
        """Graded sessions that Exec gave no rank."""
        return self.graded - self.gold - self.silver - self.bronze - self.unranked

    @property
    def seconds(self) -> int | None:
        """The time of all sessions as it is shown: in whole minutes, or in seconds under one. None
        if it is hidden."""
        if not self.has_sessions:
            return None
        if self.milliseconds < 59_500:
            return (self.milliseconds + 500) // 1000
        return (self.milliseconds + 30_000) // 60_000 * 60

    @property
    def average(self) -> Decimal | None:
        """The mean score, or None without a graded session."""
        return points(self.total, self.graded) if self.graded else None

    @property
    def best_score(self) -> Decimal | None:
        """The highest score, or None without a graded session."""
        return None if self.best is None else points(self.best)

    @property
    def exact_average(self) -> Fraction:
        """The mean score, not rounded."""
        return Fraction(self.total, 1000 * self.graded)

    @property
    def deviation(self) -> float:
        """The sum of the squared distances of the scores from their mean, in points."""
        return float(self.squares - Fraction(self.total**2, self.graded)) / 1_000_000

    def change(self, before: Tally | None) -> Change | None:
        """The average minus the one before, both rounded; None if either has too few graded
        sessions."""
        if before is None or self.average is None or before.average is None:
            return None
        if min(self.graded, before.graded) < ENOUGH_TO_COMPARE:
            return None
        return Change(self.average - before.average, self.graded, before.graded)


NOTHING = Tally()


def _columns() -> list[sa.ColumnElement[Any]]:
    """The columns of a Tally, in the order of its fields."""
    c, count = session.c, sa.func.count
    people, someone = count(c.member_id.distinct()), c.member_id != ""
    sums = ((c.score, is_graded), (SQUARE, is_graded), (c.duration_ms, has_duration))
    return [
        count(),
        count().filter(c.is_valid),
        count().filter(is_graded),
        *(
            sa.cast(sa.func.coalesce(sa.func.sum(column).filter(inside), 0), sa.BigInteger)
            for column, inside in sums
        ),
        *(count().filter(is_graded, c.rank == rank) for rank in RANK_NAMES),
        people.filter(someone),
        people.filter(someone, is_graded),
        sa.func.max(c.score).filter(is_graded),
    ]


async def tally_by(db: Database, filters: Filters, key: sa.ColumnElement[str]) -> dict[str, Tally]:
    """A tally for each value of `key`: a person, a scenario or a part of a period; without ""."""
    # By its label, because PostgreSQL treats two expressions with parameters as different.
    query = sa.select(key.label("key"), *_columns()).where(*filters).group_by("key")
    return {row[0]: Tally(*row[1:]) for row in await db.rows(query) if row[0]}


async def tally_people(db: Database, filters: Filters) -> dict[str, Tally]:
    """A tally for each person with a session, by id."""
    return await tally_by(db, filters, session.c.member_id)


class ScenarioName(NamedTuple):
    """A scenario; its name is its slug if it has none."""

    id: str
    name: str


async def tally_scenarios(db: Database, filters: Filters) -> dict[ScenarioName, Tally]:
    """A tally for each scenario with a session."""
    id_ = session.c.scenario_id
    query = sa.select(id_, scenario_name(id_), *_columns()).where(*filters, id_ != "").group_by(id_)
    return {ScenarioName(*row[:2]): Tally(*row[2:]) for row in await db.rows(query)}


async def tally_all(db: Database, filters: Filters) -> Tally:
    """The tally of all sessions, including those without a person."""
    row = await db.row(sa.select(*_columns()).where(*filters))
    return NOTHING if row is None else Tally(*row)


async def compared(
    q: PreparedQuestion, tally: Callable[[Database, Filters], Awaitable[T]]
) -> tuple[T, T | None]:
    """The tallies of the period, and of the one before, None if that isn't stored."""
    now, before = await tally(q.db, q.filters()), None
    if q.covers(q.periods.before):
        before = await tally(q.db, q.filters(q.periods.before))
    return now, before


def add(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies of different people."""
    rows = list(tallies)
    names = [field.name for field in fields(Tally) if field.name != "best"]
    bests = [row.best for row in rows if row.best is not None]
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return Tally(**sums, best=max(bests, default=None))


def add_of(people: Container[str], tallies: Mapping[str, Tally]) -> Tally:
    """The sum of some people's tallies."""
    return add(person for id_, person in tallies.items() if id_ in people)


def behind(
    people: Collection[str], now: Mapping[str, Tally], before: Mapping[str, Tally] | None = None
) -> FigureSubject:
    """The people behind figures of these people, from their tallies."""
    return FigureSubject(
        frozenset(people),
        frozenset(id_ for id_ in people if id_ in now),
        frozenset(id_ for id_ in people if id_ in now and now[id_].graded),
        frozenset(id_ for id_ in people if before and id_ in before),
        frozenset(id_ for id_ in people if before and id_ in before and before[id_].graded),
    )


async def last_sessions(db: Database, filters: Filters) -> dict[str, datetime]:
    """The time of each person's last session, by id."""
    last = sa.func.max(session.c.created_at)
    query = sa.select(session.c.member_id, last).where(*filters).group_by(session.c.member_id)
    return {row[0]: from_ms(row[1]) for row in await db.rows(query)}


# Days, weeks and months.


async def known_interval(q: PreparedQuestion) -> Interval | None:
    """The part of the period whose sessions are known, None if there is none. For a long period,
    such as all time, it begins with the first session."""
    start, end = q.interval.start, q.interval.end
    if length_in_days(q.interval, q.zone) > MOST_DAYS:
        first = await q.db.scalar(sa.select(sa.func.min(session.c.created_at)).where(*q.filters()))
        start = end if first is None else from_ms(first)
    if q.ids is None:
        start, end = max(start, q.stored.start), min(end, q.stored.end + MOMENT)
    return Interval(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class PartTally:
    """A day, week or month, and its sessions."""

    part: Shown[PeriodPart]
    tally: Shown[Tally]


async def tally_parts(q: PreparedQuestion, per: By, inside: Interval) -> list[PartTally]:
    """The days, weeks or months of an interval, oldest first."""
    parts = parts_of(inside, UNITS[per], q.zone)
    tallies = await tally_by(q.db, q.filters(inside), part_of(parts))
    return [
        PartTally(
            PeriodPart(first, per, cut=own != whole, running=whole.end > q.now),
            tallies.get(str(first), NOTHING),
        )
        for first, own, whole in parts
    ]


def part_of(parts: Iterable[tuple[date, Interval, Interval]]) -> sa.ColumnElement[str]:
    """An expression for the first date of the part (a local day, week or month) of a session."""
    ends = ((session.c.created_at < to_ms(inside.end), str(day)) for day, inside, _ in parts)
    return sa.case(*ends, else_="")


# Single sessions.


@dataclass(frozen=True, slots=True)
class Attempt:
    """A session. `rank` is Exec's word, "" without one."""

    id: str
    member_id: str
    who: str
    scenario: str
    at: datetime
    score: Decimal | None
    rank: str
    is_valid: bool
    seconds: float | None

    @property
    def result(self) -> str:
        """The rank for a table, with "incomplete" if the session is."""
        rank = self.rank.capitalize()
        if self.is_valid:
            return rank
        return f"{rank} (incomplete)" if rank else "Incomplete"


def attempt(row: Session, who: str = "") -> Attempt:
    """A session for people; `who` is the name if it differs from Exec's."""
    return Attempt(
        id=row.id,
        member_id=row.user.id,
        who=who or row.user.name,
        scenario=row.scenario.name.strip() or row.scenario.slug.strip(),
        at=row.created_at,
        score=None if row.score is None else points(thousandths(row.score)),
        rank=(row.rank or "").strip(),
        is_valid=row.is_valid_attempt,
        seconds=row.duration_seconds,
    )


async def best_attempt(db: Database, filters: Filters) -> Attempt | None:
    """The graded session with the highest score."""
    best = await read_sessions(db, [*filters, is_graded], Sort.BEST, limit=1)
    return attempt(best[0]) if best else None


# Progress on a scenario.


@dataclass(frozen=True, slots=True)
class Progress:
    """A person's graded attempts on a scenario; `inside` counts those in the period."""

    member_id: str
    scenario_id: str
    scenario: str
    attempts: int
    inside: int
    first: Decimal
    last: Decimal
    best: Decimal

    @property
    def lift(self) -> Decimal | None:
        """Best minus first; None with one attempt."""
        return self.best - self.first if self.attempts >= LEAST_ATTEMPTS else None

    @property
    def last_vs_best(self) -> Decimal | None:
        """Last minus best, never above 0; None with one attempt."""
        return self.last - self.best if self.attempts >= LEAST_ATTEMPTS else None


async def progress(db: Database, filters: Filters, inside: Interval) -> list[Progress]:
    """The progress of each person on each scenario with a graded attempt, by person and
    scenario."""
    own, place = (session.c.member_id, session.c.scenario_id), sa.func.row_number()
    upward = (session.c.created_at, session.c.id)
    downward = (session.c.created_at.desc(), session.c.id.desc())
    attempts = (
        sa.select(
            *own,
            session.c.score,
            session.c.created_at,
            place.over(partition_by=own, order_by=upward).label("n"),
            place.over(partition_by=own, order_by=downward).label("back"),
        )
        .where(*filters, is_graded, session.c.member_id != "", session.c.scenario_id != "")
        .subquery()
    )
    c, count, top = attempts.c, sa.func.count(), sa.func.max(attempts.c.score)
    start, end = to_ms(inside.start), to_ms(inside.end)
    query = (
        sa.select(
            *(c.member_id, c.scenario_id, scenario_name(c.scenario_id), count.label("attempts")),
            count.filter(c.created_at >= start, c.created_at < end).label("inside"),
            *(top.filter(c.n == 1).label("first"), top.filter(c.back == 1).label("last")),
            top.label("best"),
        )
        .group_by(c.member_id, c.scenario_id)
        .order_by(c.member_id, c.scenario_id)
    )
    return [
        Progress(
            member_id=row.member_id,
            scenario_id=row.scenario_id,
            scenario=row.scenario,
            attempts=row.attempts,
            inside=row.inside,
            first=points(row.first),
            last=points(row.last),
            best=points(row.best),
        )
        for row in await db.rows(query)
    ]


@dataclass(frozen=True, slots=True)
class Lifts:
    """Means over the progress of `people` that has a lift; None without any."""

    first: OfActive[Decimal | None] = None
    last: OfActive[Decimal | None] = None
    lift: OfActive[Decimal | None] = None
    last_vs_best: OfActive[Decimal | None] = None
    people: Shown[int] = 0


def lifts(progresses: Iterable[Progress]) -> Lifts:
    """The mean lift, and the means of first and last scores."""
    lifted = [own for own in progresses if own.attempts >= LEAST_ATTEMPTS]
    return Lifts(
        first=mean([own.first for own in lifted]),
        last=mean([own.last for own in lifted]),
        lift=mean([own.best - own.first for own in lifted]),
        last_vs_best=mean([own.last - own.best for own in lifted]),
        people=len({own.member_id for own in lifted}),
    )


def grouped(progresses: Iterable[Progress], key: str) -> dict[str, list[Progress]]:
    """Progress by "member_id" or "scenario_id"."""
    groups: dict[str, list[Progress]] = {}
    for own in progresses:
        groups.setdefault(getattr(own, key), []).append(own)
    return groups


# Praise.


@dataclass(frozen=True, slots=True)
class BestAttempt:
    """A person's new personal best on a scenario, and their best before the period.

    `who` has the address of a namesake after the name; `name`, for channels, doesn't.
    """

    member_id: Shown[str]  # for the access log
    who: Annotated[str, Mark(instead="name")]
    name: Shown[str]
    scenario: Shown[str]
    score: Hidden[Decimal]
    before: Hidden[Decimal]
    gain: Shown[Decimal]


async def personal_bests(q: PreparedQuestion, people: Mapping[str, Member]) -> list[BestAttempt]:
    """The new personal bests in the period: one per person, the largest gain first.

    They consider all attempts on record, regardless of the question's filters.
    """
    at = session.c.created_at
    start, end = to_ms(q.interval.start), to_ms(q.interval.end)
    earlier, inside = at.between(to_ms(q.stored.start), start - 1), at.between(start, end - 1)
    top = sa.func.max(session.c.score)
    before, now = top.filter(earlier), top.filter(inside)
    own = (session.c.member_id, session.c.scenario_id)
    query = (
        sa.select(
            *own, scenario_name(session.c.scenario_id), now.label("now"), before.label("before")
        )
        # Without conditions on time, so that one index has everything.
        .where(*filters_of(q.of_people), is_graded, session.c.scenario_id != "")
        .group_by(*own)
        .having(sa.func.count().filter(earlier) >= ENOUGH_BEFORE, now > before)
    )
    bests = [
        BestAttempt(
            member_id=row.member_id,
            who=people[row.member_id].name,
            name=plain_name(people[row.member_id]),
            scenario=row.scenario,
            score=points(row.now),
            before=points(row.before),
            gain=points(row.now) - points(row.before),
        )
        for row in await q.db.rows(query)
        if row.member_id in people
    ]
    # Ties go by name.
    bests.sort(key=lambda best: (-best.gain, best.who.casefold(), best.member_id, best.scenario))
    greatest: dict[str, BestAttempt] = {}
    for best in bests:
        if best.gain > 0:
            greatest.setdefault(best.member_id, best)
    return list(greatest.values())


async def named_bests(q: PreparedQuestion) -> tuple[BestAttempt, ...]:
    """The largest new personal bests of people who can be named in a channel; none if the question
    is about certain scenarios or results, because the bests may be others."""
    if not q.is_of_all_scenarios or q.is_of_results:
        return ()
    named = {id_: person for id_, person in q.subject.listed.items() if id_ not in q.unnamed}
    return tuple(await personal_bests(q, named))[:MOST_BESTS]


@dataclass(frozen=True, slots=True)
class GoldAttempt:
    """A person's first gold on record in a scenario."""

    member_id: str
    who: str
    scenario_id: str
    scenario: str
    at: datetime


async def first_golds(q: PreparedQuestion, people: Mapping[str, Member]) -> list[GoldAttempt]:
    """Each person's first gold in each scenario, if it is in the period, oldest first."""
    own, first = (session.c.member_id, session.c.scenario_id), sa.func.min(session.c.created_at)
    is_gold = (is_graded, session.c.rank == Rank.GOLD.value, session.c.scenario_id != "")
    query = (
        sa.select(*own, first.label("at"), scenario_name(session.c.scenario_id))
        .where(*q.history(), *is_gold)
        .group_by(*own)
        .having(first >= to_ms(q.interval.start))
        .order_by("at", *own)
    )
    rows = [row for row in await q.db.rows(query) if row.member_id in people]
    return [
        GoldAttempt(
            member_id=row.member_id,
            who=people[row.member_id].name,
            scenario_id=row.scenario_id,
            scenario=row.scenario,
            at=from_ms(row.at),
        )
        for row in rows
    ]


# Scenarios.


def scenario_name(scenario_id: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The column `scenario`: a scenario's name, its slug if it has none, "" if it isn't known."""
    name = sa.func.coalesce(sa.func.nullif(sa.func.trim(scenario.c.name), ""), scenario.c.slug)
    named = sa.select(name).where(scenario.c.id == scenario_id).scalar_subquery()
    return sa.func.coalesce(named, "").label("scenario")


async def read_link(db: Database, id_: str) -> str:
    """The page of a scenario, "" if it isn't known."""
    return await db.scalar(sa.select(scenario.c.url).where(scenario.c.id == id_)) or ""
