"""Scopes share their rows: what a look at one does to what is claimed of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.mirror.coverage import Coverage, Piece, Span
from bot.mirror.reconcile import Changes, compare, news
from bot.mirror.scope import ALL, Scope
from bot.mirror.walking import Lesson, Row
from tests.mirror.model import Mirror

JANE = Scope(users=frozenset({"jane"}))
BOB = Scope(users=frozenset({"bob"}))
PITCH = Scope(scenarios=frozenset({"pitch"}))
SKILL = Scope(skills=frozenset({"listening"}))

ONE = Row("one", 10, "jane", "pitch", False, (None,))
TWO = Row("two", 20, "bob", "pitch", False, (None,))
THREE = Row("three", 30, "jane", "demo", False, (80,))
BESIDE = Row("beside", 10, "bob", "pitch", False, (None,))  # in the same instant as ONE
GRADED = replace(ONE, content=(75,))


def looked(*looks: tuple[Scope, int, tuple[Row, ...]]) -> Mirror:
    """After looks at all of [0, 100): of a scope, as of a moment, with what it brought."""
    mirror = Mirror()
    for scope, as_of, rows in looks:
        mirror.learn(scope, Lesson(Piece(0, 100, as_of), rows))
    return mirror


def claims(mirror: Mirror, scope: Scope) -> list[tuple[int, int, int]]:
    return [(each.start, each.end, each.as_of) for each in mirror.known[scope].held]


def test_a_look_at_everybody_answers_for_every_narrower_scope():
    mirror = looked((JANE, 100, (THREE, ONE)), (ALL, 200, (TWO, ONE)))
    assert claims(mirror, ALL) == [(0, 100, 200)]
    assert claims(mirror, JANE) == []
    assert set(mirror.rows.values()) == {ONE, TWO}


def test_a_grade_seen_in_a_narrow_look_is_known_of_the_wide_scope_at_that_instant_only():
    mirror = looked((ALL, 100, (THREE, TWO, ONE)), (JANE, 200, (THREE, GRADED)))
    assert claims(mirror, ALL) == [(0, 10, 100), (10, 11, 200), (11, 100, 100)]
    assert claims(mirror, JANE) == [(0, 100, 200)]


def test_an_instant_of_which_only_a_part_was_seen_again_is_forgotten():
    mirror = looked((ALL, 100, (TWO, ONE, BESIDE)), (JANE, 200, (GRADED,)))
    assert claims(mirror, ALL) == [(0, 10, 100), (11, 100, 100)]


def test_a_deletion_goes_for_all_scopes():
    mirror = looked((PITCH, 100, (TWO, ONE)), (SKILL, 110, (ONE,)), (JANE, 200, ()))
    assert set(mirror.rows.values()) == {TWO}
    assert claims(mirror, PITCH) == [(0, 10, 100), (10, 11, 200), (11, 100, 100)]
    assert mirror.members[SKILL] == set()
    assert claims(mirror, SKILL) == [(0, 10, 110), (11, 100, 110)]


def test_what_left_a_dark_scope_stays_with_the_others():
    mirror = looked((ALL, 100, (TWO, ONE)), (SKILL, 110, (TWO, ONE)), (SKILL, 200, (TWO,)))
    assert set(mirror.rows.values()) == {ONE, TWO}
    assert mirror.members[SKILL] == {"two"}
    assert claims(mirror, ALL) == [(0, 100, 100)]
    assert claims(mirror, SKILL) == [(0, 100, 200)]


def test_a_grade_makes_nobody_sure_that_the_session_is_still_in_a_dark_scope():
    mirror = looked((SKILL, 100, (TWO, ONE)), (ALL, 200, (TWO, GRADED)))
    assert claims(mirror, SKILL) == [(0, 10, 100), (11, 100, 100)]


def test_nothing_changed_leaves_all_claims_as_they_were():
    mirror = looked((ALL, 100, (TWO, ONE)), (SKILL, 110, (ONE,)), (JANE, 200, (ONE,)))
    assert claims(mirror, ALL) == [(0, 100, 100)]
    assert claims(mirror, SKILL) == [(0, 100, 110)]


def test_a_late_answer_counts_for_nothing_where_a_newer_look_answers_for_it():
    known = {
        ALL: Coverage.of([Piece(0, 20, 300), Piece(40, 50, 150)]),
        PITCH: Coverage.of([Piece(60, 70, 300)]),
        JANE: Coverage.of([Piece(70, 90, 300)]),
        BOB: Coverage.of([Piece(90, 95, 300)]),
    }
    spans = (Span(20, 70), Span(90, 100))
    assert news(known, JANE, Piece(0, 100, 200)) == spans
    late = Lesson(Piece(0, 100, 200), (THREE, GRADED))
    assert compare(JANE, late, spans, [ONE], frozenset()) == Changes(save=(THREE,))


def test_a_late_answer_that_agrees_with_a_newer_look_is_taken_in():
    mirror = looked((JANE, 201, (THREE, GRADED)), (ALL, 200, (THREE, TWO, GRADED)))
    assert set(mirror.rows.values()) == {GRADED, TWO, THREE}
    assert claims(mirror, ALL) == [(0, 100, 200)]
    assert claims(mirror, JANE) == [(0, 100, 201)]


@pytest.mark.parametrize(
    ("newer", "brought", "at", "held"),
    [
        pytest.param(JANE, (THREE, GRADED), 10, {GRADED, TWO, THREE}, id="graded since"),
        pytest.param(JANE, (ONE,), 30, {ONE, TWO}, id="deleted since"),
        pytest.param(PITCH, (TWO, GRADED), 10, {GRADED, TWO, THREE}, id="neither is wider"),
        pytest.param(SKILL, (GRADED,), 10, {GRADED, TWO, THREE}, id="graded, in a skill"),
    ],
)
def test_a_newer_look_stands_where_a_late_answer_contradicts_it(newer, brought, at, held):
    mirror = looked((newer, 201, brought), (ALL, 200, (THREE, TWO, ONE)))
    assert set(mirror.rows.values()) == held
    assert claims(mirror, ALL) == [(0, at, 200), (at + 1, 100, 200)]
    assert claims(mirror, newer) == [(0, 100, 201)]


def test_neither_of_two_scopes_that_overlap_answers_for_the_other():
    mirror = looked((PITCH, 201, (TWO, GRADED)), (JANE, 200, (THREE, ONE)))
    assert set(mirror.rows.values()) == {GRADED, TWO, THREE}
    assert claims(mirror, JANE) == [(0, 10, 200), (11, 100, 200)]
    assert claims(mirror, PITCH) == [(0, 100, 201)]


def test_what_others_hold_from_before_follows_a_late_answer():
    mirror = looked(
        (PITCH, 100, (TWO, ONE)), (JANE, 110, (THREE, ONE)), (BOB, 201, (TWO,)), (ALL, 200, (TWO,))
    )
    assert set(mirror.rows.values()) == {TWO}
    assert claims(mirror, ALL) == [(0, 100, 200)]
    assert claims(mirror, PITCH) == []
    assert claims(mirror, JANE) == []
    assert claims(mirror, BOB) == [(0, 100, 201)]


def test_a_row_that_a_skill_did_not_have_contradicts_nothing():
    mirror = looked((SKILL, 201, (TWO,)), (ALL, 200, (THREE, TWO, ONE)))
    assert claims(mirror, ALL) == [(0, 100, 200)]
    assert claims(mirror, SKILL) == [(0, 100, 201)]
    assert mirror.members[SKILL] == {"two"}


def test_a_late_answer_about_a_skill_gives_members_only_where_it_agrees():
    mirror = looked((JANE, 201, (THREE, GRADED)), (SKILL, 200, (THREE, TWO, ONE)))
    assert set(mirror.rows.values()) == {GRADED, TWO, THREE}
    assert mirror.members[SKILL] == {"two", "three"}
    assert claims(mirror, SKILL) == [(0, 10, 200), (11, 100, 200)]
    assert claims(mirror, JANE) == [(0, 100, 201)]


def test_only_what_changed_is_written():
    look = Lesson(Piece(0, 100, 200), (TWO, GRADED))
    whole = (Span(0, 100),)
    changes = compare(SKILL, look, whole, [ONE, TWO, THREE], {"one", "three"})
    assert changes == Changes(save=(GRADED,), joined=frozenset({"two"}), left=frozenset({"three"}))
    assert compare(ALL, look, whole, [GRADED, TWO], frozenset()) == Changes()
