"""Rules for the blocks that carry figures: data_table, table and data_visualization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack_block_elements import BUTTON, RICH_TEXT_FIELDS
from bot.sandbox.slack_block_shapes import (
    Rule,
    boolean,
    by_type,
    identifier,
    integer,
    many,
    number,
    one_of,
    shape,
    string,
)

CELLS_LENGTH = 10_000

RAW_TEXT = shape({"text": string(CELLS_LENGTH)}, "text")
RAW_NUMBER = shape({"value": number, "text": string(100)}, "value", "text")
RICH_CELL = shape({**RICH_TEXT_FIELDS, "block_id": identifier}, "elements")

ACTION_CELL = shape(
    {"element": by_type({"button": BUTTON}), "fallback": by_type({"raw_text": RAW_TEXT})},
    "element",
    "fallback",
)

_DATA_CELL = by_type(
    {
        "raw_text": RAW_TEXT,
        "raw_number": RAW_NUMBER,
        "rich_text": RICH_CELL,
        "action_cell": ACTION_CELL,
    }
)
_TABLE_CELL = by_type({"raw_text": RAW_TEXT, "rich_text": RICH_CELL})
_ALIGN = shape({"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _header_and_width(found: list[str], place: str, value: object) -> None:
    rows = value.get("rows") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows) or not rows:
        return
    for index, cell in enumerate(rows[0]):
        if not isinstance(cell, dict) or cell.get("type") != "raw_text":
            found.append(f"{place}/rows/0/{index}: a header cell must be raw_text")
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            found.append(f"{place}/rows/{index}: has {len(row)} cells, the header {len(rows[0])}")
    column = value.get("row_header_column_index") if isinstance(value, dict) else None
    if isinstance(column, int) and column >= len(rows[0]):
        found.append(f"{place}/row_header_column_index: there is no column {column}")


DATA_TABLE_FIELDS: dict[str, Rule] = {
    "caption": string(3000),
    "rows": many(many(_DATA_CELL, 1, 20), 2, 101),
    "page_size": integer(1, 100),
    "row_header_column_index": integer(0, 19),
}
TABLE_FIELDS: dict[str, Rule] = {
    "rows": many(many(_TABLE_CELL, 1, 20), 1, 100),
    "column_settings": many(_ALIGN, 0, 20),
}
table_together = _header_and_width

_POINT = shape({"label": string(20), "value": number}, "label", "value")
_SERIES = shape({"name": string(20), "data": many(_POINT, 1, 20)}, "name", "data")
_AXES = shape(
    {"categories": many(string(20), 1, 20), "x_label": string(50), "y_label": string(50)},
    "categories",
)


def _series_cover_categories(found: list[str], place: str, value: object) -> None:
    """Every series needs exactly one point for each category, and a name of its own."""
    if not isinstance(value, dict) or any(each.startswith(f"{place}/") for each in found):
        return  # the pieces must have the right form before they can be compared
    names = [each["name"] for each in value["series"]]
    categories = value["axis_config"]["categories"]
    if len(set(names)) != len(names):
        found.append(f"{place}/series: two series have the same name")
    if len(set(categories)) != len(categories):
        found.append(f"{place}/axis_config/categories: one is there twice")
    for index, each in enumerate(value["series"]):
        if sorted(point["label"] for point in each["data"]) != sorted(categories):
            found.append(f"{place}/series/{index}/data: needs one point for each category")


def _segment(found: list[str], place: str, value: object) -> None:
    _POINT(found, place, value)
    amount = value.get("value") if isinstance(value, dict) else None
    if isinstance(amount, int | float) and amount <= 0:
        found.append(f"{place}/value: must be above 0")


_COURSE = shape(
    {"series": many(_SERIES, 1, 6), "axis_config": _AXES},
    "series",
    "axis_config",
    also=_series_cover_categories,
)
_CHART = by_type(
    {
        "bar": _COURSE,
        "line": _COURSE,
        "area": _COURSE,
        "pie": shape({"segments": many(_segment, 1, 6)}, "segments"),
    }
)
CHART_FIELDS: dict[str, Rule] = {"title": string(50), "chart": _CHART}


def cell_characters(blocks: list[Any]) -> int:
    """The characters of all table cells of a message together."""
    return sum(
        len(text)
        for block in blocks
        if isinstance(block, dict) and block.get("type") in ("data_table", "table")
        for text in strings_under(block.get("rows"), ("text",))
    )


def strings_under(value: object, names: tuple[str, ...]) -> Iterator[str]:
    """Every string that stands under one of `names`, however deep."""
    if isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, str):
                if name in names:
                    yield each
            elif name in names and isinstance(each, list):
                yield from (item for item in each if isinstance(item, str))
                yield from strings_under(each, names)
            else:
                yield from strings_under(each, names)
    elif isinstance(value, list):
        for each in value:
            yield from strings_under(each, names)
