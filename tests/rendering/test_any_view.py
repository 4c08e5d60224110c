"""Whatever the names, numbers and zones: every message is one that Slack takes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exec_api.models import Scenario, User
from bot.rendering.cut import size
from bot.rendering.messages import Messages
from bot.rendering.tables import starts_of_pages
from bot.reports.figures import figures
from tests.rendering import samples
from tests.rendering.checker import (
    assert_fits,
    buttons,
    table_rows,
    texts,
    turns,
)
from tests.rendering.drawings import assert_taken
from tests.rendering.examples import kinds
from tests.rendering.strategies import answers, any_of

MESSAGES = Messages()
EXAMPLES = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
@EXAMPLES
@given(st.data())
def test_any_view(kind, data):
    assert_taken(kind.__name__, data.draw(any_of(kind)))


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


def told(message, words):
    """The words stand in the blocks and, in whatever case, in the text."""
    shown = [text for text in texts(message) if words in text]
    is_cut = size(message.text) >= 3_800
    return bool(shown) and (is_cut or words.casefold() in message.text.casefold())


@EXAMPLES
@given(answers(most=12))
def test_how_true_it_is_stands_in_text_and_blocks(view):
    view = replace(
        view, understood=(), zone="UTC", loosen=(), known_since=None, note=None, again=None
    )
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
        assert told(message, " uses more than is left of today's Exec limit") is few
        assert ("sessions.read_back" in buttons(message)) is not few
