"""Turns rendered templates (XML) into Block Kit.

Templates name the parts of a message (header, fields, table, actions). This module has Slack's JSON
and limits; if Slack's pages give two limits, it uses the smaller one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
MAX_ROWS = 100
SHORTENED = 200  # paragraphs aren't cut below this
BUTTONS_IN_A_ROW = 4  # fit on one line
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>|]{1,2990}")
MARKS = {"b": "*", "i": "_", "s": "~", "code": "`"}
STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "code"}
GAPS = {"br": "\ue000", "gap": "\ue001", "dot": "\ue002"}
SHOWN_GAPS = {"\ue000": "\n", "\ue001": "   ", "\ue002": "  ·  "}
LINK = re.compile(r"<[^<>|\n]*\|([^<>\n]*)>")
# After escape(), the only marks left are those of a template.
FORMAT = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
COUNTED = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})


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


def modal(xml: str, below: str | None = None) -> Block:
    """The view of a <modal>, with a <message> below it as a preview without buttons."""
    root = parse(xml)
    blocks = list(to_blocks(root))
    if below is not None:
        shown = [each for each in to_blocks(parse(below)) if each["type"] != "actions"]
        blocks += [{"type": "divider"}, *shown]
    return {
        "type": "modal",
        "callback_id": root.attrib["name"],
        "private_metadata": root.attrib["private"],
        "title": plain_text(root.attrib["title"], 24),
        "submit": plain_text(root.attrib["submit"], 24),
        "close": plain_text(root.attrib["close"], 24),
        "blocks": fit(plain(blocks), MAX_VIEW_BLOCKS),
    }


def home(*parts: str) -> Block:
    """The Home tab of <message> documents. It can't have tables or charts."""
    return {"type": "home", "blocks": fit(plain(_joined(parts)), MAX_VIEW_BLOCKS)}


def paragraphs(xml: str) -> str:
    """The sections of a <message> as plain text."""
    return "\n".join(words(node) for node in parse(xml).iter("section"))


def _joined(parts: Sequence[str]) -> list[Block]:
    first, *others = (list(to_blocks(parse(xml))) for xml in parts)
    return first + [block for more in others for block in ({"type": "divider"}, *more)]


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
    """The text in an element; `style` escapes it, and `marks` are the formats to keep."""
    parts = [style(collapse(node.text))]
    for number, child in enumerate(node, 1):
        if child.tag in GAPS:
            parts.append(GAPS[child.tag])
        elif child.tag in ("ul", "ol", "li"):
            lead = f"{number}. " if child.tag == "li" and node.tag == "ol" else ""
            parts.append(f"{GAPS['br']}{lead}{inline(child, style, marks).strip()}{GAPS['br']}")
        elif child.tag == "emoji":
            parts.append(child.text or "")
        elif child.tag in INLINE:
            inner = {tag: mark for tag, mark in marks.items() if tag != child.tag}
            parts.append(_marked(child, inline(child, style, inner), marks))
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
    """Text with only the strongest gap between two words, and none at its ends."""

    def between(gap: re.Match[str]) -> str:
        return SHOWN_GAPS.get(min(gap[0].replace(" ", "") or " "), " ")

    text = re.sub(r"[ \ue000-\ue002]+(?=[.,;:)](?:[ \ue000-\ue002]|$))", "", text)
    return re.sub(r"[ \ue000-\ue002]+", between, text.strip(" \ue000\ue001\ue002"))


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
        write = BLOCKS.get(node.tag)
        if write is None:
            raise ValueError(f"<{node.tag}> is not an element of a message")
        yield from write(node)


def header(node: Node) -> Iterator[Block]:
    if text := words(node):
        yield {"type": "header", "text": plain_text(text, 150)}


def section(node: Node) -> Iterator[Block]:
    """A paragraph, with a title above it and a control next to it."""
    text = mrkdwn(node)
    controls = [
        CONTROLS[child.tag](child) for child in node if child.tag in CONTROLS and is_usable(child)
    ]
    if not text and not controls:
        return
    if title := node.get("title"):
        text = f"*{escape(title)}*\n{text}"
    if node.get("quote") == "yes":
        text = "\n".join(f"> {line}" for line in text.split("\n"))
    made = paragraph(text)
    if controls:
        made["accessory"] = controls[0]
    yield made


def paragraph(text: str) -> Block:
    """A section that Slack doesn't fold behind "See more"."""
    return {"type": "section", "expand": True, "text": mrkdwn_text(text)}


def field_list(node: Node) -> Iterator[Block]:
    found = [(field.attrib["label"], mrkdwn(field)) for field in node]
    fields = [mrkdwn_text(f"*{escape(label)}*\n{text}", 2_000) for label, text in found if text]
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
    shown = [CONTROLS[child.tag](child) for child in node if is_usable(child)]
    for start in range(0, len(shown), BUTTONS_IN_A_ROW):
        row: Block = {"type": "actions", "elements": shown[start : start + BUTTONS_IN_A_ROW]}
        yield {**row, "block_id": node.attrib["id"]} if node.get("id") else row


def table(node: Node) -> Iterator[Block]:
    """A data_table of at most MAX_ROWS rows; `names` marks the column with the names of the
    rows."""
    if len(node) > 1:
        names = [at for at, title in enumerate(node[0]) if title.get("names") == "yes"]
        yield {
            "type": "data_table",
            "caption": cut(tidy_gaps(node.attrib["caption"]), 150) or "–",
            "page_size": 25,
            "row_header_column_index": names[0] if names else 0,
            "rows": [[cell(child) for child in row] for row in node[: MAX_ROWS + 1]],
        }


def cell(node: Node) -> Block:
    """A cell: a button, a number to sort by, or text."""
    text = words(node) or "–"
    for child in node:
        if child.tag == "button":
            label = {"type": "raw_text", "text": words(child) or "–"}
            return {"type": "action_cell", "element": button(child), "fallback": label}
    if node.get("value"):
        return {"type": "raw_number", "value": number(node.attrib["value"]), "text": text}
    if node.tag == "td" and len(node):
        line = {"type": "rich_text_section", "elements": list(rich(node))}
        return {"type": "rich_text", "elements": [line]}
    return {"type": "raw_text", "text": text}


def rich(node: Node) -> Iterator[Block]:
    """The text in a cell as rich text, with its marks and links."""
    if text := collapse(node.text):
        yield {"type": "text", "text": text}
    for child in node:
        text, link = words(child), child.get("href", "")
        if text and ADDRESS.fullmatch(link):
            yield {"type": "link", "url": link, "text": text}
        elif text:
            style = {"style": {STYLES[child.tag]: True}} if child.tag in STYLES else {}
            yield {"type": "text", "text": text, **style}
        if tail := collapse(child.tail):
            yield {"type": "text", "text": tail}


def chart(node: Node) -> Iterator[Block]:
    """A chart of up to 20 points in up to six series."""
    series: list[Block] = [
        {
            "name": cut(each.attrib["name"], 20),
            "data": [
                {
                    "label": cut(point.attrib["label"], 20),
                    "value": number(point.attrib["value"]),
                }
                for point in each[:20]
            ],
        }
        for each in node[:6]
    ]
    if not series or not series[0]["data"]:
        return
    axes = {
        "categories": [point["label"] for point in series[0]["data"]],
        "x_label": cut(node.attrib["x"], 50),
        "y_label": cut(node.attrib["y"], 50),
    }
    yield {
        "type": "data_visualization",
        "title": cut(node.attrib["title"], 50),
        "chart": {"type": node.get("type", "bar"), "series": series, "axis_config": axes},
    }


def number(value: str) -> int | float:
    """A number for JSON, an integer without decimals."""
    found = float(value)
    return int(found) if found.is_integer() else found


def entry(node: Node) -> Iterator[Block]:
    """An <input>: a field of a form. A `live` one sends every change."""
    name, child = node.attrib["name"], next(iter(node))
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(node.attrib["label"], 2_000),
        "element": {"action_id": name, **CONTROLS[child.tag](child)},
    }
    if node.get("optional") == "yes":
        made["optional"] = True
    if node.get("live") == "yes":
        made["dispatch_action"] = True
    yield made


# Controls.


def is_usable(node: Node) -> bool:
    """Whether a control works: a link needs an address, and a menu an option."""
    if node.tag == "button":
        return node.get("href") is None or bool(ADDRESS.fullmatch(node.attrib["href"]))
    return node.tag == "entry" or len(node) > 0


def button(node: Node) -> Block:
    """A <button>, which opens a page if it has `href`."""
    made: Block = {
        "type": "button",
        "text": plain_text(words(node), 75),
        "action_id": node.attrib["action"],
        "value": cut(node.get("value", ""), 2_000) or "–",
    }
    for name, key in (("href", "url"), ("style", "style")):
        if node.get(name):
            made[key] = node.attrib[name]
    if (confirm := node.find("confirm")) is not None:
        made["confirm"] = {
            "title": plain_text(confirm.attrib["title"], 100),
            "text": plain_text(words(confirm), 300),
            "confirm": plain_text(confirm.attrib["yes"], 30),
            "deny": plain_text(confirm.attrib["no"], 30),
        }
    return made


def overflow(node: Node) -> Block:
    options = [option(each) for each in node[:5]]
    return {"type": "overflow", "action_id": node.attrib["action"], "options": options}


def select(node: Node) -> Block:
    """A menu of up to 100 options, or of groups of them."""
    made = acting("static_select", node)
    groups = node.findall("optgroup")
    if groups:
        made["option_groups"] = [
            {
                "label": plain_text(group.attrib["label"], 75),
                "options": [option(each) for each in group[:100]],
            }
            for group in groups[:100]
        ]
    else:
        made["options"] = [option(each) for each in node[:100]]
    for chosen in node.iter("option"):
        if chosen.get("selected") == "yes":
            made["initial_option"] = option(chosen)
    return made


def checkboxes(node: Node) -> Block:
    made = acting("checkboxes", node)
    made["options"] = [option(each) for each in node[:10]]
    if chosen := [option(each) for each in node[:10] if each.get("selected") == "yes"]:
        made["initial_options"] = chosen
    return made


def option(node: Node) -> Block:
    text = plain_text(words(node), 75)
    return {"text": text, "value": cut(node.attrib["value"], 150) or "–"}


def field(node: Node) -> Block:
    """An input field for an <entry>, with its `value` cut to `most` characters."""
    kind, initial, more = ENTRIES[node.get("type", "text")]
    made = {**acting(kind, node), **more}
    value, most = node.get("value", ""), min(int(node.get("most", "0")) or 3_000, 3_000)
    if node.get("most"):
        made["max_length"] = most
    if value:
        made[initial] = value[:most]
    return made


def acting(kind: str, node: Node) -> Block:
    made: Block = {"type": kind}
    if node.get("action"):
        made["action_id"] = node.attrib["action"]
    if node.get("placeholder"):
        made["placeholder"] = plain_text(node.attrib["placeholder"], 150)
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
INLINE = frozenset({*MARKS, "a", "span"})
CONTROLS: dict[str, Callable[[Node], Block]] = {
    "button": button,
    "overflow": overflow,
    "select": select,
    "checkboxes": checkboxes,
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
    """The blocks within Slack's limits, with a notice if any were cut."""
    blocks = list(_fit_tables(blocks))
    _make_ids_unique(blocks)
    excess = characters(blocks) - MAX_TOTAL
    if excess > 0:
        excess = _shorten_paragraphs(blocks, excess)
    if excess <= 0 and len(blocks) <= most:
        return blocks
    notice = small("The rest didn't fit into this message.")
    excess += characters(notice)
    while len(blocks) > 1 and (excess > 0 or len(blocks) >= most):
        excess -= characters(blocks.pop())
    return [*blocks, notice]


def _fit_tables(blocks: list[Block]) -> Iterator[Block]:
    """The blocks; tables lose their last rows if all cells together are too long."""
    room = MAX_CELLS
    for block in blocks:
        yield block
        if block["type"] == "data_table":
            rows, left_out = block["rows"], 0
            while len(rows) > 2 and characters(rows) > room:
                rows.pop()
                left_out += 1
            room -= characters(rows)
            if left_out:
                yield small(f"and {left_out:,} more {'row' if left_out == 1 else 'rows'}")


def _make_ids_unique(blocks: list[Block]) -> None:
    """Number repeated ids, which Slack refuses."""
    seen: set[tuple[str, str]] = set()
    for block in blocks:
        controls = [block[key] for key in ("accessory", "element") if key in block]
        for node in (block, *controls, *block.get("elements", ())):
            for name in ("block_id", "action_id"):
                if name in node:
                    given = node[name] = node[name][:240]
                    repeat = 1
                    while (name, node[name]) in seen:
                        repeat += 1
                        node[name] = f"{given}.{repeat}"
                    seen.add((name, node[name]))


def _shorten_paragraphs(blocks: list[Block], excess: int) -> int:
    """Shorten the longest paragraphs by `excess` characters. Returns the excess that remains."""
    texts = [
        text
        for block in blocks
        if block["type"] in ("section", "context")
        for text in (block.get("text"), *block.get("fields", ()), *block.get("elements", ()))
        if text and size(text["text"]) > SHORTENED
    ]
    for text in sorted(texts, key=lambda text: -size(text["text"])):
        before = size(text["text"])
        text["text"] = cut(text["text"], max(SHORTENED, before - max(excess, 0)))
        excess -= before - size(text["text"])
    return excess


def characters(part: Any) -> int:
    """The characters of a part of a message that count toward the limit."""
    if isinstance(part, list):
        return sum(map(characters, part))
    if not isinstance(part, dict):
        return 0
    return sum(
        (size(value) if key in COUNTED else 0) if isinstance(value, str) else characters(value)
        for key, value in part.items()
    )


# Messages as text.


def plain(blocks: list[Block]) -> list[Block]:
    """The blocks with lines of text instead of tables and charts."""
    found: list[Block] = []
    for block in blocks:
        if block["type"] == "data_table":
            found += _plain_table(block)
        elif block["type"] == "data_visualization":
            found += _paragraphs([f"*{escape(block['title'])}*", *map(escape, chart_lines(block))])
        else:
            found.append(block)
    return found


def _plain_table(block: Block) -> Iterator[Block]:
    """A table as lines, and a menu in place of its buttons."""
    yield small(escape(block["caption"]))
    head, *rows = (escape("  ·  ".join(line)) for line in table_lines(block))
    yield from _paragraphs([f"*{head}*", *rows])
    named = block["row_header_column_index"]
    opening = [row for row in block["rows"][1:] if "element" in row[-1]]
    pressed = [(row[named], row[-1]["element"]) for row in opening]
    if pressed:
        first = pressed[0][1]
        options = [
            {"text": plain_text(cell_text(who), 75), "value": each["value"][:150]}
            for who, each in pressed
        ]
        menu = {
            "type": "static_select",
            "action_id": first["action_id"].rpartition(".")[0],
            "placeholder": plain_text(f"{first['text']['text']}…", 150),
            "options": options,
        }
        yield {"type": "actions", "elements": [menu]}


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    """Sections that each have as many of the lines as fit."""
    text = ""
    for line in lines:
        if text and size(text) + size(line) > 2_900:
            yield paragraph(text)
            text = ""
        text = f"{text}\n{line}" if text else line
    yield paragraph(text)


def fallback(blocks: list[Block]) -> str:
    """The blocks as text without marks: a line for each paragraph, field and row."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "actions" and lines and lines[-1].endswith(":"):
            labels = (each["text"]["text"] for each in block["elements"] if "text" in each)
            lines[-1] += f" {escape('; '.join(labels))}"
        lines += filter(None, _lines(block))
    # With a joiner, so that Slack doesn't turn addresses into links.
    return cut("\n".join(lines).replace("://", ":\u2060//"), MAX_TEXT) or "–"


def _lines(block: Block) -> Iterator[str]:
    """The lines of a block, with commas instead of gaps."""
    if block["type"] == "header":
        yield _spoken(escape(block["text"]["text"]))
    elif block["type"] == "data_table":
        yield from (escape(", ".join(line)) for line in table_lines(block))
    elif block["type"] == "data_visualization":
        yield from (escape(f"{block['title']}: {line}") for line in chart_lines(block))
    elif block["type"] == "section" and "fields" in block:
        for each in block["fields"]:
            label, *figures = each["text"].split("\n")
            yield _spoken(f"{label}{SHOWN_GAPS[GAPS['gap']]}{', '.join(figures)}")
    elif block["type"] == "section":
        text = block["text"]["text"].split("\n")
        yield from (_spoken(line.removeprefix("> ")) for line in text)
    elif block["type"] == "context":
        yield from (_spoken(each["text"]) for each in block["elements"])


def _spoken(text: str) -> str:
    """A line of mrkdwn as text: without marks and links, a colon for the first gap, then commas."""
    gap, dot = SHOWN_GAPS[GAPS["gap"]], SHOWN_GAPS[GAPS["dot"]]
    text = FORMAT.sub("", LINK.sub(r"\1", text))
    text = text.replace(f".{dot}", ". ").replace(dot, ", ")
    return text.replace(gap, ": ", 1).replace(gap, ", ")


def table_lines(block: Block) -> list[list[str]]:
    """The text of a table's cells by row, without buttons."""
    last = block["rows"][-1]
    kept = [at for at, cell in enumerate(last) if cell["type"] != "action_cell"]
    return [[cell_text(row[at]) for at in kept] for row in block["rows"]]


def cell_text(made: Block) -> str:
    """The text of a cell."""
    if made["type"] == "rich_text":
        return "".join(part["text"] for part in made["elements"][0]["elements"])
    return str(made["text"])


def chart_lines(block: Block) -> list[str]:
    """A chart's points as text, a line for each series."""
    series = block["chart"]["series"]
    return [
        (f"{each['name']}: " if len(series) > 1 else "")
        + ", ".join(f"{point['label']} {point['value']:,}" for point in each["data"])
        for each in series
    ]
