"""What a report may ask for, and what it is told. `bot/facts.py` reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar

from bot.exec_api.models import Assignment, Feedback, Proficiency, Session, SkillSummary
from bot.language.query import Member, ResolvedQuery
from bot.language.sides import Sides
from bot.reports.figures import Figures
from bot.reports.intervals import Interval, Window

P = ParamSpec("P")
T = TypeVar("T")

# The Exec ids of those who were in a group at a moment.
MembersAt = Callable[[datetime], Collection[str]]


@dataclass(frozen=True, slots=True)
class InQuestion:
    """Whom a question is about, whether they practiced or not.

    `members_at` says who was among them at another moment. `coaches` are the Exec ids of those who
    coach others of them: their practice counts, and nobody is told of it.
    """

    everyone: tuple[Member, ...]
    members_at: MembersAt
    coaches: frozenset[str] = frozenset()

    @property
    def coached(self) -> tuple[Member, ...]:
        """Those of whom something is told."""
        return tuple(each for each in self.everyone if each.id not in self.coaches)


@dataclass(frozen=True, slots=True)
class Practice:
    """The sessions of a period, up to now where it has no end.

    `rows` are those of the period, and `earlier` those before it, all from `since` on (None where
    those are all there ever were); both newest first. Not `complete`: not all of the period is
    read.
    """

    window: Window
    rows: tuple[Session, ...]
    earlier: tuple[Session, ...] = ()
    since: datetime | None = None
    complete: bool = True

    @property
    def interval(self) -> Interval:
        return self.window.interval

    @property
    def knows_before(self) -> bool:
        """Whether all of the period before is known."""
        return self.since is None or self.since <= self.window.before.start

    @property
    def before(self) -> tuple[Session, ...] | None:
        """The sessions of the period before, newest first; None where not all of it is known."""
        if not self.knows_before:
            return None
        start, end = self.window.before.start, self.window.before.end
        return tuple([row for row in self.earlier if start <= row.created_at < end])

    @property
    def all_rows(self) -> tuple[Session, ...]:
        """Every session that is known, newest first."""
        return (*self.rows, *self.earlier)


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of `total` sessions in the order asked for, after the first `offset`; `sums` run over
    all. `namesakes` are the people in all of them who have the name of somebody in the rows."""

    rows: tuple[Session, ...]
    total: int
    sums: Figures
    offset: int = 0
    namesakes: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What Exec said of an attempt, and when (aware, UTC)."""

    feedback: Feedback
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """What is known of one attempt at a moment: `told`, None where Exec could not be asked.

    `attempts` are those of the same person at the same scenario, newest first, all from `since` on
    (None where those are all there ever were).
    """

    attempt: Session
    told: Told | None
    attempts: tuple[Session, ...]
    since: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class InSkill:
    """How good people are at a skill: those who were observed, or a summary of everybody."""

    id: str
    name: str
    people: tuple[Proficiency, ...]
    summary: SkillSummary | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of Exec, and who was in it when."""

    id: str
    name: str
    members_at: MembersAt

    def leaving(self, absent: frozenset[str]) -> Group:
        """The same without these people."""
        return replace(self, members_at=lambda moment: frozenset(self.members_at(moment)) - absent)


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups of a question about everybody, but for so many `unknown` ones."""

    known: tuple[Group, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class SelfOnly:
    """The one person who may be told of, by their Exec id.

    `off`: not because they see nobody else, but because nobody gets names in a ranking. `groups`
    are the names of those whose people they are ranked among.
    """

    id: str
    off: bool = False
    groups: tuple[str, ...] = ()


class Facts(Protocol):
    """What a report may ask for; each is read once for an answer, in the order asked.

    `query` is the question and `only` is set where one of its people alone may be told of. Of a
    comparison these are the facts of the first of its `sides`, and `other` those of the second.
    `window` is the period of a report that reads no sessions.
    """

    @property
    def query(self) -> ResolvedQuery: ...

    @property
    def only(self) -> SelfOnly | None: ...

    @property
    def sides(self) -> Sides | None: ...

    @property
    def other(self) -> Facts | None: ...

    @property
    def window(self) -> Window: ...

    async def people(self) -> InQuestion:
        """Whom the question is about."""

    async def groups(self) -> Groups:
        """The groups of a question about everybody; none of any other."""

    async def sessions(
        self, *, of_people: bool = False, before: bool = False, history: bool = False
    ) -> Practice:
        """The sessions of its period, all of them; `of_people`: those of the people in question,
        also of who was among them for a part of the time.

        `history`: also what is stored of the time before, for first attempts. `before`: also those
        of the period before and of eight weeks, whatever that costs, and such a history unless it
        is about all groups.
        """

    async def listing(self) -> Listing:
        """The sessions themselves, in the order asked for."""

    async def tasks(self) -> tuple[Assignment, ...] | None:
        """What the people in question have to practice; None where that is not known."""

    async def opted_out(self) -> frozenset[str]:
        """The Exec ids of those in question who don't want to be named in a channel."""

    async def links(self, rows: Iterable[Session | Assignment]) -> Mapping[str, str]:
        """Where the scenarios of these are practiced, by their ids, as far as that is known."""

    async def feedback(self, most: int) -> tuple[tuple[Told, ...], int]:
        """What Exec says of so many of the last graded sessions, and of how many it could not be
        asked: a request each, then stored."""

    async def detail(self) -> Detail | None:
        """The first attempt in the order asked for, and what Exec says of it; None without one."""

    async def skills(self) -> tuple[InSkill, ...]:
        """How good those in question are at skills now, by Exec's own proficiency."""

    async def compute(self, arithmetic: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T:
        """What pure arithmetic makes of what was read: of many rows off the event loop."""
