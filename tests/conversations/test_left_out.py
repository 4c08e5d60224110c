"""A question about everybody but somebody: in every report, and no way to learn of others by it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import FakeClock, MakeUrl
from tests.workspace import NOW, Workspace, a_workspace, column, labels, table

pytestmark = [pytest.mark.acquainted, pytest.mark.asyncio(loop_scope="module")]

WEST = 'group:"West Coast"'
WITHOUT_SAM = "without Sam Lee"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    """One for all of them, with a coach in it."""
    async with a_workspace(FakeClock(NOW), DATABASE_URL=acquainted_urls()) as workspace:
        await workspace.ask("ana", 'coach add @kofi.mensah "West Coast"')
        yield workspace
        assert workspace.slack.problems == []


async def first_line(place: Workspace, who: str, said: str) -> str:
    place.clock.tick(61)
    return (await place.ask(who, said)).text


def counted(line: str) -> int:
    return int(line.split()[0])


async def test_all_is_what_is_left_and_what_is_left_out(place: Workspace) -> None:
    part = "Cold Call Opener"
    for report in ("sessions", "trend"):
        every = await first_line(place, "ana", f"{report} last month")
        but = await first_line(place, "ana", f"{report} last month without west coast")
        assert "\nwithout group West Coast\n" in but
        west = await first_line(place, "ana", f"{report} {WEST} last month")
        assert counted(every) == counted(but) + counted(west)
        other = await first_line(place, "ana", f'{report} last month -scenario:"{part}"')
        only = await first_line(place, "ana", f'{report} last month scenario:"{part}"')
        assert counted(every) == counted(other) + counted(only)
    all_of_them = column(await place.ask("ana", "scenarios last month"), "Scenario")
    others = column(await place.ask("ana", f'scenarios last month -scenario:"{part}"'), "Scenario")
    assert {*all_of_them} == {*others, part}
    assert part not in others


async def test_a_group_that_is_left_out_has_no_row(place: Workspace) -> None:
    groups = column(await place.ask("ana", "team last month"), "Group")
    others = column(await place.ask("ana", "team last month without west coast"), "Group")
    assert {*groups} == {*others, "West Coast"}
    assert "West Coast" not in others


@pytest.mark.parametrize("part", ['-scenario:"Pricing Push-back"', 'scenario:"Pricing Push-back"'])
async def test_what_a_team_has_to_practise_is_of_the_scenarios_asked_about(
    place: Workspace, part: str
) -> None:
    listed = table(await place.ask("ana", f"assignments {WEST} overdue {part}"))[1:]
    late = {row[0] for row in listed if row[3] == "overdue"}
    place.clock.tick(61)
    team = await place.ask("ana", f"team {WEST} {part}")
    assert {row[0] for row in table(team)[1:] if "overdue" in row[-1]} == late
    assert f"Assignments: {len(late)} overdue, {len(listed) - len(late)} did not pass" in team.text


async def test_every_report_says_whom_it_leaves_out_or_refuses(place: Workspace) -> None:
    said = {
        "leaderboard": WITHOUT_SAM,
        "inactive": WITHOUT_SAM,
        "progress": WITHOUT_SAM,
        "assignments": WITHOUT_SAM,
        "team": WITHOUT_SAM,
        "session last": WITHOUT_SAM,
        f'compare {WEST} group:"East Coast"': WITHOUT_SAM,
        f"skills {WEST}": WITHOUT_SAM,
        "skills": "skills can leave out people of a group or of those you name only",
    }
    for report, told in said.items():
        answer = await place.ask("ana", f"{report} -@sam")
        assert told in answer.text, (report, answer.text)
        assert "Sam Lee" not in str(table(answer) if answer.blocks else "")


SAID = [
    (
        "everyone but west coast last month",
        "Everyone, last month\nwithout group West Coast",
    ),
    ("no gold this month", "silver, bronze or unranked"),
    ("sessions without jane", "Everyone, all time\nwithout Jane Smith"),
    ('leaderboard -"West Coast"', "without group West Coast"),
    ("sessions last week -@sam", "without Sam Lee"),
    ("@sam -@sam", "That leaves nobody"),
    (f"sessions @sam -{WEST}", "That leaves nobody"),
    ("sessions -@sam gold", "golds by"),
    ("sessions not gold @jane", "Jane Smith, all time\nsilver, bronze or unranked"),
    ("sessions without @jane & @bob", "without Jane Smith and Bob Jones"),
    ("leaderboard not gold", "silver, bronze or unranked, by sessions"),
    ("assignments not overdue", "not overdue"),
    ("sessions -skill:negotiation", "not skill:negotiation"),
    ("alert -@sam gold", "not sam"),
]


@pytest.mark.parametrize(("said", "heard"), SAID, ids=[said for said, _ in SAID])
async def test_what_is_said(place: Workspace, said: str, heard: str) -> None:
    answer = await place.ask("ana", said)
    assert heard in answer.text, answer.text


async def test_nobody_learns_of_others_by_leaving_them_out(place: Workspace) -> None:
    """A rep of others, a coach of others' people, a channel of one by the difference."""
    for who, said in (
        ("bob", "sessions -@jane"),
        ("bob", f"leaderboard -{WEST}"),
        ("bob", "leaderboard without jane"),
        ("kofi.mensah", "team -@bob"),
        ("kofi.mensah", 'team -group:"East Coast"'),
    ):
        told = (await place.ask(who, said)).text
        assert re.search("You can see only|I can't find", told), told
    answer = await place.ask("ana", f"team {WEST} -@sam")
    assert "Share in channel" not in labels(answer)
    refused = await place.ask("ana", f"digest team {WEST} -@sam every monday 9:00", "west-coast")
    assert "ask without leaving anybody out" in refused.text


async def test_an_app_that_a_question_begins_or_ends_with_is_no_word_of_it(
    place: Workspace,
) -> None:
    strictly = await first_line(place, "ana", "sessions @sam last month")
    for said in (
        "@exec sessions @sam last month",
        "@exec: how many sessions did @sam do last month @exec?",
    ):
        assert (await first_line(place, "ana", said)).startswith(strictly.partition("\n")[0]), said
