"""Questions and their answers: words, pages, buttons, and follow-ups."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.office import BERLIN, NOW, Office, SlackMessage, WorldSession
from tests.office_fixtures import OpenOffice
from tests.promises.cases import cases
from tests.shown import (
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

CASES = cases("asking")


def count(office: Office, start: datetime, *people: str, rank: str = "") -> int:
    """The number of Exec's sessions since then."""
    rows = office.sessions(start, people=[office.person(name) for name in people])
    return sum(row.rank == rank or not rank for row in rows)


# Ways to ask


async def test_a_question_is_answered_at_each_door(office: Office) -> None:
    replies = [
        await office.ask("ana", "sessions @jane last 7d"),
        await office.ask("ana", "@jane last 7d"),
        await office.tell("ana", "sessions @jane last 7d"),
        await office.tell("ana", "sessions @jane last 7d", "sales-practice"),
        await office.tell("ana", "how many sessions did Jane Smith do in the last 7 days?"),
    ]
    expected = count(office, NOW - timedelta(days=7), "jane")
    for answer in replies:
        assert numbers(first_line(answer))[0] == expected
        assert "Jane Smith" in first_line(answer)
        assert 7 in numbers(first_line(answer))
        assert set(numbers(first_line(answer))) <= set(numbers(answer.text))


async def test_people_are_found_by_mention_name_address_and_user_group(office: Office) -> None:
    for said, names in CASES["people"].items():
        answer = await office.ask("ana", f"sessions {said} last 30d")
        assert table(answer), said
        assert [name for name in names if name in answer.text] == names, said
        office.wait(seconds=2)


async def test_handles_that_slack_left_as_typed_are_understood(office: Office) -> None:
    office.slack.should_escape = False
    for said, names in (("@jane", {"Jane Smith"}), ("@closers", set(CASES["people"]["@closers"]))):
        answer = await office.ask("ana", f"sessions {said} last 30d")
        assert names_in(answer, office.world.people.values()) == names


async def test_my_people_are_those_of_a_coach(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast" @amara.diallo')
    theirs = {person.name for person in office.roster("West Coast")} | {"Amara Diallo"}
    for said in ("sessions my people last 7d", "sessions last 7d"):
        assert set(column(await office.ask("bob", said), "Who")) <= theirs
    assert "Amara Diallo" in column(await office.ask("bob", "team my people"), "Who")


FILTERS: dict[str, Callable[[WorldSession, str], bool]] = {
    "gold": lambda session, _: session.rank == "gold",
    "score>=80": lambda session, _: (session.score or 0) >= 80,
    'scenario:"Cold Call Opener"': lambda _, scenario: scenario == "Cold Call Opener",
    "invalid": lambda session, _: not session.is_valid_attempt,
}


async def test_filters_are_exact(office: Office) -> None:
    jane = office.world.sessions.by_user[office.person("jane").id]
    since = NOW - timedelta(days=60)
    for said, keeps in FILTERS.items():
        answer = await office.ask("ana", f"sessions @jane {said} last 60d")
        expected = [
            session
            for session in jane
            if session.created_at >= since
            and keeps(session, office.world.scenarios[session.scenario_id].name)
        ]
        assert len(table(answer)) == len(expected) == numbers(first_line(answer))[0], said


async def test_things_are_found_by_name_and_id_and_counted_as_exec_counts(office: Office) -> None:
    world = office.world
    kinds: dict[str, Callable[[str], str]] = {
        "group_ids": lambda name: world.group(name).id,
        "scenario_ids": lambda name: world.scenario(name).id,
        "skill_ids": lambda name: world.skill(name).id,
        "collection_ids": lambda name: world.collection(name).id,
        "program_ids": lambda name: world.program(name).id,
    }
    for said, named in CASES["filters"]:
        ids = {kind: kinds[kind](name) for kind, name in named.items() if kind in kinds}
        params = {"start_date": "2026-02-18T09:00:00Z", "exclude_system_users": "true"}
        listed = await office.from_exec("/sessions", **{**params, **named, **ids})

        words = said.replace("{id}", next(iter(ids.values()), ""))
        answer = await office.ask("ana", f"sessions {words} last 30d")

        total = listed["pagination"]["total_count"]
        assert numbers(first_line(answer))[0] == total, said
        assert len(table(answer)) == min(total, 25) > 0, said
        office.wait(minutes=1)


async def test_the_best_come_first_and_only_so_many(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 30d best top 5")

    reported = [float(cell) for cell in column(answer, "Score")]
    scores = [
        session.score
        for session in office.world.sessions
        if session.created_at >= NOW - timedelta(days=30)
        and session.is_valid_attempt
        and not office.world.people[session.user_id].is_system
    ]
    assert reported == sorted((score for score in scores if score is not None), reverse=True)[:5]


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


async def test_more_is_the_next_page_and_a_page_has_a_number(office: Office) -> None:
    first = await office.tell("ana", "sessions last 20d")
    second = await office.tell("ana", "more")
    assert table(second) == table(await office.press("ana", first, Button.NEXT))
    assert table(await office.tell("ana", "show more")) == table(
        await office.ask("ana", "sessions last 20d page 3")
    )
    assert table(await office.tell("ana", "scenarios"))
    assert table(await office.tell("ana", "more")) == []

    pages, rest = divmod(count(office, NOW - timedelta(days=20)), 25)
    for _ in range(25 - rest):  # the last page is full
        office.practice("jane", days=1)
    beyond = await office.ask("ana", f"sessions last 20d page {pages + 2}")
    (last,) = labels(beyond)
    answer = await office.press("ana", beyond, last)
    assert table(answer)
    assert not offers(answer, Button.NEXT)


async def test_an_answer_that_takes_long_comes_in_the_place_of_looking(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.turn.LOOKING_AFTER", 0.0)
    office.wait(minutes=5)  # so that Exec is asked for what is new
    with office.exec_away("held", path="/sessions"):
        asking = asyncio.create_task(office.ask("jane", "sessions last 7d"))
        while not office.requests_to():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
        (looking,) = [m for m in office.slack.messages if m.visible_to]
    answer = await asking
    assert (looking.text, answer.ts) == ("Looking…", looking.ts)
    assert table(answer)


async def test_a_row_opens_its_session_and_its_person(office: Office) -> None:
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

    replies = await asyncio.gather(*(office.ask("ana", "sessions @jane last 7d") for _ in range(4)))
    again = await office.ask("ana", "sessions @jane last 7d")

    assert all(table(reply)[0]["Score"] == "91.5" for reply in (*replies, again))
    assert len(office.requests_to()) == 1


async def test_a_session_that_exec_deleted_is_gone_within_thirty_hours(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 7d")
    newest = office.world.sessions.by_user[office.person("jane").id][0]
    office.world.delete(newest.id)
    for hours in (15, 30):
        await office.at(NOW + timedelta(hours=hours))

    fresh = await office.ask("jane", "sessions last 10d")

    gone = table(answer)[0]["When"]
    assert gone not in column(fresh, "When")
    assert table(answer)[1]["When"] in column(fresh, "When")


# Names that several people have


async def test_if_several_people_match_the_bot_asks(office: Office) -> None:
    for said in ('sessions "Alex Kim" last 30d', "how is alex doing"):
        asked = await office.ask("ana", said)
        assert table(asked) == []
        assert len(buttons(asked)) == 2
        alex_kim2 = next(label for label in labels(asked) if "alex.kim2" in label)
        answer = await office.press("ana", asked, alex_kim2)
        assert "alex.kim2" in answer.text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("nudge alex", "You can edit the note to"),
        ("who coaches alex", "Nobody coaches"),
        ('coach add @bob "Alex Kim"', "now coaches"),
        ("who looked at alex", "Alex Kim"),
    ],
)
async def test_a_choice_of_a_person_does_what_was_asked(
    office: Office, said: str, answered: str
) -> None:
    asked = await office.ask("ana", said)
    alex_kim2 = next(label for label in labels(asked) if "alex.kim2" in label)
    answer = await office.press("ana", asked, alex_kim2)
    assert answered in answer.text
    assert "Alex Kim (alex.kim2@acme.com)" in answer.text


async def test_namesakes_have_their_addresses_wherever_both_are_seen(office: Office) -> None:
    await office.ask("ana", "coach add @bob @alex.kim")
    for report in ("sessions last 30d", "leaderboard", "inactive last 1d", "assignments"):
        answer = await office.ask("ana", report)
        who = [name for name in column(answer, "Who") if "Alex Kim" in name]
        assert all("alex.kim" in name for name in who), report
    assert "alex.kim2" not in everything(await office.ask("bob", 'sessions "Alex Kim" last 30d'))

    both = "alex.kim@acme.com alex.kim2@acme.com"
    await office.ask("ana", f"coach add @priya {both}")
    await office.ask("priya", f"alert {both} gold")
    for asker, said in (
        ("ana", "coach list"),
        ("priya", "alert list"),
        ("priya", "team my people"),
    ):
        listed = everything(await office.ask(asker, said))
        assert all(f"Alex Kim ({address})" in listed for address in both.split()), said


async def test_either_of_two_groups_with_one_name_can_be_chosen(office: Office) -> None:
    for id_, who in (("twin1", "jane"), ("twin2", "bob")):
        office.world.groups[id_] = replace(office.world.group("West Coast"), id=id_, name="Twins")
        office.world.rosters[id_] = {office.person(who).id}
    await office.at(NOW + timedelta(hours=7))
    asked = await office.ask("ana", "sessions group:twins last 30d")
    assert table(asked) == []
    for id_, name in (("twin1", "Jane Smith"), ("twin2", "Bob Jones")):
        (label,) = [choice for choice in labels(asked) if id_ in choice]
        assert set(column(await office.press("ana", asked, label), "Who")) == {name}


# What isn't understood or found


async def test_wrong_words_get_a_sentence_and_buttons(office: Office) -> None:
    for said, meant in CASES["misspelled"]:
        office.wait(minutes=1)
        reply = await office.ask("ana", said)
        assert table(reply) == []
        right = [label for label in labels(reply) if meant in label]
        assert right

        answer = await office.press("ana", reply, right[0])

        assert table(answer)
        assert meant.lower() in everything(answer).lower()


async def test_what_cannot_be_answered_is_refused_with_its_name(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for said, named in CASES["refused"]:
        reply = await office.ask("ana", said)
        assert table(reply) == [], said
        assert named in everything(reply), (said, reply.text)
        assert not re.search(r"<@|\bU\d{4}\b|S3001|&lt;@", everything(reply)), said
        for label in labels(reply)[:1]:
            await office.press("ana", reply, label)
    too_long = await office.ask("ana", "sessions " + "x" * 10_000)
    assert len(too_long.text) < 1000
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_characters_that_say_nothing_are_left_out(office: Office) -> None:
    gold = count(office, NOW - timedelta(days=30), rank="gold")
    for said in CASES["understood"]:
        assert numbers(first_line(await office.ask("ana", said)))[0] == gold, ascii(said)


async def test_a_word_that_is_not_understood_is_never_dropped(office: Office) -> None:
    for said in ("sessions @jane frobnicated last 7d", "sessions last 7d but no turnips"):
        reply = await office.ask("ana", said)
        assert table(reply) == [], said
        assert len(labels(reply)) <= 4


async def test_nothing_found_offers_to_remove_filters(office: Office) -> None:
    answer = await office.ask("ana", "sessions @kofi.mensah last 7d gold")
    assert table(answer) == []
    assert not offers(answer, Button.SHARE)

    wider = await office.press("ana", answer, labels(answer)[0])

    assert numbers(first_line(wider))[0] == count(office, NOW - timedelta(days=7), rank="gold")


# Follow-ups

Say = Callable[..., Awaitable[SlackMessage]]


async def test_a_follow_up_goes_on_with_the_last_question(office: Office) -> None:
    async def counted(text: str) -> float:
        office.wait(seconds=1)
        answer = await office.tell("ana", text)
        return 0 if not table(answer) else numbers(first_line(answer))[0]

    month = datetime(2026, 3, 1, tzinfo=BERLIN)
    assert await counted("sessions @jane this month") == count(office, month, "jane")
    assert await counted("and bob?") == count(office, month, "bob")
    assert await counted("only silver") == count(office, month, "bob", rank="silver")
    week = datetime(2026, 3, 16, tzinfo=BERLIN)
    assert await counted("and this week") == count(office, week, "bob", rank="silver")
    assert await counted("sessions @priya this month") == count(office, month, "priya")


async def test_a_follow_up_is_of_one_person_and_one_conversation(office: Office) -> None:
    await office.tell("ana", "sessions @jane last 7d")
    office.slack.team.dm_of(office.user("bob"))
    theirs = await office.tell("bob", "and gold?")
    assert "Jane" not in everything(theirs)


async def test_after_half_an_hour_nothing_is_a_follow_up(office: Office) -> None:
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

    reply = await office.tell("bob", "only gold")

    assert (table(reply), office.requests_to()) == ([], [])


async def test_after_a_question_which_of_two_the_answer_is_a_follow_up(office: Office) -> None:
    asked = await office.tell("ana", "sessions alex last 30d")
    assert table(asked) == []
    answer = await office.tell("ana", "alex.kim2@acme.com")
    assert "alex.kim2" in answer.text
    assert 30 in numbers(first_line(answer))


async def test_only_the_next_message_answers_a_question_which_of_two(office: Office) -> None:
    await office.tell("ana", "sessions alex last 30d")
    assert table(await office.tell("ana", "sessions qqzzx")) == []
    assert table(await office.tell("ana", "the second one")) == []


async def test_a_question_of_its_own_is_not_changed_by_the_one_before(office: Office) -> None:
    await office.tell("ana", "sessions @jane gold last 60d")
    answer = await office.tell("ana", "who has not practiced in the last 7 days?")
    assert "Jane Smith" not in first_line(answer)
    assert {"Kofi Mensah", "Liam Murphy"} <= set(column(answer, "Who"))
