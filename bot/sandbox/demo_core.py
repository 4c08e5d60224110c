"""What a bot knows in the demo: its company's past, a coach, and what comes by the clock."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.app import Core, build_core
from bot.clock import utc_now
from bot.config import environment, load, templates_alone
from bot.features.digests.group import with_parts
from bot.language.query import Kind
from bot.mirror.rows import to_ms
from bot.outbox.plans import COACH as COACH_ASK
from bot.outbox.plans import Plan, team_ask
from bot.people.coaches import Coach
from bot.rendering.digest_views import DigestPart
from bot.sandbox.exec_server import ExecServer
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.world import World

SEED = 7
GROUP, CHANNEL, COACH = "West Coast", "west-coast", "jane@acme.com"
PAST = timedelta(days=90)


@asynccontextmanager
async def demo_core() -> AsyncIterator[Core]:
    """The core of a bot that knows the demo's people, and forgets all of it afterwards."""
    world = World.build(utc_now(), seed=SEED)
    with tempfile.TemporaryDirectory(prefix="execbot-demo-") as folder:
        async with ExecServer(world, clock=utc_now) as exec_server:
            settings = load(
                {
                    **templates_alone(environment()),
                    "EXEC_API_KEY": exec_server.key,
                    "EXEC_API_URL": exec_server.url,
                    "DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}",
                },
                exec_api=True,
            )
            async with build_core(settings) as core:
                await settle_in(core, world)
                coach = Coach(world.person(COACH).id, frozenset((world.group(GROUP).id,)))
                await core.coaches.add(coach, by="")
                yield core


async def settle_in(core: Core, world: World) -> None:
    """Read the last months, all names, and who is in which group, as a bot has after its first
    hours: one that just began says of how little it knows. Raises ExecError."""
    while await core.sync.fill(to_ms(world.now - PAST), "history"):
        pass
    groups = [each.id for each in await core.catalogue.items(*Kind) if each.kind is Kind.GROUP]
    await core.rosters.of(groups)


async def subscribe(core: Core, world: World, team: SlackTeam, manager: str) -> None:
    """A digest in a channel, and a coach with their message, on Monday morning. Raises
    StorageError."""
    group_id = world.group(GROUP).id
    owner, coach = team.user_called(manager), team.user_called(COACH)
    member = world.person(COACH).id
    await core.coaches.add(Coach(member, frozenset({group_id})), by=owner.id)
    coach.role = f"coach of {GROUP}"
    place = team.channel_called(CHANNEL).id
    # The hour is that of the people it is about.
    digest = Plan(place, "every monday 9:00", coach.tz, team_ask(group_id))
    digest = with_parts(digest, frozenset(DigestPart))
    message = Plan(coach.id, "every monday 8:30", coach.tz, COACH_ASK, follows=True)
    for user, plan in ((owner, digest), (coach, message)):
        await core.subscriptions.keep(team.id, user.id, plan)
