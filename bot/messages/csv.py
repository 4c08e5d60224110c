"""A report's table as a CSV file: UTF-8 with BOM, plain numbers, ISO dates."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from bot.messages.words import local
from bot.reports._report import Change, Column, PeriodPart

BOM = b"\xef\xbb\xbf"  # without it, Excel assumes another encoding
CONTROLS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029][\s\x00-\x1f\x7f-\x9f]*")
# A spreadsheet runs a cell that begins with one of these as a formula.
FORMULA_SIGNS = frozenset("=+-@＝＋－＠﹦﹢﹣﹫\u2212")
# Characters that nobody sees: by category, and letters and marks that have no shape.
UNSEEN_KINDS = frozenset(("Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"))
UNSEEN = re.compile(r'[\s"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f]')


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


def _guarded(text: str) -> str:
    """A text with an apostrophe before it if the first character that people see starts a
    formula."""
    seen = (c for c in text if unicodedata.category(c) not in UNSEEN_KINDS and not UNSEEN.match(c))
    return f"'{text}" if next(seen, "") in FORMULA_SIGNS else text


def cell(value: Any, zone: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    match value:
        case None:
            return ""
        case str():
            # A semicolon can separate cells.
            return ";".join(map(_guarded, CONTROLS.sub(" ", value).split(";")))
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
