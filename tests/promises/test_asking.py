"""Questions and their answers: words, pages, buttons, files, and trouble."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from tests.promises.conftest import OpenOffice
from tests.promises.messages import (
    Button,
    buttons,
    column,
    everything,
    fields,
    first_line,
    labels,
    names_in,
    numbers,
    offers,
    table,
)
from tests.promises.office import BERLIN, NOW, Message, Office, Session


def count(office: Office, start: datetime, *emails: str, rank: str = "") -> int:
    """How many sessions Exec has since then."""
    ids = {office.person(each).id for each in emails}
    return sum(
        start <= each.created_at <= office.clock()
        and (each.user_id in ids if ids else not office.world.people[each.user_id].is_system)
        and (not rank or each.rank == rank)
        for each in office.world.sessions
    )


# Ways to ask


async def test_a_question_is_answered_at_each_door(office: Office) -> None:
    told = [
        await office.ask("ana", "sessions @jane last 7d"),
        await office.tell("ana", "sessions @jane last 7d"),
        await office.tell("ana", "sessions @jane last 7d", "sales-practice"),
        await office.tell("ana", "how many sessions did Jane Smith do in the last 7 days?"),
    ]
    expected = count(office, NOW - timedelta(days=7), "jane")
    for answer in told:
        assert numbers(first_line(answer))[0] == expected
        assert "Jane Smith" in first_line(answer)
        assert 7 in numbers(first_line(answer))
        assert set(numbers(first_line(answer))) <= set(numbers(answer.text))


PEOPLE = {
    "@bob": {"Bob Jones"},
    "bob@acme.com": {"Bob Jones"},
    '"Bob Jones"': {"Bob Jones"},
    "siobhan o'brien": {"Siobhán O'Brien"},
    "@jane @bob": {"Jane Smith", "Bob Jones"},
    "@closers": {"Jane Smith", "Bob Jones", "Priya Nair"},
    "@closers @grace.achieng": {"Jane Smith", "Bob Jones", "Priya Nair", "Grace Achieng"},
    "jose munoz": {"José Muñoz"},
}


async def test_people_are_found_by_mention_name_address_and_user_group(office: Office) -> None:
    for said, names in PEOPLE.items():
        answer = await office.ask("ana", f"sessions {said} last 30d")
        assert table(answer), said
        assert {each for each in names if each in answer.text} == names, said
        office.wait(seconds=2)


async def test_my_people_are_those_of_a_coach(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    theirs = {each.name for each in office.roster("West Coast")} | {"Amara Diallo"}
    for said in ("sessions my people last 7d", "sessions last 7d"):
        assert set(column(await office.ask("bob", said), "Who")) <= theirs
    assert "Amara Diallo" in column(await office.ask("bob", "team my people"), "Who")


FILTERS: dict[str, Callable[[Session, str], bool]] = {
    "gold": lambda each, _: each.rank == "gold",
    "score>=80": lambda each, _: (each.score or 0) >= 80,
    'scenario:"Cold Call Opener"': lambda _, scenario: scenario == "Cold Call Opener",
    "invalid": lambda each, _: not each.is_valid_attempt,
}


async def test_filters_are_exact(office: Office) -> None:
    jane = office.world.sessions.by_user[office.person("jane").id]
    since = NOW - timedelta(days=60)
    for said, keeps in FILTERS.items():
        answer = await office.ask("ana", f"sessions @jane {said} last 60d")
        expected = [
            each
            for each in jane
            if each.created_at >= since
            and keeps(each, office.world.scenarios[each.scenario_id].name)
        ]
        assert len(table(answer)) == len(expected) == numbers(first_line(answer))[0], said


async def test_the_best_come_first_and_only_so_many(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 30d best top 5")

    told = [float(each) for each in column(answer, "Score")]
    scores = [
        each.score
        for each in office.world.sessions
        if each.created_at >= NOW - timedelta(days=30)
        and each.is_valid_attempt
        and not office.world.people[each.user_id].is_system
    ]
    assert told == sorted((each for each in scores if each is not None), reverse=True)[:5]


# Time


async def test_days_and_times_are_those_of_the_asker(office: Office) -> None:
    office.add_user("Kai Ohara", tz="Asia/Tokyo")
    await office.ask("ana", "link @kai.ohara ana@acme.com")

    answer = await office.ask("kai.ohara", "sessions @jane today")

    midnight = datetime(2026, 3, 20, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert numbers(first_line(answer))[0] == count(office, midnight, "jane")
    monday = datetime(2026, 3, 16, tzinfo=BERLIN)
    week = await office.ask("ana", "sessions @jane this week")
    assert numbers(first_line(week))[0] == count(office, monday, "jane")


async def test_dates_are_written_as_the_reader_writes_them(open_acquainted: OpenOffice) -> None:
    async with open_acquainted(EXECBOT_LOCALE="en-GB") as office:
        for who, locale, shown in (
            ("Brit Ish", "en-GB", "20 Mar"),
            ("Amy Rican", "en-US", "Mar 20"),
        ):
            office.add_user(who, locale=locale)
            handle = who.lower().replace(" ", ".")
            await office.ask("ana", f"link @{handle} ana@acme.com")
            answer = await office.ask(handle, "sessions @jane last 7d")
            assert shown in table(answer)[0]["When"]
            office.members("west-coast").append(office.user(handle))
            post = await office.share(
                handle, await office.ask(handle, "sessions last 7d", "west-coast")
            )
            assert post is not None
            assert "20 Mar" in everything(post)  # as the channel's setting says


# Pages, rows and buttons


async def test_each_session_is_on_one_page_though_new_ones_arrive(office: Office) -> None:
    page = await office.ask("ana", "sessions last 20d")
    expected = count(office, NOW - timedelta(days=20))
    rows = table(page)
    while offers(page, Button.NEXT):
        office.practice("jane")
        office.wait(seconds=61)
        page = await office.press("ana", page, Button.NEXT)
        rows += table(page)

    assert numbers(first_line(page)) != []
    assert len(rows) == expected
    assert len({tuple(row.values()) for row in rows}) == expected


async def test_a_row_leads_to_its_session_and_to_its_person(office: Office) -> None:
    answer = await office.ask("ana", "sessions @jane gold last 60d")
    shown = await office.press("ana", answer, "Show")
    assert float(table(answer)[0]["Score"]) in numbers(shown.text)
    assert column(shown, "Criterion")

    team = await office.ask("ana", 'team "West Coast"')
    person = await office.press("ana", team, "Show")
    assert table(team)[0]["Who"] in person.text


async def test_refresh_shows_what_is_new_in_the_place_of_the_old(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 7d")
    office.wait(minutes=10)
    office.practice("jane", score=91.5)

    fresh = await office.press("jane", answer, Button.REFRESH)

    assert fresh.ts == answer.ts
    assert len(table(fresh)) == len(table(answer)) + 1
    assert table(fresh)[0]["Score"] == "91.5"


async def test_a_question_sees_a_session_of_a_minute_ago_and_asks_exec_once(office: Office) -> None:
    office.practice("jane", score=91.5)
    office.wait(seconds=61)
    office.forget_requests()

    told = await asyncio.gather(*(office.ask("ana", "sessions @jane last 7d") for _ in range(4)))
    again = await office.ask("ana", "sessions @jane last 7d")

    assert all(table(each)[0]["Score"] == "91.5" for each in (*told, again))
    assert len(office.asked()) == 1


async def test_a_session_that_exec_deleted_is_gone_within_thirty_hours(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 7d")
    newest = office.world.sessions.by_user[office.person("jane").id][0]
    office.world.delete(newest.id)
    for hours in range(6, 31, 6):
        await office.at(NOW + timedelta(hours=hours))

    fresh = await office.ask("jane", "sessions last 10d")

    gone = table(answer)[0]["When"]
    assert gone not in column(fresh, "When")
    assert table(answer)[1]["When"] in column(fresh, "When")


# Files


def files(office: Office, who: str) -> list[list[list[str]]]:
    """The rows of each file that the bot sent to somebody."""
    found = []
    for message in office.dms(who):
        for each in message.extra.get("files", ()):
            content = (office.slack.files[each["id"]].content or b"").decode()
            assert content.startswith("\ufeff")
            found.append(list(csv.reader(StringIO(content[1:], newline=""))))
    return found


async def test_a_file_has_every_row_of_the_answer(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 20d")
    await office.press("ana", answer, Button.EXPORT)

    ((head, *rows),) = files(office, "ana")
    assert head == list(table(answer)[0])
    assert len(rows) == count(office, NOW - timedelta(days=20)) > len(table(answer))
    moments = [datetime.fromisoformat(row[0]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert all(each.utcoffset() == timedelta(hours=1) for each in moments)


async def test_files_are_for_admins_and_coaches(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    answer = await office.ask("bob", "sessions last 7d")
    await office.press("bob", answer, Button.EXPORT)
    ((_, *rows),) = files(office, "bob")
    assert {row[1] for row in rows} <= {each.name for each in office.roster("West Coast")}

    own = await office.ask("jane", "sessions last 7d")
    assert not offers(own, Button.EXPORT)
    await office.press("jane", answer, Button.EXPORT, on=own)
    assert files(office, "jane") == []


async def test_no_cell_of_a_file_is_a_formula(office: Office) -> None:
    names = ("=1+1", "+2", "-3", "@x", "\t=4", "\r=5", " =6")
    for number, name in enumerate(names):
        office.world.add_member(name, "", f"odd{number}@acme.com")
        office.practice(f"odd{number}", days=0.1)
    await office.at(NOW + timedelta(hours=7))
    answer = await office.ask("ana", "sessions last 1d")
    await office.press("ana", answer, Button.EXPORT)

    ((_, *rows),) = files(office, "ana")
    who = [row[1] for row in rows]
    assert len([each for each in who if any(name.strip() in each for name in names)]) == len(names)
    assert not [each for each in who if each.lstrip().startswith(("=", "+", "-", "@"))]


async def test_two_presses_send_one_file(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d")
    await asyncio.gather(*(office.press("ana", answer, Button.EXPORT) for _ in range(2)))
    assert len(files(office, "ana")) == 1


# Names that several people have


async def test_if_several_people_match_the_bot_asks(office: Office) -> None:
    for said in ('sessions "Alex Kim" last 30d', "how is alex doing"):
        asked = await office.ask("ana", said)
        assert table(asked) == []
        assert len(buttons(asked)) == 2
        alex_kim2 = next(label for label in labels(asked) if "alex.kim2" in label)
        answer = await office.press("ana", asked, alex_kim2)
        assert "alex.kim2" in answer.text


async def test_namesakes_are_told_apart_wherever_both_are_seen(office: Office) -> None:
    await office.ask("ana", "coach add @bob @alex.kim")
    for report in ("sessions last 30d", "leaderboard", "inactive last 1d", "assignments"):
        answer = await office.ask("ana", report)
        who = [each for each in column(answer, "Who") if "Alex Kim" in each]
        assert all("alex.kim" in each for each in who), report
    assert "alex.kim2" not in everything(await office.ask("bob", 'sessions "Alex Kim" last 30d'))


# What isn't understood or found


MISSPELLED = (
    ("sessions glod last 30d", "gold"),
    ("sesions last 7d silver", "silver"),
    ('team "Wset Coast"', "West Coast"),
    ('sessions "Jane Smiht" last 7d', "Jane Smith"),
    ("sessions scenario:renewl last 7d", "Renewal Save"),
)


async def test_wrong_words_get_a_sentence_and_buttons(office: Office) -> None:
    for said, meant in MISSPELLED:
        office.wait(minutes=1)
        told = await office.ask("ana", said)
        assert table(told) == []
        right = [each for each in labels(told) if meant in each]
        assert right

        answer = await office.press("ana", told, right[0])

        assert table(answer)
        assert meant.lower() in everything(answer).lower()


async def test_a_word_that_is_not_understood_is_never_dropped(office: Office) -> None:
    for said in ("sessions @jane frobnicated last 7d", "sessions last 7d but no turnips"):
        told = await office.ask("ana", said)
        assert table(told) == [], said
        assert len(labels(told)) <= 4


async def test_nothing_found_offers_to_remove_filters(office: Office) -> None:
    answer = await office.ask("ana", "sessions @kofi.mensah last 7d gold")
    assert table(answer) == []
    assert not offers(answer, Button.SHARE)

    found = await office.press("ana", answer, labels(answer)[0])

    assert numbers(first_line(found))[0] == count(office, NOW - timedelta(days=7), rank="gold")


# Trouble


async def test_while_exec_is_away_an_answer_is_of_what_is_stored(office: Office) -> None:
    before = await office.ask("ana", "sessions last 7d")
    for kind in ("status", "html", "reset", "cut", "limited", "inactive"):
        office.wait(minutes=30 if kind == "status" else 5)
        with office.exec_away(kind, seconds=3600):
            answer = await office.ask("ana", "sessions last 7d")
        assert len(table(answer)) == len(table(before)), kind
        assert "9:59" in everything(answer), kind  # as of then


async def test_with_nothing_stored_trouble_is_told_and_can_be_tried_again(
    new_office: Office,
) -> None:
    with new_office.exec_away("status"):
        told = await new_office.ask("ana", "sessions last 7d")
        assert table(told) == []
    new_office.wait(minutes=1)
    assert table(await new_office.press("ana", told, labels(told)[0]))


async def test_a_limit_that_is_used_up_gives_what_is_stored(open_acquainted: OpenOffice) -> None:
    async with open_acquainted(EXEC_REQUESTS_PER_DAY="10") as office:
        office.forget_requests()
        answer = await office.ask("ana", "sessions last 7d")
        assert office.exec.requests == []
        assert len(table(answer)) == 25


async def test_never_more_requests_than_the_limits_allow(open_acquainted: OpenOffice) -> None:
    async with open_acquainted(EXEC_REQUESTS_PER_DAY="60") as office:
        office.forget_requests()
        for hour in range(24, 36, 3):
            await office.at(NOW + timedelta(hours=hour))
            for number in range(5):
                await office.ask("ana", f"session last @jane page {number + 1} score>={hour}")
                await office.ask("ana", f"skills @jane skill:closing last {hour + number + 1}d")
        assert 10 < len(office.exec.requests) <= 60
        assert {each.status for each in office.exec.requests} == {200}


@pytest.mark.parametrize("block", ["data_table", "data_visualization", "table"])
async def test_a_block_that_slack_refuses_is_replaced_by_a_plain_form(
    office: Office, block: str
) -> None:
    office.slack.unsupported_blocks = {block}
    for said in ("sessions @jane last 7d", "trend @jane last 30d"):
        answer = await office.ask("ana", said)
        assert numbers(first_line(answer))[0] > 0
        assert offers(answer, Button.REFRESH)
        assert names_in(answer, [office.person("jane")]) == {"Jane Smith"}


@pytest.mark.parametrize("fault", ["ratelimited", "drop", "dead_url"])
async def test_an_answer_arrives_once_though_slack_is_in_trouble(
    office: Office, fault: str
) -> None:
    office.slack.fault("response_url", fault, seconds=0.1)
    answer = await office.ask("ana", "sessions @jane last 7d")
    assert table(answer)
    shown = [m for m in office.slack.messages if m.user == office.slack.team.bot_user_id]
    assert len([m for m in shown if table(m)]) == 1


async def test_what_slack_delivers_twice_is_done_once(office: Office) -> None:
    ack = await office.ask_only("ana", "sessions @jane last 7d")
    await office.slack.redeliver(ack)
    await office.drain()
    assert len([each for each in office.slack.messages if table(each)]) == 1


async def test_what_nobody_foresaw_gets_a_reference_that_is_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with office.bug():
        told = await office.ask("jane", "sessions last 7d")
    references = [word.strip(".*`_ ") for word in told.text.split() if len(word) >= 8]
    logged = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert [word for word in references if any(word in line for line in logged)]
    assert "jane" not in caplog.text.lower()
    assert table(await office.ask("jane", "sessions last 7d"))


async def test_names_cannot_mention_or_format(office: Office) -> None:
    office.world.add_member("<!channel>", "*Bold* & <@U1>", "odd@acme.com")
    office.practice("odd", days=0.1, score=99)
    await office.at(NOW + timedelta(hours=7))
    answer = await office.ask("ana", "sessions last 1d")
    assert office.slack.mentions_of(answer) == []
    assert any("Bold" in each for each in column(answer, "Who"))
    assert fields(answer)


# Follow-ups

Say = Callable[..., Awaitable[Message]]


async def test_a_follow_up_goes_on_with_the_last_question(office: Office) -> None:
    async def told(text: str) -> float:
        office.wait(seconds=1)
        answer = await office.tell("ana", text)
        return 0 if not table(answer) else numbers(first_line(answer))[0]

    month = datetime(2026, 3, 1, tzinfo=BERLIN)
    assert await told("sessions @jane this month") == count(office, month, "jane")
    assert await told("and bob?") == count(office, month, "bob")
    assert await told("only silver") == count(office, month, "bob", rank="silver")
    week = datetime(2026, 3, 16, tzinfo=BERLIN)
    assert await told("and this week") == count(office, week, "bob", rank="silver")
    assert await told("sessions @priya this month") == count(office, month, "priya")


async def test_a_follow_up_is_of_one_person_and_one_conversation(office: Office) -> None:
    await office.tell("ana", "sessions @jane last 7d")
    office.slack.team.dm_of(office.user("bob"))
    theirs = await office.tell("bob", "and gold?")
    assert "Jane" not in everything(theirs)


async def test_after_half_an_hour_there_is_nothing_to_follow(office: Office) -> None:
    await office.tell("ana", "sessions @jane last 7d")
    office.wait(minutes=29)
    assert "Bob Jones" in (await office.tell("ana", "and bob?")).text
    office.wait(minutes=31)
    assert "Bob Jones" not in first_line(await office.tell("ana", "only silver"))


async def test_a_follow_up_is_judged_by_the_rights_of_now(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    await office.tell("bob", "sessions @jane last 7d")
    await office.remove("coach remove @bob @jane")
    office.forget_requests()

    told = await office.tell("bob", "only gold")

    assert (table(told), office.asked()) == ([], [])


async def test_after_a_question_which_of_two_the_answer_is_a_follow_up(office: Office) -> None:
    asked = await office.tell("ana", "sessions alex last 30d")
    assert table(asked) == []
    answer = await office.tell("ana", "alex.kim2@acme.com")
    assert "alex.kim2" in answer.text
    assert 30 in numbers(first_line(answer))


async def test_a_question_of_its_own_is_not_changed_by_the_one_before(office: Office) -> None:
    await office.tell("ana", "sessions @jane gold last 60d")
    answer = await office.tell("ana", "who has not practiced in the last 7 days?")
    assert "Jane Smith" not in first_line(answer)
    assert {"Kofi Mensah", "Liam Murphy"} <= set(column(answer, "Who"))
