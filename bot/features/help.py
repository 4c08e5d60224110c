"""`/exec` and `/exec help`: questions as buttons, and everything that people can ask, by topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot import access
from bot.access import Visibility
from bot.answer import Request
from bot.commands import ADMINS, BOTH, COACHES, Command, HelpLine
from bot.errors import NotAllowed, NotFound, Pattern, Suggestion
from bot.language.filters import FILTERS
from bot.language.query import Kind
from bot.language.text import clean, first_word, nearest_words, plain_text, shortened, without_ids
from bot.messages.render import Draft, draft, notice
from bot.reports.table import REPORTS

if TYPE_CHECKING:
    from bot.app import App

# The filters that only some people can use, by key.
ONLY = MappingProxyType({"who": BOTH, "without": BOTH, Kind.GROUP.value: BOTH, "system": ADMINS})
DEFINITIONS = (
    (("session",), "Any attempt that Exec lists, finished or not. Exec's own staff isn't counted."),
    (
        ("graded attempt",),
        "A finished attempt with a score. All others are incomplete, or wait for a grade.",
    ),
    (("average",), "The mean score of graded attempts."),
    (
        ("change",),
        "This period minus the one before. Averages are compared if both periods have three graded "
        "attempts.",
    ),
    (
        ("lift",),
        "A person's best score in a scenario minus their first. It takes at least two graded "
        "attempts and grows with their number.",
    ),
    (
        ("improving", "slipping"),
        "The mean over four weeks is at least five points above or below the mean of the four "
        "weeks before, on the same scenarios, and chance doesn't explain it. Both need three "
        "graded attempts.",
    ),
    (
        ("personal best",),
        "A score that beats the person's earlier best in that scenario, after at least two graded "
        "attempts.",
    ),
    (
        ("below 70",),
        "For alerts: the last three graded attempts and the last 30 days both average below 70.",
    ),
    (
        ("gold", "silver", "bronze"),
        "Exec decides the rank of each attempt. There's no fixed score I could give you.",
    ),
    (
        ("proficiency",),
        "Exec's own score for a skill. It includes real calls, and an observation counts half "
        "after 30 days.",
    ),
)
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
        Pattern("The people on your team to talk to, the most urgent first, and why."),
        "",
        COACHES,
    ),
    HelpLine(
        ("nudge [who]",),
        Pattern("A note from you to one of your people. You edit it before I send it."),
        "",
        COACHES,
    ),
)
LINE = HelpLine(("help [topic]",), Pattern("What you can ask, by topic."), "help words")
# The subcommands that each topic explains.
OF_COMMANDS = {
    "asking": (*(report.name for report in REPORTS if report.has_command), "what-next"),
    "digests": ("digest",),
    "coaching": ("prep", "coach"),
    "alerts": ("alert",),
    "privacy": ("me", "audit"),
}
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


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A help topic with its lines."""

    key: str
    title: str
    lines: tuple[HelpLine, ...]


def register(app: App) -> None:
    """Add the subcommand, and the answers about the bot."""
    help_ = partial(run, app)
    app.commands.add(Command("help", help_, (LINE,), ("?", ""), in_exec=False, takes=_takes))
    app.commands.actions["numbers"] = lambda request, _: run(app, request, "numbers")
    app.commands.actions["seen"] = partial(
        tell, app, WHO_SEES, (Suggestion("Who is my coach", "who is my coach"),)
    )
    app.commands.actions["hide"] = partial(
        tell, app, HIDING, (Suggestion("Hide my name", "me unnamed"),)
    )


async def tell(
    app: App, sentence: str, ways: tuple[Suggestion, ...], request: Request, _rest: str
) -> Draft:
    """A sentence about the bot, with buttons."""
    return notice(sentence, await app.answerer.offers(request.asker, ways))


async def run(app: App, request: Request, rest: str) -> Draft:
    """Answer `help <rest>`. Raises NotAllowed for people who can't ask anything and for commands
    that they can't use, and NotFound for an unknown topic."""
    asker = request.asker
    access.admit(asker.account_type)
    sees = await _visibility(app, request)
    visible = (_visible_to(sees, each) for each in _topics(app))
    topics = tuple(each for each in visible if each.lines)
    word = "" if _is_me(rest) else rest.casefold()
    topic = next((each for each in topics if word in (each.key, each.title.casefold())), None)
    command = app.commands.by_word.get(first_word(word)[0])
    if word and topic is None and command is not None:
        named = HelpTopic(command.name, f"{app.command} {command.name}", command.lines)
        topic = _visible_to(sees, named)
        if not topic.lines:
            only = command.lines[0].only.lower()
            raise NotAllowed("`{command} {name}` is for {who}.", name=command.name, who=only)
    if word in TITLES and topic is None:
        raise NotAllowed("That help topic is for admins and coaches.")
    if word and topic is None:
        raise _unknown(rest, topics)
    ways = () if topic else (Suggestion("All topics", "help asking"),)
    offers = await app.answerer.offers(asker, ways)
    return draft("help", topics=topics, topic=topic, sees=sees.sees, offers=offers)


async def _visibility(app: App, request: Request) -> Visibility:
    """What the asker can see, from stored data: help sends no request to Exec."""
    asker = request.asker
    if asker.member is None and asker.team_id:
        account = await app.people.account(asker.team_id, asker.user_id)
        asker = replace(asker, member=account.member)
    try:
        return await app.coaching.reach(asker)
    except NotAllowed:  # they can still read the help
        return Visibility(everyone=False)


def _topics(app: App) -> tuple[HelpTopic, ...]:
    """Every topic, with every line."""
    lines: dict[str, tuple[HelpLine, ...]] = {
        key: tuple(line for name in names for line in app.commands.by_word[name].lines)
        for key, names in OF_COMMANDS.items()
    }
    lines["words"] = tuple(
        HelpLine(row.forms, Pattern(row.help), "", ONLY.get(row.key, "")) for row in FILTERS
    )
    lines["numbers"] = tuple(
        HelpLine(forms, Pattern(definition), "") for forms, definition in DEFINITIONS
    )
    lines["bot"] = tuple(HelpLine((), Pattern(sentence), "") for sentence in ABOUT_THE_BOT)
    lines["coaching"] = (*COACHING_LINES, *lines["coaching"])
    rest = [each for each in app.commands.each() if each.lines and each.lines[0].only == ADMINS]
    lines["asking"] += tuple(line for each in rest for line in each.lines)
    return tuple(HelpTopic(key, title, lines[key]) for key, title in TITLES.items())


def _visible_to(sees: Visibility, topic: HelpTopic) -> HelpTopic:
    """The topic without lines for others, and without examples that name somebody."""
    leads = {ADMINS: sees.everyone, COACHES: sees.coaches or sees.everyone}
    leads[BOTH] = sees.coaches or sees.everyone
    lines = [each for each in topic.lines if leads.get(each.only, True)]
    named = [replace(each, example="") if {'"', "@"} & {*each.example} else each for each in lines]
    return replace(topic, lines=tuple(named))


def _unknown(word: str, topics: Sequence[HelpTopic]) -> NotFound:
    keys = tuple(topic.key for topic in topics)
    near = nearest_words(word.casefold(), keys) or keys
    return NotFound(
        "There is no help topic `{word}`. Topics:",
        tuple(Suggestion(key, f"help {key}") for key in near),
        word=shortened(without_ids(clean(word))),
    )


def _takes(rest: str) -> bool:
    """False for "help me prepare …", which is a question."""
    first, more = first_word(rest)
    return not (_is_me(first) and more)


def _is_me(word: str) -> bool:
    return plain_text(word).casefold().rstrip("?!.") == "me"
