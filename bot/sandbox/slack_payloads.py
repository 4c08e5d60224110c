"""The payloads that Slack sends when a person does something."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack_block_shapes import elements_of
from bot.sandbox.slack_records import Delivery, Json, Message, View
from bot.sandbox.slack_state_values import entered, option_called, state_values
from bot.sandbox.slack_team import SlackChannel
from bot.sandbox.slack_web_people import message_json
from bot.sandbox.slack_web_views import view_json
from bot.sandbox.slack_workspace import Workspace

_DEPRECATED_TOKEN = "not-to-be-used"  # noqa: S105 - Slack still sends one; nobody may rely on it


def command(
    slack: Workspace, user_id: str, channel: SlackChannel, name: str, text: str, response_url: str
) -> Delivery:
    """A slash command."""
    team = slack.team
    payload = {
        "token": _DEPRECATED_TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": user_id,
        "user_name": team.users[user_id].name,
        "command": name,
        "text": text,
        "api_app_id": team.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": slack.new_trigger(user_id),
    }
    return Delivery("slash_commands", payload, str(uuid.uuid4()), user_id, channel.id)


def _channel_name(channel: SlackChannel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def find_element(blocks: list[Json], action_id: str) -> tuple[Json, Json]:
    """The block and the element with this action_id; KeyError when there is none."""
    for block in blocks:
        for _place, element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    raise KeyError(action_id)


def action(slack: Workspace, blocks: list[Json], action_id: str, value: Any) -> Json:
    """One item of `actions`: what was done to an element."""
    block, element = find_element(blocks, action_id)
    done: Json = {
        "type": element["type"],
        "action_id": action_id,
        "block_id": block["block_id"],
        "action_ts": slack.next_ts(),
    }
    if element["type"] == "button":
        done["text"] = element["text"]
        if "value" in element:
            done["value"] = element["value"]
        if value is not None and value != element.get("value"):
            raise ValueError(f"the button {action_id} has the value {element.get('value')!r}")
    elif element["type"] == "overflow":
        done["selected_option"] = option_called(element, value)
    else:
        done |= entered(element, value)
    return done


def _common(slack: Workspace, kind: str, user_id: str) -> Json:
    user = slack.team.users[user_id]
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": slack.team.id,
        },
        "api_app_id": slack.team.app_id,
        "token": _DEPRECATED_TOKEN,
        "team": {"id": slack.team.id, "domain": slack.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def all_blocks(message: Message) -> list[Json]:
    """The blocks of a message and of the cards below its links."""
    cards = message.extra.get("attachments", ())
    return [*message.blocks, *(block for card in cards for block in card["blocks"])]


def _card_with(message: Message, block_id: str) -> Json | None:
    """The card in which a block stands."""
    for card in message.extra.get("attachments", ()):
        if any(block["block_id"] == block_id for block in card["blocks"]):
            found: Json = card
            return found
    return None


def message_action(
    slack: Workspace, user_id: str, message: Message, done: Json, response_url: str
) -> Delivery:
    """block_actions from a message; of an ephemeral one Slack sends no content."""
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
        "trigger_id": slack.new_trigger(user_id),
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "response_url": response_url,
        "actions": [done],
        "state": {"values": _after(all_blocks(message), done)},
    }
    if (card := _card_with(message, done["block_id"])) is not None:
        payload["container"] |= {"type": "message_attachment", "attachment_id": 1}
        payload["container"] |= {"is_app_unfurl": True, "app_unfurl_url": card["from_url"]}
        payload["app_unfurl"] = card
    if not ephemeral:
        payload["message"] = message_json(slack, message, {})
    return Delivery("interactive", payload, str(uuid.uuid4()), user_id, channel.id)


def _after(blocks: list[Json], done: Json) -> Json:
    """The state of a message's menus with what was just chosen."""
    state = state_values(blocks, {})
    if done["action_id"] in state.get(done["block_id"], {}):
        held = state[done["block_id"]][done["action_id"]]
        held |= {name: done[name] for name in held if name in done}
    return state


def view_action(
    slack: Workspace, user_id: str, view: View, done: Json, values: Mapping[str, Any]
) -> Delivery:
    """block_actions from a modal or the Home tab; there is no response_url."""
    payload = _common(slack, "block_actions", user_id) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": slack.new_trigger(user_id, view.id),
        "view": view_json(slack, view, dict(values)),
        "actions": [done],
    }
    return Delivery("interactive", payload, str(uuid.uuid4()), user_id, None)


def view_event(
    slack: Workspace, user_id: str, view: View, values: Mapping[str, Any], kind: str
) -> Delivery:
    """view_submission or view_closed."""
    payload = _common(slack, kind, user_id) | {"view": view_json(slack, view, dict(values))}
    if kind == "view_submission":
        payload |= {"trigger_id": slack.new_trigger(user_id, view.id), "response_urls": []}
    else:
        payload["is_cleared"] = False
    return Delivery("interactive", payload, str(uuid.uuid4()), user_id, None)


def event(slack: Workspace, user_id: str, inner: Json) -> Delivery:
    """An Events API callback."""
    channel = slack.team.channels.get(str(inner.get("channel")))
    payload = {
        "token": _DEPRECATED_TOKEN,
        "team_id": slack.team.id,
        "api_app_id": slack.team.app_id,
        "event": {"event_ts": slack.next_ts(), **inner},
        "type": "event_callback",
        "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
        "event_time": int(slack.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": slack.team.id,
                "user_id": slack.team.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
    }
    return Delivery("events_api", payload, str(uuid.uuid4()), user_id, None)
