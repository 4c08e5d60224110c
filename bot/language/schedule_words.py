"""Schedules and digest commands as people type them: read, split from a question, written back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.language.dates import spoken_hour, zone_name
from bot.language.days import FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAY_NAMES, WEEKDAYS, ordinal
from bot.language.schedule import MOST_WEEKS, Daily, Monthly, Schedule, Weekly, upcoming
from bot.language.text import clean, first_word, written
from bot.language.tokens import Form, Token, tokenize
from bot.language.zones import zones_named

EXAMPLES = ("every monday 9:00", "daily 17:30", "every 2 weeks friday 16:00", "monthly 1st 8:00")
LIST = "list"
_CHANGES = "pause resume stop start off on remove delete cancel edit change preview unsubscribe"
_MONTH, _LAST_DAY = "month", 31
_LONGEST = 16  # pieces: enough for every slot with its fillers
_ZONE_WORDS = 3  # "port of spain"
_FILLERS = frozenset(["every", "at", "on", "in", "of", "the", "and", "zone", "time"])
# After these, a day belongs to a period of the question.
_PERIODS = "since until till from to through between and before after last previous this current"
_BEFORE_DAY = frozenset((*_PERIODS.split(), "-", "..", *MONTHS))
# These repeat too, but "sessions a month" and "trend by weekday" are questions.
_MIDDLES = frozenset(["the", "a", "per", "weekday", "workday", "working"])
_KNOWN = "daily weekly fortnightly biweekly monthly every each from starting weekdays noon midnight"
_NUMBERS = {"two": 2, "three": 3, "four": 4}
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})s?"


@dataclass(frozen=True, slots=True)
class ParsedSchedule:
    """A schedule, and whether its words name the zone."""

    schedule: Schedule
    zone_said: bool


@dataclass(frozen=True, slots=True)
class DigestWords:
    """A group and a schedule as typed after `digest`; either may be empty."""

    group: str
    schedule: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words with one meaning, and their place in the cleaned text.

    Slots: often (`Daily`, a number of weeks or _MONTH), weekday (Monday is 0), day (of the month),
    clock, first (a date), zone; "" for fillers and unknown words. The value can be a `_Wrong`.
    """

    words: tuple[str, ...]
    slot: str
    value: Any
    start: int
    end: int


class _Wrong(Exception):
    """A fault in some pieces, and words to type instead of them; "" leaves them out."""

    def __init__(self, pattern: str, instead: Sequence[str] = (), *pieces: _Piece) -> None:
        self.pattern, self.instead, self.pieces = pattern, instead, pieces


def read_schedule(
    text: str, *, now: datetime, zone: str, lead: str = "", usual: time = time(9)
) -> ParsedSchedule:
    """The schedule that the words mean, in any order, in `zone` unless they name another.

    The defaults are the `usual` time, Monday and the 1st. Several weeks count from the next such
    weekday, or from a date: `from 2026-03-27`. `lead` is the command up to the schedule, for
    suggestions. Raises ParseError.
    """
    try:
        slots = _fill_slots(_read_pieces(tokenize(text)))
        schedule = _build(slots, now, zone, usual)
    except _Wrong as wrong:
        raise _refusal(wrong, clean(text), lead) from None
    return ParsedSchedule(schedule, zone_said="zone" in slots)


def written_schedule(schedule: Schedule, *, zone: bool = True) -> str:
    """The canonical words: reading them in the same zone returns the same schedule."""
    rhythm, clock = schedule.rhythm, f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    start = f" from {rhythm.first}" if isinstance(rhythm, Weekly) and rhythm.first else ""
    return f"{_often(rhythm)[0]} {clock}{start}{f' {schedule.zone}' if zone else ''}"


def spoken_schedule(schedule: Schedule, *, zone: bool = True) -> str:
    """The schedule in a sentence: "every Monday at 9:00 (Central European time)"."""
    place = f" ({zone_name(schedule.zone)})" if zone else ""
    return f"{_often(schedule.rhythm)[1]} at {spoken_hour(schedule.clock)}{place}"


def is_list(rest: str) -> bool:
    """Whether the words after `digest` ask for the list of digests."""
    return rest.strip().casefold() in (LIST, "lists", "ls")


def is_change(group: str) -> bool:
    """Whether a supposed group name is a command to change a digest: "remove West Coast"."""
    return first_word(group)[0] in _CHANGES.split()


def split_group(rest: str) -> DigestWords:
    """`"West Coast" every monday 9:00` as group and schedule, in any order. Raises TooLong."""
    text, tokens = clean(rest), tokenize(rest)
    if tokens and tokens[0].form in (Form.KEY, Form.WORD) and tokens[0].word in ("group", "team"):
        del tokens[0]
    start, pieces = tokens[0].start if tokens else len(text), _read_pieces(tokens)
    begins = (piece.start for at, piece in enumerate(pieces) if _can_begin(pieces, at))
    cut = next(begins, len(text))
    name = next((token for token in tokens if token.form is Form.QUOTED), None)
    if name and start in (cut, name.start):
        before = text[start : name.start].removesuffix("group:")
        return DigestWords(name.word, f"{before}{text[name.end :]}".strip())
    return DigestWords(text[start:cut].strip(" ,("), text[cut:])


def split_schedule(rest: str) -> tuple[str, str]:
    """`last 7d gold every monday 9:00` as question and schedule, both escaped; either may be "".

    The schedule is at the end or at the beginning. No question has the word "every", so words from
    there on are a schedule even if they're wrong: reading them says why. Raises TooLong.
    """
    text, pieces = clean(rest), _read_pieces(tokenize(rest))
    every = next((at for at, piece in enumerate(pieces) if piece.words[0] == "every"), None)
    last = len(pieces) - 1 if every is None else every
    tails = range(max(len(pieces) - _LONGEST, 0), last + 1)
    begin = next((at for at in tails if _is_schedule(pieces, at)), None)
    if begin is None and (end := _leading_end(pieces)):
        return written(text[end:].strip(" ,:)")), written(text[:end])
    begin = every if begin is None else begin
    if begin is None:
        return written(text), ""
    while begin and pieces[begin - 1].words in (("on",), ("the",)):
        begin -= 1
    start = pieces[begin].start
    return written(text[:start].rstrip(" ,(")), written(text[start:])


def _is_schedule(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether the pieces from there on are a schedule, and no period of the question."""
    piece, later = pieces[at], pieces[at + 1 :]
    if piece.slot in ("weekday", "day") and at and pieces[at - 1].words[-1] in _BEFORE_DAY:
        return False
    if piece.slot == "weekday" and any(other.slot == "weekday" for other in later):
        return False
    if piece.slot == "day":
        is_last_day_of = piece.words == ("last", "day") and later and later[0].words[0] == "of"
        can_begin = piece.words[0] != "last" or is_last_day_of
    else:
        can_begin = _can_begin(pieces, at, or_short_clock=True)
    slots = _complete(pieces[at:]) if can_begin else {}
    return bool(slots) and (piece.slot != "day" or "often" in slots)


def _leading_end(pieces: Sequence[_Piece]) -> int:
    """Where the schedule at the beginning of a text ends; 0 if there is none."""
    can_begin = bool(pieces) and _can_begin(pieces, 0, or_short_clock=True)
    for count in range(min(len(pieces), _LONGEST) if can_begin else 0, 0, -1):
        piece = pieces[count - 1]
        # A filler or "last" without "day" belongs to the question.
        if piece.slot and piece.words != ("last",) and _complete(pieces[:count]):
            return piece.end
    return 0


def _can_begin(pieces: Sequence[_Piece], at: int, *, or_short_clock: bool = False) -> bool:
    """Whether a schedule can begin there, with `or_short_clock` also with "9am" or "noon"."""
    piece, word = pieces[at], pieces[at].words[0]
    if word in ("every", "at"):
        return True
    if piece.slot == "weekday":
        # "Mon" and "Sun" may also be part of a name.
        after = pieces[at + 1] if at + 1 < len(pieces) else piece
        is_before_time = after.slot == "clock" or after.words[0] == "at"
        return is_before_time or word.removesuffix("s") in WEEKDAY_NAMES
    if piece.slot == "clock":  # 17.30 may be a score
        return ":" in word or (or_short_clock and not word.replace(".", "").isdecimal())
    return piece.slot == "often" and word not in _MIDDLES


def _complete(pieces: Sequence[_Piece]) -> dict[str, _Piece]:
    """The pieces by slot; empty if they don't make a schedule."""
    try:
        slots = _fill_slots(pieces)
        _build(slots, datetime(2000, 1, 1, tzinfo=UTC), "UTC", time(9))
    except _Wrong:
        return {}
    return slots


def _fill_slots(pieces: Sequence[_Piece]) -> dict[str, _Piece]:
    """The pieces by slot, with the slot "often" filled if others imply it. Raises _Wrong."""
    slots: dict[str, _Piece] = {}
    for piece in pieces:
        if isinstance(piece.value, _Wrong):
            raise _Wrong(piece.value.pattern, piece.value.instead, piece)
        if piece.slot and slots.setdefault(piece.slot, piece).value != piece.value:
            raise _Wrong(_CLASH, (), slots[piece.slot], piece)
    return slots


def _build(slots: dict[str, _Piece], now: datetime, zone: str, usual: time) -> Schedule:
    """The schedule that the slots make. Raises _Wrong."""
    said = {slot: piece.value for slot, piece in slots.items()}
    often, clock, zone = _how_often(slots), said.get("clock", usual), said.get("zone", zone)
    if isinstance(often, Daily):
        return Schedule(often, clock, zone)
    if often == _MONTH:
        return Schedule(Monthly(said.get("day", 1)), clock, zone)
    begin: date | None = said.get("first")
    weekday = said.get("weekday", begin.weekday() if begin else 0)
    weekly = Schedule(Weekly(weekday), clock, zone)
    if often == 1:
        return weekly
    first = upcoming(weekly, now, 1)[0].day
    if begin:
        first = begin + timedelta(days=(weekday - begin.weekday()) % 7)
        if first.year > LAST_YEAR:
            raise _Wrong(_BAD_FIRST, (), slots["first"])
    return Schedule(Weekly(weekday, often, first), clock, zone)


def _how_often(slots: dict[str, _Piece]) -> Any:
    """The value for "often", which a weekday or a day can imply. Raises _Wrong for a clash."""
    piece = slots.get("often") or slots.get("weekday") or slots.get("day")
    if piece is None:
        raise _Wrong("Say how often, like `every monday 9:00` or `daily 17:30`.", EXAMPLES)
    often = {"weekday": 1, "day": _MONTH}.get(piece.slot, piece.value)
    weeks = often if isinstance(often, int) else 0
    fitting = {"weekday": weeks > 0, "day": often == _MONTH, "first": weeks > 1}
    for slot in (slot for slot in fitting if slot in slots and not fitting[slot]):
        if slot == "first":
            raise _Wrong(_NEEDS_WEEKS, ("",), slots[slot])
        raise _Wrong(_CLASH, (), *sorted((piece, slots[slot]), key=lambda each: each.start))
    return often


def _read_pieces(tokens: Sequence[Token]) -> list[_Piece]:
    """The pieces of a text; each token is in exactly one."""
    # A quotation mark is in no form.
    words = [token.word if token.form is Form.WORD else '"' for token in tokens]
    words = ["every" if word == "each" else word for word in words]
    text, pieces, at, offset = " ".join(words), [], 0, 0
    while at < len(words):
        slot, value, count = _read_piece(text, offset, words[at : at + _ZONE_WORDS])
        taken, end = tuple(words[at : at + count]), tokens[at + count - 1].end
        pieces.append(_Piece(taken, slot, value, tokens[at].start, end))
        at, offset = at + count, offset + len(" ".join(taken)) + 1
    return pieces


def _read_piece(text: str, offset: int, words: Sequence[str]) -> tuple[str, Any, int]:
    """The slot, the value and the number of words of the piece that begins with these words."""
    for form, slot, read in _FORMS:
        if found := form.match(text, offset):
            return slot, read(found), found[0].count(" ") + 1
    for count in range(len(words), 0, -1):
        if zones := zones_named(" ".join(words[:count])):
            several = _Wrong("Several time zones are called `{word}`. Which one?", zones[:4])
            return "zone", zones[0] if len(zones) == 1 else several, count
    return "", None if words[0] in _FILLERS else _Wrong(_UNKNOWN), 1


def _weeks(found: re.Match[str]) -> int | _Wrong:
    """ "every 2 weeks"."""
    weeks = _NUMBERS.get(found["number"]) or int(found["number"])
    if found["unit"] not in ("week", "weeks", "wk", "wks", "w"):
        every = "Choose every day, every few weeks, or every month."
        return _Wrong(f"I can't do `{{word}}`. {every}", ("daily", "every 2 weeks", "monthly"))
    if not 1 <= weeks <= MOST_WEEKS:
        return _Wrong("I can't do `{word}`. Choose 1 to 52 weeks, such as `every 2 weeks`.")
    return weeks


def _day(found: re.Match[str]) -> int | _Wrong:
    """ "15th"."""
    day = int(found["day"])
    is_day = 1 <= day <= _LAST_DAY
    return day if is_day else _Wrong("No month has a `{word}`. Choose from `1st` to `31st`.")


def _time(found: re.Match[str]) -> time | _Wrong:
    """ "9:00", "17.30", "9am", "9:30 pm", "at 9"."""
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if hour <= _LAST_DAY and not (found["at"] or found["minute"] or half):
        days = (ordinal(hour),) * (hour > 0 and _MONTH in found.string)
        return _Wrong(
            "Is `{word}` a time or a day of the month? Write it like `9:00` or `9th`.",
            (f"{hour}:00",) * (hour < 24) + days,
        )
    if hour > (12 if half else 23) or minute > 59 or (half and hour == 0):
        return _Wrong("`{word}` isn't a time of day. Write it like `17:30`.")
    return time(hour % 12 + 12 * (half == "p") if half else hour, minute)


def _first(found: re.Match[str]) -> date | _Wrong:
    """ "from 2026-03-27"."""
    try:
        first = date.fromisoformat(found["date"] or "")
    except ValueError:
        return _Wrong(_BAD_FIRST)
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else _Wrong(_BAD_FIRST)
