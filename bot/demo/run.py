"""The demo: the real bot between stand-ins for Exec and Slack, and a web page to try it on."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import App, open_app, open_bot
from bot.clock import utc_now
from bot.demo.exec_server import ExecServer
from bot.demo.slack_page import DemoPage
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import Json, SlackMessage, SlackTeam, TeamUser
from bot.demo.world import World
from bot.demo.world_things import WorldPerson
from bot.exec.budget import Purpose
from bot.features import register_all
from bot.language.query import Kind
from bot.language.schedule_words import read_schedule
from bot.people.coaches import Coach
from bot.scheduled.delivery import DeliveryKind, State
from bot.scheduled.stored_words import digest_words
from bot.scheduled.subscriptions import new_subscription
from bot.settings import ExecSettings, SlackSettings, load
from bot.slack.server import reason
from bot.storage.leases import hello_of
from bot.storage.sessions import read_window
from bot.storage.tables import delivery

GROUP, CHANNEL = "West Coast", "west-coast"
COACH, REP, ADMIN = "jane@acme.com", "liam.murphy@acme.com", "ana@acme.com"
# A coach whose only rep has left, someone without an Exec account, and a Slack guest.
LONE_COACH, STRANGER, GUEST = "hannah.weiss@acme.com", "nora.quinn@acme.com", "gina.guest"
# Not an admin in Exec: EXECBOT_ADMINS makes them one.
MANAGER = "mc.dubois@acme.com"
ROLES = {COACH: f"coach of {GROUP}", LONE_COACH: "coach without a team", MANAGER: "bot admin"}
EXEC_ROLES = {"admin": "admin", "staff": "Exec staff"}
# Nobody in the company is farther west: at 9:00 AM here, it has been 9:00 AM for everyone.
ZONE = "America/Los_Angeles"
BEFORE_NINE = timedelta(hours=1)  # the coach's message is sent at 8:30
# Two quarters of practice, so that "this quarter" has one to compare with. The bot loads a whole
# year and finds the first half empty.
PRACTICE_DAYS, HISTORY_DAYS = 190, 366
# Deliveries take seconds; the page doesn't wait longer than this for a stuck one.
DELIVERY_SECONDS = 15.0
MAX_STOPS = 7  # of one subscription in a week

# Commands that the page suggests. One has a typo, to show how the bot handles it.
EXAMPLES = {
    COACH: ("/exec how is west coast doing?", "/exec prep @raj", "/exec who improved most?"),
    REP: ("/exec what next", "/exec me", "/exec how is west coast doing?"),
    ADMIN: (
        '/exec team "West Coast"',
        "/exec who improved most this quarter?",
        "/exec sessions last 7d gold",
        "/exec sessions glod",
    ),
    LONE_COACH: ("/exec who needs me?", "/exec me"),
    STRANGER: ("/exec me",),
    GUEST: ("/exec me",),
}
DEFAULT_EXAMPLES = ("/exec what next", "/exec me", "/exec help")


class DemoClock:
    """The machine's clock, moved ahead by `ahead`."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Set the clock to an aware moment; it keeps running from there."""
        self.ahead += moment - self()


def next_monday(now: datetime) -> datetime:
    """The first Monday 9:00 AM in ZONE after `now`, aware and in that zone."""
    local = now.astimezone(ZoneInfo(ZONE))
    monday = local.date() - timedelta(days=local.weekday())
    nine = datetime.combine(monday, time(9), local.tzinfo)
    return nine if nine > local else datetime.combine(monday + timedelta(7), time(9), local.tzinfo)


@dataclass(slots=True)
class Demo:
    """The running demo. Set `restart` to end it and start a new one.

    It suggests three steps: the coach reads who needs them, nudges a rep, and the rep sees the
    nudge.
    """

    world: World
    slack: SlackServer
    bot: App
    clock: DemoClock
    restart: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """The address of the web page."""
        return f"{self.slack.base_url}/"

    @property
    def cast(self) -> list[str]:
        """The Slack ids of the people that the page lists first."""
        return [self.slack.team.user_called(who).id for who in EXAMPLES]

    @property
    def coach(self) -> TeamUser:
        return self.slack.team.user_called(COACH)

    @property
    def coach_messages(self) -> list[SlackMessage]:
        """The messages in the coach's DM with the bot; the first is the weekly coach message."""
        dm = self.slack.team.dm_of(self.coach.id).id
        return [each for each in self.slack.messages if each.channel == dm]

    def examples(self, user: TeamUser) -> Sequence[str]:
        """Commands that the page suggests to a user."""
        return EXAMPLES.get(user.email or user.name, DEFAULT_EXAMPLES)

    async def steps(self) -> list[Json]:
        """The three steps: title, whether done, and the user and channel to do it in. Raises
        StorageError."""
        slack, nudge, rep = self.slack, await self.nudge(), self.slack.team.user_called(REP)
        if nudge is not None:  # the user may have nudged someone else
            (member,) = slack.team.channels[nudge.channel].members
            rep = slack.team.users[member]
        message, first_name = self.coach_messages[0], rep.real_name.split()[0]
        at_coach = {"as": self.coach.id, "channel": message.channel, "ts": message.ts}
        at_rep = {"as": rep.id, "channel": slack.team.dm_of(rep.id).id}
        has_read = nudge is not None or slack.has_read(self.coach.id, message)
        has_seen = nudge is not None and slack.has_read(rep.id, nudge)
        nudging = {"title": f"Nudge {first_name}", "find": rep.real_name}
        return [
            {"title": "Read who needs you", "done": has_read, **at_coach},
            {**nudging, "done": nudge is not None, **at_coach},
            {"title": f"See what {first_name} sees", "done": has_seen, **at_rep},
        ]

    async def nudge(self) -> SlackMessage | None:
        """The first nudge that the coach sent, if any. Raises StorageError."""
        table = delivery.c
        is_nudge = sa.and_(table.kind == DeliveryKind.NUDGE, table.owner_id == self.coach.id)
        sent = sa.select(table.ts).where(is_nudge, table.ts != "").order_by(table.planned_at)
        row = await self.bot.storage.db.row(sent.limit(1))
        return None if row is None else self.slack.message(row.ts)

    async def jump(self) -> None:
        """Move the clock to next Monday, 9:00 AM, stopping at each scheduled message before."""
        monday = next_monday(self.clock())
        now = self.clock()
        stops = {
            at
            for one in await self.bot.scheduled.subscriptions.listed(self.slack.team.id)
            if one.schedule
            for at in one.upcoming(now, MAX_STOPS)
            if at < monday
        }
        await self._deliver_due()
        for stop in (*sorted(stops), monday):
            self._advance(stop)
            await self._deliver_due()
        self.slack.changed()

    def _advance(self, moment: datetime) -> None:
        """Move the clock to `moment`, adding the practice until then."""
        now = self.clock()
        if moment > now:  # a slow delivery may have taken longer
            self.world.advance(now, moment)
            self.clock.move_to(moment)

    async def _deliver_due(self) -> None:
        """Send the due messages and wait: a post in progress during a jump would look lost."""
        table, deliver = delivery.c, self.bot.jobs["deliver"].run
        is_due = sa.and_(table.state == State.DUE, table.try_at <= self.clock())
        pending = sa.select(table.id).where(sa.or_(is_due, table.state == State.POSTING))
        with suppress(TimeoutError):
            async with asyncio.timeout(DELIVERY_SECONDS):
                await deliver()
                while await self.bot.storage.db.row(pending.limit(1)):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)


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
        [each.email for each in world.roster(f"{side} Coast")] for side in ("West", "East")
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
    await app.exec.mirror.sync_newest(Purpose.PEOPLE)
    while (
        window := await read_window(app.storage.db)
    ) and window.start > app.clock() - app.exec.history:
        await app.exec.mirror.sync_older(1)
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
            ends = [asyncio.create_task(each.wait()) for each in (stop, demo.restart)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for each in ends:
                each.cancel()


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
