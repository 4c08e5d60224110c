"""Reading a list that moves, against a brute-force model of Exec's offset paging."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Rejected
from bot.exec_api.models import Session
from bot.exec_api.paging import SessionPages, read_pages
from bot.exec_api.wire import Page

NOW = datetime(2026, 3, 16, tzinfo=UTC)
SIZE = 3
# What happens between two requests: (what, where), where as a share of the list.
Change = tuple[str, float]


@dataclass
class MovingList:
    """A list that changes before the n-th request (from 0) as `script[n]` says."""

    rows: list[str]
    script: list[list[Change]] = field(default_factory=list)
    strict: bool = False
    newest: int = 0
    asked: list[tuple[int, bool]] = field(default_factory=list)
    # For each request: the rows as it found them, and whether rows both came and went before it.
    states: list[list[str]] = field(default_factory=list)
    mixed: list[bool] = field(default_factory=list)

    async def fetch(self, number: int, fixed: bool) -> tuple[Page[Session], int]:
        changes = self.script[len(self.asked)] if len(self.asked) < len(self.script) else []
        self.asked.append((number, fixed))
        for what, where in changes:
            self.change(what, where)
        self.states.append(list(self.rows))
        self.mixed.append(len({what for what, _ in changes}) > 1 or "move" in dict(changes))
        pages = -(-len(self.rows) // SIZE)
        if self.strict and number > max(1, pages):
            raise Rejected(400, "invalid_pagination")
        cut = self.rows[(number - 1) * SIZE : number * SIZE]
        items = tuple(Session(id=each, created_at=NOW) for each in cut)
        return Page(items, number, SIZE, len(self.rows), pages), 1

    def change(self, what: str, where: float) -> None:
        at = int(where * len(self.rows))
        if what in {"go", "move"} and not self.rows:
            return
        if what == "go":
            self.rows.pop(at)
        elif what == "come":
            self.newest += 1
            self.rows.insert(at, f"new{self.newest}")
        else:
            # A new grade: the row changes its place in a list that is sorted by score.
            self.rows.insert(int((1 - where) * len(self.rows)), self.rows.pop(at))


def letters(count: int) -> list[str]:
    return [f"r{n}" for n in range(count)]


async def read(moving: MovingList, max_pages: int = 99) -> SessionPages:
    return await read_pages(moving.fetch, max_pages=max_pages)


def ids(found: SessionPages) -> list[str]:
    return [row.id for row in found.rows]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7, 30])
async def test_a_list_that_holds_still(count: int) -> None:
    moving = MovingList(letters(count))
    found = await read(moving)
    pages = max(1, -(-count // SIZE))
    assert ids(found) == letters(count)
    assert (found.total, found.complete, found.moved) == (count, True, False)
    assert found.requests == found.pages_read == pages
    assert moving.asked == [(n + 1, n > 0) for n in range(pages)]


async def test_no_more_than_max_pages() -> None:
    found = await read(MovingList(letters(10)), max_pages=2)
    assert ids(found) == letters(6)
    assert (found.total, found.total_pages, found.pages_read) == (10, 4, 2)
    assert (found.complete, found.moved) == (False, False)


async def test_exactly_max_pages_is_complete() -> None:
    assert (await read(MovingList(letters(6)), max_pages=2)).complete


async def test_at_least_one_page() -> None:
    with pytest.raises(ValueError, match="max_pages"):
        await read(MovingList([]), max_pages=0)


async def test_a_move_starts_the_reading_again_with_a_fixed_end() -> None:
    moving = MovingList(letters(7), [[], [("come", 0.0)]])
    found = await read(moving)
    assert ids(found) == ["new1", *letters(7)]
    assert (found.total, found.complete, found.moved) == (8, True, True)
    assert moving.asked == [(1, False), (2, True), (1, True), (2, True), (3, True)]
    assert found.requests == 5


async def test_a_move_within_the_list_shows_by_a_row_that_comes_again() -> None:
    moving = MovingList(letters(7), [[], [("move", 0.99)]])
    found = await read(moving)
    assert ids(found) == moving.rows
    assert found.moved


async def test_rows_that_go_in_the_second_pass_make_it_step_back_one_page() -> None:
    moving = MovingList(letters(12), [[], [("go", 0.0)], [], [], [("go", 0.0)]])
    found = await read(moving)
    # Before the request for page 3 r1 goes, and r7 moves up to page 2, which was read already.
    assert moving.asked[2:] == [(1, True), (2, True), (3, True), (2, True), (4, True)]
    assert ids(found) == letters(12)[1:]
    assert (found.total, found.complete, found.moved) == (10, True, True)


async def test_rows_that_go_before_every_request_do_not_stop_the_reading() -> None:
    moving = MovingList(letters(30), [[], *[[("go", 0.0)]] * 99])
    found = await read(moving)
    assert set(moving.rows) <= set(ids(found))
    assert (found.complete, found.moved) == (True, True)


async def test_the_newest_word_on_a_row_counts() -> None:
    moving = MovingList(letters(6), [[], [("go", 0.0)], [], [("go", 0.0)]])
    graded = 0

    async def fetch(number: int, fixed: bool) -> tuple[Page[Session], int]:
        nonlocal graded
        page, cost = await moving.fetch(number, fixed)
        graded += 1
        items = tuple(item.model_copy(update={"score": graded}) for item in page.items)
        return Page(items, page.page, SIZE, page.total_count, page.total_pages), cost

    found = await read_pages(fetch, max_pages=9)
    scores = {row.id: row.score for row in found.rows}
    assert scores["r2"] == scores["r3"] == 5


async def test_a_page_that_is_gone_may_be_refused() -> None:
    moving = MovingList(letters(7), [[], [], [("go", 0.0)]], strict=True)
    found = await read(moving)
    assert ids(found) == letters(7)[1:]
    assert (found.complete, found.moved) == (True, True)


async def test_a_page_that_is_always_refused_is_an_error() -> None:
    async def fetch(number: int, fixed: bool) -> tuple[Page[Session], int]:
        if number > 2:
            raise Rejected(400, "invalid_pagination")
        return await moving.fetch(number, fixed)

    moving = MovingList(letters(12))
    with pytest.raises(Rejected):
        await read_pages(fetch, max_pages=9)
    assert len(moving.asked) < 10


async def test_progress() -> None:
    steps: list[tuple[int, int]] = []

    async def on_page(read: int, wanted: int) -> None:
        steps.append((read, wanted))

    await read_pages(MovingList(letters(7)).fetch, max_pages=2, on_page=on_page)
    assert steps == [(1, 2), (2, 2)]


places = st.floats(0, 0.999)
any_change = st.tuples(st.sampled_from(["go", "come", "move"]), places)
scripts = st.lists(
    st.one_of(
        st.just([]),
        st.lists(st.tuples(st.just("go"), places), max_size=4),
        st.lists(st.tuples(st.just("come"), places), max_size=4),
        st.lists(any_change, max_size=3),
    ),
    max_size=14,
)


@settings(max_examples=500000)
@given(count=st.integers(0, 16), script=scripts, strict=st.booleans(), max_pages=st.integers(1, 9))
async def test_nothing_twice_and_nothing_missed_that_paging_can_show(
    count: int, script: list[list[Change]], strict: bool, max_pages: int
) -> None:
    moving = MovingList(letters(count), script, strict=strict)
    try:
        found = await read(moving, max_pages)
    except Rejected:
        assert strict
        return
    got = ids(found)
    assert len(set(got)) == len(got)
    assert found.requests == len(moving.asked) <= 3 * max_pages
    assert found.total == len(moving.states[-1]) or strict
    # The last pass: from the last request with the end open, or from the restart after it.
    began = max(
        n for n, (number, _) in enumerate(moving.asked) if number == 1 and n in (0, *starts(moving))
    )
    states, mixed = moving.states[began:], moving.mixed[began + 1 :]
    if any(mixed) or not found.complete:
        return
    stayed = set(states[0]).intersection(*states[1:])
    assert stayed <= set(got)
    if all(state == states[0] for state in states):
        assert got == states[0]
    else:
        assert found.moved


def starts(moving: MovingList) -> list[int]:
    """Where a second pass began: page 1 with a fixed end, the first time."""
    return [n for n, asked in enumerate(moving.asked) if asked == (1, True)][:1]


@settings(max_examples=8000)
@given(count=st.integers(0, 16), first=st.lists(any_change, max_size=4), at=st.integers(0, 5))
async def test_a_second_pass_that_holds_still_is_exact(
    count: int, first: list[Change], at: int
) -> None:
    moving = MovingList(letters(count), [[] for _ in range(at)] + [first])
    found = await read(moving)
    if starts(moving):
        assert ids(found) == moving.rows
        assert found.moved
    elif at >= len(moving.asked) or not at:
        assert ids(found) == moving.rows
        assert not found.moved
