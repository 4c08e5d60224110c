from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.limits import characters, enforce, enforce_view
from bot.rendering.views import Message
from tests.rendering.checker import assert_fits, table_rows


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text):
    return {"type": "plain_text", "text": text}


def button(text, action="a", value="v"):
    return {"type": "button", "text": plain(text), "action_id": action, "value": value}


def table(rows, width=20, **more):
    cells = [[{"type": "raw_text", "text": "x" * width}] * 2 for _ in range(rows)]
    return {"type": "data_table", "caption": "Rows", "page_size": 5, "rows": cells, **more}


@pytest.mark.parametrize(
    ("block", "longest"),
    [
        ({"type": "section", "text": mrkdwn("x" * 4_000)}, 3_000),
        ({"type": "section", "fields": [mrkdwn("x" * 4_000)]}, 2_000),
        ({"type": "header", "text": plain("x" * 400)}, 150),
        ({"type": "actions", "elements": [button("x" * 400)]}, 75),
        ({"type": "context", "elements": [mrkdwn("x" * 4_000)]}, 2_000),
        ({**table(2), "caption": "x" * 900}, 150),
    ],
)
def test_long_texts_are_cut(block, longest):
    message = enforce(Message("t", [block]))
    assert_fits(message)
    assert "x" * (longest - 1) + "…" in json.dumps(message.blocks, ensure_ascii=False)


def test_empty_texts_are_a_dash_and_empty_blocks_are_left_out():
    blocks = [
        {"type": "section", "text": mrkdwn(" ")},
        {"type": "section", "fields": []},
        {"type": "actions", "elements": []},
        {"type": "context", "elements": []},
        table(1),
    ]
    message = enforce(Message("", blocks))
    assert message == Message("–", [{"type": "section", "text": mrkdwn("–")}])


def test_ids_are_short_and_unique():
    blocks = [
        {
            "type": "actions",
            "block_id": "b",
            "elements": [button("a", "x" * 300), button("b", "x" * 300), button("c", "y")],
        }
        for _ in range(2)
    ]
    message = enforce(Message("t", blocks))
    assert_fits(message)
    assert message.blocks[1]["block_id"] == "b.2"


def test_counts_are_cut():
    fields = [mrkdwn("f")] * 12
    blocks = [{"type": "section", "fields": fields} for _ in range(60)]
    message = enforce(Message("t", blocks))
    assert_fits(message)
    assert (len(message.blocks), len(message.blocks[0]["fields"])) == (50, 10)


def test_too_many_cells_are_left_out_and_counted():
    message = enforce(Message("t", [table(101, width=80)]))
    assert_fits(message)
    shown = len(table_rows(message))
    assert message.blocks[1]["elements"][0]["text"] == f"and {101 - shown} more rows"


def test_the_whole_is_at_most_12_000_characters():
    blocks = [{"type": "section", "text": mrkdwn(f"{n}" * 2_000)} for n in range(9)]
    message = enforce(Message("t", blocks))
    assert_fits(message)
    assert sum(map(characters, message.blocks)) <= 12_000
    assert len(message.blocks) == 9


@given(st.lists(st.text(st.characters(), max_size=400), max_size=12))
def test_any_texts_fit(texts):
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    blocks = [{"type": "section", "text": plain(text * 9)} for text in texts]
    message = enforce(Message("x".join(texts).replace("<", "").replace("&", ""), blocks))
    assert len(message.text) <= 4_000
    assert sum(map(characters, message.blocks)) <= 12_000
    assert all(0 < len(block["text"]["text"]) <= 3_000 for block in message.blocks)


def test_modals_are_cut_too():
    view = {
        "type": "modal",
        "title": plain("t" * 40),
        "submit": plain("s" * 40),
        "blocks": [{"type": "section", "text": plain("")}],
    }
    fitted = enforce_view(view)
    assert fitted["title"]["text"] == "t" * 23 + "…"
    assert fitted["blocks"][0]["text"]["text"] == "–"
