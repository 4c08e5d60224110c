"""The three steps that the demo's page leads through, and how far whoever looks has come.

A step is done when its own trace is there: a message that was read, a message that was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.outbox.deliveries import DeliveryKind
from bot.sandbox.slack_people import People
from bot.sandbox.slack_records import Json, Message
from bot.sandbox.slack_team import SlackUser
from bot.storage.database import Database
from bot.storage.tables import delivery


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
                delivery.c.kind == DeliveryKind.MESSAGE,
                delivery.c.asked_by == self.coach.id,
                delivery.c.ts != "",
            )
            .order_by(delivery.c.created_at)
            .limit(1)
        )
        async with self.database.transaction(reads=True) as connection:
            ts = (await connection.execute(sent)).scalar_one_or_none()
        return None if ts is None else self.slack.message(ts)

    def _owner(self, message: Message) -> SlackUser:
        (member,) = self.slack.team.channels[message.channel].members
        return self.slack.team.users[member]
