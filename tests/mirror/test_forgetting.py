"""What is forgotten is gone, with all that was claimed of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.features.alerts import AlertStore
from bot.language.alert_words import AlertKind as Of
from bot.language.alert_words import Rule
from bot.mirror.forget import Gone
from bot.mirror.rows import from_ms
from bot.outbox.plans import Plan
from bot.outbox.subscriptions import Subscriptions
from bot.people.coaches import Coach, Coaches
from bot.reports.alerts import AlertEvent
from bot.storage.database import Database
from bot.storage.tables import (
    delivery,
    member,
    metadata,
    payload,
    person_link,
    practice_person,
    slack_user,
    stored_answer,
    stored_command,
)
from tests.mirror.room import Company, ago, company

pytestmark = pytest.mark.one_database

JANE, BOB = "jane@acme.com", "bob@acme.com"


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Company]:
    async with company(database) as acme:
        yield acme


async def ever_in(acme: Company, group_id: str) -> frozenset[str]:
    """Who is or was in a group."""
    held = await acme.rosters.of([group_id], ask_exec=False, max_age=timedelta(days=3650))
    return held[group_id].ever


async def everything_stored(database: Database) -> str:
    """The whole database as text."""
    found = []
    async with database.transaction(reads=True) as connection:
        for table in metadata.sorted_tables:
            found += [f"{table.name} {row}" for row in await connection.execute(sa.select(table))]
    return "\n".join(found)


@pytest.mark.two_databases
async def test_rows_and_what_is_known_of_them_go_together(acme: Company) -> None:
    acme.adds_many(300, over=timedelta(days=100))
    await acme.lives(timedelta(minutes=1))
    edge = ago(acme, days=40)
    await acme.forgetting.forget_old(timedelta(days=40))
    there = {each.id for each in acme.world.sessions if each.created_at >= from_ms(edge)}
    assert set(await acme.stored()) == there
    assert (await acme.store.stretches())[0].start == edge
    await acme.check()


async def test_what_was_forgotten_is_asked_for_again(acme: Company) -> None:
    acme.adds_many(150, over=timedelta(days=100))
    query = acme.question(JANE, period=acme.last(days=100))
    first = await acme.ask(query)
    assert (await acme.ask(query)).requests == 0
    await acme.forgetting.forget_old(timedelta(days=40))
    again = await acme.ask(query)
    assert again.requests > 0
    assert again.total == first.total
    acme.assert_right(query, again, acme.clock())


async def test_nothing_old_is_nothing_to_do(acme: Company) -> None:
    await acme.forgetting.forget_old(timedelta(days=400))
    acme.adds_many(20, over=timedelta(days=9))
    await acme.ask(acme.question())
    await acme.forgetting.forget_old(timedelta(days=400))
    assert len(await acme.stored()) == 20


@pytest.mark.two_databases
async def test_who_left_long_ago_is_forgotten_with_their_last_session(
    acme: Company,
) -> None:
    jane = acme.world.person(JANE)
    acme.adds(JANE, ago=86400, score=50)
    acme.adds(BOB, ago=86400, score=50)
    await acme.ask(acme.question())
    await acme.catalogue.members()
    acme.world.remove_member(JANE)
    acme.clock.now += timedelta(days=30)
    await acme.catalogue.members()
    acme.adds(BOB, ago=10, score=50)
    await acme.ask(acme.question(BOB))
    await acme.forgetting.forget_old(timedelta(days=40))
    assert jane.last_name in await everything_stored(acme.database)
    acme.clock.now += timedelta(days=38)
    await acme.forgetting.forget_old(timedelta(days=40))
    left = await everything_stored(acme.database)
    assert JANE in left  # it is not so long ago that she left
    assert jane.first_name not in await named(acme)
    acme.clock.now += timedelta(days=3)
    await acme.forgetting.forget_old(timedelta(days=40))
    left = await everything_stored(acme.database)
    assert JANE not in left
    assert jane.last_name not in left
    assert BOB in left


async def test_where_somebody_was_goes_with_them_and_with_time(acme: Company) -> None:
    west = acme.world.group("West Coast").id
    jane, sam = acme.world.person(JANE).id, acme.world.person("sam@acme.com").id
    await acme.rosters.of([west])
    await acme.catalogue.members()
    await acme.ask(acme.question())
    acme.world.rosters[west] -= {jane, sam}
    acme.clock.now += timedelta(days=1)
    await acme.rosters.refresh(west, purpose="roster")
    await acme.forgetting.forget_old(timedelta(days=2))
    assert {jane, sam} <= await ever_in(acme, west)
    await acme.forgetting.forget(await acme.forgetting.traces(JANE))
    assert {jane, sam} & await ever_in(acme, west) == {sam}
    acme.clock.now += timedelta(days=2)
    await acme.forgetting.forget_old(timedelta(days=2))
    assert {jane, sam} & await ever_in(acme, west) == set()


async def named(acme: Company) -> set[str]:
    """The first names that are kept with sessions."""
    async with acme.database.transaction(reads=True) as connection:
        rows = await connection.execute(sa.select(practice_person.c.first_name))
        return set(rows.scalars())


async def met(acme: Company) -> None:
    """Jane and Bob have Slack accounts, asked, are linked, and are in an answer."""
    jane = acme.world.person(JANE).id
    now = acme.clock()
    async with acme.database.transaction() as connection:
        for number, email in enumerate((JANE, BOB)):
            who = {"team_id": "T1", "user_id": f"U{number}"}
            await connection.execute(
                slack_user.insert().values(**values_for(slack_user, who | {"email": email}, now))
            )
            for table in (stored_command, stored_answer):
                given = who | {"id": f"{email}", "words": f"words of {email}", "body": "[]"}
                await connection.execute(table.insert().values(**values_for(table, given, now)))
        link = {"team_id": "T1", "user_id": "U9", "member_id": jane, "linked_by": "U1"}
        await connection.execute(person_link.insert().values(**values_for(person_link, link, now)))
        shared = {"id": "shared", "team_id": "T1", "user_id": "U1", "words": "all"}
        shared["body"] = f'[{{"id": "{jane}"}}]'
        for table in (stored_command, stored_answer):
            first, last = acme.world.person(JANE).name.upper().split()
            about = (JANE.upper(), "<@U0|j>", f'"{first}  {last}"', f"{first}'s", jane)
            for number, her in enumerate(about):
                by_bob = {"id": f"about her {number}", "team_id": "T1", "user_id": "U1"}
                by_bob["words"] = f"sessions {her} last 7d"
                await connection.execute(table.insert().values(**values_for(table, by_bob, now)))
        await connection.execute(
            stored_answer.insert().values(**values_for(stored_answer, shared, now))
        )
        for table, rows in others_of(acme, jane).items():
            for row in rows:
                await connection.execute(table.insert().values(**values_for(table, row, now)))
    coaches = Coaches(acme.database, acme.clock)
    await coaches.add(Coach("cy", people=frozenset({"bob"})), by="U0")
    await coaches.add(Coach(jane, frozenset({"west"})), by="U1")
    await coaches.add(Coach("ana", frozenset({"west"}), frozenset({jane, "bob"})), by="U1")
    for person in (jane, "bob"):
        await coaches.snooze("ana", person, now + timedelta(days=1))
        await coaches.nudge("ana", person)
        await coaches.name_me(person, False)
    await coaches.nudge(jane, "bob")
    alerts, gold = AlertStore(acme.database, acme.clock), Rule(Of.GOLD)
    for owner, who in (("U0", "my people"), ("U1", f'id:"{jane}" id:"a12"')):
        known = (AlertEvent(f"gold {jane} s1", jane), AlertEvent("gold a12 s1", "a12"))
        await alerts.keep("T1", owner, who, gold, looked_at=now, known=known)
    ids = iter(("hers", "about her"))
    subscriptions = Subscriptions(acme.database, acme.clock, lambda: next(ids))
    asked = f'sessions id:"{jane}" id:"a12" gold'
    for owner, place, ask in (("U0", "U0", "me"), ("U1", "C1", asked)):
        await subscriptions.keep("T1", owner, Plan(place, "every monday 9:00", "UTC", ask))


def others_of(acme: Company, jane: str) -> dict[sa.Table, list[dict[str, object]]]:
    """Where she is beside what belongs to others: payloads and messages."""
    her = {"team_id": "T1", "user_id": "U0"}
    bob = {"team_id": "T1", "user_id": "U1"}
    name = acme.world.person(JANE).name
    messages = [
        {"place": "U0", "message": "to her"},
        {"place": "C1", "asked_by": "U0", "message": "stays"},
        {"place": "U1", "message": f"of {name}"},
        {"place": "C1", "figures": f'["{jane}"]'},
    ]
    return {
        payload: [
            {"key": "hers", **her, "words": "me"},
            {"key": "his", **bob, "words": "sessions <@U0> last 7d"},
        ],
        person_link: [{"team_id": "T1", "user_id": "U8", "member_id": "bob", "linked_by": "U0"}],
        delivery: [
            {"id": f"d{number}", "source_id": f"s{number}", **each}
            for number, each in enumerate(messages)
        ],
    }


def values_for(table: sa.Table, given: dict[str, object], now: object) -> dict[str, object]:
    """A row of a table: what is given of it, and something of the right kind for the rest."""
    values: dict[str, object] = {}
    for column in table.c:
        if column.key in given:
            values[column.key] = given[column.key]
        elif not column.nullable and column.server_default is None:
            kind = str(column.type)
            if column.name == "at" or column.name.endswith(("_at", "until")):
                values[column.key] = now
            else:
                values[column.key] = {"BOOLEAN": False, "INTEGER": 0}.get(kind, "")
    return values


@pytest.mark.two_databases
async def test_a_person_is_forgotten_everywhere(acme: Company) -> None:
    acme.adds_many(120, over=timedelta(days=9))
    await acme.ask(acme.question())
    await acme.ask(acme.question(group="West Coast"))
    await acme.ask(acme.question(skill=next(iter(acme.world.skills.values())).name))
    await acme.ask(acme.question(JANE, skill=next(iter(acme.world.skills.values())).name))
    await acme.catalogue.members()
    acme.world.remove_member(JANE)
    acme.clock.now += timedelta(hours=7)
    await acme.catalogue.members()
    await met(acme)
    jane = acme.world.person(JANE)
    hers = [row for row in (await acme.stored()).values() if row["user_id"] == jane.id]
    traces = await acme.forgetting.traces(JANE.upper())
    assert traces.ids == (jane.id,)
    assert traces.name == jane.name
    assert traces.sessions == len(hers) == 10
    assert traces.groups == 1
    assert set(traces.accounts) == {("T1", "U0"), ("T1", "U9")}
    assert not traces.present
    assert await acme.forgetting.forget(traces) == Gone(sessions=10, messages=1)
    left = await everything_stored(acme.database)
    assert jane.id not in left
    assert not re.search(r"\bU[09]\b", left)
    assert [word in left for word in ("to her", "stays", "'his'")] == [False, True, True]
    assert 'sessions id:"removed" id:"a12" gold' in left
    ((_, (alert,)),) = (await AlertStore(acme.database, acme.clock).on()).items()
    assert (alert.owner_id, alert.who) == ("U1", 'id:"removed" id:"a12"')
    assert left.count("gold a12 s1") == 1
    assert JANE not in left
    assert JANE.upper() not in left
    assert jane.last_name not in left
    assert BOB in left
    assert "words of bob" in left
    assert (await acme.forgetting.traces(JANE)).nothing


async def test_who_is_still_in_exec_stays_in_its_lists(acme: Company) -> None:
    acme.adds_many(120, over=timedelta(days=9))
    await acme.ask(acme.question(group="West Coast"))
    await acme.catalogue.members()
    traces = await acme.forgetting.traces(JANE)
    assert traces.present
    assert (await acme.forgetting.forget(traces)).sessions == traces.sessions
    again = await acme.forgetting.traces(JANE)
    assert (again.sessions, again.groups, again.ids) == (0, traces.groups, traces.ids)


async def test_nobody_is_known_by_that_address(acme: Company) -> None:
    acme.adds_many(20, over=timedelta(days=1))
    await acme.ask(acme.question())
    for email in ("nobody@acme.com", "", "%"):
        traces = await acme.forgetting.traces(email)
        assert traces.nothing
        assert await acme.forgetting.forget(traces) == Gone(0, 0)
    assert len(await acme.stored()) == 20
    async with acme.database.transaction(reads=True) as connection:
        assert (await connection.execute(sa.select(member.c.id))).all() == []
