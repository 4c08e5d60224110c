"""The definition of a report: everything that the rest of the bot needs to know about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from bot.exec.models import Session
from bot.language.account import Intent
from bot.language.filters import KEYS, RESULTS
from bot.language.query import By
from bot.reports._prepared import OwnSubject, PreparedQuestion
from bot.reports._public import Hidden, Shown, in_channel

TABLE = frozenset(("page", "limit"))
USUAL = KEYS - TABLE - {"by", "due", "versus", "session", "sort"}
# For reports in which a filter on results would be wrong, such as who hasn't practiced.
ALL_BUT_RESULTS = USUAL - RESULTS

Format = Literal["name", "text", "count", "score", "signed", "percent", "length", "duration"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, the field of a row ("now.average"), and the format of its
    text and numbers; dates and changes have only one.

    "score" is a Decimal, "signed" one with its sign; "length" are seconds of many sessions,
    "duration" of one.
    """

    title: str
    key: str
    format: Format = "text"

    def of(self, row: Any) -> Any:
        """The value in a row; None if a field on the way to it is None."""
        for name in self.key.split("."):
            row = None if row is None else getattr(row, name)
        return row


WHO = Column("Who", "who", "name")


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two averages as shown, and the numbers of graded sessions behind them."""

    by: Decimal
    n: int
    n_before: int


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """A day, week or month by its first date.

    `cut`: only a part of it is in the period. `running`: it isn't over yet.
    """

    first: Shown[date]
    per: Shown[By]
    cut: Shown[bool] = False
    running: Shown[bool] = False


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The base of all figures. `rows` may be cut to a page or to `top 5`; `total` and all other
    figures cover every row. `only` is set for an asker who gets only their own place, or counts of
    their own group. A channel sees none of it if fewer than three people are behind the figure
    `behind_all`."""

    behind_all: ClassVar[str] = ""

    rows: Hidden[Sequence[Any]] = ()
    offset: Shown[int] = 0  # rows before these
    only: Hidden[OwnSubject | None] = None

    @property
    def total(self) -> int:
        """The number of all rows."""
        return len(self.rows)


F = TypeVar("F", bound=Figures)
FeedbackOn: TypeAlias = Callable[[PreparedQuestion], Awaitable[Sequence[Session]]]


class Need(StrEnum):
    """Data that has to be prepared for a report."""

    TASKS = "tasks"  # assignments
    GROUPS = "groups"  # all groups with their members, for a question about everybody
    EACH_GROUP = "each group"  # the groups in question, or all, with their members
    UNNAMED = "unnamed"  # the people who hide their names
    SKILLS = "skills"  # Exec's scores by skill


def no_columns(_figures: Any) -> tuple[Column, ...]:
    """The columns of a report without a table."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Generic[F]):
    """A report.

    In words: people ask for it by `name` or an `also`; those with `has_command` are subcommands.
    `covers` are the meanings that it answers without a filter. The help shows `forms`, `help` and
    `example`.

    Figures: `figures` computes them from the prepared `needs`, and from the feedback on the
    sessions that `feedback_on` returns. `columns` are those of its table, and `opens` returns the
    command that opens a row. `is_nothing`: there is nothing to show.

    Rights: only if it `is_posted`, a channel sees what the fields of its figures say. Before that,
    `for_channel` changes what only this report can know, and returns None if nothing can be posted.
    People share all of their own figures, or what `shared` returns of them. `named` returns the
    Exec ids of the people in the figures; without it, these are everyone in question.
    `coaches_only`: reps can't have it about themselves. `ranks`: it ranks people by name, and
    applies `top 5` itself because of ties. `counts_of_own_group`: reps see the counts of their own
    group.

    Questions: `period` is the default ("" is all time). `filters` are the keys of its filters, `by`
    its metrics. `of_one`: it is about one person. `of_sessions`: it counts the sessions of the
    period. `lets_week_begin`: "this week" means last week until Tuesday evening.
    """

    name: str
    figures: Callable[[PreparedQuestion], Awaitable[F]]
    also: tuple[str, ...] = ()
    covers: str = ""
    forms: tuple[str, ...] = ()
    help: str
    example: str
    has_command: bool = True
    needs: frozenset[Need] = frozenset()
    feedback_on: FeedbackOn | None = None
    columns: Callable[[F], tuple[Column, ...]] = no_columns
    opens: Callable[[Any], str] | None = None
    is_nothing: Callable[[F], bool] = lambda figures: not figures.total
    is_posted: bool = False
    for_channel: Callable[[F], F | None] = lambda figures: figures
    shared: Callable[[F], F | None] | None = None
    named: Callable[[F], Collection[str]] | None = None
    coaches_only: bool = False
    ranks: bool = False
    counts_of_own_group: bool = False
    period: str = "last 30d"
    filters: frozenset[str] = USUAL
    by: tuple[By, ...] = ()
    of_one: bool = False
    lets_week_begin: bool = False
    of_sessions: bool = True

    @property
    def template(self) -> str:
        """Its template file."""
        return f"{self.name}.xml.j2"

    @property
    def has_table(self) -> bool:
        """Whether it has rows, which can be exported."""
        return self.columns is not no_columns

    @property
    def of_attempt(self) -> bool:
        """Whether it is about one session, which can have an id."""
        return "session" in self.filters

    @property
    def sides(self) -> bool:
        """Whether it compares two sides."""
        return "versus" in self.filters

    @property
    def takes(self) -> frozenset[str]:
        """The keys of its filters, and of what else the reader of questions may find in one."""
        optional = {
            "by": bool(self.by),
            "mine": not self.of_one,
            **dict.fromkeys((*TABLE, "export"), self.has_table),
        }
        return self.filters.union(key for key, has in optional.items() if has)

    @property
    def intent(self) -> Intent:
        """Its row for the reader of questions."""
        return Intent(
            self.name,
            self.also,
            self.takes,
            frozenset(self.covers.split()),
            self.by,
            is_compared=self.sides,
            offered_to=frozenset(
                ("people", "everybody") if self.coaches_only else ("own", "people", "everybody")
            ),
        )

    def in_channel(self, figures: F, *, own: bool) -> F | None:
        """The figures for a channel, or None; `own` if people share their own practice."""
        if figures.only is not None:
            return None
        if own and self.shared is not None:
            return self.shared(figures)
        if not self.is_posted or own:
            return figures if self.is_posted else None
        changed = self.for_channel(figures)
        seen: F | None = None if changed is None else in_channel(changed)
        return seen


AnyReport = Report[Any]
