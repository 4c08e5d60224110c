"""What a message or a modal says, before it is known where it is read. Pure.

These classes are also the schema of the markup (`markup.py`): a field `text` holds an element's
words, `items` the elements inside it, and every other field is an attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, NewType, TypeAlias, TypeVar, cast

Exact = NewType("Exact", str)  # an attribute that a program reads: its white space is kept
Address = NewType("Address", str)  # where a link leads; "" for what is no web address
T = TypeVar("T")
Mark: TypeAlias = Literal["b", "i", "s", "code", "pre", "emoji"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style, with or without a link. `aloud` is heard instead; None: the same."""

    text: str
    marks: tuple[Mark, ...] = ()
    link: str = ""
    aloud: str | None = None


Text: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Asks before a button does something. `yes` and `no` are the labels of its own buttons."""

    text: Text
    title: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button; at most one Confirm. With `href` it leads to a page; without an address there it
    is left out."""

    text: Text
    items: tuple[Confirm, ...] = ()
    action: Exact
    value: Exact = Exact("")
    href: Address | None = None
    style: Literal["", "primary", "danger"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An entry of a menu or a checkbox."""

    text: Text
    value: Exact
    selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionGroup:
    """Entries of a menu under a heading."""

    items: tuple[Option, ...]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """The "…" beside something, with what can be done with it."""

    items: tuple[Option, ...]
    action: Exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A menu to choose one entry from."""

    items: tuple[Option | OptionGroup, ...]
    action: Exact = Exact("")
    placeholder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkboxes:
    """Entries of which any number can be chosen."""

    items: tuple[Option, ...]
    action: Exact = Exact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something typed or picked. `value` is what it holds at first; people are ids and blanks.

    "lines" is a text of several lines. Slack takes at most `most` characters; 0: as many as it can.
    """

    type: Literal["text", "lines", "date", "time", "people", "channel"] = "text"
    action: Exact = Exact("")
    value: Exact = Exact("")
    placeholder: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The title of a message."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A paragraph, below a title of its own or not, with at most one element beside it."""

    text: Text
    items: tuple[Button | Overflow | Select, ...] = ()
    title: str = ""
    quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A figure under its label."""

    text: Text
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Figures in two columns."""

    items: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a column. `aloud` is heard before each of its cells.

    `names`: the column says what its row is about.
    """

    text: Text
    aloud: str = ""
    names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; with a `value`, it is sorted as that number. At most one Button, which is
    there instead of the words."""

    text: Text
    items: tuple[Button, ...] = ()
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells; the first row of a table holds its columns."""

    items: tuple[Column | Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows, `page` of them to be seen at a time. `aloud` is heard before them.

    `more` rows come after these, in other messages; at least so many if `open`.
    """

    items: tuple[Row, ...]
    caption: str
    page: int = 10
    more: int = 0
    open: bool = False
    aloud: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value of a series."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values of one kind; every series of a chart has the same labels."""

    items: tuple[Point, ...]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A course of figures. `x` and `y` say what the axes are."""

    items: tuple[Series, ...]
    title: str
    x: str
    y: str
    type: Literal["bar", "line", "area"] = "bar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """Buttons and menus. Their labels are heard behind `aloud`, and not at all without it."""

    items: tuple[Button | Select | Overflow, ...]
    id: Exact = Exact("")
    aloud: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Small print."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider:
    """A line across."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A labelled field of a modal. `live`: what is entered there is told at once."""

    items: tuple[Entry | Select | Checkboxes, ...]
    name: Exact
    label: str
    optional: bool = False
    live: bool = False


Part: TypeAlias = Header | Section | Fields | Table | Chart | Actions | Context | Divider


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole message."""

    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    """A dialog. `private` comes back with what was entered; it holds an opaque id."""

    items: tuple[Header | Section | Context | Divider | Actions | Input, ...]
    name: Exact
    private: Exact
    title: str
    submit: str
    close: str


def without_buttons(table: Table) -> Table:
    """The same without the columns in which buttons stand."""
    buttons = {at for row in table.items for at, cell in enumerate(row.items) if _buttons(cell)}
    if not buttons:
        return table
    rows = (
        Row(items=tuple(cell for at, cell in enumerate(row.items) if at not in buttons))
        for row in table.items
    )
    return replace(table, items=tuple(rows))


def menu_of(table: Table) -> Actions | None:
    """What the buttons in a table's rows lead to, as a menu; None where there are none."""
    head, *rows = table.items
    buttons = [(row, button) for row in rows for cell in row.items for button in _buttons(cell)]
    if not buttons:
        return None
    named = next((at for at, each in enumerate(head.items) if getattr(each, "names", False)), 0)
    columns = sorted({0, named})
    options = tuple(
        Option(
            text=(Run("  ·  ".join(plain(row.items[at].text) for at in columns)),),
            value=button.value,
        )
        for row, button in buttons
    )
    first = buttons[0][1]
    # The button of each row has its number behind the name that all have.
    action = Exact(first.action.rpartition(".")[0])
    label = plain(first.text)
    return Actions(items=(Select(items=options, action=action, placeholder=f"{label}…"),))


def _buttons(cell: Column | Cell) -> tuple[Button, ...]:
    return cell.items if isinstance(cell, Cell) else ()


def with_words(node: T, change: Callable[[str], str]) -> T:
    """A part of a document with the words of every Run in it changed."""
    made: Any = node
    if isinstance(node, Run):
        made = replace(node, text=change(node.text))
    elif isinstance(node, tuple):
        made = tuple(with_words(each, change) for each in node)
    elif is_dataclass(node) and not isinstance(node, type):
        parts = {each.name: getattr(node, each.name) for each in fields(node)}
        made = replace(node, **{name: with_words(part, change) for name, part in parts.items()})
    return cast(T, made)


def plain(text: Text) -> str:
    """The words as they are seen, without any style."""
    return "".join(run.text for run in text)
