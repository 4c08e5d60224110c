from __future__ import annotations

import re

import pytest

from bot.features.help import help_topics
from bot.language.filters import FILTERS
from bot.language.filters.row import Filter
from bot.language.query import Query
from tests.language.world import heard


def test_topics_cover_the_table() -> None:
    *topics, _ = help_topics(())
    assert [topic.key for topic in topics] == ["who", "where", "what", "when", "how"]
    assert sum(len(topic.lines) for topic in topics) == len(FILTERS)


@pytest.mark.parametrize("form", [form for row in FILTERS for form in (*row.forms, row.example)])
def test_every_form_is_understood(form: str) -> None:
    assert heard(form) != Query() or form == "newest"


@pytest.mark.parametrize("row", FILTERS, ids=lambda row: row.key)
def test_every_example_uses_its_row(row: Filter) -> None:
    assert row.write(heard(row.example))


@pytest.mark.parametrize("row", FILTERS, ids=lambda row: row.key)
def test_the_help_quotes_words_that_work(row: Filter) -> None:
    for words in re.findall("`(.+?)`", row.help):
        assert heard(words) != Query()
