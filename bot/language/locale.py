"""The reader's locale, which decides how dates and times are written.

It is set once for everything that is written to a reader: by `write_for`, or `written_for` as a
context. Until then it is the DEFAULT.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Locale(StrEnum):
    """A locale, by Slack's name for it."""

    US = "en-US"
    UK = "en-GB"


DEFAULT = Locale.US

_current: ContextVar[Locale] = ContextVar("locale", default=DEFAULT)


def current() -> Locale:
    """The locale that is written for now."""
    return _current.get()


def write_for(locale: Locale) -> None:
    """Write for this locale from here on in this task."""
    _current.set(locale)


@contextmanager
def written_for(locale: Locale) -> Iterator[None]:
    """Write for this locale inside the context."""
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


def of_profile(named: str, unnamed: Locale) -> Locale:
    """The locale of a Slack profile, British unless "en-US"; `unnamed` if it names none."""
    if not named:
        return unnamed
    return Locale.US if named == Locale.US else Locale.UK
