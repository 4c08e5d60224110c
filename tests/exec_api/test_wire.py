"""Building requests and deciphering answers: tables."""

from __future__ import annotations

import json
import traceback
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Broken, ExecError, Limited, Rejected
from bot.exec_api import wire
from bot.exec_api.models import (
    Assignment,
    Item,
    Scenario,
    Session,
    User,
    WorkspaceMember,
)
from bot.exec_api.wire import decipher, item_of, list_parameters, page_of

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
EXAMPLE = {
    "id": "abc123def456",
    "user": {
        "id": "u1a2b3c4d5e6",
        "email": "jane@acme.com",
        "first_name": "Jane",
        "last_name": "Smith",
    },
    "scenario": {
        "id": "s1a2b3c4d5e6",
        "name": "Procurement Discovery",
        "slug": "procurement-discovery",
    },
    "score": 82.5,
    "rank": "gold",
    "duration_seconds": 347,
    "is_valid_attempt": True,
    "created_at": "2026-03-15T14:30:00Z",
}
PAGINATION = {"page": 1, "page_size": 50, "total_count": 128, "total_pages": 3}


# Requests


def test_list_parameters_write_every_kind_of_value() -> None:
    assert list_parameters(
        2,
        100,
        user_ids=("u1", "u2"),
        exclude_system_users=True,
        rank=["gold"],
        start_date=datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))),
        sorting="-score",
        group_ids=None,
    ) == (
        ("user_ids", "u1,u2"),
        ("exclude_system_users", "true"),
        ("rank", "gold"),
        ("start_date", "2026-02-28T22:30:00Z"),
        ("sorting", "-score"),
        ("page", "2"),
        ("page_size", "100"),
    )


@pytest.mark.parametrize(
    ("page", "size", "filters"),
    [
        pytest.param(0, 50, (), id="page-0"),
        pytest.param(1, 0, (), id="no-rows"),
        pytest.param(1, 101, (), id="too-many-rows"),
        pytest.param(1, 50, (("user_ids", ""),), id="nobody-is-not-everyone"),
    ],
)
def test_list_parameters_refuse(page: int, size: int, filters: wire.Pairs) -> None:
    with pytest.raises(ValueError, match=r"page|user_ids"):
        list_parameters(page, size, filters)


# Answers


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def error_body(code: str, kind: str = "invalid_request") -> bytes:
    return body({"error": {"type": kind, "code": code, "message": "for jane@acme.com"}})


NO_CODE = body({"error": {"type": "not_found", "message": "Session not found: 7"}})


def caught(status: int, content: bytes, headers: dict[str, str] | None = None) -> ExecError:
    with pytest.raises(ExecError) as info:
        decipher(status, headers or {}, content, NOW)
    error = info.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert "jane@acme.com" not in "".join(traceback.format_exception(error)) + repr(error)
    return error


@pytest.mark.parametrize(
    ("status", "content", "kind", "text"),
    [



        pytest.param(404, error_body("nope"), Rejected, "404 nope", id="404"),
        pytest.param(404, NO_CODE, Rejected, "404 not_found", id="404-by-type"),

        pytest.param(422, body({"error": "jane@acme.com"}), Rejected, "422 unknown", id="422"),
        pytest.param(400, error_body("no jane@acme.com"), Rejected, "400 unknown", id="sentence"),

        pytest.param(503, b"<html>", Broken, "status", id="503-html"),

        pytest.param(204, b"", Broken, "status", id="no-content"),

        pytest.param(200, b'{"data": [{"id": "jane@acme.com', Broken, "body", id="cut-off"),

        pytest.param(200, b"[1]", Broken, "body", id="no-object"),

        pytest.param(200, b"[" * 200_000, Broken, "body", id="deep"),
        pytest.param(200, b"1" * 9000, Broken, "body", id="long-number"),
    ],
)  # fmt: skip
def test_errors(status: int, content: bytes, kind: type[ExecError], text: str) -> None:
    error = caught(status, content)
    assert (type(error), str(error)) == (kind, text)


@pytest.mark.parametrize(
    ("content", "headers", "seconds"),
    [

        pytest.param({"retry_after": 0.5}, {}, 1, id="a-second-at-least"),
        pytest.param({"retry_after": 2.5}, {}, 2.5, id="fraction"),
        pytest.param({"retry_after": "17"}, {}, 17, id="numeric-string"),
        pytest.param({"error": {"retry_after": 17}}, {}, 17, id="inside-the-error"),
        pytest.param({}, {"retry-after": "20"}, 20, id="header"),

        pytest.param({}, {"Retry-After": "Mon, 16 Mar 2026 09:31:10 GMT"}, 70, id="date"),

        pytest.param({}, {"Retry-After": "Mon, 16 Mar 2020 09:31:10 GMT"}, 1, id="past"),

        pytest.param({"retry_after": 30}, {"Retry-After": "20"}, 30, id="body-is-later"),

        pytest.param({"retry_after": None}, {"Retry-After": "soon"}, 60, id="no-sense"),
        pytest.param({"retry_after": True}, {}, 60, id="bool"),
        pytest.param({"retry_after": "nan"}, {}, 60, id="nan"),
        pytest.param({"retry_after": -5}, {}, 1, id="negative"),
        pytest.param({"retry_after": 1e12}, {}, 86400, id="absurd"),



        pytest.param({}, {"Retry-After": f"Fri, {'9' * 30} Dec 9999 23:59:59 GMT"}, 60, id="odd"),

    ],
)  # fmt: skip
def test_limited(content: Any, headers: dict[str, str], seconds: float) -> None:
    error = caught(429, body(content), headers)
    assert isinstance(error, Limited)
    assert (error.whose, error.until) == ("exec", NOW + timedelta(seconds=seconds))


@given(status=st.integers(200, 599), content=st.binary(max_size=80), header=st.text(max_size=20))
def test_any_answer_is_an_object_or_an_error_of_ours(
    status: int, content: bytes, header: str
) -> None:
    try:
        parsed = decipher(status, {"Retry-After": header, "Content-Type": header}, content, NOW)
    except ExecError:
        return
    assert isinstance(parsed, dict)


# Pages and rows


def sessions(*rows: Any) -> wire.Page[Session]:
    return page_of({"data": list(rows), "pagination": PAGINATION}, Session)


def test_the_published_example() -> None:
    page = sessions(EXAMPLE)
    assert (page.page, page.page_size, page.total_count, page.total_pages) == (1, 50, 128, 3)
    assert page.items == (
        Session(
            id="abc123def456",
            user=User(
                id="u1a2b3c4d5e6", email="jane@acme.com", first_name="Jane", last_name="Smith"
            ),
            scenario=Scenario(
                id="s1a2b3c4d5e6", name="Procurement Discovery", slug="procurement-discovery"
            ),
            score=82.5,
            rank="gold",
            duration_seconds=347,
            is_valid_attempt=True,
            created_at=datetime(2026, 3, 15, 14, 30, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        pytest.param({"user": "jane"}, "user", User(), id="user-odd"),
        pytest.param({"user": {"id": "u", "email": None}}, "user", User(id="u"), id="no-email"),
        pytest.param({"scenario": {"id": 7}}, "scenario", Scenario(id="7"), id="number-id"),
        pytest.param({"score": "high"}, "score", None, id="score-odd"),
        pytest.param({"rank": ["gold"]}, "rank", None, id="rank-odd"),
        pytest.param({"rank": "platinum"}, "rank", "platinum", id="rank-new"),
        pytest.param({"is_valid_attempt": None}, "is_valid_attempt", False, id="valid-null"),
        pytest.param({"id": 12}, "id", "12", id="id-number"),
        pytest.param(
            {"created_at": "2026-03-15T16:30:00+02:00"},
            "created_at",
            datetime(2026, 3, 15, 14, 30, tzinfo=UTC),
            id="offset",
        ),
    ],
)
def test_odd_fields_are_tolerated(changes: dict[str, Any], field: str, expected: Any) -> None:
    page = sessions(EXAMPLE | changes)
    assert getattr(page.items[0], field) == expected
    assert page.unreadable == ()


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(None, id="null"),
        pytest.param([], id="list"),
        pytest.param(EXAMPLE | {"id": None}, id="no-id"),
        pytest.param(EXAMPLE | {"id": ""}, id="empty-id"),
        pytest.param(EXAMPLE | {"created_at": None}, id="no-moment"),
        pytest.param(EXAMPLE | {"created_at": "9999-12-31T23:59:59-10:00"}, id="off-calendar"),
    ],
)
def test_a_row_that_cannot_be_read_does_not_cost_the_page(row: Any) -> None:
    page = sessions(EXAMPLE, row)
    assert [item.id for item in page.items] == ["abc123def456"]
    assert len(page.unreadable) == 1
    with pytest.raises(Broken, match="body") as info:
        sessions(row)
    assert info.value.__context__ is None


@pytest.mark.parametrize(
    "parsed",
    [
        pytest.param({"data": []}, id="no-pagination"),
        pytest.param({"data": [], "pagination": "soon"}, id="pagination-odd"),
        pytest.param({"data": [], "pagination": PAGINATION | {"page_size": 0}}, id="size-0"),
        pytest.param({"data": [], "pagination": PAGINATION | {"total_count": None}}, id="no-count"),
    ],
)
def test_what_is_no_page_is_broken(parsed: dict[str, Any]) -> None:
    with pytest.raises(Broken, match="body"):
        page_of(parsed, Session)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            {"id": "u7", "email": "jane@acme.com", "first_name": "Jane", "role": "admin"}, id="flat"
        ),
        pytest.param(
            {
                "id": "m1",
                "user": {"id": "u7", "email": "jane@acme.com", "first_name": "Jane"},
                "role": "admin",
            },
            id="nested",
        ),
    ],
)
def test_members_come_flat_or_nested(row: dict[str, Any]) -> None:
    (member,) = page_of({"data": [row], "pagination": PAGINATION}, WorkspaceMember).items
    assert (member.id, member.email, member.name, member.role) == (
        "u7",
        "jane@acme.com",
        "Jane",
        "admin",
    )


def test_an_assignment_with_nulls() -> None:
    row = {"id": "a", "user": None, "attempt_count": None, "due_date": "soon", "program": None}
    assignment = item_of(row, Assignment)
    assert (assignment.user, assignment.attempt_count) == (User(), 0)
    assert (assignment.due_date, assignment.program) == (None, None)


@given(
    st.dictionaries(
        st.sampled_from([*EXAMPLE, "due_date", "program", "role", "slug", "name"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["id", "email", "name"]), inner, max_size=2)
            ),
            max_leaves=4,
        ),
    )
)
def test_any_row_is_read_or_counted(changes: dict[str, Any]) -> None:
    for model in (Session, Assignment, WorkspaceMember, Item, Scenario):
        good: dict[str, Any] = EXAMPLE
        page = page_of({"data": [good, good | changes], "pagination": PAGINATION}, model)
        assert len(page.items) + len(page.unreadable) == 2
