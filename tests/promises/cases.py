"""Tables of cases, in YAML files next to the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def cases(name: str) -> dict[str, Any]:
    """The tables of `name`.yaml, by name."""
    tables: dict[str, Any] = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text())
    return tables
