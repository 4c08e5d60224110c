"""Every example message is what its golden file holds."""

from __future__ import annotations

import pytest

from tests.golden import FOLDER, documents, written
from tests.golden.variants import variants
from tests.rendering.drawings import assert_taken

DOCUMENTS = documents()
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


def test_every_golden_file_has_a_document():
    files = {path.stem for path in FOLDER.glob("*.json")}
    assert files - set(DOCUMENTS) == set(), HOW
