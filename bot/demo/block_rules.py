"""Slack's rules for messages and views, read strictly and on their own.

If Slack's documents give two limits, the smaller one holds. The tables have the blocks and the
elements that the bot's markup has a word for; what isn't in them is refused. This module knows
nothing of the bot, so that it can find the bot's mistakes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

CELLS_LENGTH = 10_000
ALL_TEXT_LENGTH = 12_000
MOST_CHARTS = 2
ALL_TEXT = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})

# A rule yields what is wrong with a value, after its place.
Rule = Callable[[Any, str], Iterator[str]]
Fields = Mapping[str, Rule]


def text(most: int, least: int = 1) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or len(value) < least:
            yield f"{at}: needs {least} characters"
        elif len(value) > most:
            yield f"{at}: may have {most} characters, has {len(value)}"

    return check


def like(pattern: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield f"{at}: must be like {pattern}"

    return check


def number(value: Any, at: str) -> Iterator[str]:
    if type(value) not in (int, float) or not abs(value) < float("inf"):
        yield f"{at}: must be a number"


def whole(least: int, most: int) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if type(value) is not int or not least <= value <= most:
            yield f"{at}: must be between {least} and {most}"

    return check


def flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: must be true or false"


def several(rule: Rule, most: int, least: int = 1) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield f"{at}: must be a list of {least} to {most}"
            return
        for place, each in enumerate(value):
            yield from rule(each, f"{at}/{place}")

    return check


def fields(rules: Fields) -> Rule:
    """An object with these fields and no others; `name?` may be left out, but not be null."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
            return
        for name in value.keys() - {key.removesuffix("?") for key in rules}:
            yield f"{at}: unknown field {name}"
        for key, rule in rules.items():
            name = key.removesuffix("?")
            if name in value:
                yield from rule(value[name], f"{at}/{name}")
            elif name == key:
                yield f"{at}/{name}: is missing"

    return check


def typed(*kinds: str) -> Rule:
    """An object of one of these types."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            yield f"{at}: {kind} can't be here"
            return
        wrong = list(TYPES[kind](value, at))
        yield from wrong or CHECKS.get(kind, _nothing)(value, at)

    return check


def _nothing(_value: Any, _at: str) -> Iterator[str]:
    yield from ()


def words(most: int, *kinds: str) -> Rule:
    """A text object."""
    is_text = typed(*kinds or ("plain_text", "mrkdwn"))

    def check(value: Any, at: str) -> Iterator[str]:
        wrong = list(is_text(value, at))
        yield from wrong or text(most)(value["text"], at)

    return check


def plain(most: int) -> Rule:
    return words(most, "plain_text")


# The tables.

ID = text(255)
LABEL, TITLE, LONG = text(20), text(50), text(3000)
STYLE = like("primary|danger")
OPTION = fields({"text": plain(75), "value": text(150)})
OPTIONS = several(OPTION, 100)
GROUP = fields({"label": plain(75), "options": OPTIONS})
CONFIRM = fields(
    {
        "title": plain(100),
        "text": words(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style?": STYLE,
    }
)
ENTRY: Fields = {"action_id?": ID, "placeholder?": plain(150)}
MARKS = fields({"bold?": flag, "italic?": flag, "strike?": flag, "code?": flag})
LINE = several(typed("text", "link"), CELLS_LENGTH, 0)
IN_SECTION = ("button", "overflow", "static_select")
IN_INPUT = (
    "static_select",
    "checkboxes",
    "plain_text_input",
    "timepicker",
    "conversations_select",
)
CELL = typed("raw_text", "raw_number", "rich_text", "action_cell")
POINT = fields({"label": LABEL, "value": number})
AXES = fields({"categories": several(LABEL, 20), "x_label?": TITLE, "y_label?": TITLE})
SERIES = fields({"name": LABEL, "data": several(POINT, 20)})
CHART = {"series": several(SERIES, 6), "axis_config": AXES}

_TABLE: dict[str, Fields] = {
    "plain_text": {"text": text(3000), "emoji?": flag},
    "mrkdwn": {"text": text(3000), "verbatim?": flag},
    # elements
    "button": {
        "action_id?": ID,
        "text": plain(75),
        "url?": LONG,
        "value?": text(2000),
        "style?": STYLE,
        "confirm?": CONFIRM,
    },
    "overflow": {"action_id?": ID, "options": several(OPTION, 5)},
    "static_select": {
        **ENTRY,
        "options?": OPTIONS,
        "option_groups?": several(GROUP, 100),
        "initial_option?": OPTION,
    },
    "checkboxes": {
        "action_id?": ID,
        "options": several(OPTION, 10),
        "initial_options?": several(OPTION, 10),
    },
    "plain_text_input": {
        **ENTRY,
        "initial_value?": text(3000, 0),
        "multiline?": flag,
        "max_length?": whole(1, 3000),
    },
    "timepicker": {**ENTRY, "initial_time?": like(r"\d\d:\d\d")},
    "conversations_select": {**ENTRY, "initial_conversation?": ID, "filter?": _nothing},
    # cells of tables
    "raw_text": {"text": text(CELLS_LENGTH)},
    "raw_number": {"value": number, "text": text(100)},
    "rich_text": {"elements": several(typed("rich_text_section"), 10)},
    "rich_text_section": {"elements": LINE},
    "text": {"text": text(CELLS_LENGTH), "style?": MARKS},
    "link": {"url": LONG, "text": LONG, "style?": MARKS},
    "action_cell": {"element": typed("button"), "fallback": typed("raw_text")},
    # blocks
    "section": {
        "block_id?": ID,
        "text?": words(3000),
        "fields?": several(words(2000), 10),
        "accessory?": typed(*IN_SECTION),
        "expand?": flag,
    },
    "header": {"block_id?": ID, "text": plain(150)},
    "context": {"block_id?": ID, "elements": several(words(3000), 10)},
    "actions": {"block_id?": ID, "elements": several(typed(*IN_SECTION), 25)},
    "divider": {"block_id?": ID},
    "input": {
        "block_id?": ID,
        "label": plain(2000),
        "element": typed(*IN_INPUT),
        "optional?": flag,
        "dispatch_action?": flag,
    },
    "data_table": {
        "block_id?": ID,
        "caption": LONG,
        "rows": several(several(CELL, 20), 101, 2),
        "page_size?": whole(1, 100),
        "row_header_column_index?": whole(0, 19),
    },
    "data_visualization": {"block_id?": ID, "title": TITLE, "chart": typed("bar", "line", "area")},
    "bar": CHART,
    "line": CHART,
    "area": CHART,
    # surfaces
    "modal": {
        "title": plain(24),
        "submit?": plain(24),
        "close?": plain(24),
        "blocks": several(
            typed("section", "header", "context", "actions", "divider", "input"), 100, 0
        ),
        "callback_id?": ID,
        "private_metadata?": text(3000, 0),
    },
    "home": {
        "blocks": several(typed("section", "header", "context", "actions", "divider"), 100, 0),
        "callback_id?": ID,
        "private_metadata?": text(3000, 0),
    },
}
TYPES = {kind: fields({"type": _nothing, **rules}) for kind, rules in _TABLE.items()}
# What else a call may say about a message, next to its text and blocks.
OTHERS = [
    "channel",
    "delete_original",
    "link_names",
    "metadata",
    "mrkdwn",
    "parse",
    "replace_original",
    "reply_broadcast",
    "response_type",
    "thread_ts",
    "ts",
    "unfurl_links",
    "unfurl_media",
    "user",
]
MESSAGE = fields(
    {
        "text": text(4000),
        "blocks?": several(
            typed(
                *("section", "header", "context", "actions", "divider"),
                *("data_table", "data_visualization"),
            ),
            50,
            0,
        ),
        **{f"{name}?": _nothing for name in OTHERS},
    }
)


# What one field can't say on its own.


def _section(block: Any, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{at}: needs text or fields"


def _options(element: Any, at: str) -> Iterator[str]:
    groups = element.get("option_groups", [])
    if ("options" in element) == bool(groups):
        yield f"{at}: needs either options or option_groups"
    offered = [*element.get("options", []), *(one for each in groups for one in each["options"])]
    first = element.get("initial_options", [])
    first = [*first, *([element["initial_option"]] if "initial_option" in element else [])]
    if any(each not in offered for each in first):
        yield f"{at}: an initial option is not among the options"


def _table(block: Any, at: str) -> Iterator[str]:
    head, *rows = block["rows"]
    if any(cell["type"] != "raw_text" for cell in head):
        yield f"{at}: a header cell must be raw_text"
    if any(len(row) != len(head) for row in rows):
        yield f"{at}: a row has more or fewer cells than the header"
    if (index := block.get("row_header_column_index", 0)) >= len(head):
        yield f"{at}: there is no column {index}"


def _chart(chart: Any, at: str) -> Iterator[str]:
    names = [each["name"] for each in chart["series"]]
    categories = sorted(chart["axis_config"]["categories"])
    if len(set(names)) != len(names):
        yield f"{at}: two series have the same name"
    if len(set(categories)) != len(categories):
        yield f"{at}: a category is there twice"
    for each in chart["series"]:
        if sorted(point["label"] for point in each["data"]) != categories:
            yield f"{at}: {each['name']} needs one point for each category"


def _modal(view: Any, at: str) -> Iterator[str]:
    if "submit" not in view and any(each["type"] == "input" for each in view["blocks"]):
        yield f"{at}/submit: is required with an input block"


CHECKS: dict[str, Rule] = {
    "section": _section,
    "static_select": _options,
    "checkboxes": _options,
    "data_table": _table,
    "bar": _chart,
    "line": _chart,
    "area": _chart,
    "modal": _modal,
}


def problems(message_or_view: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in a message or a view, each with its place; empty if nothing."""
    kind = message_or_view.get("type")
    rule = typed(kind) if kind in ("modal", "home") else MESSAGE
    return list(rule(message_or_view, "")) or list(_together(message_or_view.get("blocks") or []))


def _together(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """What counts over the whole message: charts, ids, characters."""
    charts = sum(block["type"] == "data_visualization" for block in blocks)
    if charts > MOST_CHARTS:
        yield f"/blocks: may have {MOST_CHARTS} data_visualization, has {charts}"
    elements = [element for block in blocks for element in elements_of(block)]
    ids = Counter(_ids("block_id", blocks)) + Counter(_ids("action_id", elements))
    for name, times in ids.items():
        if times > 1:
            yield f"/blocks: {name} is there {times} times"
    cells = sum(_characters(each.get("rows"), {"text"}) for each in blocks)
    if cells > CELLS_LENGTH:
        yield f"/blocks: cells may have {CELLS_LENGTH} characters, have {cells}"
    total = _characters(blocks, ALL_TEXT)
    if total > ALL_TEXT_LENGTH:
        yield f"/blocks: may have {ALL_TEXT_LENGTH} characters of text, has {total}"


def _ids(name: str, things: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (f"{name} {each[name]!r}" for each in things if name in each)


def _characters(value: object, names: Set[str]) -> int:
    """How long all strings under one of `names` are, however deep."""
    if isinstance(value, list):
        return sum(_characters(each, names) for each in value)
    if not isinstance(value, dict):
        return 0
    return sum(
        len(each) * (name in names) if isinstance(each, str) else _characters(each, names)
        for name, each in value.items()
    )


def elements_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The interactive elements of a block, including those in the cells of a table."""
    yield from (block[name] for name in ("accessory", "element") if name in block)
    if block["type"] == "actions":
        yield from block["elements"]
    yield from (cell["element"] for cell in cells_of(block) if cell["type"] == "action_cell")


def cells_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a table."""
    for row in block.get("rows", ()):
        yield from row
