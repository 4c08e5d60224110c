"""What people ask in words, and the answers: reports as subcommands, questions in plain words,
and the buttons of an answer.

A slash command, a direct message and a mention in a channel are answered alike.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot.answer import Answered, Answerer, Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.errors import Ambiguous, NotAllowed, NotFound, Pattern, UserError
from bot.features import (
    BOTH,
    Button,
    Command,
    Event,
    Feature,
    Features,
    HelpLine,
    Press,
    ReceivedEvent,
    Route,
    Shows,
    requested,
)
from bot.follow_ups import FollowUps, as_file
from bot.language.follow_up import may_go_on
from bot.language.phrases import HELLO, NEXT, TALK, THANKS
from bot.language.plain_words import OWN_WEEK, TEAM, Meaning
from bot.language.text import first_word, refuse_long
from bot.messages.render import View, notice
from bot.people.accounts import People
from bot.plain_questions import FRIENDLY, PlainQuestions
from bot.reports._report import AnyReport
from bot.reports.table import BY_WORD, REPORTS, SESSIONS
from bot.slack import payloads
from bot.slack.payloads import Payload, SlackChannel
from bot.slack.reply import Reply

T = TypeVar("T")

# Answers that no words narrow or turn to somebody else.
NOT_GONE_ON_WITH = frozenset(("audit", "coach", "alert", "digest", "status", TALK, NEXT))
ONLY_WORDS = "I read words, not files. Ask me in a message, like `how is my team doing`."


@dataclass(frozen=True, slots=True)
class Answers:
    """All raise UserError with what to do instead, ExecError, SlackError and StorageError."""

    features: Features
    people: People
    plain: PlainQuestions
    follow_ups: FollowUps
    answerer: Answerer
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        answer, beneath = self.values.answer, Shows.BENEATH
        return Feature(
            commands=tuple(
                Command(row.name, partial(self.report, report=row), (_line(row),), row.also)
                for row in REPORTS
                if row.asked
            ),
            buttons={
                "query.run": Button(self.values.command, self.run),
                "sessions.refresh": Button(answer, self.refresh),
                "sessions.next": Button(answer, self.page),
                "sessions.previous": Button(answer, self.page),
                "answer.row": Button(answer, self.row, beneath),
                "example.ask": Button(self.values.words, self.run, beneath),
            },
            events={
                "message.im": Event(
                    self.on_message,
                    payloads.of_direct_message,
                    is_asked=True,
                ),
                "app_mention": Event(
                    self.on_message,
                    payloads.of_mention,
                    is_asked=True,
                ),
            },
            phrases={name: partial(self.be_friendly, name=name) for name in (THANKS, HELLO)},
        )

    async def on_message(self, received: ReceivedEvent) -> None:
        """Answer what somebody said in a message."""
        payload, reply = received.payload, received.reply
        if not payload.words and received.event.get("files"):
            raise UserError(ONLY_WORDS)
        channel = SlackChannel(payload.channel_id, "")
        route = self.features.route(payload.words or "")
        if (form := route.form) is None:
            await self.answer(payload, channel, route, reply)
            return
        # A form opens when somebody presses a button, and not when they say something.
        opened, said = form
        request = await requested(self.people, payload, channel)
        await reply.answer(await opened.offer(request.asker, route.text, said))

    async def answer(
        self,
        payload: Payload,
        channel: SlackChannel,
        route: Route,
        reply: Reply,
        *,
        is_command: bool = False,
    ) -> None:
        """Answer the payload's words, which lead there."""
        refuse_long(route.text)
        # Help costs no request.
        in_exec = route.command is None or route.command.in_exec
        request = await requested(
            self.people, payload, channel, in_exec=in_exec, is_command=is_command
        )
        await reply.answer(await self._heard(request, route))

    async def _heard(self, request: Request, route: Route) -> View:
        """The answer to what somebody said, who may go on with their last question."""
        said = route.text
        try:
            if route.command is None or _may_go_on(route):
                heard = await self._telling(request, self.follow_ups.heard(request, route.text))
                if not isinstance(heard, str):
                    return heard
                route = self.features.route(heard)
            return await self._answer(request, route)
        except (NotFound, NotAllowed) as problem:
            await self.follow_ups.refused(request, problem, said)
            raise

    async def ask(self, request: Request, text: str) -> View:
        """The answer to a text such as "sessions gold last 7d" or "who should I talk to"."""
        return await self._answer(request, self.features.route(text))

    async def _telling(self, request: Request, answer: Awaitable[T]) -> T:
        """The answer; where it is which of several is meant, what comes next is the choice."""
        try:
            return await answer
        except Ambiguous as problem:
            await self.follow_ups.ask_which(request, problem)
            raise

    async def _answer(self, request: Request, route: Route) -> View:
        return await self._telling(request, self._answer_route(request, route))

    async def _answer_route(self, request: Request, route: Route) -> View:
        if route.command is None and "<@" in route.text:
            text = await self.people.without_bot(route.text)
            route = self.features.route(text)
        if route.command is not None:
            return await self._run(request, route.command, route.rest)
        return await self._answer_meaning(
            request, await self.plain.interpret(request.asker, route.text)
        )

    async def _run(self, request: Request, command: Command, rest: str) -> View:
        """The answer of a command; with one's own week one goes on as with a report."""
        view = await command.run(request, rest)
        if (command.name == OWN_WEEK and not rest) or command.name in NOT_GONE_ON_WITH:
            await self.follow_ups.note(request, command.name)
        return view

    async def question(self, request: Request, text: str) -> View | None:
        """The answer to a text that asks for a report, in words that are all understood; None for
        any other."""
        try:
            meaning = await self.plain.words.understand(request.asker, text)
        except UserError:
            return None
        report = BY_WORD.get(meaning.report)
        if report is None or not report.asked or meaning.unused:
            return None
        return await self._answer_meaning(request, meaning)

    async def _answer_meaning(self, request: Request, meaning: Meaning) -> View:
        """The answer to what plain words mean."""
        if answer := self.features.phrases.get(meaning.report):
            view = await answer(request, meaning.words)
            if meaning.report in NOT_GONE_ON_WITH:
                await self.follow_ups.note(request, meaning.report)
            return view
        report = BY_WORD.get(meaning.report)
        if report is None or not report.asked:
            command = self.features.commands[meaning.report]
            return await self._run(request, command, meaning.words)
        try:
            view = await self.answerer.answer(request, report, meaning.words)
        except (NotFound, NotAllowed) as problem:
            problem.suggestions = problem.suggestions or await self.plain.tries(request.asker)
            raise
        if meaning.export:
            return as_file(view)
        return view

    async def be_friendly(self, request: Request, _rest: str, *, name: str) -> View:
        """Two things to try, for who asks for nothing."""
        ways = await self.plain.tries(request.asker)
        offers = await self.answerer.offers(request.asker, ways[:2])
        return notice(FRIENDLY[name], offers)

    async def report(self, request: Request, rest: str, report: AnyReport) -> View:
        """The answer of a report to the words after its name."""
        first, after = first_word(rest)
        if first == "help":
            return await self.features.commands["help"].run(request, after)
        answer = partial(self.answerer.answer, request)
        other = partial(self._answer_meaning, request)
        return await self.plain.as_typed_or_meant(request.asker, rest, report, answer, other)

    async def run(self, press: Press[ButtonCommand]) -> View:
        """The answer to the command behind a button."""
        route = self.features.route(press.handle.words)
        if route.command is not None:
            return await self._answer(press.request, route)
        # What somebody said, who may have gone on with the question before.
        return await self._heard(press.request, route)

    async def refresh(self, press: Press[ButtonCommand]) -> View:
        """The same question, as it is now."""
        return await self.ask(press.request, press.handle.words)

    async def row(self, press: Press[ButtonCommand]) -> View:
        """More of one row of an answer."""
        return await self.follow_ups.row(press.request, press.handle.id, press.handle.start)

    async def page(self, press: Press[ButtonCommand]) -> Answered:
        """An answer from another of its rows on."""
        return await self.follow_ups.page(press.request, press.handle.id, press.handle.start)


def _may_go_on(route: Route) -> bool:
    """Whether a command may be on what was asked before: the name of a report alone, or more that
    goes on with it."""
    if route.command is None or route.command.name not in BY_WORD:
        return False
    if route.rest:
        return may_go_on(route.text)
    return route.command.name not in (TEAM, OWN_WEEK, SESSIONS.name)


def _line(report: AnyReport) -> HelpLine:
    only = BOTH if report.coaches_only else ""
    return HelpLine(report.forms, Pattern(report.help), report.example, only)
