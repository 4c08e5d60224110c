"""The stand-in Exec: its objects, parameters, errors and rate limits."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.demo.exec_server import DEMO_KEY, ExecFault, ExecServer
from bot.demo.faults import take
from bot.demo.world import World
from tests.conftest import FakeClock

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
# Nothing is encrypted here, and loading the system's certificates is slow.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Exec:
    """The server, a client with its key, and the server's clock."""

    server: ExecServer
    http: httpx.AsyncClient
    clock: FakeClock

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(self.server.url + path, params=params)


@pytest.fixture
def world() -> World:
    return World(NOW)


@pytest_asyncio.fixture
async def api(world: World) -> AsyncIterator[Exec]:
    clock = FakeClock(NOW)
    async with (
        ExecServer(world, clock=clock, per_minute=3, per_day=5) as server,
        httpx.AsyncClient(
            headers={"Authorization": f"Bearer {DEMO_KEY}"}, timeout=5, verify=PLAIN
        ) as http,
    ):
        yield Exec(server, http, clock)


def error(response: httpx.Response) -> tuple[int, str, str | None]:
    detail = response.json()["error"]
    assert detail["message"]
    return response.status_code, detail["type"], detail.get("code")


async def test_a_session_is_like_the_documented_example(api: Exec, world: World) -> None:
    at = datetime(2026, 10, 12, 17, 30, tzinfo=UTC)
    made = world.add_session("Jane Smith", "Procurement Discovery", at, score=92.5, duration=347)
    rows = (await api.get("/sessions", user_emails="jane@acme.com", rank="gold")).json()["data"]
    row = next(session for session in rows if session["id"] == made.id)
    jane = {"email": "jane@acme.com", "first_name": "Jane", "last_name": "Smith"}
    names = {"name": "Procurement Discovery", "slug": "procurement-discovery"}
    assert row == {
        "id": made.id,
        "user": {"id": api.server.world.person("Jane Smith").id, **jane},
        "scenario": {"id": api.server.world.scenario("Procurement Discovery").id, **names},
        "score": 92.5,
        "rank": "gold",
        "duration_seconds": 347,
        "is_valid_attempt": True,
        "created_at": "2026-10-12T17:30:00Z",
    }


async def test_every_fifth_member_is_nested(api: Exec, world: World) -> None:
    """Exec's schema and its example differ, so the bot must read both."""
    rows = (await api.get("/workspace/members", page_size=100)).json()["data"]
    nested = [row for row in rows if "user" in row]
    assert (len(nested), len(rows)) == (8, 39)
    assert all(row["id"] != row["user"]["id"] and "email" not in row for row in nested)


async def test_scenarios_of_skills_and_collections(api: Exec, world: World) -> None:
    async def listed(**params: Any) -> dict[str, Any]:
        rows = (await api.get("/scenarios", page_size=100, **params)).json()["data"]
        return {row["id"]: row for row in rows}

    current = {scenario.id for scenario in world.scenarios.values() if not scenario.archived}
    assert (await listed()).keys() == current
    everything = await listed(include_archived="true", include="skills")
    assert everything.keys() == world.scenarios.keys()
    for id_, row in everything.items():
        skills = {skill.id for skill in world.skills.values() if id_ in skill.scenario_ids}
        assert {skill["id"] for skill in row["skills"]} == skills
    basics = world.collection("Onboarding Basics")
    assert (await listed(collection_ids=basics.id)).keys() == basics.scenario_ids


REJECTED = {
    "unknown parameter": ("/sessions", "limit=5"),
    "repeated": ("/sessions", "rank=gold&rank=silver"),
    "empty value": ("/sessions", "user_ids="),
    "unescaped plus": ("/sessions", "start_date=2026-10-01T00:00:00+00:00"),
    "bad sorting": ("/sessions", "sorting=name"),
    "bad rank": ("/sessions", "rank=gold,diamond"),
    "a gap": ("/sessions", "user_ids=a,,b"),
    "no such date": ("/sessions", "start_date=2026-02-30T00:00:00Z"),
    "date only": ("/sessions", "start_date=2026-10-01"),
    "page 0": ("/sessions", "page=0"),
    "no such part": ("/scenarios", "include=owner"),
    "no flag": ("/scenarios", "include_archived=1"),
    "page_size 101": ("/workspace/members", "page_size=101"),
}


@pytest.mark.parametrize(("path", "query"), REJECTED.values(), ids=REJECTED.keys())
async def test_rejected_parameters(api: Exec, path: str, query: str) -> None:
    response = await api.http.get(f"{api.server.url}{path}?{query}")
    pagination = query.startswith("page") and path in ("/sessions", "/workspace/members")
    code = "invalid_pagination" if pagination else "invalid_parameter"
    assert error(response) == (400, "invalid_request", code)
    assert api.server.requests[-1].status == 400


@pytest.mark.parametrize("header", ["Bearer nope", DEMO_KEY, ""])
async def test_a_wrong_key(api: Exec, header: str) -> None:
    url = f"{api.server.url}/sessions"
    rejected = await api.http.get(url, headers={"Authorization": header})
    assert error(rejected) == (401, "authentication_error", "invalid_api_key")


@pytest.mark.parametrize("path", ["/sessions/gone", "/session", "/skills/x/proficiency", "/../x"])
async def test_not_found(api: Exec, path: str) -> None:
    assert error(await api.get(path)) == (404, "not_found", None)


async def test_pagination(api: Exec, world: World) -> None:
    total = len(world.sessions)
    last = -(-total // 100)
    answer = (await api.get("/sessions", page=last, page_size=100)).json()
    paging = {"page": last, "page_size": 100, "total_count": total, "total_pages": last}
    assert answer["pagination"] == paging
    assert [row["id"] for row in answer["data"]] == [
        row.id for row in world.sessions.all[(last - 1) * 100 :]
    ]
    assert (await api.get("/sessions", page=last + 1, page_size=100)).json()["data"] == []
    # Changes are visible immediately.
    world.add_session("Jane Smith", "Cold Call Opener", NOW)
    answer = (await api.get("/sessions")).json()
    assert answer["pagination"]["total_count"] == total + 1


async def test_rate_limits(api: Exec) -> None:
    for _ in range(3):
        # Requests with invalid parameters count; those without a key don't.
        assert (await api.get("/workspace", x=1)).status_code == 400
        assert (
            await api.http.get(api.server.url, headers={"Authorization": ""})
        ).status_code == 401
        api.clock.tick(10)
    rejected = await api.get("/workspace")
    assert error(rejected) == (429, "rate_limited", "rate_limited")
    assert (rejected.json()["retry_after"], rejected.headers["Retry-After"]) == (30, "30")
    api.clock.tick(30)
    for _ in range(2):
        assert (await api.get("/workspace")).status_code == 200
        api.clock.tick(60)
    rejected = await api.get("/workspace")
    assert rejected.json()["retry_after"] == 24 * 3600 - 3 * 60
    api.clock.tick(rejected.json()["retry_after"])
    assert (await api.get("/workspace")).status_code == 200
    assert [request.status for request in api.server.requests].count(429) == 2


def test_a_fault_affects_its_path_a_number_of_times() -> None:
    faults = [ExecFault("html", times=2, path="/sessions", skip=1), ExecFault("reset", times=None)]
    met = [
        fault.kind if (fault := take(faults, path)) else None
        for path in ("/sessions", "/skills", "/sessions/x", "/sessions", "/sessions")
    ]
    assert met == ["reset", "reset", "html", "html", "reset"]
    assert [fault.kind for fault in faults] == ["reset"]
