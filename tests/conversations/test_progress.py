"""How far people came, counted again from Exec's sessions, and through each door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conversations.test_sharing import is_told, public
from tests.workspace import NOW, Workspace, labels, table

pytestmark = pytest.mark.acquainted
ONE = ["Scenario", "Attempts", "First", "Last", "Best", "Lift"]
SEVERAL = ["Who", "Scenarios", "Attempts", "First", "Last", "Lift", "Last vs best"]


def written(score: float) -> str:
    return f"{score:.1f}"


def counted(workspace: Workspace, who: str) -> dict[str, list[str]]:
    """Attempts, first, last and best score by scenario, straight from Exec's sessions."""
    person, world = workspace.world.person(who), workspace.world
    own = sorted(
        (
            each
            for each in world.sessions
            if each.user_id == person.id and each.is_valid_attempt and each.score is not None
        ),
        key=lambda each: (each.created_at, each.id),
    )
    found = {}
    for id_ in {each.scenario_id for each in own if each.created_at >= NOW - timedelta(days=30)}:
        scores = [each.score for each in own if each.scenario_id == id_]
        told = [scores[0], scores[-1], max(scores)]
        found[world.scenarios[id_].name] = [str(len(scores)), *map(written, told)]
    return found


async def test_one_person_and_several(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "progress @jane")
    head, *rows = table(answer)
    assert head == ONE
    assert {row[0]: row[1:5] for row in rows} == counted(workspace, "jane@acme.com")
    assert "Share in channel" not in labels(answer)
    own = await workspace.ask("jane", "progress")
    assert table(own) == [head, *rows]
    assert "I can't show you Bob" in (await workspace.ask("jane", "progress @bob")).text

    everyone = await workspace.ask("ana", "improvement this month", "west-coast")
    assert table(everyone)[0] == SEVERAL
    refreshed = await workspace.press("ana", everyone, "Refresh")
    assert table(refreshed) == table(everyone)
    asked = await workspace.press("ana", everyone, "Share in channel")
    await workspace.press("ana", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    (post,) = public(workspace)
    assert "New personal bests\n" in post.text
    assert not table(post)

    await workspace.ask("ana", 'coach add @bob "West Coast"')
    theirs = await workspace.ask("bob", "progress")
    west = {person.name for person in workspace.world.roster("West Coast")}
    assert {row[0] for row in table(theirs)[1:]} <= west
