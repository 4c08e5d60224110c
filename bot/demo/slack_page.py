"""The demo's web page: static files, and JSON about one chosen person.

GET  /demo/team                      people, names, who the bot is
GET  /demo/state?as=U…&channel=C…    what this person sees there; with since=REVISION what changed
GET  /demo/stream?as=U…              server-sent events: the revision, at every change
POST /demo/command|say|act|submit|close|opened|read|reload
POST /demo/story|jump|over           dismiss the steps, move the time ahead, start over: in a demo
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from bot.demo.slack_people import People
from bot.demo.slack_workspace import Ack, Json, Message, SlackUser, View

_FILES = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
_BEAT_SECONDS = 15
# A command of Slack's own.
_INVITE: Json = {
    "command": "/invite",
    "usage_hint": "@exec",
    "description": "Invite the app to this channel",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Tour(Protocol):
    """What a demo adds to the page: steps to follow, commands to try, a time that can be moved."""

    async def steps(self) -> list[Json] | None:
        """The steps as the page shows them; None where there are none, or not any more."""
        ...

    def dismiss(self) -> None:
        """Show the steps no more."""
        ...

    def examples(self, user: SlackUser) -> list[Json]:
        """What suits a person to try: the text that is sent, and a note beside it."""
        ...

    async def jump(self) -> Json:
        """Move the time ahead; where it came to."""
        ...

    def start_over(self) -> None:
        """End this demo, for another one to begin."""
        ...


@dataclass(slots=True)
class Page:
    """The routes of the page over one workspace.

    `commands` are the workspace's slash commands, as an app's manifest describes them; `tour` is
    what a demo adds.
    """

    slack: People
    commands: Sequence[Json] = ({"command": "/exec"},)
    tour: Tour | None = None
    _closing: bool = False
    # Revisions begin anew with each start, and a page may outlive one.
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    def add_routes(self, app: web.Application) -> None:
        """Put the page into the server's application."""
        app.router.add_get("/", self._file)
        app.router.add_get("/page/{name}", self._file)
        app.router.add_get("/demo/team", _guarded(self._team))
        app.router.add_get("/demo/state", _guarded(self._state))
        app.router.add_get("/demo/stream", _guarded(self._stream))
        app.router.add_get("/demo/files/{id}", _guarded(self._download))
        app.router.add_post("/demo/{act}", _guarded(self._act))
        app.on_shutdown.append(self._close)

    async def _close(self, _app: web.Application) -> None:
        self._closing = True
        self.slack.changed()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file that the bot sent somebody."""
        file = self.slack.files.get(request.match_info["id"])
        if file is None or not file.shared:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="text/csv", headers=_HEADERS)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        path = _FILES / name
        kind = _TYPES.get(path.suffix)
        if kind is None or path.parent != _FILES or not path.is_file():
            raise web.HTTPNotFound
        body = path.read_text(encoding="utf-8")
        return web.Response(text=body, content_type=kind, charset="utf-8", headers=_HEADERS)

    async def _team(self, _request: web.Request) -> web.StreamResponse:
        team, tour = self.slack.team, self.tour
        people = [
            {
                **{name: getattr(user, name) for name in ("id", "name", "real_name", "role", "tz")},
                "examples": tour.examples(user) if tour else [],
            }
            for user in team.users.values()
            if not (user.is_bot or user.deleted or user.is_stranger)
        ]
        return _json(
            {
                "name": team.name,
                "bot": {
                    "id": team.bot_user_id,
                    "handle": team.users[team.bot_user_id].name,
                    "name": team.bot_name,
                },
                "people": people,
                "cast": list(team.cast),
                "commands": [*self.commands, _INVITE],
                "is_demo": tour is not None,
                "users": {user.id: user.real_name for user in team.users.values()},
                "channels": {each.id: each.name for each in team.channels.values()},
                "usergroups": {each.id: each.handle for each in team.usergroups.values()},
            }
        )

    async def _state(self, request: web.Request) -> web.StreamResponse:
        """What is to be seen, or with `since`, a revision from here, what changed after it."""
        query = request.query
        held = Held(
            user_id=self._who(query.get("as", "")),
            channel=query.get("channel", ""),
            since=self._number(query.get("since", "")),
            view=query.get("view", ""),
            home=query.get("home", ""),
        )
        seen = difference(self.slack, held)
        revision = f"{self._run}.{self.slack.revision}"
        if "channel" in seen and self.tour is not None:
            seen["story"] = await self.tour.steps()
        return _json({"revision": revision, **seen})

    def _number(self, revision: str) -> int | None:
        """The number of a revision; None for one that is not of this run."""
        run, _, number = revision.partition(".")
        return int(number) if run == self._run and number.isdecimal() else None

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        self._who(request.query.get("as", ""))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **_HEADERS})
        await response.prepare(request)
        with self.slack.watch() as event, suppress(ConnectionError):
            while not self._closing:
                await response.write(f"data: {self.slack.revision}\n\n".encode())
                # A beat now and then shows whether the page is still there.
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), _BEAT_SECONDS)
                event.clear()
        return response

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """Do what the person did on the page, and say how the bot's ack went."""
        given = await _given(request)
        acts = {
            "command": self._command,
            "say": self._say,
            "act": self._click,
            "submit": self._submit,
            "close": self._close_view,
            "opened": self._opened,
            "read": self._read,
            "reload": self._reload,
            "story": self._dismiss,
            "jump": self._jump,
            "over": self._start_over,
        }
        act = acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        outcome = await act(self._who(str(given.get("as"))), given)
        return _json(outcome if isinstance(outcome, dict) else _outcome(outcome))

    async def _command(self, user_id: str, given: Json) -> Ack | None:
        name, _, text = str(given["text"]).partition(" ")
        bot = self.slack.team.users[self.slack.team.bot_user_id]
        if (name, text.strip().casefold()) == (_INVITE["command"], f"@{bot.name}"):
            self.slack.notice(user_id, given["channel"], str(given["text"]), "typed")
            return await self.slack.invite(user_id, given["channel"])
        if name not in {each["command"] for each in self.commands}:
            self._unknown(user_id, given["channel"], name, str(given["text"]))
            return None
        return await self.slack.command(user_id, given["channel"], name, text)

    def _unknown(self, user_id: str, channel: str, name: str, line: str) -> None:
        """What Slack answers itself: no app hears of it."""
        self.slack.notice(user_id, channel, line, "typed")
        self.slack.notice(
            user_id,
            channel,
            f"{name} is not a valid command. Slack reads every message that begins with / as a "
            "command. To send it as a message, put a space before the /.",
            "failed",
        )

    async def _say(self, user_id: str, given: Json) -> None:
        thread = given.get("thread_ts")
        await self.slack.said(user_id, given["channel"], str(given["text"]), thread)

    async def _click(self, user_id: str, given: Json) -> Ack:
        return await self.slack.click(
            user_id,
            given["where"],
            given["action_id"],
            given.get("value"),
            values=given.get("values"),
        )

    async def _submit(self, user_id: str, given: Json) -> Ack:
        return await self.slack.submit(user_id, given["view"], given.get("values"))

    async def _close_view(self, user_id: str, given: Json) -> None:
        self.slack.close(user_id, given["view"])

    async def _opened(self, user_id: str, given: Json) -> Ack | None:
        """Look at one of the tabs of the app's own page; no other place is told of."""
        if given["channel"] != self.slack.team.dm_of(user_id).id:
            return None
        return await self.slack.home_opened(user_id, given["tab"])

    async def _read(self, user_id: str, given: Json) -> None:
        self.slack.mark_read(user_id, given["channel"], given["ts"])

    async def _reload(self, user_id: str, _given: Json) -> None:
        """The page was opened anew, and modals end with the page that showed them."""
        if self.slack.views.pop(user_id, None):
            self.slack.changed()

    async def _dismiss(self, _user_id: str, _given: Json) -> None:
        self._demo().dismiss()
        self.slack.changed()

    async def _jump(self, _user_id: str, _given: Json) -> Json:
        """Move the time ahead, for everybody who looks."""
        where = await self._demo().jump()
        self.slack.changed()
        return where

    async def _start_over(self, _user_id: str, _given: Json) -> None:
        self._demo().start_over()

    def _demo(self) -> Tour:
        if self.tour is None:
            raise web.HTTPNotFound
        return self.tour

    def _who(self, user_id: str) -> str:
        if user_id not in self.slack.team.users:
            raise web.HTTPBadRequest(text="nobody is called that")
        return user_id


async def _given(request: web.Request) -> Json:
    """The body. No other page can send JSON here without being asked first, and refused."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body: Json = await request.json()
    return body


def _guarded(handler: Handler) -> Handler:
    """Answer only under a local name, so that no foreign page can reach in by DNS."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        name = request.host.rsplit(":", 1)[0]
        bound_here = request.transport is not None and (
            request.transport.get_extra_info("sockname") or ("",)
        )[0].startswith("127.")
        if bound_here and name not in _LOCAL:
            raise web.HTTPForbidden
        try:
            return await handler(request)
        except (KeyError, ValueError) as error:
            return _json({"ok": False, "error": str(error)}, status=400)

    return guarded


def _outcome(ack: Ack | None) -> Json:
    if ack is None:
        return {"ok": True}
    return {"ok": ack.ok, "error": ack.error, "errors": ack.view_errors}


def _json(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json", headers=_HEADERS)


# What a person sees, or only what changed since they last looked.


@dataclass(frozen=True, slots=True)
class Held:
    """What a page has already: a channel up to a revision, and the views it shows, by `key_of`.

    Without a revision it has nothing.
    """

    user_id: str
    channel: str = ""
    since: int | None = None
    view: str = ""
    home: str = ""


def difference(slack: People, held: Held) -> Json:
    """What the page needs, beside the revision, to show the state as it is now.

    `whole` says that it replaces what the page has. Without it, `messages` and `notices` are new
    or changed, and `removed` are the times of messages that are gone. A view that the page has is
    named by its key alone. Nothing but the time, where nothing changed.
    """
    if held.since == slack.revision:
        return {"now": slack.now()}
    user_id = held.user_id
    dm = slack.team.dm_of(user_id).id
    channels = _channels(slack, user_id, dm)
    channel = held.channel
    since = held.since
    if channel not in {each["id"] for each in channels}:
        channel, since = dm, None
    after = -1 if since is None else since
    return {
        "now": slack.now(),
        "whole": since is None,
        "channel": channel,
        "channels": channels,
        "messages": [
            asdict(each) for each in slack.visible(user_id, channel) if each.revision > after
        ],
        "removed": [
            each.ts for each in slack.gone if each.revision > after and each.channel == channel
        ],
        "notices": [
            asdict(each)
            for each in slack.notices
            if each.user_id == user_id and each.channel == channel and each.revision > after
        ],
        "view": _view(slack, slack.open_view(user_id), held.view),
        "home": _view(slack, slack.homes.get(user_id), held.home),
    }


def key_of(view: View) -> str:
    """Names a view with this content."""
    return f"{view.id}-{view.revision}"


def _view(slack: People, view: View | None, held: str) -> Json | None:
    if view is None:
        return None
    named: Json = {"key": key_of(view), "errors": view.errors}
    if key_of(view) == held:
        return named
    content = {name: view.view.get(name) for name in ("title", "submit", "close", "blocks")}
    return {**named, "id": view.id, **content}


def _channels(slack: People, user_id: str, dm: str) -> list[Json]:
    """The channels in the sidebar, and whether there is something unread in each."""
    team = slack.team
    unread = {each.channel for each in _news(slack, user_id)}
    return [
        {
            "id": each.id,
            "name": each.name or team.bot_name,
            "kind": "dm" if each.id == dm else "private" if each.is_private else "public",
            "unread": each.id in unread,
        }
        for each in team.channels.values()
        if each.id == dm or (not each.is_im and user_id in each.members)
    ]


def _news(slack: People, user_id: str) -> Iterator[Message]:
    """What others wrote and this person has not read."""
    for each in slack.messages:
        is_others = each.user != user_id and slack.sees(user_id, each, each.channel)
        if is_others and not slack.has_read(user_id, each):
            yield each
