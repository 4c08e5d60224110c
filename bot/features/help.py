"""`/exec` and `/exec help`: questions as buttons, and everything that people can ask, by topic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from bot.app import App
from bot.ask.answer import Answerer, Request
from bot.errors import NotFound, Sentence, Suggestion
from bot.language.filters import FILTERS
from bot.language.query import Kind
from bot.language.text import clean, first_word, plain_text, shortened, without_ids
from bot.messages.render import Draft, draft, notice
from bot.people.access import Visibility
from bot.people.coaches import Coaching
from bot.reports.table import BY_WORD, REPORTS
from bot.slack.commands import ADMINS, BOTH, COACHES, Command, Commands, HelpLine

# The filters that only some people can use, by key.
ONLY = MappingProxyType({"who": BOTH, "without": BOTH, Kind.GROUP.value: BOTH, "system": ADMINS})
DEFINITIONS = {
    "session": "Any attempt that Exec lists, finished or not. Exec's own staff isn't counted.",
    "graded attempt": "A finished attempt with a score. All others are incomplete, or wait for a "
    "grade.",
    "average": "The mean score of graded attempts.",
    "change": "This period minus the one before. Averages are compared if both periods have three "
    "graded attempts.",
    "lift": "A person's best score in a scenario minus their first. It takes at least two graded "
    "attempts and grows with their number.",
    "improving, slipping": "The mean over four weeks is at least five points above or below the "
    "mean of the four weeks before, on the same scenarios, and chance doesn't explain it. Both "
    "need three graded attempts.",
    "personal best": "A score that beats the person's earlier best in that scenario, after at "
    "least two graded attempts.",
    "below 70": "For alerts: the last three graded attempts and the last 30 days both average "
    "below 70.",
    "gold, silver, bronze": "Exec decides the rank of each attempt. There's no fixed score I could "
    "give you.",
    "proficiency": "Exec's own score for a skill. It includes real calls, and an observation "
    "counts half after 30 days.",
}
WHO_SEES = (
    "You, your coaches and admins can see all your attempts. Nobody else can, unless you share "
    "them."
)
ABOUT_THE_BOT = (
    WHO_SEES,
    "I never alert anyone about a single low score. Coaches get a weekly list of who to talk to, "
    "and can ask for alerts about a first gold, a low average over three attempts, silence and "
    "overdue assignments.",
    "I store who practiced what and when, with scores, ranks and Exec's feedback, but no "
    "recordings or transcripts. The person who runs this bot sets for how long.",
    "The person who runs this bot can delete everything I store about someone. Delete them in Exec "
    "first, or the next sync brings them back.",
    "I run where your company set me up, with a database of its own, and show Exec data only in "
    "Slack.",
    "Exec sets scores, grades and ranks; I only show them. To question one, ask your coach or an "
    "Exec admin.",
    "I don't count questions. I log who looked at whose practice: `{command} audit me` shows who "
    "looked at yours.",
    "A nudge is a direct message in your coach's name. They see and can edit it first, and can "
    "send you at most one an hour. You can mute nudges under `{command} me`.",
    "I can't set reminders, forecast results or track time off. I can show what's due, and send "
    "you your week every Monday.",
    "People, groups and admins are managed in Exec. Changes show up here within a day.",
)
HIDING = (
    "I can leave your name out of everything I post in channels. Your coaches and admins still see "
    "your practice."
)
COACHING_LINES = (
    HelpLine(
        ("who should I talk to",),
        Sentence("The people on your team to talk to, the most urgent first, and why."),
        only=COACHES,
    ),
    HelpLine(
        ("nudge [who]",),
        Sentence("A note from you to one of your people. You edit it before I send it."),
        only=COACHES,
    ),
)
LINE = HelpLine(("help [topic]",), Sentence("What you can ask, by topic."), "help words")
TITLES = {
    "asking": "Reports",
    "words": "Words to be exact",
    "numbers": "Numbers",
    "digests": "Digests and scheduled questions",
    "coaching": "Coaching",
    "alerts": "Alerts",
    "privacy": "Privacy and your own settings",
    "bot": "About me",
}
# The subcommands of topics.
REPORT_NAMES = tuple(report.name for report in REPORTS if report.has_command)
OF_COMMANDS = {
    "asking": (*REPORT_NAMES, "what-next", "status", "link", "unlink"),
    "digests": ("digest",),
    "coaching": ("prep", "coach"),
    "alerts": ("alert",),
    "privacy": ("me", "audit"),
}


@dataclass(frozen=True, slots=True)
class Help:
    """Explains what people can ask."""

    answerer: Answerer
    coaching: Coaching
    commands: Commands

    def register(self) -> None:
        """Add the subcommand, and the answers about the bot."""
        help_ = self.run
        self.commands.add(Command("help", help_, (LINE,), ("?", ""), takes=_takes))
        self.commands.actions["numbers"] = lambda request, _: self.run(request, "numbers")
        coach = (Suggestion("Who is my coach", "who is my coach"),)
        self.commands.actions["seen"] = partial(self.tell, WHO_SEES, coach)
        hide = (Suggestion("Hide my name", "me unnamed"),)
        self.commands.actions["hide"] = partial(self.tell, HIDING, hide)

    async def tell(
        self, sentence: str, ways: tuple[Suggestion, ...], request: Request, _rest: str
    ) -> Draft:
        """A sentence about the bot, with buttons."""
        return notice(sentence, await self.answerer.offers(request.asker, ways))

    async def run(self, request: Request, rest: str) -> Draft:
        """Answer `help <rest>`. Raises NotFound for a topic that is unknown or not for the
        asker."""
        sees = await self.coaching.visibility(request.asker)
        key = "" if _is_me(rest) else rest.casefold()
        topics = {topic: lines for topic in TITLES if (lines := self._lines(topic, sees))}
        if key and key not in topics:
            raise NotFound(
                "There is no help topic `{word}`. Topics:",
                tuple(Suggestion(topic, f"help {topic}") for topic in topics),
                word=shortened(without_ids(clean(rest))),
            )
        ways = () if key else (Suggestion("All topics", "help asking"),)
        return draft(
            "help",
            title=TITLES.get(key, ""),
            lines=topics.get(key, ()),
            others=[topic for topic in topics if topic != key],
            sees=sees.sees,
            offers=await self.answerer.offers(request.asker, ways),
        )

    def _lines(self, topic: str, sees: Visibility) -> list[HelpLine]:
        """The lines of a topic without those for others, and without examples that name
        somebody."""
        match topic:
            case "words":
                of = [
                    HelpLine(x.forms, Sentence(x.help), only=ONLY.get(x.key, "")) for x in FILTERS
                ]
            case "numbers":
                of = [HelpLine((word,), Sentence(said)) for word, said in DEFINITIONS.items()]
            case "bot":
                of = [HelpLine((), Sentence(sentence)) for sentence in ABOUT_THE_BOT]
            case _:
                of = [line for name in OF_COMMANDS[topic] for line in self._lines_of(name)]
                of = [*COACHING_LINES, *of] if topic == "coaching" else of
        leads = sees.coaches or sees.everyone
        reads = {"": True, ADMINS: sees.everyone, COACHES: leads, BOTH: leads}
        own = [line for line in of if reads[line.only]]
        return [replace(line, example="") if {'"', "@"} & {*line.example} else line for line in own]

    def _lines_of(self, name: str) -> tuple[HelpLine, ...]:
        """The lines of a subcommand or a report."""
        if (command := self.commands.by_word.get(name)) is not None:
            return command.lines
        report = BY_WORD[name]
        only = BOTH if report.coaches_only else ""
        return (HelpLine(report.forms, Sentence(report.help), report.example, only),)


def _takes(rest: str) -> bool:
    """False for "help me prepare …", which is a question."""
    first, more = first_word(rest)
    return not (_is_me(first) and more)


def _is_me(word: str) -> bool:
    return plain_text(word).casefold().rstrip("?!.") == "me"


def register(app: App) -> None:
    """Add what people can do."""
    Help(app.ask.answerer, app.people.coaching, app.slack.commands).register()
