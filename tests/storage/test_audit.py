"""Who looked at whom: logged once a day, found for each person, and forgotten."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.access import AccountType, Asker
from bot.errors import StorageError
from bot.language.query import Member, ResolvedQuery
from bot.mirror.answers import Reading, StoredAnswer, StoredAnswers
from bot.people.audit import Audit, Look, Noted
from bot.reports.figures import figures
from bot.reports.freshness import Freshness
from bot.storage.database import Database
from bot.storage.tables import access_log, stored_answer
from tests.conftest import FakeClock

ANA = Asker(
    "T1",
    "U1",
    "Ana",
    "ana@acme.com",
    AccountType.FULL,
    ZoneInfo("Europe/Berlin"),
    Member("ana", "ana@acme.com", "Ana"),
)


def look(*people: str, asker: Asker = ANA, report: str = "sessions") -> Look:
    return Look(asker, report, frozenset(people))


@pytest.fixture
def audit(database: Database, clock: FakeClock) -> Audit:
    return Audit(database, clock)


async def test_a_look_is_found_by_each_person_once_a_day(audit: Audit, clock: FakeClock) -> None:
    day = clock().date()
    await audit.note(look("jane", "bob", "ana", ""))
    first = Noted(day, "Ana", "ana@acme.com", "sessions")
    clock.tick(60)
    await audit.note(look("jane"))
    assert await audit.at("jane") == await audit.at("bob") == (first,)
    await audit.note(look("jane", report="team"))
    clock.tick(86_400)
    await audit.note(look("jane"))
    second = replace(first, day=day + timedelta(days=1))
    assert await audit.at("jane") == (second, first, replace(first, report="team"))
    # One's own practice is no look at another.
    assert await audit.at("ana") == await audit.at("") == await audit.at("nobody") == ()
    await audit.note(look("ana"))
    assert await audit.at("ana") == ()
    await audit.forget_old(timedelta(days=2))
    assert len(await audit.at("jane")) == 3
    await audit.forget_old(timedelta(days=1))
    assert await audit.at("jane") == (second,)


async def test_a_forgotten_person_neither_looked_nor_was_looked_at(
    audit: Audit, database: Database
) -> None:
    terminal = replace(ANA, team_id="", user_id="ana@acme.com", member=None)
    bob = replace(ANA, user_id="U2", name="Bob", email="", member=Member("bob", "", "Bob"))
    for asker in (ANA, terminal, bob):
        await audit.note(look("jane", "kim", asker=asker))
    await audit.forget(("kim",), (), "kim@acme.com")
    assert await audit.at("kim") == ()
    await audit.forget(("ana",), (("T1", "U1"),), "ana@acme.com")
    assert [each.name for each in await audit.at("jane")] == ["Bob"]
    async with database.transaction(reads=True) as connection:
        rows = (await connection.execute(sa.select(access_log))).all()
    assert "ana" not in str(rows).casefold()


async def test_a_look_at_a_whole_company(audit: Audit) -> None:
    company = [f"4fe3c6f5-aaaa-4a5f-9ad1-{n:012}" for n in range(12_000)]
    for _ in range(2):
        await audit.note(look(*company))
    assert len(await audit.at(company[0])) == len(await audit.at(company[-1])) == 1


def an_answer() -> StoredAnswer:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    reading = Reading(rows=(), total=0, figures=figures(()), freshness=Freshness(at))
    return StoredAnswer("sessions", "UTC", ResolvedQuery(people=None), reading)


async def test_an_answer_is_kept_with_the_look_at_it_or_not_at_all(
    database: Database, clock: FakeClock, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count()
    answers = StoredAnswers(database, clock, lambda: f"id{next(numbers)}", audit)
    owner = {"team_id": "T1", "user_id": "U1"}
    id_ = await answers.keep(an_answer(), **owner, look=look("jane"))
    await answers.keep_rows(id_, an_answer(), look("jane", "bob"))
    assert [len(await audit.at(who)) for who in ("jane", "bob")] == [1, 1]

    async def fails(*_: object) -> None:
        raise StorageError

    monkeypatch.setattr(Audit, "write", fails)
    clock.tick(1)
    with pytest.raises(StorageError):
        await answers.keep(an_answer(), **owner, look=look("kim"))
    assert await database.count(stored_answer) == 1
