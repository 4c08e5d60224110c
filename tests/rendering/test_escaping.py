from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import Sentence
from bot.rendering.cut import cut, size
from bot.rendering.escaping import escape, tidy
from bot.rendering.filters import exact, say
from bot.rendering.jinja import printed_value

ANY_TEXT = st.text(st.characters())  # halves of surrogate pairs too


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        ("O'Brien", "O'Brien"),
        ("snake_case", "snake_case"),
        ("R&D", "R&amp;D"),
        ("<script>", "&lt;script&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ('"quoted" \\ back', '"quoted" \\ back'),
        ("*bold* _it_ ~no~ `code`", "∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ"),
        ("a*b 3*4 x__y", "a*b 3*4 xˍˍy"),
        ("a :tada: b 10:30:00", "a ∶tada: b 10:30:00"),
        ("two\nlines\tand\x00nul", "two lines andnul"),
        ("\u202egnp.exe", "gnp.exe"),
        ("نور", "\u2068نور\u2069"),
        ("\u2067نور", "\u2068نور\u2069"),
    ],
)
def test_values_read_right_in_mrkdwn(value, reads):
    assert escape(tidy(value)) == reads


def test_a_value_in_a_code_span_keeps_all_but_the_backtick():
    assert escape("_x_ `y` <z>", code=True) == "_x_ ˋyˋ &lt;z&gt;"


def test_a_value_never_begins_a_quotation():
    assert escape("> me") == "\u2060&gt; me"


@pytest.mark.parametrize("value", [None, 1.5, True, [], {}])
def test_what_is_no_word_must_be_put_into_words_first(value):
    with pytest.raises(TypeError, match="cannot print"):
        printed_value(value)


def test_a_sentence_keeps_its_own_marks_and_escapes_its_fields():
    said = say(Sentence('*No* "`{word}`" & {missing}', {"word": "*<a>*"}))
    assert said == "<b>No</b> &#34;<code>*&lt;a&gt;*</code>&#34; &amp; {missing}"


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (91.0, "91.0"),
        (None, ""),
        (float("nan"), ""),
        (True, "yes"),
        (False, "no"),
        (" two  blanks", " two  blanks"),
        ("\x00a\ud800", "a"),
        (date(2026, 3, 9), "2026-03-09"),
    ],
)
def test_what_a_program_reads_is_exact(value, attribute):
    assert exact(value) == attribute


@given(ANY_TEXT)
def test_any_value_formats_nothing_and_calls_nobody(value):
    text = escape(tidy(value))
    assert not re.search(r"[<>`\x00-\x1f\ud800-\udfff]", text)
    assert not re.search(r"&(?!(?:amp|lt|gt);)", text)


PIECES = st.sampled_from(
    ["a", "é", "e\u0301", "👩‍👩‍👧", "🇩🇪", "👍🏽", "&amp;", "<@U1|x>", "```", "\n", "𝒳"]
)


@given(st.lists(PIECES, max_size=60), st.integers(8, 60), st.booleans())
@example(["👍🏽", "a", "a", "```"], 8, True)
@example(["👍🏽", "```", "a", "a"], 8, True)
@example(["a", "```", "👍🏽", "```", "a"], 9, True)
def test_cut_keeps_the_limit_and_whole_pieces(pieces, limit, mrkdwn):
    text = "".join(pieces)
    short = cut(text, limit, mrkdwn=mrkdwn)
    assert size(short) <= limit
    assert len(short.encode("utf-16-le")) // 2 == size(short)
    if short == text:
        return
    kept = short.removesuffix("\n```").rstrip("…") if mrkdwn else short.rstrip("…")
    assert text.startswith(kept)
    assert not text[len(kept) :].startswith(("\u0301", "\u200d", "🏽"))
    if mrkdwn:
        assert short.count("```") % 2 == 0
        assert not set("&<") & set(re.sub(r"&amp;|<@U1\|x>", "", kept))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghijk", 10, "abcdefghi…"),
        ("abcdef&amp;hijk", 11, "abcdef…"),
        ("``` abcdefghijkl ```", 15, "``` abcdef…\n```"),
        ("ab <https://x|y> cd", 10, "ab …"),
        ("🇩🇪🇫🇷🇮🇹🇯🇵", 8, "🇩🇪…"),
    ],
)
def test_cut_in_mrkdwn(text, limit, short):
    assert cut(text, limit, mrkdwn=True) == short
