"""The Home tab, from stored data: published when it is opened and after every press in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.ask.prepare import Mode
from bot.errors import NotRead, SlackError
from bot.exec.budget import Purpose
from bot.exec.lists import ASSIGNMENTS_AGE_OF_ONE
from bot.features import coach, me
from bot.language.query import Kind, ResolvedQuery
from bot.messages.render import Drawable, View, draft, notice
from bot.people.access import Asker
from bot.reports.intervals import Periods, last_days
from bot.reports.team import REPORT as TEAM
from bot.reports.team import Team
from bot.scheduled import digests
from bot.scheduled.draw import prepare
from bot.scheduled.outbox import Unsent
from bot.slack.problems import explain
from bot.slack.turn import Turn, answering, handler
from bot.storage.sessions import Window, read_window

if TYPE_CHECKING:
    from bot.app import App

MOST_TRIES = 3
MOST_GROUPS = 30  # the jobs read the members of listed groups daily
ENOUGH_HISTORY = timedelta(days=89)
NOT_LOADED = notice("Not all sessions of the last seven days are loaded yet.")


def register(app: App) -> None:
    """Add the listeners."""

    @app.bolt.event("app_home_opened", [_opens_home])
    @handler(app, is_asked=False)
    async def on_opened(turn: Turn) -> None:
        await show(app, turn)

    @answering(app, "home.look")
    async def look(turn: Turn) -> View:
        """Read new sessions and the asker's assignments from Exec."""
        asker = await turn.asker()
        _, error = await app.mirror.freshen()
        if error is not None:
            raise error
        if asker.member is not None:
            ids = (asker.member.id,)
            await app.lists.use_assignments(ids, ASSIGNMENTS_AGE_OF_ONE, Purpose.PEOPLE)
        return notice("Up to date.")

    app.refresh_home = show


async def _opens_home(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home"


async def show(app: App, turn: Turn) -> None:
    """Publish the Home tab of the person who took this turn, or why it can't be shown."""
    user_id = turn.place.user_id
    try:
        view = await draw(app, await turn.asker())
        await app.web.publish_home(user_id, app.messages.home(view))
    except Exception as error:  # noqa: BLE001 - the edge
        why = await explain(app, error, turn.place, None)
        with suppress(SlackError):
            await app.web.publish_home(user_id, app.messages.home(why))


async def draw(app: App, asker: Asker) -> View:
    """The asker's Home from stored data: the workspace for admins, a coach's people, and the
    asker's own week, as in the messages about them."""
    seen = await app.coaching.visibility(asker)
    periods = last_days(str(asker.zone), app.clock())
    stored, parts = await read_window(app.db), list[Drawable]()
    if seen.everyone:
        parts.append(await _workspace(app, asker, periods, stored))
    if seen.coaches:
        parts.append(await _people(app, asker, periods))
        message = await app.subscriptions.own(asker.team_id, asker.user_id, coach.COACH)
        if message is not None:
            parts.append(await digests.saved(app, asker, message))
    if asker.member is not None:
        q = await me.ask(app, asker, periods, Mode.STORED)
        is_stored = q.covers(periods.interval)
        parts.append(await me.draw(app, asker, q, in_home=True) if is_stored else NOT_LOADED)
    tries = await app.asking.tries(asker)
    values = {"tries": tries[:MOST_TRIES], "sees": seen.sees}
    return *parts, draft("home", **values, is_in_exec=asker.member is not None)


async def _workspace(app: App, asker: Asker, periods: Periods, stored: Window | None) -> Drawable:
    """What an admin hasn't set up yet, and the groups side by side."""
    listed = await app.subscriptions.listed(asker.team_id)
    return draft(
        "home_admin",
        periods=periods,
        window=stored,
        is_all_read=stored is not None and periods.now - stored.start > ENOUGH_HISTORY,
        has_coaches=bool(await app.coaches.all()),
        has_digests=any(not one.is_personal for one in listed),
        groups=await _groups(app, periods),
    )


async def _groups(app: App, periods: Periods) -> Team | None:
    """The stored figures of every group; without rows if there are none, or too many; None if not
    all of them are stored."""
    listed = await app.directory.items(Kind.GROUP)
    if len(listed) > MOST_GROUPS or (not listed and app.directory.is_read(Kind.GROUP)):
        return Team()
    prepared = await prepare(app, ResolvedQuery(None), TEAM, periods, Mode.STORED)
    found = await TEAM.figures(prepared)
    is_stored = prepared.covers(periods.interval)
    return found if found.rows and is_stored else None


async def _people(app: App, asker: Asker, periods: Periods) -> Drawable:
    """The coach's people to talk to."""
    try:
        q = await coach.ask_about_people(app, asker, periods, Mode.STORED)
    except Unsent:
        return notice(coach.NOBODY_LEFT)
    except NotRead:
        return NOT_LOADED
    if not q.covers(periods.interval):
        return NOT_LOADED
    return await coach.draw(app, asker, q, await coach.figures_for(asker, q))
