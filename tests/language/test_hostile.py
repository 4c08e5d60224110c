"""Whatever is typed, the answer is a Query or a ParseError, and quickly."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import ParseError, TooLong
from bot.language.filters import FILTERS
from bot.language.parse import FILLERS, kinds_needed
from bot.language.text import LIMIT
from bot.language.filters import query_words
from tests.language.test_period import ALL_FORMS
from tests.language.world import checked, heard
from tests.watch import calls_of

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


HEAVY = ("x ", '"', "''", "<@U1", "&amp;", "..", ", ", "@a ", "group:a,", "score>=8 ", "1-", "q1-")
HEAVY += ("last 7d ", "gold or ", "march ", "to ", "a'", "id:a ", "ﷺ", "<http://a|", "a@a.", "1h1h")


@pytest.mark.parametrize("scrap", HEAVY)
def test_a_text_twice_as_long_takes_no_more_than_twice_as_much(scrap: str) -> None:
    one, two = (
        calls_of(partial(survives, (scrap * LIMIT)[:size])) for size in (LIMIT // 2, LIMIT - 1)
    )
    assert two < 2.5 * one + 5_000


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
