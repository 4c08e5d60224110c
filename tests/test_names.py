"""The names of classes: one name, one meaning."""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BOT = Path(__file__).parent.parent / "bot"


def test_no_two_classes_have_the_same_name() -> None:
    homes = defaultdict(list)
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(BOT).as_posix())
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_no_method_is_called_like_a_builtin_or_nearly_like_another() -> None:
    unclear = []
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            # Protocols and formatters of the library say what their methods are called.
            if isinstance(node, ast.ClassDef) and not re.search("Protocol|logging", _bases(node)):
                methods = [part.name for part in node.body if isinstance(part, FUNCTIONS)]
                plain = [name.strip("_") for name in methods if not name.startswith("__")]
                unclear += [f"{node.name}.{name}" for name in plain if hasattr(builtins, name)]
                unclear += [f"{node.name}.{name}" for name in plain if plain.count(name) > 1]
    assert unclear == []


def _bases(node: ast.ClassDef) -> str:
    return " ".join(map(ast.unparse, node.bases))
