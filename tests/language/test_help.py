from __future__ import annotations

import re

from bot.errors import UserError
from bot.language.filters import FILTERS, Filter
from bot.language.query import Query
from tests.language.world import heard

# The reports of which some forms are asked.
OTHERS = ("sessions", "leaderboard", "trend", "compare", "assignments", "session")


def means(row: Filter, text: str) -> Query:
    """What a form means in the first report that takes it."""
    for report in dict.fromkeys((row.lead, *OTHERS)):
        try:
            return heard(text, report=report)
        except UserError:
            continue
    return Query()


def test_every_form_and_example_uses_its_row() -> None:
    said = [(row, form) for row in FILTERS for form in (*row.forms, row.example)]
    assert [form for row, form in said if not row.write(means(row, form))] == ["newest"]


def test_the_help_quotes_words_that_work() -> None:
    quoted = [(row, words) for row in FILTERS for words in re.findall("`(.+?)`", row.help)]
    assert [words for row, words in quoted if means(row, words) == Query()] == []
