"""Who is ahead in a period, by sessions, score, lift, time or gold ranks.

Whoever may not see the others is told their own place and no more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.exec_api.models import Session
from bot.language.query import By, Member, Rank
from bot.reports.change import as_it_is, in_minutes, in_tenths
from bot.reports.course import is_luck
from bot.reports.facts import Facts, InQuestion, Practice, SelfOnly
from bot.reports.figures import figures, known
from bot.reports.gains import Lifts, Progress, lifts, practiced
from bot.reports.report import WHO, CellForm, Column, Report, Table, Whose
from bot.reports.rows import (
    MOST_A_DAY,
    attempts_counted,
    by_id,
    by_person,
    disambiguated_names,
    graded,
    history,
)

# One lucky attempt makes no average, and no lift.
ENOUGH_ATTEMPTS = 3
# Of fewer people, a place would tell how the others did.
ENOUGH_PLACES = 5
MOST_IN_CHANNEL = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place, 1 for the first; ties share one. `value` is in the unit of its metric.

    `graded` are their graded attempts; by lift, `lifts` has what stands beside it. `who`
    is their `name`, told apart from namesakes' by an address. `unnamed`: they don't want to be
    named in a channel.
    """

    place: int
    id: str
    who: str
    name: str
    value: float
    graded: int
    unnamed: bool = False
    lifts: Lifts | None = None


@dataclass(frozen=True, slots=True)
class LeaderboardFigures:
    """All places by something; `ranked` people have one. The first ones are `shown`, down to
    `limit`.

    `fewer` have graded attempts, but not enough. `only` is the person who sees nobody but
    themselves; then `rows` has their place at most. `enough` says whether so many people are
    ranked that this may be told. `close`: chance alone may have put the first average before the
    second.
    """

    by: By
    rows: tuple[Place, ...]
    ranked: int
    fewer: int
    only: SelfOnly | None = None
    enough: bool = True
    limit: int | None = None
    close: bool = False

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(row for row in self.rows if self.limit is None or row.place <= self.limit)

    # What the template says of the rules.
    @property
    def least(self) -> int:
        return ENOUGH_PLACES

    @property
    def least_attempts(self) -> int:
        return ENOUGH_ATTEMPTS

    @property
    def most_a_day(self) -> int:
        return MOST_A_DAY

    @property
    def most_in_channel(self) -> int:
        return MOST_IN_CHANNEL


@dataclass(frozen=True, slots=True)
class _Attempts:
    """What somebody did in the period, oldest first, and how far they came on each scenario."""

    rows: Sequence[Session]
    progress: Sequence[Progress]
    zone: str

    @property
    def scores(self) -> list[float]:
        return [score for score, _ in graded(self.rows)]


@dataclass(frozen=True, slots=True)
class RankingMetric:
    """What a place goes by: `of` gives None for who has none. `seen` makes a value what is read:
    who reads the same has the same place."""

    label: str
    form: CellForm
    of: Callable[[_Attempts], float | None]
    seen: Callable[[float], float]
    needs_attempts: bool = False
    needs_progress: bool = False


def _sessions(own: _Attempts) -> float | None:
    return attempts_counted(own.rows, own.zone) or None


def _lift(own: _Attempts) -> float | None:
    return lifts(own.progress).lift


def _time(own: _Attempts) -> float | None:
    lengths = (known(row.duration_seconds) or 0 for row in own.rows)
    return math.fsum(length for length in lengths if length > 0) or None


def _gold(own: _Attempts) -> float | None:
    return sum(row.rank == Rank.GOLD for row in own.rows if row.is_valid_attempt) or None


METRICS: Mapping[By, RankingMetric] = {
    By.SESSIONS: RankingMetric("Counted", "count", _sessions, as_it_is),
    By.AVERAGE: RankingMetric(
        "Average", "average", lambda own: figures(own.rows).average, in_tenths, needs_attempts=True
    ),
    By.BEST: RankingMetric("Best", "score", lambda own: max(own.scores, default=None), in_tenths),
    By.LIFT: RankingMetric(
        "Lift", "change", _lift, in_tenths, needs_attempts=True, needs_progress=True
    ),
    By.TIME: RankingMetric("Time", "length", _time, in_minutes),
    By.GOLD: RankingMetric("Gold", "count", _gold, as_it_is),
}


async def _figures(facts: Facts) -> LeaderboardFigures:
    by = facts.query.by or By.SESSIONS
    people = await facts.people()
    practice = await facts.sessions(of_people=True, history=METRICS[by].needs_progress)
    unnamed = await facts.opted_out()
    return await facts.compute(
        _leaderboard, people, practice, by, facts.query.limit, facts.only, unnamed
    )


def _leaderboard(
    asked: InQuestion,
    practice: Practice,
    by: By,
    limit: int | None,
    only: SelfOnly | None,
    unnamed: Collection[str],
) -> LeaderboardFigures:
    ranked = asked.coached if only is None else asked.everyone
    people = by_id(person for person in ranked if not person.is_removed)
    places, fewer = _ranked(practice, METRICS[by], people, unnamed)
    if only is not None:
        enough = len(places) >= ENOUGH_PLACES
        own = tuple(row for row in places if row.id == only.id)
        return LeaderboardFigures(by, own if enough else (), len(places), 0, only, enough)
    close = by is By.AVERAGE and _is_close(practice, places[:2])
    return LeaderboardFigures(by, tuple(places), len(places), fewer, limit=limit, close=close)


def _is_close(practice: Practice, places: Sequence[Place]) -> bool:
    """Whether the averages of the first two are not two standard errors apart."""
    if len(places) < 2:
        return False
    first, second = places
    rows_of = by_person(practice.rows)
    cells = [[score for score, _ in graded(rows_of[each.id])] for each in places]
    variance = math.fsum(1 / each.graded for each in places)
    return is_luck(first.value - second.value, variance, cells)


def _ranked(
    practice: Practice,
    metric: RankingMetric,
    people: Mapping[str, Member],
    unnamed: Collection[str],
) -> tuple[list[Place], int]:
    """Everyone's place, and how many have too few graded attempts for one."""
    end, zone = practice.interval.end, practice.window.zone
    came: dict[str, list[Progress]] = {}
    if metric.needs_progress:
        for each in practiced(history(practice.all_rows, end), practice.interval):
            came.setdefault(each.person, []).append(each)
    values: dict[str, tuple[float, int]] = {}
    fewer = 0
    for id_, rows in by_person(history(practice.rows, end)).items():
        if id_ not in people:
            continue
        own = _Attempts(rows, came.get(id_, ()), zone)
        count = len(own.scores)
        if metric.needs_attempts and count < ENOUGH_ATTEMPTS:
            fewer += count > 0
        elif (value := metric.of(own)) is not None:
            values[id_] = (value, count)
    seen = {id_: metric.seen(value) for id_, (value, _) in values.items()}
    called = disambiguated_names(people.values())
    # The people are in the order of their names, which stays among equals.
    order = sorted((id_ for id_ in people if id_ in values), key=lambda id_: -seen[id_])
    first_of = {each: place for place, each in reversed([*enumerate(map(seen.get, order), 1)])}
    places = [
        Place(
            place=first_of[seen[id_]],
            id=id_,
            who=called[id_],
            name=people[id_].name,
            value=values[id_][0],
            graded=values[id_][1],
            unnamed=id_ in unnamed,
            lifts=lifts(came.get(id_, ())) if metric.needs_progress else None,
        )
        for id_ in order
    ]
    return places, fewer


def _table(found: LeaderboardFigures) -> Table:
    metric = METRICS[found.by]
    beside = (
        (Column("First", "average"), Column("Last", "average")) if metric.needs_progress else ()
    )
    return Table(
        (
            Column("Place", "count"),
            WHO,
            *(beside if metric.needs_progress else ()),
            Column(metric.label, metric.form),
            Column("Graded attempts", "count"),
        ),
        tuple(
            (
                row.place,
                row.who,
                *((row.lifts.first, row.lifts.last) if row.lifts else ()),
                row.value,
                row.graded,
            )
            for row in found.shown
        ),
    )


def _public(found: LeaderboardFigures) -> LeaderboardFigures | None:
    """The first five of those who may be named, with places among these, and nobody below; nobody's
    address. Without anybody below, whoever is missing would be known."""
    if found.only is not None:
        return None
    named = [row for row in found.rows if not row.unnamed]
    firsts = {row.place: place for place, row in reversed([*enumerate(named, 1)])}
    limit = min(found.limit or MOST_IN_CHANNEL, MOST_IN_CHANNEL)
    rows = tuple(
        replace(row, who=row.name, place=firsts[row.place])
        for row in named
        if firsts[row.place] <= limit
    )
    enough = len(named) > max(MOST_IN_CHANNEL, len(rows))
    # Of those who stand first here nobody computed it.
    close = found.close and not any(row.unnamed for row in found.rows[:2])
    return replace(found, rows=rows if enough else (), fewer=0, enough=enough, close=close)


REPORT: Report[LeaderboardFigures] = Report(
    name="leaderboard",
    also=("top performers", "ranking", "best reps"),
    forms=("leaderboard [where] [what] [when] [by sessions, average, best, lift, time or gold]",),
    help="Who is ahead in the last 30 days, or whenever you say. Reps see their own place.",
    example='leaderboard group:"West Coast" this month by average',
    whose=Whose.COACHED,
    kind=LeaderboardFigures,
    figures=_figures,
    limits=True,
    table=_table,
    found_nothing=lambda found: not (found.rows or found.fewer or found.only),
    public=_public,
    named=lambda found: {row.id for row in found.shown},
    by=tuple(METRICS),
    ranks=True,
)
