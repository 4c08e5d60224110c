"""Questions about a company that goes on living, answered right whatever happened before.

Sessions come, are graded and deleted, people change groups, scenarios change skills, time passes,
Exec fails, the sync runs, things are forgotten; two processes ask. Each answer must be the truth
part by part at its as-of time, and reach up to a minute ago while Exec is well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ExecError
from bot.language.query import Period, Range, Rank, Sort
from bot.mirror.mirror import AS_USUAL, FEW_REQUESTS, ReadOptions
from bot.mirror.sessions import NO_TRY
from bot.storage.database import Database
from tests.conftest import MakeUrl
from tests.mirror.acts import weighed
from tests.mirror.mirrored import Mirrored, mirrored_company
from tests.mirror.model import checked
from tests.mirror.truth import assert_right, question

LONG_AGO = datetime.min.replace(tzinfo=UTC)
WHO = ("jane@acme.com", "bob@acme.com", "ana@acme.com", "taylor@exec.com")


@dataclass(frozen=True)
class Arrive:
    who: str
    scenario: int
    score: float | None
    seconds: int | None


@dataclass(frozen=True)
class Burst:
    count: int
    hours: float


@dataclass(frozen=True)
class Change:
    """A session is graded (again), or deleted without a score."""

    number: int
    score: float | None


@dataclass(frozen=True)
class Move:
    who: str


@dataclass(frozen=True)
class Rearrange:
    scenario: int


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class Ask:
    """`days` is how far back the question begins (None: always), `until` days ago it ends."""

    who: tuple[str, ...]
    group: str
    skill: int | None
    days: float | None
    until: float
    values: dict[str, Any]
    options: ReadOptions


@dataclass(frozen=True)
class Together:
    """Two processes ask at once."""

    one: Ask
    other: Ask


@dataclass(frozen=True)
class Background:
    pass


@dataclass(frozen=True)
class Trouble:
    on: bool


@dataclass(frozen=True)
class Forget:
    days: int


@dataclass(frozen=True)
class ForgetPerson:
    who: str


Event = Arrive | Burst | Change | Move | Rearrange | Wait

scores = st.none() | st.sampled_from([0.0, 50.0, 74.9, 75.0, 88.0, 88.0, 100.0])
people = st.sampled_from(WHO)
events: st.SearchStrategy[Event] = weighed(
    (4, st.builds(Arrive, people, st.integers(0, 3), scores, st.sampled_from([None, 60, 300]))),
    (1, st.builds(Burst, st.integers(20, 150), st.sampled_from([0.01, 1.0, 40.0]))),
    (3, st.builds(Change, st.integers(0, 999), scores)),
    (1, st.builds(Move, people)),
    (1, st.builds(Rearrange, st.integers(0, 3))),
)
waits = st.builds(Wait, st.sampled_from([0.002, 1.5, 20.0, 58.0, 61.0, 400.0, 7200.0, 100_000.0]))
ranges = st.sampled_from([None, None, Range(low=75), Range(high=75, high_open=True), Range(50, 88)])
values = st.fixed_dictionaries(
    {
        "include_system": st.booleans(),
        "sort": st.sampled_from([Sort.NEWEST, *Sort]),
        "score": ranges,
        "valid": st.sampled_from([None, None, True, False]),
        "ranks": st.sampled_from([(), (), (Rank.GOLD,), (Rank.GOLD, Rank.SILVER)]),
        "length": st.sampled_from([None, None, Range(low=100)]),
        "limit": st.sampled_from([None, 1, 20]),
    }
)
wishes = weighed(
    (5, st.just(AS_USUAL)),
    (1, st.just(ReadOptions(everything=True))),
    (1, st.just(ReadOptions(fresh=True))),
)
asks = st.builds(
    Ask,
    st.lists(people, max_size=2, unique=True).map(tuple),
    st.sampled_from(["", "", "West Coast"]),
    st.sampled_from([None, None, None, 0]),
    st.sampled_from([None, 0.0, 0.02, 1.0, 5.0, 40.0]),
    st.sampled_from([0.0, 0.0, 0.01, 0.5, 4.0]),
    values,
    wishes,
)
acts = weighed(
    (5, events),
    (3, waits),
    (6, asks),
    (1, st.builds(Together, asks, asks)),
    (2, st.just(Background())),
    (1, st.builds(Trouble, st.booleans())),
    (1, st.builds(Forget, st.integers(0, 30)) | st.builds(ForgetPerson, people)),
)


def out_of_order() -> httpx.Response:
    return httpx.Response(503, text="<html>")


@dataclass
class Story:
    company: Mirrored
    other: Mirrored
    between: Sequence[Event]
    queue: list[Event] = field(default_factory=list)
    mended_at: datetime = LONG_AGO

    def happens(self, event: Event) -> None:
        """Something happens in Exec, at a moment of its own."""
        here, now = self.company, self.company.clock.now
        here.clock.now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        here.clock.now += timedelta(milliseconds=1)
        sessions = sorted(here.world.sessions, key=lambda each: each.id)
        match event:
            case Arrive(who, scenario, score, seconds):
                here.adds(who, scenario, ago=0.3, score=score, duration=seconds)
            case Burst(count, hours):
                if len(sessions) < 500:
                    here.adds_many(count, over=timedelta(hours=hours))
            case Change(number, None) if sessions:
                here.deletes(sessions[number % len(sessions)].id)
            case Change(number, score) if sessions and score is not None:
                here.grades(sessions[number % len(sessions)].id, score)
            case Move(who):
                here.changes_roster(here.world.group("West Coast").id, here.world.person(who).id)
            case Rearrange(scenario):
                skill = next(iter(here.world.skills))
                here.changes_skill(skill, list(here.world.scenarios)[scenario])
            case Wait(seconds):
                here.clock.tick(seconds)

    def after_a_request(self) -> None:
        if self.queue:
            self.happens(self.queue.pop())

    async def act(self, act: object) -> None:
        here = self.company
        match act:
            case Ask():
                self.queue = list(self.between)
                await self.asks(here, act)
                self.queue = []
            case Together(one, other):
                await asyncio.gather(self.asks(here, one), self.asks(self.other, other))
            case Background():
                await here.sync.run()
            case Trouble(on):
                if here.wire.trouble is not None and not on:
                    self.mended_at = here.clock()
                here.wire.trouble = out_of_order if on else None
            case Forget(days):
                await here.forgetting.forget_old(timedelta(days=days))
            case ForgetPerson(who) if here.wire.trouble is None:
                # Who is known to be in Exec stays in its groups.
                await here.catalogue.members()
                await here.forgetting.forget(await here.forgetting.traces(who))
            case _:
                self.happens(act)  # type: ignore[arg-type]

    def is_ill(self, well: bool, now: datetime) -> bool:
        """For a moment after a failure nobody tries again."""
        return not well or now - self.mended_at <= NO_TRY

    async def asks(self, process: Mirrored, ask: Ask) -> None:
        now = process.clock()
        period = None
        if ask.days is not None:
            end = now - timedelta(days=ask.until)
            period = Period("", "UTC", end - timedelta(days=ask.days), end, closed=ask.until == 0)
        skill = "" if ask.skill is None else list(process.world.skills.values())[ask.skill].name
        query = question(
            process, *ask.who, group=ask.group, skill=skill, period=period, **ask.values
        )
        well, before = process.wire.trouble is None, len(process.wire.requests)
        try:
            reading = await process.ask(query, ask.options)
        except ExecError:
            limited = any(r.status == 429 for r in process.wire.requests[before:])
            assert limited or self.is_ill(well, now)
            return
        if reading.away is not None and reading.away.kind != "limited":
            assert self.is_ill(well, now)
        assert_right(process, query, reading, now)
        assert reading.cost is None or not ask.options.everything
        if well and not ask.options.everything:
            assert reading.requests <= FEW_REQUESTS


async def played(url: str, between: Sequence[Event], acts: Sequence[object]) -> None:
    async with Database(url) as database, mirrored_company(database) as acme:
        acme.clock.now -= timedelta(days=30)
        acme.adds_many(120, over=timedelta(days=20))
        acme.clock.now += timedelta(days=30)
        story = Story(acme, acme.another("two"), between)
        acme.wire.after = story.after_a_request
        for act in acts:
            await story.act(act)
        await acme.check()


def plays(make: MakeUrl, between: Sequence[Event], acts: Sequence[object]) -> None:
    asyncio.run(played(make(), between, acts))


given_acts: Callable[..., Any] = given(
    between=st.lists(events, max_size=6), acts=st.lists(acts, min_size=10, max_size=35)
)
slowly = settings(checked, suppress_health_check=list(HealthCheck))


@settings(slowly, max_examples=10)
@given_acts
def test_every_answer_is_the_truth(sqlite_urls: MakeUrl, between: Any, acts: Any) -> None:
    plays(sqlite_urls, between, acts)


@settings(slowly, max_examples=2)
@given_acts
def test_every_answer_is_the_truth_on_postgres(
    postgres_urls: MakeUrl, between: Any, acts: Any
) -> None:
    plays(postgres_urls, between, acts)
