"""Questions about skills and collections: which sessions belong to them only Exec can tell."""

from __future__ import annotations

import pytest

from tests.conversations.truth import assert_tells, explained, truth
from tests.office import Office, footer, table

pytestmark = pytest.mark.acquainted

SKILL = "sessions skill:negotiation last 7d"
QUESTIONS = [
    SKILL,
    "sessions collection:onboarding-basics last 30d",
    'sessions @jane skill:"discovery questions" last 90d',
    "sessions skill:negotiation,closing last 7d gold",
    "sessions group:west skill:negotiation collection:customer-conversations last 30d",
    'sessions skill:negotiation scenario:"Renewal Save" last 30d',
]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_exec_is_asked_directly_and_not_again_for_ten_minutes(
    office: Office, question: str
) -> None:
    filters = await explained(office, "ana", question)
    office.forget()
    answer = await office.ask("ana", question)
    assert 1 <= len(office.asked()) <= 5
    assert all(("skill_ids" in each or "collection_ids" in each) for each in office.asked())
    rows = truth(office, filters)
    assert rows
    assert_tells(office, answer, rows)
    office.forget()
    office.clock.tick(590)
    office.world.add_session("jane@acme.com", "Renewal Save", office.clock(), score=91.0)
    again = await office.ask("ana", question)
    assert office.paths() == []
    assert "As of Fri 20 Mar 10:00" in footer(again)
    office.clock.tick(20)
    await office.ask("ana", question)
    assert 1 <= len(office.asked()) <= 5


async def test_refresh_asks_exec_again(office: Office) -> None:
    answer = await office.ask("ana", SKILL)
    office.forget()
    office.clock.tick(60)
    office.world.add_session("jane@acme.com", "Renewal Save", office.clock(), score=91.0)
    office.clock.tick(5)
    fresh = await office.press("ana", answer, "Refresh")
    assert [each["skill_ids"] for each in office.asked()] == [office.world.skill("Negotiation").id]
    filters = await explained(office, "ana", SKILL)
    assert_tells(office, fresh, truth(office, filters))


async def test_beyond_five_requests_it_tells_since_when(office: Office) -> None:
    for number in range(700):
        office.world.add_session(
            "jane@acme.com", "Renewal Save", office.clock(), score=number % 100
        )
        office.clock.tick(61)
    filters = await explained(office, "ana", SKILL)
    office.forget()
    answer = await office.ask("ana", SKILL)
    assert len(office.asked()) == 5
    assert "older sessions are not read yet" in answer.text
    newest = truth(office, filters)[: 5 * 99]  # the oldest row of a page comes with the next
    assert_tells(office, answer, newest, more=True)
    office.forget()
    whole = await office.press("ana", answer, "Read further back")
    assert 2 <= len(office.asked()) <= 4
    assert_tells(office, whole, truth(office, filters))


@pytest.mark.parametrize("name", ["skill:negotiation", "collection:onboarding-basics"])
async def test_the_first_question_looks_back_as_far_as_the_next(office: Office, name: str) -> None:
    first = table(await office.ask("ana", f"progress {name} last 7d"))
    # All their attempts at these scenarios count, and not those of the week alone.
    assert max(int(row[2]) for row in first[1:]) > 5
    office.clock.tick(61)
    assert table(await office.ask("ana", f"progress {name} last 7d")) == first
