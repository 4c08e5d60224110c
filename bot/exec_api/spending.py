"""Whose job is running, so that the requests it causes are booked to that person.

A context variable: between a button and the account of requests lie a dozen functions that have
no other use for it. A task takes along the one it was created under, so whoever starts a request
that several share is booked for it; what runs by the clock or at a terminal is booked to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from fractions import Fraction

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
