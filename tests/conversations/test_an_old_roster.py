"""While nobody can tell who is in a group, its coach sees nothing of it; who sees all, does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.demo.exec_server import Fault
from tests.conversations.test_coaches import WEST
from tests.conversations.test_digests import deliver, kept, posts
from tests.conversations.test_sharing import public
from tests.workspace import Workspace, labels, table, whose

ASK = 'sessions group:"West Coast" last 60d'
UNSURE = "just now: I last saw who is in your groups on Fri 20 March, and can't ask Exec again yet."
HOUR = 3600


def leave(workspace: Workspace, who: str) -> None:
    west = workspace.world.rosters[workspace.world.group("West Coast").id]
    west.discard(workspace.world.person(who).id)


async def away(workspace: Workspace) -> None:
    workspace.exec.faults.append(Fault("reset", times=None))


async def used_up(workspace: Workspace) -> None:
    await workspace.leave(0)


WHY = pytest.mark.parametrize("why", [away, used_up])


async def answered(workspace: Workspace) -> None:
    """Bob asked about his people, once more a day after it was read who they are."""
    await workspace.ask("ana", WEST)
    await workspace.ask("bob", ASK, "west-coast")
    await workspace.ask("bob", "sessions me last 60d")
    workspace.clock.tick(23 * HOUR)
    answer = await workspace.ask("bob", ASK, "west-coast")
    assert "Jane Smith" in str(answer.blocks)


@pytest.mark.begins(after=answered)
@WHY
async def test_a_coach_is_told_so_at_every_door(workspace: Workspace, why: object) -> None:
    answer = workspace.seen("bob", "west-coast")[-1]
    other = await workspace.ask("bob", ASK, "west-coast")
    leave(workspace, "jane@acme.com")
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    asked = await workspace.press("bob", answer, "Share in channel")
    workspace.clock.tick(2 * HOUR)
    await (away if why is away else used_up)(workspace)
    heard = [await workspace.press("bob", asked, "Post it")]
    for message, label in ((answer, "Share in channel"), (answer, "Next"), (other, "Refresh")):
        heard.append(await workspace.press("bob", message, label))
    heard.append(await workspace.ask("bob", ASK, "west-coast"))
    heard.append(await workspace.ask("bob", "sessions @jane last 60d", "west-coast"))
    for told in heard:
        assert UNSURE in told.text
        assert labels(told) == ["My last 7 days"]
        assert table(told) == []
    assert [message for message in public(workspace) if message.channel == answer.channel] == []
    own = await workspace.press("bob", heard[-1], "My last 7 days")
    assert whose(own) == {"Bob Jones"}


async def test_a_digest_waits_until_its_people_are_known(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    await workspace.ask("bob", 'digest "West Coast" every monday 9:00', "west-coast")
    leave(workspace, "jane@acme.com")
    await away(workspace)
    await deliver(workspace, datetime(2026, 3, 23, 8, 1, tzinfo=UTC))
    assert posts(workspace) == []
    assert not any(one.is_paused for one in await kept(workspace))
    workspace.exec.faults.clear()
    await deliver(workspace, datetime(2026, 3, 23, 9, 0, tzinfo=UTC))
    (post,) = posts(workspace)
    assert f"of {len(workspace.world.roster('West Coast'))} practiced" in post.text
