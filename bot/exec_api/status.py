"""How Exec has answered of late: whether it is there, and since when it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """Values are the outcomes of a request, as ExecClient reports them, or how these begin."""

    WRONG_KEY = "wrong_key"
    INACTIVE = "workspace_inactive"
    AWAY = "broken"


@dataclass(frozen=True, slots=True)
class Failing:
    """What is wrong, and the first of our requests that showed it (aware)."""

    trouble: Trouble
    since: datetime


class ExecStatus:
    """Of this process. `failing` is None while Exec answers, also if it says no; `is_well`: it did
    so the last time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.failing: Failing | None = None
        self.is_well = False

    def note(self, outcome: str) -> None:
        """What came of a request, in ExecClient's word."""
        trouble = next((each for each in Trouble if outcome.startswith(each)), None)
        self.is_well = trouble is None
        if trouble is None:
            self.failing = None
        elif self.failing is None or self.failing.trouble is not trouble:
            self.failing = Failing(trouble, self._clock())
