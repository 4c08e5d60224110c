"""What comes by the clock in the demo: a digest in a channel, and a coach with their message."""

from __future__ import annotations

from bot.app import Core
from bot.features.digests.group import with_parts
from bot.outbox.plans import COACH as COACH_ASK
from bot.outbox.plans import Plan, team_ask
from bot.people.coaches import Coach
from bot.rendering.digest_views import DigestPart
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.world import World

GROUP, CHANNEL, COACH = "West Coast", "west-coast", "jane@acme.com"


async def subscribe(core: Core, world: World, team: SlackTeam, manager: str) -> None:
    """Set up both, for Monday morning. Raises StorageError."""
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
