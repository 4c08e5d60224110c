"""The figures of reports, recomputed from Exec's sessions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from pathlib import Path

import pytest

from tests.office import BERLIN, NOW, Office, WorldAssignment, WorldSession, berlin, open_office
from tests.office_fixtures import OpenOffice
from tests.shown import (
    Button,
    chart_labels,
    column,
    columns,
    everything,
    fields,
    find_button,
    first_line,
    numbers,
    offers,
    table,
)

PERIODS = {
    "last 30d": (NOW - timedelta(days=30), NOW),
    "this week": (berlin("2026-03-16"), NOW),
    "last week": (berlin("2026-03-09"), berlin("2026-03-16")),
    "this month": (berlin("2026-03-01"), NOW),
    "2026-03-06..2026-03-10": (berlin("2026-03-06"), berlin("2026-03-11")),
}


def scores(rows: Iterable[WorldSession]) -> list[Decimal]:
    graded = (row for row in rows if row.is_valid_attempt and row.score is not None)
    return [Decimal(str(row.score)) for row in graded]


def average(values: list[Decimal]) -> Decimal:
    """The mean as people round it: 90.55 is 90.6."""
    return (sum(values, Decimal()) / len(values)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def mean(rows: Iterable[WorldSession]) -> str:
    values = scores(rows)
    return str(average(values)) if values else "–"


def by_person(office: Office, rows: Iterable[WorldSession]) -> dict[str, list[WorldSession]]:
    """The sessions of each person, by name."""
    sessions = defaultdict(list)
    for row in rows:
        sessions[office.world.people[row.user_id].name].append(row)
    return sessions


async def test_sessions_are_those_of_exec(office: Office) -> None:
    for period in PERIODS:
        answer = await office.ask("ana", f'sessions group:"West Coast" {period}')

        rows = office.sessions(*PERIODS[period], office.roster("West Coast"))
        assert numbers(first_line(answer))[0] == len(rows)
        shown = fields(answer)
        reported = numbers(shown["Average score"])
        assert reported[:2] == [float(mean(rows)), len(scores(rows))]
        ranks = Counter(row.rank for row in rows if row.is_valid_attempt)
        for rank in ("gold", "silver", "bronze"):
            assert (f"{ranks[rank]} {rank}" in shown["Ranks"]) is bool(ranks[rank])
        minutes = round(sum(row.duration_seconds or 0 for row in rows) / 60)
        hours, rest = divmod(minutes, 60)
        assert numbers(shown["Practice time"]) == ([hours, rest] if hours else [rest])


async def test_each_row_is_a_session(office: Office) -> None:
    answer = await office.ask("ana", "sessions @jane last 20d")

    assert {"When", "Scenario", "Score", "Rank", "Length"} <= set(columns(answer))
    jane = [office.person("jane")]
    for row, session in zip(
        table(answer), office.sessions(NOW - timedelta(days=20), NOW, jane), strict=True
    ):
        assert row["Scenario"] == office.world.scenarios[session.scenario_id].name
        assert row["Score"] == ("–" if session.score is None else str(session.score))
        assert str(session.created_at.astimezone(BERLIN).day) in row["When"]
        assert not session.rank or row["Rank"].lower().startswith(session.rank)


async def test_incomplete_attempts_are_in_no_average(office: Office) -> None:
    office.without_sessions("kofi.mensah")
    office.practice("kofi.mensah", days=0.01, score=None, valid=False)
    office.practice("kofi.mensah", days=0.02, score=41.5, valid=False)
    office.practice("kofi.mensah", days=0.03, score=80)
    await office.at(NOW + timedelta(minutes=2))

    answer = await office.ask("kofi.mensah", "sessions last 1d")

    assert column(answer, "Score") == ["–", "41.5", "80.0"]
    assert numbers(fields(answer)["Average score"])[:2] == [80.0, 1]


async def test_a_team_is_counted_by_person(office: Office) -> None:
    for period in ("last 30d", "last week", "this week"):
        start, end = PERIODS[period]
        answer = await office.ask("ana", f'team group:"West Coast" {period}')

        people = office.roster("West Coast")
        rows = office.sessions(start, end, people)
        practiced = {session.user_id for session in rows}
        assert {len(practiced), len(people)} <= set(numbers(first_line(answer)))
        now = by_person(office, rows)
        before = by_person(office, office.sessions(start - (end - start), start, people))
        for row in table(answer):
            own = now[row["Who"]]
            assert (row["Sessions"], row["Average"]) == (str(len(own)), mean(own)), row["Who"]
            if period == "last 30d" and min(len(scores(own)), len(scores(before[row["Who"]]))) >= 3:
                change = Decimal(mean(own)) - Decimal(mean(before[row["Who"]]))
                assert numbers(row["Change"])[0] == float(change), row["Who"]
        silent = {row["Who"] for row in table(answer) if "silent" in row["Note"]}
        absent = {person.name for person in office.roster("West Coast")} - {*filter(now.get, now)}
        assert silent == (absent if period != "this week" else set())


async def test_nobody_is_silent_for_lack_of_certain_results(office: Office) -> None:
    for said in ("gold", "invalid", "score>=90", "over 20 minutes"):
        answer = await office.ask("ana", f'team group:"West Coast" last 30d {said}')
        assert "0" in column(answer, "Sessions"), said
        assert "silent" not in everything(answer), said


async def test_an_admin_who_names_no_group_gets_a_row_per_group(office: Office) -> None:
    answer = await office.ask("ana", "team last 30d")

    for row in table(answer):
        people = office.roster(row["Group"])
        rows = office.sessions(NOW - timedelta(days=30), NOW, people)
        practiced = len({session.user_id for session in rows})
        reported = [row[name] for name in ("People", "Practiced", "Sessions", "Average")]
        assert reported == [str(len(people)), str(practiced), str(len(rows)), mean(rows)]


async def test_a_leaderboard_counts_at_most_five_attempts_a_day(office: Office) -> None:
    for minutes in range(9):
        office.practice("liam.murphy", days=minutes / 1440, score=50 + minutes)
    await office.at(NOW + timedelta(minutes=2))
    answer = await office.ask("ana", "leaderboard last 7d")

    counted: Counter[str] = Counter()
    days = Counter(
        (session.user_id, session.created_at.astimezone(BERLIN).date())
        for session in office.sessions(office.clock() - timedelta(days=7), office.clock())
        if scores([session]) and session.user_id in office.world.members
    )
    for (id_, _), count in days.items():
        counted[id_] += min(count, 5)
    assert counted[office.person("liam.murphy").id] == 5
    rows = table(answer)
    while offers(answer, Button.NEXT):
        answer = await office.press("ana", answer, Button.NEXT)
        rows += table(answer)
    reported = [int(row[columns(answer)[2]]) for row in rows]
    assert sorted(reported) == sorted(counted.values())
    for row, count in zip(rows, reported, strict=True):
        assert int(row["Place"]) == 1 + sum(other > count for other in reported)


async def test_a_rep_learns_their_own_place(office: Office) -> None:
    answer = await office.ask("jane", "leaderboard by average")
    assert len(table(answer)) == 1
    place, people = numbers(first_line(answer))[:2]
    assert 1 <= place <= people


async def test_the_inactive_are_those_without_a_session(office: Office) -> None:
    answer = await office.ask("ana", 'inactive group:"West Coast" last 7d')

    people = office.roster("West Coast")
    practiced = {
        session.user_id for session in office.sessions(NOW - timedelta(days=7), NOW, people)
    }
    names = [person.name for person in people if person.id not in practiced]
    assert sorted(column(answer, "Who")) == sorted(names)
    assert {len(names), len(people)} <= set(numbers(first_line(answer)))
    assert offers(answer, Button.REFRESH)


async def test_a_trend_is_counted_by_week(office: Office) -> None:
    answer = await office.ask("ana", 'trend group:"West Coast" 2026-02-02..2026-03-15')

    assert len(table(answer)) == 6
    for number, row in enumerate(table(answer)):
        start = berlin("2026-02-02") + timedelta(weeks=number)
        rows = office.sessions(start, start + timedelta(weeks=1), office.roster("West Coast"))
        people = len({session.user_id for session in rows})
        reported = [row[name] for name in ("Sessions", "People", "Average")]
        assert reported == [str(len(rows)), str(people), mean(rows)], row["Week of"]


async def test_a_chart_shows_the_latest_days(office: Office) -> None:
    answer = await office.ask("ana", "trend last 24d by day")
    assert chart_labels(answer)[0] == column(answer, "Day")[-20:]


@pytest.mark.parametrize(
    ("now", "zone", "months"),
    [
        # 23:30 on December 31, 2025 in New York; 2026 in UTC.
        ("2026-01-01T04:30Z", "America/New_York", ["Nov (part)", "Dec (so far)"]),
        # 8:00 on January 1, 2026 in Auckland; 2025 in UTC.
        ("2025-12-31T19:00Z", "Pacific/Auckland", ["Nov 2025 (part)", "Dec 2025", "Jan (so far)"]),
    ],
)
async def test_years_of_labels_are_those_of_the_reader(
    tmp_path: Path, now: str, zone: str, months: list[str]
) -> None:
    async with open_office(tmp_path, now=datetime.fromisoformat(now)) as office:
        office.account("ana").tz = zone
        answer = await office.ask("ana", "trend @bob last 40d by month")

    assert column(answer, "Month") == months
    assert chart_labels(answer) == [months, months]


async def test_progress_is_from_first_to_best(office: Office) -> None:
    answer = await office.ask("ana", "progress @jane last 30d")

    attempts: dict[str, list[Decimal]] = defaultdict(list)
    for session in reversed(office.sessions(berlin("2025-01-01"), NOW, [office.person("jane")])):
        attempts[office.world.scenarios[session.scenario_id].name] += scores([session])
    assert table(answer)
    for row in table(answer):
        own = attempts[row["Scenario"]]
        reported = [numbers(row[name])[0] for name in ("Attempts", "First", "Last", "Best", "Lift")]
        expected = map(float, (own[0], own[-1], max(own), max(own) - own[0]))
        assert reported == [len(own), *expected], row["Scenario"]


async def test_improving_and_slipping_need_a_difference_that_is_no_chance(office: Office) -> None:
    """Noah's attempts differ clearly between the two periods of four weeks, Hoa's only by
    chance."""
    office.without_sessions("noah.williams", "hoa.nguyen")
    for n in range(8):
        for who, then, now in (("noah.williams", 60 + n % 2, 80 + n % 2), ("hoa.nguyen", 70, 72)):
            spread = 15 * (-1) ** n if who == "hoa.nguyen" else 0
            office.practice(who, days=30 + 3 * n, score=then + spread)
            office.practice(who, days=1 + 3 * n, score=now + spread)
    await office.at(NOW + timedelta(days=1))
    await office.press(
        "ana", await office.ask("ana", 'sessions group:"West Coast" last 60d'), Button.REFRESH
    )
    office.wait(minutes=2)

    notes = {row["Who"]: row["Note"] for row in table(await office.ask("ana", 'team "West Coast"'))}

    assert "improving" in notes["Noah Williams"]
    assert not re.search("improving|slipping", notes["Hoa Nguyen"])


async def test_every_report_says_the_same_of_a_course(office: Office) -> None:
    office.without_sessions("noah.williams", "hoa.nguyen")
    for n in range(4):
        for who, then, now in (("noah.williams", 60 + n, 80 + n), ("hoa.nguyen", 90 - n, 60 + n)):
            office.practice(who, days=30 + n, score=then)
            office.practice(who, days=2 + n, score=now)
    for who, name, course in (
        ("noah.williams", "Noah Williams", "improving"),
        ("hoa.nguyen", "Hoa Nguyen", "slipping"),
    ):
        team = await office.ask("ana", 'team "West Coast"')
        assert next(row["Note"] for row in table(team) if row["Who"] == name) == course
        for said in (f"prep @{who}", f"is @{who} improving"):
            answer = await office.ask("ana", said)
            assert course in first_line(answer).lower(), said
    best = await office.ask("ana", "who improved most in west coast last 30d")
    assert "Noah Williams" in everything(best)


async def test_nobody_is_silent_if_not_all_is_read_or_asked_about(new_office: Office) -> None:
    await new_office.ask("ana", "sessions last 1d")
    unread = await new_office.ask("ana", 'team "West Coast" last 90d')
    assert not any("silent" in row["Note"] for row in table(unread))
    narrowed = await new_office.ask("ana", 'team "West Coast" scenario:"Renewal Save"')
    assert "0" in column(narrowed, "Sessions")
    assert not any("silent" in row["Note"] for row in table(narrowed))


async def test_until_tuesday_evening_this_week_is_the_last_one(office: Office) -> None:
    for moment, week in (
        ("2026-03-23 9:00", "last week"),
        ("2026-03-24 17:00", "last week"),
        ("2026-03-24 18:00", "this week"),
    ):
        office.clock.now = berlin(moment).astimezone(UTC)
        answer = await office.tell("ana", "who hasn't practiced this week")
        assert week in first_line(answer), moment


async def test_scenarios_are_counted_by_attempts_and_people(office: Office) -> None:
    answer = await office.ask("ana", "scenarios last 30d")

    attempts = defaultdict(list)
    for session in office.sessions(NOW - timedelta(days=30), NOW):
        if scores([session]):
            attempts[office.world.scenarios[session.scenario_id].name].append(session)
    assert set(column(answer, "Scenario")) == set(attempts)
    for row in table(answer):
        own = attempts[row["Scenario"]]
        reported = [row[name] for name in ("People", "Graded attempts", "Average")]
        people = len({attempt.user_id for attempt in own})
        assert reported == [str(people), str(len(own)), mean(own)]


def overdue(office: Office, at: datetime) -> list[str]:
    """The people with assignments that were due before that day and are neither passed nor used
    up."""
    names = []
    for task in office.world.assignments:
        person = office.world.members.get(task.user_id)
        graded = office.world.sessions.graded(task.user_id, task.scenario_id, task.created_at, at)
        is_tried = task.attempt_max is not None and len(graded) >= task.attempt_max
        ranks = {"gold": 0, "silver": 1, "bronze": 2, "unranked": 3}
        enough = len(graded) >= (task.attempt_min or 1)
        best = min((ranks[row.rank or "unranked"] for row in graded), default=9)
        is_passed = enough and best <= ranks.get(task.rank_min or "unranked", 3)
        is_late = task.due_date is not None and task.due_date.astimezone(BERLIN).date() < at.date()
        if person and not person.is_system and is_late and not is_passed and not is_tried:
            names.append(person.name)
    return sorted(names)


async def test_overdue_assignments_are_those_of_exec(office: Office) -> None:
    answer = await office.ask("ana", "assignments overdue")

    rows = [row for row in table(answer) if "overdue" in row["Status"].lower()]
    reported = sorted(row["Who"].partition(" (")[0] for row in rows)
    assert reported == overdue(office, NOW)
    assert numbers(first_line(answer))[0] == len(reported)


async def test_people_who_have_and_have_not_finished_a_program(office: Office) -> None:
    program = next(
        candidate
        for candidate in office.world.programs.values()
        if candidate.name == "Onboarding 2026"
    )
    given = [task for task in office.world.assignments if task.program_id == program.id]
    finished = await office.ask("ana", "who finished onboarding 2026")
    missing = await office.ask("ana", "who hasn't finished onboarding 2026")

    assert {row["Status"] for row in table(finished)} == {"done"}
    assert "done" not in {row["Status"] for row in table(missing)}
    assert len(table(finished)) + len(table(missing)) == len(given)
    assert numbers(first_line(missing))[:2] == [len(table(missing)), len(given)]


async def test_two_people_are_compared_by_their_own_figures(office: Office) -> None:
    answer = await office.ask("ana", "compare @jane @bob last 30d")

    said = everything(answer)
    for who in ("jane", "bob"):
        rows = office.sessions(NOW - timedelta(days=30), NOW, [office.person(who)])
        assert {len(rows), float(mean(rows))} <= set(numbers(answer.text))
        assert office.person(who).name in said


async def test_two_groups_are_compared(office: Office) -> None:
    answer = await office.ask("ana", 'compare group:"West Coast" vs group:"East Coast" last 30d')
    for group in ("West Coast", "East Coast"):
        rows = office.sessions(NOW - timedelta(days=30), NOW, office.roster(group))
        assert float(mean(rows)) in numbers(answer.text)


async def test_skills_of_a_group_and_of_the_company(office: Office) -> None:
    group = office.world.group("West Coast").id
    answer = await office.ask("ana", "skills group:west")
    for row in table(answer):
        path = f"/skills/{office.world.skill(row['Skill']).id}/proficiency"
        listed = await office.from_exec(path, group_ids=group, exclude_system_users="true")
        assert int(row["People"]) == listed["pagination"]["total_count"], row["Skill"]
    office.forget_requests()
    company = await office.ask("ana", "skills")
    assert columns(company) == columns(answer)
    assert len(office.exec.requests) == 1


async def test_skills_cost_a_request_each(office: Office) -> None:
    answer = await office.ask("ana", "skills @jane skill:closing")
    assert sum(request.path.startswith("/skills/") for request in office.exec.requests) == 1
    assert {"Skill", "Score", "Tier", "Observations", "Last practiced"} <= set(columns(answer))
    assert column(answer, "Skill") == ["Closing"]


async def test_feedback_on_a_session_is_that_of_exec_and_read_once(office: Office) -> None:
    rows = office.world.sessions.by_user[office.person("jane").id]
    session = next(row for row in rows if row.rank == "gold")
    answer = await office.ask("jane", "session last gold")
    again = await office.ask("jane", "session last gold")

    assert len(office.requests_to(f"/sessions/{session.id}")) == 1
    assert session.score in numbers(answer.text)
    assert {"Criterion", "Item", "Grade"} <= set(columns(answer))
    assert table(again) == table(answer)
    reported = await office.from_exec(f"/sessions/{session.id}", include="evaluations")
    grades = {"good": "Good", "mid": "Fair", "bad": "Needs work"}
    assert table(answer) == [
        {
            "Criterion": criterion["criterion_name"],
            "Item": item["name"],
            "Grade": grades[item["grade"]],
        }
        for criterion in reported["evaluations"]
        for item in criterion["items"]
    ]
    scenario = office.world.scenarios[session.scenario_id]
    assert scenario.url in everything(answer)
    assert everything(answer).count("“") <= 2 * 2 * 2  # two quotes, in text and blocks


async def test_what_is_overdue_longest_comes_next(office: Office) -> None:
    jane, kept = office.person("jane"), office.world.assignments
    kept[:] = [task for task in kept if task.user_id != jane.id]
    for days, name in ((3, "Renewal Save"), (9, "Security Review"), (-3, "Cold Call Opener")):
        kept.append(
            WorldAssignment(
                id=f"task{days}",
                user_id=jane.id,
                scenario_id=office.world.scenario(name).id,
                due_date=NOW - timedelta(days=days),
                attempt_min=99,
                attempt_max=None,
                rank_min=None,
                program_id=None,
                created_at=NOW - timedelta(days=20),
            )
        )
    answer = await office.ask("jane", "what next")
    assert "Security Review" in first_line(answer)
    assert office.world.scenario("Security Review").url in everything(answer)


async def test_otherwise_what_the_feedback_of_the_last_five_says_comes_next(office: Office) -> None:
    office.world.assignments.clear()
    await office.at(NOW + timedelta(hours=25))
    office.forget_requests()
    answer = await office.ask("sam", "what next")
    again = await office.ask("sam", "what next")

    rows = [row for row in office.world.sessions.by_user[office.person("sam").id] if row.score]
    read = [
        request.path for request in office.exec.requests if request.path.startswith("/sessions/")
    ]
    assert read == [f"/sessions/{row.id}" for row in rows[:5]]
    assert again.text == answer.text
    scenarios = {scenario.name: scenario for scenario in office.world.scenarios.values()}
    name = next(scenario for scenario in scenarios if scenario in first_line(answer))
    assert find_button(answer, "Practice")["url"] == scenarios[name].url
    assert scenarios[name].id in {row.scenario_id for row in rows[:5]}


async def test_names_of_what_is_due_are_links_to_exec(office: Office) -> None:
    known = {escape(scenario.name): scenario.url for scenario in office.world.scenarios.values()}
    for who, said in (
        ("jane", "me"),
        ("jane", "assignments"),
        ("jane", "progress"),
        ("ana", "prep @jane"),
    ):
        answer = everything(await office.ask(who, said))
        links = {name: url for url, name in re.findall(r"<(https?://[^|>]+)\|([^>]+)>", answer)}
        assert links, said
        assert links.items() <= known.items(), said


async def test_ones_own_week_is_the_last_seven_whole_days(office: Office) -> None:
    answer = await office.ask("jane", "me")

    jane = [office.person("jane")]
    rows = office.sessions(berlin("2026-03-13"), berlin("2026-03-20"), jane)
    assert len(rows) in numbers(everything(answer))
    assert float(mean(rows)) in numbers(answer.text)
    assert sum(int(cell) for cell in column(answer, "Sessions")) == len(rows)


async def test_people_are_ranked_within_their_own_group(office: Office) -> None:
    office.without_sessions()
    for person in office.roster("East Coast"):
        office.practice(person.email.partition("@")[0], days=1)
        office.practice(person.email.partition("@")[0], days=2)
    office.practice("jane", days=1)
    week = everything(await office.ask("jane", "me"))
    assert "upper quarter of the 11 people in West Coast" in week


async def test_a_week_that_was_not_read_is_missing_and_not_zero(new_office: Office) -> None:
    await new_office.ask("ana", "sessions last 2d")
    answer = await new_office.ask("ana", "trend last 80d")

    assert "0" not in column(answer, "Sessions")
    week = berlin("2026-03-09")
    rows = new_office.sessions(week, week + timedelta(weeks=1))
    reported = {row["Sessions"] for row in table(answer) if 9 in numbers(row["Week of"])}
    assert reported <= {str(len(rows))}


async def test_a_row_that_cannot_be_read_is_left_out_and_counted(
    open_acquainted: OpenOffice,
) -> None:
    good = {"id": "s1", "created_at": "2026-03-20T09:00:00Z", "is_valid_attempt": False}
    counts = {"page": 1, "page_size": 100, "total_count": 2, "total_pages": 1}
    async with open_acquainted() as office:
        body = {"data": [good, {**good, "id": "s2", "created_at": "hunter2"}], "pagination": counts}
        with office.exec_away("garbage", path="/sessions", body=body):
            ended = await office.run("doctor")
        assert ended.code == 0
        assert re.search(r"1 of", ended.out)
        assert "hunter2" not in ended.out + ended.err


async def test_of_somebody_without_practice_every_answer_says_the_same(office: Office) -> None:
    office.without_sessions("liam.murphy")
    await office.ask("ana", "coach add @kofi.mensah @liam.murphy @jane @bob")
    people = await office.ask("kofi.mensah", "who should I talk to")
    person = await office.choose("kofi.mensah", people, "Liam Murphy")
    own = await office.ask("liam.murphy", "me")

    for answer in (people, person, own):
        assert "no practice yet" not in everything(answer).lower()
        assert "no practice on record" in everything(answer).lower()


async def test_progress_in_a_program_is_from_the_attempts_that_exec_counts(office: Office) -> None:
    task = next(assignment for assignment in office.world.assignments if assignment.program_id)
    person = office.world.people[task.user_id]
    program = office.world.programs[task.program_id or ""].name
    for day, score in ((40, 100), (9, 60), (3, 70)):
        at = NOW - timedelta(days=day)
        scenario = office.world.scenarios[task.scenario_id].name
        office.practice(person.name, at=at, score=score, scenario=scenario)
    asked = f'{person.email} program:"{program}" last 10d'
    listed = await office.ask("ana", f'sessions {asked} scenario:"{scenario}"')
    counted = [
        numbers(session["Score"])[0]
        for session in reversed(table(listed))
        if session["Score"] != "–"
    ]

    answer = await office.ask("ana", f"progress {asked}")

    row = next(line for line in table(answer) if line["Scenario"] == scenario)
    reported = [numbers(row[name])[0] for name in ("Attempts", "First", "Last", "Best")]
    assert reported == [len(counted), counted[0], counted[-1], max(counted)]
    assert 100 not in reported
