"""The line below an answer that says how the question was read."""

from __future__ import annotations

import pytest

from bot.language.filters import exact_period, understood
from bot.language.query import Member, ResolvedQuery
from tests.language.tables import rows
from tests.language.world import NOW, query_of, resolved


@pytest.mark.parametrize(("said", "parts"), rows("described.tsv"))
def test_a_question_is_described(said: str, parts: str) -> None:
    assert understood(resolved(query_of(said)), now=NOW) == tuple(parts.split(" / "))


def test_a_period_of_whole_days_has_its_dates() -> None:
    dates = {
        "last week": "Mon 9 Mar – Sun 15 Mar",
        "q4": "Wed, 1 Oct – Wed, 31 Dec 2025",
        "since 1 mar": "since Sun 1 Mar",
        "last 7d": "",
        "all time": "",
    }
    assert {said: exact_period(resolved(query_of(said)), NOW) for said in dates} == dates


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (2, "Person 0 and Person 1"),
        (3, "Person 0, Person 1 and Person 2"),
        (4, "Person 0, Person 1 and 2 more"),
    ],
)
def test_several_people_are_named_or_counted(count: int, names: str) -> None:
    people = tuple(Member(f"u{n}", "", f"Person {n}") for n in range(count))
    assert understood(ResolvedQuery(people), now=NOW) == (names,)
