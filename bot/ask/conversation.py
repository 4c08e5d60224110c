"""Reads a text together with its writer's last question: a new question, a follow-up or a
choice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.ask.answer import Request, report_of
from bot.ask.translate import TranslatedQuestion, Translator
from bot.errors import Ambiguous, Suggestion, UserError
from bot.language.account import Reading
from bot.language.follow_up import chosen, follow_up, is_explicit_follow_up, is_next_page
from bot.language.query import Kind
from bot.language.reader import Reader, Refusal
from bot.language.tokens import Token, tokenize
from bot.people.access import Asker, Visibility
from bot.people.coaches import Coaching
from bot.people.names import NotUnderstood, Resolver, problem_of, understood
from bot.reports.table import BY_WORD
from bot.storage.last_questions import LastQuestion, LastQuestions

NO_LAST_QUESTION = "You haven't asked anything here in the last half hour to follow up on."
# Suggestions if a text says nothing in particular.
FOR_COACHES_AND_ADMINS = (
    Suggestion("My team this week", "team this week"),
    Suggestion("Top performers", "leaderboard"),
    Suggestion("Sessions of the last 7 days", "sessions last 7d"),
    Suggestion("Hardest scenarios", "scenarios"),
)
FOR_REPS = (
    Suggestion("My week", "me"),
    Suggestion("My last 7 days", "sessions me last 7d"),
    Suggestion("My scenarios", "scenarios me"),
)
MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class NextPage:
    """The text asks for more rows of the last answer."""

    answer_id: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Reads texts. All methods raise UserError, ExecError, SlackError and StorageError."""

    resolver: Resolver
    coaching: Coaching
    last_questions: LastQuestions
    translator: Translator | None = None

    async def interpret(
        self, request: Request, text: str, sees: Visibility | None = None
    ) -> Reading | TranslatedQuestion | NextPage | str:
        """What a text asks, alone or as a follow-up; a string is the command of the option that it
        chooses. `sees` is what the asker can see, if that was checked just now."""
        tokens = tokenize(await self._labeled(request.asker, text))
        # A command that names a report can't follow up.
        is_whole = request.is_command and bool(tokens) and tokens[0].word in BY_WORD
        last = LastQuestion() if is_whole else await self._last(request)
        if last.choices:
            # Only the next message can choose.
            await self._keep(request, replace(last, choices=()))
            at = chosen(tokens, [choice.label for choice in last.choices])
            if at is not None:
                return last.choices[at].words
        reader = await self._reader(request.asker, sees)
        before = None
        if last.words and (not request.is_command or is_explicit_follow_up(tokens)):
            if last.answer_id and is_next_page(tokens):
                return NextPage(last.answer_id)
            before = self._reading(reader, last.words)
        if before is None:
            outcome = reader.read_tokens(tokens)
        else:
            outcome = follow_up(reader, tokens, before)
        if isinstance(outcome, Reading):
            return outcome
        return await self._translated(request.asker, reader, tokens, outcome, last)

    async def meaning(self, asker: Asker, text: str) -> Reading:
        """What a text asks, without the last question."""
        reader = await self._reader(asker)
        return understood(reader.read(await self._labeled(asker, text)))

    async def _reader(self, asker: Asker, sees: Visibility | None = None) -> Reader:
        return await self.resolver.reader(asker, sees or await self.coaching.visibility(asker))

    async def _labeled(self, asker: Asker, text: str) -> str:
        return await self.resolver.people.labeled(asker.team_id, text)

    async def tries(self, asker: Asker) -> tuple[Suggestion, ...]:
        """Questions to suggest to the asker."""
        sees = (await self.coaching.visibility(asker)).sees
        usual = FOR_REPS if sees == "own" else FOR_COACHES_AND_ADMINS
        in_slack = bool(asker.team_id)
        return tuple(way for way in usual if in_slack or way.words != "me")

    # The last question

    async def ask_which(self, request: Request, problem: Ambiguous) -> None:
        """Store the suggestions, so that the next message can choose one."""
        last = await self._last(request)
        await self._keep(request, replace(last, choices=problem.suggestions))

    async def note(self, request: Request, words: str) -> None:
        """Store a command as the last question, so that the asker can follow up on it."""
        await self._keep(request, LastQuestion(words))

    async def _last(self, request: Request) -> LastQuestion:
        asker = request.asker
        if not request.place:
            return LastQuestion()
        return await self.last_questions.last(asker.team_id, asker.user_id, request.place)

    async def _keep(self, request: Request, last: LastQuestion) -> None:
        asker = request.asker
        if request.place:
            await self.last_questions.keep(asker.team_id, asker.user_id, request.place, last)

    @staticmethod
    def _reading(reader: Reader, words: str) -> Reading | None:
        """A stored question; None if it can no longer be read."""
        with suppress(UserError):
            report, text = report_of(words)
            outcome = reader.command(report.name, text)
            return outcome if isinstance(outcome, Reading) else None
        return None

    async def _translated(
        self,
        asker: Asker,
        reader: Reader,
        tokens: list[Token],
        refusal: Refusal,
        last: LastQuestion,
    ) -> TranslatedQuestion:
        """The translation of a refused text. Raises UserError without a trustworthy one."""
        if refusal.is_unknown:
            await self.resolver.note_groups(tokens)
        if self.translator is not None and self._can_translate(reader, tokens, refusal):
            translated = await self.translator.translate(reader, tokens)
            if translated is not None:
                return translated
        if is_explicit_follow_up(tokens) and not last.words:
            refusal = replace(refusal, pattern=NO_LAST_QUESTION)
        problem = problem_of(refusal)
        if isinstance(problem, NotUnderstood):
            own = {suggestion.words for suggestion in problem.suggestions}
            usual = [way for way in await self.tries(asker) if way.words not in own]
            problem.suggestions = (*problem.suggestions, *usual)[:MOST_OFFERED]
        raise problem

    def _can_translate(self, reader: Reader, tokens: list[Token], refusal: Refusal) -> bool:
        """Whether the translator gets a refused text: one with unknown words that asks on its own,
        because the translator doesn't get the last question."""
        alone = reader.read_tokens(tokens)
        is_alone = not is_explicit_follow_up(tokens) and refusal.is_as(alone)
        # Names can be masked only if every list was read.
        directory = self.resolver.directory
        can_mask = directory.is_read(*Kind) and bool(directory.listed)
        return refusal.is_unknown and is_alone and can_mask
