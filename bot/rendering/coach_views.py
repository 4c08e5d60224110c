"""The views of a coach's messages, of a nudge, and of a person's own week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.errors import Sentence
from bot.rendering.views import ModalView, TemplateView
from bot.reports.coach import CoachReport
from bot.reports.conversations import Conversation, Line
from bot.reports.each_person import PersonFigures
from bot.reports.freshness import Freshness
from bot.reports.intervals import Window
from bot.reports.me import Band, OwnWeek
from bot.reports.tasks import Task


@dataclass(frozen=True, slots=True)
class CoachView(TemplateView):
    """The message to a coach about their people.

    `id` is the opaque id that its buttons carry, "" in an answer, which nothing will send again,
    and None in a preview, which has no buttons at all; `handles`
    holds one for each person by their Exec id, and who has none gets no button. `late` is the
    moment it was due if it is late. A digest also counts the coach if they are in a group of theirs
    (`is_member`).

    `is_same`: nothing is new since the last message.
    """

    template = "coach"
    id: str | None
    report: CoachReport
    freshness: Freshness
    handles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    late: datetime | None = None
    is_member: bool = False
    is_same: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """Who is told of together: all of them where nothing is new."""
        return (Line(self.report.conversations),) if self.is_same else self.report.lines

    @property
    def named(self) -> tuple[Conversation, ...]:
        """The conversations with those whom the lines name."""
        return tuple(talk for line in self.lines for talk in line.named)


@dataclass(frozen=True, slots=True)
class PersonView(TemplateView):
    """One person whom a coach has chosen. `handle` is the person's opaque id.

    `talk` is what the report says of them, None where it says nothing.
    """

    template = "coach_person"
    handle: str
    figures: PersonFigures
    talk: Conversation | None
    window: Window


@dataclass(frozen=True, slots=True)
class NudgeWordsView(TemplateView):
    """The usual words of a note to a person, alone.

    `overdue` and `due` are their tasks. `never`: they have surely never practiced.
    """

    template = "nudge_words"
    overdue: tuple[Task, ...]
    due: tuple[Task, ...]
    never: bool
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class NudgeView(TemplateView):
    """A note from a coach to a person, in the words the coach has seen.

    `coach` and `person` are display names. `link` is where a role-play starts, "" where that is not
    known; `reply` opens their conversation with the coach.
    """

    template = "nudge"
    coach: str
    person: str
    words: str
    link: str
    reply: str


@dataclass(frozen=True, slots=True)
class NudgePreviewView(TemplateView):
    """A note before it is sent to `person`, their name told apart from namesakes'; `id` is
    opaque."""

    template = "nudge_preview"
    id: str
    note: NudgeView
    person: str


@dataclass(frozen=True, slots=True)
class NudgeFormView(ModalView):
    """The dialog in which a coach changes the words of a note, a modal. `private` is an opaque id;
    `person` is a name, `text` is what stands there at first, `most` how many characters it may
    have."""

    template = "nudge_form"
    private: str
    person: str
    text: str
    most: int


@dataclass(frozen=True, slots=True)
class NudgedView(TemplateView):
    """What became of a note: `outcome` says it, and `words` are what the person reads, "" where it
    did not reach them."""

    template = "nudged"
    outcome: Sentence
    words: str


@dataclass(frozen=True, slots=True)
class MeView(TemplateView):
    """A person's own week, for their eyes only.

    `id` is opaque. `monday` is whether they get this every Monday; `scheduled` whether this is
    that message. `named` is whether digests may name them in a channel. `late` is the moment it
    was due if it is late. `band` is where they stand in their group, None where that is not told.
    `start` is where who has not practiced can begin, "" where that is not known.
    """

    template = "me"
    id: str
    week: OwnWeek
    freshness: Freshness
    monday: bool
    named: bool
    scheduled: bool = False
    late: datetime | None = None
    band: Band | None = None
    start: str = ""

    @property
    def zone(self) -> str:
        return self.week.window.zone


@dataclass(frozen=True, slots=True)
class CoachLine:
    """A coach: whom they coach, and when they get a message.

    `when` is a schedule in words with its zone, "" where there is none; `paused` or put off.
    `left`: the account is switched off.
    """

    name: str
    groups: tuple[str, ...]
    people: tuple[str, ...]
    when: str = ""
    paused: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class CoachesView(TemplateView):
    """All coaches, for admins."""

    template = "coaches"
    coaches: tuple[CoachLine, ...]


@dataclass(frozen=True, slots=True)
class CoachAddedView(TemplateView):
    """Somebody became a coach: told to the admin who did it, or to the coach (`to_coach`).

    `id` is the opaque id of their subscription. `groups` and `people` are those that were added,
    `reach` is how many people they coach now. `when` is a schedule in words with its zone,
    `upcoming` the next send time; both are None where they had messages stopped.
    """

    template = "coach_added"
    id: str
    coach: str
    added_by: str
    groups: tuple[str, ...]
    people: tuple[str, ...]
    reach: int
    when: str | None
    upcoming: datetime | None
    zone: str
    now: datetime
    to_coach: bool
