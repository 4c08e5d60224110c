"""Reads Exec's lists into tables: members, groups and their members, scenarios with their skills
and collections, and assignments."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Broken, ExecError, NotRead, Rejected
from bot.exec.budget import Purpose
from bot.exec.client import MOST_IDS, PAGE_SIZE, ExecClient, Filters
from bot.exec.models import Assignment, ListedScenario, NamedItem, Skill, WorkspaceMember
from bot.language.query import Kind
from bot.language.text import kept_address
from bot.storage.database import Database, Row
from bot.storage.leases import Leases
from bot.storage.sessions import Window, read_window, store_window
from bot.storage.tables import (
    assignment,
    bundle,
    coaching,
    member,
    scenario,
    scenario_of,
    slack_user,
    subscription,
    team,
    team_member,
    window,
)

MEMBERS, GROUPS, SCENARIOS, BUNDLES = "members", "groups", "scenarios", "bundles"
PROGRAMS = "programs"  # known from assignments
LISTS = "lists"  # the lease
# Lists with up to so many rows are read four times a day, longer ones daily.
LONG = 20 * PAGE_SIZE
AGE, AGE_LONG = timedelta(hours=6), timedelta(hours=24)
# Members of groups are read again before they expire, after which a coach would see nobody.
TEAM_AGE, TEAM_MAX_AGE = timedelta(hours=24), timedelta(hours=26)
IN_USE = timedelta(days=14)
TEAM_PAGES = 4  # that a question waits for
ASSIGNMENTS_AGE, ASSIGNMENTS_AGE_OF_ONE = timedelta(hours=24), timedelta(hours=1)
MEMBERS_AGAIN = timedelta(hours=1)
ENSURE_TRIES, ENSURE_AGAIN = 10, 0.5  # tries, and seconds between them


@dataclass(frozen=True, slots=True)
class Lists:
    """Keeps the lists up to date. All methods raise ExecError and StorageError.

    `once_read` has the names of lists that are known to be stored.
    """

    database: Database
    client: ExecClient
    leases: Leases
    clock: Callable[[], datetime]
    once_read: set[str] = field(default_factory=set)

    # Jobs

    async def sync(self) -> None:
        """Read the lists that are due, members first, then the members of groups in use.

        A list that Exec refuses, or that can't be read, doesn't hold up the others.
        """
        failed: ExecError | None = None
        async with self.leases.turn(LISTS) as is_mine:
            if not is_mine:
                return
            for name in (MEMBERS, GROUPS, SCENARIOS, BUNDLES):
                try:
                    if await self._is_due(name):
                        await self._read_list(name, Purpose.LISTS)
                except (Rejected, Broken) as error:
                    failed = error
            for team_id in await self._teams_due():
                await self._read_team(team_id, Purpose.LISTS)
        if failed is not None:
            raise failed

    async def sync_assignments(self) -> None:
        """Read the assignments of people who are coached or ask questions, if some are a day
        old."""
        async with self.leases.turn("assignments") as is_mine:
            if not is_mine:
                return
            await self._read_assignments(await self._assignments_due(), Purpose.ASSIGNMENTS)

    # During a question

    async def ensure(self, *names: str) -> None:
        """Read lists that were never read. Raises NotRead if another process is still at it."""
        read = sa.select(window.c.name).where(window.c.name.in_(names))
        for _ in range(ENSURE_TRIES):
            if not self.once_read.issuperset(names):
                self.once_read.update(await self.database.scalars(read))
            missing = [name for name in names if name not in self.once_read]
            if not missing:
                return
            async with self.leases.turn(LISTS) as is_mine:
                if is_mine:
                    for name in missing:
                        await self._read_list(name, Purpose.PEOPLE)
                    return
            await asyncio.sleep(ENSURE_AGAIN)
        raise NotRead("the people and groups in Exec")

    async def read_members_again(self) -> bool:
        """Reread the members, because somebody who asks isn't among them: at most hourly, and only
        a list of one page. Returns whether they were read."""
        read = await read_window(self.database, MEMBERS)
        if read is None or read.rows > PAGE_SIZE or self.clock() - read.end < MEMBERS_AGAIN:
            return False
        async with self.leases.turn(LISTS) as is_mine:
            if is_mine:
                await self._read_list(MEMBERS, Purpose.PEOPLE)
            return is_mine

    async def use_teams(self, ids: Collection[str], job: Purpose = Purpose.PEOPLE) -> None:
        """Note that groups are in use, and read the members of the first few that were never read
        or have expired. Raises ExecError for groups that were never read, and for a due message."""
        rows, now = await self.note_use(ids), self.clock()
        due = [row for row in rows if row.members_at is None or now - row.members_at > TEAM_MAX_AGE]
        for row in due[:TEAM_PAGES]:
            try:
                await self._read_team(row.id, job)
            except ExecError:
                if row.members_at is None or job is Purpose.DUE:
                    raise

    async def note_use(self, ids: Collection[str]) -> Sequence[Row]:
        """Note that groups are in use, so that their members are kept up to date; their rows."""
        if not ids:
            return ()
        rows = await self.database.rows(sa.select(team).where(team.c.id.in_(ids)))
        now = self.clock()
        new = [row.id for row in rows if row.used_at is None or now - row.used_at >= AGE_LONG]
        if new:
            using = sa.update(team).where(team.c.id.in_(new))
            await self.database.write(using.values(used_at=now))
        return rows

    async def use_assignments(self, ids: Collection[str], max_age: timedelta, job: Purpose) -> None:
        """Read the assignments of these people that are older than `max_age`."""
        at = member.c.assignments_at
        is_old = at.is_(None) | (at <= self.clock() - max_age)
        due = sa.select(member.c.id).where(member.c.id.in_(ids), is_old)
        await self._read_assignments(await self.database.scalars(due), job)

    # What is due

    async def _is_due(self, name: str) -> bool:
        """Whether a list was never read, or is old, and the day has enough requests left to read
        all of it: a partial read would be lost."""
        read = await read_window(self.database, name)
        if read is None:
            return True
        if self.clock() - read.end < (AGE if read.rows <= LONG else AGE_LONG):
            return False
        pages = read.rows if name == BUNDLES else read.rows // PAGE_SIZE + 1
        return await self.client.budget.left_to_jobs() >= pages

    async def _teams_due(self) -> Sequence[str]:
        """The groups in use (coached, subscribed or asked about lately) that were read a day
        ago."""
        now = self.clock()
        coached = sa.select(coaching.c.subject_id).where(coaching.c.kind == "group")
        # An underscore in an id matches any character here, so at worst a group too many is read.
        named = sa.literal('%group:"') + team.c.id + '"%'
        subscribed = sa.exists().where(
            subscription.c.words.like(named), subscription.c.next_at.is_not(None)
        )
        query = (
            sa.select(team.c.id)
            .where(
                sa.or_(team.c.used_at > now - IN_USE, team.c.id.in_(coached), subscribed),
                sa.or_(team.c.members_at.is_(None), team.c.members_at < now - TEAM_AGE),
            )
            .order_by(team.c.members_at.nulls_first(), team.c.id)
        )
        return await self.database.scalars(query)

    async def _assignments_due(self) -> list[str]:
        """The people in use (coached, or asking lately) whose assignments were never read;
        everyone's once somebody's are a day old, because 400 people fit into a request."""
        now, at = self.clock(), member.c.assignments_at
        teams = sa.select(coaching.c.subject_id).where(coaching.c.kind == "group")
        coached = sa.select(team_member.c.member_id).where(team_member.c.team_id.in_(teams))
        named = sa.select(coaching.c.subject_id).where(coaching.c.kind == "person")
        asking = slack_user.c.fetched_at > now - IN_USE
        emails = sa.select(slack_user.c.email).where(asking, slack_user.c.email != "")
        linked = sa.select(slack_user.c.linked_id).where(asking)
        is_in_use = sa.or_(
            member.c.id.in_(coached.union(named)),
            member.c.email.in_(emails),
            member.c.id.in_(linked),
        )
        is_old = at.is_(None) | (at < now - ASSIGNMENTS_AGE_OF_ONE)
        people = sa.select(member.c.id, at).where(member.c.is_listed, is_in_use, is_old)
        rows = await self.database.rows(people.order_by(member.c.id))
        is_day_old = any(read_at and read_at < now - ASSIGNMENTS_AGE for _, read_at in rows)
        return [id_ for id_, read_at in rows if read_at is None or is_day_old]

    # Reading

    async def _read_list(self, name: str, job: Purpose) -> None:
        """Read a whole list, and replace the stored one."""
        at = self.clock()
        match name:
            case "members":
                members = await self.client.all_rows("/workspace/members", WorkspaceMember, job)
                await self._store(name, at, member, [_member_row(person) for person in members])
            case "groups":
                groups = await self.client.all_rows("/workspace/groups", NamedItem, job)
                rows = [{"id": group.id, "name": group.name or group.id} for group in groups]
                await self._store(name, at, team, rows)
            case "scenarios":
                listed = await self.client.all_rows("/scenarios", ListedScenario, job)
                await self._store(
                    name, at, scenario, [_scenario_row(listed_item) for listed_item in listed]
                )
            case _:
                await self._read_bundles(at, job)

    async def _store(
        self, name: str, at: datetime, table: sa.Table, rows: list[dict[str, Any]]
    ) -> None:
        """Store a whole list. Groups that Exec no longer lists are deleted; people and scenarios
        are kept as unlisted, because sessions name them. People who left are removed from
        groups."""
        ids = [row["id"] for row in rows]
        async with self.database.transaction() as connection:
            await self._note(connection, name, at, len(rows))
            if table is team:
                await connection.execute(sa.delete(team).where(team.c.id.not_in(ids)))
                gone = team_member.c.team_id.not_in(ids)
                await connection.execute(sa.delete(team_member).where(gone))
            else:
                unlisted = sa.update(table).where(table.c.is_listed, table.c.id.not_in(ids))
                await connection.execute(unlisted.values(is_listed=False))
            await self.database.put(connection, table, rows)
            if table is member:
                listed = sa.select(member.c.id).where(member.c.is_listed)
                left = team_member.c.member_id.not_in(listed)
                await connection.execute(sa.delete(team_member).where(left))

    async def _note(self, connection: AsyncConnection, name: str, at: datetime, rows: int) -> None:
        """Note that a list was read at this time. Raises LeaseLost if another process reads it."""
        await self.leases.extend(connection, LISTS)
        await store_window(connection, self.database, name, Window(at, at, rows))

    async def _read_bundles(self, at: datetime, job: Purpose) -> None:
        """Read skills and collections with their scenarios, including archived ones, which still
        have sessions."""
        skills = await self.client.all_rows("/skills", Skill, job)
        collections = await self.client.all_rows("/collections", NamedItem, job)
        everything: Filters = {"include_archived": True, "include": "skills"}
        scenarios = await self.client.all_rows("/scenarios", ListedScenario, job, everything)
        links = {
            (Kind.SKILL, skill.id, skilled.id) for skilled in scenarios for skill in skilled.skills
        }
        for collection in collections:
            filters: Filters = {"include_archived": True, "collection_ids": collection.id}
            listed = await self.client.all_rows("/scenarios", ListedScenario, job, filters)
            links |= {(Kind.COLLECTION, collection.id, listed_item.id) for listed_item in listed}
        rows = [
            {"kind": kind.value, "id": item.id, "name": item.name or item.id, "slug": item.slug}
            for kind, listed in ((Kind.SKILL, skills), (Kind.COLLECTION, collections))
            for item in listed
        ]
        async with self.database.transaction() as connection:
            await self._note(connection, BUNDLES, at, len(rows))
            await connection.execute(sa.delete(bundle))
            await connection.execute(sa.delete(scenario_of))
            await self.database.put(connection, bundle, rows)
            inside = [
                {"kind": kind.value, "bundle_id": bundle_id, "scenario_id": scenario_id}
                for kind, bundle_id, scenario_id in links
            ]
            await self.database.put(connection, scenario_of, inside)

    async def _read_team(self, team_id: str, job: Purpose) -> None:
        """Read the members of a group."""
        at = self.clock()
        listed = await self.client.all_rows(
            "/workspace/members", WorkspaceMember, job, {"group_ids": team_id}
        )
        theirs = [{"team_id": team_id, "member_id": listed_item.id} for listed_item in listed]
        not_later = sa.or_(team.c.members_at.is_(None), team.c.members_at <= at)
        reading = sa.update(team).where(team.c.id == team_id, not_later).values(members_at=at)
        async with self.database.transaction() as connection:
            if not (await connection.execute(reading)).rowcount:
                return  # the group is gone, or a later read is stored
            # Members who joined after the list of members was read.
            rows = [_member_row(listed_item) for listed_item in listed]
            await self.database.put(connection, member, rows, only_unlisted=True)
            await connection.execute(sa.delete(team_member).where(team_member.c.team_id == team_id))
            await self.database.put(connection, team_member, theirs)

    async def _read_assignments(self, ids: Sequence[str], job: Purpose) -> None:
        """Read all assignments of these people."""
        for start in range(0, len(ids), MOST_IDS):
            some, at = ids[start : start + MOST_IDS], self.clock()
            listed = await self.client.all_rows(
                "/scenarios/assignments", Assignment, job, {"user_ids": some}
            )
            theirs = sa.delete(assignment).where(assignment.c.member_id.in_(some))
            known = sa.update(member).where(member.c.id.in_(some)).values(assignments_at=at)
            async with self.database.transaction() as connection:
                await store_window(connection, self.database, PROGRAMS, Window(at, at))
                await connection.execute(theirs)
                await self.database.put(connection, assignment, list(map(_assignment_row, listed)))
                await connection.execute(known)


def _member_row(person: WorkspaceMember) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": kept_address(person.email),
        "name": person.name,
        "role": person.role,
        "is_listed": True,
        "joined_at": person.created_at,
    }


def _scenario_row(listed: ListedScenario) -> dict[str, Any]:
    row = asdict(listed) | {"name": listed.name or listed.id, "is_listed": True}
    del row["skills"]
    return row


def _assignment_row(task: Assignment) -> dict[str, Any]:
    return {
        "id": task.id,
        "member_id": task.user.id,
        "scenario_id": task.scenario.id,
        "program_id": task.program.id if task.program else "",
        "program_name": task.program.name if task.program else "",
        "status": task.status,
        "due_at": task.due_date,
        "best_score": task.best_score,
        "attempt_count": task.attempt_count,
    }
