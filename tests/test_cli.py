"""`python -m bot ask`, `run` and bad usage: what is printed where, and the exit code."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import pytest

from bot import terminal
from bot.__main__ import main
from bot.assembly import build_core
from bot.config import load
from bot.errors import UserError
from bot.sandbox.demo import MANAGER
from bot.sandbox.exec_server import Fault
from tests.conftest import AWAY
from tests.processes import Ended, Town, bot_command, environ, fetch, town

OTHER_KEY = "exec_live_" + "Other" * 8
NOT_OF_A_TERMINAL = re.compile(r"[*`ˋ]|&amp;|&lt;|:[a-z_]+:|/exec|```")


class Desk:
    """A terminal with nothing set but what Exec needs."""

    def __init__(self, place: Town, capsys: pytest.CaptureFixture[str]) -> None:
        self.town = place
        self._capsys = capsys
        self.variables = {
            name: place.variables[name] for name in ("EXEC_API_KEY", "EXEC_API_URL", "DATABASE_URL")
        }

    async def run(self, *arguments: str, **variables: str) -> Ended:
        """A process of its own."""
        given = {**self.variables, **variables}
        return await bot_command(*arguments, variables=given, folder=self.town.folder)

    async def ask(
        self,
        who: str,
        text: str,
        *,
        explain: bool = False,
        as_json: bool = False,
        zone: str = "UTC",
        **variables: str,
    ) -> str:
        """The same in this process: what it prints. Raises what `terminal.ask` does."""
        settings = load({**self.variables, **variables}, exec_api=True)
        self._capsys.readouterr()
        async with build_core(settings) as core:
            await terminal.ask(
                core, who, text, zone=ZoneInfo(zone), explain=explain, as_json=as_json
            )
        return self._capsys.readouterr().out

    async def refused(self, who: str, text: str, **options: bool) -> list[str]:
        """The lines that are printed about a question that gets no answer."""
        with pytest.raises(UserError) as caught:
            await self.ask(who, text, **options)  # type: ignore[arg-type]
        settings = load(self.variables, exec_api=True)
        return terminal.trouble(caught.value, settings, ZoneInfo("UTC")).splitlines()

    def asked(self) -> list[dict[str, str]]:
        """The parameters of each request for sessions."""
        return [r.params for r in self.town.exec.requests if r.path == "/sessions"]


@pytest.fixture
async def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Desk]:
    async with town(tmp_path) as place:
        yield Desk(place, capsys)


def rows(printed: str) -> list[list[str]]:
    """The cells of the table's body."""
    return [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in printed.splitlines()
        if line.startswith("│")
    ]


async def test_an_answer_is_a_table_without_any_mark_of_slacks(desk: Desk) -> None:
    ended = await desk.run(
        *("ask", "--as", "ana@acme.com", "--zone", "Asia/Tokyo", "sessions last 7d gold top 5")
    )

    assert (ended.code, ended.err) == (0, "")
    first = ended.out.splitlines()[0]
    assert re.match(r"5 of \d+ sessions   Everyone  ·  gold  ·  .*, Asia/Tokyo  ·  top 5$", first)
    assert re.search(r"┃ When +┃ Who +┃ Scenario +┃ Score ┃ Rank ┃ Length +┃", ended.out)
    assert [row[4] for row in rows(ended.out)] == ["Gold"] * 5
    assert all(all(row) for row in rows(ended.out)), "a row was folded"
    assert not NOT_OF_A_TERMINAL.search(ended.out)
    assert "--explain shows how this was counted" in ended.out


async def test_names_are_shown_as_they_are(desk: Desk) -> None:
    printed = await desk.ask("ana@acme.com", "sessions scenario:multi-threading last 60d top 3")

    assert [row[2] for row in rows(printed)] == ["Multi-threading & Champions"] * 3
    assert "&amp;" not in printed


async def test_json_has_the_question_what_was_asked_and_all_rows(desk: Desk) -> None:
    ended = await desk.run("ask", "--as", "ana@acme.com", "--json", "sessions last 7d gold")

    assert (ended.code, ended.err) == (0, "")
    answer = json.loads(ended.out)
    assert answer["query"] == "sessions last 7d gold"
    assert answer["filters"].items() <= desk.asked()[0].items()
    assert answer["filters"]["rank"] == "gold"
    status, body = await fetch(
        f"{desk.town.exec.url}/sessions?{urlencode({**answer['filters'], 'page_size': '100'})}",
        headers={"Authorization": f"Bearer {desk.town.exec.key}"},
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


async def test_json_names_the_filters_that_exec_does_not_have(desk: Desk) -> None:
    answer = json.loads(await desk.ask("ana@acme.com", "sessions last 7d score>=90", as_json=True))

    assert answer["narrowed_here"] == ["score 90 or more"]
    assert set(answer["filters"]) == {"start_date", "end_date", "exclude_system_users"}
    assert answer["rows"]
    assert all(row["score"] >= 90 for row in answer["rows"])


async def test_explain_prints_the_request_itself_and_asks_for_no_session(desk: Desk) -> None:
    ended = await desk.run(
        *("ask", "--as", "ana@acme.com", "--explain"),
        'sessions group:"West Coast" gold longer 5m last 7d',
    )

    assert (ended.code, ended.err) == (0, "")
    understood, request, applied = ended.out.splitlines()
    assert understood.startswith("Everyone  ·  group West Coast  ·  gold  ·  longer than 5 min  ·")
    assert applied == "Applied here, because Exec has no filter for it: longer than 5 min"
    assert desk.asked() == []
    path, _, query = request.partition("?")
    assert path == "GET /sessions"
    explained = dict(parse_qsl(query, strict_parsing=True))
    await desk.ask("ana@acme.com", 'sessions group:"West Coast" gold longer 5m last 7d')
    asked = desk.asked()[0]
    assert set(explained) == set(asked) - {"page", "page_size"}
    for name in ("group_ids", "rank", "exclude_system_users"):
        assert explained[name] == asked[name]


async def test_the_rows_after_the_first_hundred_are_a_page_away(desk: Desk) -> None:
    first = await desk.ask("ana@acme.com", "sessions last 30d")
    assert first.splitlines()[-1] == "For the rows after these, ask for page 2."
    second = await desk.ask("ana@acme.com", "sessions last 30d page 2")

    assert second.splitlines()[-1] == "For the rows after these, ask for page 3."
    assert len(rows(first)) > 50
    assert rows(second)[0] not in rows(first)


async def test_nothing_found_names_questions_that_find_more(desk: Desk) -> None:
    printed = await desk.ask("jane@acme.com", "sessions last 7d bronze score>=99")

    lines = printed.splitlines()
    ways = lines[lines.index("Nothing fits all of that. You can loosen it:") + 1 :][:3]
    assert ways == [
        "  sessions score>=99 last 7d",
        "  sessions bronze last 7d",
        "  sessions bronze score>=99",
    ]
    assert await desk.ask("jane@acme.com", ways[1].strip())


async def test_a_member_sees_own_sessions_only(desk: Desk) -> None:
    answer = json.loads(await desk.ask("Jane@Acme.com", "sessions last 30d", as_json=True))

    assert {row["user"]["email"] for row in answer["rows"]} == {"jane@acme.com"}
    assert "You see your own practice." in answer["message"]["text"]


async def test_a_named_admin_sees_everybody(desk: Desk) -> None:
    who = {"EXECBOT_ADMINS": MANAGER}
    answer = json.loads(await desk.ask(MANAGER, "sessions last 30d", as_json=True, **who))

    assert len({row["user"]["email"] for row in answer["rows"]}) > 5


@pytest.mark.parametrize(
    ("who", "text", "says"),
    [
        ("jane", "sessions glod", ["I don't know glod. Did you mean gold?", "  sessions gold"]),
        (
            "jane",
            "sessions bob@acme.com",
            [
                "You can see your own practice, but not that of bob@acme.com. "
                "Leave the name out to see yours."
            ],
        ),
        (
            "nobody",
            "sessions",
            ["Nobody in Exec has the e-mail address nobody@acme.com. Check what --as says."],
        ),
        (
            "ana",
            "last 7d gold",
            ["I don't know what last is. Did you mean this?", "  sessions last 7d gold"],
        ),
        (
            "ana",
            "sesions gold",
            ["I don't know what sesions is. Did you mean this?", "  sessions gold"],
        ),
        (
            "ana",
            "hello",
            ['I don\'t know what hello is. ask "help" shows what you can ask.', "  help"],
        ),
        (
            "ana",
            "explain sessions gold",
            ["Here explain is an option: put --explain after the question."],
        ),
        (
            "ana",
            "LINK @jane jane@acme.com",
            ["link joins Slack accounts to people in Exec, so it works in Slack only."],
        ),
    ],
)
async def test_a_refusal_says_what_to_type_here(
    desk: Desk, who: str, text: str, says: list[str]
) -> None:
    assert await desk.refused(f"{who}@acme.com", text) == says
    assert desk.asked() == []


async def test_a_name_that_fits_many_lists_them_by_name(desk: Desk) -> None:
    lines = await desk.refused("ana@acme.com", 'sessions "a"')

    assert lines[0].startswith("Which person do you mean by a?")
    assert len(lines) > 2
    for line in lines[1:]:
        assert re.fullmatch(r"  sessions \S.*   \(\S.*\)", line)


async def test_help_is_there_in_a_terminal_too(desk: Desk) -> None:
    printed = await desk.ask("jane@acme.com", "help when")

    assert printed.startswith("When\nlast 7d · past 2 weeks")
    assert not NOT_OF_A_TERMINAL.search(printed)
    assert 'ask "help who"' in await desk.ask("jane@acme.com", "")
    assert await desk.refused("jane@acme.com", "help", as_json=True) == [
        "--json and --explain are for questions that begin with sessions."
    ]


async def test_a_refusal_goes_to_stderr(desk: Desk) -> None:
    ended = await desk.run("ask", "--as", "jane@acme.com", "sessions glod")

    assert ended == Ended(1, "", "I don't know glod. Did you mean gold?\n  sessions gold\n")


async def test_exec_being_down_is_one_sentence(desk: Desk) -> None:
    desk.town.exec.faults.append(Fault("status", times=None, status=503))

    ended = await desk.run("ask", "--as", "jane@acme.com", "sessions")

    assert ended == Ended(
        1, "", "Exec is having trouble right now. Nothing is lost: try again in a minute.\n"
    )


async def test_what_the_person_who_runs_it_can_mend_is_said_to_them(desk: Desk) -> None:
    question = ("ask", "--as", "jane@acme.com", "sessions")
    key, away = await asyncio.gather(
        desk.run(*question, EXEC_API_KEY=OTHER_KEY), desk.run(*question, DATABASE_URL=AWAY)
    )

    assert key == Ended(
        1,
        "",
        "Exec does not accept EXEC_API_KEY. Make a new one in Exec under Settings › API.\n",
    )
    assert away.code == 1
    assert away.out == ""
    assert re.fullmatch(
        r"The database can't be used \(\w+\)\. Check DATABASE_URL, that the server is up, and "
        r"that its user may create tables\.\n",
        away.err,
    )


async def test_a_reader_who_leaves_early_sees_no_traceback(desk: Desk) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "ask", "--as", "ana@acme.com", "--json"),
        "sessions last 60d",
        env=environ(desk.variables),
        cwd=desk.town.folder,
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)
    _, err = await asyncio.wait_for(process.communicate(), 20)

    assert (process.returncode, err) == (1, b"")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "required: COMMAND"),
        (("dance",), "invalid choice: 'dance'"),
        (("ask", "sessions"), "required: --as"),
        (("ask", "--as", "a@b.c"), "required: text"),
        (("ask", "--as", "a@b.c", "--json", "--explain", "sessions"), "not allowed with"),
        (("ask", "--as", "a@b.c", "--zone", "Mars/X", "sessions"), "Mars/X is no time zone. Use a"),
        (("ask", "--as", "a@b.c", "--zone", "../x", "sessions"), "../x is no time zone. Use a"),
        (("demo", "--port", "many"), "invalid int value"),
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
        "Every setting is explained in the README under Settings.",
    ]


async def test_run_with_malformed_settings_tells_no_secret(tmp_path: Path) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "xoxp-hunter2",
        "SLACK_APP_TOKEN": "xoxb-hunter2",
        "EXEC_API_KEY": "hunter2",
        "DATABASE_URL": "mysql://me:hunter2@db/x",
        "PORT": "hunter2",
    }

    ended = await bot_command("run", variables=wrong, folder=tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert [line.split()[0] for line in ended.err.splitlines()[:-1]] == list(wrong)
    assert "hunter" not in ended.err
