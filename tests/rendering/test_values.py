from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import Pattern, Sentence
from bot.rendering.cut import cut, size
from bot.rendering.filters import fill, printed, say, tojson
from bot.rendering.values import escape, mark, settle, tidy

ANY_TEXT = st.text(st.characters())  # halves of surrogate pairs too


def in_mrkdwn(before: str, value: str, after: str = "") -> str:
    read = json.loads(f'{{"type": "mrkdwn", "text": "{before}{mark(value)}{after}"}}')
    return settle(read)["text"]


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
        ("\ue0f1*x*\ue0f0", "∗x∗"),
    ],
)
def test_values_read_right_in_mrkdwn(value, reads):
    assert in_mrkdwn("", value) == reads


def test_a_value_in_a_code_span_keeps_all_but_the_backtick():
    assert in_mrkdwn("say `", "_x_ `y` <z>", "` *or* ") == "say `_x_ ˋyˋ &lt;z&gt;` *or* "


def test_a_value_never_begins_a_quotation():
    assert in_mrkdwn("", "> me") == "\u2060&gt; me"


def test_marks_are_dropped_outside_mrkdwn_and_ids_are_untouched():
    node = {"type": "button", "text": {"type": "plain_text", "text": mark("R&D *x*")}}
    node |= {"value": mark("*نور*"), "nested": [[mark("a&b")]]}
    settled = settle(node)
    assert settled["text"] == {"type": "plain_text", "text": "R&D *x*"}
    assert settled["value"] == "*نور*"
    assert settled["nested"] == [["a&b"]]


def test_macros_are_not_escaped_again():
    once = printed("<&>")
    assert printed(once) is once


@pytest.mark.parametrize("value", [None, 1.5, True, [], {}])
def test_what_is_no_word_must_be_put_into_words_first(value):
    with pytest.raises(TypeError, match="cannot print"):
        printed(value)


def test_a_sentence_keeps_its_own_marks_and_escapes_its_fields():
    said = say(Sentence('*No* "{word}" {missing}', {"word": "*<a>*"}))
    read = settle(json.loads(f'{{"type": "mrkdwn", "text": "{said}"}}'))
    assert read["text"] == '*No* "∗&lt;a&gt;∗" {missing}'


def test_fill_takes_printed_parts_as_they_are():
    assert fill(Pattern("{a}, {b}"), a=printed("x"), b="y") == f"{mark('x')}, {mark('y')}"


def test_fill_takes_no_value_for_a_pattern():
    assert fill("<!channel> {a}", a="x") == mark("<!channel> {a}")


def test_tojson_gives_whole_numbers_lists_and_no_nan():
    assert tojson(91.0) == "91"
    assert settle(json.loads(f'{{"x": {tojson(["a", "b"])}}}')) == {"x": ["a", "b"]}
    with pytest.raises(ValueError, match="JSON"):
        tojson(float("nan"))


@given(ANY_TEXT)
def test_any_value_stays_inside_its_string(value):
    text = in_mrkdwn("(", value, ")")
    assert text.startswith("(")
    assert text.endswith(")")
    assert not re.search(r"[<>`\x00-\x1f\ue0f0-\ue0f3\ud800-\udfff]", text)
    assert not re.search(r"&(?!(?:amp|lt|gt);)", text)


@given(ANY_TEXT)
def test_tidy_is_settled(value):
    assert tidy(tidy(value)) == tidy(value)


@given(st.text("abc XYZ019,.'-éß日本", max_size=60))
def test_ordinary_names_are_not_changed(value):
    assert html.unescape(escape(value)) == value


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
