"""`python -m bot ask`: the same answers in a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.config import Settings, load
from bot.errors import ExecError
from bot.sandbox.exec_server import Fault
from bot.terminal import trouble
from tests.cli import NOT_OF_A_TERMINAL, Cli
from tests.processes import environ, fetch
from tests.workspace import workspace_apart


@pytest.fixture
async def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Cli]:
    async with workspace_apart(tmp_path) as place:
        yield Cli(place, capsys)


def rows(printed: str) -> list[list[str]]:
    """The cells of the table's body."""
    return [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in printed.splitlines()
        if line.startswith("│")
    ]


async def test_an_answer_is_a_table_without_any_mark_of_slacks(cli: Cli) -> None:
    ended = await cli.run(
        *("ask", "--as", "ana@acme.com", "--zone", "Asia/Tokyo", "sessions last 7d gold top 5")
    )

    assert (ended.code, ended.err) == (0, "")
    first = ended.out.splitlines()[0]
    assert re.match(r"5 of \d+ sessions   Everyone  ·  gold  ·  last 7 days  ·  top 5$", first)
    assert ended.out.splitlines()[-1] == "Times in Japan time"
    assert re.search(r"┃ When +┃ Who +┃ Score ┃ Scenario +┃ Rank ┃ Length +┃", ended.out)
    assert [row[4] for row in rows(ended.out)] == ["Gold"] * 5
    assert all(all(row) for row in rows(ended.out)), "a row was folded"
    assert not NOT_OF_A_TERMINAL.search(ended.out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param([], "usage: execbot", id="nothing is help"),
        pytest.param(["--version"], f"execbot {version('execbot')}\n", id="the version"),
        pytest.param(
            ["ask", "--demo", "--zone", "Europe/Berlin", "how is west coast doing"],
            "West Coast, last 30 days: 9 of 11 practiced. Average ",
            id="the demo, for an admin",
        ),
        pytest.param(
            ["ask", "--demo", "--as", "zoe.mueller+west@acme.com", "how is west coast doing"],
            "Names and figures of others are for who coaches them.",
            id="the demo, for a rep",
        ),
        pytest.param(
            ["ask", "--demo", "--as", "jane@acme.com", "who hasn't practiced this month"],
            "Sam Lee",
            id="the demo, for a coach",
        ),
    ],
)
def test_without_any_setting(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    # The log of this process stays as it is.
    monkeypatch.setattr("bot.observe.logs.set_up", lambda *_, **__: None)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    assert main(words) == 0
    printed = capsys.readouterr()
    assert told in printed.out
    assert printed.err == ""
    assert list(tmp_path.iterdir()) == []  # nothing is left behind


def test_the_demo_draws_changed_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.observe.logs.set_up", lambda *_, **__: None)
    team = (Path(__file__).parent.parent / "templates" / "team.xml.j2").read_text()
    (tmp_path / "team.xml.j2").write_text(team.replace(" practiced", " trained"))
    words = ["ask", "--demo", "how is west coast doing"]
    monkeypatch.setenv("EXECBOT_TEMPLATES", str(tmp_path))
    assert main(words) == 0
    assert " of 11 trained" in capsys.readouterr().out
    (tmp_path / "team.xml.j2").write_text("<message>\n{% if %}</message>")
    assert main(words) == 2
    assert (
        "EXECBOT_TEMPLATES holds a broken file: team.xml.j2, line 2: "
        "Expected an expression, got 'end of statement block'. Fix the file or remove it."
    ) in capsys.readouterr().err
    monkeypatch.setenv("EXECBOT_TEMPLATES", str(tmp_path / "nowhere"))
    assert main(words) == 2
    assert "EXECBOT_TEMPLATES must name a folder that I can read" in capsys.readouterr().err


async def test_json_has_the_question_what_was_asked_and_all_rows(cli: Cli) -> None:
    ended = await cli.run("ask", "--as", "ana@acme.com", "--json", "sessions last 7d gold")

    assert (ended.code, ended.err) == (0, "")
    answer = json.loads(ended.out)
    assert answer["query"] == "sessions last 7d gold"
    assert answer["filters"]["rank"] == "gold"
    assert set(answer["filters"]) == {"rank", "start_date", "end_date", "exclude_system_users"}
    status, body = await fetch(
        f"{cli.workspace.exec.url}/sessions?{urlencode({**answer['filters'], 'page_size': '100'})}",
        headers={"Authorization": f"Bearer {cli.workspace.exec.key}"},
    )
    assert status == 200
    straight = json.loads(body)
    assert answer["count"] == straight["pagination"]["total_count"] > 0
    assert [row["id"] for row in answer["rows"]] == [row["id"] for row in straight["data"]]
    assert answer["message"]["text"].startswith(f"{answer['count']} sessions")
    assert answer["message"]["blocks"][0]["type"] == "section"
    assert set(answer) - {"query", "filters", "count", "rows", "message"} == {
        *("understood", "narrowed_here", "as_of"),
    }


async def test_the_rows_after_the_first_hundred_are_a_page_away(cli: Cli) -> None:
    first = await cli.ask("ana@acme.com", "sessions last 20d")
    assert first.splitlines()[-1] == "For the rows after these, ask for page 2."
    second = await cli.ask("ana@acme.com", "sessions last 20d page 2")

    assert second.splitlines()[-1] == "For the rows after these, ask for page 3."
    assert len(rows(first)) > 50
    assert rows(second)[0] not in rows(first)


async def test_help_is_there_in_a_terminal_too(cli: Cli) -> None:
    printed = await cli.ask("jane@acme.com", "help when")

    assert printed.startswith("When\nlast 7d · past 2 weeks")
    assert not NOT_OF_A_TERMINAL.search(printed)
    assert "help commands" in await cli.ask("jane@acme.com", "")
    assert 'ask "help what"' in await cli.ask("jane@acme.com", "help commands")
    assert await cli.refused("jane@acme.com", "help", as_json=True) == [
        "--json and --csv are for questions, such as sessions."
    ]


async def test_what_cannot_be_done_in_a_terminal_says_so(cli: Cli) -> None:
    for status, last in (
        (503, "If it goes on, `doctor` says what does not work."),
        (400, "Try it in other words."),
    ):
        fault = Fault("status", None, status=status)
        cli.workspace.exec.faults[:] = [fault]
        with pytest.raises(ExecError) as caught:
            await cli.ask("ana@acme.com", "sessions last 2d")
        told = trouble(caught.value, load(cli.variables, exec_api=True), ZoneInfo("UTC"))
        assert told.endswith(last)
    cli.workspace.exec.faults.clear()
    for said, told in (
        ("alert jane@acme.com gold", "`alert` tells people in Slack, so it works there only."),
        ("who are the coaches", "`coach` sends messages in Slack, so it works there only."),
        ("sessions <@U1001>", "There is no Slack here to look people up in."),
        ("sessions <!subteam^S3001>", "There is no Slack here to look groups up in."),
    ):
        (refused,) = await cli.refused("ana@acme.com", said)
        assert refused.startswith(told.replace("`", "")), said


async def test_a_reader_who_leaves_early_sees_no_traceback(cli: Cli) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "ask", "--as", "ana@acme.com", "--json"),
        "sessions last 60d",
        env=environ(cli.variables),
        cwd=cli.workspace.folder,
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)
    _, err = await asyncio.wait_for(process.communicate(), 100)

    assert (process.returncode, err) == (1, b"")


async def test_what_reading_further_back_would_take_leads_to_sync(cli: Cli) -> None:
    await cli.ask("ana@acme.com", "sessions last 7d")
    printed = await cli.ask("ana@acme.com", "sessions last 80d")

    assert re.search(
        r"^Reading further back takes about \d+ of the \d+ requests left today: `sync --since` "
        r"does it\.$",
        printed,
        re.MULTILINE,
    )
    assert "Read further back" not in printed
    assert "direct message" not in printed
