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
        match self.what:
            case AlertKind.INACTIVE:
                return f"{self.what} {self.number:g}d"
            case AlertKind.BELOW:
                return f"{self.what} {self.number:g}"
            case _:
                return self.what.value

    @property
    def happens(self) -> str:
        """The event as the end of a sentence: "earns a first gold"."""
        match self.what:
            case AlertKind.GOLD:
                return "earns a first gold"
            case AlertKind.INACTIVE:
                days = "1 day" if self.number == 1 else f"{self.number:g} days"
                return f"hasn't practiced for {days}"
            case AlertKind.BELOW:
                return f"averages below {self.number:g}"
            case _:
                return "has an overdue assignment"


_USUAL = {AlertKind.INACTIVE: "inactive 14d", AlertKind.BELOW: "below 70"}
_FORMS = (
    (AlertKind.GOLD, re.compile(r"(?:first\s+)?gold")),
    (
        AlertKind.INACTIVE,
        re.compile(r"inactive(?:\s+for)?\s*(?P<number>\d+)\s*(?P<unit>d|days?|w|weeks?)?"),
    ),
    (AlertKind.BELOW, re.compile(r"(?:average\s+)?(?:below|under|<)\s*(?P<number>\d+(?:\.\d+)?)")),
    (AlertKind.OVERDUE, re.compile(r"overdue")),
)
# The beginning of a sentence: "me when @jane gets her first gold".
_SENTENCE = re.compile(r"(?:me|us|when|whenever|if|once|about|on|for|as soon as)\s", re.IGNORECASE)
_UNNUMBERED = re.compile(r"(?:inactive|(?:average\s+)?(?:below|under))")


def is_rule(text: str) -> bool:
    """Whether the words after `alert` are a command, not a sentence."""
    return _SENTENCE.match(plain_text(text)) is None


def read_rule(text: str) -> tuple[str, Rule]:
    """The words for the people, and the rule. Raises UserError."""
    words = plain_text(text)
    for what, form in _FORMS:
        found = _at_end(form, words)
        if found is not None:
            return words[: found.start()].strip(), _rule(what, found, words)
    raise _not_read(words)


def _at_end(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The words of a form at the end of a text."""
    return re.search(rf"(?:^|(?<=[\s\"'>])){form.pattern}$", text, re.IGNORECASE | re.ASCII)


def _rule(what: AlertKind, found: re.Match[str], words: str) -> Rule:
    if what not in _USUAL:
        return Rule(what)
    number = float(found["number"])
    if what is AlertKind.INACTIVE:
        number *= 7 if (found["unit"] or "").casefold().startswith("w") else 1
    most = LONGEST_DAYS if what is AlertKind.INACTIVE else HIGHEST
    if not 0 < number <= most:
        usual = _USUAL[what]
        raise UserError(
            f"`{what}` takes {'days' if what is AlertKind.INACTIVE else 'a score'} from 1 "
            f"to {most}, like `{usual}`.",
            (_instead(words[: found.start()], usual),),
        )
    return Rule(what, number)


def _not_read(words: str) -> UserError:
    head, _, last = words.rpartition(" ")
    ways: tuple[Suggestion, ...] = ()
    if (unnumbered := _at_end(_UNNUMBERED, words)) is not None:
        what = AlertKind.INACTIVE if "inactive" in unnumbered[0].casefold() else AlertKind.BELOW
        ways = (_instead(words[: unnumbered.start()], _USUAL[what]),)
    elif near := nearest_words(last.casefold(), tuple(AlertKind)):
        ways = tuple(_instead(head, _USUAL.get(AlertKind(each), each)) for each in near)
    return UserError(
        "Say who the alert is about, then what to watch for: `gold`, `inactive 14d`, `below 70` or "
        "`overdue`. For example: `{command} alert @jane gold`.",
        ways or (Suggestion("Show my alerts", "alert list"),),
    )


def _instead(who: str, words: str) -> Suggestion:
    whole = f"alert {who.strip()} {words}".replace("  ", " ")
    return Suggestion(words.capitalize(), whole)
