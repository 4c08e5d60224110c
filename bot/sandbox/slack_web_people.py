"""Web API: users.*, usergroups.*, conversations.*."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.slack_records import ApiError, Json, Message
from bot.sandbox.slack_team import OTHER_TEAM, SlackChannel, SlackUser, SlackUserGroup
from bot.sandbox.slack_workspace import Workspace


def _page(args: Json, items: Sequence[Any], default: int) -> tuple[list[Any], Json]:
    """One page of a list, with Slack's opaque cursor to the next one."""
    start = 0
    if args.get("cursor"):
        try:
            start = int(base64.b64decode(str(args["cursor"]), validate=True).split(b":")[1])
        except (binascii.Error, IndexError, ValueError):
            raise ApiError("invalid_cursor") from None
    limit = int(args.get("limit") or default)
    if not 1 <= limit <= 1000:
        raise ApiError("invalid_limit")
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": cursor}}


def user_json(slack: Workspace, user: SlackUser, *, with_locale: bool = False) -> Json:
    """A user as Slack describes it; the e-mail only with its scope."""
    offset = datetime.fromtimestamp(slack.now(), ZoneInfo(user.tz)).utcoffset()
    profile = {"real_name": user.real_name, "display_name": user.name, "team": slack.team.id}
    if user.email and not user.is_stranger and "users:read.email" in slack.scopes:
        profile["email"] = user.email
    described: Json = {
        "id": user.id,
        "team_id": OTHER_TEAM if user.is_stranger else slack.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
        "profile": profile,
    }
    if user.is_stranger:
        described["is_stranger"] = True
    if user.is_email_confirmed is not None:
        described["is_email_confirmed"] = user.is_email_confirmed
    if not user.deleted:
        described |= {
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": user.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_restricted": user.is_restricted or user.is_ultra_restricted,
            "is_ultra_restricted": user.is_ultra_restricted,
        }
        if with_locale:
            described["locale"] = user.locale or slack.team.locale
    return described


def users_info(slack: Workspace, args: Json) -> Json:
    """users.info"""
    user = slack.team.users.get(str(args.get("user")))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user_json(slack, user, with_locale=bool(args.get("include_locale")))}


def users_lookup_by_email(slack: Workspace, args: Json) -> Json:
    """users.lookupByEmail; people who were deactivated are not found."""
    email = str(args.get("email") or "").casefold()
    for user in slack.team.users.values():
        known = user.email and not (user.deleted or user.is_stranger or user.is_bot)
        if known and (user.email or "").casefold() == email:
            return {"user": user_json(slack, user)}
    raise ApiError("users_not_found")


def users_list(slack: Workspace, args: Json) -> Json:
    """users.list; leaves out people of other workspaces."""
    users = [user for user in slack.team.users.values() if not user.is_stranger]
    page, more = _page(args, users, 1000)
    return {"members": [user_json(slack, user) for user in page], **more}


def _group_json(slack: Workspace, group: SlackUserGroup, args: Json) -> Json:
    described: Json = {
        "id": group.id,
        "team_id": slack.team.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "date_delete": 0,
        "user_count": len(group.users),
    }
    if args.get("include_users"):
        described["users"] = list(group.users)
    return described


def usergroups_list(slack: Workspace, args: Json) -> Json:
    """usergroups.list"""
    groups = slack.team.usergroups.values()
    return {"usergroups": [_group_json(slack, group, args) for group in groups]}


def usergroups_users_list(slack: Workspace, args: Json) -> Json:
    """usergroups.users.list; people who were deactivated are left out."""
    group = slack.team.usergroups.get(str(args.get("usergroup")))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": [each for each in group.users if not slack.team.users[each].deleted]}


def channel_json(slack: Workspace, channel: SlackChannel) -> Json:
    """A conversation as Slack describes it to the bot."""
    described: Json = {
        "id": channel.id,
        "is_channel": not (channel.is_private or channel.is_im),
        "is_group": channel.is_private,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "context_team_id": slack.team.id,
    }
    if channel.is_im:
        return described | {"user": channel.members[0]}
    return described | {"name": channel.name, "is_member": channel.has_bot}


def visible_channel(slack: Workspace, args: Json) -> SlackChannel:
    """The channel asked for; private ones without the bot are as good as absent."""
    channel = slack.team.channels.get(str(args.get("channel")))
    if channel is None or ((channel.is_private or channel.is_im) and not channel.has_bot):
        raise ApiError("channel_not_found")
    return channel


def _all_members(slack: Workspace, channel: SlackChannel) -> list[str]:
    return [*channel.members, *([slack.team.bot_user_id] if channel.has_bot else [])]


def conversations_info(slack: Workspace, args: Json) -> Json:
    """conversations.info"""
    channel = visible_channel(slack, args)
    described = channel_json(slack, channel)
    if args.get("include_num_members"):
        described["num_members"] = len(_all_members(slack, channel))
    return {"channel": described}


def conversations_list(slack: Workspace, args: Json) -> Json:
    """conversations.list of public and private channels that the bot can see."""
    channels = [
        channel
        for channel in slack.team.channels.values()
        if not channel.is_im and (channel.has_bot or not channel.is_private)
    ]
    page, more = _page(args, channels, 100)
    return {"channels": [channel_json(slack, channel) for channel in page], **more}


def conversations_members(slack: Workspace, args: Json) -> Json:
    """conversations.members, the bot among them, in pages of 100."""
    page, more = _page(args, _all_members(slack, visible_channel(slack, args)), 100)
    return {"members": page, **more}


def conversations_open(slack: Workspace, args: Json) -> Json:
    """conversations.open with one person; doing it again gives the same conversation."""
    given = args.get("users") or ""
    ids = given if isinstance(given, list) else [each for each in str(given).split(",") if each]
    if not ids:
        raise ApiError("users_list_not_supplied")
    if len(ids) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    user = person(slack, str(ids[0]))
    channel = slack.team.dm_of(user.id)
    described = channel_json(slack, channel) if args.get("return_im") else {"id": channel.id}
    return {"channel": described}


def person(slack: Workspace, user_id: str) -> SlackUser:
    """Somebody to whom the bot can write directly."""
    user = slack.team.users.get(user_id)
    if user is None:
        raise ApiError("user_not_found")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    return user


def conversations_history(slack: Workspace, args: Json) -> Json:
    """conversations.history, newest first; never holds ephemeral messages."""
    channel = visible_channel(slack, args)
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    edges = (oldest, latest) if args.get("inclusive") else ()
    found = [
        message
        for message in reversed(slack.messages)
        if message.channel == channel.id
        and message.visible_to is None
        and (oldest < float(message.ts) < latest or float(message.ts) in edges)
    ]
    page, more = _page(args, found, 100)
    described = [message_json(slack, each, args) for each in page]
    return {
        "messages": described,
        "has_more": bool(more["response_metadata"]["next_cursor"]),
        **more,
    }


def message_json(slack: Workspace, message: Message, args: Json) -> Json:
    """A message as Slack describes it."""
    described: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": slack.team.id,
    }
    if message.user == slack.team.bot_user_id:
        described |= {"bot_id": slack.team.bot_id, "app_id": slack.team.app_id}
    if message.blocks:
        described["blocks"] = message.blocks
    if "attachments" in message.extra:
        described["attachments"] = message.extra["attachments"]
    if message.thread_ts:
        described["thread_ts"] = message.thread_ts
    if message.edited:
        described["edited"] = {"user": message.user, "ts": message.ts}
    if "metadata" in message.extra:
        # The payload comes only when it is asked for.
        kept = message.extra["metadata"]
        whole = args.get("include_all_metadata")
        described["metadata"] = kept if whole else {"event_type": kept["event_type"]}
    return described
