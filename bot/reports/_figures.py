"""Arithmetic shared by reports. Sums are integers, and every figure is rounded once, here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import sqlalchemy as sa

from bot.language.query import Kind, Member, Rank
from bot.mirror.query import has_duration, is_graded
from bot.reports._prepared import MILLISECOND, PreparedQuestion, plain_name
from bot.reports._report import ENOUGH_PEOPLE, Change
from bot.reports.intervals import Interval, length_in_days
from bot.storage.database import Database
from bot.storage.tables import from_ms, scenario, session, to_ms

ENOUGH_TO_COMPARE = 3  # graded sessions: an average of two changes too much by chance
LEAST_ATTEMPTS = 2  # for a lift
ENOUGH_BEFORE = 2  # attempts that a personal best has to beat
MOST_BESTS = 3
MOST_DAYS = 400  # a longer period begins with the first session
TENTH = Decimal("0.1")
RANK_NAMES = ("gold", "silver", "bronze", "unranked")
Filters = Sequence[sa.ColumnElement[bool]]


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


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums over sessions.

    `total` and `best` are thousandths of a point over graded sessions. `milliseconds` is the time
    of all sessions with a duration. Ranks count graded sessions. `people` have a session, and
    `graded_people` a graded one.
    """

    sessions: int = 0
    valid: int = 0
    graded: int = 0
    total: int = 0
    milliseconds: int = 0
    gold: int = 0
    silver: int = 0
    bronze: int = 0
    unranked: int = 0
    people: int = 0
    graded_people: int = 0
    best: int | None = None
    results: bool = True  # False if scores and ranks are hidden because of too few people

    @property
    def incomplete(self) -> int:
        """Sessions that won't get a grade."""
        return self.sessions - self.valid

    @property
    def waiting(self) -> int:
        """Sessions that wait for a grade."""
        return self.valid - self.graded

    @property
    def without_rank(self) -> int:
        """Graded sessions that Exec gave no rank."""
        ranked = self.gold + self.silver + self.bronze + self.unranked
        return self.graded - ranked if self.results else 0

    @property
    def seconds(self) -> int:
        """The time of all sessions in whole seconds, rounded half up."""
        return (self.milliseconds + 500) // 1000

    @property
    def average(self) -> Decimal | None:
        """The mean score, or None without a graded session."""
        return points(self.total, self.graded) if self.graded and self.results else None

    @property
    def best_score(self) -> Decimal | None:
        """The highest score, or None without a graded session."""
        return None if self.best is None else points(self.best)


NOTHING = Tally()


def _sums() -> list[sa.Label[Any]]:
    """The columns of a Tally except those that count people."""
    count, total = sa.func.count, sa.func.sum
    return [
        count().label("sessions"),
        count().filter(session.c.is_valid).label("valid"),
        count().filter(is_graded).label("graded"),
        total(session.c.score).filter(is_graded).label("total"),
        total(session.c.duration_ms).filter(has_duration).label("milliseconds"),
        *(count().filter(is_graded, session.c.rank == each).label(each) for each in RANK_NAMES),
        sa.func.max(session.c.score).filter(is_graded).label("best"),
    ]


def _people() -> list[sa.Label[Any]]:
    """The columns that count people."""
    count, someone = sa.func.count(session.c.member_id.distinct()), session.c.member_id != ""
    return [
        count.filter(someone).label("people"),
        count.filter(someone, is_graded).label("graded_people"),
    ]


def _tally(row: sa.Row[Any]) -> Tally:
    return Tally(
        sessions=row.sessions,
        valid=row.valid,
        graded=row.graded,
        total=int(row.total or 0),
        milliseconds=int(row.milliseconds or 0),
        gold=row.gold,
        silver=row.silver,
        bronze=row.bronze,
        unranked=row.unranked,
        people=row.people,
        graded_people=row.graded_people,
        best=row.best,
    )


async def tally_by(db: Database, filters: Filters, key: sa.ColumnElement[str]) -> dict[str, Tally]:
    """A tally for each value of `key`: a person, a scenario or a part of a period; without ""."""
    # By its label, because PostgreSQL treats two expressions with parameters as different.
    query = sa.select(key.label("key"), *_sums(), *_people()).where(*filters).group_by("key")
    return {row.key: _tally(row) for row in await db.rows(query) if row.key}


async def tally_people(db: Database, filters: Filters) -> dict[str, Tally]:
    """A tally for each person with a session, by id."""
    return await tally_by(db, filters, session.c.member_id)


async def tally_all(db: Database, filters: Filters) -> Tally:
    """The tally of all sessions, including those without a person."""
    row = await db.row(sa.select(*_sums(), *_people()).where(*filters))
    return NOTHING if row is None else _tally(row)


def add(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies of different people."""
    rows = list(tallies)
    names = [each.name for each in fields(Tally) if each.name not in ("best", "results")]
    bests = [row.best for row in rows if row.best is not None]
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return Tally(**sums, best=max(bests, default=None))


async def tally_parts(db: Database, filters: Filters, parts: Sequence[Interval]) -> list[Tally]:
    """A tally for each of these consecutive intervals."""
    if not parts:
        return []
    ends = [(session.c.created_at < to_ms(part.end), str(at)) for at, part in enumerate(parts)]
    inside = (
        session.c.created_at >= to_ms(parts[0].start),
        session.c.created_at < to_ms(parts[-1].end),
    )
    found = await tally_by(db, [*filters, *inside], sa.case(*ends, else_=""))
    return [found.get(str(at), NOTHING) for at in range(len(parts))]


def change(now: Tally, before: Tally | None) -> Change | None:
    """The difference of the rounded averages; None if either has too few graded sessions."""
    if before is None or now.average is None or before.average is None:
        return None
    if min(now.graded, before.graded) < ENOUGH_TO_COMPARE:
        return None
    return Change(now.average - before.average, now.graded, before.graded)


# Metrics: the figures of a message, with the number of people that each needs in a channel.


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a tally.

    Others can see it if at least `people` people with a graded session are behind it; never if
    None, because a maximum is one person's score.
    """

    label: str
    format: Literal["count", "length", "score", "best", "ranks"]
    of: Callable[[Tally], Any]
    people: int | None = ENOUGH_PEOPLE

    def may_show(self, tally: Tally) -> bool:
        """Whether others can see it."""
        return self.people is not None and tally.graded_people >= self.people


SESSIONS = Metric("Sessions", "count", lambda tally: tally.sessions, people=0)
TIME = Metric("Practice time", "length", lambda tally: tally.seconds, people=0)
AVERAGE = Metric("Average score", "score", lambda tally: tally.average)
RANKS = Metric("Ranks", "ranks", lambda tally: tally if tally.graded else None)
BEST = Metric("Best", "best", lambda tally: tally.best_score, people=None)


@dataclass(frozen=True, slots=True)
class Line:
    """A metric with its value over `n` graded sessions, and its value `was` over `n_before` in the
    period before (None if that isn't known or can't be shown)."""

    metric: Metric
    value: Any
    n: int
    was: Any = None
    n_before: int = 0

    @property
    def is_comparable(self) -> bool:
        """Whether both values are known and, for averages, have enough graded sessions."""
        is_enough = min(self.n, self.n_before) >= ENOUGH_TO_COMPARE
        return self.was is not None and (self.metric.format != "score" or is_enough)


def lines(
    metrics: Sequence[Metric], now: Tally, before: Tally | None, *, is_public: bool = False
) -> tuple[Line, ...]:
    """A line for each metric that has a value and can be shown."""
    found = []
    for metric in metrics:
        value = metric.of(now)
        if value is None or (is_public and not metric.may_show(now)):
            continue
        was, n_before = None, 0
        if before is not None and not (is_public and not metric.may_show(before)):
            was, n_before = metric.of(before), before.graded
        found.append(Line(metric, value, now.graded, was, n_before))
    return tuple(found)


def public_tally(tally: Tally) -> Tally:
    """The part of a tally that others can see."""
    hidden = {} if AVERAGE.may_show(tally) else dict.fromkeys(("total", *RANK_NAMES), 0)
    return replace(tally, best=None, results=not hidden, **hidden)


# First and last sessions.


async def last_sessions(db: Database, filters: Filters) -> dict[str, datetime]:
    """The time of each person's last session, by id."""
    last = sa.func.max(session.c.created_at)
    query = sa.select(session.c.member_id, last).where(*filters).group_by(session.c.member_id)
    return {row[0]: from_ms(row[1]) for row in await db.rows(query)}


async def first_sessions(db: Database, filters: Filters) -> dict[str, datetime]:
    """The time of each person's first session on record, by id."""
    first = sa.func.min(session.c.created_at)
    query = sa.select(session.c.member_id, first).where(*filters).group_by(session.c.member_id)
    return {row[0]: from_ms(row[1]) for row in await db.rows(query)}


# Days, weeks and months.


async def known_interval(q: PreparedQuestion) -> Interval | None:
    """The part of the period whose sessions are known, None if there is none. For a long period,
    such as all time, it begins with the first session."""
    start, end = q.interval.start, q.interval.end
    if length_in_days(q.interval, q.zone) > MOST_DAYS:
        start = min((await first_sessions(q.db, q.filters())).values(), default=end)
    if q.ids is None:
        start, end = max(start, q.stored.start), min(end, q.stored.end + MILLISECOND)
    return Interval(start, end) if start < end else None


def part_of(parts: Iterable[tuple[date, Interval, Interval]]) -> sa.ColumnElement[str]:
    """An expression for the first date of the part (a local day, week or month) of a session."""
    ends = ((session.c.created_at < to_ms(inside.end), str(day)) for day, inside, _ in parts)
    return sa.case(*ends, else_="")


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
    c = _attempts_in_order(filters).c
    start, end = to_ms(inside.start), to_ms(inside.end)
    query = (
        sa.select(
            c.member_id,
            c.scenario_id,
            sa.func.count().label("attempts"),
            sa.func.count().filter(c.created_at >= start, c.created_at < end).label("inside"),
            sa.func.max(c.score).filter(c.n == 1).label("first"),
            sa.func.max(c.score).filter(c.back == 1).label("last"),
            sa.func.max(c.score).label("best"),
        )
        .group_by(c.member_id, c.scenario_id)
        .order_by(c.member_id, c.scenario_id)
    )
    found = await db.rows(query)
    names = await scenario_names(db, {each.scenario_id for each in found})
    return [_progress(row, names) for row in found]


def _attempts_in_order(filters: Filters) -> sa.Subquery:
    """The graded sessions of each person on each scenario, numbered from the first and the last."""
    own = (session.c.member_id, session.c.scenario_id)
    upward = (session.c.created_at, session.c.id)
    downward = (session.c.created_at.desc(), session.c.id.desc())
    place = sa.func.row_number()
    return (
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


def _progress(row: sa.Row[Any], names: Mapping[str, str]) -> Progress:
    return Progress(
        member_id=row.member_id,
        scenario_id=row.scenario_id,
        scenario=names.get(row.scenario_id, ""),
        attempts=row.attempts,
        inside=row.inside,
        first=points(row.first),
        last=points(row.last),
        best=points(row.best),
    )


@dataclass(frozen=True, slots=True)
class Lifts:
    """Means over the progress of `people` that has a lift; None without any."""

    first: Decimal | None = None
    last: Decimal | None = None
    lift: Decimal | None = None
    last_vs_best: Decimal | None = None
    people: int = 0


def lifts(found: Iterable[Progress]) -> Lifts:
    """The mean lift, and the means of first and last scores."""
    lifted = [each for each in found if each.attempts >= LEAST_ATTEMPTS]
    return Lifts(
        first=mean([each.first for each in lifted]),
        last=mean([each.last for each in lifted]),
        lift=mean([each.best - each.first for each in lifted]),
        last_vs_best=mean([each.last - each.best for each in lifted]),
        people=len({each.member_id for each in lifted}),
    )


# Personal bests.


@dataclass(frozen=True, slots=True)
class Best:
    """A person's new personal best on a scenario, and their best before the period.

    `who` has the address of a namesake after the name; `name` doesn't.
    """

    member_id: str
    who: str
    scenario: str
    score: Decimal
    before: Decimal
    name: str = ""

    @property
    def gain(self) -> Decimal:
        return self.score - self.before


async def personal_bests(q: PreparedQuestion, people: Mapping[str, Member]) -> list[Best]:
    """The new personal bests in the period: one per person, the largest gain first.

    They consider all attempts on record, regardless of the question's filters.
    """
    rows = [row for row in await q.db.rows(_records(q)) if row.member_id in people]
    names = await scenario_names(q.db, {row.scenario_id for row in rows})
    found = [
        Best(
            member_id=row.member_id,
            who=people[row.member_id].name,
            scenario=names.get(row.scenario_id, ""),
            score=points(row.now),
            before=points(row.before),
            name=plain_name(people[row.member_id]),
        )
        for row in rows
    ]
    found = [each for each in found if each.gain > 0]
    found.sort(key=lambda each: (-each.gain, each.who.casefold(), each.member_id, each.scenario))
    greatest: dict[str, Best] = {}
    for each in found:
        greatest.setdefault(each.member_id, each)
    return list(greatest.values())


def _records(q: PreparedQuestion) -> sa.Select[Any]:
    """The best score of each person on each scenario in the period, if it beats all earlier
    ones."""
    at = session.c.created_at
    start, end = to_ms(q.interval.start), to_ms(q.interval.end)
    # Without conditions on time, so that one index has everything.
    earlier, inside = at.between(to_ms(q.stored.start), start - 1), at.between(start, end - 1)
    top = sa.func.max(session.c.score)
    before, now = top.filter(earlier), top.filter(inside)
    return (
        sa.select(
            session.c.member_id, session.c.scenario_id, now.label("now"), before.label("before")
        )
        .where(*q.at_any_time(), is_graded, session.c.scenario_id != "")
        .group_by(session.c.member_id, session.c.scenario_id)
        .having(sa.func.count().filter(earlier) >= ENOUGH_BEFORE, now > before)
    )


async def named_bests(q: PreparedQuestion) -> list[Best]:
    """The largest new personal bests of people who can be named in a channel; none if the question
    is about certain scenarios, because the bests may be on others."""
    if q.query.excluded_scenarios or any(each.kind is not Kind.GROUP for each in q.query.names):
        return []
    named = {id_: each for id_, each in q.subject.listed.items() if id_ not in q.unnamed}
    return (await personal_bests(q, named))[:MOST_BESTS]


# Names.


async def scenario_names(db: Database, ids: Collection[str]) -> dict[str, str]:
    """The names of scenarios by id; their slugs if they have no name."""
    query = sa.select(scenario.c.id, scenario.c.name, scenario.c.slug)
    rows = await db.rows(query.where(scenario.c.id.in_(ids)))
    return {row.id: row.name.strip() or row.slug.strip() for row in rows}


async def scenario_links(db: Database, ids: Collection[str]) -> dict[str, str]:
    """The links of scenarios by id, without unknown ones."""
    query = sa.select(scenario.c.id, scenario.c.url)
    rows = await db.rows(query.where(scenario.c.id.in_(ids), scenario.c.url != ""))
    return {row.id: row.url for row in rows}


# First golds.


@dataclass(frozen=True, slots=True)
class Gold:
    """A person's first gold on record; `is_first`: they surely had none before that."""

    member_id: str
    who: str
    scenario: str
    score: Decimal
    is_first: bool


async def first_golds(
    q: PreparedQuestion,
    people: Mapping[str, Member],
    filters: Filters,
    *,
    by_scenario: bool = False,
) -> list[Gold]:
    """The first golds on record of these people, if they are in the period, oldest first.

    One per person, or one per person and scenario. `filters` select the sessions.
    """
    own = (session.c.member_id, session.c.scenario_id) if by_scenario else (session.c.member_id,)
    time = (session.c.created_at, session.c.id)
    n = sa.func.row_number().over(partition_by=own, order_by=time).label("n")
    gold = session.c.rank == Rank.GOLD.value
    golds = sa.select(session, n).where(*filters, is_graded, gold).subquery()
    query = sa.select(golds).where(golds.c.n == 1, golds.c.created_at >= to_ms(q.interval.start))
    query = query.order_by(golds.c.created_at, golds.c.id)
    rows = [row for row in await q.db.rows(query) if row.member_id in people]
    names = await scenario_names(q.db, {row.scenario_id for row in rows})
    began = await first_sessions(q.db, q.all_attempts()) if rows else {}
    return [
        Gold(
            member_id=row.member_id,
            who=people[row.member_id].name,
            scenario=names.get(row.scenario_id, ""),
            score=points(row.score),
            # A gold from before the window was read from Exec for this question alone.
            is_first=row.member_id in began and q.began_within(began[row.member_id]),
        )
        for row in rows
    ]
