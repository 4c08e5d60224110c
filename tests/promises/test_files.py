"""Answers as CSV files."""

from __future__ import annotations

import asyncio
import csv
from datetime import datetime, timedelta
from io import StringIO

from tests.office import NOW, Office
from tests.shown import Button, offers, table


def files(office: Office, who: str) -> list[list[list[str]]]:
    """The rows of each file that the bot sent to somebody."""
    tables = []
    for message in office.dms(who):
        for file in message.extra.get("files", ()):
            content = (office.slack.files[file["id"]].content or b"").decode()
            assert content.startswith("\ufeff")
            tables.append(list(csv.reader(StringIO(content[1:], newline=""))))
    return tables


async def test_a_file_has_every_row_of_the_answer(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 20d")
    await office.press("ana", answer, Button.EXPORT)

    ((head, *rows),) = files(office, "ana")
    assert head == list(table(answer)[0])
    assert len(rows) == len(office.sessions(NOW - timedelta(days=20))) > len(table(answer))
    moments = [datetime.fromisoformat(row[0]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert all(moment.utcoffset() == timedelta(hours=1) for moment in moments)


async def test_files_are_for_admins_and_coaches(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    answer = await office.ask("bob", "sessions last 7d")
    await office.press("bob", answer, Button.EXPORT)
    ((_, *rows),) = files(office, "bob")
    assert {row[1] for row in rows} <= {person.name for person in office.roster("West Coast")}

    own = await office.ask("jane", "sessions last 7d")
    assert not offers(own, Button.EXPORT)
    await office.press("jane", answer, Button.EXPORT, on=own)
    assert files(office, "jane") == []


async def test_no_cell_of_a_file_is_a_formula(office: Office) -> None:
    names = ("=1+1", "+2", "-3", "@x", "\t=4", "\r=5", " =6")
    for number, name in enumerate(names):
        office.world.add_member(name, "", f"odd{number}@acme.com")
        office.practice(f"odd{number}", days=0.1)
    await office.at(NOW + timedelta(hours=7))
    answer = await office.ask("ana", "sessions last 1d")
    await office.press("ana", answer, Button.EXPORT)

    ((_, *rows),) = files(office, "ana")
    who = [row[1] for row in rows]
    assert len([cell for cell in who if any(name.strip() in cell for name in names)]) == len(names)
    assert not [cell for cell in who if cell.lstrip().startswith(("=", "+", "-", "@"))]


async def test_two_presses_send_one_file(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d")
    await asyncio.gather(*(office.press("ana", answer, Button.EXPORT) for _ in range(2)))
    assert len(files(office, "ana")) == 1
