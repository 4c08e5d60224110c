"""What a row of the table of filters holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.language import values
from bot.language.cursor import Cursor
from bot.language.phrases import Asked
from bot.language.query import Query, ResolvedQuery
from bot.language.values import Pairs


class Part(StrEnum):
    """The parts of a question, in the order of the help."""

    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    WHEN = "when"
    HOW = "how"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    `forms`, `help` and `example` are for people to read. `words` are whole words or beginnings
    such as "group:", for finding the nearest to a mistyped one. `parameters` are Exec's names;
    none where Exec does not know the filter and it is applied to the rows here. `many`: several
    values may stand beside each other and any of them will do.
    """

    key: str
    part: Part
    forms: tuple[str, ...]
    help: str
    example: str
    words: tuple[str, ...]
    read: Callable[[Cursor], bool]
    phrase: Callable[[Asked, datetime | None], str]
    write: Callable[[Query], tuple[str, ...]]
    clear: Callable[[Query], Query]
    parameters: tuple[str, ...] = ()
    send: Callable[[ResolvedQuery, datetime], Pairs] = values.nothing
    many: bool = False
