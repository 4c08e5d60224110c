"""Request ─► answer: what every way of asking goes through, in Slack, by the clock, in a terminal.

The words become a question that its asker may ask (bot/question.py), the practice that it is about
is read, its report's figures are computed, and the answer is stored for its buttons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot import access
from bot.access import Asker, Visibility, may_export
from bot.channel_rules import ChannelRules, is_own
from bot.errors import (
    NotAllowed,
    NotFound,
    Sentence,
    Suggestion,
    TooOld,
    UserError,
)
from bot.exec_api.budget import Budget
from bot.facts import ReadFacts, Sources, listing_of
from bot.language.filters import FILTERS
from bot.language.filters.who import MOST_PEOPLE
from bot.language.query import Kind, Member, PersonKind, PersonRef, ResolvedQuery
from bot.language.words import (
    query_words,
    removable,
    understood,
    without,
)
from bot.messages.tables import page_starts
from bot.mirror.answers import StoredAnswer, StoredAnswers
from bot.mirror.filling import FEW_REQUESTS
from bot.mirror.sessions import AS_USUAL, KEEP_ROWS, ReadOptions
from bot.observe.jobs import Action
from bot.people.audit import Audit, Look
from bot.people.catalogue import Catalogue
from bot.people.coaches import Coaching
from bot.question import WHO, Question, QuestionReader
from bot.rendering.views import (
    AnswerView,
    Cost,
    Offer,
)
from bot.reports.report import AnyReport
from bot.reports.sessions import session_list
from bot.reports.table import BY_WORD, SESSIONS
from bot.storage.handles import Handles
from bot.storage.last_questions import LastQuestion, LastQuestions

SAY_LEFT_UNDER = 0.2  # of the day's requests are left for questions
HIDDEN_SINCE = (
    "Somebody in this asked me since not to name them in channels. Ask again to share it without "
    "them."
)


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, where and how; `is_command`: by a slash command.

    `place` is the conversation in which one may go on with the question, "" where there is none.
    `note` is said in the answer.
    What can be done once the answer has left is added to `afterwards`; None where it is done
    before.
    """

    asker: Asker
    channel_id: str = ""
    place: str = ""
    can_share: bool = False
    options: ReadOptions = AS_USUAL
    note: Sentence | None = None
    is_command: bool = False
    afterwards: list[Action] | None = None


class Answerer:
    """Answers questions, and shows earlier answers again, also to a channel.

    All methods that look something up raise UserError, ExecError, SlackError and StorageError.
    """

    def __init__(
        self,
        *,
        questions: QuestionReader,
        catalogue: Catalogue,
        coaching: Coaching,
        sources: Sources,
        answers: StoredAnswers,
        audit: Audit,
        last_questions: LastQuestions,
        handles: Handles,
        budget: Budget,
        requests_per_day: int,
        rules: ChannelRules,
        clock: Callable[[], datetime],
    ) -> None:
        self.question = questions.read
        self._catalogue = catalogue
        self._coaching = coaching
        self._sources = sources
        self._answers = answers
        self._audit = audit
        self._last_questions = last_questions
        self._handles = handles
        self._budget = budget
        self._requests_per_day = requests_per_day
        self._rules = rules
        self._clock = clock

    async def answer(self, request: Request, report: AnyReport, text: str) -> AnswerView:
        """A report's answer to the words after its name, from what there is where more would take
        many requests.

        Raises UserError, ExecError, SlackError.
        """
        question = await self.question(request.asker, text, report)
        zone = str(request.asker.zone)

        stored, found = await self._answered(
            question, f"{report.name} {text}".strip(), zone, request.options
        )
        reading = stored.reading
        look = Look(request.asker, report.name, named_in(report, found, stored))
        id_ = await self._answers.keep(
            stored,
            team_id=request.asker.team_id,
            user_id=request.asker.user_id,
            look=look if reading.is_told else None,
        )
        if request.place:
            last = LastQuestion(_said(question), answer_id=id_)
            await self._last_questions.keep(
                request.asker.team_id, request.asker.user_id, request.place, last
            )
        keep_rows = partial(self._keep_rows, id_, report, stored, found)
        if request.afterwards is None:
            await keep_rows()
        else:
            request.afterwards.append(keep_rows)
        view = await self._view(request, question.visibility, id_, stored, found)
        mine_only = await self._mine_only(request.asker, question)
        view = replace(view, mine_only=mine_only, note=request.note)
        if question.peers is not None and report.counts_of_own_group:
            # It is about the group, and kept as the asker's own.
            view = replace(view, understood=view.understood[1:], narrowed_to_self=False)
        elif not question.query.people and question.resolved.people == (request.asker.member,):
            view = replace(view, narrowed_to_self=True)
        if report.is_nothing(view.found) and reading.complete:
            return replace(view, loosen=await self._loosen(request.asker, question))
        if question.query.page > 1:
            return _turned_to(view, question, stored)
        return view

    async def posted(
        self, asker: Asker, words: str, *, at: datetime, zone: str, purpose: str
    ) -> tuple[AnswerView, frozenset[str]]:
        """What a channel sees of a question that was due there at `at`, in the sight of its owner,
        and the Exec ids of those whom it names.

        Raises UserError, NotAllowed for a report that is never posted, ExecError when Exec is
        needed and away, and SlackError.
        """
        owner = replace(asker, zone=ZoneInfo(zone))
        report, text = report_of(words)
        question = await self.question(owner, text, report, now=at)
        # It can wait until Exec is back.
        options = ReadOptions(everything=True, needs_exec=True, purpose=purpose)
        stored, found = await self._answered(question, words, zone, options)
        view = await self._view(Request(owner), question.visibility, "", stored, found)
        view = self._rules.in_channel(view, report, stored)
        return view, named_in(report, view.found, stored)

    async def _answered(
        self,
        question: Question,
        words: str,
        zone: str,
        options: ReadOptions,
    ) -> tuple[StoredAnswer, Any]:
        """A question with how it was read, and its report's figures."""
        facts = self.facts(question, options, zone=zone)
        found = await question.report.figures(facts)
        return stored_of(question, words, facts), found

    async def _keep_rows(
        self, id_: str, report: AnyReport, stored: StoredAnswer, found: Any
    ) -> None:
        """Store what turning pages, sharing and other buttons of an answer need."""
        if report is not SESSIONS:
            stored = replace(stored, figures=form_of(report).dump_python(found, mode="json"))
        await self._answers.keep_rows(id_, stored)

    def facts(
        self,
        question: Question,
        options: ReadOptions,
        *,
        zone: str,
        keep: int = KEEP_ROWS,
    ) -> ReadFacts:
        """What the report of a question asks; of a listing the first `keep` rows."""
        first, *others = [
            ReadFacts(self._sources, each, options, zone, keep=keep) for each in question.queries
        ]
        first.only = question.peers.only if question.peers else None
        first.sides, first.other = question.sides, others[0] if others else None
        return first

    async def page(self, request: Request, id_: str, start: int) -> AnswerView:
        """An earlier answer from its row `start` on."""
        visibility = await self._coaching.reach(request.asker)
        stored = await self._recall_among(request.asker, visibility, id_)
        report, _ = report_of(stored.words)
        found, rows = _found(report, stored), stored.reading.rows
        if report is SESSIONS and start >= len(rows) and len(rows) < stored.reading.total:
            longer = await self._sources.sessions.read_on(stored.query, stored.reading)
            stored = replace(stored, reading=longer)
            found = _found(report, stored)
            named = named_in(report, found, stored)
            look = Look(request.asker, report.name, named)
            await self._answers.keep_rows(id_, stored, look)
        view = await self._view(request, visibility, id_, stored, found)
        return replace(view, start=start)

    async def shared(self, request: Request, id_: str, *, preview: bool = False) -> AnswerView:
        """What a channel sees of an earlier answer, or would in a `preview`: of the asker's own
        all; of others counts, averages, and those who are praised. Raises NotAllowed where that
        may not be."""
        visibility = await self._coaching.reach(request.asker)
        stored = await self._recall_among(request.asker, visibility, id_)
        report, _ = report_of(stored.words)
        view = await self._view(request, visibility, id_, stored, _found(report, stored))
        if why := self._rules.why_not_shared(report, stored, view.found, request.asker):
            raise NotAllowed(why)
        own = is_own(stored.query, request.asker)
        view = self._rules.in_channel(view, report, stored, own=own)
        praised = () if own or report.named is None else report.named(view.found)
        if await self._coaching.coaches.unnamed(praised):
            raise NotAllowed(HIDDEN_SINCE)
        if not preview:
            named = named_in(report, view.found, stored)
            await self._audit.note(Look(request.asker, report.name, named))
        return view

    async def recall(self, asker: Asker, id_: str) -> StoredAnswer:
        """An earlier answer, if it is still stored and still theirs to see. Raises UserError and
        StorageError."""
        return await self._recall_among(asker, await self._coaching.reach(asker), id_)

    async def _recall_among(self, asker: Asker, visibility: Visibility, id_: str) -> StoredAnswer:
        """The same for somebody of whom it is known already what they may see."""
        stored = await self._answers.find(id_, **_owner(asker))
        if stored is None:
            raise await self._outdated(
                asker,
                id_,
                "I keep the rows of an answer for a day. Ask again to see them as they are now.",
            )
        if not visibility.covers(stored.query.people, stored.query.groups):
            raise access.refuse("those people", visibility)
        if await self._names_who_left(asker, visibility, stored, id_):
            raise await self._outdated(
                asker,
                id_,
                "The people you coach have changed since this answer. Ask again to see it as it "
                "is now.",
            )
        return stored

    async def _outdated(self, asker: Asker, id_: str, why: str) -> NotFound:
        return NotFound(why, (Suggestion("Ask again", await self._words(asker, id_)),))

    async def _words(self, asker: Asker, id_: str) -> str:
        """The command text of an earlier answer to them. Raises TooOld."""
        text = await self._answers.words(id_, **_owner(asker))
        if text is None:
            raise TooOld
        return text

    async def _names_who_left(
        self, asker: Asker, visibility: Visibility, stored: StoredAnswer, id_: str
    ) -> bool:
        """Whether an answer about a coach's groups has rows of somebody who left them since.

        Whom an answer names that is newer than the rosters stored may just have come.
        """
        if visibility.everyone or stored.query.people is not None:
            return False
        shown = stored.reading.rows[: stored.query.limit]
        named = {row.user.id for row in shown} or set(stored.people)
        named -= {""}
        if named <= visibility.members:
            return False
        at = await self._answers.kept_at(id_, **_owner(asker))
        rosters = await self._coaching.rosters.of(stored.query.groups, ask_exec=False)
        return at is not None and any(roster.as_of > at for roster in rosters.values())

    async def row_of(self, asker: Asker, id_: str, row: int) -> str:
        """The command that tells more of a row of an earlier answer. Raises UserError."""
        stored = await self.recall(asker, id_)
        report, _ = report_of(stored.words)
        table = report.rows(_found(report, stored), stored.query.limit)
        if table.opens is None or not 0 <= row < len(table.rows):
            raise TooOld
        command: str = table.opens(row)
        return command

    async def people_in(self, asker: Asker, id_: str, most: int) -> tuple[Member, ...]:
        """Those whom an earlier answer names. Raises UserError, also where they are more than
        `most`, or it names nobody."""
        stored = await self.recall(asker, id_)
        report, _ = report_of(stored.words)
        found = _found(report, stored)
        ids = frozenset(report.named(found) if report.named else ())
        is_cut = report is SESSIONS and stored.query.limit is None
        if len(ids) > most or (is_cut and stored.reading.total > len(stored.reading.rows)):
            raise UserError(f"I go on with up to {most} people, and those are more. Name them.")
        if not ids:
            raise UserError("The last answer names nobody to go on with.")
        return await self._catalogue.people(ids)

    async def check_cost(self, asker: Asker, id_: str) -> str:
        """The text of an earlier question that today's requests still allow to read whole.

        Raises UserError.
        """
        text = await self._words(asker, id_)
        stored = await self._answers.find(id_, **_owner(asker))
        left = (await self._budget.left()).questions
        reading = None if stored is None else stored.reading
        if reading is not None and (reading.cost or reading.again or 0) > left:
            doing = "Reading further back" if reading.cost else "Refreshing all of it"
            raise UserError(
                f"{doing} uses more than is left of today's Exec limit. Ask about a shorter "
                "time, or try again tomorrow."
            )
        return text

    async def offers(self, asker: Asker, suggestions: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
        """Buttons that run the suggested commands."""
        commands = tuple(suggestion.words for suggestion in suggestions)
        ids = await self._handles.keep_commands(asker.team_id, asker.user_id, commands)
        return tuple(Offer(s.label, id_) for s, id_ in zip(suggestions, ids, strict=True))

    async def _cost_of(self, requests: int) -> Cost:
        left = (await self._budget.left()).questions
        return Cost(requests, left, asks=requests > FEW_REQUESTS and requests * 10 >= left)

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
        apart = await self._catalogue.apart(shown, lambda one: visibility.covers((one,)))
        told = {each.id: each for each in apart}
        left_out = (
            told.get(each.id, each) if isinstance(each, Member) else each for each in query.left_out
        )
        if people:
            query = replace(query, people=tuple(told.get(each.id, each) for each in people))
        return replace(query, left_out=tuple(left_out))

    async def _view(
        self,
        request: Request,
        visibility: Visibility,
        id_: str,
        stored: StoredAnswer,
        found: Any,
    ) -> AnswerView:
        query, reading = stored.query, stored.reading
        left = (await self._budget.left()).questions
        disambiguated = await self._disambiguated(query, request.asker, visibility)
        report, _ = report_of(stored.words)
        return AnswerView(
            id=id_,
            report=report.name,
            # Which page it is stands beside its rows, and changes from one to the next.
            understood=understood(replace(disambiguated, page=1), now=reading.as_of),
            zone=stored.zone,
            found=found,
            start=0,
            cost=None if reading.cost is None else await self._cost_of(reading.cost),
            freshness=reading.freshness,
            known_since=stored.since,
            stored_since=reading.stored_since,
            limit=query.limit,
            now=self._clock(),
            again=None if reading.again is None else await self._cost_of(reading.again),
            about_one=query.people is not None and len(query.people) == 1,
            narrowed_to_self=not (visibility.everyone or visibility.coaches)
            and query.people == (request.asker.member,),
            runs_short=left < SAY_LEFT_UNDER * self._requests_per_day,
            can_export=may_export(visibility) and report.table is not None,
            can_share=request.can_share
            and reading.is_told
            and not self._rules.why_not_shared(report, stored, found, request.asker),
            can_subscribe=request.can_share
            and visibility.covers_groups
            and self._rules.may_subscribe(report, query, found),
        )


def report_of(words: str) -> tuple[AnyReport, str]:
    """The report that a whole command asks for, and the words after its name. Raises NotFound."""
    name, _, text = words.partition(" ")
    found = BY_WORD.get(name)
    if found is None:
        raise NotFound("I have no report called *{name}* any more. Ask again.", name=name)
    return found, text


def stored_of(question: Question, words: str, facts: ReadFacts) -> StoredAnswer:
    """A question with how it was read, once its report has asked for what it needs."""
    involved = facts.involved
    return StoredAnswer(
        words,
        facts.zone,
        question.resolved,
        facts.reading,
        since=facts.since,
        people=tuple(sorted(involved.people)),
        few=tuple(sorted(involved.few)),
    )


@lru_cache(maxsize=64)
def form_of(report: AnyReport) -> TypeAdapter[Any]:
    """How the figures of a report are kept as JSON."""
    return TypeAdapter(report.kind)


def named_in(report: AnyReport, found: Any, stored: StoredAnswer) -> frozenset[str]:
    """The Exec ids of those whom an answer names: who was asked about, who is in its figures; and
    of those who are not named, but are so few that its figures are theirs."""
    named = stored.people if report.named is None else report.named(found)
    return frozenset(named) | {person.id for person in stored.query.people or ()} | set(stored.few)


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


def _found(report: AnyReport, stored: StoredAnswer) -> Any:
    """The figures of an answer."""
    if report is SESSIONS:
        return session_list(listing_of(stored.reading), stored.query.limit)
    return form_of(report).validate_python(stored.figures)


def _owner(asker: Asker) -> dict[str, str]:
    return {"team_id": asker.team_id, "user_id": asker.user_id}


def _turned_to(view: AnswerView, question: Question, stored: StoredAnswer) -> AnswerView:
    """The view from the page that was asked for by its number. Raises UserError."""
    page = question.query.page
    if page <= 1:
        return view
    starts = page_starts(view)
    last = len(starts)
    reading, limit = stored.reading, stored.query.limit
    if page <= last or not reading.complete:
        return replace(view, start=starts[min(page, last) - 1])
    if limit is None and reading.rows and len(reading.rows) < reading.total:
        raise UserError(
            "Page {page} is too far back to go to at once. Ask about an earlier period.",
            page=str(page),
        )
    text = f"{question.report.name} {query_words(replace(question.query, page=last))}"
    raise UserError(
        "There is no page {page}: the last one is page {last}.",
        (Suggestion(f"Show page {last}", text),),
        page=str(page),
        last=str(last),
    )
