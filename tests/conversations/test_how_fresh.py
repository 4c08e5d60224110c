"""How fresh a report is: it says its oldest look, wherever its figures are read."""

from __future__ import annotations

from datetime import timedelta

from tests.conversations.test_coaches import WEST
from tests.conversations.test_digests import LINE, MONDAY_9, deliver, posts, told
from tests.workspace import NOW, Workspace, footer

OLDEST = "older sessions last checked Fri 20 Mar 10:00"


async def test_a_report_says_its_oldest_look_where_that_is_older_than_the_rest(
    workspace: Workspace,
) -> None:
    saved = await workspace.ask("ana", LINE, "west-coast")
    await workspace.press("ana", await workspace.press("ana", saved, "Send now"), "Post now")
    await deliver(workspace, NOW + timedelta(seconds=2))
    (post,) = posts(workspace)
    for message in (post, await workspace.press("ana", post, "See details")):
        assert "last checked" not in message.text + str(message.blocks)

    await workspace.ask("ana", WEST)
    workspace.clock.now = MONDAY_9 - timedelta(hours=4)
    await workspace.ask("ana", 'sessions group:"West Coast" today')  # the group is looked at
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    _, post = posts(workspace)
    coach = told(workspace, "bob")[-1]
    own = await workspace.ask("jane", "me")
    for message in (post, await workspace.press("ana", post, "See details"), coach, own):
        assert OLDEST in message.text
        assert OLDEST in footer(message)
    for said in (coach.text, footer(coach)):
        assert "group members updated at 05:00" in said
