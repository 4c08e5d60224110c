"""Slack's limits, each just broken. That what keeps them is taken is seen by every conversation."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.block_rules import problems

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def raw(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def data_table(rows: int = 2, columns: int = 2, **more: Any) -> Block:
    cells = [[raw("x") for _ in range(columns)] for _ in range(rows)]
    return {"type": "data_table", "caption": "Sessions", "rows": cells, **more}


def button(action_id: str = "go", **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def option(value: str = "a", text: str = "A") -> Block:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Block]:
    return [option(f"v{index}") for index in range(count)]


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def entry(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Block, **more: Any) -> Block:
    view = {
        "type": "modal",
        "title": plain("Edit"),
        "submit": plain("Save"),
        "blocks": list(blocks),
    }
    return {**view, **more}


def chart(kind: str = "bar", points: int = 2, series: int = 1, **more: Any) -> Block:
    labels = [f"w{index}" for index in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    return {
        "type": "data_visualization",
        "title": "Sessions per week",
        "chart": {
            "type": kind,
            "series": [{"name": f"s{index}", "data": data} for index in range(series)],
            "axis_config": {"categories": labels, "x_label": "Week", "y_label": "Sessions"},
        },
        **more,
    }


def with_axis(categories: list[str] = ["w0"], series: list[str] = ["a"]) -> Block:  # noqa: B006
    """A chart whose series have one point each."""
    made = chart(points=1)
    made["chart"]["axis_config"]["categories"] = categories
    data = made["chart"]["series"][0]["data"]
    made["chart"]["series"] = [{"name": name, "data": data} for name in series]
    return made


def confirm(**more: Any) -> Block:
    return {
        "title": plain("Sure?"),
        "text": mrkdwn("Really?"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **more,
    }


def message(*blocks: Block, text: str = "hello") -> Block:
    return {"text": text, "blocks": list(blocks)}


OVERFLOW = {"type": "overflow", "action_id": "more", "options": options(3)}
SELECT = {"type": "static_select", "action_id": "rank", "options": options(2)}
BOXES = {"type": "checkboxes", "action_id": "boxes", "options": options(2)}
DIVIDERS = [{"type": "divider"}]

# Each limit just kept.
TAKEN = {
    "text": {"text": "x" * 4000},
    "blocks": message(*DIVIDERS * 50),
    "words": message(
        section("x" * 3000, accessory=OVERFLOW),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "fields": [mrkdwn("x" * 100)] * 10},
        {"type": "context", "elements": [mrkdwn("x")] * 10},
    ),
    "buttons": message(actions(*[button(f"b{i}", confirm=confirm()) for i in range(25)])),
    "tables": message(data_table(rows=101, columns=20)),
    "charts": message(chart("line", points=20, series=6), chart("area")),
    "a modal": modal(
        entry({"type": "plain_text_input", "action_id": "a", "multiline": True}),
        entry({**SELECT, "action_id": "b", "initial_option": option("v1")}, optional=True),
        entry({"type": "checkboxes", "action_id": "e", "options": options(10)}),
        entry({"type": "datepicker", "action_id": "g", "initial_date": "2026-03-20"}),
        *[section() for _ in range(95)],
        private_metadata="q_1",
        callback_id="edit",
    ),
    "a Home tab": {"type": "home", "blocks": [section(), actions(button())]},
}


@pytest.mark.parametrize("name", TAKEN)
def test_taken(name: str) -> None:
    assert problems(TAKEN[name]) == []


HEAD = [raw("a")]
REFUSED = {
    # messages
    "no text": ({"blocks": [section()]}, "/text"),
    "4,001 characters": ({"text": "x" * 4001}, "/text"),
    "an unknown field": ({"text": "x", "block": []}, "unknown field block"),
    "51 blocks": (message(*DIVIDERS * 51), "/blocks: "),
    "12,001 characters": (message(*[section("x" * 3000)] * 4, section()), "12000"),
    # words
    "3,001 characters of a section": (message(section("x" * 3001)), "may have 3000"),
    "11 fields": (message({"type": "section", "fields": [mrkdwn("x")] * 11}), "/section/fields"),
    "a long header": (message({"type": "header", "text": plain("x" * 151)}), "may have 150"),
    "11 parts": (message({"type": "context", "elements": [mrkdwn("x")] * 11}), "/context/elem"),
    "an empty section": (message({"type": "section"}), "needs text or fields"),
    "null": (message({**section(), "expand": None}), "a field is null"),
    # elements
    "26 buttons": (message(actions(*[button(f"b{i}") for i in range(26)])), "/actions/elements"),
    "a long button": (message(actions(button(text=plain("x" * 76)))), "may have 75"),
    "a long value": (message(actions(button(value="x" * 2001))), "/button/value"),
    "a long action_id": (message(actions(button("x" * 256))), "/button/action_id"),
    "6 options in a menu": (message(actions({**OVERFLOW, "options": options(6)})), "/options"),
    "101 options": (message(actions({**SELECT, "options": options(101)})), "/options"),
    "no options": (message(actions({"type": "static_select", "action_id": "a"})), "either options"),
    "another option to begin with": (
        message(actions({**SELECT, "initial_option": option("x")})),
        "the initial option is not among",
    ),
    "another box to begin with": (
        modal(entry({**BOXES, "initial_options": [option("x")]})),
        "an initial option is not among",
    ),
    # ids
    "a block_id twice": (
        message(section(block_id="a"), section(block_id="a")),
        "block_id 'a' is there 2 times",
    ),
    "an action_id twice": (message(actions(button()), section(accessory=button())), "'go' is the"),
    # tables
    "102 rows": (message(data_table(rows=102)), "/data_table/rows"),
    "21 columns": (message(data_table(columns=21)), "/rows/0"),
    "an empty cell": (message({**data_table(), "rows": [HEAD, [raw("")]]}), "/rows/1/0"),
    "a number in the header": (
        message({**data_table(), "rows": [[{**raw("1"), "type": "raw_number", "value": 1}], HEAD]}),
        "a header cell must be raw_text",
    ),
    "a row that is wider": (
        message({**data_table(), "rows": [HEAD, [raw("a"), raw("b")]]}),
        "more or fewer cells than the header",
    ),
    "no such column": (message(data_table(row_header_column_index=2)), "there is no column 2"),
    "10,001 characters of cells": (
        message({**data_table(), "rows": [HEAD, [raw("x" * 10_000)]]}),
        "cells may have 10000",
    ),
    # charts
    "three charts": (message(chart(), chart(), chart()), "may have 2 data_visualization"),
    "21 categories": (message(chart(points=21)), "/categories"),
    "two series of one name": (message(with_axis(series=["a", "a"])), "the same name"),
    "a category twice": (message(with_axis(categories=["w0", "w0"])), "a category is there twice"),
    "a point too few": (message(with_axis(categories=["w0", "w1"])), "one point for each category"),
    # surfaces
    "an input in a message": (message(entry({"type": "plain_text_input"})), "/blocks/0"),
    "a table in a modal": (modal(data_table()), "/blocks/0"),
    # modals
    "101 blocks of a modal": (modal(*DIVIDERS * 101), "/blocks"),
    "a long title of a modal": (modal(title=plain("x" * 25)), "may have 24"),
    "long metadata": (modal(private_metadata="x" * 3001), "/private_metadata"),
    "no submit": (
        {"type": "modal", "title": plain("x"), "blocks": [entry(SELECT)]},
        "submit is required",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    wrong, expected = REFUSED[name]
    found = problems(wrong)
    assert any(expected in each for each in found), found
