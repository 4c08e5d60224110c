"""The Home tab: what somebody may see, as far as it is stored; shown when it is opened, and anew
after each press in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from bot.access import Asker, Visibility
from bot.asking import Asking
from bot.button_values import ButtonCommand, ButtonValues
from bot.coach_reports import CoachReports, PeopleReport
from bot.env import Env
from bot.errors import BotError, ExecError
from bot.exec_api.budget import Job
from bot.features import Button, Event, Feature, Press, ReceivedEvent, nothing
from bot.features.own_week import OwnWeekFeature, StoredWeek
from bot.features.status import Status
from bot.language.query import Kind, ResolvedQuery
from bot.messages.render import Draft, View, draft, notice
from bot.mirror.lists import ASSIGNMENTS_AGE_OF_ONE
from bot.mirror.query import read_window
from bot.outbox.describe import SubscriptionLine
from bot.outbox.own_messages import OwnMessages
from bot.outbox.plans import COACH
from bot.people.accounts import People
from bot.people.audit import Look
from bot.people.coaches import Coaching
from bot.prepare import Mode, Preparer, away_for
from bot.reports._asked import Away
from bot.reports.intervals import Window, is_whole, last_days, period_of
from bot.reports.team import REPORT as TEAM
from bot.reports.team import Team
from bot.slack import payloads
from bot.slack.home import HomeTabs
from bot.slack.payloads import Payload
from bot.slack.problems import Explainer
from bot.slack.reply import Reply

MOST_TRIES, MOST_DIGESTS = 3, 5
MOST_GROUPS = 30  # whose members the background reads daily if an admin's Home lists them
ENOUGH_HISTORY = timedelta(days=89)
# Why Exec wasn't asked, so that what is stored stays as it was.
AWAY = MappingProxyType(
    {
        "unreachable": "Exec can't be reached just now, so this is as it was.",
        "limited": "Exec takes no more requests just now, so this is as it was.",
        "key": "Exec does not accept my key, so this is as it was; the admins have been told.",
    }
)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Somebody's own practice and settings.

    `stored` is None if not all of the week is stored. `monday`: the week is sent every Monday;
    `named`: digests in channels may name the person.
    """

    stored: StoredWeek | None
    monday: bool
    named: bool


@dataclass(frozen=True, slots=True)
class CoachPart:
    """The people of a coach, and the message about them.

    `people` are the values of the template "coach", None if not all of it is stored, or the coach
    has `nobody`. `message` is None if they stopped it, or never had it.
    """

    people: Mapping[str, Any] | None
    message: SubscriptionLine | None
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class AdminPart:
    """The workspace: the first `digests` that post in channels, and how many `more`.

    `groups` are the figures of every group, None if not all of that is stored.
    """

    digests: tuple[SubscriptionLine, ...]
    more: int
    status: Status
    has_coaches: bool
    groups: Team | None

    @property
    def is_all_read(self) -> bool:
        """Whether about 90 days of sessions are stored."""
        start = self.status.start
        return start is not None and self.status.now - start > ENOUGH_HISTORY

    @property
    def is_set_up(self) -> bool:
        """Whether nothing is left to do."""
        return self.has_coaches and bool(self.digests) and self.is_all_read


@dataclass(frozen=True, slots=True)
class HomePage:
    """What somebody's Home shows. All raise NotAllowed for those who see nothing, SlackError and
    StorageError."""

    env: Env
    coaching: Coaching
    week: OwnWeekFeature
    reports: CoachReports
    own: OwnMessages
    status: Callable[[Asker], Awaitable[Status]]
    asking: Asking
    preparer: Preparer

    async def draft(self, asker: Asker) -> Draft:
        """What is stored now for `asker`; each part is None if it doesn't concern them."""
        visibility = await self.coaching.visibility(asker)
        window = last_days(str(asker.zone), self.env.clock())
        tries = await self.asking.tries(asker)
        stored = await read_window(self.preparer.database)
        return draft(
            "home",
            window=window,
            tries=tries[:MOST_TRIES],
            own=await self._own(asker, window),
            coach=await self._coach(asker, visibility, window),
            admin=await self._admin(asker, visibility, window),
            as_of=None if stored is None else stored.end,
        )

    async def look(self, asker: Asker) -> Away | None:
        """Ask Exec for what is new; why it couldn't be asked."""
        error = await self.preparer.mirror.freshen()
        if error is None and asker.member is not None:
            try:
                await self.preparer.lists.use_assignments(
                    (asker.member.id,), ASSIGNMENTS_AGE_OF_ONE, Job.PEOPLE
                )
            except ExecError as trouble:
                error = trouble
        return None if error is None else away_for(error)

    async def _own(self, asker: Asker, window: Window) -> OwnPart | None:
        if asker.member is None:
            return None
        monday = await self.week.monday(asker)
        return OwnPart(
            stored=await self.week.stored(asker.member, window),
            monday=monday is not None and monday.is_on,
            named=await self.week.coaches.may_name(asker.member.id),
        )

    async def _coach(
        self, asker: Asker, visibility: Visibility, window: Window
    ) -> CoachPart | None:
        if not visibility.coaches:
            return None
        one = await self.own.of(asker.team_id, asker.user_id, COACH)
        message = None
        if one is not None:
            (message,) = await self.own.subscribed.described((one,))
        found = None
        if not visibility.unsure:
            found = await self.reports.report_for(asker, window, Mode.STORED)
        if not isinstance(found, PeopleReport):
            return CoachPart(None, message, nobody=found is not None)
        if not is_whole(found.asked.stored.start, found.asked.as_of, window):
            return CoachPart(None, message)
        await self.reports.audit.note(Look(asker, COACH, found.named))
        people = await self.reports.message(asker, found, "home")
        return CoachPart(people.values, message)

    async def _admin(
        self, asker: Asker, visibility: Visibility, window: Window
    ) -> AdminPart | None:
        if not visibility.everyone:
            return None
        listed = await self.own.subscriptions.listed(asker.team_id)
        posted = [one for one in listed if not one.is_personal]
        return AdminPart(
            digests=await self.own.subscribed.described(posted[:MOST_DIGESTS]),
            more=max(len(posted) - MOST_DIGESTS, 0),
            status=await self.status(asker),
            has_coaches=bool(await self.coaching.coaches.all()),
            groups=await self._groups(window),
        )

    async def _groups(self, window: Window) -> Team | None:
        """The figures of every group, as they are stored; without rows if there are none, or too
        many."""
        directory = self.preparer.directory
        listed = await directory.items(Kind.GROUP)
        if len(listed) > MOST_GROUPS or (not listed and await directory.is_read(Kind.GROUP)):
            return Team()
        query = ResolvedQuery(None, period=period_of(window.interval, window.zone))
        asked = await self.preparer.prepare(
            query, window.zone, needs=TEAM.needs, mode=Mode.STORED, now=window.now, periods=window
        )
        found = await TEAM.figures(asked)
        is_stored = is_whole(asked.stored.start, asked.as_of, window)
        return found if found.rows and is_stored else None


@dataclass(frozen=True, slots=True)
class Home:
    """`run` answers the command behind a button."""

    page: HomePage
    people: People
    tabs: HomeTabs
    explainer: Explainer
    values: ButtonValues
    run: Callable[[Press[ButtonCommand]], Awaitable[View]]

    @property
    def feature(self) -> Feature:
        return Feature(
            events={"app_home_opened": Event(self.opened, payloads.of_home, is_asked=True)},
            buttons={
                "home.ask": Button(self.values.words, self.run),
                "home.set": Button(self.values.words, self.run, settles=True),
                "home.look": Button(nothing, self.look, settles=True),
            },
        )

    async def opened(self, received: ReceivedEvent) -> None:
        """Show it from what is stored. Raises NotAllowed, SlackError, ExecError, StorageError."""
        await self._show(received.payload)

    async def show_outcome(
        self, payload: Payload, reply: Reply, answering: Awaitable[View | None], here: bool
    ) -> None:
        """What comes of a press in it: told there with `here`, otherwise in Messages; then it is
        shown as it is now. Nothing where a form opened."""
        try:
            above = await answering
            if above is not None and not here:
                await (await reply.in_messages()).answer(above)
                above = notice("I answered in *Messages*.")
        except BotError as error:
            above = await self.explainer.explain(error, replace(payload, words=reply.again))
        if above is not None:
            await self._show(payload, above)

    async def _show(self, payload: Payload, above: View = ()) -> None:
        asker = await self.people.admitted(payload.team_id, payload.user_id)
        parts = above if isinstance(above, tuple) else (above,)
        await self.tabs.publish(asker.user_id, (*parts, await self.page.draft(asker)))

    async def look(self, press: Press[None]) -> Draft:
        """Ask Exec for what is new."""
        why = await self.page.look(press.asker)
        return notice("Up to date." if why is None else AWAY[why.kind])
