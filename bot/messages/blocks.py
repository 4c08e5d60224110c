"""Turns rendered templates (XML) into Block Kit.

Templates name the parts of a message (header, fields, table, actions). This module has Slack's JSON
and limits; if Slack's pages give two limits, it uses the smaller one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree

from bot.messages.text import HTML, cut, escape, size

Block = dict[str, Any]
Node = ElementTree.Element

MAX_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_TEXT = 4_000  # of the fallback text
MAX_TOTAL = 12_000  # characters over all blocks; Slack refuses at about 13,000
MAX_CELLS = 10_000  # characters over all cells
BUTTONS_IN_A_ROW = 4  # fit on one line
ADDRESS = re.compile(r"https?://[^\s<>|]{1,2990}")
MARKS = {"b": "*", "i": "_", "code": "`"}
GAPS = {"br": "\n", "dot": " · "}
LINK = re.compile(r"<[^<>|\n]*\|([^<>\n]*)>")
# After escape(), the only marks left are those of a template.
FORMAT = re.compile(r"`|(?<![^\W_])[*_]|[*_](?![^\W_])")
COUNTED = ("text", "caption", "title", "label", "name", "x_label", "y_label")


@dataclass(frozen=True, slots=True)
class Message:
    """A Slack message; `text` has its blocks as text, for notifications and screen readers."""

    text: str
    blocks: list[Block]

    @property
    def body(self) -> Block:
        """The arguments for Slack's methods."""
        return {"text": self.text, "blocks": self.blocks}

    def plain(self) -> Message:
        """The message with text instead of tables and charts, for a workspace that refuses them."""
        return Message(self.text, fit(plain(self.blocks), MAX_BLOCKS))

    def modal(self) -> Block:
        """The message as a modal, which can't have tables or charts."""
        return {
            "type": "modal",
            "title": plain_text("Exec", 24),
            "close": plain_text("Close", 24),
            "blocks": fit(plain(self.blocks), MAX_VIEW_BLOCKS),
        }


def message(*parts: str) -> Message:
    """The message of one or more <message> documents, with a divider between them."""
    blocks = fit(_joined(parts), MAX_BLOCKS)
    return Message(fallback(blocks), blocks)


def modal(xml: str, *below: str) -> Block:
    """The view of a <modal>, with a <message> below it as a preview without buttons."""
    root = parse(xml)
    preview = [{"type": "divider"}, *_joined(below)] if below else []
    shown = [block for block in preview if block["type"] != "actions"]
    return {
        "type": "modal",
        "callback_id": root.attrib["name"],
        "private_metadata": root.attrib["private"],
        "title": plain_text(root.attrib["title"], 24),
        "submit": plain_text(root.attrib["submit"], 24),
        "close": plain_text(root.attrib["close"], 24),
        "blocks": fit(plain([*to_blocks(root), *shown]), MAX_VIEW_BLOCKS),
    }


def home(*parts: str) -> Block:
    """The Home tab of <message> documents. It can't have tables or charts."""
    return {"type": "home", "blocks": fit(plain(_joined(parts)), MAX_VIEW_BLOCKS)}


def paragraphs(xml: str) -> str:
    """The sections of a <message> as plain text."""
    return "\n".join(words(node) for node in parse(xml).iter("section"))


def _joined(parts: Iterable[str]) -> list[Block]:
    blocks: list[Block] = []
    for xml in parts:
        blocks += [{"type": "divider"}] if blocks else []
        blocks += to_blocks(parse(xml))
    return blocks


def parse(xml: str) -> Node:
    """The root of a document."""
    # The input is trusted: templates are ours or the operator's, and values are escaped.
    return ElementTree.fromstring(xml)  # noqa: S314


# Text.


def mrkdwn(node: Node) -> str:
    """The text in an element with its marks and links."""
    return re.sub(r"(?m)^&gt;", "\u2060&gt;", tidy_gaps(inline(node, escape, MARKS)))


def words(node: Node) -> str:
    """The text in an element without marks."""
    return tidy_gaps(inline(node, str, {}))


def inline(node: Node, style: Callable[[str], str], marks: dict[str, str]) -> str:
    """The text in an element; `style` escapes it, and `marks` are the formats to keep.

    Raises ValueError for an unknown element.
    """
    parts = [style(collapse(node.text))]
    for child in node:
        if child.tag in GAPS:
            parts.append(GAPS[child.tag])
        elif child.tag in ("ul", "li"):
            parts.append(f"\n{inline(child, style, marks)}\n")
        elif child.tag == "emoji":
            parts.append(child.text or "")
        elif child.tag in MARKS or child.tag == "a":
            inner = {tag: mark for tag, mark in marks.items() if tag != child.tag}
            parts.append(_marked(child, inline(child, style, inner), marks))
        elif child.tag not in CONTROLS:
            raise ValueError(f"<{child.tag}> is not an element of a text")
        parts.append(style(collapse(child.tail)))
    return "".join(parts)


def _marked(node: Node, inner: str, marks: dict[str, str]) -> str:
    """Text in the mark of its element, next to the text because Slack ignores it next to a
    space."""
    text = inner.strip()
    if not marks or not text:
        return inner
    if node.tag == "a":
        link = node.get("href", "")
        shown = f"<{link.translate(HTML)}|{text}>" if ADDRESS.fullmatch(link) else text
    else:
        shown = f"{marks.get(node.tag, '')}{text}{marks.get(node.tag, '')}"
    return inner.replace(text, shown, 1)


def collapse(text: str | None) -> str:
    """Any run of whitespace as one space, as in HTML."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def tidy_gaps(text: str) -> str:
    """Text with one gap between words, and none before punctuation or at the ends of lines."""
    text = re.sub("(?: ·)+(?= )", " ·", re.sub(" +", " ", text))
    text = re.sub(r"(?m)^ ?(?:· )*|(?: ·)* ?$", "", text)
    text = re.sub(r"(?: ·)* (?=[.,;:)](?:\s|$))", "", text)
    return re.sub(r"\n+", "\n", text).strip("\n")


def plain_text(text: str, limit: int) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": cut(text, limit) or "–", "emoji": True}


def mrkdwn_text(text: str, limit: int = 3_000) -> Block:
    """A mrkdwn object, verbatim so that Slack adds no links."""
    return {"type": "mrkdwn", "text": cut(text, limit) or "–", "verbatim": True}


# Blocks. An empty element yields no block.


def to_blocks(root: Node) -> Iterator[Block]:
    """The blocks of the elements in a document. Raises ValueError for an unknown one."""
    for node in root:
        if node.tag not in BLOCKS:
            raise ValueError(f"<{node.tag}> is not an element of a message")
        yield from BLOCKS[node.tag](node)


def header(node: Node) -> Iterator[Block]:
    if text := words(node):
        yield {"type": "header", "text": plain_text(text, 150)}


def section(node: Node) -> Iterator[Block]:
    """A paragraph, with a title above it and a control next to it."""
    text, control = mrkdwn(node), next(controls(node), None)
    if not text and control is None:
        return
    if title := node.get("title"):
        text = f"*{escape(title)}*\n{text}"
    if node.get("quote") == "yes":
        text = "\n".join(f"> {line}" for line in text.split("\n"))
    made = paragraph(text)
    if control is not None:
        made["accessory"] = control
    yield made


def paragraph(text: str) -> Block:
    """A section that Slack doesn't fold behind "See more"."""
    return {"type": "section", "expand": True, "text": mrkdwn_text(text)}


def field_list(node: Node) -> Iterator[Block]:
    pairs = [(field.attrib["label"], mrkdwn(field)) for field in node]
    fields = [mrkdwn_text(f"*{escape(label)}*\n{text}", 2_000) for label, text in pairs if text]
    if fields:
        yield {"type": "section", "fields": fields[:10]}


def context(node: Node) -> Iterator[Block]:
    if text := mrkdwn(node):
        yield small(text)


def small(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn_text(text, 2_000)]}


def divider(_: Node) -> Iterator[Block]:
    yield {"type": "divider"}


def actions(node: Node) -> Iterator[Block]:
    """Rows of buttons and menus."""
    shown = list(controls(node))
    for start in range(0, len(shown), BUTTONS_IN_A_ROW):
        row: Block = {"type": "actions", "elements": shown[start : start + BUTTONS_IN_A_ROW]}
        yield {**row, "block_id": node.attrib["id"]} if node.get("id") else row


def table(node: Node) -> Iterator[Block]:
    """A data_table of the rows that fit; `names` is the column with the names of the rows."""
    rows: list[list[Block]] = []
    room = MAX_CELLS
    for row in node:
        cells = [cell(child) for child in row]
        room -= characters(cells)
        if room < 0:
            break
        rows.append(cells)
    if len(rows) > 1:
        yield {
            "type": "data_table",
            "caption": cut(node.attrib["caption"], 150) or "–",
            "page_size": 25,
            "row_header_column_index": int(node.get("names", "0")),
            "rows": rows,
        }
    if more := len(node) - len(rows):
        yield small(f"and {more:,} more {'row' if more == 1 else 'rows'}")


def cell(node: Node) -> Block:
    """A cell: a button, a number to sort by, or text."""
    text = words(node) or "–"
    for control in controls(node):
        label = {"type": "raw_text", "text": control["text"]["text"]}
        return {"type": "action_cell", "element": control, "fallback": label}
    if node.get("value"):
        return {"type": "raw_number", "value": number(node.attrib["value"]), "text": text}
    return {"type": "raw_text", "text": text}


def chart(node: Node) -> Iterator[Block]:
    """A chart of up to 20 points, named by its y-axis."""
    points = [
        {"label": cut(point.attrib["label"], 20), "value": number(point.attrib["value"])}
        for point in node
    ]
    if points:
        axes = {
            "categories": [point["label"] for point in points],
            "x_label": cut(node.attrib["x"], 50),
            "y_label": cut(node.attrib["y"], 50),
        }
        series = [{"name": cut(node.attrib["y"], 20), "data": points}]
        yield {
            "type": "data_visualization",
            "title": cut(node.attrib["title"], 50),
            "chart": {"type": node.get("type", "bar"), "series": series, "axis_config": axes},
        }


def number(value: str) -> int | float:
    """A number for JSON, an integer without decimals."""
    parsed = float(value)
    return int(parsed) if parsed.is_integer() else parsed


def entry(node: Node) -> Iterator[Block]:
    """An <input>: a field of a form. A `live` one sends every change."""
    name = node.attrib["name"]
    yield {
        "type": "input",
        "block_id": name,
        "label": plain_text(node.attrib["label"], 2_000),
        "element": {"action_id": name, **next(controls(node))},
        "dispatch_action": node.get("live") == "yes",
    }


# Controls.


def controls(node: Node) -> Iterator[Block]:
    """The controls in an element, without links that have no address and menus without options."""
    for child in node:
        is_dead = child.get("href") is not None and not ADDRESS.fullmatch(child.attrib["href"])
        is_empty = child.tag in ("overflow", "select") and not len(child)
        if child.tag not in CONTROLS or is_dead or is_empty:
            continue
        made = CONTROLS[child.tag](child)
        if action := child.get("action"):
            made["action_id"] = action
        if placeholder := child.get("placeholder"):
            made["placeholder"] = plain_text(placeholder, 150)
        yield made


def button(node: Node) -> Block:
    """A <button>, which opens a page if it has `href`, and asks first if it has `confirm`."""
    value = cut(node.get("value", ""), 2_000) or "–"
    label = words(node)
    made: Block = {"type": "button", "text": plain_text(label, 75), "value": value}
    if node.get("confirm"):
        made["confirm"] = {
            "title": plain_text(f"{label}?", 100),
            "text": plain_text(node.attrib["confirm"], 300),
            "confirm": plain_text(label, 30),
            "deny": plain_text("Keep", 30),
        }
    for name, key in (("href", "url"), ("style", "style")):
        if node.get(name):
            made[key] = node.attrib[name]
    return made


def overflow(node: Node) -> Block:
    return {"type": "overflow", "options": [option(child) for child in node[:5]]}


def select(node: Node) -> Block:
    made: Block = {"type": "static_select", "options": [option(child) for child in node[:100]]}
    for chosen in node.iterfind("option[@selected='yes']"):
        made["initial_option"] = option(chosen)
    return made


def option(node: Node) -> Block:
    text = plain_text(words(node), 75)
    return {"text": text, "value": cut(node.attrib["value"], 150) or "–"}


def field(node: Node) -> Block:
    """An input field for an <entry>, with its `value` cut to `most` characters."""
    kind, initial, more = ENTRIES[node.get("type", "text")]
    made: Block = {"type": kind, **more}
    if most := node.get("most"):
        made["max_length"] = int(most)
    if value := node.get("value"):
        made[initial] = value[: made.get("max_length", 3_000)]
    return made


# Not channels that are shared with other companies.
OWN_CHANNELS = {
    "filter": {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
        "exclude_bot_users": True,
    }
}
# By type of entry: the element, the field of its value, and more fields.
ENTRIES: dict[str, tuple[str, str, Block]] = {
    "text": ("plain_text_input", "initial_value", {}),
    "lines": ("plain_text_input", "initial_value", {"multiline": True}),
    "time": ("timepicker", "initial_time", {}),
    "channel": ("conversations_select", "initial_conversation", OWN_CHANNELS),
}
CONTROLS: dict[str, Callable[[Node], Block]] = {
    "button": button,
    "overflow": overflow,
    "select": select,
    "entry": field,
}
BLOCKS: dict[str, Callable[[Node], Iterator[Block]]] = {
    "header": header,
    "section": section,
    "fields": field_list,
    "context": context,
    "divider": divider,
    "actions": actions,
    "table": table,
    "chart": chart,
    "input": entry,
}


# Limits over all blocks.


def fit(blocks: list[Block], most: int) -> list[Block]:
    """The blocks within Slack's limits; if the last ones don't fit, a notice takes their place."""
    seen: Counter[tuple[str, str]] = Counter()
    sizes = [_number_ids(block, seen) for block in blocks]
    if len(blocks) <= most and sum(sizes) <= MAX_TOTAL:
        return blocks
    notice = small("The rest didn't fit into this message.")
    totals = accumulate(sizes[: most - 1], initial=characters(notice))
    fitting = sum(total <= MAX_TOTAL for total in totals) - 1
    return [*blocks[:fitting], notice]


def _number_ids(block: Block, seen: Counter[tuple[str, str]]) -> int:
    """Number the ids that come again ("home.ask", "home.ask.2"), because Slack refuses repeated
    ones. Returns the characters of the block."""
    count = 0
    for part in objects(block):
        for name in {"block_id", "action_id"} & part.keys():
            seen[name, part[name]] += 1
            if (times := seen[name, part[name]]) > 1:
                part[name] = f"{part[name]}.{times}"
        count += _own_characters(part)
    return count


def characters(part: Any) -> int:
    """The characters of a part of a message that count toward Slack's limits."""
    return sum(map(_own_characters, objects(part)))


def _own_characters(part: Block) -> int:
    """The characters of an object, without the objects in it."""
    texts = (part[key] for key in COUNTED if key in part)
    return sum(size(text) for text in texts if isinstance(text, str))


def objects(part: Any) -> Iterator[Block]:
    """Every JSON object in a part of a message."""
    if isinstance(part, dict):
        yield part
    if isinstance(part, dict | list):
        for value in part.values() if isinstance(part, dict) else part:
            yield from objects(value)


# Messages as text.


def plain(blocks: list[Block]) -> list[Block]:
    """The blocks with lines of text instead of tables and charts."""
    pairs: list[Block] = []
    for block in blocks:
        if block["type"] == "data_table":
            pairs += _plain_table(block)
        elif block["type"] == "data_visualization":
            (series,) = block["chart"]["series"]
            points = (f"{point['label']} {point['value']:,}" for point in series["data"])
            pairs.append(paragraph(f"*{escape(block['title'])}*: {escape(', '.join(points))}"))
        else:
            pairs.append(block)
    return pairs


def _plain_table(block: Block) -> Iterator[Block]:
    """A table as lines, and a menu in place of its buttons."""
    named = block["row_header_column_index"]
    pressed = [(row[named], row[-1]["element"]) for row in block["rows"] if "element" in row[-1]]
    shown = [row[:-1] if pressed else row for row in block["rows"]]
    head, *lines = (escape(" · ".join(cell["text"] for cell in row)) for row in shown)
    text = f"*{head}*"
    for line in lines:
        if size(text) + size(line) > 2_900:
            yield paragraph(text)
            text = line
        else:
            text += f"\n{line}"
    yield paragraph(text)
    if pressed:
        first = pressed[0][1]
        options = [
            {"text": plain_text(who["text"], 75), "value": button["value"][:150]}
            for who, button in pressed
        ]
        menu = {
            "type": "static_select",
            "action_id": first["action_id"],
            "placeholder": plain_text(f"{first['text']['text']}…", 150),
            "options": options,
        }
        yield {"type": "actions", "elements": [menu]}


def fallback(blocks: list[Block]) -> str:
    """The blocks as text without marks: a line for each paragraph, field and row."""
    lines: list[str] = []
    for block in plain(blocks):
        if block["type"] == "header":
            lines.append(escape(block["text"]["text"]))
        elif block["type"] == "context":
            lines += (element["text"] for element in block["elements"])
        elif "fields" in block:
            for field_ in block["fields"]:
                label, figures = field_["text"].split("\n", 1)
                lines.append(f"{label}: {figures}".replace("\n", ", "))
        elif block["type"] == "section":
            lines.append(re.sub("(?m)^> ", "", block["text"]["text"]))
        elif block["type"] == "actions" and lines and lines[-1].endswith(":"):
            labels = (element["text"]["text"] for element in block["elements"] if "text" in element)
            lines.append(f"{lines.pop()} {escape('; '.join(labels))}")
    text = FORMAT.sub("", LINK.sub(r"\1", "\n".join(lines)))
    return cut(text.replace(" · ", ", "), MAX_TEXT) or "–"
