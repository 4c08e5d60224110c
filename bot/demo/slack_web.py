"""The Web API methods that the bot calls, with their scopes and errors."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from bot.demo.slack_payloads import message_json, view_json
from bot.demo.slack_workspace import (
    ApiError,
    File,
    Json,
    SlackChannel,
    SlackMessage,
    TeamUser,
    View,
    Workspace,
    with_ids,
)

OTHER_TEAM = "T0ELSEWHERE"
MAX_VIEW_CHARACTERS = 250_000

# Each method is a function from its arguments to its response, without `ok`.

# auth.*, users.*, usergroups.*, conversations.*


def auth_test(slack: Workspace, _args: Json) -> Json:
    team = slack.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.users[team.bot_user_id].name,
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def _page(args: Json, items: Sequence[Any], default: int) -> tuple[list[Any], Json]:
    """A page of a list, and the response metadata with the next cursor."""
    start = int(args.get("cursor") or 0)
    end = start + int(args.get("limit") or default)
    cursor = str(end) if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": cursor}}


def _user(slack: Workspace, user: TeamUser, *, with_locale: bool = False) -> Json:
    """A user object; it has an email only with that scope."""
    profile = {"real_name": user.real_name, "display_name": user.name}
    if user.email and not user.is_stranger and "users:read.email" in slack.scopes:
        profile["email"] = user.email
    shape: Json = {
        "id": user.id,
        "team_id": OTHER_TEAM if user.is_stranger else slack.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "profile": profile,
    }
    if user.is_stranger:
        shape["is_stranger"] = True
    if user.is_email_confirmed is not None:
        shape["is_email_confirmed"] = user.is_email_confirmed
    if not user.deleted:
        shape |= {"tz": user.tz, "is_restricted": user.is_restricted}
        if with_locale:
            shape["locale"] = user.locale or slack.team.locale
    return shape


def users_info(slack: Workspace, args: Json) -> Json:
    user = slack.team.users.get(str(args.get("user")))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _user(slack, user, with_locale=bool(args.get("include_locale")))}


def users_lookup_by_email(slack: Workspace, args: Json) -> Json:
    """Deactivated users, bots and users from other workspaces aren't found."""
    email = str(args.get("email") or "").casefold()
    for user in slack.team.users.values():
        is_known = not (user.deleted or user.is_stranger or user.is_bot)
        if is_known and user.email and user.email.casefold() == email:
            return {"user": _user(slack, user)}
    raise ApiError("users_not_found")


def users_list(slack: Workspace, args: Json) -> Json:
    """Leaves out users from other workspaces."""
    users = [user for user in slack.team.users.values() if not user.is_stranger]
    page, more = _page(args, users, 1000)
    return {"members": [_user(slack, user) for user in page], **more}


def usergroups_list(slack: Workspace, _args: Json) -> Json:
    groups = slack.team.usergroups.values()
    return {"usergroups": [{"id": group.id, "handle": group.handle} for group in groups]}


def usergroups_users_list(slack: Workspace, args: Json) -> Json:
    """Leaves out deactivated users."""
    group = slack.team.usergroups.get(str(args.get("usergroup")))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": [user_id for user_id in group.users if not slack.team.users[user_id].deleted]}


def _channel(slack: Workspace, args: Json) -> SlackChannel:
    """The channel in `args`. A private channel exists for the bot only if it's a member."""
    channel = slack.team.channels.get(str(args.get("channel")))
    if channel is None or ((channel.is_private or channel.is_im) and not channel.has_bot):
        raise ApiError("channel_not_found")
    return channel


def _joined_channel(slack: Workspace, args: Json) -> SlackChannel:
    """The channel in `args`, which the bot must be a member of."""
    channel = _channel(slack, args)
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    return channel


def _members(slack: Workspace, channel: SlackChannel) -> list[str]:
    return [*channel.members, *([slack.team.bot_user_id] if channel.has_bot else [])]


def conversations_info(slack: Workspace, args: Json) -> Json:
    channel = _channel(slack, args)
    shape = {
        "id": channel.id,
        "name": channel.name,
        "is_member": channel.has_bot,
        "is_im": channel.is_im,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
    }
    if args.get("include_num_members"):
        shape["num_members"] = len(_members(slack, channel))
    return {"channel": shape}


def conversations_members(slack: Workspace, args: Json) -> Json:
    page, more = _page(args, _members(slack, _channel(slack, args)), 100)
    return {"members": page, **more}


def conversations_open(slack: Workspace, args: Json) -> Json:
    """Only with one user; a second call returns the same DM."""
    user_id = _recipient(slack, str(args.get("users")))
    return {"channel": {"id": slack.team.dm_of(user_id).id}}


def _recipient(slack: Workspace, user_id: str) -> str:
    """The id of a user that the bot can send a DM to. Raises ApiError."""
    user = slack.team.users.get(user_id)
    if user is None:
        raise ApiError("user_not_found")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    return user_id


def conversations_history(slack: Workspace, args: Json) -> Json:
    """Newest first; ephemeral messages aren't in the history."""
    channel = _joined_channel(slack, args)
    oldest = float(args.get("oldest") or 0)
    posted = [
        message
        for message in reversed(slack.messages)
        if message.channel == channel.id
        and message.visible_to is None
        and oldest < float(message.ts)
    ]
    page, more = _page(args, posted, 100)
    has_payload = bool(args.get("include_all_metadata"))
    messages = [message_json(slack, message, include_all_metadata=has_payload) for message in page]
    return {"messages": messages, **more}


# chat.*


def _channel_for_post(slack: Workspace, args: Json) -> SlackChannel:
    """The channel to post in; a user id stands for the DM."""
    wanted = str(args.get("channel") or "")
    if wanted.startswith(("U", "W")):
        if wanted not in slack.team.users:
            raise ApiError("channel_not_found")
        return slack.team.dm_of(_recipient(slack, wanted))
    channel = _channel(slack, args)
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_im:
        _recipient(slack, channel.members[0])
    return channel


def post_message(slack: Workspace, args: Json) -> Json:
    channel = _channel_for_post(slack, args)
    if not channel.has_bot and "chat:write.public" not in slack.scopes:
        raise ApiError("not_in_channel")
    slack.check("chat.postMessage", args)
    if thread := args.get("thread_ts"):
        root = slack.message(str(thread))
        if root is None or root.visible_to is not None or root.channel != channel.id:
            raise ApiError("thread_not_found")
    message = slack.post(channel.id, args)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(slack, message)}


def post_ephemeral(slack: Workspace, args: Json) -> Json:
    """The user must be a member of the channel."""
    channel = _channel_for_post(slack, args)
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    user_id = str(args.get("user") or "")
    if user_id not in channel.members:
        raise ApiError("user_not_in_channel")
    slack.check("chat.postEphemeral", args)
    message = slack.post(channel.id, args, visible_to=user_id)
    return {"message_ts": message.ts}


def _own_message(slack: Workspace, args: Json) -> SlackMessage:
    """A message that the bot can update: its own, and not ephemeral. Raises ApiError."""
    channel, message = _channel(slack, args), slack.message(str(args.get("ts")))
    wanted = (channel.id, slack.team.bot_user_id, None)
    if message is None or (message.channel, message.user, message.visible_to) != wanted:
        raise ApiError("message_not_found")
    return message


def update(slack: Workspace, args: Json) -> Json:
    message = _own_message(slack, args)
    slack.check("chat.update", args)
    message = slack.replace(message, args)
    return {"channel": message.channel, "ts": message.ts, "text": message.text}


def delete(slack: Workspace, args: Json) -> Json:
    message = _own_message(slack, args)
    slack.remove(message)
    return {"channel": message.channel, "ts": message.ts}


# files.*


def get_upload_url(slack: Workspace, args: Json) -> Json:
    """Registers a file and returns the URL to upload it to."""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit() or int(length) < 1:
        raise ApiError("invalid_arguments")
    file = File(f"F{len(slack.files) + 1:08}", name, int(length))
    slack.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{slack.base_url}/upload/v1/{file.id}"}


def complete_upload(slack: Workspace, args: Json) -> Json:
    """Shares one uploaded file in one channel; a file can be shared once."""
    (given,) = args["files"]
    file = slack.files.get(str(given["id"]))
    if file is None or file.content is None or file.shared:
        raise ApiError("file_not_found")
    channel = _joined_channel(slack, {"channel": args.get("channel_id")})
    file.shared = True
    shape = {"id": file.id, "name": file.name, "title": given.get("title") or file.name}
    content = {"text": args.get("initial_comment") or "", "files": [shape]}
    slack.post(channel.id, content)
    return {"files": [shape]}


# views.*


def _view(slack: Workspace, method: str, view: object, kind: str) -> Json:
    """A view with the missing ids added. Raises ApiError if Slack would reject it."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise ApiError("invalid_arguments")
    if len(json.dumps(view)) > MAX_VIEW_CHARACTERS:
        raise ApiError("view_too_large")
    slack.check(method, view)
    return {**view, "blocks": with_ids(view["blocks"])}


def views_open(slack: Workspace, args: Json) -> Json:
    """A trigger_id works once and expires after three seconds."""
    trigger = slack.triggers.pop(str(args.get("trigger_id")), None)
    if trigger is None:
        raise ApiError("exchanged_trigger_id")
    if slack.now() > trigger.expires:
        raise ApiError("expired_trigger_id")
    view = _view(slack, "views.open", args.get("view"), "modal")
    opened = slack.views[trigger.user_id] = _new_view(slack, trigger.user_id, view)
    return {"view": view_json(slack, opened)}


def _new_view(slack: Workspace, user_id: str, view: Json) -> View:
    return View(f"V{uuid.uuid4().hex[:10].upper()}", user_id, view, slack.changed())


def views_update(slack: Workspace, args: Json) -> Json:
    opened = slack.view_called(str(args.get("view_id")))
    if opened is None:
        raise ApiError("not_found")
    opened.view = _view(slack, "views.update", args.get("view"), opened.view["type"])
    opened.errors, opened.revision = {}, slack.changed()
    return {"view": view_json(slack, opened)}


def views_publish(slack: Workspace, args: Json) -> Json:
    """Publishes a user's Home tab."""
    user_id = str(args.get("user_id"))
    view = _view(slack, "views.publish", args.get("view"), "home")
    home = slack.homes.setdefault(user_id, _new_view(slack, user_id, view))
    home.view, home.revision = view, slack.revision
    return {"view": view_json(slack, home)}


Method = Callable[[Workspace, Json], Json]

# method: (required scope or "", function)
METHODS: dict[str, tuple[str, Method]] = {
    "auth.test": ("", auth_test),
    "users.info": ("users:read", users_info),
    "users.lookupByEmail": ("users:read.email", users_lookup_by_email),
    "users.list": ("users:read", users_list),
    "usergroups.list": ("usergroups:read", usergroups_list),
    "usergroups.users.list": ("usergroups:read", usergroups_users_list),
    "conversations.info": ("channels:read", conversations_info),
    "conversations.members": ("channels:read", conversations_members),
    "conversations.history": ("channels:history", conversations_history),
    "conversations.open": ("im:write", conversations_open),
    "chat.postMessage": ("chat:write", post_message),
    "chat.postEphemeral": ("chat:write", post_ephemeral),
    "chat.update": ("chat:write", update),
    "chat.delete": ("chat:write", delete),
    "files.getUploadURLExternal": ("files:write", get_upload_url),
    "files.completeUploadExternal": ("files:write", complete_upload),
    "views.open": ("", views_open),
    "views.update": ("", views_update),
    "views.publish": ("", views_publish),
}


def call(slack: Workspace, method: str, args: Json) -> Json:
    """Run a method as the bot; returns the response without `ok`. Raises ApiError."""
    if method not in METHODS:
        raise ApiError("unknown_method")
    scope, run = METHODS[method]
    channel = slack.team.channels.get(str(args.get("channel")))
    if scope.startswith("channels:") and channel is not None:
        kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
        scope = f"{kind}:{scope.split(':')[1]}"
    if scope and scope not in slack.scopes:
        raise ApiError("missing_scope", needed=scope)
    return run(slack, args)
