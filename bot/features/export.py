"""The table of an answer as a CSV file: every row of its period, not only those that are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import access
from bot.access import Asker
from bot.answer import Answerer, named_in, report_of, stored_of
from bot.button_values import ButtonCommand, ButtonValues
from bot.env import Env
from bot.errors import BotError, NotAllowed, NotFound, SlackError, Suggestion, Unsure, UserError
from bot.features import Button, Feature, Press, Shows
from bot.language.query import ResolvedQuery
from bot.language.words import understood
from bot.messages import csv
from bot.messages.render import View
from bot.messages.words import count
from bot.mirror.answers import Reading
from bot.mirror.sessions import AS_USUAL
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.question import Question
from bot.rendering.views import ExportedView, notice
from bot.reports.report import AnyReport, Table
from bot.reports.table import SESSIONS
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
    view: ExportedView


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
        if await self.leases.take_once(name, AGAIN_AFTER) is not None:
            raise UserError(
                "You asked for this file a moment ago: it is on its way, or in your direct "
                "messages with me already."
            )
        try:
            return await self._send(press)
        except BotError:
            await self.leases.give_back(name)
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
            f"Sent: {count(made.view.rows, 'row')} are in your direct messages with me, as "
            "*{name}*.",
            name=made.name,
        )

    async def _of_answer(self, asker: Asker, id_: str, tell: OnManyRows) -> Export:
        """What an earlier answer told of, as it is now."""
        await self._may(asker)
        stored = await self.answerer.recall(asker, id_)
        report, text = report_of(stored.words)
        asked = await self.answerer.question(asker, text, report)
        return await self._made(asker, asked, stored.words, tell)

    async def _may(self, asker: Asker) -> None:
        if not access.may_export(await self.coaching.reach(asker)):
            raise NotAllowed(
                "Files are for admins, and for coaches about their people. Your own practice is "
                "here in Slack: `{command} me`",
            )

    async def _made(
        self,
        asker: Asker,
        asked: Question,
        words: str,
        tell: OnManyRows,
    ) -> Export:
        report, query = asked.report, replace(asked.resolved, page=1)
        if report.table is None:
            raise UserError("This report has no table that could be exported.")
        zone = str(asker.zone)
        asked = replace(asked, resolved=query)
        facts = self.answerer.facts(asked, AS_USUAL, zone=zone, keep=MOST_ROWS)
        found = await report.figures(facts)
        stored = stored_of(asked, words, facts)
        reading = stored.reading
        table: Table = await asyncio.to_thread(report.rows, found, query.limit)
        if not table.rows or not reading.is_told:
            raise _nothing(report, reading)
        total = max(len(table.rows), _matching(query, reading) if report is SESSIONS else 0)
        rows = table.rows[:MOST_ROWS]
        if len(rows) > MANY_ROWS:
            await tell(len(rows))
        parts = [csv.head(table.columns)]
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            parts.append(await asyncio.to_thread(csv.lines, some, zone))
        # Before it is sent: better noted and not sent than the other way.
        named = named_in(report, found, stored)
        await self.audit.note(Look(asker, report.name, named))
        return Export(
            name=f"{report.name}-{reading.as_of.astimezone(asker.zone):%Y-%m-%d}.csv",
            content=b"".join(parts),
            view=ExportedView(
                report=report.name,
                understood=understood(query, now=reading.as_of),
                zone=zone,
                rows=len(rows),
                total=total,
                as_of=reading.as_of,
                stored_since=reading.stored_since,
            ),
        )


def _matching(query: ResolvedQuery, reading: Reading) -> int:
    return reading.total if query.limit is None else min(query.limit, reading.total)


def _nothing(report: AnyReport, reading: Reading) -> NotFound:
    if not reading.complete:
        return NotFound(
            "There is nothing to export in what has been read so far. Read further back first."
        )
    return NotFound(
        "There is nothing to export: nothing matches this. Ask about a longer time, or leave a "
        "filter out.",
        (Suggestion("The last 30 days", f"{report.name} last 30d"),),
    )
