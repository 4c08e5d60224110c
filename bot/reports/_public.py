"""What a channel sees of figures.

Each field says it by its type: `Shown`, `Hidden`, or `OfEnough`, which is shown if three people or
more are behind it. A field that says nothing is hidden. `in_channel` is the only function that
hides figures; hidden ones are None, or empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import combinations
from typing import Annotated, Any, TypeVar, get_type_hints

ENOUGH_PEOPLE = 3  # behind every public figure: of two people, each could compute the other's
MOST_PARTS = 40  # of a total in one post; more are left out
_PRIME = 2**61 - 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a channel sees of a field: the field `instead`, or nothing if fewer than three but at
    least one are `behind` it. `whole`: also what the marks of the value itself would hide, because
    it is about somebody who is named."""

    instead: str = ""
    behind: str = ""
    whole: bool = False
    hidden: bool = False


Shown = Annotated[T, Mark()]
Named = Annotated[T, Mark(whole=True)]
Hidden = Annotated[T, Mark(hidden=True)]


@dataclass(frozen=True, slots=True)
class FigureSubject:
    """The people behind a row or a total, by id: those in it, those with a session, and those with
    a graded one, in the period and in the one before."""

    people: frozenset[str]
    active: frozenset[str]
    graded: frozenset[str]
    active_before: frozenset[str] = frozenset()
    graded_before: frozenset[str] = frozenset()

    @property
    def levels(self) -> tuple[frozenset[str], ...]:
        """The people behind each kind of figure."""
        return self.people, self.active, self.graded, self.active_before, self.graded_before


NOBODY = FigureSubject(frozenset(), frozenset(), frozenset())


@cache
def marks_of(kind: Any) -> Mapping[str, Mark | None]:
    """The mark of each field of a dataclass; None if it has none."""
    hints = get_type_hints(kind, include_extras=True)
    said = {field.name: getattr(hints[field.name], "__metadata__", ()) for field in fields(kind)}
    return {
        name: next((mark for mark in marks if isinstance(mark, Mark)), None)
        for name, marks in said.items()
    }


def in_channel(figures: Any) -> Any:
    """Figures or a row as a channel sees them; None if too few people are behind all of it."""
    least = getattr(figures, "behind_all", "")
    if least and _value(figures, least) < ENOUGH_PEOPLE:
        return None
    kind: Any = type(figures)
    seen = {}
    for name, mark in marks_of(kind).items():
        is_of_few = mark and mark.behind and 0 < _value(figures, mark.behind) < ENOUGH_PEOPLE
        if mark is None or mark.hidden or is_of_few:
            seen[name] = _nothing(kind, name)
        elif mark.instead:
            seen[name] = getattr(figures, mark.instead)
        elif not mark.whole:
            seen[name] = _public(getattr(figures, name))
    return replace(figures, **seen)


def without(figures: T, count: str) -> T:
    """Figures without those that have this count behind them."""
    kind: Any = type(figures)
    names = [name for name, mark in marks_of(kind).items() if mark and mark.behind == count]
    hidden: T = replace(figures, **{name: _nothing(kind, name) for name in names})  # type: ignore[type-var]
    return hidden


def _public(value: Any) -> Any:
    if isinstance(value, tuple):
        parts = (_public(part) for part in value)
        return tuple(part for part in parts if part is not None)
    return in_channel(value) if is_dataclass(value) else value


def _nothing(kind: Any, name: str) -> Any:
    """What is in place of a hidden field: its default if that is an empty collection, or None."""
    default = kind.__dataclass_fields__[name].default
    return default if default in ((), frozenset()) else None


def _value(figures: Any, path: str) -> Any:
    for name in path.split("."):
        figures = getattr(figures, name)
    return figures


def shown_beside(total: FigureSubject | None, parts: Sequence[FigureSubject]) -> set[int]:
    """The parts that can stand beside a total, by index: the largest, as long as no sum or
    difference of figures is about one or two people."""
    shown: list[list[frozenset[str]]] = [[] for _ in NOBODY.levels]
    kept = set()
    order = sorted(range(len(parts)), key=lambda at: (-len(parts[at].people), at))
    for at, part in ((None, total), *((at, parts[at]) for at in order[:MOST_PARTS])):
        if part is None:
            continue
        # A figure of one or two is hidden by itself.
        levels = [people if len(people) >= ENOUGH_PEOPLE else frozenset() for people in part.levels]
        wider = [[*known, people] for known, people in zip(shown, levels, strict=True)]
        if at is None or not any(map(reveals, wider)):
            shown = wider
            kept |= set() if at is None else {at}
    return kept


def reveals(figures: Iterable[frozenset[str]]) -> bool:
    """Whether a sum or difference of figures about these sets of people is about one or two of
    them."""
    distinct = [people for people in dict.fromkeys(figures) if people]
    sizes: dict[tuple[int, ...], int] = {}
    for id_ in frozenset[str]().union(*distinct):
        # People who are in the same sets can't be told apart.
        place = tuple(int(id_ in people) for people in distinct)
        sizes[place] = sizes.get(place, 0) + 1
    columns = [*sizes]
    free = _freedom([[place[at] for place in columns] for at in range(len(distinct))])
    few = [at for at, place in enumerate(columns) if sizes[place] < ENOUGH_PEOPLE]
    if any(not any(free(at)) for at in few):
        return True
    single = [at for at in few if sizes[columns[at]] == 1]
    return any(_are_parallel(free(one), free(other)) for one, other in combinations(single, 2))


def _freedom(matrix: list[list[int]]) -> Callable[[int], list[int]]:
    """A function that returns how the value of a column can vary while all figures stay the same: 0
    everywhere if the figures determine it. Modulo a prime, because fractions grow."""
    width = len(matrix[0]) if matrix else 0
    pivots: list[int] = []
    for column in range(width):
        place = len(pivots)
        at = next((at for at in range(place, len(matrix)) if matrix[at][column]), None)
        if at is None:
            continue
        matrix[place], matrix[at] = matrix[at], matrix[place]
        inverse = pow(matrix[place][column], -1, _PRIME)
        matrix[place] = pivot = [value * inverse % _PRIME for value in matrix[place]]
        for other, row in enumerate(matrix):
            if other != place and (factor := row[column]):
                pairs = zip(row, pivot, strict=True)
                matrix[other] = [(value - factor * own) % _PRIME for value, own in pairs]
        pivots.append(column)
    unbound = [column for column in range(width) if column not in pivots]

    def free(column: int) -> list[int]:
        if column in pivots:
            return [-matrix[pivots.index(column)][at] % _PRIME for at in unbound]
        return [int(column == at) for at in unbound]

    return free


def _are_parallel(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether one vector is a multiple of the other; neither is 0 everywhere."""
    at = next(at for at, value in enumerate(one) if value)
    return all(
        (first * other[at] - second * one[at]) % _PRIME == 0
        for first, second in zip(one, other, strict=True)
    )
