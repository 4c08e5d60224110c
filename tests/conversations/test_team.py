"""How a team is doing, through each door: counted again by other means."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.world_things import Session
from tests.conversations.test_sharing import public
from tests.workspace import Workspace, column, goes_on, labels, offered, table

pytestmark = pytest.mark.acquainted
OF_GROUPS = [
    "Group",
    "People",
    "Practiced",
    "Sessions",
    "Average",
    "Change",
]
MONDAY = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)


def members(workspace: Workspace, group: str) -> set[str]:
    """The ids of a group's people, without Exec's own staff."""
    return {each.id for each in workspace.world.roster(group) if not each.is_system}


def sessions(
    workspace: Workspace, people: set[str], start: datetime, end: datetime
) -> list[Session]:
    listed = workspace.world.sessions
    return [row for row in listed if row.user_id in people and start <= row.created_at < end]


async def test_nobody_is_called_silent_for_less_than_a_week(workspace: Workspace) -> None:
    workspace.clock.tick(95)  # to a minute that isn't over
    for words, silent in (
        ("last week", True),
        ("last 7d", True),
        ("last 6d", False),
        ("this week", False),
    ):
        rows = table(await workspace.ask("ana", f'team "West Coast" {words}'))[1:]
        assert {"silent" in row[6] for row in rows if row[1] == "0"} == {silent}


@pytest.mark.new_here
async def test_nobody_is_called_silent_of_whom_not_all_is_known(workspace: Workspace) -> None:
    groups = 'group:"West Coast" group:"East Coast" group:Enterprise group:"New Hires"'
    answer = await workspace.ask("ana", f"team {groups} last 90d")
    assert "older sessions aren't read yet" in answer.text
    rows = table(answer)[1:]
    while goes_on(answer):
        answer = await workspace.press("ana", answer, "Next")
        rows += table(answer)[1:]
    assert [row for row in rows if row[1] == "0"]
    assert [row for row in rows if "silent" in row[6]] == []


async def test_who_may_have_it_and_how_it_is_asked(workspace: Workspace) -> None:
    refused = await workspace.ask("jane", "team")
    assert refused.text.startswith("You coach nobody yet, so there is nobody to tell you about.")
    assert (await workspace.press("jane", refused, "Show my week")).text.startswith("Your practice")

    await workspace.ask("ana", 'coach add @jane "West Coast"')
    own = await workspace.ask("jane", "team")
    assert re.match(r"9 of 11 practiced, average .+, West Coast, last 30 days\n", own.text)
    (shown,) = (block for block in own.blocks if block["type"] == "data_table")
    assert shown["caption"] == "West Coast"
    # Who coaches the others is not named among them.
    listed = {row[0] for row in table(own)[1:]}
    assert len(listed) == 10
    assert "Jane Smith" not in listed
    assert "Includes 1 coach, not listed" in own.text
    assert (await workspace.ask("jane", "team my people")).text.split("\nAs of")[0] == (
        own.text.split("\nAs of")[0]
    )
    assert (
        "I can't find East Coast among the people you can see."
        in (await workspace.ask("jane", 'team "East Coast"')).text
    )
    wrong = await workspace.ask("ana", 'team "Wset Coats" last week')
    assert labels(wrong) == ["West Coast", "East Coast"]
    right = await workspace.press("ana", wrong, "West Coast")
    assert right.text.startswith("9 of 11 practiced, average ")
    assert "No practice: Liam Murphy, Sam Lee" in right.text


@pytest.mark.parametrize(
    "words",
    [
        "last 7d",
        "this week",
        "all time",
        "2026-03-09..2026-03-14",
        "gold",
        'scenario:"Renewal Save"',
        "+system",
    ],
)
async def test_a_rep_gets_only_the_last_complete_week_of_their_group(
    workspace: Workspace, words: str
) -> None:
    """Two answers that differ by one session would tell one person's score."""
    people, monday = members(workspace, "West Coast"), datetime(2026, 3, 8, 23, tzinfo=UTC)
    week = sessions(workspace, people, monday, monday + timedelta(days=7))
    refused = await workspace.ask("zoe.mueller+west", f'team group:"West Coast" {words}')
    assert refused.text.startswith("You can see only the last complete week of a group you don't")
    assert labels(refused) == ["Show last week"]
    answer = await workspace.press("zoe.mueller+west", refused, "Show last week")
    practiced = len({row.user_id for row in week})
    assert answer.text.startswith(f"{practiced} of {len(people)} practiced, average ")
    assert ", West Coast, last week\n" in answer.text
    assert f"Sessions: {len(week)}," in answer.text
    assert "You: " in answer.text

    assert "Share in channel" not in offered(answer)

    usual = await workspace.ask("zoe.mueller+west", 'team "West Coast"')
    exact = await workspace.ask("zoe.mueller+west", 'team "West Coast" 2026-03-09..2026-03-15')
    assert usual.text == answer.text
    assert re.sub("9 – 15 March", "last week", exact.text) == answer.text


async def test_a_rep_gets_the_figures_of_one_group_at_a_time(workspace: Workspace) -> None:
    """Two groups together would tell what the people who are in both did."""
    refused = await workspace.ask("jane", 'team group:"West Coast" group:Enterprise')
    assert labels(refused) == ["Show West Coast, last week", "Show Enterprise, last week"]
    answer = await workspace.press("jane", refused, "Show Enterprise, last week")
    assert ", Enterprise, last week\n" in answer.text


async def test_it_comes_by_the_clock(workspace: Workspace) -> None:
    saved = await workspace.ask("ana", "digest team last week every monday 9:00", "west-coast")
    assert "every Monday" in saved.text
    workspace.clock.now = MONDAY
    await workspace.deliver()
    (post,) = public(workspace)
    assert table(post)[0] == OF_GROUPS


@pytest.mark.new_here
async def test_who_is_in_a_group_may_ask_about_it_though_nobody_else_did(
    workspace: Workspace,
) -> None:
    """Nobody coaches it, and no digest is about it: in the background it is read all the same."""
    asked = "how is west coast doing"
    assert table(await workspace.ask("jane", asked)) == []
    await workspace.ask("jane", "sessions last 7d")
    await workspace.bot.lists.sync()
    told = await workspace.ask("jane", asked)
    assert re.match(r"9 of 11 practiced, average .+, West Coast, last week\n", told.text)
    other = await workspace.ask("jane", "how is east coast doing")
    assert "practiced" not in other.text


@pytest.mark.parametrize("report", ["inactive", "progress"])
async def test_who_practises_is_not_told_by_some_of_their_results(
    workspace: Workspace, report: str
) -> None:
    """Whoever has no gold would be said not to have practiced, and a lift would begin at gold."""
    refused = await workspace.ask("ana", f'{report} group:"West Coast" gold last 7d')
    assert table(refused) == []
    assert "Sessions · group West Coast · gold · last 7d" in labels(refused)


@pytest.mark.parametrize(
    ("narrowed", "told"),
    [
        ('scenario:"Renewal Save"', "4 of 11 practiced, average 79.0 (up 2.8), "),
        ("gold", "5 of 11 have such sessions, average 93.5 (up 1.8), "),
        ("score>=80 last 7d", " of 11 have such sessions, average "),
    ],
)
async def test_who_practised_something_else_is_not_silent(
    workspace: Workspace, narrowed: str, told: str
) -> None:
    answer = await workspace.ask("ana", f'team group:"West Coast" {narrowed}')
    assert told in answer.text
    others = [row for row in table(answer)[1:] if row[1] == "0"]
    assert {"Liam Murphy", "Sam Lee"} < {row[0] for row in others}
    assert {row[-1] for row in others} <= {"–", "overdue"}


async def test_a_lift_is_of_all_attempts(workspace: Workspace) -> None:
    """Of gold alone it would begin with the first gold."""
    answer = await workspace.ask("ana", 'scenarios group:"West Coast" gold')
    for name in ("First", "Last", "Lift"):
        assert set(column(answer, name)) == {"–"}
    compared = 'compare this month vs last month group:"West Coast" gold'
    assert "Lift" not in table(await workspace.ask("ana", compared))[0]
    refused = await workspace.ask("ana", "leaderboard by lift gold")
    assert table(refused) == []
    assert "leads with 8 golds, " in (await workspace.ask("ana", "leaderboard by gold")).text
