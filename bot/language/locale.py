"""The reader's locale, which determines the format of dates and times.

`write_for` sets it for the current task, and `written_for` inside a context. The default is
DEFAULT.
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
    """The current locale."""
    return _current.get()


def write_for(locale: Locale) -> None:
    """Set the locale for the rest of this task."""
    _current.set(locale)


@contextmanager
def written_for(locale: Locale) -> Iterator[None]:
    """Set the locale inside the context."""
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


def of_profile(named: str, unnamed: Locale) -> Locale:
    """The locale of a Slack profile: US for "en-US", `unnamed` for none, otherwise UK."""
    if not named:
        return unnamed
    return Locale.US if named == Locale.US else Locale.UK
