"""The `text` of a message, for notifications and screen readers, made of its blocks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any, TypeAlias

from bot.rendering.cut import cut, size
from bot.rendering.escaping import escape
from bot.rendering.inline import SEPARATORS
from bot.rendering.limits import TEXT, more_rows
from bot.rendering.numbers import DASH

Node: TypeAlias = dict[str, Any]

_GAP, _DOT = SEPARATORS["gap"], SEPARATORS["dot"]
_LINK = re.compile(r"<[^<>|\n]*\|([^<>\n]*)>")
# Code, and the marks of bold, italics and strikes.
_STYLE = re.compile(r"`([^`\n]*)`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")


def fallback_text(blocks: Sequence[Node]) -> str:
    """The blocks in mrkdwn without style and links: a line for each of their lines, fields and
    rows. Last rows of a table are left out if `text` has no room for them."""
    lines = [list(_lines(block)) for block in blocks]
    excess = sum(size(line) + 1 for part in lines for line in part) - TEXT
    for block, part in zip(blocks, lines, strict=True):
        if block["type"] == "data_table" and excess > 0:
            left_out = 0
            excess += size(more_rows(len(part))) + 1
            while excess > 0 and part:
                excess -= size(part.pop()) + 1
                left_out += 1
            part.append(more_rows(left_out))
    # Slack would make links of addresses.
    text = "\n".join(line for part in lines for line in part).replace("://", ":\u2060//")
    return cut(text, TEXT, mrkdwn=True) or DASH


def _lines(block: Node) -> Iterator[str]:
    match block:
        case {"type": "header", "text": {"text": words}}:
            yield _paused(escape(words))
        case {"type": "section", "text": {"text": words}}:
            yield from filter(None, (_plain(line.removeprefix("> ")) for line in words.split("\n")))
        case {"type": "section", "fields": fields}:
            for field in fields:
                label, *figures = field["text"].split("\n")
                yield _plain(f"{label}{_GAP}{', '.join(figures)}")
        case {"type": "context", "elements": elements}:
            yield from (_plain(each["text"]) for each in elements)
        case {"type": "data_table", "rows": rows}:
            yield from (", ".join(filter(None, map(_cell, row))) for row in rows)
        case {"type": "data_visualization", "title": title, "chart": {"series": series}}:
            for each in series:
                points = ", ".join(f"{at['label']} {at['value']:,}" for at in each["data"])
                name = f", {each['name']}" if len(series) > 1 else ""
                yield escape(f"{title}{name}: {points}")


def _cell(cell: Node) -> str:
    """A cell's words; "" for a button."""
    parts = [cell] if "text" in cell else cell.get("elements", [{}])[0].get("elements", ())
    return escape("".join(part["text"] for part in parts))


def _plain(words: str) -> str:
    """Without marks and links."""
    # What stood in code would format the text without its marks.
    words = _STYLE.sub(lambda found: escape(unescape(found[1] or "")), _LINK.sub(r"\1", words))
    return _paused(words)


def _paused(words: str) -> str:
    """With a colon for the first gap, and commas for the others and for dots."""
    words = words.replace(f".{_DOT}", ". ").replace(_DOT, ", ")
    return words.replace(_GAP, ": ", 1).replace(_GAP, ", ")
