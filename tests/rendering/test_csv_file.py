"""Tables as files: every program reads the same cells, and none takes one for a formula."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import By
from bot.rendering.csv_file import BOM, head, lines
from bot.reports.report import Cell, Column, Part

SUMMER = datetime(2026, 7, 1, 12, 30, 15, 123_000, tzinfo=UTC)
WINTER = datetime(2026, 1, 1, 12, 30, 15, tzinfo=UTC)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(), newline="")))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param("Jane", "Jane", id="text"),
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+41 44", "'+41 44", id="plus"),
        pytest.param("-Jane", "'-Jane", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\r=1", id="return"),
        pytest.param("\n=1", "'\n=1", id="line"),
        pytest.param("a=1", "a=1", id="further in"),
        pytest.param(12_000, "12000", id="count"),
        pytest.param(92.25, "92.3", id="score"),
        pytest.param(-3.0, "-3", id="fall"),
        pytest.param(float("nan"), "", id="no number"),
        pytest.param(SUMMER, "2026-07-01T14:30:15+02:00", id="summer"),
        pytest.param(Part(date(2026, 3, 16), By.WEEK, running=True), "2026-03-16", id="week"),
        pytest.param(WINTER, "2026-01-01T13:30:15+01:00", id="winter"),
    ],
)
def test_how_a_cell_is_written(cell: Cell, written: str) -> None:
    assert read(lines([(cell, "x")], "Europe/Berlin")) == [[written, "x"]]


def test_the_head_says_how_it_is_encoded() -> None:
    content = head((Column("Who", "name"), Column("Last vs best", "change")))
    assert content == BOM + b"Who,Last vs best\r\n"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_any_text_comes_back_and_is_no_formula(rows: list[tuple[str, str]]) -> None:
    found = read(lines(rows, "UTC"))
    assert len(found) == len(rows)
    for row, back in zip(rows, found, strict=True):
        for text, cell in zip(row, back, strict=True):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
