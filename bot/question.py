"""Words ─► a question in ids that its asker may ask: whom it means, and what its report knows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import access
from bot.access import Asker, Visibility
from bot.errors import (
    NotAllowed,
    NotFound,
    Suggestion,
    UserError,
)
from bot.language.days import zone_of
from bot.language.filters import (
    RESULTS,
    phrase_of,
    query_words,
    removable,
    used,
    without,
)
from bot.language.query import (
    By,
    Kind,
    Member,
    Named,
    Period,
    PersonKind,
    PersonRef,
    Query,
    ResolvedQuery,
)
from bot.language.sides import Sides, sides
from bot.language.text import quoted, shortened
from bot.language.times import Clock, relative
from bot.mirror.feedback import Feedbacks
from bot.mirror.lists import GROUPS, Lists
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.people.names import Resolver
from bot.reports._asked import SelfOnly
from bot.reports._report import AnyReport, Whose
from bot.reports.table import SESSIONS
from bot.settings import NamedRanking

WHO = "who"  # the row of the table of filters that names people
SHOW_MY_WEEK = Suggestion("Show my week", "me")
NARROWED = "`{report}` can't be narrowed by *{phrase}*."
# Two answers about one group that differ by a few sessions would tell one person's score.
OWN_GROUP = "You can see only the last complete week of a group you don't coach, without filters."
LAST_WEEK = "last week"
# Until then nobody can be missed in a week.
WEEK_BEGUN = timedelta(days=1, hours=18)
OWN_PLACE = "Your own place can't be narrowed by *{phrase}*: that would tell how the others did."


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The people whom somebody is compared with, and who that is."""

    query: ResolvedQuery
    only: SelfOnly


@dataclass(frozen=True, slots=True)
class Question:
    """A question as far as it gets without asking for sessions.

    `peers` is set where it is about one person's place, who is told nothing else of it: the
    question about those among whom they have it. `sides` are those of a comparison.
    """

    report: AnyReport
    query: Query
    resolved: ResolvedQuery
    visibility: Visibility
    peers: PeerGroup | None = None
    sides: Sides | None = None
    is_week_before: bool = False  # this week has just begun, so it is about last week

    @property
    def counts_sessions(self) -> bool:
        """Whether its figures come from the sessions of its period."""
        is_by_id = self.report.of_attempt and bool(self.resolved.attempt)
        return self.report.of_sessions and not is_by_id

    @property
    def queries(self) -> tuple[ResolvedQuery, ...]:
        """What has to be read to answer it."""
        if self.sides is not None:
            return (self.sides.first.query, self.sides.second.query)
        return (self.resolved if self.peers is None else self.peers.query,)


@dataclass(frozen=True, slots=True)
class QuestionReader:
    """Makes of words a question that their writer may ask."""

    resolver: Resolver
    directory: Directory
    coaching: Coaching
    feedbacks: Feedbacks
    lists: Lists
    named_ranking: NamedRanking
    clock: Callable[[], datetime]

    async def read(
        self,
        asker: Asker,
        said: str | Query,
        report: AnyReport = SESSIONS,
        *,
        now: datetime | None = None,
        sees: Visibility | None = None,
    ) -> Question:
        """The words after a report's name, or what was read of them ─► a question in ids that
        `asker` may ask, as it is meant at `now`. `sees` is what they may see, if that was judged
        just now. Raises UserError, ExecError.
        """
        visibility = sees or await self.coaching.reach(asker)
        clock = Clock(now or self.clock(), asker.zone)
        if isinstance(said, str):
            said = await self.resolver.read(said, asker, visibility, lead=report.name, now=now)
        query = fitting(said, report)
        asked = query.period
        if query.period is None and report.period:
            query = replace(query, period=clock.period(relative(report.period)))
        is_early = report.lets_week_begin and _has_just_begun(query.period, clock.now)
        if is_early:
            query = replace(query, period=clock.period(relative(LAST_WEEK)))
        if report.of_one:
            require_one(query, report)
        if _is_about_mine(query, report, visibility):
            resolved = await self._about_mine(query, report, asker, visibility)
        else:
            resolved = await self.resolver.resolve(query, asker, visibility, lead=report.name)
        if report.of_attempt and query.attempt:
            resolved = await self._about_one(query, resolved, visibility)
        resolved = _leaving(resolved)
        _refuse_left_out(resolved, report)
        if report.of_one and resolved.people == (asker.member,):
            raise _not_of_oneself(report)
        peers = await self._peers(resolved, asker) if report.ranks else None
        if peers is not None:
            _refuse(query, report, lambda key: key in RESULTS, OWN_PLACE)
        elif _is_own_group(query, resolved, report, asker, visibility) and asker.member is not None:
            week = clock.period(relative(LAST_WEEK))
            _require_last_week(replace(query, period=asked), report, week)
            query = replace(query, period=week)
            resolved = replace(resolved, period=week)
            peers = PeerGroup(replace(resolved, people=None), SelfOnly(asker.member.id))
        if peers is not None and asker.member is not None:
            resolved = replace(resolved, people=(asker.member,))
        compared = sides(resolved) if report.sides else None
        is_cut = resolved.people is not None and not query.people
        if compared is not None and compared.kind is Kind.GROUP and is_cut:
            raise access.refuse(f"{compared.first.name}, {compared.second.name}", visibility)
        return Question(report, query, resolved, visibility, peers, compared, is_early)

    async def _peers(self, query: ResolvedQuery, asker: Asker) -> PeerGroup | None:
        """Whom an asker is ranked among who is told no place but their own; None for others.

        Raises UserError where there is nobody.
        """
        off = self.named_ranking == "off"
        own = asker.member is not None and query.people == (asker.member,)
        if not off and not own:
            return None
        lead = "Rankings with names are switched off in this workspace. " if off else ""
        if asker.member is None:
            raise NotFound(f"{lead}You are not in Exec, so there is no place of yours to show.")
        only = SelfOnly(asker.member.id, off)
        if own and query.groups:
            named = tuple(each.name for each in query.names if each.kind is Kind.GROUP)
            return PeerGroup(replace(query, people=None), replace(only, groups=named))
        await self.lists.ensure(GROUPS)
        groups = await self.directory.items(Kind.GROUP)
        ids = await self.directory.groups_of(asker.member.id)
        if not ids:
            await self._refuse_groups_unread(groups, lead)
        theirs = tuple(each for each in groups if each.id in ids)
        others = tuple(each for each in query.names if each.kind is not Kind.GROUP)
        only = replace(only, groups=tuple(each.name for each in theirs))
        return PeerGroup(replace(query, people=None, names=(*others, *theirs)), only)

    async def _refuse_groups_unread(self, groups: Collection[Named], lead: str) -> None:
        """Raise NotFound for somebody in no group that is read: not read is not none."""
        ids = [each.id for each in groups]
        await self.lists.note_use(ids)
        if len(await self.directory.teams(ids)) < len(ids):
            raise NotFound(
                f"{lead}I don't know yet who is in every group. Ask again in a few minutes."
            )
        raise NotFound(f"{lead}You are in no group in Exec, so there is nobody to rank you among.")

    async def _about_one(
        self, query: Query, resolved: ResolvedQuery, visibility: Visibility
    ) -> ResolvedQuery:
        """A question about one session as one about whose it is.

        Raises NotFound, in the same words for somebody else's as for none.
        """
        others = tuple(key for key in removable(query) if key not in ("session", WHO))
        if others:
            raise UserError(
                "An id names one session. Leave out what else would narrow it.",
                (Suggestion("Show that session", f"session session:{quoted(query.attempt)}"),),
            )
        attempt = await self.feedbacks.find(query.attempt)
        owner = None
        if attempt is not None:
            owner = Member(attempt.user.id, attempt.user.email, attempt.user.name)
        asked = None if not query.people else resolved.people
        if (
            owner is None
            or not visibility.covers((owner,))
            or (asked is not None and owner.id not in {person.id for person in asked})
        ):
            raise NotFound(
                "I can't find session *{id}* among those you may see.",
                (Suggestion("My last session", "session last me"),),
                id=shortened(query.attempt),
            )
        return replace(resolved, people=(owner,))

    async def _about_mine(
        self, query: Query, report: AnyReport, asker: Asker, visibility: Visibility
    ) -> ResolvedQuery:
        """A question about the people whom its asker coaches: their groups, where these are all,
        so that it is about whoever is in them then; else the people by name."""
        others = tuple(ref for ref in query.people if ref.kind is not PersonKind.MINE)
        resolved = await self.resolver.resolve(
            replace(query, people=others), asker, visibility, lead=report.name
        )
        seen = await self.coaching.visibility(asker) if visibility.everyone else visibility
        if not seen.coaches or asker.member is None:
            if visibility.everyone:
                return resolved
            if report.coaches_only or PersonRef(PersonKind.MINE) in query.people:
                raise NotAllowed(
                    "You coach nobody yet, so there is nobody to tell you about. "
                    "`{command} me` shows your own practice.",
                    (SHOW_MY_WEEK,),
                )
            return resolved
        if seen.unsure:
            raise access.refuse("your people", seen)
        coach = await self.coaching.coaches.of(asker.member.id)
        if coach.groups and not (coach.people or others):
            groups = await self.directory.items(Kind.GROUP)
            theirs = tuple(each for each in groups if each.id in coach.groups)
            return replace(resolved, people=None, names=(*resolved.names, *theirs))
        members = await self.directory.members()
        mine = seen.coached - {asker.member.id}
        people = tuple(each for each in members if each.id in mine and not each.is_system)
        named = resolved.people or () if others else ()
        if not (people or named):
            raise NotFound("None of the people you coach is in Exec any more.")
        return replace(resolved, people=tuple(dict.fromkeys((*named, *people))))


def _is_own_group(
    query: Query,
    resolved: ResolvedQuery,
    report: AnyReport,
    asker: Asker,
    visibility: Visibility,
) -> bool:
    """Whether it is about a group that its asker is in and doesn't coach, and its report counts
    such a group for them."""
    if not report.counts_of_own_group or asker.member is None or query.people:
        return False
    is_own = bool(resolved.groups) and resolved.groups <= visibility.own_groups
    return is_own and not visibility.covers(None, resolved.groups)


def _has_just_begun(period: Period | None, now: datetime) -> bool:
    """Whether a period is this week and it isn't Tuesday evening yet in the asker's zone."""
    if period is None or period.words != "this week" or period.start is None:
        return False
    local = now.astimezone(zone_of(period.zone)).replace(tzinfo=None)
    return local < period.start.replace(tzinfo=None) + WEEK_BEGUN


def _require_last_week(query: Query, report: AnyReport, week: Period | None) -> None:
    """Raises UserError unless a question is about one whole group in its last complete week."""
    groups = [ref for ref in query.names if ref.kind is Kind.GROUP]
    others = set(removable(query)) - {Kind.GROUP.value, "period"}
    period = query.period or week
    is_week = period and week and (period.start, period.end) == (week.start, week.end)
    if is_week and not others and not query.include_system and len(groups) == 1:
        return
    plain = ((ref, query_words(Query(names=(ref,), period=week))) for ref in groups)
    raise UserError(
        OWN_GROUP,
        tuple(
            Suggestion(
                "Show last week" if len(groups) == 1 else f"Show {ref.value}, last week",
                f"{report.name} {words}",
            )
            for ref, words in plain
        ),
    )


def require_one(query: Query, report: AnyReport) -> None:
    """Raises UserError unless a question names exactly one person, and not its asker."""
    if any(ref.kind is PersonKind.ME for ref in query.people):
        raise _not_of_oneself(report)
    if len(query.people) != 1 or query.people[0].kind in (PersonKind.MINE, PersonKind.USERGROUP):
        raise UserError(
            "`{report}` is about one person. Write it like this: `{example}`",
            report=report.name,
            example=report.example,
        )


def _not_of_oneself(report: AnyReport) -> UserError:
    return UserError(
        "`{report}` is for a conversation with somebody you coach. Your own week is in `me`.",
        (SHOW_MY_WEEK,),
        report=report.name,
    )


def _is_about_mine(query: Query, report: AnyReport, visibility: Visibility) -> bool:
    """Whether a question is about the people whom its asker coaches."""
    if any(ref.kind is PersonKind.MINE for ref in query.people):
        return True
    nobody = not query.people and all(ref.kind is not Kind.GROUP for ref in query.names)
    if not nobody or visibility.everyone:
        return False
    if report.whose is Whose.SEEN:
        return visibility.coaches and not query.attempt
    return report.whose is Whose.COACHED


def fitting(query: Query, report: AnyReport) -> Query:
    """The question as the report can answer it. Raises UserError for a filter or an order that it
    hasn't."""
    takes = report.takes - RESULTS if query.by is By.LIFT else report.takes
    _refuse(query, report, lambda key: key not in takes, NARROWED)
    if query.by is not None and query.by not in report.by:
        _refuse(query, report, lambda key: key == "by", NARROWED)
    return query


def _leaving(query: ResolvedQuery) -> ResolvedQuery:
    """The question about those of its people who are not left out. Raises UserError where nobody
    or nothing is left."""
    people = query.people
    if people is not None:
        people = tuple(each for each in people if each.id not in query.absent)
    scenarios = {each.id for each in query.names if each.kind is Kind.SCENARIO}
    if people == () or (scenarios and scenarios <= query.other_scenarios):
        raise UserError("That leaves nobody and nothing to tell of. Leave out less.")
    return replace(query, people=people)


def _refuse_left_out(query: ResolvedQuery, report: AnyReport) -> None:
    """Raises UserError where Exec computes the figures, and can leave nobody out."""
    is_whole = query.people is None and not query.groups
    if report.by_exec and query.left_out and (is_whole or query.other_scenarios):
        raise UserError(
            "`{report}` can leave out people of a group or of those you name only, as in "
            "`{report} group:west -@jane`.",
            report=report.name,
        )


def _refuse(query: Query, report: AnyReport, refuses: Callable[[str], bool], why: str) -> None:
    """Raises UserError for a filter that the report `refuses` by its key, with the question without
    it, and as a list of sessions if these take it."""
    for key in used(query):
        if not refuses(key):
            continue
        text = f"{report.name} {query_words(without(query, key))}".strip()
        ways = [Suggestion("Leave it out", text)]
        if key in RESULTS and report is not SESSIONS and why is NARROWED:
            listed = f"{SESSIONS.name} {query_words(query)}"
            ways.insert(0, Suggestion("List these sessions", listed))
        phrase = phrase_of(key, query)
        raise UserError(why, tuple(ways), report=report.name, phrase=phrase)
