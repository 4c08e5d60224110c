"""Digests and scheduled questions: setting them up, managing them, and what they say."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tests.office import NOW, Office, SlackMessage, berlin
from tests.office_fixtures import OpenOffice
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

MONDAY = berlin("2026-03-23 9:00")
LINE = 'digest "West Coast" every monday 9:00'
QUESTION = 'digest sessions group:"West Coast" gold last month every monday 9:00'


async def saved(office: Office, line: str = LINE, who: str = "ana") -> SlackMessage:
    return await office.ask(who, line, "west-coast")


async def listed(office: Office, who: str = "ana") -> SlackMessage:
    return await office.ask(who, "digest list", "west-coast")


def posts(office: Office) -> list[SlackMessage]:
    return office.posts("west-coast")


def gold_of_west(office: Office, start: datetime, end: datetime) -> int:
    rows = office.sessions(start, end, office.roster("West Coast"))
    return sum(row.rank == "gold" for row in rows)


# Setting one up


async def test_one_line_sets_up_a_digest_that_comes_once_a_week(office: Office) -> None:
    for _ in range(2):  # the same one twice is one
        await saved(office)
    assert posts(office) == []
    await office.at(MONDAY - timedelta(minutes=1))
    assert posts(office) == []
    await office.at(MONDAY)
    (post,) = posts(office)
    assert "West Coast" in post.text
    for later in (timedelta(minutes=5), timedelta(days=6)):
        await office.at(MONDAY + later)
    assert posts(office) == [post]
    await office.at(berlin("2026-03-30 9:00"))  # the clocks have changed
    assert len(posts(office)) == 2


# Each has a group of its own, whose posts are counted.
SCHEDULES = {
    "West Coast": "every 2 weeks on friday 16:00",
    "East Coast": "every monday 9:00 new york",
    "Enterprise": "monthly 1st 8:30",
    "New Hires": "on weekdays 7:00",
}
COUNTS = {
    "2026-03-20 16:00": [1, 0, 0, 0],
    "2026-03-21 7:00": [1, 0, 0, 0],
    "2026-03-23 13:59": [1, 0, 0, 1],
    "2026-03-23 14:00": [1, 1, 0, 1],
    "2026-03-27 16:00": [1, 1, 0, 2],
    "2026-03-30 15:00": [1, 2, 0, 3],
    "2026-04-01 8:29": [1, 2, 0, 4],
    "2026-04-01 8:30": [1, 2, 1, 4],
    "2026-04-03 16:00": [2, 2, 1, 5],
}


async def test_schedules_keep_their_times(office: Office) -> None:
    for group, schedule in SCHEDULES.items():
        await saved(office, f'digest "{group}" {schedule}')
    for moment, counts in COUNTS.items():
        await office.at(berlin(moment))
        said = [first_line(post) for post in posts(office)]
        assert [sum(group in line for line in said) for group in SCHEDULES] == counts, moment


async def test_if_words_are_missing_a_form_asks_and_shows_what_will_come(office: Office) -> None:
    await office.ask_only("ana", 'digest "West Coast"', "west-coast")
    form = office.form_of("ana")
    readers, said = len(office.members("west-coast")), str(form.view)
    assert {readers, 9, 11} <= set(numbers(said))  # the group's week as well
    ack = await office.submit("ana", form, {"rhythm": "every friday"})
    assert ack.view_errors == {}
    await office.at(MONDAY)
    assert posts(office) == []
    await office.at(berlin("2026-03-27 9:00"))
    assert len(posts(office)) == 1


async def test_the_form_offers_a_coach_their_own_groups(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask_only("bob", "digest", "west-coast")
    said = str(office.form_of("bob").view)
    assert "West Coast" in said
    assert not re.search("East Coast|Enterprise|New Hires", said)


async def test_the_form_refuses_channels_that_outsiders_read(office: Office) -> None:
    await office.ask_only("ana", 'digest "West Coast"', "west-coast")
    for channel in ("with-our-agency", "with-globex"):
        values = {"channel": office.channel(channel)}
        ack = await office.submit("ana", office.form_of("ana"), values)
        assert "channel" in ack.view_errors, channel
    ack = await office.submit("ana", office.form_of("ana"), {"zone": "Atlantis"})
    assert "zone" in ack.view_errors


async def test_only_admins_and_coaches_of_the_group_set_one_up(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "East Coast"')
    for who in ("jane", "bob"):
        await saved(office, who=who)
    await office.ask("ana", 'coach add @priya "West Coast"')
    await office.at(MONDAY)
    assert posts(office) == []
    await saved(office, who="priya")
    await office.at(berlin("2026-03-30 9:00"))
    assert len(posts(office)) == 1


async def test_what_a_channel_may_not_see_is_not_scheduled(office: Office) -> None:
    for said in (
        "sessions @jane last 7d",
        "sessions @jane @bob",
        "sessions me",
        "inactive",
        "prep @jane",
        'sessions group:"West Coast" not @jane',
    ):
        await saved(office, f"digest {said} every monday 9:00")
    await office.at(MONDAY)
    assert posts(office) == []


async def test_an_answer_is_posted_every_week_with_its_filters(office: Office) -> None:
    answer = await office.ask("ana", 'sessions group:"West Coast" gold last 30d', "west-coast")
    assert not offers(await office.ask("jane", "sessions last 7d", "west-coast"), Button.WEEKLY)
    form = await office.form("ana", answer, Button.WEEKLY)
    ack = await office.submit("ana", form)
    assert ack.view_errors == {}
    await office.at(MONDAY)
    (post,) = posts(office)
    assert numbers(post.text)[0] == gold_of_west(office, MONDAY - timedelta(days=30), MONDAY)


async def test_a_schedule_in_plain_words_is_understood(office: Office) -> None:
    reply = await office.tell("ana", "post west coast here every monday at 9", "west-coast")
    if office.user("ana") in office.slack.views:
        await office.submit("ana", office.form_of("ana"))
    elif not offers(reply, Button.PREVIEW):
        await office.press_only("ana", reply, labels(reply)[0])
        if office.user("ana") in office.slack.views:
            await office.submit("ana", office.form_of("ana"))
    await office.at(MONDAY)
    assert len(posts(office)) == 1


async def test_one_comes_only_to_a_channel_that_its_owner_is_in(office: Office) -> None:
    """Of any other channel, they learn neither its name nor its members."""
    await office.ask("ana", 'coach add @bob "West Coast"')
    members = [office.user("ana"), office.user("mc.dubois")]
    secret = office.slack.team.add_channel("reorganisation", members, private=True)
    await office.ask_only("bob", 'digest "West Coast"')
    form, bob, chosen = office.form_of("bob"), office.user("bob"), {"channel": secret.id}
    for count in (0, 230):
        secret.members += [office.add_user(f"Crowd {n}") for n in range(count)]
        await office.slack.click(bob, form.id, "channel", secret.id, values=chosen)
        await office.drain()
        ack = await office.submit("bob", form, chosen)
        assert list(ack.view_errors) == ["channel"]
        said = f"{ack.view_errors}{office.form_of('bob').view}"
        assert not re.search(r"reorganisation|Dubois|\b232\b", said)
    secret.members[:] = [bob]
    assert (await office.submit("bob", form, chosen)).view_errors == {}

    office.slack.team.add_channel("open", [office.user("jane")])
    await office.ask("ana", LINE, "open")
    await office.at(MONDAY)
    assert (len(office.posts("reorganisation")), office.posts("open")) == (1, [])


async def test_an_admin_looks_after_one_in_a_channel_they_are_not_in(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    for name in ("west", "east"):
        office.slack.team.add_channel(name, [office.user("bob"), office.user("jane")])
    await office.ask("bob", LINE, "west")
    form = await office.form("ana", await office.ask("ana", "digest list"), Button.EDIT)
    ack = await office.submit("ana", form, {"channel": office.channel("east")})
    assert list(ack.view_errors) == ["channel"]
    ack = await office.submit("ana", form, {"rhythm": "every friday"})
    assert ack.view_errors == {}
    await office.at(MONDAY)
    assert office.posts("west") == []
    await office.at(berlin("2026-03-27 9:00"))
    assert len(office.posts("west")) == 1


# Managing it


async def test_the_list_is_of_what_one_may_see_and_has_a_preview(office: Office) -> None:
    message = await saved(office)
    await office.ask("ana", 'digest "East Coast" daily 8:00', "sales-practice")
    assert "East Coast" in everything(await listed(office))  # an admin sees all
    assert "East Coast" not in everything(await listed(office, "jane"))

    preview = await office.press("ana", message, Button.PREVIEW)
    assert preview.visible_to == office.user("ana")
    assert {9, 11} <= set(numbers(preview.text))
    assert posts(office) == []


async def test_send_now_posts_once(office: Office) -> None:
    message = await saved(office)
    shown = await office.press("ana", message, Button.SEND_NOW)
    assert len(office.members("west-coast")) in numbers(shown.text)  # who will read it
    for _ in range(2):
        await office.press_only("ana", shown, labels(shown)[0])
    for minutes in (1, 2):
        await office.at(NOW + timedelta(minutes=minutes))
    assert len(posts(office)) == 1
    await office.at(MONDAY)
    assert len(posts(office)) == 2


async def test_paused_it_does_not_come_until_it_is_resumed(office: Office) -> None:
    await saved(office)
    paused = await office.press("ana", await listed(office), Button.PAUSE)
    await office.at(MONDAY)
    assert posts(office) == []
    await office.press("ana", paused, Button.RESUME)
    await office.at(MONDAY + timedelta(minutes=5))
    assert posts(office) == []
    await office.at(berlin("2026-03-30 9:00"))
    assert len(posts(office)) == 1


async def test_removed_it_no_longer_comes(office: Office) -> None:
    message = await saved(office)
    asked = await office.press("ana", await listed(office), Button.REMOVE)
    assert len(labels(asked)) == 2
    await office.press("ana", asked, Button.REMOVE)
    await office.press_only("ana", message, Button.SEND_NOW)
    await office.at(MONDAY)
    assert posts(office) == []


async def test_edited_it_comes_at_its_new_time_to_its_new_channel(office: Office) -> None:
    form = await office.form("ana", await saved(office), Button.EDIT)
    values = {"clock": "17:30", "channel": office.channel("sales-practice")}
    ack = await office.submit("ana", form, values)
    assert ack.view_errors == {}
    await office.at(MONDAY)
    await office.at(berlin("2026-03-23 17:30"))
    assert (len(posts(office)), len(office.posts("sales-practice"))) == (0, 1)


async def test_people_who_may_not_change_one_have_no_button_for_it(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("ana", 'coach add @priya "East Coast"')
    message = await saved(office, who="bob")
    for who, may in (("ana", True), ("bob", True), ("priya", False), ("jane", False)):
        assert offers(await listed(office, who), Button.PAUSE) is may, who
    for who in ("priya", "jane"):
        own = await office.ask(who, "help", "west-coast")
        for label in (Button.REMOVE, Button.SEND_NOW):
            await office.press_only(who, message, label, on=own)
    await office.at(MONDAY)
    assert len(posts(office)) == 1


# What it says


async def test_its_figures_are_those_of_the_week_before(open_acquainted: OpenOffice) -> None:
    """They come only to the channel, with dates in the configured format."""
    async with open_acquainted(EXECBOT_LOCALE="en-GB") as office:
        await saved(office)
        await office.at(MONDAY)
    (post,) = posts(office)

    assert "16 – 22 Mar" in post.text
    assert office.dms("ana") == []
    roster = office.roster("West Coast")
    week = office.sessions(berlin("2026-03-16"), berlin("2026-03-23"), roster)
    people = {session.user_id for session in week}
    assert {len(people), len(roster), len(week)} <= set(numbers(post.text))
    absent = [person for person in roster if person.id not in people]
    assert absent
    assert names_in(post, absent) == set()
    assert not any("Who" in row for row in table(post))


async def test_a_personal_best_is_praised_once(office: Office) -> None:
    best: dict[tuple[str, str], list[float]] = {}
    west = {person.id: person for person in office.roster("West Coast")}
    for session in office.world.sessions:
        if session.user_id in west and session.score is not None and session.is_valid_attempt:
            best.setdefault((session.user_id, session.scenario_id), []).append(session.score)
    who, scenario = min(
        (key for key, scores in best.items() if len(scores) > 2), key=lambda key: max(best[key])
    )
    name, email = west[who].name, west[who].email.partition("@")[0]
    office.practice(email, scenario=scenario, at=berlin("2026-03-22 12:00"), score=99.9)
    await saved(office)
    await office.at(MONDAY)
    assert name in posts(office)[0].text
    office.practice(email, scenario=scenario, at=berlin("2026-03-26"), score=98)
    await office.at(berlin("2026-03-30 9:00"))
    assert name not in everything(posts(office)[1])


async def test_details_show_each_reader_what_they_may_see(office: Office) -> None:
    await saved(office)
    await office.at(MONDAY)
    (post,) = posts(office)
    west = office.roster("West Coast")

    own = await office.press("jane", post, Button.DETAILS)
    assert own.visible_to == office.user("jane")
    mine = office.sessions(berlin("2026-03-16"), berlin("2026-03-23"), [office.person("jane")])
    assert len(mine) in numbers(own.text)
    assert names_in(own, west) <= {"Jane Smith"}
    assert names_in(await office.press("bob", post, Button.DETAILS), west) == set()
    assert len(table(await office.press("ana", post, Button.DETAILS))) == len(west)
    await office.ask("ana", 'coach add @bob "West Coast"')
    assert len(table(await office.press("bob", post, Button.DETAILS))) == len(west)
    assert posts(office) == [post]


async def test_details_are_of_the_days_of_the_digest_in_any_time_zone(office: Office) -> None:
    await saved(office, f"{LINE} America/New_York")
    await office.at(MONDAY + timedelta(hours=5))
    (post,) = posts(office)
    assert "March 16 – 22" in post.text
    for who in ("ana", "bob"):
        details = await office.press(who, post, Button.DETAILS)
        assert "Mon, Mar 16 – Sun, Mar 22" in first_line(details)


async def test_a_question_comes_with_its_filters_for_its_newest_period(office: Office) -> None:
    await saved(office, QUESTION)
    office.practice("jane", at=berlin("2026-03-27 9:00"), score=95)
    for moment, start, end in (
        ("2026-03-23 9:00", "2026-02-01", "2026-03-01"),
        ("2026-04-06 9:00", "2026-03-01", "2026-04-01"),
    ):
        await office.at(berlin(moment))
        post = posts(office)[-1]
        assert numbers(post.text)[0] == gold_of_west(office, berlin(start), berlin(end))
        assert names_in(post, office.roster("West Coast")) == set()
    assert len(posts(office)) == 2


async def test_execs_own_staff_are_nobodys_people(office: Office) -> None:
    world = office.world
    world.rosters[world.group("West Coast").id].add(world.person("support@exec.com").id)
    await office.at(NOW + timedelta(hours=26))
    await office.ask("ana", 'coach add @priya "West Coast"')
    message = await saved(office)
    await office.at(MONDAY)
    shown = [
        await office.press("ana", message, Button.PREVIEW),
        await office.press("ana", posts(office)[0], Button.DETAILS),
        *posts(office),
        *office.dms("priya"),
    ]
    assert "Support" not in " ".join(map(everything, shown))
    assert {9, 11} <= set(numbers(posts(office)[0].text))


async def test_a_digest_of_a_group_keeps_its_scenario(office: Office) -> None:
    said = 'team group:"West Coast" scenario:"Cold Call Opener"'
    await office.ask("ana", f"digest {said} every monday 9:00", "west-coast")
    listed = await office.ask("ana", "digest list", "west-coast")
    assert "Cold Call Opener" in everything(listed)
