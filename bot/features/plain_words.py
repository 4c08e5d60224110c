"""What people say to the bot: a command and the words after it, or a question in plain words.

A slash command, a direct message and a mention in a channel are answered alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from bot.answer import Answerer, Request
from bot.errors import NotAllowed, NotFound, Sentence, UserError
from bot.features import Event, Feature, Features, Heard, requested
from bot.language.phrases import HELLO, THANKS
from bot.language.text import refuse_long
from bot.people.audit import Door
from bot.people.people import People
from bot.plain_questions import FRIENDLY, Led, PlainQuestions
from bot.rendering.messages import View
from bot.rendering.views import AnswerView, NoticeView
from bot.reports.table import BY_WORD
from bot.slack import payloads
from bot.slack.payloads import Conversation
from bot.slack.reply import Reply
from bot.storage.payloads import Payload

ONLY_WORDS = "I read words, not files. Ask me in a message, like `how is my team doing`."
# To who asks for a file in plain words, where what was understood is looked at before it is sent.
TO_EXPORT = "*Export CSV* below sends you this as a file."
NO_EXPORT = "Files are for admins, and for coaches about their people."


@dataclass(frozen=True, slots=True)
class Asking:
    """All raise UserError with what to do instead, ExecError, SlackError and StorageError."""

    features: Features
    people: People
    plain: PlainQuestions
    answerer: Answerer

    @property
    def feature(self) -> Feature:
        return Feature(
            events={
                "message.im": Event(
                    "direct messages: any text to the bot is a question",
                    partial(self.hear, door=Door.MESSAGE),
                    payloads.of_direct_message,
                    is_asked=True,
                ),
                "app_mention": Event(
                    "mentions: a question in a channel, answered privately",
                    partial(self.hear, door=Door.MENTION),
                    payloads.of_mention,
                    is_asked=True,
                ),
            },
            phrases={name: partial(self.be_friendly, name=name) for name in (THANKS, HELLO)},
        )

    async def hear(self, heard: Heard, *, door: Door) -> None:
        """Answer what somebody said in a message."""
        payload, reply = heard.payload, heard.reply
        if not payload.words and heard.event.get("files"):
            raise UserError(ONLY_WORDS)
        place, words = Conversation(payload.channel_id, ""), payload.words or ""
        if (asked := self.features.form(words)) is None:
            await self.answer(payload, place, reply, door)
            return
        # A form opens when somebody presses a button, and not when they say something.
        form, said = asked
        request = await requested(self.people, payload, place, reply, door)
        await reply.answer(await form.offer(request.asker, words, said))

    async def answer(
        self, payload: Payload, conversation: Conversation, reply: Reply, door: Door
    ) -> None:
        """Answer the payload's words."""
        words = payload.words or ""
        refuse_long(words)
        command, _ = self.features.command(words)
        # Help costs no request.
        in_exec = command is None or command.in_exec
        request = await requested(self.people, payload, conversation, reply, door, in_exec=in_exec)
        await reply.answer(await self.ask(request, words))

    async def ask(self, request: Request, text: str) -> View:
        """The answer to a text such as "sessions gold last 7d" or "who should I talk to"."""
        command, rest = self.features.command(text)
        if command is None and "<@" in text:
            text = await self.people.without_apps(request.asker.team_id, text)
            command, rest = self.features.command(text)
        if command is not None:
            return await command.run(request, rest)
        return await self._led(request, await self.plain.lead(request.asker, text))

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
        return await self._led(request, Led(meaning.report, meaning.words, meaning.export))

    async def _led(self, request: Request, led: Led) -> View:
        """The answer to what plain words led to."""
        if answer := self.features.phrases.get(led.name):
            return await answer(request, led.rest)
        report = BY_WORD.get(led.name)
        if report is None or not report.asked:
            return await self.features.commands[led.name].run(request, led.rest)
        try:
            view = await self.answerer.answer(request, led.rest, report)
        except (NotFound, NotAllowed) as problem:
            problem.suggestions = problem.suggestions or await self.plain.tries(request.asker)
            raise
        if led.export and isinstance(view, AnswerView):
            return replace(view, note=Sentence(TO_EXPORT if view.can_export else NO_EXPORT))
        return view

    async def be_friendly(self, request: Request, _rest: str, *, name: str) -> View:
        """Two things to try, for who asks for nothing."""
        ways = await self.plain.tries(request.asker)
        offers = await self.answerer.offers(request.asker, ways[:2])
        return NoticeView(Sentence(FRIENDLY[name]), offers)
