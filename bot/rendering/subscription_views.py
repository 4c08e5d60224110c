"""The views of subscriptions: saved, listed, changed, in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.errors import Sentence
from bot.language.days import WEEKDAY_NAMES, ordinal
from bot.messages.tables import Page, Truncated, page
from bot.rendering.digest_views import DigestPart, DigestView
from bot.rendering.views import Choice, ModalView, PostedView, TemplateView


@dataclass(frozen=True, slots=True)
class SubscriptionTrouble:
    """The reason why a subscription does not arrive: `code` is a word of our own, `why` says it,
    and `remedy` what its owner can do. `retry_may_help`: so may Send now."""

    code: str
    why: Sentence
    remedy: Sentence
    retry_may_help: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """The last time it was due (UTC), and how it went; "late" means sent, but late."""

    at: datetime
    outcome: Literal["sent", "late", "failed", "unsure"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that was due (UTC) and is not sent yet; `reason` says what it waits for, "" while it is
    on its way."""

    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A subscription as people read it.

    `id` is opaque. `kind` "digest" comes to a channel; "coach" is a coach's message about their
    people, "me" a person's own week. `title` is the group of a digest, or with `is_question` the
    question in words; `place` is "#west-coast", or whom the direct message goes to. `when` is a
    schedule in words without its zone. `owner` is a name in Exec. `next` is None while it is
    paused or ended. `trouble` is why it does not arrive, or why it was paused; None where a
    person paused it. `waiting` is due and not sent yet. Who reads it `can_change` it, or at least
    pause and remove it (`can_stop`).
    """

    id: str
    kind: Literal["digest", "coach", "me"]
    title: str
    place: str
    when: str
    zone: str
    owner: str
    paused: bool = False
    trouble: SubscriptionTrouble | None = None
    last: Last | None = None
    next: datetime | None = None
    waiting: Waiting | None = None
    can_change: bool = True
    can_stop: bool = True
    is_question: bool = False


class Done(StrEnum):
    """What was done to a subscription; NOTHING where it was only looked at."""

    SAVED = "saved"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    WAS_PAUSED = "was_paused"
    WAS_ON = "was_on"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SavedView(TemplateView):
    """A subscription and its state; `upcoming` are the next send times (UTC)."""

    template = "subscribed"
    subscription: SubscriptionLine
    upcoming: tuple[datetime, ...]
    now: datetime
    done: Done = Done.SAVED


@dataclass(frozen=True, slots=True)
class SubscriptionsView(TemplateView):
    """The subscriptions of a channel, or all (`channel` None); `start` is the first to show.

    `id` is the opaque id of the list. `can_add`: who reads it may have one of some group.
    """

    template = "subscriptions"
    id: str
    channel: str | None
    subscriptions: tuple[SubscriptionLine, ...]
    now: datetime
    start: int = 0
    can_add: bool = True

    @property
    def page(self) -> Page[SubscriptionLine]:
        """Those to show: each has its buttons, and more than ten are too many to look over."""
        return page(self.subscriptions, self.start, rows=10)


@dataclass(frozen=True, slots=True)
class TroubleView(TemplateView):
    """The message to the owner of a subscription that does not arrive.

    `subscription.trouble` is set. `due` is the send time it is about, None where none was.
    """

    template = "subscription_trouble"
    subscription: SubscriptionLine
    due: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Audience:
    """The members of a channel: `people` in all without apps, the `names` in Exec of the first few,
    `guests` as far as known. `crowded`: too many are in it to look at each."""

    people: int = 0
    names: tuple[str, ...] = ()
    guests: int = 0
    shared: bool = False
    crowded: bool = False

    def named(self, most: int) -> Truncated[str]:
        """The first few names, and how many more there are."""
        names = self.names[:most]
        return Truncated(names, max(self.people - len(names), 0))


@dataclass(frozen=True, slots=True)
class SubscriptionFormView(ModalView):
    """The form of a digest: a modal.

    `private` goes to private_metadata: an opaque id. `group` is a choice's value, or words that
    are typed where there are none or more than 100 choices; `question` takes its place where
    the form is not about a group's digest. `rhythm` are canonical words of a
    schedule without time and zone ("every monday"), `clock` is "HH:MM". `upcoming` are the next
    send times (UTC), () where the fields make no schedule. `problem` is why it cannot be saved
    as it stands. `preview` is what would be posted.
    """

    template = "digest_form"
    private: str
    groups: tuple[Choice, ...]
    group: str
    rhythm: str
    clock: str
    zone: str
    parts: frozenset[DigestPart]
    channel_id: str
    channel: str
    audience: Audience | None
    upcoming: tuple[datetime, ...]
    now: datetime
    changes: bool = False
    problem: Sentence | None = None
    preview: DigestView | PostedView | None = None
    question: str | None = None

    @property
    def rhythms(self) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
        """The rhythms to choose from, with this one if it is none of the usual."""
        usual = rhythms()
        if not self.rhythm or any(self.rhythm == each.value for _, all in usual for each in all):
            return usual
        return (("As it is", (Choice(self.rhythm.capitalize(), self.rhythm),)), *usual)


def rhythms() -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """The rhythms to choose from, under headings. Values are canonical words of a schedule."""
    names = [(name.title(), name) for name in WEEKDAY_NAMES]
    month = [Choice(f"Monthly on the {ordinal(day)}", f"monthly {ordinal(day)}") for day in DAYS]
    return (
        ("Daily", (Choice("Every day", "daily"), Choice("Every weekday", "every weekday"))),
        ("Weekly", tuple(Choice(f"Every {name}", f"every {word}") for name, word in names)),
        (
            "Every second week",
            tuple(Choice(f"Every second {name}", f"every 2 weeks {word}") for name, word in names),
        ),
        ("Monthly", (*month, Choice("Monthly on the last day", "monthly 31st"))),
    )


DAYS = range(1, 29)  # those that every month has


@dataclass(frozen=True, slots=True)
class DigestOfferView(TemplateView):
    """An offer to open the form of a digest; `id` is the stored command that it is filled from."""

    template = "digest_offer"
    id: str
