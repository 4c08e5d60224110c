"""Coaches: their people, their Monday message, and preparing one-to-ones."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tests.office import NOW, Office, berlin
from tests.shown import (
    column,
    everything,
    first_line,
    labels,
    names_in,
    numbers,
    offers,
    table,
)

MONDAY = berlin("2026-03-23 8:30")
WEST = 'coach add @bob "West Coast"'


# Who coaches people


async def test_a_new_coach_and_the_admin_both_get_a_message(office: Office) -> None:
    reply = await office.ask("ana", WEST)
    assert {"Bob Jones", "West Coast"} == {
        name for name in ("Bob Jones", "West Coast") if name in reply.text
    }
    (dm,) = office.dms("bob")
    assert "West Coast" in dm.text
    assert "Ana Costa" in dm.text
    assert len(office.roster("West Coast")) in numbers(dm.text)


async def test_only_admins_assign_coaches(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane")
    for who in ("bob", "jane", "gina.guest"):
        for said in ('coach add @bob "East Coast"', "coach remove @bob", "coach list"):
            assert table(await office.ask(who, said)) == []
    assert column(await office.ask("ana", "coach list"), "Coach") == ["Bob Jones"]


async def test_a_coach_who_is_removed_sees_nobody(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    await office.ask("ana", 'coach add @priya "West Coast"')
    before = len(office.dms("bob"))
    await office.remove("coach remove @bob")
    assert column(await office.ask("ana", "coach list"), "Coach") == ["Priya Nair"]
    assert len(office.dms("bob")) >= before
    office.forget_requests()
    assert "Jane Smith" not in everything(await office.ask("bob", "sessions last 7d"))
    reply = await office.news_at("bob", MONDAY)
    assert reply is None or names_in(reply, office.roster("West Coast")) == set()


async def test_a_wrong_name_is_mended_by_a_button(office: Office) -> None:
    asked = await office.ask("ana", 'coach add @bob "West Cost"')
    assert table(await office.ask("ana", "coach list")) == []
    await office.press("ana", asked, "West Coast")
    assert column(await office.ask("ana", "coach list"), "Coach") == ["Bob Jones"]


async def test_the_coach_of_a_group_is_counted_in_it_and_not_listed(office: Office) -> None:
    await office.ask("ana", 'coach add @jane "West Coast"')
    team = await office.ask("jane", "team")
    assert {9, 11} <= set(numbers(first_line(team)))
    assert len(table(team)) == 10
    assert "Jane Smith" not in column(team, "Who")
    for report in ("leaderboard", "progress", "inactive"):
        answer = await office.ask("ana", f'{report} group:"West Coast"')
        assert "Jane Smith" not in everything(answer), report


# The Monday message


async def test_a_message_about_their_people_comes_on_monday_once(office: Office) -> None:
    await office.ask("ana", WEST)
    await office.ask("jane", "coach digest every monday 8:30")  # she coaches nobody
    assert await office.news_at("bob", MONDAY - timedelta(minutes=1)) is None
    message = await office.news_at("bob", MONDAY)
    assert message is not None
    assert office.dms("jane") == []
    assert {9, 11} <= set(numbers(message.text))
    assert await office.news_at("bob", MONDAY + timedelta(minutes=5)) is None
    assert names_in(message, office.world.members.values()) <= {
        member.name for member in office.roster("West Coast")
    }

    # Sam is silent and has not passed an assignment; Liam never practiced.
    assert message.text.index("Sam Lee") < message.text.index("Liam Murphy")
    everyone = await office.press("bob", message, "See everyone")
    assert set(column(everyone, "Who")) == {member.name for member in office.roster("West Coast")}
    start = berlin("2026-03-16")
    for row in table(everyone):
        person = next(member for member in office.roster("West Coast") if member.name == row["Who"])
        week = office.sessions(start, start + timedelta(days=7), [person])
        assert int(row["Sessions"]) == len(week)


async def test_people_who_are_new_are_named_and_not_counted(office: Office) -> None:
    joined = NOW - timedelta(days=2)
    office.world.add_member("Nora", "New", "nora@acme.com", groups=("West Coast",), at=joined)
    await office.ask("ana", 'coach add @priya "West Coast"')
    await office.at(NOW + timedelta(hours=26))
    message = await office.news_at("priya", MONDAY)
    assert message is not None
    assert "Nora New" in message.text
    assert 11 in numbers(message.text)


async def test_it_comes_in_the_zone_of_the_coach(office: Office) -> None:
    office.account("bob").tz = "America/New_York"
    await office.at(NOW + timedelta(hours=25))  # profiles are looked at once a day
    await office.ask("ana", WEST)
    assert await office.news_at("bob", MONDAY) is None
    assert await office.news_at("bob", berlin("2026-03-23 13:30")) is not None


async def test_a_coach_changes_pauses_resumes_and_stops_it(office: Office) -> None:
    await office.ask("ana", WEST)
    await office.ask("bob", "coach digest every friday 15:00")
    assert await office.news_at("bob", MONDAY) is None
    assert await office.news_at("bob", berlin("2026-03-27 15:00")) is not None
    await office.ask("bob", "coach digest pause")
    assert await office.news_at("bob", berlin("2026-04-03 15:00")) is None
    await office.ask("bob", "coach digest resume")
    assert await office.news_at("bob", berlin("2026-04-10 15:00")) is not None
    asked = await office.ask("bob", "coach digest stop")
    if offers(asked, "Stop"):
        await office.press("bob", asked, "Stop")
    assert await office.news_at("bob", berlin("2026-04-17 15:00")) is None


async def test_a_week_in_which_nothing_is_new_asks_for_nobody(office: Office) -> None:
    await office.ask("ana", WEST)
    offered = []
    for moment in ("2026-03-30 8:30", "2026-04-06 8:30", "2026-04-13 8:30"):
        message = await office.news_at("bob", berlin(moment))  # nobody practices in these weeks
        assert message is not None
        offered.append(offers(message, "Nudge Sam"))
    assert offered[0]
    assert not offered[-1]


async def test_nobody_presses_the_buttons_of_anothers_message(office: Office) -> None:
    await office.ask("ana", 'coach add @amara.diallo "East Coast"')
    await office.ask("ana", WEST)
    message = await office.news_at("bob", MONDAY)
    assert message is not None
    for who in ("jane", "amara.diallo", "gina.guest"):
        own = await office.ask(who, "help")
        for label in labels(message):
            reply = await office.press(who, message, label, on=own)
            assert names_in(reply, office.roster("West Coast")) <= {office.account(who).real_name}
            assert office.user(who) not in office.slack.views
    assert await office.news_at("bob", berlin("2026-03-30 8:30")) is not None
    assert office.dms("sam") == []


async def test_improving_is_said_of_a_person_once_in_four_weeks(office: Office) -> None:
    office.without_sessions("jane")
    for week in range(16):  # ten points more every four weeks
        for day in (1, 2):
            at = MONDAY + timedelta(weeks=week - 8, days=day)
            office.practice("jane", at=at, score=50 + week // 4 * 10 + week % 4)
    await office.ask("ana", WEST)
    said = []
    for week in range(5):
        message = await office.news_at("bob", MONDAY + timedelta(weeks=week))
        assert message is not None
        said.append(_improves(message.text, "Jane Smith"))
    assert said == [True, False, False, False, True]
    answer = await office.ask("bob", "who should I talk to")
    assert _improves(answer.text, "Jane Smith")


def _improves(text: str, name: str) -> bool:
    """Whether a message says that somebody improves, in a line of their own or with others."""
    return re.search(rf"{name}(?: \([^)]*|: .*)improving", text) is not None


# One-to-ones


async def test_prep_shows_four_weeks_against_the_four_before(office: Office) -> None:
    await office.ask("ana", WEST)
    answer = await office.ask("bob", "prep @jane")
    end = berlin("2026-03-20")

    def count(first: datetime, last: datetime) -> int:
        return len(office.sessions(first, last, [office.person("jane")]))

    weeks = timedelta(weeks=4)
    candidates = [{count(at - weeks, at), count(at - 2 * weeks, at - weeks)} for at in (end, NOW)]
    assert any(candidate <= set(numbers(answer.text)) for candidate in candidates)
    assert sum(request.path.startswith("/sessions/") for request in office.exec.requests) <= 5
    assert await office.share("bob", answer) is None
