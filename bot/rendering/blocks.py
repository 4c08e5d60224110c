"""A document as blocks of Block Kit. Pure.

Every text is escaped here, for the place it comes to: nothing in a document is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.rendering import document as d
from bot.rendering.fallback import degrade
from bot.rendering.limits import enforce, enforce_view
from bot.rendering.spoken import spoken
from bot.rendering.values import escape
from bot.rendering.views import Message

Node = dict[str, Any]

_BUTTONS_IN_A_ROW = 4
_AROUND = {"b": "*", "i": "_", "s": "~", "code": "`", "pre": "```"}
_STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "code", "pre": "code"}
_NOTHING = "–"


def message(document: d.Document, level: int = 0) -> Message:
    """The message with the blocks of `level` (see `fallback`), within Slack's limits."""
    made = [block for part in document.items for block in _BLOCKS[type(part)](part)]
    return degrade(enforce(Message(spoken(document), made)), level)


def modal(dialog: d.Modal) -> Node:
    """A view for `views.open`, within Slack's limits."""
    view = {
        "type": "modal",
        "callback_id": dialog.name,
        "private_metadata": dialog.private,
        "title": _plain(dialog.title),
        "submit": _plain(dialog.submit),
        "close": _plain(dialog.close),
        "blocks": [block for part in dialog.items for block in _BLOCKS[type(part)](part)],
    }
    return enforce_view(view)


def mrkdwn(text: d.Text) -> str:
    """Words with their styles and links in Slack's own markup."""
    styled = groupby(text, key=lambda run: (run.marks, run.link))
    return "".join(_styled(list(runs), *style) for style, runs in styled)


def _styled(runs: Sequence[d.Run], marks: tuple[d.Mark, ...], link: str) -> str:
    code = "code" in marks or "pre" in marks
    words = "".join(escape(run.text, code=code) for run in runs)
    if link:
        words = f"<{escape(link, code=True)}|{words}>"
    for mark in reversed(marks):
        words = f"{_AROUND[mark]}{words}{_AROUND[mark]}"
    return words


def _mrkdwn(words: str) -> Node:
    return {"type": "mrkdwn", "text": words, "verbatim": True}


def _plain(words: str) -> Node:
    return {"type": "plain_text", "text": words, "emoji": True}


def _header(part: d.Header) -> Iterator[Node]:
    yield {"type": "header", "text": _plain(d.plain(part.text))}


def _section(part: d.Section) -> Iterator[Node]:
    words = mrkdwn(part.text)
    if part.title:
        words = f"*{escape(part.title)}*\n{words}"
    if part.quote:
        words = "\n".join(f"> {line}" for line in words.split("\n"))
    # What is said is never folded behind "see more".
    block: Node = {"type": "section", "expand": True, "text": _mrkdwn(words)}
    for beside in part.items:
        block["accessory"] = _ELEMENTS[type(beside)](beside)
    yield block


def _fields(part: d.Fields) -> Iterator[Node]:
    fields = (f"*{escape(each.label)}*\n{mrkdwn(each.text)}" for each in part.items)
    yield {"type": "section", "fields": [_mrkdwn(words) for words in fields]}


def _context(part: d.Context) -> Iterator[Node]:
    yield {"type": "context", "elements": [_mrkdwn(mrkdwn(part.text))]}


def _divider(_part: d.Divider) -> Iterator[Node]:
    yield {"type": "divider"}


def _table(part: d.Table) -> Iterator[Node]:
    columns = [column for column in part.items[0].items if isinstance(column, d.Column)]
    names = (at for at, column in enumerate(columns) if column.names)
    yield {
        "type": "data_table",
        "caption": part.caption,
        "page_size": part.page,
        "row_header_column_index": next(names, 0),
        "rows": [[_cell(cell) for cell in row.items] for row in part.items],
    }


def _cell(cell: d.Column | d.Cell) -> Node:
    words = d.plain(cell.text) or _NOTHING
    if isinstance(cell, d.Cell):
        if cell.value is not None:
            return {"type": "raw_number", "value": _number(cell.value), "text": words}
        if any(run.marks or run.link for run in cell.text):
            elements = [_rich(run) for run in cell.text]
            section = {"type": "rich_text_section", "elements": elements}
            return {"type": "rich_text", "elements": [section]}
    return {"type": "raw_text", "text": words}


def _rich(run: d.Run) -> Node:
    made: Node = {"type": "text", "text": run.text}
    if run.link:
        made = {"type": "link", "url": run.link, "text": run.text}
    return {**made, "style": {_STYLES[mark]: True for mark in run.marks}} if run.marks else made


def _number(value: float) -> float:
    return int(value) if value.is_integer() else value


def _chart(part: d.Chart) -> Iterator[Node]:
    axes = {
        "categories": [point.label or _NOTHING for point in part.items[0].items],
        "x_label": part.x,
        "y_label": part.y,
    }
    series = [{"name": each.name, "data": [_point(p) for p in each.items]} for each in part.items]
    yield {
        "type": "data_visualization",
        "title": part.title,
        "chart": {"type": part.type, "series": series, "axis_config": axes},
    }


def _point(point: d.Point) -> Node:
    return {"label": point.label or _NOTHING, "value": _number(point.value)}


def _actions(part: d.Actions) -> Iterator[Node]:
    """At most four in a row; each row begins on the left."""
    for start in range(0, len(part.items), _BUTTONS_IN_A_ROW):
        row = part.items[start : start + _BUTTONS_IN_A_ROW]
        block: Node = {"type": "actions", "elements": [_ELEMENTS[type(e)](e) for e in row]}
        yield {**block, "block_id": part.id} if part.id else block


def _input(part: d.Input) -> Iterator[Node]:
    block: Node = {"type": "input", "block_id": part.name, "label": _plain(part.label)}
    if part.optional:
        block["optional"] = True
    if part.live:
        block["dispatch_action"] = True
    for entered in part.items:
        block["element"] = {"action_id": part.name, **_ELEMENTS[type(entered)](entered)}
    yield block


def _button(button: d.Button) -> Node:
    made: Node = {
        "type": "button",
        "text": _plain(d.plain(button.text)),
        "action_id": button.action,
        "value": button.value,
    }
    if button.style:
        made["style"] = button.style
    for confirm in button.items:
        made["confirm"] = {
            "title": _plain(confirm.title),
            "text": _plain(d.plain(confirm.text)),
            "confirm": _plain(confirm.yes),
            "deny": _plain(confirm.no),
        }
    return made


def _overflow(menu: d.Overflow) -> Node:
    return {"type": "overflow", "action_id": menu.action, "options": _options(menu.items)}


def _select(menu: d.Select) -> Node:
    made = _acting("static_select", menu.action, menu.placeholder)
    groups = [item for item in menu.items if isinstance(item, d.OptionGroup)]
    options = [item for item in menu.items if isinstance(item, d.Option)]
    if groups:
        made["option_groups"] = [
            {"label": _plain(group.label), "options": _options(group.items)} for group in groups
        ]
        options = [option for group in groups for option in group.items]
    else:
        made["options"] = _options(options)
    for chosen in _options(option for option in options if option.selected):
        made["initial_option"] = chosen
    return made


def _checkboxes(boxes: d.Checkboxes) -> Node:
    made = _acting("checkboxes", boxes.action)
    made["options"] = _options(boxes.items)
    if chosen := _options(option for option in boxes.items if option.selected):
        made["initial_options"] = chosen
    return made


def _options(options: Iterable[d.Option]) -> list[Node]:
    return [{"text": _plain(d.plain(each.text)), "value": each.value} for each in options]


def _entry(entry: d.Entry) -> Node:
    kind, initial = _ENTRIES[entry.type]
    made = {**_acting(kind, entry.action, entry.placeholder), **_ENTRY_FIELDS.get(entry.type, {})}
    if entry.value:
        made[initial] = entry.value.split() if entry.type == "people" else entry.value
    return made


def _acting(kind: str, action: str, placeholder: str = "") -> Node:
    made: Node = {"type": kind}
    if action:
        made["action_id"] = action
    if placeholder:
        made["placeholder"] = _plain(placeholder)
    return made


_ENTRIES = {
    "text": ("plain_text_input", "initial_value"),
    "date": ("datepicker", "initial_date"),
    "time": ("timepicker", "initial_time"),
    "people": ("multi_users_select", "initial_users"),
    "channel": ("conversations_select", "initial_conversation"),
}
# A channel is one that people of other companies do not read.
_ENTRY_FIELDS: dict[str, Node] = {
    "channel": {
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        }
    }
}
_BLOCKS: dict[type, Callable[[Any], Iterator[Node]]] = {
    d.Header: _header,
    d.Section: _section,
    d.Fields: _fields,
    d.Table: _table,
    d.Chart: _chart,
    d.Actions: _actions,
    d.Context: _context,
    d.Divider: _divider,
    d.Input: _input,
}
_ELEMENTS: dict[type, Callable[[Any], Node]] = {
    d.Button: _button,
    d.Overflow: _overflow,
    d.Select: _select,
    d.Checkboxes: _checkboxes,
    d.Entry: _entry,
}
