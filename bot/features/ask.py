"""Questions: the slash command, direct messages and mentions, and the buttons of an answer."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.app import App, AskRoom, PeopleRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.ask.conversation import NextPage
from bot.ask.translate import TranslatedQuestion
from bot.errors import Ambiguous, NotAllowed, NotFound, Sentence, TooOld, UserError
from bot.language.account import Reading
from bot.language.alert_words import is_of_silence
from bot.language.filters import query_words
from bot.language.query import Query
from bot.language.text import LIMIT, first_word
from bot.messages.render import View, notice
from bot.people.names import NotUnderstood
from bot.reports.table import BY_WORD
from bot.slack.turn import Reply, Turn
from bot.storage.buttons import StoredAnswer, StoredCommand

POST, ALERT, OWN = "post", "alert", "me"
# Replies to people who don't ask for anything.
FRIENDLY = {
    "thanks": "Glad to help! Two things to try next:",
    "hello": "Hello! Two things to try:",
}
TO_EXPORT = "To get this as a file, choose *Export CSV* in the ⋮ menu below."
NO_EXPORT = "Only admins and coaches can export files."
ONLY_WORDS = "I read words, not files. Ask me in a message, like `how is my team doing`."
# The subtypes of messages that people write.
WRITTEN_SUBTYPES = ("", "file_share", "me_message", "thread_broadcast")
IN_SLACK_ONLY = frozenset(
    ["alert", "coach", "digest", "hide", "link", "me", "nudge", "post", "stop", "unlink"]
)
_AROUND = " \t\r\n,:"  # "@Exec: how …"
_EVERY = re.compile(r"\b(?:every|each|daily|weekly|monthly)\b.*", re.IGNORECASE | re.DOTALL)
_ANYTHING = re.compile(".*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers words and buttons."""

    ask: AskRoom
    people: PeopleRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the actions and the listeners."""
        for name in FRIENDLY:
            self.slack.commands.actions[name] = partial(self.be_friendly, name=name)

        @self.slack.listeners.bolt.command(_ANYTHING)
        @self.slack.listeners.handler()
        async def on_command(turn: Turn) -> None:
            await turn.ack()
            await self.answer_words(turn, turn.place.words or "", is_command=True)

        @self.slack.listeners.bolt.event("message")
        @self.slack.listeners.handler()
        async def on_message(turn: Turn) -> None:
            if turn.place.channel_id.startswith("D"):
                await self.answer_message(turn)

        @self.slack.listeners.bolt.event("app_mention")
        @self.slack.listeners.handler()
        async def on_mention(turn: Turn) -> None:
            # A mention in a direct message arrives as a message, too.
            if not turn.place.channel_id.startswith("D"):
                await self.answer_message(turn)

        self.slack.listeners.answering("query.run")(self.run_query)
        self.slack.listeners.answering("query.open", below=True)(self.run_query)

        @self.slack.listeners.answering("example.ask", below=True)
        async def run_example(turn: Turn) -> Reply:
            turn.retry_words = turn.value
            return await self.answer_exact(await turn.request(), turn.value)

        @self.slack.listeners.answering("sessions.next")
        @self.slack.listeners.answering("sessions.previous")
        async def turn_page(turn: Turn) -> View:
            stored, start = await turn.stored(StoredAnswer)
            return await self.ask.answerer.page(await turn.request(), stored, start)

        @self.slack.listeners.answering("answer.row", below=True)
        async def open_row(turn: Turn) -> Reply:
            stored, row = await turn.stored(StoredAnswer)
            request = await turn.request()
            words = await self.ask.answerer.row_of(request.asker, stored.meaning, row)
            return await self.answer_exact(request, words)

        @self.slack.listeners.answering("sessions.refresh")
        async def refresh(turn: Turn) -> Reply:
            stored, _ = await turn.stored(StoredAnswer)
            return await self.answer_exact(await turn.request(), stored.meaning.words)

    async def run_query(self, turn: Turn) -> Reply:
        """Answer the button of a stored command."""
        stored, _ = await turn.stored(StoredCommand)
        return await self.answer_exact(await turn.request(), stored.meaning.words)

    async def answer_message(self, turn: Turn) -> None:
        """Answer a person's message, without the bot's own name in it."""
        event, bot_id = turn.args.event or {}, turn.args.context.bot_user_id
        if not is_from_person(event):
            return
        await turn.ack()
        text = re.sub(rf"<@{bot_id}(?:\|[^>]*)?>", " ", str(event.get("text") or ""))
        words = text.strip(_AROUND)[: LIMIT + 1]
        turn.retry_words = words
        if not words and event.get("files"):
            raise UserError(ONLY_WORDS)
        await self.answer_words(turn, words)

    async def answer_words(self, turn: Turn, text: str, *, is_command: bool = False) -> None:
        """Answer words that somebody typed."""
        request = await turn.request(is_command=is_command)
        await turn.reply(await self.answer_text(request, text))

    async def answer_text(self, request: Request, text: str) -> Reply:
        """The answer. If the bot has to ask which of several is
        meant, the next message is the choice."""
        command, rest = self.slack.commands.split(text)
        if command is None and rest.casefold().endswith(" help") and first_word(rest)[0] in BY_WORD:
            command, rest = self.slack.commands.split("help asking")
        try:
            if command is None:
                return await self._answer_question(request, text)
            _refuse_in_terminal(request, command.name)
            view = await command.run(request, rest)
            if command.name == OWN and not rest:
                await self.ask.conversation.note(request, OWN)
            return view
        except Ambiguous as problem:
            await self.ask.conversation.ask_which(request, problem)
            raise

    async def answer_exact(self, request: Request, words: str) -> Reply:
        """The answer to the bot's own words, which are never a follow-up."""
        name, _, rest = words.partition(" ")
        report = BY_WORD.get(name)
        if report is not None and report.has_command:
            with suppress(NotUnderstood):
                return await self.ask.answerer.answer(request, report, rest)
        return await self.answer_text(request, words)

    async def be_friendly(self, request: Request, _rest: str, *, name: str) -> View:
        """Answer "hello" and "thanks" with two questions to try."""
        ways = await self.ask.conversation.tries(request.asker)
        return notice(FRIENDLY[name], await self.ask.answerer.offers(request.asker, ways[:2]))

    async def _answer_question(self, request: Request, text: str) -> Reply:
        sees = await self.people.coaching.visibility(request.asker)
        read = await self.ask.conversation.interpret(request, text, sees)
        if isinstance(read, str):
            return await self.answer_text(request, read)
        if isinstance(read, NextPage):
            asker = request.asker
            stored = await self.storage.buttons.find(
                read.answer_id, StoredAnswer, team_id=asker.team_id, user_id=asker.user_id
            )
            if stored is None:
                raise TooOld
            return await self.ask.answerer.page(request, stored)
        note = None
        if isinstance(read, TranslatedQuestion):
            note, read = read.note, read.reading
        name, report = read.intent.name, BY_WORD.get(read.intent.name)
        if report is None or not report.has_command:
            _refuse_in_terminal(request, name)
            words = _words_for(name, read, text)
            run = self.slack.commands.actions.get(name) or self.slack.commands.by_word[name].run
            return await run(request, words.removeprefix(OWN) if name == OWN else words)
        try:
            view = await self.ask.answerer.answer(request, report, read.query, sees)
        except (NotFound, NotAllowed) as problem:
            problem.suggestions = problem.suggestions or await self.ask.conversation.tries(
                request.asker
            )
            raise
        if read.wants_file:
            how, note = TO_EXPORT if view.can_export else NO_EXPORT, note or Sentence("")
            note = Sentence(f"{note.pattern} {how}".strip(), note.fields)
        return replace(view, note=note)


def register_rest(app: App) -> None:
    """Ack payloads without a listener: buttons that open a link, fields of forms."""

    @app.slack.listeners.bolt.action(_ANYTHING)
    async def on_action(ack: Any) -> None:
        await ack()

    @app.slack.listeners.bolt.event(_ANYTHING)
    async def on_event() -> None:
        pass


def is_from_person(event: dict[str, Any]) -> bool:
    """Whether a message is new, visible, and from a person."""
    by_bot = event.get("bot_id") or event.get("bot_profile")
    is_new = str(event.get("subtype") or "") in WRITTEN_SUBTYPES and not event.get("edited")
    is_person = event.get("user") not in (None, "", "USLACKBOT")
    return is_person and is_new and not (by_bot or event.get("hidden"))


def _refuse_in_terminal(request: Request, name: str) -> None:
    if not request.is_in_slack and name in IN_SLACK_ONLY:
        raise UserError("`{name}` works only in Slack.", name=name)


def _words_for(name: str, read: Reading, text: str) -> str:
    """The words of a text that an action needs: people and period, schedule, or alert condition."""
    query = read.query
    if name == POST:
        every = _EVERY.search(text)
        return f"{query_words(Query(names=query.names))} {every[0] if every else ''}".strip()
    if name == ALERT:
        silence = "inactive" if is_of_silence(text) else ""
        return f"{query_words(query)} {silence}".strip()
    if read.intent.is_action:
        query = Query(people=query.people, names=query.names, period=query.period)
    return query_words(query)


def register(app: App) -> None:
    """Add what people can ask."""
    asking(app).register()


def asking(app: App) -> Asking:
    """What answers words."""
    return Asking(app.ask, app.people, app.slack, app.storage)
