"""Answers as files: every row of the period, for those who may, in their own conversation."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from bot.demo.slack_workspace import Message
from bot.messages.csv import BOM
from tests.workspace import (
    MakeOffice,
    Workspace,
    button,
    column,
    labels,
    offered,
    table,
)

pytestmark = pytest.mark.acquainted


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


async def test_a_short_list_and_another_report(workspace: Workspace) -> None:
    best = await workspace.ask("ana", "sessions last 20d best top 5")
    await press(workspace, "ana", best)
    scenarios = await workspace.ask("ana", "scenarios last 20d")
    await press(workspace, "ana", scenarios)
    first, second = sent(workspace, "ana")
    head, *rows = file_of(workspace, first)
    score = head.index("Score")
    assert [f"{float(row[score]):.1f}" for row in rows] == column(best, "Score")
    head, *rows = file_of(workspace, second)
    assert head == table(scenarios)[0]
    assert [row[:2] for row in rows] == [row[:2] for row in table(scenarios)[1:]]
    assert all(row[4] == "" or 0 <= float(row[4]) <= 100 for row in rows)


async def test_nothing_is_no_file(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d score>=100 bronze")
    assert "Export CSV" not in offered(answer)
    value = button(answer, "Refresh")["value"]
    ack = await workspace.act(
        workspace.press_of("ana", answer, "sessions.export", value, "sessions.more")
    )
    said = await workspace.heard("ana", after=ack)
    assert said.text.startswith("Nothing matches this, so there is nothing to export.")
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
