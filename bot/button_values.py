"""What the values of buttons stand for: looked up once, for whoever presses.

What one person made is found for that person alone; what stands in a channel, for everybody in
the workspace. Each method raises TooOld, or another UserError that says more, and StorageError.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import TooOld
from bot.language.text import refuse_long
from bot.mirror.answers import StoredAnswers
from bot.slack.payloads import Payload, page_position
from bot.storage.handles import (
    H,
    Handles,
    Person,
    Stored,
    StoredCommand,
)


@dataclass(frozen=True, slots=True)
class ButtonCommand:
    """A command of the presser's; with the id of its answer if that is stored, and a row of it."""

    words: str
    id: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class ButtonValues:
    handles: Handles
    answers: StoredAnswers

    async def answer(self, payload: Payload, value: str) -> ButtonCommand:
        """An answer to the presser, whose rows may be gone."""
        id_, start = page_position(value)
        text = await self.answers.words(id_, team_id=payload.team_id, user_id=payload.user_id)
        if text is None:
            raise TooOld
        return ButtonCommand(text, id_, start)

    async def command(self, payload: Payload, value: str) -> ButtonCommand:
        id_, start = page_position(value)
        return ButtonCommand(
            (await self.own(payload, id_, StoredCommand)).handle.words, start=start
        )

    async def words(self, payload: Payload, value: str) -> ButtonCommand:
        """The words of a command. They stand only where no other app reads: in Home tabs, and in
        what the bot says to one person in their conversation."""
        refuse_long(value)
        return ButtonCommand(value)

    async def person(self, payload: Payload, value: str) -> Stored[Person]:
        return await self.own(payload, value, Person)

    async def own(self, payload: Payload, value: str, kind: type[H]) -> Stored[H]:
        """A handle of the presser's own."""
        found = await self.handles.find(
            value, kind, team_id=payload.team_id, user_id=payload.user_id
        )
        if found is None:
            raise TooOld
        return found
