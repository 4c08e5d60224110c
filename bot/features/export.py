"""The table of an answer as a CSV file: every row of its period, sent by direct message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App, AskRoom, PeopleRoom, SlackRoom, StorageRoom
from bot.ask.answer import Answer
from bot.errors import BotError, NotAllowed, SlackError, Unsure, UserError
from bot.messages import csv
from bot.messages.render import Draft, Messages, View, draft, notice
from bot.messages.words import count
from bot.people.access import Asker
from bot.slack.turn import Turn
from bot.storage.buttons import StoredAnswer

AGAIN_AFTER = timedelta(seconds=30)
MOST_ROWS = 50_000
CHUNK = 2_000  # lines formatted per thread call


@dataclass(frozen=True, slots=True)
class Exporting:
    """Sends answers as files."""

    ask: AskRoom
    messages: Messages
    people: PeopleRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the listener."""

        @self.slack.listeners.answering("sessions.export", below=True)
        async def export(turn: Turn) -> View:
            stored, _ = await turn.stored(StoredAnswer)
            asker, name = await turn.asker(), f"export:{stored.id}"
            if not await self.storage.leases.claim(name, AGAIN_AFTER):
                raise UserError(
                    "You asked for this file a moment ago. It's on its way, or already in your "
                    "direct messages with me."
                )
            try:
                return await self.send(asker, stored.meaning)
            except BotError:
                await self.storage.leases.release(name)
                raise

    async def send(self, asker: Asker, stored: StoredAnswer) -> Draft:
        """Send the whole table of an earlier answer. Returns the notice to the asker. Raises
        UserError, SlackError, ExecError and StorageError."""
        if (await self.people.coaching.visibility(asker)).sees == "own":
            raise NotAllowed(
                "Only admins and coaches can export files. `{command} me` shows your own practice."
            )
        answered = await self.ask.answerer.recall(asker, stored, range(MOST_ROWS))
        report, rows = answered.report, len(answered.figures.rows[:MOST_ROWS])
        content = await write(answered)
        # Before sending: a log entry too many is better than one too few.
        await self.people.audit.note(await self.ask.answerer.look(asker, answered))
        name = f"{report.name}-{answered.as_of.astimezone(asker.zone):%Y-%m-%d}.csv"
        view = draft("exported", a=answered, rows=rows, total=answered.figures.total)
        try:
            await self.slack.web.send_file(
                asker.user_id, name, content, self.messages.message(view)
            )
        except Unsure:
            return notice(
                "Slack's connection dropped while I was sending the file, so I can't tell whether "
                "it went through. Check your direct messages with me before you export again."
            )
        except SlackError as error:
            if error.code != "missing_scope":
                raise
            raise UserError(
                "Slack doesn't let me send files here yet. Ask the person who runs me to add "
                "`files:write` to the app and to install it again."
            ) from None
        return notice(f"I sent you {count(rows, 'row')} in a direct message: *{{name}}*", name=name)


async def write(answered: Answer) -> bytes:
    """The rows of an answer as CSV."""
    rows, zone = answered.figures.rows[:MOST_ROWS], answered.zone
    columns = answered.report.columns(answered.figures)
    parts = [csv.head(columns)]
    for first in range(0, len(rows), CHUNK):
        some = rows[first : first + CHUNK]
        parts.append(await asyncio.to_thread(csv.lines, some, columns, zone))
    return b"".join(parts)


def register(app: App) -> None:
    """Add what people can do."""
    Exporting(app.ask, app.messages, app.people, app.slack, app.storage).register()
