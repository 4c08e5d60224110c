"""The rows of an answer as they read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.exec_api.models import Session
from bot.rendering import numbers, periods
from bot.rendering.escaping import tidy
from bot.reports.figures import known, scenario_name
from bot.reports.report import Amount, Cell, Column, Form, Part
from bot.reports.sessions import rank_words

# A name of any length still leaves room for a page of rows.
_WHO, _TEXT, _RANK = 80, 120, 30

_FORMS: Mapping[Form, Callable[[float], str]] = MappingProxyType(
    {
        "count": numbers.whole,
        "score": numbers.score,
        "average": numbers.score,
        "change": numbers.change,
        "percent": numbers.percent,
        "length": numbers.practice,
    }
)


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of a table as it reads; `value` is its number, by which it is sorted."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A session as its row reads. `value` is its score as a number; `rank` says too that an attempt
    is incomplete, and is "" while it is ungraded."""

    when: str
    who: str
    scenario: str
    score: str
    value: float | None
    rank: str
    valid: bool
    length: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.when, self.who, self.scenario, self.score, self.rank, self.length)


def row_of(session: Session, zone: str, as_of: datetime, who: str = "") -> Row:
    """A session as its row reads, in `zone`; the year is written if it is not that of `as_of`;
    `who` is the name, where namesakes have to be told apart."""
    value = known(session.score)
    score = numbers.score(value)
    rank = tidy((session.rank or "").strip().capitalize(), _RANK)
    return Row(
        when=numbers.moment(session.created_at, zone, as_of),
        who=tidy(who or session.user.name, _WHO),
        scenario=tidy(scenario_name(session), _TEXT) or numbers.DASH,
        score=score,
        value=None if value is None else float(score),
        rank=rank_words(rank, is_valid=session.is_valid_attempt),
        valid=session.is_valid_attempt,
        length=numbers.length(session.duration_seconds),
    )


def written(held: Cell, column: Column, zone: str, as_of: datetime) -> Written:
    """A cell as it reads, and as a number where it is one."""
    if held is None:
        return Written(numbers.DASH)
    if isinstance(held, str):
        return Written(tidy(held, _TEXT) or numbers.DASH)
    if isinstance(held, datetime) and column.form == "day":
        return Written(periods.weekday_of(held, zone, as_of))
    if isinstance(held, datetime):
        return Written(numbers.moment(held, zone, as_of))
    if isinstance(held, Amount):
        words = _FORMS[held.form](abs(held.value) if held.signed else held.value)
        if held.signed:
            words = numbers.signed(words, held.value)
        if held.over is not None:
            words += " ({} vs {})".format(*map(numbers.number, held.over))
        return Written(words, float(held.value))
    if isinstance(held, Part):
        return Written(numbers.part(held, as_of))
    return Written(_FORMS[column.form](held), float(held))
