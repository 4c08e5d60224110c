"""Whatever the names, numbers and zones: every message is one that Slack takes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exec_api.models import Scenario, User
from bot.exec_api.wire import item_of
from bot.rendering.cut import size
from bot.rendering.escaping import escape, tidy
from bot.rendering.examples import kinds
from bot.rendering.inline import in_html
from bot.rendering.messages import Messages
from bot.rendering.status_views import StatusView
from bot.rendering.tables import starts_of_pages
from bot.reports.figures import figures
from bot.reports.freshness import Freshness
from tests.rendering import samples
from tests.rendering.checker import (
    assert_fits,
    assert_text_says,
    buttons,
    table_rows,
    texts,
    turns,
)
from tests.rendering.drawings import assert_taken
from tests.rendering.strategies import answers, any_of, names

MESSAGES = Messages()
HEADERS = {
    False: ["When", "Who", "Score", "Scenario", "Rank", "Length"],
    True: ["When", "Scenario", "Score", "Rank", "Length"],  # about one person
}
EXAMPLES = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
@EXAMPLES
@given(st.data())
def test_any_view(kind, data):
    assert_taken(kind.__name__, data.draw(any_of(kind)))


@EXAMPLES
@given(answers(), st.booleans())
def test_any_answer(view, plain):
    rendered = MESSAGES.draw(view, plain=plain)
    assert_fits(rendered)
    if not plain:
        assert_text_says(rendered)
    assert list(buttons(rendered).values()).count(view.id) >= 2
    assert texts(rendered).count("Edit filters") == 1
    table = table_rows(rendered)
    if view.found.rows and not plain:
        assert table[0] == HEADERS[view.about_one]
        assert 2 <= len(table) <= 101
        called = view.found.called  # namesakes told apart
        people = [called[session.user.id] for session in view.found.rows[view.start :]]
        for row, person in zip(table[1:], () if view.about_one else people, strict=False):
            assert row[1] == (in_html(tidy(person, 120)) or "–")
    if view.found.rows:
        # Behind the rows that are stored there is a page if more match.
        goes_on = view.found.limit is None and view.found.total > len(view.found.rows)
        last = len(view.found.rows) - (not goes_on)
        following, _ = turns(rendered)
        assert following is None or view.start < following <= last


@st.composite
def long_answers(draw):
    """Answers of many rows whose scenarios are numbered, so that each can be found again."""
    view = draw(answers(most=3))
    filler = draw(st.sampled_from(["", "x" * 60, "&" * 50, "نور", "𝒥" * 30, "<!here>"]))
    count = draw(st.integers(0, 450))
    base = samples.sessions(1)[0]
    rows = tuple(
        replace(base, scenario=Scenario(id="c", name=f"No{n}. {filler * (n % 3)}"))
        for n in range(count)
    )
    view = replace(view, start=0)
    return samples.found(view, rows=rows, total=count, sums=figures(rows))


def scenarios(rendered, plain):
    """The numbers of the rows that a message shows."""
    if not plain:
        head, *rows = table_rows(rendered)
        return [int(_number(row[head.index("Scenario")])) for row in rows]
    lines = [
        line
        for block in rendered.blocks
        if block["type"] == "section" and block.get("expand")
        for line in block["text"]["text"].split("\n")
    ]
    return [int(_number(line)) for line in lines if re.search(r"No\d+\.", line)]


def _number(text):
    return re.search(r"No(\d+)\.", text)[1]


@settings(EXAMPLES, max_examples=8)
@given(long_answers(), st.booleans())
def test_no_row_is_lost_or_shown_twice_forth_and_back(view, plain):
    forth, shown = [], []
    start = 0
    # Behind the last row that is stored, an unfinished answer is read on before it is drawn.
    while start is not None and start < len(view.found.rows):
        rendered = MESSAGES.draw(replace(view, start=start), plain=plain)
        forth.append(start)
        shown.extend(scenarios(rendered, plain))
        following, previous = turns(rendered)
        assert len(shown) == (following or len(view.found.rows))
        if previous is None:
            assert start == 0
        else:
            assert previous == forth[-2]
        start = following
    assert shown == list(range(len(view.found.rows)))
    assert starts_of_pages(view, plain=plain) == (forth or [0])


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("filler", ["&" * 110, "𝒥" * 50, "_*" * 55])
def test_the_largest_rows_lose_none(plain, filler):
    row = samples.sessions(1)[0]
    row = replace(row, user=User(id="u", first_name=filler))
    rows = tuple(
        replace(row, scenario=Scenario(id="c", name=f"No{n}. {filler}")) for n in range(120)
    )
    view = samples.found(samples.answer(1), rows=rows, total=120)
    view = replace(view, understood=("<" * 999,) * 9)
    shown, start = [], 0
    while start is not None:
        rendered = MESSAGES.draw(replace(view, start=start), plain=plain)
        assert_fits(rendered)
        shown.extend(scenarios(rendered, plain))
        start, _ = turns(rendered)
    assert shown == list(range(120))


def test_a_page_begun_in_rich_blocks_goes_on_in_plain_ones_after_the_last_row_shown():
    view = replace(samples.answer(312), start=100)
    first = MESSAGES.draw(view, plain=True)
    following, _ = turns(first)
    second = MESSAGES.draw(replace(view, start=following), plain=True)
    assert f"Rows 101–{following} of 312" in str(first.blocks)
    assert f"Rows {following + 1}–" in str(second.blocks)


@EXAMPLES
@given(answers(most=30))
def test_figures_are_the_same_in_text_and_blocks(view):
    message = MESSAGES.draw(replace(view, understood=(), zone="UTC"))
    if not view.found.rows:
        return
    fields = {
        field["text"].split("\n")[0].strip("*"): field["text"].split("\n")[1]
        for block in message.blocks
        for field in block.get("fields", ())
    }
    assert f"Practice time: {fields['Practice time']}." in message.text
    if view.found.sums.average is not None:
        assert f"Average score: {fields['Average score']}." in message.text
        # A very long name is cut to the room there is, sooner in a field than in the text.
        assert f"Best: {fields['Best'][:200]}" in message.text


def told(message, words):
    """The words stand in the blocks and, in whatever case, in the text."""
    shown = [text for text in texts(message) if words in text]
    is_cut = size(message.text) >= 3_800
    return bool(shown) and (is_cut or words.casefold() in message.text.casefold())


@EXAMPLES
@given(answers(most=12))
def test_how_true_it_is_stands_in_text_and_blocks(view):
    view = replace(view, understood=(), zone="UTC", loosen=(), known_since=None, note=None)
    message = MESSAGES.draw(view)
    assert told(message, "As of ")
    assert told(message, "older sessions last checked ") is (view.freshness.checked_at is not None)
    assert told(message, "group members updated ") is (view.freshness.roster_as_of is not None)
    assert told(message, "counted since ") is (view.stored_since is not None)
    if view.freshness.away is not None:
        above = message.blocks[1]["text"]["text"]
        assert above.startswith("*As of ")
        assert above.strip("*") in message.text
    if view.cost is not None:
        few = view.cost.requests > view.cost.left
        assert told(message, "Reading further back takes about ") is few
        assert ("sessions.read_back" in buttons(message)) is not few


@EXAMPLES
@given(any_of(StatusView))
def test_a_status_says_the_same_in_text_and_blocks(view):
    # Long ones would push the rest out of `text`, which is cut then.
    used = tuple((purpose[:200], requests) for purpose, requests in view.used[:3])
    message = MESSAGES.draw(replace(view, zone="UTC", used=used, trouble=None))
    for text in texts(message)[:-2]:
        # "*Label*\nvalue", "*All sessions … are here*", "*312 used*   688 left\nmore"
        for words in re.split(r"\*|\n|   ", text):
            assert words in message.text
    for purpose, requests in table_rows(message)[1:]:
        assert f" {requests}" in message.text
        if purpose != "–" and len(purpose) < 40:  # what is empty, and what is cut
            assert escape(purpose) in message.text


@given(names)
def test_names_of_any_kind_read_the_same_in_the_table(name):
    row = samples.sessions(1)[0]
    named = item_of({"id": "u", "first_name": "Jane", "last_name": name}, User)
    row = replace(row, user=named)
    # Halves of characters and NUL are dropped where Exec's answer is read.
    assert row.user.last_name == re.sub("[\0\ud800-\udfff]", "", name)
    view = samples.found(samples.answer(1), rows=(row,))
    shown = table_rows(MESSAGES.draw(view))[1][1]
    assert shown == in_html(tidy(f"Jane {row.user.last_name}".strip(), 120))


def test_moments_of_any_zone():
    view = replace(
        samples.answer(1),
        zone="Asia/Kathmandu",
        freshness=Freshness(datetime(2026, 1, 1, tzinfo=UTC)),
    )
    assert table_rows(MESSAGES.draw(view))[1][0] == "Fri 20 Mar 14:45"
