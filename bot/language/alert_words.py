"""The rules of alerts in words: `gold`, `inactive 14d`, `below 70`, `overdue`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Suggestion, UserError
from bot.language.text import nearest_words, plain_text

LONGEST_DAYS, HIGHEST = 365, 100


class AlertKind(StrEnum):
    """The kinds of alerts; the value is the word people type."""

    GOLD = "gold"
    INACTIVE = "inactive"
    BELOW = "below"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an alert watches for. `number` is a number of days for INACTIVE, a score for BELOW,
    otherwise 0."""

    what: AlertKind
    number: float = 0

    @property
    def words(self) -> str:
        """The rule in canonical words, which are read as the same rule."""
        numbers = {AlertKind.INACTIVE: f" {self.number:g}d", AlertKind.BELOW: f" {self.number:g}"}
        return f"{self.what}{numbers.get(self.what, '')}"

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


_USUAL = {AlertKind.INACTIVE: "inactive 14d", AlertKind.BELOW: "below 70"}
_RULE = re.compile(
    r"""(?:^|(?<=[\s"'>]))(?:(?:first\ )?(?P<kind>gold|overdue)
    |inactive(?:\ for)?\ ?(?P<days>\d{1,4})\ ?(?P<unit>d|days?|w|weeks?)?
    |(?:average\ )?(?:below|under|<)\ ?(?P<score>\d{1,4}(?:\.\d+)?))$""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
# The beginning of a sentence: "me when @jane gets her first gold".
_SENTENCE = re.compile(r"(?:me|us|when|whenever|if|once|about|on|for|as soon as)\s", re.IGNORECASE)


def is_rule(text: str) -> bool:
    """Whether the words after `alert` are a command, not a sentence."""
    return _SENTENCE.match(plain_text(text)) is None


def read_rule(text: str) -> tuple[str, Rule]:
    """The words for the people, and the rule. Raises UserError."""
    words = plain_text(text)
    found = _RULE.search(words)
    if found is None:
        raise _not_read(words)
    who = words[: found.start()].strip()
    if found["kind"]:
        return who, Rule(AlertKind(found["kind"].lower()))
    if found["days"]:
        is_weeks = (found["unit"] or "").lower().startswith("w")
        rule = Rule(AlertKind.INACTIVE, float(found["days"]) * (7 if is_weeks else 1))
    else:
        rule = Rule(AlertKind.BELOW, float(found["score"]))
    if not 0 < rule.number <= (LONGEST_DAYS if found["days"] else HIGHEST):
        raise _not_read(f"{who} {rule.what}")
    return who, rule


def _not_read(words: str) -> UserError:
    who, _, last = words.rpartition(" ")
    near = [AlertKind(each) for each in nearest_words(last.lower(), tuple(AlertKind))]
    ways = [
        Suggestion(w.capitalize(), f"alert {who} {w}") for w in (_USUAL.get(k, k) for k in near)
    ]
    return UserError(
        "Say who the alert is about, then what to watch for: `gold`, `inactive` with 1 to 365 "
        "days, `below` with a score, or `overdue`. For example: `{command} alert @jane gold`.",
        tuple(ways) or (Suggestion("Show my alerts", "alert list"),),
    )
