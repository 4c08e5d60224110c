"""A view of each message about subscriptions: for tests and pictures."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import Sentence
from bot.rendering.digest_views import DigestPart
from bot.rendering.subscription_views import (
    Audience,
    Done,
    Last,
    SavedView,
    SubscriptionFormView,
    SubscriptionLine,
    SubscriptionsView,
    SubscriptionTrouble,
    TroubleView,
)
from bot.rendering.views import Choice, ConfirmView
from tests.golden import digest_samples
from tests.golden.digest_samples import in_weeks
from tests.golden.report_samples import NOW, ZONE, Company

_UPCOMING = tuple(in_weeks(count) for count in (1, 2, 3))
PAUSED = SubscriptionTrouble(
    "archived",
    Sentence("{place} is archived.", {"place": "#west-coast"}),
    Sentence("Unarchive the channel and press Resume, or press Edit to choose another one."),
)
PASSES = SubscriptionTrouble(
    "exec_away",
    Sentence("Exec could not be reached in time."),
    Sentence("Send now posts it as soon as Exec is back, and the next one comes as planned."),
    retry_may_help=True,
)


def subscription(company: Company) -> SubscriptionLine:
    """A digest that goes to a channel every Monday."""
    return SubscriptionLine(
        id="s_1",
        kind="digest",
        title=digest_samples.group(company),
        place="#west-coast",
        when="every Monday at 9:00",
        zone=ZONE,
        owner=company.people[-1].name if company.people else "Ana Costa",
        last=Last(NOW, "sent"),
        next=in_weeks(1),
    )


def saved(company: Company) -> dict[str, SavedView]:
    """A digest, and a coach's message that was changed and one that was paused."""
    sub = subscription(company)
    usual = SavedView(sub, _UPCOMING, NOW)
    coach = replace(usual, subscription=replace(sub, kind="coach", place="Ana Costa"))
    paused = replace(coach, subscription=replace(coach.subscription, paused=True, next=None))
    return {
        "saved": usual,
        "saved-coach": replace(coach, done=Done.CHANGED),
        "saved-paused": replace(paused, done=Done.PAUSED),
    }


def lists(company: Company) -> dict[str, SubscriptionsView]:
    """Nothing, one, and as many as there are people."""
    sub = subscription(company)
    kinds = (
        sub,
        replace(sub, last=None),
        replace(sub, paused=True, next=None, trouble=PAUSED),
        replace(sub, last=Last(NOW, "unsure"), trouble=PASSES),
        replace(sub, kind="coach", place="Ana Costa"),
        replace(sub, kind="me", place="Ana Costa", last=Last(NOW, "late")),
    )
    many = tuple(replace(kinds[at % len(kinds)], id=f"s_{at}") for at in range(len(company.people)))
    usual = SubscriptionsView("l_1", "#west-coast", many, NOW)
    stops = replace(many[0], can_change=False) if many else replace(sub, paused=True)
    others = (stops, *(replace(each, can_change=False, can_stop=False) for each in many[1:]))
    return {
        "list": usual,
        "list-of-all": replace(usual, channel=None, start=10),
        "list-of-others": replace(usual, subscriptions=others, can_add=False),
    }


def troubles(company: Company) -> dict[str, TroubleView]:
    """What waits for its owner, and what passes by itself."""
    sub = subscription(company)
    paused = replace(sub, trouble=PAUSED, paused=True, next=None)
    return {
        "trouble-archived": TroubleView(paused, due=NOW, now=NOW),
        "trouble-exec_away": TroubleView(replace(sub, trouble=PASSES), due=NOW, now=NOW),
    }


def confirmations() -> dict[str, ConfirmView]:
    """Before a digest is removed, and before it is posted at once."""
    names = {"title": "West <Coast>", "channel": "#west-coast"}
    remove = Sentence("Remove *{title}*, which comes to *{channel}*?", names)
    post = Sentence("Post *{title}* now in *{channel}*? 36 people will read it.", names)
    return {
        "confirm-remove": ConfirmView(remove, "Remove", "digest.remove_now", "s_1"),
        "confirm-post": ConfirmView(post, "Post now", "digest.post_now", "s_1"),
    }


def forms(company: Company) -> dict[str, SubscriptionFormView]:
    """The form filled in; for a channel with guests; for a question."""
    name = digest_samples.group(company)
    names = tuple(person.name for person in company.people[:5])
    usual = SubscriptionFormView(
        private="f_1",
        groups=(Choice(name, "g1"), Choice("R&D", "g2")),
        group="g1",
        rhythm="every monday",
        clock="09:00",
        zone=ZONE,
        parts=frozenset(DigestPart),
        channel_id="C1001",
        channel="#west-coast",
        audience=Audience(len(company.people), names),
        upcoming=_UPCOMING,
        now=NOW,
        preview=replace(
            digest_samples.digest(company), id=None, parts=frozenset({DigestPart.BESTS})
        ),
    )
    guests = replace(
        usual,
        audience=Audience(14, names, guests=2),
        changes=True,
        rhythm="every 3 weeks friday from 2026-03-27",
        preview=None,
        problem=Sentence("I don't know the zone `{zone}`.", {"zone": name}),
    )
    question = replace(
        usual,
        question=f'sessions group:"{name}" last 7d',
        audience=None,
        upcoming=(),
        channel_id="",
        preview=None,
    )
    return {"form": usual, "form-guests": guests, "form-question": question}
