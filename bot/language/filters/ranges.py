"""The filters by a range of numbers: `score>=80`, `longer 5m`."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from bot.language.cursor import QueryCursor
from bot.language.filters.names import EMPTY
from bot.language.filters.row import Asked, Aspect, Filter
from bot.language.query import Query, Range

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


def _read_score(cursor: QueryCursor) -> bool:
    """`score>=80`, `score < 50`, `score:70-85`, `score 80+`."""
    found = cursor.match(_SCORE) or cursor.match(_BETWEEN)
    if not found:
        if re.match(r"score(?![a-z])", cursor.word()):
            is_empty = cursor.word() in ("score:", "score=")
            raise cursor.problem(
                "Write the score like `score>=80`, `score<50` or `score:70-85`."
                + (f" {EMPTY}" if is_empty else ""),
                instead=("",) if is_empty else (),
            )
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
                instead=[f"score:{_number(min(low, high))}-{_number(max(low, high))}"],
            )
        return _narrow(cursor, "score", Range(low, high), count)
    plus = said["plus"]
    if not sign and not plus:
        raise cursor.problem(
            "Is that at least or at most? Write `score>={score}` or `score<={score}`.",
            count=count,
            instead=[f"score>={_number(low)}", f"score<={_number(low)}"],
            score=_number(low),
        )
    return _narrow(cursor, "score", _range(">=" if plus else sign, low), count)


def _read_length(cursor: QueryCursor) -> bool:
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


def _number(value: float) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _length(seconds: float, hour: str = "h", minute: str = "m", second: str = "s") -> str:
    """A length of time in the largest unit that gives a whole number."""
    for size, unit in ((3600, hour), (60, minute)):
        if seconds and seconds % size == 0:
            return f"{_number(seconds / size)}{unit}"
    return f"{_number(seconds)}{second}"


def _bounds(limits: Range) -> list[tuple[str, float]]:
    """Its bounds, each with its sign."""
    bounds = []
    if limits.low is not None:
        bounds.append((">" if limits.low_open else ">=", limits.low))
    if limits.high is not None:
        bounds.append(("<" if limits.high_open else "<=", limits.high))
    return bounds


def _from_to(score: Range) -> tuple[str, ...]:
    """The numbers of "score:70-85" or "score=70"; () where it has an open end."""
    if score.low is None or score.high is None or score.low_open or score.high_open:
        return ()
    return tuple(dict.fromkeys((_number(score.low), _number(score.high))))


def _write_score(query: Query) -> tuple[str, ...]:
    if query.score is None:
        return ()
    if ends := _from_to(query.score):
        return (f"score{':' if len(ends) > 1 else '='}{'-'.join(ends)}",)
    return tuple(f"score{sign}{_number(value)}" for sign, value in _bounds(query.score))


def _score_phrase(query: Asked, now: datetime | None) -> str:
    """ "score 80 or more", "score 70–85"."""
    if query.score is None:
        return ""
    words = {">": "over {}", ">=": "{} or more", "<": "under {}", "<=": "{} or less"}
    bounds = (words[sign].format(_number(value)) for sign, value in _bounds(query.score))
    return f"score {'–'.join(_from_to(query.score)) or ' and '.join(bounds)}"


def _write_length(query: Query) -> tuple[str, ...]:
    leads = {">": "longer ", "<": "shorter ", ">=": "length>=", "<=": "length<="}
    bounds = _bounds(query.length) if query.length else ()
    return tuple(leads[sign] + _length(seconds) for sign, seconds in bounds)


def _length_phrase(query: Asked, now: datetime | None) -> str:
    """ "longer than 5 min"."""
    words = {
        ">": "longer than {}",
        ">=": "at least {} long",
        "<": "shorter than {}",
        "<=": "at most {} long",
    }
    bounds = _bounds(query.length) if query.length else ()
    return " and ".join(
        words[sign].format(_length(seconds, " h", " min", " s")) for sign, seconds in bounds
    )


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


def _narrow(cursor: QueryCursor, slot: str, said: Range, count: int) -> bool:
    """Add a bound, or two, to those already said. Raises ParseError."""
    old: Range = cursor.values.get(slot) or Range()
    span = cursor.span(count)
    for side, before, now in (
        ("low", (old.low, old.low_open), (said.low, said.low_open)),
        ("high", (old.high, old.high_open), (said.high, said.high_open)),
    ):
        if None not in (before[0], now[0]) and before != now:
            raise cursor.conflict(cursor.spans[f"{slot} {side}"], span)
    low = said if said.low is not None else old
    high = said if said.high is not None else old
    both = Range(low.low, high.high, low.low_open, high.high_open)
    if both.low is not None and both.high is not None:
        shut = both.low == both.high and (both.low_open or both.high_open)
        if both.low > both.high or shut:
            raise cursor.conflict(cursor.spans[f"{slot} {'low' if high is said else 'high'}"], span)
    for side, bound in (("low", said.low), ("high", said.high)):
        if bound is not None:
            cursor.spans[f"{slot} {side}"] = span
    cursor.values[slot] = both
    cursor.at += count
    return True


SCORE = Filter(
    key="score",
    field="score",
    aspect=Aspect.WHAT,
    forms=("score>=80", "score<50", "score:70-85"),
    help="Scores from 0 to 100.",
    example="score>=80 this month",
    words=("score",),
    read=_read_score,
    phrase=_score_phrase,
    write=_write_score,
    column="score",
    anything="Any score",
)
LENGTH = Filter(
    key="length",
    field="length",
    aspect=Aspect.WHAT,
    forms=("longer 5m", "shorter 90s"),
    help="How long the session took: s for seconds, m for minutes, h for hours.",
    example="longer 5m today",
    words=("longer", "shorter", "length"),
    read=_read_length,
    phrase=_length_phrase,
    write=_write_length,
    column="duration_seconds",
    anything="Any length",
)
