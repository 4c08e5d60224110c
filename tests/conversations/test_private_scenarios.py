"""Scenarios that Exec does not show the whole workspace: who sees nobody's practice of one does not
hear that there is such a scenario."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from tests.conftest import FakeClock, MakeUrl
from tests.conversations.test_whose_groups_are_told import said_besides
from tests.workspace import NOW, Workspace, a_workspace, labels

# Bob practiced it, and so did Zoë, whom nobody coaches yet; Jane did not.
PRIVATE, MADE_UP = "Quarterly Business Review", "Quartarly Business Review"
pytestmark = [pytest.mark.acquainted, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workspace(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    async with a_workspace(FakeClock(NOW), DATABASE_URL=acquainted_urls()) as workspace:
        await workspace.ask("ana", "sessions last 60d")
        await workspace.ask("ana", f'digest sessions scenario:"{PRIVATE}" every monday 9:00')
        yield workspace
        assert workspace.slack.problems == []


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
        "how did i do on {}",
        "sessions {}",
    ],
)
async def test_it_is_as_unknown_as_one_that_there_is_not(workspace: Workspace, asked: str) -> None:
    scenario = next(each for each in workspace.world.scenarios.values() if each.name == PRIVATE)
    ids = {"id": scenario.id, "zeros": "0" * len(scenario.id)}
    for real, made_up in SPELT:
        heard = []
        for typed in (real.format_map(ids), made_up.format_map(ids)):
            told = await workspace.ask("jane", asked.format(typed))
            heard.append(said_besides(told, typed))
        assert heard[0] == heard[1]
        assert PRIVATE not in heard[0]


async def test_only_who_sees_somebody_s_practice_of_it_is_asked_whether_they_mean_it(
    workspace: Workspace,
) -> None:
    for who, hears in (("jane", False), ("bob", True), ("ana", True)):
        for asked in (
            'sessions scenario:"Quaterly Busines Reviw"',
            "how is quaterly busines reviw doing",
        ):
            assert (PRIVATE in str(labels(await workspace.ask(who, asked)))) is hears
    own = await workspace.ask("bob", f'sessions scenario:"{PRIVATE}" last 60d')
    assert f"scenario {PRIVATE}" in own.text


async def test_whom_somebody_coaches_counts_as_long_as_they_do(workspace: Workspace) -> None:
    asked = f'sessions scenario:"{PRIVATE}" last 60d'
    for words, hears in (("add", True), ("remove", False)):
        said = await workspace.ask("ana", f'coach {words} @jane "West Coast"')
        if words == "remove":
            await workspace.press("ana", said, "Remove")
        told = await workspace.ask("jane", asked)
        assert told.text.startswith("I can't find a scenario called") is not hears


async def test_who_lost_the_right_to_a_digest_about_it_is_told_without_its_name(
    workspace: Workspace,
) -> None:
    """Its owner was an admin, and is none any more."""
    ana = workspace.world.person("ana@acme.com")
    demoted = replace(ana, role="member")
    workspace.world.people[ana.id] = workspace.world.members[ana.id] = demoted
    workspace.clock.now = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
    await workspace.bot.lists.sync()
    for _ in range(3):
        await workspace.deliver()
        workspace.clock.tick(61)
    told = workspace.seen("ana", workspace.dm("ana"))[-1]
    assert "#sales-practice" in told.text
    assert PRIVATE not in f"{told.text} {told.blocks}"
