"""Turns a request into an answer, for Slack, scheduled messages and the terminal.

`question` resolves it, `prepare` prepares it, and its report computes the figures. The buttons of
an answer repeat its question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.ask.prepare import Mode, Preparer
from bot.ask.public import ChannelRules, understood_in_channel
from bot.ask.question import WHO, Question, QuestionReader
from bot.clock import elapsed
from bot.errors import NotAllowed, NotFound, Sentence, Suggestion, TooOld, UserError
from bot.language.filters import (
    FILTERS,
    period_phrase,
    query_words,
    removable,
    understood,
    without,
)
from bot.language.query import Kind, Member, PersonKind, PersonRef, Query, ResolvedQuery
from bot.messages.render import Offer
from bot.messages.tables import ROWS, table_values
from bot.people.access import Asker, Visibility, is_own
from bot.people.audit import Audit, Look, groups_of
from bot.people.directory import label_namesakes
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import ENOUGH_PEOPLE
from bot.reports._report import AnyReport
from bot.reports.table import BY_WORD
from bot.storage.buttons import Buttons, Meaning, StoredAnswer, StoredButton, StoredCommand
from bot.storage.last_questions import LastQuestion, LastQuestions
from bot.storage.tables import from_ms, session, to_ms

FIRST_PAGE = range(ROWS)
RIGHTS_LAST = 1.0  # seconds before rights are checked again


@dataclass(frozen=True, slots=True)
class Request:
    """The asker, and where and how they ask.

    `place` is the conversation in which they can follow up, "" in a view or a terminal.
    `can_share`: answers can be posted from there. `is_command`: they used the slash command.
    """

    asker: Asker
    channel_id: str = ""
    place: str = ""
    can_share: bool = False
    is_direct: bool = False
    is_command: bool = False

    @property
    def is_in_slack(self) -> bool:
        """Whether they ask in Slack, not in a terminal."""
        return bool(self.asker.team_id)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question with its report's figures, and the actions that its reader can take.

    `id` is the value of its buttons, "" without buttons. `understood` are the parts of the line
    that shows how the question was read. `loosen` are wider questions, for an empty answer.
    """

    template: ClassVar = "answer"

    question: Question
    prepared: PreparedQuestion
    figures: Any
    id: str = ""
    understood: tuple[str, ...] = ()
    note: Sentence | None = None
    loosen: tuple[Offer, ...] = ()
    can_share: bool = False
    is_direct: bool = False
    can_export: bool = False
    can_subscribe: bool = False

    @property
    def report(self) -> AnyReport:
        return self.question.report

    @property
    def query(self) -> ResolvedQuery:
        return self.question.resolved

    @property
    def zone(self) -> str:
        return self.prepared.zone

    @property
    def as_of(self) -> datetime:
        """Sessions created up to this moment are counted."""
        return self.prepared.as_of

    @property
    def counted_since(self) -> datetime | None:
        """The start of the stored sessions if older ones of the period aren't counted, else
        None."""
        if not self.question.counts_sessions:
            return None
        sides = filter(None, (self.prepared, self.prepared.other))
        return max(filter(None, (side.counted_since for side in sides)), default=None)

    @property
    def subject(self) -> str:
        """The people or group that the answer is about."""
        return self.understood[0]

    @property
    def when(self) -> str:
        """The period as people read it; "" without one in a report that counts no sessions."""
        phrase = period_phrase(self.query, self.as_of)
        is_of_all = self.question.counts_sessions and not self.report.of_attempt
        return phrase or ("all time" if is_of_all else "")

    @property
    def filters(self) -> tuple[str, ...]:
        """The other parts of the question."""
        return tuple(part for part in self.understood[1:] if part != self.when)

    @property
    def is_about_one(self) -> bool:
        """Whether the question is about one person."""
        return self.prepared.is_of_one

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to show."""
        return self.report.is_nothing(self.figures)

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of the people in the question and in the figures."""
        if self.report.named is None:
            named = frozenset(self.prepared.subject.people)
        else:
            named = frozenset(self.report.named(self.figures))
        return named | {person.id for person in self.query.people or ()}

    @property
    def counted(self) -> Collection[str]:
        """The Exec ids of the people in question; of a comparison, those of the smaller side."""
        sides = filter(None, (self.prepared, self.prepared.other))
        return min((side.subject.people for side in sides), key=len)

    @property
    def values(self) -> Mapping[str, object]:
        """The values for its template."""
        start = self.prepared.rows.start
        table = table_values(self.report, self.figures, start=start, about_one=self.is_about_one)
        return {"a": self, "f": self.figures, **table}

    def in_channel(self, rules: ChannelRules, *, own: bool = False) -> Answer:
        """The answer as a channel sees it; `own` if its asker shares their own practice. Raises
        NotAllowed."""
        figures = rules.in_channel(self.report, self.query, self.figures, self.counted, own=own)
        parts = understood_in_channel(self.query, self.as_of, own=own)
        return replace(self, figures=figures, understood=parts, id="")

    def why_not_shared(self, rules: ChannelRules, asker: Asker) -> str:
        """Why the asker can't share the answer; "" if they can."""
        return rules.why_not_shared(self.report, self.query, self.figures, asker, self.counted)


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions, and repeats them for the buttons of an answer.

    All methods that look something up raise UserError, ExecError, SlackError and StorageError.
    """

    questions: QuestionReader
    preparer: Preparer
    audit: Audit
    last_questions: LastQuestions
    buttons: Buttons
    rules: ChannelRules

    async def answer(
        self,
        request: Request,
        report: AnyReport,
        words: str | Query,
        sees: Visibility | None = None,
    ) -> Answer:
        """A report's answer to the words after its name, or to their `Query`. `sees` is what the
        asker can see, if that was checked just now."""
        asker, now = request.asker, self.questions.clock()
        question = await self.questions.understand(asker, words, report, now=now, sees=sees)
        start = (question.query.page - 1) * ROWS
        answered = await self._computed(asker, question, rows=range(start, start + ROWS))
        if start and start >= answered.figures.total:
            raise _no_such_page(answered)
        text = words if isinstance(words, str) else query_words(words)
        command, zone = f"{report.name} {text}".strip(), str(asker.zone)
        stored = StoredAnswer(command, zone, to_ms(now), to_ms(answered.as_of), start)
        is_empty = answered.is_nothing and answered.counted_since is None
        loosen = _loosen(question) if is_empty else ()
        meanings: list[Meaning] = [
            stored,
            *(StoredCommand(suggestion.words) for suggestion in loosen),
        ]
        team_id, user_id, look = asker.team_id, asker.user_id, await self.look(asker, answered)
        async with self.preparer.database.transaction() as connection:
            id_, *ids = await self.buttons.write(connection, team_id, user_id, meanings)
            await self.audit.write(connection, look)
            if request.place:
                last = LastQuestion(_command(question), answer_id=id_)
                await self.last_questions.write(connection, team_id, user_id, request.place, last)
        return self._with_buttons(request, replace(answered, id=id_, loosen=offers_of(loosen, ids)))

    async def page(
        self, request: Request, stored: StoredButton[StoredAnswer], start: int | None = None
    ) -> Answer:
        """The page of an earlier answer that has row `start`, by default the next page."""
        asker, meaning = request.asker, stored.meaning
        start = meaning.start + ROWS if start is None else start // ROWS * ROWS
        answered = await self.recall(asker, meaning, range(start, start + ROWS))
        if start and start >= answered.figures.total:
            raise UserError("That's all. There are no more rows.")
        look = await self.look(asker, answered)
        async with self.preparer.database.transaction() as connection:
            await self.buttons.change(connection, stored, replace(meaning, start=start))
            await self.audit.write(connection, look)
        return self._with_buttons(request, replace(answered, id=stored.id))

    async def recall(self, asker: Asker, stored: StoredAnswer, rows: range = FIRST_PAGE) -> Answer:
        """An earlier answer, computed again as of its time, by what the asker can see now; a list
        of sessions has these rows."""
        asker = replace(asker, zone=ZoneInfo(stored.zone))
        report, text = report_of(stored.words)
        now, end = from_ms(stored.asked_at), from_ms(stored.end_at)
        question = await self.questions.understand(asker, text, report, now=now)
        return await self._computed(asker, question, now=now, end=end, rows=rows)

    async def shared(self, asker: Asker, stored: StoredAnswer) -> Answer:
        """An earlier answer as a channel sees it: everything about the asker, but only counts,
        averages and praise of others. Raises NotAllowed if the asker can't share it."""
        answered = await self.recall(asker, stored)
        if why := answered.why_not_shared(self.rules, asker):
            raise NotAllowed(why)
        return answered.in_channel(self.rules, own=is_own(answered.query, asker))

    async def posted(
        self, asker: Asker, words: str, *, at: datetime, zone: str, mode: Mode
    ) -> Answer:
        """The answer to a scheduled question that was due at `at`, cut to what its owner and the
        channel can see. Raises NotAllowed for a report that is never posted."""
        owner = replace(asker, zone=ZoneInfo(zone))
        report, text = report_of(words)
        question = await self.questions.understand(owner, text, report, now=at)
        return (await self._computed(owner, question, mode=mode)).in_channel(self.rules)

    async def row_of(self, asker: Asker, stored: StoredAnswer, row: int) -> str:
        """The command that opens a row of an earlier answer. Raises TooOld."""
        answered = await self.recall(asker, stored, range(row, row + 1))
        figures, opens = answered.figures, answered.report.opens
        if opens is None or not 0 <= row - figures.offset < len(figures.rows):
            raise TooOld
        return opens(figures.rows[row - figures.offset])

    async def _computed(
        self,
        asker: Asker,
        question: Question,
        *,
        mode: Mode = Mode.QUESTION,
        now: datetime | None = None,
        end: datetime | None = None,
        rows: range = FIRST_PAGE,
    ) -> Answer:
        """The answer to a question; a list of sessions has these rows."""
        report, began = question.report, elapsed()
        first, *others = [
            await self.preparer.prepare(
                query,
                str(asker.zone),
                needs=report.needs,
                feedback_on=report.feedback_on,
                sessions=question.counts_sessions,
                mode=mode,
                now=now,
                end=end,
            )
            for query in question.queries
        ]
        if elapsed() - began > RIGHTS_LAST:
            seen = await self.questions.coaching.visibility(asker)
            if not seen.everyone and seen != question.visibility:
                raise NotAllowed("What you can see changed while I was looking. Ask again.")
        other = others[0] if others else None
        prepared = replace(first, only=question.only, sides=question.sides, other=other, rows=rows)
        if question.only is not None and report.counts_of_own_group:
            own = question.visibility.own_groups
            prepared = await self.preparer.with_own_groups(prepared, own)
        figures = await report.figures(prepared)
        if not report.ranks:
            figures = replace(figures, rows=figures.rows[: question.resolved.limit])
        answered = Answer(question=question, prepared=prepared, figures=figures)
        return replace(answered, understood=self._understood(answered))

    async def look(self, asker: Asker, answered: Answer) -> Look:
        """The entry of an answer in the access log: everyone that it reveals something about, and
        the groups, or everybody, if it names nobody.

        They are the people in the question, in the figures, and behind figures of fewer than three.
        """
        sides = filter(None, (answered.prepared, answered.prepared.other))
        people, groups = set(answered.named), frozenset[str]()
        for side in sides:
            if answered.question.only is None:
                groups |= groups_of(side.query)
            is_of_certain = side.query.people is not None or bool(side.query.groups)
            if not (is_of_certain and people.issuperset(side.subject.people)):
                people |= await self._few(side, answered.question)
        return Look(asker, answered.report.name, frozenset(people), groups)

    async def _few(self, prepared: PreparedQuestion, question: Question) -> set[str]:
        """The people whose own figures may be seen: in the question, with a session, or in a group
        are fewer than three."""
        if question.only is not None:
            return set()
        parts = [{*prepared.subject.people}, *({*group.people} for group in prepared.groups)]
        if question.counts_sessions and len(parts[0]) >= ENOUGH_PEOPLE:
            who = sa.select(session.c.member_id).where(*prepared.filters()).distinct()
            parts.append({*await self.preparer.database.scalars(who.limit(ENOUGH_PEOPLE))})
        return set().union(*(part for part in parts if len(part) < ENOUGH_PEOPLE))

    # Buttons

    async def offers(self, asker: Asker, suggestions: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
        """Buttons that run the suggested commands."""
        commands = tuple(suggestion.words for suggestion in suggestions)
        ids = await self.buttons.add_commands(asker.team_id, asker.user_id, commands)
        return offers_of(suggestions, ids)

    def _with_buttons(self, request: Request, answered: Answer) -> Answer:
        """The answer with the actions that its reader can take."""
        sees = answered.question.visibility
        return replace(
            answered,
            can_export=sees.sees != "own" and answered.report.has_table,
            can_share=request.can_share and not answered.why_not_shared(self.rules, request.asker),
            is_direct=request.is_direct,
            can_subscribe=request.can_share
            and not request.is_direct
            and sees.covers_groups
            and answered.counted_since is None
            and self.rules.may_subscribe(
                answered.report, answered.query, answered.figures, answered.counted
            ),
        )

    def _understood(self, answered: Answer) -> tuple[str, ...]:
        """The parts of the line that shows how the question was read: people, filters, period.
        Namesakes that the asker can see have their address after the name."""
        query, question = answered.query, answered.question
        people = query.people or ()
        if question.only is not None and answered.report.counts_of_own_group:
            people = ()  # it's about the group
        left_out = [left for left in query.left_out if isinstance(left, Member)]
        labeled = label_namesakes(
            (*people, *left_out), self.questions.directory.listed, question.visibility.knows
        )
        names = {person.id: person for person in labeled}
        shown = replace(
            query,
            people=tuple(names[person.id] for person in people) or None,
            left_out=tuple(names.get(left.id, left) for left in query.left_out),
            page=1,  # shown next to its rows
        )
        return understood(shown, now=answered.as_of)


def report_of(words: str) -> tuple[AnyReport, str]:
    """The report that a whole command asks for, and the words after its name. Raises NotFound."""
    name, _, text = words.partition(" ")
    report = BY_WORD.get(name)
    if report is None:
        raise NotFound("The *{name}* report no longer exists. Ask again.", name=name)
    return report, text


def offers_of(suggestions: Sequence[Suggestion], ids: Sequence[str]) -> tuple[Offer, ...]:
    """Buttons for suggestions that are stored under these ids."""
    return tuple(Offer(s.label, id_) for s, id_ in zip(suggestions, ids, strict=True))


def _loosen(question: Question) -> tuple[Suggestion, ...]:
    """For an empty answer: the question without one of its filters, for each filter."""
    if question.sides is not None:
        return ()  # a comparison needs its filters
    everyone = question.visibility.everyone
    # Without these, the question would be about the asker alone, which is no wider.
    narrowing = {WHO} if question.resolved.people else {Kind.GROUP.value}
    labels = {row.key: row.anything for row in FILTERS}
    return tuple(
        Suggestion(
            labels[key],
            f"{question.report.name} {query_words(without(question.query, key))}".strip(),
        )
        for key in removable(question.query)
        if everyone or key not in narrowing
    )


def _command(question: Question) -> str:
    """The question as a canonical command, without a default period; a question about one session
    also names its person."""
    query, report = replace(question.query, page=1), question.report
    if query.attempt and not query.people:
        people = (
            PersonRef(PersonKind.EMAIL, person.email) for person in question.resolved.people or ()
        )
        query = replace(query, people=tuple(ref for ref in people if ref.value))
    if query.period is not None and query.period.words == report.period:
        query = replace(query, period=None)
    return f"{report.name} {query_words(query)}".strip()


def _no_such_page(answered: Answer) -> UserError:
    last = max(1, -(-answered.figures.total // ROWS))
    text = f"{answered.report.name} {query_words(replace(answered.question.query, page=last))}"
    ways = (Suggestion(f"Show page {last}", text),)
    return UserError(f"That page doesn't exist. The last page is {last}.", ways)
