"""Names that several people or things have, told apart in the choice."""

from __future__ import annotations

from dataclasses import replace

from tests.office import Office
from tests.shown import labels


async def test_a_choice_tells_apart_people_and_groups_with_one_name(office: Office) -> None:
    choice = await office.ask("ana", 'sessions "Alex Kim"')
    assert labels(choice) == ["Alex Kim (alex.kim@acme.com)", "Alex Kim (alex.kim2@acme.com)"]

    world, second = office.world, office.person("alex.kim2")
    west, east = world.group("West Coast"), world.group("East Coast")
    world.people[second.id] = world.members[second.id] = replace(second, email="")
    world.groups[east.id] = replace(east, name=west.name)
    office.wait(days=2)
    await office.run_jobs()
    choice = await office.ask("ana", 'sessions "Alex Kim"')
    assert {*labels(choice)} == {"Alex Kim (alex.kim@acme.com)", f"Alex Kim ({second.id})"}
    choice = await office.ask("ana", 'team group:"West Coast"')
    assert {*labels(choice)} == {f"West Coast ({group.id})" for group in (west, east)}
