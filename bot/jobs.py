"""What runs by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """What runs soon after the start and then every `seconds`; `after` delays the first time. It
    can be cut short anywhere. `once`: of several processes only one runs it."""

    run: Callable[[], Awaitable[None]]
    seconds: int
    after: int = 0
    once: bool = False
