"""The client over a faked network: what it asks, what it costs, and what it never says."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.errors import (
    Broken,
    ExecError,
    Limited,
    Rejected,
    WrongKey,
)
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.storage.database import Database
from bot.storage.tables import budget_request
from tests.conftest import START, FakeClock, MakeUrl

KEY = "exec_live_" + "k3y" * 13 + "z"
EMAIL = "jane@acme.com"
FIRST = ((), 1, 100)
FILTERS = (("user_emails", EMAIL), ("sorting", "-created_at"))
Answer = httpx.Response | Exception
Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


def row(number: int, **changes: Any) -> dict[str, Any]:
    user = {"id": "u1", "email": EMAIL, "first_name": "Jane"}
    created = (START - timedelta(minutes=number)).isoformat()
    return {"id": f"s{number}", "user": user, "created_at": created, **changes}


def page(rows: list[dict[str, Any]], request: httpx.Request) -> httpx.Response:
    number, size = (int(request.url.params[name]) for name in ("page", "page_size"))
    pagination = {
        "page": number,
        "page_size": size,
        "total_count": len(rows),
        "total_pages": -(-len(rows) // size),
    }
    cut = rows[(number - 1) * size : number * size]
    return httpx.Response(200, json={"data": cut, "pagination": pagination})


def workspace() -> httpx.Response:
    return httpx.Response(200, json={"id": "w", "name": "Acme", "url_slug": "acme"})


def no_sessions() -> httpx.Response:
    pagination = {"page": 1, "page_size": 100, "total_count": 0, "total_pages": 0}
    return httpx.Response(200, json={"data": [], "pagination": pagination})


class CutOff(httpx.AsyncByteStream):
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"id": "w", "na'
        raise self.error


@dataclass
class Bench:
    """A client, and a record of everything around it."""

    database: Database
    clock: FakeClock
    requests: list[httpx.Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    seen: list[tuple[str, str, float]] = field(default_factory=list)
    https: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def budget(self) -> Budget:
        return Budget(self.database, clock=self.clock)

    def client(self, handler: Handler, **options: Any) -> ExecClient:
        async def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            answer = handler(request)
            return answer if isinstance(answer, httpx.Response) else await answer

        http = exec_http("https://exec.test/rest/v1", KEY, transport=httpx.MockTransport(handle))
        self.https.append(http)
        return ExecClient(
            http,
            self.budget,
            clock=self.clock,
            sleep=self.sleep,
            random=lambda: 0.5,
            observe=lambda *each: self.seen.append(each),
            **options,
        )

    def scripted(self, *answers: Answer, **options: Any) -> ExecClient:
        """A client that gets these answers one after the other."""
        left = list(answers)

        def handler(_: httpx.Request) -> httpx.Response:
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return self.client(handler, **options)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.tick(seconds)

    async def spent(self) -> int:
        async with self.database.transaction(reads=True) as connection:
            count = sa.select(sa.func.count()).select_from(budget_request)
            return (await connection.execute(count)).scalar_one()

    async def spend(self, count: int, at: datetime) -> None:
        async with self.database.transaction() as connection:
            rows = [{"at": at, "purpose": "before"}] * count
            await connection.execute(budget_request.insert(), rows)


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is slept is asserted here, and not slept.
    monkeypatch.setattr("bot.exec_api.client.BACKOFF_SECONDS", (0.2, 0.8))


@pytest.fixture
async def bench(sqlite_urls: MakeUrl, clock: FakeClock) -> AsyncIterator[Bench]:
    async with Database(sqlite_urls()) as database:
        bench = Bench(database, clock)
        yield bench
        for http in bench.https:
            await http.aclose()


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Our own log lines, all of them; and never the key or an e-mail in one."""
    # As the program does: httpx logs whole addresses.
    caplog.set_level(logging.WARNING, "httpx")
    caplog.set_level(logging.DEBUG, "bot")
    return caplog


def assert_tells_nothing(error: BaseException) -> None:
    each: BaseException | None = error
    words = "".join(traceback.format_exception(error))
    while each is not None:
        words += f"{each!s} {each!r} {each.args!r} {vars(each)!r}"
        each = each.__cause__ or each.__context__
    assert KEY not in words
    assert "k3yk3y" not in words
    assert EMAIL not in words
    assert "httpx." not in words


# What is asked


async def test_a_request_as_exec_sees_it(bench: Bench) -> None:
    client = bench.client(lambda _: workspace())
    found = await client.workspace(purpose="test")
    assert (found.name, found.url_slug) == ("Acme", "acme")
    (request,) = bench.requests
    assert str(request.url) == "https://exec.test/rest/v1/workspace"
    assert request.method == "GET"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert await bench.spent() == 1


async def ask_members(client: ExecClient) -> object:
    return await client.members(("g1", "g2"), purpose="t")


async def ask_everyone(client: ExecClient) -> object:
    return await client.members(purpose="t")


async def ask_assignments(client: ExecClient) -> object:
    return await client.assignments(user_ids=["u1", "u2"], purpose="t")


LIST = {"page": "1", "page_size": "100"}


@pytest.mark.parametrize(
    ("ask", "path", "params"),
    [
        pytest.param(ask_members, "/workspace/members", {"group_ids": "g1,g2"}, id="members"),
        pytest.param(ask_everyone, "/workspace/members", {}, id="everyone"),
        pytest.param(lambda c: c.groups(purpose="t"), "/workspace/groups", {}, id="groups"),
        pytest.param(lambda c: c.scenarios(purpose="t"), "/scenarios", {}, id="scenarios"),
        pytest.param(lambda c: c.skills(purpose="t"), "/skills", {}, id="skills"),
        pytest.param(lambda c: c.collections(purpose="t"), "/collections", {}, id="collections"),
        pytest.param(
            ask_assignments,
            "/scenarios/assignments",
            {"user_ids": "u1,u2"},
            id="assignments",
        ),
    ],
)
async def test_lists(
    bench: Bench, ask: Callable[[ExecClient], Any], path: str, params: dict[str, str]
) -> None:
    client = bench.client(lambda request: page([{"id": "x1", "name": "X"}], request))
    (found,) = await ask(client)
    assert found.id == "x1"
    assert bench.requests[0].url.path == f"/rest/v1{path}"
    assert dict(bench.requests[0].url.params) == {**params, **LIST}


async def test_a_list_reads_all_pages_and_drops_repeats(bench: Bench) -> None:
    rows = [{"id": f"g{n % 220}", "name": "G"} for n in range(250)]
    groups = await bench.client(lambda request: page(rows, request)).groups(purpose="test")
    assert [group.id for group in groups] == [f"g{n}" for n in range(220)]
    assert await bench.spent() == len(bench.requests) == 3


async def test_assignments_of_nobody_are_not_those_of_everyone(bench: Bench) -> None:
    client = bench.client(lambda request: page([], request))
    assert await client.assignments(user_ids=(), purpose="test") == ()
    assert bench.requests == []


async def test_a_session_in_full(bench: Bench) -> None:
    client = bench.client(lambda _: httpx.Response(200, json=row(1, positive_feedback="Good")))
    detail = await client.session("s/1?", ("transcript", "evaluations"), purpose="test")
    assert detail.positive_feedback == "Good"
    assert bench.requests[0].url.raw_path == (
        b"/rest/v1/sessions/s%2F1%3F?include=transcript%2Cevaluations"
    )
    assert bench.seen[0][:2] == ("/sessions/{id}", "ok")


@pytest.mark.parametrize("id", ["", ".", ".."])
async def test_a_session_id_that_names_another_address(bench: Bench, id: str) -> None:
    with pytest.raises(Rejected, match="404"):
        await bench.scripted().session(id, purpose="test")
    assert await bench.spent() == 0


async def test_an_unreadable_row_is_left_out_and_logged(
    bench: Bench, logged: pytest.LogCaptureFixture
) -> None:
    rows = [row(1), {"id": None, "user": {"email": EMAIL}}, row(3, user=None)]
    client = bench.client(lambda request: page(rows, request))
    found = await client.sessions_page((), 1, 50, purpose="test")
    assert [each.id for each in found.page.items] == ["s1", "s3"]
    assert "exec /sessions: 1 rows left out, unreadable (id)" in logged.messages


# What goes wrong

CUT = httpx.RemoteProtocolError(f"peer closed connection {KEY}")
RESET = httpx.ReadError(f"reset {KEY} {EMAIL}")


NO_JSON = "(/sessions: no JSON object)"


@pytest.mark.parametrize(
    ("answer", "kind", "text", "tries"),
    [
        pytest.param(lambda: httpx.Response(401), WrongKey, "", 1, id="401"),
        pytest.param(lambda: httpx.Response(500), Broken, "status", 3, id="500"),
        pytest.param(
            lambda: httpx.Response(301, headers={"Location": "https://evil.test/"}),
            Broken,
            "status",
            3,
            id="redirect",
        ),
        pytest.param(
            lambda: httpx.Response(200, html="<p>Hi"), Broken, f"html {NO_JSON}", 3, id="html"
        ),
        pytest.param(
            lambda: httpx.Response(200, stream=CutOff(CUT)),
            Broken,
            f"body {NO_JSON}",
            3,
            id="cut-off",
        ),
        pytest.param(lambda: CUT, Broken, "reset", 3, id="hung-up"),
        pytest.param(lambda: RESET, Broken, "reset", 3, id="reset"),
        pytest.param(lambda: httpx.ReadTimeout(KEY), Broken, "timeout", 1, id="read-timeout"),
        pytest.param(
            lambda: httpx.Response(200, json={}),
            Broken,
            "body (/sessions: data)",
            1,
            id="wrong-shape",
        ),
    ],
)
async def test_every_kind_of_failure(
    bench: Bench,
    logged: pytest.LogCaptureFixture,
    answer: Callable[[], Answer],
    kind: type[ExecError],
    text: str,
    tries: int,
) -> None:
    client = bench.scripted(*(answer() for _ in range(tries)))
    with pytest.raises(ExecError) as info:
        await client.sessions_page(FILTERS, 1, 50, purpose="test")
    assert (type(info.value), str(info.value)) == (kind, text)
    assert_tells_nothing(info.value)
    assert KEY not in logged.text
    assert EMAIL not in logged.text
    assert len(bench.requests) == await bench.spent() == tries
    assert all(request.url.host == "exec.test" for request in bench.requests)
    assert bench.slept == pytest.approx([0.5] * (tries - 1))


async def test_a_short_failure_is_mended(bench: Bench, logged: pytest.LogCaptureFixture) -> None:
    client = bench.scripted(httpx.Response(502), CUT, workspace())
    assert (await client.workspace(purpose="test")).id == "w"
    assert [each[:2] for each in bench.seen] == [
        ("/workspace", "broken_status"),
        ("/workspace", "broken_reset"),
        ("/workspace", "ok"),
    ]
    assert logged.messages == [f"exec {path}: {outcome}" for path, outcome, _ in bench.seen]
    assert await bench.spent() == 3


async def test_one_deadline_over_connecting_reading_and_all_attempts(bench: Bench) -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.01)

    client = bench.client(lambda _: httpx.Response(200, stream=Drip()), deadline=0.1)
    with pytest.raises(Broken, match="timeout") as info:
        await client.workspace(purpose="test")
    assert_tells_nothing(info.value)
    assert len(bench.requests) == await bench.spent() == 1
    ((_, outcome, seconds),) = bench.seen
    assert outcome == "broken_timeout"
    assert seconds > 0.09  # the deadline, not the end of the drip


# Limits


def too_many(seconds: float) -> httpx.Response:
    return httpx.Response(429, json={"retry_after": seconds})


async def test_a_429_is_waited_for_and_shared(bench: Bench) -> None:
    client = bench.scripted(too_many(20), no_sessions())
    await client.sessions_page(*FIRST, purpose="t")
    assert bench.slept == [20.5]
    assert [outcome for _, outcome, _ in bench.seen] == ["limited", "ok"]
    assert await bench.spent() == 2


async def test_a_429_blocks_all_processes(bench: Bench) -> None:
    with pytest.raises(Limited) as info:
        await bench.scripted(too_many(3600)).sessions_page((), 1, 100, purpose="test")
    assert (info.value.whose, info.value.until) == ("exec", START + timedelta(hours=1))
    assert_tells_nothing(info.value)
    assert bench.slept == []
    with pytest.raises(Limited):
        await bench.scripted().workspace(purpose="another process")
    assert await bench.spent() == 1


# Together


# The HTTP client


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param("exec_live_k3yk3y\nX-Other: 1", id="line-break"),
        pytest.param("exec_live_k3yk3yé", id="no-ascii"),
    ],
)
def test_a_key_that_cannot_be_sent_is_not_quoted_in_an_error(key: str) -> None:
    with pytest.raises(WrongKey) as info:
        exec_http("https://exec.test", key)
    assert_tells_nothing(info.value)
