"""People who were removed from Exec: their sessions stay, their rights do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import pytest_asyncio

from tests.conftest import FakeClock, MakeUrl
from tests.conversations.conftest import well_behaved
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.office import NOW, MakeOffice, Office, labels, whose

pytestmark = pytest.mark.acquainted

LEFT = ("bob", "ana")  # a rep, and an admin
LAST_30D_OF_BOB = {
    "user_emails": "bob@acme.com",
    "start_date": "2026-02-18T16:00:00Z",
    **STAFF_OUT,
}


@asynccontextmanager
async def as_people_left(opened: AbstractAsyncContextManager[Office]) -> AsyncIterator[Office]:
    """An office in which people left Exec since the bot first looked."""
    async with opened as office:
        await office.ask("ana", "sessions top 1")
        for who in LEFT:
            office.world.remove_member(f"{who}@acme.com")
        office.clock.tick(7 * 3600)
        await office.ask("priya", "sessions top 1")
        office.forget()
        yield office


ADMIN = {"EXECBOT_ADMINS": "priya@acme.com"}


@pytest.fixture
async def later(open_office: MakeOffice) -> AsyncIterator[Office]:
    async with as_people_left(open_office(**ADMIN)) as office:
        yield office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_later(acquainted_urls: MakeUrl) -> AsyncIterator[Office]:
    opened = well_behaved(FakeClock(NOW), DATABASE_URL=acquainted_urls(), **ADMIN)
    async with as_people_left(opened) as office:
        yield office


@pytest.mark.new_here
@pytest.mark.parametrize("said", ["bob@acme.com", '"Bob Jones"', "@bob", "id:{id}"])
async def test_an_admin_finds_them(later: Office, said: str) -> None:
    id_ = later.world.person("bob@acme.com").id
    answer = await later.ask("priya", f"sessions {said.format(id=id_)} last 30d")
    assert_tells(later, answer, truth(later, LAST_30D_OF_BOB))
    assert whose(answer) == {"Bob Jones"}
    assert later.paths() == ["/sessions"]  # the newest ones were read for the question before


@pytest.mark.asyncio(loop_scope="module")
async def test_they_see_their_own_practice(shared_later: Office) -> None:
    answer = await shared_later.ask("bob", "sessions last 30d")
    assert_tells(shared_later, answer, truth(shared_later, LAST_30D_OF_BOB))
    assert whose(answer) == {"Bob Jones"}


@pytest.mark.asyncio(loop_scope="module")
async def test_an_admin_who_left_sees_nobody_else(shared_later: Office) -> None:
    office = shared_later
    office.forget()
    for said in ("@jane", "jane@acme.com", '"Jane Smith"'):
        refusal = await office.ask("ana", f"sessions {said} last 30d")
        assert refusal.text.startswith("You can see your own practice, but not that of")
        assert office.asked() == []
    answer = await office.ask("ana", "sessions last 30d")
    assert whose(answer) <= {"Ana Costa"}
    assert (await office.ask("ana", "link @jane bob@acme.com")).text.startswith("Only an admin")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_rep_does_not_see_them(shared_later: Office) -> None:
    shared_later.forget()
    refusal = await shared_later.ask("jane", "sessions bob@acme.com")
    assert refusal.text.startswith("You can see your own practice, but not that of")
    assert shared_later.asked() == []


async def test_a_misspelt_name_offers_the_present_first(later: Office) -> None:
    later.world.add_member("Bobby", "Jonas", "bobby@acme.com")
    later.clock.tick(7 * 3600)
    refusal = await later.ask("priya", 'sessions "Bobb Jonos" last 7d')
    assert labels(refusal)[0] == "Bobby Jonas"
    assert "Bob Jones" in labels(refusal)[1:]
    answer = await later.press("priya", refusal, "Bob Jones")
    assert whose(answer) == {"Bob Jones"}
