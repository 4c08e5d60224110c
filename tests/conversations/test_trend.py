"""How practice went on: each part counted again from Exec's sessions, and through each door."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest

from bot.demo.slack_workspace import Message
from tests.caught_up import read_back
from tests.conversations.test_sharing import is_told, public
from tests.workspace import NOW, Workspace, table

pytestmark = pytest.mark.acquainted
HEAD = ["Week of", "Sessions", "People", "Average"]
BERLIN = ZoneInfo("Europe/Berlin")


def counted(workspace: Workspace, since: datetime) -> dict[str, list[str]]:
    """Sessions, people and average by the Monday of their week, straight from Exec's sessions."""
    weeks: dict[str, list[tuple[str, float | None]]] = {}
    for each in workspace.world.sessions:
        if each.created_at < since or workspace.world.people[each.user_id].email.endswith(
            "@exec.com"
        ):
            continue
        local = each.created_at.astimezone(BERLIN).date()
        monday = local - timedelta(days=local.weekday())
        score = each.score if each.is_valid_attempt else None
        weeks.setdefault(f"{monday:%-d %b}", []).append((each.user_id, score))
    found = {}
    for monday, own in weeks.items():
        scores = [score for _, score in own if score is not None]
        people = len({who for who, _ in own})
        average = f"{fmean(scores):.1f}" if scores else "–"
        found[monday] = [str(len(own)), str(people), average]
    return found


def charts(message: Message) -> list[str]:
    blocks = [block for block in message.blocks if block["type"] == "data_visualization"]
    return [block["chart"]["type"] for block in blocks]


async def test_the_course_of_a_month(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "trend")
    head, *rows = table(answer)
    assert head == HEAD
    plain = {row[0].partition(" (")[0]: row[1:] for row in rows}
    assert plain == counted(workspace, NOW - timedelta(days=30))
    assert rows[0][0] == "16 Feb (part)"
    assert rows[-1][0] == "16 Mar (so far)"
    assert charts(answer) == ["bar", "line"]
    assert "Sessions per week: 16 Feb (part) " in answer.text

    edited = await workspace.press("ana", answer, "Refresh")
    assert table(edited) == [head, *rows]


@pytest.mark.parametrize(
    ("words", "has_total"), [("trend", True), ('trend group:"West Coast" last 14d by day', False)]
)
async def test_a_channel_cannot_subtract_a_part_of_few_people(
    workspace: Workspace, words: str, has_total: bool
) -> None:
    answer = await workspace.ask("ana", words, "west-coast")
    assert "graded)" in answer.text
    few = [row for row in table(answer)[1:] if int(row[2]) < 3 and row[3] != "–"]
    assert bool(few) is not has_total
    asked = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    (post,) = public(workspace)
    assert table(post)[0] == table(answer)[0]
    assert all(row[3] == "–" for row in table(post)[1:] if int(row[2]) < 3)
    assert ("graded)" in post.text) is has_total
    assert any(row[3] != "–" for row in table(post)[1:])


@pytest.mark.new_here
@pytest.mark.parametrize("per", ["week", "day"])
async def test_what_is_not_read_yet_is_missing_from_the_chart_and_named(
    workspace: Workspace, per: str
) -> None:
    await read_back(workspace.bot, 3)
    answer = await workspace.ask("ana", f"trend last 60d by {per}")
    since = re.search(r"counted since (\d+) (\w+): older sessions aren't read yet\n", answer.text)
    assert since
    assert table(answer)[1][0] == f"{since[1]} {since[2][:3]} (part)"
    # The first part is known from its first session on, and so are all that follow.
    assert int(table(answer)[1][1]) > 0
    await read_back(workspace.bot, 20)
    whole = await workspace.press("ana", answer, "Refresh")
    assert "counted since" not in whole.text
    assert len(table(whole)) > len(table(answer)) + 4
