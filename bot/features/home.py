"""The Home tab, from stored data: published when it is opened and after every press in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app import App, AskRoom, ExecRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.prepare import Mode
from bot.clock import Now
from bot.errors import NotRead, SlackError
from bot.exec.budget import Purpose
from bot.exec.lists import ASSIGNMENTS_AGE_OF_ONE
from bot.language.query import Kind, ResolvedQuery
from bot.messages.render import Drawable, Messages, View, draft, notice
from bot.people.access import Asker
from bot.reports.intervals import Periods, last_days
from bot.reports.team import REPORT as TEAM
from bot.reports.team import TeamFigures
from bot.scheduled.coach_list import COACH, NOBODY_LEFT, figures_for
from bot.scheduled.delivery import Unsent
from bot.scheduled.draw import prepare
from bot.slack.turn import Turn
from bot.storage.sessions import Window, read_window

MOST_TRIES = 3
MOST_GROUPS = 30  # the jobs read the members of listed groups daily
ENOUGH_HISTORY = timedelta(days=89)
NOT_LOADED = notice("Not all sessions of the last seven days are loaded yet.")


@dataclass(frozen=True, slots=True)
class Home:
    """The Home tab: published when it is opened and after every press in it."""

    ask: AskRoom
    clock: Now
    exec: ExecRoom
    messages: Messages
    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the listeners."""

        @self.slack.listeners.bolt.event("app_home_opened", [_opens_home])
        @self.slack.listeners.handler(is_asked=False)
        async def on_opened(turn: Turn) -> None:
            await self.show(turn)

        @self.slack.listeners.answering("home.look")
        async def look(turn: Turn) -> View:
            """Read new sessions and the asker's assignments from Exec."""
            asker = await turn.asker()
            _, error = await self.exec.sync.freshen()
            if error is not None:
                raise error
            if asker.member is not None:
                ids = (asker.member.id,)
                await self.exec.lists.use_assignments(ids, ASSIGNMENTS_AGE_OF_ONE, Purpose.PEOPLE)
            return notice("Up to date.")

        self.slack.listeners.after_home(self.show)

    async def show(self, turn: Turn) -> None:
        """Publish the Home tab of the person who took this turn, or why it can't be shown."""
        user_id = turn.place.user_id
        try:
            view = await self.draw(await turn.asker())
            await self.slack.web.publish_home(user_id, self.messages.home(view))
        except Exception as error:  # noqa: BLE001 - the edge
            why = await self.slack.explainer.explain(error, turn.place, None)
            with suppress(SlackError):
                await self.slack.web.publish_home(user_id, self.messages.home(why))

    async def draw(self, asker: Asker) -> View:
        """The asker's Home from stored data: the workspace for admins, a coach's people, and the
        asker's own week, as in the messages about them."""
        seen = await self.people.coaching.visibility(asker)
        periods = last_days(str(asker.zone), self.clock())
        stored, parts = await read_window(self.storage.db), list[Drawable]()
        if seen.everyone:
            parts.append(await self._workspace(asker, periods, stored))
        if seen.coaches:
            parts.append(await self._people(asker, periods))
            message = await self.scheduled.subscriptions.own(asker.team_id, asker.user_id, COACH)
            if message is not None:
                parts.append(await self.scheduled.digests.saved(asker, message))
        if asker.member is not None:
            q = await self.scheduled.own_weeks.ask(asker, periods, Mode.STORED)
            is_stored = q.covers(periods.interval)
            parts.append(
                await self.scheduled.own_weeks.draw(asker, q, in_home=True)
                if is_stored
                else NOT_LOADED
            )
        tries = await self.ask.conversation.tries(asker)
        values = {"tries": tries[:MOST_TRIES], "sees": seen.sees}
        return *parts, draft("home", **values, is_in_exec=asker.member is not None)

    async def _workspace(self, asker: Asker, periods: Periods, stored: Window | None) -> Drawable:
        """What an admin hasn't set up yet, and the groups side by side."""
        listed = await self.scheduled.subscriptions.listed(asker.team_id)
        return draft(
            "home_admin",
            periods=periods,
            window=stored,
            is_all_read=stored is not None and periods.now - stored.start > ENOUGH_HISTORY,
            has_coaches=bool(await self.people.coaches.listed()),
            has_digests=any(not subscription.is_personal for subscription in listed),
            groups=await self._groups(periods),
        )

    async def _groups(self, periods: Periods) -> TeamFigures | None:
        """The stored figures of every group; without rows if there are none, or too many; None if
        not all of them are stored."""
        listed = await self.people.directory.items(Kind.GROUP)
        if len(listed) > MOST_GROUPS or (not listed and self.people.directory.is_read(Kind.GROUP)):
            return TeamFigures()
        prepared = await prepare(self.ask.preparer, ResolvedQuery(None), TEAM, periods, Mode.STORED)
        figures = await TEAM.figures(prepared)
        is_stored = prepared.covers(periods.interval)
        return figures if figures.rows and is_stored else None

    async def _people(self, asker: Asker, periods: Periods) -> Drawable:
        """The coach's people to talk to."""
        try:
            q = await self.scheduled.coach_lists.ask_about_people(asker, periods, Mode.STORED)
        except Unsent:
            return notice(NOBODY_LEFT)
        except NotRead:
            return NOT_LOADED
        if not q.covers(periods.interval):
            return NOT_LOADED
        return await self.scheduled.coach_lists.draw(asker, q, await figures_for(asker, q))


async def _opens_home(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home"


def register(app: App) -> None:
    """Add what people can do."""
    Home(
        app.ask,
        app.clock,
        app.exec,
        app.messages,
        app.people,
        app.scheduled,
        app.slack,
        app.storage,
    ).register()
