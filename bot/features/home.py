"""The Home tab, from stored data: published when it is opened and after every press in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.access import Asker, Visibility
from bot.errors import ExecError, NotRead, Sentence, SlackError
from bot.exec_api.budget import Purpose
from bot.features import admin, ask, coach, me
from bot.features.admin import Status
from bot.handlers import Turn, handler, numbered
from bot.language.query import Kind, ResolvedQuery
from bot.messages.render import Draft, View, draft, notice
from bot.mirror.lists import ASSIGNMENTS_AGE_OF_ONE
from bot.mirror.query import read_window
from bot.observe.logs import new_reference
from bot.outbox import Unsent
from bot.people.coaches import PersonSettings
from bot.prepare import Mode, away_for
from bot.problems import explain
from bot.reports.intervals import Periods, is_whole, last_days, period_of
from bot.reports.team import REPORT as TEAM
from bot.reports.team import Team
from bot.scheduled import Line, describe

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

MOST_TRIES, MOST_DIGESTS = 3, 5
MOST_GROUPS = 30  # the jobs read the members of listed groups daily
ENOUGH_HISTORY = timedelta(days=89)
# By the reason why Exec couldn't be asked.
AWAY = MappingProxyType(
    {
        "unreachable": "Exec can't be reached right now, so this is unchanged.",
        "limited": "Exec takes no more requests right now, so this is unchanged.",
        "key": "Exec doesn't accept my key, so this is unchanged. The admins know.",
    }
)
# Slack's errors for a view that it would refuse again.
REFUSED = frozenset({"invalid_arguments", "invalid_blocks", "view_too_large"})
NOT_DRAWN = Sentence(
    "I can't show this page right now. Ask me in Messages instead. If it keeps happening, send the "
    "reference below to the person who runs this bot."
)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """The reader's own practice and settings.

    `week` has the values of the template "me", None if not all of the week is stored. `monday`:
    the reader gets it as a message every Monday.
    """

    week: Mapping[str, Any] | None
    monday: bool
    settings: PersonSettings


@dataclass(frozen=True, slots=True)
class CoachPart:
    """The people of a coach, and the message about them.

    `people` has the values of the template "coach", None if not all of them are stored or the coach
    `has_nobody`. `message` is None if they never set one up.
    """

    people: Mapping[str, Any] | None
    message: Line | None
    has_nobody: bool = False


@dataclass(frozen=True, slots=True)
class AdminPart:
    """The workspace: the first `digests` that post in channels, and how many `more`.

    `groups` are the figures of every group, None if not all of them are stored.
    """

    digests: tuple[Line, ...]
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


def register(app: App) -> None:
    """Add the listeners."""

    @app.bolt.event("app_home_opened", [_opens_home])
    @handler(app)
    async def on_opened(turn: Turn) -> None:
        """Do nothing: Home is published after every turn in it."""

    @app.bolt.action(numbered("home.ask"))
    @handler(app)
    async def answer(ack: Any, turn: Turn) -> None:
        await ack()
        turn.retry_words = turn.value
        await turn.answer(await ask.answer_exact(app, await turn.request(), turn.value))

    @app.bolt.action("home.look")
    @handler(app)
    async def look(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await look_now(app, await turn.asker()))

    app.refresh_home = show


async def _opens_home(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home"


async def show(app: App, turn: Turn) -> None:
    """Publish the Home tab of the person who took this turn."""
    try:
        view: View = await draw(app, await turn.asker())
    except Exception as error:  # noqa: BLE001 - the edge
        view = await explain(app, error, turn.place, None)
    await publish(app, turn.place.user_id, view)


async def publish(app: App, user_id: str, view: View) -> None:
    """Publish a view. Returns an apology if Slack refuses it for good."""
    try:
        await app.web.publish_home(user_id, app.messages.home(view))
    except SlackError as error:
        reference = new_reference()
        log.warning("no Home tab was published: %s (reference %s)", error.code, reference)
        if error.code in REFUSED:
            apology = notice(NOT_DRAWN, reference=reference)
            await app.web.publish_home(user_id, app.messages.home(apology))


async def draw(app: App, asker: Asker) -> Draft:
    """The asker's Home from stored data; a part that isn't for them is None."""
    visibility = await app.coaching.visibility(asker)
    periods = last_days(str(asker.zone), app.clock())
    tries = await app.asking.tries(asker)
    stored = await read_window(app.db)
    return draft(
        "home",
        periods=periods,
        tries=tries[:MOST_TRIES],
        own=await _own(app, asker, periods),
        coach=await _coach(app, asker, visibility, periods),
        admin=await _admin(app, asker, visibility, periods),
        as_of=None if stored is None else stored.end,
    )


async def look_now(app: App, asker: Asker) -> Draft:
    """Read new sessions and the asker's assignments from Exec."""
    _, error = await app.preparer.mirror.freshen()
    if error is None and asker.member is not None:
        try:
            await app.lists.use_assignments(
                (asker.member.id,), ASSIGNMENTS_AGE_OF_ONE, Purpose.PEOPLE
            )
        except ExecError as trouble:
            error = trouble
    return notice("Up to date." if error is None else AWAY[away_for(error).kind])


async def _own(app: App, asker: Asker, periods: Periods) -> OwnPart | None:
    if asker.member is None:
        return None
    stored = await me.stored_week(app, asker, periods)
    return OwnPart(
        week=None if stored is None else stored.values,
        monday=await me.monday_message(app, asker) is not None,
        settings=await app.coaches.person_settings(asker.member.id),
    )


async def _coach(
    app: App, asker: Asker, visibility: Visibility, periods: Periods
) -> CoachPart | None:
    if not visibility.coaches:
        return None
    one = await app.subscriptions.own(asker.team_id, asker.user_id, coach.COACH)
    message = None if one is None else await describe(app, one)
    try:
        q = await coach.ask_about_people(app, asker, periods, Mode.STORED)
    except Unsent:
        return CoachPart(None, message, has_nobody=True)
    except NotRead:
        return CoachPart(None, message)
    if not is_whole(q.stored.start, q.as_of, periods):
        return CoachPart(None, message)
    return CoachPart((await coach.answer_about(app, asker, q)).values, message)


async def _admin(
    app: App, asker: Asker, visibility: Visibility, periods: Periods
) -> AdminPart | None:
    if not visibility.everyone:
        return None
    listed = await app.subscriptions.listed(asker.team_id)
    posted = [one for one in listed if not one.is_personal]
    return AdminPart(
        digests=tuple([await describe(app, one) for one in posted[:MOST_DIGESTS]]),
        more=max(len(posted) - MOST_DIGESTS, 0),
        status=await admin.read_status(app, asker),
        has_coaches=bool(await app.coaches.all()),
        groups=await _groups(app, periods),
    )


async def _groups(app: App, periods: Periods) -> Team | None:
    """The stored figures of every group; without rows if there are none, or too many."""
    listed = await app.directory.items(Kind.GROUP)
    if len(listed) > MOST_GROUPS or (not listed and app.directory.is_read(Kind.GROUP)):
        return Team()
    query = ResolvedQuery(None, period=period_of(periods.interval, periods.zone))
    prepared = await app.preparer.prepare(
        query, periods.zone, needs=TEAM.needs, mode=Mode.STORED, now=periods.now, periods=periods
    )
    found = await TEAM.figures(prepared)
    is_stored = is_whole(prepared.stored.start, prepared.as_of, periods)
    return found if found.rows and is_stored else None
