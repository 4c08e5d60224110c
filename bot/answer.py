"""Request ─► answer: what every way of asking goes through, in Slack, by the clock, in a terminal.

The words become a question that its asker may ask (bot/question.py), it is made ready to be counted
(bot/prepare.py), and its report computes the figures. A button of the answer asks the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.access import Asker, Visibility, may_export
from bot.channel_rules import ChannelRules, is_own
from bot.clock import elapsed
from bot.errors import NotAllowed, NotFound, Sentence, Suggestion, TooOld, UserError
from bot.language.filters import (
    FILTERS,
    MOST_NAMED,
    PERIOD,
    query_words,
    removable,
    understood,
    without,
)
from bot.language.query import Kind, Member, PersonKind, PersonRef, Query, ResolvedQuery
from bot.messages.render import Offer
from bot.messages.tables import ROWS, table_values
from bot.mirror.query import Cursor
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.people.directory import Directory, tell_apart
from bot.prepare import Mode, Preparer
from bot.question import WHO, Question, QuestionReader
from bot.reports._asked import Asked, Slice
from bot.reports._report import ENOUGH_PEOPLE, AnyReport, Figures
from bot.reports.table import BY_WORD
from bot.storage.buttons import Buttons, Meaning, Stored, StoredAnswer, StoredCommand
from bot.storage.last_questions import LastQuestion, LastQuestions
from bot.storage.tables import from_ms, session, to_ms

if TYPE_CHECKING:
    from bot.handlers import Turn


RIGHTS_LAST = 1.0  # seconds until they are judged again


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, where and how.

    `place` is the conversation in which they can follow up on the question. `is_barred`: nothing
    is posted there, whoever asks. `is_command`: they used the slash command. `note` is said in the
    answer. `turn` opens forms, None in a terminal.
    """

    asker: Asker
    channel_id: str = ""
    place: str = ""
    can_share: bool = False
    is_barred: bool = False
    is_direct: bool = False
    is_command: bool = False
    note: Sentence | None = None
    turn: Turn | None = None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question with its report's figures, and what its reader can do with them.

    `id` is what its buttons carry, "" for an answer without buttons. `few` are the people behind
    figures of fewer than three. `understood` are the parts of the line that says how the question
    was read.
    """

    template: ClassVar = "answer"

    question: Question
    asked: Asked
    figures: Any
    few: frozenset[str] = frozenset()
    id: str = ""
    understood: tuple[str, ...] = ()
    note: Sentence | None = None
    loosen: tuple[Offer, ...] = ()
    just_me: tuple[Offer, ...] = ()
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
        return self.asked.zone

    @property
    def as_of(self) -> datetime:
        """Everything that was created up to then is counted."""
        return self.asked.as_of

    @property
    def counted_since(self) -> datetime | None:
        """Older sessions of the period aren't counted; None if all are."""
        if not self.question.counts_sessions:
            return None
        sides = (self.asked,) if self.asked.other is None else (self.asked, self.asked.other)
        return max(filter(None, (each.counted_since for each in sides)), default=None)

    @property
    def whose(self) -> str:
        """Whose practice it is."""
        return self.understood[0]

    @property
    def when(self) -> str:
        """The period as people read it; "" for a report that counts no sessions, unless asked."""
        if self.report.of_now:
            return ""
        said = PERIOD.phrase(self.query, self.as_of)
        is_of_all = self.question.counts_sessions and not self.report.of_attempt
        return said or ("all time" if is_of_all else "")

    @property
    def filters(self) -> tuple[str, ...]:
        """What else the question says."""
        if self.report.of_now:
            return ()
        return tuple(each for each in self.understood[1:] if each != self.when)

    @property
    def is_about_one(self) -> bool:
        """Whether one person was asked about."""
        return self.asked.is_of_one

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return self.report.is_nothing(self.figures)

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of the people it names: who was asked about, who is in its figures, and
        those who are so few that its figures are theirs."""
        if self.report.named is None:
            named = frozenset(self.asked.subject.people)
        else:
            named = frozenset(self.report.named(self.figures))
        return named | {one.id for one in self.query.people or ()} | self.few

    @property
    def values(self) -> Mapping[str, object]:
        """What its template gets."""
        table = table_values(
            self.report,
            self.figures,
            start=self.asked.slice.offset,
            zone=self.zone,
            as_of=self.as_of,
            about_one=self.is_about_one,
            id_=self.id,
        )
        return {"a": self, "f": self.figures, **table}


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
        preparer: Preparer,
        audit: Audit,
        last_questions: LastQuestions,
        buttons: Buttons,
        rules: ChannelRules,
        clock: Callable[[], datetime],
    ) -> None:
        self.question = questions.read
        self._directory = directory
        self._coaching = coaching
        self._preparer = preparer
        self._audit = audit
        self._last_questions = last_questions
        self._buttons = buttons
        self._rules = rules
        self._clock = clock

    async def answer(
        self,
        request: Request,
        report: AnyReport,
        said: str | Query,
        sees: Visibility | None = None,
    ) -> Answered:
        """A report's answer to the words after its name, or to what was read of them. `sees` is
        what the asker may see, if that was judged just now."""
        asker, now = request.asker, self._clock()
        question = await self.question(asker, said, report, now=now, sees=sees)
        start, zone = (question.query.page - 1) * ROWS, str(asker.zone)
        found = await self._answered(asker, question, zone, slice=Slice(ROWS, start))
        if start and start >= found.figures.total:
            raise _no_such_page(found)
        text = said if isinstance(said, str) else query_words(said)
        words = f"{report.name} {text}".strip()
        meaning = _shown(StoredAnswer(words, zone, to_ms(now), to_ms(found.as_of)), found)
        is_empty = found.is_nothing and found.counted_since is None
        just_me, loosen = _just_me(question), _loosen(question) if is_empty else ()
        offered = (*just_me, *loosen)
        meanings: tuple[Meaning, ...] = (meaning, *(StoredCommand(s.words) for s in offered))
        async with self._preparer.database.transaction() as connection:
            id_, *ids = await self._buttons.write(
                connection, asker.team_id, asker.user_id, meanings
            )
            await self._audit.write(connection, Look(asker, report.name, found.named))
            if request.place:
                last = LastQuestion(_said(question), answer_id=id_)
                await self._last_questions.write(
                    connection, asker.team_id, asker.user_id, request.place, last
                )
        buttons = _buttons(offered, ids)
        own, others = buttons[: len(just_me)], buttons[len(just_me) :]
        found = replace(found, id=id_, note=request.note, just_me=own, loosen=others)
        return self._with_buttons(request, found)

    async def _check_rights(self, asker: Asker, question: Question) -> None:
        """Raise NotAllowed if the asker sees less than when the question was read: Exec may have
        taken its time."""
        if await self._coaching.reach(asker) != question.visibility:
            raise NotAllowed("What you can see has changed while I was looking. Ask again.")

    async def posted(
        self, asker: Asker, words: str, *, at: datetime, zone: str, mode: Mode
    ) -> Answered:
        """What a channel sees of a question that was due there at `at`, in the sight of its owner.

        Raises NotAllowed for a report that is never posted.
        """
        owner = replace(asker, zone=ZoneInfo(zone))
        report, text = report_of(words)
        question = await self.question(owner, text, report, now=at)
        found = await self._answered(owner, question, zone, mode=mode)
        return self._in_channel(found)

    async def _answered(
        self,
        asker: Asker,
        question: Question,
        zone: str,
        *,
        mode: Mode = Mode.QUESTION,
        now: datetime | None = None,
        end: datetime | None = None,
        slice: Slice | None = None,
    ) -> Answered:
        """A question with its report's figures; a list of sessions has the rows of `slice`."""
        report, began = question.report, elapsed()
        sides = [
            await self._preparer.prepare(
                query,
                zone,
                needs=report.needs,
                sessions=question.counts_sessions,
                mode=mode,
                now=now,
                end=end,
                only=question.peers.only if question.peers else None,
                slice=slice,
            )
            for query in question.queries
        ]
        if elapsed() - began > RIGHTS_LAST:
            await self._check_rights(asker, question)
        asked = replace(sides[0], sides=question.sides, other=sides[1] if sides[1:] else None)
        found = _limited(await report.figures(asked), question.resolved, report)
        few = await self._few(asked, question)
        answered = Answered(question=question, asked=asked, figures=found, few=few)
        return replace(answered, understood=self._understood(answered))

    async def _few(self, asked: Asked, question: Question) -> frozenset[str]:
        """The people that the figures are about because they are fewer than three: those in
        question, those with a session that counts, and those of each group."""
        if asked.only is not None:
            return frozenset()
        parts = [frozenset(asked.subject.people), *(group.people for group in asked.groups)]
        if question.counts_sessions and len(parts[0]) >= ENOUGH_PEOPLE:
            who = sa.select(session.c.member_id).where(*asked.filters()).distinct()
            active = await self._preparer.database.scalars(who.limit(ENOUGH_PEOPLE))
            parts.append(frozenset(active))
        few = [part for part in parts if len(part) < ENOUGH_PEOPLE]
        beside = frozenset() if asked.other is None else await self._few(asked.other, question)
        return frozenset().union(*few) | beside

    # An earlier answer

    async def page(
        self, request: Request, stored: Stored[StoredAnswer], start: int | None = None
    ) -> Answered:
        """An earlier answer from its row `start` on, by default its next page."""
        if start is None:
            start = stored.meaning.start + ROWS
        found = await self._again(request.asker, stored, start // ROWS * ROWS)
        async with self._preparer.database.transaction() as connection:
            await self._buttons.change(connection, stored, _shown(stored.meaning, found))
            await self._audit.write(connection, Look(request.asker, found.report.name, found.named))
        return self._with_buttons(request, replace(found, id=stored.id))

    async def shared(self, request: Request, id_: str, *, preview: bool = False) -> Answered:
        """What a channel sees of an earlier answer, or would in a `preview`: of the asker's own
        all; of others counts, averages, and those who are praised. Raises NotAllowed if that may
        not be."""
        found = await self.recall(request.asker, id_)
        if why := self._why_not_shared(found, request.asker):
            raise NotAllowed(why)
        seen = self._in_channel(found, own=is_own(found.query, request.asker))
        if not preview:
            await self._audit.note(Look(request.asker, seen.report.name, seen.named))
        return seen

    def _in_channel(self, found: Answered, *, own: bool = False) -> Answered:
        figures = self._rules.figures_in_channel(found.report, found.query, found.figures, own=own)
        told = self._rules.understood_in_channel(found.query, found.as_of, own=own)
        return replace(found, figures=figures, understood=told, id="")

    def _why_not_shared(self, found: Answered, asker: Asker) -> str:
        people = len(found.asked.subject.people)
        return self._rules.why_not_shared(found.report, found.query, found.figures, people, asker)

    async def recall(self, asker: Asker, id_: str, keep: int = ROWS) -> Answered:
        """An earlier answer, asked again as of then; rights are judged now."""
        return await self._again(asker, await self.stored(asker, id_), 0, keep)

    async def _again(
        self, asker: Asker, stored: Stored[StoredAnswer], start: int, keep: int = ROWS
    ) -> Answered:
        meaning = stored.meaning
        report, text = report_of(meaning.words)
        now, end = from_ms(meaning.asked_at), from_ms(meaning.end_at)
        question = await self.question(asker, text, report, now=now)
        cursor = meaning.cursors.get(str(start))
        slice = Slice(keep, start, Cursor(*cursor) if cursor else None)
        return await self._answered(asker, question, meaning.zone, now=now, end=end, slice=slice)

    async def stored(self, asker: Asker, id_: str) -> Stored[StoredAnswer]:
        """What the buttons of an answer mean. Raises TooOld."""
        found = await self._buttons.find(
            id_, StoredAnswer, team_id=asker.team_id, user_id=asker.user_id
        )
        if found is None:
            raise TooOld
        return found

    async def row_of(self, asker: Asker, stored: Stored[StoredAnswer], row: int) -> str:
        """The command that tells more of a row of an earlier answer. Raises TooOld."""
        found = await self._again(asker, stored, row // ROWS * ROWS)
        figures, opens = found.figures, found.report.opens
        if opens is None or not 0 <= row - figures.offset < len(figures.rows):
            raise TooOld
        return opens(figures.rows[row - figures.offset])

    # Buttons

    async def offers(self, asker: Asker, suggestions: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
        """Buttons that run the suggested commands."""
        commands = tuple(suggestion.words for suggestion in suggestions)
        ids = await self._buttons.add_commands(asker.team_id, asker.user_id, commands)
        return _buttons(suggestions, ids)

    def _with_buttons(self, request: Request, found: Answered) -> Answered:
        """With what its reader can do with it."""
        sees, report = found.question.visibility, found.report
        can_share = request.can_share and not request.is_barred
        return replace(
            found,
            can_export=may_export(sees) and report.has_table,
            can_share=can_share and not self._why_not_shared(found, request.asker),
            is_direct=request.is_direct,
            can_subscribe=can_share
            and not request.is_direct
            and sees.covers_groups
            and found.counted_since is None
            and self._rules.may_subscribe(report, found.query, found.figures),
        )

    # How the question was read

    def _understood(self, found: Answered) -> tuple[str, ...]:
        """The parts of the line below the first one: whose practice, filters, period."""
        query = self._told_apart(found.query, found.question.visibility)
        if found.question.peers is not None and found.report.counts_of_own_group:
            query = replace(query, people=None)  # it's about the group
        # The page is said next to its rows.
        return understood(replace(query, page=1), now=found.as_of)

    def _told_apart(self, query: ResolvedQuery, visibility: Visibility) -> ResolvedQuery:
        """The question with the addresses of namesakes whom the asker can see."""
        people = query.people or ()
        absent = [each for each in query.left_out if isinstance(each, Member)]
        shown = (*people[:MOST_NAMED], *absent)
        # The question has just looked at all names.
        listed = self._directory.known_members
        apart = tell_apart(shown, listed, lambda one: visibility.covers((one,)))
        told = {each.id: each for each in apart}
        left_out = (
            told.get(each.id, each) if isinstance(each, Member) else each for each in query.left_out
        )
        if people:
            query = replace(query, people=tuple(told.get(each.id, each) for each in people))
        return replace(query, left_out=tuple(left_out))


def report_of(words: str) -> tuple[AnyReport, str]:
    """The report that a whole command asks for, and the words after its name. Raises NotFound."""
    name, _, text = words.partition(" ")
    found = BY_WORD.get(name)
    if found is None:
        raise NotFound("I have no report called *{name}* any more. Ask again.", name=name)
    return found, text


def _buttons(suggestions: Sequence[Suggestion], ids: Sequence[str]) -> tuple[Offer, ...]:
    return tuple(Offer(s.label, id_) for s, id_ in zip(suggestions, ids, strict=True))


def _just_me(question: Question) -> tuple[Suggestion, ...]:
    """The same question about the asker alone, if a coach named nobody; else nothing."""
    query, report, sees = question.query, question.report, question.visibility
    is_named = bool(query.people or query.attempt)
    is_named = is_named or any(ref.kind is Kind.GROUP for ref in query.names)
    if is_named or sees.everyone or not sees.coaches or report.coaches_only:
        return ()
    own = query_words(replace(query, people=(PersonRef(PersonKind.ME),), page=1))
    return (Suggestion("Just me", f"{report.name} {own}"),)


def _loosen(question: Question) -> tuple[Suggestion, ...]:
    """The question without one of its filters, for an answer with nothing in it."""
    if question.sides is not None:
        return ()  # without one of its filters there might be nothing to compare
    everyone = question.visibility.everyone
    # Without it the question would be about the asker alone, and not be wider at all.
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


def _limited(figures: Figures, query: ResolvedQuery, report: AnyReport) -> Figures:
    """With no more rows than were asked for; every other figure stays."""
    if query.limit is None or report.limits:
        return figures
    return replace(figures, rows=figures.rows[: query.limit])


def _said(question: Question) -> str:
    """The whole command in canonical words, without a time that nobody said; with whose it is if
    one session was asked about."""
    query, report = replace(question.query, page=1), question.report
    if query.attempt and not query.people:
        whose = (PersonRef(PersonKind.EMAIL, one.email) for one in question.resolved.people or ())
        query = replace(query, people=tuple(ref for ref in whose if ref.value))
    if query.period is not None and query.period.words == report.period:
        query = replace(query, period=None)
    return f"{report.name} {query_words(query)}".strip()


def _shown(meaning: StoredAnswer, found: Answered) -> StoredAnswer:
    """The stored answer with the page that is shown, and the place where its next one begins."""
    start, cursor, cursors = found.asked.slice.offset, found.figures.cursor, meaning.cursors
    if cursor is not None:
        cursors = {**cursors, str(start + ROWS): [cursor.value, cursor.id]}
    return replace(meaning, start=start, cursors=cursors)


def _no_such_page(found: Answered) -> UserError:
    last = max(1, -(-found.figures.total // ROWS))
    text = f"{found.report.name} {query_words(replace(found.question.query, page=last))}"
    return UserError(
        "There is no page {page}: the last one is page {last}.",
        (Suggestion(f"Show page {last}", text),),
        page=str(found.question.query.page),
        last=str(last),
    )
