"""If a group's members are unknown, its coach sees none of them until Exec answers again."""

from __future__ import annotations

from datetime import timedelta

from bot.demo.exec_server import ExecFault
from tests.office import Office, berlin
from tests.shown import labels, table

MONDAY_9 = berlin("2026-03-23 9:00")
WEST_DIGEST = 'digest "West Coast" every monday 9:00'

ASK = 'sessions group:"West Coast" last 60d'
UNSURE = "right now: my list of the people in your groups is missing or more than a day old"


def jane_leaves_while_exec_is_away(office: Office) -> None:
    west = office.world.group("West Coast").id
    office.world.rosters[west].discard(office.person("jane").id)
    office.exec.faults.append(ExecFault("reset", times=None))


async def test_a_coach_sees_nothing_of_a_roster_older_than_a_day(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("bob", "sessions me last 60d")
    office.clock.tick(20 * 3600)
    answer = await office.ask("bob", ASK, "west-coast")
    assert "Jane Smith" in str(answer.blocks)
    other = await office.ask("bob", ASK, "west-coast")
    preview = await office.press("bob", answer, "Share in channel")
    jane_leaves_while_exec_is_away(office)
    office.clock.tick(7 * 3600)
    presses = ((preview, "Post it"), (answer, "Next"), (other, "Refresh"))
    refusals = [await office.press("bob", message, label) for message, label in presses]
    for question in (ASK, "sessions @jane last 60d"):
        refusals.append(await office.ask("bob", question, "west-coast"))
    for refused in refusals:
        assert UNSURE in refused.text
        assert labels(refused) == ["My last 7 days"]
        assert table(refused) == []
    assert office.posts("west-coast") == []
    own = await office.press("bob", refusals[-1], "My last 7 days")
    assert "Bob Jones" in own.text.partition("\n")[0]


async def test_a_digest_waits_until_its_people_are_known(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("bob", WEST_DIGEST, "west-coast")
    jane_leaves_while_exec_is_away(office)
    await office.at(MONDAY_9)
    assert office.posts("west-coast") == []
    office.exec.faults.clear()
    await office.at(MONDAY_9 + timedelta(hours=1))
    (post,) = office.posts("west-coast")
    assert f"of {len(office.world.roster('West Coast'))} practiced" in post.text
