"""A person's own week: when they ask for it, and on Mondays if they want it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import access
from bot.access import Asker
from bot.answer import Request
from bot.env import Env
from bot.errors import NotFound, Pattern, Suggestion, UserError
from bot.features import Button, Command, Feature, HelpLine, Press, Shows, nothing
from bot.language.query import Member, ResolvedQuery
from bot.messages.render import Draft, View, draft, notice
from bot.outbox.deliveries import Delivery
from bot.outbox.due import window_of
from bot.outbox.own_messages import USUAL, OwnMessages
from bot.outbox.plans import ME, Subscription
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.coaches import Coaches
from bot.people.directory import Directory
from bot.prepare import Mode, Preparer
from bot.question import SHOW_MY_WEEK
from bot.reports._asked import Asked
from bot.reports.intervals import Window, is_whole, last_days, period_of
from bot.reports.me import REPORT, OwnWeek

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
class StoredWeek:
    """Somebody's own week as it is stored, and the question it answers."""

    week: OwnWeek
    q: Asked


@dataclass(frozen=True, slots=True)
class OwnWeekFeature:
    """All raise UserError with what to do instead, ExecError when Exec is needed and away,
    SlackError and StorageError.
    """

    env: Env
    people: People
    coaches: Coaches
    messages: OwnMessages
    directory: Directory
    preparer: Preparer

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

    async def _name(self, asker: Asker, wanted: bool) -> Draft:
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

    async def build(self, one: Subscription, delivery: Delivery) -> Draft | NotSentReason:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        if asker.member is None:
            return NotSentReason.NOT_IN_EXEC
        now = self.env.clock()
        window = window_of(one.plan, delivery, now)
        # Rather later than from what is stored: it is tried again once Exec is back.
        q = await self._asked(asker.member, window, Mode.DUE)
        late = delivery.at if delivery.is_late(now) else None
        return await self._draft(q, id_=one.id, monday=one.is_on, late=late)

    async def view(self, asker: Asker) -> Draft:
        """The last seven whole days of `asker`, and today so far.

        Raises NotFound for somebody who isn't in Exec.
        """
        if asker.member is None:
            raise NotFound(
                "You are not in Exec yourself, so there is no practice of yours to show."
            )
        window = last_days(str(asker.zone), self.env.clock())
        q = await self._asked(asker.member, window, Mode.QUESTION)
        monday = await self.monday(asker)
        is_on = monday is not None and monday.is_on
        return await self._draft(q, id_=self.env.new_id(), monday=is_on)

    async def _draft(
        self, q: Asked, *, id_: str, monday: bool, late: datetime | None = None
    ) -> Draft:
        found = await REPORT.figures(q)
        start = await self._start(found) if not found.has_begun else ""
        return draft("me", f=found, q=q, id=id_, monday=monday, late=late, start=start)

    async def _start(self, found: OwnWeek) -> str:
        """The link of a scenario to begin with: one that is assigned, else an easy one."""
        easy = await self.directory.easy()
        links = (each.link for each in found.tasks or () if each.link)
        return next(links, easy.url if easy else "")

    async def stored(self, person: Member, window: Window) -> StoredWeek | None:
        """The week as it is stored, without a request; None if not all of it is."""
        q = await self._asked(person, window, Mode.STORED)
        if not is_whole(q.stored.start, q.as_of, window):
            return None
        return StoredWeek(await REPORT.figures(q), q)

    async def _asked(self, person: Member, window: Window, mode: Mode) -> Asked:
        query = ResolvedQuery((person,), period=period_of(window.interval, window.zone))
        return await self.preparer.prepare(
            query, window.zone, needs=REPORT.needs, mode=mode, now=window.now, periods=window
        )
