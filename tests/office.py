"""The bot between a stand-in Slack and a stand-in Exec. Only this module knows how it starts.

People act through signed HTTP requests. Their time is an argument: see `Office.at`.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import sqlalchemy as sa

from bot.app import App
from bot.clock import utc_now
from bot.demo import slack_payloads as payloads
from bot.demo.exec_server import ExecFault, ExecServer
from bot.demo.run import running, team_of
from bot.demo.slack_people import escape_typed
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import Ack, Envelope, SlackMessage, TeamUser, View
from bot.demo.world import World
from bot.demo.world_things import WorldAssignment, WorldPerson, WorldSession
from bot.errors import BotError
from bot.jobs import run_job
from bot.settings import SlackSettings, load
from tests.caught_up import catch_up
from tests.conftest import FakeClock
from tests.processes import BotProcess, Ended, bot_command, bot_process
from tests.shown import Button, find_button, fits, offers, select_of

__all__ = [
    "BERLIN",
    "MANAGER",
    "NOW",
    "Ack",
    "ExecFault",
    "Office",
    "Place",
    "SlackMessage",
    "View",
    "WorldAssignment",
    "WorldSession",
    "berlin",
    "open_office",
]

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)  # a Friday, 10:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
BOT_TOKEN, APP_TOKEN = "xoxb-1-Token", "xapp-1-Token"
SIGNING_SECRET = secrets.token_hex(16)
CHANNEL = "sales-practice"
DELIVER = "deliver"
PERSONAL = "jane@acme.com asked with xoxb-1-Token"
# An admin of the bot who isn't one in Exec.
MANAGER = "mc.dubois"


def berlin(text: str) -> datetime:
    """A time in Berlin: "2026-03-23 9:00"."""
    day, _, clock = text.partition(" ")
    hour, _, minute = (clock or "0:00").partition(":")
    return datetime.fromisoformat(day).replace(hour=int(hour), minute=int(minute), tzinfo=BERLIN)


@cache
def company_of_today() -> World:
    """One company for all tests that use the real clock. They don't change it."""
    return World(utc_now())


@dataclass(kw_only=True)
class Place:
    """People in Slack and their company in Exec. `variables` are the settings of a bot that runs in
    a process of its own."""

    world: World
    exec: ExecServer
    slack: SlackServer
    clock: Callable[[], datetime]
    variables: dict[str, str]
    folder: Path

    # People and channels

    def user(self, who: str) -> str:
        """A Slack id: "jane" is jane@acme.com; other names are user names."""
        emails = {user.email for user in self.slack.team.users.values()}
        email = f"{who}@acme.com"
        return self.slack.team.user_called(email if email in emails else who).id

    def channel(self, name: str) -> str:
        return self.slack.team.channel_called(name).id

    def account(self, who: str) -> TeamUser:
        return self.slack.team.users[self.user(who)]

    def members(self, channel: str) -> list[str]:
        return self.slack.team.channel_called(channel).members

    def person(self, who: str) -> WorldPerson:
        """Somebody in Exec, by name or by the first part of their address."""
        return self.world.person(who if " " in who else f"{who}@acme.com")

    def roster(self, group: str) -> list[WorldPerson]:
        return [person for person in self.world.roster(group) if not person.is_system]

    def add_user(self, name: str, **more: Any) -> str:
        """Add a Slack account to #sales-practice; "Nora New" is nora.new@acme.com."""
        number, handle = len(self.slack.team.users), name.lower().replace(" ", ".")
        user = TeamUser(f"U8{number:03}", handle, name, f"{handle}@acme.com", **more)
        self.members(CHANNEL).append(self.slack.team.add_user(user).id)
        return user.id

    # What people do

    async def act(self, envelope: Envelope) -> Ack:
        ack = await self.slack.deliver(envelope)
        assert ack.ok, ack
        return ack

    async def ask(self, who: str, text: str, channel: str = CHANNEL) -> SlackMessage:
        """Type `/exec text`. Returns the answer."""
        ack = await self.ask_only(who, text, channel)
        return await self.answer_to(who, self.place(who, channel), ack)

    async def ask_only(self, who: str, text: str, channel: str = CHANNEL) -> Ack:
        """Type `/exec text` that opens a form or shows nothing."""
        user, place = self.user(who), self.slack.team.channels[self.place(who, channel)]
        text = escape_typed(self.slack.team, text, should_escape=self.slack.should_escape)
        sent = payloads.command(self.slack, user, place, "/exec", text)
        return await self.act(sent)

    async def tell(self, who: str, text: str, channel: str = "", **more: object) -> SlackMessage:
        """Write to the bot, or mention it in a channel. Returns the answer. `more` has further
        fields of the event."""
        ack = await self.act(self.message_of(who, text, channel, **more))
        return await self.answer_to(who, self.place(who, channel), ack)

    def message_of(self, who: str, text: str, in_channel: str = "", **more: object) -> Envelope:
        """The event of such a message. A field that is None in `more` is left out."""
        user, text = self.user(who), escape_typed(self.slack.team, text)
        inner: dict[str, object] = {"type": "message", "channel_type": "im", "text": text}
        if in_channel:
            inner = {"type": "app_mention", "text": f"<@{self.slack.team.bot_user_id}> {text}"}
        inner |= {"user": user, "channel": self.place(who, in_channel), "ts": self.slack.next_ts()}
        kept = {name: value for name, value in (inner | more).items() if value is not None}
        return payloads.event(self.slack, user, kept)

    async def press(
        self, who: str, message: SlackMessage, label: str, *, on: SlackMessage | None = None
    ) -> SlackMessage:
        """Press a button, or choose from a menu. Returns what the bot shows then. See
        `press_only`."""
        ack = await self.press_only(who, message, label, on=on)
        return await self.answer_to(who, message.channel, ack)

    async def press_only(
        self, who: str, message: SlackMessage, label: str, *, on: SlackMessage | None = None
    ) -> Ack:
        """Press a button that opens a form or shows nothing. `message` may have changed since. A
        forger presses the button of a message they don't see `on` one of their own."""
        return await self._press(who, on or message, find_button(message, label))

    async def forge(
        self, who: str, message: SlackMessage, action_id: str, value: str, menu: str = ""
    ) -> Ack:
        """Press a button, or choose from a menu, that the message doesn't have."""
        element: dict[str, Any] = {"type": "button", "action_id": action_id, "value": value}
        if menu:
            chosen = {"value": f"{action_id}:{value}"}
            element = {"type": "overflow", "action_id": menu, "selected_option": chosen}
        return await self._press(who, message, element)

    async def _press(self, who: str, message: SlackMessage, element: dict[str, Any]) -> Ack:
        user = self.user(who)
        sent = payloads.message_action(self.slack, user, message, element | {"block_id": "b"})
        return await self.act(sent)

    # What people see

    async def answer_to(self, who: str, channel: str, ack: Ack) -> SlackMessage:
        """The first message since then that the bot showed somebody in a channel."""
        said = await self.next_message(who, channel, ack)
        while said.text == "Looking…":
            said = await self.next_message(who, channel, said)
        return said

    async def next_message(self, who: str, channel: str, after: Ack | SlackMessage) -> SlackMessage:
        user = self.user(who)
        return await self.slack.wait_for_message(user, channel, after=after, timeout=30)

    def dms(self, who: str) -> list[SlackMessage]:
        """The bot's messages in its conversation with somebody, as they are now."""
        return self._of_bot(self.place(who))

    def posts(self, channel: str) -> list[SlackMessage]:
        """The bot's messages in a channel that everybody sees."""
        return [post for post in self._of_bot(self.channel(channel)) if post.visible_to is None]

    def form_of(self, who: str) -> View:
        """The form that somebody has open."""
        return self.slack.views[self.user(who)]

    def _of_bot(self, channel: str) -> list[SlackMessage]:
        bot = self.slack.team.bot_user_id
        return [m for m in self.slack.messages if m.channel == channel and m.user == bot]

    def place(self, who: str, channel: str = "") -> str:
        """The id of a channel, or of somebody's conversation with the bot."""
        return self.channel(channel) if channel else self.slack.team.dm_of(self.user(who)).id

    # Exec

    def sessions(
        self, start: datetime, end: datetime | None = None, people: Collection[WorldPerson] = ()
    ) -> list[WorldSession]:
        """The sessions of these people, or of everybody except Exec's own staff, newest first."""
        everybody = (person for person in self.world.people.values() if not person.is_system)
        ids = {person.id for person in people or everybody}
        before = end or self.clock() + timedelta(microseconds=1)
        return [
            session
            for session in self.world.sessions
            if start <= session.created_at < before and session.user_id in ids
        ]

    def requests_to(self, path: str = "/sessions") -> list[dict[str, str]]:
        """The parameters of each request to a path of Exec since `forget_requests`."""
        return [request.params for request in self.exec.requests if fits(request.path, path)]

    def forget_requests(self) -> None:
        self.exec.requests.clear()

    async def from_exec(self, path: str, **params: str) -> Any:
        """Exec's answer to a request of the test itself."""
        headers = {"Authorization": f"Bearer {self.exec.key}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.get(f"{self.exec.url}{path}", params=params) as answer,
        ):
            return await answer.json()

    @contextmanager
    def exec_away(
        self, kind: Any = "status", path: str | None = None, **more: Any
    ) -> Iterator[None]:
        """Exec answers with an error in the meantime."""
        fault = ExecFault(kind, None, path=path, **more)
        self.exec.faults.append(fault)
        try:
            yield
        finally:
            self.exec.faults.clear()
            fault.released.set()

    # Commands of the bot, and the bot as a process

    async def run(self, *words: str, typed: str = "", **variables: str) -> Ended:
        """Run `python -m bot …` to its end. A variable set to "" isn't set."""
        given = {**self.variables, **variables}
        return await bot_command(*words, variables=given, folder=self.folder, typed=typed)

    @asynccontextmanager
    async def started(self, **variables: str) -> AsyncIterator[BotProcess]:
        """The bot in a process of its own, which receives Slack's requests."""
        async with bot_process({**self.variables, **variables}, self.folder) as process:
            self.slack.request_url = f"{process.url}/slack/events"
            yield process


@dataclass(kw_only=True)
class Office(Place):
    """A place whose bot runs in this process. Each method returns once the bot has finished."""

    clock: FakeClock
    bot: App
    url: str
    other: App | None = None
    added: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    # Time

    async def at(self, moment: datetime) -> None:
        """Set the clock, and run the jobs that are due by then."""
        self.clock.now = moment.astimezone(UTC)
        await self.run_jobs()

    async def news_at(self, who: str, moment: datetime) -> SlackMessage | None:
        """Set the clock. Returns the direct message that somebody gets then."""
        before = len(self.dms(who))
        await self.at(moment)
        new = self.dms(who)[before:]
        assert len(new) < 2
        return new[0] if new else None

    async def run_jobs(self) -> None:
        await self._catch_up()
        await asyncio.gather(*map(_run_jobs, self._bots))
        self.wait(seconds=2)
        await self.drain()

    def wait(self, **time: float) -> None:
        """Let time pass without running jobs."""
        self.clock.now += timedelta(**time)

    async def drain(self) -> None:
        """Wait until the bot has finished what it was asked to do."""
        for bot in self._bots:
            await bot.slack.listeners.drain(60)

    @property
    def _bots(self) -> list[App]:
        return [self.bot, *([self.other] if self.other else [])]

    @asynccontextmanager
    async def second_bot(self) -> AsyncIterator[None]:
        """Another process on the same database. It runs the same jobs at the same time, and
        receives Slack's requests."""
        before = self.slack.request_url
        settings = load(SlackSettings, **self.variables)
        async with running(settings, self.slack, self.clock, by_clock=False) as self.other:
            yield
            await self.drain()
        self.other, self.slack.request_url = None, before

    # What people do

    async def act(self, envelope: Envelope) -> Ack:
        await self._catch_up()
        ack = await super().act(envelope)
        await self.drain()
        return ack

    async def answer_to(self, who: str, channel: str, ack: Ack) -> SlackMessage:
        """The last message since then that the bot showed somebody, preferably a private one."""
        user, bot = self.user(who), self.slack.team.bot_user_id
        seen = [
            message
            for message in self.slack.appeared(ack.mark)
            if message.user == bot and self.slack.sees(user, message, message.channel)
        ]
        own = [
            message
            for message in seen
            if message.visible_to == user or message.channel == self.place(who)
        ]
        here = [message for message in own if message.channel == channel]
        messages = here or own or seen
        assert messages, f"{who} saw nothing; problems: {self.slack.problems}"
        return messages[-1]

    async def remove(self, text: str) -> None:
        """As an admin, type a command that removes something, and confirm it if asked."""
        asked = await self.ask("ana", text)
        if offers(asked, Button.REMOVE):
            await self.press("ana", asked, Button.REMOVE)

    async def share(self, who: str, answer: SlackMessage) -> SlackMessage | None:
        """Share an answer in its channel. Returns the post, or None if sharing isn't offered."""
        channel = self.slack.team.channels[answer.channel].name
        before = self.posts(channel)
        if offers(answer, Button.SHARE):
            shown = await self.press(who, answer, Button.SHARE)
            if offers(shown, Button.POST):
                await self.press_only(who, shown, Button.POST)
        new = [post for post in self.posts(channel) if post not in before]
        assert len(new) < 2
        return new[0] if new else None

    async def choose(self, who: str, message: SlackMessage, label: str) -> SlackMessage:
        """Choose an option of a select menu in a message. Returns what the bot shows then."""
        menu = select_of(message, label)
        ack = await self.slack.click(self.user(who), message, menu, label)
        await self.drain()
        return await self.answer_to(who, message.channel, ack)

    async def form(self, who: str, message: SlackMessage, label: str) -> View:
        """Press a button that opens a form."""
        await self.press_only(who, message, label)
        return self.form_of(who)

    async def submit(self, who: str, view: View, values: dict[str, Any] | None = None) -> Ack:
        """Submit a form; its errors are in `view_errors`."""
        ack = await self.slack.submit(self.user(who), view.id, values or {})
        await self.drain()
        return ack

    async def open_home(self, who: str, tab: str = "home") -> View | None:
        ack = await self.slack.home_opened(self.user(who), tab)
        assert ack is not None
        assert ack.ok, ack
        await self.drain()
        return self.slack.homes.get(self.user(who))

    async def press_home(self, who: str, label: str) -> View:
        """Press a button of the Home tab. Returns the tab as it is shown then."""
        view = self.slack.homes[self.user(who)]
        element = find_button(view, label)
        ack = await self.slack.click(self.user(who), view.id, element["action_id"])
        assert ack.ok, ack
        await self.drain()
        return self.slack.homes[self.user(who)]

    # What happens in Exec

    def practice(
        self, who: str, *, days: float = 0, score: float | None = 80, **more: Any
    ) -> WorldSession:
        """Add a session of somebody, this many days ago."""
        at = more.pop("at", None) or self.clock() - timedelta(days=days, seconds=5)
        scenario = more.pop("scenario", "Renewal Save")
        made = self.world.add_session(self.person(who), scenario, at, score=score, **more)
        self.added.append(made.id)
        return made

    def without_sessions(self, *people: str) -> None:
        """Delete the sessions of these people, or all."""
        ids = {self.person(who).id for who in people}
        for session in [*self.world.sessions]:
            if not people or session.user_id in ids:
                self.world.delete(session.id)
                self.gone.append(session.id)

    async def _catch_up(self) -> None:
        """Let the bot read what was added to the past."""
        if self.added or self.gone:
            await catch_up(self.bot.storage.db, self.world, self.added, self.gone)
            self.added, self.gone = [], []

    # What happens in the bot

    @contextmanager
    def bug(self) -> Iterator[None]:
        """Let everything that the bot looks up raise an unexpected error."""

        def fail(*_: object) -> None:
            raise ValueError(PERSONAL)

        engine = self.bot.storage.db.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", fail)
        try:
            yield
        finally:
            sa.event.remove(engine, "before_cursor_execute", fail)


async def _run_jobs(bot: App) -> None:
    """Run all jobs of a bot; deliveries come last."""
    jobs = bot.jobs
    for name in (*(job for job in jobs if job != DELIVER), DELIVER, DELIVER):
        with suppress(BotError):  # it is logged, and comes again
            await run_job(name, jobs[name], bot.storage.leases.renew)


@asynccontextmanager
async def open_place(
    folder: Path, clock: FakeClock | None = None, **settings: str
) -> AsyncIterator[Place]:
    """Slack and Exec without a bot, on the real clock unless one is given."""
    world, now = (World(clock()), clock) if clock else (company_of_today(), utc_now)
    team = team_of(world)
    async with (
        ExecServer(world, clock=now) as exec_server,
        SlackServer(
            team,
            clock=now,
            signing_secret=SIGNING_SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
        ) as slack,
    ):
        slack.trigger_seconds = 600  # Slack's own three are over at once on a busy machine
        for user in team.users.values():
            user.tz = "Europe/Berlin"
        # Few, because the bot asks Slack about each of them.
        few = {f"{who}@acme.com" for who in ("ana", "jane", "priya", "bob", MANAGER)}
        ids = [id_ for id_, user in team.users.items() if user.email in few]
        team.channel_called("west-coast").members = ids
        variables = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
            "EXEC_API_KEY": exec_server.key,
            "EXEC_API_URL": exec_server.url,
            "DATABASE_URL": f"sqlite:///{folder / 'execbot.db'}",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "EXECBOT_ADMINS": f"{MANAGER}@acme.com",
            **settings,
        }
        yield Place(
            world=world,
            exec=exec_server,
            slack=slack,
            clock=now,
            variables=variables,
            folder=folder,
        )


@asynccontextmanager
async def open_office(
    folder: Path,
    settings: Mapping[str, str] | None = None,
    *,
    now: datetime = NOW,
    by_socket: bool = False,
) -> AsyncIterator[Office]:
    """An office whose bot runs in this process. Jobs run only in `Office.at`.

    At the end, asserts that nobody was mentioned and that Slack accepted every message.
    """
    clock = FakeClock(now)
    tokens = {"SLACK_APP_TOKEN": APP_TOKEN} if by_socket else {}
    async with open_place(folder, clock, **tokens, **(settings or {})) as place:
        loaded = load(SlackSettings, **place.variables)
        async with running(loaded, place.slack, clock, by_clock=False) as bot:
            url = place.slack.request_url.removesuffix("/slack/events")
            office = Office(**{**vars(place), "clock": clock}, bot=bot, url=url)
            if by_socket:
                office.slack.request_url = ""
                while not office.slack.sockets.open:  # noqa: ASYNC110 - nothing tells
                    await asyncio.sleep(0.02)
            yield office
            await office.drain()
        bot_id = office.slack.team.bot_user_id
        for message in office.slack.history:
            assert message.user != bot_id or office.slack.mentions_of(message) == []
        assert office.slack.problems == [] or office.slack.unsupported_blocks


async def get_acquainted(folder: Path, settings: Mapping[str, str] | None = None) -> None:
    """Fill the database of a bot with the company's lists, groups and past."""
    async with open_office(folder, settings, now=NOW - timedelta(hours=3)) as office:
        office.world.now = NOW
        await office.ask(MANAGER, "team last 1h")
        await office.ask(MANAGER, 'trend scenario:"Renewal Save" skill:negotiation last 1h')
        for minutes in range(-160, -1, 40):
            await office.at(NOW + timedelta(minutes=minutes))
            await office.ask(MANAGER, "team last 1h")
        await office.at(NOW - timedelta(seconds=10))
        assert re.search(r"\d", (await office.ask("ana", "status")).text)
