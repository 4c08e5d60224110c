"""Reports as subcommands, `explain`, and the buttons of an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.answer import Answerer, Request
from bot.button_values import Asked, Readers
from bot.errors import Pattern
from bot.features import Button, Command, Feature, Press, Run, Shows
from bot.language.text import first_word
from bot.mirror.sessions import ReadOptions
from bot.plain_questions import PlainQuestions
from bot.refreshing import Refreshing
from bot.rendering.messages import View
from bot.rendering.views import BOTH, AnswerView, HelpLine
from bot.reports.report import AnyReport
from bot.reports.table import BY_WORD, REPORTS, SESSIONS

EXPLAIN = HelpLine(
    ("explain [question]",),
    Pattern("What a question, or else your last one, means and what exactly Exec is asked."),
    "explain sessions silver+ this week",
)


@dataclass(frozen=True, slots=True)
class Answers:
    """All raise UserError with what to do instead, ExecError and StorageError.

    `ask` answers any text; `help` the words after `help`.
    """

    answerer: Answerer
    plain: PlainQuestions
    refreshing: Refreshing
    read: Readers
    ask: Callable[[Request, str], Awaitable[View]]
    help: Run

    @property
    def feature(self) -> Feature:
        answer, beneath = self.read.answer, Shows.BENEATH
        return Feature(
            commands=(
                *(
                    Command(row.name, partial(self.report, report=row), (_line(row),), row.also)
                    for row in REPORTS
                    if row.asked
                ),
                Command("explain", self.explain, (EXPLAIN,)),
            ),
            buttons={
                "query.run": Button(self.read.command, self.run),
                "sessions.refresh": Button(answer, self.refresh),
                "sessions.counted": Button(answer, self.counted, beneath),
                "sessions.refresh_all": Button(answer, self.refresh_all),
                "sessions.next": Button(answer, self.page),
                "sessions.previous": Button(answer, self.page),
                "sessions.read_back": Button(answer, self.read_back),
                "answer.row": Button(answer, self.row, beneath),
            },
        )

    async def report(self, request: Request, rest: str, report: AnyReport) -> View:
        """The answer of a report to the words after its name."""
        first, after = first_word(rest)
        if first == "help":
            return await self.help(request, after)

        async def ask(report: AnyReport, text: str) -> View:
            return await self.answerer.answer(request, text, report)

        return await self.plain.as_typed_or_meant(request.asker, rest, report, ask)

    async def explain(self, request: Request, rest: str) -> View:
        """What a question means; the last one, where none is said."""
        if not rest:
            return await self.answerer.explain(request.asker, None)

        async def explain(report: AnyReport, text: str) -> View:
            return await self.answerer.explain(request.asker, f"{report.name} {text}")

        first, after = first_word(rest)
        report = BY_WORD.get(first)
        words = after if report else rest
        return await self.plain.as_typed_or_meant(request.asker, words, report or SESSIONS, explain)

    async def run(self, press: Press[Asked]) -> View:
        """The answer to the command behind a button."""
        # Also *Try again*, a moment after Exec failed.
        options = replace(press.request.options, insists=True)
        return await self.ask(replace(press.request, options=options), press.handle.words)

    async def refresh(self, press: Press[Asked]) -> View:
        """The same question, of which Exec is asked again as far as that takes few requests."""
        return await self._again(press, ReadOptions(fresh=True), press.handle.words)

    async def refresh_all(self, press: Press[Asked]) -> View:
        """The same question, of which Exec is asked all again, whatever it takes."""
        words = await self.answerer.check_cost(press.asker, press.handle.id)
        return await self._again(press, ReadOptions(fresh=True, everything=True), f"all {words}")

    async def _again(self, press: Press[Asked], options: ReadOptions, once: str) -> View:
        """The answer as Exec has it now; where that was asked `once` within a minute, as it is."""
        why_not = await self.refreshing.why_not(press.asker, once)
        if why_not is not None:
            shown = await self.page(press)
            return replace(shown, note=why_not)
        view: View | None = None
        try:
            view = await self.ask(replace(press.request, options=options), press.handle.words)
        finally:
            if view is None or (isinstance(view, AnswerView) and view.away is not None):
                await self.refreshing.failed(press.asker, once)
        return view

    async def read_back(self, press: Press[Asked]) -> View:
        """The same question, answered from all there is, whatever it takes."""
        text = await self.answerer.check_cost(press.asker, press.handle.id)
        everything = replace(press.request.options, everything=True)
        return await self.ask(replace(press.request, options=everything), text)

    async def counted(self, press: Press[Asked]) -> View:
        """How an answer was counted."""
        return await self.answerer.counted(press.asker, press.handle.id)

    async def row(self, press: Press[Asked]) -> View:
        """More of one row of an answer."""
        words = await self.answerer.row_of(press.asker, press.handle.id, press.handle.start)
        return await self.ask(press.request, words)

    async def page(self, press: Press[Asked]) -> AnswerView:
        """An answer from another of its rows on."""
        return await self.answerer.page(press.request, press.handle.id, press.handle.start)


def _line(report: AnyReport) -> HelpLine:
    only = BOTH if report.coaches_only else ""
    return HelpLine(report.forms, Pattern(report.help), report.example, only)
