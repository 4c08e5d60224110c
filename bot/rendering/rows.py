"""The rows of an answer: as they read, and ready made for its table. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.exec_api.models import Session
from bot.rendering import document as d
from bot.rendering import numbers, periods
from bot.rendering.elements import in_html
from bot.rendering.escaping import tidy
from bot.reports.figures import known, scenario_name
from bot.reports.report import Amount, Cell, Column, Form, Part
from bot.reports.sessions import rank_words

# A name of any length still leaves room for a page of rows.
_WHO, _TEXT, _RANK = 80, 120, 30
_SHOW = (d.Run("Show"),)

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
    """A session as its row reads. `value` is its score as a number; `rank` "" while ungraded."""

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

    def told(self, *, about_one: bool) -> list[d.Cell]:
        """Its cells in the list. The score stands beside the name, where a phone shows both."""
        score, scenario = cell(self.score, self.value), cell(self.scenario)
        named = (scenario, score) if about_one else (cell(self.who), score, scenario)
        rank = rank_words(self.rank, is_valid=self.valid) or numbers.DASH
        return [cell(self.when), *named, cell(rank), cell(self.length)]


def row_of(session: Session, zone: str, as_of: datetime, who: str = "") -> Row:
    """A session as its row reads, in `zone`; the year is written if it is not that of `as_of`;
    `who` is the name, where namesakes have to be told apart."""
    value = known(session.score)
    score = numbers.score(value)
    return Row(
        when=numbers.moment(session.created_at, zone, as_of),
        who=tidy(who or session.user.name, _WHO),
        scenario=tidy(scenario_name(session), _TEXT) or numbers.DASH,
        score=score,
        value=None if value is None else float(score),
        rank=tidy((session.rank or "").strip().capitalize(), _RANK),
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


def body(rows: Sequence[list[d.Cell]], opens: Sequence[str]) -> tuple[d.Row, ...]:
    """The rows ready made: by way of markup a hundred would take as long as all the rest.

    With `opens` each ends in a button, which carries what stands there, or in nothing for "".
    """
    buttons = [[_opening(at, value)] for at, value in enumerate(opens)] or [[]] * len(rows)
    return tuple([d.Row(items=(*row, *button)) for row, button in zip(rows, buttons, strict=True)])


def cell(words: str, value: float | None = None) -> d.Cell:
    """A cell of ready words, with the number that it is sorted by."""
    shown = in_html(words)
    sorts = value is not None and math.isfinite(value)
    return d.Cell(text=(d.Run(shown),) if shown else (), value=value if sorts else None)


def _opening(at: int, value: str) -> d.Cell:
    """The button in a row that tells more of it."""
    if not value:
        return d.Cell(text=())
    action = d.Exact(f"answer.row.{at}")
    return d.Cell(text=(), items=(d.Button(text=_SHOW, action=action, value=d.Exact(value)),))
