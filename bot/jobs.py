"""A job that runs at an interval."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """A job that runs soon after the start and then every `seconds`; `after` delays the first run.

    It can be cancelled anywhere. `once`: only one of several processes runs it.
    """

    run: Callable[[], Awaitable[None]]
    seconds: int
    after: int = 0
    once: bool = False
