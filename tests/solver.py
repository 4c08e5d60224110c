"""Finds what a reader of figures can compute about one or two people, by linear algebra.

A figure is a sum over cells, each of one person: a session, or a person's share of a count. What
can be computed from several figures is a combination of them. It reveals somebody if only cells of
one or two people are left in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations

Cell = tuple[str, Hashable]  # the person, and what tells their cells apart
Row = list[Fraction]
FEW = 2


def revealed(figures: Iterable[frozenset[Cell]]) -> set[frozenset[str]]:
    """The sets of one or two people about whom something can be computed."""
    distinct = [figure for figure in dict.fromkeys(figures) if figure]
    places: dict[tuple[bool, ...], set[str]] = defaultdict(set)
    for cell in frozenset[Cell]().union(*distinct):
        # Cells that are in the same figures can't be told apart.
        places[tuple(cell in figure for figure in distinct)].add(cell[0])
    columns = [*places]
    small = {at: people for at, key in enumerate(columns) if len(people := places[key]) <= FEW}
    matrix = [[Fraction(key[at]) for key in columns] for at in range(len(distinct))]
    null = _null_space(matrix, len(columns))
    targets = {frozenset(people) for people in small.values()}
    targets |= {one | other for one, other in combinations(targets, 2) if len(one | other) <= FEW}
    computed: set[frozenset[str]] = set()
    for target in targets:
        # A combination exists if the vectors that all figures map to 0 leave these cells no freedom
        # of their own.
        own = [at for at, theirs in small.items() if theirs <= target]
        if _rank([[vector[at] for vector in null] for at in own]) < len(own):
            computed.add(target)
    return computed


def _reduced(matrix: Sequence[Row], width: int) -> tuple[list[Row], list[int]]:
    """The reduced rows without zeros, and the column of each pivot."""
    rows, pivots = [list(row) for row in matrix], list[int]()
    for column in range(width):
        place = len(pivots)
        at = next((at for at in range(place, len(rows)) if rows[at][column]), None)
        if at is None:
            continue
        rows[place], rows[at] = rows[at], rows[place]
        first = rows[place][column]
        rows[place] = [value / first for value in rows[place]]
        for other in range(len(rows)):
            if other != place and (factor := rows[other][column]):
                pairs = zip(rows[other], rows[place], strict=True)
                rows[other] = [value - factor * pivot for value, pivot in pairs]
        pivots.append(column)
    return rows[: len(pivots)], pivots


def _null_space(matrix: Sequence[Row], width: int) -> list[Row]:
    """The base of all vectors that each row of the matrix maps to 0."""
    rows, pivots = _reduced(matrix, width)
    base = []
    for free in (column for column in range(width) if column not in pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for row, pivot in zip(rows, pivots, strict=True):
            vector[pivot] = -row[free]
        base.append(vector)
    return base


def _rank(matrix: Sequence[Row]) -> int:
    return len(_reduced(matrix, len(matrix[0]) if matrix else 0)[1])
