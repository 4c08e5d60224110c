"""What was measured, as tables."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Series:
    """Repeated measurements of one thing, in seconds."""

    seconds: tuple[float, ...]

    @staticmethod
    def of(seconds: Iterable[float]) -> Series:
        return Series(tuple(seconds))

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

    def plain(self) -> str:
        """For a terminal."""
        lines = (self.heads, *self.rows)
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.heads))]

        def drawn(line: Sequence[str]) -> str:
            first, *others = zip(line, widths, strict=True)
            return "  ".join([first[0].ljust(first[1]), *(text.rjust(w) for text, w in others)])

        rule = "  ".join("─" * width for width in widths)
        return "\n".join([self.title, drawn(self.heads), rule, *map(drawn, self.rows)])

    def markdown(self) -> str:
        """For docs/measurements.md."""

        def drawn(cells: Sequence[str]) -> str:
            return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

        marks = ["---", *["---:"] * (len(self.heads) - 1)]
        body = "\n".join(map(drawn, (self.heads, marks, *self.rows)))
        return f"**{self.title}**\n\n{body}"


def ms(seconds: float) -> str:
    """Milliseconds with three figures."""
    return _three(seconds * 1e3)


def machine() -> str:
    """What this ran on, and how busy that was with other things when it began."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "an unknown processor"


def _three(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.3g}"
