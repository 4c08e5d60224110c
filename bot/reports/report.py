"""What a report is: a row that says everything there is to know about one.

A report is added by one module that ends in such a row, and one template of its name. Its
subcommand, help, form, paging, sharing, explanation, schedule and terminal output follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

from bot.exec_api.models import Assignment, Feedback, Proficiency, Session, SkillSummary
from bot.language.locale import spelt
from bot.language.query import By, Member, ResolvedQuery
from bot.language.sides import Sides
from bot.reports.figures import NOTHING, Figures
from bot.reports.findings import NOBODY_EXCUSED, Excused
from bot.reports.intervals import Interval, Window

F = TypeVar("F")

# The Exec ids of those who were in a group at a moment.
MembersAt = Callable[[datetime], Collection[str]]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a column of several kinds of them, with its own form; `signed` for a change.

    `over` are the graded attempts that the two sides of a change run over.
    """

    value: float
    form: Form
    signed: bool = False
    over: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A day, week or month by its first date.

    `cut`: only some of it belongs to the period. `running`: it was not over yet.
    """

    first: date
    per: By
    cut: bool = False
    running: bool = False


# What a cell holds, as its column says: a moment is a datetime, a length seconds.
Cell = str | int | float | datetime | Part | Amount | None
Form = Literal[
    "name",
    "text",
    "count",
    "score",
    "average",
    "change",
    "percent",
    "moment",
    "day",
    "length",
    "duration",
    "part",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its label, which is a name or else a word; `form` says what its cells hold, and
    so how they are written."""

    label: str
    form: Form
    is_name: bool = False

    @property
    def heading(self) -> str:
        """The label, as its reader spells it where it is a word."""
        return self.label if self.is_name else spelt(self.label)

    @property
    def aloud(self) -> str:
        """What is heard before each of its cells."""
        return self.heading if self.is_name else self.heading.lower()


# Whose row it is: left out where one person was asked about.
WHO = Column("Who", "name")


@dataclass(frozen=True, slots=True)
class Table:
    """What a report lists; every row has a cell for each column, None where there is none.

    `opens` gives the command that tells more of the row at an index, None where no row has one.
    `more` rows match besides these.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    opens: Callable[[int], str] | None = None
    more: int = 0


class Whose(StrEnum):
    """Whose practice a report is about where nobody is named."""

    SEEN = "seen"  # everybody, for who sees everybody; else the people one coaches; else oneself
    COACHED = "coached"  # everybody, for who sees everybody; else the people one coaches
    ONESELF = "oneself"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a report is reckoned from.

    `people`: who is in question, whether they practised or not; `groups`: of everybody, by group.
    `sessions`: those of its period, all of them; or where the sessions themselves are `listed`, in
    the order asked for, the first hundreds and the sums over all. `weeks_before`: also those of the
    period before and of eight weeks, whatever that costs. `history`: also what is held of the time
    before, for first attempts, or only where it goes by one of `history_by`. `tasks`: what the
    people have to practise. `period` are the words of the period where none is asked for, "" for
    all time. `sides`: it compares the two sides of a question. `opt_outs`: who of the people does
    not want to be named in a channel. `bests`: whether new personal bests are such.

    `detail`: it is about one attempt, the first in the order asked for, and what Exec says of it.
    `links`: where the scenarios of its sessions and tasks are practised. `skills`: how good people
    are at these now, and no sessions at all. `feedback`: what Exec says of so many of the last
    graded sessions.
    """

    whose: Whose = Whose.SEEN
    people: bool = False
    groups: bool = False
    sessions: bool = True
    listed: bool = False
    detail: bool = False
    links: bool = False
    skills: bool = False
    feedback: int = 0
    weeks_before: bool = False
    history: bool = False
    tasks: bool = False
    period: str = "last 30d"
    history_by: tuple[By, ...] = ()
    sides: bool = False
    opt_outs: bool = False
    bests: bool = False

    def when_by(self, by: By | None) -> Needs:
        """What is needed where it goes by this."""
        return replace(self, history=self.history or by in self.history_by)


@dataclass(frozen=True, slots=True)
class Told:
    """What Exec said of an attempt, and when (aware, UTC)."""

    feedback: Feedback
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """What is known of one attempt: `told`, None where Exec could not be asked.

    `attempts` are those of the same person at the same scenario, newest first, all from `since` on
    (None where those are all there ever were).
    """

    told: Told | None
    attempts: tuple[Session, ...]
    since: datetime | None


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
class SelfOnly:
    """The one person who may be told of, by their Exec id.

    `off`: not because they see nobody else, but because nobody gets names in a ranking. `groups`
    are the names of those whose people they are ranked among.
    """

    id: str
    off: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known for a report.

    `rows` are the sessions of its period, in the order asked for or newest first; of a listing
    the first hundreds of `total`, and `sums` run over all of these. `earlier` are those before the
    period, newest first, all from `since` on (None where those are all there ever were). `window`
    is the period, up to now where it has no end. `query` is the question, None where it is none.

    `people` are those in question where they are known; `members_at` says who was among them at
    another moment. `groups` are all groups of a question about everybody, but for
    `groups_unknown`. `tasks` are their assignments, None where they are not known. `opted_out` are
    Exec ids of those who don't want to be named in a channel, `excused` those of whom nothing is
    expected. `today` is the day after the period as far as it went, where it is told too.
    `older` are sessions before those that are known, the best of each person on each scenario whose
    ids are in `proven`. `coaches` are Exec ids of those among the people who coach others of
    them. `detail` is what is known of the first row, `links` the addresses of scenarios, `skills`
    how good those in question are at these, `feedback` what Exec says of the last graded
    sessions, but for `unread` ones; all only where the report needs them. `only` is set where one
    of the people alone may be told of. Of a comparison these are the facts of the first of its
    `sides`, and `other` those of the second.
    """

    window: Window
    rows: tuple[Session, ...]
    earlier: tuple[Session, ...] = ()
    since: datetime | None = None
    query: ResolvedQuery | None = None
    total: int = 0
    sums: Figures = NOTHING
    complete: bool = True
    people: tuple[Member, ...] = ()
    members_at: MembersAt | None = None
    groups: tuple[Group, ...] = ()
    groups_unknown: int = 0
    tasks: tuple[Assignment, ...] | None = None
    opted_out: frozenset[str] = frozenset()
    coaches: frozenset[str] = frozenset()
    older: tuple[Session, ...] = ()
    proven: frozenset[tuple[str, str]] = frozenset()
    excused: Excused = NOBODY_EXCUSED
    today: Interval | None = None
    feedback: tuple[Told, ...] = ()
    unread: int = 0
    detail: Detail | None = None
    skills: tuple[InSkill, ...] = ()
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only: SelfOnly | None = None
    sides: Sides | None = None
    other: Facts | None = None

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

    def knows_all_of(self, person: str, scenario: str) -> bool:
        """Whether every attempt of a person at a scenario is known, however old."""
        return self.since is None or (person, scenario) in self.proven

    @property
    def all_rows(self) -> tuple[Session, ...]:
        """Every session that is known, newest first where the rows are."""
        return (*self.rows, *self.earlier)


@dataclass(frozen=True, slots=True)
class Report(Generic[F]):
    """A report.

    `name` and `also` are the words that ask for it; `forms` and `example` are how it is written,
    `help` what it tells. `figures` reckons it, off the event loop. `table` is what it lists, None
    where nothing; `found_nothing` says that there is nothing to tell, by default where that has no
    row. `asked`: it has a subcommand of its name.

    What others see: `public` gives what a channel may see of it, where neither the name of anybody
    who is not praised nor a result of fewer than three people can stand; None where it is never
    posted. People share all of their own there, where it has such a form, or `shared` is what they
    share in its place. `named` gives the Exec ids of those whom its figures name, None where that
    may be anybody in question. `coaches_only`: nobody has it of their own practice. `ranks`: it
    puts people in an order by name, and who sees nobody else is told their own place.

    What it can be asked: `of_one`: it is about one person, and not about who asks. `by` is what it
    can go by; `dues`: for what is overdue or due alone; `limits`: it keeps to `top 5` by itself.
    `filters` are the keys of the filters that it knows, None for all.
    """

    name: str
    also: tuple[str, ...]
    forms: tuple[str, ...]
    help: str
    example: str
    needs: Needs
    kind: type[F]
    figures: Callable[[Facts], F]
    table: Callable[[F], Table] | None = None
    found_nothing: Callable[[F], bool] | None = None
    public: Callable[[F], F | None] | None = None
    named: Callable[[F], Collection[str]] | None = None
    asked: bool = True
    coaches_only: bool = False
    of_one: bool = False
    shared: Callable[[F], F | None] | None = None
    filters: frozenset[str] | None = None
    by: tuple[By, ...] = ()
    dues: bool = False
    limits: bool = False
    ranks: bool = False

    def rows(self, figures: F, limit: int | None = None) -> Table:
        """What it lists, of no more than `limit` rows where that was asked for."""
        table = Table((), ()) if self.table is None else self.table(figures)
        if limit is None or self.limits:
            return table
        return replace(table, rows=table.rows[:limit])

    def is_nothing(self, figures: F) -> bool:
        """Whether there is nothing to tell."""
        if self.found_nothing is not None:
            return self.found_nothing(figures)
        return self.table is not None and not self.table(figures).rows

    def in_channel(self, figures: F, *, own: bool) -> F | None:
        """What a channel sees of it, None for nothing; `own` is what people share of themselves."""
        if not own:
            return None if self.public is None else self.public(figures)
        if self.shared is not None:
            return self.shared(figures)
        return None if self.public is None or self.ranks else figures


AnyReport = Report[Any]
