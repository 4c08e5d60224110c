"""A question in ids as the mirror sees it: a scope, and an interval in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import ExecError
from bot.practice.mirror import Asked
from bot.practice.rosters import Rosters
from bot.practice.rows import instant
from bot.practice.scope import of_query, with_rosters
from bot.query.query import Period, ResolvedQuery


@dataclass(frozen=True, slots=True)
class Questions:
    rosters: Rosters

    async def asked(
        self, query: ResolvedQuery, *, now: int, ask_exec: bool = True, fresh: bool = False
    ) -> tuple[Asked, datetime | None]:
        """The question, and when Exec said who is in its groups (aware; None without any).

        With `fresh` Exec is asked again who is in them, where that takes few requests.

        Raises StorageError.
        """
        scope = of_query(query)
        start, end = _interval(query.period, now)
        if scope.groups is None:
            return Asked(scope, None, start, end), None
        try:
            rosters = await self.rosters.of(scope.groups, ask_exec=ask_exec, fresh=fresh)
        except ExecError:
            # Then the groups are asked about as Exec knows them, if it can be asked.
            rosters = await self.rosters.of(scope.groups, ask_exec=False)
        rostered = with_rosters(scope, {id_: roster.users for id_, roster in rosters.items()})
        if rostered == scope:
            return Asked(scope, None, start, end), None
        as_of = min(rosters[id_].as_of for id_ in scope.groups)
        return Asked(scope, rostered, start, end, instant(as_of)), as_of


def _interval(period: Period | None, now: int) -> tuple[int, int]:
    """[start, end) of a period in milliseconds; the moment at which a closed one ends is in."""
    if period is None:
        return 0, now
    start = 0 if period.start is None else max(0, instant(period.start))
    if period.end is None:
        return start, now
    return start, instant(period.end) + (1 if period.closed else 0)
