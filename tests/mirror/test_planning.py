"""What is held answers; otherwise the fewest requests, and everybody's sessions on a tie."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.coverage import DAY, HOUR, MINUTE, Coverage, Piece, Span
from bot.mirror.planning import Asked, Part, Plan, plan
from bot.mirror.scope import ALL, NOTHING, Scope, expand
from bot.mirror.walking import Fetch, requests
from tests.mirror.model import checked

NOW = 1000 * DAY
JANE = Scope(users=frozenset({"jane"}))
JANE_PITCH = Scope(users=frozenset({"jane"}), scenarios=frozenset({"pitch"}))
SKILL = Scope(skills=frozenset({"listening"}))
WEST = Scope(groups=frozenset({"west"}), system=False)
WEST_PEOPLE = expand(WEST, groups={"west": {"jane", "bob"}})
# Sessions in a day: everybody's, and those of any narrower scope.
PER_DAY, NARROW_PER_DAY = 3000, 4


def density(scope: Scope, start: int, end: int) -> float:
    return (PER_DAY if scope == ALL else NARROW_PER_DAY) * (end - start) / DAY


def held(*pieces: tuple[int, int, int]) -> Coverage:
    """Pieces as [start, end) and as-of, all counted back from now."""
    return Coverage.of(Piece(NOW - start, NOW - end, NOW - as_of) for start, end, as_of in pieces)


def planned(asked: Scope, start: int, end: int, known: dict[Scope, Coverage], **how: Any) -> Plan:
    """The plan for what was created from `start` to `end` before now."""
    how = {"freshness": MINUTE, "estimate": density, **how}
    expanded = how.pop("expanded", None)
    question = Asked(asked, expanded, NOW - start, NOW - end, how.pop("expanded_at", 0))
    return plan(question, now=NOW, known=known, **how)


def test_what_is_held_of_everybody_answers_for_one():
    known = {ALL: held((9 * DAY, DAY, 5 * HOUR), (DAY, 0, 0))}
    found = planned(JANE, 7 * DAY, 0, known)
    assert found.parts == (
        Part(NOW - 7 * DAY, NOW - DAY, NOW - 5 * HOUR, ALL, JANE),
        Part(NOW - DAY, NOW, NOW, ALL, JANE),
    )
    assert (found.answerable, found.requests) == (True, 0)
    assert (found.as_of, found.until) == (NOW - 5 * HOUR, NOW)


def test_several_scopes_answer_together_and_the_newest_look_wins():
    known = {
        ALL: held((2 * DAY, 0, 0)),
        JANE: held((9 * DAY, DAY, HOUR)),
        JANE_PITCH: held((8 * DAY, 7 * DAY, 0)),
        SKILL: held((99 * DAY, 0, 0)),
        Scope(users=frozenset({"bob"})): held((99 * DAY, 0, 0)),
    }
    found = planned(JANE_PITCH, 9 * DAY, 0, known)
    assert [(part.scope, (NOW - part.start) // DAY) for part in found.parts] == [
        (JANE, 9),
        (JANE_PITCH, 8),
        (JANE, 7),
        (ALL, 2),
    ]
    assert found.answerable


@pytest.mark.parametrize(("seconds", "answerable"), [(1, True), (60, True), (61, False)])
def test_only_the_last_minute_may_be_missing(seconds, answerable):
    tail = seconds * 1000
    known = {ALL: held((7 * DAY, tail, tail))}
    found = planned(JANE, 7 * DAY, 0, known)
    assert found.answerable is answerable
    if answerable:
        assert found.until == found.as_of == NOW - tail
    else:
        assert found.fetches == (Fetch(ALL, NOW - tail, None, True, 1),)


def test_a_question_about_the_last_minute_only():
    known = {ALL: held((DAY, MINUTE, MINUTE))}
    found = planned(JANE, 30_000, 0, known)
    assert (found.answerable, found.parts, found.until) == (True, (), NOW - MINUTE)
    assert not planned(JANE, 30_000, 0, {}).answerable
    assert not planned(JANE, 30_000, 0, {ALL: held((DAY, 2 * MINUTE, MINUTE))}).answerable


def test_a_hole_within_the_last_minute_is_no_live_edge():
    known = {SKILL: held((DAY, 30_000, 0), (29_000, 0, 0))}
    found = planned(SKILL, DAY, 0, known)
    assert found.fetches == (Fetch(SKILL, NOW - 30_000, None, True, 1),)


def test_deep_history_is_asked_for_narrowly_once():
    known = {ALL: held((90 * DAY, 0, 0))}
    found = planned(JANE, 100 * DAY, 0, known)
    assert found.fetches == (Fetch(JANE, NOW - 100 * DAY, NOW - 90 * DAY, False, 1),)
    later = {**known, JANE: held((100 * DAY, 90 * DAY, 0))}
    assert planned(JANE, 100 * DAY, 0, later).answerable
    assert planned(JANE_PITCH, 100 * DAY, 0, later).answerable


def test_a_tie_goes_to_everybody():
    known = {ALL: held((9 * DAY, 30 * MINUTE, MINUTE), (MINUTE, 0, 0))}
    found = planned(JANE, 7 * DAY, 0, known)
    # The newest full page reaches as far back, so it brings the newest sessions as well.
    assert found.fetches == (Fetch(ALL, NOW - 30 * MINUTE, None, True, 1),)
    known = {ALL: held((9 * DAY, 5 * DAY, DAY), (5 * DAY - 9 * MINUTE, 0, 0))}
    found = planned(JANE, 7 * DAY, 0, known)
    end = NOW - 5 * DAY + 9 * MINUTE
    assert found.fetches == (Fetch(ALL, NOW - 5 * DAY, end, False, 1),)


def test_with_nothing_held_the_newest_page_is_everybodys_and_the_rest_is_narrow():
    found = planned(JANE, 7 * DAY, 0, {})
    live, rest = found.fetches
    assert (live.scope, live.live, live.full, live.requests) == (ALL, True, True, 1)
    assert density(ALL, live.start, NOW) == pytest.approx(79.2, abs=1)
    assert (rest.scope, rest.start, rest.end) == (JANE, NOW - 7 * DAY, live.start)
    assert found.requests == 2
    assert not found.answerable


def test_everybodys_own_question_has_no_narrower_one():
    found = planned(ALL, DAY, 0, {})
    assert found.fetches == (Fetch(ALL, NOW - DAY, None, True, requests(PER_DAY)),)


def test_what_only_exec_can_tell_is_asked_of_exec_and_holes_share_a_page():
    known = {
        ALL: held((99 * DAY, 0, 0)),
        SKILL: held((9 * DAY, 2 * HOUR, HOUR), (2 * HOUR - 1, HOUR, HOUR)),
    }
    found = planned(SKILL, 7 * DAY, 0, known)
    assert found.fetches == (Fetch(SKILL, NOW - 2 * HOUR, None, True, 1),)


def test_a_group_is_answered_by_its_roster_or_asked_by_its_id():
    known = {ALL: held((90 * DAY, 0, 0))}
    found = planned(WEST, 30 * DAY, 0, known, expanded=WEST_PEOPLE)
    assert [(part.scope, part.narrow) for part in found.parts] == [(ALL, WEST_PEOPLE)]
    assert not planned(WEST, 30 * DAY, 0, known).answerable
    deep = planned(WEST, 100 * DAY, 0, known, expanded=WEST_PEOPLE)
    assert [fetch.scope for fetch in deep.fetches] == [WEST]
    then = {**known, WEST: held((100 * DAY, 90 * DAY, 0))}
    found = planned(WEST, 100 * DAY, 0, then, expanded=WEST_PEOPLE)
    assert [(part.scope, part.narrow) for part in found.parts] == [(WEST, WEST), (ALL, WEST_PEOPLE)]


def test_nobody_is_answered_without_asking():
    for how in ({"asked": NOTHING}, {"asked": WEST, "expanded": NOTHING}):
        asked = how.pop("asked")
        found = planned(asked, DAY, 0, {}, **how)
        assert (found.parts, found.fetches, found.as_of) == ((), (), NOW)


def test_the_future_needs_no_look():
    assert planned(JANE, -DAY, -2 * DAY, {}).answerable
    known = {ALL: held((DAY, 0, 0))}
    assert planned(JANE, DAY, -7 * DAY, known).answerable


def test_a_refresh_counts_what_was_seen_before_as_missing():
    known = {ALL: held((DAY, HOUR, HOUR), (HOUR, 0, 0))}
    found = planned(JANE, 7 * HOUR, 0, known, not_before=NOW - MINUTE)
    assert [(fetch.scope, fetch.start) for fetch in found.fetches] == [(JANE, NOW - 7 * HOUR)]
    assert not planned(JANE, 7 * HOUR, 0, known, not_before=NOW + 1).parts


LINE = 40
END = 10_000  # far before now, so that the newest page is of no use

gaps = (
    st.sets(st.integers(0, LINE), min_size=2, max_size=10)
    .map(sorted)
    .map(lambda edges: [Span(a, b) for a, b in list(pairwise(edges))[::2]])
)


@checked
@given(
    gaps,
    st.lists(st.tuples(st.integers(0, 7), st.booleans()), min_size=LINE, max_size=LINE),
    st.booleans(),
)
def test_no_other_fetches_would_cost_less(gaps, rows, is_remote):
    """Against every way to cut the gaps into runs, asked for everybody or narrowly."""
    asked = SKILL if is_remote else JANE
    edges = [0, *(edge for gap in gaps for edge in (gap.start, gap.end)), LINE]
    known = {
        asked: Coverage.of(
            Piece(a, b, END) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b
        )
    }

    def count(scope: Scope, start: int, end: int) -> int:
        if end > LINE:
            return 10**6
        return sum(n for n, mine in rows[start:end] if scope == ALL or mine)

    found = plan(
        Asked(asked, None, 0, LINE),
        now=END,
        freshness=0,
        known=known,
        estimate=count,
        page_size=5,
    )
    ways = [asked] if is_remote else [ALL, asked]

    def costs() -> Any:
        for n in range(len(gaps)):
            for cuts in combinations(range(1, len(gaps)), n):
                runs = [gaps[a:b] for a, b in pairwise([0, *cuts, len(gaps)])]
                for scopes in product(ways, repeat=len(runs)):
                    each = [
                        requests(count(scope, run[0].start, run[-1].end), 5)
                        for scope, run in zip(scopes, runs, strict=True)
                    ]
                    narrow = sum(c for c, scope in zip(each, scopes, strict=True) if scope != ALL)
                    yield sum(each), narrow

    narrow = sum(fetch.requests for fetch in found.fetches if fetch.scope != ALL)
    assert (found.requests, narrow) == min(costs())
    assert all(any(f.start <= g.start and g.end <= f.end for f in found.fetches) for g in gaps)


def test_a_thousand_holes_are_planned_quickly_and_cheaply():
    known = {SKILL: held(*((day * HOUR, day * HOUR - HOUR + 1, 0) for day in range(1, 1000)))}
    found = planned(SKILL, 999 * HOUR, 0, known)
    assert found.requests <= 3
