"""`python -m bot forget`."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli import Cli
from tests.workspace import workspace_apart


@pytest.fixture
async def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Cli]:
    async with workspace_apart(tmp_path) as place:
        yield Cli(place, capsys)


def stored(folder: Path, table: str = "session", where: str = "1") -> int:
    with closing(sqlite3.connect(next(folder.glob("*.db")))) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
    return count


async def test_forget_asks_first_and_says_what_it_removed(cli: Cli, tmp_path: Path) -> None:
    await cli.ask("jane@acme.com", "sessions last 30d")
    jane = cli.workspace.exec.world.person("jane@acme.com").id
    hers = stored(tmp_path, where=f"member_id = '{jane}'")
    assert hers > 3

    questions: list[str] = []
    said = await cli.forget(
        "JANE@acme.com", agreed=lambda question: bool(questions.append(question))
    )
    assert f"{hers} sessions" in questions[0]
    assert "It cannot be undone" in questions[0]
    assert said == "Nothing was removed."
    assert stored(tmp_path, where=f"member_id = '{jane}'") == hers

    ended = await cli.run("forget", "--yes", "jane@acme.com")
    assert ended.code == 0
    assert f"Removed: {hers} sessions of Jane Smith" in ended.out
    assert stored(tmp_path, where=f"member_id = '{jane}'") == 0
    assert "They are still in Exec" in ended.out

    assert await cli.forget("nobody@acme.com") == "Nothing is stored of nobody@acme.com."
