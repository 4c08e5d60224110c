"""Markup in, a document out; whatever is wrong is said with its place. Pure.

What has no words and no elements is left out, so that a template rarely has to ask whether there
is anything to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from bot.rendering import document as d
from bot.rendering.elements import (
    ELEMENTS,
    HAVE_WORDS,
    ROOTS,
    Element,
    RefusedError,
    attributes,
    check_place,
)
from bot.rendering.inline import Piece, pieces_of, text_of

_NOTHING_WITHOUT_WORDS = (d.Header, d.Section, d.Context, d.Field)
_ONE_AT_MOST = (d.Section, d.Button, d.Input, d.Cell)
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


def read(text: str) -> d.Document | d.Modal:
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
    except RefusedError as error:
        raise MarkupError(str(error), _characters(data, reader.at)) from None
    finally:
        # The two know each other, and would keep the whole message until garbage is collected.
        del reader.parser
    return reader.made()


def _characters(data: bytes, index: int) -> int:
    return len(data[: max(index, 0)].decode("utf-8", "ignore"))


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet, with what has been made inside it.

    The outermost is none of the markup's: its `tag` is None, and the message comes to stand in it.
    """

    tag: str | None
    attributes: dict[str, Any] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)


class _Reader:
    """Makes each element when it is closed. `at` is the byte that is being read."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.at = 0
        self.parser = parser
        self._open = [_Open(None)]

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.at = self.parser.CurrentByteIndex
        check_place(tag, self._open[-1].tag)
        self._open.append(_Open(tag, attributes(tag, given)))

    def words(self, words: str) -> None:
        into = self._open[-1]
        if into.tag in HAVE_WORDS:
            into.pieces.append(words)
        elif shown := words.lstrip():
            # All words between two tags are told at once, when the second one is met.
            self.at = self.parser.CurrentByteIndex - len(shown.encode())
            raise RefusedError(f"words cannot stand in <{into.tag}>")

    def end(self, tag: str) -> None:
        self.at = self.parser.CurrentByteIndex
        done = self._open.pop()
        into = self._open[-1]
        element = ELEMENTS.get(tag)
        if element is None:
            into.pieces.extend(pieces_of(tag, done.attributes, done.pieces))
        elif (part := _part(element, done)) is not None:
            if element.has_items:
                _check(tag, part, into.items)
            into.items.append(part)

    def doctype(self, *_declared: object) -> None:
        raise RefusedError("a template has no DOCTYPE")

    def unclosed(self) -> str:
        tag = self._open[-1].tag
        return f": <{tag}> is open here" if tag else ""

    def made(self) -> d.Document | d.Modal:
        ((made,),) = (each.items for each in self._open)
        assert isinstance(made, d.Document | d.Modal)  # noqa: S101 - no other can be a root
        return made


def _part(element: Element, done: _Open) -> Any:
    """The part that an element makes; None for one that shows nothing."""
    made = done.attributes
    if element.has_items:
        if not done.items and not element.has_words and done.tag not in ROOTS:
            return None
        made["items"] = tuple(done.items)
    if element.has_words:
        made["text"] = text = text_of(done.pieces)
        if not text and element.make in _NOTHING_WITHOUT_WORDS:
            return None
    part = element.make(**made)
    leads_nowhere = isinstance(part, d.Button) and part.href == ""
    return None if leads_nowhere else part


def _check(tag: str, part: Any, before: list[Any]) -> None:
    """What no class can say of itself. Raises RefusedError."""
    if isinstance(part, d.Row):
        _check_row(part, before)
    elif len(part.items) > 1 and isinstance(part, _ONE_AT_MOST):
        raise RefusedError(f"only one element can stand in <{tag}>")
    elif not part.items and tag in ROOTS:
        raise RefusedError(f"<{tag}> is empty")


def _check_row(row: d.Row, before: Sequence[d.Row]) -> None:
    kind = d.Cell if before else d.Column
    if not all(isinstance(cell, kind) for cell in row.items):
        raise RefusedError("the first row of a table has <th> only, the others <td> only")
    if before and len(row.items) != len(before[0].items):
        raise RefusedError(f"this row has {len(row.items)} cells, the first {len(before[0].items)}")
