"""The table of an answer as a CSV file: every row of its period, not only those that are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot import access
from bot.access import Asker
from bot.answer import Answerer
from bot.button_values import ButtonCommand, ButtonValues
from bot.env import Env
from bot.errors import BotError, NotAllowed, NotFound, SlackError, Suggestion, Unsure, UserError
from bot.features import Button, Feature, Press, Shows
from bot.messages import csv
from bot.messages.render import Draft, View, draft, notice
from bot.messages.words import count
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.reports._report import AnyReport
from bot.slack.web import SlackWeb
from bot.storage.leases import Leases

AGAIN_AFTER = timedelta(seconds=30)
MOST_ROWS = 50_000
# Who exports more than that hears that it takes a moment.
MANY_ROWS = 10_000
AT_ONCE = 2_000  # lines that are written in a thread

# Is told of how many rows there will be, where these are many.
OnManyRows = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Export:
    """A file, and what is said of it."""

    name: str
    content: bytes
    view: Draft
    rows: int


@dataclass(frozen=True, slots=True)
class Exports:
    """All raise UserError where there is nothing to export or it is not theirs, ExecError,
    SlackError and StorageError."""

    env: Env
    answerer: Answerer
    coaching: Coaching
    audit: Audit
    leases: Leases
    slack: SlackWeb
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        export = Button(self.values.answer, self.export, Shows.BENEATH)
        return Feature(buttons={"sessions.export": export})

    async def export(self, press: Press[ButtonCommand]) -> View:
        """Make the file and send it, once for presses that are close together."""
        name = f"export:{press.handle.id}"
        if await self.leases.acquire_once(name, AGAIN_AFTER) is not None:
            raise UserError(
                "You asked for this file a moment ago: it is on its way, or in your direct "
                "messages with me already."
            )
        try:
            return await self._send(press)
        except BotError:
            await self.leases.release(name)
            raise

    async def _send(self, press: Press[ButtonCommand]) -> View:
        async def tell(rows: int) -> None:
            await press.reply.answer(
                notice(f"{count(rows, 'row')} take a moment. The file comes as a direct message.")
            )

        made = await self._of_answer(press.asker, press.handle.id, tell)
        said = self.env.messages.message(made.view)
        try:
            await self.slack.send_file(press.asker.user_id, made.name, made.content, said)
        except Unsure:
            return notice(
                "Slack broke off while I was sending the file, so I can't tell whether it went "
                "through. Look at your direct messages with me before you export again."
            )
        except SlackError as error:
            if error.code != "missing_scope":
                raise
            raise UserError(
                "Slack does not let me send files here yet. Ask the person who runs me to add "
                "`files:write` to the app and to install it again."
            ) from None
        return notice(
            f"Sent: {count(made.rows, 'row')} are in your direct messages with me, as *{{name}}*.",
            name=made.name,
        )

    async def _of_answer(self, asker: Asker, id_: str, tell: OnManyRows) -> Export:
        """The whole table of an earlier answer."""
        if not access.may_export(await self.coaching.reach(asker)):
            raise NotAllowed(
                "Files are for admins, and for coaches about their people. Your own practice is "
                "here in Slack: `{command} me`",
            )
        answered = await self.answerer.recall(asker, id_, keep=MOST_ROWS)
        report, figures = answered.report, answered.figures
        if not report.has_table:
            raise UserError("This report has no table that could be exported.")
        rows = figures.rows[:MOST_ROWS]
        if not rows:
            raise _nothing(report)
        if len(rows) > MANY_ROWS:
            await tell(len(rows))
        columns, zone = report.columns(figures), answered.zone
        parts = [csv.head(columns)]
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            parts.append(await asyncio.to_thread(csv.lines, some, columns, zone))
        # Before it is sent: better noted and not sent than the other way.
        await self.audit.note(Look(asker, report.name, answered.named))
        return Export(
            name=f"{report.name}-{answered.as_of.astimezone(asker.zone):%Y-%m-%d}.csv",
            content=b"".join(parts),
            view=draft("exported", a=answered, rows=len(rows), total=figures.total),
            rows=len(rows),
        )


def _nothing(report: AnyReport) -> NotFound:
    return NotFound(
        "There is nothing to export: nothing matches this. Ask about a longer time, or leave a "
        "filter out.",
        (Suggestion("The last 30 days", f"{report.name} last 30d"),),
    )
