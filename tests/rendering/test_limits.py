"""Slack's limits are kept to, whatever stands in a template."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.rendering import blocks
from bot.rendering.limits import characters
from bot.rendering.markup import parse_markup
from tests.rendering.checker import assert_fits, assert_sendable, table_rows

MODAL = """<modal name="n" private="p" title="{0}" submit="{0}" close="{0}">
  <input name="i" label="{0}"><entry value="{0}" placeholder="{0}" most="9000"/></input>
</modal>"""


def drawn(inside):
    """The message in rich blocks; in plain ones it fits too."""
    message = blocks.message(parse_markup(f"<message>{inside}</message>"))
    assert_fits(message)
    assert_fits(blocks.in_plain_blocks(message))
    return message


def table(rows, width=20):
    cell = f"<td>{'x' * width}</td>"
    row = f"<tr>{cell * 2}</tr>"
    return f"<table caption='Rows'><tr><th>a</th><th>b</th></tr>{row * rows}</table>"


@pytest.mark.parametrize(
    ("block", "longest"),
    [
        ("<section>{}</section>", 3_000),
        ("<fields><field label='l'>{}</field></fields>", 2_000),
        ("<header>{}</header>", 150),
        ("<actions><button action='a'>{}</button></actions>", 75),
        ("<actions><select action='a'><option value='v'>{}</option></select></actions>", 75),
        ("<context>{}</context>", 2_000),
        ("<table caption='{}'><tr><th>a</th></tr><tr><td>b</td></tr></table>", 150),
        (
            "<chart title='{}' x='x' y='y'><series name='s'><point label='p' value='1'/></series>"
            "</chart>",
            50,
        ),
    ],
)
def test_long_texts_are_cut(block, longest):
    message = drawn(block.format("x" * 4_000))
    cut = "x" * (longest - 1 - len("*l*\n") * ("field" in block)) + "…"
    assert f'{cut}"' in json.dumps(message.blocks, ensure_ascii=False)


def test_too_many_cells_are_left_out_and_counted():
    message = drawn(table(100, width=80))
    shown = len(table_rows(message))
    assert message.blocks[1]["elements"][0]["text"] == f"and {101 - shown} more rows"
    head_only = drawn(f"{table(0)}<divider/>")
    assert [block["type"] for block in head_only.blocks] == ["divider"]


def test_the_whole_is_at_most_12_000_characters():
    message = drawn("".join(f"<section>{f'{n}' * 2_000}</section>" for n in range(9)))
    assert sum(map(characters, message.blocks)) <= 12_000
    assert len(message.blocks) == 9


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=400).filter(
    lambda text: not {"\ufffe", "\uffff"} & set(text)
)


@given(st.lists(texts, max_size=12))
def test_any_texts_fit(texts):
    drawn("<divider/>" + "".join(f"<section>{escape(text * 9)}</section>" for text in texts))


def test_modals_are_cut_too():
    view = blocks.modal(parse_markup(MODAL.format("t" * 4_000)))
    assert_sendable(view)
    assert view["title"]["text"] == "t" * 23 + "…"
    assert view["blocks"][0]["element"]["initial_value"] == "t" * 3_000
