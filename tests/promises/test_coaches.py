"""Coaches: their people, their Monday message, nudges, preparing one-to-ones, and alerts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from tests.promises.messages import (
    Button,
    buttons,
    column,
    everything,
    first_line,
    labels,
    names_in,
    numbers,
    offers,
    table,
)
from tests.promises.office import NOW, Ack, Message, Office, berlin

MONDAY = berlin("2026-03-23 8:30")
WEST = 'coach add @bob "West Coast"'


async def message_on(office: Office, moment: datetime, who: str = "bob") -> Message | None:
    """What comes to a coach then by the clock."""
    before = len(office.dms(who))
    await office.at(moment)
    new = office.dms(who)[before:]
    assert len(new) < 2
    return new[0] if new else None


# Who coaches whom


async def test_a_coach_is_told_and_so_is_who_made_them_one(office: Office) -> None:
    told = await office.ask("ana", WEST)
    assert {"Bob Jones", "West Coast"} == {
        each for each in ("Bob Jones", "West Coast") if each in told.text
    }
    (dm,) = office.dms("bob")
    assert "West Coast" in dm.text
    assert "Ana Costa" in dm.text
    assert len(office.roster("West Coast")) in numbers(dm.text)


async def test_only_admins_say_who_coaches_whom(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane")
    for who in ("bob", "jane", "gina.guest"):
        for said in ('coach add @bob "East Coast"', "coach remove @bob", "coach list"):
            assert table(await office.ask(who, said)) == []
    assert column(await office.ask("ana", "coach list"), "Coach") == ["Bob Jones"]


async def test_a_coach_who_is_removed_hears_it_and_sees_nobody_any_more(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    before = len(office.dms("bob"))
    await office.remove("coach remove @bob")
    assert table(await office.ask("ana", "coach list")) == []
    assert len(office.dms("bob")) >= before
    office.forget_requests()
    assert "Jane Smith" not in everything(await office.ask("bob", "sessions last 7d"))
    told = await message_on(office, MONDAY)
    assert told is None or names_in(told, office.roster("West Coast")) == set()


async def test_a_wrong_name_is_mended_by_a_button(office: Office) -> None:
    asked = await office.ask("ana", 'coach add @bob "West Cost"')
    assert table(await office.ask("ana", "coach list")) == []
    await office.press("ana", asked, "West Coast")
    assert column(await office.ask("ana", "coach list"), "Coach") == ["Bob Jones"]


async def test_who_coaches_a_group_is_counted_in_it_and_not_listed(office: Office) -> None:
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
    assert await message_on(office, MONDAY - timedelta(minutes=1)) is None
    message = await message_on(office, MONDAY)
    assert message is not None
    assert {9, 11} <= set(numbers(message.text))
    assert await message_on(office, MONDAY + timedelta(minutes=5)) is None
    assert await message_on(office, MONDAY + timedelta(days=1)) is None
    assert names_in(message, office.world.members.values()) <= {
        each.name for each in office.roster("West Coast")
    }


async def test_it_comes_in_the_zone_of_the_coach(office: Office) -> None:
    office.account("bob").tz = "America/New_York"
    await office.at(NOW + timedelta(hours=25))  # profiles are looked at once a day
    await office.ask("ana", WEST)
    assert await message_on(office, MONDAY) is None
    assert await message_on(office, berlin("2026-03-23 13:30")) is not None


async def test_it_names_first_who_needs_it_most(office: Office) -> None:
    await office.ask("ana", WEST)
    message = await message_on(office, MONDAY)
    assert message is not None
    # Sam is silent and has not passed an assignment; Liam never practiced.
    assert message.text.index("Sam Lee") < message.text.index("Liam Murphy")
    everyone = await office.press("bob", message, "See everyone")
    assert set(column(everyone, "Who")) == {each.name for each in office.roster("West Coast")}
    start = berlin("2026-03-16")
    for row in table(everyone):
        person = next(each for each in office.roster("West Coast") if each.name == row["Who"])
        week = office.sessions(start, start + timedelta(days=7), [person])
        assert int(row["Sessions"]) == len(week)


async def test_a_coach_changes_pauses_resumes_and_stops_it(office: Office) -> None:
    await office.ask("ana", WEST)
    await office.ask("bob", "coach digest every friday 15:00")
    assert await message_on(office, MONDAY) is None
    assert await message_on(office, berlin("2026-03-27 15:00")) is not None
    await office.ask("bob", "coach digest pause")
    assert await message_on(office, berlin("2026-04-03 15:00")) is None
    await office.ask("bob", "coach digest resume")
    assert await message_on(office, berlin("2026-04-10 15:00")) is not None
    asked = await office.ask("bob", "coach digest stop")
    if offers(asked, "Stop"):
        await office.press("bob", asked, "Stop")
    assert await message_on(office, berlin("2026-04-17 15:00")) is None


async def test_who_coaches_nobody_has_no_message(office: Office) -> None:
    await office.ask("bob", "coach digest every monday 8:30")
    assert await message_on(office, MONDAY) is None


async def test_a_week_in_which_nothing_is_new_asks_for_nobody(office: Office) -> None:
    await office.ask("ana", WEST)
    offered = []
    for moment in ("2026-03-30 8:30", "2026-04-06 8:30", "2026-04-13 8:30"):
        message = await message_on(office, berlin(moment))  # nobody practices in these weeks
        assert message is not None
        offered.append(offers(message, "Nudge Sam"))
    assert offered[0]
    assert not offered[-1]


async def test_nobody_presses_the_buttons_of_anothers_message(office: Office) -> None:
    await office.ask("ana", 'coach add @amara.diallo "East Coast"')
    await office.ask("ana", WEST)
    message = await message_on(office, MONDAY)
    assert message is not None
    for who in ("jane", "amara.diallo", "gina.guest"):
        own = await office.ask(who, "help")
        for label in labels(message):
            told = await office.press(who, message, label, on=own)
            assert names_in(told, office.roster("West Coast")) <= {office.account(who).real_name}
            assert office.user(who) not in office.slack.views
    assert await message_on(office, berlin("2026-03-30 8:30")) is not None
    assert office.dms("sam") == []


async def test_improving_is_said_of_a_person_once_in_four_weeks(office: Office) -> None:
    office.without_sessions("jane")
    for week in range(16):  # ten points more every four weeks
        for day in (1, 2):
            at = MONDAY + timedelta(weeks=week - 8, days=day)
            office.practice("jane", at=at, score=50 + week // 4 * 10 + week % 4)
    await office.ask("ana", WEST)
    said = []
    for week in range(6):
        message = await message_on(office, MONDAY + timedelta(weeks=week))
        assert message is not None
        said.append(_improves(message.text, "Jane Smith"))
        answer = await office.ask("bob", "who should I talk to")
        assert _improves(answer.text, "Jane Smith")
    assert said == [True, False, False, False, True, False]


def _improves(text: str, name: str) -> bool:
    """Whether it says so of somebody, in a line of several people or in one of their own."""
    return re.search(rf"{name}(?: \([^)]*|: .*)improving", text) is not None


# Nudges


async def nudge(
    office: Office, message: Message, label: str, words: str | None = None, fault: str = ""
) -> tuple[Ack, str]:
    """Nudge by a button of Bob's; the outcome, and what was proposed. The fault is Slack's."""
    user = office.user("bob")
    ack = await office.press_only("bob", message, label)
    if user not in office.slack.views:  # a preview comes first, with a button to change it
        preview = await office.heard("bob", message.channel, ack)
        if not offers(preview, Button.EDIT):
            return ack, ""
        await office.press_only("bob", preview, Button.EDIT)
    form = office.form_of("bob")
    fields = [each for each in form.blocks if each["type"] == "input"]
    if not fields:  # it says why there is nothing to send
        return ack, ""
    (field,) = fields
    draft = field["element"].get("initial_value", "")
    values = {field["block_id"]: draft if words is None else words}
    if fault:
        office.slack.fault("chat.postMessage", fault)
    return await office.submit("bob", form, values), draft


async def monday_message(office: Office) -> Message:
    await office.ask("ana", WEST)
    message = await message_on(office, MONDAY)
    assert message is not None
    return message


async def test_a_nudge_is_in_the_words_of_the_coach(office: Office) -> None:
    message = await monday_message(office)
    refused, draft = await nudge(office, message, "Nudge Sam", words=" \n ")
    assert draft
    assert refused.view_errors
    assert office.dms("sam") == []
    office.slack.close(office.user("bob"), office.form_of("bob").id)

    await nudge(
        office, message, "Nudge Sam", "Ten *minutes* & <@U1> <!channel> https://evil.test ?"
    )

    (note,) = office.dms("sam")
    assert "Ten" in note.text
    assert "Bob" in note.text
    assert "evil.test>" not in everything(note)
    assert office.slack.mentions_of(note) == []
    links = {each["text"]["text"]: each.get("url", "") for each in buttons(note)}
    start = next(url for label, url in links.items() if label.startswith(Button.START))
    assert start in {each.url for each in office.world.scenarios.values()}
    assert office.user("bob") in next(url for label, url in links.items() if "Reply" in label)


async def test_a_person_gets_one_nudge_an_hour(office: Office) -> None:
    message = await monday_message(office)
    for minutes, expected in ((0, 1), (1, 1), (58, 1), (2, 2)):
        office.wait(minutes=minutes)
        await nudge(office, message, "Nudge Sam", f"Hello after {minutes}")
        assert len(office.dms("sam")) == expected
        if office.user("bob") in office.slack.views:
            office.slack.close(office.user("bob"), office.form_of("bob").id)


@pytest.mark.parametrize("fault", ["drop", "reset"])
async def test_a_nudge_whose_arrival_is_unknown_arrives_once(office: Office, fault: str) -> None:
    message = await monday_message(office)
    await nudge(office, message, "Nudge Sam", fault=fault)
    for minutes in (2, 4, 6):
        await office.at(MONDAY + timedelta(minutes=minutes))
    assert len(office.dms("sam")) == 1


@pytest.mark.parametrize("why", ["a guest", "linked to another", "not theirs any more"])
async def test_a_nudge_reaches_only_who_may_get_it(office: Office, why: str) -> None:
    message = await monday_message(office)
    match why:
        case "a guest":
            office.account("sam").is_restricted = True
            office.wait(hours=2)
        case "linked to another":
            await office.ask("ana", "link @sam grace.achieng@acme.com")
        case _:
            await office.remove("coach remove @bob")
    before = len(office.dms("sam"))
    await nudge(office, message, "Nudge Sam")
    assert len(office.dms("sam")) == before


async def test_the_next_message_says_what_came_of_a_nudge(office: Office) -> None:
    message = await monday_message(office)
    await nudge(office, message, "Nudge Sam")
    office.practice("sam", at=MONDAY + timedelta(days=2), score=77)
    after = await message_on(office, MONDAY + timedelta(days=7))
    assert after is not None
    assert "Sam Lee" in after.text
    assert not after.text.partition("Sam Lee")[0].endswith("first: ")
    assert "nudge" in after.text.lower()


# One-to-ones


async def test_prep_shows_four_weeks_against_the_four_before(office: Office) -> None:
    await office.ask("ana", WEST)
    answer = await office.ask("bob", "prep @jane")
    end = berlin("2026-03-20")

    def count(first: datetime, last: datetime) -> int:
        return len(office.sessions(first, last, [office.person("jane")]))

    weeks = timedelta(weeks=4)
    candidates = [{count(at - weeks, at), count(at - 2 * weeks, at - weeks)} for at in (end, NOW)]
    assert any(each <= set(numbers(answer.text)) for each in candidates)
    assert len([each for each in office.exec.requests if each.path.startswith("/sessions/")]) <= 5
    assert await office.share("bob", answer) is None


# Alerts


def first_golds(office: Office, who: str) -> list[str]:
    """Scenarios in which somebody has no gold yet."""
    rows = office.world.sessions.by_user.get(office.person(who).id, [])
    won = {each.scenario_id for each in rows if each.rank == "gold"}
    return [each.name for id_, each in office.world.scenarios.items() if id_ not in won]


async def earn(office: Office, who: str, scenario: str, at: datetime) -> None:
    office.practice(who, scenario=scenario, score=95, at=at - timedelta(minutes=1))
    office.wait(seconds=(at - office.clock()).total_seconds())
    await office.ask("ana", "sessions last 1d")  # the newest sessions are read then
    await office.run_jobs()


async def test_an_alert_is_set_listed_and_removed(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    assert not offers(await office.ask("jane", "alert @priya gold"), "My alerts")
    for said in ("@jane gold", "my people inactive 14d", "@jane below 70", "my people overdue"):
        await office.ask("bob", f"alert {said}")
        office.wait(seconds=1)
    listed = await office.ask("bob", "alert list")
    assert len([each for each in buttons(listed) if each["text"]["text"] == Button.REMOVE]) == 4
    assert {14, 70} <= set(numbers(listed.text))
    removed = await office.press("bob", listed, Button.REMOVE)
    assert len([e for e in buttons(removed) if e["text"]["text"] == Button.REMOVE]) == 3


async def test_an_alert_is_told_once_and_at_most_once_an_hour(office: Office) -> None:
    await office.ask("ana", WEST)
    await office.ask("bob", "alert my people gold")
    await office.ask("bob", "alert @jane gold")
    first, second, third, *_ = first_golds(office, "jane")
    before = len(office.dms("bob"))
    await earn(office, "jane", first, NOW + timedelta(minutes=20))
    (news,) = office.dms("bob")[before:]
    assert "Jane Smith" in news.text
    assert first in news.text
    await earn(office, "jane", second, NOW + timedelta(minutes=50))
    assert len(office.dms("bob")) == before + 1
    await earn(office, "jane", third, NOW + timedelta(minutes=90))
    told = office.dms("bob")[before + 1 :]
    assert len(told) == 1
    assert {second, third} <= {each for each in (first, second, third) if each in told[0].text}
    assert first not in told[0].text


async def test_no_alert_comes_at_night(office: Office) -> None:
    await office.ask("ana", "alert @jane gold")
    scenario = first_golds(office, "jane")[0]
    await earn(office, "jane", scenario, berlin("2026-03-20 20:30"))
    for moment in ("2026-03-20 23:00", "2026-03-21 6:55"):
        await office.at(berlin(moment))
        assert office.dms("ana") == []
    await office.at(berlin("2026-03-21 7:01"))
    assert len(office.dms("ana")) == 1


async def test_alerts_tell_of_silence_averages_and_due_dates(office: Office) -> None:
    rows = office.world.sessions.by_user[office.person("priya").id]
    days = (NOW - rows[0].created_at).days + 1
    for said in (f"@priya inactive {days}d", "@jane below 30"):
        await office.ask("ana", f"alert {said}")
    for minutes in range(1, 41):
        office.practice("jane", score=1.0, at=NOW + timedelta(minutes=minutes))
    await earn(office, "mei.chen", "Cold Call Opener", NOW + timedelta(hours=25))
    said = " ".join(each.text for each in office.dms("ana"))
    assert "Jane Smith" in said
    assert "Priya Nair" in said
    assert {1.0, days} <= set(numbers(said))


async def test_an_alert_tells_nothing_of_people_who_are_not_theirs_any_more(
    office: Office,
) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    await office.ask("bob", "alert @jane @priya gold")
    await office.remove("coach remove @bob @jane")
    before = len(office.dms("bob"))
    for minutes, who in ((20, "jane"), (100, "priya")):
        scenario = first_golds(office, who)[0]
        await earn(office, who, scenario, NOW + timedelta(minutes=minutes))
    (news,) = office.dms("bob")[before:]
    assert names_in(news, office.world.members.values()) == {"Priya Nair"}
    assert "Jane" not in everything(await office.ask("bob", "alert list"))
