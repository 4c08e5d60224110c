"""`python -m bot` when there is no answer: what is printed where, and the exit code."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.__main__ import main
from bot.sandbox.exec_server import Fault
from tests.cli import Cli
from tests.conftest import AWAY, MakeUrl
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
        ("jane", "sessions glod", ["I don't know glod. Did you mean gold?", "  sessions gold"]),
        (
            "jane",
            "sessions bob@acme.com",
            ["I can't show you bob@acme.com: either not yours to see, or a typo."],
        ),
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
        "Exec is having trouble right now. Nothing is lost: try again in a minute.\n",
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
    assert [line.split(" is not set.")[0] for line in ended.err.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN",
        "EXEC_API_KEY",
        "Every setting is explained in docs/settings.md.",
    ]


COMMANDS = (["run"], ["doctor"], ["ask", "--as", "jane@acme.com", "sessions"])
EARLIER = [
    "CREATE TABLE member (id TEXT PRIMARY KEY, email TEXT NOT NULL)",
    "INSERT INTO member VALUES ('m1', 'jane@acme.com')",
]
REVISION = [
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
    "INSERT INTO alembic_version VALUES ('0015')",
]


async def is_refused(cli: Cli, url: str, name: str) -> None:
    """Whether every command says what to do about the database, which is called `name`."""
    says = f"{name} was made by an earlier version: set it aside, and start with an empty one"
    for words in COMMANDS:
        ended = await cli.run(*words, **{**cli.workspace.variables, "DATABASE_URL": url})
        assert ended.code == 2
        if words == ["doctor"]:
            assert f"FAIL database: {says} (DATABASE_URL)." in ended.out.splitlines()
        else:
            assert ended == Ended(2, "", f"The database {says} (DATABASE_URL).\n")


@pytest.mark.parametrize(
    ("statements", "log"), [(EARLIER, "delete"), (EARLIER + REVISION, "wal")], ids=["none", "0015"]
)
async def test_a_file_of_an_earlier_version_is_left_as_it_was(
    cli: Cli, statements: list[str], log: str, tmp_path: Path
) -> None:
    path, killed = tmp_path / "earlier.db", tmp_path / "killed.db"
    with closing(sqlite3.connect(path)) as writing:
        writing.execute(f"PRAGMA journal_mode={log}")
        for statement in statements:
            writing.execute(statement)
            writing.commit()
        # As after a kill: what was written last is in the log alone.
        files = [killed] if log == "delete" else [killed, killed.with_name("killed.db-wal")]
        for file in files:
            shutil.copyfile(path.with_name(file.name.replace("killed", "earlier")), file)
    before = [file.read_bytes() for file in files]
    await is_refused(cli, f"sqlite:///{killed}", str(killed))
    assert [file.read_bytes() for file in files] == before


async def test_a_server_with_an_earlier_version_is_left_as_it_was(
    cli: Cli, postgres_urls: MakeUrl
) -> None:
    url = postgres_urls()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        for statement in EARLIER + REVISION:
            connection.execute(statement)
        given = make_url(url).set(password="a-secret")
        shown = f"postgresql://{given.username}:***@/{given.database}"
        await is_refused(cli, given.render_as_string(hide_password=False), shown)
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        assert connection.execute(tables).fetchall() == [("alembic_version",), ("member",)]
        assert connection.execute("SELECT * FROM member").fetchall() == [("m1", "jane@acme.com")]
