"""A document in a terminal. Pure: what is made here is printed by others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich import table as rich_table
from rich.text import Text

from bot.rendering import document as d

Printed = Text | rich_table.Table

_STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "cyan", "pre": "cyan"}
_BAR = 30  # characters of the longest bar of a chart
_WHOLE = 16  # a column whose cells are all this short is never folded


def printed(document: d.Document, commands: Mapping[str, str]) -> Iterator[Printed]:
    """What a terminal shows, part by part. Of the buttons those are left that can be typed.

    `commands` are the words to type, by the value of the button.
    """
    for part in document.items:
        if isinstance(part, d.Actions):
            values = (item.value for item in part.items if isinstance(item, d.Button))
            yield from (Text(f"  {commands[value]}") for value in values if value in commands)
        elif shown := _SHOWN.get(type(part)):
            yield from shown(part)


def _words(text: d.Text) -> Text:
    return Text.assemble(
        *((run.text, " ".join(_STYLES.get(mark, "") for mark in run.marks)) for run in text)
    )


def _header(part: d.Header) -> Iterator[Text]:
    words = _words(part.text)
    words.stylize("bold")
    yield words


def _section(part: d.Section) -> Iterator[Text]:
    if part.title:
        yield Text(part.title, "bold")
    yield _words(part.text)


def _fields(part: d.Fields) -> Iterator[Text]:
    for each in part.items:
        # A change stands below its figure in Slack; here there is room beside it.
        lines = _words(each.text).split("\n")
        yield Text("  ").join([Text(each.label, "bold"), *lines])


def _table(part: d.Table) -> Iterator[rich_table.Table]:
    # No caption: it repeats what the message says before.
    head, *rows = d.without_buttons(part).items
    made = rich_table.Table()
    for at, column in enumerate(head.items):
        cells = [cell for row in rows if isinstance(cell := row.items[at], d.Cell)]
        made.add_column(
            _words(column.text),
            no_wrap=all(len(d.plain(cell.text)) <= _WHOLE for cell in cells),
            justify="right" if any(cell.value is not None for cell in cells) else "left",
        )
    for row in rows:
        made.add_row(*(_words(cell.text) for cell in row.items))
    yield made


def _chart(part: d.Chart) -> Iterator[Text]:
    yield Text(part.title, "bold")
    most = max((point.value for series in part.items for point in series.items), default=0)
    width = max((len(point.label) for series in part.items for point in series.items), default=0)
    for series in part.items:
        if len(part.items) > 1:
            yield Text(series.name)
        for point in series.items:
            bar = "█" * round(_BAR * point.value / most) if most > 0 else ""
            yield Text(f"  {point.label:<{width}}  {bar} {point.value:,g}")


def _context(part: d.Context) -> Iterator[Text]:
    yield _words(part.text)


_SHOWN: dict[type, Callable[[Any], Iterator[Printed]]] = {
    d.Header: _header,
    d.Section: _section,
    d.Fields: _fields,
    d.Table: _table,
    d.Chart: _chart,
    d.Context: _context,
}
