"""What every class that draws messages is made of. Pure but for the templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.rendering.environment import Renderer
from bot.rendering.fallback import degrade
from bot.rendering.limits import enforce, enforce_view
from bot.rendering.views import Message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Truncated(Generic[T]):
    """The first few of many; `more` is how many there are besides."""

    shown: tuple[T, ...]
    more: int

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """A page of a long list: `first` and `last` are 1-based positions among `held` entries.

    The starts are indexes of the first entry of another page, None where there is none.
    """

    shown: tuple[T, ...]
    first: int
    last: int
    held: int
    next_start: int | None
    previous_start: int | None


class Drawing:
    """Draws messages by a template. Raises TemplateProblem only if one of ours is broken."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def _message(self, name: str, values: Mapping[str, object], level: int = 0) -> Message:
        read = self._renderer.render(name, values)
        return degrade(enforce(Message(read["text"], read["blocks"])), level)

    def _modal(self, name: str, values: Mapping[str, object]) -> dict[str, Any]:
        return enforce_view(self._renderer.render(name, values))


def truncated(items: Sequence[T], most: int) -> Truncated[T]:
    """At most `most` of the items; one more rather than "and 1 more"."""
    shown = tuple(items[: most + 1 if len(items) == most + 1 else most])
    return Truncated(shown, len(items) - len(shown))


def stretch(
    items: Sequence[T], start: int, *, most: int, room: int, cost: Callable[[T], int]
) -> Stretch[T]:
    """The page from `start` on: at most `most` entries, and `room` in all as `cost` counts.

    Pages are laid from the first entry on by one rule, so that Previous and Next agree. A start
    behind the end gives the last page.
    """
    starts = [0]
    used = 0
    for index, item in enumerate(items):
        if index > starts[-1] and (index - starts[-1] == most or used + cost(item) > room):
            starts.append(index)
            used = 0
        used += cost(item)
    page = max(at for at, begin in enumerate(starts) if begin <= max(start, 0))
    first = starts[page]
    end = starts[page + 1] if page + 1 < len(starts) else len(items)
    return Stretch(
        shown=tuple(items[first:end]),
        first=min(first + 1, len(items)),
        last=end,
        held=len(items),
        next_start=end if end < len(items) else None,
        previous_start=starts[page - 1] if page else None,
    )
