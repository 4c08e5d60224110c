"""Leaderboard. People who can't see the others get only their own place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

import sqlalchemy as sa

from bot.language.query import By
from bot.reports._figures import (
    Lifts,
    Tally,
    grouped,
    known_interval,
    lifts,
    part_of,
    progress,
    tally_people,
)
from bot.reports._prepared import PreparedQuestion, plain_name
from bot.reports._public import Hidden, Mark, Named, Shown
from bot.reports._report import WHO, Column, Figures, Format, Need, Report
from bot.reports.course import is_close
from bot.reports.intervals import parts_of
from bot.storage.sessions import is_graded
from bot.storage.tables import session

ENOUGH_ATTEMPTS = 3  # for a place by average or lift
MOST_A_DAY = 5  # counted sessions, so that many poor ones aren't rewarded
ENOUGH_RANKED = 6  # people: with fewer, a place would reveal how the others did
MOST_IN_CHANNEL = 5
LIFTED = (Column("First", "lift.first", "score"), Column("Last", "lift.last", "score"))

Value = int | Decimal

# Each metric's title, its format, and the value in a tally, None for no place. Sessions and lifts
# need more than a tally.
METRICS: Mapping[By, tuple[str, Format, Callable[[Tally], Value | None]]] = {
    By.SESSIONS: ("Graded attempts", "count", lambda _: None),
    By.AVERAGE: ("Average", "score", lambda tally: tally.average),
    By.BEST: ("Best", "score", lambda tally: tally.best_score),
    By.LIFT: ("Lift", "signed", lambda _: None),
    By.TIME: ("Time", "length", lambda tally: tally.seconds or None),
    By.GOLD: ("Gold", "count", lambda tally: tally.gold or None),
}


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """A person's place, 1 for the first; ties share one.

    `who` has the address of a namesake after the name; `name`, for channels, doesn't. `unnamed`
    people hide their name there. `lift` is set for a place by lift.
    """

    place: Shown[int]
    member_id: Shown[str]  # for the access log
    who: Annotated[str, Mark(instead="name")]
    name: Shown[str]
    value: Shown[Value]
    tally: Named[Tally]
    unnamed: Hidden[bool]
    lift: Named[Lifts | None] = None


@dataclass(frozen=True, kw_only=True)
class LeaderboardFigures(Figures):
    """All `places`; `rows` are those down to `limit`.

    `ranked` people have a place; `fewer` have graded attempts, but too few. `close`: the difference
    between the first two averages could be chance. Without `is_enough` ranked people, an asker
    doesn't see their own place, and a channel sees none.
    """

    by: Shown[By]
    rows: Shown[tuple[LeaderboardRow, ...]] = ()
    places: Hidden[tuple[LeaderboardRow, ...]] = ()
    limit: Shown[int | None] = None
    ranked: Shown[int] = 0
    fewer: Hidden[int] = 0
    close: Shown[bool] = False
    is_enough: Shown[bool] = True


async def figures(q: PreparedQuestion) -> LeaderboardFigures:
    """The places of the people in question."""
    by, limit = q.query.by or By.SESSIONS, q.query.limit
    tallies = await tally_people(q.db, q.filters())
    tallies = {id_: tally for id_, tally in tallies.items() if id_ in q.subject.listed}
    least = ENOUGH_ATTEMPTS if by in (By.AVERAGE, By.LIFT) else 0
    places = await _places(
        q, by, {x: tally for x, tally in tallies.items() if tally.graded >= least}
    )
    computed = LeaderboardFigures(by=by, limit=limit, ranked=len(places), only=q.only)
    if q.only is not None:
        is_enough = len(places) >= ENOUGH_RANKED
        own = tuple(row for row in places if is_enough and row.member_id == q.only.id)
        return replace(computed, rows=own, is_enough=is_enough)
    return replace(
        computed,
        rows=tuple(row for row in places if limit is None or row.place <= limit),
        places=places,
        fewer=sum(0 < tally.graded < least for tally in tallies.values()),
        close=_is_close(by, places),
    )


async def _places(
    q: PreparedQuestion, by: By, tallies: Mapping[str, Tally]
) -> tuple[LeaderboardRow, ...]:
    """The places of these people, sorted by value, then by name."""
    values: dict[str, Value | None] = {id_: METRICS[by][2](tally) for id_, tally in tallies.items()}
    lifts_by_id: dict[str, Lifts] = {}
    if by is By.SESSIONS:
        values.update(await _counted(q))
    if by is By.LIFT:
        progresses = [own for own in await progress(q.db, q.history(), q.interval) if own.inside]
        lifts_by_id = {id_: lifts(own) for id_, own in grouped(progresses, "member_id").items()}
        values = {id_: own.lift for id_, own in lifts_by_id.items()}
    places = [
        LeaderboardRow(
            place=0,
            member_id=id_,
            who=person.name,
            name=plain_name(person),
            value=value,
            tally=tallies[id_],
            unnamed=id_ in q.unnamed,
            lift=lifts_by_id.get(id_),
        )
        for id_, person in q.subject.listed.items()
        if id_ in tallies and (value := values.get(id_)) is not None
    ]
    places.sort(key=lambda row: -row.value)
    return _placed(places)


def _placed(ordered: Sequence[LeaderboardRow]) -> tuple[LeaderboardRow, ...]:
    """Set the places by value; equal values share the first place among them."""
    firsts = {row.value: place for place, row in reversed([*enumerate(ordered, 1)])}
    return tuple(replace(row, place=firsts[row.value]) for row in ordered)


def _is_close(by: By, places: Sequence[LeaderboardRow]) -> bool:
    """Whether the difference between the first two averages could be chance."""
    first = [row.tally for row in places[:2]]
    return by is By.AVERAGE and len(first) == 2 and is_close(*first)


async def _counted(q: PreparedQuestion) -> dict[str, int]:
    """The counted graded sessions of each person, at most five per local day."""
    inside = await known_interval(q)
    if inside is None:
        return {}
    member, day = session.c.member_id, part_of(parts_of(inside, "day", q.zone)).label("day")
    query = sa.select(member, day, sa.func.count().label("n")).where(*q.filters(), is_graded)
    days = query.group_by(member, "day").subquery()
    counted = sa.func.sum(sa.case((days.c.n > MOST_A_DAY, MOST_A_DAY), else_=days.c.n))
    rows = await q.db.rows(sa.select(days.c.member_id, counted).group_by(days.c.member_id))
    return {id_: int(n) for id_, n in rows}


def columns(computed: LeaderboardFigures) -> tuple[Column, ...]:
    """The place, its value, and the number of graded attempts."""
    title, format_, _ = METRICS[computed.by]
    return (
        Column("Place", "place", "count"),
        WHO,
        *(LIFTED if computed.by is By.LIFT else ()),
        Column(title, "value", format_),
        *(
            ()
            if computed.by is By.SESSIONS
            else (Column("Graded attempts", "tally.graded", "count"),)
        ),
    )


def for_channel(computed: LeaderboardFigures) -> LeaderboardFigures:
    """The first five people who can be named, with their places among these.

    Somebody has to be below them, because otherwise a channel would know who is missing.
    """
    named = [row for row in computed.places if not row.unnamed]
    most = min(computed.limit or MOST_IN_CHANNEL, MOST_IN_CHANNEL)
    rows = tuple(row for row in _placed(named) if row.place <= most)
    is_enough = len(named) >= ENOUGH_RANKED and len(named) > len(rows)
    return replace(
        computed,
        rows=rows if is_enough else (),
        close=_is_close(computed.by, named),
        is_enough=is_enough,
    )


REPORT: Report[LeaderboardFigures] = Report(
    name="leaderboard",
    covers="rank best most practice session who-all time average score doing group recent "
    "overview hard per-person share",
    also=("ranking", "rankings"),
    forms=("leaderboard [where] [what] [when] [by sessions, average, best, lift, time or gold]",),
    help="Who is ahead; the last 30 days unless you say otherwise. Reps see their own place.",
    example='leaderboard group:"West Coast" this month by average',
    figures=figures,
    needs=frozenset((Need.UNNAMED,)),
    columns=columns,
    is_nothing=lambda computed: not (computed.rows or computed.fewer or computed.only),
    is_posted=True,
    for_channel=for_channel,
    named=lambda computed: {row.member_id for row in computed.rows},
    by=tuple(METRICS),
    ranks=True,
)
