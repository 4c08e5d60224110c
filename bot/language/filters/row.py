"""What a row of the table of filters holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.language.cursor import QueryCursor
from bot.language.query import Query, ResolvedQuery

AnyQuery = Query | ResolvedQuery
Pairs = tuple[tuple[str, str], ...]


class Aspect(StrEnum):
    """What a filter says about a question, in the order of the help."""

    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    WHEN = "when"
    HOW = "how"


TITLES = {
    Aspect.WHO: "Who practiced",
    Aspect.WHERE: "Which group",
    Aspect.WHAT: "What was practiced, and how well",
    Aspect.WHEN: "When",
    Aspect.HOW: "Order and amount",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: all that there is to know about it.

    `field`: the field of Query that it fills.
    `forms`, `help` and `example` are for people to read.
    `words` are whole words, or beginnings such as "group:", for finding the nearest to a mistyped
    one.
    `read` takes the filter's words from the cursor and returns True, or leaves other words alone;
    raises ParseError for words of its own that are wrong.
    `phrase`: how it reads in the first line of an answer, in plain text; "" if it is not used. A
    Query gives names as typed, a ResolvedQuery as Exec has them. Without `now` a period is given
    by its words, not its dates.
    `write`: the canonical words; reading them gives the filter again.
    `send`: the parameters of GET /sessions; None where Exec does not know the filter.
    `anything`: what the button is called that leaves it out, where nothing was found with it.
    `lead`: the report that the example is asked of.
    `many`: several values may stand beside each other, joined by "or".
    """

    key: str
    field: str
    aspect: Aspect
    forms: tuple[str, ...]
    help: str
    example: str
    words: tuple[str, ...]
    read: Callable[[QueryCursor], bool]
    phrase: Callable[[AnyQuery, datetime | None], str]
    write: Callable[[Query], tuple[str, ...]]
    send: Callable[[ResolvedQuery, datetime], Pairs] | None = None
    anything: str = ""
    lead: str = "sessions"
    many: bool = False


def listed(names: Sequence[str], joint: str) -> str:
    """ "a, b and c", with another word for "and"."""
    head, last = ", ".join(names[:-1]), "".join(names[-1:])
    return f"{head} {joint} {last}" if head else last
