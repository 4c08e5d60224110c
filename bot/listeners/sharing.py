"""From a private answer to a channel: first who will see it, then the post, then a way back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import NoReturn

from bot.access import Asker, Standing
from bot.errors import NotAllowed, Sentence, SlackError, UserError
from bot.listeners.reply import Reply
from bot.listeners.response_url import Outcome
from bot.pipeline import Pipeline, Turn
from bot.practice.coaching import Coaching
from bot.practice.people import People
from bot.rendering.messages import Messages
from bot.rendering.views import NoticeView, ShareConfirmView, SharedView
from bot.slack_web import SlackWeb
from bot.storage.commands import StoredCommands

# In larger channels nobody could be told who will see it, nor could guests be ruled out for a
# reasonable number of requests to Slack.
MAX_PEOPLE = 200
NAMED = 10
AT_ONCE = 10
SHARED = "shared"  # marks a stored command that runs nothing: it names who shared what


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is in a channel."""

    channel: str
    names: tuple[str, ...]

    def confirm(self, answer_id: str) -> ShareConfirmView:
        return ShareConfirmView(
            id=answer_id, channel=self.channel, people=len(self.names), names=self.names[:NAMED]
        )


class Sharing:
    def __init__(
        self,
        *,
        slack: SlackWeb,
        people: People,
        coaching: Coaching,
        pipeline: Pipeline,
        stored: StoredCommands,
        messages: Messages,
    ) -> None:
        self._slack = slack
        self._people = people
        self._coaching = coaching
        self._pipeline = pipeline
        self._stored = stored
        self._messages = messages

    async def confirm(self, turn: Turn, answer_id: str, reply: Reply) -> None:
        """Show the asker who will see their answer, and ask."""
        await self._pipeline.recall(turn.asker, answer_id)
        audience = await self._audience(turn.asker, turn.channel_id)
        view = audience.confirm(answer_id)
        await reply.answer(lambda _level: self._messages.share_confirm(view))

    async def post(self, turn: Turn, answer_id: str, reply: Reply) -> None:
        """Post the answer; once, and with a way to take it back."""
        answer = await self._pipeline.page(turn, answer_id, 0)
        # Looked at again: a guest may have joined since the question was put.
        audience = await self._audience(turn.asker, turn.channel_id)
        (share_id,) = await self._stored.keep(
            turn.asker.team_id, turn.asker.user_id, (SHARED,), channel_id=turn.channel_id
        )
        view = SharedView(answer, turn.asker.name, share_id)
        outcome = await reply.post_in_channel(
            lambda level: self._messages.shared(view, level).message
        )
        sentence = {Outcome.SENT: POSTED, Outcome.UNSURE: UNSURE}.get(outcome, FAILED)
        notice = NoticeView(replace(sentence, fields={"channel": audience.channel}))
        await reply.answer(lambda _level: self._messages.notice(notice))

    async def remove(self, turn: Turn, share_id: str, reply: Reply) -> None:
        """Take a shared answer back: whoever shared it may, and admins."""
        asker = turn.asker
        own = await self._stored.find(share_id, team_id=asker.team_id, user_id=asker.user_id)
        if own is None and not (await self._coaching.sight(asker)).everyone:
            raise NotAllowed("Only the person who shared this, or an admin, can remove it.")
        if await reply.delete_original() is not Outcome.SENT:
            raise UserError("Slack didn't let me remove it. Press Remove again in a minute.")

    async def _audience(self, asker: Asker, channel_id: str) -> Audience:
        """Who would see a post in this channel.

        Raises NotAllowed where someone would who may see no practice at all: guests, and people
        of other workspaces. Raises UserError where it cannot be known.
        """
        try:
            channel = await self._slack.channel(channel_id)
            if channel.shared:
                raise NotAllowed(
                    "People from other companies are in *#{channel}*, so I don't post practice "
                    "results there.",
                    channel=channel.name,
                )
            ids = []
            # One who has just joined may be missing from the count, so both are looked at.
            if channel.people <= MAX_PEOPLE:
                ids = [user_id async for user_id in self._slack.channel_members(channel_id)]
        except SlackError as error:
            _explain(error)
        if (count := max(channel.people, len(ids))) > MAX_PEOPLE:
            raise NotAllowed(
                f"*#{{channel}}* has {count} members. I post practice results only in channels "
                f"of up to {MAX_PEOPLE}, where I can make sure that no guests see them.",
                channel=channel.name,
            )
        users = await self._users(asker.team_id, ids)
        guests = [u for u in users if u[1] in (Standing.GUEST, Standing.STRANGER)]
        if guests:
            who = "A guest is" if len(guests) == 1 else f"{len(guests)} guests are"
            raise NotAllowed(
                f"{who} in *#{{channel}}*, and guests can't see practice results. Share it in a "
                "channel without guests.",
                channel=channel.name,
            )
        seeing = tuple(name for name, standing in users if standing is Standing.FULL)
        return Audience(channel.name, seeing)

    async def _users(self, team_id: str, ids: list[str]) -> list[tuple[str, Standing]]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def look(user_id: str) -> tuple[str, Standing]:
            async with gate:
                user = await self._people.slack_user(team_id, user_id)
            return user.name, user.standing

        return sorted(await asyncio.gather(*map(look, ids)))


def _explain(error: SlackError) -> NoReturn:
    if error.code in ("channel_not_found", "not_in_channel", "missing_scope"):
        raise UserError(
            "I can't see who is in this channel, so I don't post practice results here. Invite me "
            "to the channel, then press Share again."
        ) from None
    raise error


POSTED = Sentence("Posted in *#{channel}*.")
UNSURE = Sentence(
    "Slack broke off while I was posting, so I can't tell whether it went through. Look in the "
    "channel before you share again."
)
FAILED = Sentence("Slack didn't take the post. Nothing was shared; try again in a minute.")
