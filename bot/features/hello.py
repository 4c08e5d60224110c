"""A first word to people who open the conversation with the bot for the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import UserError
from bot.features import Event, Feature, ReceivedEvent
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import delivery_id
from bot.people.accounts import People
from bot.people.coaches import Coaching
from bot.rendering.home_views import HelloView
from bot.slack import payloads
from bot.slack.payloads import Payload
from bot.storage.claims import Claims, hello_of


@dataclass(frozen=True, slots=True)
class Hello:
    """All raise SlackError, ExecError and StorageError."""

    people: People
    coaching: Coaching
    delivering: Delivering
    claims: Claims

    @property
    def feature(self) -> Feature:
        return Feature(events={"app_home_opened": Event(self.opened, opening)})

    async def opened(self, received: ReceivedEvent) -> None:
        """Greet them, each once and for ever. Who may ask nothing is told why, also once, and
        greeted if they may later."""
        team_id, to = received.payload.team_id, received.payload.user_id
        name = hello_of(team_id, to)
        if await self.claims.is_claimed(name):
            return
        view = await self._view(team_id, to)
        said = "hello" if view.refusal is None else "refused"
        await self.delivering.send(team_id, to, view, id_=delivery_id(said, name), by=to)
        if said == "hello":
            await self.claims.claim(name)

    async def _view(self, team_id: str, user_id: str) -> HelloView:
        try:
            asker = await self.people.admitted(team_id, user_id)
            visibility = await self.coaching.visibility(asker)
        except UserError as refused:
            return HelloView("nothing", refused.sentence)
        return HelloView(visibility.sees)


def opening(body: Mapping[str, Any]) -> Payload | None:
    """The payload of somebody who opened the conversation; None for the Home tab beside it."""
    payload = payloads.of_event(body)
    return payload if payload is not None and body["event"].get("tab") == "messages" else None
