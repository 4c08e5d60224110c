"""What reps, coaches, admins and outsiders see of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.office import MANAGER, NOW, ExecFault, Office, SlackMessage, berlin
from tests.office_fixtures import OpenOffice
from tests.promises.cases import cases
from tests.shown import (
    Button,
    column,
    everything,
    first_line,
    labels,
    names_in,
    numbers,
    offers,
    table,
)

CASES = cases("rights")
PRIVATE = "Quarterly Business Review"  # a scenario that Exec doesn't show everybody


async def coached_by(office: Office, who: str, people: str) -> None:
    await office.ask("ana", f"coach add @{who} {people}")


def others_named(office: Office, message: object, *own: str) -> set[str]:
    return names_in(message, office.world.members.values()) - {
        office.person(who).name for who in own
    }


# Roles


async def test_a_rep_sees_only_their_own_sessions(office: Office) -> None:
    count = len(office.sessions(NOW - timedelta(days=30), people=[office.person("jane")]))
    for said in ("", "me", "my", "@jane", "jane@acme.com", '"Jane Smith"', '"jane smith"'):
        answer = await office.ask("jane", f"sessions {said} last 30d")
        assert numbers(first_line(answer))[0] == count, said
        assert others_named(office, answer, "jane") == set(), said


async def test_a_coach_sees_the_people_they_were_given(office: Office) -> None:
    await coached_by(office, "bob", '"West Coast"')
    answer = await office.ask("bob", "sessions last 7d")

    west = office.roster("West Coast")
    rows = office.sessions(NOW - timedelta(days=7), people=west)
    assert numbers(first_line(answer))[0] == len(rows)
    assert set(column(answer, "Who")) <= {person.name for person in west}
    assert "Bob Jones" in (await office.ask("bob", "sessions @bob last 7d")).text


async def test_an_admin_sees_everybody(office: Office) -> None:
    """An admin in Exec, or one in EXECBOT_ADMINS."""
    for who in ("ana", MANAGER):
        answer = await office.ask(who, "sessions last 2d")
        assert numbers(first_line(answer))[0] == len(office.sessions(NOW - timedelta(days=2))), who
        assert {"Bob Jones", "Jane Smith"} <= set(column(answer, "Who")), who


async def test_a_rep_sees_who_coaches_them_and_their_groups(office: Office) -> None:
    await coached_by(office, "bob", "@jane")

    assert "Bob Jones" in everything(await office.ask("jane", "who is my coach?"))
    assert "West Coast" in everything(await office.ask("jane", "which groups am I in?"))


async def test_a_rep_sees_their_group_without_its_people(office: Office) -> None:
    answer = await office.tell("jane", "how was west coast doing last week")

    assert len(office.roster("West Coast")) in numbers(first_line(answer))
    assert others_named(office, answer, "jane") == set()


async def test_a_rep_sees_only_the_last_complete_week_of_one_group(office: Office) -> None:
    """Two answers that differ by one session or person would reveal somebody's score."""
    west = office.roster("West Coast")
    week = office.sessions(berlin("2026-03-09"), berlin("2026-03-16"), west)
    usual = await office.ask("jane", 'team "West Coast"')
    assert {len(west), len(week)} <= set(numbers(usual.text))
    assert not offers(usual, Button.SHARE)
    for said in CASES["other_weeks"]:
        refused = await office.ask("jane", f'team "West Coast" {said}')
        assert not offers(refused, Button.REFRESH), said
        (last_week,) = labels(refused)
        assert (await office.press("jane", refused, last_week)).text == usual.text, said

    refused = await office.ask("jane", 'team group:"West Coast" group:Enterprise')
    for label, name in zip(labels(refused), ("West Coast", "Enterprise"), strict=True):
        answer = await office.press("jane", refused, label)
        assert len(office.roster(name)) in numbers(first_line(answer))


async def test_a_rep_does_not_see_a_group_of_two(office: Office) -> None:
    group = office.world.group("New Hires").id
    office.world.rosters[group] = {office.person(who).id for who in ("jane", "kofi.mensah")}
    await office.at(NOW + timedelta(hours=26))

    answer = await office.tell("jane", "how was new hires doing last week")

    assert table(answer) == [] or numbers(column(answer, "Sessions")[0])
    assert "Kofi" not in everything(answer)
    assert " of 2 " not in everything(answer)


async def test_a_rep_is_refused_the_practice_of_others(office: Office) -> None:
    session = office.world.sessions.by_user[office.person("bob").id][0]
    for said in (*CASES["of_others"], f"session {session.id}"):
        answer = await office.ask("jane", said)
        assert table(answer) == [], said
        assert not offers(answer, Button.REFRESH), said
        assert others_named(office, answer, "jane") <= {"Bob Jones"}, said  # as it was typed
    assert office.requests_to("/sessions") == []


# Refusals reveal nothing


async def test_a_hidden_name_and_no_name_get_the_same_sentence(office: Office) -> None:
    await coached_by(office, "priya", "@jane @mei.chen")
    group = office.world.group("New Hires").id
    by_id = ("jane", "sessions group:{}", group, "0" * len(group))
    for who, said, hidden, nobody in (*CASES["hidden"], by_id):
        replies = [await office.ask(who, said.format(name)) for name in (hidden, nobody)]
        assert replies[0].text.replace(hidden, nobody) == replies[1].text
        assert labels(replies[0]) == labels(replies[1]), said
    assert office.requests_to("/sessions") == []


async def test_only_names_of_groups_and_scenarios_they_see_are_offered(office: Office) -> None:
    groups = {group.name for group in office.world.groups.values()}
    for who, own in (("jane", {"West Coast", "Enterprise"}), ("ana", groups)):
        offered = set(labels(await office.ask(who, "sessions group:zzz")))
        assert offered <= own, who
        assert "West Coast" in offered or who == "ana"
    for who, knows in (("jane", False), ("bob", True), ("ana", True)):
        reply = await office.ask(who, 'sessions scenario:"Quaterly Busines Reviw"')
        assert (PRIVATE in everything(reply)) is knows, who


async def test_a_user_group_is_refused_unless_all_of_its_people_are_theirs(office: Office) -> None:
    for people, may in (("@jane @priya @mei.chen", False), ("@bob", True)):
        await coached_by(office, "kofi.mensah", people)
        answer = await office.ask("kofi.mensah", "sessions @closers last 30d")
        assert offers(answer, Button.REFRESH) is may
        without = await office.ask("kofi.mensah", "sessions -@closers last 30d")
        assert offers(without, Button.REFRESH) is may
    office.slack.team.usergroups["S3001"].users.append(office.user("gina.guest"))
    assert table(await office.ask("kofi.mensah", "sessions @closers last 30d")) == []


async def test_a_mention_shows_a_coach_nothing_about_others(office: Office) -> None:
    office.add_user("Nora New")
    await coached_by(office, "priya", "@jane")

    known = await office.ask("priya", "sessions @bob last 7d")
    unknown = await office.ask("priya", "sessions @nora.new last 7d")

    assert known.text.replace("Bob Jones", "Nora New") == unknown.text


async def test_help_names_nothing_of_the_company(office: Office) -> None:
    office.add_user("Nora New")
    world = office.world
    things = (world.groups, world.scenarios, world.skills, world.collections, world.programs)
    names = {entry.name for kind in (*things, world.people) for entry in kind.values()}
    for who in ("jane", "nora.new"):
        for topic in ("", "asking", "words", "numbers", "coaching", "privacy", "bot", "qwertz"):
            said = everything(await office.ask(who, f"help {topic}"))
            assert [name for name in names if name in said] == [], (who, topic)


async def test_a_private_scenario_is_shown_to_people_who_see_practice_of_it(office: Office) -> None:
    asked = f'sessions scenario:"{PRIVATE}" last 60d'
    office.practice("jane", scenario=PRIVATE, days=1)
    await office.at(NOW + timedelta(minutes=1))
    await coached_by(office, "kofi.mensah", "@jane")

    for who in ("ana", "jane", "kofi.mensah"):
        assert numbers(first_line(await office.ask(who, asked)))[0] >= 1, who
    await office.remove("coach remove @kofi.mensah @jane")
    assert not offers(await office.ask("kofi.mensah", asked), Button.REFRESH)


# Who somebody is


async def test_a_link_of_an_admin_holds_until_it_is_undone(office: Office) -> None:
    office.add_user("Nora New")
    assert table(await office.ask("nora.new", "sessions last 30d")) == []
    await office.ask("ana", "link @nora.new jane@acme.com")
    assert "Jane Smith" in (await office.ask("nora.new", "sessions last 30d")).text
    await office.remove("unlink @nora.new")
    office.forget_requests()

    after = await office.ask("nora.new", "sessions last 30d")

    assert (table(after), office.requests_to("/sessions")) == ([], [])


async def test_only_an_admin_links(office: Office) -> None:
    await coached_by(office, "bob", "@jane")
    for who in ("jane", "bob"):
        await office.ask(who, f"link @{who} ana@acme.com")
        assert table(await office.ask(who, "audit @jane")) == []


async def test_the_address_of_somebody_who_left_finds_nobody(office: Office) -> None:
    office.world.remove_member("bob@acme.com")
    await office.at(NOW + timedelta(hours=7))
    refused = await office.ask("bob", "sessions last 30d")
    assert (table(refused), "Bob Jones" in refused.text) == ([], False)

    await office.ask("ana", "link @bob bob@acme.com")

    assert "Bob Jones" in (await office.ask("bob", "sessions last 30d")).text
    assert table(await office.ask("ana", "sessions bob@acme.com last 30d"))
    assert table(await office.ask("jane", "sessions bob@acme.com last 30d")) == []


async def test_an_admin_who_is_not_in_exec_has_no_practice_of_their_own(office: Office) -> None:
    office.world.remove_member(f"{MANAGER}@acme.com")
    await office.at(NOW + timedelta(hours=7))
    assert table(await office.ask(MANAGER, "sessions last 30d"))
    for said in ("sessions me", "me", "what next", "audit me"):
        reply = await office.ask(MANAGER, said)
        assert (table(reply), offers(reply, Button.REFRESH)) == ([], False), said
    home = await office.open_home(MANAGER)
    assert home is not None
    assert not offers(home, "My week")
    assert labels(home)


async def test_an_address_that_may_be_anybodys_finds_nobody(office: Office) -> None:
    """It isn't confirmed, or has a character that only looks like another."""
    for who, email, is_confirmed in (
        ("mal.lory", "ana@acme.com", False),
        ("val.lory", "\u212aofi.mensah@acme.com", True),
    ):
        id_ = office.add_user(who.title().replace(".", " "), is_email_confirmed=is_confirmed)
        office.slack.team.users[id_].email = email
        for said in ("sessions last 30d", "me", "coach list"):
            answer = await office.ask(who, said)
            assert (table(answer), others_named(office, answer)) == ([], set()), (who, said)


async def test_an_address_that_only_a_session_has_changes_nobodys_rights(office: Office) -> None:
    people = {who: office.person(who) for who in ("jane", "bob")}
    for who, other in (("jane", "bob"), ("bob", "jane")):
        office.practice(who)
        id_ = people[who].id
        office.world.people[id_] = replace(people[who], email=people[other].email)
    office.wait(minutes=2)
    assert table(await office.ask("ana", "sessions last 1d"))
    for who, person in people.items():
        assert person.name in first_line(await office.ask(who, "sessions me last 1d"))


# People who see nothing


async def by_command(office: Office, who: str) -> SlackMessage:
    return await office.ask(who, "sessions last 7d")


async def by_message(office: Office, who: str) -> SlackMessage:
    return await office.tell(who, "sessions last 7d")


async def by_mention(office: Office, who: str) -> SlackMessage:
    return await office.tell(who, "sessions last 7d", "sales-practice")


async def by_press(office: Office, who: str) -> SlackMessage:
    answer = await office.ask("ana", "sessions last 7d")
    return await office.press(who, answer, Button.REFRESH, on=await by_command(office, who))


Door = Callable[[Office, str], Awaitable[SlackMessage]]


async def test_outsiders_see_nothing_and_read_why(office: Office) -> None:
    office.add_user("Nora New")
    doors: list[Door] = [by_command, by_message, by_mention, by_press]
    for door in doors:
        replies = [await door(office, who) for who in ("gina.guest", "gus.globex", "nora.new")]
        for message in replies:
            assert (table(message), others_named(office, message)) == ([], set()), door
        if door is not by_press:
            assert len({message.text for message in replies}) == 3  # each their own reason
    assert others_named(office, await office.open_home("gina.guest")) == set()


# A right that is taken away


async def test_an_old_answer_shows_nothing_once_the_right_is_gone(office: Office) -> None:
    await coached_by(office, "bob", '"West Coast"')
    answer = await office.ask("bob", 'sessions group:"West Coast" last 60d', "west-coast")
    await office.remove("coach remove @bob")
    office.forget_requests()
    files = len(office.slack.files)

    for label in (Button.NEXT, Button.SHARE, Button.EXPORT, "Show", Button.REFRESH):
        reply = await office.press("bob", answer, label)
        assert names_in(reply, office.roster("West Coast")) == set(), label
    assert (office.posts("west-coast"), len(office.slack.files)) == ([], files)
    assert office.requests_to() == []


async def test_nobody_presses_what_was_shown_to_another(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d", "west-coast")
    own = await office.ask("jane", "help", "west-coast")
    for label in (Button.REFRESH, Button.SHARE, Button.EXPORT, "Show"):
        reply = await office.press("jane", answer, label, on=own)
        assert (table(reply), others_named(office, reply)) == ([], set())
        assert office.posts("west-coast") == []


async def test_a_guest_sees_nothing_an_hour_later(office: Office) -> None:
    await office.ask("jane", "sessions last 7d")
    office.slack.team.users[office.user("jane")].is_restricted = True
    office.wait(minutes=61)

    assert table(await office.ask("jane", "sessions last 7d")) == []


async def test_a_former_admin_sees_only_themselves_six_hours_later(
    office: Office,
) -> None:
    ana = office.person("ana")
    office.world.people[ana.id] = office.world.members[ana.id] = replace(ana, role="member")
    await office.at(NOW + timedelta(hours=6, minutes=1))

    answer = await office.ask("ana", "sessions last 7d")

    assert others_named(office, answer, "ana") == set()


async def test_a_coach_does_not_see_people_who_left_their_group_26_hours_later(
    office: Office,
) -> None:
    await coached_by(office, "bob", '"West Coast"')
    office.world.rosters[office.world.group("West Coast").id].discard(office.person("jane").id)
    for hours in (13, 26):
        await office.at(NOW + timedelta(hours=hours))

    refused = await office.ask("bob", "sessions @jane last 30d")

    assert table(refused) == []
    assert "Jane Smith" not in everything(await office.ask("bob", "team"))


async def test_a_coach_sees_people_who_joined_their_group(office: Office) -> None:
    await coached_by(office, "bob", '"West Coast"')
    office.world.rosters[office.world.group("West Coast").id].add(office.person("grace.achieng").id)
    await office.at(NOW + timedelta(hours=25))

    assert "Grace Achieng" in everything(await office.ask("bob", "team"))


async def test_people_of_a_removed_link_are_judged_at_the_next_delivery(
    open_acquainted: OpenOffice,
) -> None:
    """A coach's message names only people who are theirs when it is sent."""
    async with open_acquainted() as office:
        await coached_by(office, "bob", "@jane @priya @sam")
        await office.remove("coach remove @bob @sam")
        await office.at(NOW + timedelta(days=2, hours=22, minutes=31))

        assert "Sam Lee" not in everything(office.dms("bob")[-1])


# Buttons

OF_ANA = (
    "team",
    "leaderboard",
    "prep @sam",
    "nudge sam",
    "coach list",
    "status",
    "audit @sam",
    "me",
)
LISTS = ("digest list", "alert list", "coach list")


async def lists(office: Office) -> list[str]:
    return [(await office.ask("ana", said, "west-coast")).text for said in LISTS]


async def test_buttons_of_others_do_and_show_nothing(office: Office) -> None:
    """Every button of an admin's messages, pressed by a rep, a guest and another company."""
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    await office.ask("ana", "alert @sam gold")
    messages = [await office.ask("ana", said, "west-coast") for said in (*OF_ANA, *LISTS)]
    before, posts = await lists(office), office.posts("west-coast")
    for who in ("kofi.mensah", "gina.guest", "gus.globex"):
        own = await office.ask(who, "help")
        for message in messages:
            for label in labels(message):
                await office.press_only(who, message, label, on=own)
                await office.drain()
        replies = [reply for reply in office.slack.messages if reply.visible_to == office.user(who)]
        replies += office.dms(who)
        assert replies, who
        names = {
            name for reply in replies for name in names_in(reply, office.world.members.values())
        }
        assert names <= {office.account(who).real_name, "Kofi Mensah"}, who
        assert office.user(who) not in office.slack.views
    assert (await lists(office), office.posts("west-coast"), office.dms("sam")) == (
        before,
        posts,
        [],
    )


async def test_rights_that_end_between_a_press_and_its_answer_count(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    answer = await office.ask("bob", "team")
    office.wait(minutes=5)  # so that Exec is asked for what is new
    fault = ExecFault("held", None, path="/sessions")
    office.exec.faults.append(fault)
    office.forget_requests()
    pressing = asyncio.create_task(office.press("bob", answer, Button.REFRESH))
    while not office.requests_to("/sessions"):  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.02)
    bob = office.person("bob").id
    monkeypatch.setattr("bot.ask.answer.RIGHTS_LAST", 0.0)
    await office.bot.people.coaches.remove(await office.bot.people.coaches.of(bob))
    office.exec.faults.clear()
    fault.released.set()
    reply = await pressing
    assert names_in(reply, office.roster("West Coast")) == set()
    for label in labels(answer):
        reply = await office.press("bob", answer, label)
        assert names_in(reply, office.roster("West Coast")) == set(), label
