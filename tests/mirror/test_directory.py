"""The people of the workspace: who joined, left and came back, and what knowing it costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.access import AccountType, Asker, Visibility
from bot.errors import Ambiguous, NotFound
from bot.language.query import REMOVED, Member, PersonKind, PersonRef, Query
from bot.people.accounts import People
from bot.people.catalogue import Catalogue
from bot.people.groups import Rosters
from bot.people.names import Resolver
from bot.slack.web import SlackUser
from bot.storage.database import Database
from bot.storage.tables import member
from tests.conftest import FakeClock
from tests.mirror.company import Company, company

pytestmark = pytest.mark.one_database


class NoSlack:
    """A Slack that nobody asks."""

    async def user(self, user_id: str) -> SlackUser:
        raise AssertionError(user_id)

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        raise AssertionError(usergroup_id)

    async def usergroup_by_handle(self, handle: str) -> str | None:
        raise AssertionError(handle)


@pytest.fixture
async def acme(database: Database, clock: FakeClock) -> AsyncIterator[Company]:
    async with company(database, clock) as acme:
        yield acme


def catalogue_of(place: Company) -> Catalogue:
    """As another process would have it, but on the same database."""
    return Catalogue(place.database, place.client, place.clock)


async def moments(place: Company, email: str) -> tuple[datetime | None, datetime | None]:
    """Since when someone is in the workspace, and when they left."""
    query = sa.select(member.c.since, member.c.gone_at).where(member.c.email == email)
    async with place.database.transaction(reads=True) as connection:
        since, gone_at = (await connection.execute(query)).one()
    return since, gone_at


async def look_up(catalogue: Catalogue, said: str, kind: PersonKind = PersonKind.NAME) -> Member:
    """Whom an admin's question names."""
    everyone = Visibility(everyone=True)
    asker = Asker(
        "T1", "U1", "Root", "root@acme.com", AccountType.FULL, ZoneInfo("UTC"), None, True
    )
    people = People(catalogue._database, catalogue, NoSlack(), catalogue._clock, ())
    query = Query(people=(PersonRef(kind, said),))
    rosters = Rosters(catalogue._database, catalogue._client, catalogue._clock)
    resolver = Resolver(catalogue, people, rosters, catalogue._clock)
    (found,) = await resolver.people_of(query, asker, everyone) or ()
    return found


# Who joins, leaves, and comes back


@pytest.mark.two_databases
async def test_joining_leaving_and_coming_back(acme: Company) -> None:
    catalogue = catalogue_of(acme)
    await catalogue.members()
    acme.world.add_member("Nora", "New", "nora@acme.com")
    acme.world.remove_member("jane@acme.com")
    acme.tick(hours=7)
    second = acme.clock()
    emails = {person.email for person in await catalogue.members()}
    assert "nora@acme.com" in emails
    assert "jane@acme.com" not in emails
    assert await catalogue.member(email="jane@acme.com", ask_exec=False) is None
    assert await moments(acme, "nora@acme.com") == (second, None)
    assert await moments(acme, "jane@acme.com") == (None, second)
    assert await moments(acme, "bob@acme.com") == (None, None)

    acme.world.add_member("Jane", "Smith", "jane@acme.com")
    acme.world.remove_member("nora@acme.com")
    acme.tick(hours=7)
    third = acme.clock()
    jane = await catalogue.member(email="Jane@Acme.com")
    assert jane is not None
    assert jane.role == "member"
    assert await moments(acme, "jane@acme.com") == (third, None)
    assert await moments(acme, "nora@acme.com") == (second, third)


# What it costs


# When Exec is away, and when others read as well


async def test_an_old_list_is_better_than_none(acme: Company) -> None:
    catalogue = catalogue_of(acme)
    await catalogue.members()
    acme.breaks()
    acme.tick(hours=7)
    assert await catalogue.member(email="jane@acme.com")
    assert acme.reads() == 2
    assert await catalogue.member(email="jane@acme.com")
    assert acme.reads() == 2  # tried just now
    acme.tick(minutes=2)
    assert await catalogue.member(email="jane@acme.com")
    assert acme.reads() == 3


@pytest.mark.two_databases
async def test_two_processes_read_a_list_once(acme: Company) -> None:
    one, other = catalogue_of(acme), catalogue_of(acme)
    first = await asyncio.gather(one.members(), other.members())
    assert [len(people) for people in first] == [40, 40]
    assert acme.reads() == 1
    acme.tick(hours=7)
    await asyncio.gather(one.members(), other.members())
    assert acme.reads() == 2
    acme.tick(hours=5)
    await one.members()  # which the background of another process knows
    acme.tick(hours=1)
    done = await asyncio.gather(
        *(each.refresh_if_due("member", purpose="people") for each in (one, other))
    )
    assert sorted(done) == [False, True]
    assert acme.reads() == 3


# The removed


async def removed_admin(acme: Company) -> tuple[Catalogue, str]:
    """Ana, an admin, left the workspace; the catalogue knows. And her id."""
    catalogue = catalogue_of(acme)
    await catalogue.members()
    ana = acme.world.remove_member("ana@acme.com")
    acme.tick(hours=7)
    await catalogue.members()
    acme.forget()
    return catalogue, ana.id


@pytest.mark.two_databases
async def test_those_whom_only_sessions_name_are_found(acme: Company) -> None:
    catalogue = catalogue_of(acme)
    await catalogue.members()
    await acme.practiced("u-derek", "derek.olsen@acme.com", "Derek", "Olsen")
    derek = Member("u-derek", "derek.olsen@acme.com", "Derek Olsen", REMOVED)
    assert await look_up(catalogue, "Derek.Olsen@acme.com", PersonKind.EMAIL) == derek
    assert await look_up(catalogue, "Derek Olsen") == derek
    assert await look_up(catalogue, "u-derek", PersonKind.PERSON) == derek
    assert await catalogue.person(email="derek.olsen@acme.com") == derek
    with pytest.raises(NotFound) as caught:
        await look_up(catalogue, "Derek")  # a part of a name is for members
    assert caught.value.suggestions


async def test_a_present_member_wins_over_a_removed_one(acme: Company) -> None:
    catalogue, old_id = await removed_admin(acme)
    await acme.practiced("u-jane", "jane@acme.com", "Jane", "Smith")
    jane = acme.world.person("jane@acme.com")
    assert (await look_up(catalogue, "Jane Smith")).id == jane.id
    assert (await look_up(catalogue, "jane@acme.com", PersonKind.EMAIL)).id == jane.id
    assert (await look_up(catalogue, "u-jane", PersonKind.PERSON)).role == REMOVED
    # Her namesake joins, with an account of its own.
    acme.world.people.pop(old_id)
    acme.world.add_member("Ana", "Costa", "ana.costa@acme.com")
    acme.tick(hours=7)
    assert (await look_up(catalogue, "Ana Costa")).email == "ana.costa@acme.com"
    assert (await look_up(catalogue, "ana@acme.com", PersonKind.EMAIL)).id == old_id


async def test_a_part_of_a_members_name_that_is_a_removed_ones_whole_asks_which(
    acme: Company,
) -> None:
    catalogue = catalogue_of(acme)
    await acme.practiced("u-priya", "priya.old@acme.com", "Priya", "Nai")
    with pytest.raises(Ambiguous) as caught:
        await look_up(catalogue, "Priya Nai")  # the beginning of Priya Nair as well
    assert [each.label for each in caught.value.suggestions] == ["Priya Nair", "Priya Nai"]


async def test_an_empty_address_is_nobodys(acme: Company) -> None:
    catalogue = catalogue_of(acme)
    await acme.practiced("u-nobody", "", "", "")
    assert await catalogue.person(email="", ask_exec=False) is None
