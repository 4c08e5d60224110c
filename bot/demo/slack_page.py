"""The server side of the demo's web page: static files, and a view of the stand-in Slack.

GET  /demo/team                        users, channels and user groups
GET  /demo/stream?as=U…&channel=C…     server-sent events: what a user sees, after every change
GET  /demo/files/F…                    a file from the bot
POST /demo/command|send|act|submit|close|opened|read|jump|restart
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.demo.slack_people import SlackPeople
from bot.demo.slack_workspace import Ack, Json, View
from bot.demo.story import Demo

FILES = Path(__file__).parent / "page"
LOCAL_HOSTS = ("127.0.0.1", "localhost")
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
HEARTBEAT_SECONDS = 15  # writing to the stream detects a closed page
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class DemoPage:
    """The routes of the page. They answer 503, and the stream waits, until `demo` is set."""

    slack: SlackPeople
    demo: Demo | None = None
    _is_closing: bool = False

    def add_routes(self, app: web.Application) -> None:
        """Add the page to the server's application."""
        app.router.add_get("/", self._index)
        app.router.add_static("/page", FILES)
        app.router.add_get("/demo/team", _guarded(self._team))
        app.router.add_get("/demo/stream", _guarded(self._stream))
        app.router.add_get("/demo/files/{id}", _guarded(self._download))
        app.router.add_post("/demo/{act}", _guarded(self._act))
        app.on_shutdown.append(self._close)

    async def _close(self, _app: web.Application) -> None:
        """End all streams."""
        self._is_closing = True
        self.slack.changed()

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES / "index.html", headers=HEADERS)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file from the bot."""
        file = self.slack.files.get(request.match_info["id"])
        if file is None or not file.shared:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="text/csv", headers=HEADERS)

    async def _team(self, _request: web.Request) -> web.StreamResponse:
        team, demo = self.slack.team, self._ready_demo()
        names = ("id", "name", "real_name", "role", "tz")
        people = [
            {name: getattr(user, name) for name in names} | {"examples": demo.examples(user)}
            for user in team.users.values()
            if not (user.is_bot or user.deleted or user.is_stranger)
        ]
        return _json(
            {
                "name": team.name,
                "bot": team.bot_user_id,
                "people": people,
                "cast": demo.cast,
                "users": {user.id: user.real_name for user in team.users.values()},
                "channels": {channel.id: channel.name for channel in team.channels.values()},
                "usergroups": {
                    usergroup.id: usergroup.handle for usergroup in team.usergroups.values()
                },
            }
        )

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        user_id, channel = request.query.get("as", ""), request.query.get("channel", "")
        self._check_user(user_id)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **HEADERS})
        await response.prepare(request)
        with self.slack.watch() as event, suppress(ConnectionError):
            while not self._is_closing:
                if self.demo is not None:
                    state = await self._state(self.demo, user_id, channel)
                    data = json.dumps(state, ensure_ascii=False)
                    await response.write(f"data: {data}\n\n".encode())
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), HEARTBEAT_SECONDS)
                event.clear()
        return response

    async def _state(self, demo: Demo, user_id: str, channel: str) -> Json:
        """What a user sees in a channel, or in the bot's DM if they aren't a member of it."""
        slack, team = self.slack, self.slack.team
        dm = team.dm_of(user_id).id
        joined = [
            other
            for other in team.channels.values()
            if other.id == dm or (not other.is_im and user_id in other.members)
        ]
        here = channel if channel in {joined_channel.id for joined_channel in joined} else dm
        unread = {
            message.channel
            for message in slack.messages
            if message.user != user_id
            and slack.sees(user_id, message, message.channel)
            and not slack.has_read(user_id, message)
        }
        return {
            "now": slack.now(),
            "channel": here,
            "channels": [
                {
                    "id": joined_channel.id,
                    "name": joined_channel.name or team.bot_name,
                    "kind": "im"
                    if joined_channel.id == dm
                    else "private"
                    if joined_channel.is_private
                    else "public",
                    "is_shared": joined_channel.is_ext_shared,
                    "unread": joined_channel.id in unread,
                }
                for joined_channel in joined
            ],
            "messages": [asdict(message) for message in slack.visible(user_id, here)],
            "notices": [
                asdict(notice)
                for notice in slack.notices
                if (notice.user_id, notice.channel) == (user_id, here)
            ],
            "view": _view(slack.views.get(user_id)),
            "home": _view(slack.homes.get(user_id)),
            "steps": await demo.steps(),
        }

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """Do what a user did on the page; returns whether the bot acknowledged it."""
        # A page from another origin can't send JSON without a preflight, which fails.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        given: Json = await request.json()
        user_id = str(given.get("as"))
        self._check_user(user_id)
        ack = await self._do(self._ready_demo(), request.match_info["act"], user_id, given)
        if ack is None:
            return _json({"ok": True})
        return _json({"ok": ack.ok, "error": ack.error, "errors": ack.view_errors})

    async def _do(self, demo: Demo, act: str, user_id: str, given: Json) -> Ack | None:
        slack, values = self.slack, given.get("values")
        match act:
            case "command":
                return await self._command(demo, user_id, given["channel"], str(given["text"]))
            case "send":
                await slack.send_message(user_id, given["channel"], str(given["text"]))
            case "act":
                where, value = given["where"], given.get("value")
                return await slack.click(user_id, where, given["action_id"], value, values=values)
            case "submit":
                return await slack.submit(user_id, given["view"], values)
            case "close":
                slack.close(user_id, given["view"])
            case "opened":
                if given["channel"] == slack.team.dm_of(user_id).id:
                    return await slack.home_opened(user_id, given["tab"])
            case "read":
                slack.mark_read(user_id, given["channel"], given["ts"])
            case "jump":
                await demo.jump()
            case "restart":
                demo.restart.set()
            case _:
                raise web.HTTPNotFound
        slack.changed()
        return None

    async def _command(self, demo: Demo, user_id: str, channel: str, line: str) -> Ack | None:
        name, _, text = line.partition(" ")
        slack = self.slack
        if name == demo.bot.settings.execbot_command:
            return await slack.command(user_id, channel, name, text)
        slack.notice(user_id, channel, line, "typed")
        error = f"{name} is not a valid command. To send it as a message, add a space before the /."
        slack.notice(user_id, channel, error, "failed")
        return None

    def _ready_demo(self) -> Demo:
        if self.demo is None:
            raise web.HTTPServiceUnavailable
        return self.demo

    def _check_user(self, user_id: str) -> None:
        if user_id not in self.slack.team.users:
            raise web.HTTPBadRequest(text="unknown user")


def _guarded(handler: Handler) -> Handler:
    """A handler that accepts only local host names, against DNS rebinding, and answers 400 if the
    stand-in raises ValueError or KeyError."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.host.rsplit(":", 1)[0] not in LOCAL_HOSTS:
            raise web.HTTPForbidden
        try:
            return await handler(request)
        except (KeyError, ValueError) as error:
            return _json({"ok": False, "error": str(error)}, status=400)

    return guarded


def _json(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json", headers=HEADERS)


def _view(view: View | None) -> Json | None:
    if view is None:
        return None
    content = {name: view.view.get(name) for name in ("title", "submit", "close", "blocks")}
    return {"id": view.id, "key": f"{view.id}-{view.revision}", "errors": view.errors, **content}
