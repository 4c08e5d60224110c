"""What comes to a person themselves: a coach's message, one's own week. Theirs alone to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from bot.access import Asker
from bot.errors import NotFound
from bot.language.schedule_words import read_schedule, written_schedule
from bot.messages.render import Draft
from bot.outbox.describe import Done, Subscribed
from bot.outbox.plans import COACH, ME, Plan, Subscription
from bot.outbox.reasons import paused_by_itself
from bot.outbox.rights import require
from bot.outbox.subscriptions import Subscriptions
from bot.people.coaches import Coaching

# When it comes unless they say otherwise: before the week's first meeting.
USUAL = "every monday 8:30"
USUAL_CLOCK = time(8, 30)
GONE = "This message is not there any more. `{command} {way}` brings it back."
WAYS = {COACH: f"coach digest {USUAL}", ME: "me"}


@dataclass(frozen=True, slots=True)
class OwnMessages:
    """`ask` is one of COACH and ME.

    All raise UserError with what to do instead, SlackError, ExecError and StorageError.
    """

    clock: Callable[[], datetime]
    subscriptions: Subscriptions
    coaching: Coaching
    subscribed: Subscribed

    async def subscribe(self, asker: Asker, ask: str, when: str, *, lead: str) -> Subscription:
        """They get it by this schedule from now on. Raises NotAllowed where it is not theirs."""
        await self.allow(asker, ask)
        reading = read_schedule(
            when, now=self.clock(), zone=str(asker.zone), lead=lead, usual=USUAL_CLOCK
        )
        schedule = reading.schedule
        plan = Plan(
            place=asker.user_id,
            schedule=written_schedule(schedule, zone=False),
            zone=schedule.zone,
            ask=ask,
            follows=not reading.zone_said,
        )
        return await self.subscriptions.keep(asker.team_id, asker.user_id, plan)

    async def begin(self, team_id: str, user_id: str, ask: str, zone: str) -> Subscription | None:
        """Subscribe them by default; a pause of their own stays. None if they once had it and
        stopped it."""
        plan = Plan(place=user_id, schedule=USUAL, zone=zone, ask=ask, follows=True)
        new = await self.subscriptions.keep_first(team_id, user_id, plan)
        one = new or await self.of(team_id, user_id, ask)
        if one is not None and paused_by_itself(one.paused):
            one = await self.subscriptions.resume(one.id)
        return one

    async def of(self, team_id: str, user_id: str, ask: str) -> Subscription | None:
        """What they have, perhaps paused."""
        own = await self.subscriptions.listed(team_id, owner_id=user_id)
        return next((one for one in own if one.is_personal and one.plan.ask == ask), None)

    async def allow(self, asker: Asker, ask: str) -> None:
        """Raises NotAllowed, with the reason, unless they may have such a message."""
        require(asker, await self.coaching.visibility(asker), ask)

    async def resume(self, asker: Asker, one: Subscription) -> Subscription:
        """Resume it, if they still may have it."""
        await self.allow(asker, one.plan.ask)
        return self.there(one, await self.subscriptions.resume(one.id))

    async def saved(self, one: Subscription, done: Done = Done.SAVED) -> Draft:
        """The message about the subscription as it is now."""
        (told,) = await self.subscribed.described((one,))
        return await self.subscribed.saved(one, told, done)

    def there(self, one: Subscription, changed: Subscription | None) -> Subscription:
        """`changed`, unless it was removed meanwhile: NotFound."""
        if changed is None:
            raise self.gone(one.plan.ask)
        return changed

    def gone(self, ask: str) -> NotFound:
        return NotFound(GONE, way=WAYS[ask])
