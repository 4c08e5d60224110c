"""Which groups there are: who does not see everybody hears of their own only."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.demo.slack_workspace import Message
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.test_coaches import WEST
from tests.workspace import NOW, Workspace, a_workspace, labels

pytestmark = pytest.mark.acquainted

# The groups that Jane is in; those that Bob is in, and the one that he coaches. Ingrid left Exec.
SEE_LESS = {
    "jane": {"West Coast", "Enterprise"},
    "bob": {"East Coast", "Enterprise", "West Coast"},
    "ingrid.s": set[str](),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workspace(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    """Who is in every group is stored."""
    clock = FakeClock(NOW)
    async with a_workspace(clock, DATABASE_URL=acquainted_urls()) as workspace:
        await workspace.ask("ana", WEST)
        await workspace.ask("ingrid.s", "sessions last 1d")
        workspace.world.remove_member("ingrid.s@acme.com")
        clock.tick(7 * 3600)
        await workspace.bot.lists.sync()
        yield workspace
        assert workspace.slack.problems == []


def groups_in(workspace: Workspace, said: object) -> set[str]:
    return {group.name for group in workspace.world.groups.values() if group.name in str(said)}


def said_besides(message: Message, typed: str) -> str:
    """What a message says, with nothing in it that somebody typed themselves."""
    shown, whole = f"{message.text} {labels(message)}", typed.strip('"')
    for own in (typed, whole, *whole.split()):
        shown = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", "…", shown, flags=re.IGNORECASE)
    return shown


SPELT = [
    ("New Hires", "New Zebra"),
    ('"New Hires"', '"New Zebra"'),
    ("new-hires", "new-zebra"),
    ("hires", "zebra"),
    ("customer success", "customer zeppelin"),
    ("{id}", "{zeros}"),
]
# Where a name is read in a way of its own it is spelt in every way. What stands around `group:`
# changes nothing about how it is found: there, as words and by its id.
ASKED = {
    "sessions group:{}": SPELT,
    "digest {} every monday 9:00": SPELT,
    "sessions {} last 7d": SPELT,
    "sessions group:{} last 7d": SPELT[::5],
    "sessions team:{} @jane": SPELT[::5],
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("who", SEE_LESS)
@pytest.mark.parametrize("asked", ASKED)
async def test_a_group_of_others_is_as_unknown_as_one_that_there_is_not(
    workspace: Workspace, who: str, asked: str
) -> None:
    new = workspace.world.group("New Hires")
    ids = {"id": new.id, "zeros": "0" * len(new.id)}
    for real, made_up in ASKED[asked]:
        heard = []
        for typed in (real.format_map(ids), made_up.format_map(ids)):
            ack = await workspace.act(workspace.command_of(who, asked.format(typed)))
            told = await workspace.heard(who, after=ack)
            heard.append(said_besides(told, typed))
            assert groups_in(workspace, told.blocks) <= SEE_LESS[who] | groups_in(workspace, typed)
        assert heard[0] == heard[1]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("who", ["jane", "bob"])
async def test_what_is_offered_are_their_own(workspace: Workspace, who: str) -> None:
    told = await workspace.ask(who, "sessions group:zzz")
    assert told.text.startswith("I can't find a group called zzz among those you can see.")
    assert set(labels(told)) == SEE_LESS[who]
    assert (await workspace.ask("ana", "sessions group:zzz")).text.startswith(
        "I can't find a group called zzz. Did you mean one of these?"
    )
    own = await workspace.ask(who, "sessions group:w last 60d top 1")
    assert "West Coast, " in own.text
