"""Answers as CSV files."""

from __future__ import annotations

import csv
from io import StringIO

from bot.demo.slack_workspace import SlackMessage
from bot.messages.csv import BOM
from tests.office import Office
from tests.shown import labels


def files(office: Office, who: str) -> list[list[list[str]]]:
    """The rows of each file that the bot sent somebody."""
    tables = []
    for message in office.dms(who):
        for file in message.extra.get("files", ()):
            content = office.slack.files[file["id"]].content or b""
            assert content.startswith(BOM)
            text = content.removeprefix(BOM).decode()
            tables.append(list(csv.reader(StringIO(text, newline=""))))
    return tables


async def export(office: Office, answer: SlackMessage) -> SlackMessage:
    return await office.press("ana", answer, "Export CSV")


async def test_an_empty_answer_offers_no_file(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d score>=100 bronze")
    assert "Export CSV" not in labels(answer)


async def test_slack_in_trouble(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d")
    for method, fault, sentence in (
        ("files.getUploadURLExternal", "missing_scope", "files:write"),
        ("conversations.open", "user_disabled", "Try again"),
    ):
        office.slack.fault(method, fault)
        assert sentence in (await export(office, answer)).text
        assert files(office, "ana") == []
    office.slack.fault("files.completeUploadExternal", "drop")
    assert "can't tell whether" in (await export(office, answer)).text
