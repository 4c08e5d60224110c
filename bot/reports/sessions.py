"""The sessions that match a question, with their totals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.exec.models import Session
from bot.exec.sessions import read_sessions
from bot.language.query import By, Member
from bot.language.text import quoted
from bot.reports._figures import (
    NOTHING,
    Attempt,
    Filters,
    Tally,
    attempt,
    best_attempt,
    tally_all,
)
from bot.reports._prepared import PreparedQuestion, people_by_id
from bot.reports._public import Hidden, Shown
from bot.reports._report import USUAL, WHO, Column, Figures, Report
from bot.storage.database import Database
from bot.storage.tables import member, session

COLUMNS = (
    Column("When", "at"),
    WHO,
    Column("Scenario", "scenario", "name"),
    Column("Score", "score", "score"),
    Column("Rank", "result"),
    Column("Length", "seconds", "duration"),
)


@dataclass(frozen=True, kw_only=True)
class SessionListFigures(Figures):
    """Sessions in the order of the question.

    `matching` sessions match the question, which is limited to `limit` of them (None is no limit).
    `best` has the highest score; None in a channel.
    """

    behind_all = "sums.people"

    rows: Hidden[tuple[Attempt, ...]] = ()
    matching: Shown[int] = 0
    limit: Shown[int | None] = None
    sums: Shown[Tally] = field(default=NOTHING)
    best: Hidden[Attempt | None] = None

    @property
    def total(self) -> int:
        """The number of all rows, at most `limit`."""
        return self.matching if self.limit is None else min(self.matching, self.limit)


async def figures(q: PreparedQuestion) -> SessionListFigures:
    """The rows of a page, and the totals of all."""
    filters, limit = q.filters(), q.query.limit
    rows = q.rows if limit is None else q.rows[: max(0, limit - q.rows.start)]
    sessions = await read_sessions(q.db, filters, q.query.sort, offset=rows.start, limit=len(rows))
    sums = await tally_all(q.db, filters)
    names = await _names(q.db, sessions, filters) if sums.people > 1 else {}
    return SessionListFigures(
        rows=tuple(attempt(read, names.get(read.user.id, "")) for read in sessions),
        offset=rows.start,
        matching=sums.sessions,
        limit=limit,
        sums=sums,
        best=await best_attempt(q.db, filters) if sums.graded else None,
    )


async def _names(db: Database, sessions: Iterable[Session], filters: Filters) -> dict[str, str]:
    """The names of the people in these rows, labeled if the whole list has namesakes."""
    inside = sa.select(session.c.member_id).where(*filters)
    named = member.c.name.in_({read.user.name for read in sessions})
    rows = await db.rows(sa.select(member).where(named, member.c.id.in_(inside)))
    people = people_by_id([Member(row.id, row.email, row.name) for row in rows])
    return {id_: person.name for id_, person in people.items()}


REPORT: Report[SessionListFigures] = Report(
    name="sessions",
    covers="session score practice average often time when who-all doing recent done overview "
    "rank group",
    forms=("sessions [who] [where] [what] [when] [how]",),
    help="Sessions that match, newest first, with their totals.",
    example="sessions me last 7d gold",
    period="",
    figures=figures,
    columns=lambda _: COLUMNS,
    opens=lambda row: f"session session:{quoted(row.id)}",
    is_nothing=lambda computed: not computed.matching,
    filters=USUAL | {"sort"},
    by=(By.AVERAGE, By.TIME),
    is_posted=True,
    named=lambda computed: {row.member_id for row in computed.rows},
)
