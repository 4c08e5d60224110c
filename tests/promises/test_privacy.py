"""The access log, people's own settings, and what `forget` deletes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.reports.table import REPORTS
from tests.office import NOW, Office, berlin
from tests.office_fixtures import OpenOffice
from tests.shown import Button, column, everything, names_in, numbers, offers, table


async def looks(office: Office, who: str, by: str = "Ana Costa") -> list[str]:
    """The reports in which somebody looked at a person, as that person reads it."""
    rows = table(await office.ask(who, "audit me"))
    return sorted(row["Report"] for row in rows if row["Who"] == by)


async def test_a_person_sees_each_look_at_their_practice_once_a_day(office: Office) -> None:
    for said in ("sessions @jane last 7d", "sessions @jane today", "progress @jane"):
        await office.ask("ana", said)
    for own in ("sessions last 7d", "sessions @jane", "me"):
        await office.ask("jane", own)
    assert await looks(office, "jane") == ["progress", "sessions"]
    assert await looks(office, "jane", by="Jane Smith") == []

    office.wait(days=1)
    await office.ask("ana", "sessions @jane last 7d")

    assert await looks(office, "jane") == ["progress", "sessions", "sessions"]


async def test_only_an_admin_sees_looks_at_others(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane")
    await office.ask("bob", "sessions @jane last 7d")

    assert "bob@acme.com" in everything(await office.ask("ana", "audit @jane"))
    for who in ("bob", "jane", "priya"):
        answer = await office.ask(who, "audit @priya")
        assert not offers(answer, Button.NEXT)
        assert who == "priya" or table(answer) == []


async def test_an_answer_about_fewer_than_three_people_is_a_look_at_each(office: Office) -> None:
    await office.ask("ana", "trend @jane @priya last 30d")
    await office.ask("ana", 'trend group:"East Coast" last 30d')  # names nobody

    assert await looks(office, "jane") == await looks(office, "priya") == ["trend"]
    assert await looks(office, "bob") == []


async def test_skills_of_fewer_than_three_people_are_a_look_at_each(new_office: Office) -> None:
    office = new_office
    office.world.rosters[office.world.group("Enterprise").id] = {office.person("bob").id}

    async def ask_skill(group: str, scores: dict[str, float | None]) -> None:
        """Ask with these scores in Exec. A person without a score was observed too seldom."""
        rows = [{"user": {"id": office.person(w).id}, "score": s} for w, s in scores.items()]
        counts = {"page": 1, "page_size": 100, "total_count": len(rows), "total_pages": 1}
        body = {"data": rows, "pagination": counts}
        with office.exec_away("garbage", path="/skills/", body=body):
            answer = await office.ask("ana", f'skills group:"{group}" skill:closing')
        assert column(answer, "People") == [str(len(scores))]

    await ask_skill("West Coast", {"sam": 71, "liam.murphy": 82, "mei.chen": 93})
    assert await looks(office, "sam") == []
    await ask_skill("West Coast", {"jane": 81.5, "priya": None})
    assert await looks(office, "jane") == await looks(office, "priya") == ["skills"]
    await ask_skill("West Coast", {"sam": None, "liam.murphy": 82, "mei.chen": None})
    assert await looks(office, "liam.murphy") == ["skills"]
    assert await looks(office, "sam") == []
    await ask_skill("Enterprise", {})
    assert await looks(office, "bob") == ["skills"]


async def test_a_wide_answer_is_a_look_at_everybody_it_names(office: Office) -> None:
    named = set(column(await office.ask("ana", "sessions last 7d"), "Who"))
    for who in ("jane", "bob", "liam.murphy"):
        expected = ["sessions"] if office.person(who).name in named else []
        assert await looks(office, who) == expected


async def test_files_posts_and_scheduled_messages_are_looks_too(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 60d")
    assert await looks(office, "sam") == []  # he practiced long ago, so not on the first page
    await office.press("ana", answer, Button.EXPORT)
    assert await looks(office, "sam") == ["sessions"]
    await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("ana", "alert @sam below 30")
    assert "alert" not in await looks(office, "sam")  # it isn't true yet
    for minutes in (1, 2, 3):
        office.practice("sam", score=1.0, at=NOW + timedelta(minutes=minutes))

    await office.at(berlin("2026-03-23 9:00"))

    assert "alert" in await looks(office, "sam")
    assert await looks(office, "sam", by="Bob Jones") == ["coach"]
    (post,) = office.posts("west-coast")
    west = {person.name: person.email.partition("@")[0] for person in office.roster("West Coast")}
    praised = next(iter(names_in(post, office.roster("West Coast")) - {"Alex Kim"}))
    rows = table(await office.ask(west[praised], "audit me"))
    assert any("Ana Costa" in row["Who"] and "23" in row["Day"] for row in rows)


async def test_looks_are_forgotten_after_the_days_that_are_set(
    open_acquainted: OpenOffice,
) -> None:
    async with open_acquainted(EXECBOT_AUDIT_DAYS="30") as office:
        await office.ask("ana", "sessions @jane last 7d")
        await office.at(NOW + timedelta(days=29))
        assert await looks(office, "jane") == ["sessions"]
        await office.at(NOW + timedelta(days=30, hours=1))
        assert await looks(office, "jane") == []


# One's own settings


async def test_a_name_that_is_hidden_stays_out_of_digests_until_it_is_shown(
    office: Office,
) -> None:
    saved = await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")

    async def praised() -> set[str]:
        preview = await office.press("ana", saved, Button.PREVIEW)
        return names_in(preview, office.roster("West Coast")) - {"Alex Kim"}

    name = min(await praised())
    who = office.person(name).email.partition("@")[0]
    await office.ask(who, "me unnamed")
    assert name not in await praised()
    await office.ask(who, "me named")
    assert name in await praised()


async def test_ones_own_week_comes_every_monday_if_it_is_wanted(office: Office) -> None:
    await office.at(berlin("2026-03-23 8:30"))
    assert office.dms("jane") == []
    week = await office.ask("jane", "me")
    on = next(
        label for label in ("Send me this every Monday", "Every Monday") if offers(week, label)
    )
    await office.press("jane", week, on)

    await office.at(berlin("2026-03-30 8:30"))

    (message,) = office.dms("jane")
    rows = office.sessions(berlin("2026-03-23"), berlin("2026-03-30"), [office.person("jane")])
    assert len(rows) in numbers(message.text)
    stop = next(label for label in ("Stop the Monday message", "Stop") if offers(message, label))
    await office.press("jane", message, stop)
    await office.at(berlin("2026-04-06 8:30"))
    assert len(office.dms("jane")) == 2  # that, and what Stop said

    await office.press("jane", await office.ask("jane", "me"), on)
    await office.at(berlin("2026-04-13 8:30"))
    assert len(office.dms("jane")) == 3


async def test_wishes_about_ones_own_practice_are_understood_in_words(office: Office) -> None:
    hidden = await office.tell("jane", "hide my name")
    if offers(hidden, "Hide my name"):
        await office.press("jane", hidden, "Hide my name")
    assert offers(await office.ask("jane", "me"), "Show my name")

    await office.ask("ana", "coach add @bob @jane")
    await office.ask("bob", "sessions @jane last 7d")
    reply = await office.tell("jane", "who can see my sessions")
    assert not table(reply)
    assert "coach" in reply.text
    assert "admin" in reply.text

    stop = await office.tell("jane", "stop messaging me")
    assert re.search("Monday|week", everything(stop))


# What is left of somebody


@pytest.mark.sqlite_only
async def test_nothing_is_left_of_somebody_who_is_forgotten(office: Office) -> None:
    jane, user = office.person("jane"), office.user("jane")
    await office.ask("ana", 'coach add @jane "East Coast"')
    for said in ("sessions last 7d", "me unnamed", "audit", 'alert group:"East Coast" gold'):
        await office.ask("jane", said)
    await office.tell("jane", "how am I doing")
    week = await office.ask("jane", "me")
    await office.press("jane", week, "Send me this every Monday")
    await office.open_home("jane")
    await office.ask("ana", "alert @jane gold")
    await office.ask("ana", 'sessions "Jane Smith" jane@acme.com last 7d')
    office.world.remove_member(jane)
    await office.at(NOW + timedelta(hours=7))
    await office.ask("ana", "sessions last 1d")  # the last question is another one
    await office.ask("ana", "sessions last 2d")

    def left() -> set[str]:
        content = b"".join(file.read_bytes() for file in office.folder.glob("execbot.db*")).lower()
        marks = (jane.id, user, jane.email, jane.name, "jane")
        return {mark for mark in marks if mark.lower().encode() in content}

    assert left()
    for typed in ("", "\n"):  # it asks first, and nobody says yes
        asked = await office.run("forget", "jane@acme.com", typed=typed)
        assert "Jane Smith" in asked.out
        assert left()

    before = office.dms("jane")
    ended = await office.run("forget", "--yes", "jane@acme.com")

    assert ended.code == 0
    assert left() == set()
    await office.at(berlin("2026-03-23 8:30"))
    assert office.dms("jane") == before


@pytest.mark.sqlite_only
async def test_a_database_is_for_its_owner_alone(office: Office) -> None:
    await office.ask("ana", "sessions last 7d")
    modes = {file.stat().st_mode & 0o777 for file in office.folder.glob("execbot.db*")}
    assert modes == {0o600}


async def looks_at_group(office: Office, by: str = "Ana Costa") -> set[str]:
    """The reports in which somebody looked at West Coast, as an admin reads it."""
    answer = await office.ask("ana", 'audit "West Coast"')
    rows = table(answer)
    return {row["Report"] for row in rows if row["Who"].startswith(by)}


async def test_no_report_about_a_group_is_read_without_a_trace(office: Office) -> None:
    for report in REPORTS:
        if report.has_command and not report.of_one:
            asked = f'{report.name} group:"West Coast"'
            if report.sides:
                asked = f'{report.name} group:"West Coast" vs group:"East Coast"'
            await office.ask("ana", asked)
            assert report.name in await looks_at_group(office), report.name


async def test_a_rep_leaves_no_trace_in_their_own_group(office: Office) -> None:
    await office.ask("jane", 'team group:"West Coast"')
    assert await looks_at_group(office, by="Jane Smith") == set()


async def test_a_preview_and_a_file_are_looks(office: Office) -> None:
    saved = await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    assert await looks_at_group(office) == {"digest"}  # it shows a preview
    office.wait(days=1)
    await office.press("ana", saved, Button.PREVIEW)
    days = [row["Day"] for row in table(await office.ask("ana", 'audit "West Coast"'))]
    assert len(days) == 2
    answer = await office.ask("ana", 'sessions group:"West Coast" last 7d')
    office.wait(days=1)
    await office.press("ana", answer, Button.EXPORT)
    rows = table(await office.ask("ana", 'audit "West Coast"'))
    assert [row["Report"] for row in rows] == ["sessions", "digest", "sessions", "digest"]


async def test_an_alert_is_a_look_at_who_it_names(office: Office) -> None:
    await office.ask("ana", 'alert group:"West Coast" gold')
    office.practice("jane", score=99)
    await office.at(NOW + timedelta(hours=3))
    assert "alert" in await looks(office, "jane")
