"""A report's table as a CSV file: UTF-8 with BOM, plain numbers, ISO dates."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from bot.messages.words import local
from bot.reports._report import Change, Column, PeriodPart

BOM = b"\xef\xbb\xbf"  # without it, Excel assumes another encoding
CONTROLS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029][\s\x00-\x1f\x7f-\x9f]*")
# A spreadsheet runs such a cell as a formula; a semicolon can separate cells.
FORMULA = re.compile(r"(^|;)(?=[\s\"\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫])")


def head(columns: Sequence[Column]) -> bytes:
    """The BOM and the header line."""
    return BOM + _lines([[column.title for column in columns]])


def lines(rows: Iterable[Any], columns: Sequence[Column], zone: str) -> bytes:
    """Rows, with times in `zone` and lengths in seconds."""
    return _lines([[cell(column.of(row), zone) for column in columns] for row in rows])


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def cell(value: Any, zone: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    match value:
        case None:
            return ""
        case str():
            return FORMULA.sub(r"\1'", CONTROLS.sub(" ", value))
        case datetime():
            return local(value, zone).isoformat(timespec="seconds")
        case PeriodPart():
            return value.first.isoformat()
        case date():
            return value.isoformat()
        case Change():
            return str(value.by)
        case Decimal():
            return f"{value.quantize(Decimal('0.1')):f}"
        case float():
            return f"{value:.1f}".removesuffix(".0")
        case _:
            return str(value)
