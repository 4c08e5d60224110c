"""Turns words into questions, and their names into ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache

from bot.errors import Ambiguous, ExecError, NotFound, Suggestion, UserError
from bot.exec.lists import GROUPS, MEMBERS, SCENARIOS, Lists
from bot.language.account import MINE, Intent, Reading
from bot.language.actions import ACTIONS
from bot.language.examples import Examples, shipped
from bot.language.filters import query_phrases, query_words
from bot.language.query import (
    Kind,
    NameRef,
    Narrowing,
    PersonRef,
    Query,
    ResolvedQuery,
)
from bot.language.reader import Outcome, Reader, Refusal
from bot.language.text import shortened
from bot.language.times import Clock
from bot.language.tokens import Token
from bot.people.access import Asker, Visibility
from bot.people.accounts import Accounts
from bot.people.directory import Directory
from bot.people.lookup import Lookup, Ref, Reword
from bot.reports.table import REPORTS

INTENTS: dict[str, Intent] = {
    intent.name: intent for intent in (*ACTIONS, *(report.intent for report in REPORTS))
}
# The beginning of a suggestion's label, by report.
TITLES = {
    "leaderboard": "Top performers",
    "inactive": "Who hasn't practiced",
    "session": "Last session",
    "me": "My week",
    "what-next": "What next",
    "talk": "Who should I talk to",
    "post": "Post a digest",
    "digest list": "Scheduled posts",
    "coaches": "Who is my coach",
    "coach add": "How to assign a coach",
    "coach remove": "How to remove a coach",
    "hide": "Hide my name",
    "mute": "Mute nudges",
    "stop": "Stop my messages",
    "audit": "Who looked at my practice",
    "seen": "Who sees my practice",
    "status": "Status of the bot",
    "export": "How to export a file",
    "link": "How to link an account",
    "forget": "How data is deleted",
    "hello": "What I am",
    "help": "What you can ask",
    "numbers": "What the numbers mean",
    "about": "About the bot",
}


@cache
def examples() -> Examples:
    """The examples that come with the bot, of all reports and actions."""
    return Examples(shipped(), [*INTENTS])


@dataclass(frozen=True, slots=True)
class Resolver:
    """Makes readers, and resolves the names in a `Query`."""

    directory: Directory
    lists: Lists
    people: Accounts
    clock: Callable[[], datetime]

    async def reader(
        self, asker: Asker, visibility: Visibility, *, now: datetime | None = None
    ) -> Reader:
        """A reader for the asker's texts, which knows only the names that they can see."""
        with suppress(ExecError):  # questions without names still work
            await self.lists.ensure(MEMBERS, GROUPS, SCENARIOS)
        await self.directory.refresh()
        ours: tuple[PersonRef | NameRef, ...] = (MINE,)
        if visibility.sees == "own" and len(visibility.own_groups) == 1:
            groups = self.directory.things(Kind.GROUP)
            own = [group for group in groups if group.id in visibility.own_groups]
            ours = tuple(NameRef(Kind.GROUP, group.name, group.name) for group in own) or ours
        return Reader(
            intents=INTENTS,
            clock=Clock(now or self.clock(), asker.zone),
            sees=visibility.sees,
            names=self.directory.index.seen_by(visibility.knows),
            examples=examples(),
            ours=ours,
        )

    async def note_groups(self, tokens: Sequence[Token]) -> None:
        """Have jobs read the members of groups in a text, because its writer may be one of them."""
        names = self.directory.index.seen_by(lambda _: True)
        matches = [names.find(tokens, at, Kind.GROUP) for at in range(len(tokens))]
        await self.lists.note_use([group.id for match in matches if match for group in match.known])

    async def query_of(
        self,
        text: str,
        asker: Asker,
        visibility: Visibility,
        *,
        lead: str = "sessions",
        now: datetime | None = None,
    ) -> Query:
        """The question of the words after the name of a report or action, as meant at `now`.

        Raises UserError, and ExecError if a list was never read.
        """
        text = await self.people.labeled(asker.team_id, text)
        reader = await self.reader(asker, visibility, now=now)
        return understood(reader.command(lead, text)).query

    async def resolve(
        self, query: Query, asker: Asker, visibility: Visibility, *, lead: str = "sessions"
    ) -> ResolvedQuery:
        """The question in ids, reduced to what the asker can see.

        Raises NotAllowed, NotFound, Ambiguous, ExecError and SlackError.
        """
        lookup = self.lookup(asker, visibility, rewording(query, lead))
        people = [person for ref in query.people for person in await lookup.find_people(ref)]
        names = dict.fromkeys([await lookup.find_thing(ref) for ref in query.names])
        same = {field.name: getattr(query, field.name) for field in fields(Narrowing)}
        resolved = ResolvedQuery(
            people=tuple(dict.fromkeys(people)) or lookup.implied_people(names),
            names=tuple(names),
            **same,
        )
        return await lookup.leave_out(resolved, query.left_out)

    def lookup(self, asker: Asker, visibility: Visibility, reword: Reword) -> Lookup:
        """A lookup for the names in one command."""
        return Lookup(self.directory, self.lists, self.people, asker, visibility, reword)


class NotUnderstood(NotFound):
    """A text that the reader refuses."""


def understood(outcome: Outcome) -> Reading:
    """The reading of an outcome. Raises UserError for a refusal, with its suggestions."""
    if isinstance(outcome, Reading):
        return outcome
    raise problem_of(outcome)


def problem_of(refusal: Refusal) -> UserError:
    """A refusal as an error, with its suggestions."""
    word, offers = shortened(refusal.word), tuple(map(suggestion, refusal.offers))
    if refusal.labels:
        named = zip(offers, refusal.labels, strict=True)
        choices = (replace(reading, label=shortened(label)) for reading, label in named)
        return Ambiguous(refusal.pattern, tuple(choices), word=word)
    return NotUnderstood(f"{refusal.pattern}{' Try:' if offers else ''}", offers, word=word)


def suggestion(reading: Reading) -> Suggestion:
    """A button that asks a question: "Team · West Coast · this month"."""
    name = reading.intent.name
    title = TITLES.get(name, name.capitalize())
    label = " · ".join((title, *query_phrases(reading.query)))
    own = "" if query_words(reading.query) else reading.intent.words
    return Suggestion(shortened(label), own or f"{name} {query_words(reading.query)}".strip())


def rewording(query: Query, lead: str) -> Reword:
    """A function that replaces a name in the question's command, which begins with `lead`."""
    return lambda old, new: f"{lead} {query_words(_replaced(query, old, new))}"


def _replaced(query: Query, old: Ref, new: Ref) -> Query:
    """The question with `new` in place of `old`."""

    def swapped(refs: Iterable[Ref]) -> list[Ref]:
        return [new if ref == old else ref for ref in refs]

    refs = swapped((*query.people, *query.names))
    return replace(
        query,
        people=tuple(ref for ref in refs if isinstance(ref, PersonRef)),
        names=tuple(ref for ref in refs if isinstance(ref, NameRef)),
        left_out=tuple(swapped(query.left_out)),
    )
