"""A company in a database: people, sessions and assignments for reports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from bot.language.query import Kind, Member, Period, ResolvedName, ResolvedQuery
from bot.reports._prepared import Group, PreparedQuestion, Subject, people_by_id
from bot.reports._report import F, Report
from bot.reports.intervals import periods_of
from bot.storage.database import Database
from bot.storage.sessions import Window
from bot.storage.tables import assignment, member, scenario, session, team, team_member, to_ms

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)  # a Monday, 9:00 in Berlin
MONDAY = datetime(2026, 3, 15, 23, tzinfo=UTC)  # when this week began in Berlin
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LAST_WEEK = Period("last week", ZONE, MONDAY - WEEK, MONDAY)
THIS_WEEK = Period("this week", ZONE, MONDAY, MONDAY + WEEK)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def open_company(url: str) -> AsyncIterator[Company]:
    """A company in a SQLite database with the schema."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    async with Database(url) as db:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            yield Company(db, connection)


@dataclass(slots=True)
class Company:
    """`stored` is the window of sessions. A person's id is their name."""

    db: Database
    connection: sa.Connection
    people: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    stored: Window = field(default_factory=lambda: Window(LONG_AGO, NOW))
    scenarios: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    def put(self, table: sa.Table, **row: Any) -> None:
        """Add or replace a row."""
        self.connection.execute(table.insert().prefix_with("OR REPLACE"), row)

    def hire(self, *ids: str, name: str = "", role: str = "member", **more: Any) -> None:
        """Add people; those with the role "removed" have left Exec."""
        for id_ in ids:
            person = Member(id_, f"{id_}@acme.com", name or id_.title(), role)
            self.people[id_] = person
            row = {"name": person.name, "role": role, "is_listed": not person.is_removed, **more}
            self.put(member, id=id_, email=person.email, assignments_at=NOW, **row)

    def group(self, name: str, *ids: str) -> None:
        """Add a group of these people."""
        self.groups[name] = Group(name, name, frozenset(ids))
        self.put(team, id=name, name=name, members_at=NOW)
        for id_ in ids:
            self.put(team_member, team_id=name, member_id=id_)

    def session(
        self,
        who: str,
        days_ago: float,
        score: float | None = None,
        on: str = "Cold Call",
        *,
        rank: str | None = None,
        seconds: float | None = 300,
        valid: bool | None = None,
    ) -> str:
        """Add a session this many days before the week began; with a score it is valid."""
        id_ = f"s{next(self.numbers)}"
        self.put(
            session,
            id=id_,
            created_at=to_ms(MONDAY - days_ago * DAY),
            member_id=who,
            scenario_id=self._scenario(on),
            is_valid=score is not None if valid is None else valid,
            is_staff=False,
            score=None if score is None else round(score * 1000),
            rank=rank,
            duration_ms=None if seconds is None else round(seconds * 1000),
        )
        return id_

    def sessions(self, who: str, scores: dict[float, float], on: str = "Cold Call") -> None:
        """Add graded sessions: scores by how many days ago."""
        for days_ago, score in scores.items():
            self.session(who, days_ago, score, on)

    def assign(
        self, who: str, on: str = "Cold Call", due: datetime | None = None, **more: Any
    ) -> None:
        """Add an assignment, not started unless `status` says otherwise."""
        row = {"status": "not_started", **more}
        id_, scenario_id = f"a{next(self.numbers)}", self._scenario(on)
        self.put(assignment, id=id_, member_id=who, scenario_id=scenario_id, due_at=due, **row)

    def _scenario(self, name: str) -> str:
        id_ = name.lower()
        if id_ not in self.scenarios:
            self.scenarios.add(id_)
            self.put(scenario, id=id_, name=name, is_listed=True)
        return id_

    @contextmanager
    def known(self, since: datetime, until: datetime = NOW) -> Iterator[None]:
        """Store only sessions between these moments."""
        before, self.stored = self.stored, Window(since, until)
        yield
        self.stored = before

    def prepared(
        self,
        period: Period | None = LAST_WEEK,
        *,
        people: Iterable[str] | None = None,
        group: str = "",
        coaches: Iterable[str] = (),
        zone: str = ZONE,
        now: datetime = NOW,
        **more: Any,
    ) -> PreparedQuestion:
        """A question about some people, a group or everybody. `more` has fields of the query or of
        the prepared question."""
        fields = set(ResolvedQuery.__dataclass_fields__)
        filters = {name: more.pop(name) for name in [*more] if name in fields}
        ids = self.groups[group].people if group else people
        chosen = [self.people[id_] for id_ in ids] if ids is not None else [*self.people.values()]
        query = ResolvedQuery(
            None if group or people is None else tuple(chosen),
            names=(
                *((ResolvedName(Kind.GROUP, group, group),) if group else ()),
                *filters.pop("names", ()),
            ),
            period=period,
            **filters,
        )
        given: dict[str, Any] = {"tasks_at": NOW, **more}
        return PreparedQuestion(
            db=self.db,
            query=query,
            periods=periods_of(period, zone, now),
            stored=self.stored,
            subject=Subject(people_by_id(chosen), frozenset(coaches)),
            **given,
        )


def in_channel(report: Report[F], figures: F, *, own: bool = False) -> F:
    """Figures as a channel sees them."""
    seen = report.in_channel(figures, own=own)
    assert seen is not None
    return seen
