"""What a coach reads of their people: in the message, in an answer, in their Home tab."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import access
from bot.access import Asker
from bot.errors import NotRead
from bot.exec_api.budget import Job
from bot.facts import Mode, ReadFacts, Sources, if_older
from bot.language.query import Member, ResolvedQuery
from bot.outbox.deliveries import Deliveries, Delivery, State
from bot.outbox.due import window_of
from bot.outbox.plans import COACH, Subscription
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.rendering.coach_views import CoachView, PersonView
from bot.rendering.digest_views import DetailsView
from bot.reports.coach import CoachReport, coach_figures
from bot.reports.conversations import outcomes
from bot.reports.each_person import each_person
from bot.reports.facts import Practice
from bot.reports.findings import Nudged
from bot.reports.freshness import Freshness
from bot.reports.intervals import Interval, Window, period_of, today, window_over
from bot.storage.buttons import Buttons, Person

# Of what is stored up to then nobody is told that there was nothing since.
UP_TO_DATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The report on a coach's people, and what it was made from.

    `is_member`: the coach is in a group of theirs.
    """

    report: CoachReport
    people: tuple[Member, ...]
    practice: Practice
    freshness: Freshness
    is_member: bool

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of all whom it is about: of who is not named it says as much."""
        return frozenset(each.id for each in self.people)


@dataclass(frozen=True, slots=True)
class CoachReports:
    """All raise ExecError when Exec is needed and away, SlackError and StorageError."""

    people: People
    directory: Directory
    coaching: Coaching
    sources: Sources
    audit: Audit
    buttons: Buttons
    deliveries: Deliveries
    clock: Callable[[], datetime]

    async def build(self, one: Subscription, delivery: Delivery) -> CoachView | NotSentReason:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        late = delivery.at if delivery.is_late(self.clock()) else None
        window = window_of(one.plan, delivery, self.clock())
        found = await self.report_for(asker, window, "due")
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note(Look(asker, COACH, found.named))
        is_same = await self._is_same(one, delivery, found.report)
        return await self.view(asker, found, delivery.id, late, is_same=is_same)

    async def _is_same(self, one: Subscription, delivery: Delivery, report: CoachReport) -> bool:
        """Whether the last sent message said all that this one says. Stores what this one says, as
        person ids and hashes."""
        reported = [
            f"{talk.person.id} {hashlib.sha256(f'{one.id} {talk.standing}'.encode()).hexdigest()}"
            for talk in report.conversations
        ]
        await self.deliveries.keep_reported(delivery, json.dumps(reported))
        last = (await self.deliveries.last((one.id,), (State.SENT,))).get(one.id)
        before = json.loads(last.reported or "[]") if last is not None else []
        return bool(reported) and set(reported) <= set(before)

    async def preview(self, asker: Asker, one: Subscription) -> CoachView | NotSentReason:
        """What the message would say now; only for its owner."""
        found = await self.report_for(asker, window_of(one.plan, None, self.clock()))
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note(Look(asker, COACH, found.named))
        return await self.view(asker, found, None)

    async def report_for(
        self, asker: Asker, window: Window, mode: Mode = "question"
    ) -> PeopleReport | NotSentReason:
        """The report on the people of a coach, or why there is none."""
        if asker.member is None:
            return NotSentReason.NOT_IN_EXEC
        coach = await self.coaching.coach(asker)
        if mode != "stored":
            job = Job.DUE if mode == "due" else Job.PEOPLE
            await self.sources.lists.use_teams(coach.groups, job)
        teams = await self.directory.teams(coach.groups)
        if mode != "stored" and len(teams) < len(coach.groups):
            # Without the people of a group it would be wrong.
            raise NotRead("who is in your groups")
        ids = await self.coaching.coached(asker)
        people = await self._members(ids)
        if not people:
            return NotSentReason.EMPTY_GROUP if coach.groups else NotSentReason.NO_PEOPLE
        joined = await self.directory.joined_since(window.interval.start)
        removed = frozenset(each.id for each in people if not access.is_present(each))
        if mode == "stored":
            facts, told = self._stored_facts(people, window.interval.start, window), window
        else:
            facts, told = self._facts(people, window, mode), None
        nudged = await self._nudged(coach.id, people, window)
        report = await coach_figures(facts, told, joined, removed, nudged)
        oldest = min((each.as_of for each in teams.values()), default=None)
        return PeopleReport(
            report=report,
            people=people,
            practice=await facts.sessions(of_people=True, before=True),
            freshness=replace(facts.freshness, roster_as_of=if_older(oldest, facts.as_of)),
            is_member=any(coach.id in each.people for each in teams.values()),
        )

    def _facts(
        self, people: tuple[Member, ...], window: Window, mode: Mode = "question"
    ) -> ReadFacts:
        query = ResolvedQuery(people, period=period_of(window.interval, window.zone))
        return ReadFacts(self.sources, query, window.zone, mode, now=window.now)

    async def _nudged(
        self, coach_id: str, people: tuple[Member, ...], window: Window
    ) -> dict[str, Nudged]:
        """What came of the coach's nudges, by the Exec ids of people, as far as it is stored."""
        nudges = await self.coaching.coaches.nudges(coach_id)
        theirs = tuple(each for each in people if each.id in nudges)
        if not theirs:
            return {}
        first = min(nudges[each.id] for each in theirs)
        facts = self._stored_facts(theirs, first, window)
        practice = await facts.sessions(of_people=True, before=True)
        own = {each.id: nudges[each.id] for each in theirs}
        is_up_to_date = window.now - facts.as_of < UP_TO_DATE
        known_to = facts.as_of if is_up_to_date else None
        return outcomes(own, practice.all_rows, practice.since, known_to)

    def _stored_facts(
        self, people: tuple[Member, ...], start: datetime, window: Window
    ) -> ReadFacts:
        # Up to now: how true it is does not end with the window.
        up_to_now = Interval(start, today(window.zone, window.now).end)
        query = ResolvedQuery(people, period=period_of(up_to_now, window.zone))
        return ReadFacts(self.sources, query, window.zone, "stored")

    async def everyone(
        self, asker: Asker, window: Window, id_: str, start: int
    ) -> DetailsView | NotSentReason:
        """All people of a coach with their figures, from a row on; its buttons carry `id_`."""
        found = await self.report_for(asker, window)
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note(Look(asker, COACH, found.named))
        return DetailsView(
            id=id_,
            pages="coach.everyone",
            title="Your people",
            window=window,
            people=await asyncio.to_thread(
                each_person,
                found.people,
                found.practice.all_rows,
                window.interval,
                since=found.practice.since,
            ),
            freshness=found.freshness,
            start=start,
            handles=await self._handles(asker, found.people, window),
        )

    async def person(self, asker: Asker, id_: str, handle: Person) -> PersonView:
        """One person with what the report says of them; `id_` is the handle's. Raises NotFound,
        NotAllowed."""
        person = await self.coaching.person(asker, handle.person_id)
        window = window_over(Interval(handle.start, handle.end), handle.zone, self.clock())
        facts = self._facts((person,), window)
        talks = (await coach_figures(facts)).conversations
        practice = await facts.sessions(of_people=True, before=True)
        rows, since = practice.all_rows, practice.since
        (figures,) = each_person([person], rows, window.interval, since=since)
        await self.audit.note(Look(asker, COACH, frozenset((person.id,))))
        return PersonView(id_, figures, talks[0] if talks else None, window)

    async def _handles(
        self, asker: Asker, people: Iterable[Member], window: Window
    ) -> dict[str, str]:
        """The id of a handle for each person, by their Exec id. Raises StorageError."""
        ids = tuple(dict.fromkeys(person.id for person in people))
        start, end = window.interval.start, window.interval.end
        handles = (Person.over(id_, start, end, window.zone) for id_ in ids)
        kept = await self.buttons.add(asker.team_id, asker.user_id, *handles)
        return dict(zip(ids, kept, strict=True))

    async def view(
        self,
        asker: Asker,
        found: PeopleReport,
        id_: str | None,
        late: datetime | None = None,
        *,
        is_same: bool = False,
    ) -> CoachView:
        """How the coach reads the report; with an id, its buttons work. Raises SlackError."""
        report = found.report
        view = CoachView(
            id=id_,
            report=report,
            freshness=found.freshness,
            late=late,
            is_member=found.is_member,
            is_same=is_same,
        )
        if id_ is None:
            return view
        named = [talk.person for talk in view.named]
        return replace(view, handles=await self._handles(asker, named, report.window))

    async def _members(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, as they are called; also who has left. Exec's own staff
        are not among them, whoever gave them to a coach."""
        found = {each.id: each for each in await self.directory.members() if each.id in ids}
        if found.keys() != ids:
            removed = await self.directory.removed()
            found = {each.id: each for each in removed if each.id in ids} | found
        return tuple(each for each in found.values() if not each.is_system)
