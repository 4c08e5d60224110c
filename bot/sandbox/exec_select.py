"""Which sessions a question means, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.world import World
from bot.sandbox.world_sessions import between, newest_first
from bot.sandbox.world_things import Bundle, Session

REMEMBERED = 64
Ids = set[str] | None  # None is any


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """The parameters of GET /sessions without the page; None is a parameter not sent."""

    user_ids: tuple[str, ...] | None = None
    user_emails: tuple[str, ...] | None = None
    scenario_ids: tuple[str, ...] | None = None
    collection_ids: tuple[str, ...] | None = None
    skill_ids: tuple[str, ...] | None = None
    program_ids: tuple[str, ...] | None = None
    group_ids: tuple[str, ...] | None = None
    rank: tuple[str, ...] | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    exclude_system_users: bool = False
    sorting: str = "-created_at"


class SessionSelector:
    """Answers filters, and remembers the last answers until the world changes.

    Pages of one question then cost one selection.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[SessionFilter, list[Session]] = {}
        self._version = world.version

    def select(self, wanted: SessionFilter) -> list[Session]:
        if self._version != self._world.version:
            self._known.clear()
            self._version = self._world.version
        if wanted not in self._known:
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[wanted] = select(self._world, wanted)
        return self._known[wanted]


def select(world: World, wanted: SessionFilter) -> list[Session]:
    users = _narrow(
        named_users(world, wanted.user_ids, wanted.user_emails),
        group_members(world, wanted.group_ids),
    )
    scenarios = _narrow(
        None if wanted.scenario_ids is None else set(wanted.scenario_ids),
        _narrow(
            bundled(world.skills, wanted.skill_ids),
            bundled(world.collections, wanted.collection_ids),
        ),
    )
    parts = [
        between(rows, wanted.start_date, wanted.end_date)
        for rows in _sources(world, wanted, users, scenarios)
    ]
    rows = parts[0] if len(parts) == 1 else [row for part in parts for row in part]
    for keep in _checks(world, wanted, scenarios):
        rows = [row for row in rows if keep(row)]
    if len(parts) > 1 or wanted.sorting != "-created_at":
        rows.sort(key=ORDERS[wanted.sorting])
    return rows


def named_users(
    world: World, user_ids: tuple[str, ...] | None, emails: tuple[str, ...] | None
) -> Ids:
    """The union of both lists, as documented."""
    if user_ids is None and emails is None:
        return None
    by_email = {person.email: person.id for person in world.people.values()}
    return set(user_ids or ()) | {by_email[email] for email in emails or () if email in by_email}


def group_members(world: World, group_ids: tuple[str, ...] | None) -> Ids:
    if group_ids is None:
        return None
    return {user_id for group_id in group_ids for user_id in world.rosters.get(group_id, ())}


def bundled(bundles: dict[str, Bundle], ids: tuple[str, ...] | None) -> Ids:
    """The scenarios of any of these skills or collections."""
    if ids is None:
        return None
    return {one for key in ids if key in bundles for one in bundles[key].scenario_ids}


def _narrow(one: Ids, other: Ids) -> Ids:
    if one is None:
        return other
    return one if other is None else one & other


def _sources(
    world: World, wanted: SessionFilter, users: Ids, scenarios: Ids
) -> list[list[Session]]:
    """The narrowest lists that hold all matching sessions; each session in one list only."""
    sessions = world.sessions
    if wanted.program_ids is not None:
        pairs = {
            (task.user_id, task.scenario_id)
            for task in world.assignments
            if task.program_id in wanted.program_ids and (users is None or task.user_id in users)
        }
        return _held(sessions.by_pair, pairs)
    if users is not None:
        return _held(sessions.by_user, users)
    if scenarios is not None:
        return _held(sessions.by_scenario, scenarios)
    return [sessions.all]


def _held(lists: dict[Any, list[Session]], keys: Iterable[Any]) -> list[list[Session]]:
    return [lists[key] for key in keys if key in lists]


def _checks(world: World, wanted: SessionFilter, scenarios: Ids) -> list[Callable[[Session], bool]]:
    checks: list[Callable[[Session], bool]] = []
    if scenarios is not None:
        checks.append(lambda row: row.scenario_id in scenarios)
    if wanted.rank is not None:
        ranks = frozenset(wanted.rank)
        checks.append(lambda row: row.rank in ranks)
    if wanted.exclude_system_users:
        system = {person.id for person in world.people.values() if person.is_system}
        checks.append(lambda row: row.user_id not in system)
    return checks


def _by_number(read: Callable[[Session], float | None], sign: int) -> Callable[[Session], Any]:
    def key(row: Session) -> tuple[bool, float, str]:
        number = read(row)
        return (number is None, sign * (number or 0.0), row.id)

    return key


ORDERS: dict[str, Callable[[Session], Any]] = {
    "created_at": lambda row: (row.micros, row.id),
    "-created_at": newest_first,
    "score": _by_number(lambda row: row.score, 1),
    "-score": _by_number(lambda row: row.score, -1),
    "duration": _by_number(lambda row: row.duration_seconds, 1),
    "-duration": _by_number(lambda row: row.duration_seconds, -1),
}
