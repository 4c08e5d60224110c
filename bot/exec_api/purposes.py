"""What requests are for, how much each kind leaves free for those that are more urgent, and
whose job causes them.

Whose job it is stands in a context variable: between a button and the budget lie a dozen
functions that have no other use for it. A task takes along the one it was created under, so
whoever starts a request that several share is booked for it; what runs by the clock or at a
terminal is booked to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
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
            Purpose("history", BACKGROUND, "importing history", waits=False),
            Purpose("recent", BACKGROUND, "reading the last two weeks again", waits=False),
            Purpose("totals", BACKGROUND, "comparing Exec's totals with what is held", waits=False),
            Purpose("reread", BACKGROUND, "reading older sessions again", waits=False),
            Purpose("people", BACKGROUND, "who joined and who left"),
            Purpose("roster", BACKGROUND, "who is in which group"),
            Purpose("scenarios", BACKGROUND, "which scenarios skills and collections hold"),
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


SHARE = Fraction(1, 10)
SHARE_OF_ADMINS = Fraction(1, 3)


@dataclass(frozen=True, slots=True)
class Spender:
    """A Slack account, "" for nobody, and the part of a day's requests that it may cause."""

    person: str = ""
    part: Fraction = SHARE

    def share(self, per_day: int) -> int:
        """How many of a day's requests that is."""
        return max(1, int(per_day * self.part))


NOBODY = Spender()
_spender: ContextVar[Spender] = ContextVar("spender", default=NOBODY)


def current() -> Spender:
    """Whose job this is."""
    return _spender.get()


@contextmanager
def spent_by(team_id: str, user_id: str) -> Iterator[None]:
    """What is asked of Exec inside is booked to this Slack account."""
    with _booked_to(_account(team_id, user_id)):
        yield


@contextmanager
def spent_for_all() -> Iterator[None]:
    """What is asked of Exec inside serves everybody, and is booked to nobody."""
    with _booked_to(NOBODY):
        yield


def is_admins(team_id: str, user_id: str) -> None:
    """This Slack account has turned out to be an admin's; if this is their job, they may more."""
    if current() == _account(team_id, user_id):
        _spender.set(replace(current(), part=SHARE_OF_ADMINS))


def _account(team_id: str, user_id: str) -> Spender:
    return Spender(f"{team_id}:{user_id}"[:64])


@contextmanager
def _booked_to(spender: Spender) -> Iterator[None]:
    token = _spender.set(spender)
    try:
        yield
    finally:
        _spender.reset(token)
