"""The demo: the real bot between stand-ins for Exec and Slack, and a web page to try it on."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import App, open_app, open_bot
from bot.clock import utc_now
from bot.demo.exec_server import ExecServer
from bot.demo.slack_page import DemoPage
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import SlackTeam, TeamUser
from bot.demo.story import (
    ADMIN,
    BEFORE_NINE,
    CHANNEL,
    COACH,
    EXAMPLES,
    EXEC_ROLES,
    GROUP,
    GUEST,
    HISTORY_DAYS,
    LONE_COACH,
    MANAGER,
    PRACTICE_DAYS,
    ROLES,
    STRANGER,
    ZONE,
    Demo,
    DemoClock,
    next_monday,
)
from bot.demo.world import World
from bot.demo.world_things import WorldPerson
from bot.exec.budget import Purpose
from bot.features import register_all
from bot.language.query import Kind
from bot.language.schedule_words import read_schedule
from bot.people.coaches import Coach
from bot.scheduled.stored_words import digest_words
from bot.scheduled.subscriptions import new_subscription
from bot.settings import ExecSettings, SlackSettings, load
from bot.slack.server import reason
from bot.storage.leases import hello_of
from bot.storage.sessions import read_window


@asynccontextmanager
async def monday_demo(*, port: int = 0, clock: DemoClock | None = None) -> AsyncIterator[Demo]:
    """Run the demo on 127.0.0.1, from Monday 9:00 AM, when the coach's message and the digest have
    just been posted.

    A given clock is moved to the next Monday. Raises OSError for a port in use,
    BotError, and TimeoutError if the coach's message wasn't posted.
    """
    if clock is None:
        clock = DemoClock()
        clock.move_to(next_monday(clock() + BEFORE_NINE) - BEFORE_NINE)
    world = World(clock(), days=PRACTICE_DAYS)
    signing_secret = secrets.token_hex(16)
    slack = SlackServer(
        team_of(world),
        clock=clock,
        signing_secret=signing_secret,
        bot_token="xoxb-demo",  # noqa: S106 - accepted only by this stand-in
        app_token="xapp-demo",  # noqa: S106
        port=port,
    )
    page = DemoPage(slack)
    page.add_routes(slack.app)
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with ExecServer(world, clock=clock) as exec_server, slack:
            settings = load(
                SlackSettings,
                **_settings(exec_server, folder),
                SLACK_BOT_TOKEN="xoxb-demo",  # noqa: S106
                SLACK_SIGNING_SECRET=signing_secret,
                SLACK_API_URL=slack.api_url,
                HOST="127.0.0.1",
                PORT="0",
                EXECBOT_ADMINS=MANAGER,
            )
            async with running(settings, slack, clock) as bot:
                await load_history(bot)
                await _set_up(bot, world, slack.team)
                demo = Demo(world, slack, bot, clock)
                await demo.jump()
                if not demo.coach_messages:
                    raise TimeoutError(f"{demo.coach.real_name} got no message.")
                page.demo = demo
                slack.changed()
                yield demo


def _settings(exec_server: ExecServer, folder: str) -> dict[str, Any]:
    return {
        "EXEC_API_KEY": exec_server.key,
        "EXEC_API_URL": exec_server.url,
        "DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}",
        "EXECBOT_HISTORY_DAYS": HISTORY_DAYS,
        "EXECBOT_TEMPLATES": os.environ.get("EXECBOT_TEMPLATES") or None,
    }


@asynccontextmanager
async def running(
    settings: SlackSettings,
    slack: SlackServer,
    clock: Callable[[], datetime],
    *,
    by_clock: bool = True,
) -> AsyncIterator[App]:
    """Run the bot, and send it the stand-in Slack's requests. It runs its jobs if `by_clock`."""
    stop = asyncio.Event()
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with open_bot(settings, clock=clock) as bot:
        register_all(bot)
        serving = asyncio.create_task(bot.serve(stop, started=port.set_result, by_clock=by_clock))
        try:
            serving.add_done_callback(lambda _: port.cancel())
            try:
                await port
            except asyncio.CancelledError:
                await serving  # raises the reason why the bot couldn't start
                raise
            slack.request_url = f"http://127.0.0.1:{port.result()}/slack/events"
            yield bot
        finally:
            stop.set()
            await serving


def team_of(world: World) -> SlackTeam:
    """A Slack workspace with everyone in the company, and three people who aren't in Exec."""
    employees = [person for person in world.members.values() if not person.is_system]
    people = [(person.name, person.email, _role(person)) for person in employees]
    west, east = (
        [member.email for member in world.roster(f"{side} Coast")] for side in ("West", "East")
    )
    team = SlackTeam(
        people,
        channels={
            "sales-practice": None,
            "west-coast": [*west, ADMIN, MANAGER],
            "with-our-agency": [COACH, ADMIN],
            "with-globex": [COACH, ADMIN],
            "east-coast": [*east, ADMIN],
        },
        usergroups={"closers": [COACH, "bob@acme.com", "priya@acme.com"]},
    )
    for person in employees:
        team.user_called(person.email).tz = person.zone
    others = [
        TeamUser("U9001", GUEST, "Gina Guest", role="guest", is_restricted=True),
        TeamUser("U9002", "gus.globex", "Gus Globex", role="other workspace", is_stranger=True),
        TeamUser("U9003", "nora.quinn", "Nora Quinn", STRANGER, role="not in Exec"),
    ]
    for other in others:
        other.tz = ZONE
        team.add_user(other)
    team.channel_called("with-our-agency").members.append("U9001")
    shared = team.channel_called("with-globex")
    shared.members.append("U9002")
    shared.is_ext_shared = True
    team.channel_called("east-coast").has_bot = False
    return team


def _role(person: WorldPerson) -> str:
    """The role that the page shows next to a name."""
    return ROLES.get(person.email) or EXEC_ROLES.get(person.role, "rep")


async def load_history(app: App) -> None:
    """Load the history, names and group members at once; by its jobs alone, the bot takes hours.
    Raises ExecError."""
    await app.exec.lists.sync()
    await app.exec.sync.sync_newest(Purpose.PEOPLE)
    while (
        window := await read_window(app.storage.db)
    ) and window.start > app.clock() - app.exec.history:
        await app.exec.sync.sync_older(1)
    for group in await app.people.directory.items(Kind.GROUP):
        await app.exec.lists.use_teams((group.id,))


async def _set_up(app: App, world: World, team: SlackTeam) -> None:
    """Assign two coaches, and schedule a digest and a coach message for Monday morning. Raises
    StorageError."""
    coach, group_id = team.user_called(COACH), world.group(GROUP).id
    await app.people.coaches.add(Coach(world.person(COACH).id, frozenset({group_id})))
    lone_coach, left = world.person(LONE_COACH), world.removed
    await app.people.coaches.add(Coach(lone_coach.id, people=frozenset({left.id})))
    nine = read_schedule("every monday 9:00", now=app.clock(), zone=coach.tz)
    owner, channel = team.user_called(ADMIN), team.channel_called(CHANNEL)
    digest = new_subscription(team.id, owner.id, digest_words(group_id), channel.id, nine)
    await app.scheduled.subscriptions.add(digest)
    account = await app.people.accounts.account(team.id, coach.id)
    await app.scheduled.coach_lists.begin_message(team.id, account.user)
    for who in EXAMPLES:  # no greeting: they have used the bot before
        await app.storage.leases.claim(hello_of(team.id, team.user_called(who).id))


def run_demo(*, port: int) -> int:
    """Serve the demo until Ctrl+C; returns the exit code."""
    from bot.observe.logs import set_up

    set_up("WARNING", "text")

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await serve_demo(port, stop, _print_url)

    try:
        asyncio.run(until_stopped())
    except OSError as error:
        print(
            f"Can't listen on port {port} ({reason(error)}). Try: execbot demo --port {port + 1}",
            file=sys.stderr,
        )
        return 1
    return 0


def _print_url(demo: Demo) -> None:
    print(f"The demo is running at {demo.url} (press Ctrl+C to stop).")
    print("All data is made up and stays on this computer.", flush=True)


async def serve_demo(port: int, stop: asyncio.Event, on_start: Callable[[Demo], object]) -> None:
    """Serve the demo until `stop` is set, with a new one after each restart; `on_start` is called
    with each. Raises OSError."""
    while not stop.is_set():
        async with monday_demo(port=port) as demo:
            on_start(demo)
            ends = [asyncio.create_task(event.wait()) for event in (stop, demo.restart)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()


@asynccontextmanager
async def demo_app() -> AsyncIterator[App]:
    """The app for `execbot ask --demo`: Exec's stand-in, a temporary database, and no Slack."""
    world = World(utc_now(), days=PRACTICE_DAYS)
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with ExecServer(world, clock=utc_now) as exec_server:
            settings = load(ExecSettings, **_settings(exec_server, folder))
            async with open_app(settings) as app:
                await load_history(app)
                coach = Coach(world.person(COACH).id, frozenset((world.group(GROUP).id,)))
                await app.people.coaches.add(coach)
                yield app
