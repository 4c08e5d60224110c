"""Questions about skills and collections: answered from what is held once their scenarios are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.sandbox import exec_select
from bot.sandbox.exec_select import Ids
from bot.sandbox.exec_server import Fault
from bot.sandbox.world import World
from bot.sandbox.world_things import Bundle
from tests.conversations.truth import assert_tells, explained, truth
from tests.office import MakeOffice, Office, table

pytestmark = pytest.mark.acquainted

SKILL = "sessions skill:negotiation last 7d"
COLLECTION = "sessions collection:onboarding-basics last 30d"
LISTS = ["/scenarios", "/skills", "/collections"]


async def get_to_know(office: Office, *questions: str) -> None:
    """Have these asked, and what they named read and checked in the background."""
    for question in questions:
        await office.ask("ana", question)
    await office.bot.core.sync.run()
    office.forget()


async def assert_right(office: Office, question: str, *, asks_exec: bool) -> None:
    """The answer is what Exec's own filters give, with or without asking it."""
    if asks_exec:
        # What it told just now would do for a minute.
        office.clock.tick(120)
    filters = await explained(office, "ana", question)
    office.forget()
    answer = await office.ask("ana", question)
    assert bool(office.asked()) is asks_exec, office.paths()
    assert all(("skill_ids" in each or "collection_ids" in each) for each in office.asked())
    rows = truth(office, filters)
    assert rows
    assert_tells(office, answer, rows)


def change(world: World, collection: Bundle, scenario_ids: frozenset[str]) -> None:
    world.collections[collection.id] = replace(collection, scenario_ids=scenario_ids)
    world.version += 1


QUESTIONS = [
    SKILL,
    COLLECTION,
    'sessions @jane skill:"discovery questions" last 90d',
    "sessions skill:negotiation,closing last 7d gold",
    "sessions group:west skill:negotiation collection:customer-conversations last 30d",
    'sessions skill:negotiation scenario:"Renewal Save" last 30d',
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def knowing(opened_once: Office) -> Office:
    """One in which the bot has got to know all that these questions name."""
    await get_to_know(opened_once, "sessions skill:closing last 7d", *QUESTIONS)
    return opened_once


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("question", QUESTIONS)
async def test_once_they_are_known_no_session_is_asked_of_exec(
    knowing: Office, question: str
) -> None:
    await assert_right(knowing, question, asks_exec=False)


async def test_until_they_are_known_exec_is_asked(office: Office) -> None:
    await assert_right(office, SKILL, asks_exec=True)
    assert "/scenarios" not in office.paths()


async def test_sessions_of_archived_scenarios_count(office: Office) -> None:
    archived = next(each for each in office.world.scenarios.values() if each.archived)
    collection = office.world.collection("Onboarding Basics")
    change(office.world, collection, collection.scenario_ids | {archived.id})
    office.world.add_session("jane@acme.com", archived, office.clock(), score=91.0)
    office.clock.tick(120)
    await get_to_know(office, COLLECTION)
    await assert_right(office, COLLECTION, asks_exec=False)


@pytest.mark.parametrize("question", [SKILL, COLLECTION])
async def test_while_exec_counts_otherwise_it_is_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """Its filter on sessions need not mean what its list of scenarios says."""
    usual = exec_select.bundled
    another = office.world.scenario("Cold Call Opener").id

    def counts_more(bundles: dict[str, Bundle], ids: tuple[str, ...] | None) -> Ids:
        found = usual(bundles, ids)
        return None if found is None else found ^ {another}

    with monkeypatch.context() as odd:
        odd.setattr(exec_select, "bundled", counts_more)
        await get_to_know(office, question)
        await assert_right(office, question, asks_exec=True)
        await assert_right(office, question.replace("last", "@jane last"), asks_exec=True)
    office.world.version += 1

    # It is checked again after a few hours, as it is asked about.
    office.clock.now += timedelta(hours=4)
    await get_to_know(office, question)
    await assert_right(office, question, asks_exec=False)


async def test_a_scenario_that_is_new_in_a_collection_counts_after_the_next_look(
    office: Office,
) -> None:
    await get_to_know(office, COLLECTION)
    collection = office.world.collection("Onboarding Basics")
    new = next(each for each in office.world.scenarios if each not in collection.scenario_ids)
    change(office.world, collection, collection.scenario_ids | {new})
    office.clock.now += timedelta(hours=7)
    await get_to_know(office, COLLECTION)
    await assert_right(office, COLLECTION, asks_exec=False)


async def test_refresh_asks_exec_itself(office: Office) -> None:
    await get_to_know(office, SKILL)
    answer = await office.ask("ana", SKILL)
    office.forget()
    office.clock.tick(60)
    office.world.add_session("jane@acme.com", "Renewal Save", office.clock(), score=91.0)
    office.clock.tick(5)
    await office.press("ana", answer, "Refresh")
    assert [each["skill_ids"] for each in office.asked()] == [office.world.skill("Negotiation").id]


async def test_that_scenarios_cannot_be_listed_costs_a_request_an_hour(office: Office) -> None:
    await office.ask("ana", COLLECTION)
    office.forget()
    office.exec.faults.append(Fault("status", None, path="/scenarios"))
    for _ in range(6):
        await office.bot.core.sync.run()
        office.clock.now += timedelta(minutes=15)
    assert 1 <= office.paths().count("/scenarios") <= 8
    await assert_right(office, COLLECTION, asks_exec=True)


async def test_a_few_requests_a_day_keep_them_true(open_office: MakeOffice) -> None:
    async with open_office() as office:
        await get_to_know(office, SKILL, COLLECTION)
        for _ in range(12):
            office.clock.now += timedelta(hours=2)
            await office.ask("ana", SKILL)
            await office.ask("ana", COLLECTION)
            await office.bot.core.sync.run()
        assert sum(office.paths().count(each) for each in LISTS) <= 12 + 8
        totals = [r for r in office.exec.requests if r.params.get("page_size") == "1"]
        asked = [r for r in totals if "skill_ids" in r.params or "collection_ids" in r.params]
        assert 2 <= len(asked) <= 6


@pytest.mark.parametrize("name", ["skill:negotiation", "collection:onboarding-basics"])
async def test_the_first_question_looks_back_as_far_as_the_next(office: Office, name: str) -> None:
    first = table(await office.ask("ana", f"progress {name} last 7d"))
    # All their attempts at these scenarios count, and not those of the week alone.
    assert max(int(row[2]) for row in first[1:]) > 5
    await office.bot.core.sync.run()
    office.clock.tick(61)
    assert table(await office.ask("ana", f"progress {name} last 7d")) == first
