"""The views that templates draw: one frozen dataclass per template.

Text in a view is plain text as people typed it or as Exec stores it: nothing is escaped here.
Every id that a button carries is opaque; what it stands for is in the database. (Buttons of a Home
tab, which no other app can read, carry words of commands.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

from bot.errors import Pattern, Sentence
from bot.reports.freshness import Freshness


class TemplateView:
    """The values from which `template`, a file of that name, draws a message."""

    __slots__ = ()
    template: ClassVar[str]


class ModalView(TemplateView):
    """The values from which its template draws a modal."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that runs a stored command: its label and the stored command's opaque id."""

    label: str
    id: str


@dataclass(frozen=True, slots=True)
class AnswerView(TemplateView):
    """The answer of a report to a question.

    `found` are the figures of the `report`; its table is shown from row `start` on. `understood`
    are the parts of the first line: whose practice, filters, period. Moments are of the `zone`.
    `loosen` is offered when nothing was found: offers to drop one of the filters.
    `mine_only` is set for a coach who named nobody and so gets their people's practice: the same
    of their own. `by_itself` is set if the words went on with the question before them, and may
    be one: the words by themselves; or if they did not, with the time of that one.
    `runs_short`: under 20% of the day's requests to Exec are left.
    `can_share` is False if there is no channel to share in. `can_subscribe`: the asker may let
    this come there by the clock. `can_export`: they may have its table as a file. `known_since`:
    what was before the period is known from then on. `counted_since`: older sessions aren't
    counted. Of its rows no more than `limit` are wanted. `about_one`: one person was asked about.
    """

    template = "answer"
    id: str
    report: str
    understood: tuple[str, ...]
    zone: str
    found: Any
    start: int
    freshness: Freshness
    narrowed_to_self: bool
    runs_short: bool
    can_share: bool
    loosen: tuple[Offer, ...] = ()
    mine_only: tuple[Offer, ...] = ()
    by_itself: tuple[Offer, ...] = ()
    can_subscribe: bool = False
    known_since: datetime | None = None
    counted_since: datetime | None = None
    limit: int | None = None
    now: datetime | None = None
    note: Sentence | None = None
    can_export: bool = False
    about_one: bool = False

    @property
    def as_of(self) -> datetime:
        """Everything that was created up to then is counted."""
        return self.freshness.as_of


@dataclass(frozen=True, slots=True)
class ExportedView(TemplateView):
    """The message that comes with the file of an answer's table.

    It has `rows` of `total`; everything up to `as_of` is counted, but for sessions before
    `counted_since`. `understood` and `zone` as in `AnswerView`.
    """

    template = "exported"
    report: str
    understood: tuple[str, ...]
    zone: str
    rows: int
    total: int
    as_of: datetime
    counted_since: datetime | None


@dataclass(frozen=True, slots=True)
class LookingView(TemplateView):
    """An answer that takes a while."""

    template = "looking"


@dataclass(frozen=True, slots=True)
class ProblemView(TemplateView):
    """The reason why there is no answer, and ways on. `reference` is also in the log."""

    template = "problem"
    sentence: Sentence
    offers: tuple[Offer, ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeView(TemplateView):
    """Something was done ("Linked …"), with offers to go on."""

    template = "notice"
    sentence: Sentence
    offers: tuple[Offer, ...] = ()


def notice(pattern: str, **fields: str) -> NoticeView:
    """Something done, in a sentence without offers."""
    return NoticeView(Sentence(pattern, fields))


@dataclass(frozen=True, slots=True)
class ConfirmView(TemplateView):
    """A question before something is done by the button `label`, whose value is `value`."""

    template = "confirm"
    question: Sentence
    label: str
    action: Literal["digest.remove_now", "digest.post_now", "coach.stop_now", "coach.remove_now"]
    value: str


# For whom a line of the help is.
ADMINS, COACHES, BOTH = "Admins", "Coaches", "Admins and coaches"
# Whose practice somebody sees.
Sees: TypeAlias = Literal["own", "people", "everybody"]


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One thing people may type: how it is written, what it does, an example.

    `help` may use mrkdwn. `only` says whom it is for, "" for everybody. Without an `example` none
    is told. Without `forms` it is a sentence about the bot.
    """

    forms: tuple[str, ...]
    help: Pattern
    example: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A part of the language: "who", "where", "what", "when", "how"; a subcommand; or the bot."""

    key: str
    title: str
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class HelpView(TemplateView):
    """The help: how to ask, with examples for a reader who `sees` this, or one of the `topics`.

    `all_commands` is the way to the topic of the commands, where there is one.
    """

    template = "help"
    topics: tuple[HelpTopic, ...]
    only: str | None
    sees: Sees
    all_commands: tuple[Offer, ...]

    @property
    def topic(self) -> HelpTopic | None:
        """The one to be told in full."""
        return next((topic for topic in self.topics if topic.key == self.only), None)


@dataclass(frozen=True, slots=True)
class ShareConfirmView(TemplateView):
    """Before an answer goes to a channel: how many will see it, and what. It stands below.

    `people` is 0 where their number is not known. The answer is about the asker's `own` practice,
    or `praises` others by name.
    """

    template = "share_confirm"
    id: str
    channel: str
    people: int
    own: bool
    praises: bool


@dataclass(frozen=True, slots=True)
class SharedView(TemplateView):
    """An answer as it stands in a channel. `shared_by` is a name in Exec, never a mention.

    `share_id` is the opaque id that its button carries, None in a preview, which has none.
    """

    template = "shared"
    answer: AnswerView
    shared_by: str
    share_id: str | None = None


@dataclass(frozen=True, slots=True)
class PostedView(TemplateView):
    """The answer to a question that comes to a channel by the clock.

    `owner` and `sent_by`, who sent it by hand, are display names. `id` is the opaque id that its
    button carries, None in a preview, which has none. `late` is the moment it was due if it is
    late.
    """

    template = "posted"
    answer: AnswerView
    owner: str
    id: str | None
    late: datetime | None = None
    sent_by: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select menu."""

    label: str
    value: str


# Entries that one menu takes.
MOST_CHOICES = 100


def menu(choices: tuple[Choice, ...], selected: str | None) -> tuple[Choice, ...]:
    """The entries where all fit in one menu and the selected one is among them; else none, and it
    is typed."""
    fits = len(choices) <= MOST_CHOICES
    is_among = not selected or any(choice.value == selected for choice in choices)
    return choices if fits and is_among else ()
