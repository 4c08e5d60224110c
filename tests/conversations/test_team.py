"""How a team is doing, through each door: counted again by other means."""

from __future__ import annotations

import pytest

from tests.office import Office, labels, table

pytestmark = pytest.mark.acquainted


async def test_look(office: Office) -> None:
    for who, text in (
        ("ana", 'team "West Coast"'), ("ana", "team"), ("ana", "team my people"), ("jane", "team"), 
        ("ana", "help team"), ("ana", "team @jane"), ("ana", 'team "West Coas" last week'), ("ana", "explain team last week")
    ):
        answer = await office.ask(who, text)
        print("=====", who, text)
        print(answer.text)
        try:
            print(table(answer)[:4], labels(answer))
        except Exception as e: print("no table", labels(answer))
    print(office.world.people.keys() if hasattr(office.world.people,'keys') else office.world.people)
    assert 0
