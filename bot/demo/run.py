"""The demo: the real bot over HTTP, between a stand-in Exec and a stand-in Slack with a page."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import App, open_app
from bot.clock import utc_now
from bot.demo.exec_server import ExecServer
from bot.demo.slack_page import Page
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import Json, Message, SlackTeam, SlackUser
from bot.demo.world import World
from bot.demo.world_things import Person
from bot.exec_api.budget import Purpose
from bot.features.coach import begin_message
from bot.language.query import Kind
from bot.language.schedule_words import read_schedule
from bot.mirror.query import read_window
from bot.outbox import DeliveryKind, State
from bot.people.coaches import Coach
from bot.serve import all_jobs, open_bot, reason, serve
from bot.settings import ExecSettings, SlackSettings, load
from bot.storage.database import Database
from bot.storage.leases import hello_of
from bot.storage.tables import delivery
from bot.stored_words import digest_words
from bot.subscriptions import new_subscription

GROUP, CHANNEL = "West Coast", "west-coast"
# Personas: a coach, somebody they coach, an admin, a coach whose people left, somebody who isn't in
# Exec, and a guest.
COACH, REP, ADMIN = "jane@acme.com", "liam.murphy@acme.com", "ana@acme.com"
LONE_COACH, STRANGER, GUEST = "hannah.weiss@acme.com", "nora.quinn@acme.com", "gina.guest"
# A manager who is no admin in Exec: the person who runs the bot lets them see everybody.
MANAGER = "mc.dubois@acme.com"
# The zone of the digest. None of its people's lies further west: if it is nine there, Monday's
# nine o'clock has been everywhere.
ZONE = "America/Los_Angeles"
BEFORE_NINE = timedelta(hours=1)  # the coach's message comes at half past eight
# What tests know of the company, and what the demo adds: with it, two quarters at any time of
# the year. The bot reads further back and finds that nobody practiced then.
DAYS, OLDER_DAYS, HISTORY_DAYS = 90, 100, 366
# What is due goes out within seconds. If it doesn't, the page doesn't wait longer.
PATIENCE_SECONDS = 15.0
MOST_STOPS = 7  # of one subscription until Monday

# What somebody may want to try; a typo, and what is refused, show how that is said.
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
EXAMPLES_OF_OTHERS = ("/exec what next", "/exec me", "/exec help")


class DemoClock:
    """Runs as `real` does, `ahead` of it by as much as it was moved."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self._real() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Run on from `moment` (aware)."""
        self.ahead += moment - self()


def next_monday(now: datetime, zone: str) -> datetime:
    """The first Monday 09:00 in an IANA zone that is later than `now`; aware, in that zone."""
    there = now.astimezone(ZoneInfo(zone))
    monday = there.date() - timedelta(days=there.weekday())
    nine = datetime.combine(monday, time(9), there.tzinfo)
    return nine if nine > there else datetime.combine(monday + timedelta(7), time(9), there.tzinfo)


@dataclass(slots=True)
class Demo:
    """The running demo, and what its page offers next to Slack; `url` is the page.

    `over` is set once somebody wants to start over.
    """

    world: World
    exec_server: ExecServer
    slack: SlackServer
    bot: App
    clock: DemoClock
    url: str
    story: DemoStory | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def cast(self) -> list[str]:
        """The ids of the people to start with."""
        return [self.slack.team.user_called(who).id for who in EXAMPLES]

    async def steps(self) -> list[Json]:
        """The steps of the story; none before it begins."""
        return [] if self.story is None else await self.story.steps()

    def examples(self, user: SlackUser) -> Sequence[str]:
        """What suits somebody to try."""
        return EXAMPLES.get(user.email or user.name, EXAMPLES_OF_OTHERS)

    async def jump(self) -> Json:
        """Go to the next Monday 09:00, by way of each scheduled message; where it came to."""
        monday = next_monday(self.clock(), ZONE)
        now = self.clock()
        stops = {
            at
            for one in await self.bot.subscriptions.listed(self.slack.team.id)
            if one.schedule
            for at in one.upcoming(now, MOST_STOPS)
            if at < monday
        }
        await self._deliver()
        for stop in (*sorted(stops), monday):
            self._move_to(stop)
            await self._deliver()
        self.slack.changed()
        return {"ok": True, "at": monday.isoformat(), "zone": ZONE}

    def _move_to(self, moment: datetime) -> None:
        """Let people practice until `moment`, unless waiting took longer than it was away."""
        now = self.clock()
        if moment > now:
            self.world.live_on(now, moment)
            self.clock.move_to(moment)

    async def _deliver(self) -> None:
        """Send what is due: after a jump, a post under way would seem unsure."""
        table, deliver = delivery.c, all_jobs(self.bot)["deliver"].run
        is_waiting = sa.and_(table.state == State.DUE, table.try_at <= self.clock())
        under_way = sa.select(table.id).where(sa.or_(is_waiting, table.state == State.POSTING))
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await deliver()
                while await self.bot.db.row(under_way.limit(1)):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)


@asynccontextmanager
async def demo(
    *,
    port: int = 0,
    clock: Callable[[], datetime] = utc_now,
    world: World | None = None,
    variables: Mapping[str, str] | None = None,
    by_clock: bool = True,
) -> AsyncIterator[Demo]:
    """Everything, on 127.0.0.1; all ports but the page's are free ones.

    Without `by_clock` the bot answers only, and nothing happens unless somebody asks. `clock` is
    the bot's and Exec's; Slack's is the real one, ahead by as much as a `DemoClock` was moved.
    The company is made up to now unless a `world` is given. `variables` win over the demo's own
    settings. Raises OSError for a taken port.
    """
    moving = clock if isinstance(clock, DemoClock) else DemoClock(clock)
    world = world or World(moving())
    signing_secret = secrets.token_hex(16)
    slack = SlackServer(
        team_of(world),
        clock=lambda: datetime.now(UTC) + moving.ahead,
        signing_secret=signing_secret,
        bot_token="xoxb-demo",  # noqa: S106 - opens nothing but this demo
        app_token="xapp-demo",  # noqa: S106
        port=port,
    )
    page = Page(slack)
    page.add_routes(slack.app)
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with ExecServer(world, clock=moving) as exec_server, slack:
            given: dict[str, Any] = {
                "SLACK_BOT_TOKEN": "xoxb-demo",
                "SLACK_SIGNING_SECRET": signing_secret,
                "SLACK_API_URL": slack.api_url,
                "HOST": "127.0.0.1",
                "PORT": "0",
                "EXECBOT_ADMINS": MANAGER,
                **_settings(exec_server, folder),
                **(variables or {}),
            }
            settings = load(SlackSettings, **given)
            async with running(settings, slack, moving, by_clock=by_clock) as bot:
                here = Demo(world, exec_server, slack, bot, moving, f"{slack.base_url}/")
                page.command, page.demo = settings.execbot_command, here
                yield here


def _settings(exec_server: ExecServer, folder: str) -> dict[str, Any]:
    return {
        "EXEC_API_KEY": exec_server.key,
        "EXEC_API_URL": exec_server.url,
        "DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}",
        "EXECBOT_HISTORY_DAYS": DAYS,
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
    """The bot, serving, with the stand-in Slack's requests led to it."""
    stop = asyncio.Event()
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with open_bot(settings, clock=clock) as bot:
        serving = asyncio.create_task(serve(bot, stop, started=port.set_result, by_clock=by_clock))
        try:
            serving.add_done_callback(lambda _: port.cancel())
            try:
                await port
            except asyncio.CancelledError:
                await serving  # it could not start: this raises why
                raise
            slack.request_url = f"http://127.0.0.1:{port.result()}/slack/events"
            yield bot
        finally:
            stop.set()
            await serving


def team_of(world: World) -> SlackTeam:
    """A Slack workspace with everyone of the company, and three who aren't in it."""
    here = [person for person in world.members.values() if not person.is_system]
    people = [(person.name, person.email, _role(person)) for person in here]
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
    for person in here:
        team.user_called(person.email).tz = person.zone
    others = [
        SlackUser("U9001", GUEST, "Gina Guest", role="guest", is_restricted=True),
        SlackUser("U9002", "gus.globex", "Gus Globex", role="elsewhere", is_stranger=True),
        SlackUser("U9003", "nora.quinn", "Nora Quinn", STRANGER, role="not in Exec"),
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


def _role(person: Person) -> str:
    """What someone is called in the demo's list of people, until they coach somebody."""
    if person.email == MANAGER:
        return "admin of the bot"
    return {"admin": "admin", "staff": "from Exec"}.get(person.role, "rep")


async def settle_in(app: App, world: World, days: int = DAYS) -> None:
    """Read the last days, all names, and who is in which group, as a bot has after its first
    hours: one that just began says how little it knows. Raises ExecError."""
    await app.lists.sync()
    await app.mirror.sync_newest(Purpose.PEOPLE)
    while (known := await read_window(app.db)) and known.start > app.clock() - timedelta(days):
        await app.mirror.sync_older(1)
    for group in await app.directory.items(Kind.GROUP):
        await app.lists.use_teams((group.id,))


async def subscribe(app: App, world: World, team: SlackTeam, manager: str) -> None:
    """A digest in a channel, and a coach with their message, on Monday morning. Raises
    StorageError."""
    owner, coach = team.user_called(manager), team.user_called(COACH)
    group_id = world.group(GROUP).id
    await app.coaches.add(Coach(world.person(COACH).id, frozenset({group_id})))
    coach.role = f"coach of {GROUP}"
    # The hour is that of the people it is about.
    nine = read_schedule("every monday 9:00", now=app.clock(), zone=coach.tz)
    words, place = digest_words(group_id), team.channel_called(CHANNEL).id
    await app.subscriptions.add(new_subscription(team.id, owner.id, words, place, nine))
    await begin_message(app, team.id, (await app.people.account(team.id, coach.id)).user)


@asynccontextmanager
async def monday_demo(*, port: int = 0) -> AsyncIterator[Demo]:
    """Monday, nine o'clock: the coach's message and the digest have arrived, and the story begins.

    Raises OSError for a taken port, BotError, and TimeoutError if the coach's message didn't come.
    """
    clock = DemoClock(utc_now)
    clock.move_to(next_monday(clock() + BEFORE_NINE, ZONE) - BEFORE_NINE)
    world = World(clock(), days=DAYS + OLDER_DAYS)
    variables = {"EXECBOT_HISTORY_DAYS": str(HISTORY_DAYS)}
    async with demo(port=port, clock=clock, world=world, variables=variables) as here:
        app, team = here.bot, here.slack.team
        await settle_in(app, world, HISTORY_DAYS)
        await subscribe(app, world, team, ADMIN)
        alone = team.user_called(LONE_COACH)
        alone.role = "coach whose people left"
        coached = Coach(world.person(alone.email or "").id, people=frozenset([world.removed.id]))
        await app.coaches.add(coached)
        await here.jump()
        for who in here.cast:  # have known the bot for a while
            await app.leases.claim(hello_of(team.id, who))
        coach, rep = team.user_called(COACH), team.user_called(REP)
        dm = team.dm_of(coach.id).id
        mine = next((each for each in here.slack.messages if each.channel == dm), None)
        if mine is None:
            raise TimeoutError(f"no message came to {coach.real_name}.")
        here.story = DemoStory(here.slack, app.db, coach, rep, mine)
        here.slack.changed()
        yield here


def run_demo(*, port: int) -> int:
    """Serve the demo until Ctrl-C; the exit code."""
    from bot.observe.logs import set_up

    set_up("WARNING", "text")

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await serve_demo(port, stop, _say_where)

    try:
        asyncio.run(until_stopped())
    except OSError as error:
        print(
            f"I can't listen on port {port} ({reason(error)}). Try: demo --port {port + 1}",
            file=sys.stderr,
        )
        return 1
    return 0


def _say_where(here: Demo) -> None:
    print(f"The demo is at {here.url}  (Ctrl-C ends it)")
    print("Everything in it is made up and stays on this machine.", flush=True)


async def serve_demo(port: int, stop: asyncio.Event, began: Callable[[Demo], object]) -> None:
    """Serve one demo after the other on this port until `stop` is set; `began` is called with
    each. Raises OSError."""
    while not stop.is_set():
        async with monday_demo(port=port) as here:
            began(here)
            ends = [asyncio.create_task(each.wait()) for each in (stop, here.over)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for each in ends:
                each.cancel()


@asynccontextmanager
async def demo_app() -> AsyncIterator[App]:
    """The app of a bot that knows the demo's people, and forgets all of it afterwards."""
    world = World(utc_now())
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with ExecServer(world, clock=utc_now) as exec_server:
            settings = load(ExecSettings, **_settings(exec_server, folder))
            async with open_app(settings) as app:
                await settle_in(app, world)
                coach = Coach(world.person(COACH).id, frozenset((world.group(GROUP).id,)))
                await app.coaches.add(coach)
                yield app


@dataclass(frozen=True, slots=True)
class DemoStory:
    """A coach reads who needs them, nudges somebody, and looks as that person how it arrives.

    A step is done if its own trace is there: a message that was read, a message that was sent.
    `mine` is the coach's message. `rep` is advised; anybody else who is nudged replaces them.
    """

    slack: SlackServer
    database: Database
    coach: SlackUser
    rep: SlackUser
    mine: Message

    async def steps(self) -> list[Json]:
        """The steps in order: a title, whether it is done, where it is done, and who is to be
        found there. Raises StorageError."""
        nudge, person = await self.nudge(), self.rep
        if nudge is not None:
            (member,) = self.slack.team.channels[nudge.channel].members
            person = self.slack.team.users[member]
        first = person.real_name.split()[0]
        at_coach = {"as": self.coach.id, "channel": self.mine.channel, "ts": self.mine.ts}
        at_rep = {"as": person.id, "channel": self.slack.team.dm_of(person.id).id}
        has_read = nudge is not None or self.slack.has_read(self.coach.id, self.mine)
        has_seen = nudge is not None and self.slack.has_read(person.id, nudge)
        nudging = {"title": f"Nudge {first}", "find": person.real_name}
        return [
            {"title": "Read who needs you", "done": has_read, **at_coach},
            {**nudging, "done": nudge is not None, **at_coach},
            {"title": f"See what {first} sees", "done": has_seen, **at_rep},
        ]

    async def nudge(self) -> Message | None:
        """The first nudge that the coach sent; None before. Raises StorageError."""
        table = delivery.c
        is_theirs = sa.and_(table.kind == DeliveryKind.NUDGE, table.owner_id == self.coach.id)
        sent = sa.select(table.ts).where(is_theirs, table.ts != "").order_by(table.planned_at)
        row = await self.database.row(sent.limit(1))
        return None if row is None else self.slack.message(row.ts)
