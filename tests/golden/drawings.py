"""Every sample of a message, by name, and how one is drawn."""

from __future__ import annotations

from bot.messages.blocks import Message
from bot.messages.render import Messages
from bot.rendering.home_views import HomeView
from bot.rendering.views import LookingView, ModalView
from tests.golden import digest_samples as digests
from tests.golden import samples, status_samples
from tests.golden import subscription_samples as subscriptions
from tests.golden.checker import assert_fits, assert_sendable, assert_text_says
from tests.golden.report_samples import Company

MESSAGES = Messages()


def drawn(view: object) -> Message | dict:
    """The message about a view, or its modal or Home tab."""
    if isinstance(view, HomeView):
        return MESSAGES.home(view)
    return MESSAGES.modal(view) if isinstance(view, ModalView) else MESSAGES.message(view)


def everything(company: Company) -> dict[str, object]:
    """A view of each kind, in each of its forms."""
    return {**around_answers(), **about(company)}


def around_answers() -> dict[str, object]:
    """Answers, and what is said to a question without one."""
    return {
        "answer-nothing": samples.answer(0),
        "answer-part": samples.unfinished_answer(),
        "answer-without-exec": samples.answer_without_exec(),
        "shared-nothing": samples.shared(0),
        "shared": samples.shared(),
        **samples.posted(),
        **_numbered("status", status_samples.statuses()),
        "looking": LookingView(),
        "problem": samples.problem(),
        "notice": samples.notice(),
        "help": samples.help_view(),
        "help-who": samples.help_view("who"),
        "share-confirm": samples.share_confirm(),
    }


def about(company: Company) -> dict[str, object]:
    """The messages around digests and coaches, about these people."""
    return {
        **digests.digests(company),
        "details": digests.details(company),
        "details-further": digests.details(company, start=len(company.people)),
        **_numbered("own", digests.own_shares(company)),
        **digests.coach_messages(company),
        **_numbered("person", digests.persons(company)),
        **_numbered("nudge", digests.nudges(company)),
        "nudge-preview": digests.nudge_preview(company),
        **_numbered("nudge-words", digests.nudge_words(company)),
        **digests.me(company),
        "coaches": digests.coaches(company),
        **_numbered("coach-added", digests.coaches_added(company)),
        **subscriptions.saved(company),
        **subscriptions.lists(company),
        **subscriptions.troubles(company),
        **subscriptions.confirmations(),
        **subscriptions.forms(company),
    }


def _numbered(name: str, views: tuple[object, ...]) -> dict[str, object]:
    return {f"{name}-{at}": view for at, view in enumerate(views, start=1)}


def assert_taken(name, view):
    """Slack takes it, rich and plain, nobody is pinged, and its text says what its blocks show."""
    message = drawn(view)
    if not isinstance(message, Message):
        assert_sendable(message)
        return
    assert_fits(message)
    assert_text_says(message, name)
    assert_fits(message.plain())
