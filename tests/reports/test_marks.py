"""What a channel sees is declared with each field; a field that declares nothing is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any, get_args, get_type_hints

from bot.reports._public import Mark, Shown, in_channel, marks_of
from bot.reports.table import REPORTS


def kinds_of(hint: Any) -> Iterator[Any]:
    """The dataclasses in a type."""
    if is_dataclass(hint) and not isinstance(hint, Mark):
        yield hint
    for part in get_args(hint):
        yield from kinds_of(part)


def shown_kinds(kind: Any, seen: set[Any]) -> set[Any]:
    """A dataclass, and those of the fields that a channel sees."""
    if kind not in seen:
        seen.add(kind)
        hints, marks = get_type_hints(kind), marks_of(kind)
        for name, mark in marks.items():
            if mark is None or not mark.hidden:
                for inner in kinds_of(hints[name]):
                    shown_kinds(inner, seen)
    return seen


def test_every_field_says_what_a_channel_sees() -> None:
    kinds = set[Any]()
    for report in REPORTS:
        if report.is_posted:
            shown_kinds(get_type_hints(report.figures)["return"], kinds)
    assert len(kinds) > 15
    unmarked = [
        f"{kind.__name__}.{name}"
        for kind in sorted(kinds, key=lambda kind: str(kind.__name__))
        for name, mark in marks_of(kind).items()
        if mark is None
    ]
    assert unmarked == [], "write Shown[…], Hidden[…] or a mark with `behind`"


@dataclass(frozen=True)
class Forgetful:
    told: Shown[int] = 1
    forgotten: int = 2


def test_a_field_without_a_mark_is_hidden() -> None:
    assert in_channel(Forgetful()) == Forgetful(told=1, forgotten=None)  # type: ignore[arg-type]
