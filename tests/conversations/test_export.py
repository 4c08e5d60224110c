"""Answers as CSV files."""

from __future__ import annotations

import csv
from io import StringIO

from bot.demo.slack_workspace import Message
from bot.messages.csv import BOM
from tests.conversations.acts import dms
from tests.workspace import Workspace, button, labels, offered


def files(workspace: Workspace, who: str) -> list[list[list[str]]]:
    """The rows of each file that the bot sent somebody."""
    found = []
    for message in dms(workspace, who):
        for file in message.extra.get("files", ()):
            content = workspace.slack.files[file["id"]].content or b""
            assert content.startswith(BOM)
            text = content.removeprefix(BOM).decode()
            found.append(list(csv.reader(StringIO(text, newline=""))))
    return found


async def export(workspace: Workspace, answer: Message) -> Message:
    return await workspace.press("ana", answer, "Export CSV")


async def test_an_empty_answer_is_not_exported(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d score>=100 bronze")
    assert "Export CSV" not in offered(answer)
    value = button(answer, "Refresh")["value"]
    forged = workspace.press_of("ana", answer, "sessions.export", value, "sessions.more")
    refused = await workspace.answer_to("ana", after=await workspace.act(forged))
    assert refused.text.startswith("Nothing matches this, so there is nothing to export.")
    assert "The last 30 days" in labels(refused)
    assert files(workspace, "ana") == []


async def test_slack_in_trouble(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d")
    for method, fault, sentence in (
        ("files.getUploadURLExternal", "missing_scope", "files:write"),
        ("conversations.open", "user_disabled", "Try again"),
    ):
        workspace.slack.fault(method, fault)
        assert sentence in (await export(workspace, answer)).text
        assert files(workspace, "ana") == []
    workspace.slack.fault("files.completeUploadExternal", "drop")
    assert "can't tell whether" in (await export(workspace, answer)).text
