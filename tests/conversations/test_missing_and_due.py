"""Who has not practiced, and what is due: for whom it is, and how it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conversations.test_sharing import is_told, public
from tests.conversations.test_team import members, sessions
from tests.workspace import NOW, Workspace, offered, table, whose

pytestmark = pytest.mark.acquainted
DAY = timedelta(days=1)


async def test_who_has_not_practiced(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'inactive "West Coast" last 7d')
    head, *rows = table(answer)
    assert head == ["Who", "Last practiced", "Before", "Overdue"]
    people = members(workspace, "West Coast")
    practiced = {row.user_id for row in sessions(workspace, people, NOW - 7 * DAY, NOW)}
    missing = {workspace.world.people[id_].name for id_ in people - practiced}
    assert {row[0] for row in rows} == missing
    assert answer.text.startswith(f"{len(missing)} of {len(people)} people have not practiced: ")
    # It is nothing for a channel, whoever asks.
    assert sorted(offered(answer)) == ["Export CSV", "Refresh"]
    said = await workspace.ask("ana", "digest inactive every monday 9:00", "west-coast")
    assert "channel" in said.text

    refused = await workspace.ask("jane", "inactive")
    assert refused.text.startswith("You coach nobody yet")
    await workspace.ask("ana", 'coach add @jane "West Coast"')
    own = await workspace.ask("jane", "inactive last 7d")
    assert {row[0] for row in table(own)[1:]} == missing
    assert "not practiced" in (await workspace.ask("jane", "inactive @liam today")).text


async def test_what_is_due(workspace: Workspace) -> None:
    everybody = await workspace.ask("ana", "assignments")
    head, *rows = table(everybody)
    assert head == ["Who", "Scenario", "Due", "Status", "Attempts", "Best"]
    order = ["overdue", "did not pass", "due", "no date", "done"]
    assert [order.index(row[3]) for row in rows] == sorted(order.index(row[3]) for row in rows)
    late = await workspace.ask("ana", "assignments overdue")
    assert {row[3] for row in table(late)[1:]} == {"overdue", "did not pass"}
    overdue = sum(row[3] == "overdue" for row in rows)
    assert late.text.startswith(f"{overdue} overdue: Everyone, overdue")

    own = await workspace.ask("jane", "what is overdue"[8:])
    mine = await workspace.ask("jane", "assignments")
    assert whose(mine) == {"Jane Smith"}
    assert "overdue" in own.text
    wrong = await workspace.ask("ana", "sessions overdue")
    assert "doesn't go with" in wrong.text
    assert table(await workspace.press("ana", wrong, "assignments"))[0] == head

    shared = await workspace.ask("ana", 'assignments "West Coast"', "west-coast")
    await workspace.press(
        "ana", await workspace.press("ana", shared, "Share in channel"), "Post it"
    )
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    (post,) = public(workspace)
    assert "Overdue" in post.text
    assert "Jane" not in post.text
