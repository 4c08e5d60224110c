"""Rankings for people without a group, or in a group whose members aren't read yet."""

from __future__ import annotations

from tests.office import Office


async def test_a_group_that_was_not_read_yet_is_not_denied(new_office: Office) -> None:
    office = new_office
    answer = await office.ask("jane", "leaderboard")
    assert "I'm still loading the members of the groups." in answer.text
    await office.bot.exec.lists.sync()
    assert (await office.ask("jane", "leaderboard")).text.startswith("You're number ")
    in_groups = set().union(*office.world.rosters.values())
    alone = next(member for id_, member in office.world.members.items() if id_ not in in_groups)
    assert "You aren't in a group in Exec" in (await office.ask(alone.email, "leaderboard")).text
