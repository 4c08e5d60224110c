"""The two sides of a comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import UserError
from bot.language.filters import query_words
from bot.language.query import Kind, Member, ResolvedQuery
from bot.language.sides import sides
from tests.language.world import JANE, THINGS, query_of, resolved

BOB = Member("u2", "bob@acme.com", "Bob Jones")


def resolved_text(text: str) -> ResolvedQuery:
    query = query_of(text, report="compare")
    assert query_of(query_words(query), report="compare") == query
    made = replace(resolved(query), versus=query.versus)
    return replace(made, people=(JANE, BOB)) if len(query.people) == 2 else made


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("last month vs this month", "last month", "this month"),
        ("last month and this month", "last month", "this month"),
        ("@jane last week against this week", "last week", "this week"),
        ("@jane vs @bob last week", "Jane Smith", "Bob Jones"),
        ('group:"West Coast" versus group:rd', "West Coast", "R&D, Munich"),
    ],
)
def test_two_of_one_kind_are_the_sides(text: str, first: str, second: str) -> None:
    pair = sides(resolved_text(text))
    assert (pair.first.name, pair.second.name) == (first, second)


def test_all_other_filters_are_true_of_both() -> None:
    pair = sides(resolved_text("@jane last month vs this month gold"))
    for side in (pair.first, pair.second):
        assert side.query.people == (JANE,)
        assert side.query.ranks
        assert side.query.versus is None
    assert pair.first.query.period != pair.second.query.period
    groups = sides(resolved_text('group:west group:"West Coast" scenario:procurement-discovery'))
    assert [len(side.query.names) for side in (groups.first, groups.second)] == [2, 2]
    assert groups.kind is Kind.GROUP
    assert groups.first.query.groups != groups.second.query.groups


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(ResolvedQuery(None), id="nothing"),
        pytest.param(ResolvedQuery((JANE,), names=THINGS[:1]), id="a person and a group"),
        pytest.param(ResolvedQuery(None, names=THINGS[:3]), id="three groups"),
        pytest.param(ResolvedQuery((JANE, BOB), names=THINGS[:2]), id="two pairs"),
    ],
)
def test_anything_else_is_refused(query: ResolvedQuery) -> None:
    with pytest.raises(UserError):
        sides(query)


def test_namesakes_are_told_apart() -> None:
    pair = sides(ResolvedQuery((JANE, Member("u9", "jane2@acme.com", "Jane Smith"))))
    assert pair.first.name == "Jane Smith (jane@acme.com)"
    assert pair.second.name == "Jane Smith (jane2@acme.com)"
