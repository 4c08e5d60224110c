"""Settled sessions are looked at again now and then: they may be corrected or deleted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.practice.coverage import Coverage, Piece
from bot.practice.settling import DAY, HOUR, REREAD_EVERY, rereads
from bot.practice.walking import reach
from tests.practice.model import checked, counted

NOW = 100 * DAY


def held(*pieces: tuple[int, int, int]) -> Coverage:
    return Coverage.of(Piece(*piece) for piece in pieces)


def test_rereads_begin_with_what_was_not_seen_for_longest():
    created = [NOW - each * HOUR for each in range(2000, 0, -1)]
    coverage = held(
        (NOW - 80 * DAY, NOW - 60 * DAY, NOW - 40 * DAY),
        (NOW - 60 * DAY, NOW - 50 * DAY, NOW - 45 * DAY),
        (NOW - 50 * DAY, NOW - HOUR, NOW - HOUR),
    )
    first, second, *rest = rereads(coverage, now=NOW, pages=99, count=counted(created))
    assert first.end == NOW - 50 * DAY
    assert counted(created)(first.start, first.end) == 99
    assert first.full
    assert first.requests == 1
    assert second.end == first.start
    # 80 to 50 days ago: 30 days of a session an hour are 720, on pages of 99.
    assert 2 + len(rest) == 8
    assert rereads(coverage, now=NOW, pages=1, count=counted(created)) == (first,)
    assert rereads(coverage, now=NOW, pages=0, count=counted(created)) == ()


def test_nothing_unsettled_and_nothing_fresh_is_read_again():
    created = [NOW - each * HOUR for each in range(2000, 0, -1)]
    fresh = held((NOW - 80 * DAY, NOW - REREAD_EVERY, NOW - REREAD_EVERY + 1))
    assert rereads(fresh, now=NOW, pages=9, count=counted(created)) == ()
    unsettled = held((NOW - 20 * HOUR, NOW - 10 * HOUR, NOW - 10 * HOUR))
    assert rereads(unsettled, now=NOW, pages=9, count=counted(created), every=HOUR) == ()


@checked
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(0, 40)), max_size=8),
    st.integers(0, 300),
)
def test_every_settled_day_comes_round(pieces, per_day):
    """Doing what `rereads` says, day after day, all that is held is seen every ten days."""
    start = NOW - 60 * DAY
    coverage = Coverage()
    for first, length, age in pieces:
        end = min(start + (first + length) * DAY, NOW)
        as_of = max(end, NOW - age * DAY)
        if start + first * DAY < end:
            coverage = coverage.learn(Piece(start + first * DAY, end, as_of))

    def count(start: int, end: int) -> float:
        return per_day * (end - start) / DAY

    pages_held = 60 * per_day / 99
    for day in range(11):
        now = NOW + day * DAY
        for fetch in rereads(
            coverage, now=now, pages=int(pages_held) + 12, count=count, every=10 * DAY
        ):
            assert fetch.end is not None
            assert coverage.as_of(fetch.end - 1, fetch.end) is not None
            page = min(fetch.start, reach(count, fetch.end, 99))
            coverage = coverage.learn(Piece(page, fetch.end, now))
    assert coverage.stale(0, now - DAY, now - 10 * DAY + 1) == ()
