"""A coach's message about their people, what stands behind its buttons, and `/exec coach …`: who
coaches whom, for admins, and when a coach's own message comes.

Rights are judged at every press: a message may be months old.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from bot import access
from bot.access import AccountType, Asker
from bot.answer import Answerer, Request
from bot.button_values import ButtonValues
from bot.env import Env
from bot.errors import (
    NotAllowed,
    NotFound,
    Pattern,
    Sentence,
    SlackError,
    Suggestion,
    UserError,
)
from bot.exec_api.budget import DUE, QUESTION
from bot.facts import ReadFacts, Sources, TasksAge, if_older
from bot.features import Button, Command, Errors, Feature, Filled, FormHandler, Press, Shows
from bot.language.days import day_start, zone_of
from bot.language.phrases import STOP, TALK
from bot.language.query import Kind as NameKind
from bot.language.query import Member, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.schedule_words import spoken_schedule
from bot.language.until import day_words, until_day
from bot.language.words import query_words
from bot.mirror.sessions import ReadOptions
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import Deliveries, Delivery, State
from bot.outbox.due import schedule_of, window_of
from bot.outbox.own_messages import GONE, USUAL, WAYS, OwnMessages
from bot.outbox.plans import COACH, Subscription
from bot.outbox.reasons import NotSentReason, shown
from bot.people.accounts import People
from bot.people.audit import Audit, Door, Look
from bot.people.catalogue import Catalogue
from bot.people.coach_names import CoachNames, Given
from bot.people.coaches import Coaches, Coaching
from bot.rendering.coach_views import (
    CoachAddedView,
    CoachesView,
    CoachLine,
    CoachView,
    PersonView,
    SnoozeView,
)
from bot.rendering.digest_views import DetailsView
from bot.rendering.messages import View
from bot.rendering.praise_views import PraiseOffer
from bot.rendering.subscription_views import Done
from bot.rendering.views import ADMINS, COACHES, AnswerView, HelpLine, NoticeView, notice
from bot.reports.coach import CoachReport, coach_figures
from bot.reports.conversations import outcomes
from bot.reports.each_person import each_person
from bot.reports.facts import Practice
from bot.reports.findings import Best, Excused, Gold, Nudged
from bot.reports.freshness import Freshness
from bot.reports.intervals import Interval, Window, last_days, period_of, today, window_over
from bot.reports.prep import REPORT as PREP
from bot.reports.table import SESSIONS
from bot.slack.modals import Modals, values_of
from bot.slack.payloads import page_position
from bot.slack.web import SlackUser
from bot.storage.handles import Handles, Person, Snooze, Stored
from bot.storage.learned import Learned
from bot.storage.payloads import Payload

# What offers to praise people in a channel, by their Exec ids, of what is worth praise; not who
# hides their name.
Offers: TypeAlias = Callable[
    [Asker, Iterable[Gold | Best], Collection[str]], Awaitable[dict[str, PraiseOffer]]
]
LINES = (
    HelpLine(
        ('coach add @ana "West Coast" @jane', "coach remove @ana", "coach list"),
        Pattern("Admins: who sees and coaches whom."),
        "coach list",
        ADMINS,
    ),
    HelpLine(
        ("coach digest [when]",),
        Pattern(
            "Coaches: when your message about your people comes, with `pause`, `resume`, "
            "`snooze 2026-04-01` and `stop`."
        ),
        "coach digest every monday 8:30",
        COACHES,
    ),
)
USAGE = (
    'Write it like this: `{command} coach add @ana "West Coast"`, `{command} coach remove @ana`, '
    "`{command} coach list`, or for yourself `{command} coach digest every monday 8:30`."
)
OFF = {"stop", "off", "pause"}
SNOOZE = "snooze"
ON = {"resume", "on", "start"}
SHOW_COACHES = (Suggestion("Show the coaches", "coach list"),)
LAST_ONES = 5  # sessions of somebody who had none in the time of a message
USUAL_DAYS = 14  # that a snooze takes
EVER = timedelta(days=3650)
# Of what is stored up to then nobody is told that there was nothing since.
UP_TO_DATE = timedelta(hours=1)
BLOCK = "until"
# Words that narrow no list of the people to talk to now.
NOW = frozenset(("", "my people", "today", "this week"))


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """A message that comes to the presser themselves, its subscription as it is now, and the row
    of its details to begin with; `id` as the button carries it."""

    id: str
    subscription: Subscription
    delivery: Delivery | None
    start: int


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The report on a coach's people, and what it was made from.

    `is_member`: the coach is in a group of theirs; `left` others were in one when
    the window ended, and are no longer.
    """

    report: CoachReport
    people: tuple[Member, ...]
    practice: Practice
    freshness: Freshness
    is_member: bool
    left: int

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of all whom it is about: of who is not named it says as much."""
        return frozenset(each.id for each in self.people)


@dataclass(frozen=True, slots=True)
class CoachReports:
    """All raise ExecError when Exec is needed and away, SlackError and StorageError."""

    people: People
    catalogue: Catalogue
    coaching: Coaching
    sources: Sources
    audit: Audit
    handles: Handles
    praise: Offers
    deliveries: Deliveries
    learned: Learned
    clock: Callable[[], datetime]

    async def build(self, one: Subscription, delivery: Delivery) -> CoachView | NotSentReason:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        late = delivery.at if delivery.is_late(self.clock()) else None
        window = window_of(one.plan, delivery, self.clock())
        found = await self.report_for(asker, window, tasks="fresh")
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note(Look(delivery.id, asker, COACH, Door.CLOCK, found.named))
        is_same = await self._is_same(one, delivery, found.report)
        return await self.view(asker, found, delivery.id, late, is_same=is_same)

    async def _is_same(self, one: Subscription, delivery: Delivery, report: CoachReport) -> bool:
        """Whether the last message that was sent told of all that this one tells of; notes what
        this one does, in hashes, once however often it is built."""
        name = f"told: {one.id}"
        last = json.loads(await self.learned.recall(name, within=EVER) or "{}")
        if last.get("id") != delivery.id:
            sent = await self.deliveries.find(last.get("id", ""))
            was_sent = sent is not None and sent.state is State.SENT
            salted = (f"{one.id} {talk.standing}".encode() for talk in report.conversations)
            told = [hashlib.sha256(each).hexdigest()[:16] for each in salted]
            before = last["told"] if was_sent else []
            last = {"id": delivery.id, "told": told, "before": before}
            await self.learned.learn(name, json.dumps(last))
        return bool(last["told"]) and set(last["told"]) <= set(last["before"])

    async def preview(self, asker: Asker, one: Subscription) -> CoachView | NotSentReason:
        """What the message would say now; only for its owner."""
        found = await self.report_for(asker, window_of(one.plan, None, self.clock()))
        if isinstance(found, NotSentReason):
            return found
        await self.audit.note_of_day(Look("coach", asker, COACH, Door.BUTTON, found.named))
        return await self.view(asker, found, None)

    async def report_for(
        self, asker: Asker, window: Window, tasks: TasksAge = "usual"
    ) -> PeopleReport | NotSentReason:
        """The report on the people of a coach, or why there is none. With `tasks` "stored" Exec is
        asked for names only: it is as true as what is stored; with "fresh" it is a message that is
        due."""
        if asker.member is None:
            return NotSentReason.NOT_IN_EXEC
        ask_exec, purpose = tasks != "stored", DUE if tasks == "fresh" else QUESTION
        coach = await self.coaching.coaches.of(asker.member.id)
        # Where a group can't be read the message waits: sent without its people it would be wrong.
        rosters = await self.coaching.rosters.of(coach.groups, purpose=purpose, ask_exec=ask_exec)
        ids = await self.coaching.coached(asker, purpose=purpose, ask_exec=ask_exec)
        people = await self._members(ids)
        if not people:
            return NotSentReason.EMPTY_GROUP if coach.groups else NotSentReason.NO_PEOPLE
        excused = Excused(
            joined=await self.coaching.rosters.joined_since(
                window.interval.start, groups=coach.groups, named=coach.people
            ),
            done=await self.coaching.coaches.done_with(coach.id),
            removed=frozenset(each.id for each in people if not access.is_present(each)),
        )
        if ask_exec:
            await self.sources.ensure_stored(window, purpose)
            facts, told = self._facts(people, window, purpose, tasks), None
        else:
            facts, told = self._stored_facts(people, window.interval.start, window), window
        nudged = await self._nudged(coach.id, people, window)
        report = await coach_figures(facts, told, excused, nudged)
        then = (each.at(window.interval.end) for each in rosters.values())
        oldest_roster = min((each.as_of for each in rosters.values()), default=None)
        return PeopleReport(
            report=report,
            people=people,
            practice=await facts.sessions(of_people=True, before=True),
            freshness=replace(
                facts.reading.freshness,
                roster_as_of=if_older(oldest_roster, facts.reading.as_of),
            ),
            is_member=any(coach.id in roster.people for roster in rosters.values()),
            left=len(frozenset().union(*then) - ids - {coach.id}),
        )

    def _facts(
        self,
        people: tuple[Member, ...],
        window: Window,
        purpose: str = QUESTION,
        tasks: TasksAge = "usual",
    ) -> ReadFacts:
        query = ResolvedQuery(people, period=period_of(window.interval, window.zone))
        options = ReadOptions(everything=True, needs_exec=True, purpose=purpose)
        return ReadFacts(self.sources, query, options, window.zone, now=window.now, tasks_age=tasks)

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
        is_up_to_date = window.now - facts.reading.as_of < UP_TO_DATE
        return outcomes(own, practice.all_rows, practice.since, is_up_to_date)

    def _stored_facts(
        self, people: tuple[Member, ...], start: datetime, window: Window
    ) -> ReadFacts:
        # Up to now: how true it is does not end with the window.
        up_to_now = Interval(start, today(window.zone, window.now).end)
        query = ResolvedQuery(people, period=period_of(up_to_now, window.zone))
        options = ReadOptions(stored=True, purpose=QUESTION)
        return ReadFacts(self.sources, query, options, window.zone, tasks_age="stored")

    async def everyone(self, asker: Asker, message: OwnMessage) -> DetailsView | NotSentReason:
        """All people of a coach with their figures, by what is stored now."""
        plan = message.subscription.plan
        found = await self.report_for(asker, window_of(plan, message.delivery, self.clock()))
        if isinstance(found, NotSentReason):
            return found
        window = found.report.window
        await self.audit.note_of_day(Look("coach", asker, COACH, Door.BUTTON, found.named))
        return DetailsView(
            id=message.id,
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
            start=message.start,
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
        look = Look(f"person {person.id}", asker, COACH, Door.BUTTON, frozenset((person.id,)))
        await self.audit.note_of_day(look)
        talk = talks[0] if talks else None
        praised = talk.praised if talk else ()
        unnamed = await self.coaching.coaches.unnamed({person.id})
        offers = await self.praise(asker, praised, unnamed)
        return PersonView(id_, figures, talk, window, offers.get(person.id))

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
            left=found.left,
            is_same=is_same,
        )
        praised = [each for talk in view.named for each in talk.praised]
        unnamed = await self.coaching.coaches.unnamed({each.person.id for each in praised})
        if id_ is None:
            return replace(view, unnamed=unnamed)
        named = [talk.person for talk in view.named]
        return replace(
            view,
            unnamed=unnamed,
            handles=await self._handles(asker, named, report.window),
            praise=await self.praise(asker, praised, unnamed),
        )

    async def _members(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, as they are called; also who has left. Exec's own staff
        are not among them, whoever gave them to a coach."""
        found = {each.id: each for each in await self.catalogue.members() if each.id in ids}
        if found.keys() != ids:
            removed = await self.catalogue.removed()
            found = {each.id: each for each in removed if each.id in ids} | found
        return tuple(each for each in found.values() if not each.is_system)


@dataclass(frozen=True, slots=True)
class CoachCommands:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    names: CoachNames
    coaches: Coaches
    people: People
    reports: CoachReports
    own: OwnMessages
    deliveries: Deliveries
    delivering: Delivering
    answerer: Answerer
    modals: Modals
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        beneath, form = Shows.BENEATH, Shows.FORM
        own, person = self.own_message, self.values.person
        return Feature(
            commands=(Command("coach", self.run, LINES, ("coaches",)),),
            buttons={
                "coach.everyone": Button(own, self.everyone, beneath),
                "coach.everyone.next": Button(own, self.everyone),
                "coach.everyone.previous": Button(own, self.everyone),
                "coach.preview": Button(own, self.preview, beneath),
                "coach.pause": Button(own, self.pause, beneath, settles=True),
                "coach.resume": Button(own, self.resume, beneath, settles=True),
                "coach.stop": Button(own, self.stop, beneath, settles=True),
                "coach.snooze_all": Button(own, self.snooze_all, form),
                "coach.sessions": Button(person, self.sessions, beneath),
                "coach.prep": Button(person, self.prep, beneath),
                "coach.done": Button(person, self.done, beneath, settles=True),
                "coach.choose": Button(person, self.choose, beneath),
            },
            forms={"coach.snooze_form": FormHandler(Snooze, BLOCK, self.read)},
            phrases={TALK: self.to_talk_to, STOP: self.what_to_stop},
        )

    async def run(self, request: Request, rest: str) -> View:
        """Answer `coach <rest>`."""
        if not request.asker.team_id:
            raise UserError("Coaches are set up in Slack: there they can be told.")
        verb, _, after = rest.strip().partition(" ")
        match verb.casefold():
            case "add":
                return await self._add(request.asker, after)
            case "remove":
                return await self._remove(request.asker, after)
            case "list" | "":
                return await self._listed(request.asker)
            case "digest":
                return await self._digest(request.asker, after.strip())
            case _:
                raise UserError(USAGE, SHOW_COACHES)

    async def _add(self, asker: Asker, text: str) -> View:
        """Give a coach more people, and tell the coach."""
        access.require_admin(asker)
        given = await self.names.read(asker, text, verb="add")
        coach = given.coach
        if not given.groups and not given.people:
            raise UserError(
                "Whom does *{name}* coach? Name a group or people as well, like "
                '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.',
                name=coach.name,
            )
        if not access.is_present(coach):
            raise NotFound(
                "*{name}* is not in Exec any more, so they can't coach.", name=coach.name
            )
        user_id = await self.people.account_of(asker.team_id, coach)
        account = user_id and await self.people.slack_user(asker.team_id, user_id)
        if account and account.account_type is not AccountType.FULL:
            raise NotFound(
                "*{name}* can't coach: coaches need a full Slack account that is switched on.",
                name=coach.name,
            )
        await self.coaches.add(given.as_coach(), by=asker.user_id)
        if account:
            return await self._tell(asker, given, account)
        return notice(
            "Done: *{coach}* now coaches {whom}. I found no Slack account of theirs, so they "
            "get no message until you link one with `{command} link`.",
            coach=coach.name,
            whom=", ".join((*given.group_names, *given.people_names)),
        )

    async def _tell(self, asker: Asker, given: Given, account: SlackUser) -> View:
        """Tell a coach whom they were given; what the admin reads says whether that worked."""
        one = await self.own.begin(asker.team_id, account.id, COACH, account.tz)
        seen = await self.people.asker(asker.team_id, account.id)
        upcoming = await self.own.subscribed.next_times(one) if one else ()
        is_to_self = account.id == asker.user_id
        view = CoachAddedView(
            id=one.id if one else self.env.new_id(),
            coach=given.coach.name,
            added_by=asker.name,
            groups=given.group_names,
            people=given.people_names,
            reach=len(await self.own.coaching.coached(seen)),
            when=spoken_schedule(schedule_of(one.plan)) if one and one.is_on else None,
            upcoming=next(iter(upcoming), None),
            zone=account.tz,
            now=self.env.clock(),
            to_coach=is_to_self,
        )
        if is_to_self:
            return view
        state = await self.delivering.send(
            asker.team_id,
            account.id,
            replace(view, to_coach=True),
            id_=self.env.new_id(),
            by=asker.user_id,
        )
        if state in (State.SENT, State.POSTING):
            return view
        return notice(
            "Done: *{coach}* now coaches {whom}. Slack did not take my message to them: "
            "please tell them yourself.",
            coach=given.coach.name,
            whom=", ".join((*given.group_names, *given.people_names)),
        )

    async def _remove(self, asker: Asker, text: str) -> View:
        """Take people from a coach; all of them if none are named."""
        access.require_admin(asker)
        given = await self.names.read(asker, text, verb="remove")
        wanted = given.as_coach()
        if not wanted.groups and not wanted.people:
            wanted = await self.coaches.of(given.coach.id)
        if not wanted.groups and not wanted.people:
            raise NotFound("*{coach}* coaches nobody.", SHOW_COACHES, coach=given.coach.name)
        gone = await self.coaches.remove(wanted)
        if not gone.groups and not gone.people:
            raise NotFound(
                "*{coach}* does not coach them. `{command} coach list` shows who coaches whom.",
                SHOW_COACHES,
                coach=given.coach.name,
            )
        groups, people = await self.names.of(gone)
        undo = Query(
            people=tuple(
                PersonRef(PersonKind.PERSON, id_) for id_ in (gone.id, *sorted(gone.people))
            ),
            names=tuple(NameRef(NameKind.GROUP, id_) for id_ in sorted(gone.groups)),
        )
        sentence = Sentence(
            "Done: *{coach}* no longer coaches {whom}.",
            {"coach": given.coach.name, "whom": ", ".join((*groups, *people))},
        )
        offers = await self.answerer.offers(
            asker, (Suggestion("Undo", f"coach add {query_words(undo)}"),)
        )
        return NoticeView(sentence, offers)

    async def _listed(self, asker: Asker) -> View:
        """All coaches, with when they get their message."""
        access.require_admin(asker)
        messages, now = await self._messages(asker.team_id), self.env.clock()
        lines = []
        for coach in await self.coaches.all():
            groups, people = await self.names.of(coach)
            one, account = messages.get(coach.id, (None, None))
            lines.append(
                CoachLine(
                    name=await self.names.person(coach.id),
                    groups=groups,
                    people=people,
                    when="" if one is None else spoken_schedule(schedule_of(one.plan)),
                    paused=one is not None and (bool(one.paused) or one.is_snoozed(now)),
                    left=account is not None and account.account_type is AccountType.DEACTIVATED,
                )
            )
        lines.sort(key=lambda line: line.name.casefold())
        return CoachesView(tuple(lines))

    async def _messages(self, team_id: str) -> dict[str, tuple[Subscription, SlackUser]]:
        """The coaches' messages with their accounts, by the coach's Exec id."""
        found = {}
        for one in await self.own.subscriptions.listed(team_id):
            if one.plan.ask != COACH:
                continue
            try:
                account = await self.people.account(team_id, one.owner_id)
            except (SlackError, NotFound):
                continue  # Slack does not show the account, or not just now
            member = await self.people.member_of(account, ask_exec=False)
            if member is not None:
                found[member.id] = (one, account.user)
        return found

    async def _digest(self, asker: Asker, when: str) -> View:
        """Schedule, pause, resume, snooze or stop the asker's own message about their people."""
        one = await self.own.of(asker.team_id, asker.user_id, COACH)
        word, _, rest = when.casefold().partition(" ")
        if word == SNOOZE or when.casefold() in OFF | ON:
            if one is None:
                await self.own.allow(asker, COACH)
                raise self.own.gone(COACH)
            if word == SNOOZE:
                day = self.env.clock().astimezone(asker.zone).date()
                lead = f"{self.env.command} coach digest snooze"
                until = day_start(until_day(rest, today=day, lead=lead), asker.zone)
                return await self._snooze(asker, one, until.astimezone(UTC))
            if word in ON:
                return await self._resume(asker, one)
            return await self._pause(one) if word == "pause" else await self._stop(one)
        if not when and one is not None:
            return await self.own.saved(one, Done.NOTHING)
        kept = await self.own.subscribe(asker, COACH, when or USUAL, lead="coach digest")
        return await self.own.saved(kept, Done.SAVED if one is None else Done.CHANGED)

    async def _snooze(self, asker: Asker, one: Subscription, until: datetime) -> View:
        """Send no message before `until`; a paused one resumes then."""
        if one.paused:
            await self.own.allow(asker, one.plan.ask)
        self.own.there(one, await self.own.subscriptions.snooze(one.id, until))
        return notice(
            "You get no message about your people before {day}. `{command} coach digest resume` "
            "brings them back sooner.",
            day=day_words(until, asker.zone),
        )

    async def _pause(self, one: Subscription) -> View:
        """Pause the message until they resume it."""
        paused = self.own.there(one, await self.own.subscriptions.pause(one.id))
        return await self.own.saved(paused, Done.WAS_PAUSED if one.paused else Done.PAUSED)

    async def _resume(self, asker: Asker, one: Subscription) -> View:
        """Resume a paused or snoozed message, if they still may have it."""
        was_off = bool(one.paused) or one.is_snoozed(self.env.clock())
        resumed = await self.own.resume(asker, one)
        return await self.own.saved(resumed, Done.RESUMED if was_off else Done.WAS_ON)

    async def _stop(self, one: Subscription) -> View:
        """Stop the message until they ask for it again."""
        self.own.there(one, await self.own.subscriptions.remove(one.id))
        return notice(
            "Stopped. `{command} coach digest every monday 8:30` brings these messages back.",
        )

    async def to_talk_to(self, request: Request, rest: str) -> View:
        """The coach's people to talk to, as on their Home."""
        asker = request.asker
        visibility = await self.own.coaching.visibility(asker)
        offered = [("Who hasn't practiced", "inactive"), ("What's overdue", "assignments overdue")]
        offered.append(("Everybody's figures", "team"))
        if rest not in NOW:
            offered = [("Progress", "progress"), ("Lowest scores", "sessions worst"), offered[0]]
        ways = tuple(Suggestion(label, f"{said} {rest}".strip()) for label, said in offered)
        if not visibility.coaches and not visibility.everyone:
            raise NotAllowed(
                "You coach nobody yet, so there is nobody to tell you about.",
                (Suggestion("Show my week", "me"),),
            )
        if not visibility.coaches:
            raise NotFound("You coach nobody yourself, so I keep no such list for you. Try:", ways)
        if rest not in NOW:
            raise UserError("I list whom to talk to as of today, and all your people. Try:", ways)
        if visibility.unsure:
            raise access.refuse("your people", visibility)
        found = await self.reports.report_for(asker, last_days(str(asker.zone), self.env.clock()))
        if not isinstance(found, PeopleReport):
            raise NotFound("None of the people you coach is in Exec any more.")
        await self.reports.audit.note_of_day(Look("coach", asker, COACH, request.door, found.named))
        return await self.reports.view(asker, found, "")

    async def what_to_stop(self, request: Request, _rest: str) -> View:
        """Where somebody stops messages that come by themselves."""
        asker = request.asker
        ways = [Suggestion("My Monday message", "me"), Suggestion("Digests", "digest list")]
        if await self.own.of(asker.team_id, asker.user_id, COACH) is not None:
            ways.insert(0, Suggestion("Pause what I get about my people", "coach digest pause"))
        raise UserError("Which messages do you mean? This is where you stop them:", tuple(ways))

    async def own_message(self, payload: Payload, value: str) -> OwnMessage:
        """Reads the button of a coach's message, by the id of its subscription or of one of its
        deliveries. Raises NotFound, and NotAllowed for a message that comes to somebody else."""
        id_, start = page_position(value)
        delivery = None
        one = await self.own.subscriptions.find(id_)
        if one is None and (delivery := await self.deliveries.find(id_)) is not None:
            one = await self.own.subscriptions.find(delivery.source_id)
        if one is None or not one.is_personal:
            raise NotFound(GONE, way=WAYS[COACH])
        if (one.team_id, one.owner_id) != (payload.team_id, payload.user_id):
            raise NotAllowed("This message is someone else's.")
        if one.removed_at is not None:
            raise self.own.gone(one.plan.ask)
        return OwnMessage(id_, one, delivery, start)

    async def everyone(self, press: Press[OwnMessage]) -> View:
        """All their people with their figures."""
        await self.own.allow(press.asker, COACH)
        return shown(await self.reports.everyone(press.asker, press.handle))

    async def preview(self, press: Press[OwnMessage]) -> View:
        """The message as it would be now."""
        one = press.handle.subscription
        await self.own.allow(press.asker, one.plan.ask)
        return shown(await self.reports.preview(press.asker, one))

    async def pause(self, press: Press[OwnMessage]) -> View:
        return await self._pause(press.handle.subscription)

    async def resume(self, press: Press[OwnMessage]) -> View:
        return await self._resume(press.asker, press.handle.subscription)

    async def stop(self, press: Press[OwnMessage]) -> View:
        return await self._stop(press.handle.subscription)

    async def choose(self, press: Press[Stored[Person]]) -> View:
        """One of their people."""
        return await self.reports.person(press.asker, press.handle.id, press.handle.handle)

    async def sessions(self, press: Press[Stored[Person]]) -> View:
        """The sessions of a person in the time of the message, or the last ones before it."""
        handle = press.handle.handle
        person = await self.own.coaching.person(press.asker, handle.person_id)
        zone = zone_of(handle.zone)
        first = handle.start.astimezone(zone).date()
        last = (handle.end - timedelta(seconds=1)).astimezone(zone).date()
        request = replace(press.request, can_share=False)
        theirs = f'id:"{person.id}"'
        view = await self.answerer.answer(request, SESSIONS, f"{theirs} {first}..{last}")
        if not (isinstance(view, AnswerView) and SESSIONS.is_nothing(view.found)):
            return view
        last_ones = await self.answerer.answer(request, SESSIONS, f"{theirs} top {LAST_ONES}")
        if isinstance(last_ones, AnswerView) and not SESSIONS.is_nothing(last_ones.found):
            return replace(last_ones, note=Sentence("None in that time. The last ones before it:"))
        return last_ones

    async def prep(self, press: Press[Stored[Person]]) -> View:
        """One page before a one-to-one with a person."""
        person = await self.own.coaching.person(press.asker, press.handle.handle.person_id)
        request = replace(press.request, can_share=False)
        return await self.answerer.answer(request, PREP, f'id:"{person.id}"')

    async def done(self, press: Press[Stored[Person]]) -> View:
        """The coach is done with a person, until something is new."""
        asker = press.asker
        person = await self.own.coaching.person(asker, press.handle.handle.person_id)
        if asker.member is None or person.id not in await self.own.coaching.coached(asker):
            raise UserError("*{name}* is not among your people.", name=person.name)
        await self.coaches.done(asker.member.id, person.id)
        return notice(
            "*{name}* is off your list until something new happens: a date passes, they stop "
            "practicing again, or there is good news.",
            name=person.name,
        )

    async def snooze_all(self, press: Press[OwnMessage]) -> None:
        """Until when no message comes? Raises UserError and SlackError."""
        await self.people.admitted(press.asker.team_id, press.asker.user_id)
        about = Snooze(press.handle.subscription.id)
        private = await self.modals.keep(press.payload, about)
        until = self.env.clock().astimezone(press.asker.zone).date() + timedelta(days=USUAL_DAYS)
        await self.modals.open(press.trigger_id, SnoozeView(private, until))

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[Snooze]
    ) -> Filled | Errors:
        """Until when, which must be a day to come."""
        zone = await self.people.zone(payload.team_id, payload.user_id)
        try:
            chosen = date.fromisoformat(str(values_of(view).get(BLOCK)))
        except ValueError:
            return {BLOCK: "Choose a day to come."}
        until = day_start(chosen, zone).astimezone(UTC)
        if until <= self.env.clock():
            return {BLOCK: "Choose a day to come."}

        async def snooze(request: Request) -> View:
            message = await self.own_message(payload, stored.handle.subscription)
            return await self._snooze(request.asker, message.subscription, until)

        return Filled(snooze)
