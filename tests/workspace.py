"""A workspace: people in a stand-in Slack, their company in a stand-in Exec, and the bot.

What people do in it goes through the bot's doors: signed requests of Slack, and its commands.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from bot.app import App
from bot.clock import utc_now
from bot.demo.exec_server import ExecServer, Fault
from bot.demo.run import Demo, demo, running, team_of
from bot.demo.slack_payloads import event, message_action
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import Ack, Delivery, Message, View
from bot.demo.world import World
from bot.serve import all_jobs
from bot.settings import SlackSettings, load
from bot.storage.tables import request as request_table
from tests.caught_up import catch_up
from tests.conftest import FakeClock
from tests.processes import BotProcess, Ended, bot_command, bot_process

# The moment of the examples in the query language: 20 March 2026, 10:00 in Berlin.
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
COMMAND = "/exec"
CHANNEL = "sales-practice"
LOCALE = "en-GB"
# How news of an answer that takes longer begins.
PROGRESS = "Looking…"
BOT_TOKEN = "xoxb-1111-2222-BotTokenOfTheTest"
APP_TOKEN = "xapp-1-A0-3333-AppTokenOfTheTest"
SIGNING_SECRET = secrets.token_hex(16)


@dataclass(kw_only=True)
class People:
    """People in a Slack workspace and their company in Exec."""

    world: World
    exec: ExecServer
    slack: SlackServer

    def __post_init__(self) -> None:
        # Slack's own three seconds are over at once on a busy machine.
        self.slack.trigger_seconds = 60

    def user(self, who: str) -> str:
        """The Slack id of someone by e-mail, name or user name; "jane" is jane@acme.com."""
        team = self.slack.team
        known = {user.email for user in team.users.values()}
        email = f"{who}@acme.com"
        return team.user_called(email if email in known else who).id

    def channel(self, name: str = CHANNEL) -> str:
        return self.slack.team.channel_called(name).id

    def dm(self, who: str) -> str:
        """The conversation of someone with the bot."""
        return self.slack.team.dm_of(self.user(who)).id

    async def say(self, who: str, text: str, channel: str = CHANNEL) -> Ack:
        """Type `/exec text`; how Slack's request was answered."""
        return await self.slack.command(self.user(who), self.channel(channel), COMMAND, text)

    async def ask(
        self, who: str, text: str, channel: str = CHANNEL, *, seconds: float = 30
    ) -> Message:
        """Type `/exec text`; the bot's answer."""
        ack = await self.say(who, text, channel)
        assert ack.ok, ack
        return await self.answer_to(who, channel, after=ack, seconds=seconds)

    async def tell(
        self,
        who: str,
        text: str,
        channel: str | None = None,
        *,
        thread_ts: str | None = None,
        seconds: float = 30,
    ) -> Message:
        """Write a message, to the bot itself unless a channel is named; the bot's answer."""
        place = self.dm(who) if channel is None else self.channel(channel)
        said = await self.slack.said(self.user(who), place, text, thread_ts)
        return await self.answer_to(who, place, after=said, seconds=seconds)

    async def answer_to(
        self,
        who: str,
        channel: str = CHANNEL,
        *,
        after: Ack | Message,
        seconds: float = 30,
    ) -> Message:
        """The next message, or replacement, that the bot shows someone; "Looking…" is none yet.

        On a busy machine, anything may take the two seconds after which that is said.
        """
        while True:
            message = await self.next_message(who, channel, after=after, seconds=seconds)
            if not message.text.startswith(PROGRESS):
                return message
            after = message

    async def next_message(
        self,
        who: str,
        channel: str = CHANNEL,
        *,
        after: Ack | Message,
        seconds: float = 30,
    ) -> Message:
        """The next message, or replacement, that the bot shows someone, whatever it is."""
        return await self.slack.wait_for_message(
            self.user(who), self.channel(channel), after=after, timeout=seconds
        )

    async def press(self, who: str, message: Message, label: str) -> Message:
        """Press the button with this label; what the bot shows then."""
        ack = await self.press_only(who, message, label)
        return await self.answer_to(who, message.channel, after=ack)

    async def confirm(
        self, who: str, text: str, label: str = "Remove", channel: str = CHANNEL
    ) -> Message:
        """Type `/exec text`, and press the button that does it; the bot's answer to that."""
        return await self.press(who, await self.ask(who, text, channel), label)

    async def act(self, delivery: Delivery) -> Ack:
        """Let Slack deliver a payload that its own client would not let people make."""
        ack = await self.slack.deliver(delivery)
        assert ack.ok, ack
        return ack

    def message_of(
        self, who: str, text: str, in_channel: str | None = None, **more: object
    ) -> Delivery:
        """The event of a message to the bot itself, or that mentions it in a channel; of anyone.

        `more` is what else stands in the event; what is None there is left out.
        """
        user_id, bot = self.user(who), self.slack.team.bot_user_id
        if in_channel is None:
            place = self.dm(who)
            inner: dict[str, object] = {"type": "message", "channel_type": "im", "text": text}
        else:
            place = self.channel(in_channel)
            inner = {"type": "app_mention", "text": f"<@{bot}> {text}"}
        inner |= {"user": user_id, "channel": place, "ts": self.slack.next_ts(), **more}
        kept = {name: value for name, value in inner.items() if value is not None}
        return event(self.slack, user_id, kept)

    def press_of(
        self, who: str, message: Message, action_id: str, value: str, menu: str = ""
    ) -> Delivery:
        """The payload of a button with this value, or of an entry of a menu, whoever's it is."""
        user_id = self.user(who)
        url = self.slack.new_response_url(user_id, message.channel, message)
        done: dict[str, Any] = {"type": "button", "action_id": action_id, "value": value}
        if menu:
            chosen = {"value": f"{action_id}:{value}"}
            done = {"type": "overflow", "action_id": menu, "selected_option": chosen}
        done["block_id"] = "b"
        return message_action(self.slack, user_id, message, done, url)

    async def press_still(self, who: str, message: Message, label: str) -> Message:
        """Press a button of the message as it stood, whatever has taken its place since."""
        pressed = button(message, label)
        ids = (pressed["action_id"], pressed["value"], pressed.get("menu", ""))
        ack = await self.act(self.press_of(who, message, *ids))
        return await self.answer_to(who, message.channel, after=ack)

    async def open_form(self, who: str, message: Message, label: str) -> View:
        """Press a button that opens a form; the form."""
        await self.press_only(who, message, label)
        views, user = self.slack.views, self.user(who)
        # A modal that shows *Looking…* has no callback_id.
        await self.until(lambda: user in views and bool(views[user].view.get("callback_id")))
        return views[user]

    @contextmanager
    def exec_held(self, path: str | None = None, *, after: int = 0) -> Iterator[None]:
        """Exec takes requests meanwhile, all but the first few, and answers them afterwards."""
        fault = Fault("held", None, path=path, skip=after)
        self.exec.faults.append(fault)
        try:
            yield
        finally:
            self.exec.faults.remove(fault)
            fault.released.set()

    async def until(self, fulfilled: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for what becomes true by something in Slack that changes."""
        with self.slack.watch() as changed:
            async with asyncio.timeout(seconds):
                while not fulfilled():
                    changed.clear()
                    await changed.wait()

    def seen(self, who: str, channel: str = CHANNEL) -> list[Message]:
        """What the bot's messages in a channel are, for someone, as they stand now."""
        bot = self.slack.team.bot_user_id
        visible = self.slack.visible(self.user(who), self.channel(channel))
        return [message for message in visible if message.user == bot]

    def paths(self) -> list[str]:
        """What Exec was asked, since the last `forget`."""
        return [request.path for request in self.exec.requests]

    def forget(self) -> None:
        self.exec.requests.clear()

    async def press_only(self, who: str, message: Message, label: str) -> Ack:
        pressed = button(message, label)
        entry = pressed["text"]["text"] if "menu" in pressed else None
        place = pressed.get("menu", pressed["action_id"])
        ack = await self.slack.click(self.user(who), message, place, entry)
        assert ack.ok, ack
        return ack

    def requests_to(self, path: str = "/sessions") -> list[dict[str, str]]:
        """The parameters of every request that Exec got at `path`, without the paging."""
        paging = ("page", "page_size")
        return [
            {name: value for name, value in request.params.items() if name not in paging}
            for request in self.exec.requests
            if request.path == path
        ]

    def answered(self) -> int:
        """How many answers were sent to a response_url."""
        said = [str(c.args.get("text")) for c in self.slack.calls if c.method == "response_url"]
        return sum(not text.startswith(PROGRESS) for text in said)


@dataclass(kw_only=True)
class Workspace(People):
    """People with the bot in this process, which `a_workspace` opens."""

    clock: FakeClock
    bot: App

    async def deliver(self) -> None:
        """Run the job that delivers what is due."""
        await all_jobs(self.bot)["deliver"].run()

    async def open_home(self, who: str) -> View:
        """Open the bot's Home tab; as it is shown then."""
        ack = await self.slack.home_opened(self.user(who))
        assert ack is not None
        assert ack.ok, ack
        return await self.home(who)

    async def home(self, who: str) -> View:
        """The Home tab once all work is done."""
        await self.bot.drain(30)
        return self.slack.homes[self.user(who)]

    async def press_home(self, who: str, label: str, at: int = 0) -> View:
        """Press a button of the Home tab, of several with that label the one at a place; as the tab
        is shown then."""
        view = self.slack.homes[self.user(who)]
        found = [each for each in buttons(view) if each["text"]["text"] == label]
        assert found, f"no button {label!r} among {labels(view)}"
        ack = await self.slack.click(self.user(who), view.id, found[at]["action_id"])
        assert ack.ok, ack
        return await self.home(who)

    async def leave(self, requests: int, job: str = "newest") -> None:
        """Let all of the day's requests to Exec but so many be used up, hours ago."""
        requests = (await self.bot.budget.left()).day - requests
        at = self.clock() - timedelta(hours=3)
        async with self.bot.db.transaction() as connection:
            rows = [{"sent_at": at, "job": job}] * requests
            await connection.execute(request_table.insert(), rows)


@dataclass(kw_only=True)
class ApartWorkspace(People):
    """People whose bot is a process of its own, started with `variables` in `folder`.

    `separate_workspace` opens it.
    """

    folder: Path
    variables: Mapping[str, str]

    @asynccontextmanager
    async def served(self, clock: FakeClock, **variables: str) -> AsyncIterator[App]:
        """The bot in this process, without its jobs."""
        settings = load(SlackSettings, **{**self.variables, **variables})
        async with running(settings, self.slack, clock, by_clock=False) as bot:
            yield bot

    @property
    def url(self) -> str:
        """The address of the bot that Slack's requests go to."""
        return (self.slack.request_url or "").removesuffix("/slack/events")

    @asynccontextmanager
    async def started(self, **variables: str) -> AsyncIterator[BotProcess]:
        """A bot process that Slack's requests go to."""
        async with bot_process({**self.variables, **variables}, self.folder) as bot:
            self.slack.request_url = f"{bot.url}/slack/events"
            yield bot

    async def run(self, *arguments: str, **variables: str) -> Ended:
        """Another command, with the same settings; a variable set to "" is left out."""
        given = {**self.variables, **variables}
        return await bot_command(*arguments, variables=given, folder=self.folder)

    async def connected(self, *, count: int = 1, seconds: float = 30) -> None:
        """Wait until the bot has a Socket Mode connection, or several."""
        await self.until(lambda: len(self.slack.sockets.open) >= count, seconds)


# Opens one with the given settings.
MakeOffice: TypeAlias = Callable[..., AbstractAsyncContextManager[Workspace]]


@asynccontextmanager
async def a_workspace(
    clock: FakeClock, *, by_clock: bool = False, world: World | None = None, **variables: str
) -> AsyncIterator[Workspace]:
    """One with the bot in this process, its people British and in Berlin; `variables` are the
    bot's settings.

    Without `by_clock` nothing happens unless somebody asks.
    """
    variables = {"EXECBOT_LOCALE": LOCALE, **variables}
    async with demo(clock=clock, world=world, variables=variables, by_clock=by_clock) as here:
        team = here.slack.team
        team.locale = LOCALE
        for user in team.users.values():
            user.tz = "Europe/Berlin"
        # Slack is asked about each person in a channel before a digest comes there.
        few = {f"{who}@acme.com" for who in ("ana", "jane", "priya", "mc.dubois")}
        west = team.channel_called("west-coast")
        west.members = [id_ for id_ in west.members if team.users[id_].email in few]
        _has_read_the_past(here)
        yield Workspace(
            world=here.world, exec=here.exec_server, slack=here.slack, clock=clock, bot=here.bot
        )


def _has_read_the_past(here: Demo) -> None:
    """Let the bot have read what tests add to the past and delete of it, before people act."""
    world, deliver = here.world, here.slack.deliver
    add, delete = world.add_session, world.delete
    added: list[str] = []
    gone: list[str] = []

    def add_session(*args: Any, **more: Any) -> Any:
        made = add(*args, **more)
        added.append(made.id)
        return made

    def delete_session(id_: str) -> None:
        delete(id_)
        gone.append(id_)

    async def deliver_late(*args: Any, **more: Any) -> Ack:
        if added or gone:
            there = [id_ for id_ in added if id_ in world.sessions]
            await catch_up(here.bot.db, world, there, gone)
            added.clear()
            gone.clear()
        return await deliver(*args, **more)

    patched: Any = world
    patched.add_session, patched.delete = add_session, delete_session
    slack: Any = here.slack
    slack.deliver = deliver_late


@cache
def the_world() -> World:
    """One world for all tests of a run; only tests that leave it as it is may use it."""
    return World(utc_now())


@asynccontextmanager
async def separate_workspace(
    folder: Path,
    *,
    database: str | None = None,
    socket: bool = False,
    world: World | None = None,
    **limits: int,
) -> AsyncIterator[ApartWorkspace]:
    """One whose bot is a process of its own, by the real clock; `limits` are Exec's."""
    world = world or the_world()
    async with (
        ExecServer(world, clock=utc_now, **limits) as exec_server,
        SlackServer(
            team_of(world),
            clock=utc_now,
            signing_secret=SIGNING_SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
        ) as slack,
    ):
        variables = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "EXEC_API_KEY": exec_server.key,
            "EXEC_API_URL": exec_server.url,
            "DATABASE_URL": database or f"sqlite:///{folder / 'execbot.db'}",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "EXECBOT_LOCALE": LOCALE,
        }
        slack.team.locale = LOCALE
        if socket:
            variables["SLACK_APP_TOKEN"] = APP_TOKEN
        else:
            variables["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
        yield ApartWorkspace(
            world=world, exec=exec_server, slack=slack, folder=folder, variables=variables
        )


def buttons(message: Message | View) -> list[dict[str, Any]]:
    """All buttons of a message or a Home tab, in order."""
    return [
        element
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory", {}))
        if element.get("type") == "button"
    ]


def entries(message: Message | View) -> list[dict[str, Any]]:
    """All entries of menus of a message or a Home tab, as if they were buttons."""
    found = []
    for block in message.blocks:
        for menu in (*block.get("elements", ()), block.get("accessory", {})):
            for entry in menu.get("options", ()) if menu.get("type") == "overflow" else ():
                name, _, value = entry["value"].partition(":")
                pressed = {"action_id": name, "value": value, "text": entry["text"]}
                found.append({**pressed, "menu": menu["action_id"]})
    return found


def labels(message: Message | View) -> list[str]:
    return [element["text"]["text"] for element in buttons(message)]


def offered(message: Message | View) -> list[str]:
    """All that can be pressed in it, and then all that can be chosen in its menus."""
    return [*labels(message), *(entry["text"]["text"] for entry in entries(message))]


def button(message: Message | View, label: str) -> dict[str, Any]:
    """The button, or the entry of a menu, with this label, or with a number behind it: "Next" is
    "Next 100"."""
    wanted = re.compile(rf"{re.escape(label)}(?: [\d,]+)?")
    found = [
        each
        for each in (*buttons(message), *entries(message))
        if wanted.fullmatch(each["text"]["text"])
    ]
    assert found, f"no button {label!r} among {offered(message)}"
    return found[0]


def table(message: Message) -> list[list[str]]:
    """The cells of the message's data_table, header first; [] without one.

    The column of buttons is left out.
    """
    for block in message.blocks:
        if block["type"] == "data_table":
            last = block["rows"][-1]
            kept = [at for at, cell in enumerate(last) if cell["type"] != "action_cell"]
            return [[row[at]["text"] for at in kept] for row in block["rows"]]
    return []


def column(message: Message, name: str) -> list[str]:
    """The cells of a column, by what its head says."""
    head, *rows = table(message)
    return [row[head.index(name)] for row in rows]


def whose(message: Message) -> set[str]:
    """Whose the rows are: the names in their column, or who was asked about."""
    head, *rows = table(message) or [[]]
    if "Who" in head:
        return set(column(message, "Who"))
    return {re.split(r", |\n", message.text)[1]} if rows else set()


def goes_on(message: Message) -> bool:
    """Whether there is a next page."""
    return any(label.startswith("Next ") for label in labels(message))


def in_rows(message: Message) -> list[dict[str, Any]]:
    """The buttons in the rows of the message's tables."""
    return [
        cell["element"]
        for block in message.blocks
        for row in block.get("rows", ())
        for cell in row
        if cell["type"] == "action_cell"
    ]
