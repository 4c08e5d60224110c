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
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.demo.exec_server import Fault
from bot.errors import ExecError
from bot.settings import ExecSettings, Settings
from bot.terminal import trouble
from tests.cli import Cli
from tests.processes import environ
from tests.workspace import workspace_apart


@pytest.fixture
async def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Cli]:
    async with workspace_apart(tmp_path) as place:
        yield Cli(place, capsys)


async def test_an_answer_is_the_text_of_its_message(cli: Cli) -> None:
    ended = await cli.run("ask", "--as", "ana@acme.com", "sessions last 7d gold top 5")

    assert (ended.code, ended.err) == (0, "")
    assert re.match(r"5 of \d+ sessions", ended.out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param([], "usage: execbot", id="nothing is help"),
        pytest.param(["--version"], f"execbot {version('execbot')}\n", id="the version"),
        pytest.param(
            ["ask", "--demo", "how is west coast doing"],
            "9 of 11 practiced, average ",
            id="the demo, for an admin",
        ),
        pytest.param(
            ["ask", "--demo", "--as", "zoe.mueller+west@acme.com", "how is west coast doing"],
            "Only coaches can see other people's figures.",
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
    assert "EXECBOT_TEMPLATES isn't valid. A folder of message templates" in capsys.readouterr().err


async def test_json_is_the_blocks_of_the_message(cli: Cli) -> None:
    ended = await cli.run("ask", "--as", "ana@acme.com", "--json", "sessions last 7d gold")

    assert (ended.code, ended.err) == (0, "")
    blocks = json.loads(ended.out)
    assert blocks[0]["type"] == "section"
    assert "data_table" in [block["type"] for block in blocks]


async def test_help_is_there_in_a_terminal_too(cli: Cli) -> None:
    assert "last 7d" in await cli.ask("jane@acme.com", "help words")


async def test_what_cannot_be_done_in_a_terminal_says_so(cli: Cli) -> None:
    for status, last in (
        (503, "Try again in a minute."),
        (400, "Try it in other words."),
    ):
        fault = Fault("status", None, status=status)
        cli.workspace.exec.faults[:] = [fault]
        with pytest.raises(ExecError) as caught:
            await cli.ask("ana@acme.com", "sessions last 2d")
        told = trouble(caught.value, ExecSettings(**cli.variables), ZoneInfo("UTC"))
        assert told.endswith(last)
    cli.workspace.exec.faults.clear()
    for said, told in (
        ("alert jane@acme.com gold", "`alert` works in Slack only."),
        ("nudge sam lee", "`nudge` works in Slack only."),
        ("sessions <@U1001>", "There is no Slack here to look people up in."),
        ("sessions <!subteam^S3001>", "There is no Slack here to look groups up in."),
    ):
        refused, *_ = await cli.refused("ana@acme.com", said)
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
