"""Slack's rules for messages and views, implemented independently of the bot.

If Slack's documentation gives two limits, the smaller one applies. Anything that isn't in
block_rules.yaml is an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

MAX_CELL_CHARACTERS = 10_000  # in all tables of a message
MAX_CHARACTERS = 12_000  # in all TEXT_FIELDS of a message
MAX_CHARTS = 2
TEXT_FIELDS = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})
TABLES = yaml.safe_load(Path(__file__).with_name("block_rules.yaml").read_text("utf-8"))

# A rule yields the errors of a value; each starts with the value's path.
Rule = Callable[[Any, str], Iterator[str]]


def rule(spec: str) -> Rule:
    """Parse a rule of block_rules.yaml."""
    head, _, rest = spec.partition(" ")
    if rest.startswith("of "):
        least, _, most = head.rpartition("..")
        return list_of(rule(rest[3:]), int(most), int(least or 1))
    if head in TABLES["parts"]:
        return object_with(TABLES["parts"][head])
    choices = TABLES["one_of"].get(rest or head, rest or head).split("|")
    numbers = [int(number) for number in rest.split() if number.isdecimal()]
    tests: dict[str, Callable[[Any], bool]] = {
        "integer": lambda value: type(value) is int and numbers[0] <= value <= numbers[1],
        "number": lambda value: type(value) in (int, float) and abs(value) < float("inf"),
        "boolean": lambda value: isinstance(value, bool),
        "style": lambda value: value in choices,
        "any": lambda _: True,
    }
    match head:
        case "string":
            return string(*numbers)
        case "any_text":
            return text_object(numbers[0], "plain_text", "mrkdwn")
        case "plain_text":
            return text_object(numbers[0], "plain_text")
        case "a":
            return one_of_types(*choices)
    return passes(tests[head], f"must be {spec}")


def passes(test: Callable[[Any], bool], error: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not test(value):
            yield f"{at}: {error}"

    return check


def string(most: int, least: int = 1) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or len(value) < least:
            yield f"{at}: must be a string of at least {least} characters"
        elif len(value) > most:
            yield f"{at}: has {len(value)} characters (maximum {most})"

    return check


def list_of(item: Rule, most: int, least: int) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield f"{at}: must be a list of {least} to {most} items"
            return
        for place, element in enumerate(value):
            yield from item(element, f"{at}/{place}")

    return check


def object_with(specs: Mapping[str, str]) -> Rule:
    """An object with these fields only; optional ones must not be null."""
    rules = {name: rule(spec.removeprefix("optional ")) for name, spec in specs.items()}
    required = [name for name, spec in specs.items() if not spec.startswith("optional ")]

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
            return
        yield from (f"{at}/{name}: is missing" for name in required if name not in value)
        for name, inner in value.items():
            if name in rules:
                yield from rules[name](inner, f"{at}/{name}")
            elif name != "type":
                yield f"{at}: unknown field {name}"

    return check


def one_of_types(*kinds: str) -> Rule:
    """An object of one of these types."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            yield f"{at}: {kind} isn't allowed here"
            return
        errors = list(TYPES[kind](value, at))
        if not errors and kind in CHECKS:
            errors = [f"{at}: {problem}" for problem in CHECKS[kind](value)]
        yield from errors

    return check


def text_object(most: int, *kinds: str) -> Rule:
    """A text object with up to `most` characters."""
    is_text, is_short = one_of_types(*kinds), string(most)

    def check(value: Any, at: str) -> Iterator[str]:
        errors = list(is_text(value, at))
        yield from errors or is_short(value["text"], at)

    return check


TYPES = {kind: object_with(specs) for kind, specs in TABLES["types"].items()}
MESSAGE = object_with(TABLES["message"])


# Rules that involve several fields.


def _section(block: Any) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "must have text or fields"


def _select(element: Any) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield "must have either options or option_groups"
    if element.get("initial_option") not in (None, *options_of(element)):
        yield "the initial option isn't one of the options"


def _table(block: Any) -> Iterator[str]:
    head, *rows = block["rows"]
    if any(cell["type"] != "raw_text" for cell in head):
        yield "a header cell must be raw_text"
    if any(len(row) != len(head) for row in rows):
        yield "a row has more or fewer cells than the header"
    if (index := block.get("row_header_column_index", 0)) >= len(head):
        yield f"there is no column {index}"


def _chart(chart: Any) -> Iterator[str]:
    names = [series["name"] for series in chart["series"]]
    categories = sorted(chart["axis_config"]["categories"])
    if len(set(names)) != len(names):
        yield "two series have the same name"
    if len(set(categories)) != len(categories):
        yield "a category is duplicated"
    for series in chart["series"]:
        if sorted(point["label"] for point in series["data"]) != categories:
            yield f"{series['name']} must have one point for each category"


def _modal(view: Any) -> Iterator[str]:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
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
    """The errors of a message or view, each with its path."""
    kind = message_or_view.get("type")
    check = one_of_types(kind) if kind in ("modal", "home") else MESSAGE
    blocks = message_or_view.get("blocks") or []
    return list(check(message_or_view, "")) or list(_totals(blocks))


def _totals(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """The errors of all blocks together: number of charts, duplicate ids, total characters."""
    charts = sum(block["type"] == "data_visualization" for block in blocks)
    if charts > MAX_CHARTS:
        yield f"/blocks: has {charts} data_visualization blocks (maximum {MAX_CHARTS})"
    elements = [element for block in blocks for element in elements_of(block)]
    for name, things in (("block_id", blocks), ("action_id", elements)):
        for id_, times in Counter(thing[name] for thing in things if name in thing).items():
            if times > 1:
                yield f"/blocks: duplicate {name} {id_!r}"
    cells = sum(_characters(block.get("rows")) for block in blocks)
    if cells > MAX_CELL_CHARACTERS:
        yield f"/blocks: cells have {cells} characters (maximum {MAX_CELL_CHARACTERS})"
    total = _characters(blocks)
    if total > MAX_CHARACTERS:
        yield f"/blocks: has {total} characters of text (maximum {MAX_CHARACTERS})"


def _characters(value: object) -> int:
    """The number of characters in all nested text fields."""
    if isinstance(value, list):
        return sum(map(_characters, value))
    if not isinstance(value, dict):
        return 0
    return sum(
        len(inner) * (name in TEXT_FIELDS) if isinstance(inner, str) else _characters(inner)
        for name, inner in value.items()
    )


def elements_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The interactive elements of a block, including those in table cells."""
    yield from (block[name] for name in ("accessory", "element") if name in block)
    if block["type"] == "actions":
        yield from block["elements"]
    yield from (cell["element"] for cell in cells_of(block) if cell["type"] == "action_cell")


def cells_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a table."""
    for row in block.get("rows", ()):
        yield from row


def options_of(menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The options of a menu, grouped or not."""
    groups = [menu, *menu.get("option_groups", ())]
    return [option for group in groups for option in group.get("options", ())]
