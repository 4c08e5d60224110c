"""Which English is written, American or British: how dates, times of day and words are.

Whose it is is said once for all that is written to a reader: `write_for`, or `written_for` around
it. Until then it is the DEFAULT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Locale(StrEnum):
    """An English, by the name that Slack has for it."""

    US = "en-US"
    UK = "en-GB"


DEFAULT = Locale.US
# The words that Americans spell otherwise, as we write them. Of "practise" only the verb does.
# What stands behind a dot or a line is part of an id.
BRITISH = re.compile(r"(?<![.\w])(practis(?:e[ds]?|ing))\b", re.IGNORECASE)

_current: ContextVar[Locale] = ContextVar("locale", default=DEFAULT)


def current() -> Locale:
    """The English that is written now."""
    return _current.get()


def write_for(locale: Locale) -> None:
    """From here on in this task, write so."""
    _current.set(locale)


@contextmanager
def written_for(locale: Locale) -> Iterator[None]:
    """Inside, write so."""
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


def of_profile(named: str, unnamed: Locale) -> Locale:
    """The English of somebody whose Slack profile names this locale: only "en-US" is American;
    `unnamed` where it names none."""
    if not named:
        return unnamed
    return Locale.US if named == Locale.US else Locale.UK


def spelt(text: str) -> str:
    """Words of our own as they are spelt now: "practised", or "practiced" in American."""
    return BRITISH.sub(_american, text) if current() is Locale.US else text


def _american(word: re.Match[str]) -> str:
    return f"{word[0][:6]}c{word[0][7:]}"
