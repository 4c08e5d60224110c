"""Slack's rules for messages and views, read strictly and on their own.

If Slack's documents give two limits, the smaller one holds. What isn't in block_rules.yaml is
refused. This module knows nothing of the bot, so that it can find the bot's mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
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
    match head:
        case "text":
            return text(*numbers)
        case "words":
            return words(numbers[0], "plain_text", "mrkdwn")
        case "plain":
            return words(numbers[0], "plain_text")
        case "whole":
            return lambda value, at: _unless(
                type(value) is int and numbers[0] <= value <= numbers[1], at, f"must be {spec}"
            )
        case "number":
            return lambda value, at: _unless(
                type(value) in (int, float) and abs(value) < float("inf"), at, "must be a number"
            )
        case "flag":
            return lambda value, at: _unless(isinstance(value, bool), at, "must be true or false")
        case "style":
            return lambda value, at: _unless(value in choices, at, f"must be among {choices}")
        case "a":
            return typed(*choices)
    return _nothing


def _unless(is_right: bool, at: str, wrong: str) -> Iterator[str]:
    if not is_right:
        yield f"{at}: {wrong}"


def _nothing(_value: Any, _at: str) -> Iterator[str]:
    yield from ()


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
        for name in needed:
            yield from _unless(name in value, f"{at}/{name}", "is missing")
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
        yield from wrong or CHECKS.get(kind, _nothing)(value, at)

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
