"""Request ─► answer: what every way of asking goes through, in Slack, by the clock, in a terminal.

The words become a question that its asker may ask (bot/question.py), the practice that it is about
is read, and its report's figures are computed. A button of the answer asks the same again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.access import Asker, Visibility, may_export
from bot.channel_rules import ChannelRules, is_own
from bot.errors import NotAllowed, NotFound, Sentence, Suggestion, TooOld, UserError
from bot.exec_api.budget import Budget
from bot.facts import KEEP_ROWS, Mode, ReadFacts, Sources
from bot.language.filters import FILTERS
from bot.language.filters.who import MOST_PEOPLE
from bot.language.query import Kind, Member, PersonKind, PersonRef, ResolvedQuery
from bot.language.words import query_words, removable, understood, without
from bot.messages.tables import page_starts
from bot.mirror.query import Cursor
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.question import WHO, Question, QuestionReader
from bot.rendering.views import AnswerView, Offer
from bot.reports.freshness import Freshness
from bot.reports.report import AnyReport
from bot.reports.table import BY_WORD, SESSIONS
from bot.storage.buttons import Buttons, Stored, StoredAnswer
from bot.storage.last_questions import LastQuestion, LastQuestions
from bot.storage.tables import from_ms, to_ms

SAY_LEFT_UNDER = 0.2  # of the day's requests to Exec


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, where and how; `is_command`: by a slash command.

    `place` is the conversation in which they may go on with the question. `note` is said in the
    answer.
    """

    asker: Asker
    channel_id: str = ""
    place: str = ""
    can_share: bool = False
    note: Sentence | None = None
    is_command: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its report's figures.

    `people` are everybody whose practice they were made from, by Exec id, and `few` those in a set
    of fewer than three. `rows` counts what a listing lists. `since`: only sessions from then on are
    counted; what was before the period is known from `known_since` on.
    """

    question: Question
    words: str
    zone: str
    found: Any
    freshness: Freshness
    since: datetime | None
    known_since: datetime | None
    people: frozenset[str]
    few: frozenset[str]
    cursor: Cursor | None

    @property
    def report(self) -> AnyReport:
        return self.question.report

    @property
    def query(self) -> ResolvedQuery:
        return self.question.resolved

    @property
    def named(self) -> frozenset[str]:
        """The people whom an answer names: who was asked about, who is in its figures; and those
        who are so few that its figures are theirs."""
        named = self.people if self.report.named is None else self.report.named(self.found)
        return frozenset(named) | {one.id for one in self.query.people or ()} | self.few


class Answerer:
    """Answers questions, and asks them again for the buttons of an answer.

    All methods that look something up raise UserError, ExecError, SlackError and StorageError.
    """

    def __init__(
        self,
        *,
        questions: QuestionReader,
        directory: Directory,
        coaching: Coaching,
        sources: Sources,
        audit: Audit,
        last_questions: LastQuestions,
        buttons: Buttons,
        budget: Budget,
        rules: ChannelRules,
        clock: Callable[[], datetime],
    ) -> None:
        self.question = questions.read
        self._directory = directory
        self._coaching = coaching
        self._sources = sources
        self._audit = audit
        self._last_questions = last_questions
        self._buttons = buttons
        self._budget = budget
        self._rules = rules
        self._clock = clock

    async def answer(self, request: Request, report: AnyReport, text: str) -> AnswerView:
        """A report's answer to the words after its name."""
        asker, now = request.asker, self._clock()
        question = await self.question(asker, text, report, now=now)
        start = (question.query.page - 1) * KEEP_ROWS if report is SESSIONS else 0
        words = f"{report.name} {text}".strip()
        answered = await self._answered(question, words, str(asker.zone), start=start)
        as_of = answered.freshness.as_of
        meaning = StoredAnswer(words, str(asker.zone), to_ms(now), to_ms(as_of))
        meaning = _with_cursor(meaning, answered, start)
        (id_,) = await self._buttons.add(asker.team_id, asker.user_id, meaning)
        await self._audit.note(Look(asker, report.name, answered.named))
        if request.place:
            last = LastQuestion(_said(question), answer_id=id_, start=start)
            await self._last_questions.keep(asker.team_id, asker.user_id, request.place, last)
        view = await self._view(request, question.visibility, id_, answered)
        view = replace(view, start=start, note=request.note)
        view = replace(view, mine_only=await self._mine_only(asker, question))
        if question.peers is not None and report.counts_of_own_group:
            # It is about the group, and kept as the asker's own.
            view = replace(view, understood=view.understood[1:], narrowed_to_self=False)
        elif not question.query.people and question.resolved.people == (asker.member,):
            view = replace(view, narrowed_to_self=True)
        if report.is_nothing(view.found) and answered.since is None:
            return replace(view, loosen=await self._loosen(asker, question))
        return _turned_to(view, question)

    async def posted(
        self, asker: Asker, words: str, *, at: datetime, zone: str, mode: Mode
    ) -> tuple[AnswerView, frozenset[str]]:
        """What a channel sees of a question that was due there at `at`, in the sight of its owner,
        and the Exec ids of those whom it names. Raises NotAllowed for a report that is never
        posted."""
        owner = replace(asker, zone=ZoneInfo(zone))
        report, text = report_of(words)
        question = await self.question(owner, text, report, now=at)
        answered = await self._answered(question, words, zone, mode=mode)
        view = await self._view(Request(owner), question.visibility, "", answered)
        view = self._rules.in_channel(view, report, answered.query)
        return view, replace(answered, found=view.found).named

    async def _answered(
        self,
        question: Question,
        words: str,
        zone: str,
        *,
        mode: Mode = "question",
        now: datetime | None = None,
        end: datetime | None = None,
        keep: int = KEEP_ROWS,
        start: int = 0,
        cursor: Cursor | None = None,
    ) -> Answered:
        """A question with its report's figures."""
        facts = self.facts(question, zone, mode=mode, now=now, end=end, keep=keep)
        facts.offset, facts.cursor = start, cursor
        found = await question.report.figures(facts)
        involved = facts.involved
        sides = [facts] if facts.other is None else [facts, facts.other]
        return Answered(
            question,
            words,
            zone,
            found,
            facts.freshness,
            max(filter(None, (each.counted_since for each in sides)), default=None),
            max(filter(None, (each.known_since for each in sides)), default=None),
            involved.people,
            involved.few,
            facts.next_cursor,
        )

    def facts(
        self,
        question: Question,
        zone: str,
        *,
        mode: Mode = "question",
        now: datetime | None = None,
        end: datetime | None = None,
        keep: int = KEEP_ROWS,
    ) -> ReadFacts:
        """What the report of a question asks; of a listing the first `keep` rows."""
        first, *others = [
            ReadFacts(self._sources, each, zone, mode, now=now, end=end, keep=keep)
            for each in question.queries
        ]
        first.only = question.peers.only if question.peers else None
        first.sides, first.other = question.sides, others[0] if others else None
        return first

    # An earlier answer

    async def page(self, request: Request, id_: str, start: int) -> AnswerView:
        """An earlier answer from its row `start` on."""
        stored = await self._stored(request.asker, id_)
        start = start // KEEP_ROWS * KEEP_ROWS
        answered = await self._again(request.asker, stored, start)
        meaning = _with_cursor(stored.meaning, answered, start)
        if meaning != stored.meaning:
            await self._buttons.change(stored, meaning)
        await self._audit.note(Look(request.asker, answered.report.name, answered.named))
        view = await self._view(request, answered.question.visibility, id_, answered)
        return replace(view, start=start)

    async def shared(self, request: Request, id_: str, *, preview: bool = False) -> AnswerView:
        """What a channel sees of an earlier answer, or would in a `preview`: of the asker's own
        all; of others counts, averages, and those who are praised. Raises NotAllowed if that may
        not be."""
        answered = await self.recall(request.asker, id_)
        report = answered.report
        view = await self._view(request, answered.question.visibility, id_, answered)
        if why := self._why_not_shared(answered, request.asker):
            raise NotAllowed(why)
        own = is_own(answered.query, request.asker)
        view = self._rules.in_channel(view, report, answered.query, own=own)
        if not preview:
            shown = replace(answered, found=view.found)
            await self._audit.note(Look(request.asker, report.name, shown.named))
        return view

    def _why_not_shared(self, answered: Answered, asker: Asker) -> str:
        people = len(answered.people)
        return self._rules.why_not_shared(
            answered.report, answered.query, answered.found, people, asker
        )

    async def recall(self, asker: Asker, id_: str, keep: int = KEEP_ROWS) -> Answered:
        """An earlier answer, asked again as of then; rights are judged now."""
        return await self._again(asker, await self._stored(asker, id_), 0, keep)

    async def _again(
        self, asker: Asker, stored: Stored[StoredAnswer], start: int, keep: int = KEEP_ROWS
    ) -> Answered:
        meaning = stored.meaning
        report, text = report_of(meaning.words)
        now, end = from_ms(meaning.asked_at), from_ms(meaning.end_at)
        question = await self.question(asker, text, report, now=now)
        cursor = meaning.cursors.get(str(start))
        return await self._answered(
            question,
            meaning.words,
            meaning.zone,
            now=now,
            end=end,
            keep=keep,
            start=start,
            cursor=Cursor(*cursor) if cursor and report is SESSIONS else None,
        )

    async def _stored(self, asker: Asker, id_: str) -> Stored[StoredAnswer]:
        """What the buttons of an answer mean. Raises TooOld."""
        found = await self._buttons.find(
            id_, StoredAnswer, team_id=asker.team_id, user_id=asker.user_id
        )
        if found is None:
            raise TooOld
        return found

    async def row_of(self, asker: Asker, id_: str, row: int) -> str:
        """The command that tells more of a row of an earlier answer."""
        start = row // KEEP_ROWS * KEEP_ROWS
        answered = await self._again(asker, await self._stored(asker, id_), start)
        table = answered.report.rows(answered.found, answered.query.limit)
        if table.opens is None or not table.offset <= row < table.offset + len(table.rows):
            raise TooOld
        command: str = table.opens(row)
        return command

    async def people_in(self, asker: Asker, id_: str, most: int) -> tuple[Member, ...]:
        """Those whom an earlier answer names, at most so many."""
        answered = await self.recall(asker, id_, keep=500)
        report = answered.report
        ids = frozenset(report.named(answered.found) if report.named else ())
        if len(ids) > most or (report is SESSIONS and answered.found.total > 500):
            raise UserError(f"I go on with up to {most} people, and those are more. Name them.")
        if not ids:
            raise UserError("The last answer names nobody to go on with.")
        return await self._directory.people(ids)

    async def offers(self, asker: Asker, suggestions: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
        """Buttons that run the suggested commands."""
        commands = tuple(suggestion.words for suggestion in suggestions)
        ids = await self._buttons.add_commands(asker.team_id, asker.user_id, commands)
        return tuple(Offer(s.label, id_) for s, id_ in zip(suggestions, ids, strict=True))

    async def _mine_only(self, asker: Asker, question: Question) -> tuple[Offer, ...]:
        """The same question of the asker alone, where a coach named nobody: else nothing."""
        query, report, sees = question.query, question.report, question.visibility
        is_named = bool(query.people or query.attempt)
        is_named = is_named or any(ref.kind is Kind.GROUP for ref in query.names)
        if is_named or sees.everyone or not sees.coaches or report.coaches_only:
            return ()
        own = query_words(replace(query, people=(PersonRef(PersonKind.ME),), page=1))
        return await self.offers(asker, (Suggestion("Mine only", f"{report.name} {own}"),))

    async def _loosen(self, asker: Asker, question: Question) -> tuple[Offer, ...]:
        if question.sides is not None:
            return ()  # without one of its filters there might be nothing to compare
        everyone = question.visibility.everyone
        # Without it the question would be about the asker alone, and not be wider at all.
        narrowing = {WHO} if question.resolved.people else {Kind.GROUP.value}
        labels = {row.key: row.anything for row in FILTERS}
        suggestions = tuple(
            Suggestion(
                labels[key],
                f"{question.report.name} {query_words(without(question.query, key))}".strip(),
            )
            for key in removable(question.query)
            if everyone or key not in narrowing
        )
        return await self.offers(asker, suggestions)

    async def _disambiguated(
        self, query: ResolvedQuery, asker: Asker, visibility: Visibility
    ) -> ResolvedQuery:
        """The question with the address of whoever has a namesake whom the asker sees, too, also of
        those who are left out."""
        people = () if query.people == (asker.member,) else query.people or ()
        absent = [each for each in query.left_out if isinstance(each, Member)]
        shown = (*people[:MOST_PEOPLE], *absent)
        apart = await self._directory.apart(shown, lambda one: visibility.covers((one,)))
        told = {each.id: each for each in apart}
        left_out = (
            told.get(each.id, each) if isinstance(each, Member) else each for each in query.left_out
        )
        if people:
            query = replace(query, people=tuple(told.get(each.id, each) for each in people))
        return replace(query, left_out=tuple(left_out))

    async def _view(
        self, request: Request, visibility: Visibility, id_: str, answered: Answered
    ) -> AnswerView:
        query, asker, report = answered.query, request.asker, answered.report
        left = (await self._budget.left()).day
        disambiguated = await self._disambiguated(query, asker, visibility)
        return AnswerView(
            id=id_,
            report=report.name,
            # Which page it is stands beside its rows, and changes from one to the next.
            understood=understood(replace(disambiguated, page=1), now=answered.freshness.as_of),
            zone=answered.zone,
            found=answered.found,
            start=0,
            freshness=answered.freshness,
            known_since=answered.known_since,
            counted_since=answered.since,
            limit=query.limit,
            now=self._clock(),
            about_one=query.people is not None and len(query.people) == 1,
            narrowed_to_self=not (visibility.everyone or visibility.coaches)
            and query.people == (asker.member,),
            runs_short=left < SAY_LEFT_UNDER * self._budget.per_day,
            can_export=may_export(visibility) and report.table is not None,
            can_share=request.can_share and not self._why_not_shared(answered, asker),
            can_subscribe=request.can_share
            and visibility.covers_groups
            and self._rules.may_subscribe(report, query, answered.found),
        )


def report_of(words: str) -> tuple[AnyReport, str]:
    """The report that a whole command asks for, and the words after its name. Raises NotFound."""
    name, _, text = words.partition(" ")
    found = BY_WORD.get(name)
    if found is None:
        raise NotFound("I have no report called *{name}* any more. Ask again.", name=name)
    return found, text


def _said(question: Question) -> str:
    """The whole command in canonical words, without a time that nobody said; with whose it is where
    one session was asked about."""
    query, report = replace(question.query, page=1), question.report
    if query.attempt and not query.people:
        whose = (PersonRef(PersonKind.EMAIL, one.email) for one in question.resolved.people or ())
        query = replace(query, people=tuple(ref for ref in whose if ref.value))
    if query.period is not None and query.period.words == report.period:
        query = replace(query, period=None)
    return f"{report.name} {query_words(query)}".strip()


def _with_cursor(meaning: StoredAnswer, answered: Answered, start: int) -> StoredAnswer:
    """The stored answer with the place where its next page begins."""
    cursor = answered.cursor
    if cursor is None or answered.report is not SESSIONS:
        return meaning
    cursors = {**meaning.cursors, str(start + KEEP_ROWS): [cursor.value, cursor.id]}
    return replace(meaning, cursors=cursors)


def _turned_to(view: AnswerView, question: Question) -> AnswerView:
    """The view from the page that was asked for by its number. Raises UserError."""
    page, starts = question.query.page, page_starts(view)
    if page <= len(starts):
        return replace(view, start=starts[page - 1])
    text = f"{question.report.name} {query_words(replace(question.query, page=len(starts)))}"
    raise UserError(
        "There is no page {page}: the last one is page {last}.",
        (Suggestion(f"Show page {len(starts)}", text),),
        page=str(page),
        last=str(len(starts)),
    )
