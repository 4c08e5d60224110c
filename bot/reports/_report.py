"""What a report is: a row that says everything the rest of the bot needs to know about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from bot.language.account import Row
from bot.language.filters import KEYS, RESULTS
from bot.language.query import By
from bot.mirror.query import Cursor
from bot.reports._asked import Asked

# Of some sessions only, nobody can tell who hasn't practiced, or what came first.
ALL_BUT_RESULTS = KEYS - RESULTS
ENOUGH_PEOPLE = 3  # behind every figure of others; of two, each could compute the other's score

Format = Literal[
    "name", "text", "count", "score", "signed", "change", "percent", "moment", "day", "length",
    "duration", "part",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report's table: its title, the field of a row, and how a value is written.

    "score" is a Decimal, "signed" one with its sign, "change" a Change or "new"; "length" are
    seconds of many sessions, "duration" of one.
    """

    title: str
    key: str
    format: Format = "text"


WHO = Column("Who", "who", "name")


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two averages as shown, and the graded sessions on both sides."""

    by: Decimal
    n: int
    n_before: int


@dataclass(frozen=True, slots=True)
class Part:
    """A day, week or month by its first date.

    `cut`: only some of it belongs to the period. `running`: it isn't over yet.
    """

    first: date
    per: By
    cut: bool = False
    running: bool = False


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What every report answers with. `rows` may be cut to a page or to `top 5`; `total` counts all
    of them, and every other figure runs over all of them too."""

    rows: Sequence[Any] = ()
    offset: int = 0  # rows before these
    cursor: Cursor | None = None  # the place of the last row, if the next page begins there

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return len(self.rows)


F = TypeVar("F", bound=Figures)


class Whose(StrEnum):
    """Whose practice a report is about if nobody is named."""

    SEEN = "seen"  # everybody, for who sees everybody; else the people one coaches; else oneself
    COACHED = "coached"  # everybody, for who sees everybody; else the people one coaches
    ONESELF = "oneself"


class Need(StrEnum):
    """What has to be there before a report can count."""

    TASKS = "tasks"  # assignments
    GROUPS = "groups"  # all groups with their people, for a question about everybody


def no_columns(_figures: Any) -> tuple[Column, ...]:
    """The columns of a report without a table."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Generic[F]):
    """A report.

    Words: `name` and `also` ask for it, `tells` are the meanings that it answers although they
    narrow nothing, `neighbor` is the report that follow-ups turn to if this one can't honor them;
    `forms`, `help` and `example` stand in the help; `asked`: it has a subcommand of its name.

    Figures: `figures` computes them, after the `needs` are met; `columns` are its table, `opens`
    gives the command that tells more of a row; `is_nothing` says that there is nothing to tell.

    Others: `public` is what a channel may see of the figures, None never, or None as its result if
    too few people are behind them. `shared` is what people share of their own in its place.
    `named` are the Exec ids of the people in the figures, None if that may be anybody in
    question. `coaches_only`: nobody has it of their own practice. `ranks`: it puts people in an
    order by name. `counts_of_own_group`: a rep gets the counts of a group of theirs.

    Questions: if nobody is named it is about `whose` practice, if no time is, about `period` ("":
    all time). `of_one`: about one person who isn't the asker; `of_attempt`: an id names the one
    session; `sides`: it compares; `by` is what it can go by; `dues`: it knows overdue and due;
    `limits`: it keeps to `top 5` by itself; `filters` are the keys of those that it honors, None
    for all. `by_exec`: Exec computes it, as of now. `of_sessions`: it counts the sessions of the
    period, so these have to be there. `of_now`: it is about now, so that no period is said.
    `lets_week_begin`: asked about this week before Tuesday evening, it is about last week.
    """

    name: str
    figures: Callable[[Asked], Awaitable[F]]
    also: tuple[str, ...] = ()
    tells: str = ""
    neighbor: str = ""
    forms: tuple[str, ...] = ()
    help: str
    example: str
    asked: bool = True
    needs: frozenset[Need] = frozenset()
    columns: Callable[[F], tuple[Column, ...]] = no_columns
    opens: Callable[[Any], str] | None = None
    is_nothing: Callable[[F], bool] = lambda figures: not figures.total
    public: Callable[[F], F | None] | None = None
    shared: Callable[[F], F | None] | None = None
    named: Callable[[F], Collection[str]] | None = None
    coaches_only: bool = False
    ranks: bool = False
    counts_of_own_group: bool = False
    whose: Whose = Whose.SEEN
    period: str = "last 30d"
    of_one: bool = False
    of_attempt: bool = False
    sides: bool = False
    by: tuple[By, ...] = ()
    dues: bool = False
    limits: bool = False
    filters: frozenset[str] | None = None
    by_exec: bool = False
    lets_week_begin: bool = False
    of_now: bool = False
    of_sessions: bool = True

    @property
    def template(self) -> str:
        """The file that says its figures."""
        return f"{self.name}.xml.j2"

    @property
    def has_table(self) -> bool:
        """Whether its rows can be exported."""
        return self.columns is not no_columns

    @property
    def lists_sessions(self) -> bool:
        """Whether its rows are sessions, which have an order."""
        return self.limits and self.has_table and not self.ranks

    @property
    def takes(self) -> frozenset[str]:
        """The keys of the filters that it honors."""
        known = KEYS if self.filters is None else self.filters
        optional = {
            "by": bool(self.by),
            "due": self.dues,
            "versus": self.sides,
            "session": self.of_attempt,
            "sort": self.lists_sessions or self.of_attempt,
            "page": self.has_table,
            "limit": self.has_table,
        }
        return (known | {key for key, has in optional.items() if has}) - {
            key for key, has in optional.items() if not has
        }

    @property
    def row(self) -> Row:
        """What the reader of words needs to know about it."""
        mine = frozenset() if self.of_one or self.whose is Whose.ONESELF else frozenset({"mine"})
        file = frozenset({"export"}) if self.has_table else frozenset[str]()
        return Row(
            self.name,
            self.also,
            self.takes | mine | file,
            frozenset(self.tells.split()),
            self.by,
            self.neighbor,
            is_compared=self.sides,
            of_others=self.coaches_only,
        )

    def in_channel(self, figures: F, *, own: bool) -> F | None:
        """What a channel sees of it, None for nothing; `own` is what people share of themselves."""
        if not own:
            return None if self.public is None else self.public(figures)
        if self.shared is not None:
            return self.shared(figures)
        return None if self.public is None or self.ranks else figures


AnyReport = Report[Any]
