"""Questions about everybody but somebody, in every report, which reveal nobody's practice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.workspace import Workspace, column, labels, table

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEST = 'group:"West Coast"'
PART = 'scenario:"Pricing Push-back"'
# A line break in an answer is ⏎.
LINES = Path(__file__).with_name("exclusions.tsv").read_text().splitlines()
SAID = [line.split("\t") for line in LINES[1:]]


async def count(workspace: Workspace, said: str) -> int:
    workspace.clock.tick(61)
    return int((await workspace.ask("ana", said)).text.split()[0])


async def test_what_is_left_out_and_the_rest_are_everything(shared_workspace: Workspace) -> None:
    place = shared_workspace
    everything = await count(place, "sessions last month")
    for left_out, only in (("without west coast", WEST), (f"-{PART}", PART)):
        rest = await count(place, f"sessions last month {left_out}")
        assert rest + await count(place, f"sessions last month {only}") == everything
    groups = column(await place.ask("ana", "team last month"), "Group")
    others = column(await place.ask("ana", "team last month without west coast"), "Group")
    assert {*groups} - {*others} == {"West Coast"}


@pytest.mark.parametrize("part", [f"-{PART}", PART])
async def test_assignments_of_a_team_are_of_the_scenarios_asked_about(
    shared_workspace: Workspace, part: str
) -> None:
    place = shared_workspace
    listed = table(await place.ask("ana", f"assignments {WEST} overdue {part}"))[1:]
    late = {row[0] for row in listed if row[3] == "overdue"}
    team = await place.ask("ana", f"team {WEST} {part}")
    assert {row[0] for row in table(team)[1:] if "overdue" in row[-1]} == late
    failed = len(listed) - len(late)
    counts = [f"{len(late)} overdue"] * bool(late) + [f"{failed} did not pass"] * bool(failed)
    assert f"Assignments: {', '.join(counts)}" in team.text


@pytest.mark.parametrize(("said", "heard"), SAID, ids=[said for said, _ in SAID])
async def test_an_answer_says_who_is_left_out(
    shared_workspace: Workspace, said: str, heard: str
) -> None:
    answer = await shared_workspace.ask("ana", said)
    assert heard.replace("⏎", "\n") in answer.text
    if "-@sam" in said:
        assert "Sam Lee" not in str(table(answer))


async def test_nobody_learns_of_others_by_leaving_them_out(shared_workspace: Workspace) -> None:
    """Neither a rep, nor a coach about others' people, nor a channel by the difference."""
    place = shared_workspace
    await place.ask("ana", 'coach add @kofi.mensah "West Coast"')
    for who, said in (
        ("bob", "sessions -@jane"),
        ("bob", f"leaderboard -{WEST}"),
        ("bob", "leaderboard without jane"),
        ("kofi.mensah", "team -@bob"),
        ("kofi.mensah", 'team -group:"East Coast"'),
    ):
        refused = (await place.ask(who, said)).text
        assert re.search("You can see only|I can't find", refused), refused
    answer = await place.ask("ana", f"team {WEST} -@sam")
    assert "Share in channel" not in labels(answer)
    refused = (await place.ask("ana", f"digest team {WEST} -@sam every monday 9:00")).text
    assert "Ask again without the exclusions" in refused
