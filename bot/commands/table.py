"""The subcommands of `/exec`: a row each, from which dispatch, help and suggestions come."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot import access
from bot.commands.coach import CoachCommands
from bot.commands.digest import DigestCommands
from bot.commands.link import Linking
from bot.commands.status import Status
from bot.env import Env
from bot.errors import NotFound, Pattern, Suggestion, UserError
from bot.language.cursor import SHOW_HELP
from bot.language.filters import FILTERS
from bot.language.filters.row import TITLES
from bot.language.parse import parse
from bot.language.text import nearest, plain, shortened, spoken
from bot.language.words import EXAMPLES
from bot.mirror.mirror import ReadOptions
from bot.people.people import People
from bot.pipeline import Pipeline, Request
from bot.rendering.messages import View
from bot.rendering.views import (
    HelpLine,
    HelpTopic,
    HelpView,
)
from bot.reports.report import AnyReport
from bot.reports.table import BY_WORD, REPORTS, SESSIONS
from bot.storage.handles import Handles


@dataclass(frozen=True, slots=True)
class Command:
    """`name` and `aliases` are what people type first; `run` answers the words after it."""

    name: str
    aliases: tuple[str, ...]
    line: HelpLine
    run: Callable[..., Awaitable[View]]


class Commands:
    """Answers whole command texts, such as "sessions gold last 7d"."""

    def __init__(
        self,
        *,
        env: Env,
        pipeline: Pipeline,
        people: People,
        handles: Handles,
        status: Status,
        digests: DigestCommands,
        coach: CoachCommands,
        linking: Linking,
    ) -> None:
        self._pipeline = pipeline
        self._people = people
        self._status = status
        self._digests = digests
        self._coach = coach
        self._linking = linking
        self._handles = handles
        self._command = env.command
        self._clock = env.clock

    def needs_exec(self, text: str) -> bool:
        """Must the asker be known in Exec to answer this? Help costs no request."""
        command, _ = named(text)
        return command is None or command.run is not Commands.help

    async def hear(self, request: Request, text: str) -> View:
        """Answer a command text. Raises UserError, ExecError, SlackError, StorageError."""
        command, rest = named(text)
        if command is None:
            raise await self._unknown(*_split(text), request)
        return await command.run(self, request, rest)

    async def _unknown(self, first: str, rest: str, request: Request) -> UserError:
        """What to offer someone whose first word is no subcommand."""
        if _asks_who(first):
            return self._who_has_not()
        suggestions = [
            Suggestion(f"{self._command} {name}", f"{name} {rest}".strip())
            for name in nearest(plain(first).casefold(), (command.name for command in TABLE))
        ]
        question = f"sessions {first} {rest}".strip()
        if self._is_question(f"{first} {rest}", request):
            # Most often the word that is missing is "sessions".
            suggestions.insert(0, Suggestion("Ask about sessions", question))
            return NotFound(
                "Start with `sessions`: `{command} {question}`",
                tuple(suggestions[:4]),
                command=self._command,
                question=shortened(await self._people.spoken(request.asker.team_id, question), 200),
            )
        word = shortened(await self._people.spoken(request.asker.team_id, first))
        if not suggestions:
            return NotFound(
                "I don't know what `{word}` is. `{command} help` shows what you can ask.",
                (SHOW_HELP,),
                word=word,
                command=self._command,
            )
        return NotFound(
            "I don't know what `{word}` is. " + _did_you_mean(suggestions),
            tuple(suggestions[:4]),
            word=word,
        )

    def _is_question(self, text: str, request: Request) -> bool:
        try:
            parse(text, now=self._clock(), zone=request.asker.zone, command=self._command)
        except UserError:
            return False
        return True

    def _who_has_not(self) -> UserError:
        return UserError(
            "Who has not practised stands in a coach's message, and behind *See details* under a "
            "digest. Who has: `{command} sessions last 7d`",
            (Suggestion("Sessions of the last 7 days", "sessions last 7d"), SHOW_HELP),
            command=self._command,
        )

    async def report(self, request: Request, rest: str, report: AnyReport) -> View:
        """The answer of a report to the words after its name."""
        first, after = _split(rest)
        if plain(first).casefold() == "help":
            return await self.help(request, after)
        if _asks_who(first):
            raise self._who_has_not()
        return await self._pipeline.ask(request, rest, report)

    async def page(self, request: Request, id_: str, start: int) -> View:
        """An earlier answer from one of its rows on."""
        return await self._pipeline.page(request, id_, start)

    async def count_all(self, request: Request, id_: str) -> View:
        """Run an earlier question again, whatever it costs."""
        text = await self._pipeline.check_cost(request.asker, id_)
        everything = replace(request, options=replace(request.options, everything=True))
        return await self.hear(everything, text)

    async def look_again(self, request: Request, id_: str) -> View:
        """Run an earlier question again and read every row of it anew, whatever it costs."""
        return await self.count_all(replace(request, options=ReadOptions(fresh=True)), id_)

    async def explain(self, request: Request, rest: str) -> View:
        first, after = _split(rest)
        report = BY_WORD.get(plain(first).casefold())
        question = None
        if rest:
            question = f"{report.name} {after}" if report else f"{SESSIONS.name} {rest}"
        return await self._pipeline.explain(request.asker, question)

    async def help(self, request: Request, rest: str) -> View:
        """What can be asked. Raises NotAllowed for those whom every command would refuse."""
        asker = request.asker
        access.admit(asker.account_type)
        topics = help_topics()
        only = None
        word = rest.casefold()
        command = BY_NAME.get(_split(word)[0])
        if word and command is not None and command.name not in SESSION_WORDS:
            only = command.name
            topics = (HelpTopic(only, f"{self._command} {only}", (command.line,)),)
        elif word and word not in SESSION_WORDS:
            only = next((t.key for t in topics if word in (t.key, t.title.casefold())), None)
            only = only or self._topic_of_word(rest, topics)
        (form_id,) = await self._handles.keep_commands(asker.team_id, asker.user_id, ("sessions",))
        examples = await self._pipeline.offers(
            asker, tuple(Suggestion(words, words) for words in EXAMPLES)
        )
        return HelpView(self._command, topics, only, examples, form_id)

    def _topic_of_word(self, word: str, topics: tuple[HelpTopic, ...]) -> str:
        """The topic in which `word` is explained. Raises NotFound that names the topics."""
        folded = word.casefold()
        if found := TOPIC_OF.get(folded.removesuffix("s")):
            return found
        for topic in topics:
            forms = " ".join(form for line in topic.lines for form in line.forms).casefold()
            if {folded, folded.removesuffix("s")} & {*forms.split(), *re.findall(r"\w+", forms)}:
                return topic.key
        keys = tuple(topic.key for topic in topics)
        near = nearest(word.casefold(), keys) or keys
        raise NotFound(
            "I have no help on `{word}`. There is help on these:",
            tuple(Suggestion(key, f"help {key}") for key in near),
            word=shortened(spoken(word)),
        )

    async def status(self, request: Request, rest: str) -> View:
        if rest:
            raise UserError(
                "`{command} status` stands alone: it shows requests and what is held of Exec.",
                (Suggestion("Show the status", "status"),),
                command=self._command,
            )
        return await self._status.view(request.asker)

    async def coach(self, request: Request, rest: str) -> View:
        return await self._coach.run(request, rest)

    async def me(self, request: Request, rest: str) -> View:
        return await self._coach.me(request, rest)

    async def digest(self, request: Request, rest: str) -> View:
        return await self._digests.run(request, rest)

    async def link(self, request: Request, rest: str) -> View:
        return await self._linking.link(request, rest)

    async def unlink(self, request: Request, rest: str) -> View:
        return await self._linking.unlink(request, rest)


ADMINS = "Admins"
TABLE = (
    *(
        Command(
            report.name,
            report.also,
            HelpLine(report.forms, Pattern(report.help), report.example),
            functools.partial(Commands.report, report=report),
        )
        for report in REPORTS
        if report.asked
    ),
    Command(
        "coach",
        ("coaches",),
        HelpLine(
            (
                'coach add @ana "West Coast" @jane',
                "coach remove @ana",
                "coach list",
                "coach digest [when]",
            ),
            Pattern(
                "Admins: who sees and coaches whom. Coaches: when your message about your people "
                "comes, with `pause`, `resume`, `snooze 2026-04-01` and `stop`."
            ),
            "coach digest every monday 8:30",
            ADMINS,
        ),
        Commands.coach,
    ),
    Command(
        "digest",
        ("digests",),
        HelpLine(
            ('digest "group" [when]', "digest [question] [when]", "digest list"),
            Pattern(
                "Admins and coaches: post a group's figures, or the answer to a question, here by "
                "the clock, or see what comes here. Without a time it opens a form."
            ),
            'digest "West Coast" every monday 9:00',
            "Admins and coaches",
        ),
        Commands.digest,
    ),
    Command(
        "explain",
        (),
        HelpLine(
            ("explain [question]",),
            Pattern(
                "What a question, or else your last one, means and what exactly Exec is asked."
            ),
            "explain sessions silver+ this week",
        ),
        Commands.explain,
    ),
    Command(
        "help",
        ("?", ""),
        HelpLine(
            ("help [topic]",),
            Pattern("What you can ask, in short or one topic in full."),
            "help when",
        ),
        Commands.help,
    ),
    Command(
        "link",
        (),
        HelpLine(
            ("link @person e-mail",),
            Pattern("Admins: join a Slack account to an Exec person whose e-mail differs."),
            "link @jane jane.smith@acme.com",
            ADMINS,
        ),
        Commands.link,
    ),
    Command(
        "me",
        (),
        HelpLine(
            ("me", "me unnamed"),
            Pattern(
                "Your own week: figures, scenarios, what is due. Every Monday if you like. With "
                "`unnamed`, digests in channels leave your name out; `named` undoes that."
            ),
            "me",
        ),
        Commands.me,
    ),
    Command(
        "status",
        (),
        HelpLine(
            ("status",),
            Pattern(
                "Admins: today's requests to Exec, what is held of it, and when I last looked."
            ),
            "status",
            ADMINS,
        ),
        Commands.status,
    ),
    Command(
        "unlink",
        (),
        HelpLine(("unlink @person",), Pattern("Admins: undo a link."), "unlink @jane", ADMINS),
        Commands.unlink,
    ),
)
# Topics for words that are in none of the forms.
TOPIC_OF = MappingProxyType(
    {"person": "who", "date": "when", "day": "when", "time": "when", "period": "when"}
)
BY_NAME = {name: command for command in TABLE for name in (command.name, *command.aliases)}
SESSION_WORDS = frozenset(name for name, c in BY_NAME.items() if c.name == "sessions")


def named(text: str) -> tuple[Command | None, str]:
    """The subcommand that a text begins with, by whatever name, and the words after it."""
    first, rest = _split(text)
    return BY_NAME.get(plain(first).casefold()), rest


def _asks_who(word: str) -> bool:
    return plain(word).casefold() in ("who", "who's", "whos")


def _did_you_mean(suggestions: Sequence[Suggestion]) -> str:
    return "Did you mean this?" if len(suggestions) == 1 else "Did you mean one of these?"


def _split(text: str) -> tuple[str, str]:
    """The first word and the rest."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, "".join(rest).strip()


def help_topics() -> tuple[HelpTopic, ...]:
    """Everything that can be typed: the filters by aspect, then the subcommands."""
    words = tuple(
        HelpTopic(
            aspect.value,
            title,
            tuple(
                HelpLine(row.forms, Pattern(row.help), f"{row.lead} {row.example}")
                for row in FILTERS
                if row.aspect is aspect
            ),
        )
        for aspect, title in TITLES.items()
    )
    commands = HelpTopic("commands", "Commands", tuple(command.line for command in TABLE))
    return (*words, commands)
