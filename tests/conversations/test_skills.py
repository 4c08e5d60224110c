"""Skills by Exec's own proficiency: whose, what they cost, and what a channel sees."""

from __future__ import annotations

import httpx
import pytest

from tests.conversations.test_sharing import is_told, public
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted
GROUP = ["Skill", "People", "Proficient or better", "Average"]


async def proficiency(workspace: Workspace, **filters: str) -> dict[str, list[dict]]:
    """What Exec says of each skill, asked by other means."""
    headers = {"Authorization": f"Bearer {workspace.exec.key}"}
    found = {}
    async with httpx.AsyncClient(base_url=workspace.exec.url, headers=headers) as http:
        for skill in workspace.world.skills.values():
            answer = await http.get(
                f"/skills/{skill.id}/proficiency",
                params={"page_size": 100, "exclude_system_users": "true", **filters},
            )
            found[skill.name] = answer.json()["data"]
    workspace.forget()
    return found


def asked_skills(workspace: Workspace) -> int:
    return sum("/proficiency" in path for path in workspace.paths())


async def test_a_group_and_the_company(workspace: Workspace) -> None:
    group = workspace.world.group("West Coast")
    expected = await proficiency(workspace, group_ids=group.id)
    answer = await workspace.ask("ana", "skills group:west")
    head, *rows = table(answer)
    assert head == GROUP
    assert {row[0]: row[1] for row in rows} == {
        name: str(len(people)) for name, people in expected.items()
    }
    workspace.forget()
    company = await workspace.ask("ana", "skills", "west-coast")
    assert workspace.paths() == ["/skills"], "the overview costs one request"
    asked = await workspace.press("ana", company, "Share in channel")
    await workspace.press("ana", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    (post,) = public(workspace)
    assert table(post)[0] == GROUP


async def test_whose_skills_one_may_see(workspace: Workspace) -> None:
    workspace.forget()
    for said in ("skills @bob", "skills last 7d"):
        assert table(await workspace.ask("jane", said)) == []
    assert asked_skills(workspace) == 0
