"""The scenarios of skills and collections: read while they are asked about, believed once Exec's
total agrees, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.mirror.scenario_sets import MAX_AGE, READ_EVERY, RETRY, Contents
from bot.mirror.scope import Scope
from bot.storage.database import Database
from tests.mirror.mirrored import Mirrored, milliseconds, mirrored_company

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Mirrored]:
    async with mirrored_company(database) as acme:
        acme.adds_many(300, over=20 * DAY)
        await acme.sync.run()
        acme.wire.requests.clear()
        yield acme


def scopes(acme: Mirrored) -> tuple[Scope, Scope]:
    """About one skill and one collection."""
    skill, collection = next(iter(acme.world.skills)), next(iter(acme.world.collections))
    return Scope(skills=frozenset({skill})), Scope(collections=frozenset({collection}))


async def keep(acme: Mirrored, length: timedelta = timedelta(), step: timedelta = HOUR) -> None:
    """Time passes, and the sets are refreshed as they are due."""
    end = acme.clock() + length
    while True:
        while await acme.sets.refresh():
            pass
        if acme.clock() >= end:
            return
        acme.clock.now += step


def kept(acme: Mirrored, scope: Scope, contents: Contents) -> bool:
    """Whether the contents are those of the world."""
    return all(
        told == {id_: things[id_].scenario_ids for id_ in ids or ()}
        for ids, told, things in (
            (scope.skills, contents.skills, acme.world.skills),
            (scope.collections, contents.collections, acme.world.collections),
        )
    )


async def test_they_are_known_once_they_were_read_and_exec_agreed(acme: Mirrored) -> None:
    for scope in scopes(acme):
        assert await acme.sets.of(scope) == Contents({}, {}, 0)
    await keep(acme)
    for scope in scopes(acme):
        found = await acme.sets.of(scope)
        assert kept(acme, scope, found)
        assert found.since == milliseconds(acme.clock())
    asked = [
        (r.path, r.params.get("include"), r.params.get("page_size")) for r in acme.wire.requests
    ]
    assert sorted(asked, key=str) == [
        ("/scenarios", "skills", "100"),
        ("/scenarios", None, "100"),
        ("/sessions", None, "1"),
        ("/sessions", None, "1"),
    ]


async def test_all_skills_are_read_with_one(acme: Mirrored) -> None:
    one, *others = acme.world.skills
    await acme.sets.of(Scope(skills=frozenset({one})))
    await keep(acme)
    everything = Scope(skills=frozenset({one, *others}))
    await acme.sets.of(everything)
    acme.wire.requests.clear()
    await keep(acme)
    assert {request.path for request in acme.wire.requests} == {"/sessions"}
    assert kept(acme, everything, await acme.sets.of(everything))


async def test_a_change_is_noticed_and_checked(acme: Mirrored) -> None:
    skill, _ = scopes(acme)
    await acme.sets.of(skill)
    await keep(acme)
    (id_,) = skill.skills or ()
    acme.changes_skill(id_, list(acme.world.scenarios)[-1])
    acme.clock.now += READ_EVERY
    before = await acme.sets.of(skill)
    await keep(acme)
    after = await acme.sets.of(skill)
    assert not kept(acme, skill, before)
    assert kept(acme, skill, after)
    assert after.since > before.since


async def test_while_totals_differ_nothing_is_believed(acme: Mirrored) -> None:
    skill, _ = scopes(acme)
    await acme.sets.of(skill)
    acme.wire.total = lambda _rank, total: total + 1
    await keep(acme)
    assert await acme.sets.of(skill) == Contents({}, {}, 0)
    acme.wire.total = None
    acme.clock.now += 4 * HOUR
    await acme.sets.of(skill)
    await keep(acme)
    assert kept(acme, skill, await acme.sets.of(skill))


async def test_a_skill_of_no_scenario_is_known_to_be_empty(acme: Mirrored) -> None:
    nothing = Scope(skills=frozenset({"no-such-skill"}))
    await acme.sets.of(nothing)
    await keep(acme)
    assert (await acme.sets.of(nothing)).skills == {"no-such-skill": frozenset()}


async def test_what_nobody_asks_about_is_left_alone_and_not_believed(acme: Mirrored) -> None:
    skill, _ = scopes(acme)
    await acme.sets.of(skill)
    await keep(acme)
    acme.wire.requests.clear()
    await keep(acme, MAX_AGE, step=4 * HOUR)
    assert acme.wire.requests == []
    assert await acme.sets.of(skill) == Contents({}, {}, 0)


async def test_little_of_the_past_shows_nothing(database: Database) -> None:
    """The totals of an hour agree with any list."""
    async with mirrored_company(database) as acme:
        skill, _ = scopes(acme)
        acme.adds_many(300, over=6 * DAY)
        await acme.sync.fill(milliseconds(acme.clock() - HOUR), "history", pages=1)
        await acme.sets.of(skill)
        await keep(acme, RETRY * 3, step=RETRY / 4)
        assert await acme.sets.of(skill) == Contents({}, {}, 0)
        assert sum(r.params.get("page_size") == "1" for r in acme.wire.requests) == 0
