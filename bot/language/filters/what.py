"""The filters by what was practiced: one attempt, ranks, scores, lengths, and what is due."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from bot.language.cursor import QueryCursor
from bot.language.filters.names import EMPTY, KEYED, keyed_name, read_values
from bot.language.filters.row import AnyQuery, Aspect, Filter, Pairs, listed
from bot.language.query import Due, Query, Range, Rank, ResolvedQuery
from bot.language.text import TokenForm, nearest_words, quoted, shortened

_SESSION = "session"
_HEX = "[0-9a-f]"
# Twelve hexadecimal digits, not all of them letters: "acceded faced" are words. Or a UUID.
_ATTEMPT_ID = re.compile(
    rf"(?=[a-f]*\d){_HEX}{{12}}|{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}", re.IGNORECASE
)
RANKS = {
    **{rank.value: (rank,) for rank in Rank},
    **{f"{rank.value}+": tuple(Rank)[: place + 1] for place, rank in enumerate(Rank)},
}
VALID_WORDS = {"valid": True, "invalid": False}
_DUE_WORDS = {each.value: each for each in Due}
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
_AMOUNT_AND_UNIT = re.compile(rf"({_NUMBER}) ?([a-z]+)", _FLAGS)
_SECONDS = {
    word: seconds
    for seconds, words in {
        1: "s sec secs second seconds",
        60: "m min mins minute minutes",
        3600: "h hr hrs hour hours",
    }.items()
    for word in words.split()
}
_SIGNS = {
    "over": ">",
    "above": ">",
    "under": "<",
    "below": "<",
    "at least": ">=",
    "at most": "<=",
    "=>": ">=",
    "=<": "<=",
}


def _read_attempt(cursor: QueryCursor) -> bool:
    token = cursor.token
    if token.form is TokenForm.WORD and _ATTEMPT_ID.fullmatch(token.text):
        cursor.once("attempt", token.text, 1)
        return True
    keyed = keyed_name(token)
    if not keyed or keyed[1].casefold() != _SESSION:
        return False
    start = cursor.at
    values = read_values(cursor, keyed, lambda words: 1, "Write its id after `{word}`.")
    count, cursor.at = cursor.at - start, start
    if len(values) > 1:
        raise cursor.problem("I can show one session at a time.", count=count)
    cursor.once("attempt", values[0], count)
    return True


def _attempt_phrase(query: AnyQuery, now: datetime | None) -> str:
    """In the first line of an answer an id would tell nobody anything."""
    if not query.attempt:
        return ""
    return "one session" if now else f"session {shortened(query.attempt)}"


def _write_attempt(query: Query) -> tuple[str, ...]:
    return (f"{_SESSION}:{quoted(query.attempt)}",) if query.attempt else ()


ATTEMPT = Filter(
    key=_SESSION,
    field="attempt",
    aspect=Aspect.WHAT,
    forms=("session:abc123def456",),
    help="One session, by its id in Exec.",
    example="session:abc123def456",
    words=(f"{_SESSION}:",),
    read=_read_attempt,
    phrase=_attempt_phrase,
    write=_write_attempt,
    anything="Any session",
)


def _read_rank(cursor: QueryCursor) -> bool:
    ahead = 0
    word = cursor.word()
    keyed = KEYED.fullmatch(word)
    if keyed and keyed[1] in ("rank", "ranks"):
        ahead = 0 if keyed[2] else 1
        word = keyed[2] or cursor.word(1)
        if word not in RANKS:
            unknown = "I don't know the rank `{rank}`. " if word else ""
            raise cursor.problem(
                unknown + "Choose a rank: gold, silver, bronze or unranked.",
                count=min(ahead + 1, len(cursor.rest)),
                instead=[f"rank:{rank}" for rank in nearest_words(word, Rank) or Rank],
                rank=word,
            )
    elif word in ("rank", "ranks") and cursor.word(1) in RANKS:
        ahead, word = 1, cursor.word(1)
    if word not in RANKS:
        return False
    return _add_ranks(cursor, ahead + 1, included=RANKS[word])


def read_not(cursor: QueryCursor) -> bool:
    """ "not gold", "not gold,silver", "not gold or silver": all are left out; or "not valid"."""
    taken = 1
    excluded: list[Rank] = []
    while cursor.word(taken) in RANKS:
        excluded += RANKS[cursor.word(taken)]
        taken += 1
        joined = cursor.word(taken) in ("or", "nor") and cursor.word(taken + 1) in RANKS
        if not joined and not (cursor.word(taken) and cursor.rest[taken].comma):
            break
        taken += joined
    if taken == 1:
        cursor.once("valid", not VALID_WORDS[cursor.word(1)], 2)
        return True
    return _add_ranks(cursor, taken, excluded=tuple(excluded))


def _add_ranks(
    cursor: QueryCursor,
    count: int,
    included: tuple[Rank, ...] = (),
    excluded: tuple[Rank, ...] = (),
) -> bool:
    before: tuple[frozenset[Rank], frozenset[Rank]]
    before = cursor.notes.get("rank", (frozenset(), frozenset()))
    within, without = before[0].union(included), before[1].union(excluded)
    span = cursor.span(count)
    chosen = (within or frozenset(Rank)) - without
    if not chosen and within:
        raise cursor.conflict(cursor.spans["ranks"], span)
    if not chosen:
        raise cursor.problem("That leaves no rank. Name the ranks to see, such as `gold`.")
    cursor.notes["rank"] = (within, without)
    cursor.spans.setdefault("ranks", span)
    cursor.at += count
    cursor.values["ranks"] = tuple(rank for rank in Rank if rank in chosen)
    return True


def _rank_phrase(query: AnyQuery, now: datetime | None) -> str:
    """ "gold or silver"."""
    return listed([rank.value for rank in query.ranks], "or")


def _write_ranks(query: Query) -> tuple[str, ...]:
    return tuple(rank.value for rank in query.ranks)


def _send_ranks(query: ResolvedQuery, now: datetime) -> Pairs:
    return (("rank", ",".join(query.ranks)),) if query.ranks else ()


RANK = Filter(
    key="rank",
    field="ranks",
    aspect=Aspect.WHAT,
    forms=("gold silver", "gold or silver", "silver+", "not gold", "rank:gold"),
    help="Ranks: gold, silver, bronze, unranked. `silver+` is silver or better.",
    example="silver+ this week",
    words=(*(rank.value for rank in Rank), *RANKS, "not", "rank:"),
    read=_read_rank,
    phrase=_rank_phrase,
    write=_write_ranks,
    send=_send_ranks,
    anything="Any rank",
    many=True,
)


def _reader_of_words(slot: str, values: Mapping[str, object]) -> Callable[[QueryCursor], bool]:
    """The reader of a filter that is one word."""

    def read(cursor: QueryCursor) -> bool:
        if cursor.word() not in values:
            return False
        cursor.once(slot, values[cursor.word()], 1)
        return True

    return read


def _valid_phrase(query: AnyQuery, now: datetime | None) -> str:
    return {True: "valid attempts", False: "invalid attempts", None: ""}[query.valid]


def _due_words(query: AnyQuery) -> str:
    return query.due.value if query.due else ""


VALID = Filter(
    key="valid",
    field="valid",
    aspect=Aspect.WHAT,
    forms=("valid", "invalid"),
    help="Attempts that were finished and graded, or those that were not.",
    example="valid last week",
    words=tuple(VALID_WORDS),
    read=_reader_of_words("valid", VALID_WORDS),
    phrase=_valid_phrase,
    write=lambda query: tuple(word for word, value in VALID_WORDS.items() if value is query.valid),
    anything="Graded or not",
)
DUE = Filter(
    key="due",
    field="due",
    aspect=Aspect.WHAT,
    forms=("overdue", "due"),
    help="Assignments whose date has passed, or those that are still ahead.",
    example="overdue",
    words=tuple(_DUE_WORDS),
    read=_reader_of_words("due", _DUE_WORDS),
    phrase=lambda query, now: _due_words(query),
    write=lambda query: tuple(filter(None, (_due_words(query),))),
    anything="Any due date",
    lead="assignments",
)


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
    sign = _SIGNS.get(sign, sign)
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
        return _add_bounds(cursor, "score", Range(low, high), count)
    plus = said["plus"]
    if not sign and not plus:
        raise cursor.problem(
            "Is that at least or at most? Write `score>={score}` or `score<={score}`.",
            count=count,
            instead=[f"score>={_number(low)}", f"score<={_number(low)}"],
            score=_number(low),
        )
    return _add_bounds(cursor, "score", _range_of(">=" if plus else sign, low), count)


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
    return _add_bounds(cursor, "length", _range_of(sign, seconds), count)


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


def _both_ends(score: Range) -> tuple[str, ...]:
    """The numbers of "score:70-85" or "score=70"; () where it has an open end."""
    if score.low is None or score.high is None or score.low_open or score.high_open:
        return ()
    return tuple(dict.fromkeys((_number(score.low), _number(score.high))))


def _write_score(query: Query) -> tuple[str, ...]:
    if query.score is None:
        return ()
    if ends := _both_ends(query.score):
        return (f"score{':' if len(ends) > 1 else '='}{'-'.join(ends)}",)
    return tuple(f"score{sign}{_number(value)}" for sign, value in _bounds(query.score))


def _score_phrase(query: AnyQuery, now: datetime | None) -> str:
    """ "score 80 or more", "score 70–85"."""
    if query.score is None:
        return ""
    words = {">": "over {}", ">=": "{} or more", "<": "under {}", "<=": "{} or less"}
    bounds = (words[sign].format(_number(value)) for sign, value in _bounds(query.score))
    return f"score {'–'.join(_both_ends(query.score)) or ' and '.join(bounds)}"


def _write_length(query: Query) -> tuple[str, ...]:
    leads = {">": "longer ", "<": "shorter ", ">=": "length>=", "<=": "length<="}
    bounds = _bounds(query.length) if query.length else ()
    return tuple(leads[sign] + _length(seconds) for sign, seconds in bounds)


def _length_phrase(query: AnyQuery, now: datetime | None) -> str:
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


def _range_of(sign: str, value: float) -> Range:
    if sign in (">", ">="):
        return Range(low=value, low_open=sign == ">")
    if sign in ("<", "<="):
        return Range(high=value, high_open=sign == "<")
    return Range(value, value)


def _seconds(text: str) -> float | None:
    """The length that "1h30m" or "5 minutes" says; None if a unit is unknown."""
    total = 0.0
    for amount, unit in _AMOUNT_AND_UNIT.findall(text):
        if unit.casefold() not in _SECONDS:
            return None
        total += float(amount) * _SECONDS[unit.casefold()]
    return total


def _add_bounds(cursor: QueryCursor, slot: str, said: Range, count: int) -> bool:
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
    anything="Any length",
)
