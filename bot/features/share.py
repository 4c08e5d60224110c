"""Sharing an answer in its channel: who will see it, the post, and its removal."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Answerer, Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.errors import NotAllowed, UserError
from bot.features import Button, Feature, Press, Shows, close, nothing
from bot.language.locale import Locale, written_for
from bot.messages.render import View, draft, notice
from bot.people.audience import Audiences, ChannelAudience
from bot.people.coaches import Coaching
from bot.slack.payloads import Payload
from bot.slack.response_url import PostOutcome
from bot.storage.buttons import Buttons, Share, Stored


@dataclass(frozen=True, slots=True)
class Sharing:
    """`locale` is the English of channels."""

    audiences: Audiences
    coaching: Coaching
    answerer: Answerer
    buttons: Buttons
    locale: Locale
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        answer, beneath = self.values.answer, Shows.BENEATH
        return Feature(
            buttons={
                "sessions.share": Button(answer, self.confirm, beneath),
                "share.post": Button(answer, self.post, once=True),
                "share.cancel": Button(nothing, close),
                "share.remove": Button(self.read_share, self.remove, beneath),
            }
        )

    async def read_share(self, payload: Payload, value: str) -> Stored[Share] | None:
        """What the presser posted; None where somebody else did, or nobody knows any more."""
        return await self.buttons.find(
            value, Share, team_id=payload.team_id, user_id=payload.user_id
        )

    async def confirm(self, press: Press[ButtonCommand]) -> None:
        """Who will see the answer, what they will see, and whether to post it."""
        with written_for(self.locale):
            answer = await self.answerer.shared(press.request, press.handle.id, preview=True)
            seen = await self._seen(press.request)
            named = answer.report.named
            confirm = draft(
                "share_confirm",
                id=press.handle.id,
                channel=seen.channel,
                people=seen.audience.people,
                # Of others nothing is posted about one person.
                own=answer.is_about_one,
                praises=named is not None and bool(named(answer.figures)),
            )
            # Drawn here: dates are those that the channel will read.
            preview = draft("shared", **answer.values, shared_by=press.asker.name, share_id=None)
            await press.reply.answer((confirm, preview))

    async def post(self, press: Press[ButtonCommand]) -> View:
        """Post the answer, once, with a button to remove it."""
        request = press.request
        with written_for(self.locale):
            answer = await self.answerer.shared(request, press.handle.id)
        # Looked at again: a guest may have joined since the question was put.
        seen = await self._seen(request)
        (share_id,) = await self.buttons.add(
            press.asker.team_id, press.asker.user_id, Share(), channel_id=request.channel_id
        )
        view = draft("shared", **answer.values, shared_by=request.asker.name, share_id=share_id)
        with written_for(self.locale):
            outcome = await press.reply.post_in_channel(view)
        said = {PostOutcome.SENT: POSTED, PostOutcome.UNSURE: UNSURE}.get(outcome, FAILED)
        return notice(said, channel=seen.channel)

    async def remove(self, press: Press[Stored[Share] | None]) -> None:
        """Remove a shared answer; for whoever shared it, and for admins."""
        own = press.handle
        is_own = own is not None and own.channel_id == press.request.channel_id
        if not is_own and not (await self.coaching.visibility(press.asker)).everyone:
            raise NotAllowed("Only the person who shared this, or an admin, can remove it.")
        if await press.reply.delete_original() is not PostOutcome.SENT:
            raise UserError("Slack didn't let me remove it. Press Remove again in a minute.")

    async def _seen(self, request: Request) -> ChannelAudience:
        """Who would see a post in this channel.

        Raises NotAllowed if guests or people of other workspaces are in it, UserError where that
        can't be told or nobody else is there, and SlackError.
        """
        if not request.can_share:
            raise UserError("Nobody else is here. Ask again in the channel that should see it.")
        seen = await self.audiences.of(request.asker.team_id, request.channel_id)
        if seen.audience.shared:
            raise NotAllowed(
                "People from other companies are in *{channel}*, so I don't post practice results "
                "there.",
                channel=seen.channel,
            )
        if guests := seen.audience.guests:
            who = "A guest is" if guests == 1 else f"{guests} guests are"
            raise NotAllowed(
                f"{who} in *{{channel}}*, and guests can't see practice results. Share it in a "
                "channel without guests.",
                channel=seen.channel,
            )
        return seen


POSTED = "Posted in *{channel}*."
UNSURE = (
    "Slack broke off while I was posting, so I can't tell whether it went through. Look in the "
    "channel before you share again."
)
FAILED = "Slack didn't take the post. Nothing was shared; try again in a minute."
