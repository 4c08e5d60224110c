"""Reads what a report asks for: sessions, the people in question, and what they have to practice.

One way for every report and every door: a question, a message by the clock, a coach's button.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Literal

from bot.errors import ExecError, Rejected
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Assignment, Proficiency, Session, Skill
from bot.exec_api.refresh_lock import RETRY
from bot.exec_api.wire import MAX_PAGE_SIZE
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery, Sort, is_system
from bot.language.sides import Sides
from bot.mirror.answers import Reading
from bot.mirror.asked import MAX_STALE_AGE
from bot.mirror.assignments import AT_ONCE, Assignments, Listed
from bot.mirror.feedback import Attempts
from bot.mirror.filling import FEW_REQUESTS
from bot.mirror.known import USUAL
from bot.mirror.older import Older
from bot.mirror.sessions import (
    ALL_ROWS,
    KEEP_ROWS,
    ReadOptions,
    Sessions,
    away,
)
from bot.people.catalogue import Catalogue
from bot.people.coaches import Coaches
from bot.people.groups import MAX_AGE, PAGES_UNASKED, Roster, Rosters
from bot.reports.facts import (
    Detail,
    Group,
    Groups,
    InQuestion,
    InSkill,
    Listing,
    P,
    Practice,
    SelfOnly,
    T,
    Told,
)
from bot.reports.figures import NOTHING, figures
from bot.reports.freshness import Freshness
from bot.reports.gains import unproven
from bot.reports.highlights import ENOUGH_PEOPLE
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
from bot.reports.rows import graded

# Of many people no more than this is looked through: a year of a large company's sessions takes
# more memory than one answer is worth.
MANY, BACK_DAYS_OF_MANY = 50, 90
# Rows that are computed at once; of more, others are answered meanwhile.
MANY_ROWS = 4_000
# What is normal for a person, and their weeks in a row, need more than the period.
BACK_DAYS = 56
# Messages of the same minute share a reading of everybody's sessions.
SHARED_FOR = timedelta(minutes=1)
# What is older than the sessions by less is as good as what is of the same moment.
SAME_AGE = timedelta(hours=1)
# Who still waits for an answer pays for so many people's assignments.
MOST_WITH_TASKS = FEW_REQUESTS * AT_ONCE
# What holds scenarios, of which Exec's filters on sessions tell.
BUNDLES = frozenset((Kind.SKILL, Kind.COLLECTION, Kind.PROGRAM))
TasksAge = Literal["stored", "usual", "fresh"]


@dataclass(frozen=True, slots=True)
class Involved:
    """Whose practice an answer was made from.

    `people` are the Exec ids of everybody whose practice was read. `few` are the ids of people who
    were read in a set of fewer than three, so that its figures tell of each of them.
    """

    people: frozenset[str]
    few: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from."""

    sessions: Sessions
    catalogue: Catalogue
    rosters: Rosters
    coaches: Coaches
    assignments: Assignments
    attempts: Attempts
    older: Older
    client: ExecClient
    budget: Budget
    clock: Callable[[], datetime]
    # When everybody's sessions since then were last read for a message.
    _read_at: dict[datetime, datetime] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ensure_stored(self, window: Window, purpose: str) -> None:
        """Store everybody's sessions of the weeks that messages of this window show.

        One reading then serves all groups and coaches. Raises ExecError when Exec is needed and
        away, and StorageError.
        """
        zone = window.zone
        first = weeks_up_to(window.interval.end, WEEKS, zone)[0][1].start
        start = min(first, _weeks_before(window), window.before.start)
        period = Period("", zone, start, window.interval.end)
        async with self._turn:
            read_at = self._read_at.get(start)
            if read_at is not None and self.clock() - read_at < SHARED_FOR:
                return
            await self.sessions.ensure_stored(ResolvedQuery(None, period=period), purpose=purpose)
            self._read_at.clear()
            self._read_at[start] = self.clock()


@dataclass(frozen=True, slots=True)
class _Members:
    """Whom a question is about, and the question by their ids.

    For a group, `query` also has those who were in it earlier: its figures of that time count them.
    """

    people: tuple[Member, ...]
    query: ResolvedQuery
    rosters: tuple[Roster, ...] = ()
    now_in: frozenset[str] = frozenset()

    def at(self, moment: datetime) -> Collection[str]:
        """The Exec ids of those in question at a moment."""
        if not self.rosters:
            return frozenset(person.id for person in self.people)
        ids = frozenset().union(*(each.at(moment) for each in self.rosters))
        return ids.difference(self.query.absent)


@dataclass(slots=True)
class ReadFacts:
    """The `Facts` of one question: what a report asks for is read then, once.

    `options` say how sessions are read, and `tasks_age` how new the list of what people have to
    practice must be. `now` is what the period is measured against, by default when its sessions
    were read. Of a listing the first `keep` rows are read.

    Raises ExecError when Exec is needed and away, and StorageError.
    """

    sources: Sources
    query: ResolvedQuery
    options: ReadOptions
    zone: str
    now: datetime | None = None
    tasks_age: TasksAge = "usual"
    keep: int = KEEP_ROWS
    only: SelfOnly | None = None
    sides: Sides | None = None
    other: ReadFacts | None = None
    _reading: Reading = field(init=False)
    _members: _Members | None = field(init=False, default=None)
    _people: InQuestion | None = field(init=False, default=None)
    _groups: Groups | None = field(init=False, default=None)
    _practice: dict[tuple[bool, bool, bool], Practice] = field(init=False, default_factory=dict)
    _since: datetime | None = field(init=False, default=None)
    _roster_as_of: datetime | None = field(init=False, default=None)
    _listed: Listed | None = field(init=False, default=None)
    # The newest rows read, and the Exec ids of those who have a part in each of what was read.
    _rows: tuple[Session, ...] = field(init=False, default=())
    _parts: list[set[str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._reading = Reading((), 0, NOTHING, Freshness(self.sources.clock()))

    @property
    def window(self) -> Window:
        return window_of_period(self.query.period, self.zone, self.now or self._reading.as_of)

    @property
    def reading(self) -> Reading:
        """The state of everything read so far: how fresh, how complete, at what cost. No rows."""
        fresh = self._reading.freshness
        if self._members is not None:
            fresh = replace(fresh, roster_as_of=if_older(self._roster_as_of, fresh.as_of))
        if self._listed is not None:
            fresh = replace(fresh, tasks_as_of=if_older(self._listed.as_of, fresh.as_of))
        found = replace(self._reading, freshness=fresh)
        return found if self.other is None else found.beside(self.other.reading)

    @property
    def since(self) -> datetime | None:
        """The moment from which the time before the period is known; None where all of it is, or
        none was read."""
        beside = None if self.other is None else self.other.since
        return max(filter(None, (self._since, beside)), default=None)

    @property
    def involved(self) -> Involved:
        """Whose practice was read."""
        if self.only is not None:
            # What the others did is kept nowhere that the asker could ask for it.
            return Involved(frozenset((self.only.id,)), frozenset())
        parts = list(self._parts)
        ids: frozenset[str] = frozenset().union(*parts)
        groups = () if self._groups is None else self._groups.known
        parts += [set(group.members_at(self.window.interval.end)) for group in groups]
        few: frozenset[str] = frozenset().union(
            *(part for part in parts if len(part) < ENOUGH_PEOPLE)
        )
        if self.other is None:
            return Involved(ids, few)
        beside = self.other.involved
        return Involved(ids | beside.people, few | beside.few)

    async def people(self) -> InQuestion:
        if self._people is None:
            members = await self._in_question()
            self._people = InQuestion(members.people, members.at, await self._coaches(members))
        return self._people

    async def groups(self) -> Groups:
        """The groups whose rosters are stored or can be read at once; the background reads the
        others."""
        if self._groups is None:
            is_of_some = self.query.people is not None or self.query.groups
            self._groups = Groups() if is_of_some else await self._all_groups()
        return self._groups

    async def _all_groups(self) -> Groups:
        rosters, options = self.sources.rosters, self.options
        groups = await self.sources.catalogue.items(Kind.GROUP, ask_exec=not options.stored)
        ids = [group.id for group in groups]
        pages = None if options.needs_exec else PAGES_UNASKED
        try:
            known = await rosters.of(
                ids, purpose=options.purpose, pages=pages, ask_exec=not options.stored
            )
        except ExecError:
            if options.needs_exec:
                raise
            known = {}
        if len(known) < len(ids):
            known = await rosters.of(ids, ask_exec=False, max_age=MAX_STALE_AGE) | known
        absent = frozenset(self.query.absent)
        found = [
            Group(group.id, group.name, known[group.id].at) for group in groups if group.id in known
        ]
        if absent:
            found = [each.leaving(absent) for each in found]
        self._roster_as_of = min((each.as_of for each in known.values()), default=None)
        return Groups(tuple(found), len(ids) - len(found))

    async def sessions(
        self, *, of_people: bool = False, before: bool = False, history: bool = False
    ) -> Practice:
        # Of all groups at once nothing goes further back than the weeks before.
        of_groups = self._groups is not None and bool(self._groups.known)
        asked = (of_people, before, (before or history) and not of_groups)
        if asked not in self._practice:
            self._practice[asked] = await self._sessions(*asked)
        return self._practice[asked]

    async def _sessions(self, of_people: bool, before: bool, history: bool) -> Practice:
        members = await self._in_question() if of_people else None
        query = self.query if members is None else members.query
        wide = await self._wide(query, before, history)
        if self.options.stored:
            reading = await self.sources.sessions.stored(wide)
            now = self.sources.clock()
            start = window_of_period(wide.period, self.zone, now).interval.start
            known = max(reading.stored_since or EVER, start)
            wide = replace(wide, period=Period("", self.zone, known))
        else:
            reading = await self.sources.sessions.read(wide, self.options, keep=ALL_ROWS)
        window = window_of_period(self.query.period, self.zone, self.now or reading.as_of)
        practice, reading = _split(wide, window, reading)
        own = practice.rows
        if self.only is not None:
            own = tuple(row for row in own if row.user.id == self.only.id)
        self._reading = replace(reading, rows=(), total=len(own), figures=figures(own))
        if history and reading.cost is None:
            # Only now it is known who is in a group, and which scenarios are asked about.
            practice = await self._with_history(practice, _by_scenarios(query, practice))
        self._rows = practice.all_rows
        self._parts.append({row.user.id for row in practice.rows})
        if history and members is not None:
            practice = await self._of_newcomer(practice, members)
        if before or history:
            self._since = practice.since
        return practice

    async def listing(self) -> Listing:
        self._reading = reading = await self.sources.sessions.read(
            self.query, self.options, keep=self.keep
        )
        self._parts.append({row.user.id for row in reading.rows})
        return listing_of(reading)

    async def tasks(self) -> tuple[Assignment, ...] | None:
        """None, too, where the people are so many that a waiting person should not pay for it."""
        members = await self._in_question()
        ids = members.now_in if members.rosters else {each.id for each in members.people}
        options, assignments = self.options, self.sources.assignments
        waits = not (options.needs_exec or options.stored)
        if (
            not ids
            or self._reading.freshness.away is not None
            or (waits and len(ids) > MOST_WITH_TASKS)
        ):
            return None
        if self.tasks_age == "stored":
            self._listed = assignments.cached(ids)
        else:
            self._listed = await assignments.of(
                ids,
                purpose=options.purpose,
                fresh=self.tasks_age == "fresh",
                keep_one=options.stored,
            )
        if self._listed is None:
            return None
        return tuple(
            each for each in self._listed.tasks if members.query.is_about(each.scenario.id)
        )

    async def opted_out(self) -> frozenset[str]:
        ids = {person.id for person in (await self._in_question()).people}
        return await self.sources.coaches.unnamed(ids)

    async def links(self, rows: Iterable[Session | Assignment]) -> Mapping[str, str]:
        return await self.sources.catalogue.addresses({row.scenario.id for row in rows})

    async def feedback(self, most: int) -> tuple[tuple[Told, ...], int]:
        last = [row for _, row in graded(self._rows)][:most]
        told = await self.sources.attempts.of_several(last, purpose=self.options.purpose)
        return told, len(last) - len(told)

    async def proven(self, practice: Practice, people: Collection[Member]) -> Practice:
        pairs = unproven(practice, people)
        if not pairs or practice.since is None:
            return practice
        ids, scenarios = ({pair[at] for pair in pairs} for at in (0, 1))
        found = await self.sources.older.before(
            practice.since,
            people=ids,
            scenarios=scenarios,
            purpose=self.options.purpose,
            ask_exec=self._asks_exec,
        )
        if found is None:
            return practice
        proven = frozenset(pair for pair, best in pairs.items() if found.has_all_above(best))
        return replace(practice, older=found.rows, proven=proven)

    async def detail(self) -> Detail | None:
        reading = await self._first_attempt()
        self._reading = replace(reading, rows=())
        if not reading.rows:
            return None
        attempt, attempts, options = reading.rows[0], self.sources.attempts, self.options
        told: Told | None
        try:
            attempt, told = await attempts.feedback(
                attempt, fresh=options.fresh, purpose=options.purpose
            )
        except ExecError as error:
            # What is stored of it says more than nothing.
            told = await attempts.stored(attempt)
            if not isinstance(error, Rejected):
                fresh = replace(reading.freshness, away=away(error))
                reading = replace(reading, freshness=fresh)
        rows, since = await self._beside(attempt, reading.as_of)
        # What was not read of other attempts matters no more.
        self._reading = replace(reading, rows=(), cost=None, stored_since=None, again=None)
        self._parts.append({attempt.user.id})
        return Detail(attempt, told, rows, since, reading.as_of)

    async def skills(self) -> tuple[InSkill, ...]:
        """This takes a request for each skill and 100 people. Where that is more than a tenth of
        the requests left, no skill is read and the reading states the cost."""
        query, sources, purpose = self.query, self.sources, self.options.purpose
        if query.people is None and not query.groups:
            overview = await sources.client.skills(with_proficiency=True, purpose=purpose)
            found = tuple(_overview(each) for each in overview if _is_asked(query, each.id))
        else:
            items = await sources.catalogue.items(Kind.SKILL)
            skills = [each for each in items if _is_asked(query, each.id)]
            cost = len(skills) * await self._pages()
            unasked = max(FEW_REQUESTS, (await sources.budget.left()).questions // 10)
            if cost > unasked and not self.options.everything:
                self._reading = replace(self._reading, cost=cost)
                return ()
            if query.people is None:
                rosters = await sources.rosters.of(query.groups, purpose=purpose)
                members = frozenset().union(*(each.people for each in rosters.values()))
                self._parts.append(set(members.difference(query.absent)))
            found = tuple([await self._in_skill(skill) for skill in skills])
            for skill in found:
                scored = {each.id for each in skill.people if each.score is not None}
                self._parts += ({each.id for each in skill.people}, scored)
        self._reading = replace(self._reading, total=len(found))
        return found

    async def compute(self, arithmetic: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T:
        rows = sum(len(each.rows) + len(each.earlier) for each in self._practices)
        if rows <= MANY_ROWS:
            # To begin in another thread takes longer than few rows do.
            return arithmetic(*args, **more)
        return await asyncio.to_thread(arithmetic, *args, **more)

    @property
    def _practices(self) -> tuple[Practice, ...]:
        beside = () if self.other is None else self.other._practices
        return (*self._practice.values(), *beside)

    @property
    def _asks_exec(self) -> bool:
        """Whether Exec may be asked about single people besides."""
        return self._reading.freshness.away is None and not (
            self.options.only_new or self.options.stored
        )

    async def _in_question(self) -> _Members:
        if self._members is None:
            members = await self._read_members()
            if absent := frozenset(self.query.absent):
                left = tuple(person for person in members.people if person.id not in absent)
                members = replace(members, people=left, now_in=members.now_in - absent)
            self._parts.append({person.id for person in members.people})
            self._members = members
        return self._members

    async def _read_members(self) -> _Members:
        query = self.query
        if query.people is not None:
            return _Members(query.people, query)
        if not query.groups:
            # Exec's own staff are in no figure.
            everyone = await self.sources.catalogue.members()
            return _Members(tuple(each for each in everyone if not each.is_system), query)
        window = window_of_period(query.period, self.zone, self.sources.clock())
        rosters = await self._rosters(sorted(query.groups), window)
        ids = frozenset().union(*(each.at(window.interval.end) for each in rosters.values()))
        ever = frozenset().union(*(each.ever for each in rosters.values()))
        names = tuple(each for each in query.names if each.kind is not Kind.GROUP)
        # Of more people Exec can be asked as of a group only; for a message all is stored before.
        if ever and (self.options.needs_exec or len(ever) <= AT_ONCE):
            once = tuple(Member(id_, "", "") for id_ in sorted(ever))
            query = replace(query, people=once, names=names)
        self._roster_as_of = min((each.as_of for each in rosters.values()), default=None)
        return _Members(
            people=await self._called(ids),
            query=query,
            rosters=tuple(rosters.values()),
            now_in=frozenset().union(*(each.people for each in rosters.values())),
        )

    async def _rosters(self, groups: Collection[str], window: Window) -> dict[str, Roster]:
        """The rosters of these groups, by id; for a message, rosters read after the period ended.

        Where Exec may not be asked, groups without a stored roster are left out.
        """
        rosters, options = self.sources.rosters, self.options
        if options.only_new:
            return await rosters.of(groups, ask_exec=False)
        if options.needs_exec:
            age = self.sources.clock() - window.interval.end
            max_age = min(MAX_AGE, max(RETRY, age))
            return await rosters.of(groups, purpose=options.purpose, max_age=max_age)
        try:
            return await rosters.of(groups, purpose=options.purpose, fresh=options.fresh)
        except ExecError:
            stored = await rosters.of(groups, ask_exec=False, max_age=MAX_STALE_AGE)
            if len(stored) < len(groups):
                raise
            return stored

    async def _called(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, with their names; people who have left since, too."""
        catalogue = self.sources.catalogue
        found = await catalogue.people(ids)
        if len(found) < len(ids) and await catalogue.refresh_after_miss("member"):
            found = await catalogue.people(ids)
        # Who joined after a long list was read still counts in the roster.
        unlisted = ids - {each.id for each in found}
        return (*found, *(Member(id_, "", "Someone new") for id_ in sorted(unlisted)))

    async def _coaches(self, members: _Members) -> frozenset[str]:
        """The ids of people in question who coach others in question, from stored rosters."""
        ids = {person.id for person in members.people}
        coaches = [coach for coach in await self.sources.coaches.all() if coach.id in ids]
        groups = frozenset().union(*(coach.groups for coach in coaches))
        rosters = await self.sources.rosters.of(
            sorted(groups), ask_exec=False, max_age=MAX_STALE_AGE
        )
        return frozenset(
            coach.id
            for coach in coaches
            if coach.groups & (members.query.groups or frozenset())
            or (coach.people.union(*(rosters[id_].people for id_ in coach.groups & rosters.keys())))
            & ids - {coach.id}
        )

    async def _wide(self, query: ResolvedQuery, before: bool, history: bool) -> ResolvedQuery:
        """The question widened to all rows that its report needs.

        With `before` it includes the weeks before, whatever they cost; with `history` whatever
        earlier rows are stored.
        """
        query = replace(query, sort=Sort.NEWEST, limit=None, page=1)
        if query.period is None or query.period.start is None:
            return query
        window = window_of_period(query.period, self.zone, self.sources.clock())
        start = window.interval.start
        if before:
            # Whole days: what is known in part of a day is not known since then.
            start = start_of_day(window.before.start, self.zone)
            if query.people is not None:
                start = min(start, _weeks_before(window))
        # What is looked at anew is no more than what was asked for.
        is_bundled = any(each.kind in BUNDLES for each in query.names)
        if history and not (self.options.fresh or is_bundled):
            start = await self._stored_back(query, start, window)
        return replace(query, period=replace(query.period, start=start))

    async def _with_history(self, practice: Practice, query: ResolvedQuery) -> Practice:
        """The practice with the stored sessions of the time before it."""
        zone, known = practice.window.zone, practice.since or EVER
        query = replace(query, sort=Sort.NEWEST, limit=None, page=1)
        first = await self._stored_back(query, known, practice.window)
        if first >= known:
            return practice
        query = replace(query, period=Period("", zone, first, known))
        earlier = await self.sources.sessions.whole(query, purpose=self.options.purpose)
        since = first_whole_day(first, zone)
        return replace(practice, earlier=(*practice.earlier, *earlier.rows), since=since)

    async def _stored_back(self, query: ResolvedQuery, known: datetime, window: Window) -> datetime:
        """The moment from which on, up to `known`, all rows of a question are stored."""
        back = await self.sources.sessions.stored_since(query, known)
        if query.people is None or len(query.people) > MANY:
            back = max(back, moved(window.interval.end, -BACK_DAYS_OF_MANY, window.zone))
        since = first_whole_day(back, window.zone)
        return min(known, back if since is None else since)

    async def _of_newcomer(self, practice: Practice, members: _Members) -> Practice:
        """The practice with all earlier sessions of a single person who has none stored: one
        request tells whether they ever practiced."""
        if len(members.people) != 1 or practice.all_rows or practice.since is None:
            return practice
        found = await self.sources.older.before(
            practice.since,
            people={each.id for each in members.people},
            purpose=self.options.purpose,
            ask_exec=self._asks_exec,
        )
        if found is None or not found.is_all:
            return practice
        earlier = sorted(found.rows, key=lambda row: row.created_at, reverse=True)
        return replace(practice, earlier=tuple(earlier), since=None)

    async def _first_attempt(self) -> Reading:
        """The first attempt in the order asked for, if there is one."""
        query, attempts, clock = self.query, self.sources.attempts, self.sources.clock
        if query.attempt:
            attempt = await attempts.find(query.attempt, purpose=self.options.purpose)
            rows = () if attempt is None else (attempt,)
            return Reading(rows, len(rows), figures(rows), Freshness(clock()))
        sessions = self.sources.sessions
        read = partial(sessions.read, keep=1)
        one = replace(query, limit=1, page=1)
        if query.period is None and query.sort is Sort.NEWEST:
            # The newest one is found without reading all there ever were, if it is stored.
            since = await sessions.stored_since(one, clock() - USUAL)
            late = await read(replace(one, period=Period("", self.zone, since)), self.options)
            if late.rows:
                return late
        return await read(one, self.options)

    async def _beside(
        self, attempt: Session, as_of: datetime
    ) -> tuple[tuple[Session, ...], datetime | None]:
        """The stored attempts of the same person at the same scenario, newest first, and the moment
        from which on they are complete. Makes no request."""
        user, scenario, sessions = attempt.user, attempt.scenario, self.sources.sessions
        if not user.id or not scenario.id:
            return (), None
        its = ResolvedQuery(
            (Member(user.id, user.email, user.name),),
            names=(Named(Kind.SCENARIO, scenario.id, scenario.name),),
            include_system=is_system(user.email),
        )
        # What came later may not be stored yet.
        end = as_of - USUAL
        back = await sessions.stored_since(its, end)
        if back >= end:
            return (), as_of
        since = first_whole_day(back, self.zone)
        period = Period("", self.zone, since or back, end)
        stored = await sessions.whole(replace(its, period=period), purpose=self.options.purpose)
        return stored.rows, since

    async def _pages(self) -> int:
        """About how many requests one skill takes."""
        people = len(self.query.people or ())
        if self.query.people is None:
            stored = await self.sources.rosters.of(self.query.groups, ask_exec=False)
            people = sum(len(roster.users) for roster in stored.values())
        return max(1, ceil(people / MAX_PAGE_SIZE))

    async def _in_skill(self, skill: Named) -> InSkill:
        query, rows = self.query, dict[str, Proficiency]()
        ids = None if query.people is None else [person.id for person in query.people]
        for some in [None] if ids is None else _chunks(ids):
            found = await self.sources.client.proficiency(
                skill.id,
                user_ids=some,
                group_ids=sorted(query.groups) or None,
                include_system=query.include_system,
                purpose=self.options.purpose,
            )
            # Whatever Exec makes of both filters together, nobody else is told of.
            rows |= {
                each.id: each
                for each in found
                if (some is None or each.id in some) and each.id not in query.absent
            }
        return InSkill(skill.id, skill.name, tuple(rows.values()))


def listing_of(reading: Reading) -> Listing:
    """The sessions that a reading lists."""
    return Listing(reading.rows, reading.total, reading.figures)


def if_older(as_of: datetime | None, sessions_as_of: datetime) -> datetime | None:
    """The time at which something was read, if it is noticeably older than the sessions."""
    return None if as_of is None or sessions_as_of - as_of < SAME_AGE else as_of


def _by_scenarios(query: ResolvedQuery, practice: Practice) -> ResolvedQuery:
    """The question with the scenarios of its rows in place of a skill, collection or program.

    Stored sessions name their scenario, but not the skills, collections or programs it belongs to.
    """
    if not any(each.kind in BUNDLES for each in query.names):
        return query
    ids = sorted({row.scenario.id for row in practice.rows} - {""})
    kept = (each for each in query.names if each.kind not in BUNDLES | {Kind.SCENARIO})
    return replace(query, names=(*kept, *(Named(Kind.SCENARIO, id_, "") for id_ in ids)))


def _weeks_before(window: Window) -> datetime:
    """The first whole day of the weeks up to the end of a window."""
    back = moved(window.interval.end, -BACK_DAYS, window.zone)
    return first_whole_day(back, window.zone) or EVER


def _split(wide: ResolvedQuery, window: Window, reading: Reading) -> tuple[Practice, Reading]:
    """The rows of the period and those before it."""
    start = window.interval.start
    known = (wide.period.start if wide.period else None) or EVER
    if reading.cost is not None and reading.stored_since is not None:
        known = reading.stored_since
        if known <= start:
            # Only what was before is stored in part: nobody is asked to pay for that.
            reading = replace(reading, cost=None, stored_since=None)
    since = first_whole_day(known, window.zone)
    rows = _since(reading.rows, start)
    earlier = reading.rows[len(rows) :]
    # No more than is said: nothing of the day that is known in part.
    earlier = earlier if since is None else _since(earlier, since)
    return Practice(window, rows, earlier, since, reading.complete), reading


def _since(rows: tuple[Session, ...], start: datetime) -> tuple[Session, ...]:
    """The rows from `start` on, of rows that are newest first."""
    return rows[: bisect_left(rows, True, key=lambda row: row.created_at < start)]


def _is_asked(query: ResolvedQuery, skill_id: str) -> bool:
    asked = {each.id for each in query.names if each.kind is Kind.SKILL}
    return not asked or skill_id in asked


def _overview(skill: Skill) -> InSkill:
    return InSkill(skill.id, skill.name or skill.id, (), skill.proficiency_summary)


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[at : at + MAX_PAGE_SIZE] for at in range(0, len(ids), MAX_PAGE_SIZE)]
