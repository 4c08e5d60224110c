"""If nobody knows who is in a group, its coach sees nothing of it until Exec answers again."""

from __future__ import annotations

from datetime import timedelta

from bot.demo.exec_server import Fault
from tests.conversations.acts import MONDAY_9, WEST_DIGEST, deliver, make_bob_coach, posts
from tests.workspace import Workspace, labels, table, whose

ASK = 'sessions group:"West Coast" last 60d'
UNSURE = "right now: my list of the people in your groups is missing or more than a day old"


async def start(workspace: Workspace) -> None:
    """Bob coaches West Coast, and joins its channel."""
    await make_bob_coach(workspace)
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))


def jane_leaves_while_exec_is_away(workspace: Workspace) -> None:
    west = workspace.world.group("West Coast").id
    workspace.world.rosters[west].discard(workspace.world.person("jane@acme.com").id)
    workspace.exec.faults.append(Fault("reset", times=None))


async def test_a_coach_sees_nothing_of_a_roster_older_than_a_day(workspace: Workspace) -> None:
    await start(workspace)
    await workspace.ask("bob", "sessions me last 60d")
    workspace.clock.tick(23 * 3600)
    answer = await workspace.ask("bob", ASK, "west-coast")
    assert "Jane Smith" in str(answer.blocks)
    other = await workspace.ask("bob", ASK, "west-coast")
    preview = await workspace.press("bob", answer, "Share in channel")
    jane_leaves_while_exec_is_away(workspace)
    workspace.clock.tick(4 * 3600)
    presses = ((preview, "Post it"), (answer, "Next"), (other, "Refresh"))
    refusals = [await workspace.press("bob", message, label) for message, label in presses]
    for question in (ASK, "sessions @jane last 60d"):
        refusals.append(await workspace.ask("bob", question, "west-coast"))
    for refused in refusals:
        assert UNSURE in refused.text
        assert labels(refused) == ["My last 7 days"]
        assert table(refused) == []
    assert posts(workspace) == []
    own = await workspace.press("bob", refusals[-1], "My last 7 days")
    assert whose(own) == {"Bob Jones"}


async def test_a_digest_waits_until_its_people_are_known(workspace: Workspace) -> None:
    await start(workspace)
    await workspace.ask("bob", WEST_DIGEST, "west-coast")
    jane_leaves_while_exec_is_away(workspace)
    await deliver(workspace, MONDAY_9)
    assert posts(workspace) == []
    workspace.exec.faults.clear()
    await deliver(workspace, MONDAY_9 + timedelta(hours=1))
    (post,) = posts(workspace)
    assert f"of {len(workspace.world.roster('West Coast'))} practiced" in post.text
