"""One session with Exec's feedback: what it tells, whom, and what it costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sandbox.exec_server import Fault
from bot.sandbox.world_things import Session
from bot.storage.tables import session_feedback, stored_answer
from tests.cli import Cli
from tests.conversations.test_sharing import is_told, public
from tests.workspace import MakeOffice, Workspace, in_rows, labels, table, workspace_apart

pytestmark = pytest.mark.acquainted
HEAD = ["Criterion", "Item", "Grade"]
DAY = 86_400
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
    for title in ("Outcome: ", "What went well: ", "What to improve: "):
        assert title in answer.text
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
    assert 0 < sum(f"“{quote}” Better: “{better}”" in said for quote, better in quotes) <= 2


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


async def test_while_exec_is_away_what_is_held_is_told(workspace: Workspace) -> None:
    row, other = newest_of(workspace, "jane"), newest_of(workspace, "bob")
    await workspace.ask("ana", f"session {row.id}")
    workspace.clock.tick(2 * 3600)
    workspace.exec.faults.append(Fault("status", times=99, status=503))
    stored = await workspace.ask("ana", f"session {row.id}")
    assert "Outcome" in stored.text
    assert "feedback as of 10:00" in stored.text
    without = await workspace.ask("ana", f"session {other.id}")
    assert "I can't ask Exec for its feedback now" in without.text
    assert "Exec can't be reached" in without.text


async def test_it_is_forgotten_with_its_person(workspace: Workspace) -> None:
    row = newest_of(workspace, "jane")
    await workspace.ask("ana", f"session {row.id}")
    core = workspace.bot.core
    await core.forgetting.forget(await core.forgetting.traces("jane@acme.com"))
    async with core.database.transaction(reads=True) as connection:
        assert (await connection.execute(session_feedback.select())).all() == []
        answers = (await connection.execute(stored_answer.select())).all()
    assert not any(row.user_id in (each.body or "") for each in answers)


async def test_each_row_of_sessions_leads_to_it(open_workspace: MakeOffice) -> None:
    async with open_workspace(refusals_expected=True) as workspace:
        await lead_to_it(workspace)


async def lead_to_it(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions @jane gold last 30d")
    rows, shown = table(answer)[1:], in_rows(answer)
    assert len(shown) == len(rows) > 2
    ack = await workspace.slack.click(workspace.user("ana"), answer, shown[2]["action_id"])
    opened = await workspace.heard("ana", after=ack)
    assert opened.text.startswith(f"{rows[2][1]}: Jane Smith, one session")
    assert f"When: {rows[2][0]}." in opened.text
    # Where Slack refuses them, the rows are lines, and a menu leads there.
    workspace.slack.unsupported_blocks = {"action_cell"}
    plainer = await workspace.ask("ana", "sessions @jane gold last 30d")
    for row in rows:
        assert "  ·  ".join(row) in str(plainer.blocks)
    (menu,) = (
        element
        for block in plainer.blocks
        for element in block.get("elements", ())
        if element["type"] == "static_select"
    )
    assert [each["text"]["text"] for each in menu["options"]] == [
        f"{row[0]}  ·  {row[1]}" for row in rows
    ]
    chosen = menu["options"][2]["value"]
    ack = await workspace.slack.click(workspace.user("ana"), plainer, menu["action_id"], chosen)
    again = await workspace.heard("ana", after=ack)
    assert again.text == opened.text
    # A row of a team leads to that person.
    workspace.slack.unsupported_blocks = set()
    workspace.clock.tick(2 * DAY)
    team = await workspace.ask("ana", 'team "West Coast"')
    first = in_rows(team)[0]["action_id"]
    ack = await workspace.slack.click(workspace.user("ana"), team, first)
    person = await workspace.heard("ana", after=ack)
    assert f"sessions: {table(team)[1][0]}, " in person.text
    # It is the asker's own.
    forged = workspace.press_of("jane", plainer, "answer.row.0", shown[0]["value"])
    told = await workspace.heard("jane", after=await workspace.act(forged))
    assert "too old, or belongs to someone else" in told.text


async def test_it_answers_in_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with workspace_apart(tmp_path) as place:
        cli = Cli(place, capsys)
        assert "What went well" in await cli.ask("ana@acme.com", "session last jane@acme.com gold")
        told = json.loads(await cli.ask("ana@acme.com", "session last gold", as_json=True))
    assert list(told["rows"][0]) == HEAD
