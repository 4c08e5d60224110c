"""A job that runs at an interval."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """A job that runs at the start and then every `seconds`.

    It can be cancelled anywhere. `once`: only one of several processes runs it.
    """

    run: Callable[[], Awaitable[None]]
    seconds: int
    once: bool = False
