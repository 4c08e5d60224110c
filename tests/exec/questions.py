"""Random questions, answered by Exec over HTTP and by the sync, which must agree."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import httpx

from bot.demo.exec_server import DEMO_KEY, ExecServer
from bot.demo.world import World
from bot.exec.budget import Purpose
from bot.exec.direct import read_direct
from bot.exec.sessions import read_sessions
from bot.language.filters import BY_KEY, FILTERS, parameters
from bot.language.query import Kind, Member, Period, Range, Rank, ResolvedName, ResolvedQuery, Sort
from bot.reports._figures import Tally, tally_all
from bot.storage.database import Database
from bot.storage.sessions import filters_of, span_of
from bot.storage.tables import to_ms
from tests.exec.company import Company, Process

Json = dict[str, Any]
# Filters that choose no sessions, or a single one.
OF_OTHER_REPORTS = ("session", "versus", "due", "by", "page")
NOBODY = Member("nobody", "nobody@acme.com", "Nobody")
# Nothing is encrypted here, and reading the machine's certificates takes longer than most tests.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def random_query(world: World, chance: Random, now: datetime) -> ResolvedQuery:
    """A question with any of the filters; most have a few."""

    def maybe(likely: float = 0.2) -> bool:
        return chance.random() < likely

    def some(things: Any, most: int = 3) -> list[Any]:
        among = list(things)
        return chance.sample(among, min(len(among), chance.randint(1, most)))

    def bounds(numbers: tuple[float, ...]) -> Range:
        low, high = sorted((chance.choice(numbers), chance.choice(numbers)))
        low_end, high_end = chance.choice(((low, None), (None, high), (low, high)))
        return Range(low_end, high_end, maybe(0.5), maybe(0.5))

    everyone = [Member(person.id, person.email, person.name) for person in world.people.values()]
    things = {
        Kind.GROUP: world.groups,
        Kind.SCENARIO: world.scenarios,
        Kind.SKILL: world.skills,
        Kind.COLLECTION: world.collections,
        Kind.PROGRAM: world.programs,
    }

    def named(kind: Kind) -> list[ResolvedName]:
        return [ResolvedName(kind, id_, id_) for id_ in some(things[kind])]

    scores = tuple({session.score for session in world.sessions if session.score is not None})
    draws: dict[str, Callable[[], Any]] = {
        "who": lambda: tuple(some([*everyone, NOBODY], 30 if maybe() else 4)),
        **{kind.value: partial(named, kind) for kind in Kind},
        "without": lambda: (
            tuple(named(Kind.SCENARIO)),
            tuple(person.id for person in some(everyone)),
        ),
        "rank": lambda: tuple(rank for rank in Rank if maybe(0.5)),
        "valid": lambda: maybe(0.5),
        "score": lambda: bounds((16.1, 64.1, 82.15, *scores)),
        "length": lambda: bounds((4, 90.5, 300, 301, 600)),
        "period": lambda: random_period(world, chance, now),
        "sort": lambda: chance.choice(list(Sort)),
        "limit": lambda: chance.randint(1, 20),
        "system": lambda: True,
    }
    unlike = {"period": 0.7, "who": 0.4, "sort": 0.8, "program": 0.1}
    drawn = {
        row.key: draws[row.key]()
        for row in FILTERS
        if row.key not in OF_OTHER_REPORTS and maybe(unlike.get(row.key, 0.2))
    }
    names = (name for kind in Kind for name in drawn.get(kind.value, ()))
    left_out, absent = drawn.pop("without", ((), ()))
    fields = {BY_KEY[key].field: value for key, value in drawn.items()}
    fields |= {"people": drawn.get("who"), "names": tuple(names)}
    return ResolvedQuery(**fields, left_out=left_out, absent=absent)


def random_period(world: World, chance: Random, now: datetime) -> Period:
    """A period that starts and ends with a session, unless an end is open."""
    start, end = sorted(session.created_at for session in chance.sample(world.sessions.all, 2))
    is_closed = chance.random() < 0.3
    if chance.random() < 0.3:
        end = now if is_closed else now + timedelta(days=1)
    return Period(
        "",
        "UTC",
        None if chance.random() < 0.2 else start,
        None if not is_closed and chance.random() < 0.2 else end,
        is_closed,
    )


def is_meant(row: Json, query: ResolvedQuery) -> bool:
    """Whether a row passes the filters that Exec doesn't have."""
    score, length = row["score"], row["duration_seconds"]
    return (
        (query.valid is None or row["is_valid_attempt"] is query.valid)
        and (query.score is None or (score is not None and _is_in(score, query.score)))
        and (query.length is None or (length is not None and _is_in(length, query.length)))
        and row["user"]["id"] not in query.absent
        and row["scenario"]["id"] not in query.excluded_scenarios
    )


def _is_in(number: float, limits: Range) -> bool:
    low, high = limits.low, limits.high
    is_over = low is None or (number > low if limits.low_open else number >= low)
    return is_over and (high is None or (number < high if limits.high_open else number <= high))


def cut(number: float | None) -> int | None:
    return None if number is None else int(Decimal(str(number)) * 1000)


def summed(rows: list[Json]) -> Tally:
    valid = [row for row in rows if row["is_valid_attempt"]]
    graded = [row for row in valid if row["score"] is not None]
    scores = [cut(row["score"]) or 0 for row in graded]
    ranks = {rank.value: sum(row["rank"] == rank for row in graded) for rank in Rank}
    return Tally(
        sessions=len(rows),
        valid=len(valid),
        graded=len(graded),
        total=sum(scores),
        squares=sum(score * score for score in scores),
        milliseconds=sum(cut(row["duration_seconds"]) or 0 for row in rows),
        people=len({row["user"]["id"] for row in rows}),
        graded_people=len({row["user"]["id"] for row in graded}),
        best=max(scores, default=None),
        **ranks,
    )


def normalized(row: Json) -> tuple[Any, ...]:
    at = datetime.fromisoformat(row["created_at"])
    numbers = (cut(row["score"]), cut(row["duration_seconds"]))
    names = (row["user"]["id"], row["user"]["email"], row["scenario"]["id"])
    return (row["id"], *names, *numbers, row["rank"], row["is_valid_attempt"], at)


@dataclass
class Asking:
    """Asks Exec and a mirror of it the same questions."""

    company: Company
    process: Process
    http: httpx.AsyncClient

    async def of_exec(self, query: ResolvedQuery) -> list[Json]:
        rows: list[Json] = []
        total = 1
        while len(rows) < total:
            page = {"page": str(len(rows) // 100 + 1), "page_size": "100"}
            filters = dict(parameters(query, now=self.company.clock()))
            answer = await self.http.get("/sessions", params=filters | page)
            assert answer.status_code == 200, answer.text
            rows += answer.json()["data"]
            total = answer.json()["pagination"]["total_count"]
        return [row for row in rows if is_meant(row, query)]

    async def assert_same(self, query: ResolvedQuery) -> int:
        """Assert that both answer the same. Returns the number of sessions in the answer."""
        expected, now = await self.of_exec(query), self.company.clock()
        database, ids = self.process.database, None
        if any(name.kind is Kind.PROGRAM for name in query.names):
            ids = await read_direct(database, self.process.client, query, now, Purpose.PEOPLE)
            assert ids is not None, query
        filters = filters_of(query, span_of(query.period, to_ms(now)), ids)
        rows = await read_sessions(database, filters, query.sort, limit=query.limit)
        stored = [
            (
                row.id,
                row.user.id,
                row.user.email,
                row.scenario.id,
                cut(row.score),
                cut(row.duration_seconds),
                row.rank,
                row.is_valid_attempt,
                row.created_at,
            )
            for row in rows
        ]
        assert stored == list(map(normalized, expected))[: query.limit], query
        assert await tally_all(database, filters) == summed(expected), query
        return len(expected)


@asynccontextmanager
async def asking(company: Company, database: Database) -> AsyncIterator[Asking]:
    """An Exec without limits, and its sync."""
    most = 10**9
    headers = {"Authorization": f"Bearer {DEMO_KEY}"}
    async with ExecServer(
        company.world, clock=company.clock, per_minute=most, per_day=most
    ) as server:
        unlimited = replace(company, exec=server)
        process = await unlimited.start(database, "asking", per_minute=most, per_day=most)
        async with httpx.AsyncClient(base_url=server.url, headers=headers, verify=PLAIN) as http:
            yield Asking(unlimited, process, http)
