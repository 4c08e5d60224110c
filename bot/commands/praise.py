"""Praise in a channel: the person is asked first, and it is posted once, only after their yes.

A no, or no answer, is told to nobody. Rights are judged when it is asked, at the yes, and again
before each attempt to post it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.access import Asker
from bot.commands.coach_message import CoachReports
from bot.commands.coach_telling import CoachTelling
from bot.commands.praise_places import PraisePlaces
from bot.env import Env
from bot.errors import ExecError, NotAllowed, NotFound, SlackError, UserError
from bot.language.locale import written_for
from bot.outbox.deliveries import CLOSED, Delivery
from bot.outbox.deliveries import State as Sending
from bot.outbox.praises import LAPSES_AFTER, Praise, Praises, State
from bot.outbox.reasons import Why, refusal
from bot.outbox.rights import why_not_there
from bot.people.audience import Audiences
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.people import People
from bot.rendering.messages import View
from bot.rendering.praise_views import PraiseAskView, PraisePostView
from bot.rendering.views import notice
from bot.storage.handles import Person

log = logging.getLogger(__name__)

NOT_SENT = CLOSED - {Sending.SENT}


@dataclass(frozen=True, slots=True)
class Praising:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    people: People
    catalogue: Catalogue
    coaching: Coaching
    audiences: Audiences
    places: PraisePlaces
    reports: CoachReports
    telling: CoachTelling
    praises: Praises

    async def ask(self, asker: Asker, handle: Person, place: str) -> View:
        """Ask the person whether this channel may hear of their week."""
        person = await self.reports.member(asker, handle)
        if asker.member is None or not await self._coaches(asker, person.id):
            raise UserError("*{name}* is not among your people.", name=person.name)
        if not await self.coaching.coaches.may_name(person.id):
            raise UserError(
                "*{name}* asked not to be named in channels, so I don't ask.", name=person.name
            )
        account = await self.telling.receiver(asker.team_id, person)
        channel = await self._channel(asker, person.id, place)
        feat = await self.reports.feat(asker, person, handle)
        if feat is None:
            raise UserError("I find nothing to praise *{name}* for any more.", name=person.name)
        new = Praise(
            id=self.env.new_id(),
            team_id=asker.team_id,
            coach_id=asker.member.id,
            asked_by=asker.user_id,
            person_id=person.id,
            account_id=account.id,
            place=place,
            feat=feat,
            coach_name=asker.name,
            person_name=person.name,
            asked_at=self.env.clock(),
        )
        held = await self.praises.ask(new)
        if held.state is State.AGREED:
            return notice("*{name}* agreed to this already.", name=person.name)
        # Of an answer nobody hears, so whatever became of it sounds the same.
        said = notice("I've asked *{name}* about this already.", name=person.name)
        if held.id != new.id and held.asked_by != asker.user_id:
            return said
        if held.is_open(self.env.clock()):
            # Once: also where whoever noted it stopped before this.
            view = self._question(held, channel, account.tz)
            state = await self.telling.send(asker, account.id, view, held.id)
            if state in NOT_SENT:
                await self.praises.not_asked(held.id)
                raise UserError(
                    "Slack did not take my message to *{name}*, so I did not ask. Try again in a "
                    "minute.",
                    name=person.name,
                )
        if held.id != new.id:
            return said
        return notice(
            "I've asked *{name}*. *{channel}* hears of it only after a yes.",
            name=person.name,
            channel=channel,
        )

    async def agree(self, asker: Asker, praise: Praise) -> View:
        """The person says yes: it is posted, if the coach may still have that."""
        if not praise.is_open(self.env.clock()):
            return self._over(praise)
        try:
            return await self._agreed(asker, praise)
        except (SlackError, ExecError) as error:
            log.info("praise waits for another yes: %s", type(error).__name__)
            channel = await self.audiences.name(praise.place)
            return replace(self._question(praise, channel, str(asker.zone)), trouble="away")

    async def decline(self, praise: Praise) -> View:
        """The person says no. Nobody is told."""
        if not await self.praises.decline(praise.id):
            return self._over(await self.praises.find(praise.id) or praise)
        return notice("Fine: nothing is posted, and nobody is told.")

    async def _agreed(self, asker: Asker, praise: Praise) -> View:
        try:
            channel = await self._allowed(praise)
        except UserError as error:
            log.info("praise may not be posted any more: %s", type(error).__name__)
            await self.praises.not_asked(praise.id)
            return notice("This can't be posted there any more, so nothing is posted.")
        if not await self.coaching.coaches.may_name(praise.person_id):
            return replace(self._question(praise, channel, str(asker.zone)), trouble="unnamed")
        with written_for(self.env.locale):
            message = self.env.messages.draw(_post(praise))
        if not await self.praises.agree(praise.id, message):
            return self._over(await self.praises.find(praise.id) or praise)
        return notice("Thank you! *{channel}* hears of it in a moment.", channel=channel)

    async def judge(self, delivery: Delivery) -> Why | None:
        """Why what somebody agreed to may not be posted now; looked at before each attempt."""
        praise = await self.praises.of_post(delivery.id)
        if praise is None or not await self.coaching.coaches.may_name(praise.person_id):
            return Why.NO_MORE
        try:
            await self._allowed(praise)
        except UserError as error:
            log.info("praise may not be posted any more: %s", type(error).__name__)
            return Why.NO_MORE
        return None

    async def _allowed(self, praise: Praise) -> str:
        """What the channel is called, if the coach may still have it posted there. Raises
        UserError."""
        coach = await self.people.asker(praise.team_id, praise.asked_by)
        person = await self.catalogue.person(id_=praise.person_id, ask_exec=False)
        if person is None or not await self._coaches(coach, praise.person_id):
            raise NotFound("They are not among the coach's people any more.")
        return await self._channel(coach, praise.person_id, praise.place)

    async def _coaches(self, coach: Asker, person_id: str) -> bool:
        return person_id in await self.coaching.coached(coach)

    async def _channel(self, coach: Asker, person_id: str, place: str) -> str:
        """What the channel is called, if practice may be posted there for the coach: those in it
        may hear of practice, the bot is one of them, and so is the coach or it gets the digest of
        the person's group. Raises NotAllowed, and UserError where that can't be told."""
        seen = await self.audiences.seen(coach.team_id, place)
        if (why := why_not_there(seen.audience)) is not None:
            raise refusal(why)
        if not seen.has_bot:
            raise UserError("I am not in that channel. Invite me there with `/invite` first.")
        if coach.user_id not in seen.ids:
            places = await self.places.of(coach, (person_id,))
            if place not in places[person_id]:
                raise NotAllowed("You are not in that channel. Choose one that you are in.")
        return seen.channel

    def _question(self, praise: Praise, channel: str, zone: str) -> PraiseAskView:
        post = _post(praise)
        return PraiseAskView(praise.id, post, channel, praise.until, zone, self.env.clock())

    def _over(self, praise: Praise) -> View:
        """It waits for no answer any more."""
        if praise.state is State.ASKED:
            days = LAPSES_AFTER.days
            return notice(f"This was asked more than {days} days ago, so nothing is posted.")
        if praise.state is State.AGREED:
            return notice("You said yes to this already.")
        return notice("You said no to this, and nothing was posted.")


def _post(praise: Praise) -> PraisePostView:
    """The words that the person is shown, whatever anybody is called since."""
    feat, names = praise.feat, (praise.coach_name, praise.person_name)
    return PraisePostView(*names, feat.what.value, feat.scenario, feat.number)
