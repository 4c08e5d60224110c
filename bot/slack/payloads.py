"""Slack's payloads ─► our own Payload. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.storage.payloads import Payload

ONCE = frozenset({"share.post", "nudge.send"})
_ROW = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where something was typed or pressed, as far as the payload tells."""

    id: str
    name: str

    @property
    def is_direct(self) -> bool:
        """A direct message, of two or of several: nobody beyond it could be shared with."""
        return self.id.startswith("D") or self.name == "directmessage" or "mpdm-" in self.name


def of_command(body: Mapping[str, Any]) -> Payload:
    """A slash command. Source of the fields: docs.slack.dev, slash commands."""
    return Payload(
        key=_key("command", body.get("trigger_id"), body),
        team_id=str(body["team_id"]),
        user_id=str(body["user_id"]),
        channel_id=str(body.get("channel_id", "")),
        response_url=body.get("response_url"),
        words=str(body.get("text", "")),
    )


def of_interaction(body: Mapping[str, Any], *, detail: str) -> Payload:
    """A pressed button or a sent form; `detail` tells apart what one trigger may carry."""
    what = body.get("trigger_id")
    container = body.get("container") or {}
    if detail in ONCE:
        # Two clicks are two payloads, but such a button may do its work once only.
        what = container.get("message_ts") or what
    channel_id = str((body.get("channel") or {}).get("id", ""))
    in_message = container.get("type") == "message"
    return Payload(
        key=_key(detail, what, body),
        team_id=str((body.get("team") or {}).get("id") or body["user"].get("team_id", "")),
        user_id=str(body["user"]["id"]),
        channel_id=channel_id,
        response_url=body.get("response_url"),
        words=None,
        # In a direct conversation with the bot nobody else sees what it says.
        public=in_message and container.get("is_ephemeral") is False and channel_id[:1] != "D",
        home=(body.get("view") or {}).get("type") == "home",
    )


def of_event(body: Mapping[str, Any]) -> Payload | None:
    """An event that a person caused; None where none did. Slack's retries have the same key."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        return None
    channel = event.get("channel")
    user_id, team_id = event.get("user"), body.get("team_id")
    if not isinstance(user_id, str) or not isinstance(team_id, str):
        return None
    return Payload(
        key=_key("event", body.get("event_id"), body),
        team_id=team_id,
        user_id=user_id,
        channel_id=channel if isinstance(channel, str) else "",
        response_url=None,
        words=None,
    )


def of_home(body: Mapping[str, Any]) -> Payload | None:
    """Somebody opened their Home tab; None where they opened the messages beside it."""
    payload = of_event(body)
    if payload is None or body["event"].get("tab") != "home":
        return None
    return replace(payload, channel_id="", home=True)


def action_and_value(action: Mapping[str, Any]) -> tuple[str, str]:
    """What was pressed or chosen, and the value it carries: ("digest.edit", "k3f9").

    The name comes without the number that makes it unique in its message. An entry of an overflow
    menu says both, as "digest.remove:k3f9"; a select has its own name, and the chosen value.
    """
    name = _without_number(str(action.get("action_id", "")))
    option = action.get("selected_option") or {}
    if action.get("type") == "overflow":
        name, _, value = str(option.get("value", "")).partition(":")
        return name, value
    return name, str(option.get("value", action.get("value", "")))


def page_of(value: str) -> tuple[str, int]:
    """What a button that turns pages carries: an id, and the row its page begins with, "k3f9:100".

    The first row, 0, where no number is there that a message of the bot could carry.
    """
    id_, _, row = value.partition(":")
    return id_, int(row) if _ROW.fullmatch(row) else 0


def conversation(body: Mapping[str, Any]) -> Conversation:
    channel = body.get("channel") or {}
    return Conversation(
        id=str(channel.get("id") or body.get("channel_id") or ""),
        name=str(channel.get("name") or body.get("channel_name") or ""),
    )


def _key(detail: str, trigger_id: str | None, body: Mapping[str, Any]) -> str:
    """The same for every delivery of one payload, and for no other."""
    what = trigger_id or json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(f"{detail}\n{what}".encode()).hexdigest()


def _without_number(action_id: str) -> str:
    name, _, number = action_id.rpartition(".")
    return name if number.isdigit() else action_id
