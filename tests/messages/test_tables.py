"""Pages of 25 rows, and cells whose number is the one that is shown."""

from __future__ import annotations

import csv
import unicodedata
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import By
from bot.messages.csv import BOM, head, lines
from bot.messages.tables import Written, page, truncated, written_row
from bot.reports.report import Amount, Cell, CellForm, Column, Part
from tests.golden import samples


@given(st.integers(0, 130), st.integers(-5, 200))
def test_pages_show_every_row_once(count: int, start: int) -> None:
    rows = list(range(count))
    shown: list[int] = []
    at: int | None = 0
    while at is not None:
        one = page(rows, at)
        assert one == page(rows, at + 1) or not one.shown[1:]
        assert (one.first, one.last) == (at + 1 if rows else 0, at + len(one.shown))
        assert one.previous_start == (at - 25 if at else None)
        shown, at = [*shown, *one.shown], one.next_start
    assert shown == rows
    assert len(page(rows, start).shown) <= 25


def test_rows_that_are_not_loaded_yet_make_a_next_page() -> None:
    assert page(range(25), 0).next_start is None
    more = page(range(25), 0, total=40)
    assert (more.next_start, more.next_count) == (25, 15)


def test_nobody_reads_and_1_more() -> None:
    assert truncated("abcd", 3).shown == ("a", "b", "c", "d")
    assert (truncated("abcde", 3).shown, truncated("abcde", 3).more) == (("a", "b", "c"), 2)


@pytest.mark.parametrize(
    ("form", "cell", "text", "value"),
    [
        ("average", 70.9551282051282, "71.0", 71.0),
        ("score", 92.25, "92.3", 92.3),
        ("count", 1204, "1,204", 1204),
        ("percent", 66.66666, "67%", 67),
        ("length", 1585, "26 min", 1560),
        ("duration", 432, "7 min 12 s", None),
        ("change", Amount(-2.449, "average", signed=True, over=(5, 12)), "-2.4 (5 vs 12)", -2.4),
        ("change", Amount(0.0, "average", signed=True), "0.0", 0.0),
        ("average", None, "–", None),
        ("name", "", "–", None),
    ],
)
def test_a_cell_carries_the_number_it_shows(
    form: CellForm, cell: Cell, text: str, value: float | None
) -> None:
    (found,) = written_row([cell], [Column("x", form)], samples.answer())
    assert found == Written(text, value)


SUMMER = datetime(2026, 7, 1, 12, 30, 15, 123_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Jane", "Jane"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\r\n=1", "' =1"),
        ("＋41 44", "'＋41 44"),
        ("a;=1;b", "a;'=1;b"),
        ("Sam\x07 \x1bLee", "Sam Lee"),
        (92.25, "92.3"),
        (90.0, "90"),
        (1204, "1204"),
        (None, ""),
        (Amount(-2.5, "change", signed=True), "-2.5"),
        (SUMMER, "2026-07-01T14:30:15+02:00"),
        (Part(date(2026, 3, 16), By.WEEK, running=True), "2026-03-16"),
    ],
)
def test_cells_of_a_csv(cell: Cell, written: str) -> None:
    assert lines([(cell, "x")], "Europe/Berlin").decode() == f"{written},x\r\n"


def test_a_csv_has_the_columns_of_its_table() -> None:
    content = head((Column("Who", "name"), Column("Last vs best", "change")))
    assert content == BOM + b"Who,Last vs best\r\n"


TEXTS = st.text("=+-@＝;,'\" \t\r\n\x00\x1f\u200bab", max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.sampled_from(",;"))
def test_no_cell_is_a_formula(rows: list[tuple[str, str]], separator: str) -> None:
    content = StringIO(lines(rows, "UTC").decode(), newline="")
    for row in csv.reader(content, delimiter=separator):
        for cell in row:
            start = unicodedata.normalize("NFKC", cell).lstrip(' "\u200b')
            assert not start.startswith(tuple("=+-@\t"))
