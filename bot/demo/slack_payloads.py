"""The payloads that Slack sends to an app, and the objects in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from bot.demo.block_rules import elements_of, options_of
from bot.demo.slack_workspace import Envelope, Json, SlackChannel, SlackMessage, View, Workspace

# element type: the field with its value in a payload, and with its initial value in a view
_VALUES = {
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "timepicker": ("selected_time", "initial_time"),
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
}


def find_option(element: Json, name: str) -> Json:
    """The option with this value or text. Raises ValueError."""
    options: list[Json] = options_of(element)
    for option in options:
        if name in (option["value"], option["text"]["text"]):
            return option
    offered = [option["text"]["text"] for option in options]
    raise ValueError(f"{element.get('action_id')} has no option {name!r}: {offered}")


def value_field(element: Json, value: Any) -> Json:
    """The field of a payload with the value that a user chose or typed in an element."""
    name, _ = _VALUES[element["type"]]
    if value and name == "selected_option":
        value = find_option(element, value)
    return {name: value or None}


def initial_value(element: Json) -> Any:
    """An element's initial value."""
    value = element.get(_VALUES[element["type"]][1])
    return value["value"] if isinstance(value, dict) else value


def _inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in ("button", "overflow"):
                yield block, element


def state_values(blocks: list[Json], values: Mapping[str, Any]) -> Json:
    """`view.state.values`, keyed by block_id and action_id.

    `values` is keyed by block_id or action_id; other inputs have their initial value. Raises
    ValueError for an unknown key.
    """
    state: Json = {}
    names: set[str] = set()
    for block, element in _inputs(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        names |= {block_id, action_id}
        value = values.get(block_id, values.get(action_id, initial_value(element)))
        state.setdefault(block_id, {})[action_id] = {
            "type": element["type"],
            **value_field(element, value),
        }
    if unknown := set(values) - names:
        raise ValueError(f"no input has the id {', '.join(sorted(unknown))}")
    return state


def client_errors(blocks: list[Json], state: Json) -> dict[str, str]:
    """The errors that Slack's client shows without asking the bot, keyed by block_id."""
    errors = {}
    for block, element in _inputs(blocks):
        held = state[block["block_id"]][element["action_id"]]
        value = next((held_value for name, held_value in held.items() if name != "type"), None)
        if not (value or block.get("optional")):
            errors[block["block_id"]] = "Please complete this required field."
    return errors


# Messages and views.


def message_json(
    slack: Workspace, message: SlackMessage, *, include_all_metadata: bool = False
) -> Json:
    """A message object; its metadata has a payload only with `include_all_metadata`."""
    shape: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
    }
    if message.user == slack.team.bot_user_id:
        shape |= {"bot_id": slack.team.bot_id, "app_id": slack.team.app_id}
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.thread_ts:
        shape["thread_ts"] = message.thread_ts
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.ts}
    if "metadata" in message.extra:
        metadata = message.extra["metadata"]
        event_type = {"event_type": metadata["event_type"]}
        shape["metadata"] = metadata if include_all_metadata else event_type
    return shape


def view_json(slack: Workspace, view: View, values: Mapping[str, Any] | None = None) -> Json:
    """A view object with the state of its inputs."""
    defaults = {"private_metadata": "", "callback_id": "", "title": None, "submit": None}
    state = {"values": state_values(view.blocks, values or {})}
    return {**defaults, **view.view, "id": view.id, "team_id": slack.team.id, "state": state}


# Payloads.


def command(
    slack: Workspace, user_id: str, channel: SlackChannel, name: str, text: str
) -> Envelope:
    """The payload of a slash command."""
    payload = {
        "team_id": slack.team.id,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": user_id,
        "command": name,
        "text": text,
        "api_app_id": slack.team.app_id,
        "is_enterprise_install": "false",
        "response_url": slack.new_response_url(user_id, channel.id),
        "trigger_id": slack.new_trigger(user_id),
    }
    return Envelope("slash_commands", payload, user_id, channel.id)


def _channel_name(channel: SlackChannel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def action_item(slack: Workspace, blocks: list[Json], action_id: str, value: Any) -> Json:
    """An item of `actions` for a click on an element. Raises KeyError."""
    places = ((block, part) for block in blocks for part in elements_of(block))
    place = next((pair for pair in places if pair[1].get("action_id") == action_id), None)
    if place is None:
        raise KeyError(action_id)
    block, element = place
    item: Json = {
        "type": element["type"],
        "action_id": action_id,
        "block_id": block["block_id"],
        "action_ts": slack.next_ts(),
    }
    if element["type"] == "button":
        return item | {"text": element["text"], "value": element["value"]}
    return item | value_field(element, value)


def _common(slack: Workspace, kind: str, user_id: str) -> Json:
    return {
        "type": kind,
        "user": {"id": user_id, "team_id": slack.team.id},
        "api_app_id": slack.team.app_id,
        "team": {"id": slack.team.id, "domain": slack.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": slack.new_trigger(user_id),
    }


def message_action(slack: Workspace, user_id: str, message: SlackMessage, item: Json) -> Envelope:
    """The block_actions payload for a message; that of an ephemeral one has no `message`."""
    channel = slack.team.channels[message.channel]
    ephemeral = message.visible_to is not None
    payload = _common(slack, "block_actions", user_id) | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        },
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "response_url": slack.new_response_url(user_id, channel.id, message),
        "actions": [item],
    }
    if not ephemeral:
        payload["message"] = message_json(slack, message)
    return Envelope("interactive", payload, user_id, channel.id)


def view_action(
    slack: Workspace, user_id: str, view: View, item: Json, values: Mapping[str, Any]
) -> Envelope:
    """The block_actions payload for a modal or Home tab, without a response_url."""
    payload = _common(slack, "block_actions", user_id) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(slack, view, values),
        "actions": [item],
    }
    return Envelope("interactive", payload, user_id)


def submission(slack: Workspace, user_id: str, view: View, values: Mapping[str, Any]) -> Envelope:
    """The view_submission payload."""
    payload = _common(slack, "view_submission", user_id) | {"view": view_json(slack, view, values)}
    return Envelope("interactive", payload, user_id)


def event(slack: Workspace, user_id: str, inner: Json) -> Envelope:
    """The event_callback payload for an event."""
    payload = {
        "team_id": slack.team.id,
        "api_app_id": slack.team.app_id,
        "event": {"event_ts": slack.next_ts(), **inner},
        "type": "event_callback",
        "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
        "event_time": int(slack.now()),
    }
    return Envelope("events_api", payload, user_id)
