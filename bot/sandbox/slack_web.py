"""The Web API over HTTP: tokens, scopes, planned faults, and the table of methods."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import slack_web_chat as chat
from bot.sandbox import slack_web_files as files
from bot.sandbox import slack_web_people as people
from bot.sandbox import slack_web_views as views
from bot.sandbox.slack_records import ApiError, Call, Fault, Json
from bot.sandbox.slack_workspace import Workspace

Method = Callable[[Workspace, Json], Json]

# method: (scope or "" for none, what it does)
METHODS: dict[str, tuple[str, Method]] = {
    "users.info": ("users:read", people.users_info),
    "users.lookupByEmail": ("users:read.email", people.users_lookup_by_email),
    "users.list": ("users:read", people.users_list),
    "usergroups.list": ("usergroups:read", people.usergroups_list),
    "usergroups.users.list": ("usergroups:read", people.usergroups_users_list),
    "conversations.info": ("channels:read", people.conversations_info),
    "conversations.list": ("channels:read", people.conversations_list),
    "conversations.members": ("channels:read", people.conversations_members),
    "conversations.history": ("channels:history", people.conversations_history),
    "conversations.open": ("im:write", people.conversations_open),
    "chat.postMessage": ("chat:write", chat.post_message),
    "chat.postEphemeral": ("chat:write", chat.post_ephemeral),
    "chat.update": ("chat:write", chat.update),
    "chat.delete": ("chat:write", chat.delete),
    "chat.unfurl": ("links:write", chat.unfurl),
    "files.getUploadURLExternal": ("files:write", files.get_upload_url),
    "files.completeUploadExternal": ("files:write", files.complete_upload),
    "views.open": ("", views.views_open),
    "views.push": ("", views.views_push),
    "views.update": ("", views.views_update),
    "views.publish": ("", views.views_publish),
}
_NESTED = frozenset({"blocks", "view", "metadata", "attachments", "files", "unfurls"})
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
        token = _token(request, args)
        self.slack.calls.append(Call(method, args))
        fault = self.slack.take_fault(method)
        answer = await before(fault, request)
        if answer is not None:
            return answer
        try:
            if fault is not None and fault.kind not in ("slow", "drop"):
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


def _token(request: web.Request, args: Json) -> str:
    given = str(args.pop("token", "") or "")
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else given


async def before(fault: Fault | None, request: web.Request) -> web.StreamResponse | None:
    """What a fault does before the call is looked at; None when the call goes on."""
    if fault is None:
        return None
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
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
