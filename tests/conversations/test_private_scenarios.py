"""Scenarios that Exec does not show the whole workspace: who sees nobody's practice of one does not
hear that there is such a scenario."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.sandbox.slack_payloads import view_event
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.test_whose_groups_are_told import said_besides
from tests.office import NOW, Office, an_office, labels

# Bob practised it, and so did Zoë, whom nobody coaches yet; Jane did not.
PRIVATE, MADE_UP = "Quarterly Business Review", "Quartarly Business Review"
pytestmark = [pytest.mark.acquainted, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(acquainted_urls: MakeUrl) -> AsyncIterator[Office]:
    async with an_office(FakeClock(NOW), DATABASE_URL=acquainted_urls()) as office:
        await office.ask("ana", "sessions last 60d")
        await office.ask("ana", f'digest sessions scenario:"{PRIVATE}" every monday 9:00')
        yield office
        assert office.slack.problems == []


SPELT = [
    (PRIVATE, MADE_UP),
    (f'"{PRIVATE}"', f'"{MADE_UP}"'),
    ("quarterly-business-review", "quartarly-business-review"),
    ("quart", "quarz"),
    ("{id}", "{zeros}"),
]


@pytest.mark.parametrize(
    "asked",
    [
        "sessions scenario:{}",
        "sessions scenario:{} last 7d",
        "sessions -scenario:{}",
        "progress me scenario:{}",
        "explain scenario:{}",
        "how did i do on {}",
        "sessions {}",
    ],
)
async def test_it_is_as_unknown_as_one_that_there_is_not(office: Office, asked: str) -> None:
    scenario = next(each for each in office.world.scenarios.values() if each.name == PRIVATE)
    ids = {"id": scenario.id, "zeros": "0" * len(scenario.id)}
    for real, made_up in SPELT:
        heard = []
        for typed in (real.format_map(ids), made_up.format_map(ids)):
            told = await office.ask("jane", asked.format(typed))
            heard.append(said_besides(told, typed))
        assert heard[0] == heard[1]
        assert PRIVATE not in heard[0]


async def test_only_who_sees_somebody_s_practice_of_it_is_asked_whether_they_mean_it(
    office: Office,
) -> None:
    for who, hears in (("jane", False), ("bob", True), ("ana", True)):
        for asked in (
            'sessions scenario:"Quaterly Busines Reviw"',
            "how is quaterly busines reviw doing",
        ):
            assert (PRIVATE in labels(await office.ask(who, asked))) is hears
    own = await office.ask("bob", f'sessions scenario:"{PRIVATE}" last 60d')
    assert f"scenario {PRIVATE}" in own.text


async def test_neither_help_nor_the_form_offers_it(office: Office) -> None:
    for who, hears in (("jane", False), ("bob", True)):
        help_ = await office.ask(who, "help")
        assert PRIVATE not in help_.text
        view = await office.open_form(who, help_, "Open the query form")
        await office.bot.work.drain()
        assert (PRIVATE in str(office.slack.views[office.user(who)][-1].view)) is hears
        office.slack.views[office.user(who)] = []
    id_ = next(each.id for each in office.world.scenarios.values() if each.name == PRIVATE)
    user = office.user("jane")
    view = await office.open_form("jane", await office.ask("jane", "help"), "Open the query form")
    await office.bot.work.drain()
    forged = view_event(office.slack, user, view, {}, "view_submission")
    forged.payload["view"]["state"]["values"]["scenario"] = {
        "scenario": {"type": "static_select", "selected_option": {"value": id_}}
    }
    told = await office.heard("jane", after=await office.act(forged))
    assert told.text.startswith("I don't know a scenario called")
    assert PRIVATE not in f"{told.text} {told.blocks}"
    office.slack.views[user] = []


async def test_a_list_of_digests_names_it_to_nobody_else(office: Office) -> None:
    for who, hears in (("jane", False), ("bob", True), ("ana", True)):
        listed = await office.ask(who, "digest list")
        assert "1 digest" in listed.text
        assert (PRIVATE in f"{listed.text} {listed.blocks}") is hears


async def test_whom_somebody_coaches_counts_as_long_as_they_do(office: Office) -> None:
    asked = f'sessions scenario:"{PRIVATE}" last 60d'
    for words, hears in (("add", True), ("remove", False)):
        await office.ask("ana", f'coach {words} @jane "West Coast"')
        told = await office.ask("jane", asked)
        assert told.text.startswith("I don't know a scenario called") is not hears


async def test_who_lost_the_right_to_a_digest_about_it_is_told_without_its_name(
    office: Office,
) -> None:
    """Its owner was an admin, and is none any more."""
    ana = office.world.person("ana@acme.com")
    demoted = replace(ana, role="member")
    office.world.people[ana.id] = office.world.members[ana.id] = demoted
    office.world.version += 1
    office.clock.now = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
    await office.ask("bob", "sessions last 1d")
    await office.bot.work.drain()
    for _ in range(3):
        await office.bot.core.delivering.run_due()
        office.clock.tick(61)
    told = office.seen("ana", office.dm("ana"))[-1]
    assert told.text.startswith("a question about others in #sales-practice")
    assert PRIVATE not in f"{told.text} {told.blocks}"
