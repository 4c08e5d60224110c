from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.filters import exact_period, parameters, understood
from bot.language.query import Member, ResolvedQuery
from tests.language.test_period import ALL_FORMS, MOMENTS, ZONES
from tests.language.world import JANE, LATER, NOW, checked, heard, parse_period, resolved, sent


@pytest.mark.parametrize(
    ("said", "now", "parts"),
    [
        pytest.param(
            "<@U1> gold last 7d",
            NOW,
            ("Jane Smith", "gold", "last 7 days"),
            id="the-example",
        ),
        pytest.param("today", NOW, ("Everyone", "today"), id="a-day"),
        pytest.param("this week", NOW, ("Everyone", "this week"), id="week"),
        pytest.param("since 1 mar", NOW, ("Everyone", "since Sun 1 Mar"), id="since"),
        pytest.param("before 1 mar", NOW, ("Everyone", "until Sat 28 Feb"), id="before"),
        pytest.param("2026-03-29", LATER, ("Everyone", "Sun 29 Mar"), id="23-hour-day"),
        pytest.param(
            'group:west group:"West Coast" scenario:s1 skill:k1 program:p1 collection:c1',
            NOW,
            (
                "West and West Coast",
                "scenario Procurement Discovery",
                "skill Active Listening",
                "program Onboarding",
                "collection First Calls",
            ),
            id="names",
        ),
        pytest.param(
            "gold silver bronze valid score>=50 score<80 longer 5m best top 5 page 2 +system",
            NOW,
            (
                "Everyone",
                "gold, silver or bronze",
                "valid attempts",
                "score 50 or more and under 80",
                "longer than 5 min",
                "best first",
                "top 5",
                "page 2",
                "with Exec's own staff",
            ),
            id="everything-else",
        ),
        pytest.param(
            "score:70-85 length<=90s",
            NOW,
            ("Everyone", "score 70–85", "at most 90 s long"),
            id="up-to",
        ),
    ],
)
def test_understood(said: str, now: datetime, parts: tuple[str, ...]) -> None:
    assert understood(resolved(heard(said, now)), now=now) == parts


@pytest.mark.parametrize(
    ("said", "now", "dates"),
    [
        pytest.param("last 7d", NOW, "Fri 13 Mar 10:00 – Fri 20 Mar 10:00", id="rolling"),
        pytest.param("last 3h", NOW, "Fri 20 Mar 07:00 – 10:00", id="hours"),
        pytest.param(
            "last 3 months",
            NOW,
            "Sat, 20 Dec 2025 10:00 – Fri, 20 Mar 2026 10:00",
            id="two-years",
        ),
    ],
)
def test_exact_period(said: str, now: datetime, dates: str) -> None:
    assert exact_period(resolved(heard(said, now)), now) == dates


@pytest.mark.parametrize(
    ("count", "read"),
    [
        (1, "Person 0"),
        (2, "Person 0 and Person 1"),
        (3, "Person 0, Person 1 and Person 2"),
        (4, "Person 0, Person 1 and 2 more"),
        (7, "Person 0, Person 1 and 5 more"),
    ],
)
def test_several_people(count: int, read: str) -> None:
    people = tuple(Member(f"u{n}", "", f"Person {n}") for n in range(count))
    assert understood(ResolvedQuery(people), now=NOW) == (read,)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("+system", ""),
        ("", "exclude_system_users=true"),
        ("newest +system", ""),
        ("oldest +system", "sorting=created_at"),
        ("worst +system", "sorting=score"),
        ("shortest +system", "sorting=duration"),
        ("valid score>=80 longer 5m top 5 page 2 +system", ""),
        (
            "collection:c1 program:p1 skill:k1 scenario:s1 group:g1 group:g2 +system",
            "group_ids=g1,g2 scenario_ids=s1 skill_ids=k1 program_ids=p1 collection_ids=c1",
        ),
        ("today +system", "start_date=2026-03-19T23:00:00Z end_date=2026-03-20T09:00:00Z"),
        ("since 1 mar +system", "start_date=2026-02-28T23:00:00Z"),
        ("until 1 mar +system", "end_date=2026-03-01T22:59:59.999Z"),
        ("until 2027 +system", "end_date=2026-03-20T09:00:00Z"),
    ],
)
def test_parameters(said: str, expected: str) -> None:
    assert sent(said) == expected


@pytest.mark.parametrize(
    ("people", "name"),
    [
        pytest.param([JANE] * 20, "user_emails", id="twenty"),
        pytest.param([JANE] * 21, "user_ids", id="twenty-one"),
        pytest.param([JANE, Member("u2", "", "Bob")], "user_ids", id="one-without-address"),
    ],
)
def test_people_by_address_or_id(people: list[Member], name: str) -> None:
    (sent_name, value), _ = parameters(ResolvedQuery(tuple(people)), now=NOW)
    assert sent_name == name
    assert len(value.split(",")) == len(people)


@checked
@given(st.sampled_from([row[1] for row in ALL_FORMS]), st.sampled_from(ZONES), MOMENTS)
def test_what_is_sent_is_the_interval(said: str, zone_name: str, moment: int) -> None:
    now, zone = datetime.fromtimestamp(moment, UTC), ZoneInfo(zone_name)
    try:
        period = parse_period(said.replace("..", " .. ").split(), now, zone)
    except ParseError:
        return
    query = ResolvedQuery(None, period=period)
    pairs = {name: datetime.fromisoformat(v) for name, v in parameters(query, now=now)[:-1]}
    if period.start:
        assert pairs["start_date"] == period.start.astimezone(UTC)
    if period.end and (period.closed or period.end > now):
        assert pairs["end_date"] == now
    elif period.end:
        assert pairs["end_date"] == period.end.astimezone(UTC) - timedelta(milliseconds=1)
    if len(pairs) == 2:
        assert pairs["start_date"] <= pairs["end_date"]
