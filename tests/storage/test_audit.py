"""Who looked at whom: logged once a day, for as long as it should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker
from bot.language.query import Member
from bot.mirror.forget import tidy
from bot.people.audit import Audit, Look, Noted
from bot.storage.database import Database
from tests.conftest import FakeClock

MEMBER = Member("ana", "ana@acme.com", "Ana")
ANA = Asker("T1", "U1", "Ana", MEMBER.email, AccountType.FULL, ZoneInfo("Europe/Berlin"), MEMBER)


def look(*people: str, report: str = "sessions") -> Look:
    return Look(ANA, report, frozenset(people))


async def test_a_look_is_found_by_each_person_once_a_day(
    database: Database, clock: FakeClock
) -> None:
    audit, day = Audit(database, clock), clock().date()
    for _ in range(2):
        await audit.note(look("jane", "bob", "ana", ""))
    first = Noted(day, "Ana", "ana@acme.com", "sessions")
    assert await audit.at("jane") == await audit.at("bob") == (first,)
    assert await audit.at("ana") == await audit.at("") == ()  # one's own practice is no look
    clock.tick(86_400)
    await audit.note(look("jane", report="team"))
    second = replace(first, day=day + timedelta(days=1), report="team")
    assert await audit.at("jane") == (second, first)
    await tidy(database, clock(), history=timedelta(days=90), audit=timedelta(days=1))
    assert await audit.at("jane") == (second,)


async def test_a_look_at_a_whole_company(database: Database, clock: FakeClock) -> None:
    people = [f"4fe3c6f5-aaaa-4a5f-9ad1-{n:012}" for n in range(12_000)]
    for _ in range(2):
        await Audit(database, clock).note(look(*people))
    assert len(await Audit(database, clock).at(people[-1])) == 1
