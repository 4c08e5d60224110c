"""A question in ids as the mirror sees it: a scope, and an interval in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import ExecError
from bot.language.query import Period, ResolvedQuery
from bot.mirror.freshness import STILL_TOLD
from bot.mirror.mirror import Asked
from bot.mirror.rows import instant
from bot.mirror.scope import of_query, with_rosters
from bot.people.rosters import MAX_AGE, PAGES_UNASKED, Rosters, pages_of


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, when Exec said who is in its groups (aware; None where that is not known or
    not asked for), and about how many requests it took to hear that."""

    asked: Asked
    roster_as_of: datetime | None = None
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Questions:
    rosters: Rosters

    async def asked(
        self,
        query: ResolvedQuery,
        *,
        now: int,
        purpose: str = "question",
        ask_exec: bool = True,
        fresh: bool = False,
        max_age: timedelta = MAX_AGE,
    ) -> Question:
        """The question in ids, with groups as the people in them.

        Exec is asked who they are, under `purpose`, where that is not held and takes few requests;
        with `fresh` it is asked again. While it is away, what it said within STILL_TOLD will do:
        of a group whose people are not known any better, only who sees everybody asks (Visibility).
        Where nobody knows, the groups are asked about as Exec knows them. Raises StorageError.
        """
        scope = of_query(query)
        start, end = _interval(query.period, now)
        if scope.groups is None:
            return Question(Asked(scope, None, start, end))
        rosters = await self.rosters.of(scope.groups, ask_exec=False, max_age=max_age)
        spent = 0
        if ask_exec and (fresh or len(rosters) < len(scope.groups)):
            held = rosters.keys()
            try:
                rosters = await self.rosters.of(
                    scope.groups, fresh=fresh, purpose=purpose, pages=PAGES_UNASKED
                )
                spent = sum(pages_of(rosters[id_]) for id_ in rosters.keys() - held)
            except ExecError:
                rosters = await self.rosters.of(scope.groups, ask_exec=False, max_age=STILL_TOLD)
        rostered = with_rosters(scope, {id_: roster.users for id_, roster in rosters.items()})
        if rostered == scope:
            return Question(Asked(scope, None, start, end), spent=spent)
        as_of = min(rosters[id_].as_of for id_ in scope.groups)
        return Question(Asked(scope, rostered, start, end, instant(as_of)), as_of, spent)


def _interval(period: Period | None, now: int) -> tuple[int, int]:
    """[start, end) of a period in milliseconds; the moment at which a closed one ends is in."""
    if period is None:
        return 0, now
    start = 0 if period.start is None else max(0, instant(period.start))
    if period.end is None:
        return start, now
    return start, instant(period.end) + (1 if period.closed else 0)
