"""One session with Exec's feedback: what it tells, whom, and what it costs."""

from __future__ import annotations

import pytest

from bot.demo.world_things import Session
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted
WORDS = {"good": "Good", "mid": "Fair", "bad": "Needs work"}


def newest_of(workspace: Workspace, who: str) -> Session:
    """Somebody's newest graded session, straight from Exec."""
    rows = workspace.world.sessions.by_user[workspace.world.person(f"{who}@acme.com").id]
    return max((row for row in rows if row.score is not None), key=lambda row: row.created_at)


async def test_grades_and_quotes_are_those_of_exec(workspace: Workspace) -> None:
    row = newest_of(workspace, "jane")
    workspace.world.grade(row.id, 40.0)
    answer = await workspace.ask("ana", f"session session:{row.id}")
    path = f"{workspace.exec.url}/sessions/{row.id}"
    asked = workspace.bot.exec._http
    told = (await asked.get(path, params={"include": "evaluations"})).json()
    assert table(answer)[1:] == [
        [criterion["criterion_name"], item["name"], WORDS[item["grade"]]]
        for criterion in told["evaluations"]
        for item in criterion["items"]
    ]
    quotes = {
        (each["quote"], each["suggestion_quote"])
        for criterion in told["evaluations"]
        for item in criterion["items"]
        for each in item["feedback_examples"]
        if each["suggestion_quote"]
    }
    said = answer.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert 0 < sum(f"“{quote}”\nBetter: “{better}”" in said for quote, better in quotes) <= 2
