"""Reads filters with numbers: scores, lengths and limits. Filters without are in `lexicon`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.errors import ParseError
from bot.language.days import MONTHS
from bot.language.query import Range
from bot.language.vocabulary import FieldValue

MOST_ROWS, MOST_PAGES = 1000, 10_000
_LONGEST = 8  # words
_LOWEST_BARE_SCORE = 20  # "over 5" is more likely a number of sessions
_MOST_WITHOUT_UNIT = 5  # "last 7" may be days
_SIGNS = {
    phrase: sign
    for sign, phrases in {
        ">=": ">=|=>|at least|no less than|not less than|minimum|or above|or more|or better|"
        "or higher|or over|or longer|and up|and above",
        "<=": "<=|=<|at most|up to|no more than|not more than|maximum|or below|or less|or lower|"
        "or under|or shorter|and below",
        ">": ">|over|above|more than|higher than|greater than|longer than|longer|better than",
        "<": "<|under|below|less than|lower than|fewer than|shorter than|shorter|worse than",
        "=": "=|exactly",
    }.items()
    for phrase in phrases.split("|")
}
_SECONDS = {
    word: seconds
    for seconds, words in {
        1: "s sec secs second seconds", 60: "m min minute minutes", 3600: "h hr hour hours",
    }.items()
    for word in words.split()
}  # fmt: skip
# After these, rows are in this order.
_ORDERS = {
    "most recent": "recent", "latest": "recent", "newest": "recent", "last": "recent",
    "recent": "recent", "best": "best-first", "top": "best-first", "highest": "best-first",
    "worst": "worst-first", "lowest": "worst-first", "longest": "longest-first",
    "shortest": "shortest-first", "oldest": "oldest-first", "first": "oldest-first",
}  # fmt: skip
_NUMBER = r"\d{1,4}(?:\.\d{1,2})?"
_AMOUNT, _OF_TIME = r"\d{1,6}(?:\.\d{1,2})?", "|".join(_SECONDS)
_PIECE = re.compile(rf"({_AMOUNT}) ?({_OF_TIME})")
_LENGTH = rf"(?:{_AMOUNT} ?(?:{_OF_TIME})(?= |\d|$) ?)+(?<! )"
_SIGN = rf"(?P<sign>{'|'.join(_SIGNS)})"
_AFTER = rf"(?P<after>{'|'.join(sign for sign in _SIGNS if sign[:3] in ('or ', 'and'))})"
_LENGTHS = re.compile(
    rf"(?:(?:length|duration) )?(?:{_SIGN} {_LENGTH}|{_LENGTH} {_AFTER})(?= |$)", re.ASCII
)
_SCORES = re.compile(
    r"(?P<key>scor(?:e|es|ed|ing)(?: (?:of|was|is|are|were))? )?(?P<limits>"
    rf"{_NUMBER}%?-{_NUMBER}%?|(?:between|from) {_NUMBER}%? (?:and|to) {_NUMBER}%?|"
    rf"{_SIGN} {_NUMBER}%?|{_NUMBER}%? {_AFTER}|{_NUMBER}%?(?P<plus>\+))"
    r"(?: (?:percent|%|points?))?(?= |$)",
    re.ASCII,
)
_LIMITS = re.compile(
    rf"(?:(?P<count>\d{{1,4}}) (?P<order>{'|'.join(_ORDERS)})|"
    rf"(?P<lead>limit|page|{'|'.join(_ORDERS)}) (?P<number>\d{{1,5}}))(?= |$)",
    re.ASCII,
)
# Before these, a number isn't a score.
_COUNTED = re.compile(
    r" (?:(?:session|time|day|week|month|point|scenario|attempt|assignment)s?|people|person|gold|"
    r"silver|bronze)(?: |$)"
)
_UNIT = re.compile(
    r" (?:d|w|y|h|m|min|(?:day|hour|week|month|quarter|year|minute)s?|calendar|working|"
    rf"{'|'.join(MONTHS)})(?: |$)"
)
_SESSIONS = re.compile(r" (?:sessions?|scores|attempts)(?: |$)")


def find_amount(words: Sequence[str]) -> tuple[FieldValue, int] | None:
    """The filter with a number at the beginning of the words, and its number of words.

    Raises ParseError for an impossible number.
    """
    text = " ".join(words[:_LONGEST])
    for form, read in ((_LENGTHS, _length), (_SCORES, _score), (_LIMITS, _limit)):
        if (match := form.match(text)) and (part := read(match, text[match.end() :])):
            return part, match[0].count(" ") + 1
    return None


def _length(match: re.Match[str], rest: str) -> FieldValue:
    """ "longer 5m", "over 20 minutes", "length>=1h30m", "5 minutes or more"."""
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PIECE.findall(match[0]))
    return FieldValue("length", _range(match["sign"] or match["after"], seconds))


def _score(match: re.Match[str], rest: str) -> FieldValue | None:
    """ "score>=80", "score 70-85", "under 60", "90+", "between 60 and 70", "80 or above"."""
    numbers = [float(number) for number in re.findall(_NUMBER, match["limits"])]
    is_bare = not match["key"]
    is_other = _COUNTED.match(rest) or _UNIT.match(rest)
    if is_bare and (is_other or not _LOWEST_BARE_SCORE <= max(numbers) <= 100):
        return None
    if max(numbers) > 100:
        raise ParseError(
            "Scores run from 0 to 100, so *{word}* can't match anything.", word=match[0]
        )
    if numbers != sorted(numbers):
        raise ParseError(
            "Write the lower score first, like `score:70-85`, instead of *{word}*.", word=match[0]
        )
    if len(numbers) > 1:
        return FieldValue("score", Range(numbers[0], numbers[1]), "threshold")
    sign = ">=" if match["plus"] else match["sign"] or match["after"]
    return FieldValue("score", _range(sign, numbers[0]), "threshold")


def _limit(match: re.Match[str], rest: str) -> FieldValue | None:
    """ "top 5", "best 5", "last 3 sessions", "5 most recent", "page 2"."""
    lead, number = match["lead"] or match["order"], int(match["number"] or match["count"])
    most = MOST_PAGES if lead == "page" else MOST_ROWS
    if lead not in ("page", "limit") and match["lead"] and _UNIT.match(rest):
        return None  # "last 3 weeks" is a period
    of_sessions = _SESSIONS.match(rest) is not None
    order = _ORDERS.get(lead, "")
    if match["lead"] and order == "recent" and not (of_sessions or number <= _MOST_WITHOUT_UNIT):
        return None  # "last 90" could be days
    if not 1 <= number <= most:
        raise ParseError(f"Use a number from 1 to {most:,} after *{{word}}*.", word=lead)
    if lead == "page":
        return FieldValue("page", number)
    if match["lead"] and lead == "top" and not of_sessions:
        order = "best"  # "top 5" of a ranking
    return FieldValue("limit", number, order)


def _range(phrase: str, value: float) -> Range:
    """The range of the words of a sign and a number."""
    match _SIGNS[phrase]:
        case ">" | ">=" as sign:
            return Range(low=value, low_open=sign == ">")
        case "<" | "<=" as sign:
            return Range(high=value, high_open=sign == "<")
    return Range(value, value)
