"""Direct messages about coaching: to new coaches, and to people from their coach."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.access import AccountType, Asker
from bot.env import Env
from bot.errors import NotAllowed, NotFound
from bot.language.locale import written_for
from bot.language.query import Member
from bot.language.schedule_words import spoken
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import State
from bot.outbox.due import schedule_of
from bot.outbox.own_messages import OwnMessages
from bot.outbox.plans import COACH, Subscription
from bot.outbox.reasons import paused_by_itself
from bot.people.coach_names import Given
from bot.people.people import People
from bot.rendering.coach_views import CoachAddedView
from bot.rendering.messages import View
from bot.rendering.views import notice
from bot.slack.api import SlackUser


@dataclass(frozen=True, slots=True)
class CoachTelling:
    """All raise SlackError where an account can't be looked up, and StorageError."""

    env: Env
    people: People
    own: OwnMessages
    delivering: Delivering

    async def account(self, team_id: str, coach: Member) -> SlackUser | None:
        """Their Slack account; None if they have none."""
        user_id = await self.people.account_of(team_id, coach)
        return None if user_id is None else await self.people.slack_user(team_id, user_id)

    async def receiver(self, team_id: str, person: Member) -> SlackUser:
        """The account to which something for `person` goes that a coach asked for. Raises NotFound,
        and NotAllowed for one that may not hear of practice."""
        account = await self.account(team_id, person)
        if account is None:
            raise NotFound("I found no Slack account of *{name}*.", name=person.name)
        if account.account_type is not AccountType.FULL:
            raise NotAllowed(
                "I can't write to *{name}* for you: that takes a full Slack account that is "
                "switched on.",
                name=person.name,
            )
        return account

    async def message_of(self, team_id: str, account: SlackUser) -> Subscription | None:
        """Their message about their people, on unless they stopped or paused it themselves."""
        one = await self.own.begin(team_id, account.id, COACH, account.tz)
        if one is not None and paused_by_itself(one.paused):
            one = await self.own.subscriptions.resume(one.id)
        return one

    async def added(
        self, asker: Asker, given: Given, account: SlackUser | None, one: Subscription | None
    ) -> View:
        """Tell the coach; the message to the admin says whether that worked."""
        coach = given.coach
        if account is None:
            return notice(
                "Done: *{coach}* now coaches {whom}. I found no Slack account of theirs, so they "
                "get no message until you link one with `{command} link`.",
                coach=coach.name,
                whom=", ".join((*given.group_names, *given.people_names)),
            )
        seen = await self.people.asker(asker.team_id, account.id)
        now = self.env.clock()
        is_on = one is not None and one.is_on
        upcoming = await self.own.subscribed.next_times(one) if one else ()
        view = CoachAddedView(
            id=one.id if one else self.env.new_id(),
            coach=coach.name,
            added_by=asker.name,
            groups=given.group_names,
            people=given.people_names,
            reach=len(await self.own.coaching.coached(seen)),
            when=spoken(schedule_of(one.plan)) if one and is_on else None,
            upcoming=next(iter(upcoming), None),
            zone=account.tz,
            now=now,
            to_coach=False,
        )
        state = State.SENT
        if account.id != asker.user_id:
            to_coach = replace(view, to_coach=True)
            state = await self.send(asker, account.id, to_coach, self.env.new_id())
        if state not in (State.SENT, State.POSTING):
            return notice(
                "Done: *{coach}* now coaches {whom}. Slack did not take my message to them: "
                "please tell them yourself.",
                coach=coach.name,
                whom=", ".join((*given.group_names, *given.people_names)),
            )
        return replace(view, to_coach=account.id == asker.user_id)

    async def send(self, asker: Asker, user_id: str, view: View, delivery_id: str) -> State:
        """A direct message from `asker` to somebody, once for each `delivery_id`; as
        `Delivering.send`."""
        with written_for(await self.people.locale(asker.team_id, user_id)):
            message = self.env.messages.draw(view)
        return await self.delivering.send(user_id, message, id_=delivery_id, by=asker.user_id)
