"""`execbot ask` and `execbot forget` in a terminal: answers, refusals and exit codes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import open_app
from bot.cli import forget as maintenance
from bot.cli import terminal
from bot.demo.exec_server import ExecFault
from bot.errors import UserError
from bot.features import register_all
from bot.language.locale import write_for
from bot.settings import ExecSettings, load
from bot.storage.database import Database
from bot.storage.tables import session
from tests.conftest import AWAY
from tests.office import Place, open_place

QUESTION = ("ask", "--as", "jane@acme.com", "sessions")


class Cli:
    """A terminal in this process, with only the settings that Exec needs."""

    def __init__(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        self.place = place
        self._capsys = capsys
        names = ("EXEC_API_KEY", "EXEC_API_URL", "DATABASE_URL")
        self.settings = load(ExecSettings, **{name: place.variables[name] for name in names})

    async def ask(self, who: str, text: str, *, as_json: bool = False) -> str:
        """The printed output. Raises what `terminal.ask` raises."""
        self._capsys.readouterr()
        write_for(self.settings.execbot_locale)
        async with open_app(self.settings) as app:
            register_all(app)
            await terminal.ask(app, who, text, as_json=as_json)
        return self._capsys.readouterr().out

    async def refused(self, who: str, text: str) -> list[str]:
        """The lines printed about a question that gets no answer."""
        with pytest.raises(UserError) as caught:
            await self.ask(who, text)
        return terminal.trouble(caught.value, self.settings).splitlines()

    async def forget(self, email: str, agreed: Callable[[str], bool]) -> str:
        async with open_app(self.settings) as app:
            return await maintenance.forget(app, email, agreed=agreed)


@pytest.fixture
async def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Cli]:
    async with open_place(tmp_path) as place:
        yield Cli(place, capsys)


async def test_json_is_the_blocks_of_the_message(cli: Cli) -> None:
    blocks = json.loads(await cli.ask("ana@acme.com", "sessions last 7d gold", as_json=True))
    assert blocks[0]["type"] == "section"
    assert "data_table" in [block["type"] for block in blocks]


async def test_a_refusal_says_what_to_type_instead(cli: Cli) -> None:
    for who, text, says in (
        ("nobody", "sessions", "--as"),
        ("ana", "LINK @jane jane@acme.com", "link works only in Slack."),
        ("ana", "alert jane@acme.com gold", "alert works only in Slack."),
        ("ana", "sessions <@U1001>", "Use names or e-mail addresses"),
        ("ana", "sessions <!subteam^S3001>", "Use names or e-mail addresses"),
    ):
        refused, *_ = await cli.refused(f"{who}@acme.com", text)
        assert says in refused, text
    for text in ("sessions glod", "sessions bob@acme.com"):
        _, first, *_ = await cli.refused("jane@acme.com", text)
        assert first.startswith("  sessions"), text
    _, *lines = await cli.refused("ana@acme.com", 'sessions "alex"')
    assert len(lines) > 1
    assert all(re.fullmatch(r"  sessions \S.*   \(\S.*\)", line) for line in lines)
    assert not [request for request in cli.place.exec.requests if request.path == "/sessions"]


async def test_trouble_is_one_sentence_on_standard_error(cli: Cli) -> None:
    place = cli.place
    wrong = {"EXEC_API_KEY": "exec_live_" + "Other" * 8}
    key, away = await asyncio.gather(
        place.run(*QUESTION, **wrong), place.run(*QUESTION, DATABASE_URL=AWAY)
    )
    place.exec.faults.append(ExecFault("status", times=None, status=503))
    down = await place.run(*QUESTION)

    for ended, named in ((key, "EXEC_API_KEY"), (away, "DATABASE_URL"), (down, "Exec")):
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1), ended
        assert named in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("dance",), "invalid choice: 'dance'"),
        (("ask", "sessions"), "required: --as"),
        (("demo", "--port", "x"), "invalid int value"),
        ((), "required: COMMAND"),
    ],
)
def test_wrong_usage_is_shown_with_the_usage(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.startswith("usage: execbot")
    assert says in said.err


async def test_forget_asks_first_and_says_what_it_removed(cli: Cli) -> None:
    await cli.ask("jane@acme.com", "sessions last 30d")
    jane = cli.place.world.person("jane@acme.com").id

    async def stored() -> int:
        async with Database(cli.place.variables["DATABASE_URL"]) as database:
            return await database.count(session, session.c.member_id == jane)

    count = await stored()
    assert count > 3
    questions: list[str] = []

    def disagree(question: str) -> bool:
        questions.append(question)
        return False

    await cli.forget("JANE@acme.com", disagree)
    assert f"{count} sessions" in questions[0]
    assert await stored() == count
    assert f"{count} sessions" in await cli.forget("jane@acme.com", lambda _: True)
    assert await stored() == 0
    assert "nobody@acme.com" in await cli.forget("nobody@acme.com", disagree)
    assert len(questions) == 1
