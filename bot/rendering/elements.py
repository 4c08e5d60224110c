"""Which elements the markup has and how each is written, read from the classes of a document."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from types import UnionType
from typing import Any, Literal, NoReturn, get_args, get_origin, get_type_hints

from bot.rendering import document as d

# Anything else between Slack's angle brackets could be a mention.
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>|]+")
_LONGEST_ADDRESS = 3_000  # of a button
_BLANKS = re.compile("[ \t\r\n]+")
_UNEVEN = re.compile("[\t\r\n]|  | [.,;:)]")
# What {% if %} and {% for %} leave before the end of a sentence or of a part of one.
_BLANKS_BEFORE_STOP = re.compile("[ \t\r\n]+(?=[.,;:)](?:[ \t\r\n]|$))")
_CLASSES: dict[str, type] = {
    "message": d.Document,
    "modal": d.Modal,
    "header": d.Header,
    "section": d.Section,
    "fields": d.Fields,
    "field": d.Field,
    "table": d.Table,
    "tr": d.Row,
    "th": d.Column,
    "td": d.Cell,
    "chart": d.Chart,
    "series": d.Series,
    "point": d.Point,
    "actions": d.Actions,
    "button": d.Button,
    "confirm": d.Confirm,
    "overflow": d.Overflow,
    "select": d.Select,
    "optgroup": d.OptionGroup,
    "option": d.Option,
    "checkboxes": d.Checkboxes,
    "context": d.Context,
    "divider": d.Divider,
    "input": d.Input,
    "entry": d.Entry,
}
ROOTS = frozenset({"message", "modal"})
MARKS: dict[str, d.Mark] = {mark: mark for mark in get_args(d.Mark)}
# The strongest first: what is seen, and what is heard instead.
SEPARATORS = {"br": ("\n", "; "), "gap": ("   ", ": "), "dot": ("  ·  ", ", ")}
LISTS = ("ol", "ul")
INLINE = frozenset({*MARKS, *SEPARATORS, *LISTS, "a", "span"})


class RefusedError(Exception):
    """Why an element cannot be what or where it is."""


@dataclass(frozen=True, slots=True)
class Element:
    """How a class is written: its attributes with their readers, and what may stand inside."""

    make: Callable[..., Any]
    attributes: Mapping[str, Callable[[str], object]]
    required: frozenset[str]
    inside: frozenset[str]
    has_words: bool
    has_items: bool


def check_place(tag: str, parent: str | None) -> None:
    """May an element stand there? `parent` is None for the outermost. Raises RefusedError."""
    if tag not in INSIDE[parent]:
        _refuse(tag, parent)


def attributes(tag: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The attributes of an element by their meaning. Raises RefusedError."""
    readers = ATTRIBUTES[tag]
    made: dict[str, Any] = {}
    for name, value in given.items():
        if name not in readers:
            raise RefusedError(f"<{tag}> has no {name}")
        try:
            made[name] = readers[name](value)
        except ValueError as error:
            raise RefusedError(f"{name} of <{tag}> must be {error}") from None
    if tag in REQUIRED and (missing := REQUIRED[tag] - given.keys()):
        raise RefusedError(f"<{tag}> needs {' and '.join(sorted(missing))}")
    return made


def with_single_blanks(text: str) -> str:
    """White space of any length is one blank, and none before a full stop or a comma."""
    if _UNEVEN.search(text) is None:  # as most values are
        return text
    return _BLANKS.sub(" ", _BLANKS_BEFORE_STOP.sub("", text))


def in_html(text: str) -> str:
    """The same without a blank at the edges."""
    return with_single_blanks(text.strip(" \t\r\n"))


def _refuse(tag: str, parent: str | None) -> NoReturn:
    if tag not in ATTRIBUTES:
        raise RefusedError(f"there is no <{tag}>")
    place = f"in <{parent}>" if parent else "on its own"
    may = ", ".join(f"<{each}>" for each in sorted(INSIDE[parent])) or "nothing"
    raise RefusedError(f"<{tag}> cannot stand {place}; what can: {may}")


def _exact(value: str) -> str:
    return value


def _address(value: str) -> str:
    return value if ADDRESS.fullmatch(value) and len(value) <= _LONGEST_ADDRESS else ""


def _yes(value: str) -> bool:
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


def _number_or_none(value: str) -> float | None:
    return _number(value) if value else None


def _whole(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("a whole number")
    return int(value)


def _one_of(*known: str) -> Callable[[str], str]:
    def reader(value: str) -> str:
        if value not in known:
            raise ValueError(" or ".join(filter(None, known)))
        return value

    return reader


_READERS: dict[object, Callable[[str], object]] = {
    str: in_html,
    d.Exact: _exact,
    d.Address | None: _address,
    bool: _yes,
    int: _whole,
    float: _number,
    float | None: _number_or_none,
}


def _element(made: Any) -> Element:
    hints = get_type_hints(made)
    items = hints.pop("items", None)
    has_words = hints.pop("text", None) is not None
    required = {each.name for each in fields(made) if each.default is MISSING}
    inside = {tag for tag, each in _CLASSES.items() if each in _members(items)}
    return Element(
        make=made,
        attributes={
            name: _one_of(*get_args(hint)) if get_origin(hint) is Literal else _READERS[hint]
            for name, hint in hints.items()
        },
        required=frozenset(required - {"items", "text"}),
        inside=frozenset(inside | (INLINE if has_words else set())),
        has_words=has_words,
        has_items=items is not None,
    )


def _members(items: Any) -> tuple[Any, ...]:
    """The classes of `tuple[A | B, ...]`."""
    member, *_ = get_args(items) or (None,)
    return get_args(member) if isinstance(member, UnionType) else (member,)


ELEMENTS = {tag: _element(made) for tag, made in _CLASSES.items()}
# By tag, None for what is around all of it: the elements that may stand in it.
INSIDE: dict[str | None, frozenset[str]] = {
    None: ROOTS,
    **{tag: element.inside for tag, element in ELEMENTS.items()},
    **dict.fromkeys(INLINE, INLINE),
    **dict.fromkeys(SEPARATORS, frozenset()),
    **dict.fromkeys(LISTS, frozenset({"li"})),
    "li": INLINE,
}
# By tag: the readers of its attributes.
ATTRIBUTES: dict[str, Mapping[str, Callable[[str], object]]] = {
    **{tag: {"aloud": with_single_blanks} for tag in (*INLINE, "li")},
    "a": {"href": with_single_blanks, "aloud": with_single_blanks},
    **{tag: element.attributes for tag, element in ELEMENTS.items()},
}
REQUIRED = {tag: element.required for tag, element in ELEMENTS.items() if element.required}
# Elements in which words may stand.
HAVE_WORDS = frozenset(tag for tag, inside in INSIDE.items() if inside >= INLINE)
