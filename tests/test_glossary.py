"""The glossary has the nouns of the program: the public classes of four rooms end with one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("ask", "language", "reports", "scheduled")
MOST = 60
# Values and errors say what they are where they are used.
NOT_NOUNS = {"Enum", "StrEnum", "Exception", "Protocol"}
# Each does what its verb says.
DOERS = {"accountant", "answerer", "describer", "drawer", "preparer", "reader", "translator"}


def glossary() -> list[str]:
    page = (ROOT / "docs" / "glossary.md").read_text()
    return re.findall(r"^\| \*\*(.+?)\*\* \|", page, re.MULTILINE)


def last_nouns() -> dict[str, list[str]]:
    """The classes by the last word of their name, in the singular."""
    nouns: dict[str, list[str]] = {}
    for path in (path for room in ROOMS for path in (ROOT / "bot" / room).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
                continue
            if NOT_NOUNS & {ast.unparse(base) for base in node.bases}:
                continue
            noun = re.findall("[A-Z][a-z]+", node.name)[-1].lower()
            nouns.setdefault(noun.replace("ies", "y").removesuffix("s"), []).append(node.name)
    return nouns


def test_every_class_ends_with_a_noun_of_the_glossary_and_every_noun_has_a_class() -> None:
    written = {noun.replace("ies", "y").removesuffix("s") for noun in glossary()}
    assert written ^ (last_nouns().keys() - DOERS) == set()


def test_the_glossary_is_short() -> None:
    assert len(glossary()) == len(set(glossary())) <= MOST
