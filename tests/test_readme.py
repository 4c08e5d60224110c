"""The README says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from tests.readme import README, filled

TEXT = README.read_text(encoding="utf-8")


def test_generated_parts_are_up_to_date() -> None:
    assert filled(TEXT) == TEXT, "run: python -m tests.readme"


def test_every_link_into_the_repository_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", TEXT)
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


def test_the_screenshot_is_a_picture() -> None:
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", TEXT)
    assert (README.parent / Path(picture)).read_bytes().startswith(b"\x89PNG")


def test_every_room_is_explained() -> None:
    rooms = {path.parent.name for path in (README.parent / "bot").glob("*/__init__.py")}
    assert rooms
    assert {room for room in rooms if f"`{room}/`" not in TEXT} == set()
