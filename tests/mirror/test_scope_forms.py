"""A scope as a key in the database, and as parameters of Exec."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import words
from bot.language.query import Kind, Member, Named, ResolvedQuery
from bot.mirror.scope import ALL, NOTHING, Scope, keeps, of_query, parameters, widens
from tests.mirror.model import checked, scopes

NOW = datetime(2026, 3, 20, tzinfo=UTC)


@checked
@given(scopes, scopes)
def test_the_key_is_the_scope(one, other):
    assert Scope.from_key(one.key) == one
    assert (one.key == other.key) == (one == other)


odd = st.text(min_size=1).filter(lambda text: text.isprintable())


@checked
@given(st.frozensets(odd, min_size=1), st.booleans())
def test_ids_may_be_any_text(ids, system):
    scope = Scope(users=ids, system=system)
    assert Scope.from_key(scope.key) == scope


@pytest.mark.parametrize(
    ("scope", "key"),
    [
        (ALL, "all"),
        (Scope(system=False), "-system"),
        (NOTHING, "nothing"),
        (
            Scope(users=frozenset({"u2", "u1"}), skills=frozenset({"k"}), system=False),
            "users=u1,u2&skills=k&-system",
        ),
    ],
)
def test_keys_stay_the_same_for_ever(scope, key):
    assert scope.key == key
    assert Scope.from_key(key) == scope


@pytest.mark.parametrize("key", ["", "users=", "users=b,a", "people=a", "users=a&nothing", "all&"])
def test_other_texts_are_no_keys(key):
    with pytest.raises(ValueError, match=r"key|at least one|alone|unpack"):
        Scope.from_key(key)


def test_a_filter_without_values_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Scope(users=frozenset())
    with pytest.raises(ValueError, match="at least one"):
        Scope(users=frozenset({""}))
    with pytest.raises(ValueError, match="alone"):
        Scope(users=frozenset({"u1"}), nothing=True)


def test_nothing_holds_nothing_and_cannot_be_asked():
    assert not keeps(NOTHING, "u1", "s1", False)
    assert widens(NOTHING, NOTHING)
    assert widens(ALL, NOTHING)
    assert not widens(NOTHING, ALL)
    with pytest.raises(ValueError, match="asked"):
        parameters(NOTHING)


MANY = tuple(Member(f"u{n:02}", "", f"Person {n}") for n in range(25))


@checked
@given(
    st.none() | st.lists(st.sampled_from(MANY), min_size=1, unique=True).map(tuple),
    st.lists(
        st.builds(
            lambda kind, n: Named(kind, f"{kind}{n}", "Name"),
            st.sampled_from(Kind),
            st.integers(0, 3),
        ),
        unique=True,
    ).map(tuple),
    st.booleans(),
)
def test_a_scope_asks_exec_what_its_question_asks(people, names, include_system):
    query = ResolvedQuery(people=people, names=names, include_system=include_system)

    def as_sets(pairs: tuple[tuple[str, str], ...]) -> dict[str, set[str]]:
        return {name: set(value.split(",")) for name, value in pairs}

    asked = as_sets(words.parameters(query, now=NOW))
    assert as_sets(parameters(of_query(query))) == asked
