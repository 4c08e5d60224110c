"""Slack's limits as a table, kept to after rendering whatever the data was. Pure.

Where Slack's own pages give two limits, the smaller is kept to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Any

from bot.rendering.cut import cut, size
from bot.rendering.views import Message

Node = dict[str, Any]

TEXT = 4_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL = 12_000  # characters over all blocks of a message; Slack refuses at about 13,000
CELLS = 10_000  # characters over all cells of a message
_EMPTY = "–"

# (type, key) -> most characters. A part without a type of its own goes by the key it stands under.
CHARACTERS: dict[tuple[str, str], int] = {
    ("section", "text"): 3_000,
    ("fields", "text"): 2_000,
    ("elements", "text"): 2_000,  # of a context
    ("header", "text"): 150,
    ("button", "text"): 75,
    ("button", "value"): 2_000,
    ("options", "text"): 75,
    ("options", "value"): 150,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("data_table", "caption"): 150,
    ("data_visualization", "title"): 50,
    ("input", "label"): 2_000,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    ("modal", "private_metadata"): 3_000,
    ("modal", "callback_id"): 255,
    ("plain_text_input", "initial_value"): 3_000,
    ("*", "placeholder"): 150,
    ("*", "block_id"): 255,
    ("*", "action_id"): 255,
    ("axis_config", "categories"): 20,
    ("axis_config", "x_label"): 50,
    ("axis_config", "y_label"): 50,
    ("*", "label"): 20,  # a point of a chart
    ("*", "name"): 20,  # a series of a chart
}
# (type, key) -> most entries.
ENTRIES: dict[tuple[str, str], int] = {
    ("section", "fields"): 10,
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("static_select", "options"): 100,
    ("overflow", "options"): 5,
    ("checkboxes", "options"): 10,
    ("data_table", "rows"): 101,
    ("chart", "series"): 6,
    ("axis_config", "categories"): 20,
}
# key -> most characters: of a part without a type among these, and by type.
_ANYWHERE = {key: most for (kind, key), most in CHARACTERS.items() if kind == "*"}
_OF_TYPE = {
    kind: _ANYWHERE | {key: most for (of, key), most in CHARACTERS.items() if of == kind}
    for kind, _ in CHARACTERS
}
_OPTIONS = {"options", "initial_option", "initial_options"}
_COUNTED = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})
_UNIQUE = ("block_id", "action_id")


def enforce(message: Message) -> Message:
    """The message within Slack's limits: cut, dropped or renamed where it was not."""
    blocks = [block for block in message.blocks if _fit(block, "blocks")][:MESSAGE_BLOCKS]
    in_rows = _fit_tables(blocks)
    _make_unique(blocks)
    _fit_total(blocks, in_rows)
    text = message.text if message.text.strip() else _EMPTY
    return replace(message, text=cut(text, TEXT, mrkdwn=True), blocks=blocks)


def enforce_view(view: Node) -> Node:
    """A modal or a Home tab within Slack's limits."""
    blocks = [block for block in view["blocks"] if _fit(block, "blocks")][:VIEW_BLOCKS]
    _make_unique(blocks)
    _fit_total(blocks, 0)
    head = {key: value for key, value in view.items() if key != "blocks"}
    _fit(head, "view")
    return {**head, "blocks": blocks}


def characters(part: Any) -> int:
    """How many characters a block, or a part of one, counts towards the message's total."""
    if isinstance(part, list):
        return sum([characters(each) for each in part if isinstance(each, dict | list)])
    total = 0
    for key, value in part.items():
        if isinstance(value, str):
            if key in _COUNTED:
                total += size(value)
        elif isinstance(value, dict | list):
            total += characters(value)
    return total


def _fit(node: Node, under: str) -> bool:
    """Fit a part and all in it; False for one that Slack would refuse as empty."""
    kind = _kind(node, under)
    limits = _OF_TYPE.get(kind, _ANYWHERE)
    for key, value in list(node.items()):
        if isinstance(value, str):
            if key == "text" and "type" in node:
                _fit_text(node, CHARACTERS.get((under, "text"), CELLS))
            elif key in limits:
                node[key] = cut(value, limits[key]) or _EMPTY
        elif isinstance(value, dict):
            _fit(value, key)
            if key in limits and "text" in value:
                _fit_text(value, limits[key])
        elif isinstance(value, list):
            node[key] = _fit_list(kind, key, value)
            if not value and key in ("fields", "options", "initial_options"):
                del node[key]
    return not _is_empty(node, kind)


def _kind(node: Node, under: str) -> str:
    if under in _OPTIONS:
        return "options"
    return under if under in ("confirm", "chart") else str(node.get("type", under))


def _fit_list(kind: str, key: str, values: list[Any]) -> list[Any]:
    most = ENTRIES.get((kind, key), len(values))
    limit = CHARACTERS.get((kind, key))
    fitted: list[Any] = []
    for value in values[:most]:
        if isinstance(value, list):
            fitted.append(_fit_row(value))
        elif not isinstance(value, dict):
            fitted.append(cut(value, limit) if limit and isinstance(value, str) else value)
        elif _fit(value, key):
            fitted.append(value)
    return fitted


def _fit_row(cells: list[Node]) -> list[Node]:
    for cell in cells:
        if "text" in cell:  # as most have, and nothing else
            _fit_text(cell, CELLS)
        else:
            _fit(cell, "cells")
    return cells


def _fit_text(node: Node, limit: int) -> None:
    text = node["text"]
    if not text.strip():
        node["text"] = _EMPTY
    elif size(text) > limit:
        node["text"] = cut(text, limit, mrkdwn=node.get("type") == "mrkdwn")


def _is_empty(node: Node, kind: str) -> bool:
    if kind in ("actions", "context"):
        return not node.get("elements")
    if kind == "data_table":
        return len(node.get("rows", ())) < 2
    return kind == "section" and "text" not in node and not node.get("fields")


def _make_unique(blocks: list[Node]) -> None:
    seen: dict[str, set[str]] = {name: set() for name in _UNIQUE}
    for block in blocks:
        for node in _named(block):
            for name in _UNIQUE:
                if isinstance(node.get(name), str):
                    node[name] = _unique(node[name], seen[name])


def _named(block: Node) -> Iterator[Node]:
    """The parts of a block that have a name: itself, its buttons and what else is pressed."""
    yield block
    yield from (block[key] for key in ("accessory", "element") if key in block)
    yield from block.get("elements", ())


def _unique(given: str, seen: set[str]) -> str:
    unique, repeat = given, 1
    while unique in seen:
        repeat += 1
        unique = f"{given[:245]}.{repeat}"
    seen.add(unique)
    return unique


def _fit_tables(blocks: list[Node]) -> int:
    """Leave out last rows of tables, and say how many, where all cells together are too much.

    Returns how many characters the rows that stay have.
    """
    room, in_rows = CELLS, 0
    for block in [block for block in blocks if block["type"] == "data_table"]:
        rows = block["rows"]
        sums = list(accumulate(map(characters, rows)))
        fitting = bisect_right(sums, room)
        if fitting < len(rows):
            block["rows"] = rows[: max(fitting, 2)]
            note = _more_rows(len(rows) - len(block["rows"]))
            blocks.insert(blocks.index(block) + 1, note)
        room -= sums[-1]
        in_rows += sums[len(block["rows"]) - 1]
    return in_rows


def _more_rows(count: int) -> Node:
    """A line that says that a table has more rows than are shown."""
    text = "and 1 more row" if count == 1 else f"and {count:,} more rows"
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}],
    }


def _fit_total(blocks: list[Node], in_rows: int) -> None:
    """Shorten the longest texts outside tables until all of it fits; then drop from the end.

    `in_rows` characters are those of the rows of tables.
    """
    around = ({key: block[key] for key in block if key != "rows"} for block in blocks)
    excess = in_rows + sum(map(characters, around)) - TOTAL
    if excess <= 0:
        return
    texts = [
        holder
        for block in blocks
        if block["type"] in ("section", "context")
        for holder in _texts(block)
        if size(holder["text"]) > 200
    ]
    for holder in sorted(texts, key=lambda holder: -size(holder["text"])):
        if excess <= 0:
            return
        before = size(holder["text"])
        _fit_text(holder, max(200, before - excess))
        excess -= before - size(holder["text"])
    while excess > 0 and len(blocks) > 1:
        excess -= characters(blocks.pop())


def _texts(value: Any) -> Iterator[Node]:
    """The parts with a text of their own, in a block and all in it."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value
        yield from _texts(list(value.values()))
