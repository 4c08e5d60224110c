"""A question in ids, and what is held of it: before anything is read for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import ExecError
from bot.language.query import Period, ResolvedQuery
from bot.mirror.mirror import Known, held
from bot.mirror.planning import STILL_TOLD, USUAL, Asked, Part
from bot.mirror.rows import instant, moment
from bot.mirror.scenario_sets import NO_CONTENTS, ScenarioSets
from bot.mirror.scope import expand, of_query
from bot.people.rosters import MAX_AGE, PAGES_UNASKED, Roster, Rosters, pages_of
from bot.storage.tables import MILLISECOND


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, when Exec said who is in its groups (aware; None where that is not known or
    not asked for), and about how many requests it took to hear that."""

    asked: Asked
    roster_as_of: datetime | None = None
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What is held of a question over its period, as of one moment. It tells of parts of that, too:
    one of all time tells of any period."""

    question: Question
    known: Known
    now: int

    def since(self, end: datetime) -> datetime:
        """From when on, up to `end`, all that matches is held, so that it costs no request; 1970
        where all of it is, and `end` where nothing is up to there."""
        asked = replace(self.question.asked, end=instant(end))
        plan = held(asked, now=self.now, freshness=USUAL // MILLISECOND, known=self.known)
        parts = newest(plan.parts, asked.end)
        return moment(parts[0].start if parts else asked.end)

    def is_held(self, asked: Asked) -> bool:
        """Whether an answer costs no request but perhaps one for what is new."""
        how_old = STILL_TOLD // MILLISECOND
        return held(asked, now=self.now, freshness=how_old, known=self.known).answerable

    def over(self, period: Period | None) -> Question:
        """The question about this period."""
        start, end = _interval(period, self.now)
        return replace(self.question, asked=replace(self.question.asked, start=start, end=end))


@dataclass(frozen=True, slots=True)
class Questions:
    rosters: Rosters
    sets: ScenarioSets

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
        """The question in ids: groups as the people in them, skills and collections as their
        scenarios.

        Exec is asked for the people, under `purpose`, where they are not held and take few
        requests; with `fresh` it is asked again. While it is away, what it said within STILL_TOLD
        will do: of a group whose people are not known any better, only who sees everybody asks.
        What nobody knows stays as it is, for Exec to tell. Raises StorageError.
        """
        scope = of_query(query)
        start, end = _interval(query.period, now)
        rosters: dict[str, Roster] = {}
        spent = 0
        if scope.groups is not None:
            rosters, spent = await self._rosters(scope.groups, purpose, ask_exec, fresh, max_age)
        # A refresh asks Exec itself what it counts in them now.
        sets = NO_CONTENTS if fresh else await self.sets.of(scope)
        expanded = expand(
            scope,
            groups={id_: roster.users for id_, roster in rosters.items()},
            skills=sets.skills,
            collections=sets.collections,
        )
        if expanded == scope:
            return Question(Asked(scope, None, start, end), spent=spent)
        as_of = None
        if scope.groups is not None and scope.groups <= rosters.keys():
            as_of = min(rosters[id_].as_of for id_ in scope.groups)
        since = max(sets.since, 0 if as_of is None else instant(as_of))
        return Question(Asked(scope, expanded, start, end, since), as_of, spent)

    async def _rosters(
        self,
        groups: frozenset[str],
        purpose: str,
        ask_exec: bool,
        fresh: bool,
        max_age: timedelta,
    ) -> tuple[dict[str, Roster], int]:
        """Who is in these groups, where that is known, and about how many requests it took."""
        held = await self.rosters.of(groups, ask_exec=False, max_age=max_age)
        if not ask_exec or (len(held) == len(groups) and not fresh):
            return held, 0
        try:
            read = await self.rosters.of(groups, fresh=fresh, purpose=purpose, pages=PAGES_UNASKED)
        except ExecError:
            return await self.rosters.of(groups, ask_exec=False, max_age=STILL_TOLD), 0
        return read, sum(pages_of(read[id_]) for id_ in read.keys() - held.keys())


def _interval(period: Period | None, now: int) -> tuple[int, int]:
    """[start, end) of a period in milliseconds; the moment at which a closed one ends is in."""
    if period is None:
        return 0, now
    start = 0 if period.start is None else max(0, instant(period.start))
    if period.end is None:
        return start, now
    return start, instant(period.end) + (1 if period.closed else 0)


def newest(parts: tuple[Part, ...], end: int) -> tuple[Part, ...]:
    """The parts without a gap between them that reach up to `end` or further."""
    found: list[Part] = []
    known = None
    for part in reversed(parts):
        if known is None and part.end < end:
            break
        if known is not None and part.end != known:
            break
        found.append(part)
        known = part.start
    return tuple(reversed(found))
