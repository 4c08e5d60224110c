from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.text import TokenForm, clean, key, plain_text, quoted, tokens, written
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
        pytest.param(
            "gold, silver.", [(TokenForm.WORD, "gold"), (TokenForm.WORD, "silver")], id="trailing"
        ),
        pytest.param('"West  Coast"', [(TokenForm.QUOTED, "West  Coast")], id="quoted"),
        pytest.param('"a""b"', [(TokenForm.QUOTED, 'a"b')], id="doubled-quote"),
        pytest.param("'West Coast'", [(TokenForm.QUOTED, "West Coast")], id="single-quotes"),
        pytest.param(
            "'O'Brien'", [(TokenForm.QUOTED, "O'Brien")], id="apostrophe-in-single-quotes"
        ),
        pytest.param(
            "group:'West Coast'",
            [(TokenForm.WORD, "group:"), (TokenForm.QUOTED, "West Coast")],
            id="single-quotes-after-key",
        ),
        pytest.param("<@W12|jane>", [(TokenForm.USER, "W12")], id="user-with-label"),
        pytest.param("<!subteam^S1|@c>", [(TokenForm.USERGROUP, "S1")], id="usergroup"),
        pytest.param(
            "<@U1>gold", [(TokenForm.USER, "U1"), (TokenForm.WORD, "gold")], id="no-space"
        ),
        pytest.param('"open', [(TokenForm.UNCLOSED, '"open')], id="unclosed"),
        pytest.param(
            "2026-03-01..15",
            [(TokenForm.WORD, "2026-03-01"), (TokenForm.WORD, ".."), (TokenForm.WORD, "15")],
            id="range",
        ),
    ],
)
def test_tokens(text: str, expected: list[tuple[TokenForm, str]]) -> None:
    assert [(token.form, token.text) for token in tokens(text)] == expected


def test_tokens_know_their_place() -> None:
    text = clean("gold,  “West Coast” <@U1|jane>.")
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "gold",
        '"West Coast"',
        "<@U1|jane>",
    ]


@pytest.mark.parametrize("text", ["x" * 2001, "gold " * 2000, "\ufdfa" * 1999])
def test_long_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="too long"):
        clean(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("West Coast", "west  coast"),
        ("West Coast", "WestCoast"),
        ("Acme Inc.", "acme inc"),
        ("R&D, Munich", "r&d munich"),
        ("“Big” Deals", '"big" deals'),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert key(one) == key(other)


@checked
@given(st.text(max_size=200) | st.text(alphabet="&;ampltg<>|http://:@!U1 \"',.＆＜", max_size=80))
def test_written_text_is_cleaned_to_itself(text: str) -> None:
    cleaned = clean(text)
    assert clean(written(cleaned)) == cleaned


@checked
@given(st.text(min_size=1, max_size=50))
def test_quoted_names_are_read_back(name: str) -> None:
    text = clean(written(quoted(name)))
    assert [token.text for token in tokens(text)] == [plain_text(name)]
