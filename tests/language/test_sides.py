"""What is compared with what, out of one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import UserError
from bot.language.filters import query_words
from bot.language.query import Kind, Member, ResolvedQuery
from bot.language.sides import sides
from tests.language.world import JANE, THINGS, heard, resolved

BOB = Member("u2", "bob@acme.com", "Bob Jones")


def asked(text):
    query = heard(text, report="compare")
    assert heard(query_words(query), report="compare") == query
    made = replace(resolved(query), versus=query.versus)
    return replace(made, people=(JANE, BOB)) if len(query.people) == 2 else made


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        pytest.param("last month vs this month", "last month", "this month", id="vs"),
        pytest.param("last month and this month", "last month", "this month", id="and"),
        pytest.param("@jane last week against this week", "last week", "this week", id="against"),
        pytest.param("@jane vs @bob last week", "Jane Smith", "Bob Jones", id="people"),
        pytest.param(
            'group:"West Coast" versus group:rd', "West Coast", "R&D, Munich", id="groups"
        ),
    ],
)
def test_two_of_one_kind_are_the_sides(text, first, second):
    found = sides(asked(text))
    assert (found.first.name, found.second.name) == (first, second)


def test_what_else_is_said_is_true_of_both():
    found = sides(asked("@jane last month vs this month gold"))
    for side in (found.first, found.second):
        assert side.query.people == (JANE,)
        assert side.query.ranks
        assert side.query.versus is None
    assert found.first.query.period != found.second.query.period
    groups = sides(asked('group:west group:"West Coast" scenario:procurement-discovery'))
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
def test_anything_else_is_told_in_a_sentence(query):
    with pytest.raises(UserError):
        sides(query)


def test_namesakes_are_told_apart():
    other = Member("u9", "jane2@acme.com", "Jane Smith")
    found = sides(ResolvedQuery((JANE, other)))
    assert found.first.name == "Jane Smith (jane@acme.com)"
    assert found.second.name == "Jane Smith (jane2@acme.com)"
