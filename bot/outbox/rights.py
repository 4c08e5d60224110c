"""Who may have what sent where, and who may change it. Pure; `access` judges who sees whom."""

from __future__ import annotations

from bot import access
from bot.access import AccountType, Asker, Visibility
from bot.errors import NotAllowed
from bot.outbox.plans import Kind, Subscription
from bot.outbox.reasons import Why
from bot.people.audience import Place

OPEN = Place(shared=False)

_REFUSALS = {
    Why.SHARED_CHANNEL: (
        "People from other companies are in this channel, so I don't post practice results here."
    ),
    Why.GUESTS: (
        "Guests are in this channel, and guests can't see practice results. Choose a channel "
        "without guests."
    ),
    Why.CROWDED: (
        "So many people are in this channel that I can't make sure no guests see what I post. "
        "Choose a smaller one."
    ),
    Why.NO_RIGHT: (
        "Only an admin or a coach of this group can have its digest posted in a channel. Ask an "
        "admin to make you one."
    ),
    Why.NO_PEOPLE: 'You coach nobody yet. `{command} coach add @you "West Coast"`{by} adds you.',
    Why.NOT_IN_EXEC: "You are not in Exec yourself, so there is no week of yours to show.",
}


def why_not(
    asker: Asker, visibility: Visibility | None, kind: Kind, group_id: str, place: Place = OPEN
) -> Why | None:
    """Why `asker` may not have this sent; None if they may.

    `visibility` as from `access.visibility`; None if that says that they see nothing.
    """
    if asker.account_type is AccountType.GUEST:
        return Why.OWNER_IS_GUEST
    if asker.account_type is not AccountType.FULL:
        return Why.OWNER_LEFT
    is_in_exec = asker.member is not None and access.is_present(asker.member)
    if visibility is None or not (visibility.everyone or is_in_exec):
        return Why.NOT_IN_EXEC
    own = frozenset() if asker.member is None else frozenset({asker.member.id})
    match kind:
        case Kind.GROUP:
            if not visibility.covers_group(group_id):
                return Why.NO_RIGHT
            return _why_not_there(place)
        case Kind.COACH:
            # An admin sees everybody, but coaches only whom they were given.
            return (
                None
                if visibility.coached - own or visibility.groups | visibility.unsure
                else Why.NO_PEOPLE
            )
        case Kind.OWN:
            return None if is_in_exec else Why.NOT_IN_EXEC


def require(
    asker: Asker,
    visibility: Visibility,
    kind: Kind,
    group_id: str,
    place: Place = OPEN,
    *,
    command: str = "/exec",
) -> None:
    """Raises NotAllowed, with the reason, unless `asker` may have this sent there."""
    access.admit(asker.account_type)
    why = why_not(asker, visibility, kind, group_id, place)
    if why is not None:
        by = "" if asker.is_admin else ", typed by an admin,"
        raise refusal(why, command=command, by=by)


def refusal(why: Why, *, command: str = "/exec", by: str = "") -> NotAllowed:
    """What somebody reads who may not have this; it names neither group nor channel."""
    return NotAllowed(_REFUSALS[why], command=command, by=by)


def _why_not_there(place: Place) -> Why | None:
    if place.shared:
        return Why.SHARED_CHANNEL
    if place.guests:
        return Why.GUESTS
    return Why.CROWDED if place.crowded else None


def may_change(asker: Asker, visibility: Visibility, one: Subscription) -> bool:
    """Whether `asker` may preview, send, edit, pause or remove it.

    A channel's digest belongs to all who could have subscribed it; whoever did may always stop
    it. What goes to a person is theirs alone.
    """
    if asker.team_id != one.team_id:
        return False
    if one.kind is not Kind.GROUP:
        return asker.user_id == one.owner_id
    return why_not(asker, visibility, one.kind, one.plan.group_id) is None


def may_stop(asker: Asker, visibility: Visibility, one: Subscription) -> bool:
    """Whether `asker` may pause or remove it."""
    is_owner = (asker.team_id, asker.user_id) == (one.team_id, one.owner_id)
    return is_owner or may_change(asker, visibility, one)


def require_change(
    asker: Asker, visibility: Visibility, one: Subscription, *, stop: bool = False
) -> None:
    """Raises NotAllowed unless `asker` may change it, or with `stop` at least pause or remove."""
    if not (may_stop if stop else may_change)(asker, visibility, one):
        raise NotAllowed(
            "This digest is not yours to change: an admin or a coach of the group can."
            if one.kind is Kind.GROUP
            else "This message is someone else's."
        )
