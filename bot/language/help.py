"""The help on the query language: the table of filters, part by part, and examples."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language.filters import FILTERS
from bot.language.row import Part

# Buttons that work in any workspace: no names in them.
EXAMPLES = (
    "sessions me last 7d",
    "sessions last month best top 5",
    "sessions gold,silver this month",
    "sessions longest yesterday",
)

_TITLES = {
    Part.WHO: "Who practised",
    Part.WHERE: "Which group",
    Part.WHAT: "What was practised, and how well",
    Part.WHEN: "When",
    Part.HOW: "Order and amount",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One filter: how it is written, what it does, an example as a whole command's words."""

    forms: tuple[str, ...]
    help: str
    example: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the language."""

    key: str
    title: str
    lines: tuple[Line, ...]


def topics() -> tuple[Topic, ...]:
    """The help, a topic for each part of a question."""
    return tuple(
        Topic(
            part.value,
            _TITLES[part],
            tuple(
                Line(row.forms, row.help, f"sessions {row.example}")
                for row in FILTERS
                if row.part is part
            ),
        )
        for part in Part
    )
