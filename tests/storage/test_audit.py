"""Who looked at whom: noted once, found for who was looked at, and forgotten."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.access import AccountType, Asker
from bot.errors import StorageError
from bot.language.query import Member, ResolvedQuery
from bot.mirror.answers import Reading, StoredAnswer, StoredAnswers
from bot.people.audit import Audit, Door, Look, Noted
from bot.reports.figures import figures
from bot.reports.freshness import Freshness
from bot.storage.database import Database
from bot.storage.tables import audit_look, stored_answer
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


def look(id_: str, *people: str, asker: Asker = ANA, door: Door = Door.COMMAND) -> Look:
    return Look(id_, asker, "sessions", door, frozenset(people))


@pytest.fixture
def audit(database: Database, clock: FakeClock) -> Audit:
    return Audit(database, clock)


async def test_a_look_is_found_by_each_who_was_looked_at(audit: Audit, clock: FakeClock) -> None:
    await audit.note(look("a1", "jane", "bob", "ana", ""))
    first = Noted(clock(), "Ana", "ana@acme.com", "sessions", Door.COMMAND)
    clock.tick(60)
    await audit.note(look("a2", "jane", door=Door.EXPORT))
    second = Noted(clock(), "Ana", "ana@acme.com", "sessions", Door.EXPORT)
    assert await audit.at("jane") == (second, first)
    assert await audit.at("bob") == (first,)
    # One's own practice is no look at another.
    assert await audit.at("ana") == await audit.at("") == await audit.at("nobody") == ()
    await audit.note(look("a3", "ana"))
    assert await audit.at("ana") == ()


async def test_who_is_forgotten_was_neither_looked_at_nor_looked(
    audit: Audit, database: Database, clock: FakeClock
) -> None:
    terminal = replace(ANA, team_id="", user_id="ana@acme.com", member=None)
    bob = replace(ANA, user_id="U2", name="Bob", email="", member=Member("bob", "", "Bob"))
    for id_, asker in (("a1", ANA), ("a2", terminal), ("a3", bob)):
        await audit.note(look(id_, "jane", "kim", asker=asker))
        clock.tick(1)
    await audit.forget(("kim",), (), "kim@acme.com")
    # Who comes after them is not taken for them.
    await audit.note(look("a4", "lee", asker=bob))
    assert await audit.at("kim") == ()
    assert len(await audit.at("lee")) == 1
    await audit.forget(("ana",), (("T1", "U1"),), "ana@acme.com")
    assert [each.name for each in await audit.at("jane")] == ["Bob", "", ""]
    async with database.transaction(reads=True) as connection:
        rows = (await connection.execute(sa.select(audit_look))).all()
    assert "ana" not in str(rows).casefold()


async def test_a_look_at_a_whole_company(audit: Audit) -> None:
    company = [f"4fe3c6f5-aaaa-4a5f-9ad1-{n:012}" for n in range(12_000)]
    await audit.note(look("a1", *company))
    await audit.note(look("a2", company[-1]))
    assert len(await audit.at(company[-1])) == 2
    assert len(await audit.at(company[0])) == 1


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
    id_ = await answers.keep(an_answer(), **owner, look=look("", "jane"))
    await answers.keep_rows(id_, an_answer(), look(id_, "jane", "bob"))
    assert [len(await audit.at(who)) for who in ("jane", "bob")] == [1, 1]

    async def fails(*_: object) -> None:
        raise StorageError

    monkeypatch.setattr(Audit, "write", fails)
    clock.tick(1)
    with pytest.raises(StorageError):
        await answers.keep(an_answer(), **owner, look=look("", "kim"))
    assert await database.count(stored_answer) == 1
