"""Every example message is what its golden file holds."""

from __future__ import annotations

import pytest

from bot.messages.blocks import Message
from tests.golden import FOLDER, documents, written
from tests.golden.drawings import drawn

DOCUMENTS = documents()
HOW = "if this is meant, run: python -m tests.golden, and read the diff"


@pytest.mark.parametrize("template", DOCUMENTS)
def test_messages_are_as_in_their_golden_file(template):
    assert len(DOCUMENTS[template]) <= 3
    path = FOLDER / f"{template}.txt"
    assert path.exists(), f"no file of {template}; {HOW}"
    assert written(DOCUMENTS[template]) == path.read_text(encoding="utf-8"), HOW


def test_every_golden_file_has_a_template():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(DOCUMENTS), HOW


@pytest.mark.parametrize("template", DOCUMENTS)
def test_a_message_has_few_buttons_and_the_primary_one_first(template):
    """Buttons in rows and menus aren't counted; a coach's message may have one more."""
    for name, view in DOCUMENTS[template].items():
        message = drawn(view)
        if not isinstance(message, Message):
            continue
        pressed = [
            each
            for block in message.blocks
            for each in (*block.get("elements", ()), block.get("accessory", {}))
            if each.get("type") == "button"
        ]
        rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
        count = sum(each["type"] == "button" for row in rows for each in row)
        assert count <= (6 if name.startswith("coach") else 5), name
        first = [at for at, each in enumerate(pressed) if each.get("style") == "primary"]
        assert first in ([], [0]), name
