"""Sharing an answer: who will see it, the post, and its removal."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import App, AskRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Answer, Request
from bot.errors import NotAllowed, UserError
from bot.language.locale import written_for
from bot.messages.render import Draft, View, draft, notice
from bot.scheduled.delivery import State, delivery_id
from bot.settings import Settings
from bot.slack.forms import values_of
from bot.slack.turn import Turn
from bot.storage.buttons import Share, StoredAnswer, StoredButton

OUTCOMES = {
    State.SENT: "Posted in *{channel}*.",
    State.POSTING: "Slack's connection dropped while I was posting. I'll check in a minute, and "
    "post again only if *{channel}* didn't get it.",
    State.FAILED: "Slack didn't accept the post, so nothing was shared. Ask again to share it.",
}
BLOCK = "channel"


@dataclass(frozen=True, slots=True)
class Sharing:
    """Shares answers in channels."""

    ask: AskRoom
    people: PeopleRoom
    scheduled: ScheduledRoom
    settings: Settings
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the listeners."""

        @self.slack.listeners.answering("sessions.share", below=True)
        async def ask_to_share(turn: Turn) -> View:
            stored, _ = await turn.stored(StoredAnswer)
            request = await turn.request()
            return await self.preview(request, stored, request.channel_id)

        @self.slack.listeners.answering("sessions.share_in", below=True)
        async def choose_channel(turn: Turn) -> None:
            stored, _ = await turn.stored(StoredAnswer)
            await turn.open_modal(draft("share_form", private=await turn.keep(stored.meaning)))

        @self.slack.listeners.bolt.view("share.form")
        @self.slack.listeners.handler(below=True)
        async def preview_chosen(turn: Turn) -> None:
            await turn.ack()
            stored = await turn.form(StoredAnswer)
            channel_id = values_of(turn.view).get(BLOCK)
            if stored is None or not channel_id:
                raise UserError("Choose a channel, then try again.")
            await turn.answer(await self.preview(await turn.request(), stored, channel_id))

        @self.slack.listeners.answering("share.post")
        async def post(turn: Turn) -> View:
            id_, _, channel_id = turn.value.partition(":")
            stored = await turn.own(id_, StoredAnswer)
            return await self.publish(await turn.request(), stored, channel_id)

        @self.slack.listeners.answering("share.remove")
        async def remove(turn: Turn) -> None:
            asker, own = await turn.asker(), await turn.find(turn.value, Share)
            is_own = own is not None and own.meaning.channel_id == turn.place.channel_id
            if not is_own and not (await self.people.coaching.visibility(asker)).everyone:
                raise NotAllowed("Only the person who shared this, or an admin, can remove it.")
            await turn.delete()

    async def preview(
        self, request: Request, stored: StoredButton[StoredAnswer], channel_id: str
    ) -> View:
        """Ask whether to post an answer, with its readers and the post as they will see it."""
        with written_for(self.settings.execbot_locale):
            answer = await self.ask.answerer.shared(request.asker, stored.meaning)
            seen = await self.scheduled.digests.readers(request.asker, channel_id)
            values = {"channel": seen.name, "channel_id": channel_id, "people": seen.people}
            return draft("share_confirm", id=stored.id, **values), _post(request, answer)

    async def publish(
        self, request: Request, stored: StoredButton[StoredAnswer], channel_id: str
    ) -> Draft:
        """Post the answer once, with a button to remove it."""
        asker = request.asker
        with written_for(self.settings.execbot_locale):
            answer = await self.ask.answerer.shared(asker, stored.meaning)
        # A guest may have joined since the preview.
        seen = await self.scheduled.digests.readers(asker, channel_id)
        await self.people.audit.note(await self.ask.answerer.look(asker, answer))
        (share_id,) = await self.storage.buttons.add(
            asker.team_id, asker.user_id, Share(channel_id)
        )
        post, once = _post(request, answer, share_id), delivery_id("share", stored.id, channel_id)
        state = await self.scheduled.notices.send_once(
            asker.team_id, channel_id, post, id=once, owner_id=asker.user_id
        )
        return notice(OUTCOMES[state], channel=seen.name)


def _post(request: Request, answer: Answer, share_id: str | None = None) -> Draft:
    """The post; a preview has no id, and no button to remove it."""
    name = request.asker.name
    return draft("shared", **answer.values, shared_by=name, share_id=share_id)


def register(app: App) -> None:
    """Add what people can do."""
    Sharing(app.ask, app.people, app.scheduled, app.settings, app.slack, app.storage).register()
