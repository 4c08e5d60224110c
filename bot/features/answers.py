"""What people ask in words, and the answers: reports as subcommands, questions in plain words,
and the buttons of an answer.

A slash command, a direct message and a mention in a channel are answered alike.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.answer import Answered, Answerer, Request, report_of
from bot.asking import Asking, NextPage
from bot.button_values import ButtonCommand, ButtonValues
from bot.errors import Ambiguous, NotAllowed, NotFound, Pattern, Sentence, UserError
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
from bot.language.account import Reading
from bot.language.filters import query_words
from bot.language.query import Due, Query, Rank
from bot.language.text import first_word, refuse_long
from bot.messages.render import View, notice
from bot.people.accounts import People
from bot.people.names import NotUnderstood
from bot.reports._report import AnyReport
from bot.reports.table import BY_WORD, REPORTS
from bot.slack import payloads
from bot.slack.payloads import Payload, SlackChannel
from bot.slack.reply import Reply
from bot.translate import Translated

HELLO, THANKS, POST, ALERT, OWN = "hello", "thanks", "post", "alert", "me"
NAMING = ("named", "unnamed")
# What is said to who asks for nothing.
FRIENDLY = {THANKS: "Glad to help! Two things to try next:", HELLO: "Hello! Two things to try:"}
TO_EXPORT = "*Export CSV* below sends you this as a file."
NO_EXPORT = "Files are for admins, and for coaches about their people."
GONE_ON_WITH = (OWN,)
_EVERY = re.compile(r"\b(?:every|each|daily|weekly|monthly)\b.*", re.IGNORECASE | re.DOTALL)
_SILENT = re.compile(r"n't|\bnot\b|\binactive|\bstops?\b|\bquiet|\bsilent", re.IGNORECASE)
_DAYS = re.compile(r"last (\d+)([dw])", re.ASCII)
ONLY_WORDS = "I read words, not files. Ask me in a message, like `how is my team doing`."


@dataclass(frozen=True, slots=True)
class Answers:
    """All raise UserError with what to do instead, ExecError, SlackError and StorageError."""

    features: Features
    people: People
    asking: Asking
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
        await reply.answer(await self._answer(request, route))

    async def ask(self, request: Request, text: str) -> View:
        """The answer to a text such as "sessions gold last 7d" or "who should I talk to"."""
        return await self._answer(request, self.features.route(text))

    async def _answer(self, request: Request, route: Route) -> View:
        """The answer; if it is which of several is meant, the next message is the choice."""
        try:
            if route.command is None or _is_question(route):
                return await self._read(request, route.text)
            view = await route.command.run(request, route.rest)
            if route.command.name in GONE_ON_WITH and not route.rest:
                await self.asking.note(request, route.command.name)
            return view
        except Ambiguous as problem:
            await self.asking.ask_which(request, problem)
            raise

    async def _read(self, request: Request, text: str) -> View:
        read = await self.asking.read(request, text)
        if isinstance(read, str):
            return await self._answer(request, self.features.route(read))
        if isinstance(read, NextPage):
            return await self._page(request, read.answer_id, read.start)
        if isinstance(read, Translated):
            request, read = replace(request, note=read.note), read.reading
        return await self._answer_reading(request, read, text)

    async def _answer_reading(self, request: Request, reading: Reading, text: str) -> View:
        """The answer to what was read. `text` is what actions read further."""
        name, query = reading.row.name, reading.query
        words = query_words(query)
        if reading.row.is_action:
            words = query_words(Query(people=query.people, names=query.names, period=query.period))
        if name == POST:
            words = f"{query_words(Query(names=query.names))} {_schedule(text)}".strip()
        if name == ALERT:
            whom = query_words(Query(people=query.people, names=query.names))
            words = f"{whom} {_condition(query, text)}".strip()
        if answer := self.features.phrases.get(name):
            return await answer(request, words)
        report = BY_WORD.get(name)
        if report is None or not report.asked:
            return await self.features.commands[name].run(request, words.removeprefix(OWN))
        try:
            view = await self.answerer.answer(request, report, reading.query)
        except (NotFound, NotAllowed) as problem:
            problem.suggestions = problem.suggestions or await self.asking.tries(request.asker)
            raise
        return as_file(view) if reading.wants_file else view

    async def be_friendly(self, request: Request, _rest: str, *, name: str) -> View:
        """Two things to try, for who asks for nothing."""
        ways = await self.asking.tries(request.asker)
        offers = await self.answerer.offers(request.asker, ways[:2])
        return notice(FRIENDLY[name], offers)

    async def report(self, request: Request, rest: str, report: AnyReport) -> View:
        """The answer of a report to the words after its name, which are exact."""
        first, after = first_word(rest)
        if first == "help":
            return await self.features.commands["help"].run(request, after)
        return await self.answerer.answer(request, report, rest)

    async def run(self, press: Press[ButtonCommand]) -> View:
        """The answer to the command behind a button."""
        words = press.handle.words
        name, _, rest = words.partition(" ")
        report = BY_WORD.get(name)
        if report is not None and report.asked:
            # Words that this bot wrote are exact, and no follow-up.
            with suppress(NotUnderstood):
                return await self.report(press.request, rest, report)
        return await self.ask(press.request, words)

    async def refresh(self, press: Press[ButtonCommand]) -> View:
        """The same question, as it is now."""
        return await self.ask(press.request, press.handle.words)

    async def row(self, press: Press[ButtonCommand]) -> View:
        """More of one row of an answer."""
        handle = press.handle
        command = await self.answerer.row_of(press.request.asker, handle.id, handle.start)
        report, text = report_of(command)
        return await self.answerer.answer(press.request, report, text)

    async def page(self, press: Press[ButtonCommand]) -> Answered:
        """An answer from another of its rows on."""
        return await self._page(press.request, press.handle.id, press.handle.start)

    async def _page(self, request: Request, id_: str, start: int) -> Answered:
        view = await self.answerer.page(request, id_, start)
        await self.asking.page(request, id_, start)
        return view


def as_file(view: Answered) -> Answered:
    """The answer with how to get it as a file."""
    how, note = TO_EXPORT if view.can_export else NO_EXPORT, view.note or Sentence("")
    return replace(view, note=Sentence(f"{note.pattern} {how}".strip(), note.fields))


def _is_question(route: Route) -> bool:
    """Whether a command is a report's name, and more than that: then all of it is read."""
    command = route.command
    report = None if command is None else BY_WORD.get(command.name)
    if command is None or report is None or not (report.asked or command.name == OWN):
        return False
    first, _ = first_word(route.rest)
    return first != "help" and (command.name != OWN or (bool(route.rest) and first not in NAMING))


def _schedule(text: str) -> str:
    """How often something shall come: the words from "every" on."""
    found = _EVERY.search(text)
    return found[0] if found else ""


def _condition(query: Query, text: str) -> str:
    """What an alert waits for, as its command has it; "" if the text doesn't say."""
    if query.due is Due.OVERDUE:
        return "overdue"
    if query.ranks:
        return "gold" if query.ranks == (Rank.GOLD,) else ""
    if query.score is not None and query.score.high is not None:
        return f"below {query.score.high:g}"
    if not _SILENT.search(text):
        return ""
    days = _DAYS.search(query.period.words) if query.period else None
    number = int(days[1]) * (7 if days[2] == "w" else 1) if days else 14
    return f"inactive {number}d"


def _line(report: AnyReport) -> HelpLine:
    only = BOTH if report.coaches_only else ""
    return HelpLine(report.forms, Pattern(report.help), report.example, only)
