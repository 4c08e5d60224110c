"""Questions about everybody except somebody, in every report, reveal nobody's practice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office import Office
from tests.shown import column, labels, table

WEST = 'group:"West Coast"'
PART = 'scenario:"Pricing Push-back"'
# A line break in an answer is ⏎.
LINES = Path(__file__).with_name("exclusions.tsv").read_text().splitlines()
SAID = [line.split("\t") for line in LINES[1:]]


async def count(office: Office, said: str) -> int:
    office.clock.tick(61)
    return int((await office.ask("ana", said)).text.split()[0])


async def test_what_is_left_out_and_the_rest_are_everything(office: Office) -> None:
    everything = await count(office, "sessions last month")
    for left_out, only in (("without west coast", WEST), (f"-{PART}", PART)):
        rest = await count(office, f"sessions last month {left_out}")
        assert rest + await count(office, f"sessions last month {only}") == everything
    groups = column(await office.ask("ana", "team last month"), "Group")
    others = column(await office.ask("ana", "team last month without west coast"), "Group")
    assert {*groups} - {*others} == {"West Coast"}


@pytest.mark.parametrize("part", [f"-{PART}", PART])
async def test_assignments_of_a_team_are_of_the_scenarios_asked_about(
    office: Office, part: str
) -> None:
    listed = table(await office.ask("ana", f"assignments {WEST} overdue {part}"))
    late = {row["Who"] for row in listed if "overdue" in row.values()}
    team = await office.ask("ana", f"team {WEST} {part}")
    assert {row["Who"] for row in table(team) if "overdue" in [*row.values()][-1]} == late
    failed = len(listed) - len(late)
    counts = [f"{len(late)} overdue"] * bool(late) + [f"{failed} did not pass"] * bool(failed)
    assert f"Assignments: {', '.join(counts)}" in team.text


async def test_an_answer_says_who_is_left_out(office: Office) -> None:
    for said, heard in SAID:
        answer = await office.ask("ana", said)
        assert heard.replace("⏎", "\n") in answer.text, said
        if "-@sam" in said:
            assert "Sam Lee" not in str(table(answer))


async def test_nobody_learns_of_others_by_leaving_them_out(office: Office) -> None:
    """Not a rep, not a coach of other people, and not a channel by subtraction."""
    await office.ask("ana", 'coach add @kofi.mensah "West Coast"')
    for who, said in (
        ("bob", "sessions -@jane"),
        ("bob", f"leaderboard -{WEST}"),
        ("bob", "leaderboard without jane"),
        ("kofi.mensah", "team -@bob"),
        ("kofi.mensah", 'team -group:"East Coast"'),
    ):
        refused = (await office.ask(who, said)).text
        assert re.search("You can see only|I can't find", refused), refused
    answer = await office.ask("ana", f"team {WEST} -@sam")
    assert "Share in channel" not in labels(answer)
    refused = (await office.ask("ana", f"digest team {WEST} -@sam every monday 9:00")).text
    assert "Ask again without the exclusions" in refused
