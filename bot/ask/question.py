"""Turns words into a question in ids: the people it is about, cut to what its asker can see, and
checked against what its report can answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import NotAllowed, NotFound, Suggestion, UserError
from bot.exec.feedback import Feedbacks
from bot.exec.lists import Lists
from bot.language.filters import RESULTS, phrase_of, query_words, removable, used, without
from bot.language.query import (
    By,
    Kind,
    Member,
    Period,
    PersonKind,
    Query,
    ResolvedName,
    ResolvedQuery,
)
from bot.language.sides import Sides, sides
from bot.language.text import quoted, shortened
from bot.language.times import Clock, relative
from bot.people import access
from bot.people.access import Asker, Visibility, is_own
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.people.names import Resolver
from bot.reports._prepared import OwnSubject
from bot.reports._report import AnyReport
from bot.reports.table import SESSIONS
from bot.settings import NamedRanking

NO_GROUP = "You aren't in a group in Exec, so you have no leaderboard yet."
GROUPS_UNREAD = "I'm still loading the members of the groups. Ask again in a few minutes."
WHO = "who"  # the key of the filter that names people
SHOW_MY_WEEK = Suggestion("Show my week", "me")
NARROWED = "`{report}` can't be narrowed by *{phrase}*."
# Comparing two answers that differ by a few sessions would reveal one person's score.
OWN_GROUP = "You can see only the last complete week of a group you don't coach, without filters."
LAST_WEEK = "last week"
# Until Tuesday evening, a week is too young to say who hasn't practiced.
WEEK_BEGUN = timedelta(days=1, hours=18)
OWN_PLACE = "Your place can't be narrowed by *{phrase}*: that would reveal how others did."


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its names resolved and its rights checked, before any session is read.

    `resolved` is about the people asked for, and `queries` are run: both sides of a comparison, or
    one. `only` is set if the asker gets only their own place or counts of their own group; then the
    query is about everyone they are compared with.
    """

    report: AnyReport
    query: Query
    resolved: ResolvedQuery
    visibility: Visibility
    queries: tuple[ResolvedQuery, ...]
    only: OwnSubject | None = None
    sides: Sides | None = None
    is_week_before: bool = False  # this week has just begun, so the question is about last week

    @property
    def counts_sessions(self) -> bool:
        """Whether the figures come from the sessions of the period."""
        is_by_id = self.report.of_attempt and bool(self.resolved.attempt)
        return self.report.of_sessions and not is_by_id


@dataclass(frozen=True, slots=True)
class QuestionReader:
    """Reads questions. All methods raise UserError and ExecError."""

    resolver: Resolver
    directory: Directory
    coaching: Coaching
    feedbacks: Feedbacks
    lists: Lists
    named_ranking: NamedRanking
    clock: Callable[[], datetime]

    async def understand(
        self,
        asker: Asker,
        words: str | Query,
        report: AnyReport,
        *,
        now: datetime | None = None,
        sees: Visibility | None = None,
    ) -> Question:
        """The question of the words after a report's name, or of their `Query`, as meant at `now`.

        `sees` is what the asker can see, if that was checked just now.
        """
        visibility = sees or await self.coaching.visibility(asker)
        clock = Clock(now or self.clock(), asker.zone)
        if isinstance(words, str):
            words = await self.resolver.query_of(
                words, asker, visibility, lead=report.name, now=now
            )
        typed = require_supported(words, report)
        query, is_early = _with_period(typed, report, clock)
        resolved = await self._resolve(query, report, asker, visibility)
        question = Question(
            report, query, resolved, visibility, (resolved,), is_week_before=is_early
        )
        if report.sides:
            return _with_sides(question)
        if report.ranks and (self.named_ranking == "off" or is_own(resolved, asker)):
            return await self._among_peers(question, asker)
        if _is_own_group(question) and asker.member is not None:
            return _of_own_group(question, typed, asker.member, clock.period(relative(LAST_WEEK)))
        return question

    async def _resolve(
        self, query: Query, report: AnyReport, asker: Asker, visibility: Visibility
    ) -> ResolvedQuery:
        """The question in ids, without the people it leaves out."""
        if _is_about_own_people(query, report, visibility):
            resolved = await self._resolve_own_people(query, report, asker, visibility)
        else:
            resolved = await self.resolver.resolve(query, asker, visibility, lead=report.name)
        if report.of_attempt and query.attempt:
            resolved = await self._resolve_session(query, resolved, visibility)
        resolved = _without_absent(resolved)
        if report.of_one and report.coaches_only:
            _require_one(query, resolved, report, asker)
        return resolved

    async def _among_peers(self, question: Question, asker: Asker) -> Question:
        """The question about the people that the asker is ranked among. Raises NotFound if they are
        in no group."""
        _refuse(question.query, question.report, lambda key: key in RESULTS, OWN_PLACE)
        query, off = question.resolved, self.named_ranking == "off"
        lead = "Rankings with names are turned off in this workspace. " if off else ""
        if asker.member is None:
            raise NotFound(f"{lead}You aren't in Exec, so you have no place to show.")
        names = query.names
        if not (query.groups and is_own(query, asker)):
            others = (thing for thing in names if thing.kind is not Kind.GROUP)
            names = (*others, *await self._groups_of(asker.member, lead))
        ranked = tuple(thing.name for thing in names if thing.kind is Kind.GROUP)
        return replace(
            question,
            resolved=replace(query, people=(asker.member,)),
            queries=(replace(query, people=None, names=names),),
            only=OwnSubject(asker.member.id, off, ranked),
        )

    async def _groups_of(self, member: Member, lead: str) -> list[ResolvedName]:
        """The groups of a person. Raises NotFound for none, with this `lead`."""
        groups = self.directory.things(Kind.GROUP)
        if ids := await self.directory.groups_of(member.id):
            return [group for group in groups if group.id in ids]
        all_ids = [group.id for group in groups]
        await self.lists.note_use(all_ids)
        is_known = self.directory.is_read(Kind.GROUP)
        is_known = is_known and len(await self.directory.teams(all_ids)) == len(all_ids)
        raise NotFound(lead + (NO_GROUP if is_known else GROUPS_UNREAD))

    async def _resolve_session(
        self, query: Query, resolved: ResolvedQuery, visibility: Visibility
    ) -> ResolvedQuery:
        """A question about a session's id, with the person who practiced it.

        Raises NotFound, with the same words whether it is hidden from the asker or doesn't exist.
        """
        others = tuple(key for key in removable(query) if key not in ("session", WHO))
        if others:
            raise UserError(
                "The id already names one session. Leave out the other filters.",
                (Suggestion("Show that session", f"session session:{quoted(query.attempt)}"),),
            )
        attempt = await self.feedbacks.find(query.attempt)
        owner = None
        if attempt is not None:
            owner = Member(attempt.user.id, attempt.user.email, attempt.user.name)
        named = resolved.people if query.people else None
        if (
            owner is None
            or not visibility.covers((owner,))
            or (named is not None and owner.id not in {person.id for person in named})
        ):
            raise NotFound(
                "I can't find session *{id}* among the sessions you can see.",
                (Suggestion("My last session", "session last me"),),
                id=shortened(query.attempt),
            )
        return replace(resolved, people=(owner,))

    async def _resolve_own_people(
        self, query: Query, report: AnyReport, asker: Asker, visibility: Visibility
    ) -> ResolvedQuery:
        """A question about the people that the asker coaches.

        Coaches of groups only get the groups, so that a stored question follows their members.
        """
        others = tuple(ref for ref in query.people if ref.kind is not PersonKind.MINE)
        resolved = await self.resolver.resolve(
            replace(query, people=others), asker, visibility, lead=report.name
        )
        if visibility.coaches:
            named = resolved.people or () if others else ()
            return self._with_coached(resolved, named, asker, visibility)
        says_mine = len(others) < len(query.people)
        if visibility.everyone or not (says_mine or report.coaches_only):
            return resolved
        raise NotAllowed(
            "You don't coach anyone yet. `{command} me` shows your own practice.",
            (SHOW_MY_WEEK,),
        )

    def _with_coached(
        self,
        resolved: ResolvedQuery,
        named: tuple[Member, ...],
        asker: Asker,
        visibility: Visibility,
    ) -> ResolvedQuery:
        """A question about the people that a coach coaches, and those named beside them."""
        if visibility.unsure:
            raise access.refuse("your people", visibility)
        if visibility.groups and not (visibility.people or named):
            groups = self.directory.things(Kind.GROUP)
            theirs = tuple(group for group in groups if group.id in visibility.groups)
            return replace(resolved, people=None, names=(*resolved.names, *theirs))
        coached = [
            member
            for member in self.directory.listed
            if member.id in visibility.coached and member != asker.member and not member.is_system
        ]
        if not (coached or named):
            raise NotFound("None of the people you coach are in Exec anymore.")
        return replace(resolved, people=tuple(dict.fromkeys((*named, *coached))))


def _with_period(query: Query, report: AnyReport, clock: Clock) -> tuple[Query, bool]:
    """The question with its report's usual period if it has none, and whether it is about last week
    because this week has just begun."""
    if query.period is None and report.period:
        query = replace(query, period=clock.period(relative(report.period)))
    week = query.period
    if (
        report.lets_week_begin
        and week is not None
        and week.words == "this week"
        and week.start is not None
        and clock.now < week.start + WEEK_BEGUN
    ):
        return replace(query, period=clock.period(relative(LAST_WEEK))), True
    return query, False


def _with_sides(question: Question) -> Question:
    """A comparison. Raises NotAllowed for groups of which the asker can see only themselves."""
    resolved, both = question.resolved, sides(question.resolved)
    if both.kind is Kind.GROUP and resolved.people is not None and not question.query.people:
        raise access.refuse(f"{both.first.name}, {both.second.name}", question.visibility)
    return replace(question, queries=(both.first.query, both.second.query), sides=both)


def _is_own_group(question: Question) -> bool:
    """Whether a question is about a group that its asker is in but doesn't coach, and its report
    shows members such counts."""
    groups, seen = question.resolved.groups, question.visibility
    if not question.report.counts_of_own_group or question.query.people or not groups:
        return False
    return groups <= seen.own_groups and not seen.covers(None, groups)


def _of_own_group(question: Question, typed: Query, asker: Member, week: Period | None) -> Question:
    """The counts of the asker's own group. Raises UserError unless they typed a question about one
    whole group in the last complete week."""
    groups = [ref for ref in typed.names if ref.kind is Kind.GROUP]
    others = {*removable(typed)} - {Kind.GROUP.value, "period"}
    period = typed.period or week
    is_week = period and week and (period.start, period.end) == (week.start, week.end)
    if not is_week or others or typed.include_system or len(groups) != 1:
        ways = (
            Suggestion(
                f"{ref.label or ref.value}, last week",
                f"{question.report.name} {query_words(Query(names=(ref,), period=week))}",
            )
            for ref in groups
        )
        raise UserError(OWN_GROUP, tuple(ways))
    resolved = replace(question.resolved, period=week)
    return replace(
        question,
        query=replace(question.query, period=week),
        resolved=replace(resolved, people=(asker,)),
        queries=(replace(resolved, people=None),),
        only=OwnSubject(asker.id),
    )


def _require_one(query: Query, resolved: ResolvedQuery, report: AnyReport, asker: Asker) -> None:
    """Raises UserError unless a question is about exactly one person, and not its asker."""
    if not query.people or resolved.people is None or len(resolved.people) != 1:
        raise UserError(
            "`{report}` is about one person. Write it like this: `{example}`",
            report=report.name,
            example=report.example,
        )
    if is_own(resolved, asker):
        raise UserError(
            "`{report}` prepares a conversation with somebody you coach. `me` shows your own week.",
            (SHOW_MY_WEEK,),
            report=report.name,
        )


def _is_about_own_people(query: Query, report: AnyReport, visibility: Visibility) -> bool:
    """Whether a question is about the people that its asker coaches."""
    if any(ref.kind is PersonKind.MINE for ref in query.people):
        return True
    has_groups = any(ref.kind is Kind.GROUP for ref in query.names)
    if query.people or has_groups or query.attempt or visibility.everyone:
        return False
    return visibility.coaches or report.coaches_only


def require_supported(query: Query, report: AnyReport) -> Query:
    """The question itself. Raises UserError for a filter or an order that the report lacks."""
    takes = report.takes - RESULTS if query.by is By.LIFT else report.takes
    _refuse(query, report, lambda key: key not in takes, NARROWED)
    if query.by is not None and query.by not in report.by:
        _refuse(query, report, lambda key: key == "by", NARROWED)
    return query


def _without_absent(query: ResolvedQuery) -> ResolvedQuery:
    """The question without the people it leaves out. Raises UserError if nothing is left."""
    people = query.people
    if people is not None:
        people = tuple(person for person in people if person.id not in query.absent)
    scenarios = {thing.id for thing in query.names if thing.kind is Kind.SCENARIO}
    if people == () or (scenarios and scenarios <= query.excluded_scenarios):
        raise UserError("That leaves nothing to show. Remove one of the exclusions.")
    return replace(query, people=people)


def _refuse(query: Query, report: AnyReport, refuses: Callable[[str], bool], why: str) -> None:
    """Raises UserError for the first filter whose key the report `refuses`. The suggestions are the
    question without it and, if sessions can be filtered by it, the list of sessions."""
    for key in used(query):
        if not refuses(key):
            continue
        text = f"{report.name} {query_words(without(query, key))}".strip()
        ways = [Suggestion("Leave it out", text)]
        if key in RESULTS and report is not SESSIONS and why is NARROWED:
            command = f"{SESSIONS.name} {query_words(query)}"
            ways.insert(0, Suggestion("List these sessions", command))
        phrase = phrase_of(key, query)
        raise UserError(why, tuple(ways), report=report.name, phrase=phrase)
