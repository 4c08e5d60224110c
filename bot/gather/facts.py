"""What a report is made from: sessions, the people in question, and what they have to practise.

One way for every report and every door: a question, a message by the clock, a coach's button.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.errors import ExecError
from bot.exec_api.models import Assignment, Session
from bot.exec_api.single_flight import OnWait
from bot.gather.assignments import AT_ONCE, Assignments, Listed
from bot.gather.details import Details
from bot.gather.older import Older
from bot.gather.skills import Skills
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery, Sort
from bot.mirror.answers import Reading
from bot.mirror.asked import STILL_TOLD
from bot.mirror.filling import FEW_REQUESTS, OnPage
from bot.mirror.sessions import (
    ALL_ROWS,
    KEEP_ROWS,
    ReadOptions,
    Sessions,
    unheard,
    unseen,
)
from bot.people.catalogue import Catalogue
from bot.people.groups import MAX_AGE, PAGES_UNASKED, Roster, Rosters
from bot.people.refresh_lock import RETRY
from bot.reports.figures import NOTHING, figures
from bot.reports.gains import unproven
from bot.reports.intervals import (
    EVER,
    WEEKS,
    Window,
    first_whole_day,
    moved,
    start_of_day,
    weeks_up_to,
    window_of_period,
)
from bot.reports.report import Facts, Group, Needs
from bot.reports.rows import graded
from bot.storage.coaches import Coaches

# Of many people no more than this is looked through: a year of a large company's sessions takes
# more memory than one answer is worth.
MANY, BACK_DAYS_OF_MANY = 50, 90
# What is normal for a person needs more than the period, and weeks in a row do.
BACK_DAYS = 56
# Messages of the same minute share a reading of everybody's sessions.
SHARED_FOR = timedelta(minutes=1)
# What is older than the sessions by less is as good as what is of the same moment.
SAME_AGE = timedelta(hours=1)
# Who still waits for an answer pays for so many people's assignments.
MOST_WITH_TASKS = FEW_REQUESTS * AT_ONCE
# What holds scenarios, of which Exec's filters on sessions tell.
BUNDLES = frozenset((Kind.SKILL, Kind.COLLECTION, Kind.PROGRAM))
TasksAge = Literal["none", "held", "usual", "fresh"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts, and how they were read: the reading has the rows of a listing only."""

    facts: Facts
    reading: Reading


@dataclass(frozen=True, slots=True)
class _InQuestion:
    """Whom a question is about, and the question by their ids: those who were once in a group
    have a part in what was before."""

    people: tuple[Member, ...]
    query: ResolvedQuery
    groups: tuple[Group, ...] = ()
    groups_unknown: int = 0
    rosters: tuple[Roster, ...] = ()
    now_in: frozenset[str] = frozenset()
    as_of: datetime | None = None

    def at(self, moment: datetime) -> Collection[str]:
        """The Exec ids of those in question at a moment."""
        if not self.rosters:
            return frozenset(person.id for person in self.people)
        ids = frozenset().union(*(each.at(moment) for each in self.rosters))
        return ids.difference(self.query.absent)

    def leaving(self, absent: Collection[str]) -> _InQuestion:
        """The same without these people."""
        if not absent:
            return self
        gone = frozenset(absent)
        return replace(
            self,
            people=tuple(person for person in self.people if person.id not in gone),
            groups=tuple(each.leaving(gone) for each in self.groups),
            now_in=self.now_in - gone,
        )


@dataclass(frozen=True, slots=True)
class Gather:
    """Raises ExecError when Exec is needed and away, and StorageError."""

    sessions: Sessions
    catalogue: Catalogue
    rosters: Rosters
    coaches: Coaches
    assignments: Assignments
    details: Details
    skills: Skills
    older: Older
    clock: Callable[[], datetime]
    # When everybody's sessions since then were last read for a message.
    _read_at: dict[datetime, datetime] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def facts(
        self,
        query: ResolvedQuery,
        needs: Needs,
        options: ReadOptions,
        *,
        zone: str,
        on_page: OnPage = unseen,
        on_wait: OnWait = unheard,
        now: datetime | None = None,
        tasks: TasksAge = "usual",
        keep: int = KEEP_ROWS,
    ) -> Gathered:
        """What a report on a question is made from, as far as that costs few requests; of a
        listing the first `keep` rows.

        `now` is what its period is measured against, by default when its sessions were read.
        `tasks`: how new the list of what people have to practise must be.
        """
        if needs.detail:
            reading, detail = await self.details.of(
                query, options, zone=zone, on_page=on_page, on_wait=on_wait
            )
            facts = replace(facts_of(query, reading, zone), detail=detail)
            return Gathered(await self._linked(facts, needs), replace(reading, rows=()))
        if needs.skills:
            nothing = Reading((), 0, NOTHING, self.clock())
            skills, reading = await self.skills.of(query, options, nothing)
            facts = replace(facts_of(query, reading, zone), skills=skills)
            return Gathered(facts, reading)
        if needs.listed:
            reading = await self.sessions.read(
                query, options, keep=keep, on_page=on_page, on_wait=on_wait
            )
            return Gathered(facts_of(query, reading, zone), reading)
        asked = _InQuestion((), query)
        if needs.people:
            now_window = window_of_period(query.period, zone, self.clock())
            asked = await self._in_question(query, needs, now_window, options)
            asked = asked.leaving(query.absent)
        wide = await self._wide(asked, needs, options, zone)
        if needs.sessions:
            reading = await self.sessions.read(
                wide, options, keep=ALL_ROWS, on_page=on_page, on_wait=on_wait
            )
        else:
            reading = Reading((), 0, NOTHING, self.clock())
        window = window_of_period(query.period, zone, now or reading.as_of)
        facts, reading = _split(query, wide, window, reading)
        if needs.history and reading.cost is None and not asked.groups:
            by_scenarios = _by_scenarios(asked.query, facts)
            if options.fresh or by_scenarios is not asked.query:
                facts = await self._with_history(facts, by_scenarios, options.purpose)
        if not needs.people:
            return Gathered(await self._linked(facts, needs), replace(reading, rows=()))
        listed = None
        if needs.tasks and tasks != "none" and reading.away is None:
            listed = await self._tasks(asked, options, fresh=tasks == "fresh")
        if needs.feedback:
            facts = await self._with_feedback(facts, needs.feedback, options)
        facts = replace(
            facts,
            people=asked.people,
            members_at=asked.at,
            groups=asked.groups,
            groups_unknown=asked.groups_unknown,
            tasks=_tasks_about(asked.query, listed),
        )
        if needs.history:
            ask_exec = reading.away is None and not options.if_held
            facts = await self._of_newcomer(facts, asked, options.purpose, ask_exec=ask_exec)
        facts = replace(facts, coaches=await self._coaches(asked))
        if needs.opt_outs:
            facts = replace(facts, opted_out=await self._unnamed(asked.people))
        if needs.bests:
            ask_exec = reading.away is None and not options.if_held
            facts = await self._with_older(facts, options.purpose, ask_exec=ask_exec)
        reading = replace(
            reading,
            rows=(),
            roster_as_of=if_older(asked.as_of, reading.as_of),
            tasks_as_of=None if listed is None else if_older(listed.as_of, reading.as_of),
        )
        return Gathered(await self._linked(facts, needs), reading)

    async def held(
        self,
        query: ResolvedQuery,
        needs: Needs,
        *,
        zone: str,
        purpose: str,
        tasks: TasksAge = "usual",
    ) -> Gathered:
        """What is held of a question, up to the newest look: no session is asked for. Who is in
        its groups, and what they have to practise, is read about once a day; with `tasks` "fresh"
        as `facts` has it, with "held" not at all. About people by name it then costs no request.
        """
        window = window_of_period(query.period, zone, self.clock())
        options = ReadOptions(purpose=purpose)
        asked = await self._in_question(query, needs, window, options)
        asked = asked.leaving(query.absent)
        reading = Reading((), 0, NOTHING, self.clock())
        wide = await self._wide(asked, needs, options, zone)
        if needs.sessions:
            reading = await self.sessions.held(wide)
            start = window_of_period(wide.period, zone, self.clock()).interval.start
            known = max(reading.held_since or EVER, start)
            wide = replace(wide, period=Period("", zone, known))
        window = window_of_period(query.period, zone, reading.as_of)
        facts, reading = _split(query, wide, window, reading)
        listed = None
        ids = asked.now_in if asked.rosters else {each.id for each in asked.people}
        if needs.tasks and ids:
            listed = await self._tasks_held(ids, purpose, tasks)
        facts = replace(
            facts,
            people=asked.people,
            tasks=_tasks_about(query, listed),
            coaches=await self._coaches(asked),
        )
        if needs.history:
            facts = await self._of_newcomer(facts, asked, purpose, ask_exec=False)
        if needs.bests:
            facts = await self._with_older(facts, purpose, ask_exec=False)
        as_of = None if listed is None else if_older(listed.as_of, reading.as_of)
        reading = replace(reading, rows=(), tasks_as_of=as_of)
        return Gathered(await self._linked(facts, needs), reading)

    async def _tasks_held(
        self, ids: Collection[str], purpose: str, tasks: TasksAge
    ) -> Listed | None:
        if tasks == "held":
            return self.assignments.held(ids)
        return await self.assignments.of(
            ids, purpose=purpose, fresh=tasks == "fresh", keep_one=True
        )

    async def _with_feedback(self, facts: Facts, most: int, options: ReadOptions) -> Facts:
        """The same with what Exec says of the last graded sessions: a request each, then held."""
        last = [row for _, row in graded(facts.all_rows)][:most]
        told = await self.details.attempts.of_several(last, purpose=options.purpose)
        return replace(facts, feedback=told, unread=len(last) - len(told))

    async def _with_older(self, facts: Facts, purpose: str, *, ask_exec: bool) -> Facts:
        """The same with all attempts before those that are known of who has a new personal best by
        what is known, as far as one request tells."""
        pairs = unproven(facts)
        if not pairs or facts.since is None:
            return facts
        people, scenarios = ({pair[at] for pair in pairs} for at in (0, 1))
        found = await self.older.before(
            facts.since, people=people, scenarios=scenarios, purpose=purpose, ask_exec=ask_exec
        )
        if found is None:
            return facts
        proven = frozenset(pair for pair, best in pairs.items() if found.has_all_above(best))
        return replace(facts, older=found.rows, proven=proven)

    async def _of_newcomer(
        self, facts: Facts, asked: _InQuestion, purpose: str, *, ask_exec: bool
    ) -> Facts:
        """The same with all earlier sessions of the one person in question, of whom none is known:
        whether they ever practised one request tells."""
        if len(asked.people) != 1 or facts.all_rows or facts.since is None:
            return facts
        people = {each.id for each in asked.people}
        found = await self.older.before(
            facts.since, people=people, purpose=purpose, ask_exec=ask_exec
        )
        if found is None or not found.is_all:
            return facts
        earlier = sorted(found.rows, key=lambda row: row.created_at, reverse=True)
        return replace(facts, earlier=tuple(earlier), since=None)

    async def _coaches(self, asked: _InQuestion) -> frozenset[str]:
        """Who of those in question coaches others of them, as far as that is held."""
        ids = {person.id for person in asked.people}
        coaches = [coach for coach in await self.coaches.all() if coach.id in ids]
        groups = frozenset().union(*(coach.groups for coach in coaches))
        rosters = await self.rosters.of(sorted(groups), ask_exec=False, max_age=STILL_TOLD)
        return frozenset(
            coach.id
            for coach in coaches
            if coach.groups & (asked.query.groups or frozenset())
            or (coach.people.union(*(rosters[id_].people for id_ in coach.groups & rosters.keys())))
            & ids - {coach.id}
        )

    async def _unnamed(self, people: Collection[Member]) -> frozenset[str]:
        return await self.coaches.unnamed({person.id for person in people})

    async def _linked(self, facts: Facts, needs: Needs) -> Facts:
        """The same with where its scenarios are practised, if that is told."""
        if not needs.links:
            return facts
        ids = {row.scenario.id for row in facts.all_rows}
        ids |= {task.scenario.id for task in facts.tasks or ()}
        return replace(facts, links=await self.catalogue.addresses(ids))

    async def hold(self, window: Window, purpose: str) -> None:
        """Let the mirror hold everybody's sessions of the weeks that messages of this window show:
        then no group, and no coach's people, are asked about on their own."""
        zone = window.zone
        first = weeks_up_to(window.interval.end, WEEKS, zone)[0][1].start
        start = min(first, _weeks_before(window), window.before.start)
        period = Period("", zone, start, window.interval.end)
        async with self._turn:
            read_at = self._read_at.get(start)
            if read_at is not None and self.clock() - read_at < SHARED_FOR:
                return
            await self.sessions.hold(ResolvedQuery(None, period=period), purpose=purpose)
            self._read_at.clear()
            self._read_at[start] = self.clock()

    async def _wide(
        self, asked: _InQuestion, needs: Needs, options: ReadOptions, zone: str
    ) -> ResolvedQuery:
        """The question with all its rows, those of the weeks before where these are needed whatever
        they cost, and as far back as they are held where earlier ones help."""
        query = replace(asked.query, sort=Sort.NEWEST, limit=None, page=1)
        if query.period is None or query.period.start is None:
            return query
        window = window_of_period(query.period, zone, self.clock())
        start = window.interval.start
        if needs.weeks_before:
            # Whole days: what is known in part of a day is not known since then.
            start = start_of_day(window.before.start, zone)
            if query.people is not None:
                start = min(start, _weeks_before(window))
        # What is looked at anew is no more than what was asked for.
        is_bundled = any(each.kind in BUNDLES for each in query.names)
        if needs.history and not (asked.groups or options.fresh or is_bundled):
            start = await self._held_back(query, start, window)
        return replace(query, period=replace(query.period, start=start))

    async def _with_history(self, facts: Facts, query: ResolvedQuery, purpose: str) -> Facts:
        """The same with what is held of the time before."""
        zone, known = facts.window.zone, facts.since or EVER
        query = replace(query, sort=Sort.NEWEST, limit=None, page=1)
        first = await self._held_back(query, known, facts.window)
        if first >= known:
            return facts
        period = Period("", zone, first, known)
        earlier = await self.sessions.whole(replace(query, period=period), purpose=purpose)
        since = first_whole_day(first, zone)
        return replace(facts, earlier=(*facts.earlier, *earlier.rows), since=since)

    async def _held_back(self, query: ResolvedQuery, known: datetime, window: Window) -> datetime:
        """From when on the rows of a question are held up to `known`, so that they cost nothing."""
        back = await self.sessions.held_since(query, known)
        if query.people is None or len(query.people) > MANY:
            back = max(back, moved(window.interval.end, -BACK_DAYS_OF_MANY, window.zone))
        since = first_whole_day(back, window.zone)
        return min(known, back if since is None else since)

    async def _in_question(
        self, query: ResolvedQuery, needs: Needs, window: Window, options: ReadOptions
    ) -> _InQuestion:
        if query.people is not None:
            return _InQuestion(query.people, query)
        if not query.groups:
            # Exec's own staff are in no figure.
            members = (each for each in await self.catalogue.members() if not each.is_system)
            asked = _InQuestion(tuple(members), query)
            return await self._with_groups(asked, options) if needs.groups else asked
        groups = sorted(query.groups)
        rosters = await self._rosters(groups, window, options)
        ids = frozenset().union(*(each.at(window.interval.end) for each in rosters.values()))
        ever = frozenset().union(*(each.ever for each in rosters.values()))
        names = tuple(each for each in query.names if each.kind is not Kind.GROUP)
        by_ids = query
        # Of more people Exec can be asked as of a group only; for a message all is held before.
        if ever and (options.needs_exec or len(ever) <= AT_ONCE):
            once = tuple(Member(id_, "", "") for id_ in sorted(ever))
            by_ids = replace(query, people=once, names=names)
        return _InQuestion(
            people=await self.called(ids),
            query=by_ids,
            rosters=tuple(rosters.values()),
            now_in=frozenset().union(*(each.people for each in rosters.values())),
            as_of=min((each.as_of for each in rosters.values()), default=None),
        )

    async def _with_groups(self, asked: _InQuestion, options: ReadOptions) -> _InQuestion:
        """With all groups of which it is known, or can be learned at once, who is in them; the
        background learns it of the others."""
        groups = await self.catalogue.items(Kind.GROUP)
        ids = [group.id for group in groups]
        pages = None if options.needs_exec else PAGES_UNASKED
        try:
            known = await self.rosters.of(ids, purpose=options.purpose, pages=pages)
        except ExecError:
            if options.needs_exec:
                raise
            known = {}
        if len(known) < len(ids):
            known = await self.rosters.of(ids, ask_exec=False, max_age=STILL_TOLD) | known
        found = [
            Group(group.id, group.name, known[group.id].at) for group in groups if group.id in known
        ]
        as_of = min((each.as_of for each in known.values()), default=None)
        unknown = len(ids) - len(found)
        return replace(asked, groups=tuple(found), groups_unknown=unknown, as_of=as_of)

    async def _rosters(
        self, groups: Collection[str], window: Window, options: ReadOptions
    ) -> dict[str, Roster]:
        """Who is in these groups; for a message as Exec said after the period ended. Where Exec is
        not to be asked, those of which that is not held are left out."""
        if options.if_held:
            return await self.rosters.of(groups, ask_exec=False)
        if options.needs_exec:
            max_age = min(MAX_AGE, max(RETRY, self.clock() - window.interval.end))
            return await self.rosters.of(groups, purpose=options.purpose, max_age=max_age)
        try:
            return await self.rosters.of(groups, purpose=options.purpose, fresh=options.fresh)
        except ExecError:
            held = await self.rosters.of(groups, ask_exec=False, max_age=STILL_TOLD)
            if len(held) < len(groups):
                raise
            return held

    async def called(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, as they are called; also who has left since."""
        found = await self.catalogue.people(ids)
        if len(found) < len(ids) and await self.catalogue.refresh_after_miss("member"):
            found = await self.catalogue.people(ids)
        # Who joined after a long list was read still counts in the roster.
        unlisted = ids - {each.id for each in found}
        return (*found, *(Member(id_, "", "Someone new") for id_ in sorted(unlisted)))

    async def _tasks(
        self, asked: _InQuestion, options: ReadOptions, *, fresh: bool
    ) -> Listed | None:
        """What those in question have to practise now; None where it can't be read, or of more
        people than somebody who waits should pay for."""
        ids = asked.now_in if asked.rosters else {each.id for each in asked.people}
        if not ids or (len(ids) > MOST_WITH_TASKS and not options.needs_exec):
            return None
        return await self.assignments.of(ids, purpose=options.purpose, fresh=fresh)


def _by_scenarios(query: ResolvedQuery, facts: Facts) -> ResolvedQuery:
    """The question about the scenarios of its rows in place of a skill, collection or program: what
    is held of these does not depend on whether it is known what is in one."""
    if not any(each.kind in BUNDLES for each in query.names):
        return query
    ids = sorted({row.scenario.id for row in facts.rows} - {""})
    kept = (each for each in query.names if each.kind not in BUNDLES | {Kind.SCENARIO})
    return replace(query, names=(*kept, *(Named(Kind.SCENARIO, id_, "") for id_ in ids)))


def _tasks_about(query: ResolvedQuery, listed: Listed | None) -> tuple[Assignment, ...] | None:
    """What is to be practised of the scenarios of a question; None where it could not be read."""
    if listed is None:
        return None
    return tuple(each for each in listed.tasks if query.is_about(each.scenario.id))


def if_older(as_of: datetime | None, sessions_as_of: datetime) -> datetime | None:
    """When something was last read, if that was noticeably before the sessions were."""
    return None if as_of is None or sessions_as_of - as_of < SAME_AGE else as_of


def facts_of(query: ResolvedQuery, reading: Reading, zone: str) -> Facts:
    """What a reading tells of a question."""
    return Facts(
        query=query,
        window=window_of_period(query.period, zone, reading.as_of),
        rows=reading.rows,
        total=reading.total,
        sums=reading.figures,
        complete=reading.complete,
    )


def _weeks_before(window: Window) -> datetime:
    """The first whole day of the weeks up to the end of a window."""
    back = moved(window.interval.end, -BACK_DAYS, window.zone)
    return first_whole_day(back, window.zone) or EVER


def _split(
    query: ResolvedQuery, wide: ResolvedQuery, window: Window, reading: Reading
) -> tuple[Facts, Reading]:
    """The rows of the period and those before it, with the sums of the period."""
    start = window.interval.start
    known = (wide.period.start if wide.period else None) or EVER
    if reading.cost is not None and reading.held_since is not None:
        known = reading.held_since
        if known <= start:
            # Only what was before is held in part: nobody is asked to pay for that.
            reading = replace(reading, cost=None, held_since=None)
    since = first_whole_day(known, window.zone)
    rows = _since(reading.rows, start)
    earlier = reading.rows[len(rows) :]
    facts = Facts(
        query=query,
        window=window,
        rows=rows,
        # No more than is said: nothing of the day that is known in part.
        earlier=earlier if since is None else _since(earlier, since),
        since=since,
        total=len(rows),
        sums=figures(rows),
        complete=reading.complete,
    )
    return facts, replace(reading, total=len(rows), figures=facts.sums)


def _since(rows: tuple[Session, ...], start: datetime) -> tuple[Session, ...]:
    """The rows from `start` on, of rows that are newest first."""
    return rows[: bisect_left(rows, True, key=lambda row: row.created_at < start)]
