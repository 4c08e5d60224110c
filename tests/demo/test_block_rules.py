"""Slack's limits: content at a limit is accepted, and content just beyond it rejected."""

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


def table(*rows: list[Block], **more: Any) -> Block:
    return {"type": "data_table", "caption": "Sessions", "rows": list(rows), **more}


def button(action_id: str = "go", **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def options(count: int) -> list[Block]:
    return [{"text": plain("A"), "value": f"v{index}"} for index in range(count)]


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def entry(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Block, **more: Any) -> Block:
    view = {"type": "modal", "title": plain("Edit"), "submit": plain("Save")}
    return {**view, "blocks": list(blocks), **more}


def chart(points: int = 1, names: str = "a", labels: str = "") -> Block:
    """A chart with a series for each letter of `names`, and `labels` on its axis if given."""
    weeks = [f"w{index}" for index in range(points)]
    data = [{"label": week, "value": 1} for week in weeks]
    return {
        "type": "data_visualization",
        "title": "Sessions per week",
        "chart": {
            "type": "bar",
            "series": [{"name": name, "data": data} for name in names],
            "axis_config": {"categories": labels.split() or weeks},
        },
    }


def message(*blocks: Block, text: str = "hello") -> Block:
    return {"text": text, "blocks": list(blocks)}


SELECT = {"type": "static_select", "action_id": "rank", "options": options(2)}
OTHER = {"text": plain("B"), "value": "x"}
HEAD = [raw("a")]
DIVIDERS = [{"type": "divider"}]
CONFIRM = {"title": plain("?"), "text": mrkdwn("?"), "confirm": plain("Yes"), "deny": plain("No")}
ACCEPTED = {
    "text": {"text": "x" * 4000},
    "blocks": message(*DIVIDERS * 50),
    "words": message(
        section("x" * 3000, accessory={"type": "overflow", "options": options(5)}),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "fields": [mrkdwn("x" * 100)] * 10},
        {"type": "context", "elements": [mrkdwn("x")] * 10},
    ),
    "buttons": message(actions(*[button(f"b{i}", confirm=CONFIRM) for i in range(25)])),
    "tables": message(table(*[[raw("x")] * 20] * 101)),
    "charts": message(chart(20, "abcdef"), chart()),
    "a modal": modal(
        entry({"type": "plain_text_input", "action_id": "a", "multiline": True}),
        entry({**SELECT, "initial_option": options(2)[1]}, optional=True),
        *[section() for _ in range(98)],
        callback_id="edit",
    ),
    "a Home tab": {"type": "home", "blocks": [section(), actions(button())]},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_content_at_a_limit_is_accepted(name: str) -> None:
    assert problems(ACCEPTED[name]) == []


REJECTED: dict[str, tuple[Block, str]] = {
    "no text": ({"blocks": [section()]}, "/text"),
    "4,001 characters": ({"text": "x" * 4001}, "/text"),
    "an unknown field": ({"text": "x", "block": []}, "unknown field block"),
    "51 blocks": (message(*DIVIDERS * 51), "/blocks: "),
    "12,001 characters": (message(*[section("x" * 3000)] * 4, section()), "12000"),
    "3,001 characters of a section": (message(section("x" * 3001)), "maximum 3000"),
    "11 fields": (message({"type": "section", "fields": [mrkdwn("x")] * 11}), "/0/fields"),
    "a long header": (message({"type": "header", "text": plain("x" * 151)}), "maximum 150"),
    "11 parts": (message({"type": "context", "elements": [mrkdwn("x")] * 11}), "/0/elem"),
    "an empty section": (message({"type": "section"}), "must have text or fields"),
    "null": (message({**section(), "expand": None}), "/0/expand"),
    "26 buttons": (message(actions(*[button(f"b{i}") for i in range(26)])), "/0/elements"),
    "a long button": (message(actions(button(text=plain("x" * 76)))), "maximum 75"),
    "a long value": (message(actions(button(value="x" * 2001))), "/value"),
    "a long action_id": (message(actions(button("x" * 256))), "/action_id"),
    "6 options in a menu": (
        message(actions({"type": "overflow", "options": options(6)})),
        "/options",
    ),
    "101 options": (message(actions({**SELECT, "options": options(101)})), "/options"),
    "no options": (message(actions({"type": "static_select"})), "either options"),
    "another option to begin with": (
        message(actions({**SELECT, "initial_option": OTHER})),
        "the initial option isn't one",
    ),
    "a block_id twice": (message(*[section(block_id="a")] * 2), "duplicate block_id 'a'"),
    "an action_id twice": (
        message(actions(button()), section(accessory=button())),
        "duplicate action_id 'go'",
    ),
    "102 rows": (message(table(*[HEAD] * 102)), "/0/rows"),
    "21 columns": (message(table([raw("x")] * 21, HEAD)), "/rows/0"),
    "an empty cell": (message(table(HEAD, [raw("")])), "/rows/1/0"),
    "a number in the header": (
        message(table([{"type": "raw_number", "text": "1", "value": 1}], HEAD)),
        "a header cell must be raw_text",
    ),
    "a row that is wider": (message(table(HEAD, [*HEAD, *HEAD])), "more or fewer cells"),
    "no such column": (message(table(HEAD, HEAD, row_header_column_index=2)), "no column 2"),
    "10,001 characters of cells": (message(table(HEAD, [raw("x" * 10_000)])), "maximum 10000"),
    "three charts": (message(chart(), chart(), chart()), "3 data_visualization blocks"),
    "21 categories": (message(chart(21)), "/categories"),
    "two series of one name": (message(chart(names="aa")), "the same name"),
    "a category twice": (message(chart(labels="w0 w0")), "a category is duplicated"),
    "a point too few": (message(chart(labels="w0 w1")), "one point for each category"),
    "an input in a message": (message(entry({"type": "plain_text_input"})), "/blocks/0"),
    "a table in a modal": (modal(table(HEAD, HEAD)), "/blocks/0"),
    "101 blocks of a modal": (modal(*DIVIDERS * 101), "/blocks"),
    "a long title of a modal": (modal(title=plain("x" * 25)), "maximum 24"),
    "long metadata": (modal(private_metadata="x" * 3001), "/private_metadata"),
    "no submit": ({k: v for k, v in modal(entry(SELECT)).items() if k != "submit"}, "is required"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_content_beyond_a_limit_is_rejected(name: str) -> None:
    content, expected = REJECTED[name]
    reasons = problems(content)
    assert any(expected in reason for reason in reasons), reasons
