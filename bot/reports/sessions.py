"""The sessions that match a question, with their totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from bot.exec_api.models import Session
from bot.language.query import By, Member
from bot.language.text import quoted
from bot.mirror.query import is_graded, read_sessions
from bot.reports._figures import (
    AVERAGE,
    BEST,
    NOTHING,
    RANKS,
    TIME,
    Filters,
    Line,
    Tally,
    lines,
    points,
    public_tally,
    tally_all,
)
from bot.reports._prepared import PreparedQuestion, people_by_id
from bot.reports._report import ENOUGH_PEOPLE, WHO, Column, Figures, Report
from bot.storage.database import Database
from bot.storage.tables import from_ms, member, scenario, session

METRICS = (AVERAGE, TIME, BEST, RANKS)
COLUMNS = (
    Column("When", "at", "moment"),
    WHO,
    Column("Scenario", "scenario", "name"),
    Column("Score", "score", "score"),
    Column("Rank", "rank"),
    Column("Length", "seconds", "duration"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One session."""

    id: str
    member_id: str
    at: datetime
    who: str
    scenario: str
    score: Decimal | None
    rank: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class BestSession:
    """The session with the highest score."""

    score: Decimal
    scenario: str
    member_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionList(Figures):
    """Sessions in the order of the question.

    `matching` sessions match the question, which is limited to `limit` of them (None is no limit).
    `best` is None in a channel.
    """

    rows: tuple[Row, ...] = ()
    matching: int = 0
    limit: int | None = None
    sums: Tally = field(default=NOTHING)
    lines: tuple[Line, ...] = ()
    best: BestSession | None = None
    is_public: bool = False

    @property
    def total(self) -> int:
        """The number of all rows, at most `limit`."""
        return self.matching if self.limit is None else min(self.matching, self.limit)


async def figures(q: PreparedQuestion) -> SessionList:
    """The rows of a page, and the totals of all."""
    filters, slice_, limit = q.filters(), q.slice, q.query.limit
    keep = slice_.keep
    if limit is not None:
        keep = max(0, min(keep, limit - slice_.offset))
    found, cursor = await read_sessions(
        q.db,
        filters,
        q.query.sort,
        after=slice_.cursor,
        offset=0 if slice_.cursor is not None else slice_.offset,
        limit=keep,
    )
    sums = await tally_all(q.db, filters)
    names = await _names(q.db, found, filters) if sums.people > 1 else {}
    return SessionList(
        rows=tuple(_row(each, names) for each in found),
        offset=slice_.offset,
        matching=sums.sessions,
        limit=limit,
        sums=sums,
        lines=lines(METRICS, sums, None),
        best=await _best(q.db, filters),
        cursor=cursor,
    )


def _row(one: Session, names: Mapping[str, str]) -> Row:
    return Row(
        id=one.id,
        member_id=one.user.id,
        at=one.created_at,
        who=names.get(one.user.id, one.user.name),
        scenario=one.scenario.name.strip() or one.scenario.slug.strip(),
        score=None if one.score is None else points(round(one.score * 1000)),
        rank=_rank(one),
        seconds=one.duration_seconds,
    )


async def _names(db: Database, found: Iterable[Session], filters: Filters) -> dict[str, str]:
    """The names of the people in these rows, labeled if the whole list has namesakes."""
    inside = sa.select(session.c.member_id).where(*filters)
    named = member.c.name.in_({each.user.name for each in found})
    rows = await db.rows(sa.select(member).where(named, member.c.id.in_(inside)))
    people = people_by_id([Member(row.id, row.email, row.name) for row in rows])
    return {id_: person.name for id_, person in people.items()}


def _rank(one: Session) -> str | None:
    """The rank of a session, with "incomplete" if it is."""
    rank = (one.rank or "").strip().capitalize()
    if one.is_valid_attempt:
        return rank or None
    return f"{rank} (incomplete)" if rank else "Incomplete"


async def _best(db: Database, filters: Filters) -> BestSession | None:
    """The graded session with the highest score; of several, the newest."""
    order = (session.c.score.desc(), session.c.created_at.desc(), session.c.id)
    named = sa.select(session, scenario.c.name, scenario.c.slug).outerjoin(
        scenario, scenario.c.id == session.c.scenario_id
    )
    row = await db.row(named.where(*filters, is_graded).order_by(*order).limit(1))
    if row is None:
        return None
    name = (row.name or "").strip() or (row.slug or "").strip()
    return BestSession(points(row.score), name, row.member_id, from_ms(row.created_at))


def public(found: SessionList) -> SessionList | None:
    """Counts, and averages of three people or more; no rows, and no best session."""
    if found.sums.people < ENOUGH_PEOPLE:
        return None
    return replace(
        found,
        rows=(),
        lines=lines(METRICS, found.sums, None, is_public=True),
        sums=public_tally(found.sums),
        best=None,
        is_public=True,
    )


def opens(row: Row) -> str:
    """The command that opens a session."""
    return f"session session:{quoted(row.id)}"


REPORT: Report[SessionList] = Report(
    name="sessions",
    covers="session score practice average often time when who-all doing recent done overview "
    "rank group",
    forms=("sessions [who] [where] [what] [when] [how]",),
    help="Sessions that match, newest first, with their totals.",
    example="sessions me last 7d gold",
    period="",
    figures=figures,
    columns=lambda _: COLUMNS,
    opens=opens,
    is_nothing=lambda found: not found.matching,
    limits=True,
    by=(By.AVERAGE, By.TIME),
    public=public,
    named=lambda found: {row.member_id for row in found.rows},
)
