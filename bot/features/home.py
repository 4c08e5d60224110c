"""The Home tab: what somebody may see, as far as it is stored; shown when it is opened, and anew
after each press in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.access import Asker, Visibility
from bot.button_values import ButtonCommand, ButtonValues
from bot.coach_reports import CoachReports, PeopleReport
from bot.env import Env
from bot.errors import BotError, ExecError, Suggestion
from bot.exec_api.budget import Job
from bot.facts import ReadFacts, Sources, away
from bot.features import Button, Event, Feature, Press, ReceivedEvent, nothing
from bot.features.own_week import OwnWeekFeature
from bot.language.query import Kind, ResolvedQuery
from bot.messages.render import View
from bot.mirror.lists import ASSIGNMENTS_AGE_OF_ONE
from bot.outbox.own_messages import OwnMessages
from bot.outbox.plans import COACH
from bot.people.accounts import People
from bot.people.audit import Look
from bot.people.coaches import Coaching
from bot.plain_questions import PlainQuestions
from bot.rendering.home_views import (
    MOST_DIGESTS,
    AdminPart,
    CoachPart,
    GroupsPart,
    HomeView,
    OwnPart,
)
from bot.rendering.status_views import StatusView
from bot.rendering.views import Choice, NoticeView, notice
from bot.reports.freshness import Away
from bot.reports.intervals import Window, is_whole, last_days, period_of
from bot.reports.team import side_by_side
from bot.slack import payloads
from bot.slack.home import HomeTabs
from bot.slack.payloads import Payload
from bot.slack.problems import Explainer
from bot.slack.reply import Reply

MOST_TRIES = 3
# Whose rosters the background reads once a day, where an admin's Home lists them.
MOST_GROUPS = 30
# Why Exec was not asked, where what is stored stays as it was.
AWAY = MappingProxyType(
    {
        "unreachable": "Exec can't be reached just now, so this is as it was.",
        "limited": "Exec takes no more requests just now, so this is as it was.",
        "key": "Exec does not accept my key, so this is as it was; the admins have been told.",
    }
)


@dataclass(frozen=True, slots=True)
class HomePage:
    """What somebody's Home shows. All raise NotAllowed for those who see nothing, SlackError and
    StorageError."""

    env: Env
    coaching: Coaching
    week: OwnWeekFeature
    reports: CoachReports
    own: OwnMessages
    status: Callable[[Asker], Awaitable[StatusView]]
    plain: PlainQuestions
    sources: Sources

    async def view(self, asker: Asker) -> HomeView:
        """What is stored now for `asker`."""
        visibility = await self.coaching.visibility(asker)
        window = self._window(asker)
        tries = await self.plain.tries(asker)
        return HomeView(
            window=window,
            tries=_choices(tries[:MOST_TRIES]),
            own=await self._own(asker, window),
            coach=await self._coach(asker, visibility, window),
            admin=await self._admin(asker, visibility, window),
        )

    async def look(self, asker: Asker) -> Away | None:
        """Ask Exec for what is new; why it couldn't be asked."""
        error = await self.sources.mirror.freshen()
        if error is None and asker.member is not None:
            try:
                await self.sources.lists.use_assignments(
                    (asker.member.id,), ASSIGNMENTS_AGE_OF_ONE, Job.PEOPLE
                )
            except ExecError as trouble:
                error = trouble
        return None if error is None else away(error)

    def _window(self, asker: Asker) -> Window:
        return last_days(str(asker.zone), self.env.clock())

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
            found = await self.reports.report_for(asker, window, "stored")
        if not isinstance(found, PeopleReport):
            return CoachPart(None, message, nobody=found is not None)
        if not is_whole(found.report.since, found.freshness.as_of, window):
            return CoachPart(None, message)
        await self.reports.audit.note(Look(asker, COACH, found.named))
        return CoachPart(await self.reports.view(asker, found, "home"), message)

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

    async def _groups(self, window: Window) -> GroupsPart | None:
        listed = await self.sources.directory.items(Kind.GROUP)
        if len(listed) > MOST_GROUPS:
            return GroupsPart()
        if not listed:
            was_read = await self.sources.directory.is_read(Kind.GROUP)
            return GroupsPart() if was_read else None
        facts = self._of_all(window)
        rows, since = await side_by_side(facts), (await facts.sessions()).since
        fresh = facts.freshness
        if not rows or not is_whole(since, fresh.as_of, window):
            return None
        return GroupsPart(rows, (await facts.groups()).unknown, fresh)

    def _of_all(self, window: Window) -> ReadFacts:
        query = ResolvedQuery(None, period=period_of(window.interval, window.zone))
        return ReadFacts(self.sources, query, window.zone, "stored", now=window.now)


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
            elif isinstance(above, NoticeView):
                above = NoticeView(above.sentence)  # what else there is stands in the tab itself
        except BotError as error:
            above = await self.explainer.explain(error, replace(payload, words=reply.again))
        if above is not None:
            await self._show(payload, above)

    async def _show(self, payload: Payload, above: View = ()) -> None:
        asker = await self.people.admitted(payload.team_id, payload.user_id)
        parts = above if isinstance(above, tuple) else (above,)
        view = await self.page.view(asker)
        await self.tabs.publish(asker.user_id, (*parts, view))

    async def look(self, press: Press[None]) -> NoticeView:
        """Ask Exec for what is new."""
        why = await self.page.look(press.asker)
        return notice("Up to date." if why is None else AWAY[why.kind])


def _choices(suggestions: tuple[Suggestion, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(each.label, each.words) for each in suggestions)
