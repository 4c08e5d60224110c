"""A table as the lines of a CSV file, for a spreadsheet. Pure.

UTF-8 with a byte order mark, without which some programs take it for another encoding. Moments are
ISO dates with their offset, lengths seconds, and numbers plain.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from bot.rendering.numbers import DASH, score
from bot.rendering.times import local
from bot.reports.report import Amount, Cell, Column, Part

BOM = b"\xef\xbb\xbf"
_CONTROLS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029][\s\x00-\x1f\x7f-\x9f]*")
# A spreadsheet would take a text that begins so for a formula, and compute it. Where a comma is the
# decimal sign it cuts lines at semicolons, and what follows one is the beginning of a cell, too.
_FORMULA = re.compile(r"(^|;)(?=[\s\"\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫])")


def head(columns: Sequence[Column]) -> bytes:
    """The first line."""
    # What is compared gives its columns their names.
    return BOM + _lines([[_written(column.label, "UTC") for column in columns]])


def lines(rows: Sequence[Sequence[Cell]], zone: str) -> bytes:
    """These rows, with moments in `zone`."""
    return _lines([[_written(cell, zone) for cell in row] for row in rows])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _written(cell: Cell, zone: str) -> str:
    match cell:
        case None:
            return ""
        case str():
            return _FORMULA.sub(r"\1'", _CONTROLS.sub(" ", cell))
        case datetime():
            return local(cell, zone).isoformat(timespec="seconds")
        case Amount():
            return _plain(cell.value)
        case Part():
            return cell.first.isoformat()
        case int():
            return str(cell)
        case _:
            return _plain(cell)


def _plain(number: float) -> str:
    return score(number).removesuffix(".0").replace(DASH, "")
