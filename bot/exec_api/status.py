"""Whether Exec answers, and since when it doesn't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """The kinds of trouble; a value is a request's outcome in ExecClient."""

    WRONG_KEY = "wrong_key"
    INACTIVE = "workspace_inactive"
    AWAY = "broken"


TROUBLES = frozenset(Trouble)


@dataclass(frozen=True, slots=True)
class Failing:
    """The trouble, and when our first request met it (aware)."""

    trouble: Trouble
    since: datetime


class ExecStatus:
    """The status in this process. `failing` is None while Exec answers, even with a rejection;
    `is_well`: it answered the last request."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.failing: Failing | None = None
        self.is_well = False

    def note(self, outcome: str) -> None:
        """Note the outcome of a request, as ExecClient names it."""
        self.is_well = outcome not in TROUBLES
        if self.is_well:
            self.failing = None
        elif self.failing is None or self.failing.trouble != outcome:
            self.failing = Failing(Trouble(outcome), self._clock())
