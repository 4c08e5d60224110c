"""Slack's rules for messages and views, read strictly and on their own.

If Slack's documents give two limits, the smaller one holds. What isn't in block_rules.yaml is
refused. This module knows nothing of the bot, so that it can find the bot's mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

CELLS_LENGTH = 10_000
ALL_TEXT_LENGTH = 12_000
MOST_CHARTS = 2
ALL_TEXT = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})
TABLES = yaml.safe_load(Path(__file__).with_name("block_rules.yaml").read_text("utf-8"))

# A rule yields what is wrong with a value, after its place.
Rule = Callable[[Any, str], Iterator[str]]


def rule(spec: str) -> Rule:
    """The rule that a line of the tables says."""
    head, _, rest = spec.partition(" ")
    if rest.startswith("of "):
        least, _, most = head.rpartition("..")
        return several(rule(rest[3:]), int(most), int(least or 1))
    if head in TABLES["parts"]:
        return fields(TABLES["parts"][head])
    choices = TABLES["one_of"].get(rest or head, rest or head).split("|")
    numbers = [int(each) for each in rest.split() if each.isdecimal()]
    is_right: dict[str, Callable[[Any], bool]] = {
        "whole": lambda value: type(value) is int and numbers[0] <= value <= numbers[1],
        "number": lambda value: type(value) in (int, float) and abs(value) < float("inf"),
        "flag": lambda value: isinstance(value, bool),
        "style": lambda value: value in choices,
        "any": lambda _: True,
    }
    match head:
        case "text":
            return text(*numbers)
        case "words":
            return words(numbers[0], "plain_text", "mrkdwn")
        case "plain":
            return words(numbers[0], "plain_text")
        case "a":
            return typed(*choices)
    return simply(is_right[head], f"must be {spec}")


def simply(is_right: Callable[[Any], bool], wrong: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not is_right(value):
            yield f"{at}: {wrong}"

    return check


def text(most: int, least: int = 1) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or len(value) < least:
            yield f"{at}: needs {least} characters"
        elif len(value) > most:
            yield f"{at}: may have {most} characters, has {len(value)}"

    return check


def several(each_is: Rule, most: int, least: int) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield f"{at}: must be a list of {least} to {most}"
            return
        for place, each in enumerate(value):
            yield from each_is(each, f"{at}/{place}")

    return check


def fields(specs: Mapping[str, str]) -> Rule:
    """An object with these fields and no others; one that may be left out must not be null."""
    rules = {name: rule(spec.removeprefix("maybe ")) for name, spec in specs.items()}
    needed = [name for name, spec in specs.items() if not spec.startswith("maybe ")]

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
            return
        yield from (f"{at}/{name}: is missing" for name in needed if name not in value)
        for name, each in value.items():
            if name in rules:
                yield from rules[name](each, f"{at}/{name}")
            elif name != "type":
                yield f"{at}: unknown field {name}"

    return check


def typed(*kinds: str) -> Rule:
    """An object of one of these types."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            yield f"{at}: {kind} can't be here"
            return
        wrong = list(TYPES[kind](value, at))
        if not wrong and kind in CHECKS:
            wrong = [f"{at}: {each}" for each in CHECKS[kind](value)]
        yield from wrong

    return check


def words(most: int, *kinds: str) -> Rule:
    """A text object."""
    is_text, is_short = typed(*kinds), text(most)

    def check(value: Any, at: str) -> Iterator[str]:
        wrong = list(is_text(value, at))
        yield from wrong or is_short(value["text"], at)

    return check


TYPES = {kind: fields(specs) for kind, specs in TABLES["types"].items()}
MESSAGE = fields(TABLES["message"])


# What one field can't say on its own.


def _section(block: Any) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "needs text or fields"


def _select(element: Any) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield "needs either options or option_groups"
    if element.get("initial_option") not in (None, *options_of(element)):
        yield "the initial option is not among the options"


def _table(block: Any) -> Iterator[str]:
    head, *rows = block["rows"]
    if any(cell["type"] != "raw_text" for cell in head):
        yield "a header cell must be raw_text"
    if any(len(row) != len(head) for row in rows):
        yield "a row has more or fewer cells than the header"
    if (index := block.get("row_header_column_index", 0)) >= len(head):
        yield f"there is no column {index}"


def _chart(chart: Any) -> Iterator[str]:
    names = [each["name"] for each in chart["series"]]
    categories = sorted(chart["axis_config"]["categories"])
    if len(set(names)) != len(names):
        yield "two series have the same name"
    if len(set(categories)) != len(categories):
        yield "a category is there twice"
    for each in chart["series"]:
        if sorted(point["label"] for point in each["data"]) != categories:
            yield f"{each['name']} needs one point for each category"


def _modal(view: Any) -> Iterator[str]:
    if "submit" not in view and any(each["type"] == "input" for each in view["blocks"]):
        yield "submit is required with an input block"


CHECKS: dict[str, Callable[[Any], Iterator[str]]] = {
    "section": _section,
    "static_select": _select,
    "data_table": _table,
    "bar": _chart,
    "line": _chart,
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
    for name, things in (("block_id", blocks), ("action_id", elements)):
        for id_, times in Counter(each[name] for each in things if name in each).items():
            if times > 1:
                yield f"/blocks: {name} {id_!r} is there {times} times"
    cells = sum(_characters(each.get("rows")) for each in blocks)
    if cells > CELLS_LENGTH:
        yield f"/blocks: cells may have {CELLS_LENGTH} characters, have {cells}"
    total = _characters(blocks)
    if total > ALL_TEXT_LENGTH:
        yield f"/blocks: may have {ALL_TEXT_LENGTH} characters of text, has {total}"


def _characters(value: object) -> int:
    """How long all texts are, however deep."""
    if isinstance(value, list):
        return sum(map(_characters, value))
    if not isinstance(value, dict):
        return 0
    return sum(
        len(each) * (name in ALL_TEXT) if isinstance(each, str) else _characters(each)
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


def options_of(menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The options of a menu, whether they are in groups or not."""
    groups = [menu, *menu.get("option_groups", ())]
    return [option for group in groups for option in group.get("options", ())]
