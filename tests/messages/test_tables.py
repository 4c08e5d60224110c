"""Pages of 25 rows, and cells with a number to sort by."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.query import By
from bot.messages.csv import BOM, head, lines
from bot.messages.csv import cell as file_cell
from bot.messages.tables import cell, few, page, table_values
from bot.reports._report import WHO, Change, Column, Figures, Format, PeriodPart
from bot.reports.table import BY_WORD
from tests.reports.company import NOW, ZONE


@dataclass(frozen=True)
class Row:
    x: Any
    who: str = "Jane"


@pytest.mark.parametrize("count", [0, 1, 25, 26, 50, 130])
def test_pages_show_every_row_once(count: int) -> None:
    rows = list(range(count))
    shown: list[int] = []
    at: int | None = 0
    while at is not None:
        part = page(rows, at)
        assert (part.first, part.last) == (at + 1 if rows else 0, at + len(part.shown))
        assert part.previous_start == (at - 25 if at else None)
        shown, at = [*shown, *part.shown], part.next_start
    assert shown == rows
    assert len(page(rows, 200).shown) <= 25


def test_a_page_can_be_all_that_was_read() -> None:
    part = page(range(25, 50), 25, total=60, offset=25)
    assert (part.shown, part.first, part.last) == (tuple(range(25, 50)), 26, 50)
    assert (part.previous_start, part.next_start, part.next_count) == (0, 50, 10)


def test_a_shortened_list_leaves_out_more_than_one() -> None:
    assert (few("abcd", 3).shown, few("abcd", 3).more) == (("a", "b", "c", "d"), 0)
    assert (few("abcde", 3).shown, few("abcde", 3).more) == (("a", "b", "c"), 2)
    assert few("", 3).more == 0


@pytest.mark.parametrize(
    ("form", "value", "text", "number"),
    [
        ("score", Decimal("71.0"), "71.0", "71.0"),
        ("signed", Decimal("2.5"), "+2.5", 2.5),
        ("count", 1204, "1,204", "1204.0"),
        ("percent", Decimal(200) / 3, "67%", 66.7),
        ("length", 1560, "26 min", "1560.0"),
        ("duration", 432, "7 min 12 s", "432.0"),
        ("text", Change(Decimal("-2.4"), 5, 12), "-2.4 (5 vs 12)", -2.4),
        ("text", "new", "new", None),
        ("score", None, "–", None),
        ("name", "", "–", None),
        ("text", "a\nb" + "x" * 200, "a b" + "x" * 115 + "…", None),
        ("text", NOW.date(), "today", None),
        ("text", NOW, "Mon 16 Mar 09:00", None),
        ("text", PeriodPart(date(2026, 3, 16), By.WEEK, running=True), "16 Mar (so far)", None),
    ],
)
def test_a_cell_carries_a_number_to_sort_by(
    form: Format, value: Any, text: str, number: float | str | None
) -> None:
    shown = "" if number is None else number
    made = cell(Row(value), Column("X", "x", form), ZONE, NOW)
    assert made == f'<td value="{shown}">{text}</td>'


def test_a_table_about_one_person_is_without_their_name() -> None:
    report, figures = BY_WORD["inactive"], Figures()
    all_of_them = table_values(report, figures, start=0, about_one=False)["columns"]
    without = table_values(report, figures, start=0, about_one=True)["columns"]
    assert all_of_them == [WHO, *without]  # type: ignore[misc]


SUMMER = datetime(2026, 7, 1, 12, 30, 15, 123_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Jane", "Jane"),
        ("＋41 44", "'＋41 44"),
        ("a;=1;b", "a;'=1;b"),
        ("Sam\x07 \x1bLee", "Sam Lee"),
        (Decimal("92.30"), "92.3"),
        (90.0, "90"),
        (1204, "1204"),
        (None, ""),
        (Change(Decimal("-2.5"), 5, 12), "-2.5"),
        (SUMMER, "2026-07-01T14:30:15+02:00"),
        (SUMMER.date(), "2026-07-01"),
        (PeriodPart(date(2026, 3, 16), By.WEEK, running=True), "2026-03-16"),
    ],
)
def test_cells_of_a_file(value: Any, written: str) -> None:
    assert file_cell(value, ZONE) == written


def test_a_file_has_the_columns_of_its_table() -> None:
    columns = (Column("X, y", "x"), WHO)
    assert head(columns) == BOM + b'"X, y",Who\r\n'
    assert lines([Row(1), Row(2, "Sam")], columns, ZONE) == b"1,Jane\r\n2,Sam\r\n"


TEXTS = st.text("=+-@＝;,'\" \t\r\n\x00\x1f\u200bab", max_size=12)


@settings(max_examples=40)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.sampled_from(",;"))
def test_no_cell_is_a_formula(rows: list[tuple[str, str]], separator: str) -> None:
    columns = (Column("X", "x"), WHO)
    file = lines([Row(*pair) for pair in rows], columns, "UTC").decode()
    for row in csv.reader(StringIO(file, newline=""), delimiter=separator):
        for text in row:
            start = unicodedata.normalize("NFKC", text).lstrip(' "\u200b')
            assert not start.startswith(tuple("=+-@\t"))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\u2212"])
@pytest.mark.parametrize("code", [0x180E, 0x2061, 0x34F, 0x3164, 0x202A, 0x2066, 0xFFFE, 0xE0041])
def test_an_unseen_character_hides_no_formula(code: int, sign: str) -> None:
    assert file_cell(f"{chr(code)}{sign}1+1", "UTC") == f"'{chr(code)}{sign}1+1"
    assert file_cell(f"a;{chr(code)}{sign}1", "UTC") == f"a;'{chr(code)}{sign}1"
    assert file_cell(f"{sign}1", "UTC") == f"'{sign}1"
