"""Answers as files: every row of the period, for those who may, in their own conversation."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO

import pytest

from bot.rendering.csv_file import BOM
from bot.sandbox.demo import SEED
from bot.sandbox.slack_workspace import Message
from bot.sandbox.world import World
from tests.workspace import (
    NOW,
    MakeOffice,
    Workspace,
    button,
    column,
    labels,
    offered,
    table,
)

pytestmark = pytest.mark.acquainted
MINUTE = timedelta(minutes=1)
FORMULA = ("=", "+", "-", "@", '"=', "\t", "\r")
HEAD = ["When", "Who", "Score", "Scenario", "Rank", "Length"]


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(BOM)
    return list(csv.reader(StringIO(content.removeprefix(BOM).decode(), newline="")))


def sent(workspace: Workspace, who: str) -> list[Message]:
    """The messages with a file that the bot sent someone."""
    return [each for each in workspace.seen(who, workspace.dm(who)) if "files" in each.extra]


def file_of(workspace: Workspace, message: Message) -> list[list[str]]:
    (file,) = message.extra["files"]
    return read(workspace.slack.files[file["id"]].content or b"")


async def press(workspace: Workspace, who: str, message: Message) -> Message:
    """Press Export CSV; what is said below the answer at the end."""
    return await workspace.press(who, message, "Export CSV")


async def test_every_row_of_the_period_is_in_the_file(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    workspace.clock.tick(1)
    told = await press(workspace, "ana", answer)
    since = NOW - timedelta(days=20)
    expected = [
        each
        for each in workspace.world.sessions.all
        if since <= each.created_at <= NOW
        and not workspace.world.people[each.user_id].email.endswith("@exec.com")
    ]
    assert f"Sent: {len(expected)} rows are in your direct messages" in told.text
    (message,) = sent(workspace, "ana")
    head, *rows = file_of(workspace, message)
    assert head == HEAD
    assert len(rows) == len(expected) > len(table(answer))
    assert "Everyone" in message.text
    assert "noted" in message.text
    assert message.extra["files"][0]["name"] == "sessions-2026-03-20.csv"
    # In the order of the answer, in Berlin's time; what is missing is empty.
    moments = [datetime.fromisoformat(row[0]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert {row[0][-6:] for row in rows} == {"+01:00"}
    newest = table(answer)[1:]
    assert head == table(answer)[0]
    scores = [f"{float(row[2]):.1f}" if row[2] else "–" for row in rows[: len(newest)]]
    assert scores == [row[2] for row in newest]
    lengths = {"" if n is None else str(n) for n in (each.duration_seconds for each in expected)}
    assert {row[5] for row in rows} <= lengths
    # It is noted, and once more for each file.
    audit = table(await workspace.ask("ana", "audit @jane"))
    assert [row[3] for row in audit[1:]] == ["CSV export", "command"]


async def test_no_name_is_a_formula_in_any_spreadsheet(open_workspace: MakeOffice) -> None:
    """Whether it reads commas, or semicolons as where a comma is the decimal sign."""
    names = ("=1+1", "＝2", "\u200b=3", " @x", "\x07=4", "a;=5", 'b; "=6', "c\tde\x1bf")
    world = World.build(NOW, seed=SEED)
    people = [each for each in world.members.values() if each.role != "admin"]
    for name, person in zip(names, people[3:], strict=False):
        world.people[person.id] = replace(person, first_name=name, last_name="")
        world.add_session(person.id, next(iter(world.scenarios)), NOW + MINUTE, score=50.0)
    async with open_workspace(world=world) as workspace:
        workspace.clock.tick(120)
        answer = await workspace.ask("ana", "sessions last 7d")
        await press(workspace, "ana", answer)
        (message,) = sent(workspace, "ana")
        content = workspace.slack.files[message.extra["files"][0]["id"]].content or b""
    text = content.removeprefix(BOM).decode()
    assert {"'=1+1", "'＝2", "a;'=5", "c de f"} <= {row[1] for row in read(content)}
    for separator in ",;":
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                assert not unicodedata.normalize("NFKC", cell).lstrip(" \u200b").startswith(FORMULA)
    assert not [char for char in text if unicodedata.category(char) == "Cc" and char not in "\r\n"]


async def test_a_short_list_and_another_report(workspace: Workspace) -> None:
    best = await workspace.ask("ana", "sessions last 20d best top 5")
    await press(workspace, "ana", best)
    scenarios = await workspace.ask("ana", "scenarios last 20d")
    await press(workspace, "ana", scenarios)
    first, second = sent(workspace, "ana")
    head, *rows = file_of(workspace, first)
    assert [f"{float(row[2]):.1f}" for row in rows] == column(best, "Score")
    head, *rows = file_of(workspace, second)
    assert head == table(scenarios)[0]
    assert [row[:2] for row in rows] == [row[:2] for row in table(scenarios)[1:]]
    assert all(row[4] == "" or 0 <= float(row[4]) <= 100 for row in rows)


async def test_who_may(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    theirs = await workspace.ask("bob", 'sessions group:"West Coast" last 7d')
    await press(workspace, "bob", theirs)
    (message,) = sent(workspace, "bob")
    west = {f"{p.first_name} {p.last_name}" for p in workspace.world.roster("West Coast")}
    assert {row[1] for row in file_of(workspace, message)[1:]} <= west
    own = await workspace.ask("jane", "sessions last 20d")
    assert "Export CSV" not in offered(own)
    # Pressed all the same: her own answer, and somebody else's.
    edit, other = button(own, "Refresh"), button(theirs, "Export CSV")
    for value in (edit["value"], other["value"]):
        ack = await workspace.act(workspace.press_of("jane", own, "sessions.export", value))
        said = await workspace.heard("jane", after=ack)
        assert "Files are for admins" in said.text or "too old" in said.text
    # Who coached when it was asked, and no longer.
    workspace.clock.tick(60)
    await workspace.confirm("ana", 'coach remove @bob "West Coast"')
    refused = await press(workspace, "bob", theirs)
    assert "Files are for admins" in refused.text
    assert len(sent(workspace, "bob")) == 1
    assert sent(workspace, "jane") == []


async def test_a_press_again_and_again_sends_one_file(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d")
    await press(workspace, "ana", answer)
    assert "it is on its way" in (await press(workspace, "ana", answer)).text
    assert len(sent(workspace, "ana")) == 1
    workspace.clock.tick(31)
    await press(workspace, "ana", answer)
    assert len(sent(workspace, "ana")) == 2


async def test_nothing_is_no_file(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d score>=100 bronze")
    assert "Export CSV" not in offered(answer)
    value = button(answer, "Refresh")["value"]
    ack = await workspace.act(workspace.press_of("ana", answer, "sessions.export", value))
    said = await workspace.heard("ana", after=ack)
    assert said.text.startswith("There is nothing to export: nothing matches this.")
    assert "The last 30 days" in labels(said)
    assert sent(workspace, "ana") == []


@pytest.mark.parametrize(
    ("method", "fault", "says"),
    [
        pytest.param("files.completeUploadExternal", "drop", "can't tell whether", id="unsure"),
        pytest.param(
            "files.completeUploadExternal", "fatal_error", "can't tell whether", id="half"
        ),
        pytest.param("files.getUploadURLExternal", "missing_scope", "`files:write`", id="scope"),
        pytest.param("conversations.open", "user_disabled", "Try again", id="refused"),
    ],
)
async def test_slack_in_trouble(
    open_workspace: MakeOffice, method: str, fault: str, says: str
) -> None:
    async with open_workspace() as workspace:
        answer = await workspace.ask("ana", "sessions last 7d")
        workspace.slack.fault(method, fault)
        said = await press(workspace, "ana", answer)
        assert says.replace("`", "") in said.text.replace("`", "").replace("ˋ", "")
        if "can't tell" not in says:
            await press(workspace, "ana", answer)
            assert len(sent(workspace, "ana")) == 1
