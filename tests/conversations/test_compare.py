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
    assert head == ["Figure", "East Coast", "West Coast", "Difference"]
    assert answer.text.startswith("East Coast vs West Coast: ")
    by_label = {row[0]: row[1:] for row in rows}
    for at, group in enumerate(("East Coast", "West Coast")):
        told = by_label["Sessions"][at], by_label["Average"][at]
        assert told == counted(workspace, group)
    first, second, apart = by_label["Sessions"]
    assert int(apart) == int(first) - int(second)
    same = await workspace.ask("ana", "versus group East Coast, group West Coast")
    assert table(same) == [head, *rows], same.text
    assert table(await workspace.press("ana", answer, "Refresh")) == [head, *rows]
    asked = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    assert table(public(workspace)[0])[0] == head

    people = await workspace.ask("ana", "compare @jane and @bob")
    assert table(people)[0][1:3] == ["Jane Smith", "Bob Jones"]
    assert "Share in channel" not in labels(people)
    weeks = await workspace.ask("jane", "compare last week, this week")
    assert table(weeks)[0][1:3] == ["last week", "this week"]
    assert "this week is the shorter time: 4.4 days" in weeks.text
    assert "Share in channel" in labels(weeks)


async def test_what_it_refuses(workspace: Workspace) -> None:
    unlike = await workspace.ask("ana", 'compare @jane group:"West Coast"')
    assert unlike.text.startswith("I can compare two people, two groups")
    assert "This month and last month" in labels(unlike)
    for said in ("compare @jane @bob", 'compare group:"West Coast" vs group:"West Coast Managers"'):
        refused = await workspace.ask("jane", said)
        assert table(refused) == []
    wrong = await workspace.ask("ana", "sessions last month vs this month")
    assert wrong.text.startswith("vs this month doesn't go with sessions.")
    assert table(await workspace.press("ana", wrong, "compare"))[0][0] == "Figure"
