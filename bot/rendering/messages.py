"""A view in, a message out: which template draws which view, and from what. Pure but for files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from bot.rendering import answer_values as answers
from bot.rendering import audit, blocks, views
from bot.rendering import coach_values as coaches
from bot.rendering import coach_views as coach
from bot.rendering import digest_values as digests
from bot.rendering import digest_views as digest
from bot.rendering import subscription_values as subscriptions
from bot.rendering import subscription_views as subscription
from bot.rendering.document import Document, Modal
from bot.rendering.status import StatusView
from bot.rendering.templates import Templates
from bot.rendering.views import Message

OneView: TypeAlias = (
    views.AnswerView
    | views.SharedView
    | views.PostedView
    | views.ExportedView
    | views.CostView
    | views.ProgressView
    | views.ProblemView
    | views.NoticeView
    | views.HelpView
    | views.ExplainView
    | views.ShareConfirmView
    | StatusView
    | audit.AuditView
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

Values = Mapping[str, object]


def _nothing(_view: object, _level: int) -> Values:
    return {}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A template by its name, and what it is given beside the view itself.

    `values` takes the view and the fallback level, by which fewer rows make a page.
    """

    template: str
    values: Callable[[Any, int], Values] = _nothing


DRAWINGS: Mapping[type, Drawing] = MappingProxyType(
    {
        views.AnswerView: Drawing("answer", answers.answer),
        views.SharedView: Drawing("shared", answers.shared),
        views.PostedView: Drawing("posted", answers.posted),
        views.ExportedView: Drawing("exported", answers.exported),
        views.CostView: Drawing("cost", answers.cost),
        views.ProgressView: Drawing("progress"),
        views.ProblemView: Drawing("problem"),
        views.NoticeView: Drawing("notice"),
        views.HelpView: Drawing("help"),
        views.ExplainView: Drawing("explain"),
        views.ShareConfirmView: Drawing("share_confirm", answers.share_confirm),
        views.FormView: Drawing("form", answers.form),
        StatusView: Drawing("status"),
        audit.AuditView: Drawing("audit", audit.audit),
        digest.DigestView: Drawing("digest", digests.digest),
        digest.DetailsView: Drawing("digest_details", digests.details),
        digest.CountedView: Drawing("digest_counted", digests.counted),
        digest.OwnShareView: Drawing("digest_own", digests.own_share),
        coach.CoachView: Drawing("coach", coaches.coach),
        coach.PersonView: Drawing("coach_person", coaches.person),
        coach.NudgeView: Drawing("nudge", coaches.nudge),
        coach.NudgePreviewView: Drawing("nudge_preview", coaches.nudge_preview),
        coach.SnoozeView: Drawing("snooze"),
        coach.MeView: Drawing("me", coaches.me),
        coach.CoachesView: Drawing("coaches"),
        coach.CoachAddedView: Drawing("coach_added"),
        subscription.SavedView: Drawing("subscribed"),
        subscription.SubscriptionsView: Drawing("subscriptions", subscriptions.listed),
        subscription.AnotherView: Drawing("subscription_another"),
        subscription.RemoveView: Drawing("subscription_remove"),
        subscription.RemovedView: Drawing("subscription_removed"),
        subscription.TroubleView: Drawing("subscription_trouble"),
        subscription.SubscriptionFormView: Drawing("digest_form", subscriptions.form),
    }
)


FORMS = (views.FormView, coach.SnoozeView, subscription.SubscriptionFormView)


class Messages:
    """Draws every view. `strict`: a broken override raises instead of being replaced by ours.

    All methods raise TemplateProblem if a template of ours is broken.
    """

    def __init__(self, overrides: Path | None = None, *, strict: bool = False) -> None:
        templates = Templates(overrides)
        self._draw = templates.draw_strictly if strict else templates.draw

    def draw(self, view: View, level: int = 0) -> Message:
        """The message about a view, in the blocks of a fallback level (see `blocks.LEVELS`).

        Of several they stand below each other.
        """
        if isinstance(view, tuple):
            return reduce(blocks.together, (self.draw(one, level) for one in view))
        drawing, values = _found(view, level)
        return blocks.message(self._draw(Document, drawing, values), level)

    def form(self, view: Form) -> dict[str, Any]:
        """The modal of a view, for `views.open` and `views.update`."""
        drawing, values = _found(view, 0)
        preview = view.preview if isinstance(view, subscription.SubscriptionFormView) else None
        below = None if preview is None else self.draw(preview).document
        return blocks.modal(self._draw(Modal, drawing, values), below)


def _found(view: object, level: int) -> tuple[str, Values]:
    drawing = DRAWINGS[type(view)]
    return drawing.template, {"view": view, **drawing.values(view, level)}
