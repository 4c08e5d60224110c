"""What somebody's Home tab shows: what they may see, as far as it is held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.access import Asker, Visibility
from bot.commands.coach_message import CoachReports, Told
from bot.commands.own_messages import OwnMessages
from bot.commands.own_week import OwnWeeks, is_whole
from bot.commands.plain import PlainQuestions
from bot.env import Env
from bot.errors import Suggestion
from bot.gather.windows import last_days
from bot.outbox.plans import COACH
from bot.people.audit import Door, Look
from bot.people.coaching import Coaching
from bot.rendering.coach_views import MeView
from bot.rendering.home_views import MOST_DIGESTS, AdminPart, CoachPart, HomeView, OwnPart
from bot.rendering.status import StatusView
from bot.rendering.views import Choice
from bot.reports.intervals import Window

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Homes:
    """All raise NotAllowed for those who see nothing, SlackError and StorageError."""

    env: Env
    coaching: Coaching
    weeks: OwnWeeks
    reports: CoachReports
    own: OwnMessages
    status: Callable[[Asker], Awaitable[StatusView]]
    plain: PlainQuestions

    async def view(self, asker: Asker, *, is_new: bool = False) -> HomeView:
        """What is held now for `asker`: Exec is asked for names only, and inside `as_held` for
        nothing. `is_new`: they have seen their Home for less than a day."""
        visibility = await self.coaching.visibility(asker, ask_exec=False)
        window = self._window(asker)
        tries = await self.plain.tries(asker, ask_exec=False)
        return HomeView(
            window=window,
            tries=_choices(tries[:MOST_TRIES]),
            own=await self._own(asker, window),
            coach=await self._coach(asker, visibility, window),
            admin=await self._admin(asker, visibility),
            is_new=is_new,
        )

    async def look(self, asker: Asker) -> MeView | None:
        """Ask Exec for what is new in all that their Home shows of practice; the own week then, if
        they have one. Raises ExecError."""
        visibility = await self.coaching.visibility(asker)
        if visibility.coaches:
            await self.reports.told(asker, self._window(asker))
        return None if asker.member is None else await self.weeks.view(asker)

    def _window(self, asker: Asker) -> Window:
        return last_days(str(asker.zone), self.env.clock())

    async def _own(self, asker: Asker, window: Window) -> OwnPart | None:
        if asker.member is None:
            return None
        held = await self.weeks.held(asker.member, window)
        monday = await self.weeks.monday(asker)
        return OwnPart(
            week=None if held is None else held.week,
            last=() if held is None else held.last,
            as_of=None if held is None else held.as_of,
            tasks_as_of=None if held is None else held.tasks_as_of,
            monday=monday is not None and monday.is_on,
            named=await self.weeks.coaches.may_name(asker.member.id),
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
        told = None
        if not visibility.unsure:
            told = await self.reports.told(asker, window, tasks="held")
        if not isinstance(told, Told):
            return CoachPart(None, message, nobody=told is not None)
        if not is_whole(told.report.since, told.gathered.reading.as_of, window):
            return CoachPart(None, message)
        look = Look("home", asker, COACH, Door.HOME, told.named)
        await self.reports.audit.note_of_day(look)
        return CoachPart(await self.reports.view(asker, told, "home"), message)

    async def _admin(self, asker: Asker, visibility: Visibility) -> AdminPart | None:
        if not visibility.everyone:
            return None
        listed = await self.own.subscriptions.listed(asker.team_id)
        posted = [one for one in listed if not one.is_personal]
        return AdminPart(
            digests=await self.own.subscribed.described(posted[:MOST_DIGESTS]),
            more=max(len(posted) - MOST_DIGESTS, 0),
            status=await self.status(asker),
        )


def _choices(suggestions: tuple[Suggestion, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(each.label, each.words) for each in suggestions)
