"""From a private answer to a channel: first who will see it, then the post, then a way back."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.questions import SHARED
from bot.errors import NotAllowed, Sentence, UserError
from bot.people.audience import Audiences, Seen
from bot.people.coaching import Coaching
from bot.pipeline import Pipeline, Request
from bot.rendering.views import NoticeView, ShareConfirmView, SharedView
from bot.slack.reply import Reply
from bot.slack.response_url import Outcome
from bot.storage.commands import StoredCommands


class Sharing:
    def __init__(
        self,
        *,
        audiences: Audiences,
        coaching: Coaching,
        pipeline: Pipeline,
        stored: StoredCommands,
    ) -> None:
        self._audiences = audiences
        self._coaching = coaching
        self._pipeline = pipeline
        self._stored = stored

    async def confirm(self, request: Request, answer_id: str, reply: Reply) -> None:
        """Show the asker who will see their answer, and ask."""
        await self._pipeline.recall(request.asker, answer_id)
        seen = await self._seen(request)
        view = ShareConfirmView(
            id=answer_id,
            channel=seen.channel,
            people=seen.audience.people,
            names=seen.audience.names,
        )
        await reply.answer(view)

    async def post(self, request: Request, answer_id: str, reply: Reply) -> None:
        """Post the answer; once, and with a way to take it back."""
        answer = await self._pipeline.page(request, answer_id, 0, in_channel=True)
        # Looked at again: a guest may have joined since the question was put.
        seen = await self._seen(request)
        (share_id,) = await self._stored.keep(
            request.asker.team_id, request.asker.user_id, (SHARED,), channel_id=request.channel_id
        )
        view = SharedView(answer, request.asker.name, share_id)
        outcome = await reply.post_in_channel(view)
        sentence = {Outcome.SENT: POSTED, Outcome.UNSURE: UNSURE}.get(outcome, FAILED)
        notice = NoticeView(replace(sentence, fields={"channel": seen.channel}))
        await reply.answer(notice)

    async def remove(self, request: Request, share_id: str, reply: Reply) -> None:
        """Take a shared answer back: whoever shared it may, and admins."""
        asker = request.asker
        stored = await self._stored.find(share_id, team_id=asker.team_id, user_id=asker.user_id)
        is_own = stored is not None and stored.words == SHARED
        is_here = stored is not None and stored.channel_id == request.channel_id
        if not (is_own and is_here) and not (await self._coaching.visibility(asker)).everyone:
            raise NotAllowed("Only the person who shared this, or an admin, can remove it.")
        if await reply.delete_original() is not Outcome.SENT:
            raise UserError("Slack didn't let me remove it. Press Remove again in a minute.")

    async def _seen(self, request: Request) -> Seen:
        """Who would see a post in this channel.

        Raises NotAllowed where someone would who may see no practice at all: guests, and people
        of other workspaces. Raises UserError where it cannot be known, and SlackError.
        """
        seen = await self._audiences.of(request.asker.team_id, request.channel_id)
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


POSTED = Sentence("Posted in *{channel}*.")
UNSURE = Sentence(
    "Slack broke off while I was posting, so I can't tell whether it went through. Look in the "
    "channel before you share again."
)
FAILED = Sentence("Slack didn't take the post. Nothing was shared; try again in a minute.")
