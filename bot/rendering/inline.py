"""Words with marks, links, separators and lists: pieces, of which a text is made. Pure.

As in HTML, white space of any length is one blank, and none at the edges. Neither is there one
before a full stop or a comma. A separator at an edge is none, and of several beside each other the
strongest stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

# Anything else between Slack's angle brackets could be a mention.
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>|]+")
MARKS = ("b", "i", "s", "code", "pre", "emoji")
# The strongest first.
SEPARATORS = {"br": "\n", "gap": "   ", "dot": "  ·  "}
LISTS = ("ol", "ul")
INLINE = frozenset({*MARKS, *SEPARATORS, *LISTS, "a"})

_BLANKS = re.compile("[ \t\r\n]+")
_UNEVEN = re.compile("[\t\r\n]|  | [.,;:)]")
# What {% if %} and {% for %} leave before the end of a sentence or of a part of one.
_BLANKS_BEFORE_STOP = re.compile("[ \t\r\n]+(?=[.,;:)](?:[ \t\r\n]|$))")
_STOP = re.compile("[.,;:)](?: |$)")
_STRENGTH = {tag: -at for at, tag in enumerate(SEPARATORS)}


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style, with or without a link."""

    text: str
    marks: tuple[str, ...] = ()
    link: str = ""


Text: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Separator:
    """A break, a gap or a dot between words."""

    text: str
    strength: int


@dataclass(frozen=True, slots=True)
class ListItem:
    """An entry of a list that is not made yet."""

    pieces: list[Piece]


Piece: TypeAlias = "str | Run | Separator | ListItem"


def unstyled(text: Text) -> str:
    """The words as they are seen, without any style."""
    return text[0].text if len(text) == 1 else "".join([run.text for run in text])


def with_single_blanks(text: str) -> str:
    """White space of any length is one blank, and none before a full stop or a comma."""
    if _UNEVEN.search(text) is None:  # as most values are
        return text
    return _BLANKS.sub(" ", _BLANKS_BEFORE_STOP.sub("", text))


def in_html(text: str) -> str:
    """White space as HTML collapses it: also none at the edges."""
    return with_single_blanks(text.strip(" \t\r\n"))


def pieces_of(tag: str, attributes: Mapping[str, str], inside: list[Piece]) -> list[Piece]:
    """The pieces that an element among words makes of those inside it."""
    if tag in SEPARATORS:
        return [_separator(tag)]
    if tag in LISTS:
        return list(_lines(inside, numbered=tag == "ol"))
    if tag == "li":
        return [ListItem(inside)]
    if tag in MARKS:
        return _each(inside, lambda run: _marked(run, tag))
    link = attributes.get("href", "")
    if ADDRESS.fullmatch(link):
        return _each(inside, lambda run: replace(run, link=link))
    return inside


def text_of(pieces: list[Piece]) -> Text:
    """The words, with the blanks and separators that are between words."""
    if len(pieces) == 1 and isinstance(pieces[0], str):  # as most cells of a table are
        words = with_single_blanks(pieces[0].strip(" \t\r\n"))
        return (Run(words),) if words else ()
    runs: list[Run] = []
    between: Separator | None = None
    blank = False
    for piece in pieces:
        if isinstance(piece, Separator):
            if between is None or piece.strength > between.strength:
                between = piece
        elif isinstance(piece, str | Run):
            run = Run(piece) if isinstance(piece, str) else piece
            words = with_single_blanks(run.text)
            blank = (blank or words.startswith(" ")) and not _STOP.match(words)
            stripped = words.strip(" ")
            if stripped:
                _join(runs, between, blank)
                _add(runs, Run(stripped, run.marks, run.link))
                between, blank = None, words.endswith(" ")
    return tuple(runs)


def _separator(tag: str) -> Separator:
    return Separator(SEPARATORS[tag], _STRENGTH[tag])


def _lines(inside: Iterable[Piece], *, numbered: bool) -> Iterator[Piece]:
    """The entries of a list, each on a line of its own."""
    items = [piece for piece in inside if isinstance(piece, ListItem)]
    for number, item in enumerate(items, 1):
        yield _separator("br")
        if numbered:
            yield Run(f"{number}. ")
        yield from item.pieces
    yield _separator("br")


def _each(pieces: Iterable[Piece], change: Callable[[Run], Run]) -> list[Piece]:
    return [
        change(Run(piece) if isinstance(piece, str) else piece)
        if isinstance(piece, str | Run)
        else piece
        for piece in pieces
    ]


def _marked(run: Run, mark: str) -> Run:
    # Quicker than `replace`, in which most of the time of a long message would go.
    return Run(run.text, (mark, *run.marks), run.link)


def _join(runs: list[Run], between: Separator | None, blank: bool) -> None:
    if runs and between:
        _add(runs, Run(between.text))
    elif runs and blank:
        _add(runs, Run(" "))


def _add(runs: list[Run], run: Run) -> None:
    if runs and _is_plain(runs[-1]) and _is_plain(run):
        runs[-1] = Run(runs[-1].text + run.text)
    else:
        runs.append(run)


def _is_plain(run: Run) -> bool:
    return not run.marks and not run.link
