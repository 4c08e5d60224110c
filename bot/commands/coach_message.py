"""A coach's message about their people, and what stands behind its buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import access
from bot.access import Asker
from bot.commands.praise_places import PraisePlaces
from bot.errors import NotAllowed, NotFound, TooOld
from bot.exec_api.purposes import DUE, QUESTION
from bot.gather.facts import Gather, Gathered, TasksAge, if_older
from bot.gather.windows import last_days, period_of, today, window_of, window_over
from bot.language.query import Member, ResolvedQuery
from bot.mirror.sessions import ReadOptions
from bot.outbox.deliveries import Delivery
from bot.outbox.plans import COACH, Plan, Subscription
from bot.outbox.reasons import Why
from bot.people.audit import Audit, Door, Look
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.people import People
from bot.rendering.coach_views import CoachView, NudgeView, PersonView
from bot.rendering.digest_views import DetailsView
from bot.rendering.praise_views import PraiseOffer
from bot.reports.coach import REPORT, CoachReport
from bot.reports.each_person import each_person
from bot.reports.findings import Excused
from bot.reports.intervals import Interval, Window
from bot.reports.praise import feat
from bot.reports.tasks import tasks_of
from bot.storage.handles import Handles, Person, Praise


@dataclass(frozen=True, slots=True)
class Told:
    """The report on a coach's people, and what it was made from.

    `roster_as_of`, when Exec last said who is in a group of theirs, is None where that is as recent
    as the sessions. `is_member`: the coach is in a group of theirs; `left` others were in one when
    the window ended, and are no longer.
    """

    report: CoachReport
    gathered: Gathered
    roster_as_of: datetime | None
    is_member: bool
    left: int

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of all whom it is about: of who is not named it says as much."""
        return frozenset(each.id for each in self.gathered.facts.people)


@dataclass(frozen=True, slots=True)
class CoachReports:
    """All raise ExecError when Exec is needed and away, SlackError and StorageError."""

    people: People
    catalogue: Catalogue
    coaching: Coaching
    gather: Gather
    audit: Audit
    handles: Handles
    places: PraisePlaces
    clock: Callable[[], datetime]

    async def build(self, one: Subscription, delivery: Delivery) -> CoachView | Why:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        late = delivery.at if delivery.is_late(self.clock()) else None
        window = window_of(one.plan, delivery, self.clock())
        told = await self.told(asker, window, tasks="fresh")
        if isinstance(told, Why):
            return told
        await self.audit.note(Look(delivery.id, asker, COACH, Door.CLOCK, told.named))
        return await self.view(asker, told, delivery.id, late)

    async def preview(self, asker: Asker, plan: Plan) -> CoachView | Why:
        """What the message would say now; only for its owner."""
        told = await self.told(asker, window_of(plan, None, self.clock()))
        if isinstance(told, Why):
            return told
        await self.audit.note_of_day(Look("coach", asker, COACH, Door.BUTTON, told.named))
        return await self.view(asker, told, None)

    async def told(self, asker: Asker, window: Window, tasks: TasksAge = "usual") -> Told | Why:
        """The report on the people of a coach, or why there is none. With `tasks` "held" Exec is
        asked for names only: it is as true as what is held; with "fresh" it is a message that is
        due."""
        if asker.member is None:
            return Why.NOT_IN_EXEC
        ask_exec, purpose = tasks != "held", DUE if tasks == "fresh" else QUESTION
        coach = await self.coaching.coaches.of(asker.member.id)
        # Where a group can't be read the message waits: sent without its people it would be wrong.
        rosters = await self.coaching.rosters.of(coach.groups, purpose=purpose, ask_exec=ask_exec)
        ids = await self.coaching.coached(asker, purpose=purpose, ask_exec=ask_exec)
        people = await self._members(ids)
        if not people:
            return Why.EMPTY_GROUP if coach.groups else Why.NO_PEOPLE
        excused = Excused(
            joined=await self.coaching.rosters.joined_since(
                window.interval.start, groups=coach.groups, named=coach.people
            ),
            snoozed=frozenset(await self.coaching.coaches.snoozed(coach.id)),
            removed=frozenset(each.id for each in people if not access.is_present(each)),
        )
        if ask_exec:
            await self.gather.hold(window, purpose)
            options = ReadOptions(everything=True, needs_exec=True, purpose=purpose)
            gathered = await self._gathered(people, window.interval, window, options, tasks)
        else:
            gathered = await self._held(people, window)
        facts = replace(gathered.facts, excused=excused)
        then = (each.membership.at(window.interval.end) for each in rosters.values())
        oldest_roster = min((each.as_of for each in rosters.values()), default=None)
        return Told(
            report=await asyncio.to_thread(REPORT.figures, facts),
            gathered=gathered,
            roster_as_of=if_older(oldest_roster, gathered.reading.as_of),
            is_member=any(coach.id in roster.people for roster in rosters.values()),
            left=len(frozenset().union(*then) - ids - {coach.id}),
        )

    async def _gathered(
        self,
        people: tuple[Member, ...],
        interval: Interval,
        window: Window,
        options: ReadOptions,
        tasks: TasksAge = "usual",
    ) -> Gathered:
        return await self.gather.facts(
            ResolvedQuery(people, period=period_of(interval, window.zone)),
            REPORT.needs,
            options,
            zone=window.zone,
            now=window.now,
            tasks=tasks,
        )

    async def _held(self, people: tuple[Member, ...], window: Window) -> Gathered:
        # Up to now: how true it is does not end with the window.
        up_to_now = Interval(window.interval.start, today(window.zone, window.now).end)
        gathered = await self.gather.held(
            ResolvedQuery(people, period=period_of(up_to_now, window.zone)),
            REPORT.needs,
            zone=window.zone,
            purpose=QUESTION,
            tasks="held",
        )
        return replace(gathered, facts=replace(gathered.facts, window=window))

    async def everyone(
        self, asker: Asker, one: Subscription, delivery: Delivery | None, id_: str
    ) -> DetailsView | Why:
        """All people of a coach with their figures, by what is held now."""
        told = await self.told(asker, window_of(one.plan, delivery, self.clock()))
        if isinstance(told, Why):
            return told
        window, facts = told.report.window, told.gathered.facts
        await self.audit.note_of_day(Look("coach", asker, COACH, Door.BUTTON, told.named))
        return DetailsView(
            pages="coach.everyone",
            id=id_,
            title="Your people",
            window=window,
            people=await asyncio.to_thread(
                each_person, facts.people, facts.all_rows, window.interval, since=facts.since
            ),
            as_of=told.gathered.reading.as_of,
            checked_at=told.gathered.reading.checked_at,
            handles=await self._handles(asker, facts.people, window),
        )

    async def person(self, asker: Asker, id_: str, handle: Person) -> PersonView:
        """One person with what the report says of them; `id_` is the handle's. Raises NotFound,
        NotAllowed."""
        person = await self.member(asker, handle)
        window = window_over(interval_of(handle), handle.zone, self.clock())
        options = ReadOptions(everything=True, needs_exec=True)
        facts = (await self._gathered((person,), window.interval, window, options)).facts
        talks = REPORT.figures(facts).conversations
        (figures,) = each_person([person], facts.all_rows, window.interval, since=facts.since)
        await self._note(asker, person)
        return PersonView(id_, figures, talks[0] if talks else None, window)

    async def nudge(self, asker: Asker, person: Member, zone: str) -> NudgeView:
        """A friendly word to `person` that names the asker. Raises NotFound for who has left."""
        if not access.is_present(person):
            raise NotFound("*{name}* is not in Exec any more.", name=person.name)
        now = self.clock()
        window = last_days(zone, now)
        up_to_now = Interval(window.interval.start, today(zone, now).end)
        options = ReadOptions(everything=True, needs_exec=True)
        facts = (await self._gathered((person,), up_to_now, window, options)).facts
        tasks = tasks_of(facts.tasks or (), {person.id: person}, now, zone, facts.links)
        await self._note(asker, person)
        return NudgeView(
            coach=asker.name,
            person=person.name,
            overdue=tasks.overdue,
            due=tasks.due,
            last=max((row.created_at for row in facts.all_rows), default=None),
            since=facts.since,
            zone=zone,
            now=now,
        )

    async def member(self, asker: Asker, handle: Person | Praise) -> Member:
        """The person a handle means, if the asker may see them. Raises NotFound, NotAllowed."""
        visibility = await self.coaching.visibility(asker)
        person = await self.catalogue.person(id_=handle.person_id, ask_exec=False)
        if person is None:
            raise TooOld
        if not visibility.covers((person,)):
            if visibility.unsure:
                raise access.refuse("the person this was about", visibility)
            raise NotAllowed("I can't show you the person this was about any more.")
        return person

    async def _note(self, asker: Asker, person: Member) -> None:
        look = Look(f"person {person.id}", asker, COACH, Door.BUTTON, frozenset((person.id,)))
        await self.audit.note_of_day(look)

    async def _handles(
        self, asker: Asker, people: Iterable[Member], window: Window
    ) -> dict[str, str]:
        """The id of a handle for each person, by their Exec id. Raises StorageError."""
        ids = tuple(dict.fromkeys(person.id for person in people))
        start, end = window.interval.start, window.interval.end
        handles = (Person(id_, start, end, window.zone) for id_ in ids)
        kept = await self.handles.keep(asker.team_id, asker.user_id, *handles)
        return dict(zip(ids, kept, strict=True))

    async def view(
        self, asker: Asker, told: Told, id_: str | None, late: datetime | None = None
    ) -> CoachView:
        """How the coach reads the report; with an id, its buttons work. Raises SlackError."""
        report = told.report
        handles: dict[str, str] = {}
        praise: dict[str, PraiseOffer] = {}
        unnamed = await self.coaching.coaches.unnamed({each.person.id for each in report.praised})
        if id_ is not None:
            spoken_of = [talk.person for talk in report.conversations]
            praised = [each.person for each in report.praised]
            handles = await self._handles(asker, [*spoken_of, *praised], report.window)
            praise = await self._offers(asker, report, unnamed)
        return CoachView(
            id=id_,
            report=report,
            as_of=told.gathered.reading.as_of,
            handles=handles,
            late=late,
            tasks_as_of=told.gathered.reading.tasks_as_of,
            checked_at=told.gathered.reading.checked_at,
            roster_as_of=told.roster_as_of,
            is_member=told.is_member,
            left=told.left,
            praise=praise,
            unnamed=unnamed,
        )

    async def _offers(
        self, asker: Asker, report: CoachReport, unnamed: Collection[str]
    ) -> dict[str, PraiseOffer]:
        """What offers to praise people in a channel, by their Exec ids; not who hides their
        name."""
        feats = {
            person_id: found
            for person_id in {each.person.id for each in report.praised}.difference(unnamed)
            if (found := feat(each for each in report.praised if each.person.id == person_id))
        }
        places = await self.places.of(asker, feats)
        only = {id_: found[0] for id_, found in places.items() if len(found) == 1}
        names = {place: await self.places.name(place) for place in set(only.values())}
        known = {id_: place for id_, place in only.items() if names[place]}
        kept = await self.handles.keep(
            asker.team_id,
            asker.user_id,
            *(
                Praise(id_, known.get(id_, ""), one.what.value, one.scenario, one.number)
                for id_, one in feats.items()
            ),
        )
        return {
            id_: PraiseOffer(handle, names.get(known.get(id_, ""), ""))
            for id_, handle in zip(feats, kept, strict=True)
        }

    async def _members(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, as they are called; also who has left. Exec's own staff
        are not among them, whoever gave them to a coach."""
        found = {each.id: each for each in await self.catalogue.members() if each.id in ids}
        if found.keys() != ids:
            removed = await self.catalogue.directory.removed()
            found = {each.id: each for each in removed if each.id in ids} | found
        return tuple(each for each in found.values() if not each.is_system)


def interval_of(handle: Person) -> Interval:
    """The period that was reported on."""
    return Interval(handle.start, handle.end)
