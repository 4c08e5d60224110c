"""Finding out what a question needs: read from Exec until it can be answered, or costs too much."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import ExecError
from bot.mirror.fetching import Fetched, Fetching
from bot.mirror.mirror import Asked, Mirror
from bot.mirror.planning import Plan
from bot.mirror.scope import ALL
from bot.mirror.walking import Fetch, requests

# Up to here a question is worth its requests unasked.
FEW_REQUESTS = 5
OnPage = Callable[[int, int], Awaitable[None]]
OnWait = Callable[[datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a question is to be read.

    `everything`: whatever it costs. `fresh`: what was looked at before now does not count.
    `purpose` is the word under which its requests are booked.
    """

    everything: bool = False
    fresh: bool = False
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
                # Whoever was in front may have read it: here, and then in another process.
                plan = await self.plan()
                if not _still(plan, fetch):
                    continue
                async with self.fetching.alone(fetch.scope):
                    plan = await self.plan()
                    if not _still(plan, fetch):
                        continue
                    fetch = _going_on(plan.fetches[0], done)
                    done = await self.fetching.run(
                        fetch, purpose=self.options.purpose, pages=limit, on_page=tell
                    )
            spent, pages = spent + done.requests, pages + done.pages
            plan = await self.plan()
        return Found(plan, spent)

    async def plan(self) -> Plan:
        """How to go on from what is held now."""
        return await self.mirror.plan(
            self.asked, now=self.now, freshness=self.freshness, not_before=self.not_before
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
        # Not from the newest again: these pages could be all that it may read.
        fetch = replace(fetch, end=left.end)
    if done.rest is not None and fetch.end == left.end:
        fetch = replace(fetch, requests=requests(done.rest))
    return fetch
