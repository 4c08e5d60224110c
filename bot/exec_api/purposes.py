"""What requests are for, and how much each kind leaves free for those that are more urgent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Urgency:
    """The fractions of a day's and a minute's limit that such requests never touch."""

    word: str
    free_of_day: Fraction
    free_of_minute: Fraction


PEOPLE = Urgency("people", NONE, NONE)
DIGEST = Urgency("digest", Fraction(1, 10), Fraction(1, 30))
# The operator looks on while it runs, so it may hurry; the day is still everybody's.
BY_HAND = Urgency("by hand", Fraction(3, 10), NONE)
BACKGROUND = Urgency("background", Fraction(3, 10), Fraction(1, 12))


@dataclass(frozen=True, slots=True)
class Purpose:
    """A word under which requests are booked, and its meaning as people read it.

    `waits`: a limit is waited for. What reads sessions in the background does not: it comes again
    by itself, and must hold up nobody who wants to read the same.
    """

    word: str
    urgency: Urgency
    meaning: str
    waits: bool = True


PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        purpose.word: purpose
        for purpose in (
            Purpose("question", PEOPLE, "questions that people asked"),
            Purpose("names", PEOPLE, "names of groups, scenarios, skills and people"),
            Purpose("health", PEOPLE, "checks that Exec can be reached"),
            Purpose("doctor", PEOPLE, "the doctor command"),
            Purpose("digest", DIGEST, "digests and messages for coaches"),
            Purpose("by_hand", BY_HAND, "the sync command"),
            Purpose("poll", BACKGROUND, "looking for new sessions", waits=False),
            Purpose("settle", BACKGROUND, "looking for late grades", waits=False),
            Purpose("history", BACKGROUND, "filling in the past", waits=False),
            Purpose("recent", BACKGROUND, "reading the last two weeks again", waits=False),
            Purpose("totals", BACKGROUND, "comparing Exec's totals with what is held", waits=False),
            Purpose("reread", BACKGROUND, "reading older sessions again", waits=False),
            Purpose("people", BACKGROUND, "who joined and who left"),
            Purpose("roster", BACKGROUND, "who is in which group"),
            Purpose("scenarios", BACKGROUND, "which scenarios skills and collections hold"),
            Purpose("tonight", BACKGROUND, "questions put off until the night", waits=False),
        )
    }
)


def urgency_of(purpose: str) -> Urgency:
    """The urgency of a purpose word; behind a word of no row somebody may be waiting."""
    row = PURPOSES.get(purpose)
    return PEOPLE if row is None else row.urgency


def waits(purpose: str) -> bool:
    """Whether a request of this purpose waits for a limit to end."""
    row = PURPOSES.get(purpose)
    return row is None or row.waits
