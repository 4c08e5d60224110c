"""Who may have what sent where, and who may change it; judged anew at each delivery."""

from __future__ import annotations

from dataclasses import dataclass

from bot import access
from bot.access import AccountType, Asker, Visibility
from bot.errors import NotAllowed, NotFound, SlackError
from bot.language.query import ResolvedQuery
from bot.outbox.deliveries import Delivery
from bot.outbox.plans import COACH, ME, TEAM, Subscription, group_of, kind_of
from bot.outbox.questions import StoredQuestions
from bot.outbox.reasons import SLACK_SAYS, NotSentReason, not_allowed
from bot.people.accounts import People
from bot.people.audience import Audience, Audiences
from bot.people.coaches import Coaching

OPEN = Audience()


def why_not(
    asker: Asker,
    visibility: Visibility | None,
    ask: str,
    place: Audience = OPEN,
    asked: ResolvedQuery | None = None,
) -> NotSentReason | None:
    """Why `asker` may not have this sent; None if they may.

    `visibility` as from `access.visibility`; None if that says that they see nothing. `ask` are
    stored words, and `asked` what `StoredQuestions` says of them.
    """
    if asker.account_type is AccountType.GUEST:
        return NotSentReason.OWNER_IS_GUEST
    if asker.account_type is not AccountType.FULL:
        return NotSentReason.OWNER_LEFT
    is_in_exec = asker.member is not None and access.is_present(asker.member)
    if visibility is None or not (visibility.everyone or is_in_exec):
        return NotSentReason.NOT_IN_EXEC
    if ask == ME:
        return None if is_in_exec else NotSentReason.NOT_IN_EXEC
    if ask == COACH:
        # An admin sees everybody, but coaches only whom they were given.
        own = frozenset() if asker.member is None else frozenset({asker.member.id})
        coaches = visibility.coached - own or visibility.groups | visibility.unsure
        return None if coaches else NotSentReason.NO_PEOPLE
    if kind_of(ask) == TEAM:
        if not visibility.covers_group(group_of(ask)):
            return NotSentReason.NO_RIGHT
    elif asked is None or not _covers(visibility, asked):
        return NotSentReason.NOT_ALL_THEIRS
    return why_not_there(place)


def _covers(visibility: Visibility, asked: ResolvedQuery) -> bool:
    """Whether they may see all of it, or could if it could be told who is in their groups: then
    the answer itself has to wait for that."""
    if visibility.covers(asked.people, asked.groups):
        return True
    unsure_of_people = asked.people is not None and bool(visibility.unsure)
    return unsure_of_people or visibility.is_unsure_of(asked.groups)


def why_not_there(place: Audience) -> NotSentReason | None:
    """Why nothing about practice is posted where these people are; None if it may be."""
    if place.shared:
        return NotSentReason.SHARED_CHANNEL
    if place.guests:
        return NotSentReason.GUESTS
    return NotSentReason.CROWDED if place.crowded else None


def require(
    asker: Asker,
    visibility: Visibility,
    ask: str,
    place: Audience = OPEN,
    asked: ResolvedQuery | None = None,
) -> None:
    """Raises NotAllowed, with the reason, unless `asker` may have this sent there."""
    access.admit(asker.account_type)
    why = why_not(asker, visibility, ask, place, asked)
    if why is not None:
        by = "" if asker.is_admin else ", typed by an admin,"
        raise not_allowed(why, by=by)


def may_change(
    asker: Asker, visibility: Visibility, one: Subscription, asked: ResolvedQuery | None = None
) -> bool:
    """Whether `asker` may preview, send, edit, pause or remove it.

    What goes to a channel belongs to all who could have set it up; whoever did may always stop
    it. What goes to a person is theirs alone.
    """
    if asker.team_id != one.team_id:
        return False
    if one.is_personal:
        return asker.user_id == one.owner_id
    return visibility.everyone or why_not(asker, visibility, one.plan.ask, asked=asked) is None


def may_stop(
    asker: Asker, visibility: Visibility, one: Subscription, asked: ResolvedQuery | None = None
) -> bool:
    """Whether `asker` may pause or remove it."""
    is_owner = (asker.team_id, asker.user_id) == (one.team_id, one.owner_id)
    return is_owner or may_change(asker, visibility, one, asked)


def require_change(
    asker: Asker,
    visibility: Visibility,
    one: Subscription,
    asked: ResolvedQuery | None = None,
    *,
    stop: bool = False,
) -> None:
    """Raises NotAllowed unless `asker` may change it, or with `stop` at least pause or remove."""
    if not (may_stop if stop else may_change)(asker, visibility, one, asked):
        raise NotAllowed(
            "This message is someone else's."
            if one.is_personal
            else "Only admins and coaches of this group can change this digest."
        )


@dataclass(frozen=True, slots=True)
class Owners:
    """Whether what falls due may still be sent: judged for its owner as they are now."""

    people: People
    coaching: Coaching
    audiences: Audiences
    questions: StoredQuestions

    async def check(self, one: Subscription, delivery: Delivery) -> NotSentReason | None:
        """Why it may not be sent; None if it may.

        Whoever pressed a button is judged in place of the owner. Raises ExecError, SlackError
        and StorageError when that can't be told just now.
        """
        try:
            asker = await self.people.asker(one.team_id, delivery.asked_by or one.owner_id)
        except NotFound:
            return NotSentReason.OWNER_LEFT
        visibility = None
        if asker.account_type is AccountType.FULL:
            try:
                visibility = await self.coaching.visibility(asker)
            except NotAllowed:
                visibility = None
        asked = None
        if visibility is not None:
            asked = await self.questions.asked(one.team_id, one.plan.ask)
        if isinstance(asked, NotSentReason):
            return asked
        why = why_not(asker, visibility, one.plan.ask, asked=asked)
        if why is not None or one.is_personal:
            return why
        # Last, since it may take a request for each person there.
        place = await self._place(one.team_id, delivery.place)
        return place if isinstance(place, NotSentReason) else why_not_there(place)

    async def _place(self, team_id: str, channel_id: str) -> Audience | NotSentReason:
        try:
            return await self.audiences.place(team_id, channel_id)
        except SlackError as error:
            if error.code in SLACK_SAYS:
                return SLACK_SAYS[error.code]
            raise
