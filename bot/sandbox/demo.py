"""The demo: the real bot over HTTP, between a stand-in Exec and a stand-in Slack with a page."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Bot, build_bot
from bot.clock import utc_now
from bot.config import Settings, environment, load, templates_alone
from bot.manifest import UNFURL_DOMAINS, manifest
from bot.sandbox.demo_core import COACH, SEED, settle_in, subscribe
from bot.sandbox.demo_story import DemoStory
from bot.sandbox.demo_time import ZONE, DemoClock, Jump, next_monday
from bot.sandbox.exec_server import ExecServer
from bot.sandbox.slack_records import Json
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.slack_team import SlackTeam, SlackUser
from bot.sandbox.world import World
from bot.sandbox.world_things import Person
from bot.serve import reason, serve
from bot.storage.learned import hello_of

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
    bot: Bot
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
    page: bool = True,
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
                page=page,
            ) as slack,
        ):
            slack.unfurl_domains = UNFURL_DOMAINS
            settings = load(
                {
                    **templates_alone(environment()),
                    "SLACK_BOT_TOKEN": "xoxb-demo",
                    "SLACK_SIGNING_SECRET": signing_secret,
                    "SLACK_API_URL": slack.api_url,
                    "EXEC_API_KEY": exec_server.key,
                    "EXEC_API_URL": exec_server.url,
                    "DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}",
                    "HOST": "127.0.0.1",
                    "PORT": "0",
                    "EXECBOT_ADMINS": MANAGER,
                    **(variables or {}),
                },
                slack=True,
                exec_api=True,
            )
            async with running(settings, slack, moving, by_clock=by_clock) as bot:
                features = manifest(command=settings.execbot_command)["features"]
                slack.page.commands = features["slash_commands"]
                jump = Jump(moving, world, bot.core, bot.core.delivering.run_due)
                here = Demo(world, exec_server, slack, bot, jump, f"{slack.base_url}/")
                slack.page.tour = here
                yield here


@asynccontextmanager
async def running(
    settings: Settings, slack: SlackServer, clock: Callable[[], datetime], *, by_clock: bool = True
) -> AsyncIterator[Bot]:
    """The bot, serving, with the stand-in Slack's requests led to it."""
    stop = asyncio.Event()
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with build_bot(settings, clock=clock) as bot:
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
    team.home_tab = manifest()["features"]["app_home"]["home_tab_enabled"]
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
    core, team = here.bot.core, here.slack.team
    await settle_in(core, here.world)
    await subscribe(core, here.world, team, ADMIN)
    await here.jump()
    coach, rep = team.user_called(COACH), team.user_called(REP)
    for user in (coach, rep):  # who have known the bot for a while
        await core.learned.learn(hello_of(team.id, user.id), "hello")
    here.story = DemoStory(here.slack, core.database, coach, rep)
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
