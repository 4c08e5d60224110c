"""Digests and the other scheduled messages: who can set them up and change them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.ask.prepare import Mode
from bot.clock import Now
from bot.errors import NotAllowed, NotFound, UserError
from bot.language.text import shortened
from bot.language.tokens import TokenForm, tokenize
from bot.messages.render import Draft, Drawable, draft
from bot.people.access import Asker
from bot.people.audience import Audience, Audiences
from bot.people.coaches import Coaching
from bot.reports.team import REPORT as TEAM
from bot.scheduled.delivery import REASONS, Reason, Unsent
from bot.scheduled.describe import Describer
from bot.scheduled.draw import Drawer, may_ask
from bot.scheduled.stored_words import NOT_YOURS, StoredWords
from bot.scheduled.subscriptions import GONE, Subscription, Subscriptions
from bot.scheduled.together import DifferenceRule


@dataclass(frozen=True, slots=True)
class Digests:
    """Sets up and changes scheduled messages. Most methods raise UserError."""

    audiences: Audiences
    clock: Now
    coaching: Coaching
    describer: Describer
    drawer: Drawer
    posts: DifferenceRule
    stored_words: StoredWords
    subscriptions: Subscriptions

    async def read_wanted(self, asker: Asker, wanted: str, when: str = "") -> str:
        """A group or a question in stored words; `when` is the schedule typed after it. A button
        that corrects the words sets up that digest."""
        if (await self.coaching.visibility(asker)).sees == "own":
            raise NotAllowed(NOT_YOURS)
        if [token.form for token in tokenize(wanted)] == [TokenForm.QUOTED]:
            wanted = f"{TEAM.name} group:{wanted}"
        try:
            return await self.stored_words.words_of(asker, wanted)
        except UserError as error:
            error.suggestions = tuple(
                replace(way, words=f"digest {way.words} {when}".strip())
                for way in error.suggestions
            )
            raise

    # Rights

    async def check(self, asker: Asker, subscription: Subscription) -> Audience:
        """The channel of a digest. Raises NotAllowed if the asker can't have the digest in it."""
        await self.require(asker, subscription.words)
        readers = await self.readers(asker, subscription.place, subscription.id)
        await self.require_apart(subscription)
        return readers

    async def require(self, asker: Asker, words: str) -> None:
        """Raises NotAllowed if the asker can't have the answer to this question posted."""
        query = (await self.stored_words.resolve(asker.team_id, words)).resolved
        if not may_ask(await self.coaching.visibility(asker), query):
            raise NotAllowed(NOT_YOURS)

    async def require_apart(self, new: Subscription) -> None:
        """Raises NotAllowed for a post that would reveal somebody beside others in its channel."""
        if await self.posts.reveal(new.team_id, new.place, new.words, new.id):
            place = await self.audiences.name(new.place)
            raise NotAllowed(REASONS[Reason.TOGETHER].why, place=place)

    async def readers(self, asker: Asker, channel_id: str, changes: str = "") -> Audience:
        """The members of a channel. Raises NotAllowed if some can't see practice results, and
        unless the asker is one of them or the digest `changes` posts in it already."""
        if not channel_id.startswith(("C", "G")):
            raise UserError("I post only in channels. Choose one.")
        channel = await self.audiences.look_up(asker.team_id, channel_id)
        is_theirs = asker.user_id in channel.ids
        if not is_theirs and changes:
            is_theirs = (await self.find(asker, changes)).place == channel_id
        if channel.is_barred:
            # Without its name, since it may be a private channel.
            place = channel.name if is_theirs else "this channel"
            raise NotAllowed(REASONS[Reason.READERS].why, place=place)
        if not is_theirs:
            raise NotAllowed(
                "I post for you only in a channel that you are in. Join this one first, then try "
                "again."
            )
        return channel

    async def find(self, asker: Asker, id_: str) -> Subscription:
        """A scheduled message by its id. Raises NotFound, also for a direct message to somebody
        else, and NotAllowed unless the asker can change it."""
        subscription = await self.subscriptions.find(id_)
        if subscription is None or subscription.team_id != asker.team_id:
            raise NotFound(GONE)
        if subscription.is_personal and subscription.owner_id != asker.user_id:
            raise NotFound(GONE)
        if not await self.can_change(asker, subscription):
            raise NotAllowed(NOT_YOURS)
        return subscription

    async def can_change(self, asker: Asker, subscription: Subscription) -> bool:
        """Whether the asker can change a digest: an admin, its owner, or a coach of all its
        people."""
        if (
            subscription.owner_id == asker.user_id
            or (await self.coaching.visibility(asker)).everyone
        ):
            return True
        with suppress(UserError):
            await self.require(asker, subscription.words)
            return True
        return False

    # Changes

    async def add(self, asker: Asker, new: Subscription) -> Subscription:
        """Store a new digest. Raises UserError if its channel has the same one already."""
        subscription, is_new = await self.subscriptions.add(new)
        if not is_new:
            pattern = "*{channel}* already has this digest: *{title}*, {when}. Nothing was changed."
            if subscription.is_paused:
                pattern += " It is paused. To resume it, use `{command} digest list` there."
            raise UserError(pattern, (), **await self.sentence_fields(asker, subscription))
        return subscription

    # Messages

    async def sentence_fields(self, asker: Asker, subscription: Subscription) -> dict[str, str]:
        """The fields of a sentence about a digest."""
        line = await self.describer.describe(subscription, await self.coaching.visibility(asker))
        return {"title": shortened(line.title), "channel": line.place, "when": subscription.when}

    async def saved(self, asker: Asker, subscription: Subscription, done: str = "") -> Draft:
        """The message that confirms a change; `done` names it ("Paused")."""
        line = await self.describer.describe(subscription, await self.coaching.visibility(asker))
        return draft("subscribed", line=line, done=done, now=self.clock())

    async def pause(self, asker: Asker, subscription: Subscription) -> Draft:
        """Pause a scheduled message."""
        return await self.saved(asker, await self.subscriptions.pause(subscription.id), "Paused")

    async def resume(self, asker: Asker, subscription: Subscription) -> Draft:
        """Resume a scheduled message, if the asker can still have it in its channel. A direct
        message is checked when it is due."""
        if not subscription.is_personal:
            await self.check(asker, subscription)
        return await self.saved(asker, await self.subscriptions.resume(subscription), "Resumed")

    async def preview(self, asker: Asker, subscription: Subscription) -> Drawable:
        """What would be sent now, for the asker alone. Raises UserError if nothing would."""
        row = subscription.delivery_now(self.clock())
        try:
            view, _ = await self.drawer.draw_for(asker, row, Mode.QUESTION)
        except Unsent as error:
            place = (
                await self.audiences.name(subscription.place)
                if subscription.place
                else "the channel"
            )
            raise UserError(REASONS[error.reason].why, (), owner=asker.name, place=place) from None
        return view
