"""The messages about subscriptions: saved, listed, removed, in trouble; and their form."""

from __future__ import annotations

from typing import Any

from bot.rendering.digest_views import Part
from bot.rendering.drawing import Drawing, Truncated, stretch
from bot.rendering.subscription_views import (
    AnotherView,
    RemovedView,
    RemoveView,
    SavedView,
    SubscriptionFormView,
    SubscriptionsView,
    TroubleView,
    rhythms,
)
from bot.rendering.views import Choice, Message

_LISTED = 10  # each with its buttons: more is nothing that one can look over
_SELECT = 100  # entries of a select menu
_NAMES = 3
_IN_MODALS = frozenset({"section", "header", "context", "divider"})
_PART_WORDS = {
    Part.CHART: "A chart of the last weeks",
    Part.IMPROVED: "Who improved most, by name",
    Part.SCENARIOS: "Most and least practised scenarios",
    Part.ASSIGNMENTS: "How many assignments are overdue or due",
}


class SubscriptionMessages(Drawing):
    """Draws what is said about subscriptions."""

    def saved(self, view: SavedView) -> Message:
        """A subscription was made or changed."""
        return self._message("subscribed", {"view": view, "sub": view.subscription})

    def listed(self, view: SubscriptionsView) -> Message:
        """The subscriptions of a channel, or all of them, ten at a time."""
        page = stretch(view.subscriptions, view.start, most=_LISTED, room=_LISTED, cost=_one)
        return self._message("subscriptions", {"view": view, "page": page})

    def another(self, view: AnotherView) -> Message:
        """Beside the one that is there, or in its place?"""
        return self._message("subscription_another", {"view": view, "sub": view.subscription})

    def remove(self, view: RemoveView) -> Message:
        """Really?"""
        return self._message("subscription_remove", {"view": view, "sub": view.subscription})

    def removed(self, view: RemovedView) -> Message:
        """It is gone, and can be brought back for a while."""
        return self._message("subscription_removed", {"view": view, "sub": view.subscription})

    def trouble(self, view: TroubleView) -> Message:
        """Why a subscription does not arrive, and what its owner can do."""
        return self._message("subscription_trouble", {"view": view, "sub": view.subscription})

    def form(self, view: SubscriptionFormView) -> dict[str, Any]:
        """The form of a digest: a modal for `views.open` and `views.update`."""
        menu = view.groups if 1 <= len(view.groups) <= _SELECT else ()
        chosen = next((choice for choice in menu if choice.value == view.group), None)
        if view.group and chosen is None:
            menu = ()
        lists, rhythm = _rhythms(view.rhythm)
        values = {
            "view": view,
            "groups": menu,
            "chosen": chosen,
            "rhythms": lists,
            "rhythm": rhythm,
            "parts": [(part.value, _PART_WORDS[part]) for part in Part],
            "chosen_parts": [
                (part.value, _PART_WORDS[part]) for part in Part if part in view.parts
            ],
            "people": _people(view),
        }
        made = self._modal("digest_form", values)
        return {**made, "blocks": [*made["blocks"], *self._preview(view)]}

    def _preview(self, view: SubscriptionFormView) -> list[dict[str, Any]]:
        """The blocks of what would be posted, as far as a modal takes them."""
        if view.preview is None:
            return []
        kept = [block for block in view.preview.blocks if block["type"] in _IN_MODALS]
        return [{"type": "divider"}, *kept]


def _one(_entry: object) -> int:
    return 1


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
