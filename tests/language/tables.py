"""Tables of cases, one row a line."""

from __future__ import annotations

from pathlib import Path


def rows(name: str, folder: Path = Path(__file__).parent) -> list[list[str]]:
    """The cells of a tab-separated file."""
    return [line.split("\t") for line in (folder / name).read_text(encoding="utf-8").splitlines()]
