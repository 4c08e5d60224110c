"""What was measured, as tables."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """Repeated measurements of one thing, in seconds."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The smallest measurement that 95 % of all do not exceed."""
        ranked = sorted(self.seconds)
        return ranked[-(-len(ranked) * 95 // 100) - 1]

    @property
    def most(self) -> float:
        return max(self.seconds)


@dataclass(frozen=True, slots=True)
class Table:
    """A title, heads and rows of text; all columns but the first are figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        lines = (self.heads, *self.rows)
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.heads))]

        def drawn(line: Sequence[str]) -> str:
            first, *others = zip(line, widths, strict=True)
            return "  ".join([first[0].ljust(first[1]), *(text.rjust(w) for text, w in others)])

        rule = "  ".join("─" * width for width in widths)
        return "\n".join([self.title, drawn(self.heads), rule, *map(drawn, self.rows)])


def ms(seconds: float) -> str:
    """Milliseconds with three figures."""
    number = seconds * 1e3
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def machine() -> str:
    """What this ran on, and how busy that was with other things when it began."""
    return (
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )
