"""What requests are for, and how much of the limits each kind leaves to the more urgent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

NONE = Fraction(0)
# What a person waits for, and what comes to people when it is due.
QUESTION, DUE = "question", "digest"


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent requests are: the fractions of a day's and a minute's limit that they leave free.

    `reserved`: a third of the day is kept for these, whatever else is asked. Of the rest the
    others leave `free_for_people`, a fraction of the day.
    """

    word: str
    free_of_day: Fraction
    free_of_minute: Fraction
    free_for_people: Fraction = NONE
    reserved: bool = False


PEOPLE = Urgency("people", NONE, NONE)
DIGEST = Urgency("digest", NONE, Fraction(1, 30), reserved=True)
NEWS = Urgency("news", NONE, Fraction(1, 12), reserved=True)
# The operator looks on while it runs, so it may hurry; the day is still everybody's.
BY_HAND = Urgency("by hand", Fraction(3, 10), NONE, Fraction(1, 10))
BACKGROUND = Urgency("background", Fraction(3, 10), Fraction(1, 12), Fraction(1, 10))


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
            Purpose(QUESTION, PEOPLE, "questions that people asked"),
            Purpose("names", PEOPLE, "names of groups, scenarios, skills and people"),
            Purpose("health", PEOPLE, "checks that Exec can be reached"),
            Purpose("doctor", PEOPLE, "the doctor command"),
            Purpose(DUE, DIGEST, "digests and messages for coaches"),
            Purpose("poll", NEWS, "looking for new sessions", waits=False),
            Purpose("settle", NEWS, "looking for late grades", waits=False),
            Purpose("by_hand", BY_HAND, "the sync command"),
            Purpose("history", BACKGROUND, "importing history", waits=False),
            Purpose("recent", BACKGROUND, "reading the last two weeks again", waits=False),
            Purpose("reread", BACKGROUND, "reading older sessions again", waits=False),
            Purpose("people", BACKGROUND, "who joined and who left"),
            Purpose("roster", BACKGROUND, "who is in which group"),
        )
    }
)
RESERVED = frozenset(word for word, purpose in PURPOSES.items() if purpose.urgency.reserved)


def urgency_of(purpose: str) -> Urgency:
    """The urgency of a purpose word; behind a word of no row somebody may be waiting."""
    row = PURPOSES.get(purpose)
    return PEOPLE if row is None else row.urgency


def waits(purpose: str) -> bool:
    """Whether a request of this purpose waits for a limit to end."""
    row = PURPOSES.get(purpose)
    return row is None or row.waits
