"""The subcommands of `/exec`: a row each, from which dispatch, help and suggestions come."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot import access
from bot.commands.alert import AlertCommands
from bot.commands.audit import AuditCommand
from bot.commands.coach import CoachCommands
from bot.commands.digest import DigestCommands
from bot.commands.helping import ADMINS, BOTH, COACHES, Helping
from bot.commands.link import Linking
from bot.commands.people_asked import PeopleAsked
from bot.commands.plain import FRIENDLY, Led, PlainQuestions
from bot.commands.status import Status
from bot.env import Env
from bot.errors import NotAllowed, NotFound, Pattern, Sentence, Suggestion, UserError
from bot.language.filters import FILTERS
from bot.language.filters.row import TITLES
from bot.language.phrases import LOWEST, MEMBER, TALK
from bot.language.query import Kind
from bot.language.saying import wanted_digest
from bot.language.text import clean, nearest, plain, shortened, spoken
from bot.mirror.mirror import ReadOptions
from bot.people.people import People
from bot.pipeline import Pipeline, Request
from bot.rendering.messages import View
from bot.rendering.views import (
    AnswerView,
    HelpLine,
    HelpTopic,
    HelpView,
    NoticeView,
)
from bot.reports.report import AnyReport
from bot.reports.table import BY_WORD, REPORTS, SESSIONS
from bot.storage.handles import Handles


@dataclass(frozen=True, slots=True)
class Command:
    """`name` and `aliases` are what people type first; `run` answers the words after it."""

    name: str
    aliases: tuple[str, ...]
    lines: tuple[HelpLine, ...]
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
        audit: AuditCommand,
        alerts: AlertCommands,
        digests: DigestCommands,
        coach: CoachCommands,
        linking: Linking,
        plain: PlainQuestions,
        people_asked: PeopleAsked,
        helping: Helping,
    ) -> None:
        self._asides = {
            TALK: people_asked.to_talk_to,
            MEMBER: people_asked.in_group,
            LOWEST: people_asked.last_of_all,
        }
        self._helping = helping
        self.plain = plain
        self._pipeline = pipeline
        self._people = people
        self._status = status
        self._audit = audit
        self._alerts = alerts
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
        """Answer a text: a command, or plain words. Raises UserError, ExecError, SlackError,
        StorageError."""
        command, rest = named(text)
        if command is None and "<@" in text:
            text = await self._people.without_apps(request.asker.team_id, text)
            command, rest = named(text)
        if command is not None and not await self._is_plain(request, command, text):
            return await command.run(self, request, rest)
        led = await self.plain.lead(request.asker, text)
        if led.name in FRIENDLY:
            ways = await self.plain.tries(request.asker)
            offers = await self._pipeline.offers(request.asker, ways[:2])
            return NoticeView(Sentence(FRIENDLY[led.name]), offers)
        return await self._led(request, led)

    async def _is_plain(self, request: Request, command: Command, text: str) -> bool:
        """Whether words that begin with a command's name ask for a report instead: "me vs last
        week" does, as all of it is understood."""
        _, rest = named(text)
        if command.run is not Commands.me or not rest or self._coach.takes(rest):
            return False
        try:
            meaning = await self.plain.words.understand(request.asker, text)
        except UserError:
            return False
        meant = BY_WORD.get(meaning.report)
        return meant is not None and meant.asked and not meaning.unused

    async def _led(self, request: Request, led: Led) -> View:
        """The answer to what plain words led to."""
        if aside := self._asides.get(led.name):
            return await aside(request, led.rest)
        report = BY_WORD.get(led.name)
        if report is None or not report.asked:
            return await BY_NAME[led.name].run(self, request, led.rest)
        try:
            view = await self._pipeline.ask(request, led.rest, report)
        except (NotFound, NotAllowed) as problem:
            problem.suggestions = problem.suggestions or await self.plain.tries(request.asker)
            raise
        if led.export and isinstance(view, AnswerView):
            return replace(view, note=Sentence(TO_EXPORT if view.can_export else NO_EXPORT))
        return view

    async def report(self, request: Request, rest: str, report: AnyReport) -> View:
        """The answer of a report to the words after its name."""
        first, after = _split(rest)
        if plain(first).casefold() == "help":
            return await self.help(request, after)

        async def ask(report: AnyReport, text: str) -> View:
            return await self._pipeline.ask(request, text, report)

        return await self.plain.as_typed_or_meant(request.asker, rest, report, ask)

    async def page(self, request: Request, id_: str, start: int) -> AnswerView:
        """An earlier answer from one of its rows on."""
        return await self._pipeline.page(request, id_, start)

    async def row(self, request: Request, id_: str, row: int) -> str:
        """The command that tells more of a row of an earlier answer."""
        return await self._pipeline.row_of(request.asker, id_, row)

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
        if not rest:
            return await self._pipeline.explain(request.asker, None)

        async def explain(report: AnyReport, text: str) -> View:
            return await self._pipeline.explain(request.asker, f"{report.name} {text}")

        report = BY_WORD.get(plain(first).casefold())
        words = after if report else rest
        return await self.plain.as_typed_or_meant(request.asker, words, report or SESSIONS, explain)

    async def counted(self, request: Request, id_: str) -> View:
        """How an earlier answer was counted."""
        return await self._pipeline.counted(request.asker, id_)

    async def help(self, request: Request, rest: str) -> View:
        """What can be asked. Raises NotAllowed for those whom every command would refuse."""
        asker = request.asker
        access.admit(asker.account_type)
        topics, tries = await self._helping.topics(asker, help_topics())
        only = None
        word = rest.casefold()
        command = BY_NAME.get(_split(word)[0])
        if word and command is not None and command.name not in SESSION_WORDS:
            only = command.name
            title = f"{self._command} {only}"
            topic = HelpTopic(only, title, command.lines)
            topics, _ = await self._helping.topics(asker, (topic,))
            if not topics:
                raise NotAllowed(
                    "`{command} {name}` is for {whom}.",
                    name=only,
                    whom=command.lines[0].only.lower(),
                )
        elif word and word not in SESSION_WORDS:
            only = next((t.key for t in topics if word in (t.key, t.title.casefold())), None)
            only = only or self._topic_of_word(rest, topics)
        (form_id,) = await self._handles.keep_commands(asker.team_id, asker.user_id, ("sessions",))
        examples = await self._pipeline.offers(asker, tries)
        return HelpView(topics, only, examples, form_id)

    def _topic_of_word(self, word: str, topics: tuple[HelpTopic, ...]) -> str:
        """The topic in which `word` is explained. Raises NotFound that names the topics."""
        folded = word.casefold()
        if found := TOPIC_OF.get(folded.removesuffix("s")):
            return found
        for topic in topics:
            said = (form for line in topic.lines for form in line.forms)
            # What leaves a group out does not explain what a group is.
            forms = " ".join(form for form in said if not form.startswith("-")).casefold()
            if {folded, folded.removesuffix("s")} & {*forms.split(), *re.findall(r"\w+", forms)}:
                return topic.key
        keys = tuple(topic.key for topic in topics)
        near = nearest(word.casefold(), keys) or keys
        raise NotFound(
            "No help topic `{word}`. Topics:",
            tuple(Suggestion(key, f"help {key}") for key in near),
            word=shortened(spoken(clean(word))),
        )

    async def status(self, request: Request, rest: str) -> View:
        if rest:
            raise UserError(
                "`{command} status` stands alone: it shows requests and what is held of Exec.",
                (Suggestion("Show the status", "status"),),
            )
        return await self._status.view(request.asker)

    async def audit(self, request: Request, rest: str, start: int = 0) -> View:
        """Who looked at somebody's practice, from row `start` on."""
        return await self._audit.run(request, rest, start)

    async def alert(self, request: Request, rest: str) -> View:
        return await self._alerts.run(request, rest)

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


# To who asks for a file in plain words, where what was understood is looked at before it is sent.
TO_EXPORT = "*Export CSV* below sends you this as a file."
NO_EXPORT = "Files are for admins, and for coaches about their people."
TABLE = (
    *(
        Command(
            report.name,
            report.also,
            (
                HelpLine(
                    report.forms,
                    Pattern(report.help),
                    report.example,
                    BOTH if report.coaches_only else "",
                ),
            ),
            functools.partial(Commands.report, report=report),
        )
        for report in REPORTS
        if report.asked
    ),
    Command(
        "alert",
        ("alerts",),
        (
            HelpLine(
                (
                    "alert [who] gold",
                    "alert [who] inactive 14d",
                    "alert [who] below 70",
                    "alert [who] overdue",
                    "alert list",
                ),
                Pattern(
                    "Coaches and admins: be told once when it happens. That is a first gold, days "
                    "without practice, a 30-day average that falls below a score, or an assignment "
                    "that passes its due date."
                ),
                'alert group:"West Coast" inactive 14d',
                BOTH,
            ),
        ),
        Commands.alert,
    ),
    Command(
        "audit",
        (),
        (
            HelpLine(
                ("audit me",),
                Pattern("Who has looked at your practice, day by day."),
                "audit me",
            ),
            HelpLine(
                ("audit @jane",),
                Pattern("Admins: who has looked at somebody's practice, when and how."),
                "audit @jane",
                ADMINS,
            ),
        ),
        Commands.audit,
    ),
    Command(
        "coach",
        ("coaches",),
        (
            HelpLine(
                ('coach add @ana "West Coast" @jane', "coach remove @ana", "coach list"),
                Pattern("Admins: who sees and coaches whom."),
                "coach list",
                ADMINS,
            ),
            HelpLine(
                ("coach digest [when]",),
                Pattern(
                    "Coaches: when your message about your people comes, with `pause`, `resume`, "
                    "`snooze 2026-04-01` and `stop`."
                ),
                "coach digest every monday 8:30",
                COACHES,
            ),
        ),
        Commands.coach,
    ),
    Command(
        "digest",
        ("digests",),
        (
            HelpLine(
                ('digest "group" [when]', "digest [question] [when]", "digest list"),
                Pattern(
                    "Admins and coaches: post a group's results on a schedule, or the answer to a "
                    "question, or see what comes here. Without a time it opens a form."
                ),
                'digest "West Coast" every monday 9:00',
                BOTH,
            ),
        ),
        Commands.digest,
    ),
    Command(
        "explain",
        (),
        (
            HelpLine(
                ("explain [question]",),
                Pattern(
                    "What a question, or else your last one, means and what exactly Exec is asked."
                ),
                "explain sessions silver+ this week",
            ),
        ),
        Commands.explain,
    ),
    Command(
        "help",
        ("?", ""),
        (
            HelpLine(
                ("help [topic]",),
                Pattern("What you can ask, in short or one topic in full."),
                "help when",
            ),
        ),
        Commands.help,
    ),
    Command(
        "link",
        (),
        (
            HelpLine(
                ("link @person e-mail",),
                Pattern("Admins: join a Slack account to an Exec person whose e-mail differs."),
                "",  # somebody has to be picked from Slack's list
                ADMINS,
            ),
        ),
        Commands.link,
    ),
    Command(
        "me",
        (),
        (
            HelpLine(
                ("me", "me unnamed", "me dates us"),
                Pattern(
                    "Your own week: figures, scenarios, what is due. Every Monday if you like. "
                    "`unnamed` hides your name in channel digests; `named` undoes that. `dates` "
                    "chooses how dates are written to you."
                ),
                "me",
            ),
        ),
        Commands.me,
    ),
    Command(
        "status",
        (),
        (
            HelpLine(
                ("status",),
                Pattern(
                    "Admins: today's requests to Exec, what is held of it, and when I last looked."
                ),
                "status",
                ADMINS,
            ),
        ),
        Commands.status,
    ),
    Command(
        "unlink",
        (),
        (HelpLine(("unlink @person",), Pattern("Admins: undo a link."), "", ADMINS),),
        Commands.unlink,
    ),
)
# Topics for words that are in none of the forms.
TOPIC_OF = MappingProxyType(
    {"person": "who", "date": "when", "day": "when", "time": "when", "period": "when"}
)
# The filters that only some have a use for, by their keys.
ONLY = MappingProxyType({"who": BOTH, "without": BOTH, Kind.GROUP.value: BOTH, "system": ADMINS})
BY_NAME = {name: command for command in TABLE for name in (command.name, *command.aliases)}
NAMES = frozenset(command.name for command in TABLE)
SESSION_WORDS = frozenset(name for name, c in BY_NAME.items() if c.name == "sessions")


def named(text: str) -> tuple[Command | None, str]:
    """The subcommand that a text begins with, by whatever name, and the words after it."""
    first, rest = _split(text)
    command = BY_NAME.get(plain(first).casefold())
    if command is None and (wanted := wanted_digest(text)) is not None:
        return BY_NAME["digest"], wanted
    if command is not None and command.run is Commands.help:
        asked, more = _split(rest)
        if plain(asked).casefold().rstrip("?!.") == "me":
            return (None, rest) if more else (command, "")  # "help me prepare …", "help me"
    return command, rest


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
                HelpLine(
                    row.forms,
                    Pattern(row.help),
                    f"{row.lead} {row.example}",
                    ONLY.get(row.key, ""),
                )
                # What other reports know comes after what all do.
                for row in sorted(FILTERS, key=lambda row: row.lead != SESSIONS.name)
                if row.aspect is aspect
            ),
        )
        for aspect, title in TITLES.items()
    )
    commands = HelpTopic(
        "commands", "Commands", tuple(line for command in TABLE for line in command.lines)
    )
    return (*words, commands)
