"""What a coach reads about their people: in the message, in an answer, in their Home tab."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access import Asker
from bot.errors import NotRead
from bot.exec_api.budget import Job
from bot.language.query import Member, ResolvedQuery
from bot.messages.render import Draft, draft
from bot.messages.tables import truncated
from bot.outbox.deliveries import Deliveries, Delivery, State
from bot.outbox.due import window_of
from bot.outbox.plans import COACH, Subscription
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.prepare import Mode, Preparer
from bot.reports import coach
from bot.reports._asked import Asked
from bot.reports._figures import last_sessions, tally_all
from bot.reports.intervals import Interval, Window, moved, period_of, window_over
from bot.storage.buttons import Buttons, Person

# A message says of a person that they improve or slip once in so many days.
COURSE_AGAIN_DAYS = 28
MOST_NAMED = 8  # people of a line
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The figures on a coach's people, and the question they answer."""

    asked: Asked
    figures: coach.People

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of everybody it is about: it says as much of people it doesn't name."""
        return frozenset(self.asked.subject.people)


@dataclass(frozen=True, slots=True)
class CoachReports:
    """All raise ExecError if Exec is needed and away, SlackError and StorageError."""

    people: People
    directory: Directory
    coaching: Coaching
    preparer: Preparer
    audit: Audit
    buttons: Buttons
    deliveries: Deliveries
    clock: Callable[[], datetime]

    # The message

    async def build(self, one: Subscription, delivery: Delivery) -> Draft | NotSentReason:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        late = delivery.at if delivery.is_late(self.clock()) else None
        window = window_of(one.plan, delivery, self.clock())
        said = await self._said_lately(one, delivery.at)
        found = await self.report_for(asker, window, Mode.DUE, said)
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note(Look(asker, COACH, found.named))
        is_same = await self._is_same(one, delivery, found.figures)
        return await self.message(asker, found, delivery.id, late=late, is_same=is_same)

    async def preview(self, asker: Asker, one: Subscription) -> Draft | NotSentReason:
        """What the message would say now; only for its owner."""
        window = window_of(one.plan, None, self.clock())
        said = await self._said_lately(one, self.clock())
        found = await self.report_for(asker, window, said=said)
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note(Look(asker, COACH, found.named))
        return await self.message(asker, found, None)

    async def _said_lately(self, one: Subscription, at: datetime) -> frozenset[str]:
        """The people who improve or slip by what the messages of the four weeks before say."""
        since = moved(at, -COURSE_AGAIN_DAYS, one.plan.zone)
        facts = [fact.split(" ") for fact in await self.deliveries.reported(one.id, since + MOMENT)]
        return frozenset(id_ for id_, mark in facts if mark == _mark(one, id_, coach.COURSE))

    async def _is_same(self, one: Subscription, delivery: Delivery, found: coach.People) -> bool:
        """Whether the last sent message said all that this one says. Stores what this one says."""
        facts = [
            f"{row.member_id} {_mark(one, row.member_id, fact)}"
            for row in found.rows
            for fact in row.facts
        ]
        await self.deliveries.keep_reported(delivery, json.dumps(facts))
        last = (await self.deliveries.last((one.id,), (State.SENT,))).get(one.id)
        before = json.loads(last.reported or "[]") if last is not None else []
        return bool(facts) and set(facts) <= set(before)

    async def message(
        self,
        asker: Asker,
        found: PeopleReport,
        id_: str | None,
        *,
        late: datetime | None = None,
        is_same: bool = False,
    ) -> Draft:
        """How the coach reads the figures.

        `id_` is what its buttons carry, "" in an answer, which nothing sends again, and None in a
        preview, which has no buttons. If it `is_same` as the last one, everybody is in one line.
        """
        f, q = found.figures, found.asked
        lines = [truncated(each, MOST_NAMED) for each in ((f.rows,) if is_same else f.lines)]
        named = [row.member_id for line in lines for row in line.shown]
        handles = {} if id_ is None else await self._handles(asker, named, q)
        return draft(
            "coach", id=id_, f=f, q=q, lines=lines, handles=handles, late=late, is_same=is_same
        )

    # Figures

    async def report_for(
        self,
        asker: Asker,
        window: Window,
        mode: Mode = Mode.QUESTION,
        said: frozenset[str] = frozenset(),
    ) -> PeopleReport | NotSentReason:
        """The figures on the people of a coach, or why there are none."""
        if asker.member is None:
            return NotSentReason.NOT_IN_EXEC
        has = await self.coaching.coach(asker)
        if mode is not Mode.STORED:
            job = Job.DUE if mode is Mode.DUE else Job.PEOPLE
            await self.preparer.lists.use_teams(has.groups, job)
        teams = await self.directory.teams(has.groups)
        if mode is not Mode.STORED and len(teams) < len(has.groups):
            # Without the people of a group it would be wrong.
            raise NotRead("who is in your groups")
        people = await self._members(await self.coaching.coached(asker))
        if not people:
            return NotSentReason.EMPTY_GROUP if has.groups else NotSentReason.NO_PEOPLE
        if any(has.id in each.people for each in teams.values()):
            people = (*people, asker.member)
        asked = await self._asked(people, window, mode)
        return PeopleReport(asked, await coach.figures(asked, coach=has.id, said=said))

    async def person(self, asker: Asker, id_: str, handle: Person) -> Draft:
        """A person with what there is to say of them; `id_` is the handle's. Raises NotFound,
        NotAllowed."""
        person = await self.coaching.person(asker, handle.person_id)
        window = window_over(Interval(handle.start, handle.end), handle.zone, self.clock())
        asked = await self._asked((person,), window, Mode.QUESTION)
        found = await coach.figures(asked, coach=asker.member.id if asker.member else "")
        seen = await self.coaching.reach(asker)
        (told,) = await self.directory.apart((person,), lambda one: seen.covers((one,)))
        await self.audit.note(Look(asker, COACH, frozenset((person.id,))))
        return draft(
            "coach_person",
            id=id_,
            who=told.name,
            row=next(iter(found.rows), None),
            sums=await tally_all(asked.db, asked.filters()),
            last=(await last_sessions(asked.db, asked.all_attempts())).get(person.id),
            q=asked,
        )

    async def _asked(self, people: tuple[Member, ...], window: Window, mode: Mode) -> Asked:
        query = ResolvedQuery(people, period=period_of(window.interval, window.zone))
        return await self.preparer.prepare(
            query,
            window.zone,
            needs=coach.REPORT.needs,
            mode=mode,
            now=window.now,
            periods=window,
        )

    async def _handles(self, asker: Asker, ids: Collection[str], q: Asked) -> dict[str, str]:
        """The id of a handle for each person, by their Exec id."""
        start, end = q.interval.start, q.interval.end
        handles = (Person.over(id_, start, end, q.zone) for id_ in ids)
        kept = await self.buttons.add(asker.team_id, asker.user_id, *handles)
        return dict(zip(ids, kept, strict=True))

    async def _members(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, those who left too, without Exec's own staff."""
        return tuple(each for each in await self.directory.people(ids) if not each.is_system)


def _mark(one: Subscription, id_: str, fact: str) -> str:
    """What is stored of a fact about a person: enough to recognize it, and no more."""
    return hashlib.sha256(f"{one.id} {id_} {fact}".encode()).hexdigest()
