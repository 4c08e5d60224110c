"""Slack's limits on all blocks of a message or a view together. Pure.

What each part may have is kept to where it is written, in `blocks.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, TypeAlias

from bot.rendering.cut import cut, size
from bot.rendering.numbers import DASH

Node: TypeAlias = dict[str, Any]

TEXT = 4_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL = 12_000  # characters over all blocks; Slack refuses at about 13,000
CELLS = 10_000  # characters over all cells
_LONGEST_ID = 255
_SHORTENED = 200  # characters to which a paragraph may be shortened, so that all of them fit
_COUNTED = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})


def fit(blocks: list[Node], most: int) -> list[Node]:
    """The blocks within Slack's limits: cut, dropped or renamed where they were not."""
    measured = list(_with_fitting_tables(blocks))[:most]
    blocks = [block for block, _ in measured]
    _make_unique(blocks)
    _fit_total(blocks, sum(count for _, count in measured) - TOTAL)
    return blocks


def characters(part: Any) -> int:
    """How many characters a block, or a part of one, counts towards the total."""
    counted: list[str] = []
    parts = [part]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts.extend(part)
        elif isinstance(part, dict):
            for key, value in part.items():
                if not isinstance(value, str):
                    parts.append(value)
                elif key in _COUNTED:
                    counted.append(value)
    return size("".join(counted))


def _with_fitting_tables(blocks: list[Node]) -> Iterator[tuple[Node, int]]:
    """The blocks, each with how many characters it has. Last rows of tables are left out where all
    cells together are too much, and a line says how many these were."""
    room = CELLS
    for block in blocks:
        count = characters(block)
        left_out = 0
        if block["type"] == "data_table":
            if count > room:
                rows = block["rows"]
                sums = list(accumulate(map(characters, rows)))
                kept = max(bisect_right(sums, room), 2)
                left_out = len(rows) - kept
                block["rows"] = rows[:kept]
                count = characters(block)
            room -= count
        yield block, count
        if left_out > 0:
            text = {"type": "mrkdwn", "text": more_rows(left_out), "verbatim": True}
            note: Node = {"type": "context", "elements": [text]}
            yield note, characters(note)


def more_rows(count: int) -> str:
    """The line below a table without its last rows."""
    return "and 1 more row" if count == 1 else f"and {count:,} more rows"


def _make_unique(blocks: list[Node]) -> None:
    """Cut ids, and number those that stand there before."""
    seen: set[tuple[str, str]] = set()
    for block in blocks:
        beside = [block[key] for key in ("accessory", "element") if key in block]
        for node in (block, *beside, *block.get("elements", ())):
            for name in ("block_id", "action_id"):
                if name in node:
                    given = node[name] = node[name][:_LONGEST_ID] or DASH
                    repeat = 1
                    while (name, node[name]) in seen:
                        repeat += 1
                        node[name] = f"{given[: _LONGEST_ID - 10]}.{repeat}"
                    seen.add((name, node[name]))


def _fit_total(blocks: list[Node], excess: int) -> None:
    """Shorten the longest texts outside tables by so many characters; then drop from the end."""
    if excess <= 0:
        return
    texts = [
        text
        for block in blocks
        if block["type"] in ("section", "context")
        for text in (block.get("text"), *block.get("fields", ()), *block.get("elements", ()))
        if text and size(text["text"]) > _SHORTENED
    ]
    for text in sorted(texts, key=lambda text: -size(text["text"])):
        if excess <= 0:
            return
        before = size(text["text"])
        most = max(_SHORTENED, before - excess)
        text["text"] = cut(text["text"], most, mrkdwn=text["type"] == "mrkdwn")
        excess -= before - size(text["text"])
    while excess > 0 and len(blocks) > 1:
        excess -= characters(blocks.pop())
