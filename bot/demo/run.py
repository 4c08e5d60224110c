"""The demo: the real bot over HTTP, between a stand-in Exec and a stand-in Slack with a page."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
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
from bot.demo.slack_people import People
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import Json, Message, SlackTeam, SlackUser
from bot.demo.world import World
from bot.demo.world_things import Person
from bot.exec_api.budget import Job
from bot.features.coach import begin_message
from bot.language.query import Kind
from bot.language.schedule_words import read_schedule
from bot.manifest import manifest
from bot.mirror.query import read_window
from bot.outbox import Kind as DeliveryKind
from bot.outbox import State
from bot.people.coaches import Coach
from bot.serve import all_jobs, open_bot, reason, serve
from bot.settings import ExecSettings, SlackSettings, load
from bot.storage.claims import hello_of
from bot.storage.database import Database
from bot.storage.tables import delivery
from bot.stored_words import digest_words
from bot.subscriptions import new_subscription

# What a coach or an admin may want to try.
EXAMPLES = {
    "coach": (
        "/exec how is west coast doing?",
        "/exec prep @raj",
        "/exec who improved most?",
    ),
    "admin": (
        '/exec team "West Coast"',
        "/exec who improved most?",
        "/exec sessions last 7d gold",
    ),
}
TYPO = {"text": "/exec sessions glod", "note": "with a typo"}
REFUSED = {"text": "/exec me", "note": "refused: a guest"}
# Those to look as: a coach, somebody they coach, an admin, and somebody who may see nothing.
REP, ADMIN, GUEST = "liam.murphy@acme.com", "ana@acme.com", "gina.guest"
# The coach's message comes at half past eight, the digest at nine.
BEFORE_NINE = timedelta(hours=1)
# A manager who is no admin in Exec: the person who runs the bot lets them see everybody.
MANAGER = "mc.dubois@acme.com"


@dataclass(slots=True)
class Demo:
    """The running demo, and what its page offers beside Slack; `url` is the page.

    `over` is set once somebody wants to start over.
    """

    world: World
    exec_server: ExecServer
    slack: SlackServer
    bot: App
    jump: Jump
    url: str
    story: DemoStory | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def steps(self) -> list[Json] | None:
        """The steps of the story; None before it begins, and once it was dismissed."""
        return None if self.story is None else await self.story.steps()

    def dismiss(self) -> None:
        """Show the steps no more."""
        if self.story is not None:
            self.story.dismiss()

    def examples(self, user: SlackUser) -> list[Json]:
        """What suits somebody to try, with a note where it shows how something is refused."""
        if user.is_restricted:
            return [REFUSED]
        for kind, texts in EXAMPLES.items():
            if user.role.startswith(kind):
                return [*({"text": each} for each in texts), TYPO]
        return [{"text": each} for each in self._own(self.world.person(user.email or ""))]

    def _own(self, person: Person) -> Iterator[str]:
        """What suits somebody who sees their own practice only."""
        yield "/exec what next"
        yield "/exec me"
        groups = self.world.groups.values()
        if mine := [each.name for each in groups if person.id in self.world.rosters[each.id]]:
            yield f"/exec how is {mine[0].lower()} doing?"
        yield "/exec my last session" if person.id in self.world.sessions.by_user else "/exec help"

    def start_over(self) -> None:
        """End this demo, for another one to begin."""
        self.over.set()


@asynccontextmanager
async def demo(
    *,
    port: int = 0,
    clock: Callable[[], datetime] = utc_now,
    world: World | None = None,
    variables: Mapping[str, str] | None = None,
    by_clock: bool = True,
    monday: bool = False,
) -> AsyncIterator[Demo]:
    """Everything, on 127.0.0.1; all ports but the page's are free ones.

    Without `by_clock` the bot answers only, and nothing happens unless somebody asks. With
    `monday` it is the next Monday, an hour before nine where the digest's people are.

    `clock` is the bot's and Exec's; Slack's is the real one. The page's control moves all of them
    ahead, so that people see one time; requests are signed with the real time all the same.
    The company is made up to now unless a `world` is given. `variables` win over the demo's own
    settings. Raises OSError for a taken port.
    """
    moving = DemoClock(clock)
    if monday:
        moving.move_to(next_monday(moving() + BEFORE_NINE, ZONE) - BEFORE_NINE)
    world = world or World.build(moving(), seed=SEED)
    signing_secret = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with (
            ExecServer(world, clock=moving) as exec_server,
            SlackServer(
                team_of(world),
                clock=lambda: datetime.now(UTC) + moving.ahead,
                signing_secret=signing_secret,
                bot_token="xoxb-demo",  # noqa: S106 - opens nothing but this demo
                app_token="xapp-demo",  # noqa: S106
                port=port,
            ) as slack,
        ):
            given: dict[str, Any] = {
                "SLACK_BOT_TOKEN": "xoxb-demo",
                "SLACK_SIGNING_SECRET": signing_secret,
                "SLACK_API_URL": slack.api_url,
                "EXEC_API_KEY": exec_server.key,
                "EXEC_API_URL": exec_server.url,
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}",
                "HOST": "127.0.0.1",
                "PORT": "0",
                "EXECBOT_ADMINS": MANAGER,
                "EXECBOT_HISTORY_DAYS": PAST.days,
                "EXECBOT_TEMPLATES": os.environ.get("EXECBOT_TEMPLATES") or None,
                **(variables or {}),
            }
            settings = load(SlackSettings, **given)
            async with running(settings, slack, moving, by_clock=by_clock) as bot:
                features = manifest(command=settings.execbot_command)["features"]
                slack.page.commands = features["slash_commands"]
                jump = Jump(moving, world, bot, slack.team.id, all_jobs(bot)["deliver"].run)
                here = Demo(world, exec_server, slack, bot, jump, f"{slack.base_url}/")
                slack.page.tour = here
                yield here


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
    """A Slack workspace with everyone of the company, a guest, and someone from elsewhere."""
    here = [person for person in world.members.values() if not person.is_system]
    people = [(person.name, person.email, _role(person)) for person in here]
    west, east = (
        [each.email for each in world.roster(f"{side} Coast")] for side in ("West", "East")
    )
    team = SlackTeam.from_people(
        people,
        channels={
            "sales-practice": None,
            "west-coast": [*west, "ana@acme.com", MANAGER],
            "with-our-agency": ["jane@acme.com", "ana@acme.com"],
            "with-globex": ["jane@acme.com", "ana@acme.com"],
            "east-coast": [*east, "ana@acme.com"],
        },
        usergroups={"closers": ["jane@acme.com", "bob@acme.com", "priya@acme.com"]},
    )
    for person in here:
        team.user_called(person.email).tz = person.zone
    guest = team.add_user(
        SlackUser("U9001", "gina.guest", "Gina Guest", tz=ZONE, role="guest", is_restricted=True)
    )
    stranger = team.add_user(
        SlackUser("U9002", "gus.globex", "Gus Globex", tz=ZONE, role="elsewhere", is_stranger=True)
    )
    team.channel_called("with-our-agency").members.append(guest.id)
    shared = team.channel_called("with-globex")
    shared.members.append(stranger.id)
    shared.is_ext_shared = True
    team.channel_called("east-coast").has_bot = False  # for who wants to invite it
    team.cast = tuple(team.user_called(who).id for who in (COACH, REP, ADMIN, GUEST))
    return team


def _role(person: Person) -> str:
    """What someone is called in the demo's list of people, until they coach somebody."""
    if person.email == MANAGER:
        return "admin of the bot"
    return {"admin": "admin", "staff": "from Exec"}.get(person.role, "rep")


async def open_monday(here: Demo) -> DemoStory:
    """Monday, nine o'clock: the coach's message and the digest have arrived, and the story begins.

    The demo must be on its `monday`. Raises BotError.
    """
    app, team = here.bot, here.slack.team
    await settle_in(app, here.world)
    await subscribe(app, here.world, team, ADMIN)
    await here.jump()
    coach, rep = team.user_called(COACH), team.user_called(REP)
    for user in (coach, rep):  # who have known the bot for a while
        await app.claims.claim(hello_of(team.id, user.id))
    here.story = DemoStory(here.slack, app.db, coach, rep)
    here.slack.changed()
    return here.story


def run_demo(*, port: int) -> int:
    """Serve the demo until Ctrl-C; the exit code."""
    from bot.observe.logs import set_up

    set_up("WARNING", "text")

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await serve_demo(port, stop)

    try:
        asyncio.run(until_stopped())
    except OSError as error:
        print(
            f"I can't listen on port {port} ({reason(error)}). Try: demo --port {port + 1}",
            file=sys.stderr,
        )
        return 1
    return 0


async def serve_demo(port: int, stop: asyncio.Event) -> None:
    """Serve one demo after the other on this port, until `stop` is set. Raises OSError."""
    is_first = True
    while not stop.is_set():
        async with demo(port=port, monday=True) as here:
            await open_monday(here)
            if is_first:
                print(f"The demo is at {here.url}  (Ctrl-C ends it)")
                print("Everything in it is made up and stays on this machine.", flush=True)
                is_first = False
            ends = [asyncio.create_task(each.wait()) for each in (stop, here.over)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for each in ends:
                each.cancel()


# What the bot knows of the company, and what it sends by the clock.

SEED = 7
GROUP, CHANNEL, COACH = "West Coast", "west-coast", "jane@acme.com"
PAST = timedelta(days=90)


@asynccontextmanager
async def demo_app() -> AsyncIterator[App]:
    """The app of a bot that knows the demo's people, and forgets all of it afterwards."""
    world = World.build(utc_now(), seed=SEED)
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with ExecServer(world, clock=utc_now) as exec_server:
            settings = load(
                ExecSettings,
                EXECBOT_HISTORY_DAYS=PAST.days,
                EXECBOT_TEMPLATES=os.environ.get("EXECBOT_TEMPLATES") or None,
                EXEC_API_KEY=exec_server.key,
                EXEC_API_URL=exec_server.url,
                DATABASE_URL=f"sqlite:///{Path(folder) / 'demo.db'}",
            )
            async with open_app(settings) as app:
                await settle_in(app, world)
                coach = Coach(world.person(COACH).id, frozenset((world.group(GROUP).id,)))
                await app.coaches.add(coach, by="")
                yield app


async def settle_in(app: App, world: World) -> None:
    """Read the last months, all names, and who is in which group, as a bot has after its first
    hours: one that just began says of how little it knows. Raises ExecError."""
    await app.lists.sync()
    await app.mirror.sync_newest(Job.PEOPLE)
    while (known := await read_window(app.db)) and known.start > app.clock() - PAST:
        await app.mirror.sync_older(1)
    groups = [each.id for each in await app.directory.items(Kind.GROUP)]
    for group_id in groups:
        await app.lists.use_teams((group_id,))


async def subscribe(app: App, world: World, team: SlackTeam, manager: str) -> None:
    """A digest in a channel, and a coach with their message, on Monday morning. Raises
    StorageError."""
    group_id = world.group(GROUP).id
    owner, coach = team.user_called(manager), team.user_called(COACH)
    member = world.person(COACH).id
    await app.coaches.add(Coach(member, frozenset({group_id})), by=owner.id)
    coach.role = f"coach of {GROUP}"
    place = team.channel_called(CHANNEL).id
    # The hour is that of the people it is about.
    now = app.clock()
    nine = read_schedule("every monday 9:00", now=now, zone=coach.tz).schedule
    words = digest_words(group_id)
    await app.subscriptions.add(new_subscription(team.id, owner.id, words, place, nine))
    await begin_message(app, team.id, await app.people.slack_user(team.id, coach.id))


# The demo's time, which moves ahead to Monday morning, so that what comes by the clock comes now.
# Only the clock changes: the bot finds what fell due as it does every two seconds, and here at
# once.

# The zone of the demo's digest. No zone of its people lies further west: when it is nine there,
# Monday's nine o'clock has been everywhere.
ZONE = "America/Los_Angeles"
# What is due goes out within seconds. If it does not, whoever pressed waits no longer.
PATIENCE_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.1
MOST_STOPS = 7  # of one subscription until Monday
NINE = time(9)
_WEEK = 7


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
    nine = datetime.combine(monday, NINE, there.tzinfo)
    if nine > there:
        return nine
    return datetime.combine(monday + timedelta(days=_WEEK), NINE, there.tzinfo)


@dataclass(frozen=True, slots=True)
class Jump:
    """Each call goes to the next Monday 09:00; says where it came to, for the page."""

    clock: DemoClock
    world: World
    app: App
    team_id: str
    deliver: Callable[[], Awaitable[None]]
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> Json:
        async with self._one_at_a_time:
            monday = next_monday(self.clock(), ZONE)
            for stop in await self._stops(monday):
                await self._settled()
                self._move(stop)
            await self.deliver()
        return {"ok": True, "at": monday.isoformat(), "zone": ZONE}

    async def _stops(self, monday: datetime) -> list[datetime]:
        """Where to stop on the way: at each scheduled message."""
        now = self.clock()
        times = {
            at
            for one in await self.app.subscriptions.listed(self.team_id)
            if one.schedule
            for at in one.upcoming(now, MOST_STOPS)
            if at < monday
        }
        return [*sorted(times), monday]

    async def _settled(self) -> None:
        """Wait until what is due by now is sent: by a jump, a post under way would seem unsure."""
        await self.deliver()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await self._is_under_way():  # noqa: ASYNC110 - the ledger rings no bell
                    await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _is_under_way(self) -> bool:
        table = delivery.c
        is_waiting = sa.and_(table.state == State.DUE, table.try_at <= self.clock())
        is_worked_on = table.state == State.POSTING
        query = sa.select(table.id).where(sa.or_(is_waiting, is_worked_on)).limit(1)
        async with self.app.db.transaction(reads=True) as connection:
            return (await connection.execute(query)).first() is not None

    def _move(self, moment: datetime) -> None:
        now = self.clock()
        # Waiting may have taken longer than this moment was away.
        if moment > now:
            self.world.live_on(now, moment)
            self.clock.move_to(moment)


# The three steps that the demo's page leads through, and how far whoever looks has come. A step is
# done when its own trace is there: a message that was read, a message that was sent.


@dataclass(slots=True)
class DemoStory:
    """A coach reads who needs them, nudges somebody, and looks as that person how it arrives.

    `rep` is whom the coach is advised to nudge; whoever is nudged takes their place.
    """

    slack: People
    database: Database
    coach: SlackUser
    rep: SlackUser
    _dismissed: bool = field(default=False, init=False)

    def dismiss(self) -> None:
        """Show the steps no more."""
        self._dismissed = True

    async def steps(self) -> list[Json] | None:
        """The steps in order: a title, whether it is done, and where its button leads; None once
        they were dismissed. Raises StorageError."""
        mine = self.of_coach()
        if self._dismissed or mine is None:
            return None
        nudge = await self.nudge()
        person = self.rep if nudge is None else self._owner(nudge)
        first = person.real_name.split()[0]
        at_coach = {"as": self.coach.id, "channel": mine.channel, "ts": mine.ts}
        return [
            {
                "title": "Read who needs you",
                "go": "Open it",
                "done": nudge is not None or self.slack.has_read(self.coach.id, mine),
                **at_coach,
            },
            {
                "title": f"Nudge {first}",
                "go": f"Find {first}",
                "done": nudge is not None,
                **at_coach,
                "find": person.real_name,
            },
            {
                "title": f"See it arrive as {first}",
                "go": "Open it",
                "done": nudge is not None and self.slack.has_read(person.id, nudge),
                "as": person.id,
                "channel": self.slack.team.dm_of(person.id).id,
                "ts": None if nudge is None else nudge.ts,
            },
        ]

    def of_coach(self) -> Message | None:
        """The coach's message; None before it arrives."""
        dm, bot = self.slack.team.dm_of(self.coach.id).id, self.slack.team.bot_user_id
        of_bot = (each for each in self.slack.messages if (each.channel, each.user) == (dm, bot))
        return next(of_bot, None)

    async def nudge(self) -> Message | None:
        """The first nudge that the coach had sent; None before. Raises StorageError."""
        sent = (
            sa.select(delivery.c.ts)
            .where(
                delivery.c.kind == DeliveryKind.NUDGE,
                delivery.c.owner_id == self.coach.id,
                delivery.c.ts != "",
            )
            .order_by(delivery.c.planned_at)
            .limit(1)
        )
        async with self.database.transaction(reads=True) as connection:
            ts = (await connection.execute(sent)).scalar_one_or_none()
        return None if ts is None else self.slack.message(ts)

    def _owner(self, message: Message) -> SlackUser:
        (member,) = self.slack.team.channels[message.channel].members
        return self.slack.team.users[member]
