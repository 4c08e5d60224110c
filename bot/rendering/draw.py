"""A view in, a message out: which drawing belongs to which view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from bot.rendering import coach_views as coach
from bot.rendering import digest_views as digest
from bot.rendering import messages, views
from bot.rendering import subscription_views as subscription
from bot.rendering.coach_messages import CoachMessages
from bot.rendering.digest_messages import DigestMessages
from bot.rendering.environment import Renderer
from bot.rendering.limits import together
from bot.rendering.status import StatusView
from bot.rendering.subscription_messages import SubscriptionMessages
from bot.rendering.views import Message

OneView: TypeAlias = (
    views.AnswerView
    | views.SharedView
    | views.CostView
    | views.ProgressView
    | views.ProblemView
    | views.NoticeView
    | views.HelpView
    | views.ExplainView
    | views.ShareConfirmView
    | StatusView
    | digest.DigestView
    | digest.DetailsView
    | digest.CountedView
    | digest.OwnShareView
    | coach.CoachView
    | coach.PersonView
    | coach.NudgeView
    | coach.NudgePreviewView
    | coach.MeView
    | coach.CoachesView
    | coach.CoachAddedView
    | subscription.SavedView
    | subscription.SubscriptionsView
    | subscription.AnotherView
    | subscription.RemoveView
    | subscription.RemovedView
    | subscription.TroubleView
)
# What one message is drawn from; several stand below each other.
View: TypeAlias = OneView | tuple[OneView, ...]
Form: TypeAlias = views.FormView | coach.SnoozeView | subscription.SubscriptionFormView


class Messages:
    """Draws every view; templates in the folder `overrides` go before ours."""

    def __init__(self, overrides: Path | None = None) -> None:
        renderer = Renderer(overrides)
        plain, digests = messages.Messages(renderer), DigestMessages(renderer)
        coaches, subscriptions = CoachMessages(renderer), SubscriptionMessages(renderer)
        self._leveled: dict[type, Callable[[Any, int], Message]] = {
            views.AnswerView: lambda view, level: plain.answer(view, level).message,
            views.SharedView: lambda view, level: plain.shared(view, level).message,
            StatusView: plain.status,
            digest.DigestView: digests.digest,
            digest.DetailsView: digests.details,
            coach.MeView: coaches.me,
            coach.CoachesView: coaches.coaches,
        }
        self._plain: dict[type, Callable[[Any], Message]] = {
            views.CostView: plain.cost,
            views.ProgressView: plain.progress,
            views.ProblemView: plain.problem,
            views.NoticeView: plain.notice,
            views.HelpView: plain.help,
            views.ExplainView: plain.explain,
            views.ShareConfirmView: plain.share_confirm,
            digest.CountedView: digests.counted,
            digest.OwnShareView: digests.own_share,
            coach.CoachView: coaches.coach,
            coach.PersonView: coaches.person,
            coach.NudgeView: coaches.nudge,
            coach.NudgePreviewView: coaches.nudge_preview,
            coach.CoachAddedView: coaches.coach_added,
            subscription.SavedView: subscriptions.saved,
            subscription.SubscriptionsView: subscriptions.listed,
            subscription.AnotherView: subscriptions.another,
            subscription.RemoveView: subscriptions.remove,
            subscription.RemovedView: subscriptions.removed,
            subscription.TroubleView: subscriptions.trouble,
        }
        self._forms: dict[type, Callable[[Any], dict[str, Any]]] = {
            views.FormView: plain.form,
            coach.SnoozeView: coaches.snooze,
            subscription.SubscriptionFormView: subscriptions.form,
        }

    def draw(self, view: View, level: int = 0) -> Message:
        """The message about a view, in the blocks of a fallback level (see `fallback.LEVELS`)."""
        if isinstance(view, tuple):
            first, *others = (self.draw(one, level) for one in view)
            for other in others:
                first = together(first, other)
            return first
        if (leveled := self._leveled.get(type(view))) is not None:
            return leveled(view, level)
        return self._plain[type(view)](view)

    def form(self, view: Form) -> dict[str, Any]:
        """The modal of a view, for `views.open` and `views.update`."""
        return self._forms[type(view)](view)
