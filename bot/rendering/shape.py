"""Does what a template made look like a message at all? Limits are another matter: they are kept
by cutting, but a block of the wrong shape cannot be cut into one that Slack takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

BLOCKS = frozenset(
    {
        "actions",
        "context",
        "data_table",
        "data_visualization",
        "divider",
        "header",
        "image",
        "input",
        "markdown",
        "rich_text",
        "section",
        "table",
    }
)
TEXTS = frozenset({"mrkdwn", "plain_text", "raw_text"})
LISTS = frozenset({"blocks", "elements", "fields", "options", "rows"})
OBJECTS = frozenset({"accessory", "confirm", "element", "label", "placeholder", "title"})
LONGEST_URL = 3000


def misshapen(read: Any) -> str | None:
    """What is wrong with the JSON of a template; None if it is a message or a modal."""
    if not isinstance(read, dict):
        return "must be an object"
    if read.get("type") != "modal" and not isinstance(read.get("text"), str):
        return "a message needs a text"
    blocks = read.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        return "needs a list of blocks"
    for block in blocks:
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(kind, str):
            return "every block needs a type"
        if kind not in BLOCKS:
            return f"no such block: {kind}"
        if wrong := next(_wrong(block), None):
            return f"in a block of type {kind}: {wrong}"
    return None


def _wrong(node: dict[str, Any]) -> Iterator[str]:
    kind = node.get("type")
    if kind in TEXTS and not isinstance(node.get("text"), str):
        yield "a text must be a string"
    if kind in ("section", "header", "button") and not isinstance(node.get("text", {}), dict):
        yield "text must be an object with a type"
    for key, value in node.items():
        if key in LISTS and not isinstance(value, list):
            yield f"{key} must be a list"
        elif key in OBJECTS and kind in BLOCKS - {"data_visualization"} and value is None:
            yield f"{key} must not be empty"
        elif key.endswith("url") and not (isinstance(value, str) and len(value) <= LONGEST_URL):
            yield f"{key} must be an address of at most {LONGEST_URL} characters"
        elif isinstance(value, dict):
            yield from _wrong(value)
        elif isinstance(value, list):
            yield from _wrong_in_list(key, value)


def _wrong_in_list(key: str, values: list[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from _wrong(value)
            if key == "rows" or not isinstance(value.get("type", ""), str):
                yield "every row must be a list"
        elif isinstance(value, list):
            if key == "rows" and not all(isinstance(v, dict) and "type" in v for v in value):
                yield "every cell needs a type"
            yield from _wrong_in_list("", value)
        elif value is None:
            yield f"{key} must not hold null"
