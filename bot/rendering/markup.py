"""Parses the markup of templates into a tree of elements, by a table of tags. Pure.

An element without text and children is left out, so a template rarely has to ask whether there is
anything to show.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    """Markup that is not valid, and why."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the markup. `element["label"]` is the parsed value of an attribute."""

    tag: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    text: Text = ()
    children: tuple[Element, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.attributes[name]


@dataclass(frozen=True, slots=True)
class _Attribute:
    """An attribute: its parser, which raises ValueError with what it must be, and its default."""

    parse: Callable[[str], object]
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
    # Counts stay counts: an average of 74.0 reads as it stands elsewhere, a count has no decimal.
    return int(value) if value.isdecimal() else number


def _whole(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("a whole number")
    return int(value)


def _address(value: str) -> str:
    return value if ADDRESS.fullmatch(value) and len(value) <= _LONGEST_ADDRESS else ""


def _one_of(*known: str) -> _Attribute:
    """One of these words; the first one is the default."""

    def parse(value: str) -> str:
        if value not in known:
            raise ValueError(" or ".join(filter(None, known)))
        return value

    return _Attribute(parse, known[0])


_TEXT = _Attribute(in_html, "")
_EXACT = _Attribute(str, "")  # read by programs, so its white space is kept
_YES_NO = _Attribute(_yes_no, False)
_WHOLE = _Attribute(_whole, 0)
_NUMBER = _Attribute(_number, None)
_NUMBER_OR_NONE = _Attribute(lambda value: _number(value) if value else None, None)
# "" where it is not a web address; then the button is left out.
_ADDRESS = _Attribute(_address, None)


@dataclass(frozen=True, slots=True)
class Tag:
    """The rules of an element: the tags of its `children`, whether it has text, its attributes.

    An element without text, or children where it holds no text, is left out unless `keep_empty`.
    """

    children: str = ""
    text: bool = False
    required: Mapping[str, _Attribute] = field(default_factory=dict)
    optional: Mapping[str, _Attribute] = field(default_factory=dict)
    one_child: bool = False  # at most
    keep_empty: bool = False


TAGS: dict[str, Tag] = {
    "message": Tag("header section fields table chart actions context divider", keep_empty=True),
    # `private` is sent back with what was entered; it holds an opaque id.
    "modal": Tag(
        "header section context divider actions input",
        required={
            "name": _EXACT,
            "private": _EXACT,
            "title": _TEXT,
            "submit": _TEXT,
            "close": _TEXT,
        },
        keep_empty=True,
    ),
    "header": Tag(text=True),
    "section": Tag(
        "button overflow select",
        text=True,
        optional={"title": _TEXT, "quote": _YES_NO},
        one_child=True,
    ),
    "fields": Tag("field"),
    "field": Tag(text=True, required={"label": _TEXT}),
    # `page`: rows shown at a time.
    "table": Tag("tr", required={"caption": _TEXT}, optional={"page": _Attribute(_whole, 10)}),
    "tr": Tag("th td"),
    # `names`: the column says what its row is about.
    "th": Tag(text=True, optional={"names": _YES_NO}, keep_empty=True),
    # `value` is the number to sort by. A button takes the place of the text.
    "td": Tag(
        "button", text=True, optional={"value": _NUMBER_OR_NONE}, one_child=True, keep_empty=True
    ),
    "chart": Tag(
        "series",
        required={"title": _TEXT, "x": _TEXT, "y": _TEXT},
        optional={"type": _one_of("bar", "line", "area")},
    ),
    "series": Tag("point", required={"name": _TEXT}),
    "point": Tag(required={"label": _TEXT, "value": _NUMBER}, keep_empty=True),
    "actions": Tag("button select overflow", optional={"id": _EXACT}),
    # `href` makes it a link.
    "button": Tag(
        "confirm",
        text=True,
        required={"action": _EXACT},
        optional={"value": _EXACT, "href": _ADDRESS, "style": _one_of("", "primary", "danger")},
        one_child=True,
        keep_empty=True,
    ),
    "confirm": Tag(
        text=True, required={"title": _TEXT, "yes": _TEXT, "no": _TEXT}, keep_empty=True
    ),
    "overflow": Tag("option", required={"action": _EXACT}),
    "select": Tag("option optgroup", optional={"action": _EXACT, "placeholder": _TEXT}),
    "optgroup": Tag("option", required={"label": _TEXT}),
    "option": Tag(
        text=True, required={"value": _EXACT}, optional={"selected": _YES_NO}, keep_empty=True
    ),
    "checkboxes": Tag("option", optional={"action": _EXACT}),
    "context": Tag(text=True),
    "divider": Tag(keep_empty=True),
    # `live`: Slack sends what is entered at once.
    "input": Tag(
        "entry select checkboxes",
        required={"name": _EXACT, "label": _TEXT},
        optional={"optional": _YES_NO, "live": _YES_NO},
        one_child=True,
    ),
    # `value` is the initial value. `most`: the characters that
    # may be typed, 0 for as many as Slack takes.
    "entry": Tag(
        optional={
            "type": _one_of("text", "lines", "date", "time", "channel"),
            "action": _EXACT,
            "value": _EXACT,
            "placeholder": _TEXT,
            "most": _WHOLE,
        },
        keep_empty=True,
    ),
}
_ALL = {
    **TAGS,
    **{tag: Tag(text=True) for tag in (*MARKS, "li")},
    **{tag: Tag() for tag in SEPARATORS},
    **{tag: Tag("li") for tag in LISTS},
    "a": Tag(text=True, optional={"href": _Attribute(with_single_blanks, "")}),
}
_DEFAULTS = {
    name: {key: attribute.default for key, attribute in tag.optional.items()}
    for name, tag in _ALL.items()
}
_ROOTS = frozenset({"message", "modal"})
# The tags that may stand in each tag, and on their own (None).
_CHILDREN: dict[str | None, frozenset[str]] = {
    None: _ROOTS,
    **{
        name: frozenset(tag.children.split()) | (INLINE if tag.text else frozenset())
        for name, tag in _ALL.items()
    },
}


def parse_markup(text: str) -> Element:
    """Parse a message or a modal. Raises MarkupError."""
    data = text.encode("utf-8", "replace")
    parser = expat.ParserCreate("utf-8")
    reader = _Reader()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = _FAULTS.get(error.code) or f"{expat.ErrorString(error.code)}{reader.unclosed()}"
        raise MarkupError(reason) from None
    return reader.root()


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet. The outermost one (`tag` None) holds the whole message."""

    tag: str | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)


class _Reader:
    """Builds each element when it is closed."""

    def __init__(self) -> None:
        self._open = [_Open(None)]

    def start(self, tag: str, given: dict[str, str]) -> None:
        parent = self._open[-1].tag
        if tag not in _CHILDREN[parent]:
            raise _misplaced(tag, parent)
        needs_some = given or _ALL[tag].required
        attributes = _attributes(tag, given) if needs_some else _DEFAULTS[tag]
        self._open.append(_Open(tag, attributes))

    def words(self, words: str) -> None:
        into = self._open[-1]
        if into.tag is not None and _ALL[into.tag].text:
            into.pieces.append(words)
        elif words.strip():
            raise MarkupError(f"words cannot stand in <{into.tag}>")

    def end(self, tag: str) -> None:
        done = self._open.pop()
        into = self._open[-1]
        rule = TAGS.get(tag)
        if rule is None:
            into.pieces.extend(pieces_of(tag, done.attributes, done.pieces))
            return
        text, children = text_of(done.pieces) if done.pieces else (), tuple(done.children)
        if not (rule.keep_empty or (text if rule.text else children)):
            return
        if tag == "button" and done.attributes["href"] == "":
            return
        if rule.one_child and len(children) > 1:
            raise MarkupError(f"only one element can stand in <{tag}>")
        if tag in _ROOTS and not children:
            raise MarkupError(f"<{tag}> is empty")
        if tag == "tr":
            _check_row(children, into.children)
        into.children.append(Element(tag, done.attributes, text, children))

    def doctype(self, *_declared: object) -> None:
        raise MarkupError("a template has no DOCTYPE")

    def unclosed(self) -> str:
        tag = self._open[-1].tag
        return f": <{tag}> is open here" if tag else ""

    def root(self) -> Element:
        ((root,),) = (each.children for each in self._open)
        return root


def _misplaced(tag: str, parent: str | None) -> MarkupError:
    if tag not in _ALL:
        return MarkupError(f"there is no <{tag}>")
    place = f"in <{parent}>" if parent else "on its own"
    may = ", ".join(f"<{each}>" for each in sorted(_CHILDREN[parent])) or "nothing"
    return MarkupError(f"<{tag}> cannot stand {place}; what can: {may}")


def _attributes(tag: str, given: Mapping[str, str]) -> dict[str, Any]:
    """All attributes of an element, parsed."""
    required, optional = _ALL[tag].required, _ALL[tag].optional
    if missing := required.keys() - given.keys():
        raise MarkupError(f"<{tag}> needs {' and '.join(sorted(missing))}")
    parsed = dict(_DEFAULTS[tag])
    for name, value in given.items():
        attribute = required.get(name) or optional.get(name)
        if attribute is None:
            raise MarkupError(f"<{tag}> has no {name}")
        try:
            parsed[name] = attribute.parse(value)
        except ValueError as error:
            raise MarkupError(f"{name} of <{tag}> must be {error}") from None
    return parsed


def _check_row(cells: Sequence[Element], before: Sequence[Element]) -> None:
    """`before` are the rows of the table before this one."""
    if {cell.tag for cell in cells} != {"td" if before else "th"}:
        raise MarkupError("the first row of a table has <th> only, the others <td> only")
    if before and len(cells) != len(before[0].children):
        raise MarkupError(f"this row has {len(cells)} cells, the first {len(before[0].children)}")


def without_buttons(table: Element) -> Element:
    """A table without the columns in which buttons stand."""
    buttons = {
        at for row in table.children for at, cell in enumerate(row.children) if cell.children
    }
    rows = []
    for row in table.children:
        kept = tuple(cell for at, cell in enumerate(row.children) if at not in buttons)
        rows.append(replace(row, children=kept))
    return replace(table, children=tuple(rows))
