"""A first word to people who open the conversation with the bot for the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.access import Sees
from bot.errors import Sentence, UserError
from bot.features import Event, Feature, ReceivedEvent
from bot.messages.render import draft
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import delivery_id
from bot.people.accounts import People
from bot.people.coaches import Coaching
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
        sees, refusal = await self._sees(team_id, to)
        greeting = draft("hello", sees=sees, refusal=refusal)
        said = "hello" if refusal is None else "refused"
        await self.delivering.send(team_id, to, greeting, id_=delivery_id(said, name), by=to)
        if refusal is None:
            await self.claims.claim(name)

    async def _sees(self, team_id: str, user_id: str) -> tuple[Sees | None, Sentence | None]:
        """Whose practice they see, and the reason if they see none."""
        try:
            asker = await self.people.admitted(team_id, user_id)
            return (await self.coaching.visibility(asker)).sees, None
        except UserError as refused:
            return None, refused.sentence


def opening(body: Mapping[str, Any]) -> Payload | None:
    """The payload of somebody who opened the conversation; None for the Home tab beside it."""
    payload = payloads.of_event(body)
    return payload if payload is not None and body["event"].get("tab") == "messages" else None
