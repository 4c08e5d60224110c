"""The people of the workspace: who joined, left and came back, and what knowing it costs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.access import AccountType, Asker, Visibility
from bot.errors import Ambiguous, ExecError, NotFound
from bot.language.query import REMOVED, Member, PersonKind, PersonRef, Query
from bot.people.accounts import People
from bot.people.catalogue import Catalogue, changes
from bot.people.groups import Rosters
from bot.people.names import Resolver
from bot.slack.web import SlackUser
from bot.storage.database import Database
from bot.storage.tables import member
from tests.conftest import START, FakeClock, MakeUrl
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


@pytest.fixture
async def large(
    sqlite_urls: MakeUrl, clock: FakeClock, request: pytest.FixtureRequest
) -> AsyncIterator[Company]:
    """On SQLite only: what a long list costs is counted in requests."""
    people = getattr(request, "param", 1000)
    async with (
        Database(sqlite_urls()) as database,
        company(database, clock, people=people) as large,
    ):
        yield large


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


IDS = st.sets(st.sampled_from("abcde"))


@given(readings=st.lists(IDS, min_size=1, max_size=8))
def test_any_readings_tell_since_when_and_until_when(readings: list[set[str]]) -> None:
    """Against the plain history: since is the last reading at which one appeared."""
    held: dict[str, dict[str, object]] = {}
    for number, listed in enumerate(readings):
        now = START + timedelta(hours=number)
        rows = [{"id": i, "email": "", "name": i, "role": "member"} for i in sorted(listed)]
        changed, gone = changes(held, rows, now)
        held |= {row["id"]: row for row in changed}
        held |= {id_: {**held[id_], "gone_at": now} for id_ in gone}
    first = next((n for n, listed in enumerate(readings) if listed), len(readings))
    for id_ in "abcde":
        there = [id_ in listed for listed in readings]
        if not any(there):
            assert id_ not in held
            continue
        came = [n for n, yes in enumerate(there) if yes and (n == 0 or not there[n - 1])][-1]
        since = None if came == first else START + timedelta(hours=came)
        last = max(n for n, yes in enumerate(there) if yes)
        gone_at = None if there[-1] else START + timedelta(hours=last + 1)
        assert (held[id_]["since"], held[id_]["gone_at"]) == (since, gone_at)


# What it costs


@pytest.mark.parametrize("large", [5000], indirect=True)
async def test_5000_people_cost_50_requests_a_day_whatever_people_ask(large: Company) -> None:
    catalogue = catalogue_of(large)
    spent = []
    for _ in range(3):
        large.forget()
        for hour in range(24):
            large.tick(hours=1)
            assert await catalogue.member(email="jane@acme.com")
            assert await catalogue.member(email=f"nobody{hour}@acme.com") is None
            await catalogue.refresh_if_due("member", purpose="people")
        for who in ("Qwertz Xyzzy", "nobody@acme.com"):
            with pytest.raises(NotFound):
                await look_up(catalogue, who)
        spent.append(large.reads())
    assert spent == [50, 50, 50]
    assert await large.purposes() == {"names": 50, "people": 100}


async def test_questions_never_wait_for_a_long_list_that_is_held(large: Company) -> None:
    catalogue = catalogue_of(large)
    await catalogue.members()
    large.world.add_member("Nora", "New", "nora@acme.com")
    large.forget()
    large.tick(days=3)
    assert len(await catalogue.members()) == 1000
    assert await catalogue.member(email="nora@acme.com") is None
    assert large.reads() == 0
    assert await catalogue.refresh_if_due("member", purpose="people")
    assert await catalogue.member(email="nora@acme.com")


@pytest.mark.parametrize("people", [620])
async def test_a_list_that_nobody_uses_is_not_read_again(
    database: Database, clock: FakeClock, people: int
) -> None:
    async with company(database, clock, people=people) as place:
        catalogue = catalogue_of(place)
        assert not await catalogue.refresh_if_due("member", purpose="people")  # never asked for
        await catalogue.members()
        place.forget()
        for _ in range(72):
            place.tick(hours=1)
            assert not await catalogue.refresh_if_due("member", purpose="people")
        assert place.reads() == 0


@pytest.mark.parametrize(
    ("people", "hours"), [pytest.param(40, 6, id="short"), pytest.param(620, 24, id="long")]
)
async def test_a_list_in_use_is_due_at_its_age(
    database: Database, clock: FakeClock, people: int, hours: int
) -> None:
    async with company(database, clock, people=people) as place:
        catalogue = catalogue_of(place)
        await catalogue.members()
        place.tick(hours=hours, seconds=-1)
        await catalogue.members()
        assert not await catalogue.refresh_if_due("member", purpose="people")
        place.tick(seconds=1)
        assert await catalogue.refresh_if_due("member", purpose="people")
        assert not await catalogue.refresh_if_due("member", purpose="people")


async def test_a_short_list_is_read_by_the_question_that_finds_it_old(acme: Company) -> None:
    catalogue = catalogue_of(acme)
    await catalogue.members()
    ana = acme.world.person("ana@acme.com")
    acme.world.members[ana.id] = replace(ana, role="member")
    acme.tick(hours=6)
    found = await catalogue.member(email="ana@acme.com")
    assert found is not None
    assert found.role == "member"
    assert acme.reads() == 2


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


async def test_a_failed_reading_in_the_background_waits_an_hour(acme: Company) -> None:
    catalogue = catalogue_of(acme)
    acme.breaks()
    with pytest.raises(ExecError):
        await catalogue.members()
    acme.forget()
    for _ in range(120):
        with contextlib.suppress(ExecError):
            await catalogue.refresh_if_due("member", purpose="people")
        acme.tick(minutes=1)
    assert acme.reads() == 2


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


async def test_members_are_taken_from_the_database_once_and_what_another_process_read_at_once(
    acme: Company,
) -> None:
    one, other = catalogue_of(acme), catalogue_of(acme)
    before = await one.members()
    acme.tick(hours=1)
    assert await one.members() is before
    new = acme.world.add_member("Nora", "New", "nora@acme.com")
    assert await other.refresh_after_miss("member")
    assert {each.id for each in await one.members()} - {each.id for each in before} == {new.id}


async def test_a_process_that_died_while_it_read_is_not_waited_for_long(acme: Company) -> None:
    dead = catalogue_of(acme)
    assert await dead._lock._take("member", timedelta(minutes=1))
    catalogue = catalogue_of(acme)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    catalogue._lock._sleep = sleep
    assert len(await catalogue.members()) == 40
    assert sum(slept) == 10


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


async def test_someone_new_whom_sessions_name_before_the_list_does_is_a_member(
    acme: Company,
) -> None:
    catalogue = catalogue_of(acme)
    await catalogue.members()
    new = acme.world.add_member("Nora", "New", "nora@acme.com", role="admin")
    await acme.practiced(new.id, new.email, "Nora", "New")
    acme.tick(minutes=2)
    found = await catalogue.person(email="nora@acme.com")
    assert found == Member(new.id, "nora@acme.com", "Nora New", "admin")


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
