"""Stored sessions joined up between a small company in Exec and a database, on one clock.

Exec is the stand-in's own endpoints behind a transport, so that no socket is opened; its past is
kept, moment by moment: what an answer should have been can be worked out afterwards.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx

from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.exec_api.models import Session
from bot.exec_api.wire import item_of
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery
from bot.mirror.answers import Reading
from bot.mirror.asked import Asked, Questions
from bot.mirror.forget import Forgetting
from bot.mirror.reader import SessionReader
from bot.mirror.rows import COLUMNS, from_ms, row_of, to_ms
from bot.mirror.select import ORDERS, Selected, Selecting
from bot.mirror.sessions import AS_USUAL, KEEP_ROWS, ReadOptions, Sessions
from bot.mirror.store import SessionStore
from bot.mirror.stretches import Stretch, gaps
from bot.mirror.sync import Sync
from bot.people.catalogue import Catalogue
from bot.people.groups import Rosters
from bot.reports.figures import figures
from bot.sandbox import exec_shapes as shapes
from bot.sandbox.exec_lists import Lists
from bot.sandbox.exec_server import BASE, DEMO_KEY, Limits
from bot.sandbox.world import World
from bot.sandbox.world_things import Session as InWorld
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import budget_request, practice_session
from tests.conftest import START, FakeClock

PEOPLE = 12
# No answer misses a session older than this: a minute, and the second in which it may come in.
NEW = 61_000


@dataclass(frozen=True)
class Moment:
    """What Exec had from `at` (ms) on: sessions by id, rosters, the scenarios of each skill."""

    at: int
    sessions: dict[str, Session]
    rosters: dict[str, frozenset[str]]
    skills: dict[str, frozenset[str]]


class Past:
    """The world's history: call `note` after each change."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock
        self._sent: dict[InWorld, Session] = {}
        self.moments: list[Moment] = []
        self.note(at=0)

    def note(self, at: int | None = None) -> None:
        world = self._world
        self.moments.append(
            Moment(
                to_ms(self._clock()) if at is None else at,
                {each.id: self._as_sent(each) for each in world.sessions},
                {id_: frozenset(users) for id_, users in world.rosters.items()},
                {id_: bundle.scenario_ids for id_, bundle in world.skills.items()},
            )
        )

    def _as_sent(self, session: InWorld) -> Session:
        """As the stored one reads: to the millisecond."""
        if session not in self._sent:
            sent = item_of(shapes.session(self._world, session), Session)
            to_millisecond = from_ms(to_ms(sent.created_at))
            self._sent[session] = replace(sent, created_at=to_millisecond)
        return self._sent[session]

    def at(self, as_of: int) -> Moment:
        return next(each for each in reversed(self.moments) if each.at <= as_of)

    def listed(self, part: Stretch) -> list[Session]:
        """The sessions that Exec had of a stretch, at its moment."""
        found = self.at(part.as_of).sessions.values()
        return [each for each in found if part.start <= to_ms(each.created_at) < part.end]


@dataclass(frozen=True)
class Request:
    """A request that arrived, and how it was answered."""

    path: str
    params: dict[str, str]
    status: int


class Wire(httpx.AsyncBaseTransport):
    """Exec behind a transport. `trouble`, while set, answers instead of it; `limits` are Exec's.

    `told` is what it says of a session in place of what the world holds: fields, by id. `after` is
    called after each request.
    """

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock
        self._lists = Lists(world)
        self.limits = Limits(60, 1000)
        self.requests: list[Request] = []
        self.told: dict[str, dict[str, Any]] = {}
        self.trouble: Callable[[], httpx.Response] | None = None
        self.after: Callable[[], None] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(BASE)
        pairs = request.url.params.multi_items()
        response = self._answer(path, pairs)
        self.requests.append(Request(path, dict(pairs), response.status_code))
        if self.after is not None:
            self.after()
        await asyncio.sleep(0)
        return response

    def _answer(self, path: str, pairs: list[tuple[str, str]]) -> httpx.Response:
        now = self._clock()
        wait = self.limits.refuse(now)
        if wait is not None:
            return httpx.Response(429, json={"error": {}, "retry_after": wait})
        if self.trouble is not None:
            return self.trouble()
        body = self._lists.page(path, pairs, now)
        assert body is not None, path
        for row in body["data"]:
            row.update(self.told.get(row.get("id"), {}))
        return httpx.Response(200, json=body)


class WatchedSelecting(Selecting):
    """Remembers from which parts the last answer was made."""

    parts: tuple[Stretch, ...] = ()
    asked: Asked | None = None

    async def select(self, parts: Sequence[Stretch], asked: Asked, **how: Any) -> Selected:
        self.parts, self.asked = tuple(parts), asked
        return await super().select(parts, asked, **how)


@dataclass(kw_only=True)
class Room:
    """The stored sessions as one process has them, `holder`."""

    database: Database
    client: ExecClient
    budget: Budget
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    holder: str = "one"
    history_days: int = 90
    per_day: int = 1000
    awaited: bool = False

    def __post_init__(self) -> None:
        clock, database = self.clock, self.database
        self.store = SessionStore(database, clock)
        self.leases = Leases(database, clock, self.holder)
        self.reader = SessionReader(self.client, self.store, self.leases, self.sleep)
        self.rosters = Rosters(database, self.client, clock)
        self.catalogue = Catalogue(database, self.client, clock)
        self.selecting = WatchedSelecting(database)
        self.sessions = Sessions(
            questions=Questions(self.rosters),
            store=self.store,
            reader=self.reader,
            selecting=self.selecting,
            clock=clock,
        )
        self.sync = Sync(
            database=database,
            store=self.store,
            reader=self.reader,
            catalogue=self.catalogue,
            rosters=self.rosters,
            budget=self.budget,
            per_day=self.per_day,
            history_days=self.history_days,
            sessions=self.sessions,
            clock=clock,
        )
        self.forgetting = Forgetting(database, self.store, clock)

    async def ask(self, query: ResolvedQuery, options: ReadOptions = AS_USUAL) -> Reading:
        return await self.sessions.read(query, options)

    async def covers(self, start: int, end: int) -> bool:
        return not gaps(await self.store.stretches(), start, end)

    async def stored(self) -> dict[str, dict[str, Any]]:
        """The stored sessions by id."""
        return await stored(self.database)


@dataclass(kw_only=True)
class Company(Room):
    world: World
    wire: Wire
    past: Past
    clock: FakeClock

    def another(self, holder: str) -> Company:
        """Another process on the same database, with the same Exec and clock."""
        return replace(self, holder=holder)

    # Exec's life

    def adds(self, who: str, scenario: int = 0, *, ago: float = 0.0, **values: Any) -> InWorld:
        """A session created `ago` seconds before now."""
        at = self.clock() - timedelta(seconds=ago)
        scenarios = list(self.world.scenarios.values())
        session = self.world.add_session(who, scenarios[scenario % len(scenarios)], at, **values)
        self.past.note()
        return session

    def adds_many(self, count: int, *, over: timedelta, until: timedelta = timedelta()) -> None:
        """`count` graded sessions spread evenly over a time that ended `until` ago."""
        people, scenarios = list(self.world.people.values()), list(self.world.scenarios.values())
        end = self.clock() - until
        for number in range(count):
            self.world.add_session(
                people[number % len(people)],
                scenarios[number % len(scenarios)],
                end - over * (number + 1) / count,
                score=float(number * 7 % 101),
                duration=60 + number % 600,
            )
        self.past.note()

    def grades(self, session_id: str, score: float) -> None:
        self.world.grade(session_id, score)
        self.past.note()

    def deletes(self, session_id: str) -> None:
        self.world.delete(session_id)
        self.past.note()

    # What the bot does

    @property
    def asked(self) -> int:
        """The pages of sessions asked for so far."""
        return sum(each.path == "/sessions" for each in self.wire.requests)

    async def lives(self, length: timedelta, *, step: timedelta = timedelta(seconds=15)) -> None:
        """Let time pass, with the sync running as the scheduler would run it."""
        end = self.clock() + length
        while self.clock() < end:
            if self.awaited:
                self.sessions.awaited_at = self.clock()
            await self.sync.run()
            self.clock.now += step

    async def purposes(self) -> Counter[str]:
        """The requests by what they were booked under."""
        async with self.database.transaction(reads=True) as connection:
            return Counter((await connection.execute(budget_request.select())).scalars("purpose"))

    async def check(self) -> None:
        await assert_stored(self.database, self.past)

    # Questions

    def question(self, *who: str, group: str = "", skill: str = "", **values: Any) -> ResolvedQuery:
        """About these people (e-mails) of the world, a group and a skill by name."""
        world, names = self.world, []
        if group:
            names.append(Named(Kind.GROUP, world.group(group).id, group))
        if skill:
            names.append(Named(Kind.SKILL, world.skill(skill).id, skill))
        people = [world.person(each) for each in who]
        members = tuple(Member(each.id, each.email, each.name) for each in people)
        values.setdefault("names", tuple(names))
        return ResolvedQuery(people=members or None, **values)

    def last(self, *, until: float = 0.0, **times: float) -> Period:
        """A rolling period that ends now, or one that ended `until` seconds ago."""
        end = self.clock() - timedelta(seconds=until)
        return Period("", "UTC", end - timedelta(**times), end, closed=until == 0.0)

    async def answered(self, *who: str, options: ReadOptions = AS_USUAL, **values: Any) -> Reading:
        """A question's answer, checked against the truth."""
        query, now = self.question(*who, **values), self.clock()
        reading = await self.ask(query, options)
        self.assert_right(query, reading, now)
        return reading

    def assert_right(self, query: ResolvedQuery, reading: Reading, asked_at: datetime) -> None:
        """Each part of the answer is the truth at its moment, and together they are all of it."""
        parts, asked = self.selecting.parts, self.selecting.asked
        assert asked is not None
        found = [
            (each, row_of(each))
            for part in parts
            for each in self.past.listed(part)
            if asked.keeps(row_of(each)) and self._in_skills(query, each, part.as_of)
        ]
        columns = [each.name for each in COLUMNS]
        key = ORDERS[query.sort]
        found.sort(key=lambda pair: key([pair[1][name] for name in columns]))
        expected = [session for session, _ in found]
        kept = max(KEEP_ROWS, query.limit or 0)
        assert list(reading.rows)[:kept] == expected[:kept]
        assert reading.total == len(expected)
        assert reading.figures == figures(expected)
        assert all(one.end == other.start for one, other in pairwise(parts))
        oldest = 0 if reading.freshness.away is not None else to_ms(asked_at) - NEW
        if any(part.sessions is not None for part in parts) and asked.is_remote:
            oldest = to_ms(asked_at) - 600_000 - NEW
        if reading.cost is not None:
            assert reading.stored_since == (from_ms(parts[0].start) if parts else None)
            assert not parts or parts[0].start > asked.start
        elif not asked.is_nothing:
            assert parts[0].start == asked.start if parts else asked.start >= oldest
            assert not parts or parts[-1].end >= min(asked.end, oldest)

    def _in_skills(self, query: ResolvedQuery, session: Session, as_of: int) -> bool:
        skills = [each.id for each in query.names if each.kind is Kind.SKILL]
        known = self.past.at(as_of).skills
        return not skills or any(session.scenario.id in known[id_] for id_ in skills)


async def stored(database: Database) -> dict[str, dict[str, Any]]:
    query = practice_session.select().with_only_columns(*COLUMNS)
    return {row.id: dict(row._mapping) for row in await database.rows(query)}


async def assert_stored(database: Database, past: Past) -> None:
    """Of every stretch exactly those sessions are stored that Exec had at its moment."""
    rows = await stored(database)
    stretches = await SessionStore(database, FakeClock()).stretches()
    assert all(one.end <= other.start for one, other in pairwise(stretches))
    for each in stretches:
        mine = {id_: row for id_, row in rows.items() if each.start <= row["created_at"] < each.end}
        assert mine == {row["id"]: row for row in map(row_of, past.listed(each))}, each


@asynccontextmanager
async def company(
    database: Database, clock: FakeClock | None = None, people: int = PEOPLE, **values: Any
) -> AsyncIterator[Company]:
    """A company without sessions, and a bot that knows nothing yet."""
    clock = clock or FakeClock(START)
    world = World.build(START, people=people, sessions=0)
    for session in list(world.sessions):  # the company has a few even so
        world.delete(session.id)
    wire = Wire(world, clock)

    async def sleep(seconds: float) -> None:
        clock.tick(seconds)
        await asyncio.sleep(0)

    async with exec_http(f"http://exec.test{BASE}", DEMO_KEY, transport=wire) as http:
        budget = Budget(database, clock=clock)
        yield Company(
            database=database,
            client=ExecClient(http, budget, clock=clock, sleep=sleep, random=lambda: 0.0),
            budget=budget,
            clock=clock,
            sleep=sleep,
            world=world,
            wire=wire,
            past=Past(world, clock),
            **values,
        )


def ago(company: Company, **times: float) -> int:
    """A moment before now in milliseconds."""
    return to_ms(company.clock() - timedelta(**times))
