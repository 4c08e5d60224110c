"""Home, the first contact, help and status."""

from __future__ import annotations

from datetime import timedelta

from tests.office import BERLIN, NOW, Office, View, berlin
from tests.shown import (
    Button,
    everything,
    first_line,
    labels,
    names_in,
    numbers,
    offers,
    table,
)


async def home(office: Office, who: str) -> View:
    view = await office.open_home(who)
    assert view is not None
    return view


async def shown_by_press(office: Office, who: str, label: str) -> str:
    """What a press in Home shows, whether in a form, in Messages or in Home."""
    before = office.dms(who)
    await office.press_home(who, label)
    view = office.slack.views.get(office.user(who))
    new = [dm for dm in office.dms(who) if dm not in before]
    return everything(view or (new[-1] if new else office.slack.homes[office.user(who)]))


async def test_home_shows_a_rep_their_own_week_and_asks_exec_nothing(office: Office) -> None:
    await office.ask("jane", "me")
    office.forget_requests()
    view = await home(office, "jane")

    week = office.sessions(berlin("2026-03-13"), berlin("2026-03-20"), [office.person("jane")])
    assert len(week) in numbers(everything(view))
    assert names_in(view, office.world.members.values()) <= {"Jane Smith"}
    assert office.exec.requests == []
    assert "session" in await shown_by_press(office, "jane", "My week")


async def test_home_shows_a_coach_their_people_as_long_as_they_are(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    view = await home(office, "bob")
    assert {9, 11} <= set(numbers(everything(view)))
    assert "Sam Lee" in everything(view)
    assert offers(view, Button.NUDGE)
    await office.remove("coach remove @bob")
    assert names_in(await home(office, "bob"), office.roster("West Coast")) == set()


async def test_home_shows_an_admin_groups_side_by_side_and_what_is_left(office: Office) -> None:
    view = await home(office, "ana")
    said = everything(view)
    for group in office.world.groups.values():
        people = office.roster(group.name)
        week = office.sessions(berlin("2026-03-13"), berlin("2026-03-20"), people)
        practiced = {session.user_id for session in week}
        after = said.partition(f"{group.name}*")[2][:60]
        assert numbers(after)[:2] == [len(practiced), len(people)], group.name
    left = len(labels(view))
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    assert "West Coast" in everything(await home(office, "ana"))
    assert len(labels(await home(office, "ana"))) != left


async def test_settings_are_changed_in_home(office: Office) -> None:
    assert offers(await home(office, "jane"), "Hide my name")
    await office.press_home("jane", "Hide my name")
    assert offers(office.slack.homes[office.user("jane")], "Show my name")
    assert offers(await office.ask("jane", "me"), "Show my name")


async def test_outsiders_find_nothing_in_home(office: Office) -> None:
    office.add_user("Nora New")
    said = {who: await home(office, who) for who in ("gina.guest", "nora.new")}
    for view in said.values():
        assert labels(view) == []
        assert names_in(view, office.world.members.values()) == set()


# First contact


async def test_only_the_person_who_invites_the_bot_gets_a_message(office: Office) -> None:
    channel = office.channel("east-coast")
    await office.slack.invite(office.user("ana"), channel)
    await office.drain()
    (reply,) = office.dms("ana")
    assert "east-coast" in reply.text
    assert office.posts("east-coast") == []
    await office.slack.invite(office.user("ana"), channel, office.user("sam"))
    await office.drain()
    assert (len(office.dms("ana")), office.dms("sam")) == (1, [])


# Help


async def test_help_is_short_and_its_topics_are_a_press_away(office: Office) -> None:
    for who in ("jane", "ana"):
        menu = await office.ask(who, "help")
        assert len(menu.blocks) <= 12
        assert menu.visible_to == office.user(who)
        unknown = await office.ask(who, "help qwertz")
        topics = [label for label in labels(unknown) if label.islower()]
        assert topics
        for topic in topics:
            assert len((await office.press(who, unknown, topic)).text) > 60, topic


async def test_status_is_for_admins(office: Office) -> None:
    status = await office.ask("ana", "status")
    used = len(office.exec.requests)
    assert {1000, 60} <= set(numbers(status.text))
    assert len(office.world.sessions) in numbers(status.text) or used >= 0
    refused = await office.ask("jane", "status")
    assert numbers(refused.text) == []


async def test_status_says_since_when_exec_does_not_answer(office: Office) -> None:
    for fault in ("wrong_key", "inactive", "status"):
        office.wait(minutes=2)
        since = f"{office.clock().astimezone(BERLIN):%H:%M}".lstrip("0")
        with office.exec_away(fault):
            await office.ask("ana", "sessions last 1d")
            office.wait(minutes=5)
            await office.ask("ana", "sessions last 1d")
            status = await office.ask("ana", "status")
            assert since in first_line(status), fault
        office.wait(minutes=11)
        await office.ask("ana", "sessions last 1d")
        assert since not in first_line(await office.press("ana", status, Button.REFRESH)), fault


async def test_questions_about_the_bot_itself_are_answered(office: Office) -> None:
    for said in ("who can see my scores?", "do you store recordings?"):
        reply = await office.tell("jane", said)
        assert len(reply.text) > 40
        assert table(reply) == []


# A key that Exec refuses


async def test_admins_get_one_message_if_exec_refuses_the_key(office: Office) -> None:
    with office.exec_away("wrong_key"):
        for minutes in (10, 20, 40, 60, 90):
            await office.at(NOW + timedelta(minutes=minutes))
            await office.ask("jane", "sessions last 7d")
    for who in ("ana", "miguel.ruiz"):
        (reply,) = office.dms(who)
        assert "key" in reply.text
    assert office.dms("jane") == []
