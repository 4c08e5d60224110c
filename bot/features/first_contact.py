"""First messages: a greeting in *Messages*, and a note to the person who invites the bot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.app import App, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.errors import Sentence, UserError
from bot.language.query import Sees
from bot.messages.render import draft
from bot.scheduled.delivery import State, delivery_id
from bot.slack.turn import Turn
from bot.storage.leases import hello_of


@dataclass(frozen=True, slots=True)
class Greeting:
    """Greets people once."""

    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the listeners."""

        @self.slack.listeners.bolt.event("app_home_opened", [_opens_messages])
        @self.slack.listeners.handler(is_asked=False)
        async def on_messages_opened(turn: Turn) -> None:
            await turn.ack()
            await self.greet(turn.place.team_id, turn.place.user_id)

        @self.slack.listeners.bolt.event("member_joined_channel")
        @self.slack.listeners.handler(is_asked=False)
        async def on_joined(turn: Turn) -> None:
            event = turn.args.event or {}
            inviter = event.get("inviter")
            if event.get("user") == turn.args.context.bot_user_id and inviter:
                await turn.ack()
                turn.place = replace(turn.place, user_id=str(inviter))
                await self.tell_inviter(turn, str(event["event_ts"]))

    async def greet(self, team_id: str, user_id: str) -> None:
        """Greet somebody once. Accounts who can't ask anything get the reason once, and the
        greeting when they can."""
        name = hello_of(team_id, user_id)
        if await self.storage.leases.held_until(name) is not None:
            return
        sees: Sees | None = None
        refusal: Sentence | None = None
        try:
            asker = await self.people.accounts.asker(team_id, user_id)
            sees = (await self.people.coaching.visibility(asker)).sees
        except UserError as refused:
            refusal = refused.sentence
        greeting = draft("hello", sees=sees, refusal=refusal)
        kind = "hello" if refusal is None else "refused"
        state = await self.scheduled.notices.send_once(
            team_id, user_id, greeting, id=delivery_id(kind, name)
        )
        if refusal is None and state is not State.FAILED:
            await self.storage.leases.claim(name)

    async def tell_inviter(self, turn: Turn, event_ts: str) -> None:
        """Tell the inviter once, by direct message: they could miss an ephemeral message in the
        channel. Admins and coaches of groups get a button to set up a digest there."""
        place, refusal, covers_groups = turn.place, None, False
        try:
            covers_groups = (
                await self.people.coaching.visibility(await turn.asker())
            ).covers_groups
        except UserError as refused:
            refusal = refused.sentence
        message = draft(
            "invited",
            channel=await self.people.audiences.name(place.channel_id),
            channel_id=place.channel_id,
            refusal=refusal,
            covers_groups=covers_groups,
        )
        id_ = delivery_id("invited", place.channel_id, event_ts)
        await self.scheduled.notices.send_once(place.team_id, place.user_id, message, id=id_)


async def _opens_messages(event: dict[str, Any]) -> bool:
    return event.get("tab") == "messages"


def register(app: App) -> None:
    """Add what people can do."""
    Greeting(app.people, app.scheduled, app.slack, app.storage).register()
