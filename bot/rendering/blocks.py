"""A document as blocks of Block Kit, rich or plain. Pure.

Not every workspace knows the newer blocks yet. In plain blocks tables and charts are lines of text,
and a menu leads to what the buttons in the rows of a table lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.rendering import document as d
from bot.rendering.controls import control
from bot.rendering.cut import size
from bot.rendering.escaping import escape
from bot.rendering.limits import enforce, enforce_view
from bot.rendering.numbers import DASH
from bot.rendering.spoken import spoken
from bot.rendering.texts import Node, mrkdwn, mrkdwn_text, plain_text
from bot.rendering.views import Message

_BUTTONS_IN_A_ROW = 4
_SECTION = 2_900  # characters of lines in a section
_STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "code", "pre": "code"}


def message(document: d.Document, *, plain: bool = False) -> Message:
    """The message within Slack's limits."""
    return enforce(Message(spoken(document), _blocks(document, plain=plain), document))


def in_plain_blocks(drawn: Message) -> Message:
    """The same message in plain blocks; as it is if its document is not known."""
    return drawn if drawn.document is None else message(drawn.document, plain=True)


def modal(dialog: d.Modal, below: d.Document | None = None) -> Node:
    """A view for `views.open`, within Slack's limits; under it the words of a message."""
    blocks = [block for part in dialog.items for block in _drawn(part)]
    if below is not None:
        words = d.Document(items=tuple(p for p in below.items if not isinstance(p, d.Actions)))
        # A modal takes neither charts nor tables.
        blocks += [*_divider(d.Divider()), *_blocks(words, plain=True)]
    view = {
        "type": "modal",
        "callback_id": dialog.name,
        "private_metadata": dialog.private,
        "title": plain_text(dialog.title),
        "submit": plain_text(dialog.submit),
        "close": plain_text(dialog.close),
        "blocks": blocks,
    }
    return enforce_view(view)


def home(document: d.Document) -> Node:
    """A view for `views.publish`, within Slack's limits."""
    # A Home tab takes neither charts nor the tables of messages.
    return enforce_view({"type": "home", "blocks": _blocks(document, plain=True)})


def _blocks(document: d.Document, *, plain: bool) -> list[Node]:
    draw = _plain if plain else _drawn
    return [block for part in document.items for block in draw(part)]


def _drawn(part: object) -> Iterator[Node]:
    return _BLOCKS[type(part)](part)


def _plain(part: object) -> Iterator[Node]:
    if isinstance(part, d.Chart):
        return _lines([f"*{escape(part.title)}*", *_chart_lines(part)])
    return _table_lines(part) if isinstance(part, d.Table) else _drawn(part)


def _header(part: d.Header) -> Iterator[Node]:
    yield {"type": "header", "text": plain_text(d.plain(part.text))}


def _section(part: d.Section) -> Iterator[Node]:
    words = mrkdwn(part.text)
    if part.title:
        words = f"*{escape(part.title)}*\n{words}"
    if part.quote:
        words = "\n".join(f"> {line}" for line in words.split("\n"))
    block = _paragraph(words)
    for beside in part.items:
        block["accessory"] = control(beside)
    yield block


def _paragraph(words: str) -> Node:
    # What is said is never folded behind "see more".
    return {"type": "section", "expand": True, "text": mrkdwn_text(words)}


def _fields(part: d.Fields) -> Iterator[Node]:
    fields = (f"*{escape(each.label)}*\n{mrkdwn(each.text)}" for each in part.items)
    yield {"type": "section", "fields": [mrkdwn_text(words) for words in fields]}


def _context(part: d.Context) -> Iterator[Node]:
    yield _small(mrkdwn(part.text))


def _small(words: str) -> Node:
    return {"type": "context", "elements": [mrkdwn_text(words)]}


def _divider(_part: d.Divider) -> Iterator[Node]:
    yield {"type": "divider"}


def _actions(part: d.Actions) -> Iterator[Node]:
    """At most four in a row, so that each row is one line."""
    for start in range(0, len(part.items), _BUTTONS_IN_A_ROW):
        row = part.items[start : start + _BUTTONS_IN_A_ROW]
        block: Node = {"type": "actions", "elements": [control(each) for each in row]}
        yield {**block, "block_id": part.id} if part.id else block


def _input(part: d.Input) -> Iterator[Node]:
    block: Node = {"type": "input", "block_id": part.name, "label": plain_text(part.label)}
    if part.optional:
        block["optional"] = True
    if part.live:
        block["dispatch_action"] = True
    for entered in part.items:
        block["element"] = {"action_id": part.name, **control(entered)}
    yield block


def _table(part: d.Table) -> Iterator[Node]:
    names = (at for at, head in enumerate(part.items[0].items) if getattr(head, "names", False))
    yield {
        "type": "data_table",
        "caption": part.caption,
        "page_size": part.page,
        "row_header_column_index": next(names, 0),
        "rows": [[_cell(cell) for cell in row.items] for row in part.items],
    }


def _cell(cell: d.Column | d.Cell) -> Node:
    for button in cell.items if isinstance(cell, d.Cell) else ():
        words = {"type": "raw_text", "text": d.plain(button.text)}
        return {"type": "action_cell", "element": control(button), "fallback": words}
    if isinstance(cell, d.Cell) and cell.value is not None:
        value = _number(cell.value)
        return {"type": "raw_number", "value": value, "text": d.plain(cell.text) or DASH}
    return _words_cell(cell)


def _words_cell(cell: d.Column | d.Cell) -> Node:
    # The cells of a header are never rich text.
    if isinstance(cell, d.Cell) and any(run.marks or run.link for run in cell.text):
        line = {"type": "rich_text_section", "elements": [_rich(run) for run in cell.text]}
        return {"type": "rich_text", "elements": [line]}
    return {"type": "raw_text", "text": d.plain(cell.text) or DASH}


def _rich(run: d.Run) -> Node:
    made: Node = {"type": "text", "text": run.text}
    if run.link:
        made = {"type": "link", "url": run.link, "text": run.text}
    style = {_STYLES[mark]: True for mark in run.marks if mark in _STYLES}
    return {**made, "style": style} if style else made


def _table_lines(part: d.Table) -> Iterator[Node]:
    head, *rows = ("  ·  ".join(_line(row)) for row in d.without_buttons(part).items)
    yield _small(escape(part.caption))
    yield from _lines([f"*{head}*", *rows])
    if (menu := d.menu_of(part)) is not None:
        yield from _drawn(menu)


def _line(row: d.Row) -> Iterator[str]:
    return (mrkdwn(cell.text) or DASH for cell in row.items)


def _lines(lines: Iterable[str]) -> Iterator[Node]:
    """Lines of mrkdwn, as many in a section as fit."""
    held: list[str] = []
    room = _SECTION
    for line in lines:
        if held and size(line) + 1 > room:
            yield _paragraph("\n".join(held))
            held, room = [], _SECTION
        held.append(line)
        room -= size(line) + 1
    yield _paragraph("\n".join(held))


def _chart(part: d.Chart) -> Iterator[Node]:
    axes = {
        "categories": [point.label or DASH for point in part.items[0].items],
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
    return {"label": point.label or DASH, "value": _number(point.value)}


def _chart_lines(part: d.Chart) -> Iterator[str]:
    for series in part.items:
        points = ", ".join(f"{escape(p.label)}: {_number(p.value)}" for p in series.items)
        yield f"{escape(series.name)}: {points}" if len(part.items) > 1 else points


def _number(value: float) -> float:
    return int(value) if value.is_integer() else value


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
