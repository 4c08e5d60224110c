"""The sessions of a company, indexed so that a hundred thousand answer in milliseconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.sandbox.world_things import EPOCH, MICROSECOND, Session

AFTER_ANY_ID = "\U0010ffff"


def newest_first(session: Session) -> tuple[int, str]:
    """The key of every list here: newest first, equal moments by id."""
    return (-session.micros, session.id)


class Sessions:
    """All sessions, and lists of them by person, by scenario and by both; newest first."""

    def __init__(self) -> None:
        self.all: list[Session] = []
        self.by_user: dict[str, list[Session]] = {}
        self.by_scenario: dict[str, list[Session]] = {}
        self.by_pair: dict[tuple[str, str], list[Session]] = {}
        self._by_id: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Session]:
        return iter(self.all)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._by_id

    def __getitem__(self, session_id: str) -> Session:
        return self._by_id[session_id]

    def _lists(self, session: Session) -> tuple[list[Session], ...]:
        pair = (session.user_id, session.scenario_id)
        return (
            self.all,
            self.by_user.setdefault(session.user_id, []),
            self.by_scenario.setdefault(session.scenario_id, []),
            self.by_pair.setdefault(pair, []),
        )

    def load(self, sessions: Iterable[Session]) -> None:
        """Put many sessions into an empty index at once."""
        for session in sorted(sessions, key=newest_first):
            for rows in self._lists(session):
                rows.append(session)
            self._by_id[session.id] = session

    def add(self, session: Session) -> None:
        if session.id in self._by_id:
            raise ValueError(f"there is a session {session.id} already")
        for rows in self._lists(session):
            insort(rows, session, key=newest_first)
        self._by_id[session.id] = session

    def replace(self, session: Session) -> None:
        """Swap a session for its newer form: same id, person, scenario and moment."""
        for rows in self._lists(session):
            rows[bisect_left(rows, newest_first(session), key=newest_first)] = session
        self._by_id[session.id] = session

    def remove(self, session_id: str) -> Session:
        session = self._by_id.pop(session_id)
        for rows in self._lists(session):
            del rows[bisect_left(rows, newest_first(session), key=newest_first)]
        return session


def between(
    rows: list[Session], start: datetime | None = None, end: datetime | None = None
) -> list[Session]:
    """The part of a newest-first list created from `start` to `end`, both included."""
    low, high = 0, len(rows)
    if end is not None:
        low = bisect_left(rows, (-((end - EPOCH) // MICROSECOND), ""), key=newest_first)
    if start is not None:
        edge = (-((start - EPOCH) // MICROSECOND), AFTER_ANY_ID)
        high = bisect_right(rows, edge, key=newest_first)
    return rows[low:high]
