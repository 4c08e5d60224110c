"""What the values of buttons stand for: looked up once, for whoever presses.

What one person made is found for that person alone; what stands in a channel, for everybody in
the workspace. Each method raises TooOld, or another UserError that says more, and StorageError.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import TooOld
from bot.language.text import refuse_long
from bot.slack.payloads import Payload, page_position
from bot.storage.buttons import (
    Buttons,
    M,
    Person,
    Stored,
    StoredAnswer,
    StoredCommand,
)


@dataclass(frozen=True, slots=True)
class ButtonCommand:
    """A command of the presser's; with the id of its answer and a row of it, if it has one."""

    words: str
    id: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class ButtonValues:
    buttons: Buttons

    async def answer(self, payload: Payload, value: str) -> ButtonCommand:
        """An answer to the presser."""
        id_, start = page_position(value)
        stored = await self.own(payload, id_, StoredAnswer)
        return ButtonCommand(stored.meaning.words, id_, start)

    async def command(self, payload: Payload, value: str) -> ButtonCommand:
        id_, start = page_position(value)
        return ButtonCommand(
            (await self.own(payload, id_, StoredCommand)).meaning.words, start=start
        )

    async def words(self, payload: Payload, value: str) -> ButtonCommand:
        """The words of a command. They stand only where no other app reads: in Home tabs, and in
        what the bot says to one person in their conversation."""
        refuse_long(value)
        return ButtonCommand(value)

    async def person(self, payload: Payload, value: str) -> Stored[Person]:
        return await self.own(payload, value, Person)

    async def own(self, payload: Payload, value: str, kind: type[M]) -> Stored[M]:
        """What a button of the presser's own means."""
        found = await self.buttons.find(
            value, kind, team_id=payload.team_id, user_id=payload.user_id
        )
        if found is None:
            raise TooOld
        return found
