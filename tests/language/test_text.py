"""Text as Slack sends it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.text import clean, plain_text, quoted, written
from bot.language.tokens import tokenize
from tests.language.world import checked


def test_control_characters_are_dropped() -> None:
    assert clean("go\x00ld \ud800") == "gold"


def test_tokens_know_their_place() -> None:
    text = clean("gold,  “West Coast” <@U1|jane>.")
    tokens = [text[token.start : token.end] for token in tokenize(text)]
    assert tokens == ["gold", '"West Coast"', "<@U1|jane>"]


@pytest.mark.parametrize("text", ["x" * 2001, "gold " * 2000, "\ufdfa" * 1999])
def test_long_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="too long"):
        clean(text)


@checked
@given(st.text(max_size=200) | st.text(alphabet="&;ampltg<>|http://:@!U1 \"',.＆＜", max_size=80))
def test_written_text_is_cleaned_to_itself(text: str) -> None:
    cleaned = clean(text)
    assert clean(written(cleaned)) == cleaned


@checked
@given(st.text(min_size=1, max_size=50))
def test_quoted_names_are_read_back(name: str) -> None:
    text = clean(written(quoted(name)))
    assert [token.word for token in tokenize(text)] == [plain_text(name)]
