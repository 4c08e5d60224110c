"""Reads what a report asks for with SQL: sessions, the people in question, their assignments.

An adapter between the mirror and the reports' `Facts`, until reports ask the mirror themselves.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Literal, TypeAlias

import sqlalchemy as sa

from bot.errors import ExecError, Limited, NotRead, Rejected, UserError, WrongKey
from bot.exec_api.budget import Job
from bot.exec_api.client import PAGE_SIZE, ExecClient, Filters
from bot.exec_api.models import (
    Assignment,
    Feedback,
    Proficiency,
    Program,
    Scenario,
    Session,
    Skill,
    User,
)
from bot.language.query import Kind, Member, Named, Rank, ResolvedQuery, Sort
from bot.language.sides import Sides
from bot.mirror import feedback
from bot.mirror.direct import read_direct
from bot.mirror.feedback import Feedbacks
from bot.mirror.lists import ASSIGNMENTS_AGE, ASSIGNMENTS_AGE_OF_ONE, TEAM_MAX_AGE, Lists
from bot.mirror.query import (
    ONLY_EXEC,
    THOUSANDTHS,
    Cursor,
    Span,
    Sums,
    Window,
    filters_of,
    is_graded,
    read_sessions,
    read_sums,
    read_window,
    span_of,
)
from bot.mirror.sync import FRESH_IF_SPENT, Mirror
from bot.people.coaches import Coaches
from bot.people.directory import ANY_AGE, Directory, Team
from bot.reports.change import EXACT
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
from bot.reports.figures import Figures, scenario_name
from bot.reports.freshness import Away, Freshness
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.intervals import EVER, first_whole_day, moved, start_of_day, window_of_period
from bot.reports.intervals import Window as Periods
from bot.reports.rows import graded
from bot.storage.database import Database
from bot.storage.tables import assignment, from_ms, member, scenario, session, to_ms

# Of many people no more history is looked through than this: it is read into memory.
MANY, BACK_DAYS_OF_MANY = 50, 90
MANY_ROWS = 4_000  # that are added up at once; of more, others are answered meanwhile
BACK_DAYS = 56  # what is normal for a person needs more than the period
SAME_AGE = timedelta(hours=1)  # a list younger than this is as good as the sessions
FRESH_TASKS = timedelta(hours=4)
MOST_WITH_TASKS = 400  # people whose assignments are read while somebody waits
MOST_SKILL_REQUESTS = 20
KEEP_ROWS = 25

# How true an answer has to be: for somebody who asks, for a message that is due, or as stored.
Mode: TypeAlias = Literal["question", "due", "stored"]


@dataclass(frozen=True, slots=True)
class Involved:
    """Whose practice an answer was made from, by Exec id.

    `few` are people in a set of fewer than three, so that its figures tell of each of them.
    """

    people: frozenset[str]
    few: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from."""

    database: Database
    mirror: Mirror
    lists: Lists
    directory: Directory
    coaches: Coaches
    feedbacks: Feedbacks
    client: ExecClient
    clock: Callable[[], datetime]


@dataclass(slots=True)
class ReadFacts:
    """The `Facts` of one question; each thing is read once, when a report asks for it.

    `now` is what the period is measured against, by default when the question is answered. `end`
    pins the end of the window, so that the pages of an answer agree. A listing has `keep` rows
    after the `cursor`, or after the first `offset`.

    Raises ExecError if Exec is needed and away, UserError for a question that takes too many
    requests, and StorageError.
    """

    sources: Sources
    query: ResolvedQuery
    zone: str
    mode: Mode = "question"
    now: datetime | None = None
    end: datetime | None = None
    keep: int = KEEP_ROWS
    offset: int = 0
    cursor: Cursor | None = None
    only: SelfOnly | None = None
    sides: Sides | None = None
    other: ReadFacts | None = None
    counted_since: datetime | None = field(init=False, default=None)
    known_since: datetime | None = field(init=False, default=None)
    total: int = field(init=False, default=0)
    next_cursor: Cursor | None = field(init=False, default=None)
    _known: Window | None = field(init=False, default=None)
    _looked: bool = field(init=False, default=False)
    _away: Away | None = field(init=False, default=None)
    _teams: dict[str, Team] | None = field(init=False, default=None)
    _people: tuple[Member, ...] | None = field(init=False, default=None)
    _groups: Groups | None = field(init=False, default=None)
    _practice: dict[tuple[bool, bool], Practice] = field(init=False, default_factory=dict)
    _direct: dict[int, list[str] | None] = field(init=False, default_factory=dict)
    _rows: tuple[Session, ...] = field(init=False, default=())
    _tasks_at: datetime | None = field(init=False, default=None)
    _parts: list[set[str]] = field(init=False, default_factory=list)

    # How true it is

    @property
    def as_of(self) -> datetime:
        """Everything that was created up to then is counted."""
        if self.end is not None:
            return self.end
        return self._known.end if self._known is not None else self.sources.clock()

    @property
    def window(self) -> Periods:
        return window_of_period(self.query.period, self.zone, self.now or self.sources.clock())

    @property
    def freshness(self) -> Freshness:
        """The state of everything read so far."""
        roster = min((each.as_of for each in (self._teams or {}).values()), default=None)
        found = Freshness(
            self.as_of,
            roster_as_of=if_older(roster, self.as_of),
            tasks_as_of=if_older(self._tasks_at, self.as_of),
            away=self._away,
        )
        return found if self.other is None else found.beside(self.other.freshness)

    @property
    def involved(self) -> Involved:
        """Whose practice was read."""
        if self.only is not None:
            # What the others did is kept nowhere that the asker could ask for it.
            return Involved(frozenset((self.only.id,)), frozenset())
        groups = () if self._groups is None else self._groups.known
        parts = [*self._parts, *(set(each.members_at(self.as_of)) for each in groups)]
        people: frozenset[str] = frozenset().union(*self._parts)
        small = (part for part in parts if len(part) < ENOUGH_PEOPLE)
        few: frozenset[str] = frozenset().union(*small)
        if self.other is None:
            return Involved(people, few)
        beside = self.other.involved
        return Involved(people | beside.people, few | beside.few)

    async def _look(self) -> Window | None:
        """Bring the window up to date, once; None before anything is stored."""
        if self._looked:
            return self._known
        self._looked = True
        mirror = self.sources.mirror
        error = None
        if self.mode != "stored" and self.end is None:
            error = await mirror.freshen(Job.DUE if self.mode == "due" else Job.ASKED)
        self._known = await read_window(self.sources.database)
        if error is not None:
            if self.mode == "due" or self._known is None:
                raise error
            self._away = away(error)
        return self._known

    def _covers(self, known: Window | None, start: datetime, end: datetime) -> bool:
        """Whether every session of a span is stored, up to a read a few minutes ago."""
        if known is None or any(each.kind in ONLY_EXEC for each in self.query.names):
            return False
        if self.mode == "stored" or self._away is not None or self.end is not None:
            return known.start <= start
        return known.start <= start and known.end >= min(end, self.sources.clock() - FRESH_IF_SPENT)

    # Sessions

    async def sessions(
        self, *, of_people: bool = False, before: bool = False, history: bool = False
    ) -> Practice:
        # Of all groups at once nothing goes further back than the period before.
        of_groups = self._groups is not None and bool(self._groups.known)
        asked = (before, (before or history) and not of_groups)
        if asked not in self._practice:
            self._practice[asked] = await self._sessions(*asked)
        if of_people:
            await self._in_question()
        return self._practice[asked]

    async def _sessions(self, before: bool, history: bool) -> Practice:
        known, periods = await self._look(), self.window
        interval = periods.interval
        if not self._covers(known, interval.start, interval.end):
            ids = await self._ask_exec(known)
            if ids is not None:
                filters = filters_of(self.query, ids=ids)
                rows, _ = await read_sessions(self.sources.database, filters)
                inside = tuple(row for row in rows if row.created_at in interval)
                return self._practiced(Practice(periods, inside, (), interval.start), ())
            self._count_since(known)
        start = self._start(known, periods, before, history)
        end = to_ms(min(interval.end, self.as_of + timedelta(seconds=1)))
        filters = filters_of(self.query, Span(to_ms(start), end))
        rows, _ = await read_sessions(self.sources.database, filters)
        cut = bisect_left(rows, True, key=lambda row: row.created_at < interval.start)
        since = first_whole_day(start, self.zone)
        earlier = tuple(row for row in rows[cut:] if since is None or row.created_at >= since)
        practice = Practice(
            periods, tuple(rows[:cut]), earlier, since, complete=self.counted_since is None
        )
        return self._practiced(practice, earlier)

    def _practiced(self, practice: Practice, earlier: tuple[Session, ...]) -> Practice:
        self._rows = (*practice.rows, *earlier)
        self._parts.append({row.user.id for row in practice.rows})
        own = practice.rows
        if self.only is not None:
            own = tuple(row for row in own if row.user.id == self.only.id)
        self.total = len(own)
        if earlier:
            self.known_since = practice.since
        return practice

    def _start(
        self, known: Window | None, periods: Periods, before: bool, history: bool
    ) -> datetime:
        """Where reading begins: at the period, or earlier for what it is compared with, as far as
        it is stored."""
        start = periods.interval.start
        if before:
            start = start_of_day(periods.before.start, self.zone)
            if self.query.people is not None:
                back = moved(periods.interval.end, -BACK_DAYS, self.zone)
                start = min(start, first_whole_day(back, self.zone) or EVER)
        if history:
            start = min(start, known.start if known is not None else start)
            if self.query.people is None or len(self.query.people) > MANY:
                limit = moved(periods.interval.end, -BACK_DAYS_OF_MANY, self.zone)
                start = max(start, min(limit, periods.interval.start))
        return start if known is None else max(start, known.start)

    async def _ask_exec(self, known: Window | None) -> list[str] | None:
        """The ids of the sessions that Exec counts for a question that the window doesn't cover;
        None if it is answered from the window as far as that goes."""
        of_program = any(each.kind in ONLY_EXEC for each in self.query.names)
        if self.mode == "due" and not of_program:
            raise NotRead("the sessions of this time")
        if self.mode == "stored" or self._away is not None:
            ids = None
        else:
            job = Job.DUE if self.mode == "due" else Job.PEOPLE if of_program else Job.DIRECT
            now = self.now or self.sources.clock()
            key = to_ms(now)
            if key not in self._direct:
                try:
                    self._direct[key] = await read_direct(
                        self.sources.database, self.sources.client, self.query, now, job
                    )
                except ExecError as error:
                    if known is None or of_program or self.mode == "due":
                        raise
                    self._away = away(error)
                    return None
            ids = self._direct[key]
        if ids is None and of_program:
            raise UserError(
                "That is more of a program than I can ask Exec for at once. Ask about a shorter "
                "time or fewer people, like `last 7d`."
            )
        return ids

    def _count_since(self, known: Window | None) -> None:
        """Note that only a part of the period is counted."""
        start = known.start if known is not None else self.sources.clock()
        if start > self.window.interval.start:
            self.counted_since = start

    async def listing(self) -> Listing:
        known = await self._look()
        now = self.now or self.sources.clock()
        span = span_of(self.query.period, to_ms(now))
        ids = None
        if not self._covers(known, from_ms(span.start), from_ms(span.end)):
            ids = await self._ask_exec(known)
            if ids is None:
                self._count_since(known)
        if ids is None:
            start = max(span.start, to_ms(known.start)) if known is not None else span.start
            span = Span(start, min(span.end, to_ms(self.as_of) + 1))
        filters = filters_of(self.query, span, ids)
        keep = self.keep
        if self.query.limit is not None:
            keep = max(0, min(keep, self.query.limit - self.offset))
        database = self.sources.database
        rows, self.next_cursor = await read_sessions(
            database,
            filters,
            self.query.sort,
            after=self.cursor,
            offset=0 if self.cursor is not None else self.offset,
            limit=keep,
        )
        sums = await self._figures(filters, await read_sums(database, filters))
        self.total = sums.sessions
        self._rows = tuple(rows)
        self._parts.append({row.user.id for row in rows})
        namesakes = await self._namesakes(rows, filters)
        return Listing(tuple(rows), self.total, sums, self.offset, namesakes)

    async def _namesakes(
        self, rows: Iterable[Session], filters: list[sa.ColumnElement[bool]]
    ) -> tuple[Member, ...]:
        """The people in a whole listing who have the name of somebody in these rows."""
        inside = sa.select(session.c.member_id).where(*filters)
        named = member.c.name.in_({row.user.name for row in rows})
        found = await self.sources.database.rows(
            sa.select(member).where(named, member.c.id.in_(inside))
        )
        return tuple(Member(row.id, row.email, row.name) for row in found)

    async def _figures(self, filters: list[sa.ColumnElement[bool]], sums: Sums) -> Figures:
        best, _ = await read_sessions(
            self.sources.database, [*filters, is_graded], Sort.BEST, limit=1
        )
        average = None
        if sums.graded:
            whole = EXACT.divide(Decimal(sums.score), Decimal(THOUSANDTHS))
            average = float(EXACT.divide(whole, Decimal(sums.graded)))
        return Figures(
            sessions=sums.sessions,
            valid=sums.valid,
            invalid=sums.sessions - sums.valid,
            average=average,
            practice_seconds=sums.duration_ms / THOUSANDTHS,
            ranks={rank: sums.ranks[rank.value] for rank in Rank if rank.value in sums.ranks},
            best=(best[0].score or 0.0, scenario_name(best[0])) if best else None,
            scored=sums.graded,
            people=sums.people,
            graded=sums.graded_people,
        )

    async def detail(self) -> Detail | None:
        rows = await self._first_session()
        if not rows:
            return None
        one, feedbacks = rows[0], self.sources.feedbacks
        found: feedback.Told | None
        try:
            found = await feedbacks.of(one)
        except ExecError as error:
            # What is stored of it says more than nothing.
            found = await feedbacks.stored(one)
            if not isinstance(error, Rejected):
                self._away = away(error)
        beside, since = await self._beside(one)
        self.total = 1
        self._parts.append({one.user.id})
        if found is not None:
            one = _session_of(found[0])
        return Detail(one, _told(found), beside, since, self.as_of)

    async def _first_session(self) -> list[Session]:
        """The first session in the order asked for, or that with the id."""
        if self.query.attempt:
            await self._look()
            found = await self.sources.feedbacks.find(self.query.attempt)
            return [] if found is None else [found]
        self.keep = 1
        return list((await self.listing()).rows)

    async def _beside(self, one: Session) -> tuple[tuple[Session, ...], datetime | None]:
        """The stored sessions of the same person on the same scenario, newest first, and since when
        they are complete."""
        known = self._known
        if known is None or not one.user.id or not one.scenario.id:
            return (), self.as_of
        its = ResolvedQuery(
            (Member(one.user.id, one.user.email, one.user.name),),
            names=(Named(Kind.SCENARIO, one.scenario.id, one.scenario.name),),
            include_system=True,
        )
        since = first_whole_day(known.start, self.zone) or known.start
        span = Span(to_ms(since), to_ms(self.as_of) + 1)
        rows, _ = await read_sessions(self.sources.database, filters_of(its, span))
        return tuple(rows), since

    async def feedback(self, most: int) -> tuple[tuple[Told, ...], int]:
        last = [row for _, row in graded(self._rows)][:most]
        job = Job.DUE if self.mode == "due" else Job.PEOPLE
        found = await self.sources.feedbacks.of_several(last, job)
        told = tuple(each for each in map(_told, found) if each is not None)
        return told, len(last) - len(told)

    # People

    async def people(self) -> InQuestion:
        members = await self._in_question()
        ids = frozenset(each.id for each in members)
        return InQuestion(members, lambda _moment: ids, await self._coaches_among(ids))

    async def _in_question(self) -> tuple[Member, ...]:
        if self._people is None:
            found = await self._read_people()
            absent = frozenset(self.query.absent)
            self._people = tuple(each for each in found if each.id not in absent)
            self._parts.append({each.id for each in self._people})
        return self._people

    async def _read_people(self) -> tuple[Member, ...]:
        directory, query = self.sources.directory, self.query
        if query.people is not None and not query.groups:
            return query.people
        if not query.groups:
            # Exec's own staff are in no figure.
            return tuple(each for each in await directory.members() if not each.is_system)
        teams = await self._read_teams(sorted(query.groups))
        ids: frozenset[str] = frozenset().union(*(each.people for each in teams.values()))
        if query.people is not None:
            ids &= {each.id for each in query.people}
        return await directory.people(ids)

    async def _read_teams(self, ids: Collection[str]) -> dict[str, Team]:
        """Who is in these groups. A message waits until that is known."""
        if self.mode != "stored":
            await self.sources.lists.use_teams(ids, Job.DUE if self.mode == "due" else Job.PEOPLE)
        # Rights are judged before: to people who see everyone, an old list is better than none.
        max_age = ANY_AGE if self.mode == "question" else TEAM_MAX_AGE
        self._teams = await self.sources.directory.teams(ids, max_age)
        if self.mode == "due" and len(self._teams) < len(ids):
            raise NotRead("who is in the group")
        return self._teams

    async def groups(self) -> Groups:
        if self._groups is None:
            is_of_some = self.query.people is not None or self.query.groups
            self._groups = Groups() if is_of_some else await self._all_groups()
        return self._groups

    async def _all_groups(self) -> Groups:
        listed = await self.sources.directory.items(Kind.GROUP)
        ids = [each.id for each in listed]
        if self.mode != "stored":
            try:
                await self.sources.lists.use_teams(ids)
            except ExecError as error:
                self._away = self._away or away(error)
        teams = self._teams = await self.sources.directory.teams(ids)
        absent = frozenset(self.query.absent)
        found = [
            Group(each.id, each.name, _always(teams[each.id].people - absent))
            for each in listed
            if each.id in teams
        ]
        return Groups(tuple(found), len(ids) - len(found))

    async def _coaches_among(self, ids: frozenset[str]) -> frozenset[str]:
        """The people in question who coach others of them."""
        coaches = [each for each in await self.sources.coaches.all() if each.id in ids]
        groups: frozenset[str] = frozenset().union(*(each.groups for each in coaches))
        teams = await self.sources.directory.teams(groups)
        return frozenset(
            each.id
            for each in coaches
            if each.groups & self.query.groups
            or each.people.union(*(teams[id_].people for id_ in each.groups & teams.keys()))
            & ids - {each.id}
        )

    async def opted_out(self) -> frozenset[str]:
        ids = {person.id for person in await self._in_question()}
        return await self.sources.coaches.unnamed(ids)

    # Assignments, links, skills

    async def tasks(self) -> tuple[Assignment, ...] | None:
        ids = {person.id for person in await self._in_question()}
        if not ids:
            return None
        await self._use_assignments(ids)
        read = sa.select(
            sa.func.min(member.c.assignments_at), sa.func.count(member.c.assignments_at)
        )
        row = await self.sources.database.row(read.where(member.c.id.in_(ids)))
        if row is None or row[1] < len(ids):
            return None
        self._tasks_at = row[0]
        query = (
            sa.select(
                assignment,
                member.c.name,
                member.c.email,
                scenario.c.name.label("scenario_name"),
                scenario.c.slug,
            )
            .join(member, member.c.id == assignment.c.member_id)
            .outerjoin(scenario, scenario.c.id == assignment.c.scenario_id)
            .where(assignment.c.member_id.in_(ids))
            .order_by(assignment.c.id)
        )
        rows = await self.sources.database.rows(query)
        found = map(_assignment, rows)
        return tuple(each for each in found if self.query.is_about(each.scenario.id))

    async def _use_assignments(self, ids: Collection[str]) -> None:
        """Read the assignments that are too old, as far as it takes few requests."""
        if self.mode == "stored" or self._away is not None or len(ids) > MOST_WITH_TASKS:
            return
        max_age = ASSIGNMENTS_AGE_OF_ONE if len(ids) == 1 else ASSIGNMENTS_AGE
        job = Job.PEOPLE
        if self.mode == "due":
            job, max_age = Job.DUE, min(max_age, FRESH_TASKS)
        try:
            await self.sources.lists.use_assignments(ids, max_age, job)
        except ExecError as error:
            if self.mode == "due" and isinstance(error, Limited):
                raise
            self._away = self._away or away(error)

    async def links(self, rows: Iterable[Session | Assignment]) -> Mapping[str, str]:
        return await self.sources.directory.addresses({row.scenario.id for row in rows})

    async def skills(self) -> tuple[InSkill, ...]:
        query, sources = self.query, self.sources
        job = Job.DUE if self.mode == "due" else Job.PEOPLE
        await self._look()
        if query.people is None and not query.groups:
            filters = {"include": "proficiency"}
            overview = await sources.client.all("/skills", Skill, job, filters)
            found = tuple(_overview(each) for each in overview if _is_asked(query, each.id))
        else:
            skills = [
                x for x in await sources.directory.items(Kind.SKILL) if _is_asked(query, x.id)
            ]
            people = await self._in_question()
            if len(skills) * ceil(len(people) / PAGE_SIZE) > MOST_SKILL_REQUESTS:
                raise UserError(
                    "Exec tells skills one by one, and that takes more requests than one answer "
                    "may. Ask about one skill or fewer people."
                )
            found = tuple([await self._in_skill(skill, job) for skill in skills])
            for skill in found:
                scored = {each.id for each in skill.people if each.score is not None}
                self._parts += ({each.id for each in skill.people}, scored)
        self.total = len(found)
        return found

    async def _in_skill(self, skill: Named, job: Job) -> InSkill:
        """How good the people in question are at a skill, by Exec's own proficiency."""
        ids = [person.id for person in await self._in_question()]
        rows: list[Proficiency] = []
        for start in range(0, len(ids), PAGE_SIZE):
            some = ids[start : start + PAGE_SIZE]
            filters: Filters = {
                "user_ids": some,
                "exclude_system_users": not self.query.include_system,
            }
            found = await self.sources.client.all(
                "/skills/{id}/proficiency", Proficiency, job, filters, id_=skill.id
            )
            rows += [each for each in found if each.id in some]
        return InSkill(skill.id, skill.name, tuple(rows))

    async def compute(self, arithmetic: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T:
        rows = len(self._rows) + (len(self.other._rows) if self.other is not None else 0)
        if rows <= MANY_ROWS:
            # To begin in another thread takes longer than few rows do.
            return arithmetic(*args, **more)
        return await asyncio.to_thread(arithmetic, *args, **more)


def away(error: ExecError) -> Away:
    """Why Exec couldn't be asked."""
    match error:
        case Limited():
            return Away("limited", error.until)
        case WrongKey():
            return Away("key")
        case _:
            return Away("unreachable")


def if_older(as_of: datetime | None, sessions_as_of: datetime) -> datetime | None:
    """When something was read, if that is noticeably older than the sessions."""
    return None if as_of is None or sessions_as_of - as_of < SAME_AGE else as_of


def _always(ids: frozenset[str]) -> Callable[[datetime], Collection[str]]:
    return lambda _moment: ids


def _told(found: feedback.Told | None) -> Told | None:
    if found is None:
        return None
    detail, read_at = found
    return Told(
        Feedback(
            id=detail.id,
            outcome_feedback=detail.outcome_feedback,
            positive_feedback=detail.positive_feedback,
            constructive_feedback=detail.constructive_feedback,
            evaluations=detail.evaluations,
        ),
        read_at,
    )


def _session_of(detail: Session) -> Session:
    return Session(
        id=detail.id,
        user=detail.user,
        scenario=detail.scenario,
        score=detail.score,
        rank=detail.rank,
        duration_seconds=detail.duration_seconds,
        is_valid_attempt=detail.is_valid_attempt,
        created_at=detail.created_at,
    )


def _assignment(row: sa.Row[tuple[object, ...]]) -> Assignment:
    values = row._mapping
    return Assignment(
        id=values["id"],
        user=User(id=values["member_id"], email=values["email"], first_name=values["name"]),
        scenario=Scenario(
            id=values["scenario_id"], name=values["scenario_name"] or "", slug=values["slug"] or ""
        ),
        status=values["status"],
        due_date=values["due_at"],
        best_score=values["best_score"],
        best_rank=values["best_rank"],
        attempt_count=values["attempt_count"],
        attempt_min=values["attempt_min"],
        attempt_max=values["attempt_max"],
        rank_min=values["rank_min"],
        program=Program(id=values["program_id"], name=values["program_name"])
        if values["program_id"]
        else None,
    )


def _is_asked(query: ResolvedQuery, skill_id: str) -> bool:
    asked = {each.id for each in query.names if each.kind is Kind.SKILL}
    return not asked or skill_id in asked


def _overview(skill: Skill) -> InSkill:
    return InSkill(skill.id, skill.name or skill.id, (), skill.proficiency_summary)
