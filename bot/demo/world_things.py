"""The records of a company in Exec. Times are in UTC."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

RANKS = ("gold", "silver", "bronze", "unranked")
AFTER_ANY_ID = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class WorldPerson:
    """A member or former member.

    `number` counts from 0, `zone` is an IANA time zone, and `habit` a key of HABITS.
    """

    id: str
    number: int
    email: str
    first_name: str
    last_name: str
    role: str
    zone: str
    habit: str
    created_at: datetime

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_system(self) -> bool:
        return self.email.endswith("@exec.com")


@dataclass(frozen=True, slots=True)
class WorldItem:
    """A workspace, a group or a program."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WorldScenario(WorldItem):
    """A role-play. `ease` is added to every score."""

    slug: str
    difficulty: str
    visibility: str
    archived: bool
    ease: float

    @property
    def url(self) -> str:
        return f"https://acme-corp.app.exec.client.com/scenarios/{self.slug}"


@dataclass(frozen=True, slots=True)
class Bundle(WorldItem):
    """A skill or a collection: a set of scenarios."""

    slug: str
    description: str
    scenario_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorldAssignment:
    """A scenario assigned to a person."""

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
class WorldSession:
    """An attempt at a scenario. `score` is 0 to 100, with one decimal."""

    id: str
    user_id: str
    scenario_id: str
    score: float | None
    rank: str | None
    duration_seconds: int | None
    is_valid_attempt: bool
    created_at: datetime

    @property
    def is_graded(self) -> bool:
        return self.is_valid_attempt and self.score is not None


def rank_of(score: float) -> str:
    """The usual rank of a score, by Exec's help pages."""
    if score >= 90:
        return "gold"
    if score >= 75:
        return "silver"
    return "bronze" if score >= 50 else "unranked"


def newest_first(session: WorldSession) -> tuple[float, str]:
    """A sort key: newest first, then by id."""
    return (-session.created_at.timestamp(), session.id)


class Sessions:
    """All sessions, newest first."""

    def __init__(self, sessions: Iterable[WorldSession] = ()) -> None:
        self.all = sorted(sessions, key=newest_first)
        self._by_id = {session.id: session for session in self.all}

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[WorldSession]:
        return iter(self.all)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._by_id

    def __getitem__(self, session_id: str) -> WorldSession:
        return self._by_id[session_id]

    @property
    def by_user(self) -> dict[str, list[WorldSession]]:
        """The sessions by user id, newest first."""
        by_user = defaultdict(list)
        for session in self.all:
            by_user[session.user_id].append(session)
        return by_user

    def graded(
        self, user_id: str, scenario_id: str, since: datetime, until: datetime
    ) -> list[WorldSession]:
        """A person's graded attempts at a scenario in a period."""
        return [
            row
            for row in self.all
            if row.user_id == user_id
            and row.scenario_id == scenario_id
            and since <= row.created_at <= until
            and row.is_graded
        ]

    def put(self, session: WorldSession) -> None:
        """Add a session, or replace the one with its id."""
        if session.id in self:
            self.remove(session.id)
        insort(self.all, session, key=newest_first)
        self._by_id[session.id] = session

    def remove(self, session_id: str) -> WorldSession:
        session = self._by_id.pop(session_id)
        del self.all[bisect_left(self.all, newest_first(session), key=newest_first)]
        return session


def between(
    rows: list[WorldSession], start: datetime | None = None, end: datetime | None = None
) -> list[WorldSession]:
    """The rows of a newest-first list created from `start` through `end`."""
    low, high = 0, len(rows)
    if end is not None:
        low = bisect_left(rows, (-end.timestamp(), ""), key=newest_first)
    if start is not None:
        high = bisect_right(rows, (-start.timestamp(), AFTER_ANY_ID), key=newest_first)
    return rows[low:high]
