"""The practice room joined up between a small company in Exec and a database, on one clock.

Exec is the stand-in's own endpoints behind a transport, so that no socket is opened; its past is
kept, moment by moment: what an answer should have been can be worked out afterwards.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any

import httpx

from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.language.query import ResolvedQuery
from bot.mirror.answers import Reading
from bot.mirror.coverage import Coverage, Piece
from bot.mirror.fetching import Fetching
from bot.mirror.forgetting import Forgetting
from bot.mirror.held import Held
from bot.mirror.mirror import AS_USUAL, Mirror, ReadOptions
from bot.mirror.planning import Part
from bot.mirror.revalidating import Revalidating, Windows
from bot.mirror.revalidation import Window
from bot.mirror.rows import COLUMNS, moment, stored_row
from bot.mirror.scenario_sets import ScenarioSets
from bot.mirror.scope import ALL, Scope
from bot.mirror.selecting import Selected, Selecting
from bot.mirror.sessions import Sessions
from bot.mirror.settling import Settling
from bot.mirror.survey import Questions
from bot.mirror.sync import Sync
from bot.mirror.walking import Row
from bot.people.catalogue import Catalogue
from bot.people.rosters import Rosters
from bot.sandbox.exec_endpoints import DEFAULT_PAGE_SIZE, ENDPOINTS, Ask, answer_page
from bot.sandbox.exec_limits import Limits
from bot.sandbox.exec_params import PAGING, parse
from bot.sandbox.exec_select import SessionSelector
from bot.sandbox.exec_server import BASE, DEMO_KEY
from bot.sandbox.world import World
from bot.sandbox.world_things import Bundle, Session
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import (
    budget_request,
    practice_membership,
    practice_scope,
    practice_session,
)
from tests.conftest import START, FakeClock

PEOPLE = 12
MILLISECOND = timedelta(milliseconds=1)


def milliseconds(at: datetime) -> int:
    """Cut and not rounded."""
    return int((at - datetime.fromtimestamp(0, at.tzinfo)) / MILLISECOND // 1)


def row_of(world: World, session: Session) -> Row:
    """A session of the world as the mirror should hold it."""
    return Row(
        session.id,
        milliseconds(session.created_at),
        session.user_id,
        session.scenario_id,
        world.people[session.user_id].is_system,
        (session.score, session.rank, session.duration_seconds, session.is_valid_attempt),
    )


@dataclass(frozen=True)
class Moment:
    """What Exec held from `at` on: sessions by id, rosters, and the scenarios of each skill."""

    at: int
    world: World
    rows: dict[str, Session]
    rosters: dict[str, frozenset[str]]
    skills: dict[str, frozenset[str]]

    @cached_property
    def mirrored(self) -> list[Row]:
        """The sessions as the mirror should hold them, oldest first."""
        return in_order(row_of(self.world, each) for each in self.rows.values())


class Past:
    """The world's history: call `note` after each change."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock
        self.moments: list[Moment] = []
        self.note(at=0)

    def note(self, at: int | None = None) -> None:
        world = self._world
        self.moments.append(
            Moment(
                milliseconds(self._clock()) if at is None else at,
                world,
                {session.id: session for session in world.sessions},
                {id_: frozenset(users) for id_, users in world.rosters.items()},
                {id_: bundle.scenario_ids for id_, bundle in world.skills.items()},
            )
        )

    def at(self, instant: int) -> Moment:
        return next(each for each in reversed(self.moments) if each.at <= instant)

    def listed(self, scope: Scope, start: int, end: int, as_of: int) -> list[Row]:
        """The rows of `scope` that Exec held then, created in [start, end)."""
        then = self.at(as_of)
        belongs = _filter(then, scope)
        return [row for row in between(then.mirrored, start, end) if belongs(row)]


def _filter(then: Moment, scope: Scope) -> Callable[[Row], bool]:
    """Exec's filters, as documented."""

    def united(bundles: dict[str, frozenset[str]], ids: frozenset[str]) -> set[str]:
        return {one for id_ in ids for one in bundles.get(id_, ())}

    in_groups = None if scope.groups is None else united(then.rosters, scope.groups)
    of_skills = None if scope.skills is None else united(then.skills, scope.skills)

    def belongs(row: Row) -> bool:
        return (
            not scope.nothing
            and (scope.users is None or row.user_id in scope.users)
            and (scope.scenarios is None or row.scenario_id in scope.scenarios)
            and (in_groups is None or row.user_id in in_groups)
            and (of_skills is None or row.scenario_id in of_skills)
            and (scope.system or not row.is_system)
        )

    return belongs


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=attrgetter("created_at"))


def between(rows: Sequence[Row], start: int, end: int) -> Sequence[Row]:
    """Those of the rows, which are in order, that were created in [start, end)."""
    low = bisect_left(rows, start, key=attrgetter("created_at"))
    return rows[low : bisect_left(rows, end, lo=low, key=attrgetter("created_at"))]


@dataclass(frozen=True)
class Asked:
    """A request that arrived, and how it was answered."""

    path: str
    params: dict[str, str]
    status: int


class Wire(httpx.AsyncBaseTransport):
    """Exec behind a transport. `trouble`, while set, answers instead of it; `limits` are Exec's.

    `told` is what it says of a session in place of what the world holds: fields, by id. `total`
    is what it counts, of a rank, in place of what there is.
    """

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock
        self._selector = SessionSelector(world)
        self.limits = Limits(60, 1000)
        self.requests: list[Asked] = []
        self.told: dict[str, dict[str, Any]] = {}
        self.total: Callable[[str | None, int], int] | None = None
        self.trouble: Callable[[], httpx.Response] | None = None
        self.after: Callable[[], None] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(BASE)
        pairs = request.url.params.multi_items()
        response = self._answer(path, pairs)
        self.requests.append(Asked(path, dict(pairs), response.status_code))
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
        endpoint = ENDPOINTS[path]
        values: dict[str, Any] = parse(pairs, {**endpoint.params, **PAGING})
        page, size = values.pop("page", 1), values.pop("page_size", DEFAULT_PAGE_SIZE)
        ask = Ask(self._world, now, values, self._selector)
        body = answer_page(endpoint, ask, page, size)
        for row in body["data"]:
            row.update(self.told.get(row.get("id"), {}))
        if self.total is not None and size == 1:
            counted = body["pagination"]
            counted["total_count"] = self.total(dict(pairs).get("rank"), counted["total_count"])
        return httpx.Response(200, json=body)


class WatchedSelecting(Selecting):
    """Remembers from which parts the last answer was made."""

    parts: tuple[Part, ...] = ()

    async def select(
        self,
        parts: Sequence[Part],
        query: ResolvedQuery,
        *,
        skip: int = 0,
        keep: int,
        sums: bool = True,
    ) -> Selected:
        self.parts = tuple(parts)
        return await super().select(parts, query, skip=skip, keep=keep, sums=sums)


async def nobody_looks(*_: object) -> None:
    """Progress that nobody watches."""


async def no_reports(_now: datetime) -> tuple[Window, ...]:
    """None is due."""
    return ()


@dataclass(kw_only=True)
class Room:
    """The practice room of one process, `holder`."""

    database: Database
    client: ExecClient
    budget: Budget
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    holder: str = "one"
    history_days: int = 90
    windows: Windows = no_reports
    per_day: int = 1000
    awaited: bool = False

    def __post_init__(self) -> None:
        clock, database = self.clock, self.database
        self.held = Held(database, clock)
        self.mirror = Mirror(self.held, clock)
        self.leases = Leases(database, clock, self.holder)
        self.fetching = Fetching(
            self.client, self.held, self.leases, self.sleep, self.mirror.note_total
        )
        self.rosters = Rosters(database, self.client, clock)
        self.sets = ScenarioSets(database, self.client, self.held, clock)
        self.catalogue = Catalogue(database, self.client, clock)
        self.selecting = WatchedSelecting(database)
        self.sessions = Sessions(
            questions=Questions(self.rosters, self.sets),
            mirror=self.mirror,
            fetching=self.fetching,
            selecting=self.selecting,
            budget=self.budget,
            per_day=1000,
            clock=clock,
        )
        self.revalidating = Revalidating(
            database=database,
            held=self.held,
            mirror=self.mirror,
            fetching=self.fetching,
            client=self.client,
            budget=self.budget,
            leases=self.leases,
            windows=self.windows,
            per_day=self.per_day,
            clock=clock,
        )
        self.sync = Sync(
            database=database,
            held=self.held,
            settling=Settling(database, self.held, clock),
            fetching=self.fetching,
            catalogue=self.catalogue,
            rosters=self.rosters,
            sets=self.sets,
            leases=self.leases,
            revalidating=self.revalidating,
            history_days=self.history_days,
            asked_at=lambda: self.sessions.asked_at,
            is_awaited=self.is_awaited,
            clock=clock,
        )
        self.forgetting = Forgetting(database, self.held, clock)

    async def is_awaited(self) -> bool:
        return self.awaited

    async def ask(self, query: ResolvedQuery, options: ReadOptions = AS_USUAL) -> Reading:
        return await self.sessions.read(query, options, on_page=nobody_looks, on_wait=nobody_looks)

    async def covered(self, start: int = 0, end: int = 1 << 60) -> Coverage:
        """Everybody's."""
        return (await self.held.known(start, end)).get(ALL, Coverage())


@dataclass(kw_only=True)
class Mirrored(Room):
    world: World
    wire: Wire
    past: Past
    clock: FakeClock

    def another(self, holder: str) -> Mirrored:
        """Another process on the same database, with the same Exec and clock."""
        return replace(self, holder=holder)

    # Exec's life

    def adds(self, who: str, scenario: int = 0, *, ago: float = 0.0, **values: Any) -> Session:
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

    def changes_skill(self, skill_id: str, scenario_id: str) -> None:
        old: Bundle = self.world.skills[skill_id]
        self.world.skills[skill_id] = replace(old, scenario_ids=old.scenario_ids ^ {scenario_id})
        self.world.version += 1
        self.past.note()

    def changes_roster(self, group_id: str, user_id: str) -> None:
        self.world.rosters[group_id] ^= {user_id}
        self.world.version += 1
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
            await self.sync.run()
            self.clock.now += step

    async def purposes(self) -> Counter[str]:
        """The requests by what they were booked under."""
        async with self.database.transaction(reads=True) as connection:
            return Counter((await connection.execute(budget_request.select())).scalars("purpose"))

    async def check(self) -> None:
        """Every piece of every scope holds exactly what Exec held at its as-of time."""
        await assert_held(self.held, self.database, self.past)


async def assert_held(held: Held, database: Database, past: Past) -> None:
    """Every piece of every scope holds exactly what Exec held at its as-of time."""
    rows, members = await stored(database)
    rows = in_order(rows)
    for scope, coverage in (await held.known(0, 1 << 60)).items():
        for piece in coverage.held:
            expected = past.listed(scope, piece.start, piece.end, piece.as_of)
            mine = list(held_of(scope, piece, rows, members))
            assert by_id(mine) == by_id(expected), (scope, piece)


def by_id(rows: Sequence[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows}


def held_of(
    scope: Scope, piece: Piece, rows: Sequence[Row], members: dict[str, set[str]]
) -> Iterator[Row]:
    """The stored rows of a piece, by the local filters and the stored memberships; `rows` are in
    order."""
    for row in between(rows, piece.start, piece.end):
        if (
            (not scope.is_remote or row.id in members.get(scope.key, ()))
            and (scope.users is None or row.user_id in scope.users)
            and (scope.scenarios is None or row.scenario_id in scope.scenarios)
            and (scope.system or not row.is_system)
        ):
            yield row


async def stored(database: Database) -> tuple[list[Row], dict[str, set[str]]]:
    """All rows, and the ids of the members of each remote scope by its key."""
    joined = practice_membership.join(
        practice_scope, practice_scope.c.id == practice_membership.c.scope_id
    )
    query = practice_session.select().with_only_columns(*COLUMNS)
    belonging = joined.select().with_only_columns(
        practice_scope.c.key, practice_membership.c.session_id
    )
    members: dict[str, set[str]] = {}
    async with database.transaction(reads=True) as connection:
        rows = [stored_row(row) for row in await connection.execute(query)]
        for key, session_id in await connection.execute(belonging):
            members.setdefault(key, set()).add(session_id)
    return rows, members


@asynccontextmanager
async def mirrored_company(
    database: Database, clock: FakeClock | None = None, people: int = PEOPLE, **values: Any
) -> AsyncIterator[Mirrored]:
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
        yield Mirrored(
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


def ago(company: Mirrored, **times: float) -> int:
    """A moment before now in milliseconds."""
    return milliseconds(company.clock() - timedelta(**times))


def when(instant: int) -> datetime:
    return moment(instant)
