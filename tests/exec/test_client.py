"""How Exec's answers and errors are read."""

from __future__ import annotations

import json
import traceback
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.exec_server import ExecFault
from bot.errors import Broken, ExecError, Limited, Rejected, WorkspaceInactive, WrongKey
from bot.exec.budget import Budget, Purpose
from bot.exec.client import ExecClient, decipher, exec_http, query_string, read_row
from bot.exec.models import Assignment, NamedItem, Session, WorkspaceMember
from bot.storage.database import Database
from tests.conftest import START, FakeClock, MakeUrl
from tests.exec.company import Company, company

KEY, EMAIL = "exec_live_" + "k3y" * 13, "jane@acme.com"
SESSION = {
    "id": "abc123def456",
    "user": {"id": "u1a2b3c4d5e6", "email": EMAIL, "first_name": "Jane", "last_name": "Smith"},
    "scenario": {"id": "s1a2b3c4d5e6", "name": "Cold Call", "slug": "cold-call"},
    "score": 82.5,
    "rank": "gold",
    "duration_seconds": 347,
    "is_valid_attempt": True,
    "created_at": "2026-03-15T14:30:00Z",
}


@pytest.fixture
async def acme(clock: FakeClock) -> AsyncIterator[Company]:
    async with company(clock, sessions=120) as acme:
        yield acme


@pytest.fixture
async def database(sqlite_urls: MakeUrl) -> AsyncIterator[Database]:
    async with Database(sqlite_urls()) as database:
        yield database


async def test_a_failure_that_passes_costs_a_request_each_time(
    acme: Company, database: Database
) -> None:
    process = await acme.start(database)
    acme.exec.faults += [ExecFault("reset"), ExecFault("status"), ExecFault("cut")]
    with pytest.raises(Broken):
        await process.client.page("/sessions", Session, Purpose.PEOPLE)
    page = await process.client.page("/sessions", Session, Purpose.PEOPLE)
    assert (len(page.items), page.total) == (100, 120)
    assert await process.client.budget.used(Purpose.PEOPLE) == len(acme.exec.requests) == 4
    page = await process.client.page("/sessions", Session, Purpose.PEOPLE, number=2)
    assert len(page.items) == 20
    assert acme.exec.requests[-1].params == {"page": "2", "page_size": "100"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (ExecFault("wrong_key"), WrongKey),
        (ExecFault("inactive"), WorkspaceInactive),
        (ExecFault("html"), Broken),
        (ExecFault("garbage"), Broken),
        (ExecFault("hang"), Broken),
        (ExecFault("status", status=404), Rejected),
        (ExecFault("limited", seconds=20, inside=True, header=False), Limited),
    ],
)
async def test_a_failure_that_lasts_is_not_tried_again(
    acme: Company,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    fault: ExecFault,
    error: type[ExecError],
) -> None:
    process = await acme.start(database, deadline=0.05 if fault.kind == "hang" else 30)
    acme.exec.key, fault.path = KEY, "/sessions"
    acme.exec.faults.append(fault)
    http = exec_http(acme.exec.url, KEY)
    await acme.closing.enter_async_context(http)
    process.client._http = http
    with pytest.raises(error) as caught:
        await process.client.page("/sessions", Session, Purpose.PEOPLE, {"user_emails": EMAIL})
    trace = "".join(traceback.format_exception(caught.value))
    said = trace + repr(vars(caught.value)) + caplog.text
    assert [secret for secret in (KEY, EMAIL, "httpx.") if secret in said] == []
    assert len(acme.exec.requests) == 1
    if error is Limited:
        other = await acme.start(database)
        with pytest.raises(Limited):
            await other.client.page("/scenarios", NamedItem, Purpose.DUE)
        assert len(acme.exec.requests) == 1


def test_filters_in_a_query_string() -> None:
    east = datetime.fromisoformat("2026-03-01T00:30:00+02:00")
    query = query_string(
        {"user_ids": ["u1", "u2"], "exclude_system_users": True, "start_date": east}
    )
    assert query == {
        "user_ids": "u1,u2",
        "exclude_system_users": "true",
        "start_date": "2026-02-28T22:30:00Z",
    }
    with pytest.raises(ValueError, match="no value for user_ids"):  # which would mean everyone
        query_string({"user_ids": ()})


@pytest.mark.parametrize("id_", ["", ".", ".."])
async def test_an_id_that_names_another_address_is_not_asked_for(
    acme: Company, database: Database, id_: str
) -> None:
    process = await acme.start(database)
    with pytest.raises(Rejected, match="404"):
        await process.client.get("/sessions/{id}", Session, Purpose.PEOPLE, id_=id_)
    assert acme.exec.requests == []


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({"retry_after": 2.5}, {}, 2.5),
        ({"retry_after": 30}, {"Retry-After": "20"}, 30),
        ({}, {"Retry-After": "20"}, 20),
        ({"error": {"retry_after": "17"}}, {}, 17),
        ({"retry_after": "nan"}, {}, 1),
        ({}, {"Retry-After": "soon"}, 60),
        ({"retry_after": -5}, {}, 1),
        ({"retry_after": 1e12}, {}, 86_400),
    ],
)
def test_until_when_exec_refuses_requests(body: Any, headers: Any, seconds: float) -> None:
    error = decipher(429, headers, json.dumps(body).encode(), START)
    assert isinstance(error, Limited)
    assert error.until == START + timedelta(seconds=seconds)


@given(status=st.integers(200, 599), content=st.binary(max_size=80), header=st.text(max_size=20))
def test_any_answer_is_an_object_or_an_error(status: int, content: bytes, header: str) -> None:
    answer = decipher(status, {"Retry-After": header}, content, START)
    assert isinstance(answer, dict | ExecError)


def test_a_sentence_of_execs_is_no_code() -> None:
    body = json.dumps({"error": {"code": f"for {EMAIL}"}}).encode()
    assert str(decipher(400, {}, body, START)) == "400 unknown"


# Rows


@pytest.mark.parametrize(
    "changes",
    [
        {"user": None, "scenario": None, "score": None, "rank": None, "is_valid_attempt": None},
        {"id": 12, "rank": "platinum", "something": "new"},
        {"created_at": "2026-03-15T16:30:00+02:00", "score": float("nan")},
        {"user": {"id": "u1", "last_name": "Sm\0ith\ud800"}},
    ],
)
def test_nulls_and_news_are_read(changes: dict[str, Any]) -> None:
    body = decipher(200, {}, json.dumps(SESSION | changes).encode(), START)
    row = read_row(body, Session)
    assert isinstance(row, Session), row
    assert row.created_at == datetime(2026, 3, 15, 14, 30, tzinfo=UTC)
    assert row.user.last_name in ("", "Smith")


@pytest.mark.parametrize(
    "changes", [{"id": ""}, {"created_at": None}, {"user": "jane"}, {"score": "high"}]
)
async def test_a_row_that_cannot_be_read_does_not_cost_the_page(
    database: Database, clock: FakeClock, changes: dict[str, Any]
) -> None:
    rows = [SESSION, SESSION | changes]
    body = {"data": rows, "pagination": {"total_count": 2}}
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200, json=body)  # noqa: E731
    async with exec_http("https://exec.test", KEY, transport=httpx.MockTransport(answer)) as http:
        budget = Budget(database, clock=clock)
        client = ExecClient(http, budget, clock=clock, sleep=_no_sleep)
        page = await client.page("/sessions", Session, Purpose.PEOPLE)
        assert ([item.id for item in page.items], page.skipped) == ([SESSION["id"]], 1)
        rows.pop(0)
        with pytest.raises(Broken):
            await client.page("/sessions", Session, Purpose.PEOPLE)


async def _no_sleep(_: float) -> None:
    raise AssertionError


def test_members_come_flat_or_nested() -> None:
    flat = {"id": "u7", "email": EMAIL, "first_name": "Jane", "role": "admin"}
    user = {name: value for name, value in flat.items() if name != "role"}
    nested = {"id": "m1", "user": user, "role": "admin"}
    assert read_row(flat, WorkspaceMember) == read_row(nested, WorkspaceMember)


@given(
    st.dictionaries(
        st.sampled_from([*SESSION, "due_date", "program", "role", "slug", "name"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
        | st.lists(st.none(), max_size=1) | st.just({"id": []}),
    )
)  # fmt: skip
def test_any_row_is_read_or_named(changes: dict[str, Any]) -> None:
    for model in (Session, Assignment, WorkspaceMember, NamedItem):
        row = read_row(SESSION | changes, model)
        assert isinstance(row, str) or row.id
