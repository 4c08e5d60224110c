"""Filters with numbers: score, length, limit and page. How they are read and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from bot.language.cursor import Cursor
from bot.language.query import Range

MOST_ROWS, MOST_PAGES = 1000, 10_000

_NUMBER = r"\d{1,6}(?:\.\d{1,6})?"
_FLAGS = re.ASCII | re.IGNORECASE
_SCORE = re.compile(
    rf"score ?(?P<op>>=|=>|<=|=<|>|<|=|:|over|above|under|below|at least|at most)? ?"
    rf"(?P<low>{_NUMBER})%?(?: ?(?:-|to|\.\.) ?(?P<high>{_NUMBER})%?|(?P<plus>\+))?",
    _FLAGS,
)
_BETWEEN = re.compile(rf"score between (?P<low>{_NUMBER})%? and (?P<high>{_NUMBER})%?", _FLAGS)
_LENGTH = re.compile(
    rf"(?:(?P<word>longer|shorter)(?: than)?[:=]? ?|(?:length|duration) ?(?P<op>>=|<=|>|<|=|:) ?)"
    rf"(?P<time>(?:{_NUMBER} ?[a-z]+)+)",
    _FLAGS,
)
_PIECE = re.compile(rf"({_NUMBER}) ?([a-z]+)", _FLAGS)
_LIMIT = re.compile(r"(?:top|limit) ?[:=]? ?(\d{1,9})", _FLAGS)
_PAGE = re.compile(r"page ?[:=]? ?(\d{1,9})", _FLAGS)
_SECONDS = {
    word: seconds
    for seconds, words in {
        1: "s sec secs second seconds",
        60: "m min mins minute minutes",
        3600: "h hr hrs hour hours",
    }.items()
    for word in words.split()
}
_WORD_FOR = {"over": ">", "above": ">", "under": "<", "below": "<"}
_SIGN_FOR = {"at least": ">=", "at most": "<=", "=>": ">=", "=<": "<=", "longer": ">"}


def read_score(cursor: Cursor) -> bool:
    """`score>=80`, `score < 50`, `score:70-85`, `score 80+`."""
    found = cursor.match(_SCORE) or cursor.match(_BETWEEN)
    if not found:
        if re.match(r"score(?![a-z])", cursor.word()):
            raise cursor.problem("Write the score like `score>=80`, `score<50` or `score:70-85`.")
        return False
    said, count = found
    sign = (said.groupdict().get("op") or "").casefold()
    sign = _WORD_FOR.get(sign, _SIGN_FOR.get(sign, sign))
    low, high = float(said["low"]), float(said["high"] or said["low"])
    if not 0 <= low <= 100 or not 0 <= high <= 100:
        raise cursor.problem("Scores go from 0 to 100, and `{word}` does not.", count=count)
    if said["high"]:
        if sign not in ("", ":", "=") or low > high:
            raise cursor.problem(
                "Write the lower score first, such as `score:70-85`.",
                count=count,
                instead=[f"score:{number(min(low, high))}-{number(max(low, high))}"],
            )
        return _narrow(cursor, "score", Range(low, high), count)
    plus = said["plus"]
    if not sign and not plus:
        raise cursor.problem(
            "Is that at least or at most? Write `score>={score}` or `score<={score}`.",
            count=count,
            instead=[f"score>={number(low)}", f"score<={number(low)}"],
            score=number(low),
        )
    return _narrow(cursor, "score", _range(">=" if plus else sign, low), count)


def read_length(cursor: Cursor) -> bool:
    """`longer 5m`, `shorter than 90 seconds`, `length>=5m`."""
    found = cursor.match(_LENGTH)
    seconds = _seconds(found[0]["time"]) if found else None
    if not found or not seconds:
        lead = re.match(r"(?:longer|shorter|length|duration)(?![a-z])", cursor.word())
        if lead:
            raise cursor.problem("Say how long, with a unit, such as `longer 5m` or `shorter 90s`.")
        return False
    said, count = found
    sign = said["op"] or (">" if said["word"].casefold() == "longer" else "<")
    return _narrow(cursor, "length", _range(sign, seconds), count)


def read_limit(cursor: Cursor) -> bool:
    """`top 5`, `limit 20`."""
    return _read_count(cursor, "limit", ("top", "limit"), _LIMIT, MOST_ROWS)


def read_page(cursor: Cursor) -> bool:
    """`page 2`."""
    return _read_count(cursor, "page", ("page",), _PAGE, MOST_PAGES)


def number(value: float) -> str:
    """A number as people write it: no exponent, no needless decimals."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def length(seconds: float, hour: str = "h", minute: str = "m", second: str = "s") -> str:
    """A length of time in the largest unit that gives a whole number."""
    for size, unit in ((3600, hour), (60, minute)):
        if seconds and seconds % size == 0:
            return f"{number(seconds / size)}{unit}"
    return f"{number(seconds)}{second}"


def write_score(score: Range) -> tuple[str, ...]:
    """The canonical words of a range of scores."""
    if score.low is not None and score.high is not None and not (score.low_open or score.high_open):
        if score.low == score.high:
            return (f"score={number(score.low)}",)
        return (f"score:{number(score.low)}-{number(score.high)}",)
    return _write_bounds(score, lambda sign, value: f"score{sign}{number(value)}")


def write_length(lengths: Range) -> tuple[str, ...]:
    """The canonical words of a range of lengths."""
    leads = {">": "longer ", "<": "shorter ", ">=": "length>=", "<=": "length<="}
    return _write_bounds(lengths, lambda sign, value: leads[sign] + length(value))


def _write_bounds(bounds: Range, write: Callable[[str, float], str]) -> tuple[str, ...]:
    words = []
    if bounds.low is not None:
        words.append(write(">" if bounds.low_open else ">=", bounds.low))
    if bounds.high is not None:
        words.append(write("<" if bounds.high_open else "<=", bounds.high))
    return tuple(words)


def _range(sign: str, value: float) -> Range:
    if sign in (">", ">="):
        return Range(low=value, low_open=sign == ">")
    if sign in ("<", "<="):
        return Range(high=value, high_open=sign == "<")
    return Range(value, value)


def _seconds(text: str) -> float | None:
    """The length that "1h30m" or "5 minutes" says; None if a unit is unknown."""
    total = 0.0
    for amount, unit in _PIECE.findall(text):
        if unit.casefold() not in _SECONDS:
            return None
        total += float(amount) * _SECONDS[unit.casefold()]
    return total


def _narrow(cursor: Cursor, slot: str, said: Range, count: int) -> bool:
    """Put a bound, or two, beside those already said."""
    old: Range = getattr(cursor.query, slot) or Range()
    place = cursor.place(count)
    for side, before, now in (
        ("low", (old.low, old.low_open), (said.low, said.low_open)),
        ("high", (old.high, old.high_open), (said.high, said.high_open)),
    ):
        if None not in (before[0], now[0]) and before != now:
            raise cursor.conflict(cursor.said[f"{slot} {side}"], place)
    low = said if said.low is not None else old
    high = said if said.high is not None else old
    both = Range(low.low, high.high, low.low_open, high.high_open)
    if both.low is not None and both.high is not None:
        shut = both.low == both.high and (both.low_open or both.high_open)
        if both.low > both.high or shut:
            raise cursor.conflict(cursor.said[f"{slot} {'low' if high is said else 'high'}"], place)
    for side, bound in (("low", said.low), ("high", said.high)):
        if bound is not None:
            cursor.said[f"{slot} {side}"] = place
    cursor.fill(slot, both)
    cursor.at += count
    return True


def _read_count(
    cursor: Cursor, slot: str, leads: tuple[str, ...], pattern: re.Pattern[str], most: int
) -> bool:
    found = cursor.match(pattern)
    if not found:
        if re.split(r"[:=\d]", cursor.word())[0] in leads:
            raise cursor.problem(f"Write a number after `{{word}}`, such as `{leads[0]} 5`.")
        return False
    value = int(found[0][1])
    if not 1 <= value <= most:
        raise cursor.problem(
            "`{word}` does not work. Use a number from 1 to {most}.",
            count=found[1],
            most=f"{most:,}",
        )
    cursor.once(slot, value, found[1])
    return True
