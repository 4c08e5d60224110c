"""The Web API: its methods, and over HTTP their tokens, scopes and planned faults."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.demo.slack_payloads import message_json, view_json
from bot.demo.slack_workspace import (
    OTHER_TEAM,
    ApiError,
    Call,
    Fault,
    File,
    Json,
    Message,
    SlackChannel,
    SlackUser,
    Trigger,
    View,
    Workspace,
    with_ids,
)

# users.*, usergroups.*, conversations.*


def _page(args: Json, items: Sequence[Any], default: int) -> tuple[list[Any], Json]:
    """One page of a list, with Slack's opaque cursor to the next one."""
    start = 0
    if args.get("cursor"):
        try:
            start = int(base64.b64decode(str(args["cursor"]), validate=True).split(b":")[1])
        except (binascii.Error, IndexError, ValueError):
            raise ApiError("invalid_cursor") from None
    end = start + int(args.get("limit") or default)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": cursor}}


def user_json(slack: Workspace, user: SlackUser, *, with_locale: bool = False) -> Json:
    """A user as Slack describes it; the e-mail only with its scope."""
    profile = {"real_name": user.real_name, "display_name": user.name, "team": slack.team.id}
    if user.email and not user.is_stranger and "users:read.email" in slack.scopes:
        profile["email"] = user.email
    described: Json = {
        "id": user.id,
        "team_id": OTHER_TEAM if user.is_stranger else slack.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
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


def usergroups_list(slack: Workspace, _args: Json) -> Json:
    """usergroups.list"""
    groups = [
        {"id": each.id, "team_id": slack.team.id, "name": each.handle, "handle": each.handle}
        for each in slack.team.usergroups.values()
    ]
    return {"usergroups": groups}


def usergroups_users_list(slack: Workspace, args: Json) -> Json:
    """usergroups.users.list; people who were deactivated are left out."""
    group = slack.team.usergroups.get(str(args.get("usergroup")))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": [each for each in group.users if not slack.team.users[each].deleted]}


def channel_json(slack: Workspace, channel: SlackChannel) -> Json:
    """A conversation as Slack describes it to the bot."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_member": channel.has_bot,
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


def conversations_members(slack: Workspace, args: Json) -> Json:
    """conversations.members, the bot among them, in pages of 100."""
    page, more = _page(args, _all_members(slack, visible_channel(slack, args)), 100)
    return {"members": page, **more}


def conversations_open(slack: Workspace, args: Json) -> Json:
    """conversations.open with one person; doing it again gives the same conversation."""
    user = person(slack, str(args.get("users")))
    channel = slack.team.dm_of(user.id)
    return {"channel": {"id": channel.id}}


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
    found = [
        message
        for message in reversed(slack.messages)
        if message.channel == channel.id
        and message.visible_to is None
        and oldest < float(message.ts) < latest
    ]
    page, more = _page(args, found, 100)
    described = [message_json(slack, each, args) for each in page]
    return {
        "messages": described,
        "has_more": bool(more["response_metadata"]["next_cursor"]),
        **more,
    }


# chat.*


def _target(slack: Workspace, args: Json) -> SlackChannel:
    """Where a message goes; a user id means the direct conversation."""
    wanted = str(args.get("channel") or "")
    if wanted.startswith(("U", "W")):
        if wanted not in slack.team.users:
            raise ApiError("channel_not_found")
        return slack.team.dm_of(person(slack, wanted).id)
    channel = visible_channel(slack, args)
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_im:
        person(slack, channel.members[0])
    return channel


def _content(slack: Workspace, method: str, args: Json) -> Json:
    """The message among the arguments, checked."""
    if not args.get("text") and not args.get("blocks"):
        raise ApiError("no_text")
    slack.check(method, args)
    _check_metadata(args.get("metadata"))
    return args


def _check_metadata(metadata: object) -> None:
    """Metadata is {event_type: a word, event_payload: an object}."""
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")


def post_message(slack: Workspace, args: Json) -> Json:
    """chat.postMessage"""
    channel = _target(slack, args)
    if not channel.has_bot and "chat:write.public" not in slack.scopes:
        raise ApiError("not_in_channel")
    content = _content(slack, "chat.postMessage", args)
    thread = args.get("thread_ts")
    if thread and slack.thread(channel.id, str(thread)) is None:
        raise ApiError("thread_not_found")
    message = slack.post(channel.id, content, via="chat.postMessage")
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(slack, message, {}),
    }


def post_ephemeral(slack: Workspace, args: Json) -> Json:
    """chat.postEphemeral; the person must be in the channel."""
    channel = _target(slack, args)
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    user_id = str(args.get("user") or "")
    if user_id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(slack, "chat.postEphemeral", args)
    message = slack.post(channel.id, content, via="chat.postEphemeral", visible_to=user_id)
    return {"message_ts": message.ts}


def _own_message(slack: Workspace, args: Json) -> Message:
    """A message of the bot's that can be changed; ephemeral ones are not stored by Slack."""
    channel = visible_channel(slack, args)
    message = slack.message(str(args.get("ts")))
    if (
        message is None
        or (message.channel, message.user) != (channel.id, slack.team.bot_user_id)
        or message.visible_to is not None
    ):
        raise ApiError("message_not_found")
    return message


def update(slack: Workspace, args: Json) -> Json:
    """chat.update"""
    message = _own_message(slack, args)
    content = _content(slack, "chat.update", args)
    message = slack.replace(message, content, via="chat.update")
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(slack, message, {}),
    }


def delete(slack: Workspace, args: Json) -> Json:
    """chat.delete"""
    message = _own_message(slack, args)
    slack.remove(message)
    return {"channel": message.channel, "ts": message.ts}


# files.*: a file is named, uploaded to an address of its own, and then shared, once.


def get_upload_url(slack: Workspace, args: Json) -> Json:
    """files.getUploadURLExternal"""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit() or int(length) < 1:
        raise ApiError("invalid_arguments")
    file = File(f"F{len(slack.files) + 1:08}", name, int(length), uuid.uuid4().hex)
    slack.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{slack.base_url}/upload/v1/{file.secret}"}


def complete_upload(slack: Workspace, args: Json) -> Json:
    """files.completeUploadExternal of one file into one conversation."""
    (given,) = args["files"]
    file = slack.files.get(str(given["id"]))
    if file is None or file.content is None or file.shared:
        raise ApiError("file_not_found")
    channel = visible_channel(slack, {"channel": args.get("channel_id")})
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    file.shared = True
    described = {"id": file.id, "name": file.name, "title": given.get("title") or file.name}
    content = {"text": args.get("initial_comment") or "", "files": [described]}
    slack.post(channel.id, content, via="files.completeUploadExternal")
    return {"files": [described]}


# views.*

_LARGEST = 250_000


def checked_view(slack: Workspace, method: str, view: object, kind: str) -> Json:
    """A view of the bot's, with the ids filled in; ApiError when Slack would refuse it."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise ApiError("invalid_arguments", response_metadata={"messages": [f"view type {kind}"]})
    if len(json.dumps(view)) > _LARGEST:
        raise ApiError("view_too_large")
    slack.check(method, view)
    return {**view, "blocks": with_ids(view["blocks"])}


def _take_trigger(slack: Workspace, args: Json) -> Trigger:
    trigger = slack.triggers.get(str(args.get("trigger_id")))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if slack.now() > trigger.expires:
        raise ApiError("expired_trigger_id")
    return trigger


def put_view(slack: Workspace, user_id: str, view: Json) -> View:
    """Open a modal in front of a person."""
    opened = View(f"V{uuid.uuid4().hex[:10].upper()}", user_id, view, slack.changed())
    slack.views[user_id] = opened
    return opened


def change_view(slack: Workspace, opened: View, view: Json) -> None:
    """Put other content into an open view."""
    opened.view, opened.errors = view, {}
    opened.revision = slack.changed()


def views_open(slack: Workspace, args: Json) -> Json:
    """views.open"""
    trigger = _take_trigger(slack, args)
    view = checked_view(slack, "views.open", args.get("view"), "modal")
    trigger.used = True
    return {"view": view_json(slack, put_view(slack, trigger.user_id, view))}


def views_update(slack: Workspace, args: Json) -> Json:
    """views.update"""
    opened = slack.view_called(str(args.get("view_id")))
    if opened is None:
        raise ApiError("not_found")
    kind = opened.view["type"]
    change_view(slack, opened, checked_view(slack, "views.update", args.get("view"), kind))
    return {"view": view_json(slack, opened)}


def views_publish(slack: Workspace, args: Json) -> Json:
    """views.publish: a person's Home tab."""
    user_id = str(args.get("user_id"))
    view = checked_view(slack, "views.publish", args.get("view"), "home")
    home = slack.homes.get(user_id)
    if home is None:
        name = f"V{uuid.uuid4().hex[:10].upper()}"
        home = slack.homes[user_id] = View(name, user_id, view, 0)
    change_view(slack, home, view)
    return {"view": view_json(slack, home)}


# Over HTTP.

Method = Callable[[Workspace, Json], Json]

# method: (scope or "" for none, what it does)
METHODS: dict[str, tuple[str, Method]] = {
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
_NESTED = frozenset({"blocks", "view", "metadata", "files"})
_BY_KIND = ("conversations.info", "conversations.members", "conversations.history")


@dataclass(slots=True)
class WebApi:
    """Answers `POST /api/<method>`."""

    slack: Workspace
    bot_token: str
    app_token: str
    new_socket_url: Callable[[], str]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, with whatever fault is planned for it."""
        method = request.match_info["method"]
        args = await read_args(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        self.slack.calls.append(Call(method, args))
        fault = self.slack.take_fault(method)
        answer = await before(fault, request)
        if answer is not None:
            return answer
        try:
            if fault is not None and fault.kind not in ("slow", "held", "drop"):
                raise ApiError(fault.kind)
            body = {"ok": True, **self._run(method, args, token)}
        except ApiError as error:
            body = {"ok": False, "error": error.code, **error.more}
        if fault is not None and fault.kind == "drop":
            return hang_up(request)
        headers = {"x-slack-req-id": uuid.uuid4().hex}
        if token == self.bot_token:
            headers["x-oauth-scopes"] = ",".join(sorted(self.slack.scopes))
        return web.json_response(body, headers=headers)

    def _run(self, method: str, args: Json, token: str) -> Json:
        if not token:
            raise ApiError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise ApiError("invalid_auth")
        wants_app_token = method == "apps.connections.open"
        if wants_app_token != (token == self.app_token):
            raise ApiError("not_allowed_token_type")
        if wants_app_token:
            return {"url": self.new_socket_url()}
        if method == "auth.test":
            return self._who_am_i()
        if method not in METHODS:
            raise ApiError("unknown_method", req_method=method)
        scope, run = METHODS[method]
        self._need(self._scope_for(method, scope, args))
        return run(self.slack, args)

    def _scope_for(self, method: str, scope: str, args: Json) -> str:
        channel = self.slack.team.channels.get(str(args.get("channel")))
        if method in _BY_KIND and channel is not None:
            kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
            return f"{kind}:{scope.split(':')[1]}"
        return scope

    def _need(self, scope: str) -> None:
        if scope and scope not in self.slack.scopes:
            provided = ",".join(sorted(self.slack.scopes))
            raise ApiError("missing_scope", needed=scope, provided=provided)

    def _who_am_i(self) -> Json:
        team = self.slack.team
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": team.users[team.bot_user_id].name,
            "team_id": team.id,
            "user_id": team.bot_user_id,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }


async def read_args(request: web.Request) -> Json:
    """The arguments of a call from its query and its form or JSON body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.text()
        given = json.loads(raw) if raw else {}
        return args | (given if isinstance(given, dict) else {})
    form = await request.post()
    args |= {name: value for name, value in form.items() if isinstance(value, str)}
    return {name: _decoded(name, value) for name, value in args.items()}


def _decoded(name: str, value: Any) -> Any:
    """In forms, Slack takes nested arguments as JSON and truth as 1 or true."""
    if name in _NESTED and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return {"true": True, "false": False}.get(value, value)


async def before(fault: Fault | None, request: web.Request) -> web.StreamResponse | None:
    """What a fault does before the call is looked at; None when the call goes on."""
    if fault is None:
        return None
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "held":
        await fault.released.wait()
    if fault.kind == "ratelimited":
        headers = {"Retry-After": f"{fault.seconds or 1:g}"}
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers=headers)
    if fault.kind == "reset":
        return hang_up(request)
    return None


def hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
