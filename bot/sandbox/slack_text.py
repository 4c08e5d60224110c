"""Slack's treatment of text: what typing becomes, and whom a message pings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack_records import Message
from bot.sandbox.slack_team import SlackTeam

_TYPED = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?<![\w.+-])@(?P<at>[\w][\w.-]*)"
    r"|(?<![\w&])#(?P<hash>[\w][\w-]*)"
    r"|(?P<char>[&<>])"
)
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)|<!subteam\^(S[A-Z0-9]+)|<!(channel|here|everyone)\b")
_PLAIN_BROADCAST = re.compile(r"(?<![\w<!])@(channel|here|everyone)\b")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def typed(team: SlackTeam, text: str, *, should_escape: bool = True) -> str:
    """What the bot receives when a person types `text` after a command."""
    text = text.strip()
    if not should_escape:
        return _TYPED.sub(lambda found: _ESCAPES.get(found[0], found[0]), text)
    return _TYPED.sub(lambda found: _escape(team, found), text)


def _escape(team: SlackTeam, found: re.Match[str]) -> str:
    if found["char"]:
        return _ESCAPES[found["char"]]
    if found["url"]:
        url = found["url"].replace("&", "&amp;")
        return f"<{url}>"
    if found["at"]:
        name = found["at"].rstrip(".-")
        return (_person_or_group(team, name) or f"@{name}") + found["at"][len(name) :]
    for channel in team.channels.values():
        if channel.name and channel.name == found["hash"]:
            # Slack leaves the label of a private channel empty.
            return f"<#{channel.id}|{'' if channel.is_private else channel.name}>"
    return found[0]


def _person_or_group(team: SlackTeam, name: str) -> str | None:
    if name in ("channel", "here", "everyone"):
        return f"<!{name}>"
    for user in team.users.values():
        if user.name == name.lower():  # "@Exec", too
            return f"<@{user.id}>"
    for group in team.usergroups.values():
        if group.handle == name:
            return f"<!subteam^{group.id}|@{group.handle}>"
    return None


def mentions(message: Message) -> list[str]:
    """Whom a message pings: user ids, user group ids, "channel", "here", "everyone".

    `@here` without angle brackets counts where Slack may parse names by itself:
    in mrkdwn objects that are not `verbatim`, and anywhere under `parse=full` or
    `link_names`. Code spans are spared from that, though not from `<!here>`.
    """
    names = message.extra.get("parse") == "full" or bool(message.extra.get("link_names"))
    found = dict.fromkeys(_in_text(message.text, names))
    for block in message.blocks:
        found.update(dict.fromkeys(_in_value(block, names)))
    return list(found)


def _in_text(text: str, names: bool) -> Iterator[str]:
    for match in _MENTION.finditer(text):
        yield match[1] or match[2] or match[3]
    if names:
        for match in _PLAIN_BROADCAST.finditer(_CODE.sub(" ", text)):
            yield match[1]


def _in_value(value: Any, names: bool) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _in_value(each, names)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind == "mrkdwn":
            yield from _in_text(value["text"], names or not value.get("verbatim"))
        elif kind == "markdown":
            yield from _in_text(value["text"], True)
        elif kind == "user" and "user_id" in value:
            yield value["user_id"]
        elif kind == "usergroup" and "usergroup_id" in value:
            yield value["usergroup_id"]
        elif kind == "broadcast" and "range" in value:
            yield value["range"]
        else:
            for each in value.values():
                yield from _in_value(each, names)
