"""The same message for a workspace that does not know the newer blocks yet. Pure.

Level 0 is the message as it is; level 1 has `table` for `data_table` and lines for charts;
level 2 has text and buttons only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.rendering.cut import size
from bot.rendering.limits import enforce, more_rows
from bot.rendering.values import escape, tidy
from bot.rendering.views import Message

Node = dict[str, Any]

LEVELS = (0, 1, 2)
TABLE_ROWS = 100  # with the header
SECTION = 2_900
_TABLES = ("data_table", "table")
_SEPARATOR = "  ·  "


def degrade(message: Message, level: int) -> Message:
    """The message drawn with the blocks of `level`, within Slack's limits."""
    if level <= 0:
        return message
    blocks: list[Node] = []
    for block in message.blocks:
        blocks.extend(_plainer(block, level, has_table=any(b["type"] == "table" for b in blocks)))
    return enforce(Message(message.text, blocks))


def line(cells: Iterable[str]) -> str:
    """A row of a table as a line of mrkdwn."""
    return _SEPARATOR.join(escape(tidy(cell)) for cell in cells)


def _plainer(block: Node, level: int, *, has_table: bool) -> Iterator[Node]:
    kind = block["type"]
    if kind == "data_visualization":
        yield from _sections([f"*{line([block.get('title', '')])}*", *_chart_lines(block["chart"])])
    elif kind not in _TABLES:
        yield dict(block)
    else:
        if "caption" in block:
            yield _context(line([block["caption"]]))
        # Slack takes one table per message.
        yield from _table(block) if level == 1 and not has_table else _table_lines(block)


def _table(block: Node) -> Iterator[Node]:
    rows = block["rows"]
    # A number that is missing is a dash, and its column is one of numbers all the same.
    columns = zip(*rows, strict=True)
    numeric = [any(cell["type"] == "raw_number" for cell in column) for column in columns]
    table: Node = {
        "type": "table",
        "rows": [[_text_cell(cell) for cell in row] for row in rows[:TABLE_ROWS]],
        "column_settings": [{"align": "right" if right else "left"} for right in numeric],
    }
    yield {**table, "block_id": block["block_id"]} if "block_id" in block else table
    if len(rows) > TABLE_ROWS:
        yield more_rows(len(rows) - TABLE_ROWS)


def _table_lines(block: Node) -> Iterator[Node]:
    header, *rows = ([_cell_text(cell) for cell in row] for row in block["rows"])
    yield from _sections([f"*{line(header)}*", *map(line, rows)])


def _chart_lines(chart: Node) -> Iterator[str]:
    for segment in chart.get("segments", ()):
        yield f"{line([segment['label']])}: {segment['value']}"
    series = chart.get("series", ())
    for one in series:
        points = ", ".join(
            f"{line([point['label']])}: {point['value']}" for point in one.get("data", ())
        )
        yield f"{line([one['name']])}: {points}" if len(series) > 1 else points


def _sections(lines: Iterable[str]) -> Iterator[Node]:
    held: list[str] = []
    length = 0
    for text in lines:
        if held and length + size(text) + 1 > SECTION:
            yield _section("\n".join(held))
            held, length = [], 0
        held.append(text)
        length += size(text) + 1
    if held:
        yield _section("\n".join(held))


def _section(text: str) -> Node:
    return {"type": "section", "text": _mrkdwn(text), "expand": True}


def _context(text: str) -> Node:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _mrkdwn(text: str) -> Node:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _text_cell(cell: Node) -> Node:
    if cell["type"] == "rich_text":
        return dict(cell)
    return {"type": "raw_text", "text": _cell_text(cell)}


def _cell_text(cell: Node) -> str:
    if "text" in cell:
        return str(cell["text"])
    return "".join(_rich_texts(cell)) or str(cell.get("value", "–"))


def _rich_texts(node: Any) -> Iterator[str]:
    for element in node.get("elements", ()):
        if isinstance(element.get("text"), str):
            yield element["text"]
        yield from _rich_texts(element)
