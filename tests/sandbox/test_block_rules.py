"""Slack's limits, each just kept and just broken."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.block_rules import problems

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def raw(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def figure(value: float) -> Block:
    return {"type": "raw_number", "value": value, "text": str(value)}


def data_table(rows: int = 2, columns: int = 2, **more: Any) -> Block:
    cells = [[raw("x") for _ in range(columns)] for _ in range(rows)]
    return {"type": "data_table", "caption": "Sessions", "rows": cells, **more}


def table(rows: int = 2) -> Block:
    return {"type": "table", "rows": [[raw("x"), raw("y")] for _ in range(rows)]}


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


def pie(*values: float) -> Block:
    segments = [{"label": f"s{index}", "value": value} for index, value in enumerate(values)]
    return {
        "type": "data_visualization",
        "title": "Ranks",
        "chart": {"type": "pie", "segments": segments},
    }


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


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "hi ", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "link", "url": "https://example.test", "text": "there"},
                {"type": "emoji", "name": "wave"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "p"}]},
    ],
}
IMAGE = {"type": "image", "image_url": "https://example.test/a.png", "alt_text": "A chart"}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": options(3)}
SELECT = {"type": "static_select", "action_id": "rank", "options": options(2)}

SESSIONS = message(
    section("*4 sessions*   Jane Smith  ·  gold"),
    {"type": "section", "fields": [mrkdwn("*Average score*\n92.0"), mrkdwn("*Ranks*\n4 gold")]},
    {
        **data_table(),
        "rows": [[raw("When"), raw("Score")], [raw("Thu 19 Mar 16:42"), figure(94.5)]],
        "page_size": 10,
        "row_header_column_index": 1,
    },
    actions(button("sessions.share", value="q_7f3a"), button("sessions.edit", value="q_7f3a")),
    {"type": "context", "elements": [mrkdwn("As of 10:00")]},
    text="4 sessions: Jane Smith, gold.",
)
DIGEST = message(
    {"type": "header", "text": plain("West Coast  ·  practice 9 – 15 March")},
    section("*9 of 12 people practised*, up from 7 the week before."),
    chart(points=7),
    actions(button("digest.details"), button("digest.manage")),
)
COACH = message(
    {"type": "header", "text": plain("Your people")},
    section("*Sam Lee*  has not practised", accessory=OVERFLOW),
    {"type": "divider"},
    section("*Worth a word of praise*"),
)

VALID = {
    "sessions": SESSIONS,
    "digest": DIGEST,
    "coach": COACH,
    "text only": {"text": "x" * 4000},
    "50 blocks": message(*[{"type": "divider"} for _ in range(50)]),
    "rich text": message(RICH),
    "image": message({**IMAGE, "title": plain("T")}, section(accessory=IMAGE)),
    "header": message({"type": "header", "text": plain("x" * 150), "level": 2}),
    "10 fields": message({"type": "section", "fields": [mrkdwn("x" * 100)] * 10}),
    "25 buttons": message(actions(*[button(f"b{index}") for index in range(25)])),
    "101 rows": message(data_table(rows=101, columns=20)),
    "table": message(table(100)),
    "charts": message(chart("line", points=20, series=6), pie(1, 2, 3, 4, 5, 6)),
    "confirm": message(actions(button(confirm=confirm(style="danger")))),
    "markdown": message({"type": "markdown", "text": "# hi"}),
    "all inputs": modal(
        entry({"type": "plain_text_input", "action_id": "a", "multiline": True}),
        entry({**SELECT, "action_id": "b", "initial_option": option("v1")}, optional=True),
        entry(
            {
                "type": "multi_static_select",
                "action_id": "c",
                "option_groups": [{"label": plain("G"), "options": options(2)}],
                "initial_options": [option("v0")],
            }
        ),
        entry({"type": "multi_users_select", "action_id": "d", "initial_users": ["U1"]}),
        entry({"type": "checkboxes", "action_id": "e", "options": options(10)}),
        entry({"type": "radio_buttons", "action_id": "f", "options": options(2)}),
        entry({"type": "datepicker", "action_id": "g", "initial_date": "2026-03-20"}),
        private_metadata="q_1",
        callback_id="edit",
        notify_on_close=True,
    ),
    "100 blocks in a modal": modal(*[section() for _ in range(100)]),
    "home": {"type": "home", "blocks": [section(), actions(button())]},
    "alert": modal({"type": "alert", "text": mrkdwn("careful"), "level": "warning"}),
}


@pytest.mark.parametrize("name", VALID)
def test_valid(name: str) -> None:
    assert problems(VALID[name]) == []


INVALID = [
    # messages
    ({"blocks": [section()]}, "/text: is required"),
    ({"text": "x" * 4001}, "/text: may have 4000"),
    ({"text": "x", "block": []}, "/block: unknown field"),
    ({"text": "x", "blocks": {}}, "/blocks: must be a list"),
    (message(*[{"type": "divider"}] * 51), "/blocks: may have 50"),
    (message({"type": "sektion"}), "/blocks/0/type: 'sektion'"),
    (
        message(section("x" * 3000), *[section("x" * 3000)] * 3, section()),
        "/blocks: may have 12000",
    ),
    # sections, headers, context, images
    (message({"type": "section"}), "/blocks/0: needs text or fields"),
    (message(section("")), "/blocks/0/text/text: needs at least 1"),
    (message(section("x" * 3001)), "/blocks/0/text/text: may have 3000"),
    (message(section(colour="red")), "/blocks/0/colour: unknown field"),
    (message({"type": "section", "text": "bare"}), "/blocks/0/text: must be an object"),
    (message({"type": "section", "fields": [mrkdwn("x")] * 11}), "/blocks/0/fields: must have 1"),
    (message({"type": "section", "fields": [mrkdwn("x" * 2001)]}), "/blocks/0/fields/0/text"),
    (message({"type": "header", "text": mrkdwn("x")}), "/blocks/0/text/type: 'mrkdwn'"),
    (message({"type": "header", "text": plain("x" * 151)}), "/blocks/0/text/text: may have 150"),
    (message({"type": "context", "elements": [mrkdwn("x")] * 11}), "/blocks/0/elements: must"),
    (message({"type": "context", "elements": [button()]}), "/blocks/0/elements/0/type"),
    (message({"type": "image", "image_url": "https://a.test"}), "/blocks/0/alt_text: is required"),
    (message({"type": "image", "alt_text": "x"}), "/blocks/0: needs either image_url"),
    (message(section(text_type=1)), "/blocks/0/text_type: unknown"),
    (message({"type": "section", "text": {**plain("x"), "verbatim": True}}), "text/verbatim"),
    (message({"type": "section", "text": {**mrkdwn("x"), "emoji": True}}), "text/emoji"),
    (message({**section(), "expand": "yes"}), "/blocks/0/expand: must be true or false"),
    # elements
    (message(actions(*[button(f"b{i}") for i in range(26)])), "/blocks/0/elements: must have"),
    (message(actions(button(text=plain("x" * 76)))), "elements/0/text/text: may have 75"),
    (message(actions(button(text=mrkdwn("x")))), "elements/0/text/type"),
    (message(actions(button(value="x" * 2001))), "elements/0/value: may have 2000"),
    (message(actions(button(style="loud"))), "elements/0/style: must be one of"),
    (message(actions(button("x" * 256))), "elements/0/action_id: may have 255"),
    (message(actions({**OVERFLOW, "options": options(6)})), "elements/0/options: must have 1 to 5"),
    (message(actions({**OVERFLOW, "options": [option("x" * 151)]})), "options/0/value: may have"),
    (message(actions({**SELECT, "options": options(101)})), "options: must have 1 to 100"),
    (message(actions({"type": "static_select", "action_id": "s"})), "either options or option_gr"),
    (message(actions({**SELECT, "initial_option": option("zz")})), "an initial option is not"),
    (message(actions({**SELECT, "placeholder": plain("x" * 151)})), "placeholder/text: may have"),
    (message(actions(button(confirm=confirm(title=plain("x" * 101))))), "confirm/title/text"),
    (message(actions(button(confirm=confirm(text=mrkdwn("x" * 301))))), "confirm/text/text"),
    (message(actions(button(confirm=confirm(deny=plain("x" * 31))))), "confirm/deny/text"),
    (message(actions(button(confirm={"title": plain("x")}))), "confirm/text: is required"),
    (message(section(accessory={"type": "plain_text_input"})), "/accessory/type"),
    # ids
    (message(section(block_id="a"), section(block_id="a")), "/blocks/1/block_id: block_id 'a'"),
    (message(actions(button(), button())), "/blocks/0/elements/1/action_id: action_id 'go'"),
    (message(actions(button()), section(accessory=button())), "/blocks/1/accessory/action_id"),
    # tables
    (message(data_table(rows=1)), "/blocks/0/rows: must have 2 to 101"),
    (message(data_table(rows=102)), "/blocks/0/rows: must have 2 to 101"),
    (message(data_table(columns=21)), "/blocks/0/rows/0: must have 1 to 20"),
    (message(data_table(page_size=101)), "/blocks/0/page_size"),
    (message(data_table(row_header_column_index=2)), "there is no column 2"),
    (message({**data_table(), "caption": ""}), "/blocks/0/caption: needs at least 1"),
    (message({"type": "data_table", "rows": data_table()["rows"]}), "/blocks/0/caption: is req"),
    (
        message({**data_table(), "rows": [[raw("a")], [raw("")]]}),
        "/rows/1/0/text: needs at least 1",
    ),
    (message({**data_table(), "rows": [[figure(1)], [raw("a")]]}), "/rows/0/0: a header cell"),
    (message({**data_table(), "rows": [[raw("a")], [raw("a"), raw("b")]]}), "/rows/1: has 2 cells"),
    (
        message({**data_table(), "rows": [[raw("a")], [{"type": "raw_number", "value": 1}]]}),
        "text: i",
    ),
    (message({**data_table(), "rows": [[raw("a")], [raw("x" * 10_000)]]}), "cells may have 10000"),
    (message(table(101)), "/blocks/0/rows: must have 1 to 100"),
    (message(table(), table()), "/blocks: may have 1 table, has 2"),
    (message({"type": "table", "rows": [[figure(1)]]}), "/blocks/0/rows/0/0/type: 'raw_number'"),
    # charts
    (message(chart(), chart(), chart()), "/blocks: may have 2 data_visualization"),
    (message(chart(title="x" * 51)), "/blocks/0/title: may have 50"),
    (message(chart(points=21)), "chart/axis_config/categories: must have 1 to 20"),
    (message(chart(series=7)), "chart/series: must have 1 to 6"),
    (message(chart("radar")), "/blocks/0/chart/type: 'radar'"),
    (message(pie(1, 0)), "/blocks/0/chart/segments/1/value: must be above 0"),
    (message(pie(*range(1, 8))), "/blocks/0/chart/segments: must have 1 to 6"),
    # rich text
    (message({"type": "rich_text", "elements": [plain("x")]}), "/blocks/0/elements/0/type"),
    # surfaces
    (message(entry({"type": "plain_text_input", "action_id": "a"})), "input does not belong"),
    (modal(data_table()), "data_table does not belong in a modal"),
    (modal(chart()), "data_visualization does not belong in a modal"),
    (message({"type": "alert", "text": mrkdwn("x")}), "alert does not belong in a message"),
    ({"type": "home", "blocks": [entry(SELECT)]}, "input does not belong in a home"),
    # modals
    (modal(*[section() for _ in range(101)]), "/blocks: may have 100"),
    (modal(title=plain("x" * 25)), "/title/text: may have 24"),
    (modal(submit=plain("x" * 25)), "/submit/text: may have 24"),
    (modal(close=plain("x" * 25)), "/close/text: may have 24"),
    (modal(private_metadata="x" * 3001), "/private_metadata: may have 3000"),
    (modal(callback="x"), "/callback: unknown field"),
    ({"type": "modal", "title": plain("x"), "blocks": [entry(SELECT)]}, "/submit: is required"),
    ({"type": "modal", "title": plain("x")}, "/blocks: is required"),
    (modal(entry(button())), "/blocks/0/element/type: 'button'"),
    (modal({"type": "input", "element": SELECT}), "/blocks/0/label: is required"),
    (modal(entry({"type": "checkboxes", "options": options(11)})), "options: must have 1 to 10"),
    (modal(entry({"type": "plain_text_input", "max_length": 3001})), "/element/max_length"),
]


@pytest.mark.parametrize(("wrong", "expected"), INVALID, ids=[each for _, each in INVALID])
def test_invalid(wrong: Block, expected: str) -> None:
    found = problems(wrong)
    assert any(expected in each for each in found), found


def test_series_must_cover_the_categories() -> None:
    block = chart(series=2)
    block["chart"]["series"][1]["name"] = "s0"
    block["chart"]["series"][0] = {"name": "s0", "data": [{"label": "w0", "value": 1}]}
    found = problems(message(block))
    assert any("two series have the same name" in each for each in found)
    assert any("series/0/data: needs one point for each category" in each for each in found)


@pytest.mark.parametrize("junk", [None, 1, "x", [], {"type": 3}, {"type": "section", "text": 5}])
def test_junk_is_a_problem_and_no_crash(junk: Any) -> None:
    assert problems({"text": "x", "blocks": [junk]})
