"""`python -m bot` when there is no answer: what is printed where, and the exit code."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.demo.exec_server import Fault
from tests.cli import Cli
from tests.conftest import AWAY
from tests.processes import Ended, bot_command
from tests.workspace import workspace_apart

OTHER_KEY = "exec_live_" + "Other" * 8


@pytest.fixture
async def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Cli]:
    async with workspace_apart(tmp_path) as place:
        yield Cli(place, capsys)


@pytest.mark.parametrize(
    ("who", "text", "says"),
    [
        (
            "nobody",
            "sessions",
            ["Nobody in Exec has the e-mail address nobody@acme.com. Check what --as says."],
        ),
        (
            "ana",
            "LINK @jane jane@acme.com",
            ["link works in Slack only."],
        ),
    ],
)
async def test_a_refusal_says_what_to_type_here(
    cli: Cli, who: str, text: str, says: list[str]
) -> None:
    assert await cli.refused(f"{who}@acme.com", text) == says
    assert cli.asked() == []


async def test_what_can_be_asked_instead_stands_below(cli: Cli) -> None:
    for text in ("sessions glod", "sessions bob@acme.com"):
        _, first, *_ = await cli.refused("jane@acme.com", text)
        assert first.startswith("  sessions"), text
    assert cli.asked() == []


async def test_a_name_that_fits_many_lists_them_by_name(cli: Cli) -> None:
    lines = await cli.refused("ana@acme.com", 'sessions "a"')

    assert lines[0].startswith("Which person do you mean by a?")
    assert len(lines) > 2
    for line in lines[1:]:
        assert re.fullmatch(r"  sessions \S.*   \(\S.*\)", line)


async def test_exec_being_down_is_one_sentence(cli: Cli) -> None:
    cli.workspace.exec.faults.append(Fault("status", times=None, status=503))

    ended = await cli.run("ask", "--as", "jane@acme.com", "sessions")

    assert ended == Ended(
        1,
        "",
        "Exec is having trouble right now. Try again in a minute.\n",
    )


async def test_what_the_person_who_runs_it_can_mend_is_said_to_them(cli: Cli) -> None:
    question = ("ask", "--as", "jane@acme.com", "sessions")
    key, away = await asyncio.gather(
        cli.run(*question, EXEC_API_KEY=OTHER_KEY), cli.run(*question, DATABASE_URL=AWAY)
    )

    assert key == Ended(
        1,
        "",
        "Exec does not accept EXEC_API_KEY. Make a new one in Exec under Settings › API.\n",
    )
    assert away == Ended(
        1,
        "",
        "The database can't be used. Check DATABASE_URL, that the server is up and not full, and "
        "that its user may create tables and write.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("dance",), "invalid choice: 'dance'"),
        (("ask", "sessions"), "required: --as"),
        (("demo", "--port", "99999"), "99999 is no port. Choose one from 0 to 65535."),
        (("forget", "nobody"), "it must be an e-mail address like jane@acme.com."),
        (("manifest", "--url", "http://bot.acme.com"), "it must be an address like https://bot"),
    ],
)
def test_bad_usage_is_told_with_the_usage(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.startswith("usage: execbot")
    assert says in said.err


async def test_run_without_settings_names_all_of_them(tmp_path: Path) -> None:
    ended = await bot_command("run", variables={}, folder=tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert [line.split(" isn't set.")[0] for line in ended.err.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "EXEC_API_KEY",
        "Every setting is explained in docs/settings.md.",
    ]
