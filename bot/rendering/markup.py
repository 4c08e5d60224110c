"""Markup in, a tree of elements out; whatever is wrong is said with its place. Pure.

What has no words and no elements is left out, so that a template rarely has to ask whether there
is anything to show.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from xml.parsers import expat

from bot.rendering.inline import (
    ADDRESS,
    INLINE,
    LISTS,
    MARKS,
    SEPARATORS,
    Piece,
    Text,
    in_html,
    pieces_of,
    text_of,
    with_single_blanks,
)

_LONGEST_ADDRESS = 3_000  # of a button
# What people who know HTML may expect.
_FAULTS = {
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: (
        "there is no such &…; here: write the character itself"
    )
}


class MarkupError(Exception):
    """Markup that makes no message: why, and at which character of it."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its words and the elements in it.

    `element["label"]` is the meaning of an attribute: a text, a number, yes or no.
    """

    tag: str
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    words: Text = ()
    items: tuple[Element, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.attributes[name]


class _RefusedError(Exception):
    """Why an element cannot be what or where it is."""


@dataclass(frozen=True, slots=True)
class _Attribute:
    """How an attribute is read, and what it is where it is not given."""

    read: Callable[[str], object]
    default: object


def _yes_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError("yes or no")
    return value == "yes"


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("a number")
    return number


def _whole(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("a whole number")
    return int(value)


def _address(value: str) -> str:
    return value if ADDRESS.fullmatch(value) and len(value) <= _LONGEST_ADDRESS else ""


def _one_of(*known: str) -> _Attribute:
    """The first one is the default."""

    def read(value: str) -> str:
        if value not in known:
            raise ValueError(" or ".join(filter(None, known)))
        return value

    return _Attribute(read, known[0])


_TEXT = _Attribute(in_html, "")
_EXACT = _Attribute(str, "")  # what a program reads: its white space is kept
_YES_NO = _Attribute(_yes_no, False)
_WHOLE = _Attribute(_whole, 0)
_NUMBER = _Attribute(_number, None)
_NUMBER_OR_NONE = _Attribute(lambda value: _number(value) if value else None, None)
# Where a link leads: "" for what is no web address, and then the button is left out.
_ADDRESS = _Attribute(_address, None)


@dataclass(frozen=True, slots=True)
class Tag:
    """What an element may be: which elements stand in it, at `most` so many; whether words do;
    which attributes it `needs`, and which it `has` besides. One with nothing in it is left out
    unless it `stays`."""

    inside: str = ""
    words: bool = False
    needs: Mapping[str, _Attribute] = field(default_factory=dict)
    has: Mapping[str, _Attribute] = field(default_factory=dict)
    most: int | None = None
    stays: bool = False


TAGS: dict[str, Tag] = {
    "message": Tag("header section fields table chart actions context divider", stays=True),
    # `private` comes back with what was entered; it holds an opaque id.
    "modal": Tag(
        "header section context divider actions input",
        needs={"name": _EXACT, "private": _EXACT, "title": _TEXT, "submit": _TEXT, "close": _TEXT},
        stays=True,
    ),
    "header": Tag(words=True),
    "section": Tag(
        "button overflow select", words=True, has={"title": _TEXT, "quote": _YES_NO}, most=1
    ),
    "fields": Tag("field"),
    "field": Tag(words=True, needs={"label": _TEXT}),
    # `page` rows are seen at a time; `more` come after these in other messages, or even more than
    # that if it is `open`. `aloud` is heard before the rows.
    "table": Tag(
        "tr",
        needs={"caption": _TEXT},
        has={"page": _Attribute(_whole, 10), "more": _WHOLE, "open": _YES_NO, "aloud": _TEXT},
    ),
    "tr": Tag("th td"),
    # It `names` what the row is about; `aloud` is heard before each of its cells.
    "th": Tag(words=True, has={"aloud": _TEXT, "names": _YES_NO}, stays=True),
    # It is sorted as `value`. A button is there instead of the words.
    "td": Tag("button", words=True, has={"value": _NUMBER_OR_NONE}, most=1, stays=True),
    "chart": Tag(
        "series",
        needs={"title": _TEXT, "x": _TEXT, "y": _TEXT},
        has={"type": _one_of("bar", "line", "area")},
    ),
    "series": Tag("point", needs={"name": _TEXT}),
    "point": Tag(needs={"label": _TEXT, "value": _NUMBER}, stays=True),
    # The labels are heard behind `aloud`, and not at all without it.
    "actions": Tag("button select overflow", has={"id": _EXACT, "aloud": _TEXT}),
    # With `href` it leads to a page.
    "button": Tag(
        "confirm",
        words=True,
        needs={"action": _EXACT},
        has={"value": _EXACT, "href": _ADDRESS, "style": _one_of("", "primary", "danger")},
        most=1,
        stays=True,
    ),
    "confirm": Tag(words=True, needs={"title": _TEXT, "yes": _TEXT, "no": _TEXT}, stays=True),
    "overflow": Tag("option", needs={"action": _EXACT}),
    "select": Tag("option optgroup", has={"action": _EXACT, "placeholder": _TEXT}),
    "optgroup": Tag("option", needs={"label": _TEXT}),
    "option": Tag(words=True, needs={"value": _EXACT}, has={"selected": _YES_NO}, stays=True),
    "checkboxes": Tag("option", has={"action": _EXACT}),
    "context": Tag(words=True),
    "divider": Tag(stays=True),
    # What is entered in a `live` one is told at once.
    "input": Tag(
        "entry select checkboxes",
        needs={"name": _EXACT, "label": _TEXT},
        has={"optional": _YES_NO, "live": _YES_NO},
        most=1,
    ),
    # `value` is what it holds at first: people are ids and blanks. At `most` so many characters may
    # be typed; 0: as many as Slack takes.
    "entry": Tag(
        has={
            "type": _one_of("text", "lines", "date", "time", "people", "channel"),
            "action": _EXACT,
            "value": _EXACT,
            "placeholder": _TEXT,
            "most": _WHOLE,
        },
        stays=True,
    ),
}
_ALOUD = {"aloud": _Attribute(with_single_blanks, None)}
_ALL = {
    **TAGS,
    **{tag: Tag(words=True, has=_ALOUD) for tag in (*MARKS, "span", "li")},
    **{tag: Tag(has=_ALOUD) for tag in SEPARATORS},
    **{tag: Tag("li", has=_ALOUD) for tag in LISTS},
    "a": Tag(words=True, has=_ALOUD | {"href": _Attribute(with_single_blanks, "")}),
}
_ROOTS = frozenset({"message", "modal"})
# By tag, None for what is around all of it: the elements that may stand in it.
_INSIDE: dict[str | None, frozenset[str]] = {
    None: _ROOTS,
    **{
        name: frozenset(tag.inside.split()) | (INLINE if tag.words else frozenset())
        for name, tag in _ALL.items()
    },
}


def read(text: str) -> Element:
    """The message or the modal that is written in `text`. Raises MarkupError."""
    data = text.encode("utf-8", "replace")
    parser = expat.ParserCreate("utf-8")
    reader = _Reader(parser)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = _FAULTS.get(error.code) or f"{expat.ErrorString(error.code)}{reader.unclosed()}"
        raise MarkupError(reason, _characters(data, parser.ErrorByteIndex)) from None
    except _RefusedError as error:
        raise MarkupError(str(error), _characters(data, reader.at)) from None
    finally:
        # The two know each other, and would keep the whole message until garbage is collected.
        del reader.parser
    return reader.root()


def _characters(data: bytes, index: int) -> int:
    return len(data[: max(index, 0)].decode("utf-8", "ignore"))


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet, with what has been read inside it.

    The outermost is none of the markup's: its `tag` is None, and the message comes to stand in it.
    """

    tag: str | None
    attributes: dict[str, Any] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    items: list[Element] = field(default_factory=list)


class _Reader:
    """Makes each element when it is closed. `at` is the byte that is being read."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.at = 0
        self.parser = parser
        self._open = [_Open(None)]

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.at = self.parser.CurrentByteIndex
        _check_place(tag, self._open[-1].tag)
        self._open.append(_Open(tag, _attributes(tag, given)))

    def words(self, words: str) -> None:
        into = self._open[-1]
        if into.tag is not None and _ALL[into.tag].words:
            into.pieces.append(words)
        elif shown := words.lstrip():
            # All words between two tags are told at once, when the second one is met.
            self.at = self.parser.CurrentByteIndex - len(shown.encode())
            raise _RefusedError(f"words cannot stand in <{into.tag}>")

    def end(self, tag: str) -> None:
        self.at = self.parser.CurrentByteIndex
        done = self._open.pop()
        into = self._open[-1]
        if tag not in TAGS:
            into.pieces.extend(pieces_of(tag, done.attributes, done.pieces))
            return
        element = Element(tag, done.attributes, text_of(done.pieces), tuple(done.items))
        if _has_something(element):
            _check(element, into.items)
            into.items.append(element)

    def doctype(self, *_declared: object) -> None:
        raise _RefusedError("a template has no DOCTYPE")

    def unclosed(self) -> str:
        tag = self._open[-1].tag
        return f": <{tag}> is open here" if tag else ""

    def root(self) -> Element:
        ((root,),) = (each.items for each in self._open)
        return root


def _check_place(tag: str, parent: str | None) -> None:
    if tag in _INSIDE[parent]:
        return
    if tag not in _ALL:
        raise _RefusedError(f"there is no <{tag}>")
    place = f"in <{parent}>" if parent else "on its own"
    may = ", ".join(f"<{each}>" for each in sorted(_INSIDE[parent])) or "nothing"
    raise _RefusedError(f"<{tag}> cannot stand {place}; what can: {may}")


def _attributes(tag: str, given: Mapping[str, str]) -> dict[str, Any]:
    """All attributes of an element by their meaning."""
    needs, has = _ALL[tag].needs, _ALL[tag].has
    if missing := needs.keys() - given.keys():
        raise _RefusedError(f"<{tag}> needs {' and '.join(sorted(missing))}")
    read = {name: attribute.default for name, attribute in has.items()}
    for name, value in given.items():
        attribute = needs.get(name) or has.get(name)
        if attribute is None:
            raise _RefusedError(f"<{tag}> has no {name}")
        try:
            read[name] = attribute.read(value)
        except ValueError as error:
            raise _RefusedError(f"{name} of <{tag}> must be {error}") from None
    return read


def _has_something(element: Element) -> bool:
    tag = TAGS[element.tag]
    if element.tag == "button" and element["href"] == "":
        return False  # it leads nowhere
    return tag.stays or bool(element.words if tag.words else element.items)


def _check(element: Element, before: Sequence[Element]) -> None:
    """Check what its tag alone does not say."""
    most = TAGS[element.tag].most
    if most is not None and len(element.items) > most:
        raise _RefusedError(f"only one element can stand in <{element.tag}>")
    if element.tag in _ROOTS and not element.items:
        raise _RefusedError(f"<{element.tag}> is empty")
    if element.tag == "tr":
        kind = "td" if before else "th"
        if any(cell.tag != kind for cell in element.items):
            raise _RefusedError("the first row of a table has <th> only, the others <td> only")
        cells, columns = len(element.items), len(before[0].items) if before else 0
        if before and cells != columns:
            raise _RefusedError(f"this row has {cells} cells, the first {columns}")


def without_buttons(table: Element) -> Element:
    """A table without the columns in which buttons stand."""
    buttons = {at for row in table.items for at, cell in enumerate(row.items) if cell.items}
    rows = (
        replace(row, items=tuple(cell for at, cell in enumerate(row.items) if at not in buttons))
        for row in table.items
    )
    return replace(table, items=tuple(rows)) if buttons else table


def with_words(element: Element, change: Callable[[str], str]) -> Element:
    """An element in which all words are changed."""
    words = tuple(replace(run, text=change(run.text)) for run in element.words)
    items = tuple(with_words(each, change) for each in element.items)
    return replace(element, words=words, items=items)
