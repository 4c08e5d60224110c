"""What a message says, without its sentences: figures, names, columns, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Button(StrEnum):
    """The labels that people rely on. The rest of a label may differ: "Next 25", "Nudge Jane"."""

    REFRESH = "Refresh"
    SHARE = "Share in channel"
    POST = "Post it"
    REMOVE = "Remove"
    EXPORT = "Export CSV"
    WEEKLY = "Post this every week"
    DETAILS = "See details"
    NUDGE = "Nudge"
    START = "Start one"
    NEXT = "Next"
    PAUSE = "Pause"
    RESUME = "Resume"
    EDIT = "Edit"
    PREVIEW = "Preview"
    SEND_NOW = "Send now"


def fits(said: str, wanted: str) -> bool:
    return said == wanted or said.startswith((f"{wanted} ", f"{wanted}…"))


def elements(view: Any) -> list[Json]:
    """The buttons of a message or view, including those in table rows."""
    parts: list[Json] = []
    for block in view.blocks:
        parts += [*block.get("elements", ()), block.get("accessory", {})]
        cells = [cell for row in block.get("rows", ()) for cell in row]
        parts += [cell["element"] for cell in cells if cell["type"] == "action_cell"]
    return parts


def buttons(view: Any) -> list[Json]:
    """Everything that can be pressed, including the options of menus, as a payload names it."""
    pressable = [element for element in elements(view) if element.get("type") == "button"]
    for menu in elements(view):
        if menu.get("type") == "overflow":
            pressable += [
                {
                    "type": "overflow",
                    "action_id": menu["action_id"],
                    "selected_option": option,
                    "text": option["text"],
                }
                for option in menu["options"]
            ]
    return pressable


def labels(view: Any) -> list[str]:
    return [button["text"]["text"] for button in buttons(view)]


def offers(view: Any, label: str) -> bool:
    return any(fits(offered, label) for offered in labels(view))


def find_button(view: Any, label: str) -> Json:
    matches = [button for button in buttons(view) if button["text"]["text"] == label]
    matches += [button for button in buttons(view) if fits(button["text"]["text"], label)]
    assert matches, f"no {label!r} among {labels(view)}"
    return matches[0]


def value_of(view: Any, label: str) -> str:
    """The value that the bot gets when it is pressed."""
    pressed = find_button(view, label)
    chosen = pressed.get("selected_option", {"value": ""})["value"]
    return str(pressed.get("value") or chosen.partition(":")[2])


def select_of(view: Any, option: str) -> str:
    """The action id of the select menu that has this option."""
    for menu in elements(view):
        if any(choice["text"]["text"] == option for choice in menu.get("options", ())):
            return str(menu["action_id"])
    raise AssertionError(f"no menu with {option!r}")


def everything(view: Any) -> str:
    """All its text, to look for names in."""
    return "\n".join([getattr(view, "text", ""), *_strings(view.blocks)])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def first_line(view: Any) -> str:
    return str(next(block["text"]["text"] for block in view.blocks if "text" in block))


def fields(view: Any) -> dict[str, str]:
    """The figures under each label."""
    texts = [field["text"] for block in view.blocks for field in block.get("fields", ())]
    return {label.strip("*"): rest for label, _, rest in (text.partition("\n") for text in texts)}


def numbers(text: str) -> list[float]:
    """The figures in a text, in order, with thousands separators."""
    figures = re.findall(r"(?<![\w.])[+−-]?\d[\d,]*(?:\.\d+)?", text.replace("−", "-"))
    return [float(figure.replace(",", "")) for figure in figures]


def columns(message: Any) -> list[str]:
    """The header of its table; [] without one."""
    for block in message.blocks:
        if block["type"] == "data_table":
            last = block["rows"][-1]
            kept = [at for at, cell in enumerate(last) if cell["type"] != "action_cell"]
            return [block["rows"][0][at]["text"] for at in kept]
    return []


def table(message: Any) -> list[dict[str, str]]:
    """The rows of its table by column; [] without one."""
    head = columns(message)
    for block in message.blocks:
        if block["type"] == "data_table":
            cells = [
                [cell["text"] for cell in row if cell["type"] != "action_cell"]
                for row in block["rows"][1:]
            ]
            return [dict(zip(head, row, strict=True)) for row in cells]
    return []


def column(message: Any, name: str) -> list[str]:
    return [row[name] for row in table(message)]


def chart_labels(message: Any) -> list[list[str]]:
    """The labels of the points of each chart."""
    charts = [block["chart"] for block in message.blocks if block["type"] == "data_visualization"]
    return [[point["label"] for point in chart["series"][0]["data"]] for chart in charts]


def names_in(view: Any, people: Any) -> set[str]:
    """The names of these people that appear in it."""
    said = everything(view)
    return {person.name for person in people if person.name in said}
