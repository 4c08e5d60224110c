"""One session with Exec's feedback: what it tells, whom, and what it costs."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.exec_server import Fault
from bot.sandbox.world_things import Session
from tests.conversations.test_sharing import is_told, public
from tests.workspace import Workspace, labels, table

pytestmark = pytest.mark.acquainted
HEAD = ["Criterion", "Item", "Grade"]
WORDS = {"good": "Good", "mid": "Fair", "bad": "Needs work"}


def newest_of(workspace: Workspace, who: str) -> Session:
    """Somebody's newest graded session, straight from Exec."""
    rows = workspace.world.sessions.by_user[workspace.world.person(f"{who}@acme.com").id]
    return max((row for row in rows if row.score is not None), key=lambda row: row.created_at)


def details(workspace: Workspace) -> int:
    """How often Exec was asked about one session."""
    return sum(path.startswith("/sessions/") for path in workspace.paths())


async def test_what_exec_says_is_told_and_asked_once(workspace: Workspace) -> None:
    answer = await workspace.ask("jane", "session last gold,silver,bronze,unranked")
    row = newest_of(workspace, "jane")
    scenario = workspace.world.scenario(row.scenario_id)
    assert answer.text.startswith(f"{scenario.name}: Jane Smith")
    for title in ("Outcome", "What went well", "What to improve"):
        assert f"\n{title}\n" in answer.text
    assert table(answer)[0] == HEAD
    assert details(workspace) == 1
    again = await workspace.ask("jane", f"session {row.id}")
    assert "Jane Smith, one session" in again.text
    assert table(again) == table(answer)
    assert details(workspace) == 1, "it is stored"
    workspace.world.grade(row.id, 12.0)
    graded = await workspace.press("jane", again, "Refresh")
    assert "Score: 12." in graded.text
    assert details(workspace) == 2, "it was graded anew"


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


async def test_only_the_person_their_coaches_and_admins(workspace: Workspace) -> None:
    row, other = newest_of(workspace, "jane"), newest_of(workspace, "bob")
    priya, jane = workspace.user("priya"), workspace.user("jane")
    await workspace.ask("ana", f"coach add <@{priya}> <@{jane}>")
    workspace.forget()
    refused = (await workspace.ask("jane", f"session {other.id}")).text
    unknown = (await workspace.ask("jane", "session 0123456789ab")).text
    assert refused == unknown.replace("0123456789ab", other.id)
    assert "among those you may see" in refused
    assert details(workspace) == 1, "of the one that is not stored"
    assert "can't find" in (await workspace.ask("priya", f"session {other.id}")).text
    assert "Jane Smith" in (await workspace.ask("priya", f"session {row.id}")).text
    assert "I can't show you" in (await workspace.ask("jane", "session last @bob")).text
    assert "Leave out what else" in (await workspace.ask("ana", f"session {row.id} gold")).text


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


async def test_a_channel_sees_score_and_rank_of_ones_own(workspace: Workspace) -> None:
    row = newest_of(workspace, "jane")
    theirs = await workspace.ask("ana", f"session {row.id}", "west-coast")
    assert "Share in channel" not in labels(theirs)
    own = await workspace.ask("jane", f"session {row.id}", "west-coast")
    assert "Outcome" in own.text
    asked = await workspace.press("jane", own, "Share in channel")
    await workspace.press("jane", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "jane", "west-coast"))
    (post,) = public(workspace)
    assert "Score: " in post.text
    shown = json.dumps(post.blocks, ensure_ascii=False)
    for word in ("Outcome", "What went well", "Better: ", "Criterion"):
        assert word not in post.text + shown
