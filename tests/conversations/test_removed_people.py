"""People who were removed from Exec: their sessions stay, their rights do not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.office import MakeOffice, Office, labels, whose

pytestmark = pytest.mark.acquainted

LEFT = ("bob", "ana")  # a rep, and an admin
LAST_30D_OF_BOB = {
    "user_emails": "bob@acme.com",
    "start_date": "2026-02-18T16:00:00Z",
    **STAFF_OUT,
}


@pytest.fixture
async def later(open_office: MakeOffice) -> AsyncIterator[Office]:
    """An office in which people left Exec since the bot first looked."""
    async with open_office(EXECBOT_ADMINS="priya@acme.com") as office:
        await office.ask("ana", "sessions top 1")
        for who in LEFT:
            office.world.remove_member(f"{who}@acme.com")
        office.clock.tick(7 * 3600)
        await office.ask("priya", "sessions top 1")
        office.forget()
        yield office


@pytest.mark.new_here
@pytest.mark.parametrize("said", ["bob@acme.com", '"Bob Jones"', "@bob", "id:{id}"])
async def test_an_admin_finds_them(later: Office, said: str) -> None:
    id_ = later.world.person("bob@acme.com").id
    answer = await later.ask("priya", f"sessions {said.format(id=id_)} last 30d")
    assert_tells(later, answer, truth(later, LAST_30D_OF_BOB))
    assert whose(answer) == {"Bob Jones"}
    assert later.paths() == ["/sessions"]  # the newest ones were read for the question before


async def test_they_see_their_own_practice(later: Office) -> None:
    answer = await later.ask("bob", "sessions last 30d")
    assert_tells(later, answer, truth(later, LAST_30D_OF_BOB))
    assert whose(answer) == {"Bob Jones"}


@pytest.mark.parametrize("said", ["@jane", "jane@acme.com", '"Jane Smith"'])
async def test_an_admin_who_left_sees_nobody_else(later: Office, said: str) -> None:
    refusal = await later.ask("ana", f"sessions {said} last 30d")
    assert refusal.text.startswith("You can see your own practice, but not that of")
    assert later.asked() == []
    answer = await later.ask("ana", "sessions last 30d")
    assert whose(answer) <= {"Ana Costa"}
    assert (await later.ask("ana", "link @jane bob@acme.com")).text.startswith("Only an admin")


async def test_a_rep_does_not_see_them(later: Office) -> None:
    refusal = await later.ask("jane", "sessions bob@acme.com")
    assert refusal.text.startswith("You can see your own practice, but not that of")
    assert later.asked() == []


async def test_a_misspelt_name_offers_the_present_first(later: Office) -> None:
    later.world.add_member("Bobby", "Jonas", "bobby@acme.com")
    later.clock.tick(7 * 3600)
    refusal = await later.ask("priya", 'sessions "Bobb Jonos" last 7d')
    assert labels(refusal)[0] == "Bobby Jonas"
    assert "Bob Jones" in labels(refusal)[1:]
    answer = await later.press("priya", refusal, "Bob Jones")
    assert whose(answer) == {"Bob Jones"}
