"""The README says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.readme import README, filled

TEXT = README.read_text(encoding="utf-8")


def test_generated_parts_are_up_to_date() -> None:
    assert filled(TEXT) == TEXT, "run: python -m tests.readme"


def test_every_link_into_the_repository_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", TEXT)
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


def test_its_pictures_are_there_and_light() -> None:
    found = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", TEXT)
    assert {Path(each).stem for each in found} == {"demo", "digest", "coach", "me"}
    for each in found:
        picture = (README.parent / each).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 300_000


def test_every_room_is_explained() -> None:
    rooms = {path.parent.name for path in (README.parent / "bot").glob("*/__init__.py")}
    assert rooms
    assert {room for room in rooms if f"`{room}/`" not in TEXT} == set()


def test_requirements_pin_what_the_project_needs() -> None:
    lines = (README.parent / "requirements.txt").read_text(encoding="utf-8").split()
    pins = {
        canonicalize_name(name): version for name, _, version in (x.partition("==") for x in lines)
    }
    project = tomllib.loads((README.parent / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [Requirement(line) for line in project["project"]["dependencies"]]
    assert needed
    assert [
        need.name for need in needed if pins.get(canonicalize_name(need.name)) not in need.specifier
    ] == []
