"""A person's own week: when they ask for it, and on Mondays if they want it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import access
from bot.access import Asker
from bot.answer import Request
from bot.env import Env
from bot.errors import NotFound, Pattern, Suggestion, UserError
from bot.facts import Mode, ReadFacts, Sources
from bot.features import Button, Command, Feature, Press, Shows, nothing
from bot.language.query import Kind, Member, ResolvedQuery
from bot.messages.render import View
from bot.outbox.deliveries import Delivery, DeliveryKind
from bot.outbox.due import window_of
from bot.outbox.own_messages import USUAL, OwnMessages
from bot.outbox.plans import ME, Subscription
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.coaches import Coaches
from bot.question import SHOW_MY_WEEK
from bot.rendering.coach_views import MeView
from bot.rendering.home_views import StoredWeek
from bot.rendering.views import HelpLine, NoticeView, notice
from bot.reports.intervals import Interval, Window, is_whole, last_days, period_of, today
from bot.reports.me import Band, OwnWeek, band, week_of

LAST = 5  # sessions


NAMING = {"named": True, "unnamed": False}  # what is said after `me`
LINES = (
    HelpLine(
        ("me", "me unnamed"),
        Pattern(
            "Your own week: figures, scenarios, what is due. Every Monday if you like. "
            "`unnamed` hides your name in channel digests; `named` undoes that."
        ),
        "me",
    ),
)


@dataclass(frozen=True, slots=True)
class OwnWeekFeature:
    """All raise UserError with what to do instead, ExecError when Exec is needed and away,
    SlackError and StorageError.

    `question` answers a text that asks for a report, in words that are all understood; None is
    its answer to any other.
    """

    env: Env
    people: People
    coaches: Coaches
    messages: OwnMessages
    sources: Sources
    question: Callable[[Request, str], Awaitable[View | None]]

    @property
    def feature(self) -> Feature:
        beneath = Shows.BENEATH
        return Feature(
            commands=(Command("me", self.run, LINES),),
            buttons={
                "me.monday_on": Button(nothing, self.monday_on, beneath, settles=True),
                "me.monday_off": Button(nothing, self.monday_off, beneath, settles=True),
                "me.named": Button(nothing, self.named, beneath),
                "me.unnamed": Button(nothing, self.unnamed, beneath),
            },
        )

    async def run(self, request: Request, rest: str) -> View:
        """Answer `me <rest>`."""
        if (word := rest.casefold()) in NAMING:
            return await self._name(request.asker, NAMING[word])
        if not rest:
            access.visibility(request.asker)  # those who see nothing are told why
            return await self.view(request.asker)
        # "me vs last week" asks for a report.
        if view := await self.question(request, f"me {rest}"):
            return view
        raise UserError(
            "`{command} me` shows your own week. Ask about other times and things with "
            "`{command} sessions me`. `{command} me unnamed` hides your name in channel "
            "digests.",
            (
                SHOW_MY_WEEK,
                Suggestion("Ask about sessions", f"sessions me {rest}"),
            ),
        )

    async def named(self, press: Press[None]) -> View:
        """Allow digests to name the presser."""
        return await self._name(press.asker, True)

    async def unnamed(self, press: Press[None]) -> View:
        """Keep the presser's name out of all digests."""
        return await self._name(press.asker, False)

    async def _name(self, asker: Asker, wanted: bool) -> NoticeView:
        access.visibility(asker)
        if asker.member is None:
            raise NotFound("You are not in Exec yourself, so no digest names you.")
        await self.coaches.name_me(asker.member.id, wanted)
        if wanted:
            return notice("Done: digests in channels may name you again for a new personal best.")
        return notice(
            "Done: your name is hidden in channel digests, also for a new personal best. "
            "Your sessions still count. `{command} me named` undoes this.",
        )

    async def monday_on(self, press: Press[None]) -> View:
        """Subscribe them to their week, sent every Monday."""
        one = await self.messages.subscribe(press.asker, ME, USUAL, lead="me")
        return await self.messages.saved(one)

    async def monday_off(self, press: Press[None]) -> View:
        """Stop their Monday message."""
        one = await self.monday(press.asker)
        if one is not None:
            await self.messages.subscriptions.remove(one.id)
        return notice(
            "Stopped. `{command} me` shows your week any time, and brings the Monday message back.",
        )

    async def monday(self, asker: Asker) -> Subscription | None:
        """Their Monday message, if they have it, perhaps paused."""
        return await self.messages.of(asker.team_id, asker.user_id, ME)

    async def build(self, one: Subscription, delivery: Delivery) -> MeView | NotSentReason:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        if asker.member is None:
            return NotSentReason.NOT_IN_EXEC
        now = self.env.clock()
        window = window_of(one.plan, delivery, now)
        # Rather later than from what is stored: it is tried again once Exec is back.
        facts = self._facts(asker.member, window.interval, window, "due")
        week = await week_of(facts)
        return MeView(
            id=one.id,
            week=week,
            freshness=facts.freshness,
            band=await self._band(asker.member, window),
            monday=one.is_on,
            named=asker.member.id not in await facts.opted_out(),
            scheduled=delivery.kind is DeliveryKind.SCHEDULED,
            late=delivery.at if delivery.is_late(now) else None,
            start=await self._start(week),
        )

    async def view(self, asker: Asker) -> MeView:
        """The last seven whole days of `asker`, and today so far.

        Raises NotFound for who is not in Exec themselves.
        """
        if asker.member is None:
            raise NotFound(
                "You are not in Exec yourself, so there is no practice of yours to show."
            )
        zone, now = str(asker.zone), self.env.clock()
        window, day = last_days(zone, now), today(zone, now)
        up_to_now = Interval(window.interval.start, day.end)
        facts = self._facts(asker.member, up_to_now, window, "question")
        week = await week_of(facts, window, day)
        monday = await self.monday(asker)
        is_on = monday is not None and monday.is_on
        return MeView(
            id=self.env.new_id(),
            week=week,
            freshness=facts.freshness,
            band=await self._band(asker.member, window),
            monday=is_on,
            named=asker.member.id not in await facts.opted_out(),
            start=await self._start(week),
        )

    async def _start(self, week: OwnWeek) -> str:
        """Where who has not practiced can begin: at what they have to do, else at what is easy."""
        if week.standings:
            return ""
        tasks = (*week.tasks.overdue, *week.tasks.due) if week.tasks else ()
        easy = await self.sources.directory.easy()
        return next((each.link for each in tasks if each.link), easy.url if easy else "")

    async def stored(self, person: Member, window: Window) -> StoredWeek | None:
        """The week, and the sessions after it so far, from what is stored.

        None where not all of the week is stored. Makes no request.
        """
        zone = window.zone
        day = today(zone, window.now)
        period = period_of(Interval(window.interval.start, day.end), zone)
        query = ResolvedQuery((person,), period=period)
        facts = ReadFacts(self.sources, query, zone, "stored")
        practice = await facts.sessions(of_people=True, before=True)
        if not is_whole(practice.since, facts.as_of, window):
            return None
        week = await week_of(facts, window, day)
        return StoredWeek(
            week=week,
            last=practice.all_rows[:LAST],
            freshness=facts.freshness,
        )

    async def _band(self, person: Member, window: Window) -> Band | None:
        """Where they stand in the largest of their groups whose sessions are stored."""
        found: Band | None = None
        listed = await self.sources.directory.items(Kind.GROUP)
        own = await self.sources.directory.groups_of(person.id)
        for group in (each for each in listed if each.id in own):
            theirs = ResolvedQuery(None, (group,), period=period_of(window.interval, window.zone))
            facts = ReadFacts(self.sources, theirs, window.zone, "stored")
            peers, practice = await facts.people(), await facts.sessions(of_people=True)
            if practice.complete and peers.everyone:
                other = await facts.compute(band, person.id, peers, practice, group.name)
                if other is not None and (found is None or other.people > found.people):
                    found = other
        return found

    def _facts(self, person: Member, interval: Interval, window: Window, mode: Mode) -> ReadFacts:
        query = ResolvedQuery((person,), period=period_of(interval, window.zone))
        return ReadFacts(self.sources, query, window.zone, mode, now=window.now)
