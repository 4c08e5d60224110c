"""Scopes: what may be narrowed to what, proved over every world of a small universe."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.scope import (
    ALL,
    NOTHING,
    Scope,
    expand,
    related,
    widens,
)
from bot.mirror.walking import Row
from tests.mirror.model import SCENARIOS, USERS, World, checked, local_scopes, narrow, scopes


def some(*names: str) -> list[frozenset[str] | None]:
    """Any, and each choice of one or more."""
    return [None, *(frozenset(c) for n in range(1, len(names) + 1) for c in combinations(names, n))]


# A session that every kind of scope may or may not hold: its person, scenario, and in which
# bundles Exec counts it. The scopes name two of each, so that the third is nobody's.
LOCAL = list(product(("u1", "u2", "u3"), ("s1", "s2"), (True, False)))  # an id says no e-mail
REMOTE_PAIRS = [("groups", "skills"), ("programs", "collections"), ("groups", "programs")]


def universe(remote: tuple[str, str]) -> list[Scope]:
    values = product(some("u1", "u2"), some("s1"), some("a", "b"), some("c", "d"), (True, False))
    scopes = [
        Scope(users=u, scenarios=s, **{remote[0]: one, remote[1]: other}, system=system)
        for u, s, one, other, system in values
    ]
    return [*scopes, NOTHING]


def matching(scope: Scope, remote: tuple[str, str]) -> tuple[int, ...]:
    """For each local row, the set (bits) of all bundles it may be in with which it matches."""
    memberships = list(product(*(some("a", "b"), some("c", "d"))))
    found = []
    for user, scenario, is_system in LOCAL:
        bits = 0
        for number, (one, other) in enumerate(memberships):
            inside = (one or frozenset(), other or frozenset())
            wanted = (getattr(scope, remote[0]), getattr(scope, remote[1]))
            local = (
                not scope.nothing
                and (scope.users is None or user in scope.users)
                and (scope.scenarios is None or scenario in scope.scenarios)
                and (scope.system or not is_system)
            )
            if local and all(w is None or w & i for w, i in zip(wanted, inside, strict=True)):
                bits |= 1 << number
        found.append(bits)
    return tuple(found)


def can_be_narrowed(wide: tuple[int, ...], narrow: tuple[int, ...]) -> bool:
    """Whether any rule at all could tell the rows of `narrow` from what rows of `wide` show.

    Rows that look the same here must all belong, or none of them, whatever they are in.
    """
    return all(n & ~w == 0 and n in (0, w) for w, n in zip(wide, narrow, strict=True))


@pytest.mark.parametrize("remote", REMOTE_PAIRS, ids="-".join)
def test_widens_is_exactly_what_any_rule_could_do(remote):
    scopes = universe(remote)
    matches = {scope: matching(scope, remote) for scope in scopes}
    for wide in scopes:
        for narrow_ in scopes:
            possible = can_be_narrowed(matches[wide], matches[narrow_])
            assert widens(wide, narrow_) == possible, (wide, narrow_)


rosters = st.fixed_dictionaries(
    {name: st.frozensets(st.sampled_from(USERS)) for name in ("g1", "g2")}
)
rows = st.builds(
    lambda n, user, scenario: Row(str(n), n, user, scenario, user.startswith("x")),
    st.integers(0, 30),
    st.sampled_from(USERS),
    st.sampled_from(SCENARIOS),
)
bundles = st.frozensets(st.sampled_from(SCENARIOS))
worlds = st.builds(
    World,
    rows=st.frozensets(rows, max_size=12),
    groups=rosters,
    skills=st.fixed_dictionaries({"k1": bundles, "k2": bundles}),
    collections=st.fixed_dictionaries({"c1": bundles}),
    programs=st.fixed_dictionaries(
        {"p1": st.frozensets(st.tuples(st.sampled_from(USERS), st.sampled_from(SCENARIOS)))}
    ),
)


@st.composite
def nested(draw: st.DrawFn) -> tuple[Scope, Scope]:
    """Two scopes, most often one that widens the other."""
    narrow_ = draw(scopes)
    wide = replace(
        narrow_,
        users=draw(
            st.sampled_from([None, narrow_.users, narrow_.users and narrow_.users | {"u9"}])
        ),
        scenarios=draw(st.sampled_from([None, narrow_.scenarios])),
        system=narrow_.system or draw(st.booleans()),
    )
    return draw(st.sampled_from([(wide, narrow_), (narrow_, wide), (draw(scopes), narrow_)]))


@checked
@given(worlds, nested())
def test_narrowing_the_wide_rows_gives_the_narrow_ones(world, pair):
    wide, narrow_ = pair
    if widens(wide, narrow_):
        assert narrow(world.select(wide), narrow_) == set(world.select(narrow_))


@checked
@given(worlds, local_scopes)
def test_everybodys_rows_answer_every_question_but_those_for_exec_alone(world, scope):
    assert widens(ALL, scope)
    assert narrow(world.select(ALL), scope) == set(world.select(scope))


@checked
@given(worlds, scopes)
def test_groups_become_people_and_skills_and_collections_scenarios(world, scope):
    expanded = expand(
        scope, groups=world.groups, skills=world.skills, collections=world.collections
    )
    assert (expanded.groups, expanded.skills, expanded.collections) == (None, None, None)
    assert world.select(expanded) == world.select(scope)


@checked
@given(scopes)
def test_without_every_roster_groups_stay_groups(scope):
    assert expand(scope, groups={"g1": {"u1"}}).groups == (
        None if scope.groups == {"g1"} else scope.groups
    )


def test_groups_and_people_narrow_each_other():
    west = {"west": frozenset({"u1", "u2"}), "east": frozenset({"u3"}), "empty": frozenset()}

    def people(*groups: str, users: frozenset[str] | None = None) -> Scope:
        return expand(Scope(groups=frozenset(groups), users=users), groups=west)

    assert people("west", "east").users == {"u1", "u2", "u3"}
    assert people("west", users=frozenset({"u2", "u3"})).users == {"u2"}
    assert people("west", users=frozenset({"u3"})) == NOTHING
    assert people("empty") == NOTHING


@checked
@given(worlds, scopes, scopes)
def test_unrelated_scopes_share_no_session(world, one, other):
    if not related(one, other):
        assert not set(world.select(one)) & set(world.select(other))
