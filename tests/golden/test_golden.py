"""Every example message is what its golden file holds."""

from __future__ import annotations

import json

import pytest

from tests.golden import FOLDER, documents, written
from tests.golden.variants import variants
from tests.rendering.drawings import assert_taken

DOCUMENTS = documents()
MESSAGES = {
    path.stem: told
    for path in FOLDER.glob("*.json")
    if (told := json.loads(path.read_text(encoding="utf-8"))).get("text") and "blocks" in told
}
HOW = "if this is meant, run: python -m tests.golden, and read the diff"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_as_in_its_golden_file(name):
    path = FOLDER / f"{name}.json"
    assert path.exists(), f"no file of {name}; {HOW}"
    assert written(DOCUMENTS[name]) == path.read_text(encoding="utf-8"), HOW


@pytest.mark.parametrize("group", variants())
def test_slack_takes_every_variant(group):
    for name, view in variants()[group].items():
        assert_taken(name, view)


def test_a_message_has_few_buttons_and_the_one_most_wanted_first():
    """Besides those in rows and in menus; what a coach reads may have one more."""
    for name, message in MESSAGES.items():
        blocks = message["blocks"]
        pressed = [
            each
            for block in blocks
            for each in (*block.get("elements", ()), block.get("accessory", {}))
            if each.get("type") == "button"
        ]
        rows = [block["elements"] for block in blocks if block["type"] == "actions"]
        count = sum(each["type"] == "button" for row in rows for each in row)
        assert count <= (6 if name.startswith("coach") else 5), name
        first = [at for at, each in enumerate(pressed) if each.get("style") == "primary"]
        assert first in ([], [0]), name


def test_every_golden_file_has_a_document():
    files = {path.stem for path in FOLDER.glob("*.json")}
    assert files - set(DOCUMENTS) == set(), HOW
