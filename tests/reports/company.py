"""A company in a database: people, sessions and assignments to make reports from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.language.query import Kind, Member, Named, Period, ResolvedQuery
from bot.mirror.query import Window
from bot.reports._asked import Asked, Group, Subject, told_apart
from bot.reports.intervals import window_of_period
from bot.storage.database import Database
from bot.storage.tables import assignment, member, scenario, session, team, team_member, to_ms

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)  # a Monday, 9:00 there
MONDAY = datetime(2026, 3, 15, 23, tzinfo=UTC)  # where the week begins there
WEEK = timedelta(weeks=1)
LAST_WEEK = Period("last week", ZONE, MONDAY - WEEK, MONDAY)
THIS_WEEK = Period("this week", ZONE, MONDAY, MONDAY + WEEK)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Company:
    """`stored` is the window of sessions; `people` in it by id, each called by their id."""

    db: Database
    people: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    stored: Window = field(default_factory=lambda: Window(LONG_AGO, NOW))
    ids: Any = field(default_factory=count)

    async def hire(self, *ids: str, name: str = "", role: str = "member") -> None:
        """Add people; a removed one isn't in Exec any more."""
        for id_ in ids:
            one = Member(id_, f"{id_}@acme.com", name or id_.title(), role)
            self.people[id_] = one
            row = {
                "id": id_,
                "email": one.email,
                "name": one.name,
                "role": role,
                "is_listed": not one.is_removed,
                "assignments_at": NOW,
            }
            await self._put(member, row)

    async def group(self, name: str, *ids: str) -> None:
        """Add a group of these people."""
        self.groups[name] = Group(name, name, frozenset(ids))
        await self._put(team, {"id": name, "name": name, "members_at": NOW})
        for id_ in ids:
            await self.db.write(team_member.insert().values(team_id=name, member_id=id_))

    async def session(
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
        """Add a session so many days before the week began; with a score it is valid."""
        id_ = f"s{next(self.ids)}"
        await self._put(scenario, {"id": on.lower(), "name": on, "is_listed": True})
        row = {
            "id": id_,
            "created_at": to_ms(MONDAY - timedelta(days=days_ago)),
            "member_id": who,
            "scenario_id": on.lower(),
            "is_valid": score is not None if valid is None else valid,
            "is_staff": False,
            "score": None if score is None else round(score * 1000),
            "rank": rank,
            "duration_ms": None if seconds is None else round(seconds * 1000),
        }
        await self._put(session, row)
        return id_

    async def assign(
        self,
        who: str,
        on: str = "Cold Call",
        *,
        due: datetime | None = None,
        status: str = "not_started",
        **more: Any,
    ) -> None:
        """Add an assignment."""
        await self._put(scenario, {"id": on.lower(), "name": on, "is_listed": True})
        row = {
            "id": f"a{next(self.ids)}",
            "member_id": who,
            "scenario_id": on.lower(),
            "status": status,
            "due_at": due,
            **more,
        }
        await self._put(assignment, row)

    async def _put(self, table: Any, row: dict[str, Any]) -> None:
        async with self.db.transaction() as connection:
            await self.db.put(connection, table, [row])

    def asked(
        self,
        period: Period | None = LAST_WEEK,
        *,
        people: Iterable[str] | None = None,
        group: str = "",
        coaches: Iterable[str] = (),
        zone: str = ZONE,
        now: datetime = NOW,
        **more: Any,
    ) -> Asked:
        """A question about some people, a group or everybody; `more` are fields of the question,
        or of what is asked."""
        fields = set(ResolvedQuery.__dataclass_fields__)
        filters = {name: more.pop(name) for name in [*more] if name in fields}
        ids = self.groups[group].people if group else people
        chosen = [self.people[id_] for id_ in ids] if ids is not None else [*self.people.values()]
        query = ResolvedQuery(
            None if group or people is None else tuple(chosen),
            names=(
                *((Named(Kind.GROUP, group, group),) if group else ()),
                *filters.pop("names", ()),
            ),
            period=period,
            **filters,
        )
        given: dict[str, Any] = {"tasks_at": NOW, **more}
        return Asked(
            db=self.db,
            query=query,
            periods=window_of_period(period, zone, now),
            stored=self.stored,
            subject=Subject(told_apart(chosen), frozenset(coaches)),
            **given,
        )
