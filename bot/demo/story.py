"""The story of the demo: its people, its clock, and a Monday in three steps."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import App
from bot.clock import utc_now
from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import Json, SlackMessage, TeamUser
from bot.demo.world import World
from bot.scheduled.delivery import DeliveryKind, State
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
        return [message for message in self.slack.messages if message.channel == dm]

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
            for subscription in await self.bot.scheduled.subscriptions.listed(self.slack.team.id)
            if subscription.schedule
            for at in subscription.upcoming(now, MAX_STOPS)
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
