"""Help quotes only words that the bot understands."""

from __future__ import annotations

import re

from bot.errors import UserError
from bot.language.filters import FILTERS
from bot.language.query import Query
from tests.language.world import query_of

# The reports that take some of the forms.
REPORTS = ("sessions", "leaderboard", "groups", "trend", "compare", "assignments", "session")


def meaning(text: str) -> Query:
    """What a form means in the first report that takes it."""
    for report in REPORTS:
        try:
            return query_of(text, report=report)
        except UserError:
            continue
    return Query()


def test_every_form_uses_its_filter() -> None:
    forms = [(row, form) for row in FILTERS for form in row.forms]
    assert [form for row, form in forms if not row.write(meaning(form))] == ["newest"]
    quoted = [(row, words) for row in FILTERS for words in re.findall("`(.+?)`", row.help)]
    assert [words for row, words in quoted if meaning(words) == Query()] == []
