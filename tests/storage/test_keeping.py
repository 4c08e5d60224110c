"""What is kept for people: found by its owner alone, and not for longer than it should be."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.exec_api.models import Session
from bot.language.query import Rank, ResolvedQuery
from bot.mirror.answers import Reading, StoredAnswer, StoredAnswers
from bot.people.audit import Audit
from bot.reports.figures import figures
from bot.reports.freshness import Freshness
from bot.storage.database import Database
from bot.storage.handles import Handles, Nudge, StoredCommand
from bot.storage.keeping import KEEP, forget_old
from bot.storage.tables import stored_command
from tests.conftest import FakeClock

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
