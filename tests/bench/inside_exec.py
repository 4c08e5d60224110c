"""The stand-in Exec without sockets and without waiting: the same endpoints, limits and lists,
reached by a transport in this process, at a time that is an argument."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx

from bot.access import AccountType
from bot.app import Core, build_core
from bot.config import load
from bot.errors import NotFound
from bot.sandbox.exec_lists import Lists
from bot.sandbox.exec_server import BASE, DEMO_KEY, Limits
from bot.sandbox.world import World
from bot.slack.web import SlackUser
from tests.bench.company import SECOND, ZONE, Company, moment_of

PER_MINUTE, PER_DAY = 60, 1_000
# How long a request takes in simulated time.
LATENCY = 120  # ms
TEAM = "T0WEEK"


@dataclass(slots=True)
class Clock:
    """Simulated time, in milliseconds since 1970; sleeping advances it."""

    now: int

    def __call__(self) -> datetime:
        return moment_of(self.now)

    async def sleep(self, seconds: float) -> None:
        self.now += max(1, round(seconds * SECOND))

    def until(self, instant: int) -> None:
        self.now = max(self.now, instant)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that Exec got. `newest`: for the newest page of everybody's sessions; `remote`:
    for sessions that only Exec can tell from others."""

    at: int
    newest: bool
    remote: bool
    granted: bool


@dataclass(slots=True)
class InsideExec:
    """Answers for `company`, whose time it lets pass."""

    company: Company
    clock: Clock
    asked: list[Asked] = field(default_factory=list)
    _limits: Limits = field(default_factory=lambda: Limits(PER_MINUTE, PER_DAY))
    _lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        self._lists = Lists(self.company.world)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """What Exec says to a request that arrives now."""
        self.company.advance(self.clock.now)
        path = request.url.path.removeprefix(BASE)
        pairs = request.url.params.multi_items()
        names = {name for name, _ in pairs}
        newest = path == "/sessions" and names == {"page", "page_size"}
        wait = self._limits.refuse(self.clock())
        remote = path == "/sessions" and "skill_ids" in names
        self.asked.append(Asked(self.clock.now, newest, remote, wait is None))
        if wait is not None:
            body: Any = {"error": {"type": "rate_limited", "code": "rate_limited"}}
            body["retry_after"] = wait
            answer = httpx.Response(429, json=body)
        else:
            page = self._lists.page(path, pairs, self.clock())
            answer = httpx.Response(200, content=json.dumps(page).encode())
        self.clock.now += LATENCY
        return answer


class Accounts:
    """Slack as far as a question needs it: everybody in Exec has an account there."""

    def __init__(self, world: World) -> None:
        self._people = {slack_id(person.number): person for person in world.members.values()}

    async def user(self, user_id: str) -> SlackUser:
        person = self._people.get(user_id)
        if person is None:
            raise NotFound("There is no such account.")
        handle = person.email.partition("@")[0]
        return SlackUser(
            TEAM, user_id, person.email, person.name, handle, ZONE.key, AccountType.FULL
        )

    async def usergroup_members(self, _usergroup_id: str) -> tuple[str, ...]:
        return ()

    async def usergroup_by_handle(self, _handle: str) -> str | None:
        return None


def slack_id(number: int) -> str:
    """The Slack account of the person with that number."""
    return f"U{number:07}"


@asynccontextmanager
async def core_of(
    inside: InsideExec, database_url: str, *, in_place: bool = True
) -> AsyncIterator[Core]:
    """The bot's core, whose Exec, Slack, time and sleep are simulated.

    `in_place`: the database works in this thread. Handing each statement to another one and
    waiting for it would be most of a week that nobody waits for.
    """
    transport = httpx.MockTransport(inside.answer)
    settings = load(
        {
            "DATABASE_URL": database_url,
            "EXEC_API_KEY": DEMO_KEY,
            "EXEC_API_URL": f"http://exec.invalid{BASE}",
        },
        exec_api=True,
    )
    here = patch.multiple("aiosqlite.Connection", _execute=_in_place, _connect=_connected)
    steady = patch.multiple("bot.app", random=SimpleNamespace(random=lambda: 0.5))
    with steady, here if in_place else nullcontext():
        world = inside.company.world
        clock = inside.clock
        async with build_core(
            settings,
            slack=Accounts(world),
            clock=clock,
            sleep=clock.sleep,
            exec_transport=transport,
        ) as core:
            yield core


async def _in_place(_connection: Any, function: Any, *values: Any, **named: Any) -> Any:
    return function(*values, **named)


async def _connected(connection: Any) -> Any:
    if connection._connection is None:
        connection._connection = connection._connector()
    return connection
