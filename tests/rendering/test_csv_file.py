"""Tables as files: every program reads the same cells, and none takes one for a formula."""

from __future__ import annotations

import csv
import unicodedata
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import By
from bot.rendering.csv_file import BOM, head, lines
from bot.reports.report import Amount, Cell, Column, Part

SUMMER = datetime(2026, 7, 1, 12, 30, 15, 123_000, tzinfo=UTC)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(), newline="")))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param("Jane", "Jane", id="text"),
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\r\n=1", "' =1", id="line"),
        pytest.param("＋41 44", "'＋41 44", id="full width"),
        pytest.param("a;=1;b", "a;'=1;b", id="behind a semicolon"),
        pytest.param("Sam\x07 \x1bLee", "Sam Lee", id="controls"),
        pytest.param("a=1", "a=1", id="further in"),
        pytest.param(92.25, "92.3", id="score"),
        pytest.param(float("nan"), "", id="no number"),
        pytest.param(Amount(-2.5, "change", signed=True), "-2.5", id="change"),
        pytest.param(SUMMER, "2026-07-01T14:30:15+02:00", id="summer"),
        pytest.param(Part(date(2026, 3, 16), By.WEEK, running=True), "2026-03-16", id="week"),
    ],
)
def test_how_a_cell_is_written(cell: Cell, written: str) -> None:
    assert read(lines([(cell, "x")], "Europe/Berlin")) == [[written, "x"]]


def test_the_head_says_how_it_is_encoded() -> None:
    content = head((Column("Who", "name"), Column("Last vs best", "change")))
    assert content == BOM + b"Who,Last vs best\r\n"


TEXTS = st.text("=+-@＝;,'\" \t\r\n\x00\x1f\u200bab", max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.sampled_from(",;"))
def test_no_text_is_a_formula_with_either_separator(
    rows: list[tuple[str, str]], separator: str
) -> None:
    content = lines(rows, "UTC").decode()
    for row in csv.reader(StringIO(content, newline=""), delimiter=separator):
        for cell in row:
            assert (
                not unicodedata.normalize("NFKC", cell)
                .lstrip(' "\u200b')
                .startswith(tuple("=+-@\t\r"))
            )
