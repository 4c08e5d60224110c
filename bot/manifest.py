"""The app manifest: what Slack needs to know of the app. Only what is in use."""

from __future__ import annotations

from typing import Any

# Each scope with the call or feature that needs it.
SCOPES = {
    "commands": "the slash command",
    "chat:write": "an answer whose response_url is used up",
    "users:read": "users.info: name, time zone, guest or not",
    "users:read.email": "users.info: the e-mail that joins a Slack account to Exec; "
    "users.lookupByEmail: the admins, to tell them of a key that stopped working",
    "usergroups:read": "usergroups.list, usergroups.users.list: @closers in a question",
    "channels:read": "conversations.info, conversations.members: who will see what is posted",
    "groups:read": "the same in private channels",
    "im:write": "conversations.open: the direct conversation in which to look for a message",
    "files:write": "files.getUploadURLExternal, files.completeUploadExternal: an answer as a CSV "
    "file, for whoever asked",
    "im:history": "conversations.history: whether a message arrived, before it is sent again",
    "channels:history": "the same for a digest in a channel",
    "groups:history": "the same in private channels",
}
PLACEHOLDER = "https://your-host.example.com"


def manifest(*, command: str = "/exec", socket: bool = False, url: str | None = None) -> Any:
    """The manifest as plain data; `url` is where the bot is reached in HTTP mode."""
    endpoint = f"{(url or PLACEHOLDER).rstrip('/').removesuffix('/slack/events')}/slack/events"
    slash: dict[str, Any] = {
        "command": command,
        "description": "Ask about practice: sessions, scores, ranks",
        "usage_hint": "sessions @jane last 7d gold",
        "should_escape": True,
    }
    interactivity: dict[str, Any] = {"is_enabled": True}
    if not socket:
        slash["url"] = endpoint
        interactivity["request_url"] = endpoint
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Exec practice",
            "description": "Answers questions about practice on Exec, right here in Slack.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                # Lets people use the command in the app's own conversation.
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Exec", "always_online": True},
            "slash_commands": [slash],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
