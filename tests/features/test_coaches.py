"""Coaches: assigned by admins, with a message about their people every Monday."""

from __future__ import annotations

from datetime import timedelta

from tests.office import Office, berlin
from tests.shown import labels, table

MONDAY_8_30 = berlin("2026-03-23 8:30")


async def test_removing_asks_first(office: Office) -> None:
    async def listed() -> list[list[str]]:
        rows = table(await office.ask("ana", "coach list"))
        return [[*row.values()][:2] for row in rows]

    await office.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    asked = await office.ask("ana", "coach remove @bob @amara.diallo")
    assert "Amara Diallo" in asked.text
    assert "West Coast" not in asked.text
    assert await listed() == [["Bob Jones", "West Coast and Amara Diallo"]]
    await office.press("ana", asked, "Remove")
    assert await listed() == [["Bob Jones", "West Coast"]]


async def test_old_practice_that_was_not_read_is_not_denied(office: Office) -> None:
    """Two people earned a gold 800 days ago, before the stored sessions; one earned another
    since."""
    office.without_sessions()
    for who, days, score in (
        ("sam", 800, 95),
        ("priya", 800, 95),
        ("priya", 88, 70),
        ("priya", 3, 95),
    ):
        office.practice(who, at=MONDAY_8_30 - timedelta(days=days), score=score)
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.at(MONDAY_8_30)
    message = office.dms("bob")[-1]
    assert "no practice on record" in message.text
    assert "no practice yet" not in message.text
    chosen = await office.choose("bob", message, "Sam Lee")
    assert "no sessions, and none on record." in chosen.text
    assert "first role-play" not in str((await office.form("bob", chosen, "Nudge")).view)


async def test_a_coach_chooses_a_person_and_sees_their_sessions(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.at(MONDAY_8_30)
    message = office.dms("bob")[-1]
    jane = await office.choose("bob", message, "Jane Smith")
    assert jane.text.startswith("Jane Smith")
    assert labels(jane) == ["Nudge Jane", "See sessions", "Prepare a 1:1"]
    sessions = {
        name: await office.press("bob", await office.choose("bob", message, name), "See sessions")
        for name in ("Jane Smith", "Sam Lee", "Liam Murphy")
    }
    assert "Jane Smith, Mon, Mar 16" in sessions["Jane Smith"].text
    assert sessions["Sam Lee"].text.startswith("No sessions")
    assert sessions["Liam Murphy"].text.startswith("No sessions")


async def test_the_message_about_an_empty_group_stops_until_it_is_resumed(
    office: Office,
) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    west = office.world.group("West Coast").id
    people, office.world.rosters[west] = office.world.rosters[west], set()
    await office.at(MONDAY_8_30)
    notice = office.dms("bob")[-1]
    assert "paused" in notice.text
    answer = await office.ask("bob", "who should i talk to")
    assert "Nobody" in answer.text
    assert labels(answer) == []
    await office.at(MONDAY_8_30 + timedelta(days=7))
    assert notice in office.dms("bob")[-2:]
    office.world.rosters[west] = people
    office.clock.tick(7 * 3600)
    await office.bot.exec.lists.sync()
    await office.press("bob", notice, "Resume")
    await office.at(MONDAY_8_30 + timedelta(days=14))
    assert "of 11 practiced" in office.dms("bob")[-1].text
