"""Questions in plain words: what they lead to, and what to try where nobody can tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.access import Asker, Visibility
from bot.errors import NotAllowed, NotFound, ParseError, Sentence, Suggestion, TooLong, UserError
from bot.language.cursor import SHOW_HELP
from bot.language.filters import FILTERS
from bot.language.phrases import HELLO, TALK, THANKS
from bot.language.plain_words import (
    ASSIGNMENTS,
    ATTEMPT,
    COMPARE,
    INACTIVE,
    OWN_WEEK,
    PROGRESS,
    RANKING,
    SESSIONS,
    TEAM,
    Meaning,
    corrected,
    requests,
)
from bot.language.query import NameRef, PersonKind, PersonRef, Query, Sort
from bot.language.running_text import CALLED, may_name_somebody, own_words
from bot.language.text import clean, first_word, nearest_words, shortened, written
from bot.language.words import query_words, removable, without
from bot.meaning import PlainWords
from bot.people.accounts import People
from bot.people.coaches import Coaching
from bot.question import fitting, require_one
from bot.reports._report import AnyReport
from bot.reports.table import BY_WORD

T = TypeVar("T")
Ref = TypeVar("Ref", PersonRef, PersonRef | NameRef)

MOST_OFFERED = 3
MOST_NAMED = 5  # words that were not understood
SAID_AGAIN = 80  # characters of a text that was not understood
# What is said to who asks for nothing.
FRIENDLY = {THANKS: "Glad to help! Two things to try next:", HELLO: "Hello! Two things to try:"}
# What to try, in this order, where the words tell nothing: its label, and the command.
FOR_WHO_SEES_OTHERS = (
    Suggestion("My team this week", "team this week"),
    Suggestion("Top performers", "leaderboard"),
    Suggestion("Sessions of the last 7 days", "sessions last 7d"),
    Suggestion("Hardest scenarios", "scenarios"),
)
FOR_ONESELF = (
    Suggestion("My week", "me"),
    Suggestion("My last 7 days", "sessions me last 7d"),
    Suggestion("My scenarios", "scenarios me"),
)
# The same, where it was understood whom or what it is about.
USUAL = (SESSIONS, PROGRESS, "scenarios")
USUAL_OF_MANY = (TEAM, RANKING, *USUAL)
# How the labels of offers begin.
TITLES = {
    OWN_WEEK: "My week",
    TEAM: "Team",
    RANKING: "Top performers",
    SESSIONS: "Sessions",
    PROGRESS: "Progress",
    "scenarios": "Scenarios",
    "skills": "Skills",
    "trend": "Trend",
    COMPARE: "Compare",
    ASSIGNMENTS: "Assignments",
    INACTIVE: "Who hasn't practiced",
    ATTEMPT: "Last session",
    "prep": "Prep",
}
OWN_TITLES = {OWN_WEEK: TITLES[OWN_WEEK], RANKING: "My place"}
# Nothing of which is about oneself.
OF_OTHERS = frozenset((TEAM, INACTIVE))
# Said where a word may be the name of somebody whom they don't see.
ONLY_THEIRS = " I can show you only people on your team."
ONLY_OWN = " I can show you only your own practice."
SIDES = 2  # of a comparison
WHO_NEEDS_HELP = Suggestion("Who to talk to", "who should I talk to")


class NotUnderstood(NotFound):
    """A text of which nobody can tell what it asks for.

    `meaning` is what was understood of it, and `repaired` are those of the suggestions that are
    what was said: put right, or in parts. `unknown` words of it were not understood, or are what
    no report tells where it `is_untold`; `hint` is said after.
    """

    def __init__(
        self,
        unknown: Sequence[str],
        hint: str,
        repaired: Sequence[Suggestion],
        meaning: Meaning,
        *,
        is_untold: bool,
    ) -> None:
        super().__init__("")
        self.unknown, self.hint, self.is_untold = unknown, hint, is_untold
        self.repaired, self.meaning = repaired, meaning

    def quote(self, text: str) -> None:
        """Say that the text, as people are called in it, was not understood."""
        whole = clean(text).casefold()
        unknown = [each for each in self.unknown if each.casefold() != whole]
        which = " *{words}* in" if unknown else ""
        lead = f'I didn\'t understand{which} "{{text}}".'
        if self.is_untold:
            lead, unknown = "No report tells *{words}*.", list(self.unknown) or [text]
        self.sentence = Sentence(
            f"{lead}{self.hint} Try:",
            {"text": shortened(text, SAID_AGAIN), "words": _listed(unknown)},
        )

    def quote_as_said(self, text: str) -> None:
        """Say that of the text, which was read with other words in it, and without these."""
        if self.sentence.fields["text"] != shortened(text, SAID_AGAIN):
            whole = text.casefold()
            self.unknown = [each for each in self.unknown if each.casefold() in whole]
            self.quote(text)

    def offer(self, *ways: Suggestion) -> None:
        """Suggest these after what was said."""
        offered: dict[str, Suggestion] = {}
        for way in (*self.repaired, *ways):
            offered.setdefault(way.words, way)
        self.suggestions = tuple(offered.values())[:MOST_OFFERED] or (SHOW_HELP,)


@dataclass(frozen=True, slots=True)
class PlainQuestions:
    """`commands` are the names of what can be asked, reports and others."""

    words: PlainWords
    coaching: Coaching
    people: People
    commands: Set[str]

    async def interpret(self, asker: Asker, text: str) -> Meaning:
        """The command that a text asks for.

        Raises NotFound with what to try where that cannot be told or a word was not understood,
        Ambiguous, and other UserErrors about names and filters in it.
        """
        try:
            meaning = await self.words.understand(asker, text)
        except TooLong:
            raise
        except ParseError as problem:
            better, _ = await self._corrected(asker, text, Meaning(""))
            ways = (*better, *await self._requests(asker, text, Meaning("")))
            problem.suggestions = (*ways, *problem.suggestions)[: max(len(ways), MOST_OFFERED)]
            raise
        if not meaning.report or meaning.unused:
            raise await self.not_understood(asker, text, meaning)
        return meaning

    async def as_typed_or_meant(
        self,
        asker: Asker,
        rest: str,
        report: AnyReport,
        ask: Callable[[AnyReport, str], Awaitable[T]],
        other: Callable[[Meaning], Awaitable[T]] | None = None,
    ) -> T:
        """What `ask` gives for the words after a report's name; where the language doesn't have
        them, for what they mean as plain words, if all of them do, and `other` for what is no
        report.

        Raises what `ask` does: the ParseError of words that are understood in no way.
        """
        text = f"{report.name} {rest}"
        if CALLED & set(clean(rest).casefold().split()):
            # "sessions may" are somebody's, or of the month.
            with suppress(NotFound, NotAllowed, ParseError):
                await self.words.understand(asker, text)
        try:
            return await ask(report, rest)
        except TooLong:
            raise
        except ParseError as problem:
            try:
                meaning = await self.words.understand(asker, text)
            except ParseError:
                raise problem from None
            # "feedback for jane": what it is about was plain, and the report had been named.
            is_any = meaning.report == SESSIONS and meaning.query.sort is Sort.NEWEST
            name = report.name if is_any else meaning.report
            is_named = name == report.name
            unused = tuple(each for each in meaning.unused if not is_named or each != name)
            near = (name, *meaning.near)
            meaning = replace(meaning, report=name, unused=unused, near=near)
            meant = BY_WORD.get(name)
            is_new = not meaning.unused and (meaning.report, meaning.words) != (report.name, rest)
            if meant is not None and meant.asked and is_new:
                return await ask(meant, meaning.words)
            if meant is None and other is not None and meaning.report and not meaning.unused:
                return await other(meaning)
            # What is understood as plain words is not what is wrong.
            about = clean(rest)[problem.start : problem.end].casefold()
            is_other = bool(meaning.unused) and about not in " ".join(meaning.unused).casefold()
            if problem.suggestions == (SHOW_HELP,) or is_other:
                raise await self.not_understood(asker, text, meaning) from None
            raise

    async def tries(self, asker: Asker) -> tuple[Suggestion, ...]:
        """What somebody may try who has said nothing in particular."""
        visibility = await self.coaching.reach(asker)
        usual = FOR_WHO_SEES_OTHERS if _sees_others(visibility) else FOR_ONESELF
        here = self.commands if asker.team_id else self.commands - {OWN_WEEK}  # a terminal
        return tuple(way for way in usual if way.words.split()[0] in here)

    async def _corrected(
        self, asker: Asker, text: str, meaning: Meaning
    ) -> tuple[list[Suggestion], Meaning]:
        """The text with misspelt words put right, where it asks for something else and nothing is
        left over then; and what it means if less is left over than was, or else `meaning`."""
        found: list[tuple[int, bool, str, Meaning]] = []
        hints: list[Suggestion] = []
        for better in corrected(text, await self.words.words_of_names(asker)):
            try:
                other = await self.words.understand(asker, written(better))
            except NotFound as problem:
                hints += problem.suggestions
                continue
            except UserError:
                continue
            is_new = other.report and other.command != meaning.command
            # "sam" is no misspelt "say".
            known = {word for word in meaning.words.split() if "@" in word[1:]}
            if is_new and known <= set(other.words.split()):
                # Filters alone are sessions; a phrase says more.
                found.append((len(other.unused), other.report == SESSIONS, better, other))
        if not found:
            return hints, meaning
        left, _, better, other = min(found, key=lambda each: each[:2])
        if not left:
            label = shortened(await self.people.spoken(asker.team_id, better))
            return [Suggestion(label, written(better))], meaning
        is_less = left < len(meaning.unused) and other.words == meaning.words
        return hints, other if is_less else meaning

    async def _requests(self, asker: Asker, text: str, meaning: Meaning) -> list[Suggestion]:
        """What is asked in one text, each by itself, if it is several things; or stands among other
        words, and has all filters of what the whole means."""
        found: dict[str, Suggestion] = {}
        lost = False
        parts = requests(text)
        for part in parts:
            with suppress(UserError):
                one = await self.words.understand(asker, part)
                is_whole = one.report in BY_WORD and not one.unused
                is_known = all(ref.kind is not PersonKind.HANDLE for ref in one.query.people)
                if is_whole and is_known and " " in part:
                    label = shortened(await self.people.spoken(asker.team_id, part))
                    found.setdefault(one.command, Suggestion(label, written(part)))
                    lost |= bool({*meaning.words.split()} - {*one.words.split(), "me"})
        is_one = lost and len(found) < len(parts)
        return [] if is_one else list(found.values())[:MOST_OFFERED]

    async def _misspelt_command(self, asker: Asker, text: str) -> list[Suggestion]:
        """The commands whose names are like the first word, which is none of ours."""
        first, rest = first_word(text)
        near = () if first in own_words() else nearest_words(first, sorted(self.commands))
        said = await self.people.spoken(asker.team_id, clean(rest))
        return [
            Suggestion(shortened(f"{name} {said}".strip()), f"{name} {rest}".strip())
            for name in near
        ]

    async def not_understood(self, asker: Asker, text: str, meaning: Meaning) -> NotUnderstood:
        """What to say to a text that was understood only so far, and what to try."""
        better, meaning = await self._corrected(asker, text, meaning)
        repaired = better or await self._misspelt_command(asker, text)
        repaired += await self._requests(asker, text, meaning)
        unknown = meaning.stopping or (() if better else meaning.unused)
        visibility = await self.coaching.reach(asker)
        hint = ""
        if not visibility.everyone and may_name_somebody(clean(text)):
            # Whether anybody is called so is not told.
            hint = ONLY_THEIRS if visibility.coaches else ONLY_OWN
        is_untold = meaning.untold and not better and meaning.report != TALK
        problem = NotUnderstood(unknown, hint, repaired, meaning, is_untold=is_untold)
        problem.quote(await self.people.spoken(asker.team_id, clean(text)))
        problem.offer(*await self.understood_of_it(asker, meaning), *await self.tries(asker))
        return problem

    async def understood_of_it(self, asker: Asker, meaning: Meaning) -> list[Suggestion]:
        """The question without the words that were not understood, and other reports about it."""
        if meaning.report == TALK:
            return [WHO_NEEDS_HELP]
        query = meaning.query
        is_own = query.people == (PersonRef(PersonKind.ME),)
        visibility = await self.coaching.reach(asker)
        others = _sees_others(visibility)
        reports = [*(meaning.near or (meaning.report,))]
        if query_words(query) not in ("", "me"):
            reports += USUAL_OF_MANY if others and not query.people else USUAL
        return [
            await self._offer(asker, report, meaning, visibility)
            for report in dict.fromkeys(filter(None, reports))
            if report in (self.commands if report == meaning.report else TITLES)
            if _fits(_known(query, report), report) and (meaning.words or report != COMPARE)
            if (others and not is_own) or report not in OF_OTHERS
        ]

    async def _offer(
        self, asker: Asker, report: str, meaning: Meaning, visibility: Visibility
    ) -> Suggestion:
        """The report with what was understood of a text, as far as it knows that."""
        query = _known(meaning.query, report)
        said = meaning.words if query == meaning.query else query_words(query)
        is_own = query.people == (PersonRef(PersonKind.ME),)
        named = await self.by_name(replace(query, people=()) if is_own else query, visibility)
        phrases = [phrase for row in FILTERS if (phrase := row.phrase(named, None))]
        is_spoken = any(
            ref.kind in (PersonKind.SLACK, PersonKind.USERGROUP) for ref in query.people
        )
        if said and not is_own and (is_spoken or not phrases):
            phrases = [await self.people.spoken(asker.team_id, said)]
        label = shortened(" · ".join((_title(report, is_own), *phrases)))
        return Suggestion(label, f"{report} {said}".strip())

    async def by_name(self, query: Query, visibility: Visibility) -> Query:
        """The question with names instead of addresses, for people who the asker may see."""
        people = [await self._by_name(ref, visibility) for ref in query.people]
        left_out = [await self._by_name(ref, visibility) for ref in query.left_out]
        return replace(query, people=tuple(people), left_out=tuple(left_out))

    async def _by_name(self, ref: Ref, visibility: Visibility) -> Ref | PersonRef:
        """The name of a person who is named by their address and may be seen; any other reference
        unchanged, so that it doesn't tell whether Exec knows the address."""
        if not isinstance(ref, PersonRef) or ref.kind is not PersonKind.EMAIL:
            return ref
        member = await self.words.directory.member(email=ref.value)
        if member is None or not member.name or not visibility.covers((member,)):
            return ref
        return PersonRef(PersonKind.NAME, member.name)


def _title(report: str, is_own: bool) -> str:
    """How the label of an offer begins: "Sessions", or "My sessions"."""
    title = TITLES.get(report, report.capitalize())
    return OWN_TITLES.get(report, f"My {title.lower()}") if is_own else title


def _known(query: Query, name: str) -> Query:
    """What the report of this name, if it is one, knows of what a question says."""
    report = BY_WORD.get(name)
    filters = None if report is None else report.filters
    if name not in (SESSIONS, ATTEMPT):
        query = without(query, "sort")  # an order of sessions
    for key in removable(query):
        if filters is not None and key not in filters:
            query = without(query, key)
    return query


def _fits(query: Query, name: str) -> bool:
    """Whether the report of this name, if it is one, takes all that a question says."""
    report = BY_WORD.get(name)
    if report is not None and (query.score or query.length) and name != SESSIONS:
        return False  # "under 70" is said of people there
    named = len(query.people) + len(query.names)
    if report is not None and report.sides and query != Query() and not query.versus:
        return named >= SIDES
    try:
        if report is not None and report.of_one:
            require_one(query, report)
        return report is None or bool(fitting(query, report))
    except UserError:
        return False


def _sees_others(visibility: Visibility) -> bool:
    return visibility.everyone or visibility.coaches


def _listed(words: Sequence[str]) -> str:
    more = "" if len(words) <= MOST_NAMED else " …"
    return shortened(", ".join(words[:MOST_NAMED]) + more, SAID_AGAIN)
