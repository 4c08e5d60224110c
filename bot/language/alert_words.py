"""What alerts watch for: `gold`, `inactive 14d`, `below 70`, `overdue`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import Suggestion, UserError
from bot.language.query import Due, Period, Query, Range, Rank
from bot.language.text import plain_text

USUAL_DAYS, LONGEST_DAYS = 14, 365
USAGE = (
    "Say who the alert is about, then what to watch for: `gold`, `inactive` with 1 to 365 days, "
    "`below` with a score, or `overdue`. For example: `{command} alert @jane gold`."
)


class AlertKind(StrEnum):
    """The kinds of alerts; the value is the word people type."""

    GOLD = "gold"
    INACTIVE = "inactive"
    BELOW = "below"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """What an alert watches for. `number` is a number of days for INACTIVE, a score for BELOW,
    otherwise 0."""

    what: AlertKind
    number: float = 0

    @property
    def words(self) -> str:
        """The rule in canonical words, which are read as the same rule."""
        numbered = {
            AlertKind.INACTIVE: f"inactive {self.number:g}d",
            AlertKind.BELOW: f"score<{self.number:g}",
        }
        return numbered.get(self.what, self.what)

    @property
    def happens(self) -> str:
        """The event as the end of a sentence: "earns a first gold"."""
        days = "1 day" if self.number == 1 else f"{self.number:g} days"
        return {
            AlertKind.GOLD: "earns a first gold",
            AlertKind.INACTIVE: f"hasn't practiced for {days}",
            AlertKind.BELOW: f"averages below {self.number:g}",
            AlertKind.OVERDUE: "has an overdue assignment",
        }[self.what]


_SILENCE = re.compile(r"n't|\bnot\b|\binactive|\bstops?\b|\bquiet|\bsilent", re.IGNORECASE)
_DAYS = re.compile(r"(?:last|next) (\d+) (day|week)s?", re.ASCII)
# The beginning of a sentence: "me when @jane gets her first gold".
_SENTENCE = re.compile(r"(?:me|us|when|whenever|if|once|about|on|for|as soon as)\s", re.IGNORECASE)


def is_command(text: str) -> bool:
    """Whether the words after `alert` are a command, not a sentence."""
    return _SENTENCE.match(plain_text(text)) is None


def is_of_silence(text: str) -> bool:
    """Whether a text asks for an alert about people who don't practice."""
    return _SILENCE.search(plain_text(text)) is not None


def rule_of(query: Query, text: str) -> AlertRule:
    """The rule of a text that was read as this question. Raises UserError for any other filter."""
    who, score = Query(people=query.people, names=query.names), query.score
    if query == replace(who, ranks=(Rank.GOLD,)):
        return AlertRule(AlertKind.GOLD)
    if query == replace(who, due=Due.OVERDUE):
        return AlertRule(AlertKind.OVERDUE)
    if score and score.high and query == replace(who, score=Range(high=score.high, high_open=True)):
        return AlertRule(AlertKind.BELOW, score.high)
    if is_of_silence(text) and query == replace(who, period=query.period):
        days = _days(query.period)
        if 0 < days <= LONGEST_DAYS:
            return AlertRule(AlertKind.INACTIVE, days)
    raise UserError(USAGE, (Suggestion("Show my alerts", "alert list"),))


def _days(period: Period | None) -> int:
    """The length of a rolling period, the usual one for none; 0 for any other period."""
    if period is None:
        return USUAL_DAYS
    match = _DAYS.fullmatch(period.words)
    return int(match[1]) * (7 if match[2] == "week" else 1) if match else 0
