"""Buttons, menus and fields of a form, as elements of Block Kit. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.rendering import document as d
from bot.rendering.texts import Node, plain_text


def control(element: object) -> Node:
    """A button, a menu or a field, as Slack takes it."""
    return _CONTROLS[type(element)](element)


def _button(button: d.Button) -> Node:
    made: Node = {
        "type": "button",
        "text": plain_text(d.plain(button.text)),
        "action_id": button.action,
        "value": button.value,
    }
    if button.href:
        made["url"] = button.href
    if button.style:
        made["style"] = button.style
    for confirm in button.items:
        made["confirm"] = {
            "title": plain_text(confirm.title),
            "text": plain_text(d.plain(confirm.text)),
            "confirm": plain_text(confirm.yes),
            "deny": plain_text(confirm.no),
        }
    return made


def _overflow(menu: d.Overflow) -> Node:
    return {"type": "overflow", "action_id": menu.action, "options": _options(menu.items)}


def _select(menu: d.Select) -> Node:
    made = _acting("static_select", menu.action, menu.placeholder)
    groups = [item for item in menu.items if isinstance(item, d.OptionGroup)]
    options = [item for item in menu.items if isinstance(item, d.Option)]
    if groups:
        made["option_groups"] = [
            {"label": plain_text(group.label), "options": _options(group.items)} for group in groups
        ]
        options = [option for group in groups for option in group.items]
    else:
        made["options"] = _options(options)
    for chosen in _options(option for option in options if option.selected):
        made["initial_option"] = chosen
    return made


def _checkboxes(boxes: d.Checkboxes) -> Node:
    made = _acting("checkboxes", boxes.action)
    made["options"] = _options(boxes.items)
    if chosen := _options(option for option in boxes.items if option.selected):
        made["initial_options"] = chosen
    return made


def _options(options: Iterable[d.Option]) -> list[Node]:
    return [{"text": plain_text(d.plain(each.text)), "value": each.value} for each in options]


def _entry(entry: d.Entry) -> Node:
    kind, initial = _ENTRIES[entry.type]
    made = {**_acting(kind, entry.action, entry.placeholder), **_ENTRY_FIELDS.get(entry.type, {})}
    most = min(entry.most, _LONGEST) or _LONGEST
    if entry.most:
        made["max_length"] = most
    if entry.value:
        made[initial] = entry.value.split() if entry.type == "people" else entry.value[:most]
    return made


def _acting(kind: str, action: str, placeholder: str = "") -> Node:
    made: Node = {"type": kind}
    if action:
        made["action_id"] = action
    if placeholder:
        made["placeholder"] = plain_text(placeholder)
    return made


_LONGEST = 3_000  # characters of a text that somebody types
_ENTRIES = {
    "text": ("plain_text_input", "initial_value"),
    "lines": ("plain_text_input", "initial_value"),
    "date": ("datepicker", "initial_date"),
    "time": ("timepicker", "initial_time"),
    "people": ("multi_users_select", "initial_users"),
    "channel": ("conversations_select", "initial_conversation"),
}
# A channel is one that people of other companies do not read.
_ENTRY_FIELDS: dict[str, Node] = {
    "lines": {"multiline": True},
    "channel": {
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        }
    },
}
_CONTROLS: dict[type, Callable[[Any], Node]] = {
    d.Button: _button,
    d.Overflow: _overflow,
    d.Select: _select,
    d.Checkboxes: _checkboxes,
    d.Entry: _entry,
}
