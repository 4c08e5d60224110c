"""Periods next to each other, and comparisons that make no sense or aren't allowed."""

from __future__ import annotations

from tests.workspace import Workspace, labels, table


async def test_periods_groups_and_people_are_compared(workspace: Workspace) -> None:
    weeks = await workspace.ask("jane", "compare last week, this week", "west-coast")
    assert [row[0] for row in table(weeks)[1:]] == ["last week", "this week"]
    assert "this week has 4.4 days so far" in weeks.text
    assert "Share in channel" in labels(weeks)
    months = await workspace.ask("ana", "sessions last month vs this month")
    assert table(months)[0][0] == "Period"
    groups = await workspace.ask("ana", "versus group East Coast, group West Coast", "west-coast")
    assert [row[0] for row in table(groups)] == ["Group", "East Coast", "West Coast"]
    assert "Share in channel" in labels(groups)
    people = await workspace.ask("ana", "compare @jane and @bob", "west-coast")
    assert [row[0] for row in table(people)[1:]] == ["Jane Smith", "Bob Jones"]
    assert "Share in channel" not in labels(people)


async def test_unlike_sides_and_groups_of_others_are_refused(workspace: Workspace) -> None:
    for who, said in (
        ("ana", 'compare @jane group:"West Coast"'),
        ("jane", 'compare group:"West Coast" vs group:"West Coast Managers"'),
    ):
        assert table(await workspace.ask(who, said)) == []
