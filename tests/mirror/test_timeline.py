"""Whatever happens in Exec, and whatever is cut short: of every stretch exactly those sessions are
stored that Exec had at its moment, and every answer is made of such stretches.

Pages hold four sessions here, so that little is much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.exec_api.models import Session
from bot.mirror import reader, sync
from bot.mirror.reader import PageRead
from bot.mirror.sessions import ReadOptions
from bot.mirror.stretches import Stretch
from bot.sandbox.exec_server import Limits
from bot.storage.database import Database
from tests.conftest import MakeUrl
from tests.mirror.room import Company, ago, company

PAGE = 4
WHO = ("jane@acme.com", "bob@acme.com", "sam@acme.com")
DAYS = (0.01, 0.1, 1, 5, 20)

# Something that happens in Exec: what, to which session, counted from the newest, and a number.
# Mostly to one of the newest: these are read time and again.
Event = tuple[str, int, int]
kinds = st.sampled_from(["add", "crowd", "grade", "delete"])
which = st.integers(0, 2 * PAGE) | st.integers(0, 99)
events = st.tuples(kinds, which, st.integers(0, 99))
several = st.lists(events, max_size=4)
askers = st.integers(0, 1)
questions = st.tuples(
    st.lists(st.sampled_from(WHO), max_size=2, unique=True),
    st.sampled_from(DAYS),
    st.sampled_from([0, 0, 0, 0.05, 2]),
    st.sampled_from(["", "", "fresh", "everything"]),
    st.booleans(),
)


class Killed(BaseException):
    """A process is no more. Nothing handles this."""


class Timeline(RuleBasedStateMachine):
    """Two processes on one database, and one Exec."""

    def __init__(self, make_url: MakeUrl) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(make_url())
        self._open = company(self.database)
        self.acme: Company = self.run(self._open.__aenter__())
        self.acme.wire.limits = Limits(1_000_000, 1_000_000)
        self.acme.wire.after = self._between
        self.processes = [self.acme, self.acme.another("two")]
        self.to_come: list[Event] = []
        self.late: list[PageRead] = []
        # After so many more transactions the process is killed.
        self.lives: int | None = None
        sa.event.listen(self.database.engine.sync_engine, "commit", self._commits)
        self.acme.adds_many(20, over=timedelta(days=12))

    def teardown(self) -> None:
        self.run(self._open.__aexit__(None, None, None))
        self.run(self.database.__aexit__())
        self.loop.close()

    def run(self, what: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(what)  # type: ignore[arg-type]

    def _between(self) -> None:
        """Between two requests something may happen, at an instant of its own."""
        self.acme.clock.now += timedelta(milliseconds=1)
        if self.to_come:
            self.happens(self.to_come.pop(0))

    def _commits(self, _connection: sa.Connection) -> None:
        if self.lives is not None:
            if not self.lives:
                raise Killed
            self.lives -= 1

    @rule(event=events)
    def happens(self, event: Event) -> None:
        self._happens(event, self.acme.past.moments[-1].sessions.values())

    def _happens(self, event: Event, among: Iterable[Session]) -> None:
        """An event, to one of these sessions if to any."""
        kind, one, other = event
        acme, present = self.acme, self.acme.past.moments[-1].sessions
        sessions = [each for each in among if each.id in present]
        sessions.sort(key=lambda each: (each.created_at, each.id), reverse=True)
        acme.clock.now += timedelta(milliseconds=1)
        if kind == "add":
            acme.adds(WHO[one % 3], other)
        elif kind == "crowd":
            for number in range(2 + one % (2 * PAGE)):
                acme.adds(WHO[number % 3], other, score=50.0)
        elif kind == "grade" and sessions:
            acme.grades(sessions[one % len(sessions)].id, float(other))
        elif kind == "delete" and sessions:
            acme.deletes(sessions[one % len(sessions)].id)

    @rule(seconds=st.sampled_from([1, 2, 59, 70, 1300, 4000, 90_000]))
    def waits(self, seconds: int) -> None:
        self.acme.clock.now += timedelta(seconds=seconds)

    @rule(who=askers, asked=questions, meanwhile=several)
    def asks(self, who: int, asked: Any, meanwhile: list[Event]) -> None:
        self.to_come = meanwhile
        self.run(self._ask(who, asked))

    @rule(one=questions, other=questions, meanwhile=several)
    def both_ask(self, one: Any, other: Any, meanwhile: list[Event]) -> None:
        self.to_come = meanwhile
        self.run(self._together(one, other))

    async def _together(self, *asked: Any) -> None:
        """What one of them reads may be newer by what the other one stores meanwhile."""
        await asyncio.gather(
            *(self._ask(who, each, is_alone=False) for who, each in enumerate(asked))
        )

    async def _ask(self, who: int, asked: Any, *, is_alone: bool = True) -> None:
        (people, days, until, how, system) = asked
        process = self.processes[who]
        options = ReadOptions(fresh=how == "fresh", everything=how == "everything")
        values = {"period": process.last(until=until * 86_400, days=days), "include_system": system}
        if is_alone:
            await process.answered(*people, options=options, **values)
        else:
            await process.ask(process.question(*people, **values), options)

    @rule(who=askers, asked=questions, after=st.integers(1, 4), meanwhile=several)
    def is_cut_short(self, who: int, asked: Any, after: int, meanwhile: list[Event]) -> None:
        """Cancelled in the middle of a question, or of a look in the background."""
        self.to_come = meanwhile
        process = self.processes[who]
        wanted = len(self.acme.wire.requests) + after
        work = process.sync.run() if asked[4] else self._ask(who, asked)
        self.run(self._cancelled(work, lambda: len(self.acme.wire.requests) >= wanted))

    async def _cancelled(self, work: Any, is_time: Callable[[], bool]) -> None:
        task = asyncio.ensure_future(work)
        while not task.done() and not is_time():  # noqa: ASYNC110 - any moment will do
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self.acme.clock.now += timedelta(minutes=4)  # the leases that were left behind are over

    @rule(who=askers, asked=questions, lives=st.integers(0, 12), meanwhile=several)
    def is_killed(self, who: int, asked: Any, lives: int, meanwhile: list[Event]) -> None:
        """After some transactions, and started again without what it remembered."""
        self.to_come = meanwhile
        process = self.processes[who]
        self.lives = lives
        with suppress(Killed):
            self.run(process.sync.run() if asked[4] else self._ask(who, asked))
        self.lives = None
        self.processes[who] = self.acme.another(process.holder)
        self.acme.clock.now += timedelta(minutes=4)

    @rule(who=askers, meanwhile=several)
    def syncs(self, who: int, meanwhile: list[Event]) -> None:
        self.to_come = meanwhile
        self.acme.clock.now += timedelta(minutes=1)
        self.run(self.processes[who].sync.run())

    @rule(back=st.sampled_from([0, 0, 0.5, 8]), meanwhile=several)
    def asks_for_a_page(self, back: float, meanwhile: list[Event]) -> None:
        """The answer to another process is on its way for long."""
        self.to_come = meanwhile
        self.run(self._send(back))

    async def _send(self, back: float) -> None:
        end = ago(self.acme, days=back) if back else None
        pages = self.processes[1].reader._pages((), None, end, "question")
        self.late.append(await anext(pages))
        await pages.aclose()

    @rule(
        back=st.sampled_from([0, 0, 0.5, 8]),
        changes=st.lists(events, min_size=1, max_size=4),
        pages=st.integers(1, 2),
    )
    def is_overtaken(self, back: float, changes: list[Event], pages: int) -> None:
        """What a process was told comes in after what another one was told of the same later."""
        self.run(self._send(back))
        page = self.late[-1]
        for event in changes:
            self._happens(event, page.sessions)
        self.acme.clock.now += timedelta(seconds=2)
        if page.stretch is not None:
            self.run(self._read(page.stretch, pages))
        self.a_late_page_comes(-1)

    async def _read(self, span: Stretch, pages: int, *, exact: bool = False) -> None:
        reader = self.processes[0].reader
        async with reader.turn():
            await reader.read(span.start, span.end, purpose="question", pages=pages, exact=exact)

    @rule(number=st.integers(0, 9), changes=st.lists(events, min_size=1, max_size=4))
    def is_half_read_again(self, number: int, changes: list[Event]) -> None:
        """A stretch changes, and of its newer half alone it is told."""
        known = self.run(self.processes[0].store.stretches())
        if known:
            whole: Stretch = known[-1 - number % len(known)]
            for event in changes:
                self._happens(event, self.acme.past.listed(whole))
            self.acme.clock.now += timedelta(seconds=2)
            newer = replace(whole, start=(whole.start + whole.end) // 2)
            self.run(self._read(newer, pages=1, exact=True))

    @rule(number=st.integers(0, 9))
    def a_late_page_comes(self, number: int) -> None:
        if self.late:
            page = self.late.pop(number % len(self.late))
            if page.stretch is not None:
                self.run(self.processes[1].store.put(page.stretch, page.sessions))

    @rule(days=st.sampled_from([3, 10]))
    def forgets(self, days: int) -> None:
        self.late.clear()
        self.run(self.acme.forgetting.forget_old(timedelta(days=days)))

    @invariant()
    def is_true(self) -> None:
        self.run(self.acme.check())


def test_what_is_stored_is_what_exec_had(
    sqlite_urls: MakeUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reader, sync):
        monkeypatch.setattr(module, "PAGE_SIZE", PAGE)
    run_state_machine_as_test(
        lambda: Timeline(sqlite_urls),
        settings=settings(
            # Of faults that were planted, the eighth example found what the first seven did not.
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
