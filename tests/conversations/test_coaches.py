"""Coaches: assigned by admins, with a message about their people every Monday."""

from __future__ import annotations

from datetime import timedelta

from tests.conversations.acts import (
    MONDAY_8_30,
    choose_person,
    deliver,
    dms,
    make_bob_coach,
    monday_message,
    nudge_form,
)
from tests.workspace import Workspace, labels, table


async def test_removing_asks_first(workspace: Workspace) -> None:
    async def listed() -> list[list[str]]:
        return [row[:2] for row in table(await workspace.ask("ana", "coach list"))[1:]]

    await workspace.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    asked = await workspace.ask("ana", "coach remove @bob @amara.diallo")
    assert "Amara Diallo" in asked.text
    assert "West Coast" not in asked.text
    assert await listed() == [["Bob Jones", "West Coast and Amara Diallo"]]
    await workspace.press("ana", asked, "Remove")
    assert await listed() == [["Bob Jones", "West Coast"]]


async def test_old_practice_that_was_not_read_is_not_denied(workspace: Workspace) -> None:
    """Two people had a gold 100 days ago, before what is stored; one has another one since."""
    await make_bob_coach(workspace)
    people = workspace.world.roster("West Coast")
    theirs, (away, back) = {each.id for each in people}, people[2:4]
    for each in [each for each in workspace.world.sessions if each.user_id in theirs]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for person, days, score in ((away, 100, 95), (back, 100, 95), (back, 88, 70), (back, 3, 95)):
        at = MONDAY_8_30 - timedelta(days=days)
        workspace.world.add_session(person, scenario, at, score=score)
    await workspace.ask("bob", "help")  # by then it is stored that the sessions are gone
    message = await monday_message(workspace)
    assert "no practice on record" in message.text
    assert "no practice yet" not in message.text
    assert "irst gold on record" in message.text
    chosen = await choose_person(workspace, message, away.name)
    assert "no sessions, and none on record." in chosen.text
    assert "first role-play" not in str((await nudge_form(workspace, chosen)).view)


async def test_a_coach_chooses_a_person_and_sees_their_sessions(workspace: Workspace) -> None:
    await make_bob_coach(workspace)
    message = await monday_message(workspace)
    jane = await choose_person(workspace, message, "Jane Smith")
    assert jane.text.startswith("Jane Smith")
    assert labels(jane) == ["Nudge Jane", "See sessions", "Prepare a 1:1"]
    sessions = {
        name: await workspace.press(
            "bob", await choose_person(workspace, message, name), "See sessions"
        )
        for name in ("Jane Smith", "Sam Lee", "Liam Murphy")
    }
    assert "Jane Smith, Mon 16 Mar" in sessions["Jane Smith"].text
    assert sessions["Sam Lee"].text.startswith("No sessions")
    assert sessions["Liam Murphy"].text.startswith("No sessions")


async def test_the_message_about_an_empty_group_stops_until_it_is_resumed(
    workspace: Workspace,
) -> None:
    await make_bob_coach(workspace)
    west = workspace.world.group("West Coast").id
    people, workspace.world.rosters[west] = workspace.world.rosters[west], set()
    notice = await monday_message(workspace)
    assert "paused" in notice.text
    answer = await workspace.ask("bob", "who should i talk to")
    assert "Nobody" in answer.text
    assert labels(answer) == []
    await deliver(workspace, MONDAY_8_30 + timedelta(days=7))
    assert notice in dms(workspace, "bob")[-2:]
    workspace.world.rosters[west] = people
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()
    await workspace.press("bob", notice, "Resume")
    await deliver(workspace, MONDAY_8_30 + timedelta(days=14))
    assert "of 11 practiced" in dms(workspace, "bob")[-1].text
