"""Whatever is typed, the answer is a Query or a ParseError, and quickly."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import ParseError, TooLong
from bot.language.filters import FILTERS
from bot.language.parse import FILLERS, kinds_needed
from bot.language.text import LIMIT
from bot.language.words import query_words
from tests.language.test_period import ALL_FORMS
from tests.language.world import checked, heard

SCRAPS = st.sampled_from(
    [
        *(form for row in FILTERS for form in row.forms),
        *(word for row in FILTERS for word in row.words),
        *(row[0] for row in ALL_FORMS),
        *FILLERS,
        *(
            "or",
            "not",
            "<@U1|",
            "<@U1>",
            "<!channel>",
            "<#C1|>",
            '"',
            "'",
            '""',
            ",",
            ":",
            "=",
            "@",
        ),
        *("&lt;", "&amp;amp;", "..", "-", "0", "99999999999", "1e9", "٣", "😀", "\u202e", "\u200b"),
        *("<http://x|y>", "<mailto:a@b.c|a@b.c>", "{word}", "{0}", "%s", "`", "*", "\\", "\x00"),
    ]
)


def survives(text: str) -> None:
    kinds_needed(text)
    try:
        query = heard(text)
    except ParseError as raised:
        error = raised
    else:
        assert heard(query_words(query)) == query
        return
    error.sentence.plain()
    assert 0 <= error.start <= error.end
    assert len(error.suggestions) <= 4
    assert all(way.words.startswith(("sessions", "help")) for way in error.suggestions)
    assert all(len(way.label) <= 75 for way in error.suggestions)


@checked
@given(st.text())
@example("1/0")
def test_any_text(text: str) -> None:
    survives(text)


@checked
@given(st.lists(SCRAPS | st.text(max_size=3), max_size=12), st.sampled_from(["", " ", ","]))
def test_scraps_of_the_language(scraps: list[str], between: str) -> None:
    survives(between.join(scraps))


@pytest.mark.parametrize(
    "scrap",
    [
        *("x", "x ", '"', "'", '""', "''", "<", "<@", "<@U1", "<@U1>", "<!channel>", "&amp;", "&"),
        *("..", "-", ",", ", ", "@", "@a ", "group:", "group:a ", "group:a,", "score", "score>=8 "),
        *("longer 1m", "1m", "1 ", "1-", "last ", "last 7d ", "gold ", "not gold ", "gold or "),
        *(
            "since ",
            "march ",
            "to ",
            "\u202e",
            "\u200b",
            "😀",
            "'a",
            "a'",
            ":'",
            "id:a ",
            "<http:",
            "ﷺ",
        ),
        *("<http://a|", "<@U1|", "rank:", "west coast ", "1h1h", "1.1", "a.", "a@", "a@a.", "q1-"),
    ],
)
def test_nothing_takes_long(scrap: str) -> None:
    text = (scrap * LIMIT)[:LIMIT]
    began = time.process_time()
    survives(text)
    survives(text[:-1] + "!")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u202egold\u202c \u2066last 7d\u2069", id="rtl"),
        pytest.param("g\u200bo\ufeffld last\u00a07d", id="zero-width"),
        pytest.param("gold\n\nlast\t7d", id="lines"),
        pytest.param("GOLD. LAST 7D!!", id="shouted"),
    ],
)
def test_what_does_not_show_does_not_matter(text: str) -> None:
    assert query_words(heard(text)) == "gold last 7d"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param('"' + "ab " * 200 + 'ab"', id="one name"),
        pytest.param('"' + "ab " * 201, id="an open quotation mark"),
    ],
)
def test_more_than_200_words_are_not_read(words: str) -> None:
    with pytest.raises(TooLong) as caught:
        heard(words)
    assert caught.value.sentence.plain() == (
        "That's 201 words, and I read up to 200. Ask in fewer words."
    )


def test_a_question_about_100_people_by_their_names_is_read() -> None:
    assert len(heard(" ".join(f'"Anna{n} Ode"' for n in range(99)) + " last 7d").people) == 99
    # Also one that takes a few words more when it is written again.
    people = " ".join(f"<@U{n:03}>" for n in range(199))
    with pytest.raises(TooLong):
        heard(f"{people} silver+")
