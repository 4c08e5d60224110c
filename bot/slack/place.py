"""Reads from a payload where in Slack something was typed or pressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A person in a conversation, a modal or their Home tab.

    `message_ts` is the message whose button was pressed, if the bot can change it (in direct
    messages only). `is_public`: others see that message. `is_home`: in Home, or in a modal (all but
    forms are opened from Home). `words` is what was typed, None for a press.
    """

    team_id: str
    user_id: str
    channel_id: str = ""
    channel_name: str = ""
    response_url: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    trigger_id: str = ""
    view_id: str = ""
    words: str | None = None
    is_public: bool = False
    is_home: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Place:
        """The place of a payload. Source: docs.slack.dev, interaction and event payloads."""
        if "event" in body:
            return cls._of_event(body)
        if "user_id" in body:  # a slash command
            return cls(
                team_id=str(body["team_id"]),
                user_id=str(body["user_id"]),
                channel_id=str(body.get("channel_id", "")),
                channel_name=str(body.get("channel_name", "")),
                response_url=body.get("response_url"),
                trigger_id=str(body.get("trigger_id", "")),
                words=str(body.get("text") or ""),
            )
        return cls._of_press(body)

    @classmethod
    def _of_event(cls, body: Mapping[str, Any]) -> Place:
        event = body["event"]
        channel, thread = event.get("channel"), event.get("thread_ts")
        return cls(
            team_id=str(body.get("team_id", "")),
            user_id=str(event.get("user", "")),
            channel_id=channel if isinstance(channel, str) else "",
            thread_ts=thread if isinstance(thread, str) else None,
        )

    @classmethod
    def _of_press(cls, body: Mapping[str, Any]) -> Place:
        """A pressed button or a sent form."""
        user, container = body["user"], body.get("container") or {}
        channel, view = body.get("channel") or {}, body.get("view") or {}
        stays = container.get("type") == "message" and container.get("is_ephemeral") is False
        is_direct = str(channel.get("id", "")).startswith("D")
        return cls(
            team_id=str((body.get("team") or {}).get("id") or user.get("team_id", "")),
            user_id=str(user["id"]),
            channel_id=str(channel.get("id", "")),
            channel_name=str(channel.get("name", "")),
            # In direct messages, chat.update replaces a message; a response_url expires.
            response_url=None if stays and is_direct else body.get("response_url"),
            thread_ts=container.get("thread_ts") or (body.get("message") or {}).get("thread_ts"),
            message_ts=container.get("message_ts") if stays and is_direct else None,
            trigger_id=str(body.get("trigger_id", "")),
            view_id="" if view.get("type") == "home" else str(view.get("id", "")),
            is_public=stays and not is_direct,
            is_home=bool(view),
        )

    @property
    def is_view(self) -> bool:
        """Whether it is a modal or the Home tab, not a conversation."""
        return bool(self.view_id) or self.is_home

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct message between two or more people."""
        names = ("directmessage", "mpdm-")
        return self.channel_id.startswith("D") or self.channel_name.startswith(names)

    @property
    def can_show_looking(self) -> bool:
        """Whether *Looking…* can be shown and then replaced by the answer."""
        can_replace = self.response_url is not None or self.channel_id.startswith("D")
        return can_replace and not (self.is_public or self.is_view)

    @property
    def stored(self) -> dict[str, str | None]:
        """The fields that are stored with a form."""
        return {
            "channel_id": self.channel_id,
            # The form's answer must not replace a message that others see.
            "response_url": None if self.is_public else self.response_url,
            "thread_ts": self.thread_ts,
            "message_ts": self.message_ts,
        }


def event_key(body: Mapping[str, Any]) -> str:
    """The key by which repeated deliveries of a payload are recognized; "" if it has no id."""
    if event_id := body.get("event_id"):
        return f"event: {event_id}"
    if trigger_id := body.get("trigger_id"):
        actions: list[dict[str, Any]] = body.get("actions") or [{}]
        return f"{body.get('type', 'command')}: {trigger_id} {actions[0].get('action_id', '')}"
    return ""
