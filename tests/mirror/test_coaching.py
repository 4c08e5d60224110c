"""Whom a coach sees: their groups as Exec lists them now, and the people they were given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
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


@pytest.mark.two_databases
async def test_who_joins_is_seen_and_who_leaves_is_not(staff: Staff) -> None:
    await staff.coaches.add(Coach("ana", frozenset({staff.west})), by="U9")
    before = await staff.coaching.coached(ana())
    left = sorted(before)[0]
    staff.company.world.remove_member(left)
    new = staff.company.world.add_member("New", "Comer", "new@acme.com", groups=("West Coast",))
    staff.company.tick(hours=27)
    assert await staff.coaching.coached(ana()) == before - {left} | {new.id}


async def test_a_coach_in_their_own_group_is_not_their_own_coach(staff: Staff) -> None:
    me = sorted(staff.people())[0]
    await staff.coaches.add(Coach(me, frozenset({staff.west})), by="U9")
    member = Member(me, "me@acme.test", "Me")
    asker = Asker("T1", "U1", "Me", "", AccountType.FULL, ZoneInfo("UTC"), member)
    assert await staff.coaching.coached(asker) == staff.people() - {me}


@pytest.mark.parametrize(
    "who", [ana(role="removed"), ana(AccountType.GUEST), ana(in_exec=False)], ids=repr
)
async def test_who_left_or_became_a_guest_coaches_nobody(staff: Staff, who: Asker) -> None:
    await staff.coaches.add(Coach("ana", frozenset({staff.west})), by="U9")
    assert await staff.coaching.coached(who) == frozenset()


async def test_while_exec_is_away_a_coach_sees_less_and_never_more(staff: Staff) -> None:
    await staff.coaches.add(Coach("ana", frozenset({staff.west}), frozenset({"bob"})), by="U9")
    staff.company.breaks()
    seen = await staff.coaching.visibility(ana())
    assert (seen.members, seen.groups) == ({"ana", "bob"}, frozenset())
    assert (seen.unsure, seen.seen_at) == ({staff.west}, None)
    assert seen.coaches
    assert seen.covers_group(staff.west)
    assert not seen.covers(None, frozenset({staff.west}))
    staff.company.mends()
    staff.company.clock.now += timedelta(minutes=2)
    await staff.coaching.visibility(ana())
    staff.company.breaks()
    assert (await staff.coaching.visibility(ana())).members == staff.people() | {"ana", "bob"}


async def test_of_a_group_that_nobody_could_ask_about_for_a_day_only_the_name_is_left(
    staff: Staff,
) -> None:
    await staff.coaches.add(Coach("ana", frozenset({staff.west})), by="U9")
    await staff.coaching.visibility(ana())
    first_seen = staff.company.clock()
    staff.company.breaks()
    staff.company.clock.now += timedelta(hours=27)
    seen = await staff.coaching.visibility(ana())
    assert (seen.members, seen.groups, seen.coached) == ({"ana"}, frozenset(), frozenset())
    assert (seen.unsure, seen.seen_at) == ({staff.west}, first_seen)
    assert seen.is_unsure_of(frozenset({staff.west}))
    assert not seen.is_unsure_of(frozenset({staff.west, "another"}))
