"""Reads times in words: `period` with additional fixed phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.errors import ParseError
from bot.language import period as grammar
from bot.language.days import DAYS, MONTHS, WEEKDAYS, WhenProblem
from bot.language.period import Rolling, When, interval
from bot.language.query import Period
from bot.language.text import nearest_words, shortened

_SYNONYMS = {
    tuple(phrase.split()): meaning.split()
    for meaning, others in {
        "this year": "ytd | year to date | whole year | the whole year | so far this year",
        "this month": "mtd | month to date | so far this month",
        "this quarter": "qtd | quarter to date | so far this quarter",
        "this week": "for the week | of the week | wtd | week to date | so far this week",
        **{
            f"until this {unit}": f"by the end of the {unit} | by end of {unit} | by {unit} end | "
            f"by the end of this {unit} | before the end of the {unit} | by {unit}s end"
            for unit in ("week", "month", "quarter", "year")
        },
        "today": "this morning | this afternoon | tonight | this evening",
        "yesterday": "last night",
        "all time": "overall | since i started | since we started | since they started | "
        "since he started | since she started | of all time | since forever | ever | "
        "since the beginning | since the start | since day 1 | in total | historically",
        "last 7d": "past week | the past week | last 7 days | past 7 days",
        "last 30d": "past month | the past month",
        "last 90d": "past quarter | the past quarter",
        "last 365d": "past year | the past year",
        "week before last": "the week before last | the week before | 2 weeks ago",
        "month before last": "the month before last | the month before | 2 months ago",
        "day before yesterday": "the day before yesterday | 2 days ago",
    }.items()
    for phrase in others.split(" | ")
}  # fmt: skip
_BOUNDS = grammar.BOUNDS | {"through", "from", "by"}
_LONGEST = max(map(len, _SYNONYMS))
_LEADS = frozenset(("for", "over", "during", "of", "the", "within", "in", "from", "at"))
# Without a digit or a dash, a time begins with one of these.
_BEGINNINGS = {phrase[0] for phrase in _SYNONYMS} | _LEADS | _BOUNDS | {*MONTHS, *WEEKDAYS, *DAYS}
_BEGINNINGS |= {"last", "past", "previous", "this", "current", "next", "coming", "on", "all"}
_BEGINNINGS |= {"a", "an", "day", "week", "month", "quarter", "year", *(f"{d}s" for d in WEEKDAYS)}
_NUMBERED = re.compile(r"[\d-]")
_EARLIER = {"today": "yesterday", "yesterday": "day before yesterday"}
_EARLIER |= {f"this {unit}": f"last {unit}" for unit in ("week", "month", "quarter", "year")}
_EARLIER |= {f"last {unit}": f"{unit} before last" for unit in ("week", "month", "quarter", "year")}
_PERIODS = tuple(
    f"{lead} {unit}" for unit in ("week", "month", "quarter", "year") for lead in ("last", "this")
)
# The time of a meeting: "at 3pm", "in 10 minutes".
_MEETING = re.compile(
    r"at \d{1,2}(?= |$)|(?:(?:in|at|on|by|for|around) )?(?:"
    r"\d{1,2}(?::\d\d)?(?: ?[ap]m)|\d{1,2}:\d\d|noon|lunch|"
    r"(?:an?|\d{1,3}|half an) ?(?:m|mins?|minutes?|h|hours?|days?)|"
    r"(?:tomorrow|this) (?:morning|afternoon|evening))(?= |$)"
)
_NEARLY = "I don't know *{word}*. Did you mean *{near}*?"
_EARLIEST_LEAD = ("last", "this", "past")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and time zone of a question."""

    now: datetime
    zone: ZoneInfo

    def period(self, when: When, *, is_ahead: bool = False) -> Period:
        """The period at this moment. Raises ParseError."""
        try:
            return interval(when, self.now, self.zone, ahead=is_ahead)
        except WhenProblem as problem:
            raise _refusal(problem, when.words) from problem


def find_time(
    words: Sequence[str],
    has_other_meaning: Callable[[Sequence[str]], bool],
    *,
    is_ahead: bool = False,
) -> tuple[When, int] | None:
    """The time at the beginning of the words, and its number of words. `has_other_meaning` returns
    whether words mean something else. Raises ParseError."""
    if words[0] not in _BEGINNINGS and not _NUMBERED.search(words[0]):
        return None
    counts = range(min(len(words), _LONGEST), 0, -1)
    count = next((n for n in counts if tuple(words[:n]) in _SYNONYMS), 0)
    each = words[1] if words[0] == "on" and len(words) > 1 else words[0]
    if each not in WEEKDAYS and each.removesuffix("s") in WEEKDAYS:
        raise ParseError(
            "I can't pick out one weekday of several weeks. Ask about one day or a whole period."
        )
    skip = 0
    try:
        found = grammar.find([*words], ahead=is_ahead)
        if found is None and words[0] in _LEADS and len(words) > 1 and words[1] not in MONTHS:
            skip = next((n for n, word in enumerate(words) if word not in _LEADS), 0)
            if words[0] in ("in", "from", "at", "of") and skip == 1:
                skip = 0  # the preposition belongs to something else
            found = grammar.find([*words[skip:]], ahead=is_ahead) if skip else None
    except WhenProblem as problem:
        if count or (words[0] in _BOUNDS and has_other_meaning(words[1:])):
            return (relative(" ".join(_SYNONYMS[tuple(words[:count])])), count) if count else None
        at = skip + problem.skip
        raise _refusal(problem, " ".join(words[at : at + problem.count])) from problem
    if count > (found[1] + skip if found else 0):
        return relative(" ".join(_SYNONYMS[tuple(words[:count])])), count
    if found is None:
        _refuse_misspelled(words)
        return None
    return found[0], found[1] + skip


def find_meeting(words: Sequence[str]) -> int:
    """The number of words about the time of a meeting at the beginning; 0 if there are none."""
    found = _MEETING.match(" ".join(words))
    return found[0].count(" ") + 1 if found else 0


def _refuse_misspelled(words: Sequence[str]) -> None:
    """Raise ParseError for misspelled times like "last wek"."""
    phrase = " ".join(words[:2])
    if words[0] in _EARLIEST_LEAD and len(words) > 1 and words[1].isalpha():
        near = nearest_words(phrase, _PERIODS)
        if near and words[1] != "weeks":
            raise ParseError(_NEARLY, word=phrase, near=near[0])


def _refusal(problem: WhenProblem, typed: str) -> ParseError:
    instead = ("28 february",) if problem.of_february else problem.instead
    nearest = f" Try `{instead[0]}`." if instead else ""
    return ParseError(
        problem.pattern.replace("`{word}`", "*{word}*") + nearest, word=shortened(typed)
    )


@lru_cache(1024)
def relative(words: str) -> When:
    """The meaning of a time's canonical words. Raises ValueError for other words."""
    found = grammar.find(words.replace("..", " .. ").split(), ahead=words.startswith("next "))
    if found is None:
        raise ValueError(words)
    return found[0]


def step_back(words: str) -> When | None:
    """The time of the same kind before this one, by canonical words; None if there is none."""
    earlier = _EARLIER.get(words)
    if earlier:
        return relative(earlier)
    when = relative(words)
    if isinstance(when, Rolling) and not (when.ahead or when.before_last):
        return replace(when, before_last=True)
    return None
