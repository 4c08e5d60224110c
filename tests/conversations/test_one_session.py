"""One session with Exec's feedback: what it tells, whom, and what it costs."""

from __future__ import annotations

import pytest

from bot.sandbox.exec_server import Fault
from bot.sandbox.world_things import Session
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted
WORDS = {"good": "Good", "mid": "Fair", "bad": "Needs work"}


def newest_of(workspace: Workspace, who: str) -> Session:
    """Somebody's newest graded session, straight from Exec."""
    rows = workspace.world.sessions.by_user[workspace.world.person(f"{who}@acme.com").id]
    return max((row for row in rows if row.score is not None), key=lambda row: row.created_at)


def details(workspace: Workspace) -> int:
    """How often Exec was asked about one session."""
    return sum(path.startswith("/sessions/") for path in workspace.paths())


async def test_grades_and_quotes_are_those_of_exec(workspace: Workspace) -> None:
    row = newest_of(workspace, "jane")
    workspace.world.grade(row.id, 40.0)
    answer = await workspace.ask("ana", f"session session:{row.id}")
    path = f"{workspace.exec.url}/sessions/{row.id}"
    asked = workspace.bot.core.exec_client._http
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


async def test_while_exec_does_not_tell_of_it_what_is_stored_is_told(workspace: Workspace) -> None:
    row = newest_of(workspace, "jane")
    scenario = workspace.world.scenario(row.scenario_id)
    for status in (503, 400):
        workspace.exec.faults[:] = [Fault("status", None, path="/sessions/", status=status)]
        answer = await workspace.ask("jane", f"session {row.id}")
        assert answer.text.startswith(f"{scenario.name}: Jane Smith")
        assert f"Score: {row.score:.1f}" in answer.text
        assert "I can't ask Exec for its feedback now. Try again later." in answer.text
        assert ("Exec can't be reached" in answer.text) is (status == 503)


@pytest.mark.new_here
async def test_one_that_is_not_held_is_asked_once_as_well(workspace: Workspace) -> None:
    row = newest_of(workspace, "jane")
    await workspace.ask("ana", "help")
    workspace.forget()
    assert "Outcome" in (await workspace.ask("ana", f"session {row.id}")).text
    assert details(workspace) == 1
    assert "Outcome" in (await workspace.ask("ana", f"session {row.id}")).text
    assert details(workspace) == 1
    assert workspace.asked() == [], "nobody's sessions were read for it"
