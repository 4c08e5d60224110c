from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.text import TokenForm, clean, first_word, key, plain_text, quoted, tokens, written
from tests.language.world import checked


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("score&gt;=80", "score>=80", id="entity"),
        pytest.param("R&amp;amp;D", "R&amp;D", id="entity-once"),
        pytest.param("ｇｏｌｄ　ｌａｓｔ　７ｄ", "gold last 7d", id="full-width"),
        pytest.param("“Jane” ‘x’ „y‟", '"Jane" \'x\' "y"', id="smart-quotes"),
        pytest.param("2026‑03–01 — x", "2026-03-01 - x", id="dashes"),
        pytest.param("go\u200bld \u202egold\u202c", "gold gold", id="zero-width-and-bidi"),
        pytest.param(" gold\t\n\u00a0 silver ", "gold silver", id="spaces"),
        pytest.param("gold…", "gold...", id="ellipsis"),
        pytest.param("score≥80", "score>=80", id="sign"),
        pytest.param("<mailto:jane@acme.com|jane@acme.com>", "jane@acme.com", id="mail-link"),
        pytest.param("<mailto:jane@acme.com>", "jane@acme.com", id="mail-link-bare"),
        pytest.param('group:"<http://acme.com|acme.com> reps"', 'group:"acme.com reps"', id="link"),
        pytest.param("<https://acme.com>", "https://acme.com", id="link-bare"),
        pytest.param("jane <https://a.com/x|last week>", "jane https://a.com/x", id="link-label"),
        pytest.param("<mailto:jane@acme.com|bob>", "jane@acme.com", id="mail-label"),
        pytest.param("O’Brien", "O'Brien", id="apostrophe"),
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
        pytest.param(
            "last week ?!", [(TokenForm.WORD, "last"), (TokenForm.WORD, "week")], id="loose-mark"
        ),
        pytest.param('"West  Coast"', [(TokenForm.QUOTED, "West  Coast")], id="quoted"),
        pytest.param('"a""b"', [(TokenForm.QUOTED, 'a"b')], id="doubled-quote"),
        pytest.param("'West Coast'", [(TokenForm.QUOTED, "West Coast")], id="single-quotes"),
        pytest.param(
            "'O'Brien'", [(TokenForm.QUOTED, "O'Brien")], id="apostrophe-in-single-quotes"
        ),
        pytest.param("O'Brien's", [(TokenForm.WORD, "O'Brien's")], id="apostrophe"),
        pytest.param(
            "group:'West Coast'",
            [(TokenForm.WORD, "group:"), (TokenForm.QUOTED, "West Coast")],
            id="single-quotes-after-key",
        ),
        pytest.param("<@U12>", [(TokenForm.USER, "U12")], id="user"),
        pytest.param("<@W12|jane>", [(TokenForm.USER, "W12")], id="user-with-label"),
        pytest.param('"<@U12>"', [(TokenForm.USER, "U12")], id="user-in-quotes"),
        pytest.param("<!subteam^S1|@c>", [(TokenForm.USERGROUP, "S1")], id="usergroup"),
        pytest.param("<!subteam^S1>", [(TokenForm.USERGROUP, "S1")], id="usergroup-bare"),
        pytest.param("<#C1|>", [(TokenForm.CHANNEL, "C1")], id="channel"),
        pytest.param("<!here>", [(TokenForm.SPECIAL, "here")], id="special"),
        pytest.param(
            "<@U1>gold", [(TokenForm.USER, "U1"), (TokenForm.WORD, "gold")], id="no-space"
        ),
        pytest.param('"open', [(TokenForm.UNCLOSED, '"open')], id="unclosed"),
        pytest.param(
            "2026-03-01..15",
            [(TokenForm.WORD, "2026-03-01"), (TokenForm.WORD, ".."), (TokenForm.WORD, "15")],
            id="range",
        ),
        pytest.param("score:70-85", [(TokenForm.WORD, "score:70-85")], id="score-range"),
        pytest.param("group:R&D", [(TokenForm.WORD, "group:R&D")], id="ampersand"),
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
@given(st.text())
def test_plain_is_settled(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)


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


def test_every_character_is_settled() -> None:
    unsettled = [
        code for code in range(0x20000) if plain_text(once := plain_text(chr(code))) != once
    ]
    assert unsettled == []


@pytest.mark.parametrize(
    ("typed", "word", "rest"),
    [
        ("", "", ""),
        ("  ", "", ""),
        ("Sessions", "sessions", ""),
        (" ｄigest  \u201cWest  Coast\u201d  daily ", "digest", "\u201cWest  Coast\u201d  daily"),
        ("coach\nadd @ana", "coach", "add @ana"),
    ],
)
def test_first_word(typed: str, word: str, rest: str) -> None:
    assert first_word(typed) == (word, rest)
