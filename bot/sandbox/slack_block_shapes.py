"""Small rules for pieces of Block Kit, to be put together into rules for whole blocks.

A rule looks at one value at one place and appends to `found` what is wrong with it.
Places read like JSON pointers: `/blocks/2/text/text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[list[str], str, object], None]

ID_LENGTH = 255


def string(most: int, least: int = 1) -> Rule:
    """A string of `least` to `most` characters."""

    def rule(found: list[str], place: str, value: object) -> None:
        if not isinstance(value, str):
            found.append(f"{place}: must be a string")
        elif len(value) < least:
            found.append(f"{place}: needs at least {least} characters, has {len(value)}")
        elif len(value) > most:
            found.append(f"{place}: may have {most} characters, has {len(value)}")

    return rule


def boolean(found: list[str], place: str, value: object) -> None:
    """True or false, not 1 or "true"."""
    if not isinstance(value, bool):
        found.append(f"{place}: must be true or false")


def anything(found: list[str], place: str, value: object) -> None:
    """A field whose value is not looked at."""


def number(found: list[str], place: str, value: object) -> None:
    """An integer or a float; JSON has no NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        found.append(f"{place}: must be a number")


def integer(least: int, most: int) -> Rule:
    """A whole number from `least` to `most`."""

    def rule(found: list[str], place: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            found.append(f"{place}: must be a whole number from {least} to {most}")

    return rule


def one_of(*allowed: str) -> Rule:
    """One of some fixed words."""

    def rule(found: list[str], place: str, value: object) -> None:
        if value not in allowed:
            found.append(f"{place}: must be one of {', '.join(allowed)}")

    return rule


def many(item: Rule, least: int, most: int) -> Rule:
    """A list of `least` to `most` items."""

    def rule(found: list[str], place: str, value: object) -> None:
        if not isinstance(value, list):
            found.append(f"{place}: must be a list")
            return
        if not least <= len(value) <= most:
            found.append(f"{place}: must have {least} to {most} items, has {len(value)}")
        for index, each in enumerate(value):
            item(found, f"{place}/{index}", each)

    return rule


def shape(fields: Mapping[str, Rule], *required: str, also: Rule | None = None) -> Rule:
    """An object with these fields and no others; `also` looks at the fields together."""

    def rule(found: list[str], place: str, value: object) -> None:
        if not isinstance(value, dict):
            found.append(f"{place}: must be an object")
            return
        found.extend(f"{place}/{name}: is required" for name in required if name not in value)
        for name, each in value.items():
            if name == "type":
                continue
            if name not in fields:
                found.append(f"{place}/{name}: unknown field")
            else:
                fields[name](found, f"{place}/{name}", each)
        if also is not None:
            also(found, place, value)

    return rule


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule holds for it."""

    def rule(found: list[str], place: str, value: object) -> None:
        if not isinstance(value, dict):
            found.append(f"{place}: must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            found.append(f"{place}/type: {kind!r} is not one of {', '.join(kinds)}")
        else:
            kinds[kind](found, place, value)

    return rule


def plain(most: int) -> Rule:
    """A plain_text object."""
    return by_type({"plain_text": shape({"text": string(most), "emoji": boolean}, "text")})


def words(most: int) -> Rule:
    """A plain_text or mrkdwn object."""
    return by_type(
        {
            "plain_text": shape({"text": string(most), "emoji": boolean}, "text"),
            "mrkdwn": shape({"text": string(most), "verbatim": boolean}, "text"),
        }
    )


identifier = string(ID_LENGTH)


def elements_of(block: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The interactive elements of a block, each with its place inside it."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"/{name}", block[name]
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        for index, element in enumerate(block["elements"]):
            if isinstance(element, dict):
                yield f"/elements/{index}", element
    for place, cell in cells_of(block):
        if cell.get("type") == "action_cell" and isinstance(cell.get("element"), dict):
            yield f"{place}/element", cell["element"]


def cells_of(block: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The cells of a table, each with its place inside the block."""
    rows = block.get("rows")
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        for index, cell in enumerate(row if isinstance(row, list) else ()):
            if isinstance(cell, dict):
                yield f"/rows/{at}/{index}", cell
