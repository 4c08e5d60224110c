"""Every sample of the messages around digests and coaches, by name, ready to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from bot.rendering import digest_samples as digests
from bot.rendering import subscription_samples as subscriptions
from bot.rendering.coach_messages import CoachMessages
from bot.rendering.digest_messages import DigestMessages
from bot.rendering.environment import Renderer
from bot.rendering.report_samples import Company
from bot.rendering.subscription_messages import SubscriptionMessages
from bot.rendering.views import Message

V = TypeVar("V")
Drawings = dict[str, Callable[[], Message | dict[str, Any]]]


def drawings(renderer: Renderer, company: Company, level: int = 0) -> Drawings:
    """What each message looks like for these people, in the blocks of `level` where it has any."""
    group, coach = DigestMessages(renderer), CoachMessages(renderer)
    return {
        **_named(lambda view: group.digest(view, level), digests.digests(company)),
        "digest-details": partial(group.details, digests.details(company), level),
        "digest-details-further": partial(
            group.details, digests.details(company, start=len(company.people)), level
        ),
        "digest-counted": partial(group.counted, digests.counted(company)),
        **_numbered("digest-own", group.own_share, digests.own_shares(company)),
        **_named(coach.coach, digests.coach_messages(company)),
        **_numbered("person", coach.person, digests.persons(company)),
        **_numbered("nudge", coach.nudge, digests.nudges(company)),
        "nudge-preview": partial(coach.nudge_preview, digests.nudge_preview(company)),
        **_numbered("snooze", coach.snooze, digests.snoozes(company)),
        **_named(lambda view: coach.me(view, level), digests.me(company)),
        "coaches": partial(coach.coaches, digests.coaches(company), level),
        **_numbered("coach-added", coach.coach_added, digests.coaches_added(company)),
        **_subscriptions(SubscriptionMessages(renderer), company),
    }


def _subscriptions(messages: SubscriptionMessages, company: Company) -> Drawings:
    return {
        **_named(messages.saved, subscriptions.saved(company)),
        **_named(messages.listed, subscriptions.lists(company)),
        **_named(messages.another, subscriptions.another(company)),
        "remove": partial(messages.remove, subscriptions.remove(company)),
        "removed": partial(messages.removed, subscriptions.removed(company)),
        **_named(messages.trouble, subscriptions.troubles(company)),
        **_named(messages.form, subscriptions.forms(company)),
    }


def _named(draw: Callable[[V], Message | dict[str, Any]], views: Mapping[str, V]) -> Drawings:
    return {name: partial(draw, view) for name, view in views.items()}


def _numbered(
    name: str, draw: Callable[[V], Message | dict[str, Any]], views: Iterable[V]
) -> Drawings:
    return {f"{name}-{at}": partial(draw, view) for at, view in enumerate(views, start=1)}
