"""Prepares a question for its report: reads from Exec what isn't stored or is too old."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from bot.errors import ExecError, Limited, NotRead, UserError, WrongKey
from bot.exec.budget import Purpose
from bot.exec.client import ExecClient
from bot.exec.direct import read_direct
from bot.exec.feedback import Feedbacks
from bot.exec.lists import ASSIGNMENTS_AGE, ASSIGNMENTS_AGE_OF_ONE, TEAM_MAX_AGE, Lists
from bot.exec.models import SkillSummary
from bot.exec.skills import read_proficiency, read_skills, requests_for
from bot.exec.sync import FRESH_IF_SPENT, SessionSync
from bot.language.filters import needs_exec
from bot.language.query import Kind, Member, ResolvedQuery
from bot.people.coaches import Coaches
from bot.people.directory import ANY_AGE, Directory, ids_of
from bot.reports._prepared import (
    Group,
    LastNudge,
    Outage,
    PreparedQuestion,
    SkillScores,
    Subject,
    people_by_id,
)
from bot.reports._report import FeedbackOn, Need
from bot.reports.intervals import Periods, periods_of
from bot.storage.database import Database
from bot.storage.sessions import Window, read_window
from bot.storage.tables import bundle, delivery, from_ms, member, session

FRESH_TASKS = timedelta(hours=4)
MOST_WITH_TASKS = 400  # people: no assignments are read for larger questions
MOST_SKILL_REQUESTS = 20
NO_SUMMARY = SkillSummary()
# The values of `DeliveryKind` and `State`, which are in a room above.
NUDGE, ARRIVED = "nudge", ("sent", "posting")


class Mode(StrEnum):
    """How fresh and complete the data has to be."""

    QUESTION = "question"  # as fresh as possible while a person waits
    DUE = "due"  # fresh and complete: a scheduled message waits for that
    STORED = "stored"  # stored data only, without a request


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares questions. Raises ExecError if Exec is needed but unavailable, UserError and
    StorageError."""

    database: Database
    sync: SessionSync
    lists: Lists
    directory: Directory
    coaches: Coaches
    feedbacks: Feedbacks
    client: ExecClient
    clock: Callable[[], datetime]

    async def prepare(
        self,
        query: ResolvedQuery,
        zone: str,
        *,
        needs: frozenset[Need],
        feedback_on: FeedbackOn | None = None,
        sessions: bool = True,
        mode: Mode = Mode.QUESTION,
        now: datetime | None = None,
        end: datetime | None = None,
        periods: Periods | None = None,
    ) -> PreparedQuestion:
        """The question with everything that its figures are computed from.

        Without `sessions`, the sessions of the period aren't needed. `feedback_on` returns the
        sessions whose feedback is. `now` is the time of the question. `end` fixes the end of the
        window, so that pages agree. `periods` replace the period of the query.
        """
        now = now or self.clock()
        stored, away = await self._window(mode, end)
        prepared = PreparedQuestion(
            db=self.database,
            query=query,
            periods=periods or _periods(query, zone, now, min(now, stored.end)),
            stored=stored,
            subject=await self._subject(query, mode),
            away=away,
        )
        if sessions:
            prepared = await self._with_sessions(prepared, mode)
        prepared = await self._with_needs(prepared, needs, mode)
        return await self.with_answers_of_exec(prepared, needs, feedback_on, mode)

    async def _with_needs(
        self, prepared: PreparedQuestion, needs: frozenset[Need], mode: Mode
    ) -> PreparedQuestion:
        """With what the report needs apart from sessions."""
        query = prepared.query
        if Need.UNNAMED in needs:
            prepared = replace(prepared, unnamed=await self.coaches.unnamed())
        is_of_all = query.people is None and not query.groups
        if Need.EACH_GROUP in needs or (Need.GROUPS in needs and is_of_all):
            prepared = await self._with_groups(prepared, mode)
        if Need.TASKS in needs:
            prepared = await self._with_tasks(prepared, mode)
        return prepared

    # Sessions

    async def _window(self, mode: Mode, end: datetime | None) -> tuple[Window, Outage | None]:
        """The window, brought up to date unless `end` fixes it, and why Exec couldn't be asked."""
        error = None
        if mode is Mode.STORED or end is not None:
            window = await read_window(self.database)
        else:
            job = Purpose.DUE if mode is Mode.DUE else Purpose.ASKED
            window, error = await self.sync.freshen(job)
        if error is not None and (mode is Mode.DUE or window is None):
            raise error
        now = self.clock()
        stored = window or Window(now, now)
        if mode is Mode.DUE and now - stored.end > FRESH_IF_SPENT:
            raise NotRead("the newest sessions")
        return replace(stored, end=end or stored.end), away_for(error) if error else None

    async def _with_sessions(self, prepared: PreparedQuestion, mode: Mode) -> PreparedQuestion:
        """With sessions read directly from Exec, if the window doesn't have all of them."""
        if needs_exec(prepared.query):
            return await self._with_program_sessions(prepared, mode)
        if prepared.counted_since is not None:
            return await self._with_older_sessions(prepared, mode)
        return prepared

    async def _with_program_sessions(
        self, prepared: PreparedQuestion, mode: Mode
    ) -> PreparedQuestion:
        """With the sessions of a program, which only Exec knows."""
        if mode is Mode.STORED or prepared.away is not None:
            raise NotRead("the sessions of this program")
        ids = await read_direct(
            self.database, self.client, prepared.query, prepared.now, _job(mode)
        )
        if ids is None:
            raise UserError(
                "That's too many sessions of a program to read from Exec at once. Ask about fewer "
                "people or a shorter period, like `last 7d`."
            )
        return replace(prepared, ids=tuple(ids))

    async def _with_older_sessions(
        self, prepared: PreparedQuestion, mode: Mode
    ) -> PreparedQuestion:
        """With all sessions of a period that begins before the window; without, if they are too
        many or Exec can't be asked."""
        if mode is Mode.DUE:
            raise NotRead("the sessions of this period")
        if mode is Mode.STORED or prepared.away is not None:
            return prepared
        try:
            ids = await read_direct(
                self.database, self.client, prepared.query, prepared.now, Purpose.DIRECT
            )
        except ExecError as error:
            if prepared.stored.start == prepared.stored.end:
                raise
            return replace(prepared, away=away_for(error))
        return prepared if ids is None else replace(prepared, ids=tuple(ids))

    # People

    async def _subject(self, query: ResolvedQuery, mode: Mode) -> Subject:
        """The people in question, without Exec's own staff, and the coaches among them."""
        people: Iterable[Member]
        if query.groups:
            teams = await self._teams(query.groups, mode)
            people = frozenset[Member]().union(*teams.values())
            if query.people is not None:
                named = ids_of(query.people)
                people = [person for person in people if person.id in named]
        elif query.people is not None:
            people = query.people
        else:
            people = [person for person in await self.directory.members() if not person.is_system]
        chosen = people_by_id([person for person in people if person.id not in query.absent])
        return Subject(chosen, await self._coaches_among(query, chosen.keys()))

    async def _teams(self, ids: Collection[str], mode: Mode) -> dict[str, frozenset[Member]]:
        """These groups with their members. Raises NotRead in Mode.DUE if some are unknown."""
        if mode is not Mode.STORED:
            await self.lists.use_teams(ids, _job(mode))
        # Rights were checked before. For admins, an old list is better than none.
        max_age = ANY_AGE if mode is Mode.QUESTION else TEAM_MAX_AGE
        team = await self.directory.teams(ids, max_age)
        if mode is Mode.DUE and len(team) < len(ids):
            raise NotRead("the members of the group")
        return team

    async def _coaches_among(self, query: ResolvedQuery, ids: Set[str]) -> frozenset[str]:
        """The people in question who coach others among them."""
        if len(ids) < 2:
            return frozenset()
        coaches = [who for who in await self.coaches.listed() if who.id in ids]
        teams = await self.directory.teams({id_ for who in coaches for id_ in who.groups})
        ids_found = set()
        for coach in coaches:
            members = (member_id for id_ in coach.groups for member_id in teams.get(id_, ()))
            theirs = coach.people | ids_of(members) - {coach.id}
            if coach.groups & query.groups or theirs & ids:
                ids_found.add(coach.id)
        return frozenset(ids_found)

    async def _with_groups(self, prepared: PreparedQuestion, mode: Mode) -> PreparedQuestion:
        """With the groups in question, or all groups if it names none."""
        asked = prepared.query.groups
        listed = [
            group
            for group in await self.directory.items(Kind.GROUP)
            if not asked or group.id in asked
        ]
        ids = [group.id for group in listed]
        away, absent = prepared.away, frozenset(prepared.query.absent)
        if mode is not Mode.STORED and away is None:
            try:
                await self.lists.use_teams(ids)
            except ExecError as error:
                away = away_for(error)
        teams = await self.directory.teams(ids)
        groups = []
        for group in listed:
            inside = ids_of(teams.get(group.id, ()))
            # Not groups that the question leaves out; groups that are empty in Exec stay.
            if group.id in teams and (inside - absent or not inside):
                groups.append(Group(group.id, group.name, inside - absent))
        unknown = len(ids) - len(teams)
        return replace(prepared, groups=tuple(groups), groups_unknown=unknown, away=away)

    async def with_own_groups(
        self, prepared: PreparedQuestion, ids: Collection[str]
    ) -> PreparedQuestion:
        """With the groups of an asker who sees only counts of them."""
        teams = await self.directory.teams(ids, ANY_AGE)
        own = tuple(
            Group(group.id, group.name, ids_of(teams[group.id]))
            for group in await self.directory.items(Kind.GROUP)
            if group.id in teams
        )
        return replace(prepared, groups=own)

    # Assignments

    async def _with_tasks(self, prepared: PreparedQuestion, mode: Mode) -> PreparedQuestion:
        """With the time when the oldest assignments of the people in question were read."""
        ids, away = prepared.subject.people.keys(), prepared.away
        max_age = ASSIGNMENTS_AGE_OF_ONE if len(ids) == 1 else ASSIGNMENTS_AGE
        if mode is Mode.DUE:
            max_age = min(max_age, FRESH_TASKS)
        if mode is not Mode.STORED and away is None and len(ids) <= MOST_WITH_TASKS:
            try:
                await self.lists.use_assignments(ids, max_age, _job(mode))
            except ExecError as error:
                if mode is Mode.DUE and isinstance(error, Limited):
                    raise
                away = away_for(error)
        at = member.c.assignments_at
        known = sa.select(sa.func.min(at), sa.func.count(at)).where(member.c.id.in_(ids))
        row = await self.database.row(known)
        tasks_at = row[0] if row is not None and row[1] == len(ids) else None
        return replace(prepared, tasks_at=tasks_at, away=away)

    # Skills and feedback

    async def with_answers_of_exec(
        self,
        prepared: PreparedQuestion,
        needs: frozenset[Need],
        feedback_on: FeedbackOn | None,
        mode: Mode,
    ) -> PreparedQuestion:
        """With what Exec is asked for each answer: scores by skill, and feedback."""
        if Need.SKILLS in needs:
            prepared = await self._with_skills(prepared, mode)
        if feedback_on is None:
            return prepared
        attempts = await feedback_on(prepared)
        details = [detail for detail, _ in await self.feedbacks.of_several(attempts, _job(mode))]
        return replace(prepared, attempts=tuple(attempts), feedback=tuple(details))

    async def _with_skills(self, prepared: PreparedQuestion, mode: Mode) -> PreparedQuestion:
        """With Exec's scores: one request for the workspace, or one per skill and 100 people.

        Raises UserError if that takes too many requests or leaves out a scenario.
        """
        query, job = prepared.query, _job(mode)
        if query.excluded_scenarios:
            raise UserError(
                "Exec's skill scores always cover all scenarios. Leave out the exclusion."
            )
        wanted = {name.id for name in query.names if name.kind is Kind.SKILL}
        if query.people is None and not (query.groups or query.absent):
            scores = [
                SkillScores(skill.name or skill.id, summary=skill.proficiency_summary or NO_SUMMARY)
                for skill in await read_skills(self.client, job)
                if not wanted or skill.id in wanted
            ]
        else:
            scores = await self._scores_of_people(prepared, wanted, job)
        return replace(prepared, skills=tuple(scores))

    async def _scores_of_people(
        self, prepared: PreparedQuestion, wanted: Set[str], job: Purpose
    ) -> list[SkillScores]:
        """The scores of the people in question at these skills, or at all."""
        rows = await self.database.rows(sa.select(bundle).where(bundle.c.kind == Kind.SKILL.value))
        skills = [row for row in rows if not wanted or row.id in wanted]
        people, with_system = [*prepared.subject.people], prepared.query.include_system
        if len(skills) * requests_for(people) > MOST_SKILL_REQUESTS:
            raise UserError(
                "That takes too many requests, because Exec has one skill at a time. Ask about one "
                "skill, or about fewer people."
            )
        scores = []
        for skill in skills:
            own = await read_proficiency(
                self.client, skill.id, people, job, with_system=with_system
            )
            scores.append(SkillScores(skill.name, tuple(own)))
        return scores


async def with_nudges(prepared: PreparedQuestion, user_id: str) -> PreparedQuestion:
    """With the newest nudge to each person that an account sent since the period began."""
    c = delivery.c
    after = session.c.created_at > sa.type_coerce(c.planned_at, sa.BigInteger)
    query = (
        sa.select(c.about, c.planned_at, sa.func.min(session.c.created_at))
        .outerjoin(session, sa.and_(session.c.member_id == c.about, after))
        .where(
            c.kind == NUDGE,
            c.owner_id == user_id,
            c.state.in_(ARRIVED),
            c.planned_at >= prepared.interval.start,
        )
        .group_by(c.about, c.planned_at)
        .order_by(c.planned_at)
    )
    nudges = {
        id_: LastNudge(at, None if practiced is None else from_ms(practiced))
        for id_, at, practiced in await prepared.db.rows(query)
    }
    return replace(prepared, nudges=nudges)


def _job(mode: Mode) -> Purpose:
    return Purpose.DUE if mode is Mode.DUE else Purpose.PEOPLE


def _periods(query: ResolvedQuery, zone: str, now: datetime, until: datetime) -> Periods:
    """The period of a question. A rolling one is moved to end at the window's last full minute, so
    that its figures don't change with every second."""
    period = query.period
    if period is not None and period.closed and period.start is not None:
        start = period.start - (now - until.replace(second=0, microsecond=0))
        period = replace(period, start=start)
    return periods_of(period, zone, now)


def away_for(error: ExecError) -> Outage:
    """Why Exec couldn't be asked."""
    match error:
        case Limited():
            return Outage("limited", error.until)
        case WrongKey():
            return Outage("key")
        case _:
            return Outage("unreachable")
