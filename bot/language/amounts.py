"""Reads filters with numbers: scores, lengths and limits. Filters without are in `lexicon`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.errors import ParseError
from bot.language.days import MONTHS
from bot.language.query import Range, Sort
from bot.language.vocabulary import Part

Words = Sequence[str]
Found = tuple[Part, int] | None

_DIGIT = re.compile(r"\d")
_LONGEST = 6  # words before the number of a filter
MOST_ROWS, MOST_PAGES = 1000, 10_000
_LOWEST_BARE_SCORE = 20  # "over 5" is more likely a number of sessions

# The words of a bound, and its sign.
_BOUNDS = {
    tuple(words.split()): sign
    for sign, group in {
        ">=": ">= => | at least | no less than | not less than | minimum",
        ">": "> | over | above | more than | higher than | greater than | longer | longer than | "
        "better than | exceeding",
        "<=": "<= =< | at most | up to | no more than | not more than | maximum",
        "<": "< | under | below | less than | lower than | fewer than | shorter | shorter than | "
        "worse than",
        "=": "= | exactly",
    }.items()
    for words in (each for part in group.split("|") for each in (
        part.split() if part.strip()[0] in "<>=" else [part.strip()]
    ))
}  # fmt: skip
_AFTER: dict[tuple[str, ...], str] = {
    ("or", "above"): ">=", ("or", "more"): ">=", ("or", "better"): ">=", ("or", "higher"): ">=",
    ("and", "up"): ">=", ("and", "above"): ">=", ("or", "over"): ">=", ("or", "longer"): ">=",
    ("or", "below"): "<=", ("or", "less"): "<=", ("or", "lower"): "<=", ("and", "below"): "<=",
    ("or", "under"): "<=", ("or", "shorter"): "<=",
}  # fmt: skip
# Before these, a bare bound isn't a score.
_COUNTED = frozenset(
    [
        "session",
        "sessions",
        "time",
        "times",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "people",
        "person",
        "scenario",
        "scenarios",
        "attempt",
        "assignments",
        "gold",
        "silver",
        "bronze",
        "point",
        "points",
    ]
)
_SECONDS = {
    word: seconds
    for seconds, words in {
        1: "s sec secs second seconds", 60: "m min minute minutes", 3600: "h hr hour hours",
    }.items()
    for word in words.split()
}  # fmt: skip
_PIECE = re.compile(r"(\d+(?:\.\d+)?)([a-z]*)", re.ASCII)
_TIME_UNITS = frozenset(
    [
        "d",
        "day",
        "days",
        "h",
        "hour",
        "hours",
        "w",
        "week",
        "weeks",
        "month",
        "months",
        "quarter",
        "quarters",
        "year",
        "years",
        "y",
        "m",
        "min",
        "minutes",
        "minute",
        "calendar",
        "working",
    ]
)
_SESSIONS = frozenset(("session", "sessions", "scores", "attempts"))
_SORTS = tuple(Sort)
# After a number: "5 most recent sessions", "two best".
_AFTER_COUNT = {
    ("most", "recent"): "recent", ("latest",): "recent", ("newest",): "recent", ("last",): "recent",
    ("best",): "best-first", ("top",): "best-first", ("highest",): "best-first",
    ("worst",): "worst-first", ("lowest",): "worst-first", ("longest",): "longest-first",
    ("shortest",): "shortest-first", ("oldest",): "oldest-first", ("first",): "oldest-first",
}  # fmt: skip
_MOST_WITHOUT_UNIT = 5  # "last 7" may be days
_SCORES = ("score", "scores", "scored", "scoring")


def find_amount(words: Words) -> Found:
    """The filter with a number at the beginning of the words, and its number of words.

    Raises ParseError for an impossible number.
    """
    if not any(map(_DIGIT.search, words[:_LONGEST])):
        return None
    return _length(words) or _score(words) or _amount(words)


def _score(words: Words) -> Found:
    """ "score>=80", "score 70-85", "under 60", "90+", "between 60 and 70", "80 or above"."""
    start = 1 if words[0] in _SCORES else 0
    start += bool(start) and _word(words, start) in ("of", "was", "is", "are", "were")
    found = _range(words[start:])
    if found is None:
        return None
    limits, count = found
    numbers = [each for each in (limits.low, limits.high) if each is not None]
    is_small = max(numbers) < _LOWEST_BARE_SCORE
    after = _word(words, start + count)
    is_date = not start and max(numbers) > 100 and limits.low != limits.high is not None
    is_day = after in MONTHS and max(numbers) < 32
    is_other = is_date or is_day or after in _COUNTED or after in _TIME_UNITS
    if not start and (is_other or is_small):
        return None
    count += after in ("percent", "%", "point", "points")
    typed = " ".join(words[: start + count])
    if max(numbers) > 100:
        raise ParseError("Scores run from 0 to 100, so *{word}* can't match anything.", word=typed)
    if limits.low is not None and limits.high is not None and limits.low > limits.high:
        raise ParseError(
            "Write the lower score first, like `score:70-85`, instead of *{word}*.", word=typed
        )
    return Part("score", limits, "threshold"), start + count


def _range(words: Words) -> tuple[Range, int] | None:
    first, second = _number(_word(words, 0)), _number(_word(words, 1))
    low, _, high = _word(words, 0).partition("-")
    if _number(low) is not None and _number(high) is not None:
        return Range(_number(low), _number(high)), 1
    if _word(words, 0) in ("between", "from") and second is not None:
        third = _number(_word(words, 3))
        if _word(words, 2) in ("and", "to") and third is not None:
            return Range(second, third), 4
    if first is not None and tuple(words[1:3]) in _AFTER:
        return range_of(_AFTER[tuple(words[1:3])], first), 3
    plus = _number(_word(words, 0).removesuffix("+"))
    if first is None and plus is not None:
        return range_of(">=", plus), 1
    for count in (3, 2, 1):
        sign = _BOUNDS.get(tuple(words[:count]))
        number = _number(_word(words, count))
        if sign and number is not None:
            return range_of(sign, number), count + 1
    return None


def _length(words: Words) -> Found:
    """ "longer 5m", "over 20 minutes", "shorter than 90s", "length>=300s", "5 minutes or more"."""
    start = 1 if words[0] in ("length", "duration") else 0
    for count in (3, 2, 1, 0):
        sign = _BOUNDS.get(tuple(words[start : start + count])) if count else ""
        seconds, taken = _seconds(words[start + count :])
        end = start + count + taken
        if not count:
            sign = _AFTER.get(tuple(words[end : end + 2]))
            end += 2
        if sign and seconds is not None:
            return Part("length", range_of(sign, seconds)), end
    return None


def _seconds(words: Words) -> tuple[float | None, int]:
    """The seconds of "1h30m" or "5 minutes", and its number of words."""
    word, pieces = _word(words, 0), _PIECE.findall(_word(words, 0))
    if not pieces or "".join(number + unit for number, unit in pieces) != word:
        return None, 0
    if not pieces[-1][1]:
        unit = _SECONDS.get(_word(words, 1))
        return (float(pieces[0][0]) * unit, 2) if unit and len(pieces) == 1 else (None, 0)
    if any(unit not in _SECONDS for _, unit in pieces):
        return None, 0
    return sum(float(number) * _SECONDS[unit] for number, unit in pieces), 1


def _amount(words: Words) -> Found:
    """ "top 5", "best 5", "last 3 sessions", "page 2"."""
    first = _number(words[0])
    for after, hint in _AFTER_COUNT.items():
        is_count = first is not None and not first % 1 and 0 < first <= MOST_ROWS
        if is_count and first is not None and tuple(words[1 : 1 + len(after)]) == after:
            return Part("limit", int(first), hint), 1 + len(after)
    lead, number = words[0], _number(_word(words, 1))
    if lead == "limit" or number is None or number % 1:
        return None
    whole, following = int(number), _word(words, 2)
    if lead == "page":
        return Part("page", _within(whole, MOST_PAGES, "page")), 2
    if lead == "top" and following not in _TIME_UNITS:
        hint = "best-first" if following in _SESSIONS else "best"
        return Part("limit", _within(whole, MOST_ROWS, lead), hint), 2
    if lead in _SORTS and following not in _TIME_UNITS and following not in MONTHS:
        return Part("limit", _within(whole, MOST_ROWS, lead), f"{lead}-first"), 2
    is_few = whole <= _MOST_WITHOUT_UNIT and following not in _TIME_UNITS
    if lead in ("last", "latest", "recent") and (is_few or following in _SESSIONS):
        return Part("limit", _within(whole, MOST_ROWS, lead), "recent"), 2
    return None


def _within(number: int, most: int, lead: str) -> int:
    if 1 <= number <= most:
        return number
    raise ParseError(f"Use a number from 1 to {most:,} after *{{word}}*.", word=lead)


def range_of(sign: str, value: float) -> Range:
    """The range of a sign and a number."""
    if sign in (">", ">="):
        return Range(low=value, low_open=sign == ">")
    if sign in ("<", "<="):
        return Range(high=value, high_open=sign == "<")
    return Range(value, value)


def _word(words: Words, at: int) -> str:
    return words[at] if at < len(words) else ""


def _number(word: str) -> float | None:
    plain = word.removesuffix("%")
    return float(plain) if len(plain) < 8 and plain.replace(".", "", 1).isdecimal() else None
