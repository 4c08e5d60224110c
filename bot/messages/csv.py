"""A report's table as a CSV file: UTF-8 with BOM, plain numbers, ISO dates."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from bot.messages.words import local, score
from bot.reports.report import Amount, Cell, Column, Part

BOM = b"\xef\xbb\xbf"  # without it, Excel takes the file for another encoding
CONTROLS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029][\s\x00-\x1f\x7f-\x9f]*")
# A spreadsheet runs such a cell as a formula, also after a semicolon where that separates cells.
FORMULA = re.compile(r"(^|;)(?=[\s\"\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫])")


def head(columns: Sequence[Column]) -> bytes:
    """The BOM and the line of titles."""
    return BOM + _lines([[_cell(column.label, "UTC") for column in columns]])


def lines(rows: Sequence[Sequence[Cell]], zone: str) -> bytes:
    """Rows, with times in `zone` and lengths in seconds."""
    return _lines([[_cell(cell, zone) for cell in row] for row in rows])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _cell(value: Cell, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return FORMULA.sub(r"\1'", CONTROLS.sub(" ", value))
    if isinstance(value, datetime):
        return local(value, zone).isoformat(timespec="seconds")
    if isinstance(value, Part):
        return value.first.isoformat()
    number = value.value if isinstance(value, Amount) else value
    return str(number) if isinstance(number, int) else score(number).removesuffix(".0")
