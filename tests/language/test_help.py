from __future__ import annotations

import re

from bot.features.help import help_topics
from bot.language.filters import FILTERS
from bot.language.query import Query
from tests.language.world import heard


def test_topics_cover_the_table() -> None:
    *topics, _, _, _ = help_topics(())
    assert [topic.key for topic in topics] == ["who", "where", "what", "when", "how"]
    assert sum(len(topic.lines) for topic in topics) == len(FILTERS)


def test_every_form_is_understood() -> None:
    forms = [form for row in FILTERS for form in (*row.forms, row.example)]
    assert [form for form in forms if heard(form) == Query()] == ["newest"]


def test_every_example_uses_its_row() -> None:
    assert [row.key for row in FILTERS if not row.write(heard(row.example))] == []


def test_the_help_quotes_words_that_work() -> None:
    quoted = [words for row in FILTERS for words in re.findall("`(.+?)`", row.help)]
    assert [words for words in quoted if heard(words) == Query()] == []
