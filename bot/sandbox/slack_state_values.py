"""What a person entered, in the form in which Slack reports it to the bot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack_block_shapes import elements_of
from bot.sandbox.slack_records import Json

_SINGLE = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
}
_ONE_OPTION = ("static_select", "radio_buttons", "external_select", "overflow")
_MANY_OPTIONS = ("multi_static_select", "checkboxes")


def options_of(element: Json) -> list[Json]:
    """All options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(each for group in groups for each in group["options"])]


def option_called(element: Json, name: str) -> Json:
    """The option with this value, or this text; ValueError when there is none."""
    options = options_of(element)
    for each in options:
        if each["value"] == name:
            return each
    for each in options:
        if each["text"]["text"] == name:
            return each
    offered = ", ".join(each["value"] for each in options)
    raise ValueError(f"{name!r} is not offered by {element.get('action_id')}: {offered}")


def entered(element: Json, value: Any) -> Json:
    """The part of a payload that says what was chosen or typed in one element."""
    kind = element["type"]
    if kind in _SINGLE:
        return {_SINGLE[kind][0]: value if value != "" else None}
    if kind in _ONE_OPTION:
        return {"selected_option": option_called(element, value) if value else None}
    if kind in _MANY_OPTIONS:
        return {"selected_options": [option_called(element, each) for each in value or []]}
    if kind == "multi_users_select":
        return {"selected_users": list(value or [])}
    raise ValueError(f"{kind} holds no value")


def initial(element: Json) -> Any:
    """The value that an element has before anybody touches it."""
    kind = element["type"]
    if kind in _SINGLE:
        return element.get(_SINGLE[kind][1])
    if kind in _ONE_OPTION:
        option = element.get("initial_option")
        return option["value"] if option else None
    if kind in _MANY_OPTIONS:
        return [each["value"] for each in element.get("initial_options", [])]
    return list(element.get("initial_users", []))


def _inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for _place, element in elements_of(block):
            if element["type"] not in ("button", "overflow", "image"):
                yield block, element


def state_values(blocks: list[Json], values: Mapping[str, Any]) -> Json:
    """`view.state.values`: block_id → action_id → what stands there.

    `values` is keyed by block_id or action_id; what is not named keeps its initial value.
    """
    state: Json = {}
    names: set[str] = set()
    for block, element in _inputs(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        names |= {block_id, action_id}
        value = values.get(block_id, values.get(action_id, initial(element)))
        state.setdefault(block_id, {})[action_id] = {
            "type": element["type"],
            **entered(element, value),
        }
    if unknown := set(values) - names:
        raise ValueError(f"no input is called {', '.join(sorted(unknown))}")
    return state


def client_errors(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own client refuses before it asks the bot."""
    errors = {}
    for block, element in _inputs(blocks):
        if block["type"] != "input":
            continue
        held = state[block["block_id"]][element["action_id"]]
        value = next((each for name, each in held.items() if name != "type"), None)
        if not value:
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and len(value) < element.get("min_length", 0):
            errors[block["block_id"]] = f"Use at least {element['min_length']} characters."
        elif isinstance(value, str) and len(value) > element.get("max_length", 3000):
            errors[block["block_id"]] = f"Use at most {element.get('max_length', 3000)} characters."
    return errors
