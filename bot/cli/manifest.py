"""The Slack app manifest, with only the scopes and events that are in use."""

from __future__ import annotations

from typing import Any

# What each scope is needed for.
SCOPES = {
    "commands": "the slash command",
    "chat:write": "answers in conversations, digests, messages to coaches",
    "app_mentions:read": "questions to @Exec in a channel",
    **dict.fromkeys(
        ("users:read", "users:read.email"),
        "accounts: name, address, time zone, language, guest or not",
    ),
    "usergroups:read": "user groups in a question, such as @closers",
    **dict.fromkeys(
        ("channels:read", "groups:read"),
        "the members who will see a post, in public and private channels",
    ),
    "im:write": "the direct conversation in which to look up a message",
    "files:write": "an answer as a CSV file, for the person who asked",
    "im:history": "direct messages to the bot, and whether its own arrived",
    **dict.fromkeys(
        ("channels:history", "groups:history"), "whether a digest arrived, before it is sent again"
    ),
}
# Scopes that a workspace can refuse when it installs the app.
OPTIONAL = frozenset({"im:history", "channels:history", "groups:history"})
# Scopes that the bot can do without, and the loss.
WITHOUT = {
    "app_mentions:read": "mentions in channels get no answer",
    "im:history": "direct messages get no answer, and messages whose outcome is unknown aren't "
    "resent",
    "channels:history": "posts in public channels whose outcome is unknown aren't resent",
    "groups:history": "posts in private channels whose outcome is unknown aren't resent",
}
EVENTS = ("message.im", "app_mention", "member_joined_channel", "app_home_opened")


def manifest(*, command: str = "/exec", url: str | None = None) -> Any:
    """The manifest as plain data. `url` is the bot's address; without it, for Socket Mode."""
    slash: dict[str, Any] = {
        "command": command,
        "description": "Ask about practice: sessions, scores, ranks",
        "usage_hint": "sessions @jane last 7d gold",
        "should_escape": True,
    }
    interactivity: dict[str, Any] = {"is_enabled": True}
    subscriptions: dict[str, Any] = {"bot_events": list(EVENTS)}
    if url is not None:
        endpoint = f"{url.rstrip('/').removesuffix('/slack/events')}/slack/events"
        slash["url"] = endpoint
        interactivity["request_url"] = endpoint
        subscriptions["request_url"] = endpoint
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Exec practice",
            "description": "Answers questions about practice on Exec, right here in Slack.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # False, so that people can write to the bot.
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Exec", "always_online": True},
            "slash_commands": [slash],
        },
        "oauth_config": {
            "scopes": {
                "bot": [scope for scope in SCOPES if scope not in OPTIONAL],
                "bot_optional": [scope for scope in SCOPES if scope in OPTIONAL],
            }
        },
        "settings": {
            "event_subscriptions": subscriptions,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
