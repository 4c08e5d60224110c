"""What is kept for people: found by its owner alone, and not for longer than it should be."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
import sqlalchemy as sa

from bot.exec_api.models import Session
from bot.exec_api.wire import item_of
from bot.language.query import Rank, ResolvedQuery
from bot.mirror.answers import STORED_WITHIN, Reading, StoredAnswer, StoredAnswers
from bot.people.audit import Audit
from bot.reports.figures import figures
from bot.reports.freshness import Freshness
from bot.sandbox import exec_shapes as shapes
from bot.storage.database import Database
from bot.storage.handles import Handles, Nudge, StoredCommand
from bot.storage.keeping import KEEP, KEEP_ROWS, forget_old
from bot.storage.tables import stored_answer, stored_command
from tests.conftest import FakeClock
from tests.workspace import the_world

JANE = {"team_id": "T1", "user_id": "U1"}
OTHERS = ({"team_id": "T1", "user_id": "U2"}, {"team_id": "T2", "user_id": "U1"})
MOMENT = timedelta(milliseconds=1)
RETENTION = timedelta(days=400)


def row(id_: str) -> Session:
    return Session(id=id_, score=91.5, rank="gold", created_at=datetime(2026, 3, 1, tzinfo=UTC))


def an_answer(*ids: str) -> StoredAnswer:
    reading = Reading(
        rows=tuple(row(id_) for id_ in ids),
        total=len(ids),
        figures=figures(()),
        freshness=Freshness(datetime(2026, 3, 2, tzinfo=UTC)),
        requests=1,
    )
    query = ResolvedQuery(people=None, ranks=(Rank.GOLD,))
    return StoredAnswer("sessions gold", "Europe/Berlin", query, reading)


@pytest.fixture
def ids() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"id{next(numbers):06}"


async def test_commands_come_back_to_their_owner_alone(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    stored = Handles(database, clock, ids)
    words = ("sessions gold", "sessions “ü” 💪", "")
    made = map(StoredCommand, words)
    kept = await stored.keep("T1", "U1", *made, channel_id="C1", response_url="https://x")

    assert kept == ("id000001", "id000002", "id000003")
    for id_, said in zip(kept, words, strict=True):
        found = await stored.find(id_, StoredCommand, **JANE)
        assert found is not None
        assert (found.handle.words, found.channel_id, found.response_url) == (
            said,
            "C1",
            "https://x",
        )
        for other in OTHERS:
            assert await stored.find(id_, StoredCommand, **other) is None
        assert await stored.find(id_, Nudge, **JANE) is None
    assert await stored.find("id000004", StoredCommand, **JANE) is None
    assert await stored.keep("T1", "U1") == ()


async def test_commands_are_forgotten_after_their_time(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    stored = Handles(database, clock, ids)
    (id_,) = await stored.keep("T1", "U1", StoredCommand("sessions"))
    clock.now += KEEP[stored_command.c.at]
    await forget_old(database, clock(), RETENTION)
    assert await stored.find(id_, StoredCommand, **JANE) is not None
    clock.now += MOMENT
    await forget_old(database, clock(), RETENTION)
    assert await stored.find(id_, StoredCommand, **JANE) is None


async def kept(answers: StoredAnswers, answer: StoredAnswer) -> str:
    """The id of an answer of Jane's that is stored with its rows."""
    id_ = await answers.keep(answer, **JANE)
    await answers.keep_rows(id_, answer)
    return id_


async def test_answers_come_back_whole_to_their_owner_alone(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    answers = StoredAnswers(database, clock, ids, Audit(database, clock))
    id_ = await kept(answers, an_answer("a", "b"))

    assert await answers.find(id_, **JANE) == an_answer("a", "b")
    assert await answers.words(id_, **JANE) == "sessions gold"
    for other in OTHERS:
        assert await answers.find(id_, **other) is None
        assert await answers.words(id_, **other) is None
    await answers.keep_rows(id_, an_answer("a", "b", "c"))
    assert await answers.find(id_, **JANE) == an_answer("a", "b", "c")


async def test_rows_that_are_stored_in_a_moment_are_waited_for(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    waits = 0

    async def sleep(_seconds: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            await answers.keep_rows(id_, an_answer("a"))

    answers = StoredAnswers(database, clock, ids, Audit(database, clock), sleep)
    id_ = await answers.keep(an_answer("a"), **JANE)
    assert await answers.find(id_, **JANE) == an_answer("a")
    assert waits == 3


async def test_rows_of_a_process_that_died_are_not_waited_for(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    async def sleep(seconds: float) -> None:
        clock.tick(seconds)

    answers = StoredAnswers(database, clock, ids, Audit(database, clock), sleep)
    id_, start = await answers.keep(an_answer("a"), **JANE), clock.now
    assert await answers.find(id_, **JANE) is None
    clock.now = later = start + STORED_WITHIN + MOMENT
    assert await answers.find(id_, **JANE) is None
    assert clock.now == later
    assert await answers.words(id_, **JANE) == "sessions gold"


async def test_five_hundred_rows_are_kept_in_an_eighth_of_their_size(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    """Of a working day with 400 questions that is a megabyte, not seven."""
    world = the_world()
    listed = (shapes.session(world, session) for session in islice(world.sessions, 500))
    rows = tuple(item_of(row, Session) for row in listed)
    whole = replace(an_answer(), reading=replace(an_answer().reading, rows=rows, total=500))
    answers = StoredAnswers(database, clock, ids, Audit(database, clock))
    id_ = await kept(answers, whole)
    assert await answers.find(id_, **JANE) == whole
    async with database.transaction() as connection:
        (body,) = (await connection.execute(sa.select(stored_answer.c.body))).scalars()
        assert len(body) < 50 * 500
        assert f'"{rows[0].user.id}"' in body  # so that it is found, to be forgotten
        # As another version may store it: it can be asked again.
        await connection.execute(sa.update(stored_answer).values(body='[]\n{"words": "sessions"}'))
    assert await answers.find(id_, **JANE) is None


async def test_rows_are_forgotten_after_a_day_and_words_after_a_month(
    database: Database, clock: FakeClock, ids: Callable[[], str]
) -> None:
    answers = StoredAnswers(database, clock, ids, Audit(database, clock))
    start = clock.now
    id_ = await kept(answers, an_answer("a"))

    clock.now = start + KEEP_ROWS - MOMENT
    await forget_old(database, clock(), RETENTION)
    assert await answers.find(id_, **JANE) is not None

    clock.now = start + KEEP_ROWS + MOMENT
    assert await answers.find(id_, **JANE) is None  # before any housekeeping, too
    await forget_old(database, clock(), RETENTION)
    clock.now = start
    assert await answers.find(id_, **JANE) is None  # the rows are gone from the database
    assert await answers.words(id_, **JANE) == "sessions gold"

    clock.now = start + KEEP[stored_answer.c.at] + MOMENT
    await forget_old(database, clock(), RETENTION)
    assert await answers.words(id_, **JANE) is None
