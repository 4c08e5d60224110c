"""Elements as blocks of Block Kit, each within Slack's limits; rich blocks or plain ones. Pure.

Not every workspace knows the newer blocks yet. In plain blocks tables and charts are lines of text,
and a menu leads to what the buttons in the rows of a table lead to. Where Slack's own pages give
two limits, the smaller is kept to; what holds for all blocks together is in `limits.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any, TypeAlias

from bot.rendering import limits
from bot.rendering.cut import cut, size
from bot.rendering.escaping import emoji, escape
from bot.rendering.fallback import fallback_text
from bot.rendering.inline import Run, Text, unstyled
from bot.rendering.markup import Element, without_buttons
from bot.rendering.numbers import DASH
from bot.rendering.views import Message

Node: TypeAlias = dict[str, Any]
Writer: TypeAlias = Callable[[Element], Iterator[Node]]

_BUTTONS_IN_A_ROW = 4  # so that each row is one line
_LINES = 2_900  # characters of lines in a section
_LONGEST_ENTRY = 3_000  # characters of a text that somebody types
_AROUND = {"b": "*", "i": "_", "s": "~", "code": "`", "pre": "```", "emoji": ""}
_STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "code", "pre": "code"}


def message(document: Element, *, plain: bool = False) -> Message:
    """The message within Slack's limits."""
    blocks = limits.fit(_blocks(document, _PLAIN if plain else _RICH), limits.MESSAGE_BLOCKS)
    return Message(fallback_text(blocks), blocks, document)


def in_plain_blocks(drawn: Message) -> Message:
    """The same message in plain blocks; as it is if its document is not known."""
    return drawn if drawn.document is None else message(drawn.document, plain=True)


def modal(dialog: Element, below: Element | None = None) -> Node:
    """A view for `views.open`; below it a message without its buttons."""
    blocks = _blocks(dialog, _PLAIN)
    if below is not None:
        told = tuple(part for part in below.children if part.tag != "actions")
        blocks += [{"type": "divider"}, *_blocks(Element("message", children=told), _PLAIN)]
    return {
        "type": "modal",
        "callback_id": cut(dialog["name"], 255),
        "private_metadata": cut(dialog["private"], 3_000),
        "title": _plain_text(dialog["title"], 24),
        "submit": _plain_text(dialog["submit"], 24),
        "close": _plain_text(dialog["close"], 24),
        "blocks": limits.fit(blocks, limits.VIEW_BLOCKS),
    }


def home(document: Element) -> Node:
    """A view for `views.publish`, which takes neither charts nor the tables of messages."""
    return {"type": "home", "blocks": limits.fit(_blocks(document, _PLAIN), limits.VIEW_BLOCKS)}


def _blocks(document: Element, writers: Mapping[str, Writer]) -> list[Node]:
    return [block for part in document.children for block in writers[part.tag](part)]


# Texts: escaped for their place, which nothing before is.


def _plain_text(words: str, most: int) -> Node:
    return {"type": "plain_text", "text": _filled(words, most), "emoji": True}


def _mrkdwn(words: str, most: int) -> Node:
    text = cut(words, most, mrkdwn=True) if words.strip() else DASH
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _filled(words: str, most: int) -> str:
    """Words for a place that Slack wants to be filled."""
    return cut(words, most) if words.strip() else DASH


def mrkdwn(text: Text) -> str:
    """Words with their styles and links in Slack's own markup."""
    styled = groupby(text, key=lambda run: (run.marks, run.link))
    return "".join(_styled(runs, *style) for style, runs in styled)


def _styled(runs: Iterable[Run], marks: tuple[str, ...], link: str) -> str:
    code = "code" in marks or "pre" in marks
    say = emoji if "emoji" in marks else partial(escape, code=code)
    words = "".join(say(run.text) for run in runs)
    if link:
        words = f"<{escape(link, code=True)}|{words}>"
    for mark in reversed(marks):
        words = f"{_AROUND[mark]}{words}{_AROUND[mark]}"
    return words


# Buttons, menus, and fields of a form.


def _control(element: Element) -> Node:
    return _CONTROLS[element.tag](element)


def _button(button: Element) -> Node:
    made: Node = {
        "type": "button",
        "text": _plain_text(unstyled(button.text), 75),
        "action_id": button["action"],
        "value": _filled(button["value"], 2_000),
    }
    if button["href"]:
        made["url"] = button["href"]
    if button["style"]:
        made["style"] = button["style"]
    for confirm in button.children:
        made["confirm"] = {
            "title": _plain_text(confirm["title"], 100),
            "text": _plain_text(unstyled(confirm.text), 300),
            "confirm": _plain_text(confirm["yes"], 30),
            "deny": _plain_text(confirm["no"], 30),
        }
    return made


def _overflow(menu: Element) -> Node:
    options = [_option(each) for each in menu.children[:5]]
    return {"type": "overflow", "action_id": menu["action"], "options": options}


def _select(menu: Element) -> Node:
    made = _acting("static_select", menu)
    options = [each for each in menu.children if each.tag == "option"]
    groups = [each for each in menu.children if each.tag == "optgroup"]
    if groups:
        made["option_groups"] = [
            {
                "label": _plain_text(group["label"], 75),
                "options": [_option(each) for each in group.children[:100]],
            }
            for group in groups[:100]
        ]
        options = [option for group in groups for option in group.children]
    else:
        made["options"] = [_option(each) for each in options[:100]]
    for chosen in options:
        if chosen["selected"]:
            made["initial_option"] = _option(chosen)
    return made


def _checkboxes(boxes: Element) -> Node:
    made = _acting("checkboxes", boxes)
    made["options"] = [_option(each) for each in boxes.children[:10]]
    if chosen := [_option(each) for each in boxes.children[:10] if each["selected"]]:
        made["initial_options"] = chosen
    return made


def _option(option: Element) -> Node:
    text = _plain_text(unstyled(option.text), 75)
    return {"text": text, "value": _filled(option["value"], 150)}


def _entry(entry: Element) -> Node:
    kind, initial, more = _ENTRIES[entry["type"]]
    made = {**_acting(kind, entry), **more}
    most = min(entry["most"], _LONGEST_ENTRY) or _LONGEST_ENTRY
    if entry["most"]:
        made["max_length"] = most
    if value := entry["value"]:
        made[initial] = value[:most]
    return made


def _acting(kind: str, element: Element) -> Node:
    made: Node = {"type": kind}
    if element["action"]:
        made["action_id"] = element["action"]
    if placeholder := element.attributes.get("placeholder"):
        made["placeholder"] = _plain_text(placeholder, 150)
    return made


# By the type of an entry: the element, where its value goes, and what else it has. A channel is one
# that people of other companies do not read.
_ENTRIES: dict[str, tuple[str, str, Node]] = {
    "text": ("plain_text_input", "initial_value", {}),
    "lines": ("plain_text_input", "initial_value", {"multiline": True}),
    "date": ("datepicker", "initial_date", {}),
    "time": ("timepicker", "initial_time", {}),
    "channel": (
        "conversations_select",
        "initial_conversation",
        {
            "filter": {
                "include": ["public", "private"],
                "exclude_external_shared_channels": True,
                "exclude_bot_users": True,
            }
        },
    ),
}
_CONTROLS: dict[str, Callable[[Element], Node]] = {
    "button": _button,
    "overflow": _overflow,
    "select": _select,
    "checkboxes": _checkboxes,
    "entry": _entry,
}


# The parts of a message.


def _header(part: Element) -> Iterator[Node]:
    yield {"type": "header", "text": _plain_text(unstyled(part.text), 150)}


def _section(part: Element) -> Iterator[Node]:
    words = mrkdwn(part.text)
    if part["title"]:
        words = f"*{escape(part['title'])}*\n{words}"
    if part["quote"]:
        words = "\n".join(f"> {line}" for line in words.split("\n"))
    block = _paragraph(words)
    for beside in part.children:
        block["accessory"] = _control(beside)
    yield block


def _paragraph(words: str) -> Node:
    # What is said is never folded behind "see more".
    return {"type": "section", "expand": True, "text": _mrkdwn(words, 3_000)}


def _fields(part: Element) -> Iterator[Node]:
    fields = (f"*{escape(each['label'])}*\n{mrkdwn(each.text)}" for each in part.children[:10])
    yield {"type": "section", "fields": [_mrkdwn(words, 2_000) for words in fields]}


def _context(part: Element) -> Iterator[Node]:
    yield _small(mrkdwn(part.text))


def _small(words: str) -> Node:
    return {"type": "context", "elements": [_mrkdwn(words, 2_000)]}


def _divider(_part: Element) -> Iterator[Node]:
    yield {"type": "divider"}


def _actions(part: Element) -> Iterator[Node]:
    for start in range(0, len(part.children), _BUTTONS_IN_A_ROW):
        row = part.children[start : start + _BUTTONS_IN_A_ROW]
        block: Node = {"type": "actions", "elements": [_control(each) for each in row]}
        yield {**block, "block_id": part["id"]} if part["id"] else block


def _input(part: Element) -> Iterator[Node]:
    block: Node = {
        "type": "input",
        "block_id": part["name"],
        "label": _plain_text(part["label"], 2_000),
    }
    if part["optional"]:
        block["optional"] = True
    if part["live"]:
        block["dispatch_action"] = True
    for entered in part.children:
        block["element"] = {"action_id": part["name"], **_control(entered)}
    yield block


def _table(part: Element) -> Iterator[Node]:
    head, *rows = part.children
    if not rows:
        return
    yield {
        "type": "data_table",
        "caption": _filled(part["caption"], 150),
        "page_size": min(max(part["page"], 1), 100),
        "row_header_column_index": next(
            (at for at, th in enumerate(head.children) if th["names"]), 0
        ),
        "rows": [[_cell(cell) for cell in row.children] for row in (head, *rows[:100])],
    }


def _cell(cell: Element) -> Node:
    for button in cell.children:
        label = {"type": "raw_text", "text": unstyled(button.text) or DASH}
        return {"type": "action_cell", "element": _button(button), "fallback": label}
    words, value = unstyled(cell.text) or DASH, cell.attributes.get("value")
    if value is not None:
        return {"type": "raw_number", "value": _number(value), "text": words}
    # The cells of a header are never rich text.
    if cell.tag == "td" and [run for run in cell.text if run.marks or run.link]:
        line = {"type": "rich_text_section", "elements": [_rich(run) for run in cell.text]}
        return {"type": "rich_text", "elements": [line]}
    return {"type": "raw_text", "text": words}


def _rich(run: Run) -> Node:
    made: Node = {"type": "text", "text": run.text}
    if run.link:
        made = {"type": "link", "url": run.link, "text": run.text}
    style = {_STYLES[mark]: True for mark in run.marks if mark in _STYLES}
    return {**made, "style": style} if style else made


def _chart(part: Element) -> Iterator[Node]:
    series = [
        {"name": _filled(each["name"], 20), "data": [_point(point) for point in each.children[:20]]}
        for each in part.children[:6]
    ]
    axes = {
        "categories": [_filled(point["label"], 20) for point in part.children[0].children[:20]],
        "x_label": _filled(part["x"], 50),
        "y_label": _filled(part["y"], 50),
    }
    yield {
        "type": "data_visualization",
        "title": _filled(part["title"], 50),
        "chart": {"type": part["type"], "series": series, "axis_config": axes},
    }


def _point(point: Element) -> Node:
    return {"label": _filled(point["label"], 20), "value": _number(point["value"])}


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


# The same in plain blocks.


def _table_lines(part: Element) -> Iterator[Node]:
    head, *rows = ("  ·  ".join(_line(row)) for row in without_buttons(part).children)
    if not rows:
        return
    yield _small(escape(part["caption"]))
    yield from _lines([f"*{head}*", *rows])
    if menu := _menu_of(part):
        yield {"type": "actions", "elements": [menu]}


def _line(row: Element) -> Iterator[str]:
    return (mrkdwn(cell.text) or DASH for cell in row.children)


def _menu_of(table: Element) -> Node | None:
    """A menu of what the buttons in a table's rows lead to; None where there are none."""
    head, *rows = table.children
    buttons = [(row, button) for row in rows for cell in row.children for button in cell.children]
    if not buttons:
        return None
    named = next((at for at, th in enumerate(head.children) if th["names"]), 0)
    options = [
        {
            "text": _plain_text(
                "  ·  ".join(unstyled(row.children[at].text) for at in sorted({0, named})), 75
            ),
            "value": _filled(button["value"], 150),
        }
        for row, button in buttons[:100]
    ]
    first = buttons[0][1]
    return {
        "type": "static_select",
        # The button of each row has its number behind the name that all have.
        "action_id": first["action"].rpartition(".")[0],
        "placeholder": _plain_text(f"{unstyled(first.text)}…", 150),
        "options": options,
    }


def _chart_lines(part: Element) -> Iterator[Node]:
    lines = [f"*{escape(part['title'])}*"]
    for series in part.children:
        points = (f"{escape(each['label'])}: {each['value']:,}" for each in series.children)
        name = f"{escape(series['name'])}: " if len(part.children) > 1 else ""
        lines.append(name + ", ".join(points))
    return _lines(lines)


def _lines(lines: Iterable[str]) -> Iterator[Node]:
    """Lines of mrkdwn, as many in a section as fit."""
    paragraph: list[str] = []
    room = _LINES
    for line in lines:
        if paragraph and size(line) + 1 > room:
            yield _paragraph("\n".join(paragraph))
            paragraph, room = [], _LINES
        paragraph.append(line)
        room -= size(line) + 1
    yield _paragraph("\n".join(paragraph))


_RICH: dict[str, Writer] = {
    "header": _header,
    "section": _section,
    "fields": _fields,
    "table": _table,
    "chart": _chart,
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "input": _input,
}
_PLAIN: dict[str, Writer] = {**_RICH, "table": _table_lines, "chart": _chart_lines}
