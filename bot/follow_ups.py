"""Whether somebody goes on with their last question, and what they get then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Asker
from bot.answer import Answered, Answerer, Request, report_of
from bot.errors import Ambiguous, NotAllowed, NotFound, Sentence, Suggestion, TooOld, UserError
from bot.language.filters import FILTERS, RESULTS
from bot.language.filters.when import PERIOD
from bot.language.follow_up import (
    AGAINST,
    OF_ALL_SESSIONS,
    SLASH_LEADS,
    Asked,
    Start,
    Step,
    Way,
    Wish,
    ahead_at,
    as_it_may_be_read,
    as_of_those,
    asks_for,
    by_itself,
    choice_of,
    cleared,
    gone_on,
    has_pronoun,
    is_beside,
    is_elliptic,
    is_in_it,
    picks_people,
    side_by_side,
    start_of,
    step_of,
    swap_of,
    time_before,
    with_added,
    with_names,
    with_what,
)
from bot.language.parse import parse
from bot.language.phrases import NUDGE, PRONOUNS
from bot.language.plain_words import (
    ASSIGNMENTS,
    ATTEMPT,
    COMPARE,
    OWN_WEEK,
    RANKING,
    TEAM,
    Changes,
    Meaning,
)
from bot.language.query import Kind, PersonKind, PersonRef, Query, Sort
from bot.language.text import clean
from bot.language.words import query_words, without
from bot.messages.render import View
from bot.messages.tables import ROWS
from bot.plain_questions import NotUnderstood, PlainQuestions
from bot.reports._report import AnyReport
from bot.reports.table import BY_WORD, SESSIONS
from bot.storage.last_questions import NOBODY_SEEN, LastQuestion, LastQuestions

# To who asks for a file in plain words, where what was understood is looked at before it is sent.
TO_EXPORT = "*Export CSV* below sends you this as a file."
NO_EXPORT = "Files are for admins, and for coaches about their people."
NOTHING = "There is no question of yours here in the last half hour to go on with. Try:"
NOT_SEEN = "I can't tell you about them. Name somebody else."
NO_REPORT = "I can't go on with that answer. Ask the whole question, or try:"
NO_ROWS = "The last answer has no rows to go through."
BY_ITSELF = "Ask it by itself"
MOST_EXAMPLES = 3
MOST_GONE_ON_WITH = 10  # people in an answer
# What stands in "me", where it is compared with another time.
THIS_WEEK = f"{SESSIONS.name} me last 7d"
# Reports to which a time of sessions is none, or of which none is asked.
_OF_NO_TIME = frozenset((ASSIGNMENTS, ATTEMPT, COMPARE, "skills", "prep"))


def as_file(view: Answered) -> Answered:
    """The answer with how to get it as a file."""
    return replace(view, note=Sentence(TO_EXPORT if view.can_export else NO_EXPORT))


@dataclass(frozen=True, slots=True)
class FollowUps:
    """All raise UserError, ExecError, SlackError and StorageError."""

    plain: PlainQuestions
    answerer: Answerer
    last_questions: LastQuestions
    clock: Callable[[], datetime]

    async def heard(self, request: Request, text: str) -> View | str:
        """The answer to a text that goes on with the last question; else the text to be asked by
        itself, in which a choice is the whole question, and "he" a name."""
        if not request.place:
            return text
        if request.is_command and not SLASH_LEADS.match(clean(text).casefold()):
            return text
        last = await self._last(request)
        if last is not None and last.choices:
            # Only the next message is a choice.
            await self._keep(request, replace(last, choices=()))
            chosen = choice_of(text, [each.label for each in last.choices])
            if chosen is not None and not request.is_command:
                return last.choices[chosen].words
            if asks_for(Wish.ONE_OF_A_GROUP, text):
                raise Ambiguous("Which one?", last.choices)
        asked = self._stored(request.asker, last.words if last else "")
        if last is None or asked is None:
            if last is not None:
                about = self._about_refused(request.asker, last, Asked(ATTEMPT, Query()))
                text = await self._named(request.asker, text, about)
            why = NO_REPORT if last and last.words else NOTHING
            await self._refuse_if_it_leads_on(request, text, why)
            return text
        shown = await self._of_what_was_shown(request, last, asked, text)
        if shown is None:
            shown = await self._of_two(request.asker, last, asked, text)
        return await self._of_those(request, last, asked, text) if shown is None else shown

    async def _of_what_was_shown(
        self, request: Request, last: LastQuestion, asked: Asked, text: str
    ) -> View | str | None:
        """The answer to a text that asks for the time before, for feedback, for a step in the last
        answer, or for what that tells; None for any other."""
        is_of_a_row = last.opened is not None or asked.report == ATTEMPT
        timed = self._with_usual_time(request.asker, asked)
        if not is_of_a_row and (before := time_before(text, timed)):
            return await self._changed(request, asked, Start(before, leads=True), text)
        is_wrong = asks_for(Wish.WHAT_WENT_WRONG, text)
        if is_wrong or asks_for(Wish.FEEDBACK, text):
            if is_of_a_row:
                return await self._again(request, last)
            if asked.query.sort is not Sort.NEWEST:
                return await self._row(request, last, 0)  # of the best one
            if is_wrong and len(asked.query.people) == 1:
                return await self._changed(request, asked, Start("feedback", leads=True), text)
        if step := step_of(text, asked.report):
            return await self._step(request, last, step)
        return None

    async def _of_two(
        self, asker: Asker, last: LastQuestion, asked: Asked, text: str
    ) -> str | None:
        """The command for a text that asks for the last two questions beside each other; None for
        any other."""
        words = (THIS_WEEK if each == OWN_WEEK else each for each in (last.before, last.words))
        first, second = (self._stored(asker, each) for each in words)
        both = side_by_side(first, second) if first and second else None
        if both and both.query.versus and asks_for(Wish.UP_OR_DOWN, text):
            return both.command
        pair = asked if asked.report == COMPARE else both
        if pair is None or (pair.query.versus and "who" in text.casefold()):
            return None  # who is ahead is not asked of two times
        if at := ahead_at(text):
            found = await self._goes_on(asker, pair, Start(at, leads=True))
            return None if found is None else found[0].command
        return pair.command if asks_for(Wish.BOTH, text) else None

    async def _of_those(
        self, request: Request, last: LastQuestion, asked: Asked, text: str
    ) -> View | str:
        """The answer to the last question with what a text changes, in which "they", "it" and
        "there" are those that it was about, or its answer."""
        asker = request.asker
        word = clean(text).casefold()
        if word in BY_WORD and " " not in word:
            return await self._changed(request, asked, Start(text, may_lead=True), text)
        whose = self._about_refused(asker, last, await self._about(asker, last, asked))
        those = as_of_those(text, asked)
        if those is None or not those.of_people or not picks_people(asked):
            named = with_what(text, asked)
            is_on_it = named != text
            text = await self._named(asker, named, whose)
            on_it = replace(start_of(text), leads=True) if is_on_it else None
            those = as_of_those(text, asked) or on_it
        if those is not None and last.refused:
            if whose is None:
                raise NotFound(NOT_SEEN)
            asked = gone_on(asked, Changes("", whose.query), (), Query())
        start = await self._swap(asker, text, asked) or those or start_of(text)
        return await self._changed(request, asked, start, text, last.answer_id)

    async def refused(self, request: Request, problem: NotFound | NotAllowed, said: str) -> None:
        """Take "he" from now on for whom a text was about that was not answered; suggest what was
        understood of it with what was asked before: whom, which time, what was practiced."""
        if not request.place:
            return
        last = await self._last(request) or LastQuestion()
        named = NOBODY_SEEN if "name" in problem.sentence.fields else last.refused
        if isinstance(problem, NotUnderstood):
            # Without the names that stood in it for "he" and "it".
            problem.quote_as_said(
                await self.plain.people.spoken(request.asker.team_id, clean(said))
            )
            named = _one_of(problem.meaning.query) or last.refused
            asked = self._stored(request.asker, last.words)
            if asked is not None and not request.is_command:
                on = _carried(asked, problem.meaning)
                meaning = replace(problem.meaning, query=on, words=query_words(on))
                ways = await self.plain.understood_of_it(request.asker, meaning)
                offered = (way for way in ways if way.words != last.words)
                problem.offer(*offered, *problem.suggestions)
        if named != last.refused:
            await self._keep(request, replace(last, refused=named))

    async def ask_which(self, request: Request, problem: Ambiguous) -> None:
        """Take the next message as the choice."""
        asker = request.asker
        if request.place and problem.suggestions:
            await self.last_questions.keep_choices(
                asker.team_id, asker.user_id, request.place, problem.suggestions
            )

    async def note(self, request: Request, words: str) -> None:
        """Let one go on with a question that was answered in a way of its own; where that is no
        question, only with whom the one before was about."""
        if not request.place:
            return
        last = await self._last(request) or LastQuestion()
        asked = self._stored(request.asker, last.words)
        whom = last.refused or (_one_of(asked.query) if asked else "")
        await self._keep(request, LastQuestion(words, refused=whom if words != OWN_WEEK else ""))

    async def page(self, request: Request, id_: str, start: int) -> Answered:
        """An answer from another of its rows on."""
        view = await self.answerer.page(request, id_, start)
        last = await self._last(request)
        if last is not None and last.answer_id == id_:
            await self._keep(request, replace(last, start=start, opened=None))
        return view

    async def row(self, request: Request, id_: str, row: int) -> Answered:
        """More of one row of an answer; it is what one goes on with, if it is about somebody."""
        command = await self.answerer.row_of(request.asker, id_, row)
        last = await self._last(request)
        report, text = report_of(command)
        view = await self.answerer.answer(request, report, text)
        if last is not None and last.answer_id == id_:
            words = last.words if report.of_attempt else command
            await self._keep(request, replace(last, words=words, opened=row, choices=()))
        return view

    async def _last(self, request: Request) -> LastQuestion | None:
        asker = request.asker
        if not request.place:
            return None
        return await self.last_questions.last(asker.team_id, asker.user_id, request.place)

    async def _keep(self, request: Request, last: LastQuestion) -> None:
        asker = request.asker
        await self.last_questions.keep(asker.team_id, asker.user_id, request.place, last)

    def _asked(self, asker: Asker, words: str) -> Asked:
        report, text = report_of(words)
        now, zone = self.clock(), asker.zone
        return Asked(report.name, parse(text, now=now, zone=zone, lead=report.name))

    def _stored(self, asker: Asker, words: str) -> Asked | None:
        """A stored question; None where there is none, and for the words of a command that is no
        report, or of another version."""
        with suppress(UserError):
            return self._asked(asker, words) if words else None
        return None

    def _about_refused(self, asker: Asker, last: LastQuestion, asked: Asked) -> Asked | None:
        """The question about whom a text was that was not answered, or else that which was; None
        where they may not see them."""
        if last.refused == NOBODY_SEEN:
            return None
        if not last.refused:
            return asked
        return Asked(ATTEMPT, self._asked(asker, f"{SESSIONS.name} {last.refused}").query)

    def _with_usual_time(self, asker: Asker, asked: Asked) -> Asked:
        """The question with the time that its report tells of where none is said."""
        usual = BY_WORD[asked.report].period if asked.report in BY_WORD else ""
        if asked.query.period is not None or not usual:
            return asked
        period = parse(usual, now=self.clock(), zone=asker.zone).period
        return replace(asked, query=replace(asked.query, period=period))

    async def _refuse_if_it_leads_on(self, request: Request, text: str, why: str) -> None:
        """Raise NotFound for a text that is nothing without a question before it; after one that no
        words go on with, also for what may be one."""
        start = start_of(text)
        if step_of(text) is None:
            try:
                changes = await self.plain.words.changes(request.asker, start.text, SESSIONS.name)
            except UserError:
                return
            said = changes.query
            if changes.report or changes.unused:
                return
            is_named = bool(said.people or said.names or said.left_out)
            is_alone = why == NO_REPORT and not is_named and said != Query()
            leads = start.leads and (why == NO_REPORT or not is_named)
            if not (is_alone or leads or (changes.export and not is_named and said == Query())):
                return  # "export last week"
        tries = await self.plain.tries(request.asker)
        raise NotFound(why, tries[:MOST_EXAMPLES])

    async def _changed(
        self, request: Request, asked: Asked, start: Start, text: str, answer_id: str = ""
    ) -> View | str:
        """The answer to the last question with what the text changes, or about those whom its
        answer names; the text by itself where it is a question of its own."""
        try:
            found = await self._goes_on(request.asker, asked, start)
        except Ambiguous as problem:
            ways = [await self._whole(request.asker, asked, way) for way in problem.suggestions]
            problem.suggestions = tuple(ways)
            raise
        except UserError:
            return text
        is_of_a_group = asks_for(Wish.ONE_OF_A_GROUP, text)
        if found is None and (start.of_those or is_in_it(text) or is_of_a_group):
            meaning = await self.plain.words.understand(request.asker, start.text)
            if meaning.report == NUDGE and start.of_people and picks_people(asked):
                those = await self._about_rows(request, Asked(asked.report, Query()), answer_id)
                return f"{NUDGE} {query_words(those.query)}"
            if meaning.report and meaning.report not in BY_WORD and not meaning.unused:
                return text  # what is asked of the bot itself
            raise await self.plain.not_understood(request.asker, text, meaning)
        if found is None:
            return by_itself(text)
        on, changes = found
        if start.of_people and picks_people(asked) and on.report != asked.report:
            on = await self._about_rows(request, on, answer_id)
        is_worst = changes.query.sort is Sort.WORST and not changes.report
        if is_worst and asked.report in (TEAM, RANKING):
            # Nobody is ranked from the bottom: that is what is answered.
            return f"who is worst {query_words(replace(on.query, sort=Sort.NEWEST, limit=None))}"
        alone = None if start.leads else await self._alone(request.asker, text, on)
        report = BY_WORD[on.report]
        try:
            view = await self.answerer.answer(request, report, query_words(on.query))
        except UserError as problem:
            if alone is not None and not isinstance(problem, NotAllowed):
                problem.suggestions = (*problem.suggestions, alone)
            raise
        return as_file(view) if changes.export else view

    async def _goes_on(
        self, asker: Asker, asked: Asked, start: Start
    ) -> tuple[Asked, Changes] | None:
        """The last question with what a text changes of it; None where the text is a question of
        its own, or is not understood."""
        text, gone = cleared(as_it_may_be_read(start, asked))
        if text.startswith(AGAINST):
            rest = text.removeprefix(AGAINST)
            if asked.query.period and (before := time_before(rest, asked)):
                rest = before
                text = f"{asked.query.period.words} {AGAINST}{rest}"
            other = await self.plain.words.changes(asker, rest, asked.report)
            if (other.query.people or other.query.names) and not other.unused:
                one = replace(asked.query, versus=None)
                on = Asked(COMPARE, with_added(one, other.query))
                return replace(on, query=_fitted(on, asked, other.query, BY_WORD[COMPARE])), other
        changes = await self.plain.words.changes(asker, text, asked.report)
        goes_on = start.leads or start.may_lead or is_elliptic(text, changes)
        is_of_them = bool(asked.query.people) and asks_for(Wish.ONE_OF_A_GROUP, text)
        is_of_them &= changes.query.people == (PersonRef(PersonKind.MINE),) or any(
            ref.kind is Kind.GROUP for ref in changes.query.names
        )
        if changes.unused or not goes_on or is_in_it(text) or is_of_them:
            return None
        if not (changes.report or gone or changes.export or changes.query != Query()):
            return None
        instead = Query()
        if start.instead:
            instead = (await self.plain.words.changes(asker, start.instead, asked.report)).query
        on = gone_on(asked, changes, gone, instead, adds=start.adds)
        report = BY_WORD.get(on.report)
        if report is None or not report.asked:
            return None
        return replace(on, query=_fitted(on, asked, changes.query, report)), changes

    async def _about(self, asker: Asker, last: LastQuestion, asked: Asked) -> Asked:
        """The last question; where a session was opened in its answer, that about whose it is."""
        if last.opened is None or asked.report != SESSIONS.name:
            return asked
        try:
            command = await self.answerer.row_of(asker, last.answer_id, last.opened)
            _, text = report_of(command)
            question = await self.answerer.question(asker, text, BY_WORD[ATTEMPT])
        except UserError:  # it is gone, or not theirs to see any more
            return asked
        people = question.resolved.people
        if not people or not people[0].email:
            return asked
        return Asked(ATTEMPT, Query(people=(PersonRef(PersonKind.EMAIL, people[0].email),)))

    async def _about_rows(self, request: Request, on: Asked, answer_id: str) -> Asked:
        """The question about those whom an answer names. Raises UserError where they are too
        many."""
        rows = await self.answerer.people_in(request.asker, answer_id, MOST_GONE_ON_WITH)
        people = tuple(PersonRef(PersonKind.EMAIL, each.email) for each in rows)
        things = tuple(ref for ref in on.query.names if ref.kind is not Kind.GROUP)
        return replace(on, query=replace(on.query, people=people, names=things))

    async def _named(self, asker: Asker, text: str, asked: Asked | None) -> str:
        """The text with the name of whom "he" means, where it names nobody itself. Raises NotFound
        where nobody that they may see is meant."""
        if not has_pronoun(text):
            return text
        try:
            lead = asked.report if asked else ""
            said = (await self.plain.words.changes(asker, text, lead)).query
        except UserError:
            return text
        is_named = any(ref.kind is not PersonKind.ME for ref in said.people)
        is_named |= any(ref.kind is Kind.GROUP for ref in said.names)
        if is_named and (asked is None or not is_beside(text)):
            return text
        if asked is None:
            raise NotFound(NOT_SEEN)
        return with_names(text, asked)

    async def _swap(self, asker: Asker, text: str, asked: Asked) -> Start | None:
        """The start of a text such as "not him, priya"; None where what it is not about was not
        asked about before."""
        swap = swap_of(text)
        if swap is None:
            return None
        try:
            old = await self.plain.words.changes(asker, swap.instead, asked.report)
        except UserError:
            return None
        named = {*old.query.people, *old.query.names}
        before = {*asked.query.people, *asked.query.names}
        said = replace(old, words=old.words - PRONOUNS)
        is_swapped = named <= before if named else is_elliptic(swap.instead, said)
        return swap if is_swapped else None

    async def _whole(self, asker: Asker, asked: Asked, way: Suggestion) -> Suggestion:
        """A choice as a whole question, where it goes on with the last one."""
        try:
            found = await self._goes_on(asker, asked, start_of(way.words))
        except UserError:
            return way
        return way if found is None else Suggestion(way.label, found[0].command)

    async def _alone(self, asker: Asker, text: str, on: Asked) -> Suggestion | None:
        """The text as a question by itself; None where it is none, or the same."""
        try:
            meaning = await self.plain.words.understand(asker, text)
        except UserError:
            return None
        is_one = meaning.report in BY_WORD and not meaning.unused
        is_one &= meaning.command not in (on.command, SESSIONS.name)
        return Suggestion(BY_ITSELF, meaning.command) if is_one else None

    async def _step(self, request: Request, last: LastQuestion, step: Step) -> View | str:
        if not last.answer_id and step.way is not Way.AGAIN:
            raise UserError(NO_ROWS)
        match step.way:
            case Way.AGAIN:
                return await self._again(request, last)
            case Way.MORE:
                return await self._more(request, last)
            case Way.BACK:
                return await self._back(request, last)
            case Way.ROW:
                return await self._row(request, last, step.row)
        return await self._beside(request, last, step.way)

    async def _again(self, request: Request, last: LastQuestion) -> View | str:
        """What was shown last, as it is now."""
        if last.opened is not None:
            with suppress(TooOld):  # one before an only one
                return await self.row(request, last.answer_id, last.opened)
        return last.words

    async def _more(self, request: Request, last: LastQuestion) -> Answered:
        shown = await self.answerer.page(request, last.answer_id, last.start)
        following = shown.start + ROWS
        if following >= shown.figures.total:
            raise UserError("There is no more: those were the last rows of this answer.")
        return await self.page(request, last.answer_id, following)

    async def _back(self, request: Request, last: LastQuestion) -> Answered:
        if last.opened is not None:
            return await self.page(request, last.answer_id, last.start)
        if not last.start:
            raise UserError("These are the first rows of this answer.")
        return await self.page(request, last.answer_id, last.start - ROWS)

    async def _row(self, request: Request, last: LastQuestion, row: int) -> Answered:
        """A row by its place on the page that was shown; the last one is the newest in a list from
        the newest on."""
        report, _ = report_of(last.words)
        if row < 0:
            query = self._asked(request.asker, last.words).query
            is_newest = report is SESSIONS and query.sort is Sort.NEWEST
            view = await self.answerer.page(request, last.answer_id, last.start)
            row = 0 if is_newest else view.figures.total - 1 - last.start
        try:
            return await self.row(request, last.answer_id, last.start + row)
        except TooOld:
            if report is SESSIONS and row == 0:
                raise UserError(NO_ROWS) from None
            raise UserError(
                "I can open a row of a list of sessions, or of a team, and there is none such in "
                "the last answer."
            ) from None

    async def _beside(self, request: Request, last: LastQuestion, way: Way) -> Answered:
        """The session before the one that was opened, after it, or below it in the list; in one
        that is not by time, the row above is before it."""
        asked = self._asked(request.asker, last.words)
        if asked.report == ATTEMPT and last.opened is None:
            # One session was asked for: it is the first of those of its question.
            query = _listed(asked.query)
            view = await self.answerer.answer(request, SESSIONS, query_words(query))
            last = LastQuestion(Asked(SESSIONS.name, query).command, answer_id=view.id, opened=0)
            await self._keep(request, last)
            asked = replace(asked, query=query)
        if last.opened is None:
            return await self._row(request, last, 1 if way is Way.EARLIER else 0)
        is_newest = asked.query.sort is Sort.NEWEST
        down = way is Way.BELOW or (way is Way.EARLIER) is is_newest
        row = last.opened + (1 if down else -1)
        if row < 0:
            raise UserError("That was the first one.")
        try:
            return await self.row(request, last.answer_id, row)
        except TooOld:
            raise UserError("That was the last one.") from None


def _one_of(query: Query) -> str:
    """The words for the person, or the group, that alone is named; "" where none is, or several."""
    named = Query(
        people=query.people, names=tuple(ref for ref in query.names if ref.kind is Kind.GROUP)
    )
    is_one = len(named.people) + len(named.names) == 1
    is_known = all(ref.kind is PersonKind.EMAIL for ref in named.people)
    return query_words(named) if is_one and is_known else ""


def _listed(query: Query) -> Query:
    """The question for one attempt as that for all of them."""
    for key in ("session", "sort", "limit"):
        query = without(query, key)
    return query


def _carried(asked: Asked, said: Meaning) -> Query:
    """What is said now about those and that which was asked about before: whom, what, which
    time."""
    query = gone_on(asked, Changes(said.report, said.query), (), Query()).query
    now = {row.key for row in FILTERS if row.write(said.query)}
    for key in {*RESULTS, "sort", "limit", "by", "due", "versus"} - now:
        query = without(query, key)
    return query


def _fitted(on: Asked, asked: Asked, said: Query, report: AnyReport) -> Query:
    """The question without what it had from the last one and its report does not know."""
    if on.report == asked.report:
        return on.query
    now = {row.key for row in FILTERS if row.write(said)}
    query = on.query
    for row in FILTERS:
        is_unknown = report.filters is not None and row.key not in report.filters
        is_unknown |= row.key == "by" and query.by not in report.by
        is_unknown |= row.key == "due" and not report.dues
        is_unknown |= row.key == "versus" and not report.sides
        is_unknown |= row.key == "sort" and report is not SESSIONS
        is_unknown |= row.key == "limit"
        # A time of sessions is none of due dates.
        is_unknown |= row.key == PERIOD.key and ASSIGNMENTS in (report.name, asked.report)
        is_unknown |= row.key in RESULTS and report.name in OF_ALL_SESSIONS
        if is_unknown and row.key not in now:
            query = without(query, row.key)
    return query
