"""Reads and writes schedules in words, and splits commands into question and schedule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from bot.errors import ParseError, Suggestion
from bot.language.dates import hour_in_sentence
from bot.language.days import FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAY_NAMES, WEEKDAYS, ordinal
from bot.language.schedule import (
    MOST_WEEKS,
    DailyRhythm,
    MonthlyRhythm,
    Rhythm,
    Schedule,
    WeeklyRhythm,
    upcoming,
)
from bot.language.text import clean, nearest_words, shortened, without_ids, written
from bot.language.tokens import Token, TokenForm, tokenize
from bot.language.zones import zones_named, zones_near

_MONTH, _LAST_DAY = "month", 31
_MOST_PIECES = 16  # of a schedule: enough for all slots and fillers
_FILLERS = ("every", "at", "on", "in", "of", "the", "and", "zone", "time")
# After these, a day belongs to a period of the question.
_PERIODS = "since until till from through to between and before after last previous this current"
_BEFORE_DAY = frozenset((*_PERIODS.split(), "-", "..", *MONTHS))
_KNOWN = "daily weekly fortnightly biweekly monthly every each weekdays noon midnight"
_WEEKS = {"two": 2, "three": 3, "four": 4} | {str(n): n for n in range(1, MOST_WEEKS + 1)}
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_UNKNOWN = (
    "I don't understand `{word}` in a schedule. Write it like `daily 17:30`, `every 2 weeks friday "
    "16:00` or `every monday 9:00 Europe/Berlin`."
)


class _Piece(NamedTuple):
    """Words with one meaning, and their span in the cleaned text.

    Slots: often (`Daily`, a number of weeks or _MONTH), weekday (Monday is 0), day (of the month),
    clock, first (a date), zone; "" for fillers and unknown words. An error has the value None.
    """

    words: str
    slot: str
    value: Any
    span: tuple[int, int]


def read_schedule(text: str, *, now: datetime, zone: str, lead: str = "") -> Schedule:
    """The schedule of the words, at 9:00 and in `zone` unless they say otherwise. `lead` is the
    command before the schedule, for suggestions. Raises ParseError."""
    pieces = _read_pieces(tokenize(text))
    if wrong := next((piece for piece in pieces if piece.value is None), None):
        raise _fault(wrong, clean(text), lead)
    return _build(pieces, now, zone)


def written_schedule(schedule: Schedule) -> str:
    """The schedule in canonical words, without its zone. `read_schedule` turns them back into the
    schedule."""
    rhythm, clock = schedule.rhythm, f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    start = f" from {rhythm.first}" if isinstance(rhythm, WeeklyRhythm) and rhythm.first else ""
    return f"{_often(rhythm)[0]} {clock}{start}"


def schedule_phrase(schedule: Schedule) -> str:
    """The schedule in a sentence, without its zone: "every Monday at 9:00"."""
    return f"{_often(schedule.rhythm)[1]} at {hour_in_sentence(schedule.clock)}"


def split_schedule(rest: str) -> tuple[str, str]:
    """`last 7d gold every monday 9:00` as question and schedule, both escaped; either may be "".

    The schedule is at the end. No question has the word "every", so everything from it on is a
    schedule, even an invalid one: reading it explains the error. Raises ParseError.
    """
    text, pieces = clean(rest), _read_pieces(tokenize(rest))
    starts = range(max(len(pieces) - _MOST_PIECES, 0), len(pieces))
    begin = next((at for at in starts if _is_schedule(pieces, at)), len(pieces))
    every = (at for at, piece in enumerate(pieces) if piece.words.startswith("every"))
    begin = min(begin, next(every, begin))
    if begin == len(pieces):
        unknown = (at for at in range(1, begin) if pieces[at].value is None)
        typos = (at for at in unknown if nearest_words(pieces[at].words, WEEKDAY_NAMES))
        begin = next(typos, begin)  # reading it asks about "mondya"
    while 0 < begin < len(pieces) and pieces[begin - 1].words in ("on", "the"):
        begin -= 1
    start = pieces[begin].span[0] if begin < len(pieces) else len(text)
    return written(text[:start].rstrip(" ,(")), written(text[start:])


def _is_schedule(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether the pieces from this one on are a schedule, not a period of the question."""
    schedule, slots = pieces[at:], [piece.slot for piece in pieces[at:]]
    before = pieces[at - 1].words.rpartition(" ")[2] if at else ""
    if slots[0] in ("", "zone", "first") or (slots[0] != "often" and before in _BEFORE_DAY):
        return False
    has_rhythm = "often" in slots or ("weekday" in slots and "clock" in slots)
    with suppress(ParseError):
        return (
            has_rhythm
            and None not in [piece.value for piece in schedule]
            and bool(_fill_slots(schedule))
        )
    return False


def _build(pieces: Sequence[_Piece], now: datetime, zone: str) -> Schedule:
    """The schedule of the pieces. Raises ParseError."""
    slots = _fill_slots(pieces)
    often = MonthlyRhythm(slots.get("day", 1)) if slots["often"] == _MONTH else slots["often"]
    clock, zone = slots.get("clock", time(9)), slots.get("zone", zone)
    if not isinstance(often, int):
        return Schedule(often, clock, zone)
    weekly = Schedule(WeeklyRhythm(slots.get("weekday", 0)), clock, zone)
    if often == 1:
        return weekly
    start: date = slots.get("first") or upcoming(weekly, now, 1)[0].day
    weekday = slots.get("weekday", start.weekday())
    first = start + timedelta(days=(weekday - start.weekday()) % 7)
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise ParseError(_UNKNOWN, word=f"from {start}")
    return Schedule(WeeklyRhythm(weekday, often, first), clock, zone)


def _fill_slots(pieces: Sequence[_Piece]) -> dict[str, Any]:
    """The values by slot; a weekday or a day implies how often. Raises ParseError."""
    slots: dict[str, _Piece] = {}
    for piece in pieces:
        if piece.slot and slots.setdefault(piece.slot, piece).value != piece.value:
            raise _clash(slots[piece.slot], piece)
    rhythm = slots.get("often") or slots.get("weekday") or slots.get("day")
    if rhythm is None:
        raise ParseError("Say how often, like `every monday 9:00` or `daily 17:30`.")
    often = {"weekday": 1, "day": _MONTH}.get(rhythm.slot, rhythm.value)
    weeks = often if isinstance(often, int) else 0
    for slot, is_fitting in (("weekday", weeks), ("day", often == _MONTH), ("first", weeks > 1)):
        if slot in slots and not is_fitting:
            raise _clash(rhythm, slots[slot])
    return {slot: piece.value for slot, piece in slots.items()} | {"often": often}


def _clash(first: _Piece, other: _Piece) -> ParseError:
    pattern = "`{word}` and `{other}` don't go together. Keep one of them."
    return ParseError(pattern, word=first.words, other=other.words)


def _read_pieces(tokens: Sequence[Token]) -> list[_Piece]:
    """The pieces of a text; each token is in exactly one."""
    words = [
        token.word if token.form is TokenForm.WORD else '"' for token in tokens
    ]  # matches no form
    text, pieces = " ".join("every" if word == "each" else word for word in words), list[_Piece]()
    at = 0
    while at < len(tokens):
        slot, value, words_read = _read_piece(text)
        end = at + words_read.count(" ") + 1
        span = tokens[at].start, tokens[end - 1].end
        pieces.append(_Piece(words_read, slot, value, span))
        at, text = end, text[len(words_read) + 1 :]
    return pieces


def _read_piece(text: str) -> tuple[str, Any, str]:
    """The slot, the value and the words of the piece at the beginning of a text."""
    for form, slot, read in _FORMS:
        if match := form.match(text):
            with suppress(ValueError):  # 25:00
                return slot, read(match), match[0]
            return slot, None, match[0]
    for count in (3, 2, 1):  # "port of spain"
        words_read = " ".join(text.split(" ", count)[:count])
        if zones := zones_named(words_read):
            return "zone", zones[0] if len(zones) == 1 else None, words_read
    return "", "" if words_read in _FILLERS else None, words_read


_FORMS: tuple[tuple[re.Pattern[str], str, Callable[[re.Match[str]], Any]], ...] = tuple(
    (re.compile(f"(?:{pattern})(?= |$)", re.ASCII), slot, read)
    for pattern, slot, read in (
        ("daily|every day", "often", lambda _: DailyRhythm()),
        (
            "every (?:weekday|workday|working day)|weekdays|workdays|working days",
            "often",
            lambda _: DailyRhythm(workdays=True),
        ),
        ("weekly|every week", "often", lambda _: 1),
        ("fortnightly|biweekly|every fortnight", "often", lambda _: 2),
        (rf"every (?:other|second|2nd)(?: week|(?= {_WEEKDAY}s?(?: |$)))", "often", lambda _: 2),
        (rf"every ({'|'.join(_WEEKS)}) ?(?:weeks?|wks?|w)", "often", lambda it: _WEEKS[it[1]]),
        ("monthly|(?:of )?(?:every|of the) month", "often", lambda _: _MONTH),
        (rf"({_WEEKDAY})s?", "weekday", lambda it: WEEKDAYS[it[1]]),
        ("last day", "day", lambda _: _LAST_DAY),
        (r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)", "day", lambda it: int(it[1])),
        ("noon|midnight", "clock", lambda it: time(12 if it[0] == "noon" else 0)),
        (
            r"(?:at )?(0?[1-9]|1[0-2])(?:[:.](\d\d))? ?([ap])\.?m",
            "clock",
            lambda it: time(int(it[1]) % 12 + 12 * (it[3] == "p"), int(it[2] or 0)),
        ),
        (r"(?:at )?(\d\d?):(\d\d)", "clock", lambda it: time(int(it[1]), int(it[2]))),
        (r"at (\d\d?)", "clock", lambda it: time(int(it[1]))),
        (
            r"(?:from|starting|since)(?: on| from)? (\d{4}-\d\d?-\d\d?)",
            "first",
            lambda it: date(*map(int, it[1].split("-"))),
        ),
    )
)


def _fault(piece: _Piece, text: str, lead: str) -> ParseError:
    """The error about a piece without a value, with up to four corrected commands."""
    start, end = piece.span
    word = piece.words[:40]  # no known word is longer
    if zones := zones_named(piece.words):
        pattern = "Several time zones are called `{word}`. Which one?"
    elif zones := nearest_words(word, (*_KNOWN.split(), *WEEKDAY_NAMES)) or zones_near(word):
        pattern = "I don't know `{word}`. Did you mean one of these?"
    else:
        pattern = _UNKNOWN
    ways = zones[:4]
    commands = (f"{lead} {written(text[:start] + way + text[end:])}".strip() for way in ways)
    word = shortened(without_ids(text[start:end]))
    return ParseError(pattern, tuple(map(Suggestion, ways, commands)), word=word)


def _often(rhythm: Rhythm) -> tuple[str, str]:
    """How often, in canonical words and in a sentence."""
    match rhythm:
        case DailyRhythm(workdays):
            return ("every weekday", "every weekday") if workdays else ("daily", "every day")
        case MonthlyRhythm(day):
            day_phrase = "last day" if day == _LAST_DAY else ordinal(day)
            return f"monthly {ordinal(day)}", f"on the {day_phrase} of each month"
        case WeeklyRhythm(weekday, weeks):
            name = WEEKDAY_NAMES[weekday]
            every = {1: "every", 2: "every second"}.get(weeks, f"every {weeks} weeks on")
            return (
                f"every{f' {weeks} weeks' if weeks > 1 else ''} {name}",
                f"{every} {name.title()}",
            )
