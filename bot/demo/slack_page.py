"""The demo's web page: static files, and the stand-in Slack as one chosen person sees it.

GET  /demo/team                        people, names, who the bot is
GET  /demo/stream?as=U…&channel=C…     server-sent events: what this person sees, at every change
POST /demo/command|say|act|submit|close|opened|read|jump|over
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.demo.slack_people import People
from bot.demo.slack_workspace import Ack, Json, View

if TYPE_CHECKING:
    from bot.demo.run import Demo

FILES = Path(__file__).parent / "page"
LOCAL = ("127.0.0.1", "localhost")
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
BEAT_SECONDS = 15  # shows whether the page is still there
# What went well, or an ack.
Outcome = Json | Ack | None
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Page:
    """The routes of the page over one workspace.

    Once the demo runs, `demo` is it, and `command` is the bot's slash command.
    """

    slack: People
    command: str = ""
    demo: Demo | None = None
    _closing: bool = False
    # By it a page finds that another demo began.
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    def add_routes(self, app: web.Application) -> None:
        """Put the page into the server's application."""
        app.router.add_get("/", self._index)
        app.router.add_static("/page", FILES)
        app.router.add_get("/demo/team", _guarded(self._team))
        app.router.add_get("/demo/stream", _guarded(self._stream))
        app.router.add_get("/demo/files/{id}", _guarded(self._download))
        app.router.add_post("/demo/{act}", _guarded(self._act))
        app.on_shutdown.append(self._close)

    async def _close(self, _app: web.Application) -> None:
        self._closing = True
        self.slack.changed()

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES / "index.html", headers=HEADERS)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file that the bot sent somebody."""
        file = self.slack.files.get(request.match_info["id"])
        if file is None or not file.shared:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="text/csv", headers=HEADERS)

    async def _team(self, _request: web.Request) -> web.StreamResponse:
        team, names = self.slack.team, ("id", "name", "real_name", "role", "tz")
        demo = self._demo()
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
                "channels": {each.id: each.name for each in team.channels.values()},
                "usergroups": {each.id: each.handle for each in team.usergroups.values()},
            }
        )

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        user_id, channel = self._who(request.query.get("as", "")), request.query.get("channel", "")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **HEADERS})
        await response.prepare(request)
        with self.slack.watch() as event, suppress(ConnectionError):
            while not self._closing:
                state = json.dumps(await self._state(user_id, channel), ensure_ascii=False)
                await response.write(f"data: {state}\n\n".encode())
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), BEAT_SECONDS)
                event.clear()
        return response

    async def _state(self, user_id: str, channel: str) -> Json:
        """Everything that a person sees while they look at a channel, or else at the bot's own."""
        slack, team = self.slack, self.slack.team
        dm = team.dm_of(user_id).id
        theirs = [
            each
            for each in team.channels.values()
            if each.id == dm or (not each.is_im and user_id in each.members)
        ]
        here = channel if channel in {each.id for each in theirs} else dm
        unread = {
            each.channel
            for each in slack.messages
            if each.user != user_id
            and slack.sees(user_id, each, each.channel)
            and not slack.has_read(user_id, each)
        }
        return {
            "run": self._run,
            "now": slack.now(),
            "channel": here,
            "channels": [
                {
                    "id": each.id,
                    "name": each.name or team.bot_name,
                    "kind": "dm" if each.id == dm else "private" if each.is_private else "public",
                    "is_shared": each.is_ext_shared,
                    "unread": each.id in unread,
                }
                for each in theirs
            ],
            "messages": [asdict(each) for each in slack.visible(user_id, here)],
            "notices": [
                asdict(each)
                for each in slack.notices
                if (each.user_id, each.channel) == (user_id, here)
            ],
            "view": _view(slack.views.get(user_id)),
            "home": _view(slack.homes.get(user_id)),
            "story": await self._demo().steps(),
        }

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """Do what the person did on the page, and say how the bot's ack went."""
        # No other page can send JSON here without being asked first, and refused.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        given: Json = await request.json()
        outcome = await self._do(request.match_info["act"], self._who(str(given.get("as"))), given)
        if isinstance(outcome, Ack):
            outcome = {"ok": outcome.ok, "error": outcome.error, "errors": outcome.view_errors}
        return _json(outcome or {"ok": True})

    async def _do(self, act: str, user_id: str, given: Json) -> Outcome:
        slack, values = self.slack, given.get("values")
        match act:
            case "command":
                return await self._command(user_id, given["channel"], str(given["text"]))
            case "say":
                await slack.said(user_id, given["channel"], str(given["text"]))
            case "act":
                where, value = given["where"], given.get("value")
                return await slack.click(user_id, where, given["action_id"], value, values=values)
            case "submit":
                return await slack.submit(user_id, given["view"], values)
            case "close":
                slack.close(user_id, given["view"])
            case "opened":  # a tab of the app's own page; the app gets no event for others
                if given["channel"] == slack.team.dm_of(user_id).id:
                    return await slack.home_opened(user_id, given["tab"])
            case "read":
                slack.mark_read(user_id, given["channel"], given["ts"])
            case "jump":
                return await self._demo().jump()
            case "over":
                self._demo().over.set()
            case _:
                raise web.HTTPNotFound
        slack.changed()
        return None

    async def _command(self, user_id: str, channel: str, line: str) -> Outcome:
        name, _, text = line.partition(" ")
        slack = self.slack
        if name == self.command:
            return await slack.command(user_id, channel, name, text)
        slack.notice(user_id, channel, line, "typed")
        said = f"{name} is not a valid command. To send it as a message, put a space before the /."
        slack.notice(user_id, channel, said, "failed")
        return None

    def _demo(self) -> Demo:
        if self.demo is None:
            raise web.HTTPServiceUnavailable
        return self.demo

    def _who(self, user_id: str) -> str:
        if user_id not in self.slack.team.users:
            raise web.HTTPBadRequest(text="nobody is called that")
        return user_id


def _guarded(handler: Handler) -> Handler:
    """Answer only under a local name, so that no foreign page can reach in by DNS."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.host.rsplit(":", 1)[0] not in LOCAL:
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
