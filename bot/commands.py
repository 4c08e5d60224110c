"""The subcommands of `/exec`: a row each, from which dispatch, help and suggestions come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot import access
from bot.errors import NotFound, Sentence, Suggestion, UserError
from bot.pipeline import Pipeline, Turn
from bot.practice.catalogue import Catalogue
from bot.practice.people import People
from bot.query import help as language
from bot.query.near import nearest
from bot.query.parse import parse
from bot.query.query import Member, PersonKind, PersonRef
from bot.query.vocabulary import Vocabulary
from bot.rendering.messages import Messages
from bot.rendering.views import HelpLine, HelpTopic, HelpView, Message, NoticeView, Offer
from bot.storage.commands import StoredCommands

Draw = Callable[[int], Message]


@dataclass(frozen=True, slots=True)
class Command:
    """`name` and `aliases` are what people type first; `run` answers the words after it."""

    name: str
    aliases: tuple[str, ...]
    line: HelpLine
    run: Callable[[Commands, Turn, str], Awaitable[Draw]]


class Commands:
    """Hears a whole command text ("sessions gold last 7d") and draws the answer."""

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        people: People,
        catalogue: Catalogue,
        commands: StoredCommands,
        messages: Messages,
        command: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._pipeline = pipeline
        self._people = people
        self._catalogue = catalogue
        self._commands = commands
        self._messages = messages
        self._command = command
        self._clock = clock

    async def hear(self, turn: Turn, text: str) -> Draw:
        """Answer a command text. Raises UserError, ExecError, SlackError, StorageError."""
        first, _, rest = text.strip().partition(" ")
        command = BY_NAME.get(first.casefold())
        if command is None:
            raise self._unknown(first, text.strip(), turn)
        return await command.run(self, turn, rest.strip())

    def _unknown(self, first: str, text: str, turn: Turn) -> UserError:
        """What to offer someone whose first word is no subcommand."""
        suggestions = [
            Suggestion(f"{self._command} {name}", f"{name} {text[len(first) :].strip()}".strip())
            for name in nearest(first, BY_NAME)
        ]
        try:
            # Most often the word that is missing is "sessions".
            parse(
                text,
                now=self._clock(),
                zone=turn.asker.zone,
                names=Vocabulary(),
                command=self._command,
            )
        except UserError:
            pass
        else:
            suggestions.insert(0, Suggestion("Ask about sessions", f"sessions {text}"))
        suggestions = suggestions or [Suggestion("What can I ask?", "help")]
        return NotFound(
            "I don't know what `{word}` is. Did you mean one of these?",
            tuple(suggestions[:4]),
            word=first,
        )

    async def sessions(self, turn: Turn, rest: str) -> Draw:
        view = await self._pipeline.ask(turn, rest)
        return lambda level: self._messages.answer(view, level).message

    async def page(self, turn: Turn, id_: str, start: int) -> Draw:
        """An earlier answer from one of its rows on."""
        view = await self._pipeline.page(turn, id_, start)
        return lambda level: self._messages.answer(view, level).message

    async def count_all(self, turn: Turn, id_: str) -> Draw:
        """An earlier question once more, with its figures over everything that matches."""
        view = await self._pipeline.count_all(turn, id_)
        return lambda level: self._messages.answer(view, level).message

    async def explain(self, turn: Turn, rest: str) -> Draw:
        question = rest
        first, _, after = rest.partition(" ")
        if first.casefold() in SESSION_WORDS:
            question = after.strip()
        view = await self._pipeline.explain(turn.asker, question)
        return lambda _level: self._messages.explain(view)

    async def help(self, turn: Turn, rest: str) -> Draw:
        topics = help_topics()
        only = None
        if rest:
            only = next((t.key for t in topics if rest.casefold() in (t.key, t.title)), None)
            if only is None:
                only = self._topic_of_word(rest, topics)
        asker = turn.asker
        (form_id,) = await self._commands.keep(asker.team_id, asker.user_id, ("sessions",))
        examples = await self._pipeline.offers(
            asker, tuple(Suggestion(words, words) for words in language.EXAMPLES)
        )
        view = HelpView(self._command, topics, only, examples, form_id)
        return lambda _level: self._messages.help(view)

    def _topic_of_word(self, word: str, topics: tuple[HelpTopic, ...]) -> str:
        """The topic in which `word` is explained. Raises NotFound that names the topics."""
        for topic in topics:
            if any(word.casefold() in line.forms.casefold().split() for line in topic.lines):
                return topic.key
        keys = tuple(topic.key for topic in topics)
        near = nearest(word, keys) or keys[:4]
        raise NotFound(
            "I have no help on `{word}`. Try one of these.",
            tuple(Suggestion(f"help {key}", f"help {key}") for key in near),
            word=word,
        )

    async def link(self, turn: Turn, rest: str) -> Draw:
        access.require_admin(turn.asker)
        account, email = self._account_and_email(turn, rest)
        member = await self._catalogue.member_by_email(email)
        if member is None:
            raise NotFound(
                "Exec has nobody with the e-mail address {email}. Check it in Exec under "
                "Settings › Members.",
                email=email,
            )
        user = await self._people.slack_user(turn.asker.team_id, account)
        await self._people.link(turn.asker.team_id, account, member, by=turn.asker.user_id)
        return await self._notice(
            turn,
            Sentence(
                "Done: *{account}* in Slack is now *{member}* in Exec.",
                {"account": user.name, "member": _both(member)},
            ),
            Suggestion("Undo", f"unlink <@{account}>"),
        )

    async def unlink(self, turn: Turn, rest: str) -> Draw:
        access.require_admin(turn.asker)
        account = self._account(turn, rest, "unlink @jane")
        user = await self._people.slack_user(turn.asker.team_id, account)
        gone = await self._people.unlink(turn.asker.team_id, account)
        if gone is None:
            raise NotFound(
                "*{account}* was not linked to anyone: I know them by their e-mail address.",
                account=user.name,
            )
        member = await self._catalogue.member_by_id(gone, ask_exec=False)
        undo = Suggestion("Undo", f"link <@{account}> {member.email}") if member else None
        return await self._notice(
            turn,
            Sentence(
                "Done: *{account}* is no longer linked. From now on I know them by their e-mail "
                "address.",
                {"account": user.name},
            ),
            undo,
        )

    async def _notice(self, turn: Turn, sentence: Sentence, undo: Suggestion | None) -> Draw:
        offers: tuple[Offer, ...] = ()
        if undo is not None:
            offers = await self._pipeline.offers(turn.asker, (undo,))
        view = NoticeView(sentence, offers)
        return lambda _level: self._messages.notice(view)

    def _account_and_email(self, turn: Turn, rest: str) -> tuple[str, str]:
        people = self._people_in(turn, rest)
        accounts = [ref.value for ref in people if ref.kind is PersonKind.SLACK]
        emails = [ref.value for ref in people if ref.kind is PersonKind.EMAIL]
        if len(people) != 2 or len(accounts) != 1 or len(emails) != 1:
            raise self._usage("link @jane jane.smith@company.com")
        return accounts[0], emails[0]

    def _account(self, turn: Turn, rest: str, usage: str) -> str:
        people = self._people_in(turn, rest)
        if len(people) != 1 or people[0].kind is not PersonKind.SLACK:
            raise self._usage(usage)
        return people[0].value

    def _people_in(self, turn: Turn, rest: str) -> tuple[PersonRef, ...]:
        query = parse(
            rest,
            now=self._clock(),
            zone=turn.asker.zone,
            names=Vocabulary(),
            command=self._command,
        )
        return query.people

    def _usage(self, usage: str) -> UserError:
        return UserError(
            "Write it like this: `{usage}`. Pick the person from Slack's list as you type the @.",
            usage=f"{self._command} {usage}",
        )


def _both(member: Member) -> str:
    return f"{member.name} ({member.email})" if member.name != member.email else member.email


TABLE = (
    Command(
        "sessions",
        ("session",),
        HelpLine(
            "sessions [who] [where] [what] [when] [how]",
            "Sessions that match, newest first, and what they add up to.",
            "sessions me last 7d gold",
        ),
        Commands.sessions,
    ),
    Command(
        "explain",
        (),
        HelpLine(
            "explain <question>",
            "What a question means and what exactly would be asked of Exec.",
            "explain sessions silver+ this week",
        ),
        Commands.explain,
    ),
    Command(
        "help",
        ("?", ""),
        HelpLine("help [topic]", "What you can ask, in short or one topic in full.", "help when"),
        Commands.help,
    ),
    Command(
        "link",
        (),
        HelpLine(
            "link @person e-mail",
            "Admins: join a Slack account to an Exec person whose e-mail differs.",
            "link @jane jane.smith@acme.com",
        ),
        Commands.link,
    ),
    Command(
        "unlink",
        (),
        HelpLine("unlink @person", "Admins: undo a link.", "unlink @jane"),
        Commands.unlink,
    ),
)
BY_NAME = {name: command for command in TABLE for name in (command.name, *command.aliases)}
SESSION_WORDS = frozenset(name for name, c in BY_NAME.items() if c.name == "sessions")


def help_topics() -> tuple[HelpTopic, ...]:
    """Everything that can be typed: the language's topics, then the subcommands."""
    words = tuple(
        HelpTopic(
            topic.key,
            topic.title,
            tuple(HelpLine(line.forms, line.help, line.example) for line in topic.lines),
        )
        for topic in language.topics()
    )
    commands = HelpTopic("commands", "Commands", tuple(command.line for command in TABLE))
    return (*words, commands)
