"""What a report is: a row that says everything there is to know about one.

A report is added by one module that ends in such a row, and one template of its name. Its
subcommand, help, form, paging, sharing, explanation, schedule and terminal output follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from bot.language.filters import FILTERS, RESULTS
from bot.language.query import By
from bot.reports.facts import Facts

F = TypeVar("F")
# Of some sessions only, nobody can tell who has not practiced, or what came first.
ALL_BUT_RESULTS = frozenset(row.key for row in FILTERS) - RESULTS


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a column of several kinds of them, with its own form; `signed` for a change.

    `over` are the graded attempts that the two sides of a change run over.
    """

    value: float
    form: CellForm
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
CellForm = Literal[
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
    """A column by its label; `form` says what its cells hold, and so how they are written."""

    label: str
    form: CellForm


# Whose row it is: left out where one person was asked about.
WHO = Column("Who", "name")


@dataclass(frozen=True, slots=True)
class Table:
    """What a report lists; every row has a cell for each column, None where there is none.

    `opens` gives the command that tells more of the row at an index, None where no row has one.
    `offset` rows come before these, and `more` after them.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    opens: Callable[[int], str] | None = None
    more: int = 0
    offset: int = 0

    @property
    def total(self) -> int:
        """The number of all rows."""
        return self.offset + len(self.rows) + self.more


class Whose(StrEnum):
    """Whose practice a report is about where nobody is named."""

    SEEN = "seen"  # everybody, for who sees everybody; else the people one coaches; else oneself
    COACHED = "coached"  # everybody, for who sees everybody; else the people one coaches
    ONESELF = "oneself"


@dataclass(frozen=True, slots=True)
class Report(Generic[F]):
    """A report.

    `name` and `also` are the words that ask for it; `forms` and `example` are how it is written,
    `help` what it tells. `figures` asks the facts for what it needs, and computes it. `table` is
    what it lists, None where nothing; `found_nothing` says that there is nothing to tell, by
    default where that has no row. `asked`: it has a subcommand of its name.

    Where nobody is named it is about `whose` practice, and where no time is asked for, about these
    words as its `period`, "" for all time.

    What others see: `public` gives what a channel may see of it, where neither the name of anybody
    who is not praised nor a result of fewer than three people can stand; None where it is never
    posted. People share all of their own there, where it has such a form, or `shared` is what they
    share in its place. `named` gives the Exec ids of those whom its figures name, None where that
    may be anybody in question. `coaches_only`: nobody has it of their own practice. `ranks`: it
    puts people in an order by name, and who sees nobody else is told their own place.
    `counts_of_own_group`: who coaches nobody is told the counts of a group that they are in.

    What it can be asked: `of_one`: it is about one person, and not about who asks. `by` is what it
    can go by; `dues`: for what is overdue or due alone; `sides`: it compares the two sides of a
    question; `limits`: it keeps to `top 5` by itself. `filters` are the keys of the filters that it
    knows, None for all. `of_attempt`: an id names the one session that it is about. `by_exec`: Exec
    computes it, of now.
    """

    name: str
    also: tuple[str, ...]
    forms: tuple[str, ...]
    help: str
    example: str
    kind: type[F]
    figures: Callable[[Facts], Coroutine[Any, Any, F]]
    whose: Whose = Whose.SEEN
    period: str = "last 30d"
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
    sides: bool = False
    limits: bool = False
    of_attempt: bool = False
    by_exec: bool = False
    ranks: bool = False
    counts_of_own_group: bool = False

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
