"""The names of classes: one name, one meaning."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"


def test_no_two_classes_have_the_same_name() -> None:
    homes = defaultdict(list)
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(BOT).as_posix())
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}
