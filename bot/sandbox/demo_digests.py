"""What comes by the clock in the demo: a digest in a channel, and a coach with their message."""

from __future__ import annotations

from bot.app import Core
from bot.commands.group_digest import with_parts
from bot.outbox.plans import COACH as COACH_ASK
from bot.outbox.plans import Plan, team_ask
from bot.rendering.digest_views import Part
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.world import World
from bot.storage.coaches import Coach

GROUP, CHANNEL, COACH = "West Coast", "west-coast", "jane@acme.com"


async def subscribe(core: Core, world: World, team: SlackTeam, manager: str) -> None:
    """Set up both, and have each sent once now. Raises BotError."""
    group_id = next(id_ for id_, group in world.groups.items() if group.name == GROUP)
    owner, coach = team.user_called(manager), team.user_called(COACH)
    member = next(id_ for id_, person in world.members.items() if person.email == COACH)
    await core.coaches.add(Coach(member, frozenset({group_id})), by=owner.id)
    place = team.channel_called(CHANNEL).id
    # The hour is that of the people it is about.
    digest = Plan(place, "every monday 9:00", coach.tz, team_ask(group_id))
    digest = with_parts(digest, frozenset(Part))
    message = Plan(coach.id, "every monday 8:30", coach.tz, COACH_ASK, follows=True)
    for user, plan in ((owner, digest), (coach, message)):
        one = await core.subscriptions.keep(team.id, user.id, plan)
        await core.deliveries.send_now(one, user.id)
