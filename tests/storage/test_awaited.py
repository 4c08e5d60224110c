"""Questions that wait for the night: one worker each, and each step only for who holds it."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.errors import UserError
from bot.storage.awaited import KEEP, LEASES, MOST, AwaitedQuestions, State
from bot.storage.database import Database
from bot.storage.tables import awaited_question as table
from tests.conftest import START, FakeClock

SOON = START + timedelta(hours=1)
WORKING = LEASES[State.WORKING].total_seconds()
POSTING = LEASES[State.POSTING].total_seconds()
numbers = itertools.count(1)


def store(database: Database, clock: FakeClock) -> AwaitedQuestions:
    return AwaitedQuestions(database, clock, lambda: f"id{next(numbers):06}")


@pytest.fixture
def questions(database: Database, clock: FakeClock) -> AwaitedQuestions:
    return store(database, clock)


async def rows(database: Database) -> list[tuple[str, str, str]]:
    query = sa.select(table.c.id, table.c.state, table.c.words).order_by(table.c.due_at)
    async with database.transaction(reads=True) as connection:
        return [tuple(row) for row in (await connection.execute(query)).all()]


async def test_it_is_due_from_its_moment_on(questions: AwaitedQuestions, clock: FakeClock) -> None:
    id_ = await questions.keep("T1", "U1", "sessions", SOON)
    assert await questions.claim() is None
    clock.now = SOON
    question = await questions.claim()
    assert question is not None
    assert (question.id, question.team_id, question.user_id) == (id_, "T1", "U1")
    assert (question.words, question.asked_at, question.due_at) == ("sessions", START, SOON)
    assert (question.state, question.lease_until) == (
        State.WORKING,
        SOON + LEASES[State.WORKING],
    )
    assert await questions.claim() is None


async def test_those_due_for_longest_come_first(
    questions: AwaitedQuestions, clock: FakeClock
) -> None:
    for hours in (3, 1, 2):
        due_at = START + timedelta(hours=hours)
        await questions.keep("T1", "U1", f"after {hours}", due_at)
    clock.now = START + timedelta(hours=4)
    taken = [await questions.claim() for _ in range(3)]
    assert [q.words for q in taken if q] == ["after 1", "after 2", "after 3"]


async def test_the_same_words_of_the_same_person_wait_once(
    database: Database, questions: AwaitedQuestions, clock: FakeClock
) -> None:
    first = await questions.keep("T1", "U1", "sessions", SOON)
    assert await questions.keep("T1", "U1", "sessions", SOON + timedelta(days=1)) == first
    others = [
        await questions.keep(*who, words, SOON)
        for who, words in ((("T1", "U2"), "sessions"), (("T2", "U1"), "sessions"))
    ]
    assert len({first, *others, await questions.keep("T1", "U1", "more", SOON)}) == 4

    clock.now = SOON
    for _ in range(4):
        question = await questions.claim()
        assert question is not None
        if question.id == first:
            assert await questions.keep("T1", "U1", "sessions", SOON) == first
        await questions.finish(question, State.DONE)
    assert await questions.keep("T1", "U1", "sessions", SOON) != first


async def test_so_many_wait_for_one_person_and_no_more(questions: AwaitedQuestions) -> None:
    for number in range(MOST):
        await questions.keep("T1", "U1", f"sessions {number}", SOON)
    with pytest.raises(UserError) as refused:
        await questions.keep("T1", "U1", "one more", SOON)
    assert refused.value.sentence.plain().startswith("20 of your questions wait for tonight")
    await questions.keep("T1", "U1", "sessions 7", SOON)
    await questions.keep("T1", "U2", "one more", SOON)


async def test_two_presses_at_once_make_one_row(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        both = [store(database, clock) for database in (first, second)]
        ids = await asyncio.gather(
            *(q.keep("T1", "U1", "sessions", SOON) for q in both for _ in range(4))
        )
        assert len(set(ids)) == 1
        assert len(await rows(first)) == 1


async def test_several_workers_never_take_the_same(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        both = [store(database, clock) for database in (first, second)]
        ids = {await both[0].keep("T1", f"U{n}", "sessions", START) for n in range(12)}

        async def take_all(questions: AwaitedQuestions) -> list[str]:
            taken = []
            while (question := await questions.claim()) is not None:
                taken.append(question.id)
            return taken

        taken = await asyncio.gather(*(take_all(q) for q in both for _ in range(3)))
        assert sorted(itertools.chain(*taken)) == sorted(ids)


async def test_a_dead_workers_question_is_taken_up_and_he_may_not_go_on(
    questions: AwaitedQuestions, clock: FakeClock
) -> None:
    await questions.keep("T1", "U1", "sessions", START)
    dead = await questions.claim()
    assert dead is not None
    clock.tick(WORKING - 1)
    assert await questions.claim() is None
    clock.tick(1)
    next_ = await questions.claim()
    assert next_ is not None
    assert (next_.id, next_.state) == (dead.id, State.WORKING)

    assert await questions.hold(dead, State.POSTING) is None
    assert not await questions.put_back(dead, SOON)
    assert not await questions.finish(dead, State.DONE)
    assert await questions.hold(next_, State.POSTING) is not None


async def test_what_may_have_been_posted_comes_back_as_such(
    questions: AwaitedQuestions, clock: FakeClock
) -> None:
    await questions.keep("T1", "U1", "sessions", START)
    question = await questions.claim()
    assert question is not None
    held = await questions.hold(question, State.POSTING)
    assert held is not None
    clock.tick(POSTING - 1)
    assert await questions.claim() is None
    clock.tick(1)
    unsure = await questions.claim()
    assert unsure is not None
    assert (unsure.state, unsure.lease_until) == (
        State.POSTING,
        clock.now + LEASES[State.POSTING],
    )
    assert not await questions.finish(held, State.DONE)
    again = await questions.hold(unsure, State.WORKING)
    assert again is not None
    assert again.words == "sessions"


async def test_put_back_it_waits_again(questions: AwaitedQuestions, clock: FakeClock) -> None:
    await questions.keep("T1", "U1", "sessions", START)
    question = await questions.claim()
    assert question is not None
    assert await questions.put_back(question, SOON)
    clock.now = SOON - timedelta(seconds=1)
    assert await questions.claim() is None
    clock.now = SOON
    again = await questions.claim()
    assert again is not None
    assert (again.id, again.asked_at, again.due_at) == (question.id, START, SOON)


async def test_a_finished_one_holds_no_words(
    database: Database, questions: AwaitedQuestions, clock: FakeClock
) -> None:
    await questions.keep("T1", "U1", "sessions @jane", START)
    question = await questions.claim()
    assert question is not None
    assert await questions.finish(question, State.FAILED)
    assert await rows(database) == [(question.id, "failed", "")]
    clock.tick(WORKING + POSTING)
    assert await questions.claim() is None


async def test_old_ones_are_forgotten_whatever_became_of_them(
    database: Database, questions: AwaitedQuestions, clock: FakeClock
) -> None:
    await questions.keep("T1", "U1", "stuck", START)
    clock.tick(KEEP.total_seconds())
    await questions.forget_old()
    assert len(await rows(database)) == 1
    clock.tick(1)
    kept = await questions.keep("T1", "U1", "new", SOON)
    await questions.forget_old()
    assert [row[0] for row in await rows(database)] == [kept]


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=900)], ids=str)
@pytest.mark.parametrize("state", [State.WORKING, State.POSTING])
async def test_a_lease_of_a_clock_that_was_ahead_holds_up_nobody(
    questions: AwaitedQuestions, clock: FakeClock, state: State, ahead: timedelta
) -> None:
    id_ = await questions.keep("T1", "U1", "sessions", START)
    clock.now += ahead
    question = await questions.claim()
    assert question is not None
    await questions.hold(question, state)
    clock.now = START
    again = await questions.claim()
    assert again is not None
    assert (again.id, again.state) == (id_, state)


async def test_nobody_waits_for_years_as_a_clock_was_ahead(
    questions: AwaitedQuestions, clock: FakeClock
) -> None:
    clock.now += timedelta(days=900)
    id_ = await questions.keep("T1", "U1", "sessions", clock() + timedelta(hours=12))
    clock.now = START
    question = await questions.claim()
    assert question is not None
    assert question.id == id_
