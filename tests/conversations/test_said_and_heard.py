"""The table "Said and heard" of the query language, to the letter."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import Office, labels, table

STAFF_OUT = {"exclude_system_users": "true"}

FILTERS = [
    pytest.param(
        "sessions @jane last 7d gold",
        {
            "user_emails": "jane@acme.com",
            "rank": "gold",
            "start_date": "2026-03-13T09:00:00Z",
            "end_date": "2026-03-20T09:00:00Z",
            **STAFF_OUT,
        },
        id="person, rolling period, rank",
    ),
    pytest.param(
        "sessions gold,silver @jane",
        {"user_emails": "jane@acme.com", "rank": "gold,silver", **STAFF_OUT},
        id="two ranks, no period",
    ),
    pytest.param(
        'sessions silver+ this week group:"West Coast"',
        {
            "group_ids": "{west}",
            "rank": "gold,silver",
            "start_date": "2026-03-15T23:00:00Z",
            "end_date": "2026-03-20T09:00:00Z",
            **STAFF_OUT,
        },
        id="rank or better, calendar week, group",
    ),
    pytest.param(
        "sessions on 2026-03-19 me",
        {
            "user_emails": "ana@acme.com",
            "start_date": "2026-03-18T23:00:00Z",
            "end_date": "2026-03-19T22:59:59.999Z",
            **STAFF_OUT,
        },
        id="a day, oneself",
    ),
    pytest.param(
        "sessions scenario:procurement-discovery best top 5",
        {"scenario_ids": "{scenario}", "sorting": "-score", **STAFF_OUT},
        id="scenario, best first, top 5",
    ),
    pytest.param(
        "sessions longest yesterday +system",
        {
            "sorting": "-duration",
            "start_date": "2026-03-18T23:00:00Z",
            "end_date": "2026-03-19T22:59:59.999Z",
        },
        id="longest first, with Exec's staff",
    ),
]


@pytest.mark.parametrize(("said", "asked"), FILTERS)
async def test_said_becomes_filters(office: Office, said: str, asked: dict[str, str]) -> None:
    ids = {
        "{west}": office.world.group("West Coast").id,
        "{scenario}": office.world.scenario("Procurement Discovery").id,
    }
    await office.ask("ana", said)
    assert office.asked()[0] == {name: ids.get(value, value) for name, value in asked.items()}


async def test_a_day_of_23_hours(office: Office) -> None:
    office.clock.tick(14 * 86400)
    await office.ask("jane", "sessions on 2026-03-29 me")
    asked = office.asked()[0]
    assert asked["start_date"] == "2026-03-28T23:00:00Z"
    assert asked["end_date"] == "2026-03-29T21:59:59.999Z"


async def test_a_misspelt_word_is_refused_and_mended(office: Office) -> None:
    refusal = await office.ask("jane", "sessions glod")
    assert refusal.text.startswith("I don't know `glod`. Did you mean *gold*?")
    assert office.asked() == []
    answer = await office.press("jane", refusal, "gold")
    assert office.asked()[0]["rank"] == "gold"
    assert {row[4] for row in table(answer)[1:]} == {"Gold"}


async def test_two_periods_are_refused_by_name(office: Office) -> None:
    refusal = await office.ask("jane", "sessions last week last 7d")
    assert "two periods: `last week` and `last 7d`" in refusal.text.lower()
    assert office.asked() == []
    assert len(labels(refusal)) == 2
