"""Slack's payloads ─► our own Payload. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.language.text import LIMIT

SLACKBOT = "USLACKBOT"
# The kinds of messages in which a person says something.
SAID = frozenset({"", "file_share", "me_message", "thread_broadcast"})
MOST_KEPT = LIMIT + 1  # of what is too long it is enough to know that
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_AROUND = " \t\r\n,:"  # "@Exec: how …"
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_NUMBERS = re.compile(r"(?:\.[0-9]+)+$")  # of a list, and of one of several lists
_ROW = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Payload:
    """What came from Slack. `words` is the command to offer again if we fail; None if none.

    `thread_ts` is the thread in which it was said or pressed. `message_ts` is the message of the
    bot that an answer may take the place of, whose button was pressed; only in a direct
    conversation with the bot, where messages stay.

    `public`: it came from a message that others see as well. `home`: it came from the person's Home
    tab, where what is said of it is shown.
    """

    key: str
    team_id: str
    user_id: str
    channel_id: str
    response_url: str | None
    words: str | None
    public: bool = False
    home: bool = False
    thread_ts: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """The conversation in which something was typed or pressed, as far as the payload tells."""

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


def of_interaction(body: Mapping[str, Any], *, detail: str, once: bool = False) -> Payload:
    """A pressed button or a sent form; `detail` tells apart what one trigger may carry. `once`: all
    presses of the button in one message are one payload."""
    what = body.get("trigger_id")
    container = body.get("container") or {}
    if once:
        what = container.get("message_ts") or what
    channel_id = str((body.get("channel") or {}).get("id", ""))
    in_message = container.get("type") == "message"
    stays = in_message and container.get("is_ephemeral") is False
    is_direct = channel_id.startswith("D")
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    return Payload(
        key=_key(detail, what, body),
        team_id=str((body.get("team") or {}).get("id") or body["user"].get("team_id", "")),
        user_id=str(body["user"]["id"]),
        channel_id=channel_id,
        # A message that stays is changed by its ts, as often as somebody likes.
        response_url=None if stays and is_direct else body.get("response_url"),
        words=None,
        # In a direct conversation with the bot nobody else sees what it says.
        home=(body.get("view") or {}).get("type") == "home",
        public=stays and not is_direct,
        thread_ts=_ts(thread),
        message_ts=_ts(container.get("message_ts")) if stays and is_direct else None,
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
        thread_ts=_ts(event.get("thread_ts")),
    )


def of_home(body: Mapping[str, Any]) -> Payload | None:
    """Somebody opened their Home tab; None where they opened the messages beside it."""
    payload = of_event(body)
    if payload is None or body["event"].get("tab") != "home":
        return None
    return replace(payload, channel_id="", home=True)


def of_direct_message(body: Mapping[str, Any]) -> Payload | None:
    """A direct message to the bot."""
    payload = _of_words(body)
    return payload if payload is not None and payload.channel_id.startswith("D") else None


def of_mention(body: Mapping[str, Any]) -> Payload | None:
    """A mention of the bot in a channel; in a direct message its name makes no difference."""
    payload = _of_words(body)
    is_in_channel = payload is not None and payload.channel_id[:1] not in ("", "D")
    return payload if is_in_channel else None


def _of_words(body: Mapping[str, Any]) -> Payload | None:
    """The words of a person, without the bot's own name; None for messages that get no answer.

    Those are the messages of bots, this one among them, and edited or deleted ones.
    """
    payload = of_event(body)
    if payload is None or payload.user_id == SLACKBOT:
        return None
    event = body["event"]
    text, kind = event.get("text"), str(event.get("subtype") or "")
    by_bot = event.get("bot_id") or event.get("bot_profile")
    if by_bot or kind not in SAID or event.get("edited") or event.get("hidden"):
        return None
    bots = bots_of(body)
    if payload.user_id in bots:
        return None
    said = text if isinstance(text, str) else ""
    words = _MENTION.sub(lambda found: " " if found[1] in bots else found[0], said)
    return replace(payload, words=words.strip(_AROUND)[:MOST_KEPT])


def bots_of(body: Mapping[str, Any]) -> set[str]:
    """The ids of the bot's own account wherever the app hears of an event."""
    installed = body.get("authorizations")
    return {
        str(each.get("user_id"))
        for each in (installed if isinstance(installed, list) else ())
        if isinstance(each, Mapping) and each.get("is_bot")
    }


def action_and_value(action: Mapping[str, Any]) -> tuple[str, str]:
    """The name of a pressed button or chosen entry, and its value: ("digest.edit", "k3f9").

    The name comes without the numbers that make it unique in its message. An entry of an overflow
    menu says both, as "digest.remove:k3f9"; a select has its own name, and the chosen value.
    """
    name = _without_number(str(action.get("action_id", "")))
    option = action.get("selected_option") or {}
    if action.get("type") == "overflow":
        name, _, value = str(option.get("value", "")).partition(":")
        return name, value
    return name, str(option.get("value", action.get("value", "")))


def page_position(value: str) -> tuple[str, int]:
    """The value of a button that turns pages: an id, and the first row of its page, "k3f9:100".

    The first row, 0, where no number is there that a message of the bot could carry.
    """
    id_, _, row = value.partition(":")
    return id_, int(row) if _ROW.fullmatch(row) else 0


def channel_of(body: Mapping[str, Any]) -> SlackChannel:
    channel = body.get("channel") or {}
    return SlackChannel(
        id=str(channel.get("id") or body.get("channel_id") or ""),
        name=str(channel.get("name") or body.get("channel_name") or ""),
    )


def _ts(value: object) -> str | None:
    """The time of a message, which is its name; None for anything else."""
    return value if isinstance(value, str) and _TS.fullmatch(value) else None


def _key(detail: str, trigger_id: str | None, body: Mapping[str, Any]) -> str:
    """The same for every delivery of one payload, and for no other."""
    what = trigger_id or json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(f"{detail}\n{what}".encode()).hexdigest()


def _without_number(action_id: str) -> str:
    return _NUMBERS.sub("", action_id)
