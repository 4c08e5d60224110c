from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.text import clean, plain_text, quoted, written
from bot.language.tokens import Form, tokenize
from tests.language.world import checked


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("score&gt;=80", "score>=80", id="entity"),
        pytest.param("ｇｏｌｄ　ｌａｓｔ　７ｄ", "gold last 7d", id="full-width"),
        pytest.param("“Jane” ‘x’ „y‟", '"Jane" \'x\' "y"', id="smart-quotes"),
        pytest.param("2026‑03–01 — x", "2026-03-01 - x", id="dashes"),
        pytest.param("<mailto:jane@acme.com|jane@acme.com>", "jane@acme.com", id="mail-link"),
        pytest.param('group:"<http://acme.com|acme.com> reps"', 'group:"acme.com reps"', id="link"),
        pytest.param("jane <https://a.com/x|last week>", "jane https://a.com/x", id="link-label"),
        pytest.param("<mailto:jane@acme.com|bob>", "jane@acme.com", id="mail-label"),
        pytest.param("go\x00ld \ud800", "gold", id="control"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("gold, silver.", [(Form.WORD, "gold"), (Form.WORD, "silver")], id="trailing"),
        pytest.param('"West  Coast"', [(Form.QUOTED, "West Coast")], id="quoted"),
        pytest.param('"a""b"', [(Form.QUOTED, 'a"b')], id="doubled-quote"),
        pytest.param("O'Brien", [(Form.WORD, "obrien")], id="apostrophe"),
        pytest.param("jane's", [(Form.WORD, "jane"), (Form.WORD, "'s")], id="possessive"),
        pytest.param("<@W12|jane>", [(Form.MENTION, "W12")], id="mention"),
        pytest.param("<!subteam^S1|@c>", [(Form.USER_GROUP, "S1")], id="user-group"),
        pytest.param("<@U1>gold", [(Form.MENTION, "U1"), (Form.WORD, "gold")], id="no-space"),
        pytest.param('"open', [(Form.WORD, "open")], id="unclosed"),
        pytest.param("group: west", [(Form.KEY, "group"), (Form.WORD, "west")], id="key"),
        pytest.param("-@sam", [(Form.WORD, "without"), (Form.HANDLE, "sam")], id="left-out"),
        pytest.param(
            "2026-03-01..15",
            [(Form.WORD, "2026-03-01"), (Form.WORD, ".."), (Form.WORD, "15")],
            id="range",
        ),
    ],
)
def test_tokens(text: str, expected: list[tuple[Form, str]]) -> None:
    assert [(token.form, token.word) for token in tokenize(text)] == expected


def test_tokens_know_their_place() -> None:
    text = clean("gold,  “West Coast” <@U1|jane>.")
    assert [text[token.start : token.end] for token in tokenize(text)] == [
        "gold",
        '"West Coast"',
        "<@U1|jane>",
    ]


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
