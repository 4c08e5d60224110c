"""How practice went on: each part counted again from Exec's sessions, and through each door."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.slack_records import Message
from tests.conversations.test_sharing import is_told, public
from tests.desk import Desk
from tests.office import NOW, Office, labels, office_apart, table

pytestmark = pytest.mark.acquainted
HEAD = ["Week of", "Sessions", "People", "Average"]
BERLIN = ZoneInfo("Europe/Berlin")


def counted(office: Office, since: datetime) -> dict[str, list[str]]:
    """Sessions, people and average by the Monday of their week, straight from Exec's sessions."""
    weeks: dict[str, list[tuple[str, float | None]]] = {}
    for each in office.world.sessions:
        if each.created_at < since or office.world.people[each.user_id].email.endswith("@exec.com"):
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


async def test_the_course_of_a_month(office: Office) -> None:
    answer = await office.ask("ana", "trend")
    head, *rows = table(answer)
    assert head == HEAD
    plain = {row[0].partition(" (")[0]: row[1:] for row in rows}
    assert plain == counted(office, NOW - timedelta(days=30))
    assert rows[0][0] == "16 Feb (part)"
    assert rows[-1][0] == "16 Mar (so far)"
    assert charts(answer) == ["bar", "line"]
    assert "Sessions per week: 16 Feb (part) " in answer.text

    edited = await office.press("ana", answer, "Refresh")
    assert table(edited) == [head, *rows]


@pytest.mark.parametrize(
    ("words", "has_total"), [("trend", True), ('trend group:"West Coast" last 14d by day', False)]
)
async def test_a_channel_cannot_subtract_a_part_of_few_people(
    office: Office, words: str, has_total: bool
) -> None:
    answer = await office.ask("ana", words, "west-coast")
    assert "graded attempts)" in answer.text
    few = [row for row in table(answer)[1:] if int(row[2]) < 3 and row[3] != "–"]
    assert bool(few) is not has_total
    asked = await office.press("ana", answer, "Share in channel")
    await office.press("ana", asked, "Post it")
    await office.until(lambda: is_told(office, "ana", "west-coast"))
    (post,) = public(office)
    assert table(post)[0] == table(answer)[0]
    assert all(row[3] == "–" for row in table(post)[1:] if int(row[2]) < 3)
    assert ("graded attempts)" in post.text) is has_total
    assert any(row[3] != "–" for row in table(post)[1:])


async def test_what_it_goes_by(office: Office) -> None:
    by_day = await office.ask("ana", "trend last week by day")
    assert [row[0] for row in table(by_day)][:2] == ["Day", "9 Mar"]
    assert len(table(by_day)) == 8
    by_month = await office.ask("ana", "trend by months last 60d")
    assert [row[0] for row in table(by_month)] == ["Month", *("Jan (part)", "Feb", "Mar (so far)")]
    refused = await office.ask("ana", "scenarios by week last 7d")
    assert refused.text.startswith("by week doesn't go with scenarios.")
    assert labels(refused) == ["trend", "Leave it out"]
    assert table(await office.press("ana", refused, "trend"))[0] == HEAD
    own = await office.ask("jane", "trend last 7d")
    assert {row[2] for row in table(own)[1:]} <= {"0", "1"}
    assert "You see your own practice" in own.text


async def test_it_answers_in_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with office_apart(tmp_path) as place:
        desk = Desk(place, capsys)
        assert "Week of" in await desk.ask("ana@acme.com", "trend")
        told = json.loads(await desk.ask("ana@acme.com", "trend last 7d by day", as_json=True))
    assert list(told["rows"][0]) == ["Day", *HEAD[1:]]
    assert datetime.fromisoformat(told["rows"][0]["Day"])


NOT_READ = re.compile(r", counted since (\d+ \w+(?: \d\d:\d\d)?): older sessions are not read yet")


@pytest.mark.new_here
@pytest.mark.parametrize("per", ["week", "day"])
async def test_what_is_not_read_yet_is_missing_from_the_chart_and_named(
    office: Office, per: str
) -> None:
    answer = await office.ask("ana", f"trend last 60d by {per}")
    since = NOT_READ.search(answer.text)
    assert since
    named = f"The chart begins on {since[1]}: no {per} before is read yet."
    assert named in answer.text
    # The first part is known from its first session on, and so are all that follow.
    assert int(table(answer)[1][1]) > 0
    whole = await office.press("ana", answer, "Read further back")
    assert named not in whole.text
    assert len(table(whole)) > len(table(answer)) + 4


@pytest.mark.new_here
async def test_the_chart_of_a_team_begins_where_sessions_are_read(office: Office) -> None:
    answer = await office.ask("ana", "team last 60d")
    assert NOT_READ.search(answer.text)
    assert "Weeks before" not in answer.text
    shown = re.search(r"Sessions per week: ([^.]+)\.", answer.text)
    assert shown is None or shown[1].count(",") < 3
    whole = await office.press("ana", answer, "Read further back")
    assert "read yet" not in whole.text
    assert "Sessions per week: 26 Jan " in whole.text
