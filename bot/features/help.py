"""`/exec` and `/exec help`: examples to press, and what somebody can ask by topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from bot import access
from bot.access import Asker, Sees, Visibility
from bot.answer import Answerer, Request
from bot.env import Env
from bot.errors import NotAllowed, NotFound, Pattern, Suggestion
from bot.features import ADMINS, BOTH, COACHES, Command, Feature, Features, HelpLine
from bot.language.filters import FILTERS, TITLES
from bot.language.query import Kind, Member, Named
from bot.language.text import (
    clean,
    first_word,
    nearest_words,
    plain_text,
    quoted,
    shortened,
    without_ids,
)
from bot.messages.render import Draft, draft, notice
from bot.people.accounts import People
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.reports.table import REPORTS, SESSIONS

N = TypeVar("N", Named, Member)

LONGEST = 40  # characters of a name in an example
# What stands for names in the examples of the tables; a workspace's own come in their place.
_PERSON, _GROUP, _OTHER_GROUP = "@jane", '"West Coast"', '"East Coast"'
_NAMED = {
    "procurement-discovery": Kind.SCENARIO,
    "skill:discovery": Kind.SKILL,
    '"Sales Basics"': Kind.PROGRAM,
    "first-calls": Kind.COLLECTION,
}
# Not every workspace has these.
_MADE_UP = ("abc123def456", "page:2")


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A part of the language ("who", "where", "what", "when", "how"), a subcommand, or the bot."""

    key: str
    title: str
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What an example may name: somebody and groups that its reader may see, and things."""

    person: Member | None
    groups: tuple[Named, ...]
    things: dict[Kind, Named]
    is_self: bool

    def example(self, text: str) -> str:
        """An example with these names in it; "" where one is missing."""
        if any(word in text for word in _MADE_UP):
            return ""
        found = {sample: self._written(sample) for sample in _SAMPLES if sample in text}
        if not all(found.values()):
            return ""
        return _ANY_SAMPLE.sub(lambda sample: found[sample[0]], text)

    def _written(self, sample: str) -> str:
        if sample == _PERSON:
            return "me" if self.is_self else quoted(self.person.name) if self.person else ""
        if sample in (_GROUP, _OTHER_GROUP):
            at = (_GROUP, _OTHER_GROUP).index(sample)
            return quoted(self.groups[at].name) if at < len(self.groups) else ""
        kind = _NAMED[sample]
        lead = f"{kind.value}:" if sample.startswith(f"{kind.value}:") else ""
        return f"{lead}{quoted(self.things[kind].name)}" if kind in self.things else ""


_SAMPLES = (_PERSON, _GROUP, _OTHER_GROUP, *_NAMED)
_ANY_SAMPLE = re.compile("|".join(map(re.escape, _SAMPLES)))


# Topics for words that are in none of the forms.
TOPIC_OF = MappingProxyType(
    {"person": "who", "date": "when", "day": "when", "time": "when", "period": "when"}
)
# The filters that only some have a use for, by their keys.
ONLY = MappingProxyType({"who": BOTH, "without": BOTH, Kind.GROUP.value: BOTH, "system": ADMINS})
COMMANDS, NUMBERS, BOT = "commands", "numbers", "bot"
# What the numbers in answers and digests mean.
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
        "A person's best score in a scenario minus their first, over two graded attempts or more. "
        "It grows with the number of attempts.",
    ),
    (
        ("improving", "slipping"),
        "The mean over the same scenarios is five points or more above or below the mean of the "
        "four weeks before, and chance doesn't explain it. Each four weeks need three graded "
        "attempts.",
    ),
    (
        ("personal best",),
        "A score above the person's best before in that scenario, after two graded attempts or "
        "more.",
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
        "Exec's own figure for a skill. It counts real calls too, and an observation counts half "
        "after 30 days.",
    ),
)
ABOUT_THE_BOT = (
    "You, your coaches and admins can see every attempt of yours. Nobody else can, unless you "
    "share it.",
    "I never alert anyone about a single low score. Coaches get a weekly list of who to talk to, "
    "and can ask for alerts about a first gold, a low average over three attempts, silence and "
    "overdue assignments.",
    "I store who practiced what and when, with scores, ranks and Exec's feedback, but no "
    "recordings or transcripts. Whoever runs this bot sets for how long.",
    "The person who runs this bot can delete everything I store about someone. Delete them in Exec "
    "first, or the next sync brings them back.",
    "I run where your company set me up, with a database of its own, and show Exec data only in "
    "Slack.",
    "Exec sets scores, grades and ranks; I only show them. To question one, ask your coach or an "
    "Exec admin.",
    "I don't count questions. I log who looked at whose practice: `{command} audit me` shows who "
    "looked at yours.",
    "A nudge is a direct message in your coach's name. They see and can edit it first, and can "
    "send you at most one an hour.",
    "I can't set reminders, forecast results or track time off. I can show what's due, and send "
    "you your week every Monday.",
    "People, groups and admins are managed in Exec. Changes show up here within a day.",
)
# What to say to a question about the bot in plain words, by its kind, and what to offer.
ANSWERS = MappingProxyType(
    {
        "seen": (
            ABOUT_THE_BOT[0],
            (
                Suggestion("Who is my coach", "who is my coach"),
                Suggestion("Who looked", "audit me"),
            ),
        ),
        "hide": (
            "I can leave your name out of everything I post in channels. Your coaches and admins "
            "still see your practice.",
            (Suggestion("Hide my name", "me unnamed"),),
        ),
    }
)
LINE = HelpLine(
    ("help [topic]",), Pattern("What you can ask, in short or one topic in full."), "help when"
)


@dataclass(frozen=True, slots=True)
class Help:
    """All raise UserError, SlackError and StorageError; nothing here asks Exec."""

    env: Env
    features: Features
    people: People
    coaching: Coaching
    directory: Directory
    answerer: Answerer

    @property
    def feature(self) -> Feature:
        help_ = Command("help", self.run, (LINE,), ("?", ""), in_exec=False, takes=_takes)
        about = {key: partial(self.about, key=key) for key in ANSWERS}
        return Feature(commands=(help_,), phrases={**about, NUMBERS: self.numbers})

    async def run(self, request: Request, rest: str) -> Draft:
        """Answer `help <rest>`. Raises NotAllowed for those whom every command would refuse."""
        asker = request.asker
        access.admit(asker.account_type)
        text = "" if _is_me(rest) else rest
        word, only = text.casefold(), None
        command = self.features.commands.get(first_word(text)[0])
        if word and command is not None and command.name != SESSIONS.name:
            only = command.name
            topic = HelpTopic(only, f"{self.env.command} {only}", command.lines)
            topics, sees = await self._for(asker, (topic,))
            if not topics:
                raise NotAllowed(
                    "`{command} {name}` is for {whom}.",
                    name=only,
                    whom=command.lines[0].only.lower(),
                )
        else:
            topics, sees = await self._for(asker, help_topics(self.features.each()))
            if word and word not in self.features.commands:
                only = next((t.key for t in topics if word in (t.key, t.title.casefold())), None)
                only = only or _topic_of_word(text, topics)
        others = () if only == COMMANDS else (Suggestion("All commands", f"help {COMMANDS}"),)
        return draft(
            "help",
            topics=topics,
            topic=next((topic for topic in topics if topic.key == only), None),
            sees=sees,
            offers=await self.answerer.offers(asker, others),
        )

    async def numbers(self, request: Request, _words: str) -> Draft:
        """What the numbers in answers mean, to who asks in plain words."""
        return await self.run(request, NUMBERS)

    async def about(self, request: Request, _words: str, *, key: str) -> Draft:
        """The answer to a question about the bot, in plain words."""
        sentence, ways = ANSWERS[key]
        return notice(sentence, await self.answerer.offers(request.asker, ways))

    async def _for(
        self, asker: Asker, topics: Iterable[HelpTopic]
    ) -> tuple[tuple[HelpTopic, ...], Sees]:
        """The topics without what is not for the asker, and whose practice the asker sees. All
        examples name what there is in their workspace and is theirs to see."""
        asker, visibility = await self._reader(asker)
        own = await self._own(asker, visibility)
        visibility = visibility or Visibility(everyone=False)
        theirs = (_theirs(topic, visibility, own) for topic in topics)
        return tuple(topic for topic in theirs if topic.lines), visibility.sees

    async def _reader(self, asker: Asker) -> tuple[Asker, Visibility | None]:
        if asker.member is None and asker.team_id:
            account = await self.people.account(asker.team_id, asker.user_id)
            member = await self.people.member_of(account)
            asker = replace(asker, member=member)
        try:
            return asker, await self.coaching.reach(asker)
        except NotAllowed:  # they may hear what could be asked, but no name
            return asker, None

    async def _own(self, asker: Asker, visibility: Visibility | None) -> Own:
        if visibility is None:
            return Own(None, (), {}, is_self=False)
        items = {kind: await self.directory.items(kind) for kind in Kind}
        items[Kind.SCENARIO] = tuple(filter(visibility.knows, items[Kind.SCENARIO]))
        groups = [each for each in items.pop(Kind.GROUP) if visibility.covers_group(each.id)]
        person = asker.member
        if visibility.everyone or visibility.coaches:
            present = await self.directory.members()
            others = (each for each in present if each.id != (person.id if person else ""))
            person = _first([each for each in others if visibility.covers((each,))]) or person
        return Own(
            person=person,
            groups=_called_once(groups),
            things={kind: one for kind, all_ in items.items() if (one := _first(all_)) is not None},
            is_self=person is not None and person == asker.member,
        )


def help_topics(commands: Iterable[Command]) -> tuple[HelpTopic, ...]:
    """Everything that can be typed: the filters by aspect, then the commands, reports first; what
    the numbers in answers mean; and what there is to know about the bot."""
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
    asked = {report.name for report in REPORTS if report.asked}
    ordered = sorted(commands, key=lambda one: "" if one.name in asked else one.name)
    lines = tuple(line for command in ordered for line in command.lines)
    numbers = tuple(HelpLine(forms, Pattern(told), "") for forms, told in DEFINITIONS)
    about = tuple(HelpLine((), Pattern(sentence), "") for sentence in ABOUT_THE_BOT)
    return (
        *words,
        HelpTopic(NUMBERS, "Numbers", numbers),
        HelpTopic(COMMANDS, "Commands", lines),
        HelpTopic(BOT, "About me", about),
    )


def _takes(rest: str) -> bool:
    """Not "help me prepare …", which asks a question."""
    first, more = first_word(rest)
    return not (_is_me(first) and more)


def _is_me(word: str) -> bool:
    return plain_text(word).casefold().rstrip("?!.") == "me"


def _topic_of_word(word: str, topics: tuple[HelpTopic, ...]) -> str:
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
    near = nearest_words(folded, keys) or keys
    raise NotFound(
        "No help topic `{word}`. Topics:",
        tuple(Suggestion(key, f"help {key}") for key in near),
        word=shortened(without_ids(clean(word))),
    )


def _first(each: Sequence[N]) -> N | None:
    return next(iter(_called_once(each)), None)


def _called_once(each: Sequence[N]) -> tuple[N, ...]:
    """Those by whose name nothing else is called, where it is short enough to type; by name."""
    names = Counter(one.name.casefold() for one in each)
    told = (one for one in each if names[one.name.casefold()] == 1 and len(one.name) <= LONGEST)
    return tuple(sorted(told, key=lambda one: one.name.casefold()))


def _theirs(topic: HelpTopic, visibility: Visibility, own: Own) -> HelpTopic:
    told = (line for line in topic.lines if _is_for(line.only, visibility))
    return replace(
        topic, lines=tuple(replace(each, example=own.example(each.example)) for each in told)
    )


def _is_for(only: str, visibility: Visibility) -> bool:
    leads = {ADMINS: visibility.everyone, COACHES: visibility.coaches}
    return not only or any(leads[one] for one in leads if one.casefold() in only.casefold())
