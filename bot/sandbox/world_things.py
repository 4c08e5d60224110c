"""The things a company in Exec consists of, as frozen records. Moments are aware and in UTC."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

RANKS = ("gold", "silver", "bronze", "unranked")
STATUSES = ("not_started", "in_progress", "completed", "past_due", "did_not_pass")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str
    url_slug: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody Exec knows: a member, or one who was removed and left sessions behind.

    `number` counts from 0 in the order of joining the list; `zone` is an IANA name.
    """

    id: str
    membership_id: str
    number: int
    email: str
    first_name: str
    last_name: str
    role: str
    zone: str
    created_at: datetime

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_system(self) -> bool:
        return self.email.endswith("@exec.com")


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Scenario:
    """A roleplay. An archived one is left out of the list of scenarios but keeps its sessions."""

    id: str
    name: str
    slug: str
    url: str
    description: str
    difficulty: str
    visibility: str
    owner_id: str
    archived: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """A skill or a collection: a name for several scenarios."""

    id: str
    name: str
    slug: str
    description: str
    scenario_ids: frozenset[str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task to practise. Its status is worked out from the sessions: see world_tasks."""

    id: str
    user_id: str
    scenario_id: str
    due_date: datetime | None
    attempt_min: int | None
    attempt_max: int | None
    rank_min: str | None
    program_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an assignment has come at a moment."""

    status: str
    attempt_count: int
    best_score: float | None
    best_rank: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """One attempt. `score` runs 0 to 100 with one decimal; `duration_seconds` is whole."""

    id: str
    user_id: str
    scenario_id: str
    score: float | None
    rank: str | None
    duration_seconds: int | None
    is_valid_attempt: bool
    created_at: datetime

    @property
    def micros(self) -> int:
        """Microseconds since 1970."""
        return (self.created_at - EPOCH) // MICROSECOND


def stable_id(seed: int, kind: str, key: object) -> str:
    """12 hexadecimal characters that depend on the three arguments only."""
    return hashlib.blake2b(f"{seed}:{kind}:{key}".encode(), digest_size=6).hexdigest()


def slugify(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def band(score: float) -> str:
    """The rank of the help pages' bands. Only to make things up: Exec's rank is its own datum."""
    if score >= 90:
        return "gold"
    if score >= 75:
        return "silver"
    return "bronze" if score >= 50 else "unranked"
