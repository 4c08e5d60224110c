"""The bot as a process of its own, between a stand-in Exec and a stand-in Slack in the test's."""

from __future__ import annotations

import asyncio
import re
import secrets
import stat
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import aiohttp

from bot.clock import utc_now
from bot.sandbox.demo import SEED, team_of
from bot.sandbox.exec_server import ExecServer
from bot.sandbox.slack_records import Ack, Message
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.world import World
from tests.nursery import PIPE, ROOT, STDOUT, Child, environ, python

__all__ = ["ROOT", "environ"]

BOT_TOKEN = "xoxb-1111-2222-BotTokenOfTheTest"
APP_TOKEN = "xapp-1-A0-3333-AppTokenOfTheTest"
SIGNING_SECRET = secrets.token_hex(16)
# How news of an answer that takes longer begins.
PROGRESS = "Looking…"
LISTENING = re.compile(r"listening on port (\d+)")


@cache
def the_world() -> World:
    """One world for all tests of a run; only tests that leave it as it is may use it."""
    return World.build(utc_now(), seed=SEED)


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that ran to its end."""

    code: int
    out: str
    err: str


async def bot_command(
    *arguments: str, variables: Mapping[str, str], folder: Path, seconds: float = 30
) -> Ended:
    """Run `python -m bot …` to its end."""
    process = await python("-m", "bot", *arguments, env=environ(variables), cwd=folder)
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@dataclass(slots=True)
class BotProcess:
    """`python -m bot run`. `port` is known once it listens; `output` is all it printed."""

    process: Child | asyncio.subprocess.Process
    output: str = ""
    listening: asyncio.Future[int] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    reading: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return self.listening.result()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.output += line.decode()
            found = LISTENING.search(line.decode())
            if found and not self.listening.done():
                self.listening.set_result(int(found[1]))
        if not self.listening.done():
            self.listening.cancel()

    async def listens(self, seconds: float = 30) -> None:
        """Wait until it serves; says what it printed if it does not."""
        try:
            await asyncio.wait_for(asyncio.shield(self.listening), seconds)
        except (TimeoutError, asyncio.CancelledError):
            raise AssertionError(f"the bot did not start:\n{self.output}") from None

    async def ends(self, seconds: float = 30) -> int:
        """The exit code, once it has ended by itself."""
        code = await asyncio.wait_for(self.process.wait(), seconds)
        assert self.reading is not None
        await self.reading
        return code

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return await self.ends()


@asynccontextmanager
async def bot_process(
    variables: Mapping[str, str], folder: Path, *, wait: bool = True, forked: bool = True
) -> AsyncIterator[BotProcess]:
    """The bot, running; killed at the end if it still is.

    Forked from what has everything imported, unless the start itself is to be seen.
    """
    words, env = ("-m", "bot", "run"), environ(variables)
    process: Child | asyncio.subprocess.Process
    if forked:
        process = await python(*words, env=env, cwd=folder, stderr=STDOUT)
    else:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=env, cwd=folder, stdout=PIPE, stderr=STDOUT
        )
    bot = BotProcess(process)
    bot.reading = asyncio.create_task(bot.read())
    try:
        if wait:
            await bot.listens()
        yield bot
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await bot.ends()


@dataclass(slots=True)
class Town:
    """Both stand-ins, and the settings that lead a bot to them."""

    exec: ExecServer
    slack: SlackServer
    folder: Path
    variables: dict[str, str]

    @asynccontextmanager
    async def bot(self, **variables: str) -> AsyncIterator[BotProcess]:
        """A bot process that Slack's requests are led to."""
        async with bot_process({**self.variables, **variables}, self.folder) as bot:
            self.slack.request_url = f"{bot.url}/slack/events"
            yield bot

    async def run(self, *arguments: str, **variables: str) -> Ended:
        """Another command, with the same settings; a variable set to "" is left out."""
        given = {**self.variables, **variables}
        return await bot_command(*arguments, variables=given, folder=self.folder)

    def user(self, email: str) -> str:
        return self.slack.team.user_called(email).id

    def channel(self) -> str:
        return self.slack.team.channel_called("sales-practice").id

    async def connected(self, *, count: int = 1, seconds: float = 30) -> None:
        """Wait until the bot has a Socket Mode connection, or several."""
        with self.slack.watch() as event:
            async with asyncio.timeout(seconds):
                while len(self.slack.sockets.open) < count:
                    event.clear()
                    await event.wait()

    async def say(self, who: str, text: str) -> Ack:
        """Type `/exec text`."""
        return await self.slack.command(self.user(who), self.channel(), "/exec", text)

    async def heard(self, who: str, after: Ack | Message, seconds: float = 30) -> Message:
        """The next message; "Looking…" is none yet."""
        while True:
            message = await self.slack.wait_for_message(
                self.user(who), self.channel(), after=after, timeout=seconds
            )
            if not message.text.startswith(PROGRESS):
                return message
            after = message

    def answered(self) -> int:
        """How many answers were sent to a response_url."""
        said = [str(c.args.get("text")) for c in self.slack.calls if c.method == "response_url"]
        return sum(not text.startswith(PROGRESS) for text in said)

    async def heard_saying(self, who: str, words: str, after: Ack, seconds: float = 30) -> Message:
        """The first message with `words` in it: progress may come before."""
        seen: list[str] = []
        mark: Ack | Message = after
        async with asyncio.timeout(seconds):
            while True:
                mark = await self.heard(who, mark, seconds)
                seen.append(mark.text)
                if words in mark.text:
                    return mark

    async def ask(self, who: str, text: str) -> Message:
        ack = await self.say(who, text)
        assert ack.ok, ack
        return await self.heard(who, ack)


@asynccontextmanager
async def town(
    folder: Path, *, database: str | None = None, socket: bool = False
) -> AsyncIterator[Town]:
    """Both stand-ins, running."""
    world = the_world()

    def clock() -> datetime:
        return utc_now()

    async with (
        ExecServer(world, clock=clock) as exec_server,
        SlackServer(
            team_of(world),
            clock=clock,
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
        }
        if socket:
            variables["SLACK_APP_TOKEN"] = APP_TOKEN
        else:
            variables["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
        yield Town(exec_server, slack, folder, variables)


def modes(folder: Path) -> dict[str, int]:
    """The permissions of each file in a folder."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def fetch(
    url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """GET, or POST with `data`, on a connection of its own."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        method = "GET" if data is None else "POST"
        async with session.request(method, url, data=data, headers=headers) as answer:
            return answer.status, await answer.text()
