"""Two sides by side, counted again from Exec's sessions, and through each door."""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean

import pytest

from tests.conversations.test_sharing import is_told, public
from tests.workspace import NOW, Workspace, labels, table

pytestmark = pytest.mark.acquainted


def counted(workspace: Workspace, group: str) -> tuple[str, str]:
    """Sessions and average of a group in the last 30 days, straight from Exec's sessions."""
    ids = {person.id for person in workspace.world.roster(group) if not person.is_system}
    own = [
        each
        for each in workspace.world.sessions
        if each.user_id in ids and each.created_at >= NOW - timedelta(days=30)
    ]
    scores = [each.score for each in own if each.is_valid_attempt and each.score is not None]
    return str(len(own)), f"{fmean(scores):.1f}"


async def test_groups_people_and_times(workspace: Workspace) -> None:
    said = 'compare group:"East Coast" vs group:"West Coast"'
    answer = await workspace.ask("ana", said, "west-coast")
    head, *rows = table(answer)
    assert head[:3] == ["Group", "People", "Sessions"]
    for row, group in zip(rows, ("East Coast", "West Coast"), strict=True):
        told = dict(zip(head, row, strict=True))
        assert row[0] == group
        assert (told["Sessions"], told["Average"]) == counted(workspace, group)
    same = await workspace.ask("ana", "versus group East Coast, group West Coast")
    assert table(same) == [head, *rows], same.text
    assert table(await workspace.press("ana", answer, "Refresh")) == [head, *rows]
    asked = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    assert table(public(workspace)[0])[0] == head

    people = await workspace.ask("ana", "compare @jane and @bob")
    assert [row[0] for row in table(people)[1:]] == ["Jane Smith", "Bob Jones"]
    assert "Share in channel" not in labels(people)
    weeks = await workspace.ask("jane", "compare last week, this week")
    assert [row[0] for row in table(weeks)[1:]] == ["last week", "this week"]
    assert "this week has 4.4 days so far" in weeks.text
    assert "Share in channel" in labels(weeks)


async def test_what_it_refuses(workspace: Workspace) -> None:
    unlike = await workspace.ask("ana", 'compare @jane group:"West Coast"')
    assert table(unlike) == []
    for said in ("compare @jane @bob", 'compare group:"West Coast" vs group:"West Coast Managers"'):
        refused = await workspace.ask("jane", said)
        assert table(refused) == []
    other = await workspace.ask("ana", "sessions last month vs this month")
    assert table(other)[0][0] == "Period"
