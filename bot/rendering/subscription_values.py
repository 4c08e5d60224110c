"""What the templates of the list of subscriptions, and of their form, are given. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rendering.digest_views import Part
from bot.rendering.pages import Room, Truncated, page
from bot.rendering.subscription_views import (
    Subscription,
    SubscriptionFormView,
    SubscriptionsView,
    rhythms,
)
from bot.rendering.views import Choice

# Each has its buttons: more than ten are too many to look over.
_ROOM: Room[Subscription] = Room(10, 10, lambda _one: 1)
_SELECT = 100  # entries of a select menu
_NAMES = 3
_PART_WORDS = {
    Part.CHART: "A chart of the last weeks",
    Part.IMPROVED: "Who improved most, by name",
    Part.SCENARIOS: "Most and least practised scenarios",
    Part.ASSIGNMENTS: "How many assignments are overdue or due",
}


def listed(view: SubscriptionsView, _level: int) -> Mapping[str, object]:
    """The subscriptions of a channel, or all of them, ten at a time."""
    start = view.start - view.start % _ROOM.entries
    return {"page": page(view.subscriptions, start, _ROOM)}


def form(view: SubscriptionFormView, _level: int) -> Mapping[str, object]:
    """The form of a digest."""
    menu = view.groups if 1 <= len(view.groups) <= _SELECT else ()
    chosen = next((choice for choice in menu if choice.value == view.group), None)
    if view.group and chosen is None:
        menu = ()
    lists, rhythm = _rhythms(view.rhythm)
    return {
        "groups": menu,
        "chosen": chosen,
        "rhythms": lists,
        "rhythm": rhythm,
        "parts": [(part.value, _PART_WORDS[part], part in view.parts) for part in Part],
        "people": _people(view),
    }


def _rhythms(chosen: str) -> tuple[list[tuple[str, list[Choice]]], Choice | None]:
    """The menu, with a rhythm of its own for one that is none of the usual ones."""
    lists = [(heading, list(choices)) for heading, choices in rhythms()]
    known = {choice.value: choice for _, choices in lists for choice in choices}
    if not chosen or chosen in known:
        return lists, known.get(chosen)
    own = Choice(chosen.capitalize(), chosen)
    return [("As it is", [own]), *lists], own


def _people(view: SubscriptionFormView) -> Truncated[str]:
    audience = view.audience
    if audience is None:
        return Truncated((), 0)
    named = audience.names[:_NAMES]
    return Truncated(named, max(audience.people - len(named), 0))
