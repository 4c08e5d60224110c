"""A document in a terminal. Pure: what is made here is printed by others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rich import table as rich_table
from rich.text import Text as Line

from bot.rendering.inline import Text, unstyled
from bot.rendering.markup import Element, without_buttons

Printed = Line | rich_table.Table

_STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "cyan", "pre": "cyan"}
_BAR = 30  # characters of the longest bar of a chart
_WHOLE = 16  # a column whose cells are all this short is never folded


def printed(document: Element, commands: Mapping[str, str]) -> Iterator[Printed]:
    """A document for a terminal, part by part. Only buttons that can be typed remain.

    `commands` are the words to type, by the value of the button.
    """
    for part in document.children:
        if part.tag == "actions":
            values = (item["value"] for item in part.children if item.tag == "button")
            yield from (Line(f"  {commands[value]}") for value in values if value in commands)
        elif shown := _SHOWN.get(part.tag):
            yield from shown(part)


def _words(text: Text) -> Line:
    return Line.assemble(
        *((run.text, " ".join(_STYLES.get(mark, "") for mark in run.marks)) for run in text)
    )


def _header(part: Element) -> Iterator[Line]:
    words = _words(part.text)
    words.stylize("bold")
    yield words


def _section(part: Element) -> Iterator[Line]:
    if part["title"]:
        yield Line(part["title"], "bold")
    yield _words(part.text)


def _fields(part: Element) -> Iterator[Line]:
    for each in part.children:
        # A change stands below its figure in Slack; here there is room beside it.
        lines = _words(each.text).split("\n")
        yield Line("  ").join([Line(each["label"], "bold"), *lines])


def _table(part: Element) -> Iterator[rich_table.Table]:
    # No caption: it repeats what the message says before.
    head, *rows = without_buttons(part).children
    made = rich_table.Table()
    for at, column in enumerate(head.children):
        cells = [row.children[at] for row in rows]
        made.add_column(
            _words(column.text),
            no_wrap=all(len(unstyled(cell.text)) <= _WHOLE for cell in cells),
            justify="right" if any(cell["value"] is not None for cell in cells) else "left",
        )
    for row in rows:
        made.add_row(*(_words(cell.text) for cell in row.children))
    yield made


def _chart(part: Element) -> Iterator[Line]:
    yield Line(part["title"], "bold")
    points = [point for series in part.children for point in series.children]
    most = max(point["value"] for point in points)
    width = max(len(point["label"]) for point in points)
    for series in part.children:
        if len(part.children) > 1:
            yield Line(series["name"])
        for point in series.children:
            bar = "█" * round(_BAR * point["value"] / most) if most > 0 else ""
            yield Line(f"  {point['label']:<{width}}  {bar} {point['value']:,}")


def _context(part: Element) -> Iterator[Line]:
    yield _words(part.text)


_SHOWN: dict[str, Callable[[Element], Iterator[Printed]]] = {
    "header": _header,
    "section": _section,
    "fields": _fields,
    "table": _table,
    "chart": _chart,
    "context": _context,
}
