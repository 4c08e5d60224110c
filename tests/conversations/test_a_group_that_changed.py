"""A coach's earlier answer about a group, once somebody has left or joined it."""

from __future__ import annotations

import pytest

from bot.sandbox.slack_workspace import Message
from tests.conversations.test_coaches import WEST
from tests.conversations.test_sharing import public
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted

ASK = 'sessions group:"West Coast" last 60d'
CHANGED = "The people you coach have changed since this answer. Ask again to see it as it is now."


@pytest.fixture
async def answer(workspace: Workspace) -> Message:
    """Bob's answer about his people."""
    await workspace.ask("ana", WEST)
    return await workspace.ask("bob", ASK, "west-coast")


def leave(workspace: Workspace, who: str) -> None:
    workspace.world.rosters[workspace.world.group("West Coast").id].discard(
        workspace.world.person(who).id
    )


def join(workspace: Workspace, who: str) -> None:
    workspace.world.rosters[workspace.world.group("West Coast").id].add(
        workspace.world.person(who).id
    )


async def look_again(workspace: Workspace) -> None:
    """Exec is asked who is in the group."""
    workspace.clock.tick(2 * 3600)
    group_id = workspace.world.group("West Coast").id
    await workspace.bot.core.coaching.rosters.refresh(group_id, purpose="roster")


def names(message: Message) -> set[str]:
    return {row[1] for row in table(message)[1:]}


@pytest.mark.parametrize("label", ["Next", "Share in channel"])
async def test_it_does_not_go_on_with_somebody_who_left(
    workspace: Workspace, answer: Message, label: str
) -> None:
    assert "Jane Smith" in str(answer.blocks)
    leave(workspace, "jane@acme.com")
    await look_again(workspace)
    stopped = await workspace.press("bob", answer, label)
    assert stopped.text.startswith(CHANGED)
    again = await workspace.press("bob", stopped, "Ask again")
    assert "Jane Smith" not in str(again.blocks)
    assert (await workspace.press("bob", again, label)).text != stopped.text


async def test_somebody_who_left_since_the_question_is_not_posted(
    workspace: Workspace, answer: Message
) -> None:
    asked = await workspace.press("bob", answer, "Share in channel")
    leave(workspace, "jane@acme.com")
    await look_again(workspace)
    stopped = await workspace.press("bob", asked, "Post it")
    assert stopped.text.startswith(CHANGED)
    assert [m for m in public(workspace) if m.channel == answer.channel] == []


async def test_it_goes_on_where_those_who_left_are_not_in_it(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)
    answer = await workspace.ask("bob", f"{ASK} top 1", "west-coast")
    (best,) = names(answer)
    leaver = next(p for p in workspace.world.roster("West Coast") if p.name != best)
    leave(workspace, leaver.email)
    await look_again(workspace)
    assert (
        "will see counts and averages"
        in (await workspace.press("bob", answer, "Share in channel")).text
    )


async def test_of_an_admin_it_goes_on(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", ASK, "west-coast")
    leave(workspace, "jane@acme.com")
    await look_again(workspace)
    assert (
        "will see counts and averages"
        in (await workspace.press("ana", answer, "Share in channel")).text
    )


@pytest.mark.new_here
async def test_it_goes_on_with_somebody_who_joined_after_the_last_look_at_the_group(
    workspace: Workspace,
) -> None:
    """Who is in a group is what its last look said: the answer is of the others."""
    await workspace.ask("ana", WEST)
    join(workspace, "amara.diallo@acme.com")
    workspace.clock.tick(60)
    answer = await workspace.ask("bob", ASK, "west-coast")
    assert "Amara Diallo" not in names(answer)
    assert (
        "will see counts and averages"
        in (await workspace.press("bob", answer, "Share in channel")).text
    )
