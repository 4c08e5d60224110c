"""Whom a coach sees: their groups as Exec lists them now, and the people they were given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from bot.access import AccountType, Asker
from bot.language.query import Member
from bot.people.catalogue import Catalogue
from bot.people.coaches import Coach, Coaches, Coaching
from bot.people.groups import Rosters
from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.mirror.company import Company, company

pytestmark = pytest.mark.one_database


@dataclass
class Staff:
    company: Company
    coaches: Coaches
    coaching: Coaching

    @property
    def west(self) -> str:
        return self.company.world.group("West Coast").id

    def people(self) -> frozenset[str]:
        return frozenset(person.id for person in self.company.world.roster("West Coast"))

    def outsider(self) -> str:
        """A member who is not in the group."""
        return next(id_ for id_ in self.company.world.members if id_ not in self.people())


@pytest.fixture
async def staff(database: Database, clock: FakeClock) -> AsyncIterator[Staff]:
    async with company(database, clock) as here:
        coaches, catalogue = Coaches(database, clock), Catalogue(database, here.client, clock)
        rosters = Rosters(database, here.client, clock)
        yield Staff(here, coaches, Coaching(coaches, rosters, catalogue))


def ana(
    account_type: AccountType = AccountType.FULL, role: str = "member", *, in_exec: bool = True
) -> Asker:
    member = Member("ana", "ana@acme.test", "Ana", role) if in_exec else None
    return Asker("T1", "U1", "Ana", "ana@acme.test", account_type, ZoneInfo("UTC"), member)


async def test_a_coach_sees_their_group_their_people_and_themselves(staff: Staff) -> None:
    other = staff.outsider()
    await staff.coaches.add(Coach("ana", frozenset({staff.west}), frozenset({other})), by="U9")
    seen = await staff.coaching.visibility(ana())
    assert seen.coached == staff.people() | {other}
    assert seen.members == seen.coached | {"ana"}
    assert seen.groups == {staff.west}
    assert seen.covers(None, frozenset({staff.west}))
    assert await staff.coaching.coached(ana()) == seen.coached


@pytest.mark.parametrize(
    "who", [ana(role="removed"), ana(AccountType.GUEST), ana(in_exec=False)], ids=repr
)
async def test_who_left_or_became_a_guest_coaches_nobody(staff: Staff, who: Asker) -> None:
    await staff.coaches.add(Coach("ana", frozenset({staff.west})), by="U9")
    assert await staff.coaching.coached(who) == frozenset()
