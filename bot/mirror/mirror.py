"""Plans an answer from what is held of Exec's sessions, and reads what is missing for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import ExecError
from bot.mirror.coverage import HOUR, Coverage
from bot.mirror.fetching import Fetched, Fetching
from bot.mirror.held import Held
from bot.mirror.planning import Asked, Density, Estimate, Plan, plan
from bot.mirror.rows import instant, local_filters
from bot.mirror.scope import ALL, Scope
from bot.mirror.walking import Fetch, requests

# What the estimate of costs looks back at.
LOOK_BACK = 28 * 24 * HOUR
# Of sessions of which only Exec can tell whether they belong, expect so many.
REMOTE_SHARE = 0.3

# What most questions are about: all but Exec's own staff.
EVERYBODY = Scope(system=False)
NO_ESTIMATE = Density(0.0)
# Up to here a question is worth its requests unasked.
FEW_REQUESTS = 5

Known = Mapping[Scope, Coverage]
OnPage = Callable[[int, int], Awaitable[None]]
OnWait = Callable[[datetime], Awaitable[None]]


def held(asked: Asked, *, now: int, freshness: int, known: Known, not_before: int = 0) -> Plan:
    """As `Mirror.plan`, where it does not matter what would have to be read: that is not estimated.
    Pure."""
    return _plan(asked, now, freshness, known, not_before, NO_ESTIMATE)


def _plan(
    asked: Asked, now: int, freshness: int, known: Known, not_before: int, estimate: Estimate
) -> Plan:
    return plan(
        replace(asked, expanded_at=min(asked.expanded_at, now)),
        now=now,
        freshness=freshness,
        known=known,
        not_before=min(not_before, now),
        estimate=estimate,
    )


class Mirror:
    """Plans and counts. All methods raise StorageError."""

    def __init__(self, held: Held, clock: Callable[[], datetime]) -> None:
        self._held = held
        self._clock = clock
        self._total: int | None = None

    async def plan(
        self,
        asked: Asked,
        *,
        now: int,
        freshness: int,
        not_before: int = 0,
        known: Known | None = None,
        estimate: Estimate | None = None,
    ) -> Plan:
        """How to know what is asked, as of `now`; see `planning.plan`. `known` is what is held of
        that time, where somebody has just looked, and `estimate` that of an earlier plan."""
        if known is None:
            known = await self.known(asked, now=now, freshness=freshness)
        # Most often everything is held, and no estimate is needed.
        first = held(asked, now=now, freshness=freshness, known=known, not_before=not_before)
        if first.answerable:
            return first
        if estimate is None:
            estimate = await self.density(asked)
        return _plan(asked, now, freshness, known, not_before, estimate)

    async def known(self, asked: Asked, *, now: int, freshness: int) -> Known:
        """What is held of the time that is asked about, by scope."""
        # From a little before, for a look that ended just before the question begins.
        start = min(asked.start, max(0, now - freshness - 1))
        return await self._held.known(start, now + 1)

    async def density(self, asked: Asked | None = None) -> Density:
        """About how many sessions there are of everybody, and of what is asked for."""
        end = instant(self._clock())
        start = end - LOOK_BACK
        since, until = Coverage((await self._held.everybody(start)).pieces(start, end)).unbroken
        rows, first = await self._held.count_and_first(since, until)
        # A young company has no sessions from before it began.
        density = Density.of(rows, until - (first or since), total=self._total, now=end)
        if asked is None or asked.scope == ALL:
            return density
        narrow = asked.expanded or asked.scope
        if narrow == EVERYBODY:
            # Exec's own staff are few: their sessions are not worth a reading apart.
            return density
        held, matching = await self._held.count_both(start, end, *local_filters(narrow))
        # One more than were seen: that somebody never practised is not sure yet.
        share = min(1.0, (matching + 1) / (held + 20))
        return replace(density, share=share * REMOTE_SHARE if narrow.is_remote else share)

    def note_total(self, total: int) -> None:
        """How many sessions Exec holds in all, as it said with a page."""
        self._total = total


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a question is read.

    `everything`: whatever it costs. `fresh`: what was looked at before now does not count.
    `if_held`: only what is new may be read. `needs_exec`: while Exec is away, what is held will not
    do. `insists`: Exec is asked, although it failed a moment ago. `purpose` is the word under which
    its requests are booked.
    """

    everything: bool = False
    fresh: bool = False
    if_held: bool = False
    needs_exec: bool = False
    insists: bool = False
    purpose: str = "question"


AS_USUAL = ReadOptions()


@dataclass(frozen=True, slots=True)
class Found:
    """How far a question got: what can be answered, and what the rest would cost.

    With `trouble` it got no answer from Exec, and the plan is what is held. `again` is what it
    would cost to look once more at all that is held.
    """

    plan: Plan
    spent: int
    cost: int | None = None
    trouble: ExecError | None = None
    looks_every: int | None = None
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One question on its way to being answered.

    `spent` are the requests it cost so far, and `few` those it may cost unasked.
    """

    mirror: Mirror
    fetching: Fetching
    asked: Asked
    options: ReadOptions
    now: int
    freshness: int
    not_before: int
    spent: int = 0
    few: int = FEW_REQUESTS

    async def go(self, plan: Plan, on_page: OnPage, on_wait: OnWait) -> Found:
        """Fetch until the question can be answered, or would cost too much."""
        spent, pages, looked = self.spent, 0, False
        done: Fetched | None = None
        while not plan.answerable:
            fetch = _going_on(plan.fetches[0], done)
            cost = plan.requests - plan.fetches[0].requests + fetch.requests
            too_much = not self.options.everything and spent + cost > self.few
            told = spent >= self.few or (spent and (fetch.full or _told_before(fetch)))
            if too_much and (looked or told):
                return Found(plan, spent, cost=cost)
            # A first page tells more than an estimate can: what is new, or how much there is.
            looked = looked or (too_much and not fetch.full)
            limit = 1 if too_much else max(1, self.few - spent)
            whole = pages + cost

            async def tell(read: int, before: int = pages, whole: int = whole) -> None:
                await on_page(before + read, max(whole, before + read))

            async with self.fetching.turn(fetch.scope, on_wait):
                # Another question may have read it meanwhile: in this process, then in another one.
                plan = await self.plan(plan.estimate)
                if not _still(plan, fetch):
                    continue
                async with self.fetching.alone(fetch.scope):
                    plan = await self.plan(plan.estimate)
                    if not _still(plan, fetch):
                        continue
                    fetch = _going_on(plan.fetches[0], done)
                    done = await self.fetching.run(
                        fetch, purpose=self.options.purpose, pages=limit, on_page=tell
                    )
            spent, pages = spent + done.requests, pages + done.pages
            plan = await self.plan()
        return Found(plan, spent)

    async def plan(self, estimate: Estimate | None = None) -> Plan:
        """How to go on from what is held now; `estimate` is an earlier plan's, where nothing was
        read since."""
        return await self.mirror.plan(
            self.asked,
            now=self.now,
            freshness=self.freshness,
            not_before=self.not_before,
            estimate=estimate,
        )


def _still(plan: Plan, fetch: Fetch) -> bool:
    """Whether the same scope has to be read first."""
    return not plan.answerable and plan.fetches[0].scope == fetch.scope


def _told_before(fetch: Fetch) -> bool:
    """Whether Exec said with its newest page already how many there are."""
    return fetch.scope == ALL and fetch.start == 0


def _going_on(fetch: Fetch, done: Fetched | None) -> Fetch:
    """The fetch, and if it goes on with what was `done` last: from there, at the cost Exec told."""
    left = None if done is None else done.left
    if done is None or left is None or left.end is None or left.scope != fetch.scope:
        return fetch
    if fetch.live and fetch.start < left.end:
        # Go on where it stopped: beginning again could take all the pages it may read.
        fetch = replace(fetch, end=left.end)
    if done.rest is not None and fetch.end == left.end:
        fetch = replace(fetch, requests=requests(done.rest))
    return fetch
